//! `property`, `staticmethod`, `classmethod`.

use crate::object::cell::Mut;
use crate::object::function::{ClassMethod, Property, StaticMethod};
use crate::object::header::Ref;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::{Args, R, Vm};

pub fn install(vm: &mut Vm) {
    let property = vm.types().property.clone();
    vm.add_static(&property, &[def_kw("__new__", 1, ANY, property_new)]);
    vm.add_methods(&property, PROPERTY);
    vm.add_member(&property, "fget", |_, a| property_part(a, |p| p.getter.get()), None);
    vm.add_member(&property, "fset", |_, a| property_part(a, |p| p.setter.get()), None);
    vm.add_member(&property, "fdel", |_, a| property_part(a, |p| p.deleter.get()), None);
    vm.add_getset(&property, "__doc__", |_, a| property_part(a, |p| p.doc.get()), Some(set_property_doc));
    vm.add_getset(&property, "__name__", get_property_name, Some(set_property_name));

    for (class, new, init) in [
        (vm.types().staticmethod.clone(), def_kw("__new__", 1, ANY, static_new), def("__init__", 2, 2, static_init)),
        (vm.types().classmethod.clone(), def_kw("__new__", 1, ANY, class_new), def("__init__", 2, 2, class_init)),
    ] {
        vm.add_static(&class, &[new]);
        vm.add_methods(&class, &[init, def("__get__", 2, 3, get), super::slots::REPR]);
        vm.add_member(&class, "__func__", wrapped, None);
        vm.add_member(&class, "__wrapped__", wrapped, None);
        super::callables::add_dict(vm, &class);
        vm.add_getset(
            &class,
            "__annotations__",
            |vm, a| of_wrapped(vm, a, "__annotations__"),
            Some(|vm, a| set_of_wrapper(vm, a, "__annotations__")),
        );
        vm.add_getset(
            &class,
            "__annotate__",
            |vm, a| of_wrapped(vm, a, "__annotate__"),
            Some(|vm, a| set_of_wrapper(vm, a, "__annotate__")),
        );
    }
    let t = vm.types();
    for class in [t.property.clone(), t.staticmethod.clone(), t.classmethod.clone()] {
        vm.add_getset(&class, "__isabstractmethod__", is_abstract, None);
    }
    let class = vm.types().staticmethod.clone();
    vm.add_methods(&class, &[def_kw("__call__", 1, ANY, static_call)]);
}

/// Whether a function behind a descriptor says that it is abstract.
fn is_abstract(vm: &mut Vm, a: Args<'_>) -> R {
    let name = vm.intern("__isabstractmethod__");
    let o = &a.pos[0];
    let parts = match (o.downcast::<Property>(), o.downcast::<StaticMethod>(), o.downcast::<ClassMethod>()) {
        (Some(p), _, _) => vec![p.getter.get(), p.setter.get(), p.deleter.get()],
        (_, Some(s), _) => vec![s.function.get()],
        (_, _, Some(c)) => vec![c.function.get()],
        _ => Vec::new(),
    };
    for f in parts {
        if let Some(v) = vm.get_attr_opt(&f, &name)?
            && vm.truth(&v)?
        {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

const PROPERTY: &[Def] = &[
    def_kw("__init__", 1, ANY, property_init),
    def("__get__", 2, 3, get),
    def("__set__", 3, 3, set),
    def("__delete__", 2, 2, delete),
    def("getter", 2, 2, |vm, a| property_copy(vm, a, 0)),
    def("setter", 2, 2, |vm, a| property_copy(vm, a, 1)),
    def("deleter", 2, 2, |vm, a| property_copy(vm, a, 2)),
    def("__set_name__", 1, ANY, property_name),
];

/// `descriptor.__get__(instance, owner=None)` of every built-in descriptor.
pub(super) fn get(vm: &mut Vm, a: Args<'_>) -> R {
    let o = &a.pos[1];
    let owner = a.get(2).filter(|t| !t.is_none());
    if o.is_none() && owner.is_none() {
        return Err(vm.type_error("__get__(None, None) is invalid"));
    }
    let class = match owner.map(|t| t.downcast::<Type>()) {
        Some(Some(t)) => t.clone(),
        _ => o.class(&vm.heap).clone(),
    };
    // `None` is an instance only where its class is asked for.
    let is_instance = !o.is_none() || class.is(&vm.types().none_type);
    vm.bind_builtin(&a.pos[0], is_instance.then_some(o), &class)
}

/// `descriptor.__set__(instance, value)`.
pub(super) fn set(vm: &mut Vm, a: Args<'_>) -> R {
    vm.descriptor_set_builtin(&a.pos[0], &a.pos[1], Some(&a.pos[2]))?;
    Ok(Value::NONE)
}

/// `descriptor.__delete__(instance)`.
pub(super) fn delete(vm: &mut Vm, a: Args<'_>) -> R {
    vm.descriptor_set_builtin(&a.pos[0], &a.pos[1], None)?;
    Ok(Value::NONE)
}

/// The class that `__new__` gets first.
pub(super) fn class_arg(vm: &mut Vm, a: Args<'_>) -> R<Ref<Type>> {
    match a.get(0).and_then(|c| c.downcast::<Type>()) {
        Some(t) => Ok(t.clone()),
        None => Err(vm.type_error("__new__(X): X is not a type object")),
    }
}

fn none() -> Mut<Value> {
    Mut::new(Value::NONE)
}

fn property_new(vm: &mut Vm, a: Args<'_>) -> R {
    let class = class_arg(vm, a)?;
    let p = Property {
        getter: none(),
        setter: none(),
        deleter: none(),
        doc: none(),
        doc_of_getter: Default::default(),
        name: Mut::new(None),
    };
    Ok(vm.heap.alloc(&class, p).into())
}

fn property_init(vm: &mut Vm, a: Args<'_>) -> R {
    const NAMES: [&str; 4] = ["fget", "fset", "fdel", "doc"];
    let given = a.pos.len() - 1 + a.names.len();
    if given > 4 {
        return Err(vm.type_error(format!("property() takes at most 4 arguments ({given} given)")));
    }
    a.check_keywords(vm, "property", &NAMES)?;
    let Some(p) = a.pos[0].downcast::<Property>().cloned() else { return Ok(Value::NONE) };
    let [fget, fset, fdel, doc] =
        std::array::from_fn(|i| a.get_or_keyword(i + 1, NAMES[i]).cloned().unwrap_or(Value::NONE));
    p.getter.set(fget.clone());
    p.setter.set(fset);
    p.deleter.set(fdel);
    p.name.set(None);
    let given = !doc.is_none();
    let doc = if given { doc } else { doc_of(vm, &fget)? };
    p.doc_of_getter.set(!given && !doc.is_none());
    // A subclass has a `__doc__` of its own in front of the descriptor here, so the instance has it and not the property;
    // copies of that have only the getter's.
    if !p.ty().has(type_flags::HEAP) {
        p.doc.set(doc);
    } else {
        p.doc.set(Value::NONE);
        let name = vm.types().names.__doc__.clone();
        match vm.set_attr(p.as_value(), &name, doc) {
            // Without a place for it, a docstring that was asked for is dropped; the getter's is an error.
            Err(e) if !p.doc_of_getter.get() && vm.is_exception(&e, &vm.types().AttributeError) => {}
            result => result?,
        }
    }
    Ok(Value::NONE)
}

fn doc_of(vm: &mut Vm, f: &Value) -> R {
    if f.is_none() {
        return Ok(Value::NONE);
    }
    let name = vm.types().names.__doc__.clone();
    Ok(vm.get_attr_opt(f, &name)?.unwrap_or(Value::NONE))
}

/// A copy of the property, of its class, with one of the three functions replaced.
fn property_copy(vm: &mut Vm, a: Args<'_>, which: usize) -> R {
    let Some(p) = a.pos[0].downcast::<Property>().cloned() else { return Ok(Value::NONE) };
    let mut parts = vec![p.getter.get(), p.setter.get(), p.deleter.get(), p.doc.get()];
    if !a.pos[1].is_none() {
        parts[which] = a.pos[1].clone();
    }
    if p.doc_of_getter.get() && !parts[0].is_none() {
        parts[3] = Value::NONE;
    }
    let class = p.ty().to_value();
    let copy = vm.call(&class, &parts)?;
    if let Some(c) = copy.downcast::<Property>() {
        c.name.set(p.name.get());
    }
    Ok(copy)
}

fn property_name(vm: &mut Vm, a: Args<'_>) -> R {
    if a.pos.len() != 3 {
        let given = a.pos.len() - 1;
        return Err(vm.type_error(format!("__set_name__() takes 2 positional arguments but {given} were given")));
    }
    if let Some(p) = a.pos[0].downcast::<Property>() {
        p.name.set(Some(a.pos[2].clone()));
    }
    Ok(Value::NONE)
}

fn property_part(a: Args<'_>, part: fn(&Property) -> Value) -> R {
    Ok(a.pos[0].downcast::<Property>().map_or(Value::NONE, |p| part(p)))
}

fn set_property_doc(_: &mut Vm, a: Args<'_>) -> R {
    if let Some(p) = a.pos[0].downcast::<Property>() {
        p.doc.set(a.get(1).cloned().unwrap_or(Value::NONE));
    }
    Ok(Value::NONE)
}

fn get_property_name(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(p) = a.pos[0].downcast::<Property>().cloned() else { return Ok(Value::NONE) };
    if let Some(name) = p.name.get() {
        return Ok(name);
    }
    let name = vm.types().names.__name__.clone();
    let getter = p.getter.get();
    if !getter.is_none()
        && let Some(v) = vm.get_attr_opt(&getter, &name)?
    {
        return Ok(v);
    }
    Err(vm.no_attribute(p.as_value(), &name))
}

fn set_property_name(_: &mut Vm, a: Args<'_>) -> R {
    if let Some(p) = a.pos[0].downcast::<Property>() {
        p.name.set(a.get(1).cloned());
    }
    Ok(Value::NONE)
}

fn static_new(vm: &mut Vm, a: Args<'_>) -> R {
    let class = class_arg(vm, a)?;
    Ok(vm.heap.alloc(&class, StaticMethod { function: none() }).into())
}

fn class_new(vm: &mut Vm, a: Args<'_>) -> R {
    let class = class_arg(vm, a)?;
    Ok(vm.heap.alloc(&class, ClassMethod { function: none() }).into())
}

fn static_init(vm: &mut Vm, a: Args<'_>) -> R {
    if let Some(s) = a.pos[0].downcast::<StaticMethod>() {
        s.function.set(a.pos[1].clone());
    }
    copy_names(vm, &a.pos[0], &a.pos[1])
}

fn class_init(vm: &mut Vm, a: Args<'_>) -> R {
    if let Some(c) = a.pos[0].downcast::<ClassMethod>() {
        c.function.set(a.pos[1].clone());
    }
    copy_names(vm, &a.pos[0], &a.pos[1])
}

/// Gives a wrapper the name and docstring of what it wraps.
fn copy_names(vm: &mut Vm, wrapper: &Value, f: &Value) -> R {
    let names = &vm.types().names;
    for name in [&names.__module__, &names.__name__, &names.__qualname__, &names.__doc__].map(Ref::clone) {
        if let Some(v) = vm.get_attr_opt(f, &name)? {
            vm.instance_set(wrapper, &name, v);
        }
    }
    Ok(Value::NONE)
}

fn wrapped(_: &mut Vm, a: Args<'_>) -> R {
    let o = &a.pos[0];
    let f = o.downcast::<StaticMethod>().map(|s| s.function.get());
    Ok(f.or_else(|| o.downcast::<ClassMethod>().map(|c| c.function.get())).unwrap_or(Value::NONE))
}

/// `__annotations__` or `__annotate__`: what the instance has, else that of what it wraps, which the instance keeps.
fn of_wrapped(vm: &mut Vm, a: Args<'_>, name: &str) -> R {
    let name = vm.intern(name);
    if let Some(v) = vm.instance_get(&a.pos[0], &name) {
        return Ok(v);
    }
    let f = wrapped(vm, a)?;
    let v = vm.get_attr(&f, &name)?;
    vm.instance_set(&a.pos[0], &name, v.clone());
    Ok(v)
}

fn set_of_wrapper(vm: &mut Vm, a: Args<'_>, name: &str) -> R {
    let name = vm.intern(name);
    match a.get(1) {
        Some(v) => {
            vm.instance_set(&a.pos[0], &name, v.clone());
        }
        None => {
            if vm.instance_remove(&a.pos[0], &name).is_none() {
                return Err(vm.attribute_error(&a.pos[0], &name));
            }
        }
    }
    Ok(Value::NONE)
}

fn static_call(vm: &mut Vm, a: Args<'_>) -> R {
    let f = wrapped(vm, a)?;
    vm.call_args(&f, Args { pos: &a.pos[1..], ..a })
}
