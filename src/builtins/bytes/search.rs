//! Searching, splitting and replacing of bytes.

use memchr::memmem;

use super::case::is_space;
use super::{bytes_arg, exact, made, this};
use crate::builtins::pieces::Pieces;
use crate::builtins::str::bounds;
use crate::object::heap::OutOfMemory;
use crate::object::sequence::{Bytes, List, Tuple};
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::{Args, R, Vm};

/// The pieces of bytes.
type Parts<'d> = Result<Vec<&'d [u8]>, OutOfMemory>;

pub const METHODS: &[Def] = &[
    def("find", 2, 4, |vm, a| Ok(place(search(vm, a, memmem::find)?))),
    def("rfind", 2, 4, |vm, a| Ok(place(search(vm, a, memmem::rfind)?))),
    def("index", 2, 4, |vm, a| {
        let found = search(vm, a, memmem::find)?;
        required(vm, found)
    }),
    def("rindex", 2, 4, |vm, a| {
        let found = search(vm, a, memmem::rfind)?;
        required(vm, found)
    }),
    def("count", 2, 4, count),
    def("startswith", 2, 4, |vm, a| affix(vm, a, "startswith", <[u8]>::starts_with)),
    def("endswith", 2, 4, |vm, a| affix(vm, a, "endswith", <[u8]>::ends_with)),
    def("replace", 3, 4, replace),
    def("partition", 2, 2, |vm, a| partition(vm, a, false)),
    def("rpartition", 2, 2, |vm, a| partition(vm, a, true)),
    def_kw("split", 1, ANY, |vm, a| split(vm, a, "split", false)),
    def_kw("rsplit", 1, ANY, |vm, a| split(vm, a, "rsplit", true)),
    def_kw("splitlines", 1, ANY, splitlines),
];

/// What to look for: bytes, or one byte as an int.
fn needle(vm: &mut Vm, v: &Value) -> R<Vec<u8>> {
    if let Some(data) = vm.bytes_of(v)? {
        return Ok(data.into_owned());
    }
    match vm.index_opt(v)? {
        Some(i) => match i.as_int().and_then(|i| i.to_i64()).and_then(|i| u8::try_from(i).ok()) {
            Some(b) => Ok(vec![b]),
            None => Err(vm.value_error("byte must be in range(0, 256)")),
        },
        None => {
            let got = v.class(&vm.heap).name_str();
            Err(vm.type_error(format!("argument should be integer or bytes-like object, not '{got}'")))
        }
    }
}

fn search(vm: &mut Vm, a: Args<'_>, f: fn(&[u8], &[u8]) -> Option<usize>) -> R<Option<usize>> {
    let b = this(vm, a)?;
    let range = bounds(vm, a.get(2), a.get(3), b.data.len())?;
    let part = needle(vm, &a.pos[1])?;
    Ok(range.and_then(|(from, to)| f(&b.data[from..to], &part).map(|i| from + i)))
}

fn place(found: Option<usize>) -> Value {
    found.map_or(Value::int_unchecked(-1), Value::from_len)
}

fn required(vm: &mut Vm, found: Option<usize>) -> R {
    match found {
        Some(i) => Ok(Value::from_len(i)),
        None => Err(vm.value_error("subsection not found")),
    }
}

fn count(vm: &mut Vm, a: Args<'_>) -> R {
    let b = this(vm, a)?;
    let range = bounds(vm, a.get(2), a.get(3), b.data.len())?;
    let part = needle(vm, &a.pos[1])?;
    Ok(Value::from_len(match range {
        None => 0,
        Some((from, to)) if part.is_empty() => to - from + 1,
        Some((from, to)) => memmem::find_iter(&b.data[from..to], &part).count(),
    }))
}

fn affix(vm: &mut Vm, a: Args<'_>, name: &str, matches: fn(&[u8], &[u8]) -> bool) -> R {
    let b = this(vm, a)?;
    let range = bounds(vm, a.get(2), a.get(3), b.data.len())?;
    let fits = |part: &[u8]| range.is_some_and(|(from, to)| matches(&b.data[from..to], part));
    if let Some(part) = a.pos[1].bytes_like() {
        return Ok(Value::bool(fits(&part)));
    }
    let Some(parts) = a.pos[1].downcast::<Tuple>() else {
        let got = a.pos[1].class(&vm.heap).name_str();
        return Err(vm.type_error(format!("{name} first arg must be bytes or a tuple of bytes, not {got}")));
    };
    for part in parts.iter() {
        if fits(&bytes_arg(vm, part)?) {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

fn replace(vm: &mut Vm, a: Args<'_>) -> R {
    let (old, new) = (bytes_arg(vm, &a.pos[1])?, bytes_arg(vm, &a.pos[2])?);
    let limit = match a.get(3) {
        Some(n) => usize::try_from(vm.index_i64(n)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let b = this(vm, a)?;
    let places: Vec<usize> = if old.is_empty() {
        (0..=b.data.len()).take(limit).collect()
    } else {
        memmem::find_iter(&b.data, &old).take(limit).collect()
    };
    if places.is_empty() {
        return Ok(exact(vm, a));
    }
    vm.check_memory(new.len().checked_mul(places.len()).and_then(|n| n.checked_add(b.data.len())))?;
    let mut out = Vec::with_capacity(b.data.len());
    let mut at = 0;
    for i in places {
        out.extend_from_slice(&b.data[at..i]);
        out.extend_from_slice(&new);
        at = i + old.len();
    }
    out.extend_from_slice(&b.data[at..]);
    Ok(made(vm, a, out))
}

fn partition(vm: &mut Vm, a: Args<'_>, from_end: bool) -> R {
    let separator = bytes_arg(vm, &a.pos[1])?;
    if separator.is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    let b = this(vm, a)?;
    let found = if from_end { memmem::rfind(&b.data, &separator) } else { memmem::find(&b.data, &separator) };
    let empty = || made(vm, a, Vec::new());
    let parts = match found {
        Some(i) => [
            made(vm, a, b.data[..i].to_vec()),
            // `bytes` give back the separator itself, of whatever class.
            if a.pos[0].downcast::<Bytes>().is_some() { a.pos[1].clone() } else { made(vm, a, separator.to_vec()) },
            made(vm, a, b.data[i + separator.len()..].to_vec()),
        ],
        None if from_end => [empty(), empty(), exact(vm, a)],
        None => [exact(vm, a), empty(), empty()],
    };
    Ok(Tuple::new(&vm.heap, parts).into())
}

fn split(vm: &mut Vm, a: Args<'_>, name: &'static str, from_end: bool) -> R {
    let [separator, limit] = a.rest().bind(vm, &signature(name, ["sep", "maxsplit"], 0))?;
    let limit = match limit {
        Some(n) => usize::try_from(vm.index_i64(n)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let separator = match separator.filter(|v| !v.is_none()) {
        None => None,
        Some(v) => Some(bytes_arg(vm, v)?),
    };
    if separator.as_ref().is_some_and(|s| s.is_empty()) {
        return Err(vm.value_error("empty separator"));
    }
    let data = &this(vm, a)?.data;
    let pieces = Pieces::new(&vm.heap);
    let parts = match separator {
        Some(sep) => by_separator(data, &sep, limit, from_end, pieces),
        None => by_space(data, limit, from_end, pieces),
    };
    list_of(vm, a, parts)
}

fn list_of(vm: &mut Vm, a: Args<'_>, parts: Parts<'_>) -> R {
    let parts = vm.allocated(parts)?;
    let items = parts.into_iter().map(|p| made(vm, a, p.to_vec())).collect();
    Ok(List::new(&vm.heap, items).into())
}

fn by_separator<'d>(
    data: &'d [u8],
    separator: &[u8],
    limit: usize,
    from_end: bool,
    mut parts: Pieces<&'d [u8]>,
) -> Parts<'d> {
    let mut rest = data;
    while parts.len() < limit {
        let found = if from_end { memmem::rfind(rest, separator) } else { memmem::find(rest, separator) };
        let Some(i) = found else { break };
        let (before, after) = (&rest[..i], &rest[i + separator.len()..]);
        if from_end {
            parts.push(after)?;
            rest = before;
        } else {
            parts.push(before)?;
            rest = after;
        }
    }
    parts.push(rest)?;
    Ok(if from_end { parts.reversed() } else { parts.all() })
}

fn by_space<'d>(data: &'d [u8], limit: usize, from_end: bool, mut parts: Pieces<&'d [u8]>) -> Parts<'d> {
    let word = |b: &u8| !is_space(*b);
    let mut rest = data;
    loop {
        rest = if from_end {
            &rest[..rest.iter().rposition(word).map_or(0, |i| i + 1)]
        } else {
            &rest[rest.iter().position(word).unwrap_or(rest.len())..]
        };
        if rest.is_empty() {
            break;
        }
        if parts.len() >= limit {
            parts.push(rest)?;
            break;
        }
        if from_end {
            let start = rest.iter().rposition(|b| is_space(*b)).map_or(0, |i| i + 1);
            parts.push(&rest[start..])?;
            rest = &rest[..start];
        } else {
            let end = rest.iter().position(|b| is_space(*b)).unwrap_or(rest.len());
            parts.push(&rest[..end])?;
            rest = &rest[end..];
        }
    }
    Ok(if from_end { parts.reversed() } else { parts.all() })
}

fn splitlines(vm: &mut Vm, a: Args<'_>) -> R {
    let [keep] = a.rest().bind(vm, &signature("splitlines", ["keepends"], 0))?;
    let keep = match keep {
        Some(v) => vm.truth(v)?,
        None => false,
    };
    let data = &this(vm, a)?.data;
    let parts = lines(data, keep, Pieces::new(&vm.heap));
    list_of(vm, a, parts)
}

fn lines<'d>(data: &'d [u8], keep: bool, mut parts: Pieces<&'d [u8]>) -> Parts<'d> {
    let (mut start, mut i) = (0, 0);
    while i < data.len() {
        let b = data[i];
        i += 1;
        if b != b'\n' && b != b'\r' {
            continue;
        }
        let end = i - 1;
        if b == b'\r' && data.get(i) == Some(&b'\n') {
            i += 1;
        }
        parts.push(&data[start..if keep { i } else { end }])?;
        start = i;
    }
    if start < data.len() {
        parts.push(&data[start..])?;
    }
    Ok(parts.all())
}
