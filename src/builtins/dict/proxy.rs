//! `mappingproxy`: a mapping that cannot be changed through it (`type.__dict__`).

use crate::builtins::slots;
use crate::code::operators::{BinaryOp, CompareOp};
use crate::object::number::BigInt;
use crate::object::opaque::Opaque;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{def, def_kw};
use crate::vm::{Args, R, Vm};

/// The mapping behind a proxy.
pub struct Proxy {
    pub mapping: Value,
}

opaque_data!(Proxy { mapping });

/// A proxy of a mapping.
pub fn new(vm: &Vm, mapping: Value) -> Value {
    vm.heap.alloc(&vm.types().mappingproxy, Opaque { data: Box::new(Proxy { mapping }) }).into()
}

fn inner(vm: &mut Vm, a: Args<'_>) -> R {
    match a.pos.first().and_then(|v| v.opaque::<Proxy>()) {
        Some(p) => Ok(p.mapping.clone()),
        None => Err(vm.type_error("descriptor requires a 'mappingproxy' object")),
    }
}

fn make(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().mappingproxy.clone();
    slots::new_class(vm, a, &base)?;
    let Some(m) = a.get_or_keyword(1, "mapping") else {
        return Err(vm.type_error("mappingproxy() missing required argument 'mapping' (pos 1)"));
    };
    let name = vm.types().names.__getitem__.clone();
    let sequence =
        matches!(m.kind(), None | Some(crate::object::header::Kind::List | crate::object::header::Kind::Tuple));
    if sequence || (m.downcast::<Type>().is_none() && m.class(&vm.heap).lookup(&name).is_none()) {
        let got = vm.class_name(m);
        return Err(vm.type_error(format!("mappingproxy() argument must be a mapping, not {got}")));
    }
    Ok(new(vm, m.clone()))
}

macro_rules! forward {
    ($($f:ident $name:literal;)*) => {
        $(fn $f(vm: &mut Vm, a: Args<'_>) -> R {
            let m = inner(vm, a)?;
            let name = vm.intern($name);
            vm.call_method(&m, &name, &a.pos[1..])
        })*
    };
}

forward! {
    get "get";
    keys "keys";
    values "values";
    items "items";
    copy "copy";
    reversed "__reversed__";
}

fn get_item(vm: &mut Vm, a: Args<'_>) -> R {
    let m = inner(vm, a)?;
    vm.get_item(&m, &a.pos[1])
}

fn len(vm: &mut Vm, a: Args<'_>) -> R {
    let m = inner(vm, a)?;
    let n = vm.len(&m)?;
    Ok(BigInt::from_size(&vm.heap, n))
}

fn iter(vm: &mut Vm, a: Args<'_>) -> R {
    let m = inner(vm, a)?;
    vm.iter(&m)
}

fn contains(vm: &mut Vm, a: Args<'_>) -> R {
    let m = inner(vm, a)?;
    Ok(Value::bool(vm.contains(&m, &a.pos[1])?))
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let m = inner(vm, a)?;
    let text = vm.repr(&m)?;
    let mut out: Vec<u32> = "mappingproxy(".chars().map(u32::from).collect();
    out.extend(text.points());
    out.push(')' as u32);
    Ok(crate::object::str::Str::from_points(&vm.heap, &out).into())
}

fn str(vm: &mut Vm, a: Args<'_>) -> R {
    let m = inner(vm, a)?;
    Ok(vm.str(&m)?.into())
}

fn hash(vm: &mut Vm, a: Args<'_>) -> R {
    let m = inner(vm, a)?;
    let h = vm.hash(&m)?;
    Ok(crate::object::number::BigInt::from_i64(&vm.heap, h as i64))
}

/// The mapping of a proxy, or the value itself.
fn unwrap(v: &Value) -> Value {
    v.opaque::<Proxy>().map_or_else(|| v.clone(), |p| p.mapping.clone())
}

fn eq(vm: &mut Vm, a: Args<'_>) -> R {
    vm.compare(CompareOp::Eq, &unwrap(&a.pos[0]), &unwrap(&a.pos[1]))
}

fn ne(vm: &mut Vm, a: Args<'_>) -> R {
    vm.compare(CompareOp::Ne, &unwrap(&a.pos[0]), &unwrap(&a.pos[1]))
}

fn or(vm: &mut Vm, a: Args<'_>) -> R {
    vm.binary(BinaryOp::Or, &unwrap(&a.pos[0]), &unwrap(&a.pos[1]))
}

fn ror(vm: &mut Vm, a: Args<'_>) -> R {
    vm.binary(BinaryOp::Or, &unwrap(&a.pos[1]), &unwrap(&a.pos[0]))
}

pub fn install(vm: &mut Vm) {
    let class = vm.types().mappingproxy.clone();
    vm.add_static(&class, &[def_kw("__new__", 0, 2, make)]);
    vm.add_methods(
        &class,
        &[
            def("get", 2, 3, get),
            def("keys", 1, 1, keys),
            def("values", 1, 1, values),
            def("items", 1, 1, items),
            def("copy", 1, 1, copy),
            def("__reversed__", 1, 1, reversed),
            def("__getitem__", 2, 2, get_item),
            def("__len__", 1, 1, len),
            def("__iter__", 1, 1, iter),
            def("__contains__", 2, 2, contains),
            def("__repr__", 1, 1, repr),
            def("__str__", 1, 1, str),
            def("__hash__", 1, 1, hash),
            def("__eq__", 2, 2, eq),
            def("__ne__", 2, 2, ne),
            def("__or__", 2, 2, or),
            def("__ror__", 2, 2, ror),
            def("__ior__", 2, 2, |vm, _| Err(vm.type_error("'|=' is not supported by mappingproxy; use '|' instead"))),
        ],
    );
}
