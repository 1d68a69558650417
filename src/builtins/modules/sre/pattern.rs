//! `re.Pattern`, and the iterators and scanners that it makes.

use std::cell::Cell;
use std::rc::Rc;

use super::super::CLASS_GETITEM;
use super::found::{Match, new_match};
use super::subject::{Mode, Spans, Subject};
use super::substitute;
use crate::builtins::dict::proxy;
use crate::builtins::slots;
use crate::object::header::Kind;
use crate::object::number::BigInt;
use crate::object::sequence::{List, Tuple};
use crate::object::str::Str;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::native_class::{CLASS, Class};
use crate::vm::native_iter::NativeIter;
use crate::vm::{Args, R, Vm};

pub struct Pattern {
    pub source: Value,
    flags: i64,
    code: Vec<u32>,
    pub groups: usize,
    /// Names to numbers, and numbers to names.
    pub group_index: Value,
    pub index_group: Vec<Value>,
}

opaque_data!(Pattern { source, group_index, index_group });

pub static PATTERN: Class = Class {
    module: "re",
    name: "Pattern",
    doc: "A compiled regular expression.",
    methods: &[
        def_kw("match", 1, ANY, |vm, a| one(vm, a, "match", Mode::Match)),
        def_kw("fullmatch", 1, ANY, |vm, a| one(vm, a, "fullmatch", Mode::FullMatch)),
        def_kw("search", 1, ANY, |vm, a| one(vm, a, "search", Mode::Search)),
        def_kw("findall", 1, ANY, findall),
        def_kw("finditer", 1, ANY, finditer),
        def_kw("split", 1, ANY, split),
        def_kw("sub", 1, ANY, |vm, a| substitute::sub(vm, a, "sub")),
        def_kw("subn", 1, ANY, |vm, a| substitute::sub(vm, a, "subn")),
        def_kw("scanner", 1, ANY, scanner),
        def("__copy__", 1, 1, |_, a| Ok(a.pos[0].clone())),
        def("__deepcopy__", 2, 2, |_, a| Ok(a.pos[0].clone())),
        def("__repr__", 1, 1, repr),
        def("__eq__", 2, 2, |vm, a| Ok(equal(vm, a)?.map_or(Value::NOT_IMPLEMENTED, Value::bool))),
        def("__ne__", 2, 2, |vm, a| Ok(equal(vm, a)?.map_or(Value::NOT_IMPLEMENTED, |e| Value::bool(!e)))),
        def("__hash__", 1, 1, hash),
    ],
    class_methods: &[CLASS_GETITEM],
    getset: &[
        ("pattern", |vm, a| Ok(vm.receiver::<Pattern>(a)?.source.clone()), None),
        ("flags", |vm, a| Ok(Value::int_unchecked(vm.receiver::<Pattern>(a)?.flags)), None),
        ("groups", |vm, a| Ok(Value::from_len(vm.receiver::<Pattern>(a)?.groups)), None),
        (
            "groupindex",
            |vm, a| {
                let index = vm.receiver::<Pattern>(a)?.group_index.clone();
                Ok(proxy::new(vm, index))
            },
            None,
        ),
    ],
    ..CLASS
};

/// `_sre.compile(pattern, flags, code, groups, groupindex, indexgroup)`.
pub fn compile(vm: &mut Vm, a: Args<'_>) -> R {
    let names = ["pattern", "flags", "code", "groups", "groupindex", "indexgroup"];
    let [Some(source), Some(flags), Some(code), Some(groups), Some(index), Some(names)] =
        a.bind(vm, &signature("compile", names, 6))?
    else {
        return Err(vm.type_error("compile() missing required argument"));
    };
    let flags = i64::from(vm.index_c_int(flags)?);
    let groups = vm.index_i64(groups)?;
    let mut words = Vec::new();
    for w in vm.collect(code)? {
        match u32::try_from(vm.index_i64(&w)?) {
            Ok(w) => words.push(w),
            Err(_) => return Err(vm.overflow_error("regular expression code size limit exceeded")),
        }
    }
    let index_group = vm.collect(names)?;
    if words.is_empty() || groups < 0 || (groups as usize) > words.len() {
        return Err(vm.runtime_error("invalid SRE code"));
    }
    let pattern = Pattern {
        source: source.clone(),
        flags,
        code: words,
        groups: groups as usize,
        group_index: index.clone(),
        index_group,
    };
    let class = vm.native_class(&PATTERN);
    Ok(vm.new_opaque(&class, pattern))
}

/// Positions between which is searched.
pub type Range = (usize, usize);

impl Pattern {
    /// The subject of a search, of the kind of the pattern.
    pub fn subject(&self, vm: &mut Vm, string: &Value) -> R<Rc<Subject>> {
        let s = Subject::of(vm, string)?;
        if !self.source.is_none() {
            let bytes_pattern = self.source.downcast::<Str>().is_none();
            if s.is_bytes && !bytes_pattern {
                return Err(vm.type_error("cannot use a string pattern on a bytes-like object"));
            }
            if !s.is_bytes && bytes_pattern {
                return Err(vm.type_error("cannot use a bytes pattern on a string-like object"));
            }
        }
        Ok(s)
    }

    pub fn find(&self, vm: &mut Vm, s: &Subject, range: Range, mode: Mode, must_advance: bool) -> R<Option<Spans>> {
        s.find(vm, &self.code, self.groups, range, mode, must_advance)
    }
}

/// `string`, `pos` and `endpos` of a method.
fn arguments(vm: &mut Vm, a: Args<'_>, function: &'static str) -> R<(Rc<Subject>, Range)> {
    let [string, pos, end] = a.rest().bind(vm, &signature(function, ["string", "pos", "endpos"], 1))?;
    let p = vm.receiver::<Pattern>(a)?;
    let pos = match pos {
        Some(v) => vm.index_clamped(v)?,
        None => 0,
    };
    let end = match end {
        Some(v) => vm.index_clamped(v)?,
        None => i64::MAX,
    };
    let s = p.subject(vm, string.unwrap_or(&Value::NONE))?;
    let fit = |i: i64| i.clamp(0, s.len as i64) as usize;
    let range = (fit(pos), fit(end));
    Ok((s, range))
}

fn one(vm: &mut Vm, a: Args<'_>, function: &'static str, mode: Mode) -> R {
    let (s, range) = arguments(vm, a, function)?;
    let p = vm.receiver::<Pattern>(a)?;
    if range.0 > range.1 {
        return Ok(Value::NONE);
    }
    match p.find(vm, &s, range, mode, false)? {
        Some(spans) => Ok(new_match(vm, Match { pattern: a.pos[0].clone(), subject: s, range, spans })),
        None => Ok(Value::NONE),
    }
}

/// Steps through the matches of a pattern one after the other.
pub struct Matches {
    range: Range,
    at: usize,
    must_advance: bool,
}

impl Matches {
    pub fn new(range: Range) -> Matches {
        Matches { range, at: range.0, must_advance: false }
    }

    pub fn next(&mut self, vm: &mut Vm, p: &Pattern, s: &Subject, mode: Mode) -> R<Option<Spans>> {
        if self.at > self.range.1 {
            return Ok(None);
        }
        let found = p.find(vm, s, (self.at, self.range.1), mode, self.must_advance)?;
        match &found {
            Some(spans) => {
                let (start, end) = spans.whole();
                self.must_advance = start == end;
                self.at = end;
            }
            None => self.at = self.range.1 + 1,
        }
        Ok(found)
    }
}

fn findall(vm: &mut Vm, a: Args<'_>) -> R {
    let (s, range) = arguments(vm, a, "findall")?;
    let p = vm.receiver::<Pattern>(a)?;
    let mut matches = Matches::new(range);
    let mut list = Vec::new();
    while let Some(spans) = matches.next(vm, p, &s, Mode::Search)? {
        let part = |vm: &Vm, i: usize| {
            let (start, end) = spans.groups.get(i).copied().flatten().unwrap_or((0, 0));
            s.slice(vm, start, end)
        };
        list.push(match p.groups {
            0 => part(vm, 0),
            1 => part(vm, 1),
            n => {
                let items: Vec<Value> = (1..=n).map(|i| part(vm, i)).collect();
                Tuple::new(&vm.heap, items).into()
            }
        });
    }
    Ok(List::new(&vm.heap, list).into())
}

/// The state of a scanner, which `finditer` iterates over.
struct Scanner {
    pattern: Value,
    subject: Rc<Subject>,
    range: Range,
    at: Cell<(usize, bool)>,
}

// The subject is shared and a str or bytes, which no cycle runs through.
opaque_data!(Scanner { pattern });

impl Scanner {
    fn step(&self, vm: &mut Vm, mode: Mode) -> R<Option<Value>> {
        let Some(p) = self.pattern.opaque::<Pattern>() else { return Ok(None) };
        let (at, must_advance) = self.at.get();
        let mut m = Matches { range: self.range, at, must_advance };
        let found = m.next(vm, p, &self.subject, mode)?;
        self.at.set((m.at, m.must_advance));
        Ok(found.map(|spans| {
            let (pattern, subject) = (self.pattern.clone(), self.subject.clone());
            new_match(vm, Match { pattern, subject, range: self.range, spans })
        }))
    }
}

impl NativeIter for Scanner {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        self.step(vm, Mode::Search)
    }
}

static MATCHES: Class =
    Class { name: "callable_iterator", kind: Kind::Iter, methods: &[slots::ITER, slots::NEXT], ..CLASS };

pub static SCANNER: Class = Class {
    module: "_sre",
    name: "SRE_Scanner",
    kind: Kind::Iter,
    methods: &[
        def("match", 1, 1, |vm, a| scan(vm, a, Mode::Match)),
        def("search", 1, 1, |vm, a| scan(vm, a, Mode::Search)),
    ],
    getset: &[("pattern", |vm, a| Ok(vm.iter_receiver::<Scanner>(a)?.pattern.clone()), None)],
    fields: &["pattern"],
    ..CLASS
};

fn scan(vm: &mut Vm, a: Args<'_>, mode: Mode) -> R {
    let s = vm.iter_receiver::<Scanner>(a)?;
    Ok(s.step(vm, mode)?.unwrap_or(Value::NONE))
}

fn new_scanner(vm: &mut Vm, a: Args<'_>, function: &'static str, class: &'static Class) -> R {
    let (subject, range) = arguments(vm, a, function)?;
    let class = vm.native_class(class);
    let at = Cell::new((range.0, false));
    Ok(vm.new_native_iter(&class, Scanner { pattern: a.pos[0].clone(), subject, range, at }))
}

fn finditer(vm: &mut Vm, a: Args<'_>) -> R {
    new_scanner(vm, a, "finditer", &MATCHES)
}

fn scanner(vm: &mut Vm, a: Args<'_>) -> R {
    new_scanner(vm, a, "scanner", &SCANNER)
}

fn split(vm: &mut Vm, a: Args<'_>) -> R {
    let [string, max] = a.rest().bind(vm, &signature("split", ["string", "maxsplit"], 1))?;
    let p = vm.receiver::<Pattern>(a)?;
    let max = match max {
        Some(v) => vm.index_i64(v)?,
        None => 0,
    };
    let s = p.subject(vm, string.unwrap_or(&Value::NONE))?;
    let mut matches = Matches::new((0, s.len));
    let (mut list, mut last, mut n) = (Vec::new(), 0, 0);
    while max == 0 || n < max {
        let Some(spans) = matches.next(vm, p, &s, Mode::Search)? else { break };
        let (start, end) = spans.whole();
        list.push(s.slice(vm, last, start));
        for g in &spans.groups[1..] {
            list.push(g.map_or(Value::NONE, |(from, to)| s.slice(vm, from, to)));
        }
        last = end;
        n += 1;
    }
    list.push(s.slice(vm, last, s.len));
    Ok(List::new(&vm.heap, list).into())
}

const FLAGS: &[(i64, &str)] = &[
    (2, "re.IGNORECASE"),
    (4, "re.LOCALE"),
    (8, "re.MULTILINE"),
    (16, "re.DOTALL"),
    (64, "re.VERBOSE"),
    (128, "re.DEBUG"),
    (256, "re.ASCII"),
];
/// `re.UNICODE`, which a str pattern has unless another of its kind was given.
const UNICODE: i64 = 32;

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let p = vm.receiver::<Pattern>(a)?;
    let text = vm.repr(&p.source)?;
    let text: String = text.to_string().chars().take(200).collect();
    let mut flags = p.flags;
    if p.source.downcast::<Str>().is_some() && flags & (4 | UNICODE | 256) == UNICODE {
        flags &= !UNICODE;
    }
    let mut names = Vec::new();
    for &(bit, name) in FLAGS {
        if flags & bit != 0 {
            names.push(name.to_owned());
            flags &= !bit;
        }
    }
    if flags != 0 {
        names.push(format!("{flags:#x}"));
    }
    let flags = if names.is_empty() { String::new() } else { format!(", {}", names.join("|")) };
    Ok(vm.new_str(&format!("re.compile({text}{flags})")))
}

fn equal(vm: &mut Vm, a: Args<'_>) -> R<Option<bool>> {
    let (Some(x), Some(y)) = (a.pos[0].opaque::<Pattern>(), a.pos[1].opaque::<Pattern>()) else { return Ok(None) };
    if x.flags != y.flags || x.code != y.code {
        return Ok(Some(false));
    }
    vm.eq(&x.source, &y.source).map(Some)
}

fn hash(vm: &mut Vm, a: Args<'_>) -> R {
    let p = vm.receiver::<Pattern>(a)?;
    let h = vm.hash(&p.source)? as i64;
    Ok(BigInt::from_i64(&vm.heap, h ^ p.flags))
}
