//! Cases and character classes of bytes: ASCII only.

use super::{made, this};
use crate::object::value::Value;
use crate::vm::native::{Def, def};
use crate::vm::{Args, R, Vm};

pub const METHODS: &[Def] = &[
    def("lower", 1, 1, |vm, a| map(vm, a, |b| b.to_ascii_lowercase())),
    def("upper", 1, 1, |vm, a| map(vm, a, |b| b.to_ascii_uppercase())),
    def("swapcase", 1, 1, |vm, a| map(vm, a, |b| if b.is_ascii_alphabetic() { b ^ 0x20 } else { b })),
    def("capitalize", 1, 1, capitalize),
    def("title", 1, 1, title),
    def("isalpha", 1, 1, |vm, a| every(vm, a, |b| b.is_ascii_alphabetic())),
    def("isalnum", 1, 1, |vm, a| every(vm, a, |b| b.is_ascii_alphanumeric())),
    def("isdigit", 1, 1, |vm, a| every(vm, a, |b| b.is_ascii_digit())),
    def("isspace", 1, 1, |vm, a| every(vm, a, is_space)),
    def("isascii", 1, 1, |vm, a| Ok(Value::bool(this(vm, a)?.data.is_ascii()))),
    def("islower", 1, 1, |vm, a| in_case(vm, a, |b| b.is_ascii_lowercase(), |b| b.is_ascii_uppercase())),
    def("isupper", 1, 1, |vm, a| in_case(vm, a, |b| b.is_ascii_uppercase(), |b| b.is_ascii_lowercase())),
    def("istitle", 1, 1, istitle),
];

/// White space as bytes see it.
pub(super) fn is_space(b: u8) -> bool {
    matches!(b, b' ' | 9..=13)
}

fn map(vm: &mut Vm, a: Args<'_>, f: fn(u8) -> u8) -> R {
    let data = this(vm, a)?.data.iter().map(|&b| f(b)).collect();
    Ok(made(vm, a, data))
}

fn capitalize(vm: &mut Vm, a: Args<'_>) -> R {
    let mut data = this(vm, a)?.data.to_ascii_lowercase();
    if let Some(b) = data.first_mut() {
        b.make_ascii_uppercase();
    }
    Ok(made(vm, a, data))
}

fn title(vm: &mut Vm, a: Args<'_>) -> R {
    let mut data = this(vm, a)?.data.to_vec();
    let mut inside = false;
    for b in &mut data {
        *b = if inside { b.to_ascii_lowercase() } else { b.to_ascii_uppercase() };
        inside = b.is_ascii_alphabetic();
    }
    Ok(made(vm, a, data))
}

fn every(vm: &mut Vm, a: Args<'_>, class: fn(u8) -> bool) -> R {
    let b = this(vm, a)?;
    Ok(Value::bool(!b.data.is_empty() && b.data.iter().all(|&b| class(b))))
}

fn in_case(vm: &mut Vm, a: Args<'_>, wanted: fn(u8) -> bool, other: fn(u8) -> bool) -> R {
    let b = this(vm, a)?;
    Ok(Value::bool(b.data.iter().any(|&b| wanted(b)) && !b.data.iter().any(|&b| other(b))))
}

fn istitle(vm: &mut Vm, a: Args<'_>) -> R {
    let (mut seen, mut inside) = (false, false);
    for b in this(vm, a)?.data.iter() {
        if b.is_ascii_alphabetic() {
            if b.is_ascii_uppercase() == inside {
                return Ok(Value::FALSE);
            }
            (seen, inside) = (true, true);
        } else {
            inside = false;
        }
    }
    Ok(Value::bool(seen))
}
