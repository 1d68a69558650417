//! `bool`.

use super::{number_slots, slots};
use crate::object::value::Value;
use crate::vm::native::def;
use crate::vm::{Args, R, Vm};

/// Gives `bool` its methods.
pub fn install(vm: &mut Vm) {
    let class = vm.types().bool.clone();
    number_slots::LOGIC.iter().for_each(|rows| vm.add_methods(&class, rows));
    vm.add_methods(&class, &[slots::REPR, number_slots::INVERT]);
    vm.add_static(&class, &[def("__new__", 1, 2, new)]);
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().bool.clone();
    slots::new_class(vm, a, &base)?;
    match a.get(1) {
        Some(x) => Ok(Value::bool(vm.truth(x)?)),
        None => Ok(Value::FALSE),
    }
}
