//! Where the attributes of instances lie: in slots named by a shape, or in a dict.
//!
//! An object whose class has no slot descriptors changes to dict mode (`Attrs::become_dict`) when its `__dict__` is
//! asked for or an attribute is deleted.  One with slot descriptors keeps its shape, and the dict lies among its slots
//! under the name `__dict__` (which is never a plain attribute: setting it goes through the dict).

use crate::object::attrs::Attrs;
use crate::object::dict::Dict;
use crate::object::function::Module;
use crate::object::header::{Header, Ref};
use crate::object::str::Str;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::vm::Vm;

/// Where the plain attributes of an object are.
enum Place<'a> {
    None,
    Slots(&'a Header, &'a Attrs),
    Dict(Ref<Dict>),
}

impl Vm {
    fn place<'a>(&self, o: &'a Value) -> Place<'a> {
        if let Some(m) = o.downcast::<Module>() {
            return Place::Dict(m.dict.clone());
        }
        let Some(h) = o.header() else { return Place::None };
        let Some(attrs) = Attrs::of(h) else { return Place::None };
        if h.ty().has(type_flags::NO_DICT) {
            return Place::None;
        }
        let dict = match attrs.dict() {
            Some(d) => Some(d.clone()),
            None if h.ty().has(type_flags::SLOTS) => attrs.get(&self.types().names.__dict__),
            None => None,
        };
        match dict.map(Value::downcast_owned::<Dict>) {
            Some(Ok(d)) => Place::Dict(d),
            _ => Place::Slots(h, attrs),
        }
    }

    /// The slot and its shape's address, where the interned `name` is a plain attribute of `o` and lies in a slot: what
    /// an inline cache for reading keeps.
    pub fn find_instance_slot(&self, o: &Value, name: &Ref<Str>) -> Option<(usize, usize)> {
        match self.place(o) {
            Place::Slots(_, attrs) if !self.is_reserved(name) => {
                Some((attrs.shape()?.slot(name)?, attrs.shape_ptr() as usize))
            }
            _ => None,
        }
    }

    /// Whether the object has a shape although its attributes lie in a dict (it has slot descriptors too): its shape
    /// then tells nothing about them, and no inline cache may go by it.
    pub(super) fn has_hidden_dict(&self, o: &Value) -> bool {
        o.header().and_then(Attrs::of).is_some_and(|a| a.shape().is_some()) && matches!(self.place(o), Place::Dict(_))
    }

    /// Names that shapes do not hold as plain attributes.
    fn is_reserved(&self, name: &Ref<Str>) -> bool {
        name.is(&self.types().names.__dict__)
    }

    /// An attribute of the instance itself.  `name` is interned.
    pub fn instance_get(&self, o: &Value, name: &Ref<Str>) -> Option<Value> {
        match self.place(o) {
            Place::None => None,
            Place::Dict(d) => d.get_str(name),
            Place::Slots(..) if self.is_reserved(name) => None,
            Place::Slots(_, attrs) => attrs.get(name),
        }
    }

    /// Sets an attribute of the instance itself; false if it takes none.
    pub fn instance_set(&self, o: &Value, name: &Ref<Str>, v: Value) -> bool {
        let v = match self.place(o) {
            Place::Slots(h, attrs) if !self.is_reserved(name) => match attrs.set(h, name, v) {
                Ok(()) => return true,
                Err(v) => v,
            },
            _ => v,
        };
        match self.instance_dict(o) {
            Some(d) => {
                let old = d.set_str(&self.heap, name, v);
                drop(old);
                true
            }
            None => false,
        }
    }

    /// Deletes an attribute of the instance itself; None if there was none.
    pub fn instance_remove(&self, o: &Value, name: &Ref<Str>) -> Option<Value> {
        self.instance_get(o, name)?;
        self.instance_dict(o)?.remove_str(name)
    }

    /// Whether the object takes attributes that its class does not name.
    pub fn has_instance_dict(&self, o: &Value) -> bool {
        !matches!(self.place(o), Place::None)
    }

    /// `o.__dict__` of an instance or module, made now if need be; None if it has none.
    pub fn instance_dict(&self, o: &Value) -> Option<Ref<Dict>> {
        match self.place(o) {
            Place::None => None,
            Place::Dict(d) => Some(d),
            Place::Slots(h, attrs) => {
                let dict = Dict::new(&self.heap);
                let mut hidden = Vec::new();
                for (name, v) in attrs.items() {
                    if name.is_interned() {
                        dict.set_str(&self.heap, &name, v);
                    } else {
                        hidden.push((name, v));
                    }
                }
                self.put_dict(h, attrs, hidden, &dict);
                Some(dict)
            }
        }
    }

    /// `o.__dict__ = dict`; false if the object has none.
    pub fn set_instance_dict(&self, o: &Value, dict: &Ref<Dict>) -> bool {
        if o.downcast::<Module>().is_some() || matches!(self.place(o), Place::None) {
            return false;
        }
        let Some(h) = o.header() else { return false };
        let Some(attrs) = Attrs::of(h) else { return false };
        let hidden = attrs.items().into_iter().filter(|(n, _)| !n.is_interned()).collect();
        self.put_dict(h, attrs, hidden, dict);
        true
    }

    fn put_dict(&self, h: &Header, attrs: &Attrs, mut hidden: Vec<(Ref<Str>, Value)>, dict: &Ref<Dict>) {
        if h.ty().has(type_flags::SLOTS) {
            hidden.push((self.types().names.__dict__.clone(), dict.to_value()));
            attrs.rebuild(h, hidden);
        } else {
            attrs.become_dict(h, dict.to_value());
        }
    }
}
