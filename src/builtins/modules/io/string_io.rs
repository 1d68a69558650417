//! `StringIO`: a file of text in memory.

use std::cell::Cell;

use super::abstracts::TEXT_IO_BASE;
use super::base::{self, stop};
use super::memory;
use super::newline::{Newline, Universal};
use crate::object::account::Counted;
use crate::object::header::{Kind, Ref};
use crate::object::number::BigInt;
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Closed,
}

struct StringIo {
    text: Counted<Vec<u32>>,
    at: Cell<usize>,
    state: Cell<State>,
    newline: Cell<Newline>,
    universal: Universal,
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
        let data = StringIo {
            text: Counted::new(&vm.heap, Vec::new()),
            at: Cell::new(0),
            state: Cell::new(State::New),
            newline: Cell::default(),
            universal: Universal::default(),
        };
        Ok(vm.new_opaque(&class, data))
    })),
    methods: &[
        def_kw("__init__", 1, ANY, init),
        def("read", 1, 2, |vm, a| read(vm, a, false)),
        def("readline", 1, 2, |vm, a| read(vm, a, true)),
        def("write", 2, 2, write),
        def("seek", 2, 3, seek),
        def("tell", 1, 1, |vm, a| {
            let at = open(vm, a)?.at.get();
            Ok(BigInt::from_i64(&vm.heap, at as i64))
        }),
        def("truncate", 1, 2, truncate),
        def("getvalue", 1, 1, |vm, a| {
            let s = open(vm, a)?;
            let text = Str::from_points(&vm.heap, &s.text.borrow());
            Ok(text.into())
        }),
        def("close", 1, 1, |vm, a| {
            let s = vm.receiver::<StringIo>(a)?;
            s.state.set(State::Closed);
            drop(s.text.take());
            Ok(Value::NONE)
        }),
        def("readable", 1, 1, |vm, a| open(vm, a).map(|_| Value::TRUE)),
        def("writable", 1, 1, |vm, a| open(vm, a).map(|_| Value::TRUE)),
        def("seekable", 1, 1, |vm, a| open(vm, a).map(|_| Value::TRUE)),
        def("__next__", 1, 1, next),
        def("__getstate__", 1, 1, getstate),
        def("__setstate__", 2, 2, setstate),
    ],
    getset: &[
        ("closed", |vm, a| Ok(Value::bool(whole(vm, a)?.state.get() == State::Closed)), None),
        ("line_buffering", |vm, a| open(vm, a).map(|_| Value::FALSE), None),
        (
            "newlines",
            |vm, a| {
                let s = open(vm, a)?;
                Ok(if s.newline.get().is_universal() { s.universal.newlines(vm) } else { Value::NONE })
            },
            None,
        ),
    ],
    ..CLASS
};

/// The receiver, which was initialised.
fn whole<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a StringIo> {
    let s = vm.receiver::<StringIo>(a)?;
    match s.state.get() {
        State::New => Err(vm.value_error("I/O operation on uninitialized object")),
        _ => Ok(s),
    }
}

fn open<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a StringIo> {
    let s = whole(vm, a)?;
    match s.state.get() {
        State::Closed => Err(vm.value_error("I/O operation on closed file")),
        _ => Ok(s),
    }
}

fn newline_argument(vm: &mut Vm, v: Option<&Value>) -> R<Newline> {
    let Some(v) = v else { return Ok(Newline::Lf) };
    if v.is_none() {
        return Ok(Newline::Translate);
    }
    let Some(text) = v.downcast::<Str>() else {
        let got = vm.class_name(v);
        return Err(vm.type_error(format!("newline must be str or None, not {got}")));
    };
    match Newline::parse(&text.to_string_lossy()) {
        Some(newline) => Ok(newline),
        None => {
            let shown = vm.repr(v)?;
            Err(vm.value_error(format!("illegal newline value: {shown}")))
        }
    }
}

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let [initial, newline] = a.rest().bind(vm, &signature("StringIO", ["initial_value", "newline"], 0))?;
    let newline = newline_argument(vm, newline)?;
    let initial = match initial.filter(|v| !v.is_none()) {
        None => None,
        Some(v) => match v.downcast::<Str>() {
            Some(text) => Some(text),
            None => {
                let got = vm.class_name(v);
                return Err(vm.type_error(format!("initial_value must be str or None, not {got}")));
            }
        },
    };
    let s = vm.receiver::<StringIo>(a)?;
    drop(s.text.take());
    s.at.set(0);
    s.newline.set(newline);
    s.universal.reset();
    s.universal.translate.set(newline == Newline::Translate);
    s.state.set(State::Open);
    if let Some(text) = initial {
        s.put(vm, text)?;
        s.at.set(0);
    }
    Ok(Value::NONE)
}

impl StringIo {
    /// Writes a text at the present place, as the line ends want it.
    fn put(&self, vm: &mut Vm, text: &Ref<Str>) -> R<()> {
        let newline = self.newline.get();
        let text = match newline.is_universal() {
            true => self.universal.decode(vm, text, true),
            false => newline.translate(vm, text),
        };
        if text.is_empty() {
            return Ok(());
        }
        let at = self.at.get();
        let end = at.checked_add(text.len());
        let old = self.text.borrow().len();
        vm.check_memory(end.and_then(|n| n.saturating_sub(old).checked_mul(4)))?;
        let end = end.unwrap_or(at);
        let mut all = self.text.borrow_mut();
        // Room behind the end reads as NUL.
        all.resize(at.max(old), 0);
        let over = all.len().min(end) - at;
        for (place, p) in all[at..].iter_mut().zip(text.points().take(over)) {
            *place = p;
        }
        all.extend(text.points().skip(over));
        self.at.set(end);
        Ok(())
    }

    /// Takes up to `n` characters, or a line of up to `n`.
    fn take(&self, vm: &Vm, n: Option<usize>, line: bool) -> Ref<Str> {
        let all = self.text.borrow();
        let rest = all.get(self.at.get()..).unwrap_or(&[]);
        let most = if line { line_end(rest, self.newline.get()) } else { rest.len() };
        let n = n.unwrap_or(most).min(most);
        self.at.set(self.at.get() + n);
        Str::from_points(&vm.heap, &rest[..n])
    }
}

/// Where the first line of a text ends, its end included.
fn line_end(text: &[u32], newline: Newline) -> usize {
    const CR: u32 = 13;
    const LF: u32 = 10;
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
    open(vm, a)?;
    let n = base::size(vm, a.get(1))?;
    Ok(open(vm, a)?.take(vm, n, line).into())
}

fn next(vm: &mut Vm, a: Args<'_>) -> R {
    let s = open(vm, a)?;
    let line: Value = match vm.native_data::<StringIo>(&a.pos[0]).is_some() {
        true => s.take(vm, None, true).into(),
        false => base::call(vm, &a.pos[0], "readline", &[])?,
    };
    match line.downcast::<Str>() {
        Some(text) if text.is_empty() => Err(stop(vm)),
        Some(_) => Ok(line),
        None => {
            let (class, got) = (vm.types().OSError.clone(), vm.class_name(&line));
            Err(vm.error(&class, &format!("readline() should have returned a str object, not '{got}'")))
        }
    }
}

fn write(vm: &mut Vm, a: Args<'_>) -> R {
    whole(vm, a)?;
    let Some(text) = a.pos[1].downcast::<Str>() else {
        let got = vm.class_name(&a.pos[1]);
        return Err(vm.type_error(format!("string argument expected, got '{got}'")));
    };
    open(vm, a)?.put(vm, text)?;
    Ok(Value::from_len(text.len()))
}

fn seek(vm: &mut Vm, a: Args<'_>) -> R {
    open(vm, a)?;
    let offset = vm.index_i64(&a.pos[1])?;
    let whence = match a.get(2) {
        Some(v) => vm.index_i64(v)?,
        None => 0,
    };
    let s = open(vm, a)?;
    let to = match whence {
        0 if offset < 0 => return Err(vm.value_error(format!("Negative seek position {offset}"))),
        0 => offset as usize,
        1 | 2 if offset != 0 => {
            let class = vm.types().OSError.clone();
            return Err(vm.error(&class, "Can't do nonzero cur-relative seeks"));
        }
        1 => s.at.get(),
        2 => s.text.borrow().len(),
        n => return Err(vm.value_error(format!("Invalid whence ({n}, should be 0, 1 or 2)"))),
    };
    s.at.set(to);
    Ok(BigInt::from_i64(&vm.heap, to as i64))
}

fn truncate(vm: &mut Vm, a: Args<'_>) -> R {
    let s = open(vm, a)?;
    let n = match memory::size(vm, a.get(1))? {
        Some(n) => n,
        None => s.at.get() as i64,
    };
    let Ok(length) = usize::try_from(n) else { return Err(vm.value_error(format!("Negative size value {n}"))) };
    open(vm, a)?.text.borrow_mut().truncate(length);
    Ok(BigInt::from_i64(&vm.heap, n))
}

fn getstate(vm: &mut Vm, a: Args<'_>) -> R {
    let s = open(vm, a)?;
    let text = Str::from_points(&vm.heap, &s.text.borrow()).into();
    let newline = match s.newline.get() {
        Newline::Translate => Value::NONE,
        Newline::Any => vm.new_str(""),
        Newline::Lf => vm.new_str("\n"),
        Newline::Cr => vm.new_str("\r"),
        Newline::CrLf => vm.new_str("\r\n"),
    };
    let at = BigInt::from_i64(&vm.heap, s.at.get() as i64);
    let attributes = memory::attributes(vm, &a.pos[0])?;
    Ok(Tuple::new(&vm.heap, [text, newline, at, attributes]).into())
}

fn setstate(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_name(&a.pos[0]);
    let [text, newline, at, attributes] = match a.pos[1].downcast::<Tuple>() {
        Some(t) if t.len() >= 4 => [t[0].clone(), t[1].clone(), t[2].clone(), t[3].clone()],
        _ => {
            let got = vm.class_name(&a.pos[1]);
            return Err(vm.type_error(format!("{class}.__setstate__ argument should be 4-tuple, got {got}")));
        }
    };
    if vm.receiver::<StringIo>(a)?.state.get() == State::Closed {
        return Err(vm.value_error("I/O operation on closed file"));
    }
    init(vm, Args::positional(&[a.pos[0].clone(), Value::NONE, newline]))?;
    let s = vm.receiver::<StringIo>(a)?;
    if !text.is_none() {
        // As it is: its line ends were looked at when it was written.
        let Some(text) = text.downcast::<Str>() else {
            let got = vm.class_name(&text);
            return Err(vm.type_error(format!("first item of state should be a str or None, got {got}")));
        };
        let points: Vec<u32> = text.points().collect();
        drop(s.text.replace(points));
    }
    s.at.set(memory::position(vm, &at, "third")?);
    memory::set_attributes(vm, &a.pos[0], &attributes, "fourth")?;
    Ok(Value::NONE)
}
