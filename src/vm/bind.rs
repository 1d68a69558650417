//! Entering a Python function from anywhere: binding arguments to parameters, with CPython's words for mistakes.

use super::special_frames::Then;
use super::stack::Frame;
use crate::code::code_flags;
use crate::object::dict::Dict;
use crate::object::function::{Code, Function};
use crate::object::header::Ref;
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::{Args, Exc, R, Vm};

/// Words of the register stack that stay free above a frame.
const HEADROOM: usize = 8;

impl Vm {
    /// Pushes a frame for `f` with its arguments bound.  The caller runs it, or is the loop itself.
    pub(super) fn enter_function(
        &mut self,
        f: &Ref<Function>,
        args: Args<'_>,
        locals: Option<Value>,
        dst: u16,
        flags: u16,
    ) -> R<()> {
        let base = self.stack.top();
        // SAFETY: the function keeps its code alive, and nothing that is done here replaces it.
        let hot = unsafe { &(*(*f.code.as_ptr()).as_ptr()).data.hot };
        if hot.simple_args as usize == args.pos.len() && args.names.is_empty() {
            if !self.stack.has_room(base, hot.register_count as usize + HEADROOM) {
                return Err(self.recursion_error("maximum recursion depth exceeded"));
            }
            for (i, v) in args.pos.iter().enumerate() {
                // SAFETY: as below; parameter registers are the first ones.
                unsafe { *base.add(i) = v.clone().into_bits() };
            }
            for i in args.pos.len()..hot.first_temp as usize {
                // SAFETY: as below.
                unsafe { *base.add(i) = 0 };
            }
            // SAFETY: there is room for the frame, on top of the top one.
            unsafe {
                let (below, code) = (self.stack.frame_ptr(), (*f.code.as_ptr()).as_ptr());
                let frame = self.stack.push_call(below, f.clone(), code, base, hot.words, dst);
                (*frame).flags = flags;
                (*frame).locals = locals;
            }
            return Ok(());
        }
        let code = f.code.get();
        self.check_recursion(&code, base)?;
        let data = &code.data;
        for i in 0..data.first_temp as usize {
            // SAFETY: `check_recursion` saw that the registers fit; what is above the top frame holds no reference.
            unsafe { *base.add(i) = 0 };
        }
        if let Err(e) = self.bind_arguments(f, &code, args, base) {
            for i in 0..data.first_temp as usize {
                // SAFETY: the registers hold what `bind` has put there so far.
                drop(unsafe { (*(base.add(i) as *mut Option<Value>)).take() });
            }
            return Err(e);
        }
        self.stack.push(Frame {
            function: f.clone(),
            code: code.as_ptr(),
            regs: base,
            pc: data.words.as_ptr(),
            locals,
            generator: None,
            dst,
            flags,
            then: Then::Result,
        });
        Ok(())
    }

    /// Whether one more frame may be pushed.
    pub(super) fn check_recursion(&mut self, code: &Code, base: *mut u64) -> R<()> {
        if !self.stack.has_room(base, code.data.register_count as usize + HEADROOM) {
            return Err(self.recursion_error("maximum recursion depth exceeded"));
        }
        Ok(())
    }

    /// Writes the arguments into the registers of the parameters.
    fn bind_arguments(&mut self, f: &Ref<Function>, code: &Ref<Code>, args: Args<'_>, base: *mut u64) -> R<()> {
        let d = &code.data;
        let (positional, kw_only) = (d.arg_count as usize, d.kw_only_count as usize);
        let named = positional + kw_only;
        let put = |i: usize, v: Value| {
            // SAFETY: parameter registers are the first ones, and hold nothing yet.
            unsafe { *base.add(i) = v.into_bits() }
        };
        // SAFETY: registers of the frame to be, as above.
        let is_set = |i: usize| unsafe { *base.add(i) != 0 };

        let given = args.pos.len();
        for (i, v) in args.pos.iter().take(positional).enumerate() {
            put(i, v.clone());
        }
        let mut next = named;
        if d.has_flag(code_flags::VARARGS) {
            let rest: Vec<Value> = args.pos.get(positional..).unwrap_or(&[]).to_vec();
            put(next, Tuple::new(&self.heap, rest).into());
            next += 1;
        }
        let collect = d.has_flag(code_flags::VARKEYWORDS).then(|| Dict::new(&self.heap));
        if let Some(dict) = &collect {
            put(next, dict.to_value());
        }
        if args.names.iter().any(|name| name.downcast::<Str>().is_none()) {
            return Err(self.type_error("keywords must be strings"));
        }
        for (name, value) in args.names.iter().zip(args.values) {
            let Some(key) = name.downcast::<Str>() else {
                return Err(self.type_error("keywords must be strings"));
            };
            let found = code.local_names[..named].iter().position(|n| n.is(key) || **n == **key);
            match found {
                Some(i) if i >= d.pos_only_count as usize => {
                    if is_set(i) {
                        let q = self.function_name(f);
                        return Err(self.type_error(format!("{q}() got multiple values for argument '{key}'")));
                    }
                    put(i, value.clone());
                }
                _ => match &collect {
                    Some(dict) => {
                        self.dict_set(dict, name.clone(), value.clone())?;
                    }
                    None => return Err(self.unexpected_keyword(f, code, args, key)),
                },
            }
        }
        if given > positional && !d.has_flag(code_flags::VARARGS) {
            return Err(self.too_many_positional(f, code, given, base));
        }
        let defaults = f.defaults.get();
        let default_count = defaults.as_ref().map_or(0, |t| t.len());
        let required = positional.saturating_sub(default_count);
        let missing: Vec<usize> = (0..required).filter(|&i| !is_set(i)).collect();
        if !missing.is_empty() {
            return Err(self.missing_arguments(f, code, &missing, "positional"));
        }
        if let Some(t) = &defaults {
            for i in required..positional {
                if !is_set(i)
                    && let Some(v) = t.get(i + default_count - positional)
                {
                    put(i, v.clone());
                }
            }
        }
        if kw_only > 0 {
            let kwdefaults = f.kwdefaults.get();
            let mut missing = Vec::new();
            for i in positional..named {
                if is_set(i) {
                    continue;
                }
                match kwdefaults.as_ref().and_then(|k| k.get_str(&code.local_names[i])) {
                    Some(v) => put(i, v),
                    None => missing.push(i),
                }
            }
            if !missing.is_empty() {
                return Err(self.missing_arguments(f, code, &missing, "keyword-only"));
            }
        }
        Ok(())
    }

    fn function_name(&mut self, f: &Ref<Function>) -> String {
        f.qualname.get().downcast::<Str>().map(|s| s.to_string()).unwrap_or_default()
    }

    #[cold]
    fn missing_arguments(&mut self, f: &Ref<Function>, code: &Ref<Code>, missing: &[usize], kind: &str) -> Exc {
        let names: Vec<String> = missing.iter().map(|&i| format!("'{}'", code.local_names[i])).collect();
        let list = match names.as_slice() {
            [] => String::new(),
            [a] => a.clone(),
            [a, b] => format!("{a} and {b}"),
            [init @ .., last] => format!("{}, and {last}", init.join(", ")),
        };
        let q = self.function_name(f);
        let s = if missing.len() == 1 { "" } else { "s" };
        self.type_error(format!("{q}() missing {} required {kind} argument{s}: {list}", missing.len()))
    }

    #[cold]
    fn too_many_positional(&mut self, f: &Ref<Function>, code: &Ref<Code>, given: usize, base: *mut u64) -> Exc {
        let d = &code.data;
        let positional = d.arg_count as usize;
        let defaults = f.defaults.get().map_or(0, |t| t.len());
        // SAFETY: parameter registers of the frame to be.
        let kw_given =
            (positional..positional + d.kw_only_count as usize).filter(|&i| unsafe { *base.add(i) != 0 }).count();
        let (takes, plural) = if defaults > 0 {
            (format!("from {} to {positional}", positional - defaults), true)
        } else {
            (positional.to_string(), positional != 1)
        };
        let extra = if kw_given > 0 {
            format!(
                " positional argument{} (and {kw_given} keyword-only argument{})",
                if given == 1 { "" } else { "s" },
                if kw_given == 1 { "" } else { "s" }
            )
        } else {
            String::new()
        };
        let q = self.function_name(f);
        let verb = if given == 1 && kw_given == 0 { "was" } else { "were" };
        let s = if plural { "s" } else { "" };
        self.type_error(format!("{q}() takes {takes} positional argument{s} but {given}{extra} {verb} given"))
    }

    #[cold]
    fn unexpected_keyword(&mut self, f: &Ref<Function>, code: &Ref<Code>, args: Args<'_>, key: &Ref<Str>) -> Exc {
        let d = &code.data;
        let q = self.function_name(f);
        let pos_only: Vec<String> = args
            .names
            .iter()
            .filter_map(|n| n.downcast::<Str>())
            .filter(|n| code.local_names[..d.pos_only_count as usize].iter().any(|p| **p == ***n))
            .map(|n| n.to_string())
            .collect();
        if !pos_only.is_empty() {
            return self.type_error(format!(
                "{q}() got some positional-only arguments passed as keyword arguments: '{}'",
                pos_only.join(", ")
            ));
        }
        let named = (d.arg_count + d.kw_only_count) as usize;
        let known: Vec<String> =
            code.local_names[d.pos_only_count as usize..named].iter().map(|n| n.to_string()).collect();
        let hint = super::suggest::closest(&key.to_string(), &known)
            .map(|s| format!(". Did you mean '{s}'?"))
            .unwrap_or_default();
        self.type_error(format!("{q}() got an unexpected keyword argument '{key}'{hint}"))
    }

    /// A function object of a code object without defaults or closure.
    pub fn new_function(&mut self, code: &Ref<Code>, globals: &Ref<Dict>) -> Ref<Function> {
        use crate::object::cell::Mut;
        let names = &self.types().names;
        let module = globals.get_str(&names.__name__).unwrap_or(Value::NONE);
        let doc = match code.data.has_flag(code_flags::HAS_DOCSTRING) {
            true => code.consts.first().cloned().unwrap_or(Value::NONE),
            false => Value::NONE,
        };
        let builtins = match globals.get_str(&names.__builtins__) {
            Some(v) => match v.downcast::<crate::object::function::Module>() {
                Some(m) => m.dict.clone(),
                None => v.downcast::<Dict>().cloned().unwrap_or_else(|| self.builtins.clone()),
            },
            None => self.builtins.clone(),
        };
        self.heap.alloc(
            &self.types().function,
            Function {
                code: Mut::new(code.clone()),
                globals: globals.clone(),
                builtins,
                closure: Mut::new(None),
                defaults: Mut::new(None),
                kwdefaults: Mut::new(None),
                name: Mut::new(code.name.to_value()),
                qualname: Mut::new(code.qualname.to_value()),
                module: Mut::new(module),
                doc: Mut::new(doc),
                typing: Mut::new(None),
            },
        )
    }

    /// A reference to the function of the top frame.
    pub(super) fn top_function(&self) -> Option<Ref<Function>> {
        self.stack.frame().map(|f| f.function.clone())
    }
}
