//! Splitting and joining.

use super::is_space;

use super::{exact, this};
use crate::builtins::pieces::Pieces;
use crate::object::header::Ref;
use crate::object::heap::OutOfMemory;
use crate::object::sequence::{List, Tuple};
use crate::object::str::{self, Finder, Str, StrBuilder};
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::{Args, R, Vm};
use crate::with_chars;

/// From which code point of the whole up to which.
type Range = (usize, usize);
/// The ranges of the pieces.
type Ranges = Result<Vec<Range>, OutOfMemory>;

pub const METHODS: &[Def] = &[
    def_kw("split", 1, ANY, |vm, a| split(vm, a, "split", false)),
    def_kw("rsplit", 1, ANY, |vm, a| split(vm, a, "rsplit", true)),
    def_kw("splitlines", 1, ANY, splitlines),
];

fn split(vm: &mut Vm, a: Args<'_>, name: &'static str, from_end: bool) -> R {
    let [separator, limit] = a.rest().bind(vm, &signature(name, ["sep", "maxsplit"], 0))?;
    let limit = match limit {
        Some(n) => vm.index_i64(n)?,
        None => -1,
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let s = this(vm, a)?;
    let separator = match separator.filter(|v| !v.is_none()) {
        None => None,
        Some(v) => match v.downcast::<Str>() {
            Some(sep) if sep.is_empty() => return Err(vm.value_error("empty separator")),
            Some(sep) => Some(sep),
            None => {
                let got = v.class(&vm.heap).name_str();
                return Err(vm.type_error(format!("must be str or None, not {got}")));
            }
        },
    };
    let pieces = Pieces::new(&vm.heap);
    let ranges = match (separator, from_end) {
        (Some(sep), false) => by_separator(s, sep, limit, pieces),
        (Some(sep), true) => by_separator_from_end(s, sep, limit, pieces),
        (None, false) => by_space(s, limit, pieces),
        (None, true) => by_space_from_end(s, limit, pieces),
    };
    let ranges = vm.allocated(ranges)?;
    Ok(list_of(vm, s, ranges))
}

/// A list of slices; the whole is the str itself.
fn list_of(vm: &mut Vm, s: &Ref<Str>, ranges: Vec<Range>) -> Value {
    let whole = |&(from, to): &Range| from == 0 && to == s.len();
    let items =
        ranges.iter().map(|r| if whole(r) { exact(vm, s) } else { str::slice(&vm.heap, s, r.0, r.1).into() }).collect();
    List::new(&vm.heap, items).into()
}

fn by_separator(s: &Str, separator: &Str, limit: usize, mut ranges: Pieces<Range>) -> Ranges {
    let mut at = 0;
    if let Some(finder) = Finder::new(separator, s.width()) {
        while ranges.len() < limit
            && let Some(i) = finder.find(s, at, s.len())
        {
            ranges.push((at, i))?;
            at = i + separator.len();
        }
    }
    ranges.push((at, s.len()))?;
    Ok(ranges.all())
}

fn by_separator_from_end(s: &Str, separator: &Str, limit: usize, mut ranges: Pieces<Range>) -> Ranges {
    let mut end = s.len();
    if let Some(finder) = Finder::new(separator, s.width()) {
        while ranges.len() < limit
            && let Some(i) = finder.rfind(s, 0, end)
        {
            ranges.push((i + separator.len(), end))?;
            end = i;
        }
    }
    ranges.push((0, end))?;
    Ok(ranges.reversed())
}

fn space_at(s: &Str, i: usize) -> bool {
    s.point(i).and_then(char::from_u32).is_some_and(is_space)
}

fn by_space(s: &Str, limit: usize, ranges: Pieces<Range>) -> Ranges {
    with_chars!(s, points => words(points, limit, ranges))
}

fn words<T: Copy + Into<u32>>(points: &[T], limit: usize, mut ranges: Pieces<Range>) -> Ranges {
    let space_at = |i: usize| char::from_u32(points[i].into()).is_some_and(is_space);
    let len = points.len();
    let mut at = 0;
    loop {
        while at < len && space_at(at) {
            at += 1;
        }
        if at == len {
            return Ok(ranges.all());
        }
        if ranges.len() >= limit {
            // The rest keeps the white space at its end.
            ranges.push((at, len))?;
            return Ok(ranges.all());
        }
        let start = at;
        while at < len && !space_at(at) {
            at += 1;
        }
        ranges.push((start, at))?;
    }
}

fn by_space_from_end(s: &Str, limit: usize, mut ranges: Pieces<Range>) -> Ranges {
    let mut end = s.len();
    loop {
        while end > 0 && space_at(s, end - 1) {
            end -= 1;
        }
        if end == 0 {
            break;
        }
        if ranges.len() >= limit {
            ranges.push((0, end))?;
            break;
        }
        let stop = end;
        while end > 0 && !space_at(s, end - 1) {
            end -= 1;
        }
        ranges.push((end, stop))?;
    }
    Ok(ranges.reversed())
}

/// Whether a code point ends a line.
fn is_line_break(p: u32) -> bool {
    matches!(p, 0x0a..=0x0d | 0x1c..=0x1e | 0x85 | 0x2028 | 0x2029)
}

fn splitlines(vm: &mut Vm, a: Args<'_>) -> R {
    let [keep] = a.rest().bind(vm, &signature("splitlines", ["keepends"], 0))?;
    let keep = match keep {
        Some(v) => vm.truth(v)?,
        None => false,
    };
    let s = this(vm, a)?;
    let ranges = lines(s, keep, Pieces::new(&vm.heap));
    let ranges = vm.allocated(ranges)?;
    Ok(list_of(vm, s, ranges))
}

fn lines(s: &Str, keep: bool, mut ranges: Pieces<Range>) -> Ranges {
    let (mut start, mut i) = (0, 0);
    while i < s.len() {
        let p = s.point(i).unwrap_or(0);
        i += 1;
        if !is_line_break(p) {
            continue;
        }
        let end = i - 1;
        if p == 0x0d && s.point(i) == Some(0x0a) {
            i += 1;
        }
        ranges.push((start, if keep { i } else { end }))?;
        start = i;
    }
    if start < s.len() {
        ranges.push((start, s.len()))?;
    }
    Ok(ranges.all())
}

/// `separator.join(iterable)`.
pub fn join(vm: &mut Vm, a: Args<'_>) -> R {
    let separator = this(vm, a)?;
    let source = &a.pos[1];
    let items: Vec<Value> = if let Some(l) = source.downcast::<List>() {
        l.to_vec()
    } else if let Some(t) = source.downcast::<Tuple>() {
        t.to_vec()
    } else {
        // CPython replaces the TypeError of what cannot be iterated.
        match vm.iter(source) {
            Ok(it) => vm.collect(&it)?,
            Err(e) if vm.is_exception(&e, &vm.types().TypeError.clone()) => {
                return Err(vm.type_error("can only join an iterable"));
            }
            Err(e) => return Err(e),
        }
    };
    let mut total = separator.len().checked_mul(items.len().saturating_sub(1));
    let mut width = separator.width();
    for (i, v) in items.iter().enumerate() {
        match v.downcast::<Str>() {
            Some(s) => {
                total = total.and_then(|t| t.checked_add(s.len()));
                width = width.max(s.width());
            }
            None => {
                let got = v.class(&vm.heap).name_str();
                return Err(vm.type_error(format!("sequence item {i}: expected str instance, {got} found")));
            }
        }
    }
    if let [one] = &items[..]
        && one.class(&vm.heap).is(&vm.types().str)
    {
        return Ok(one.clone());
    }
    if total.is_none_or(|t| t > 4096) {
        vm.check_memory(total.and_then(|t| t.checked_mul(width.bytes())))?;
    }
    let mut out = StrBuilder::with_capacity(total.unwrap_or(0));
    for (i, v) in items.iter().enumerate() {
        if i > 0 {
            out.push_ref(separator);
        }
        if let Some(s) = v.downcast::<Str>() {
            out.push_ref(s);
        }
    }
    Ok(out.finish(&vm.heap).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::heap::Heap;

    fn parts(text: &str, f: impl Fn(&Str, Pieces<Range>) -> Ranges) -> Vec<String> {
        let heap = Heap::new();
        let s = Str::new(&heap, text);
        let ranges = f(&s, Pieces::new(&heap)).expect("there is room");
        ranges.into_iter().map(|(a, b)| str::slice(&heap, &s, a, b).to_string()).collect()
    }

    #[test]
    fn splitting_at_white_space_keeps_the_rest_as_cpython_does() {
        assert_eq!(parts(" a  b c ", |s, pieces| by_space(s, usize::MAX, pieces)), ["a", "b", "c"]);
        assert_eq!(parts(" a  b c ", |s, pieces| by_space(s, 1, pieces)), ["a", "b c "]);
        assert_eq!(parts(" a  b c ", |s, pieces| by_space(s, 0, pieces)), ["a  b c "]);
        assert_eq!(parts(" a  b c ", |s, pieces| by_space_from_end(s, 1, pieces)), [" a  b", "c"]);
        assert!(parts("   ", |s, pieces| by_space(s, 3, pieces)).is_empty());
    }

    #[test]
    fn splitting_at_a_separator() {
        let heap = Heap::new();
        let comma = Str::new(&heap, ",");
        assert_eq!(parts("a,,b,", |s, pieces| by_separator(s, &comma, usize::MAX, pieces)), ["a", "", "b", ""]);
        assert_eq!(parts("a,b,c", |s, pieces| by_separator(s, &comma, 1, pieces)), ["a", "b,c"]);
        assert_eq!(parts("a,b,c", |s, pieces| by_separator_from_end(s, &comma, 1, pieces)), ["a,b", "c"]);
    }
}
