//! Calls from native code.

use crate::object::function::{BoundMethod, Function, Native};
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
            return Err(self.type_error(format!("'{class}' object is not callable")));
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

    /// `o.name(*args)`.
    pub fn call_method(&mut self, o: &Value, name: &Ref<Str>, args: &[Value]) -> R {
        let (f, receiver) = self.load_method(o, name)?;
        match receiver {
            Some(receiver) => self.call_with(&receiver, args, |vm, all| vm.call(&f, all)),
            None => self.call(&f, args),
        }
    }

    /// Calls the special method `name` of the class of `o`; None if the class has none (`__hash__ = None` counts as
    /// none with an error of its own: the caller looks).
    pub fn call_special(&mut self, o: &Value, name: &Ref<Str>, args: &[Value]) -> R<Option<Value>> {
        match self.lookup_special(o, name)? {
            Some(f) if !f.is_none() => self.call_with(o, args, |vm, all| vm.call_slot(&f, all)).map(Some),
            _ => Ok(None),
        }
    }
}
