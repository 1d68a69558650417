//! Padding, stripping, joining and translating of bytes.

use std::borrow::Cow;

use super::case::is_space;
use super::{bytes_arg, exact, made, this};
use crate::object::buffer::ByteArray;
use crate::object::sequence::Bytes;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::protocol::buffer::buffer_flags;
use crate::vm::{Args, R, Vm};

pub const METHODS: &[Def] = &[
    def("center", 2, 3, |vm, a| pad(vm, a, "center")),
    def("ljust", 2, 3, |vm, a| pad(vm, a, "ljust")),
    def("rjust", 2, 3, |vm, a| pad(vm, a, "rjust")),
    def("zfill", 2, 2, zfill),
    def_kw("expandtabs", 1, ANY, expandtabs),
    def("strip", 1, 2, |vm, a| strip(vm, a, true, true)),
    def("lstrip", 1, 2, |vm, a| strip(vm, a, true, false)),
    def("rstrip", 1, 2, |vm, a| strip(vm, a, false, true)),
    def("removeprefix", 2, 2, removeprefix),
    def("removesuffix", 2, 2, removesuffix),
    def("join", 2, 2, join),
    def_kw("translate", 1, ANY, translate),
];

fn pad(vm: &mut Vm, a: Args<'_>, name: &str) -> R {
    let width = vm.index_i64(&a.pos[1])?.max(0) as usize;
    let fill = match a.get(2) {
        None => b' ',
        Some(v) => match v.bytes_like().as_deref() {
            Some(&[b]) => b,
            _ => {
                let got = vm.argument_class(v);
                return Err(vm.type_error(format!("{name}() argument 2 must be a byte string of length 1, not {got}")));
            }
        },
    };
    let b = this(vm, a)?;
    if width <= b.data.len() {
        return Ok(exact(vm, a));
    }
    vm.check_memory(Some(width))?;
    let total = width - b.data.len();
    let left = match name {
        "rjust" => total,
        "ljust" => 0,
        _ => total / 2 + (total & width & 1),
    };
    let mut out = vec![fill; left];
    out.extend_from_slice(&b.data);
    out.resize(width, fill);
    Ok(made(vm, a, out))
}

fn zfill(vm: &mut Vm, a: Args<'_>) -> R {
    let width = vm.index_i64(&a.pos[1])?.max(0) as usize;
    let b = this(vm, a)?;
    if width <= b.data.len() {
        return Ok(exact(vm, a));
    }
    vm.check_memory(Some(width))?;
    let sign = matches!(b.data.first(), Some(b'+' | b'-')) as usize;
    let mut out = b.data[..sign].to_vec();
    out.resize(sign + width - b.data.len(), b'0');
    out.extend_from_slice(&b.data[sign..]);
    Ok(made(vm, a, out))
}

fn expandtabs(vm: &mut Vm, a: Args<'_>) -> R {
    let [size] = a.rest().bind(vm, &signature("expandtabs", ["tabsize"], 0))?;
    let size = match size {
        Some(n) => vm.index_c_int(n)?.max(0) as usize,
        None => 8,
    };
    let b = this(vm, a)?;
    let tabs = b.data.iter().filter(|&&b| b == b'\t').count();
    vm.check_memory(tabs.checked_mul(size).and_then(|n| n.checked_add(b.data.len())))?;
    let mut out = Vec::with_capacity(b.data.len());
    let mut column = 0;
    for &byte in b.data.iter() {
        match byte {
            b'\t' if size > 0 => {
                let n = size - column % size;
                out.resize(out.len() + n, b' ');
                column += n;
            }
            b'\t' => {}
            _ => {
                column = if matches!(byte, b'\n' | b'\r') { 0 } else { column + 1 };
                out.push(byte);
            }
        }
    }
    Ok(made(vm, a, out))
}

fn strip(vm: &mut Vm, a: Args<'_>, left: bool, right: bool) -> R {
    let set = match a.get(1).filter(|v| !v.is_none()) {
        Some(v) => Some(bytes_arg(vm, v)?),
        None => None,
    };
    let b = this(vm, a)?;
    let keep = |byte: &u8| match &set {
        Some(set) => !set.contains(byte),
        None => !is_space(*byte),
    };
    let n = b.data.len();
    let start = if left { b.data.iter().position(keep).unwrap_or(n) } else { 0 };
    let end = if right { b.data.iter().rposition(keep).map_or(start, |i| i + 1) } else { n };
    if end - start == n {
        return Ok(exact(vm, a));
    }
    Ok(made(vm, a, b.data[start..end].to_vec()))
}

fn removeprefix(vm: &mut Vm, a: Args<'_>) -> R {
    let prefix = bytes_arg(vm, &a.pos[1])?;
    let b = this(vm, a)?;
    match b.data.strip_prefix(&prefix[..]) {
        Some(rest) if !prefix.is_empty() => Ok(made(vm, a, rest.to_vec())),
        _ => Ok(exact(vm, a)),
    }
}

fn removesuffix(vm: &mut Vm, a: Args<'_>) -> R {
    let suffix = bytes_arg(vm, &a.pos[1])?;
    let b = this(vm, a)?;
    match b.data.strip_suffix(&suffix[..]) {
        Some(rest) if !suffix.is_empty() => Ok(made(vm, a, rest.to_vec())),
        _ => Ok(exact(vm, a)),
    }
}

fn join(vm: &mut Vm, a: Args<'_>) -> R {
    // A bytearray keeps its length while its items are asked for.
    let held = match a.pos[0].opaque::<ByteArray>() {
        Some(_) => vm.lend_own_bytes(&a.pos[0], buffer_flags::SIMPLE)?,
        None => None,
    };
    let separator = this(vm, a)?;
    let items = match vm.iter(&a.pos[1]) {
        Ok(it) => vm.collect(&it)?,
        Err(e) if vm.is_exception(&e, &vm.types().TypeError.clone()) => {
            return Err(vm.type_error("can only join an iterable"));
        }
        Err(e) => return Err(e),
    };
    let mut total = separator.data.len().checked_mul(items.len().saturating_sub(1));
    let mut parts = Vec::with_capacity(items.len());
    for (i, v) in items.iter().enumerate() {
        match vm.bytes_of(v)? {
            Some(part) => {
                total = total.and_then(|t| t.checked_add(part.len()));
                parts.push(part);
            }
            None => {
                let got = v.class(&vm.heap).name_str();
                return Err(vm.type_error(format!("sequence item {i}: expected a bytes-like object, {got} found")));
            }
        }
    }
    vm.check_memory(total)?;
    let mut joined = Vec::with_capacity(total.unwrap_or(0));
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            joined.extend_from_slice(&separator.data);
        }
        joined.extend_from_slice(part);
    }
    drop(held);
    Ok(made(vm, a, joined))
}

fn translate(vm: &mut Vm, a: Args<'_>) -> R {
    let [table, drop] = a.rest().bind(vm, &signature("translate", ["", "delete"], 1))?;
    let table = match table.filter(|v| !v.is_none()) {
        Some(v) => Some(bytes_arg(vm, v)?),
        None => None,
    };
    if table.as_ref().is_some_and(|t| t.len() != 256) {
        return Err(vm.value_error("translation table must be 256 characters long"));
    }
    let drop = match drop {
        Some(v) => bytes_arg(vm, v)?,
        None => Cow::Borrowed(&[][..]),
    };
    let b = this(vm, a)?;
    let out =
        b.data.iter().filter(|b| !drop.contains(b)).map(|&b| table.as_ref().map_or(b, |t| t[b as usize])).collect();
    Ok(made(vm, a, out))
}

pub fn maketrans(vm: &mut Vm, a: Args<'_>) -> R {
    let (from, to) = (bytes_arg(vm, &a.pos[0])?, bytes_arg(vm, &a.pos[1])?);
    if from.len() != to.len() {
        return Err(vm.value_error("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    for (&x, &y) in from.iter().zip(to.iter()) {
        table[x as usize] = y;
    }
    Ok(Bytes::new(&vm.heap, table).into())
}
