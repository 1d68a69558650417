//! `BufferedRWPair`: a reader and a writer as one file.

use super::super::abstracts::BUFFERED_IO_BASE;
use super::super::base::{self, call, chain};
use super::{BUFFERED_READER, BUFFERED_WRITER};
use crate::object::cell::Mut;
use crate::object::header::Kind;
use crate::object::number::BigInt;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::Signature;
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

#[derive(Default)]
struct Pair {
    reader: Mut<Option<Value>>,
    writer: Mut<Option<Value>>,
}

opaque_data!(Pair { reader, writer } clear { reader, writer });

pub static BUFFERED_RW_PAIR: Class = Class {
    module: "_io",
    name: "BufferedRWPair",
    doc: "BufferedRWPair(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE): a file that reads here and writes there.",
    kind: Kind::Opaque,
    flags: type_flags::BASE | type_flags::ATTRS,
    parent: Some(&BUFFERED_IO_BASE),
    new: Some(def_kw("__new__", 0, ANY, |vm, a| {
        let class = vm.class_argument(a)?;
        Ok(vm.new_opaque(&class, Pair::default()))
    })),
    methods: &[
        def_kw("__init__", 1, ANY, init),
        def("read", 1, 2, |vm, a| to_reader(vm, a, "read")),
        def("peek", 1, 2, |vm, a| to_reader(vm, a, "peek")),
        def("read1", 1, 2, |vm, a| to_reader(vm, a, "read1")),
        def("readinto", 2, 2, |vm, a| to_reader(vm, a, "readinto")),
        def("readinto1", 2, 2, |vm, a| to_reader(vm, a, "readinto1")),
        def("readable", 1, 1, |vm, a| to_reader(vm, a, "readable")),
        def("write", 2, 2, |vm, a| to_writer(vm, a, "write")),
        def("flush", 1, 1, |vm, a| to_writer(vm, a, "flush")),
        def("writable", 1, 1, |vm, a| to_writer(vm, a, "writable")),
        def("close", 1, 1, close),
        def("isatty", 1, 1, |vm, a| {
            let writer = to_writer(vm, a, "isatty")?;
            if writer.is_false() { to_reader(vm, a, "isatty") } else { Ok(writer) }
        }),
        base::NO_REDUCE,
        base::NO_REDUCE_EX,
    ],
    getset: &[(
        "closed",
        |vm, a| match vm.receiver::<Pair>(a)?.writer.get() {
            Some(w) => {
                let name = vm.intern("closed");
                vm.get_attr(&w, &name)
            }
            None => Err(vm.runtime_error("the BufferedRWPair object is being garbage-collected")),
        },
        None,
    )],
    ..CLASS
};

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let names = ["", "", ""];
    let s = Signature { function: "BufferedRWPair", names, required: 2, positional: 3 };
    let args = a.rest();
    if !args.names.is_empty() {
        return Err(vm.type_error("BufferedRWPair() takes no keyword arguments"));
    }
    if !(2..=3).contains(&args.pos.len()) {
        args.between(vm, "BufferedRWPair", 2, 3)?;
    }
    let [Some(reader), Some(writer), size] = args.bind(vm, &s)? else { return Ok(Value::NONE) };
    let size = match size {
        Some(n) => vm.index_i64(n)?,
        None => super::super::BUFFER_SIZE as i64,
    };
    base::check_readable(vm, reader)?;
    base::check_writable(vm, writer)?;
    let size = BigInt::from_i64(&vm.heap, size);
    let reader_class = vm.native_class(&BUFFERED_READER).to_value();
    let reader = vm.call(&reader_class, &[reader.clone(), size.clone()])?;
    let writer_class = vm.native_class(&BUFFERED_WRITER).to_value();
    let writer = vm.call(&writer_class, &[writer.clone(), size])?;
    let pair = vm.receiver::<Pair>(a)?;
    pair.reader.set(Some(reader));
    pair.writer.set(Some(writer));
    Ok(Value::NONE)
}

fn forward(vm: &mut Vm, half: Option<Value>, a: Args<'_>, method: &str) -> R {
    match half {
        Some(half) => call(vm, &half, method, &a.pos[1..]),
        None => Err(vm.value_error("I/O operation on uninitialized object")),
    }
}

fn to_reader(vm: &mut Vm, a: Args<'_>, method: &str) -> R {
    let half = vm.receiver::<Pair>(a)?.reader.get();
    forward(vm, half, a, method)
}

fn to_writer(vm: &mut Vm, a: Args<'_>, method: &str) -> R {
    let half = vm.receiver::<Pair>(a)?.writer.get();
    forward(vm, half, a, method)
}

/// Closes both, whatever the first says.
fn close(vm: &mut Vm, a: Args<'_>) -> R {
    let writer = to_writer(vm, a, "close");
    let reader = to_reader(vm, a, "close");
    match (writer, reader) {
        (Err(first), Err(second)) => Err(chain(vm, second, &first)),
        (writer, reader) => writer.and(reader),
    }
}
