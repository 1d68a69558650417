//! `StringIO`: a file of text in memory.

use super::base::TEXT_IO_BASE;
use super::bytes_io::size;
use crate::object::cell::Mut;
use crate::object::header::Kind;
use crate::object::number::BigInt;
use crate::object::str::Str;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

const CR: u32 = 13;
const LF: u32 = 10;

/// What `newline=` says of line ends.
#[derive(Clone, Copy, PartialEq, Default)]
enum Newline {
    /// None: all ends become `\n`.
    Translate,
    /// Empty: lines end at any end, which stays.
    Any,
    /// The default: lines end at `\n`.
    #[default]
    Lf,
    /// `\n` is written as this, and lines end there.
    Cr,
    CrLf,
}

#[derive(Default)]
struct Buffer {
    text: Vec<u32>,
    at: usize,
    closed: bool,
    newline: Newline,
}

struct StringIo {
    buffer: Mut<Buffer>,
}

opaque_data!(StringIo {});

pub static STRING_IO: Class = Class {
    module: "_io",
    name: "StringIO",
    doc: "StringIO(initial_value='', newline='\\n'): a file of text in memory.",
    kind: Kind::Opaque,
    flags: type_flags::BASE | type_flags::ATTRS,
    parent: Some(&TEXT_IO_BASE),
    new: Some(def_kw("__new__", 0, ANY, |vm, a| {
        let class = vm.class_argument(a)?;
        Ok(vm.new_opaque(&class, StringIo { buffer: Mut::default() }))
    })),
    methods: &[
        def_kw("__init__", 1, ANY, init),
        def("read", 1, 2, |vm, a| read(vm, a, false)),
        def("readline", 1, 2, |vm, a| read(vm, a, true)),
        def("write", 2, 2, write),
        def("seek", 2, 3, seek),
        def("tell", 1, 1, |vm, a| Ok(Value::from_len(open(vm, a)?.buffer.borrow().at))),
        def("truncate", 1, 2, truncate),
        def("getvalue", 1, 1, |vm, a| {
            let b = open(vm, a)?;
            let text = Str::from_points(&vm.heap, &b.buffer.borrow().text);
            Ok(text.into())
        }),
        def("close", 1, 1, |vm, a| {
            let b = vm.receiver::<StringIo>(a)?;
            b.buffer.set(Buffer { closed: true, ..Buffer::default() });
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
    getset: &[
        ("closed", |vm, a| Ok(Value::bool(vm.receiver::<StringIo>(a)?.buffer.borrow().closed)), None),
        ("line_buffering", |vm, a| open(vm, a).map(|_| Value::FALSE), None),
    ],
    ..CLASS
};

fn open<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a StringIo> {
    let b = vm.receiver::<StringIo>(a)?;
    if b.buffer.borrow().closed {
        return Err(vm.value_error("I/O operation on closed file"));
    }
    Ok(b)
}

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let [initial, newline] = a.rest().bind(vm, &signature("StringIO", ["initial_value", "newline"], 0))?;
    let newline = match newline {
        None => Newline::Lf,
        Some(v) if v.is_none() => Newline::Translate,
        Some(v) => match v.downcast::<Str>().map(|s| s.to_string()) {
            Some(s) => match s.as_str() {
                "" => Newline::Any,
                "\n" => Newline::Lf,
                "\r" => Newline::Cr,
                "\r\n" => Newline::CrLf,
                _ => {
                    let shown = vm.repr(v)?;
                    return Err(vm.value_error(format!("illegal newline value: {shown}")));
                }
            },
            None => {
                let got = vm.class_name(v);
                return Err(vm.type_error(format!("newline must be str or None, not {got}")));
            }
        },
    };
    let b = vm.receiver::<StringIo>(a)?;
    b.buffer.set(Buffer { newline, ..Buffer::default() });
    let Some(v) = initial.filter(|v| !v.is_none()) else { return Ok(Value::NONE) };
    let Some(text) = v.downcast::<Str>() else {
        let got = vm.class_name(v);
        return Err(vm.type_error(format!("initial_value must be str or None, not {got}")));
    };
    let mut buffer = b.buffer.borrow_mut();
    put(&mut buffer, text.points().collect());
    buffer.at = 0;
    Ok(Value::NONE)
}

/// Writes at the present place what the line ends make of a text.
fn put(buffer: &mut Buffer, text: Vec<u32>) {
    let text = match buffer.newline {
        Newline::Lf | Newline::Any => text,
        Newline::Cr => text.into_iter().map(|p| if p == LF { CR } else { p }).collect(),
        Newline::CrLf => text.into_iter().flat_map(|p| if p == LF { vec![CR, LF] } else { vec![p] }).collect(),
        Newline::Translate => {
            let mut out = Vec::with_capacity(text.len());
            for (i, &p) in text.iter().enumerate() {
                let second = p == LF && i > 0 && text[i - 1] == CR;
                if !second {
                    out.push(if p == CR { LF } else { p });
                }
            }
            out
        }
    };
    let end = buffer.at + text.len();
    if buffer.text.len() < end && !text.is_empty() {
        buffer.text.resize(end, 0);
    }
    if !text.is_empty() {
        let at = buffer.at;
        buffer.text[at..end].copy_from_slice(&text);
    }
    buffer.at = end;
}

/// Where the first line of a text ends, its end included.
fn line_end(text: &[u32], newline: Newline) -> usize {
    let at = |p: &[u32]| text.windows(p.len()).position(|w| w == p).map(|i| i + p.len());
    let end = match newline {
        Newline::Lf | Newline::Translate => at(&[LF]),
        Newline::Cr => at(&[CR]),
        Newline::CrLf => at(&[CR, LF]),
        Newline::Any => text
            .iter()
            .position(|&p| p == CR || p == LF)
            .map(|i| if text[i] == CR && text.get(i + 1) == Some(&LF) { i + 2 } else { i + 1 }),
    };
    end.unwrap_or(text.len())
}

fn read(vm: &mut Vm, a: Args<'_>, line: bool) -> R {
    let b = open(vm, a)?;
    let n = size(vm, a.get(1))?;
    let mut buffer = b.buffer.borrow_mut();
    let rest = buffer.text.get(buffer.at..).unwrap_or(&[]);
    let most = if line { line_end(rest, buffer.newline) } else { rest.len() };
    let take = n.unwrap_or(most).min(most);
    let text = Str::from_points(&vm.heap, &rest[..take]);
    buffer.at += take;
    Ok(text.into())
}

fn write(vm: &mut Vm, a: Args<'_>) -> R {
    let b = vm.receiver::<StringIo>(a)?;
    let Some(text) = a.pos[1].downcast::<Str>() else {
        let got = vm.class_name(&a.pos[1]);
        return Err(vm.type_error(format!("string argument expected, got '{got}'")));
    };
    open(vm, a)?;
    vm.check_memory(text.len().checked_mul(4))?;
    put(&mut b.buffer.borrow_mut(), text.points().collect());
    Ok(Value::from_len(text.len()))
}

fn seek(vm: &mut Vm, a: Args<'_>) -> R {
    let b = open(vm, a)?;
    let offset = vm.index_i64(&a.pos[1])?;
    let whence = match a.get(2) {
        Some(v) => vm.index_i64(v)?,
        None => 0,
    };
    let to = match whence {
        0 if offset < 0 => return Err(vm.value_error(format!("Negative seek position {offset}"))),
        0 => offset as usize,
        1 | 2 if offset != 0 => {
            let os_error = vm.types().OSError.clone();
            return Err(vm.error(&os_error, "Can't do nonzero cur-relative seeks"));
        }
        1 => b.buffer.borrow().at,
        2 => b.buffer.borrow().text.len(),
        n => return Err(vm.value_error(format!("Invalid whence ({n}, should be 0, 1 or 2)"))),
    };
    b.buffer.borrow_mut().at = to;
    Ok(BigInt::from_i64(&vm.heap, to as i64))
}

fn truncate(vm: &mut Vm, a: Args<'_>) -> R {
    let b = open(vm, a)?;
    let n = match a.get(1).filter(|v| !v.is_none()) {
        Some(v) => vm.index_i64(v)?,
        None => b.buffer.borrow().at as i64,
    };
    if n < 0 {
        return Err(vm.value_error(format!("Negative size value {n}")));
    }
    b.buffer.borrow_mut().text.truncate(n as usize);
    Ok(BigInt::from_i64(&vm.heap, n))
}
