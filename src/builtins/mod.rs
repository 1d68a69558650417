//! The names that a program sees: functions, methods of the built-in classes, native modules.

pub mod awaitables;
mod base64;
pub mod bool;
pub mod buffer;
pub mod bytearray;
pub mod bytes;
pub mod callables;
#[cfg(test)]
mod class_tests;
pub mod code_object;
pub mod codec;
pub mod compile;
pub mod complex;
pub mod descriptors;
pub mod dict;
pub mod docs;
pub mod exceptions;
pub mod float;
pub mod frame;
pub mod frame_locals;
pub mod functions;
pub mod generator;
pub mod generic_alias;
pub mod int;
pub mod iterators;
pub mod list;
pub mod memoryview;
pub mod module;
pub mod modules;
pub mod monitoring;
pub mod number_slots;
pub mod object;
pub mod operators;
mod pieces;
pub mod range;
pub mod reduce;
pub mod scalar;
pub mod set;
pub mod slice;
pub mod slots;
pub mod sort;
pub mod str;
pub mod super_;
pub mod template;
pub mod timsort;
pub mod tracing;
pub mod tuple;
pub mod r#type;
pub mod type_layout;
pub mod typing;
pub mod union;
pub mod weakref;

#[cfg(test)]
mod container_tests;

use crate::vm::Vm;

/// Gives the built-in classes their methods and `builtins` its functions.
pub fn install_all(vm: &mut Vm) {
    bool::install(vm);
    bytearray::install(vm);
    bytes::install(vm);
    code_object::install(vm);
    complex::install(vm);
    callables::install(vm);
    descriptors::install(vm);
    dict::install(vm);
    exceptions::install(vm);
    float::install(vm);
    frame::install(vm);
    functions::install(vm);
    generator::install(vm);
    generic_alias::install(vm);
    int::install(vm);
    iterators::install(vm);
    list::install(vm);
    memoryview::install(vm);
    module::install(vm);
    object::install(vm);
    operators::install(vm);
    r#type::install(vm);
    type_layout::install(vm);
    range::install(vm);
    reduce::install(vm);
    set::install(vm);
    slice::install(vm);
    str::install(vm);
    super_::install(vm);
    tuple::install(vm);
    union::install(vm);
    weakref::install(vm);
    template::install(vm);
    typing::install(vm);
    docs::install(vm);
}
