//! `_tuplegetter`: the properties of named tuples.

use crate::object::cell::Mut;
use crate::object::number::BigInt;
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{def, def_kw};
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

struct TupleGetter {
    index: i64,
    doc: Mut<Value>,
}

opaque_data!(TupleGetter { doc });

pub static TUPLEGETTER: Class = Class {
    module: "collections",
    name: "_tuplegetter",
    new: Some(def_kw("__new__", 0, crate::vm::native::ANY, new)),
    methods: &[
        def("__get__", 2, 3, get),
        def("__set__", 3, 3, set),
        def("__delete__", 2, 2, delete),
        def("__repr__", 1, 1, repr),
        def("__reduce__", 1, 1, reduce),
    ],
    getset: &[("__doc__", get_doc, Some(set_doc))],
    ..CLASS
};

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    let a = a.rest();
    a.between(vm, "_tuplegetter", 2, 2)?;
    let index = vm.index_i64(&a.pos[0])?;
    Ok(vm.new_opaque(&class, TupleGetter { index, doc: Mut::new(a.pos[1].clone()) }))
}

fn get(vm: &mut Vm, a: Args<'_>) -> R {
    let index = vm.receiver::<TupleGetter>(a)?.index;
    let o = &a.pos[1];
    if o.is_none() {
        return Ok(a.pos[0].clone());
    }
    let Some(t) = o.downcast::<Tuple>() else {
        let got = vm.class_name(o);
        return Err(vm.type_error(format!(
            "descriptor for index '{index}' for tuple subclasses doesn't apply to '{got}' object"
        )));
    };
    match usize::try_from(index).ok().and_then(|i| t.get(i)) {
        Some(v) => Ok(v.clone()),
        None => Err(vm.index_error("tuple index out of range")),
    }
}

fn set(vm: &mut Vm, _: Args<'_>) -> R {
    Err(vm.attribute_error_text("can't set attribute"))
}

fn delete(vm: &mut Vm, _: Args<'_>) -> R {
    Err(vm.attribute_error_text("can't delete attribute"))
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let t = vm.receiver::<TupleGetter>(a)?;
    let doc = t.doc.get();
    let text = vm.repr(&doc)?;
    Ok(vm.new_str(&format!("_tuplegetter({}, {text})", t.index)))
}

fn reduce(vm: &mut Vm, a: Args<'_>) -> R {
    let t = vm.receiver::<TupleGetter>(a)?;
    let args = Tuple::new(&vm.heap, [BigInt::from_i64(&vm.heap, t.index), t.doc.get()]);
    let class: Value = vm.native_class(&TUPLEGETTER).into();
    Ok(Tuple::new(&vm.heap, [class, args.into()]).into())
}

fn get_doc(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(vm.receiver::<TupleGetter>(a)?.doc.get())
}

fn set_doc(vm: &mut Vm, a: Args<'_>) -> R {
    let v = a.get(1).cloned().unwrap_or(Value::NONE);
    vm.receiver::<TupleGetter>(a)?.doc.set(v);
    Ok(Value::NONE)
}
