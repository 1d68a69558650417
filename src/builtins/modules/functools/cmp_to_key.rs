//! `cmp_to_key`: objects that compare by a function of two.

use crate::code::operators::CompareOp;
use crate::object::cell::Mut;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

/// A key; without an object it is the function that makes keys.
struct Key {
    compare: Value,
    object: Mut<Option<Value>>,
}

opaque_data!(Key { compare, object } clear { object });

pub static KEY: Class = Class {
    module: "functools",
    name: "KeyWrapper",
    methods: &[
        def_kw("__call__", 1, ANY, call),
        def("__eq__", 2, 2, |vm, a| compare(vm, a, CompareOp::Eq)),
        def("__ne__", 2, 2, |vm, a| compare(vm, a, CompareOp::Ne)),
        def("__lt__", 2, 2, |vm, a| compare(vm, a, CompareOp::Lt)),
        def("__le__", 2, 2, |vm, a| compare(vm, a, CompareOp::Le)),
        def("__gt__", 2, 2, |vm, a| compare(vm, a, CompareOp::Gt)),
        def("__ge__", 2, 2, |vm, a| compare(vm, a, CompareOp::Ge)),
    ],
    getset: &[("obj", get_object, Some(set_object))],
    unhashable: true,
    ..CLASS
};

pub fn cmp_to_key(vm: &mut Vm, a: Args<'_>) -> R {
    let [compare] = a.bind(vm, &signature("cmp_to_key", ["mycmp"], 1))?;
    let compare = compare.cloned().unwrap_or(Value::NONE);
    let class = vm.native_class(&KEY);
    Ok(vm.new_opaque(&class, Key { compare, object: Mut::default() }))
}

fn call(vm: &mut Vm, a: Args<'_>) -> R {
    let compare = vm.receiver::<Key>(a)?.compare.clone();
    let [object] = a.rest().bind(vm, &signature("K", ["obj"], 1))?;
    let class = vm.native_class(&KEY);
    Ok(vm.new_opaque(&class, Key { compare, object: Mut::new(object.cloned()) }))
}

fn compare(vm: &mut Vm, a: Args<'_>, op: CompareOp) -> R {
    let x = vm.receiver::<Key>(a)?;
    let Some(y) = a.pos[1].opaque::<Key>() else {
        return Err(vm.type_error("other argument must be K instance"));
    };
    let (Some(p), Some(q)) = (x.object.get(), y.object.get()) else {
        return Err(vm.attribute_error_text("object"));
    };
    let answer = vm.call(&x.compare, &[p, q])?;
    vm.compare(op, &answer, &Value::int_unchecked(0))
}

fn get_object(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(vm.receiver::<Key>(a)?.object.get().unwrap_or(Value::NONE))
}

fn set_object(vm: &mut Vm, a: Args<'_>) -> R {
    vm.receiver::<Key>(a)?.object.set(a.get(1).cloned());
    Ok(Value::NONE)
}
