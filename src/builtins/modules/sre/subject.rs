//! What is searched: a str or bytes in the form that the engine reads.

use std::rc::Rc;

use rustpython_sre_engine::{Request, State, StrDrive};
use rustpython_wtf8::{CodePoint, Wtf8Buf};

use super::watch::{Watched, watched};
use crate::object::sequence::Bytes;
use crate::object::str::{Str, Width};
use crate::object::value::Value;
use crate::vm::{R, Vm};

enum Text {
    /// One byte for a character, with a spare byte behind the last: the engine reads it.
    Narrow(Vec<u8>),
    Wide(Wtf8Buf),
}

/// A text that is searched.  Positions count characters, or bytes of bytes.
pub struct Subject {
    pub object: Value,
    pub is_bytes: bool,
    pub len: usize,
    text: Text,
}

/// How a match must lie.
#[derive(Clone, Copy, PartialEq)]
pub enum Mode {
    Match,
    FullMatch,
    Search,
}

/// Where a pattern and its groups matched.
pub struct Spans {
    /// Group 0 is the whole match.
    pub groups: Vec<Option<(usize, usize)>>,
    /// The group that ended last.
    pub last: Option<usize>,
}

impl Spans {
    pub fn whole(&self) -> (usize, usize) {
        self.groups.first().copied().flatten().unwrap_or((0, 0))
    }
}

/// Subjects of at least this many characters are kept for the next search of the same object.
const KEEP: usize = 128;

impl Subject {
    /// The subject of an argument; TypeError for what is no text.
    pub fn of(vm: &mut Vm, v: &Value) -> R<Rc<Subject>> {
        if let Some((object, kept)) = &vm.native.last_subject
            && object.is(v)
            && let Ok(s) = kept.clone().downcast::<Subject>()
        {
            return Ok(s);
        }
        let subject = if let Some(s) = v.downcast::<Str>() {
            let text = if matches!(s.width(), Width::Ascii | Width::Latin1) {
                let mut bytes: Vec<u8> = Vec::with_capacity(s.len() + 1);
                match s.as_ascii() {
                    Some(t) => bytes.extend_from_slice(t.as_bytes()),
                    None => bytes.extend(s.points().map(|p| p as u8)),
                }
                bytes.push(0);
                Text::Narrow(bytes)
            } else {
                let mut wide = Wtf8Buf::with_capacity(s.len() * 3);
                s.points().filter_map(CodePoint::from_u32).for_each(|p| wide.push(p));
                Text::Wide(wide)
            };
            Subject { object: v.clone(), is_bytes: false, len: s.len(), text }
        } else if let Some(data) = v.bytes_like() {
            let mut bytes = data.to_vec();
            let len = bytes.len();
            bytes.push(0);
            Subject { object: v.clone(), is_bytes: true, len, text: Text::Narrow(bytes) }
        } else {
            let got = vm.class_name(v);
            return Err(vm.type_error(format!("expected string or bytes-like object, got '{got}'")));
        };
        let subject = Rc::new(subject);
        // Only what cannot change may be kept.
        let constant = v.downcast::<Str>().is_some() || v.downcast::<Bytes>().is_some();
        if constant && subject.len >= KEEP {
            vm.native.last_subject = Some((v.clone(), subject.clone()));
        }
        Ok(subject)
    }

    /// A part of the text.
    pub fn slice(&self, vm: &Vm, start: usize, end: usize) -> Value {
        match (&self.text, self.object.downcast::<Str>()) {
            (Text::Narrow(bytes), None) => Bytes::new(&vm.heap, &bytes[start..end]).into(),
            (_, Some(s)) => {
                let mut out = crate::object::str::StrBuilder::new();
                out.push_slice(s, start, end);
                out.finish(&vm.heap).into()
            }
            (Text::Wide(_), None) => Value::NONE,
        }
    }

    /// The bytes of bytes.
    pub fn bytes(&self, start: usize, end: usize) -> &[u8] {
        match &self.text {
            Text::Narrow(bytes) => &bytes[start..end],
            Text::Wide(_) => &[],
        }
    }

    /// Looks for a match between two positions.
    pub fn find(
        &self,
        vm: &mut Vm,
        code: &[u32],
        groups: usize,
        (start, end): (usize, usize),
        mode: Mode,
        must_advance: bool,
    ) -> R<Option<Spans>> {
        watched(vm, || match &self.text {
            Text::Narrow(bytes) => find(Watched(&bytes[..self.len]), code, groups, (start, end), mode, must_advance),
            Text::Wide(text) => find(Watched(&**text), code, groups, (start, end), mode, must_advance),
        })
    }
}

fn find<S: StrDrive>(
    text: S,
    code: &[u32],
    groups: usize,
    (start, end): (usize, usize),
    mode: Mode,
    must_advance: bool,
) -> Option<Spans> {
    let mut request = Request::new(text, start, end, code, mode == Mode::FullMatch);
    request.must_advance = must_advance;
    let mut state = State::default();
    state.reset(&request, request.start);
    let found = match mode {
        Mode::Search => state.search(request),
        Mode::Match | Mode::FullMatch => state.py_match(&request),
    };
    if !found {
        return None;
    }
    let mut spans = vec![Some((state.start, state.cursor.position))];
    for i in 0..groups {
        let (from, to) = state.marks.get(i);
        spans.push((from.is_some() && to.is_some()).then(|| (from.unpack(), to.unpack())));
    }
    let last = usize::try_from(state.marks.last_index()).ok().filter(|&i| i > 0);
    Some(Spans { groups: spans, last })
}
