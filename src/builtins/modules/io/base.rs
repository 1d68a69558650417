//! `_IOBase` and the classes under it: what every file can do by `read`, `write` and `readline` of its own.

use crate::object::header::{Kind, Ref};
use crate::object::sequence::{Bytes, List};
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, Exc, R, Vm};

/// Identifies `UnsupportedOperation` among the classes of native modules.
static UNSUPPORTED: u8 = 0;

/// `io.UnsupportedOperation`, which is an OSError and a ValueError.
pub fn unsupported_operation(vm: &mut Vm) -> R<Ref<Type>> {
    let key = std::ptr::from_ref(&UNSUPPORTED) as usize;
    if let Some(t) = vm.native.classes.get(&key) {
        return Ok(t.clone());
    }
    let t = vm.types();
    let bases = [t.OSError.to_value(), t.ValueError.to_value()];
    let meta = t.type_.clone();
    let namespace = crate::object::dict::Dict::new(&vm.heap);
    let module = vm.new_str("io");
    drop(namespace.set_str(&vm.heap, &vm.types().names.__module__, module));
    let name = vm.intern("UnsupportedOperation");
    let class = vm.new_class(&meta, &name, &bases, &namespace, Args::positional(&[]))?;
    match class.downcast_owned::<Type>() {
        Ok(t) => {
            vm.native.classes.insert(key, t.clone());
            Ok(t)
        }
        Err(_) => Err(vm.runtime_error("UnsupportedOperation is no class")),
    }
}

/// An `UnsupportedOperation` with this text.
pub fn unsupported(vm: &mut Vm, text: &str) -> Exc {
    match unsupported_operation(vm) {
        Ok(class) => vm.error(&class, text),
        Err(e) => e,
    }
}

/// What the classes of a file have that is kept as attributes: whether it is closed.
const CLOSED: &str = "__IOBase_closed";

pub static IO_BASE: Class = Class {
    module: "_io",
    name: "_IOBase",
    doc: "The base of all files.",
    kind: Kind::Instance,
    flags: type_flags::BASE | type_flags::ATTRS,
    methods: &[
        def("seek", 2, 3, |vm, _| Err(unsupported(vm, "seek"))),
        def("tell", 1, 1, |vm, a| call(vm, &a.pos[0], "seek", &[Value::int_unchecked(0), Value::int_unchecked(1)])),
        def("truncate", 1, 2, |vm, _| Err(unsupported(vm, "truncate"))),
        def("fileno", 1, 1, |vm, _| Err(unsupported(vm, "fileno"))),
        def("flush", 1, 1, |vm, a| check_closed(vm, &a.pos[0])),
        def("close", 1, 1, close),
        def("seekable", 1, 1, |_, _| Ok(Value::FALSE)),
        def("readable", 1, 1, |_, _| Ok(Value::FALSE)),
        def("writable", 1, 1, |_, _| Ok(Value::FALSE)),
        def("isatty", 1, 1, |vm, a| check_closed(vm, &a.pos[0]).map(|_| Value::FALSE)),
        def("_checkClosed", 1, 2, |vm, a| check_closed(vm, &a.pos[0])),
        def("_checkSeekable", 1, 2, |vm, a| check(vm, a, "seekable", "File or stream is not seekable.")),
        def("_checkReadable", 1, 2, |vm, a| check(vm, a, "readable", "File or stream is not readable.")),
        def("_checkWritable", 1, 2, |vm, a| check(vm, a, "writable", "File or stream is not writable.")),
        def("__enter__", 1, 1, |vm, a| check_closed(vm, &a.pos[0]).map(|_| a.pos[0].clone())),
        def("__exit__", 1, ANY, |vm, a| call(vm, &a.pos[0], "close", &[])),
        def("__iter__", 1, 1, |vm, a| check_closed(vm, &a.pos[0]).map(|_| a.pos[0].clone())),
        def("__next__", 1, 1, next),
        def("readline", 1, 2, readline),
        def("readlines", 1, 2, readlines),
        def("writelines", 2, 2, writelines),
    ],
    getset: &[("closed", |vm, a| Ok(Value::bool(closed_attribute(vm, &a.pos[0]))), None)],
    new: Some(def_kw("__new__", 0, ANY, |vm, a| {
        let class = vm.class_argument(a)?;
        Ok(vm.new_instance(&class))
    })),
    ..CLASS
};

const PART: Class = Class {
    module: "_io",
    kind: Kind::Instance,
    flags: type_flags::BASE | type_flags::ATTRS,
    parent: Some(&IO_BASE),
    ..CLASS
};

pub static RAW_IO_BASE: Class =
    Class { name: "_RawIOBase", methods: &[def("read", 1, 2, raw_read), def("readall", 1, 1, raw_readall)], ..PART };

pub static BUFFERED_IO_BASE: Class = Class {
    name: "_BufferedIOBase",
    methods: &[
        def("read", 1, 2, |vm, _| Err(unsupported(vm, "read"))),
        def("read1", 1, 2, |vm, _| Err(unsupported(vm, "read1"))),
        def("write", 2, 2, |vm, _| Err(unsupported(vm, "write"))),
        def("detach", 1, 1, |vm, _| Err(unsupported(vm, "detach"))),
        def("readinto", 2, 2, readinto),
        def("readinto1", 2, 2, readinto),
    ],
    ..PART
};

pub static TEXT_IO_BASE: Class = Class {
    name: "_TextIOBase",
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

/// Classes of files that `open` does not make here: it gives one class for all.  They are there to be named.
const NAMED: Class = Class {
    module: "_io",
    new: Some(def_kw("__new__", 0, ANY, |vm, a| {
        let name = vm.class_argument(a)?.name_str();
        Err(vm.not_implemented_error(format!("{name} objects cannot be made yet: use open()")))
    })),
    ..PART
};

pub static FILE_IO: Class = Class { name: "FileIO", parent: Some(&RAW_IO_BASE), ..NAMED };
pub static BUFFERED_READER: Class = Class { name: "BufferedReader", parent: Some(&BUFFERED_IO_BASE), ..NAMED };
pub static BUFFERED_WRITER: Class = Class { name: "BufferedWriter", parent: Some(&BUFFERED_IO_BASE), ..NAMED };
pub static BUFFERED_RANDOM: Class = Class { name: "BufferedRandom", parent: Some(&BUFFERED_IO_BASE), ..NAMED };
pub static BUFFERED_RW_PAIR: Class = Class { name: "BufferedRWPair", parent: Some(&BUFFERED_IO_BASE), ..NAMED };
pub static NEWLINE_DECODER: Class = Class { name: "IncrementalNewlineDecoder", parent: None, ..NAMED };

/// `o.name(*args)`.
fn call(vm: &mut Vm, o: &Value, name: &str, args: &[Value]) -> R {
    let name = vm.intern(name);
    vm.call_method(o, &name, args)
}

fn closed_attribute(vm: &mut Vm, o: &Value) -> bool {
    let name = vm.intern(CLOSED);
    vm.instance_get(o, &name).is_some()
}

fn is_closed(vm: &mut Vm, o: &Value) -> R<bool> {
    let name = vm.intern("closed");
    match vm.get_attr_opt(o, &name)? {
        Some(v) => vm.truth(&v),
        None => Ok(false),
    }
}

/// ValueError where the file is closed.
fn check_closed(vm: &mut Vm, o: &Value) -> R {
    if is_closed(vm, o)? { Err(vm.value_error("I/O operation on closed file.")) } else { Ok(Value::NONE) }
}

fn check(vm: &mut Vm, a: Args<'_>, question: &str, text: &str) -> R {
    let answer = call(vm, &a.pos[0], question, &[])?;
    if vm.truth(&answer)? { Ok(Value::TRUE) } else { Err(unsupported(vm, text)) }
}

fn close(vm: &mut Vm, a: Args<'_>) -> R {
    let o = &a.pos[0];
    if closed_attribute(vm, o) {
        return Ok(Value::NONE);
    }
    let flushed = call(vm, o, "flush", &[]);
    let name = vm.intern(CLOSED);
    vm.instance_set(o, &name, Value::TRUE);
    flushed.map(|_| Value::NONE)
}

fn next(vm: &mut Vm, a: Args<'_>) -> R {
    let line = call(vm, &a.pos[0], "readline", &[])?;
    if vm.truth(&line)? {
        return Ok(line);
    }
    let class = vm.types().StopIteration.clone();
    Err(vm.exception(&class, vec![]))
}

/// Byte by byte: whoever can do better has a `readline` of its own.
fn readline(vm: &mut Vm, a: Args<'_>) -> R {
    let limit = match a.get(1).filter(|n| !n.is_none()) {
        Some(n) => usize::try_from(vm.index_i64(n)?).ok(),
        None => None,
    };
    let mut line = Vec::new();
    while limit.is_none_or(|n| line.len() < n) {
        let piece = call(vm, &a.pos[0], "read", &[Value::int_unchecked(1)])?;
        let Some(bytes) = piece.bytes_like().map(|b| b.to_vec()) else {
            let got = vm.class_name(&piece);
            return Err(vm.error(
                &vm.types().OSError.clone(),
                &format!("read() should have returned a bytes object, not '{got}'"),
            ));
        };
        line.extend_from_slice(&bytes);
        if bytes.is_empty() || line.last() == Some(&b'\n') {
            break;
        }
    }
    Ok(Bytes::new(&vm.heap, line).into())
}

fn readlines(vm: &mut Vm, a: Args<'_>) -> R {
    let hint = match a.get(1).filter(|n| !n.is_none()) {
        Some(n) => vm.index_i64(n)?,
        None => 0,
    };
    let (mut lines, mut total) = (Vec::new(), 0);
    let it = vm.iter(&a.pos[0])?;
    while let Some(line) = vm.next(&it)? {
        total += vm.len(&line)? as i64;
        lines.push(line);
        if hint > 0 && total > hint {
            break;
        }
    }
    Ok(List::new(&vm.heap, lines).into())
}

fn writelines(vm: &mut Vm, a: Args<'_>) -> R {
    check_closed(vm, &a.pos[0])?;
    let it = vm.iter(&a.pos[1])?;
    while let Some(line) = vm.next(&it)? {
        call(vm, &a.pos[0], "write", &[line])?;
    }
    Ok(Value::NONE)
}

/// `read(n)` by `readinto` of a bytearray.
fn raw_read(vm: &mut Vm, a: Args<'_>) -> R {
    let n = match a.get(1).filter(|n| !n.is_none()) {
        Some(n) => vm.index_i64(n)?,
        None => -1,
    };
    if n < 0 {
        return call(vm, &a.pos[0], "readall", &[]);
    }
    let class: Value = vm.types().bytearray.clone().into();
    let buffer = vm.call(&class, &[Value::int_unchecked(n)])?;
    let got = call(vm, &a.pos[0], "readinto", std::slice::from_ref(&buffer))?;
    if got.is_none() {
        return Ok(got);
    }
    let got = vm.index_i64(&got)?.max(0) as usize;
    let bytes = buffer.bytes_like().map(|b| b[..got.min(b.len())].to_vec()).unwrap_or_default();
    Ok(Bytes::new(&vm.heap, bytes).into())
}

fn raw_readall(vm: &mut Vm, a: Args<'_>) -> R {
    let mut all = Vec::new();
    loop {
        let piece = call(vm, &a.pos[0], "read", &[Value::int_unchecked(8192)])?;
        match piece.bytes_like() {
            Some(b) if !b.is_empty() => all.extend_from_slice(&b),
            _ => break,
        }
    }
    Ok(Bytes::new(&vm.heap, all).into())
}

/// `readinto(buffer)` by `read` and a slice assignment.
fn readinto(vm: &mut Vm, a: Args<'_>) -> R {
    let n = vm.len(&a.pos[1])?;
    let data = call(vm, &a.pos[0], "read", &[Value::from_len(n)])?;
    let got = vm.len(&data)?;
    let class: Value = vm.types().slice.clone().into();
    let part = vm.call(&class, &[Value::int_unchecked(0), Value::from_len(got)])?;
    vm.set_item(&a.pos[1], &part, data)?;
    Ok(Value::from_len(got))
}
