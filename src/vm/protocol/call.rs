//! Calls from native code.

use crate::object::function::{BoundMethod, Function, Module, Native};
use crate::object::header::{Kind, Ref};
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::stack::frame_flags;
use crate::vm::{Args, R, Vm};

/// What must be left of the native stack for one more nested run of the loop.
const NATIVE_RESERVE: usize = 256 * 1024;

impl Vm {
    /// `f(*args)`.
    pub fn call(&mut self, f: &Value, args: &[Value]) -> R {
        self.call_args(f, Args::positional(args))
    }

    /// `f(*args.pos, **keywords)`.
    pub fn call_args(&mut self, f: &Value, args: Args<'_>) -> R {
        match f.kind() {
            Some(Kind::Function) => match f.downcast::<Function>() {
                Some(function) => self.call_function(&function.clone(), args, None),
                None => Ok(Value::NONE),
            },
            Some(Kind::Native) => match f.downcast::<Native>() {
                Some(n) => {
                    let n = n.clone();
                    self.check_native_stack()?;
                    self.call_native(&n, args)
                }
                None => Ok(Value::NONE),
            },
            Some(Kind::BoundMethod) => {
                let Some(m) = f.downcast::<BoundMethod>().cloned() else { return Ok(Value::NONE) };
                self.call_with(&m.receiver, args.pos, |vm, all| vm.call_args(&m.function, Args { pos: all, ..args }))
            }
            Some(Kind::Type) => match f.downcast::<Type>() {
                Some(t) => {
                    let t = t.clone();
                    self.check_native_stack()?;
                    self.construct(&t, args)
                }
                None => Ok(Value::NONE),
            },
            _ => self.call_object(f, args),
        }
    }

    /// Calls an object through `__call__` of its class.
    fn call_object(&mut self, f: &Value, args: Args<'_>) -> R {
        self.check_native_stack()?;
        let name = self.types().names.__call__.clone();
        let Some(method) = self.lookup_special(f, &name)? else {
            let class = f.class(&self.heap).name_str();
            let hint = self.module_hint(f).unwrap_or_default();
            return Err(self.type_error(format!("'{class}' object is not callable{hint}")));
        };
        self.call_with(f, args.pos, |vm, all| vm.call_args(&method, Args { pos: all, ..args }))
    }

    /// Calls `f` with `first` in front of `rest`, put together on the native stack where they are few.
    pub(in crate::vm) fn call_with(
        &mut self,
        first: &Value,
        rest: &[Value],
        f: impl FnOnce(&mut Vm, &[Value]) -> R,
    ) -> R {
        const FEW: usize = 4;
        if rest.len() < FEW {
            let mut all = [const { Value::NONE }; FEW];
            all[0] = first.clone();
            all[1..=rest.len()].clone_from_slice(rest);
            return f(self, &all[..=rest.len()]);
        }
        let mut all = Vec::with_capacity(rest.len() + 1);
        all.push(first.clone());
        all.extend_from_slice(rest);
        f(self, &all)
    }

    /// Runs a Python function to its end in a loop of its own.
    pub fn call_function(&mut self, f: &Ref<Function>, args: Args<'_>, locals: Option<Value>) -> R {
        self.check_native_stack()?;
        self.enter_function(f, args, locals, 0, frame_flags::ENTRY)?;
        self.run()
    }

    /// RecursionError when the native stack is nearly used up.
    pub fn check_native_stack(&mut self) -> R<()> {
        match stacker::remaining_stack() {
            Some(left) if left < NATIVE_RESERVE => Err(self.recursion_error("maximum recursion depth exceeded")),
            _ => Ok(()),
        }
    }

    /// Whether calling it is possible.
    pub fn is_callable(&self, v: &Value) -> bool {
        match v.kind() {
            Some(Kind::Function | Kind::Native | Kind::BoundMethod | Kind::Type) => true,
            None => false,
            _ => v.class(&self.heap).lookup(&self.types().names.__call__).is_some(),
        }
    }

    /// What was meant by the call of a module that has something callable of its own name.
    fn module_hint(&mut self, f: &Value) -> Option<String> {
        let module = f.downcast::<Module>().filter(|m| m.ty().is(&self.types().module))?;
        let name = module.dict.get_str(&self.types().names.__name__)?;
        let name = name.downcast::<Str>()?.clone();
        let found = self.get_attr_opt(f, &name).ok()??;
        self.is_callable(&found).then(|| format!(". Did you mean: '{name}.{name}(...)'?"))
    }

    /// `o.name(*args)`.
    pub fn call_method(&mut self, o: &Value, name: &Ref<Str>, args: &[Value]) -> R {
        let (f, receiver) = self.load_method(o, name)?;
        match receiver {
            Some(receiver) => self.call_with(&receiver, args, |vm, all| vm.call(&f, all)),
            None => self.call(&f, args),
        }
    }

    /// Calls the special method `name` of the class of `o`; None if the class has none.  One that is Python's None is called
    /// too, and refuses, as in CPython: it keeps what a base class has from being found.
    pub fn call_special(&mut self, o: &Value, name: &Ref<Str>, args: &[Value]) -> R<Option<Value>> {
        match self.lookup_special(o, name)? {
            Some(f) => self.call_with(o, args, |vm, all| vm.call_slot(&f, all)).map(Some),
            None => Ok(None),
        }
    }
}
