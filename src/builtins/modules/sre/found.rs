//! `re.Match`.

use std::rc::Rc;

use super::super::CLASS_GETITEM;
use super::pattern::{Pattern, Range};
use super::subject::{Spans, Subject};
use super::substitute;
use crate::object::dict::Dict;
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

pub struct Match {
    pub pattern: Value,
    pub subject: Rc<Subject>,
    pub range: Range,
    pub spans: Spans,
}

// The subject is shared and a str or bytes, which no cycle runs through.
opaque_data!(Match { pattern });

pub static MATCH: Class = Class {
    module: "re",
    name: "Match",
    doc: "The result of a search that found something.",
    methods: &[
        def("group", 1, ANY, group),
        def("__getitem__", 2, 2, |vm, a| {
            let m = vm.receiver::<Match>(a)?;
            let i = m.index(vm, &a.pos[1])?;
            Ok(m.part(vm, i, &Value::NONE))
        }),
        def_kw("groups", 1, ANY, groups),
        def_kw("groupdict", 1, ANY, groupdict),
        def("start", 1, 2, |vm, a| side(vm, a, |s| Value::int_unchecked(s.map_or(-1, |s| s.0 as i64)))),
        def("end", 1, 2, |vm, a| side(vm, a, |s| Value::int_unchecked(s.map_or(-1, |s| s.1 as i64)))),
        def("span", 1, 2, |vm, a| {
            let m = vm.receiver::<Match>(a)?;
            let i = m.index_or_whole(vm, a.get(1))?;
            Ok(pair(vm, m.spans.groups[i]))
        }),
        def_kw("expand", 1, ANY, expand),
        def("__copy__", 1, 1, |_, a| Ok(a.pos[0].clone())),
        def("__deepcopy__", 2, 2, |_, a| Ok(a.pos[0].clone())),
        def("__repr__", 1, 1, repr),
    ],
    class_methods: &[CLASS_GETITEM],
    getset: &[
        ("string", |vm, a| Ok(vm.receiver::<Match>(a)?.subject.object.clone()), None),
        ("re", |vm, a| Ok(vm.receiver::<Match>(a)?.pattern.clone()), None),
        ("pos", |vm, a| Ok(Value::from_len(vm.receiver::<Match>(a)?.range.0)), None),
        ("endpos", |vm, a| Ok(Value::from_len(vm.receiver::<Match>(a)?.range.1)), None),
        ("lastindex", |vm, a| Ok(vm.receiver::<Match>(a)?.spans.last.map_or(Value::NONE, Value::from_len)), None),
        ("lastgroup", lastgroup, None),
        ("regs", regs, None),
    ],
    ..CLASS
};

pub fn new_match(vm: &mut Vm, m: Match) -> Value {
    let class = vm.native_class(&MATCH);
    vm.new_opaque(&class, m)
}

impl Match {
    /// The number of a group that is given by number or name; IndexError if there is none.
    pub fn index(&self, vm: &mut Vm, key: &Value) -> R<usize> {
        let number = match vm.index_opt(key)? {
            Some(i) => i.as_small_int(),
            None => {
                let index = self.pattern.opaque::<Pattern>().map(|p| p.group_index.clone());
                let found = match index.as_ref().and_then(|i| i.downcast::<Dict>()).cloned() {
                    Some(d) => vm.dict_get(&d, key)?,
                    None => None,
                };
                found.and_then(|i| i.as_small_int())
            }
        };
        match number.and_then(|n| usize::try_from(n).ok()).filter(|&n| n < self.spans.groups.len()) {
            Some(n) => Ok(n),
            None => Err(vm.index_error("no such group")),
        }
    }

    fn index_or_whole(&self, vm: &mut Vm, key: Option<&Value>) -> R<usize> {
        key.map_or(Ok(0), |k| self.index(vm, k))
    }

    /// The text of a group.
    pub fn part(&self, vm: &Vm, i: usize, default: &Value) -> Value {
        match self.spans.groups.get(i).copied().flatten() {
            Some((start, end)) => self.subject.slice(vm, start, end),
            None => default.clone(),
        }
    }
}

fn group(vm: &mut Vm, a: Args<'_>) -> R {
    let m = vm.receiver::<Match>(a)?;
    if a.pos.len() <= 2 {
        let i = m.index_or_whole(vm, a.get(1))?;
        return Ok(m.part(vm, i, &Value::NONE));
    }
    let mut parts = Vec::with_capacity(a.pos.len());
    for key in &a.pos[1..] {
        let i = m.index(vm, key)?;
        parts.push(m.part(vm, i, &Value::NONE));
    }
    Ok(Tuple::new(&vm.heap, parts).into())
}

fn groups(vm: &mut Vm, a: Args<'_>) -> R {
    let [default] = a.rest().bind(vm, &signature("groups", ["default"], 0))?;
    let default = default.cloned().unwrap_or(Value::NONE);
    let m = vm.receiver::<Match>(a)?;
    let parts: Vec<Value> = (1..m.spans.groups.len()).map(|i| m.part(vm, i, &default)).collect();
    Ok(Tuple::new(&vm.heap, parts).into())
}

fn groupdict(vm: &mut Vm, a: Args<'_>) -> R {
    let [default] = a.rest().bind(vm, &signature("groupdict", ["default"], 0))?;
    let default = default.cloned().unwrap_or(Value::NONE);
    let m = vm.receiver::<Match>(a)?;
    let result = Dict::new(&vm.heap);
    let index = m.pattern.opaque::<Pattern>().map(|p| p.group_index.clone());
    let names = index.as_ref().and_then(|i| i.downcast::<Dict>()).map(|d| d.items()).unwrap_or_default();
    for (name, i) in names {
        let i = vm.index_i64(&i)?;
        let part = m.part(vm, i.max(0) as usize, &default);
        vm.dict_set(&result, name, part)?;
    }
    Ok(result.into())
}

fn side(vm: &mut Vm, a: Args<'_>, f: fn(Option<Range>) -> Value) -> R {
    let m = vm.receiver::<Match>(a)?;
    let i = m.index_or_whole(vm, a.get(1))?;
    Ok(f(m.spans.groups[i]))
}

fn pair(vm: &Vm, span: Option<Range>) -> Value {
    let (start, end) = span.map_or((-1, -1), |(s, e)| (s as i64, e as i64));
    Tuple::new(&vm.heap, [Value::int_unchecked(start), Value::int_unchecked(end)]).into()
}

fn regs(vm: &mut Vm, a: Args<'_>) -> R {
    let m = vm.receiver::<Match>(a)?;
    let pairs: Vec<Value> = m.spans.groups.iter().map(|&s| pair(vm, s)).collect();
    Ok(Tuple::new(&vm.heap, pairs).into())
}

fn lastgroup(vm: &mut Vm, a: Args<'_>) -> R {
    let m = vm.receiver::<Match>(a)?;
    let Some(p) = m.pattern.opaque::<Pattern>() else { return Ok(Value::NONE) };
    Ok(m.spans.last.and_then(|i| p.index_group.get(i).cloned()).unwrap_or(Value::NONE))
}

fn expand(vm: &mut Vm, a: Args<'_>) -> R {
    let [template] = a.rest().bind(vm, &signature("expand", ["template"], 1))?;
    let m = vm.receiver::<Match>(a)?;
    let template = substitute::compiled(vm, &m.pattern, template.unwrap_or(&Value::NONE))?;
    substitute::expand(vm, m, &template)
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let m = vm.receiver::<Match>(a)?;
    let (start, end) = m.spans.whole();
    let text = m.part(vm, 0, &Value::NONE);
    let text: String = vm.repr(&text)?.to_string().chars().take(50).collect();
    Ok(vm.new_str(&format!("<re.Match object; span=({start}, {end}), match={text}>")))
}
