//! The names that a program sees: functions, methods of the built-in classes, native modules.

pub mod callables;
#[cfg(test)]
mod class_tests;
pub mod descriptors;
pub mod exceptions;
pub mod object;
pub mod super_;
pub mod r#type;

use crate::vm::Vm;

/// Gives the built-in classes their methods and `builtins` its functions.
pub fn install_all(vm: &mut Vm) {
    callables::install(vm);
    descriptors::install(vm);
    exceptions::install(vm);
    object::install(vm);
    super_::install(vm);
    r#type::install(vm);
}
