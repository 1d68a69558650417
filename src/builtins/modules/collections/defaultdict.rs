//! `defaultdict`: a dict with a slot for the function that makes missing values.

use super::super::CLASS_GETITEM;
use crate::builtins::dict::methods;
use crate::object::dict::Dict;
use crate::object::header::{Kind, Ref};
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

const FACTORY: &str = "default_factory";

pub static DEFAULTDICT: Class = Class {
    module: "collections",
    name: "defaultdict",
    doc: "defaultdict(default_factory=None, /, ...): a dict that makes the values of missing keys by default_factory().",
    kind: Kind::Dict,
    flags: type_flags::BASE,
    base: Some(|t| &t.dict),
    methods: &[
        def_kw("__init__", 1, ANY, init),
        def("__missing__", 2, 2, missing),
        def("__repr__", 1, 1, repr),
        def("copy", 1, 1, copy),
        def("__copy__", 1, 1, copy),
        def("__reduce__", 1, 1, reduce),
        def("__or__", 2, 2, or),
        def("__ror__", 2, 2, ror),
    ],
    class_methods: &[CLASS_GETITEM],
    members: &[FACTORY],
    unhashable: true,
    ..CLASS
};

fn this(vm: &mut Vm, a: Args<'_>) -> R<Ref<Dict>> {
    crate::builtins::slots::this::<Dict>(vm, a).cloned()
}

fn factory(vm: &mut Vm, o: &Value) -> Value {
    vm.slot(&DEFAULTDICT, FACTORY, o).unwrap_or(Value::NONE)
}

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let first = a.get(1).cloned().unwrap_or(Value::NONE);
    if !first.is_none() && !vm.is_callable(&first) {
        return Err(vm.type_error("first argument must be callable or None"));
    }
    vm.set_slot(&DEFAULTDICT, FACTORY, &a.pos[0], first);
    let mut pos = vec![a.pos[0].clone()];
    pos.extend_from_slice(a.pos.get(2..).unwrap_or(&[]));
    methods::init(vm, Args { pos: &pos, ..a })
}

fn missing(vm: &mut Vm, a: Args<'_>) -> R {
    let f = factory(vm, &a.pos[0]);
    if f.is_none() {
        return Err(vm.key_error(&a.pos[1]));
    }
    let v = vm.call(&f, &[])?;
    vm.set_item(&a.pos[0], &a.pos[1], v.clone())?;
    Ok(v)
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let o = &a.pos[0];
    let entries = vm.direct_repr(o)?;
    let f = factory(vm, o);
    let f: Value = vm.guard_repr(&f, "...", |vm| Ok(vm.repr(&f)?.into()))?;
    let name = o.class(&vm.heap).own_name();
    let text = format!("{name}({}, ", f.downcast::<Str>().map(|s| s.to_string()).unwrap_or_default());
    let mut points: Vec<u32> = text.chars().map(u32::from).collect();
    points.extend(entries.points());
    points.push(u32::from(')'));
    Ok(Str::from_points(&vm.heap, &points).into())
}

fn copy(vm: &mut Vm, a: Args<'_>) -> R {
    let class: Value = a.pos[0].class(&vm.heap).clone().into();
    let f = factory(vm, &a.pos[0]);
    vm.call(&class, &[f, a.pos[0].clone()])
}

fn reduce(vm: &mut Vm, a: Args<'_>) -> R {
    let class: Value = a.pos[0].class(&vm.heap).clone().into();
    let f = factory(vm, &a.pos[0]);
    let args = if f.is_none() { vec![] } else { vec![f] };
    let args: Value = Tuple::new(&vm.heap, args).into();
    let items = vm.intern("items");
    let items = vm.call_method(&a.pos[0], &items, &[])?;
    let items = vm.iter(&items)?;
    Ok(Tuple::new(&vm.heap, [class, args, Value::NONE, Value::NONE, items]).into())
}

/// `self | other` and `other | self` of two dicts, as a defaultdict of the class and factory of `self`.
fn union(vm: &mut Vm, this: &Value, left: &Value, right: &Value) -> R {
    if left.downcast::<Dict>().is_none() || right.downcast::<Dict>().is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let class: Value = this.class(&vm.heap).clone().into();
    let f = factory(vm, this);
    let new = vm.call(&class, &[f, left.clone()])?;
    if let Some(d) = new.downcast::<Dict>().cloned() {
        methods::update_from(vm, &d, right)?;
    }
    Ok(new)
}

fn or(vm: &mut Vm, a: Args<'_>) -> R {
    this(vm, a)?;
    union(vm, &a.pos[0], &a.pos[0], &a.pos[1])
}

fn ror(vm: &mut Vm, a: Args<'_>) -> R {
    this(vm, a)?;
    union(vm, &a.pos[0], &a.pos[1], &a.pos[0])
}
