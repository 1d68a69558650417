//! `attrgetter`, `itemgetter`, `methodcaller`.

use crate::object::header::Ref;
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::str::builder::StrBuilder;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

/// Names as they were given, and split at their dots.
struct AttrGetter {
    names: Vec<Value>,
    paths: Vec<Vec<Ref<Str>>>,
}

opaque_data!(AttrGetter { names, paths });

pub static ATTRGETTER: Class = Class {
    module: "operator",
    name: "attrgetter",
    doc: "attrgetter(attr, /, *attrs): a function that gives these attributes of its argument.",
    flags: type_flags::BASE,
    new: Some(def_kw("__new__", 0, ANY, new_attrgetter)),
    methods: &[
        def_kw("__call__", 1, ANY, call_attrgetter),
        def("__repr__", 1, 1, |vm, a| {
            let names = &vm.receiver::<AttrGetter>(a)?.names;
            repr(vm, a, names, &[])
        }),
        def("__reduce__", 1, 1, |vm, a| {
            let names = vm.receiver::<AttrGetter>(a)?.names.clone();
            reduce(vm, a, names)
        }),
    ],
    ..CLASS
};

fn new_attrgetter(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    let a = a.rest();
    a.between(vm, "attrgetter", 1, a.pos.len().max(1))?;
    let mut paths = Vec::with_capacity(a.pos.len());
    for name in a.pos {
        let Some(text) = name.downcast::<Str>() else {
            return Err(vm.type_error("attribute name must be a string"));
        };
        paths.push(text.to_string().split('.').map(|part| vm.intern(part)).collect());
    }
    Ok(vm.new_opaque(&class, AttrGetter { names: a.pos.to_vec(), paths }))
}

fn call_attrgetter(vm: &mut Vm, a: Args<'_>) -> R {
    let getter = vm.receiver::<AttrGetter>(a)?;
    a.rest().between(vm, "attrgetter", 1, 1)?;
    let mut found = Vec::with_capacity(getter.paths.len());
    for path in &getter.paths {
        let mut v = a.pos[1].clone();
        for name in path {
            v = vm.get_attr(&v, name)?;
        }
        found.push(v);
    }
    one_or_tuple(vm, found)
}

fn one_or_tuple(vm: &Vm, mut found: Vec<Value>) -> R {
    Ok(match found.len() {
        1 => found.remove(0),
        _ => Tuple::new(&vm.heap, found).into(),
    })
}

struct ItemGetter {
    keys: Vec<Value>,
}

opaque_data!(ItemGetter { keys });

pub static ITEMGETTER: Class = Class {
    module: "operator",
    name: "itemgetter",
    doc: "itemgetter(item, /, *items): a function that gives these items of its argument.",
    flags: type_flags::BASE,
    new: Some(def_kw("__new__", 0, ANY, new_itemgetter)),
    methods: &[
        def_kw("__call__", 1, ANY, call_itemgetter),
        def("__repr__", 1, 1, |vm, a| {
            let keys = &vm.receiver::<ItemGetter>(a)?.keys;
            repr(vm, a, keys, &[])
        }),
        def("__reduce__", 1, 1, |vm, a| {
            let keys = vm.receiver::<ItemGetter>(a)?.keys.clone();
            reduce(vm, a, keys)
        }),
    ],
    ..CLASS
};

fn new_itemgetter(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    let a = a.rest();
    a.between(vm, "itemgetter", 1, a.pos.len().max(1))?;
    Ok(vm.new_opaque(&class, ItemGetter { keys: a.pos.to_vec() }))
}

fn call_itemgetter(vm: &mut Vm, a: Args<'_>) -> R {
    let getter = vm.receiver::<ItemGetter>(a)?;
    a.rest().between(vm, "itemgetter", 1, 1)?;
    if let [key] = &*getter.keys {
        return vm.get_item(&a.pos[1], key);
    }
    let mut found = Vec::with_capacity(getter.keys.len());
    for key in &getter.keys {
        found.push(vm.get_item(&a.pos[1], key)?);
    }
    one_or_tuple(vm, found)
}

struct MethodCaller {
    name: Ref<Str>,
    args: Vec<Value>,
    names: Vec<Value>,
    values: Vec<Value>,
}

opaque_data!(MethodCaller { name, args, names, values });

pub static METHODCALLER: Class = Class {
    module: "operator",
    name: "methodcaller",
    doc: "methodcaller(name, /, *args, **kwargs): a function that calls this method of its argument.",
    flags: type_flags::BASE,
    new: Some(def_kw("__new__", 0, ANY, new_methodcaller)),
    methods: &[
        def_kw("__call__", 1, ANY, call_methodcaller),
        def("__repr__", 1, 1, repr_methodcaller),
        def("__reduce__", 1, 1, reduce_methodcaller),
    ],
    ..CLASS
};

fn new_methodcaller(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    let Some(name) = a.get(1) else {
        return Err(vm.type_error("methodcaller needs at least one argument, the method name"));
    };
    let Some(name) = name.downcast::<Str>() else {
        return Err(vm.type_error("method name must be a string"));
    };
    let state = MethodCaller {
        name: vm.heap.interned.intern(name),
        args: a.pos[2..].to_vec(),
        names: a.names.to_vec(),
        values: a.values.to_vec(),
    };
    Ok(vm.new_opaque(&class, state))
}

fn call_methodcaller(vm: &mut Vm, a: Args<'_>) -> R {
    let m = vm.receiver::<MethodCaller>(a)?;
    a.rest().between(vm, "methodcaller", 1, 1)?;
    let (f, receiver) = vm.load_method(&a.pos[1], &m.name)?;
    let pos: Vec<Value> = receiver.into_iter().chain(m.args.iter().cloned()).collect();
    vm.call_args(&f, Args { pos: &pos, names: &m.names, values: &m.values })
}

fn repr_methodcaller(vm: &mut Vm, a: Args<'_>) -> R {
    let m = vm.receiver::<MethodCaller>(a)?;
    let parts: Vec<Value> = std::iter::once(m.name.to_value()).chain(m.args.iter().cloned()).collect();
    let keywords: Vec<(Value, Value)> = m.names.iter().cloned().zip(m.values.iter().cloned()).collect();
    repr(vm, a, &parts, &keywords)
}

/// With keywords it is made again by a partial of the class.
fn reduce_methodcaller(vm: &mut Vm, a: Args<'_>) -> R {
    let m = vm.receiver::<MethodCaller>(a)?;
    let all: Vec<Value> = std::iter::once(m.name.to_value()).chain(m.args.iter().cloned()).collect();
    if m.names.is_empty() {
        return reduce(vm, a, all);
    }
    let class: Value = a.pos[0].class(&vm.heap).clone().into();
    let partial: Value = vm.native_class(&super::super::functools::partial::PARTIAL).into();
    let first = [class, m.name.to_value()];
    let make = vm.call_args(&partial, Args { pos: &first, names: &m.names, values: &m.values })?;
    let args: Value = Tuple::new(&vm.heap, m.args.clone()).into();
    Ok(Tuple::new(&vm.heap, [make, args]).into())
}

/// `operator.name(parts, key=value)`.
fn repr(vm: &mut Vm, a: Args<'_>, parts: &[Value], keywords: &[(Value, Value)]) -> R {
    vm.guard_repr(&a.pos[0], "...", |vm| {
        let class = a.pos[0].class(&vm.heap).clone();
        let mut out = StrBuilder::new();
        out.push_str(&vm.full_name(&class)?);
        out.push_str("(");
        for (i, v) in parts.iter().enumerate() {
            out.push_str(if i == 0 { "" } else { ", " });
            out.push_ref(&*vm.repr(v)?);
        }
        for (k, v) in keywords {
            out.push_str(", ");
            out.push_ref(&*vm.str(k)?);
            out.push_str("=");
            out.push_ref(&*vm.repr(v)?);
        }
        out.push_str(")");
        Ok(out.finish(&vm.heap).into())
    })
}

fn reduce(vm: &mut Vm, a: Args<'_>, args: Vec<Value>) -> R {
    let class: Value = a.pos[0].class(&vm.heap).clone().into();
    let args: Value = Tuple::new(&vm.heap, args).into();
    Ok(Tuple::new(&vm.heap, [class, args]).into())
}
