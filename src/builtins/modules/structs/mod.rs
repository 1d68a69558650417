//! `_struct`: values as bytes of C structures, and back.

mod class;
mod format;

use super::{ExceptionClass, add_class, new, set};
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::number::BigInt;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::{Args, Exc, R, Vm};

/// `struct.error`.
static ERROR: ExceptionClass = ExceptionClass { module: "struct", name: "error", bases: |t| vec![t.Exception.clone()] };

const TABLE: &[Def] = &[
    def("calcsize", 1, 1, |vm, a| {
        let size = class::format_argument(vm, &a.pos[0])?.size;
        Ok(BigInt::from_size(&vm.heap, size))
    }),
    def("pack", 0, ANY, |vm, a| {
        let (s, values) = first(vm, a)?;
        class::pack(vm, &s, values, "pack")
    }),
    def("pack_into", 0, ANY, |vm, a| {
        let (s, rest) = first(vm, a)?;
        class::pack_into(vm, &s, rest)
    }),
    def("unpack", 2, 2, |vm, a| {
        let s = class::format_argument(vm, &a.pos[0])?;
        class::unpack(vm, &s, &a.pos[1])
    }),
    def_kw("unpack_from", 0, ANY, |vm, a| {
        let names = ["", "buffer", "offset"];
        let s = crate::vm::native_args::Signature { function: "unpack_from", names, required: 2, positional: 3 };
        let [format, buffer, offset] = a.bind(vm, &s)?;
        let format = class::format_argument(vm, &format.cloned().unwrap_or(Value::NONE))?;
        class::unpack_from(vm, &format, buffer, offset)
    }),
    def("iter_unpack", 2, 2, |vm, a| {
        let s = class::format_argument(vm, &a.pos[0])?;
        class::iter_unpack(vm, &s, &a.pos[1])
    }),
    // Formats are understood anew each time: it takes less than a look into a cache of Python objects.
    def("_clearcache", 0, 0, |_, _| Ok(Value::NONE)),
];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "_struct", TABLE);
    add_class(vm, &m, &class::STRUCT);
    let error: Value = super::exception_class(vm, &ERROR)?.into();
    set(vm, &m.dict, "error", error);
    Ok(m)
}

/// A `struct.error` with this text.
fn error(vm: &mut Vm, text: &str) -> Exc {
    match super::exception_class(vm, &ERROR) {
        Ok(class) => vm.error(&class, text),
        Err(e) => e,
    }
}

/// The format that a function gets first, and the other arguments.
fn first<'a>(vm: &mut Vm, a: Args<'a>) -> R<(std::rc::Rc<format::Format>, &'a [Value])> {
    match a.pos {
        [f, rest @ ..] => Ok((class::format_argument(vm, f)?, rest)),
        [] => Err(vm.type_error("missing format argument")),
    }
}
