//! Attributes: look-up on classes and instances, descriptors.

mod descriptor;
mod instance;
mod opaque;
mod super_;

use crate::object::cell::Mut;
use crate::object::function::{BoundMethod, Module, Native, NativeDef, Super};
use crate::object::header::{Kind, Ref};
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::native::erase;
use crate::vm::{Args, Exc, R, Vm};

impl Vm {
    /// `o.name`; AttributeError if there is none.  `name` is interned.
    pub fn get_attr(&mut self, o: &Value, name: &Ref<Str>) -> R {
        match self.find_attr(o, name)? {
            Some(v) => Ok(v),
            None => Err(self.no_attribute(o, name)),
        }
    }

    /// `o.name`, or None where that raises AttributeError.
    pub fn get_attr_opt(&mut self, o: &Value, name: &Ref<Str>) -> R<Option<Value>> {
        match self.find_attr(o, name) {
            Err(e) if self.is_attribute_error(&e) => Ok(None),
            r => r,
        }
    }

    fn is_attribute_error(&self, e: &Exc) -> bool {
        self.is_exception(e, &self.types().AttributeError)
    }

    /// The attribute; None if there is none and nobody has raised AttributeError for it.
    fn find_attr(&mut self, o: &Value, name: &Ref<Str>) -> R<Option<Value>> {
        let class = o.class(&self.heap);
        if !class.has(type_flags::HEAP) {
            return self.builtin_get(o, name);
        }
        let class = class.clone();
        let own = class.lookup(&self.types().names.__getattribute__);
        let mut hook = None;
        let result = match own {
            Some(f) if f.downcast::<Native>().is_none_or(|n| !n.is_named(&self.types().names.__getattribute__)) => {
                // As in CPython it is looked up before, whatever `__getattribute__` does to the class.
                hook = class.lookup(&self.types().names.__getattr__);
                self.call_unbound(&f, o, &[name.to_value()]).map(Some)
            }
            _ => self.builtin_get(o, name),
        };
        match &result {
            Ok(None) => {}
            Err(e) if self.is_attribute_error(e) => {}
            _ => return result,
        }
        match hook.or_else(|| class.lookup(&self.types().names.__getattr__)) {
            Some(f) => self.call_unbound(&f, o, &[name.to_value()]).map(Some),
            None => result,
        }
    }

    /// The built-in `__getattribute__` of the kind of `o`; None if there is no such attribute.
    pub fn builtin_get(&mut self, o: &Value, name: &Ref<Str>) -> R<Option<Value>> {
        match o.kind() {
            Some(Kind::Type) => match o.downcast::<Type>() {
                Some(t) => self.class_get(t, name),
                None => Ok(None),
            },
            Some(Kind::Module) => self.module_get(o, name),
            Some(Kind::Super) => match o.downcast::<Super>() {
                Some(s) => self.super_get(s, name),
                None => Ok(None),
            },
            Some(Kind::BoundMethod) => self.method_get(o, name),
            Some(Kind::Opaque) => self.opaque_get(o, name),
            _ => self.generic_get(o, name),
        }
    }

    /// `object.__getattribute__`: data descriptor, instance, other attribute of the class.
    pub fn generic_get(&mut self, o: &Value, name: &Ref<Str>) -> R<Option<Value>> {
        let class = o.class(&self.heap);
        let found = class.lookup(name);
        let Some(found) = found else {
            return Ok(self.instance_get(o, name));
        };
        let class = class.clone();
        if (!self.is_data_descriptor(&found) || !self.has_get(&found))
            && let Some(v) = self.instance_get(o, name)
        {
            return Ok(Some(v));
        }
        self.bind(&found, Some(o), &class).map(Some)
    }

    /// `type.__getattribute__`: data descriptor of the metaclass, the class and its bases, other attribute of the
    /// metaclass.
    pub fn class_get(&mut self, t: &Ref<Type>, name: &Ref<Str>) -> R<Option<Value>> {
        let meta = t.ty().clone();
        let of_meta = meta.lookup(name);
        if let Some(d) = &of_meta
            && self.is_data_descriptor(d)
            && self.has_get(d)
        {
            return self.bind(d, Some(t.as_value()), &meta).map(Some);
        }
        if let Some(found) = t.lookup(name) {
            return self.bind(&found, None, t).map(Some);
        }
        match of_meta {
            Some(d) => self.bind(&d, Some(t.as_value()), &meta).map(Some),
            None => Ok(None),
        }
    }

    /// `module.__getattribute__`, with a module's own `__getattr__` (PEP 562).
    fn module_get(&mut self, o: &Value, name: &Ref<Str>) -> R<Option<Value>> {
        if let Some(v) = self.generic_get(o, name)? {
            return Ok(Some(v));
        }
        let names = &self.types().names;
        match o.downcast::<Module>().and_then(|m| m.dict.get_str(&names.__getattr__)) {
            Some(f) => self.call(&f, &[name.to_value()]).map(Some),
            None => Ok(None),
        }
    }

    /// A bound method passes what its class does not have on to its function.
    fn method_get(&mut self, o: &Value, name: &Ref<Str>) -> R<Option<Value>> {
        let class = o.class(&self.heap).clone();
        match (class.lookup(name), o.downcast::<BoundMethod>()) {
            (Some(d), _) => self.bind(&d, Some(o), &class).map(Some),
            (None, Some(m)) => {
                let f = m.function.clone();
                self.get_attr(&f, name).map(Some)
            }
            (None, None) => Ok(None),
        }
    }

    /// The AttributeError of `o.name`.
    #[cold]
    pub fn no_attribute(&mut self, o: &Value, name: &Ref<Str>) -> Exc {
        let text = if let Some(t) = o.downcast::<Type>() {
            format!("type object '{}' has no attribute '{name}'", t.name_str())
        } else if let Some(m) = o.downcast::<Module>().cloned() {
            if let Some(text) = self.import_blame(&m, name) {
                return self.attribute_error_of(&text, o, name);
            }
            match m.dict.get_str(&self.types().names.__name__).as_ref().and_then(|n| n.downcast::<Str>()) {
                Some(n) => format!("module '{n}' has no attribute '{name}'"),
                None => format!("module has no attribute '{name}'"),
            }
        } else {
            format!("'{}' object has no attribute '{name}'", o.class(&self.heap).name_str())
        };
        self.attribute_error_of(&text, o, name)
    }

    /// `o.name = v`.
    pub fn set_attr(&mut self, o: &Value, name: &Ref<Str>, v: Value) -> R<()> {
        self.change_attr(o, name, Some(&v))
    }

    /// `del o.name`.
    pub fn del_attr(&mut self, o: &Value, name: &Ref<Str>) -> R<()> {
        self.change_attr(o, name, None)
    }

    fn change_attr(&mut self, o: &Value, name: &Ref<Str>, v: Option<&Value>) -> R<()> {
        let class = o.class(&self.heap);
        if class.has(type_flags::HEAP) {
            let names = &self.types().names;
            let special = if v.is_some() { &names.__setattr__ } else { &names.__delattr__ };
            if let Some(f) = class.lookup(special)
                && f.downcast::<Native>().is_none_or(|n| !n.is_named(special))
            {
                let mut args = vec![name.to_value()];
                args.extend(v.cloned());
                return self.call_unbound(&f, o, &args).map(drop);
            }
        }
        self.builtin_set(o, name, v)
    }

    /// The built-in `__setattr__` (or, without a value, `__delattr__`) of the kind of `o`.
    pub fn builtin_set(&mut self, o: &Value, name: &Ref<Str>, v: Option<&Value>) -> R<()> {
        if o.kind() == Some(Kind::Opaque) && self.is_weak_proxy(o) {
            let target = self.weak_target(o)?;
            return self.change_attr(&target, name, v);
        }
        match o.downcast::<Type>() {
            Some(t) => self.class_set(t, name, v),
            None => self.generic_set(o, name, v),
        }
    }

    /// `object.__setattr__`, `object.__delattr__`.
    pub fn generic_set(&mut self, o: &Value, name: &Ref<Str>, v: Option<&Value>) -> R<()> {
        let found = o.class(&self.heap).lookup(name);
        if let Some(d) = &found
            && self.descriptor_set(d, o, v)?
        {
            return Ok(());
        }
        let done = match v {
            Some(v) => self.instance_set(o, name, v.clone()),
            None => self.instance_remove(o, name).is_some(),
        };
        if done {
            return Ok(());
        }
        if self.has_instance_dict(o) {
            return Err(self.no_attribute(o, name));
        }
        let class = o.class(&self.heap).name_str();
        let text = match found {
            Some(_) => format!("'{class}' object attribute '{name}' is read-only"),
            None if self.sets_generically(o) => {
                format!("'{class}' object has no attribute '{name}' and no __dict__ for setting new attributes")
            }
            None => format!("'{class}' object has no attribute '{name}'"),
        };
        Err(self.attribute_error_of(&text, o, name))
    }

    /// Whether the object's class leaves setting and deleting of attributes to `object`.
    fn sets_generically(&self, o: &Value) -> bool {
        let (class, object) = (o.class(&self.heap), &self.types().object);
        let names = &self.types().names;
        [&names.__setattr__, &names.__delattr__].into_iter().all(|name| {
            let (own, plain) = (class.lookup(name), object.lookup(name));
            own.zip(plain).is_some_and(|(own, plain)| own.is(&plain))
        })
    }

    /// `type.__setattr__`, `type.__delattr__`.
    pub fn class_set(&mut self, t: &Ref<Type>, name: &Ref<Str>, v: Option<&Value>) -> R<()> {
        if !t.has(type_flags::HEAP) || t.has(type_flags::IMMUTABLE) {
            let class = t.name_str();
            return Err(self.type_error(format!("cannot set '{name}' attribute of immutable type '{class}'")));
        }
        if let Some(d) = t.ty().lookup(name)
            && self.descriptor_set(&d, t.as_value(), v)?
        {
            return Ok(());
        }
        let old = match v {
            Some(v) => {
                let old = t.dict.set_str(&self.heap, name, v.clone());
                // A counter, a switch, a registry.
                if v.is_plain() && old.as_ref().is_some_and(Value::is_plain) {
                    t.value_replaced(name);
                    return Ok(());
                }
                if name.is(&self.types().names.__del__) {
                    mark_finalizer(t);
                }
                old
            }
            None => match t.dict.remove_str(name) {
                Some(old) => Some(old),
                None => return Err(self.no_attribute(t.as_value(), name)),
            },
        };
        t.modified();
        drop(old);
        Ok(())
    }

    /// A special method from the class of `o`, not bound: what must be called with `o` as its first argument
    /// (descriptors other than functions are bound by a partial object).  None if the class has none; `None` itself is
    /// given as it is found.
    pub fn lookup_special(&mut self, o: &Value, name: &Ref<Str>) -> R<Option<Value>> {
        let class = o.class(&self.heap);
        let Some(found) = class.lookup(name) else { return Ok(None) };
        if found.is_none() || found.kind() == Some(Kind::Function) || self.is_method_descriptor(&found) {
            return Ok(Some(found));
        }
        let class = class.clone();
        let bound = self.bind(&found, Some(o), &class)?;
        let partial = Native {
            def: NativeDef {
                name: "partial",
                doc: "",
                entry: erase(call_without_receiver),
                min_args: 0,
                max_args: u16::MAX,
                takes_keywords: true,
                resumes: false,
            },
            bound: Some(bound),
            owner: None,
            setter: None,
            module: Mut::new(Value::NONE),
        };
        Ok(Some(self.heap.alloc(&self.types().builtin_function, partial).into()))
    }

    /// What `o.name(...)` calls: a function and its receiver where that spares a bound method, else the attribute.
    /// With a receiver, the function is what every instance of that class and shape gets.
    pub fn load_method(&mut self, o: &Value, name: &Ref<Str>) -> R<(Value, Option<Value>)> {
        let class = o.class(&self.heap);
        // A class with `__getattr__` has its methods bound, as in CPython: events tell the two apart.
        let plain = !matches!(o.kind(), Some(Kind::Type | Kind::Module | Kind::Super | Kind::BoundMethod))
            && (!class.has(type_flags::HEAP)
                || class.lookup(&self.types().names.__getattr__).is_none()
                    && is_native(class, &self.types().names.__getattribute__));
        if plain
            && let Some(found) = class.lookup(name)
            && self.is_method_descriptor(&found)
            && self.instance_get(o, name).is_none()
            && !self.has_hidden_dict(o)
            && found.downcast::<Native>().is_none_or(|n| n.owner.as_ref().is_some_and(|t| class.is_subclass(t)))
        {
            return Ok((found, Some(o.clone())));
        }
        self.get_attr(o, name).map(|v| (v, None))
    }
}

/// Whether a class has a built-in special method unchanged.
pub(in crate::vm) fn is_native(class: &Ref<Type>, name: &Ref<Str>) -> bool {
    class.lookup(name).is_some_and(|f| f.downcast::<Native>().is_some_and(|n| n.is_named(name)))
}

/// Calls its first argument with those behind the second (the receiver, which is bound already).
fn call_without_receiver(vm: &mut Vm, args: Args<'_>) -> R {
    let Some(f) = args.get(0) else { return Ok(Value::NONE) };
    let pos = args.pos.get(2..).unwrap_or(&[]);
    vm.call_args(f, Args { pos, names: args.names, values: args.values })
}

/// Instances of the class and of those derived from it have a finalizer from now on.
pub(crate) fn mark_finalizer(t: &Ref<Type>) {
    t.flags.set(t.flags.get() | type_flags::FINALIZER);
    for sub in t.subclasses() {
        mark_finalizer(&sub);
    }
}
