//! Plain instances: everything that they have lies in their attributes.

use super::header::{Kind, Object};
use super::value::Value;

/// The empty payload of an instance of a class without a layout of its own.
pub struct Instance;

// SAFETY: owns nothing; attributes are visited by the heap.
unsafe impl Object for Instance {
    const KIND: Kind = Kind::Instance;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
}
