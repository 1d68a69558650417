//! Objects whose data lies behind a trait object, for types that need no speed of their own.

use std::any::Any;

use super::header::{Kind, Object};
use super::value::Value;

/// Data of an opaque object.  Interior mutability is its own affair ([`super::cell::Mut`]).
pub trait OpaqueData: Any {
    /// Shows every owned reference, exactly once each.
    fn traverse(&self, _visit: &mut dyn FnMut(&Value)) {}
    /// Drops the references through which a cycle can run.
    fn clear(&self) {}
    /// Whether `__del__` of the class must be called before the object dies.
    fn needs_finalizer(&self) -> bool {
        false
    }
    fn as_any(&self) -> &dyn Any;
}

/// The payload.
pub struct Opaque {
    pub data: Box<dyn OpaqueData>,
}

// SAFETY: the data shows its references.
unsafe impl Object for Opaque {
    const KIND: Kind = Kind::Opaque;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.data.traverse(visit);
    }
    fn clear(&self) {
        self.data.clear();
    }
}

impl Value {
    /// The data of an opaque object, where it is a `T`.
    pub fn opaque<T: OpaqueData>(&self) -> Option<&T> {
        self.downcast::<Opaque>().and_then(|o| o.data.as_any().downcast_ref())
    }
}
