//! Line ends: what `newline=` says of them, where lines end, and `IncrementalNewlineDecoder`.

use std::cell::Cell;

use crate::builtins::codec::incremental::{DecoderState, state_of, state_value};
use crate::object::cell::Mut;
use crate::object::header::{Kind, Ref};
use crate::object::sequence::Tuple;
use crate::object::str::{Chars, Str, StrBuilder};
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

use super::base::call;

const CR: u32 = 13;
const LF: u32 = 10;

/// What `newline=` says of line ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Newline {
    /// None: all ends become `\n`.
    Translate,
    /// Empty: lines end at any end, which stays.
    Any,
    #[default]
    Lf,
    /// `\n` is written as this, and lines end there.
    Cr,
    CrLf,
}

impl Newline {
    /// The newline of an argument that is a str; None for what is none.
    pub fn parse(text: &str) -> Option<Newline> {
        Some(match text {
            "" => Newline::Any,
            "\n" => Newline::Lf,
            "\r" => Newline::Cr,
            "\r\n" => Newline::CrLf,
            _ => return None,
        })
    }

    /// Whether lines end in more than one way, so that what was seen is remembered.
    pub fn is_universal(self) -> bool {
        matches!(self, Newline::Translate | Newline::Any)
    }

    /// What a `\n` is written as, where it is not itself.  (The system's own line end is `\n`.)
    pub fn written(self) -> Option<&'static str> {
        match self {
            Newline::Cr => Some("\r"),
            Newline::CrLf => Some("\r\n"),
            Newline::Translate | Newline::Any | Newline::Lf => None,
        }
    }

    /// A text as it is written.
    pub fn translate(self, vm: &Vm, text: &Ref<Str>) -> Ref<Str> {
        let Some(end) = self.written().filter(|_| position(text, 0, &[LF]).is_some()) else { return text.clone() };
        let mut out = StrBuilder::with_capacity(text.len());
        for p in text.points() {
            if p == LF { out.push_str(end) } else { out.push(p) }
        }
        out.finish(&vm.heap)
    }

    /// Where the first line from `start` on ends, its end included; or else how much can be put aside, because no line end
    /// begins in it.  The text of a stream never stops in the middle of `\r\n` where every end counts.
    pub fn line_end(self, text: &Str, start: usize) -> Result<usize, usize> {
        let found = match self {
            Newline::Translate | Newline::Lf => position(text, start, &[LF]).map(|i| i + 1),
            Newline::Cr => position(text, start, &[CR]).map(|i| i + 1),
            Newline::Any => position(text, start, &[CR, LF])
                .map(|i| if text.point(i) == Some(CR) && text.point(i + 1) == Some(LF) { i + 2 } else { i + 1 }),
            Newline::CrLf => {
                let mut from = start;
                loop {
                    match position(text, from, &[CR]) {
                        Some(i) if text.point(i + 1) == Some(LF) => break Some(i + 2),
                        Some(i) if i + 1 == text.len() => return Err(i),
                        Some(i) => from = i + 1,
                        None => break None,
                    }
                }
            }
        };
        found.ok_or(text.len())
    }
}

/// The first place from `start` on where one of these ASCII characters stands.
fn position(text: &Str, start: usize, any: &[u32]) -> Option<usize> {
    let bytes = match text.chars() {
        Chars::Ascii(s) => s.as_bytes(),
        Chars::Latin1(s) => s,
        _ => return (start..text.len()).find(|&i| text.point(i).is_some_and(|p| any.contains(&p))),
    };
    let rest = bytes.get(start..)?;
    let found = match *any {
        [a] => memchr::memchr(a as u8, rest),
        [a, b] => memchr::memchr2(a as u8, b as u8, rest),
        _ => None,
    };
    found.map(|i| start + i)
}

/// Whether a text has a line end that makes a stream which is buffered by lines write.
pub fn ends_line(text: &Str) -> bool {
    position(text, 0, &[LF, CR]).is_some()
}

/// Kinds of line ends, as bits.
const SEEN_CR: u8 = 1;
const SEEN_LF: u8 = 2;
const SEEN_CRLF: u8 = 4;

/// The state of reading with universal newlines.
#[derive(Default)]
pub struct Universal {
    /// All ends become `\n`.
    pub translate: Cell<bool>,
    /// A `\r` at the end of what was read, which may be the first half of `\r\n`.
    pending: Cell<bool>,
    seen: Cell<u8>,
}

impl Universal {
    pub fn new(translate: bool) -> Universal {
        Universal { translate: Cell::new(translate), ..Universal::default() }
    }

    /// The next text; a `\r` at its end waits, unless nothing follows.
    pub fn decode(&self, vm: &Vm, text: &Ref<Str>, last: bool) -> Ref<Str> {
        let pending = self.pending.get() && (last || !text.is_empty());
        if !pending && position(text, 0, &[CR]).is_none() {
            if position(text, 0, &[LF]).is_some() {
                self.seen.set(self.seen.get() | SEEN_LF);
            }
            return text.clone();
        }
        if pending {
            self.pending.set(false);
        }
        let mut points = Vec::with_capacity(text.len() + 1);
        points.extend(pending.then_some(CR));
        points.extend(text.points());
        if !last && points.last() == Some(&CR) {
            points.pop();
            self.pending.set(true);
        }
        let (mut out, mut seen) = (StrBuilder::with_capacity(points.len()), self.seen.get());
        let mut it = points.into_iter().peekable();
        while let Some(p) = it.next() {
            match p {
                CR if it.peek() == Some(&LF) => {
                    it.next();
                    seen |= SEEN_CRLF;
                    out.push_str(if self.translate.get() { "\n" } else { "\r\n" });
                }
                CR => {
                    seen |= SEEN_CR;
                    out.push_str(if self.translate.get() { "\n" } else { "\r" });
                }
                LF => {
                    seen |= SEEN_LF;
                    out.push(LF);
                }
                p => out.push(p),
            }
        }
        self.seen.set(seen);
        out.finish(&vm.heap)
    }

    pub fn reset(&self) {
        self.seen.set(0);
        self.pending.set(false);
    }

    /// The state of the decoder below with this one's added.
    pub fn state(&self, below: DecoderState) -> DecoderState {
        DecoderState { flags: below.flags << 1 | u64::from(self.pending.get()), ..below }
    }

    /// Takes its part of a state; what is left is the decoder's below.
    pub fn set_state(&self, state: DecoderState) -> DecoderState {
        self.pending.set(state.flags & 1 != 0);
        DecoderState { flags: state.flags >> 1, ..state }
    }

    /// `newlines`: None, a str, or a tuple of those that were seen.
    pub fn newlines(&self, vm: &Vm) -> Value {
        let kinds = [(SEEN_CR, "\r"), (SEEN_LF, "\n"), (SEEN_CRLF, "\r\n")];
        let seen = kinds.into_iter().filter(|(bit, _)| self.seen.get() & bit != 0);
        let mut seen: Vec<Value> = seen.map(|(_, text)| vm.intern(text).into()).collect();
        match seen.len() {
            0 => Value::NONE,
            1 => seen.swap_remove(0),
            _ => Tuple::new(&vm.heap, seen).into(),
        }
    }
}

#[derive(Default)]
struct NewlineDecoder {
    /// The decoder below; None where text goes in.
    decoder: Mut<Option<Value>>,
    universal: Universal,
}

opaque_data!(NewlineDecoder { decoder } clear { decoder });

pub static NEWLINE_DECODER: Class = Class {
    module: "_io",
    name: "IncrementalNewlineDecoder",
    doc: "IncrementalNewlineDecoder(decoder, translate, errors='strict'): makes line ends alike behind another decoder.",
    kind: Kind::Opaque,
    flags: type_flags::BASE,
    new: Some(def_kw("__new__", 0, ANY, |vm, a| {
        let class = vm.class_argument(a)?;
        Ok(vm.new_opaque(&class, NewlineDecoder::default()))
    })),
    methods: &[
        def_kw("__init__", 1, ANY, |vm, a| {
            let names = ["decoder", "translate", "errors"];
            let [decoder, translate, _] = a.rest().bind(vm, &signature("IncrementalNewlineDecoder", names, 2))?;
            let translate = vm.truth(translate.unwrap_or(&Value::NONE))?;
            let d = vm.receiver::<NewlineDecoder>(a)?;
            d.universal.reset();
            d.universal.translate.set(translate);
            d.decoder.set(decoder.cloned());
            Ok(Value::NONE)
        }),
        def_kw("decode", 1, ANY, |vm, a| {
            let [input, last] = a.rest().bind(vm, &signature("decode", ["input", "final"], 1))?;
            let last = match last {
                Some(v) => vm.truth(v)?,
                None => false,
            };
            let (d, below) = whole(vm, a)?;
            let input = input.cloned().unwrap_or(Value::NONE);
            let text = match below.is_none() {
                true => input,
                false => call(vm, &below, "decode", &[input, Value::bool(last)])?,
            };
            let Some(text) = text.downcast::<Str>() else {
                let got = vm.class_name(&text);
                return Err(vm.type_error(format!("decoder should return a string result, not '{got}'")));
            };
            Ok(d.universal.decode(vm, text, last).into())
        }),
        def("getstate", 1, 1, |vm, a| {
            let (d, below) = whole(vm, a)?;
            let state = match below.is_none() {
                true => DecoderState::default(),
                false => {
                    let state = call(vm, &below, "getstate", &[])?;
                    state_of(vm, &state)?
                }
            };
            let state = d.universal.state(state);
            Ok(state_value(vm, state))
        }),
        def("setstate", 2, 2, |vm, a| {
            let (d, below) = whole(vm, a)?;
            if a.pos[1].downcast::<Tuple>().is_none() {
                return Err(vm.type_error("state argument must be a tuple"));
            }
            let state = state_of(vm, &a.pos[1])?;
            let state = d.universal.set_state(state);
            if below.is_none() {
                return Ok(Value::NONE);
            }
            let state = state_value(vm, state);
            call(vm, &below, "setstate", &[state])
        }),
        def("reset", 1, 1, |vm, a| {
            let (d, below) = whole(vm, a)?;
            d.universal.reset();
            if below.is_none() { Ok(Value::NONE) } else { call(vm, &below, "reset", &[]) }
        }),
    ],
    getset: &[("newlines", |vm, a| Ok(vm.receiver::<NewlineDecoder>(a)?.universal.newlines(vm)), None)],
    ..CLASS
};

/// The receiver, which was initialised, and the decoder below.
fn whole<'a>(vm: &mut Vm, a: Args<'a>) -> R<(&'a NewlineDecoder, Value)> {
    let d = vm.receiver::<NewlineDecoder>(a)?;
    match d.decoder.get() {
        Some(below) => Ok((d, below)),
        None => Err(vm.value_error("IncrementalNewlineDecoder.__init__() not called")),
    }
}
