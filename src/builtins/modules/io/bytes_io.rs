//! `BytesIO`: a file of bytes in memory.

use super::base::BUFFERED_IO_BASE;
use crate::object::cell::Mut;
use crate::object::header::Kind;
use crate::object::number::BigInt;
use crate::object::sequence::{Bytes, List};
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

#[derive(Default)]
struct Buffer {
    data: Vec<u8>,
    at: usize,
    closed: bool,
}

struct BytesIo {
    buffer: Mut<Buffer>,
}

opaque_data!(BytesIo {});

pub static BYTES_IO: Class = Class {
    module: "_io",
    name: "BytesIO",
    doc: "BytesIO(initial_bytes=b''): a file of bytes in memory.",
    kind: Kind::Opaque,
    flags: type_flags::BASE | type_flags::ATTRS,
    parent: Some(&BUFFERED_IO_BASE),
    new: Some(def_kw("__new__", 0, ANY, |vm, a| {
        let class = vm.class_argument(a)?;
        Ok(vm.new_opaque(&class, BytesIo { buffer: Mut::default() }))
    })),
    methods: &[
        def_kw("__init__", 1, ANY, init),
        def("read", 1, 2, |vm, a| read(vm, a, false)),
        def("read1", 1, 2, |vm, a| read(vm, a, false)),
        def("readline", 1, 2, |vm, a| read(vm, a, true)),
        def("readlines", 1, 2, readlines),
        def("readinto", 2, 2, readinto),
        def("write", 2, 2, write),
        def("seek", 2, 3, seek),
        def("tell", 1, 1, |vm, a| Ok(Value::from_len(open(vm, a)?.buffer.borrow().at))),
        def("truncate", 1, 2, truncate),
        def("getvalue", 1, 1, |vm, a| {
            let data = open(vm, a)?.buffer.borrow().data.clone();
            Ok(Bytes::new(&vm.heap, data).into())
        }),
        def("getbuffer", 1, 1, |vm, a| {
            let data = open(vm, a)?.buffer.borrow().data.clone();
            let bytes: Value = Bytes::new(&vm.heap, data).into();
            let class: Value = vm.types().memoryview.clone().into();
            vm.call(&class, &[bytes])
        }),
        def("close", 1, 1, |vm, a| {
            let old = vm.receiver::<BytesIo>(a)?.buffer.take();
            drop(old);
            vm.receiver::<BytesIo>(a)?.buffer.borrow_mut().closed = true;
            Ok(Value::NONE)
        }),
        def("flush", 1, 1, |vm, a| open(vm, a).map(|_| Value::NONE)),
        def("isatty", 1, 1, |vm, a| open(vm, a).map(|_| Value::FALSE)),
        def("readable", 1, 1, |vm, a| open(vm, a).map(|_| Value::TRUE)),
        def("writable", 1, 1, |vm, a| open(vm, a).map(|_| Value::TRUE)),
        def("seekable", 1, 1, |vm, a| open(vm, a).map(|_| Value::TRUE)),
        def("__next__", 1, 1, |vm, a| {
            let line = read(vm, a, true)?;
            if vm.truth(&line)? {
                return Ok(line);
            }
            let class = vm.types().StopIteration.clone();
            Err(vm.exception(&class, vec![]))
        }),
    ],
    getset: &[("closed", |vm, a| Ok(Value::bool(vm.receiver::<BytesIo>(a)?.buffer.borrow().closed)), None)],
    ..CLASS
};

fn open<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a BytesIo> {
    let b = vm.receiver::<BytesIo>(a)?;
    if b.buffer.borrow().closed {
        return Err(vm.value_error("I/O operation on closed file."));
    }
    Ok(b)
}

fn bytes_of(vm: &mut Vm, v: &Value) -> R<Vec<u8>> {
    match v.bytes_like() {
        Some(d) => Ok(d.to_vec()),
        None => {
            let got = vm.class_name(v);
            Err(vm.type_error(format!("a bytes-like object is required, not '{got}'")))
        }
    }
}

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let [initial] = a.rest().bind(vm, &signature("BytesIO", ["initial_bytes"], 0))?;
    let data = match initial.filter(|v| !v.is_none()) {
        Some(v) => bytes_of(vm, v)?,
        None => Vec::new(),
    };
    vm.receiver::<BytesIo>(a)?.buffer.set(Buffer { data, at: 0, closed: false });
    Ok(Value::NONE)
}

/// A size argument; None for all.
pub fn size(vm: &mut Vm, v: Option<&Value>) -> R<Option<usize>> {
    match v.filter(|v| !v.is_none()) {
        Some(v) if vm.index_opt(v)?.is_none() => {
            let got = vm.class_name(v);
            Err(vm.type_error(format!("argument should be integer or None, not '{got}'")))
        }
        Some(v) => Ok(usize::try_from(vm.index_clamped(v)?).ok()),
        None => Ok(None),
    }
}

fn read(vm: &mut Vm, a: Args<'_>, line: bool) -> R {
    let b = open(vm, a)?;
    let n = size(vm, a.get(1))?;
    let mut buffer = b.buffer.borrow_mut();
    let rest = buffer.data.get(buffer.at..).unwrap_or(&[]);
    let mut take = n.unwrap_or(rest.len()).min(rest.len());
    if line && let Some(end) = rest[..take].iter().position(|&c| c == b'\n') {
        take = end + 1;
    }
    let bytes = Bytes::new(&vm.heap, &rest[..take]);
    buffer.at += take;
    Ok(bytes.into())
}

fn readlines(vm: &mut Vm, a: Args<'_>) -> R {
    let hint = size(vm, a.get(1))?.unwrap_or(0);
    let (mut lines, mut total) = (Vec::new(), 0);
    loop {
        let line = read(vm, Args::positional(&a.pos[..1]), true)?;
        let n = vm.len(&line)?;
        if n == 0 {
            break;
        }
        total += n;
        lines.push(line);
        if hint > 0 && total >= hint {
            break;
        }
    }
    Ok(List::new(&vm.heap, lines).into())
}

fn readinto(vm: &mut Vm, a: Args<'_>) -> R {
    let n = vm.len(&a.pos[1])?;
    let data = read(vm, Args::positional(&[a.pos[0].clone(), Value::from_len(n)]), false)?;
    let got = vm.len(&data)?;
    let class: Value = vm.types().slice.clone().into();
    let part = vm.call(&class, &[Value::int_unchecked(0), Value::from_len(got)])?;
    vm.set_item(&a.pos[1], &part, data)?;
    Ok(Value::from_len(got))
}

fn write(vm: &mut Vm, a: Args<'_>) -> R {
    let b = open(vm, a)?;
    let data = bytes_of(vm, &a.pos[1])?;
    let mut buffer = b.buffer.borrow_mut();
    let at = buffer.at;
    if data.is_empty() {
        return Ok(Value::int_unchecked(0));
    }
    vm.check_memory(at.checked_add(data.len()).map(|n| n.saturating_sub(buffer.data.len())))?;
    if buffer.data.len() < at + data.len() {
        buffer.data.resize(at + data.len(), 0);
    }
    buffer.data[at..at + data.len()].copy_from_slice(&data);
    buffer.at += data.len();
    Ok(Value::from_len(data.len()))
}

fn seek(vm: &mut Vm, a: Args<'_>) -> R {
    let b = open(vm, a)?;
    let offset = vm.index_i64(&a.pos[1])?;
    let whence = match a.get(2) {
        Some(v) => vm.index_i64(v)?,
        None => 0,
    };
    let mut buffer = b.buffer.borrow_mut();
    let from = match whence {
        0 if offset < 0 => return Err(vm.value_error(format!("negative seek value {offset}"))),
        0 => 0,
        1 => buffer.at,
        2 => buffer.data.len(),
        n => return Err(vm.value_error(format!("invalid whence ({n}, should be 0, 1 or 2)"))),
    };
    let Some(to) = (from as i64).checked_add(offset) else { return Err(vm.overflow_error("new position too large")) };
    buffer.at = to.max(0) as usize;
    Ok(BigInt::from_i64(&vm.heap, to.max(0)))
}

fn truncate(vm: &mut Vm, a: Args<'_>) -> R {
    let b = open(vm, a)?;
    let n = match a.get(1).filter(|v| !v.is_none()) {
        Some(v) => vm.index_i64(v)?,
        None => b.buffer.borrow().at as i64,
    };
    if n < 0 {
        return Err(vm.value_error(format!("negative size value {n}")));
    }
    b.buffer.borrow_mut().data.truncate(n as usize);
    Ok(BigInt::from_i64(&vm.heap, n))
}
