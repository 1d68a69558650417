//! Classes written in Rust that belong to native modules: declared as one table each, made when they are first asked for.

use crate::object::dict::Dict;
use crate::object::header::{Kind, Ref};
use crate::object::opaque::OpaqueData;
use crate::object::types::{Type, TypeTable, type_flags};
use crate::object::value::Value;
use crate::vm::member::Member;
use crate::vm::native::{Def, NativeFn};
use crate::vm::{Args, R, Vm};

/// A class of a native module.  It lives in a `static`, whose address is its identity in every interpreter.
pub struct Class {
    /// `__module__`.
    pub module: &'static str,
    /// `__name__`; messages say `module.name`, as CPython's do for such classes.
    pub name: &'static str,
    pub doc: &'static str,
    /// Layout of instances: [`Kind::Opaque`] or [`Kind::Iter`], or that of `base`.
    pub kind: Kind,
    /// Flags beside those that `kind` and `base` bring.
    pub flags: u32,
    /// The base, where it is not `object`.
    pub base: Option<fn(&TypeTable) -> &Ref<Type>>,
    /// The base, where it is another class of a native module.
    pub parent: Option<&'static Class>,
    /// `__new__`, which gets the class first; without one Python code cannot make instances.
    pub new: Option<Def>,
    pub methods: &'static [Def],
    pub class_methods: &'static [Def],
    /// Attributes: name, getter, setter.
    pub getset: &'static [(&'static str, NativeFn, Option<NativeFn>)],
    /// Which of them are plain fields in CPython, `member_descriptor`s.
    pub fields: &'static [&'static str],
    /// Slots of instances, as `__slots__` makes them, where the layout of `base` has no room for what this class adds.
    pub members: &'static [&'static str],
    /// Says `__hash__ = None`.
    pub unhashable: bool,
}

/// What most classes have; the others name what is different.
pub const CLASS: Class = Class {
    module: "builtins",
    name: "",
    doc: "",
    kind: Kind::Opaque,
    flags: 0,
    base: None,
    parent: None,
    new: None,
    methods: &[],
    class_methods: &[],
    getset: &[],
    fields: &[],
    members: &[],
    unhashable: false,
};

impl Vm {
    /// The class that a table declares, the same one each time.
    pub fn native_class(&mut self, class: &'static Class) -> Ref<Type> {
        let key = std::ptr::from_ref(class) as usize;
        if let Some(t) = self.native.classes.get(&key) {
            return t.clone();
        }
        let made = self.make_class(class);
        self.native.classes.insert(key, made.clone());
        made
    }

    /// The data of an object of a native class itself: of none that Python code has derived from it, whose methods may be
    /// others.
    pub fn native_data<'a, T: OpaqueData>(&self, o: &'a Value) -> Option<&'a T> {
        o.opaque::<T>().filter(|_| !o.class(&self.heap).has(type_flags::HEAP))
    }

    fn make_class(&mut self, class: &'static Class) -> Ref<Type> {
        let base = match class.parent {
            Some(parent) => self.native_class(parent),
            None => class.base.map_or(&self.types().object, |b| b(self.types())).clone(),
        };
        let mut tail = vec![base.clone()];
        tail.extend(base.mro.borrow().classes().iter().cloned());
        let meta = self.types().type_.clone();
        let full = match class.module {
            "builtins" => self.intern(class.name),
            module => self.intern(&format!("{module}.{}", class.name)),
        };
        // Where the base is served by kind, only the flag of Python classes has the methods of this one asked first.
        let overrides = if class.base.is_some() { type_flags::HEAP } else { 0 };
        let slots = type_flags::ATTRS | type_flags::NO_DICT | type_flags::SLOTS;
        let slots = if class.members.is_empty() { 0 } else { slots };
        let inherited = type_flags::SEQUENCE | type_flags::MAPPING | type_flags::MATCH_SELF;
        let inherited = inherited | type_flags::FINALIZER | type_flags::WEAKREF | type_flags::PLAIN_END;
        let inherited = base.flags.get() & inherited;
        let flags = class.flags | inherited | overrides | slots | type_flags::IMMUTABLE;
        let t = Type::new(&self.heap, &meta, &full, vec![base], tail, Dict::new(&self.heap), class.kind, flags);
        t.qualname.set(self.intern(class.name).to_value());
        let (module, doc) = (self.intern(class.module).to_value(), self.new_str(class.doc));
        let names = &self.types().names;
        t.dict.set_str(&self.heap, &names.__module__, module);
        t.dict.set_str(&self.heap, &names.__doc__, doc);
        if let Some(new) = &class.new {
            self.add_static(&t, std::slice::from_ref(new));
        } else if class.base.is_none() && class.parent.is_none() {
            self.add_static(&t, &[super::native::def_kw("__new__", 0, super::native::ANY, refuse_new)]);
        }
        self.add_methods(&t, class.methods);
        self.add_class_methods(&t, class.class_methods);
        for (name, get, set) in class.getset {
            if class.fields.contains(name) {
                self.add_member(&t, name, *get, *set);
            } else {
                self.add_getset(&t, name, *get, *set);
            }
        }
        if t.has(type_flags::ATTRS) && !t.has(type_flags::NO_DICT) {
            self.add_getset(&t, "__dict__", super::class::get_dict, Some(super::class::set_dict));
        }
        for name in class.members {
            let name = self.intern(name);
            let member = self.new_member(&t, &name);
            t.dict.set_str(&self.heap, &name, member);
        }
        if class.unhashable {
            t.dict.set_str(&self.heap, &self.types().names.__hash__, Value::NONE);
        }
        t.modified();
        t
    }

    /// The data of the receiver of a method of an opaque class.
    pub fn receiver<'a, T: OpaqueData>(&mut self, a: Args<'a>) -> R<&'a T> {
        match a.pos.first().and_then(|v| v.opaque::<T>()) {
            Some(data) => Ok(data),
            None => Err(self.wrong_receiver(a)),
        }
    }

    /// The slot `name` of an object of a native class; None where it is not set.
    pub fn slot(&mut self, class: &'static Class, name: &str, o: &Value) -> Option<Value> {
        let t = self.native_class(class);
        t.dict.get_str(&self.intern(name))?.opaque::<Member>()?.get(o)
    }

    /// Sets a slot of an object of a native class.
    pub fn set_slot(&mut self, class: &'static Class, name: &str, o: &Value, v: Value) {
        let t = self.native_class(class);
        let member = t.dict.get_str(&self.intern(name));
        if let Some(m) = member.as_ref().and_then(|m| m.opaque::<Member>()) {
            drop(m.replace(o, Some(v)));
        }
    }

    /// Runs `f` unless it is already running for this object (its `repr` contains itself), which gives `text`.
    pub fn guard_repr(&mut self, o: &Value, text: &str, f: impl FnOnce(&mut Vm) -> R) -> R {
        if self.native.repr_active.contains(&o.bits()) {
            return Ok(self.new_str(text));
        }
        self.check_repr_depth()?;
        self.native.repr_active.insert(o.bits());
        let result = f(self);
        self.native.repr_active.remove(&o.bits());
        result
    }

    /// The class that `__new__` of a native class gets first.  The caller of `__new__` has checked it.
    pub fn class_argument(&mut self, a: Args<'_>) -> R<Ref<Type>> {
        match a.pos.first().and_then(|v| v.downcast::<Type>()) {
            Some(t) => Ok(t.clone()),
            None => Err(self.type_error("__new__(): not enough arguments")),
        }
    }

    #[cold]
    pub(super) fn wrong_receiver(&mut self, a: Args<'_>) -> crate::vm::Exc {
        let got = a.pos.first().map(|v| self.class_name(v)).unwrap_or_default();
        self.type_error(format!("descriptor doesn't apply to a '{got}' object"))
    }
}

fn refuse_new(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    let name = class.name_str();
    Err(vm.type_error(format!("cannot create '{name}' instances")))
}
