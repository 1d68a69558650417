//! Calls from native code.

use crate::object::header::Ref;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::{Args, R, Vm};

impl Vm {
    /// `f(*args)`.
    pub fn call(&mut self, _f: &Value, _args: &[Value]) -> R {
        unimplemented!()
    }

    /// `f(*args.pos, **keywords)`.
    pub fn call_args(&mut self, _f: &Value, _args: Args<'_>) -> R {
        unimplemented!()
    }

    /// `o.name(*args)`.
    pub fn call_method(&mut self, _o: &Value, _name: &Ref<Str>, _args: &[Value]) -> R {
        unimplemented!()
    }

    /// Calls the special method `name` of the class of `o`; None if the class has none (`__hash__ = None` counts as
    /// none with an error of its own: the caller looks).
    pub fn call_special(&mut self, _o: &Value, _name: &Ref<Str>, _args: &[Value]) -> R<Option<Value>> {
        unimplemented!()
    }
}
