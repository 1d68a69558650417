//! `_IOBase` and `_RawIOBase`: what every file can do by `read`, `write` and `readline` of its own; and what the classes of
//! this room share.

use crate::builtins::modules::{ExceptionClass, exception_class};
use crate::object::exception::Exception;
use crate::object::header::{Kind, Ref};
use crate::object::sequence::{Bytes, List};
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, Exc, R, Vm};

/// `io.UnsupportedOperation`.
pub static UNSUPPORTED: ExceptionClass = ExceptionClass {
    module: "io",
    name: "UnsupportedOperation",
    bases: |t| vec![t.OSError.clone(), t.ValueError.clone()],
};

/// An `UnsupportedOperation` with this text.
pub fn unsupported(vm: &mut Vm, text: &str) -> Exc {
    match exception_class(vm, &UNSUPPORTED) {
        Ok(class) => vm.error(&class, text),
        Err(e) => e,
    }
}

/// `o.name(*args)`.
pub fn call(vm: &mut Vm, o: &Value, name: &str, args: &[Value]) -> R {
    let name = vm.intern(name);
    vm.call_method(o, &name, args)
}

/// An exception that came after another: the first is its context.
pub fn chain(vm: &mut Vm, later: Exc, first: &Exc) -> Exc {
    let has_context = later.0.downcast::<Exception>().is_some_and(|x| x.context.get().is_some());
    if !has_context {
        vm.set_context(&later, &first.0);
    }
    later
}

/// An error with `cause` as its `__cause__`.
pub fn caused(vm: &mut Vm, class: &Ref<Type>, text: &str, cause: Exc) -> Exc {
    let e = vm.error(class, text);
    vm.set_context(&e, &cause.0);
    if let Some(x) = e.0.downcast::<Exception>() {
        x.cause.set(Some(cause.0));
        x.suppress_context.set(true);
    }
    e
}

/// A size argument: None where all is meant, which None and negative numbers mean.
pub fn size(vm: &mut Vm, v: Option<&Value>) -> R<Option<usize>> {
    Ok(usize::try_from(signed_size(vm, v)?).ok())
}

/// A size argument as a number, which is -1 where it is missing or None.
pub fn signed_size(vm: &mut Vm, v: Option<&Value>) -> R<i64> {
    let Some(v) = v.filter(|v| !v.is_none()) else { return Ok(-1) };
    match vm.index_opt(v)? {
        Some(i) => match i.as_int().and_then(|i| i.to_i64()) {
            Some(n) => Ok(n),
            None => Err(vm.overflow_error("Python int too large to convert to C ssize_t")),
        },
        None => {
            let got = vm.class_name(v);
            Err(vm.type_error(format!("argument should be integer or None, not '{got}'")))
        }
    }
}

/// A position that some file gave or is given.
pub fn offset(vm: &mut Vm, v: &Value) -> R<i64> {
    let i = vm.index(v)?;
    match i.as_int().and_then(|i| i.to_i64()) {
        Some(n) => Ok(n),
        None => {
            let got = vm.class_name(v);
            Err(vm.value_error(format!("cannot fit '{got}' into an offset-sized integer")))
        }
    }
}

/// The value that a flag such as `_finalizing` is set to.
pub fn flag(vm: &mut Vm, a: Args<'_>) -> R<bool> {
    match a.get(1).and_then(Value::as_bool) {
        Some(on) => Ok(on),
        None => Err(vm.type_error("attribute value type must be bool")),
    }
}

/// `StopIteration` without a value.
pub fn stop(vm: &mut Vm) -> Exc {
    let class = vm.types().StopIteration.clone();
    vm.exception(&class, vec![])
}

/// `ResourceWarning` for something that was left open.
pub fn warn_unclosed(vm: &mut Vm, source: &Value, what: &str) -> R<()> {
    let shown = vm.repr(source)?;
    let class = vm.types().ResourceWarning.clone();
    vm.warn_of_object(&class, &format!("unclosed {what} {shown}"), source)
}

fn cannot_pickle(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_name(&a.pos[0]);
    Err(vm.type_error(format!("cannot pickle '{class}' instances")))
}

/// A file that is open somewhere has no state that could be kept.
pub const NO_REDUCE: Def = def("__reduce__", 1, 1, cannot_pickle);
pub const NO_REDUCE_EX: Def = def("__reduce_ex__", 2, 2, cannot_pickle);

/// What a file has as an attribute once it is closed.
const CLOSED: &str = "__IOBase_closed";

pub static IO_BASE: Class = Class {
    module: "_io",
    name: "_IOBase",
    doc: "The base of all files.",
    kind: Kind::Instance,
    flags: type_flags::BASE | type_flags::ATTRS | type_flags::FINALIZER | type_flags::WEAKREF | type_flags::PLAIN_END,
    methods: &[
        def("seek", 2, 3, |vm, _| Err(unsupported(vm, "seek"))),
        def("tell", 1, 1, |vm, a| call(vm, &a.pos[0], "seek", &[Value::int_unchecked(0), Value::int_unchecked(1)])),
        def("truncate", 1, 2, |vm, _| Err(unsupported(vm, "truncate"))),
        def("fileno", 1, 1, |vm, _| Err(unsupported(vm, "fileno"))),
        def("flush", 1, 1, |vm, a| match closed_attribute(vm, &a.pos[0])? {
            true => Err(vm.value_error("I/O operation on closed file.")),
            false => Ok(Value::NONE),
        }),
        def("close", 1, 1, close),
        def("seekable", 1, 1, |_, _| Ok(Value::FALSE)),
        def("readable", 1, 1, |_, _| Ok(Value::FALSE)),
        def("writable", 1, 1, |_, _| Ok(Value::FALSE)),
        def("isatty", 1, 1, |vm, a| check_closed(vm, &a.pos[0]).map(|_| Value::FALSE)),
        def("_checkClosed", 1, 2, |vm, a| check_closed(vm, &a.pos[0])),
        def("_checkSeekable", 1, 2, |vm, a| check_seekable(vm, &a.pos[0]).map(|()| Value::TRUE)),
        def("_checkReadable", 1, 2, |vm, a| check_readable(vm, &a.pos[0]).map(|()| Value::TRUE)),
        def("_checkWritable", 1, 2, |vm, a| check_writable(vm, &a.pos[0]).map(|()| Value::TRUE)),
        def("__enter__", 1, 1, |vm, a| check_closed(vm, &a.pos[0]).map(|_| a.pos[0].clone())),
        def("__exit__", 1, ANY, |vm, a| call(vm, &a.pos[0], "close", &[])),
        def("__iter__", 1, 1, |vm, a| check_closed(vm, &a.pos[0]).map(|_| a.pos[0].clone())),
        def("__next__", 1, 1, |vm, a| {
            let line = call(vm, &a.pos[0], "readline", &[])?;
            if vm.len(&line)? == 0 { Err(stop(vm)) } else { Ok(line) }
        }),
        def("__del__", 1, 1, finalize),
        def("readline", 1, 2, readline),
        def("readlines", 1, 2, readlines),
        def("writelines", 2, 2, writelines),
    ],
    getset: &[("closed", |vm, a| Ok(Value::bool(closed_attribute(vm, &a.pos[0])?)), None)],
    new: Some(def_kw("__new__", 0, ANY, |vm, a| {
        let class = vm.class_argument(a)?;
        Ok(vm.new_instance(&class))
    })),
    ..CLASS
};

pub static RAW_IO_BASE: Class = Class {
    module: "_io",
    name: "_RawIOBase",
    doc: "The base of files without a buffer.",
    kind: Kind::Instance,
    flags: type_flags::BASE | type_flags::ATTRS,
    parent: Some(&IO_BASE),
    methods: &[
        def("read", 1, 2, raw_read),
        def("readall", 1, 1, raw_readall),
        def("readinto", 2, 2, |vm, _| Err(not_implemented(vm))),
        def("write", 2, 2, |vm, _| Err(not_implemented(vm))),
    ],
    ..CLASS
};

fn not_implemented(vm: &mut Vm) -> Exc {
    let class = vm.types().NotImplementedError.clone();
    vm.exception(&class, vec![])
}

fn closed_attribute(vm: &mut Vm, o: &Value) -> R<bool> {
    let name = vm.intern(CLOSED);
    Ok(vm.get_attr_opt(o, &name)?.is_some())
}

/// `o.closed`; what has no such attribute is open.
fn is_closed(vm: &mut Vm, o: &Value) -> R<bool> {
    let name = vm.intern("closed");
    match vm.get_attr_opt(o, &name)? {
        Some(v) => vm.truth(&v),
        None => Ok(false),
    }
}

/// ValueError where the file is closed.
pub fn check_closed(vm: &mut Vm, o: &Value) -> R {
    if is_closed(vm, o)? { Err(vm.value_error("I/O operation on closed file.")) } else { Ok(Value::NONE) }
}

/// UnsupportedOperation unless a method says True.
fn check(vm: &mut Vm, o: &Value, question: &str, text: &str) -> R<()> {
    let answer = call(vm, o, question, &[])?;
    if answer.is_true() { Ok(()) } else { Err(unsupported(vm, text)) }
}

pub fn check_seekable(vm: &mut Vm, o: &Value) -> R<()> {
    check(vm, o, "seekable", "File or stream is not seekable.")
}

pub fn check_readable(vm: &mut Vm, o: &Value) -> R<()> {
    check(vm, o, "readable", "File or stream is not readable.")
}

pub fn check_writable(vm: &mut Vm, o: &Value) -> R<()> {
    check(vm, o, "writable", "File or stream is not writable.")
}

/// `_IOBase.close`: flushes once, and says that the file is closed whatever came of it.
pub fn close(vm: &mut Vm, a: Args<'_>) -> R {
    let o = &a.pos[0];
    if closed_attribute(vm, o)? {
        return Ok(Value::NONE);
    }
    let flushed = call(vm, o, "flush", &[]);
    let name = vm.intern(CLOSED);
    let set = vm.set_attr(o, &name, Value::TRUE);
    match (flushed, set) {
        (Err(first), Err(second)) => Err(chain(vm, second, &first)),
        (flushed, set) => set.and(flushed.map(|_| Value::NONE)),
    }
}

/// `__del__`: closes what is still open.  An object whose `closed` cannot be asked was never whole.
fn finalize(vm: &mut Vm, a: Args<'_>) -> R {
    let o = &a.pos[0];
    let name = vm.intern("closed");
    let open = match vm.get_attr_opt(o, &name) {
        Ok(Some(closed)) => !vm.truth(&closed).unwrap_or(true),
        _ => false,
    };
    if open {
        // So that `close` knows who calls it; what takes no such attribute does without.
        let name = vm.intern("_finalizing");
        let _ = vm.set_attr(o, &name, Value::TRUE);
        if let Err(e) = call(vm, o, "close", &[]) {
            vm.report_unraisable(e, o);
        }
    }
    Ok(Value::NONE)
}

fn not_bytes(vm: &mut Vm, method: &str, got: &Value) -> Exc {
    let (class, got) = (vm.types().OSError.clone(), vm.class_name(got));
    vm.error(&class, &format!("{method}() should have returned a bytes object, not '{got}'"))
}

/// How many bytes of a line what is ahead has, up to `most`: with its end, or all of it.
fn of_line(ahead: &[u8], most: usize) -> usize {
    let ahead = &ahead[..ahead.len().min(most)];
    memchr::memchr(b'\n', ahead).map_or(ahead.len(), |i| i + 1)
}

/// By what `peek` shows, or byte by byte: whoever can do better has a `readline` of its own.
fn readline(vm: &mut Vm, a: Args<'_>) -> R {
    let limit = size(vm, a.get(1))?;
    let o = &a.pos[0];
    let name = vm.intern("peek");
    let peek = vm.get_attr_opt(o, &name)?;
    let mut line = Vec::new();
    while limit.is_none_or(|n| line.len() < n) {
        let mut want = 1;
        if let Some(peek) = &peek {
            let ahead = vm.call(peek, &[Value::int_unchecked(1)])?;
            let Some(bytes) = ahead.downcast::<Bytes>() else { return Err(not_bytes(vm, "peek", &ahead)) };
            if !bytes.data.is_empty() {
                want = of_line(&bytes.data, limit.map_or(usize::MAX, |n| n - line.len()));
            }
        }
        let piece = call(vm, o, "read", &[Value::from_len(want)])?;
        let Some(bytes) = piece.downcast::<Bytes>() else { return Err(not_bytes(vm, "read", &piece)) };
        line.extend_from_slice(&bytes.data);
        if bytes.data.is_empty() || line.last() == Some(&b'\n') {
            break;
        }
    }
    Ok(Bytes::new(&vm.heap, line).into())
}

fn readlines(vm: &mut Vm, a: Args<'_>) -> R {
    let hint = size(vm, a.get(1))?.unwrap_or(0);
    let (mut lines, mut total) = (Vec::new(), 0);
    let it = vm.iter(&a.pos[0])?;
    while let Some(line) = vm.next(&it)? {
        let n = if hint > 0 { vm.len(&line)? } else { 0 };
        lines.push(line);
        if hint > 0 && n > hint - total {
            break;
        }
        total += n;
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
    let n = match a.get(1) {
        Some(n) => vm.index_i64(n)?,
        None => -1,
    };
    let Ok(n) = usize::try_from(n) else { return call(vm, &a.pos[0], "readall", &[]) };
    vm.check_memory(Some(n))?;
    let buffer = crate::object::buffer::ByteArray::value(&vm.heap, vec![0; n]);
    let got = call(vm, &a.pos[0], "readinto", std::slice::from_ref(&buffer))?;
    if got.is_none() {
        return Ok(got);
    }
    let got = offset(vm, &got)?;
    let bytes = buffer.bytes_like().unwrap_or_default();
    match usize::try_from(got) {
        Ok(got) if got <= n => Ok(Bytes::new(&vm.heap, &bytes[..got.min(bytes.len())]).into()),
        _ => Err(vm.value_error(format!("readinto returned {got} outside buffer size {n}"))),
    }
}

fn raw_readall(vm: &mut Vm, a: Args<'_>) -> R {
    let mut all: Option<Vec<u8>> = None;
    loop {
        let piece = call(vm, &a.pos[0], "read", &[Value::from_len(super::BUFFER_SIZE)])?;
        if piece.is_none() {
            // Nothing is there yet, which is another thing than the end.
            return Ok(all.map_or(Value::NONE, |all| Bytes::new(&vm.heap, all).into()));
        }
        let Some(bytes) = piece.downcast::<Bytes>() else { return Err(vm.type_error("read() should return bytes")) };
        if bytes.data.is_empty() {
            return Ok(Bytes::new(&vm.heap, all.unwrap_or_default()).into());
        }
        let all = all.get_or_insert_default();
        vm.check_memory(Some(bytes.data.len()))?;
        all.extend_from_slice(&bytes.data);
    }
}
