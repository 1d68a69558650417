//! `_string`: how format strings are taken apart, for `string.Formatter`.

use std::cell::Cell;

use super::new;
use crate::builtins::slots;
use crate::object::function::Module;
use crate::object::header::{Kind, Ref};
use crate::object::number::BigInt;
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{Def, def};
use crate::vm::native_class::{CLASS, Class};
use crate::vm::native_iter::NativeIter;
use crate::vm::{Args, R, Vm};

const TABLE: &[Def] =
    &[def("formatter_parser", 1, 1, formatter_parser), def("formatter_field_name_split", 1, 1, field_name_split)];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    Ok(new(vm, "_string", TABLE))
}

const fn point(c: char) -> u32 {
    c as u32
}

const OPEN: u32 = point('{');
const CLOSE: u32 = point('}');

fn text_argument(vm: &mut Vm, a: Args<'_>) -> R<Vec<u32>> {
    match a.pos[0].downcast::<Str>() {
        Some(s) => Ok(s.points().collect()),
        None => {
            let got = vm.class_name(&a.pos[0]);
            Err(vm.type_error(format!("expected str, got {got}")))
        }
    }
}

/// Gives (literal, field name, format spec, conversion) for each field.
struct Parser {
    text: Vec<u32>,
    at: Cell<usize>,
}

opaque_data!(Parser {});

static PARSER: Class =
    Class { name: "formatteriterator", kind: Kind::Iter, methods: &[slots::ITER, slots::NEXT], ..CLASS };

fn formatter_parser(vm: &mut Vm, a: Args<'_>) -> R {
    let text = text_argument(vm, a)?;
    let class = vm.native_class(&PARSER);
    Ok(vm.new_native_iter(&class, Parser { text, at: Cell::new(0) }))
}

/// A field without its braces: name, conversion, spec.
type Field<'a> = (&'a [u32], Option<u32>, &'a [u32]);

impl Parser {
    /// The literal text at `at`, whether a field follows, and where it goes on.
    fn literal(&self, mut at: usize) -> Result<(Vec<u32>, bool, usize), &'static str> {
        let start = at;
        while let Some(&c) = self.text.get(at) {
            at += 1;
            if c != OPEN && c != CLOSE {
                continue;
            }
            let doubled = self.text.get(at) == Some(&c);
            if doubled {
                // An escaped brace ends the piece, with one of the two in it.
                return Ok((self.text[start..at].to_vec(), false, at + 1));
            }
            if c == CLOSE {
                return Err("Single '}' encountered in format string");
            }
            if at == self.text.len() {
                return Err("Single '{' encountered in format string");
            }
            return Ok((self.text[start..at - 1].to_vec(), true, at));
        }
        Ok((self.text[start..].to_vec(), false, at))
    }

    /// The field at `at`, behind its opening brace, and where it goes on.
    fn field(&self, start: usize) -> Result<(Field<'_>, usize), &'static str> {
        let text = &self.text;
        let mut at = start;
        let mut in_brackets = false;
        let end = loop {
            let Some(&c) = text.get(at) else { return Err("expected '}' before end of string") };
            if c == OPEN && !in_brackets {
                return Err("unexpected '{' in field name");
            }
            if c == point('[') {
                in_brackets = true;
            } else if c == point(']') {
                in_brackets = false;
            } else if !in_brackets && (c == CLOSE || c == point(':') || c == point('!')) {
                break at;
            }
            at += 1;
        };
        let name = &text[start..end];
        let mut conversion = None;
        if text[at] == point('!') {
            at += 1;
            let Some(&c) = text.get(at) else {
                return Err("end of string while looking for conversion specifier");
            };
            conversion = Some(c);
            at += 1;
            match text.get(at) {
                Some(&CLOSE) => return Ok(((name, conversion, &[]), at + 1)),
                Some(&c) if c == point(':') => {}
                Some(_) => return Err("expected ':' after conversion specifier"),
                None => return Err("unmatched '{' in format spec"),
            }
        }
        if text[at] == CLOSE {
            return Ok(((name, conversion, &[]), at + 1));
        }
        let spec = at + 1;
        let mut depth = 1;
        for (i, &c) in text.iter().enumerate().skip(spec) {
            match c {
                OPEN => depth += 1,
                CLOSE => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok(((name, conversion, &text[spec..i]), i + 1));
            }
        }
        Err("unmatched '{' in format spec")
    }
}

impl NativeIter for Parser {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        let at = self.at.get();
        if at >= self.text.len() {
            return Ok(None);
        }
        let (literal, has_field, after) = self.literal(at).map_err(|e| vm.value_error(e))?;
        self.at.set(after);
        let literal: Value = Str::from_points(&vm.heap, &literal).into();
        let mut parts = [literal, Value::NONE, Value::NONE, Value::NONE];
        if has_field {
            let ((name, conversion, spec), after) = self.field(after).map_err(|e| vm.value_error(e))?;
            self.at.set(after);
            parts[1] = Str::from_points(&vm.heap, name).into();
            parts[2] = Str::from_points(&vm.heap, spec).into();
            if let Some(c) = conversion {
                parts[3] = Str::from_point(&vm.heap, c).into();
            }
        }
        Ok(Some(Tuple::new(&vm.heap, parts).into()))
    }
}

/// Gives (whether it is an attribute, name or index) for what follows the first part of a field name.
struct Rest {
    text: Vec<u32>,
    at: Cell<usize>,
}

opaque_data!(Rest {});

static REST: Class =
    Class { name: "fieldnameiterator", kind: Kind::Iter, methods: &[slots::ITER, slots::NEXT], ..CLASS };

/// Digits as an int that fits a machine word, or the text.
fn key(vm: &mut Vm, part: &[u32]) -> R {
    let digit = |&p: &u32| char::from_u32(p).and_then(|c| c.to_digit(10));
    if part.is_empty() || !part.iter().all(|p| digit(p).is_some()) {
        return Ok(Str::from_points(&vm.heap, part).into());
    }
    let mut n: i64 = 0;
    for d in part.iter().filter_map(digit) {
        n = match n.checked_mul(10).and_then(|n| n.checked_add(d.into())) {
            Some(n) => n,
            None => return Err(vm.value_error("Too many decimal digits in format string")),
        };
    }
    Ok(BigInt::from_i64(&vm.heap, n))
}

fn field_name_split(vm: &mut Vm, a: Args<'_>) -> R {
    let text = text_argument(vm, a)?;
    let end = text.iter().position(|&p| p == point('.') || p == point('[')).unwrap_or(text.len());
    let first = key(vm, &text[..end])?;
    let class = vm.native_class(&REST);
    let rest = vm.new_native_iter(&class, Rest { text, at: Cell::new(end) });
    Ok(Tuple::new(&vm.heap, [first, rest]).into())
}

impl NativeIter for Rest {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        let at = self.at.get();
        let Some(&c) = self.text.get(at) else { return Ok(None) };
        let rest = &self.text[at + 1..];
        let is_attribute = c == point('.');
        let (part, after) = if is_attribute {
            let n = rest.iter().position(|&p| p == point('.') || p == point('[')).unwrap_or(rest.len());
            (&rest[..n], at + 1 + n)
        } else if c == point('[') {
            let Some(n) = rest.iter().position(|&p| p == point(']')) else {
                return Err(vm.value_error("Missing ']' in format string"));
            };
            (&rest[..n], at + 2 + n)
        } else {
            return Err(vm.value_error("Only '.' or '[' may follow ']' in format field specifier"));
        };
        self.at.set(after);
        if part.is_empty() {
            return Err(vm.value_error("Empty attribute in format string"));
        }
        let name = if is_attribute { Str::from_points(&vm.heap, part).into() } else { key(vm, part)? };
        Ok(Some(Tuple::new(&vm.heap, [Value::bool(is_attribute), name]).into()))
    }
}
