//! `BytesIO`: a file of bytes in memory.  The bytes are a `bytearray` that nobody else sees, which lends them to views and
//! tells the ledger of them.

use std::cell::Cell;

use super::abstracts::BUFFERED_IO_BASE;
use super::base::{self, stop};
use super::memory;
use crate::builtins::buffer::{self, Target};
use crate::object::buffer::{ByteArray, Layout, MemoryView};
use crate::object::cell::Mut;
use crate::object::header::Kind;
use crate::object::number::BigInt;
use crate::object::sequence::{Bytes, List, Tuple};
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

struct BytesIo {
    /// The `bytearray`; None once the file is closed.
    data: Mut<Option<Value>>,
    at: Cell<usize>,
}

opaque_data!(BytesIo { data });

pub static BYTES_IO: Class = Class {
    module: "_io",
    name: "BytesIO",
    doc: "BytesIO(initial_bytes=b''): a file of bytes in memory.",
    kind: Kind::Opaque,
    flags: type_flags::BASE | type_flags::ATTRS,
    parent: Some(&BUFFERED_IO_BASE),
    new: Some(def_kw("__new__", 0, ANY, |vm, a| {
        let class = vm.class_argument(a)?;
        let data = ByteArray::value(&vm.heap, Vec::new());
        Ok(vm.new_opaque(&class, BytesIo { data: Mut::new(Some(data)), at: Cell::new(0) }))
    })),
    methods: &[
        def_kw("__init__", 1, ANY, init),
        def("read", 1, 2, |vm, a| read(vm, a, false)),
        def("read1", 1, 2, |vm, a| read(vm, a, false)),
        def("readline", 1, 2, |vm, a| read(vm, a, true)),
        def("readlines", 1, 2, readlines),
        def("readinto", 2, 2, readinto),
        def("write", 2, 2, |vm, a| write(vm, a).map(Value::from_len)),
        def("writelines", 2, 2, |vm, a| {
            open(vm, a)?;
            let lines = vm.iter(&a.pos[1])?;
            while let Some(line) = vm.next(&lines)? {
                write(vm, Args::positional(&[a.pos[0].clone(), line]))?;
            }
            Ok(Value::NONE)
        }),
        def("seek", 2, 3, seek),
        def("tell", 1, 1, |vm, a| {
            let at = open(vm, a)?.0.at.get();
            Ok(BigInt::from_i64(&vm.heap, at as i64))
        }),
        def("truncate", 1, 2, truncate),
        def("getvalue", 1, 1, |vm, a| {
            let data = array(&open(vm, a)?.1).map(ByteArray::to_vec).unwrap_or_default();
            Ok(Bytes::new(&vm.heap, data).into())
        }),
        def("getbuffer", 1, 1, |vm, a| {
            let (_, data) = open(vm, a)?;
            let n = array(&data).map_or(0, ByteArray::len);
            let layout = Layout::contiguous("B".into(), b'B', 1, 0, vec![n]);
            Ok(MemoryView::value(&vm.heap, data, a.pos[0].clone(), layout, false))
        }),
        def("close", 1, 1, |vm, a| {
            let b = vm.receiver::<BytesIo>(a)?;
            if let Some(data) = b.data.get() {
                check_exports(vm, &data)?;
            }
            b.data.set(None);
            Ok(Value::NONE)
        }),
        def("flush", 1, 1, |vm, a| open(vm, a).map(|_| Value::NONE)),
        def("isatty", 1, 1, |vm, a| open(vm, a).map(|_| Value::FALSE)),
        def("readable", 1, 1, |vm, a| open(vm, a).map(|_| Value::TRUE)),
        def("writable", 1, 1, |vm, a| open(vm, a).map(|_| Value::TRUE)),
        def("seekable", 1, 1, |vm, a| open(vm, a).map(|_| Value::TRUE)),
        def("__iter__", 1, 1, |vm, a| open(vm, a).map(|_| a.pos[0].clone())),
        def("__next__", 1, 1, |vm, a| {
            let line = read(vm, a, true)?;
            if vm.truth(&line)? { Ok(line) } else { Err(stop(vm)) }
        }),
        def("__getstate__", 1, 1, |vm, a| {
            let (b, data) = open(vm, a)?;
            let data = array(&data).map(ByteArray::to_vec).unwrap_or_default();
            let data = Bytes::new(&vm.heap, data).into();
            let at = BigInt::from_i64(&vm.heap, b.at.get() as i64);
            let attributes = memory::attributes(vm, &a.pos[0])?;
            Ok(Tuple::new(&vm.heap, [data, at, attributes]).into())
        }),
        def("__setstate__", 2, 2, setstate),
    ],
    getset: &[("closed", |vm, a| Ok(Value::bool(vm.receiver::<BytesIo>(a)?.data.borrow().is_none())), None)],
    ..CLASS
};

fn array(data: &Value) -> Option<&ByteArray> {
    data.opaque()
}

/// The receiver, which is open, and its bytes.
fn open<'a>(vm: &mut Vm, a: Args<'a>) -> R<(&'a BytesIo, Value)> {
    let b = vm.receiver::<BytesIo>(a)?;
    match b.data.get() {
        Some(data) => Ok((b, data)),
        None => Err(vm.value_error("I/O operation on closed file.")),
    }
}

fn check_exports(vm: &mut Vm, data: &Value) -> R<()> {
    if array(data).is_some_and(ByteArray::is_exported) {
        return Err(vm.buffer_error("Existing exports of data: object cannot be re-sized"));
    }
    Ok(())
}

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let [initial] = a.rest().bind(vm, &signature("BytesIO", ["initial_bytes"], 0))?;
    let b = vm.receiver::<BytesIo>(a)?;
    if let Some(old) = b.data.get() {
        check_exports(vm, &old)?;
    }
    let data = match initial.filter(|v| !v.is_none()) {
        Some(v) => buffer::bytes(vm, v)?.into_owned(),
        None => Vec::new(),
    };
    vm.check_memory(Some(data.len()))?;
    b.data.set(Some(ByteArray::value(&vm.heap, data)));
    b.at.set(0);
    Ok(Value::NONE)
}

/// Takes up to `n` bytes, or a line of up to `n`.
fn take(b: &BytesIo, data: &Value, n: Option<usize>, line: bool) -> Vec<u8> {
    let bytes = array(data).map(|array| {
        array.read(|all| {
            let rest = all.get(b.at.get()..).unwrap_or(&[]);
            let rest = &rest[..n.unwrap_or(rest.len()).min(rest.len())];
            let end = if line { memchr::memchr(b'\n', rest).map(|i| i + 1) } else { None };
            rest[..end.unwrap_or(rest.len())].to_vec()
        })
    });
    let bytes = bytes.unwrap_or_default();
    b.at.set(b.at.get() + bytes.len());
    bytes
}

fn read(vm: &mut Vm, a: Args<'_>, line: bool) -> R {
    open(vm, a)?;
    let n = base::size(vm, a.get(1))?;
    let (b, data) = open(vm, a)?;
    let bytes = take(b, &data, n, line);
    Ok(Bytes::new(&vm.heap, bytes).into())
}

fn readlines(vm: &mut Vm, a: Args<'_>) -> R {
    open(vm, a)?;
    let hint = base::size(vm, a.get(1))?.unwrap_or(0);
    let (b, data) = open(vm, a)?;
    let (mut lines, mut total) = (Vec::new(), 0);
    loop {
        let line = take(b, &data, None, true);
        if line.is_empty() {
            break;
        }
        total += line.len();
        lines.push(Bytes::new(&vm.heap, line).into());
        if hint > 0 && total >= hint {
            break;
        }
    }
    Ok(List::new(&vm.heap, lines).into())
}

fn readinto(vm: &mut Vm, a: Args<'_>) -> R {
    let target = Target::of(vm, &a.pos[1], "readinto")?;
    let (b, data) = open(vm, a)?;
    let bytes = take(b, &data, Some(target.size()), false);
    target.write(0, &bytes);
    Ok(Value::from_len(bytes.len()))
}

fn write(vm: &mut Vm, a: Args<'_>) -> R<usize> {
    let (_, data) = open(vm, a)?;
    check_exports(vm, &data)?;
    let more = buffer::bytes(vm, &a.pos[1])?;
    // To lend its bytes, an object may have run Python code.
    let (b, data) = open(vm, a)?;
    check_exports(vm, &data)?;
    let Some(array) = array(&data).filter(|_| !more.is_empty()) else { return Ok(0) };
    let at = b.at.get();
    let end = at.checked_add(more.len());
    vm.check_memory(end.map(|n| n.saturating_sub(array.len())))?;
    let end = end.unwrap_or(at);
    array.edit(|all| {
        if all.len() < end {
            all.resize(end, 0);
        }
        all[at..end].copy_from_slice(&more);
    });
    b.at.set(end);
    Ok(more.len())
}

fn seek(vm: &mut Vm, a: Args<'_>) -> R {
    open(vm, a)?;
    let offset = vm.index_i64(&a.pos[1])?;
    let whence = match a.get(2) {
        Some(v) => vm.index_i64(v)?,
        None => 0,
    };
    let (b, data) = open(vm, a)?;
    let from = match whence {
        0 if offset < 0 => return Err(vm.value_error(format!("negative seek value {offset}"))),
        0 => 0,
        1 => b.at.get(),
        2 => array(&data).map_or(0, ByteArray::len),
        n => return Err(vm.value_error(format!("invalid whence ({n}, should be 0, 1 or 2)"))),
    };
    let Some(to) = (from as i64).checked_add(offset) else { return Err(vm.overflow_error("new position too large")) };
    b.at.set(to.max(0) as usize);
    Ok(BigInt::from_i64(&vm.heap, to.max(0)))
}

fn truncate(vm: &mut Vm, a: Args<'_>) -> R {
    let (b, data) = open(vm, a)?;
    check_exports(vm, &data)?;
    let n = match memory::size(vm, a.get(1))? {
        Some(n) => n,
        None => b.at.get() as i64,
    };
    let Ok(length) = usize::try_from(n) else { return Err(vm.value_error(format!("negative size value {n}"))) };
    let (_, data) = open(vm, a)?;
    check_exports(vm, &data)?;
    if let Some(array) = array(&data) {
        array.edit(|all| {
            all.truncate(length);
            all.shrink_to_fit();
        });
    }
    Ok(BigInt::from_i64(&vm.heap, n))
}

fn setstate(vm: &mut Vm, a: Args<'_>) -> R {
    let state = &a.pos[1];
    let class = vm.class_name(&a.pos[0]);
    let [data, at, attributes] = match state.downcast::<Tuple>().map(|t| t.iter().cloned().collect::<Vec<_>>()) {
        Some(items) if items.len() >= 3 => [items[0].clone(), items[1].clone(), items[2].clone()],
        _ => {
            let got = vm.class_name(state);
            return Err(vm.type_error(format!("{class}.__setstate__ argument should be 3-tuple, got {got}")));
        }
    };
    let (b, old) = open(vm, a)?;
    check_exports(vm, &old)?;
    let bytes = buffer::bytes(vm, &data)?.into_owned();
    let at = memory::position(vm, &at, "second")?;
    b.data.set(Some(ByteArray::value(&vm.heap, bytes)));
    b.at.set(at);
    memory::set_attributes(vm, &a.pos[0], &attributes, "third")?;
    Ok(Value::NONE)
}
