//! Cases and character classes.

use rustpython_unicode::{case, classify, identifier};

use super::this;
use crate::object::header::Ref;
use crate::object::str::{Str, StrBuilder};
use crate::object::value::Value;
use crate::vm::native::{Def, def};
use crate::vm::{Args, R, Vm};

pub const METHODS: &[Def] = &[
    def("lower", 1, 1, lower),
    def("upper", 1, 1, upper),
    def("title", 1, 1, title),
    def("capitalize", 1, 1, capitalize),
    def("swapcase", 1, 1, swapcase),
    def("casefold", 1, 1, casefold),
    def("isalpha", 1, 1, |vm, a| every(vm, a, classify::is_alpha)),
    def("isalnum", 1, 1, |vm, a| every(vm, a, classify::is_alnum)),
    def("isdecimal", 1, 1, |vm, a| every(vm, a, classify::is_decimal)),
    def("isdigit", 1, 1, |vm, a| every(vm, a, classify::is_digit)),
    def("isnumeric", 1, 1, |vm, a| every(vm, a, classify::is_numeric)),
    def("isspace", 1, 1, |vm, a| every(vm, a, classify::is_space)),
    def("isprintable", 1, 1, isprintable),
    def("isascii", 1, 1, isascii),
    def("islower", 1, 1, |vm, a| in_case(vm, a, case::is_lowercase, case::is_uppercase)),
    def("isupper", 1, 1, |vm, a| in_case(vm, a, case::is_uppercase, case::is_lowercase)),
    def("istitle", 1, 1, istitle),
    def("isidentifier", 1, 1, isidentifier),
];

/// Maps the text; lone surrogates stay as they are, between the parts that are text.
fn map(vm: &mut Vm, a: Args<'_>, f: impl Fn(&str) -> String) -> R {
    let s = this(vm, a)?;
    if let Some(text) = s.to_utf8() {
        return Ok(Str::new(&vm.heap, &f(&text)).into());
    }
    let mut out = StrBuilder::new();
    let mut part = String::new();
    for p in s.points() {
        match char::from_u32(p) {
            Some(c) => part.push(c),
            None => {
                out.push_str(&f(&std::mem::take(&mut part)));
                out.push(p);
            }
        }
    }
    out.push_str(&f(&part));
    Ok(out.finish(&vm.heap).into())
}

fn lower(vm: &mut Vm, a: Args<'_>) -> R {
    map(vm, a, |t| if t.is_ascii() { t.to_ascii_lowercase() } else { t.to_lowercase() })
}

fn upper(vm: &mut Vm, a: Args<'_>) -> R {
    map(vm, a, |t| if t.is_ascii() { t.to_ascii_uppercase() } else { t.to_uppercase() })
}

fn title(vm: &mut Vm, a: Args<'_>) -> R {
    map(vm, a, case::title_str)
}

fn capitalize(vm: &mut Vm, a: Args<'_>) -> R {
    map(vm, a, case::capitalize_str)
}

fn swapcase(vm: &mut Vm, a: Args<'_>) -> R {
    map(vm, a, case::swapcase_str)
}

fn casefold(vm: &mut Vm, a: Args<'_>) -> R {
    map(vm, a, |t| if t.is_ascii() { t.to_ascii_lowercase() } else { case::casefold_str(t) })
}

/// Whether there are characters and all are of a class.
fn every(vm: &mut Vm, a: Args<'_>, class: fn(char) -> bool) -> R {
    let s = this(vm, a)?;
    Ok(Value::bool(!s.is_empty() && s.points().all(|p| char::from_u32(p).is_some_and(class))))
}

fn isprintable(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this(vm, a)?;
    Ok(Value::bool(s.points().all(|p| char::from_u32(p).is_some_and(classify::is_printable))))
}

fn isascii(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(this(vm, a)?.as_ascii().is_some()))
}

/// Whether some cased character is of the case and none of another.
fn in_case(vm: &mut Vm, a: Args<'_>, wanted: fn(char) -> bool, other: fn(char) -> bool) -> R {
    let mut seen = false;
    for c in this(vm, a)?.points().filter_map(char::from_u32) {
        if other(c) || case::is_titlecase(c) {
            return Ok(Value::FALSE);
        }
        seen |= wanted(c);
    }
    Ok(Value::bool(seen))
}

fn istitle(vm: &mut Vm, a: Args<'_>) -> R {
    let (mut seen, mut previous_cased) = (false, false);
    for p in this(vm, a)?.points() {
        let c = char::from_u32(p).unwrap_or('\u{fffd}');
        if case::is_uppercase(c) || case::is_titlecase(c) {
            if previous_cased {
                return Ok(Value::FALSE);
            }
            (seen, previous_cased) = (true, true);
        } else if case::is_lowercase(c) {
            if !previous_cased {
                return Ok(Value::FALSE);
            }
            seen = true;
        } else {
            previous_cased = false;
        }
    }
    Ok(Value::bool(seen))
}

/// Whether a str is an identifier (keywords are).
pub fn is_identifier(s: &Ref<Str>) -> bool {
    let mut points = s.points().map(char::from_u32);
    let first = points.next().flatten().is_some_and(|c| c == '_' || identifier::is_xid_start(c));
    first && points.all(|c| c.is_some_and(identifier::is_xid_continue))
}

fn isidentifier(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this(vm, a)?;
    Ok(Value::bool(is_identifier(s)))
}
