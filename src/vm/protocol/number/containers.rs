//! The operators of containers: which there are is for the built-in types to say, who bring them when they are installed.

use crate::code::operators::BinaryOp;
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// An operator of containers by their kind; NotImplemented where these have no such operator.
pub type ContainerOperator = fn(&mut Vm, BinaryOp, &Value, &Value) -> R;

/// What the VM asks after numbers, strs and bytes.
#[derive(Clone, Copy)]
pub struct ContainerOperators {
    /// `a op b`.
    pub binary: ContainerOperator,
    /// `a op= b`; NotImplemented where there is no operator in place (then `a op b` is tried).
    pub inplace: ContainerOperator,
}

impl Default for ContainerOperators {
    fn default() -> ContainerOperators {
        let none: ContainerOperator = |_, _, _, _| Ok(Value::NOT_IMPLEMENTED);
        ContainerOperators { binary: none, inplace: none }
    }
}

impl Vm {
    /// `a op b` where `a` or `b` is a list, tuple, set, dict or view.
    pub fn container_binary(&mut self, op: BinaryOp, a: &Value, b: &Value) -> R {
        (self.container_operators.binary)(self, op, a, b)
    }

    pub(super) fn container_inplace(&mut self, op: BinaryOp, a: &Value, b: &Value) -> R {
        (self.container_operators.inplace)(self, op, a, b)
    }
}
