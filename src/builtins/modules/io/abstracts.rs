//! `_BufferedIOBase` and `_TextIOBase`: what files with a buffer and files of text have in common.

use super::base::{IO_BASE, call, unsupported};
use crate::builtins::buffer::Target;
use crate::object::header::Kind;
use crate::object::sequence::Bytes;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::vm::native::def;
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

const PART: Class = Class {
    module: "_io",
    kind: Kind::Instance,
    flags: type_flags::BASE | type_flags::ATTRS,
    parent: Some(&IO_BASE),
    ..CLASS
};

pub static BUFFERED_IO_BASE: Class = Class {
    name: "_BufferedIOBase",
    doc: "The base of files with a buffer.",
    methods: &[
        def("read", 1, 2, |vm, _| Err(unsupported(vm, "read"))),
        def("read1", 1, 2, |vm, _| Err(unsupported(vm, "read1"))),
        def("write", 2, 2, |vm, _| Err(unsupported(vm, "write"))),
        def("detach", 1, 1, |vm, _| Err(unsupported(vm, "detach"))),
        def("readinto", 2, 2, |vm, a| readinto(vm, a, "read")),
        def("readinto1", 2, 2, |vm, a| readinto(vm, a, "read1")),
    ],
    ..PART
};

pub static TEXT_IO_BASE: Class = Class {
    name: "_TextIOBase",
    doc: "The base of files of text.",
    methods: &[
        def("read", 1, 2, |vm, _| Err(unsupported(vm, "read"))),
        def("readline", 1, 2, |vm, _| Err(unsupported(vm, "readline"))),
        def("write", 2, 2, |vm, _| Err(unsupported(vm, "write"))),
        def("detach", 1, 1, |vm, _| Err(unsupported(vm, "detach"))),
    ],
    getset: &[
        ("encoding", |_, _| Ok(Value::NONE), None),
        ("newlines", |_, _| Ok(Value::NONE), None),
        ("errors", |_, _| Ok(Value::NONE), None),
    ],
    ..PART
};

/// `readinto(buffer)` by a `read` of as many bytes.
fn readinto(vm: &mut Vm, a: Args<'_>, method: &str) -> R {
    let function = if method == "read" { "readinto" } else { "readinto1" };
    let target = Target::of(vm, &a.pos[1], function)?;
    let want = target.size();
    let data = call(vm, &a.pos[0], method, &[Value::from_len(want)])?;
    let Some(bytes) = data.downcast::<Bytes>() else { return Err(vm.type_error("read() should return bytes")) };
    let got = bytes.data.len();
    if got > want {
        return Err(vm.value_error(format!("read() returned too much data: {want} bytes requested, {got} returned")));
    }
    target.write(0, &bytes.data);
    Ok(Value::from_len(got))
}
