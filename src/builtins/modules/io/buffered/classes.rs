//! `BufferedReader`, `BufferedWriter` and `BufferedRandom`.

use super::super::abstracts::BUFFERED_IO_BASE;
use super::super::base;
use super::{
    Buffered, attribute_of_raw, close, detach, flush, of_raw, read, repr, seek, tell, truncate, warn_raw, write,
};
use crate::object::header::Kind;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, NativeFn, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

const BUFFERED: Class = Class {
    module: "_io",
    kind: Kind::Opaque,
    flags: type_flags::BASE | type_flags::ATTRS,
    parent: Some(&BUFFERED_IO_BASE),
    new: Some(def_kw("__new__", 0, ANY, |vm, a| {
        let class = vm.class_argument(a)?;
        let data = Buffered::new(vm);
        Ok(vm.new_opaque(&class, data))
    })),
    getset: ATTRIBUTES,
    fields: &["raw", "_finalizing"],
    ..CLASS
};

const ATTRIBUTES: &[(&str, NativeFn, Option<NativeFn>)] = &[
    ("raw", |vm, a| Ok(vm.receiver::<Buffered>(a)?.raw.get().unwrap_or(Value::NONE)), None),
    ("closed", closed, None),
    ("name", |vm, a| attribute_of_raw(vm, a, "name"), None),
    ("mode", |vm, a| attribute_of_raw(vm, a, "mode"), None),
    (
        "_finalizing",
        |vm, a| Ok(Value::bool(vm.receiver::<Buffered>(a)?.finalizing.get())),
        Some(|vm, a| {
            let on = base::flag(vm, a)?;
            vm.receiver::<Buffered>(a)?.finalizing.set(on);
            Ok(Value::NONE)
        }),
    ),
];

fn closed(vm: &mut Vm, a: Args<'_>) -> R {
    attribute_of_raw(vm, a, "closed")
}

/// A method that all three classes have.
macro_rules! shared {
    ($($row:expr),* $(,)?) => {
        &[
            $($row,)*
            def("detach", 1, 1, detach),
            def("close", 1, 1, close),
            def("seekable", 1, 1, |vm, a| of_raw(vm, a, "seekable")),
            def("fileno", 1, 1, |vm, a| of_raw(vm, a, "fileno")),
            def("isatty", 1, 1, |vm, a| of_raw(vm, a, "isatty")),
            def("_dealloc_warn", 2, 2, |vm, a| {
                let b = vm.receiver::<Buffered>(a)?;
                if let Some(raw) = b.raw.get().filter(|_| b.ok.get()) {
                    warn_raw(vm, &raw, &a.pos[1]);
                }
                Ok(Value::NONE)
            }),
            def("seek", 2, 3, seek),
            def("tell", 1, 1, tell),
            def("truncate", 1, 2, truncate),
            def("__repr__", 1, 1, repr),
            base::NO_REDUCE,
            base::NO_REDUCE_EX,
        ]
    };
}

const READABLE: Def = def("readable", 1, 1, |vm, a| of_raw(vm, a, "readable"));
const WRITABLE: Def = def("writable", 1, 1, |vm, a| of_raw(vm, a, "writable"));
const READ: Def = def("read", 1, 2, read::read);
const READ1: Def = def("read1", 1, 2, read::read1);
const PEEK: Def = def("peek", 1, 2, read::peek);
const READINTO: Def = def("readinto", 2, 2, |vm, a| read::readinto(vm, a, false));
const READINTO1: Def = def("readinto1", 2, 2, |vm, a| read::readinto(vm, a, true));
const READLINE: Def = def("readline", 1, 2, read::readline);
const NEXT: Def = def("__next__", 1, 1, read::next);
const WRITE: Def = def("write", 2, 2, write::write);
const FLUSH: Def = def("flush", 1, 1, flush);

pub static BUFFERED_READER: Class = Class {
    name: "BufferedReader",
    doc: "BufferedReader(raw, buffer_size=DEFAULT_BUFFER_SIZE): reads from a raw file through a buffer.",
    methods: shared![
        def_kw("__init__", 1, ANY, |vm, a| init(vm, a, "BufferedReader", true, false)),
        READABLE,
        READ,
        READ1,
        PEEK,
        READINTO,
        READINTO1,
        READLINE,
        NEXT,
        def("flush", 1, 1, |vm, a| of_raw(vm, a, "flush")),
    ],
    ..BUFFERED
};

pub static BUFFERED_WRITER: Class = Class {
    name: "BufferedWriter",
    doc: "BufferedWriter(raw, buffer_size=DEFAULT_BUFFER_SIZE): writes to a raw file through a buffer.",
    methods: shared![
        def_kw("__init__", 1, ANY, |vm, a| init(vm, a, "BufferedWriter", false, true)),
        WRITABLE,
        WRITE,
        FLUSH,
    ],
    ..BUFFERED
};

pub static BUFFERED_RANDOM: Class = Class {
    name: "BufferedRandom",
    doc: "BufferedRandom(raw, buffer_size=DEFAULT_BUFFER_SIZE): reads and writes a raw file through a buffer.",
    methods: shared![
        def_kw("__init__", 1, ANY, |vm, a| init(vm, a, "BufferedRandom", true, true)),
        READABLE,
        WRITABLE,
        READ,
        READ1,
        PEEK,
        READINTO,
        READINTO1,
        READLINE,
        NEXT,
        WRITE,
        FLUSH,
    ],
    ..BUFFERED
};

fn init(vm: &mut Vm, a: Args<'_>, function: &'static str, readable: bool, writable: bool) -> R {
    let [raw, size] = a.rest().bind(vm, &signature(function, ["raw", "buffer_size"], 1))?;
    let b = vm.receiver::<Buffered>(a)?;
    let raw = &raw.cloned().unwrap_or(Value::NONE);
    let size = match size {
        Some(n) => vm.index_i64(n)?,
        None => super::super::BUFFER_SIZE as i64,
    };
    b.ok.set(false);
    b.detached.set(false);
    if readable && writable {
        base::check_seekable(vm, raw)?;
    }
    if readable {
        base::check_readable(vm, raw)?;
    }
    if writable {
        base::check_writable(vm, raw)?;
    }
    b.readable.set(readable);
    b.writable.set(writable);
    b.set_up(vm, raw, size)?;
    Ok(Value::NONE)
}

/// The writer between a standard stream of the host and the text that goes there: it keeps nothing back.
pub fn standard_writer(vm: &mut Vm, raw: &Value) -> R {
    let class = vm.native_class(&BUFFERED_WRITER);
    let b = Buffered::new(vm);
    b.writable.set(true);
    b.set_up(vm, raw, 1)?;
    Ok(vm.new_opaque(&class, b))
}
