//! Type parameters and aliases.

use std::any::Any;

use crate::object::opaque::OpaqueData;
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// What `C[int]` of a built-in generic class gives.
pub struct GenericAlias {
    pub origin: Value,
    /// A tuple.
    pub args: Value,
}

impl OpaqueData for GenericAlias {
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.origin);
        visit(&self.args);
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Vm {
    /// `origin[args]`.
    pub fn new_generic_alias(&mut self, origin: &Value, args: &Value) -> R {
        let args = match args.downcast::<Tuple>() {
            Some(_) => args.clone(),
            None => Tuple::new(&self.heap, [args.clone()]).into(),
        };
        Ok(self.new_opaque(&self.types().generic_alias, GenericAlias { origin: origin.clone(), args }))
    }

    pub(super) fn type_intrinsic(&mut self, _: u32, _: Value) -> R {
        Err(self.not_implemented_error("type parameters are not supported yet"))
    }

    pub(super) fn type_intrinsic_2(&mut self, _: u32, _: Value, _: Value) -> R {
        Err(self.not_implemented_error("type parameters are not supported yet"))
    }
}
