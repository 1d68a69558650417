//! Attributes of `super()`: looked up behind a class in the resolution order of another.

use crate::object::function::Super;
use crate::object::header::Ref;
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::{R, Vm};

impl Vm {
    /// The class in whose resolution order `super(class, o)` looks: that of `o`, or `o` itself if it is a class below
    /// `class`.
    pub fn super_check(&mut self, class: &Ref<Type>, o: &Value) -> R<Ref<Type>> {
        if let Some(t) = o.downcast::<Type>()
            && t.is_subclass(class)
        {
            return Ok(t.clone());
        }
        let of = o.class(&self.heap).clone();
        if of.is_subclass(class) {
            return Ok(of);
        }
        // Objects that pretend: `__class__` says what they stand for.
        let name = self.types().names.__class__.clone();
        if let Some(c) = self.get_attr_opt(o, &name)?
            && let Some(t) = c.downcast::<Type>()
            && t.is_subclass(class)
        {
            return Ok(t.clone());
        }
        let (what, class) = match o.downcast::<Type>() {
            Some(t) => (format!("type {}", t.name_str()), class.name_str()),
            None => (format!("instance of {}", of.name_str()), class.name_str()),
        };
        Err(self.type_error(format!("super(type, obj): obj ({what}) is not an instance or subtype of type ({class}).")))
    }

    /// `super(class, o).name`; true if it is a method that still takes `o` as its first argument.
    pub fn super_attr(&mut self, class: &Ref<Type>, o: &Value, name: &Ref<Str>) -> R<(Value, bool)> {
        if o.is_none() {
            let unbound = self.new_super(class.clone(), None);
            return self.get_attr(&unbound, name).map(|v| (v, false));
        }
        let start = self.super_check(class, o)?;
        let found = if name.is(&self.types().names.__class__) { None } else { start.find_behind(class, name) };
        let Some(found) = found else {
            let s = self.new_super(class.clone(), Some((o.clone(), start)));
            return self.get_attr(&s, name).map(|v| (v, false));
        };
        let receiver = if o.is(start.as_value()) { None } else { Some(o) };
        if receiver.is_some() && self.is_method_descriptor(&found) {
            return Ok((found, true));
        }
        self.bind(&found, receiver, &start).map(|v| (v, false))
    }

    /// A `super` object.
    pub fn new_super(&self, class: Ref<Type>, of: Option<(Value, Ref<Type>)>) -> Value {
        let s = Super::unbound(class);
        if let Some((o, t)) = of {
            s.object.set(Some(o));
            s.object_type.set(Some(t));
        }
        self.heap.alloc(&self.types().super_, s).into()
    }

    /// `super.__get__`: an unbound `super(class)` that is found in a class is bound to the instance.
    pub(super) fn super_bind(&mut self, d: &Value, s: &Ref<Super>, o: &Value) -> R {
        let Some(class) = s.class.get().filter(|_| s.object.borrow().is_none() && !o.is_none()) else {
            return Ok(d.clone());
        };
        let of = d.class(&self.heap).clone();
        if !of.is(&self.types().super_) {
            return self.call(of.as_value(), &[class.to_value(), o.clone()]);
        }
        let start = self.super_check(&class, o)?;
        Ok(self.new_super(class, Some((o.clone(), start))))
    }

    /// `super.__getattribute__`.
    pub(super) fn super_get(&mut self, s: &Ref<Super>, name: &Ref<Str>) -> R<Option<Value>> {
        let parts = (s.class.get(), s.object.get(), s.object_type.get());
        if let (Some(class), Some(o), Some(start)) = parts
            && !name.is(&self.types().names.__class__)
            && let Some(found) = start.find_behind(&class, name)
        {
            let receiver = if o.is(start.as_value()) { None } else { Some(&o) };
            return self.bind(&found, receiver, &start).map(Some);
        }
        self.generic_get(s.as_value(), name)
    }
}

impl Super {
    /// `super(class)` without an object.
    pub fn unbound(class: Ref<Type>) -> Super {
        use crate::object::cell::Mut;
        Super { class: Mut::new(Some(class)), object: Mut::new(None), object_type: Mut::new(None) }
    }
}
