//! Attributes: look-up on classes and instances, descriptors.

use crate::object::header::Ref;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::{R, Vm};

impl Vm {
    /// `o.name`; AttributeError if there is none.  `name` is interned.
    pub fn get_attr(&mut self, _o: &Value, _name: &Ref<Str>) -> R {
        unimplemented!()
    }

    /// `o.name`, or None where that raises AttributeError.
    pub fn get_attr_opt(&mut self, _o: &Value, _name: &Ref<Str>) -> R<Option<Value>> {
        unimplemented!()
    }

    /// `o.name = v`.
    pub fn set_attr(&mut self, _o: &Value, _name: &Ref<Str>, _v: Value) -> R<()> {
        unimplemented!()
    }

    /// `del o.name`.
    pub fn del_attr(&mut self, _o: &Value, _name: &Ref<Str>) -> R<()> {
        unimplemented!()
    }

    /// A special method from the class of `o`, not bound: what must be called with `o` as its first argument
    /// (descriptors other than functions are bound by a partial object).  None if the class has none.
    pub fn lookup_special(&mut self, _o: &Value, _name: &Ref<Str>) -> R<Option<Value>> {
        unimplemented!()
    }
}
