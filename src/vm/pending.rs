//! What the loop will provide to class bodies and `super()`; until it does, asking is an error.

use crate::object::dict::Dict;
use crate::object::header::Ref;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::{R, Vm};

impl Vm {
    /// Runs a class body with `namespace` as its locals; the cell of `__class__`, or None.
    pub fn run_class_body(&mut self, _body: &Value, _namespace: Ref<Dict>) -> R {
        Err(self.not_implemented_error("class bodies do not run yet"))
    }

    /// The globals of the running function.
    pub fn current_globals(&self) -> Option<Ref<Dict>> {
        None
    }

    /// The local variables of the running frame: its namespace, or a new dict of a function's variables.
    pub fn current_locals(&mut self) -> Option<Ref<Dict>> {
        None
    }

    /// The exception that the running code handles.
    pub fn handled_exception(&self) -> Option<Value> {
        None
    }

    /// Resumes a generator; None when it has returned.
    pub fn generator_next(&mut self, _generator: &Value) -> R<Option<Value>> {
        Err(self.not_implemented_error("generators do not run yet"))
    }

    /// Class and first argument of the running method, for `super()` without arguments.
    pub fn super_from_frame(&mut self) -> R<(Ref<Type>, Value)> {
        Err(self.runtime_error("super(): no current frame"))
    }
}
