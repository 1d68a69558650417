//! `bool`.

use super::{number_slots, slots};
use crate::object::value::Value;
use crate::vm::native::{ANY, def};
use crate::vm::{Args, R, Vm};

/// Gives `bool` its methods.
pub fn install(vm: &mut Vm) {
    let class = vm.types().bool.clone();
    number_slots::LOGIC.iter().for_each(|rows| vm.add_methods(&class, rows));
    vm.add_methods(&class, &[slots::REPR, number_slots::INVERT]);
    vm.add_static(&class, &[def("__new__", 1, ANY, new)]);
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().bool.clone();
    slots::new_class(vm, a, &base)?;
    if a.pos.len() > 2 {
        let got = a.pos.len() - 1;
        return Err(vm.type_error(format!("bool expected at most 1 argument, got {got}")));
    }
    match a.get(1) {
        Some(x) => Ok(Value::bool(vm.truth(x)?)),
        None => Ok(Value::FALSE),
    }
}
