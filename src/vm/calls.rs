//! The CALL family as the loop's handlers leave it: whatever is not a plain Python function with plain arguments.

use std::mem;

use super::run::{CONSUMED, Flow, is_heap_word, release_word};
use crate::code::Word;
use crate::object::dict::Dict;
use crate::object::function::{BoundMethod, Function, Native};
use crate::object::header::Ref;
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::typed;
use crate::vm::{Args, R, Vm};

/// The operands of a CALL in the registers of the top frame.
pub(super) struct CallSite<'a> {
    pub callable: &'a Value,
    /// `self` (if there is one) and the positional arguments.
    pub pos: &'a [Value],
    pub has_self: bool,
    pub names: &'a [Value],
    pub values: &'a [Value],
}

impl Vm {
    /// Looks at the operands of CALL or CALL_KW.
    ///
    /// # Safety
    /// `regs` are the registers of the top frame, which is about to execute `w`; the registers are not written while
    /// the result lives.
    pub(super) unsafe fn call_site<'a>(&self, regs: *mut u64, w: Word, names: Option<usize>) -> CallSite<'a> {
        let a = w.a() as usize;
        // SAFETY: by the caller; a bound register holds a value's word.
        unsafe {
            let callable = &*(regs.add(a) as *const Value);
            let has_self = w.x() == 0 && *regs.add(a + 1) != 0;
            let first = a + 2 - has_self as usize;
            let count = w.b() as usize + has_self as usize;
            let all = std::slice::from_raw_parts(regs.add(first) as *const Value, count);
            let names: &'a [Value] = match names {
                Some(k) => {
                    let tuple: &'a Value = match self.stack.frame() {
                        Some(f) => &*std::ptr::from_ref(&f.code().consts[k]),
                        None => &*(regs.add(a) as *const Value),
                    };
                    tuple.downcast::<Tuple>().map_or(&[], |t| &t[..])
                }
                None => &[],
            };
            let (pos, values) = all.split_at(count - names.len());
            CallSite { callable, pos, has_self, names, values }
        }
    }

    /// Gives up the operands of a call.
    pub(super) fn drop_call_operands(&mut self, regs: *mut u64, w: Word) {
        let a = w.a() as usize;
        for i in a..a + 2 + w.b() as usize {
            if i == a + 1 && w.x() != 0 {
                continue;
            }
            // SAFETY: registers of the top frame.
            let word = mem::replace(unsafe { &mut *regs.add(i) }, CONSUMED);
            if is_heap_word(word) {
                release_word(self, word);
            }
        }
    }

    /// CALL of a native function: arguments are passed where they lie.  None if the loop is to go on in the frame of a
    /// generator, whose next value is the result.
    pub(super) fn call_native_registers(&mut self, regs: *mut u64, w: Word) -> R<Option<Value>> {
        // SAFETY: the loop calls this with the registers of the top frame.
        let site = unsafe { self.call_site(regs, w, None) };
        let Some(n) = site.callable.downcast::<Native>() else { return Ok(None) };
        if n.def.resumes && self.resume_called(n, site.pos, regs, w)? {
            return Ok(None);
        }
        let result = self.call_native_operands(n, site.pos);
        self.drop_call_operands(regs, w);
        self.after_native();
        result.map(Some)
    }

    /// Calls a native function with positional arguments that lie in the registers of the caller, as it does.
    #[inline(always)]
    pub(super) fn call_native_operands(&mut self, n: &Ref<Native>, pos: &[Value]) -> R {
        let count = pos.len();
        if n.bound.is_none()
            && count >= n.def.min_args as usize
            && count <= n.def.max_args as usize
            && n.owner.as_ref().is_none_or(|owner| {
                // A method of a built-in class whose receiver is of that very class: there is nothing to check.
                n.ty().is(&self.types().method_descriptor) && pos.first().is_some_and(|o| o.class(&self.heap).is(owner))
            })
        {
            typed(n.def.entry)(self, Args::positional(pos))
        } else {
            let n = n.clone();
            self.call_native(&n, Args::positional(pos))
        }
    }

    /// What may have become due while native code ran, whether it failed or not.
    #[inline]
    pub(super) fn after_native(&mut self) {
        // SAFETY: the breaker lives as long as the heap.
        let due = unsafe { (*self.breaker).load(std::sync::atomic::Ordering::Relaxed) };
        use crate::object::heap::breaker::{FINALIZE, MONITOR, ORPHANS};
        if due & (FINALIZE | MONITOR | ORPHANS) != 0 {
            self.serve_requests();
        }
    }

    /// CALL and CALL_KW in general: enters Python functions, calls everything else.
    pub(super) fn call_registers(&mut self, w: Word, names: Option<usize>) -> R<Flow> {
        let regs = self.frame_regs();
        // SAFETY: the loop calls this for the instruction of the top frame.
        let site = unsafe { self.call_site(regs, w, names) };
        // SAFETY: as above.
        if unsafe { self.enter_in_place(regs, w, &site)? } {
            return Ok(Flow::Reload);
        }
        let args = Args { pos: site.pos, names: site.names, values: site.values };
        if let Some(f) = site.callable.downcast::<Function>() {
            let f = f.clone();
            self.enter_function(&f, args, None, w.c(), 0)?;
            self.drop_call_operands(regs, w);
            return Ok(Flow::Reload);
        }
        if let Some(m) = site.callable.downcast::<BoundMethod>()
            && let Some(f) = m.function.downcast::<Function>()
        {
            let (f, receiver) = (f.clone(), m.receiver.clone());
            let mut all = Vec::with_capacity(site.pos.len() + 1);
            all.push(receiver);
            all.extend_from_slice(site.pos);
            self.enter_function(&f, Args { pos: &all, ..args }, None, w.c(), 0)?;
            self.drop_call_operands(regs, w);
            return Ok(Flow::Reload);
        }
        let callable = site.callable.clone();
        // SAFETY: as above.
        let result = match unsafe { self.construct_in_place(regs, w, &site) } {
            Some(result) => result,
            None => self.call_args(&callable, args),
        };
        drop(callable);
        self.drop_call_operands(regs, w);
        self.after_native();
        self.set_register(w.c(), result?);
        Ok(Flow::Reload)
    }

    /// The operands of CALL_EX: callable, positional and keyword arguments.
    pub(super) fn take_call_ex(&mut self, w: Word) -> R<(Value, Ref<Tuple>, Option<Ref<Dict>>)> {
        let a = w.a();
        let callable = self.take_register(a);
        drop(self.take_bound_register(a + 1));
        let args = self.take_register(a + 2);
        let kwargs = if w.x() & 1 != 0 { Some(self.take_register(a + 3)) } else { None };
        let args = match args.downcast_owned::<Tuple>() {
            Ok(t) => t,
            Err(v) => {
                let items = match self.collect(&v) {
                    Ok(items) => items,
                    Err(e) => return Err(self.not_iterable_argument(e, &callable, &v)),
                };
                Tuple::new(&self.heap, items)
            }
        };
        let kwargs = kwargs.and_then(|k| k.downcast_owned::<Dict>().ok());
        Ok((callable, args, kwargs))
    }

    /// CPython's words for `f(*5)`.
    fn not_iterable_argument(&mut self, e: crate::vm::Exc, callable: &Value, v: &Value) -> crate::vm::Exc {
        let class = v.class(&self.heap).clone();
        let names = self.types().names.__iter__.clone();
        let get = self.types().names.__getitem__.clone();
        if class.lookup(&names).is_some() || class.lookup(&get).is_some() {
            return e;
        }
        let name = self.callable_text(callable);
        self.type_error(format!("{name} argument after * must be an iterable, not {}", class.name_str()))
    }

    /// A callable as messages name it: `mod.f()`.
    pub(super) fn callable_text(&mut self, callable: &Value) -> String {
        let names = &self.types().names;
        let (qualname, module) = (names.__qualname__.clone(), names.__module__.clone());
        let q = match self.get_attr_opt(callable, &qualname) {
            Ok(Some(q)) => q.downcast::<Str>().map(|s| s.to_string()),
            _ => None,
        };
        let Some(q) = q else {
            return self.str(callable).map(|s| s.to_string()).unwrap_or_default();
        };
        match self.get_attr_opt(callable, &module) {
            Ok(Some(m)) => match m.downcast::<Str>().map(|s| s.to_string()) {
                Some(m) if m != "builtins" => format!("{m}.{q}()"),
                _ => format!("{q}()"),
            },
            _ => format!("{q}()"),
        }
    }

    /// CALL_EX.
    pub(super) fn call_ex(&mut self, w: Word) -> R<Flow> {
        let (callable, args, kwargs) = self.take_call_ex(w)?;
        let (names, values): (Vec<Value>, Vec<Value>) =
            kwargs.map(|k| k.items()).unwrap_or_default().into_iter().unzip();
        let args = Args { pos: &args, names: &names, values: &values };
        if let Some(f) = callable.downcast::<Function>() {
            let f = f.clone();
            self.enter_function(&f, args, None, w.c(), 0)?;
            return Ok(Flow::Reload);
        }
        let result = self.call_spread(&callable, args);
        self.after_native();
        self.set_register(w.c(), result?);
        Ok(Flow::Reload)
    }

    /// A call whose keywords come out of a mapping, to what is no Python function (those look at the names themselves).
    pub(super) fn call_spread(&mut self, callable: &Value, args: Args<'_>) -> R {
        if args.names.iter().any(|name| name.downcast::<Str>().is_none()) {
            return Err(self.type_error("keywords must be strings"));
        }
        self.call_args(callable, args)
    }
}
