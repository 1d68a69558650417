//! Type parameters and aliases.

use crate::object::cell::Mut;
use crate::object::generic::GenericAlias;
use crate::object::header::Ref;
use crate::object::sequence::Tuple;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::{R, Vm};

impl Vm {
    /// `origin[args]`; a tuple gives several arguments.
    pub fn new_generic_alias(&mut self, origin: &Value, args: &Value) -> R {
        Ok(self.generic_alias_of(&self.types().generic_alias, origin, args, false))
    }

    /// The same of class `class`, or starred (`*tuple[int]`).
    pub fn generic_alias_of(&self, class: &Ref<Type>, origin: &Value, args: &Value, starred: bool) -> Value {
        let args = match args.downcast::<Tuple>() {
            Some(t) => t.clone(),
            None => Tuple::new(&self.heap, [args.clone()]),
        };
        let data = GenericAlias { origin: origin.clone(), args, starred, parameters: Mut::new(None) };
        self.new_opaque(class, data)
    }

    pub(super) fn type_intrinsic(&mut self, _: u32, _: Value) -> R {
        Err(self.not_implemented_error("type parameters are not supported yet"))
    }

    pub(super) fn type_intrinsic_2(&mut self, _: u32, _: Value, _: Value) -> R {
        Err(self.not_implemented_error("type parameters are not supported yet"))
    }
}
