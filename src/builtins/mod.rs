//! The names that a program sees: functions, methods of the built-in classes, native modules.

pub mod dict;
//F
//I
pub mod iterators;
pub mod list;
//M
pub mod operators;
pub mod range;
pub mod set;
pub mod slice;
pub mod slots;
pub mod sort;
pub mod tuple;

use crate::vm::Vm;

/// Gives the built-in classes their methods and `builtins` its functions.
pub fn install_all(vm: &mut Vm) {
    dict::install(vm);
    //f
    //i
    iterators::install(vm);
    list::install(vm);
    range::install(vm);
    set::install(vm);
    slice::install(vm);
    tuple::install(vm);
}
