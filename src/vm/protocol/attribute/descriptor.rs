//! Descriptors: what becomes of an attribute of a class when it is read, set or deleted through an instance.

use crate::object::cell::Mut;
use crate::object::function::{BoundMethod, ClassMethod, Entry, Native, Property, StaticMethod, Super};
use crate::object::header::{Kind, Ref};
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::member::Member;
use crate::vm::native::typed;
use crate::vm::{Args, R, Vm};

/// Whether a native is a getter (and perhaps a setter), not a function.
fn is_getset(vm: &Vm, v: &Value) -> bool {
    let t = vm.types();
    v.header().is_some_and(|h| {
        h.kind() == Kind::Native && (h.ty().is(&t.getset_descriptor) || h.ty().is(&t.member_descriptor))
    })
}

/// Whether a `__get__` or `__set__` is that of a built-in descriptor, which the VM serves by its kind.
fn serves_by_kind(f: &Value) -> bool {
    f.downcast::<Native>().is_some_and(|n| n.owner.as_ref().is_none_or(|o| !o.has(type_flags::IMMUTABLE)))
}

impl Vm {
    /// Whether functions found in a class bind without a bound method object: `function` and methods of built-in types.
    #[inline]
    pub fn is_method_descriptor(&self, v: &Value) -> bool {
        v.header().is_some_and(|h| h.ty().has(type_flags::METHOD_DESCRIPTOR) && !h.ty().has(type_flags::HEAP))
    }

    /// Whether an attribute of a class comes before the instance's own: its class has `__set__` or `__delete__`.
    pub fn is_data_descriptor(&self, v: &Value) -> bool {
        let Some(h) = v.header() else { return false };
        if h.ty().has(type_flags::HEAP | type_flags::IMMUTABLE) {
            let names = &self.types().names;
            return h.ty().lookup(&names.__set__).is_some() || h.ty().lookup(&names.__delete__).is_some();
        }
        h.kind() == Kind::Property || is_getset(self, v) || v.opaque::<Member>().is_some()
    }

    /// Whether the class of a data descriptor has `__get__`: one of Python code may be without.
    pub(super) fn has_get(&self, d: &Value) -> bool {
        d.header().is_none_or(|h| !h.ty().has(type_flags::HEAP) || h.ty().lookup(&self.types().names.__get__).is_some())
    }

    /// What `__get__` of a found class attribute gives; `o` is None where the class itself was asked.  An object
    /// without `__get__` is its own value.
    pub fn bind(&mut self, d: &Value, o: Option<&Value>, class: &Ref<Type>) -> R {
        let Some(h) = d.header() else { return Ok(d.clone()) };
        if h.ty().has(type_flags::HEAP | type_flags::IMMUTABLE) {
            let get = h.ty().lookup(&self.types().names.__get__);
            return match get {
                None => Ok(d.clone()),
                Some(g) if serves_by_kind(&g) => self.bind_builtin(d, o, class),
                Some(g) => {
                    let o = o.cloned().unwrap_or(Value::NONE);
                    self.call_unbound(&g, d, &[o, class.to_value()])
                }
            };
        }
        self.bind_builtin(d, o, class)
    }

    /// [`Vm::bind`] by the descriptor's kind.
    pub fn bind_builtin(&mut self, d: &Value, o: Option<&Value>, class: &Ref<Type>) -> R {
        match d.kind() {
            Some(Kind::Function) => Ok(match o {
                Some(o) => self.new_method(d, o),
                None => d.clone(),
            }),
            Some(Kind::Native) => self.bind_native(d, o, class),
            Some(Kind::Property) => match o {
                Some(o) => self.property_get(d, o),
                None => Ok(d.clone()),
            },
            Some(Kind::Super) => match (d.downcast::<Super>(), o) {
                (Some(s), Some(o)) => self.super_bind(d, &s.clone(), o),
                _ => Ok(d.clone()),
            },
            Some(Kind::StaticMethod) => Ok(d.downcast::<StaticMethod>().map_or(Value::NONE, |s| s.function.get())),
            Some(Kind::ClassMethod) => {
                let f = d.downcast::<ClassMethod>().map_or(Value::NONE, |c| c.function.get());
                // A class method of something other than a function is bound as that object wants it.
                if self.is_method_descriptor(&f) || f.kind() == Some(Kind::Function) {
                    self.bind(&f, Some(class.as_value()), class)
                } else {
                    Ok(self.new_method(&f, class.as_value()))
                }
            }
            Some(Kind::Opaque) => match (d.opaque::<Member>(), o) {
                (Some(m), Some(o)) => self.member_get(m, o),
                _ => Ok(d.clone()),
            },
            _ => Ok(d.clone()),
        }
    }

    fn bind_native(&mut self, d: &Value, o: Option<&Value>, class: &Ref<Type>) -> R {
        let Some(n) = d.downcast::<Native>() else { return Ok(d.clone()) };
        let t = self.types();
        if n.ty().is(&t.classmethod_descriptor) {
            return Ok(self.bound_native(n, class.to_value()));
        }
        let (Some(o), Some(owner)) = (o, &n.owner) else { return Ok(d.clone()) };
        if n.ty().is(&t.builtin_function) || n.ty().is(&t.method_wrapper) {
            return Ok(d.clone());
        }
        if !class.is_subclass(owner) || !o.class(&self.heap).is_subclass(owner) {
            self.check_receiver(n.def.name, owner, o)?;
        }
        if is_getset(self, d) {
            return typed(n.def.entry)(self, Args::positional(std::slice::from_ref(o)));
        }
        Ok(self.bound_native(n, o.clone()))
    }

    /// A method of a built-in type with its receiver.
    pub fn bound_native(&self, n: &Ref<Native>, receiver: Value) -> Value {
        let t = self.types();
        let ty = if n.ty().is(&t.wrapper_descriptor) { &t.method_wrapper } else { &t.builtin_function };
        let native = Native {
            def: n.def,
            bound: Some(receiver),
            owner: n.owner.clone(),
            setter: None,
            module: Mut::new(Value::NONE),
        };
        self.heap.alloc(ty, native).into()
    }

    /// A bound method.
    pub fn new_method(&self, function: &Value, receiver: &Value) -> Value {
        let data = BoundMethod { function: function.clone(), receiver: receiver.clone() };
        self.heap.alloc(&self.types().method, data).into()
    }

    /// Runs `__set__` (or, without a value, `__delete__`) of a found class attribute; false if it has neither.
    pub fn descriptor_set(&mut self, d: &Value, o: &Value, v: Option<&Value>) -> R<bool> {
        let Some(h) = d.header() else { return Ok(false) };
        if h.ty().has(type_flags::HEAP | type_flags::IMMUTABLE) {
            let names = &self.types().names;
            let (set, delete) = (h.ty().lookup(&names.__set__), h.ty().lookup(&names.__delete__));
            let wanted = if v.is_some() { &set } else { &delete };
            return match wanted {
                Some(f) if serves_by_kind(f) => self.descriptor_set_builtin(d, o, v),
                Some(f) => {
                    let mut args = vec![o.clone()];
                    args.extend(v.cloned());
                    self.call_unbound(f, d, &args).map(|_| true)
                }
                None if set.is_none() && delete.is_none() => Ok(false),
                None => {
                    let missing = if v.is_some() { "__set__" } else { "__delete__" };
                    Err(self.attribute_error_text(missing))
                }
            };
        }
        self.descriptor_set_builtin(d, o, v)
    }

    /// [`Vm::descriptor_set`] by the descriptor's kind.
    pub fn descriptor_set_builtin(&mut self, d: &Value, o: &Value, v: Option<&Value>) -> R<bool> {
        if d.kind() == Some(Kind::Property) {
            self.property_set(d, o, v)?;
            return Ok(true);
        }
        if let Some(m) = d.opaque::<Member>() {
            self.check_receiver(&m.name.to_string(), &m.owner, o)?;
            if m.readonly {
                return Err(self.attribute_error_text("readonly attribute"));
            }
            let old = m.replace(o, v.cloned());
            if old.is_none() && v.is_none() {
                return Err(self.attribute_error_text(m.name.to_string()));
            }
            return Ok(true);
        }
        if !is_getset(self, d) {
            return Ok(false);
        }
        let Some(n) = d.downcast::<Native>() else { return Ok(false) };
        if let Some(owner) = &n.owner {
            self.check_receiver(n.def.name, owner, o)?;
        }
        let Some(setter) = n.setter else {
            let owner = n.owner.as_ref().map(|t| t.name_str()).unwrap_or_default();
            let text = if n.ty().is(&self.types().member_descriptor) {
                "readonly attribute".to_string()
            } else {
                format!("attribute '{}' of '{owner}' objects is not writable", n.def.name)
            };
            return Err(self.attribute_error_text(text));
        };
        self.run_setter(setter, o, v)?;
        Ok(true)
    }

    fn run_setter(&mut self, setter: Entry, o: &Value, v: Option<&Value>) -> R {
        let mut args = vec![o.clone()];
        args.extend(v.cloned());
        typed(setter)(self, Args::positional(&args))
    }

    fn member_get(&mut self, m: &Member, o: &Value) -> R {
        self.check_receiver(&m.name.to_string(), &m.owner, o)?;
        match m.get(o) {
            Some(v) => Ok(v),
            None => {
                let class = o.class(&self.heap).clone();
                let full = self.full_name(&class)?;
                // Unlike the other errors of attributes, with the module.
                let class = full.strip_prefix("__main__.").unwrap_or(&full);
                Err(self.attribute_error_text(format!("'{class}' object has no attribute '{}'", m.name)))
            }
        }
    }

    fn property_get(&mut self, d: &Value, o: &Value) -> R {
        let Some(p) = d.downcast::<Property>() else { return Ok(d.clone()) };
        let getter = p.getter.get();
        if getter.is_none() {
            return Err(self.property_lacks(p, o, "getter"));
        }
        self.call(&getter, std::slice::from_ref(o))
    }

    fn property_set(&mut self, d: &Value, o: &Value, v: Option<&Value>) -> R<()> {
        let Some(p) = d.downcast::<Property>() else { return Ok(()) };
        let (f, what) = if v.is_some() { (p.setter.get(), "setter") } else { (p.deleter.get(), "deleter") };
        if f.is_none() {
            return Err(self.property_lacks(p, o, what));
        }
        let mut args = vec![o.clone()];
        args.extend(v.cloned());
        self.call(&f, &args).map(drop)
    }

    fn property_lacks(&mut self, p: &Ref<Property>, o: &Value, what: &str) -> crate::vm::Exc {
        let class = o.class(&self.heap).qualname_str();
        let getter = p.getter.get();
        let name = match p.name.get() {
            None if !getter.is_none() => {
                let name = self.types().names.__name__.clone();
                match self.get_attr_opt(&getter, &name) {
                    Ok(name) => name,
                    Err(e) => return e,
                }
            }
            name => name,
        };
        let text = match name {
            Some(n) => match self.repr(&n) {
                Ok(n) => format!("property {n} of '{class}' object has no {what}"),
                Err(e) => return e,
            },
            None => format!("property of '{class}' object has no {what}"),
        };
        self.attribute_error_text(text)
    }

    /// Calls a special method that was found on the class of `o` with `o` before the arguments.
    pub fn call_unbound(&mut self, f: &Value, o: &Value, args: &[Value]) -> R {
        if self.is_method_descriptor(f) {
            let mut all = Vec::with_capacity(args.len() + 1);
            all.push(o.clone());
            all.extend_from_slice(args);
            return self.call(f, &all);
        }
        let class = o.class(&self.heap).clone();
        let bound = self.bind(f, Some(o), &class)?;
        self.call(&bound, args)
    }
}
