//! `FrameLocalsProxy`: the locals of a frame as a mapping that writes through (PEP 667).
//!
//! Reading goes by a dict of what is bound at that moment; writing goes to the frame.

use super::frame::frame_of;
use crate::object::dict::Dict;
use crate::object::frame::FrameObject;
use crate::object::header::Ref;
use crate::object::opaque::Opaque;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{Def, def, def_kw};
use crate::vm::{Args, R, Vm};

struct Proxy {
    frame: Value,
}

opaque_data!(Proxy { frame });

/// The methods that a dict of the locals has as well.
macro_rules! delegates {
    ($($f:ident $name:literal $min:literal $max:literal;)*) => {
        $(fn $f(vm: &mut Vm, a: Args<'_>) -> R {
            let locals = snapshot(vm, a)?;
            let name = vm.intern($name);
            vm.call_method(&locals.into(), &name, &a.pos[1..])
        })*
        const DELEGATES: &[Def] = &[$(def($name, $min, $max, $f)),*];
    };
}

delegates! {
    contains "__contains__" 2 2;
    len "__len__" 1 1;
    iter "__iter__" 1 1;
    get "get" 2 3;
    copy "copy" 1 1;
}

/// Views are of the moment, so they are lists.
macro_rules! lists {
    ($($f:ident $name:literal;)*) => {
        $(fn $f(vm: &mut Vm, a: Args<'_>) -> R {
            let locals = snapshot(vm, a)?;
            let name = vm.intern($name);
            let view = vm.call_method(&locals.into(), &name, &[])?;
            let list: Value = vm.types().list.clone().into();
            vm.call(&list, &[view])
        })*
        const LISTS: &[Def] = &[$(def($name, 1, 1, $f)),*];
    };
}

lists! {
    reversed "__reversed__";
    keys "keys";
    values "values";
    items "items";
}

const OWN: &[Def] = &[
    def("__getitem__", 2, 2, get_item),
    def("__setitem__", 3, 3, set_item),
    def("__delitem__", 2, 2, delete_item),
    def("__repr__", 1, 1, repr),
    def("__eq__", 2, 2, eq),
    def("__ne__", 2, 2, ne),
    def("__or__", 2, 2, or),
    def("__ror__", 2, 2, ror),
    def("__ior__", 2, 2, update_in_place),
    def("pop", 2, 3, delete_item),
    def("setdefault", 2, 3, setdefault),
    def_kw("update", 2, 2, update),
];

pub(super) fn install(vm: &mut Vm) {
    let class = vm.types().frame_locals_proxy.clone();
    vm.add_static(&class, &[def_kw("__new__", 1, 2, new)]);
    vm.add_methods(&class, DELEGATES);
    vm.add_methods(&class, LISTS);
    vm.add_methods(&class, OWN);
}

/// A proxy of the locals of a frame object.
pub(super) fn proxy(vm: &Vm, frame: &Value) -> Value {
    vm.heap.alloc(&vm.types().frame_locals_proxy, Opaque { data: Box::new(Proxy { frame: frame.clone() }) }).into()
}

/// `FrameLocalsProxy(frame)`.
fn new(vm: &mut Vm, a: Args<'_>) -> R {
    match a.get(1) {
        Some(_) if !a.names.is_empty() => Err(vm.type_error("FrameLocalsProxy takes no keyword arguments")),
        Some(v) if frame_of(v).is_some() => Ok(proxy(vm, v)),
        Some(v) => {
            let name = vm.class_name(v);
            Err(vm.type_error(format!("expect frame, not {name}")))
        }
        None => Err(vm.type_error("FrameLocalsProxy expected 1 argument, got 0")),
    }
}

fn frame(vm: &mut Vm, v: &Value) -> R<Value> {
    match v.opaque::<Proxy>() {
        Some(p) => Ok(p.frame.clone()),
        None => Err(vm.type_error("descriptor of 'FrameLocalsProxy' needs a FrameLocalsProxy")),
    }
}

/// What is bound in a frame at this moment.
pub fn locals_of(vm: &mut Vm, f: &FrameObject) -> R<Ref<Dict>> {
    let dict = Dict::new(&vm.heap);
    for (i, name) in f.code.local_names.iter().enumerate() {
        if let Some(v) = vm.frame_local(f, i) {
            drop(dict.set_str(&vm.heap, name, v));
        }
    }
    if let Some(added) = f.added.get() {
        for (key, v) in added.items() {
            vm.dict_set(&dict, key, v)?;
        }
    }
    Ok(dict)
}

fn snapshot(vm: &mut Vm, a: Args<'_>) -> R<Ref<Dict>> {
    let frame = frame(vm, &a.pos[0])?;
    match frame_of(&frame) {
        Some(f) => locals_of(vm, f.data()),
        None => Ok(Dict::new(&vm.heap)),
    }
}

/// The register of a name of a frame's code.  A key that is no plain str is asked whether it equals one.
fn register(vm: &mut Vm, f: &FrameObject, key: &Value) -> R<Option<usize>> {
    if let Some(key) = key.downcast::<Str>()
        && key.ty().is(&vm.types().str)
    {
        return Ok(f.code.local_names.iter().position(|n| n.is(key) || **n == **key));
    }
    let hash = vm.hash(key)?;
    for (i, name) in f.code.local_names.iter().enumerate() {
        if vm.hash(name.as_value())? == hash && vm.eq(name.as_value(), key)? {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

fn get_item(vm: &mut Vm, a: Args<'_>) -> R {
    let locals = snapshot(vm, a)?;
    match vm.dict_get(&locals, &a.pos[1])? {
        Some(v) => Ok(v),
        None => {
            let key = vm.repr(&a.pos[1])?;
            let text = vm.new_str(&format!("local variable '{key}' is not defined"));
            Err(vm.key_error(&text))
        }
    }
}

fn set_item(vm: &mut Vm, a: Args<'_>) -> R {
    let frame = frame(vm, &a.pos[0])?;
    let Some(f) = frame_of(&frame) else { return Ok(Value::NONE) };
    let (f, key, value) = (f.data(), &a.pos[1], a.pos[2].clone());
    if let Some(i) = register(vm, f, key)? {
        vm.set_frame_local(f, i, value);
        return Ok(Value::NONE);
    }
    let added = match f.added.get() {
        Some(added) => added,
        None => {
            let added = Dict::new(&vm.heap);
            f.added.set(Some(added.clone()));
            added
        }
    };
    vm.dict_set(&added, key.clone(), value)?;
    Ok(Value::NONE)
}

fn delete_item(vm: &mut Vm, a: Args<'_>) -> R {
    let frame = frame(vm, &a.pos[0])?;
    let Some(f) = frame_of(&frame) else { return Ok(Value::NONE) };
    let (f, key) = (f.data(), &a.pos[1]);
    if register(vm, f, key)?.is_some() {
        return Err(vm.value_error("cannot remove local variables from FrameLocalsProxy"));
    }
    let removed = match f.added.get() {
        Some(added) => vm.dict_remove(&added, key)?,
        None => None,
    };
    match removed.or_else(|| a.get(2).cloned()) {
        Some(v) => Ok(v),
        None => Err(vm.key_error(key)),
    }
}

fn setdefault(vm: &mut Vm, a: Args<'_>) -> R {
    let locals = snapshot(vm, a)?;
    if let Some(v) = vm.dict_get(&locals, &a.pos[1])? {
        return Ok(v);
    }
    let default = a.get(2).cloned().unwrap_or(Value::NONE);
    set_item(vm, Args::positional(&[a.pos[0].clone(), a.pos[1].clone(), default.clone()]))?;
    Ok(default)
}

fn update(vm: &mut Vm, a: Args<'_>) -> R {
    a.check_keywords(vm, "update", &[])?;
    if a.pos[1].downcast::<Dict>().is_none() && a.pos[1].opaque::<Proxy>().is_none() {
        return Err(vm.type_error("update() argument must be dict or another FrameLocalsProxy"));
    }
    let other = Dict::new(&vm.heap);
    let name = vm.intern("update");
    vm.call_method(&other.to_value(), &name, &a.pos[1..])?;
    for (key, v) in other.items() {
        set_item(vm, Args::positional(&[a.pos[0].clone(), key, v]))?;
    }
    Ok(Value::NONE)
}

fn update_in_place(vm: &mut Vm, a: Args<'_>) -> R {
    update(vm, a)?;
    Ok(a.pos[0].clone())
}

/// Another proxy as the dict of its locals; anything else as it is.
fn plain(vm: &mut Vm, v: &Value) -> R {
    if v.opaque::<Proxy>().is_none() {
        return Ok(v.clone());
    }
    Ok(snapshot(vm, Args::positional(std::slice::from_ref(v)))?.into())
}

fn eq(vm: &mut Vm, a: Args<'_>) -> R {
    if let Some(other) = a.pos[1].opaque::<Proxy>() {
        let own = frame(vm, &a.pos[0])?;
        return Ok(Value::bool(own.is(&other.frame)));
    }
    if a.pos[1].downcast::<Dict>().is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let locals: Value = snapshot(vm, a)?.into();
    Ok(Value::bool(vm.eq(&locals, &a.pos[1])?))
}

fn ne(vm: &mut Vm, a: Args<'_>) -> R {
    let equal = eq(vm, a)?;
    Ok(equal.as_bool().map_or(equal, |b| Value::bool(!b)))
}

fn or(vm: &mut Vm, a: Args<'_>) -> R {
    let (left, right) = (plain(vm, &a.pos[0])?, plain(vm, &a.pos[1])?);
    let name = vm.intern("__or__");
    vm.call_method(&left, &name, &[right])
}

fn ror(vm: &mut Vm, a: Args<'_>) -> R {
    let (left, right) = (plain(vm, &a.pos[1])?, plain(vm, &a.pos[0])?);
    let name = vm.intern("__or__");
    vm.call_method(&left, &name, &[right])
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let own = frame(vm, &a.pos[0])?;
    vm.guard_repr(&own, "{...}", |vm| {
        let locals: Value = snapshot(vm, a)?.into();
        Ok(vm.repr(&locals)?.into())
    })
}
