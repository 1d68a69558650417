//! `slice`.

use dashu_int::IBig;

use super::slots::{self, no_keywords, this};
use crate::object::number::BigInt;
use crate::object::sequence::{Slice, Tuple};
use crate::object::value::Value;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::protocol::range::fit_big;
use crate::vm::{Args, R, Vm};

/// A new slice.
pub fn make(vm: &Vm, start: Value, stop: Value, step: Value) -> Value {
    vm.heap.alloc(&vm.types().slice, Slice { start, stop, step }).into()
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().slice.clone();
    slots::new_class(vm, a, &base)?;
    no_keywords(vm, a, "slice")?;
    match &a.pos[1..] {
        [] => Err(vm.type_error("slice expected at least 1 argument, got 0")),
        [stop] => Ok(make(vm, Value::NONE, stop.clone(), Value::NONE)),
        [start, stop] => Ok(make(vm, start.clone(), stop.clone(), Value::NONE)),
        [start, stop, step] => Ok(make(vm, start.clone(), stop.clone(), step.clone())),
        more => {
            let n = more.len();
            Err(vm.type_error(format!("slice expected at most 3 arguments, got {n}")))
        }
    }
}

fn indices(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this::<Slice>(vm, a)?.clone();
    let len = vm.index(&a.pos[1])?;
    let len = len.as_int().map(|i| i.to_big()).unwrap_or_default();
    if len < IBig::from(0) {
        return Err(vm.value_error("length should not be negative"));
    }
    let (start, stop, step) = fit_big(vm, &s, &len)?;
    let parts = [start, stop, step].map(|i| BigInt::value(&vm.heap, i));
    Ok(Tuple::new(&vm.heap, parts).into())
}

fn start(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(this::<Slice>(vm, a)?.start.clone())
}

fn stop(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(this::<Slice>(vm, a)?.stop.clone())
}

fn step(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(this::<Slice>(vm, a)?.step.clone())
}

pub fn install(vm: &mut Vm) {
    let class = vm.types().slice.clone();
    vm.add_static(&class, &[def_kw("__new__", 0, ANY, new)]);
    vm.add_methods(&class, &[def("indices", 2, 2, indices), slots::HASH, slots::REPR]);
    vm.add_methods(&class, slots::COMPARE);
    vm.add_member(&class, "start", start, None);
    vm.add_member(&class, "stop", stop, None);
    vm.add_member(&class, "step", step, None);
}
