//! Searching and replacing.

use super::{bounds, exact, str_arg, this};
use crate::object::header::Ref;
use crate::object::sequence::Tuple;
use crate::object::str::{self, Finder, Str, StrBuilder};
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::{Args, R, Vm};

pub const METHODS: &[Def] = &[
    def("find", 2, 4, |vm, a| Ok(place(search(vm, a, "find", str::find)?))),
    def("rfind", 2, 4, |vm, a| Ok(place(search(vm, a, "rfind", str::rfind)?))),
    def("index", 2, 4, |vm, a| {
        let found = search(vm, a, "index", str::find)?;
        required(vm, found)
    }),
    def("rindex", 2, 4, |vm, a| {
        let found = search(vm, a, "rindex", str::rfind)?;
        required(vm, found)
    }),
    def("count", 2, 4, |vm, a| {
        let n = search(vm, a, "count", |s, part, from, to| Some(str::count(s, part, from, to)))?;
        Ok(Value::from_len(n.unwrap_or(0)))
    }),
    def("startswith", 2, 4, |vm, a| affix(vm, a, "startswith", false)),
    def("endswith", 2, 4, |vm, a| affix(vm, a, "endswith", true)),
    def_kw("replace", 1, ANY, replace),
    def("partition", 2, 2, |vm, a| partition(vm, a, false)),
    def("rpartition", 2, 2, |vm, a| partition(vm, a, true)),
];

/// Runs a search with the optional bounds of the second and third argument.
fn search(
    vm: &mut Vm,
    a: Args<'_>,
    name: &str,
    f: impl Fn(&Str, &Str, usize, usize) -> Option<usize>,
) -> R<Option<usize>> {
    let part = str_arg(vm, &a.pos[1], &format!("{name}() argument 1 must be str"))?;
    let s = this(vm, a)?;
    Ok(bounds(vm, a.get(2), a.get(3), s.len())?.and_then(|(from, to)| f(s, part, from, to)))
}

fn place(found: Option<usize>) -> Value {
    found.map_or(Value::int_unchecked(-1), Value::from_len)
}

fn required(vm: &mut Vm, found: Option<usize>) -> R {
    match found {
        Some(i) => Ok(Value::from_len(i)),
        None => Err(vm.value_error("substring not found")),
    }
}

fn affix(vm: &mut Vm, a: Args<'_>, name: &str, at_end: bool) -> R {
    let s = this(vm, a)?;
    let range = bounds(vm, a.get(2), a.get(3), s.len())?;
    let matches = |part: &Ref<Str>| {
        range.is_some_and(|(from, to)| {
            part.len() <= to - from && str::matches_at(s, part, if at_end { to - part.len() } else { from })
        })
    };
    if let Some(part) = a.pos[1].downcast::<Str>() {
        return Ok(Value::bool(matches(part)));
    }
    let Some(parts) = a.pos[1].downcast::<Tuple>() else {
        let got = a.pos[1].class(&vm.heap).name_str();
        return Err(vm.type_error(format!("{name} first arg must be str or a tuple of str, not {got}")));
    };
    for part in parts.iter() {
        let part = str_arg(vm, part, &format!("tuple for {name} must only contain str"))?;
        if matches(part) {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

fn replace(vm: &mut Vm, a: Args<'_>) -> R {
    let [_, _, count] = a.rest().bind(vm, &signature("replace", ["", "", "count"], 2))?;
    let old = str_arg(vm, &a.pos[1], "replace() argument 1 must be str")?;
    let new = str_arg(vm, &a.pos[2], "replace() argument 2 must be str")?;
    let limit = match count {
        Some(n) => vm.index_i64(n)?,
        None => -1,
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let s = this(vm, a)?;
    let n = str::count(s, old, 0, s.len()).min(limit);
    if n == 0 {
        return Ok(exact(vm, s));
    }
    let total = new.len().checked_mul(n).and_then(|grown| grown.checked_add(s.len()));
    if total.is_none_or(|t| t > 4096) {
        vm.check_memory(total.and_then(|t| t.checked_mul(s.width().max(new.width()).bytes())))?;
    }
    let mut out = StrBuilder::with_capacity(s.len());
    let mut at = 0;
    if old.is_empty() {
        for i in 0..n {
            out.push_ref(new);
            if i < s.len() {
                out.push_slice(s, i, i + 1);
                at = i + 1;
            }
        }
    } else if let Some(finder) = Finder::new(old, s.width()) {
        for _ in 0..n {
            let Some(i) = finder.find(s, at, s.len()) else { break };
            out.push_slice(s, at, i);
            out.push_ref(new);
            at = i + old.len();
        }
    }
    out.push_slice(s, at, s.len());
    Ok(out.finish(&vm.heap).into())
}

fn partition(vm: &mut Vm, a: Args<'_>, from_end: bool) -> R {
    let separator = str_arg(vm, &a.pos[1], "must be str")?;
    let s = this(vm, a)?;
    if separator.is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    let find = if from_end { str::rfind } else { str::find };
    let empty = || Value::from(Str::new(&vm.heap, ""));
    let parts = match find(s, separator, 0, s.len()) {
        Some(i) => [
            str::slice(&vm.heap, s, 0, i).into(),
            separator.to_value(),
            str::slice(&vm.heap, s, i + separator.len(), s.len()).into(),
        ],
        None if from_end => [empty(), empty(), exact(vm, s)],
        None => [exact(vm, s), empty(), empty()],
    };
    Ok(Tuple::new(&vm.heap, parts).into())
}
