//! Filling up and stripping.

use super::is_space;

use super::{exact, str_arg, this};
use crate::object::header::Ref;
use crate::object::str::{self, Str, StrBuilder};
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::{Args, R, Vm};
use crate::with_chars;

pub const METHODS: &[Def] = &[
    def("center", 2, 3, |vm, a| pad(vm, a, Side::Both)),
    def("ljust", 2, 3, |vm, a| pad(vm, a, Side::Right)),
    def("rjust", 2, 3, |vm, a| pad(vm, a, Side::Left)),
    def("zfill", 2, 2, zfill),
    def_kw("expandtabs", 1, ANY, expandtabs),
    def("strip", 1, 2, |vm, a| strip(vm, a, "strip", true, true)),
    def("lstrip", 1, 2, |vm, a| strip(vm, a, "lstrip", true, false)),
    def("rstrip", 1, 2, |vm, a| strip(vm, a, "rstrip", false, true)),
    def("removeprefix", 2, 2, removeprefix),
    def("removesuffix", 2, 2, removesuffix),
];

/// Where the fill goes.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
    Both,
}

/// Asks for the memory of a text of `len` code points.
fn check_len(vm: &mut Vm, len: usize) -> R<()> {
    if len > 4096 { vm.check_memory(len.checked_mul(8)) } else { Ok(()) }
}

fn pad(vm: &mut Vm, a: Args<'_>, side: Side) -> R {
    let width = vm.index_i64(&a.pos[1])?.max(0) as usize;
    let fill = match a.get(2) {
        None => ' ' as u32,
        Some(v) => {
            let f = str_arg(vm, v, "The fill character must be a unicode character")?;
            match f.len() {
                1 => f.point(0).unwrap_or(0),
                _ => return Err(vm.type_error("The fill character must be exactly one character long")),
            }
        }
    };
    let s = this(vm, a)?;
    if width <= s.len() {
        return Ok(exact(vm, s));
    }
    check_len(vm, width)?;
    let total = width - s.len();
    let left = match side {
        Side::Left => total,
        Side::Right => 0,
        // The odd one goes where CPython puts it.
        Side::Both => total / 2 + (total & width & 1),
    };
    let mut out = StrBuilder::with_capacity(width);
    out.push_fill(fill, left);
    out.push_ref(s);
    out.push_fill(fill, total - left);
    Ok(out.finish(&vm.heap).into())
}

fn zfill(vm: &mut Vm, a: Args<'_>) -> R {
    let width = vm.index_i64(&a.pos[1])?.max(0) as usize;
    let s = this(vm, a)?;
    if width <= s.len() {
        return Ok(exact(vm, s));
    }
    check_len(vm, width)?;
    let mut out = StrBuilder::with_capacity(width);
    let signed = matches!(s.point(0).and_then(char::from_u32), Some('+' | '-'));
    if signed {
        out.push_slice(s, 0, 1);
    }
    out.push_fill('0' as u32, width - s.len());
    out.push_slice(s, signed as usize, s.len());
    Ok(out.finish(&vm.heap).into())
}

fn expandtabs(vm: &mut Vm, a: Args<'_>) -> R {
    let [size] = a.rest().bind(vm, &signature("expandtabs", ["tabsize"], 0))?;
    let size = match size {
        Some(n) => vm.index_c_int(n)?.max(0) as usize,
        None => 8,
    };
    let s = this(vm, a)?;
    let tabs = s.points().filter(|&p| p == 9).count();
    check_len(vm, tabs.saturating_mul(size).saturating_add(s.len()))?;
    let mut out = StrBuilder::with_capacity(s.len());
    let mut column = 0;
    for p in s.points() {
        match p {
            9 if size > 0 => {
                let n = size - column % size;
                out.push_fill(' ' as u32, n);
                column += n;
            }
            9 => {}
            _ => {
                column = if p == 10 || p == 13 { 0 } else { column + 1 };
                out.push(p);
            }
        }
    }
    Ok(out.finish(&vm.heap).into())
}

fn strip(vm: &mut Vm, a: Args<'_>, name: &str, left: bool, right: bool) -> R {
    let s = this(vm, a)?;
    match a.get(1).filter(|v| !v.is_none()) {
        None => Ok(strip_where(vm, s, left, right, |p| char::from_u32(p).is_some_and(is_space))),
        Some(v) => match v.downcast::<Str>() {
            Some(set) => Ok(with_chars!(set, set => strip_where(vm, s, left, right, |p| is_among(set, p)))),
            None => Err(vm.type_error(format!("{name} arg must be None or str"))),
        },
    }
}

/// What is left between the points that are dropped at the ends.
fn kept<T: Copy + Into<u32>>(points: &[T], left: bool, right: bool, drop: impl Fn(u32) -> bool) -> (usize, usize) {
    let (mut start, mut end) = (0, points.len());
    while left && start < end && drop(points[start].into()) {
        start += 1;
    }
    while right && end > start && drop(points[end - 1].into()) {
        end -= 1;
    }
    (start, end)
}

fn is_among<T: Copy + Into<u32>>(points: &[T], point: u32) -> bool {
    points.iter().any(|&p| p.into() == point)
}

fn strip_where(vm: &mut Vm, s: &Ref<Str>, left: bool, right: bool, drop: impl Fn(u32) -> bool) -> Value {
    let (start, end) = with_chars!(s, points => kept(points, left, right, drop));
    if end - start == s.len() { exact(vm, s) } else { str::slice(&vm.heap, s, start, end).into() }
}

fn removeprefix(vm: &mut Vm, a: Args<'_>) -> R {
    let prefix = str_arg(vm, &a.pos[1], "removeprefix() argument must be str")?;
    let s = this(vm, a)?;
    Ok(if str::matches_at(s, prefix, 0) && !prefix.is_empty() {
        str::slice(&vm.heap, s, prefix.len(), s.len()).into()
    } else {
        exact(vm, s)
    })
}

fn removesuffix(vm: &mut Vm, a: Args<'_>) -> R {
    let suffix = str_arg(vm, &a.pos[1], "removesuffix() argument must be str")?;
    let s = this(vm, a)?;
    Ok(match s.len().checked_sub(suffix.len()) {
        Some(at) if !suffix.is_empty() && str::matches_at(s, suffix, at) => str::slice(&vm.heap, s, 0, at).into(),
        _ => exact(vm, s),
    })
}
