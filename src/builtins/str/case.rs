//! Cases and character classes.

use rustpython_unicode::{case, classify, identifier};

use super::this;
use crate::object::header::Ref;
use crate::object::str::{Str, StrBuilder, map_ascii};
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
    def("isalpha", 1, 1, |vm, a| every(vm, a, u8::is_ascii_alphabetic, classify::is_alpha)),
    def("isalnum", 1, 1, |vm, a| every(vm, a, u8::is_ascii_alphanumeric, classify::is_alnum)),
    def("isdecimal", 1, 1, |vm, a| every(vm, a, u8::is_ascii_digit, classify::is_decimal)),
    def("isdigit", 1, 1, |vm, a| every(vm, a, u8::is_ascii_digit, classify::is_digit)),
    def("isnumeric", 1, 1, |vm, a| every(vm, a, u8::is_ascii_digit, classify::is_numeric)),
    def("isspace", 1, 1, |vm, a| every(vm, a, |&b| super::is_space(b as char), classify::is_space)),
    def("isprintable", 1, 1, isprintable),
    def("isascii", 1, 1, isascii),
    def("islower", 1, 1, |vm, a| in_case(vm, a, is_lowercase, is_uppercase)),
    def("isupper", 1, 1, |vm, a| in_case(vm, a, is_uppercase, is_lowercase)),
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
    if let Some(text) = this(vm, a)?.as_ascii() {
        return Ok(map_ascii(&vm.heap, text, |b| b.to_ascii_lowercase()).into());
    }
    map(vm, a, str::to_lowercase)
}

fn upper(vm: &mut Vm, a: Args<'_>) -> R {
    if let Some(text) = this(vm, a)?.as_ascii() {
        return Ok(map_ascii(&vm.heap, text, |b| b.to_ascii_uppercase()).into());
    }
    map(vm, a, str::to_uppercase)
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
    if let Some(text) = this(vm, a)?.as_ascii() {
        return Ok(map_ascii(&vm.heap, text, |b| b.to_ascii_lowercase()).into());
    }
    map(vm, a, case::casefold_str)
}

/// Whether there are characters and all are of a class; `ascii` says which of ASCII are.
fn every(vm: &mut Vm, a: Args<'_>, ascii: fn(&u8) -> bool, class: fn(char) -> bool) -> R {
    let s = this(vm, a)?;
    let all = match s.as_ascii() {
        Some(text) => text.as_bytes().iter().all(ascii),
        None => s.points().all(|p| char::from_u32(p).is_some_and(class)),
    };
    Ok(Value::bool(!s.is_empty() && all))
}

fn is_lowercase(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_lowercase() } else { case::is_lowercase(c) }
}

fn is_uppercase(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_uppercase() } else { case::is_uppercase(c) }
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
        if other(c) || !c.is_ascii() && case::is_titlecase(c) {
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
