//! Objects whose data lies behind a trait object, for types that need no speed of their own.

use std::any::Any;
use std::collections::VecDeque;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::cell::Mut;
use super::header::{Kind, Object, Ref};
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

/// A field that owns references.
pub trait Trace {
    fn trace(&self, visit: &mut dyn FnMut(&Value));
}

impl Trace for Value {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        visit(self);
    }
}

impl<T: Object> Trace for Ref<T> {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        visit(self.as_value());
    }
}

impl<T: Trace> Trace for Option<T> {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.iter().for_each(|t| t.trace(visit));
    }
}

impl<T: Trace> Trace for (usize, T) {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.1.trace(visit);
    }
}

/// What is shared has one owner that shows it; the other counts live on the native stack.
impl<T: Trace> Trace for Rc<T> {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        (**self).trace(visit);
    }
}

impl<T: Trace> Trace for Vec<T> {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.iter().for_each(|t| t.trace(visit));
    }
}

impl<T: Trace> Trace for VecDeque<T> {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.iter().for_each(|t| t.trace(visit));
    }
}

impl<K, T: Trace> Trace for FxHashMap<K, T> {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.values().for_each(|t| t.trace(visit));
    }
}

impl<T: Trace> Trace for Mut<T> {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.borrow().trace(visit);
    }
}

/// Implements [`OpaqueData`] for a struct: the fields that are named own references, the others none; those behind `clear`
/// are emptied (`Mut` of a container or an `Option`) where a cycle must be broken.
#[macro_export]
macro_rules! opaque_data {
    ($t:ty { $($field:ident),* $(,)? } $(clear { $($cleared:ident),* $(,)? })?) => {
        impl $crate::object::opaque::OpaqueData for $t {
            fn traverse(&self, visit: &mut dyn FnMut(&$crate::object::value::Value)) {
                let _ = &visit;
                $($crate::object::opaque::Trace::trace(&self.$field, visit);)*
            }
            fn clear(&self) {
                $($(drop(self.$cleared.take());)*)?
            }
            fn as_any(&self) -> &dyn std::any::Any {
                self
            }
        }
    };
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
    fn outside(&self) -> usize {
        std::mem::size_of_val(&*self.data)
    }
}

impl Value {
    /// The data of an opaque object, where it is a `T`.
    pub fn opaque<T: OpaqueData>(&self) -> Option<&T> {
        self.downcast::<Opaque>().and_then(|o| o.data.as_any().downcast_ref())
    }
}
