//! Slot descriptors (`member_descriptor`): what `__slots__` puts into a class.

use crate::object::attrs::Attrs;
use crate::object::header::Ref;
use crate::object::opaque::Opaque;
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::{R, Vm};

/// The data of a slot descriptor.
pub struct Member {
    pub name: Ref<Str>,
    pub owner: Ref<Type>,
    /// The name of the slot in the shapes of instances: a str of its own that is not interned, so that no attribute
    /// has it.  It never leaves the VM.
    key: Ref<Str>,
    /// Programs may not set the slot.
    pub(super) readonly: bool,
}

opaque_data!(Member { name, owner, key });

/// The word that a slot holds after `del`: an immediate that no program sees.
pub(super) const UNSET: u64 = 0b101_100;

fn unset() -> Value {
    // SAFETY: the bits carry the tag of immediates, so they own nothing.
    unsafe { Value::from_bits(UNSET) }
}

impl Member {
    /// See the field.
    pub(super) fn key(&self) -> &Ref<Str> {
        &self.key
    }

    /// The slot's value; None while it is not set.
    pub fn get(&self, o: &Value) -> Option<Value> {
        let v = Attrs::of(o.header()?)?.get(&self.key)?;
        if v.is(&unset()) { None } else { Some(v) }
    }

    /// Sets the slot, or empties it; the old value, None if it was not set.
    pub fn replace(&self, o: &Value, v: Option<Value>) -> Option<Value> {
        let header = o.header()?;
        let attrs = Attrs::of(header)?;
        let shape = attrs.shape()?;
        if let Some(i) = shape.slot(&self.key) {
            // SAFETY: the slot belongs to the object's present shape.
            let old = unsafe { attrs.replace_slot(i, v.unwrap_or_else(unset)) };
            return if old.is(&unset()) { None } else { Some(old) };
        }
        if let Some(v) = v {
            // Slots are pushed past the limits: an object with slots never changes to a bare dict.
            // SAFETY: the object has `shape`, and the new one is that with one name more.
            unsafe { attrs.push(header, shape.with(&self.key), shape.names().len(), v) };
        }
        None
    }
}

/// Name and key of each slot of a class itself.
pub(super) fn own_slots(class: &Ref<Type>) -> Vec<(Ref<Str>, Ref<Str>)> {
    let slot = |(_, v): (Value, Value)| v.opaque::<Member>().map(|m| (m.name.clone(), m.key.clone()));
    class.dict.items().into_iter().filter_map(slot).collect()
}

impl Vm {
    /// The names under which the slots of one class lie in its instances, with those of the same slots in another class of
    /// the same layout; none where both have them from the same base.
    pub fn slots_renamed(&self, from: &Ref<Type>, to: &Ref<Type>) -> Vec<(Ref<Str>, Ref<Str>)> {
        let (from, to) = (self.solid_base(from), self.solid_base(to));
        if from.is(&to) {
            return Vec::new();
        }
        let there = own_slots(&to);
        let renamed = |(name, key): (Ref<Str>, Ref<Str>)| {
            let (_, other) = there.iter().find(|(other, _)| other.is(&name))?;
            Some((key, other.clone()))
        };
        own_slots(&from).into_iter().filter_map(renamed).collect()
    }

    /// A descriptor for slot `name` of the instances of `owner`.
    pub fn new_member(&self, owner: &Ref<Type>, name: &Ref<Str>) -> Value {
        self.make_member(owner, name, false)
    }

    /// The same for a slot that programs may only read.
    pub fn new_readonly_member(&self, owner: &Ref<Type>, name: &Ref<Str>) -> Value {
        self.make_member(owner, name, true)
    }

    fn make_member(&self, owner: &Ref<Type>, name: &Ref<Str>, readonly: bool) -> Value {
        let key = Str::new(&self.heap, "slot");
        let data = Member { name: name.clone(), owner: owner.clone(), key, readonly };
        self.heap.alloc(&self.types().member_descriptor, Opaque { data: Box::new(data) }).into()
    }

    /// Refuses receivers that are no instances of the class that a descriptor belongs to.
    pub fn check_receiver(&mut self, name: &str, owner: &Ref<Type>, o: &Value) -> R<()> {
        let class = o.class(&self.heap);
        if class.is_subclass(owner) {
            return Ok(());
        }
        let (owner, class) = (owner.name_str(), class.name_str());
        Err(self.type_error(format!("descriptor '{name}' for '{owner}' objects doesn't apply to a '{class}' object")))
    }
}
