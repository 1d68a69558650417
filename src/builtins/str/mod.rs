//! `str`: its constructor and methods, by family.

mod case;
mod pad;
mod search;
mod split;
mod translate;

use super::{codec, number_slots, slots};
use crate::object::header::Ref;
use crate::object::sequence::{Bytes, Tuple};
use crate::object::str::{self, Str};
use crate::object::value::Value;
use crate::vm::format::Fields;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::{Signature, signature};
use crate::vm::{Args, R, Vm};

/// Gives `str` its methods.
pub fn install(vm: &mut Vm) {
    let class = vm.types().str.clone();
    vm.add_methods(&class, slots::COMPARE);
    vm.add_methods(&class, number_slots::TEXT);
    vm.add_methods(
        &class,
        &[
            slots::HASH,
            def("__str__", 1, 1, plain),
            def("__format__", 2, 2, number_slots::format),
            def("__getnewargs__", 1, 1, getnewargs),
            def("__sizeof__", 1, 1, sizeof),
            def_kw("encode", 1, ANY, encode),
            def_kw("format", 1, ANY, format),
            def("format_map", 2, 2, format_map),
            def("join", 2, 2, split::join),
        ],
    );
    vm.add_methods(&class, slots::SUBSCRIPTABLE);
    vm.add_static(&class, &[def_kw("__new__", 1, 4, new)]);
    for rows in [case::METHODS, pad::METHODS, search::METHODS, split::METHODS, translate::METHODS] {
        vm.add_methods(&class, rows);
    }
    vm.add_static(&class, translate::STATIC);
}

/// The receiver.
fn this<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a Ref<Str>> {
    match a.pos.first().and_then(|v| v.downcast::<Str>()) {
        Some(s) => Ok(s),
        None => {
            let got = a.pos.first().map(|v| v.class(&vm.heap).name_str()).unwrap_or_default();
            Err(vm.type_error(format!("descriptor requires a 'str' object but received a '{got}'")))
        }
    }
}

/// A str argument, or the TypeError in `words`, completed by the class that came.
fn str_arg<'a>(vm: &mut Vm, v: &'a Value, words: &str) -> R<&'a Ref<Str>> {
    match v.downcast::<Str>() {
        Some(s) => Ok(s),
        None => {
            let got = if words.contains("argument") { vm.argument_class(v) } else { vm.class_name(v) };
            Err(vm.type_error(format!("{words}, not {got}")))
        }
    }
}

/// The receiver itself, or a copy of class `str` where it is of a subclass.
fn exact(vm: &Vm, s: &Ref<Str>) -> Value {
    if s.ty().is(&vm.types().str) { s.to_value() } else { str::with_class(&vm.heap, &vm.types().str, s).into() }
}

/// Optional `start` and `end` of a search, fitted to a length; None where they do not meet.
pub(super) fn bounds(vm: &mut Vm, start: Option<&Value>, end: Option<&Value>, len: usize) -> R<Option<(usize, usize)>> {
    let fit = |i: i64| if i < 0 { i.saturating_add(len as i64).max(0) } else { i };
    let start = match start.filter(|v| !v.is_none()) {
        Some(v) => fit(vm.index_clamped(v)?),
        None => 0,
    };
    let end = match end.filter(|v| !v.is_none()) {
        Some(v) => fit(vm.index_clamped(v)?).min(len as i64),
        None => len as i64,
    };
    Ok((start <= end).then_some((start as usize, end as usize)))
}

const NEW: Signature<3> = signature("str", ["object", "encoding", "errors"], 0);

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().str.clone();
    let class = slots::new_class(vm, a, &base)?;
    let [object, encoding, errors] = a.rest().bind(vm, &NEW)?;
    let text = match object {
        None => Str::new(&vm.heap, ""),
        Some(o) if encoding.is_none() && errors.is_none() => vm.str(o)?,
        Some(o) => {
            let encoding = codec::name_arg(vm, encoding, "str", "encoding", "utf-8")?;
            let errors = codec::name_arg(vm, errors, "str", "errors", "strict")?;
            if o.downcast::<Str>().is_some() {
                return Err(vm.type_error("decoding str is not supported"));
            }
            match (o.downcast::<Bytes>(), o.bytes_like()) {
                (Some(b), _) => codec::decode(vm, &b.clone(), &encoding, &errors)?,
                (None, Some(data)) => {
                    let data = Bytes::new(&vm.heap, data.into_owned());
                    codec::decode(vm, &data, &encoding, &errors)?
                }
                _ => {
                    let got = o.class(&vm.heap).name_str();
                    return Err(vm.type_error(format!("decoding to str: need a bytes-like object, {got} found")));
                }
            }
        }
    };
    if class.is(&base) {
        // What `__str__` gave, whatever its class.
        return Ok(text.into());
    }
    Ok(str::with_class(&vm.heap, &class, &text).into())
}

fn plain(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this(vm, a)?;
    Ok(exact(vm, s))
}

fn getnewargs(vm: &mut Vm, a: Args<'_>) -> R {
    // Another object, so that unpickling makes one of a subclass and not the same again.
    let s = this(vm, a)?;
    let copy: Value = str::with_class(&vm.heap, &vm.types().str, s).into();
    Ok(Tuple::new(&vm.heap, [copy]).into())
}

fn sizeof(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this(vm, a)?;
    let head = match s.width() {
        str::Width::Ascii => 40,
        _ => 56,
    };
    Ok(Value::from_len(head + (s.len() + 1) * s.width().bytes()))
}

fn encode(vm: &mut Vm, a: Args<'_>) -> R {
    let [encoding, errors] = a.rest().bind(vm, &signature("encode", ["encoding", "errors"], 0))?;
    let encoding = codec::name_arg(vm, encoding, "encode", "encoding", "utf-8")?;
    let errors = codec::name_arg(vm, errors, "encode", "errors", "strict")?;
    let s = this(vm, a)?;
    let data = codec::encode(vm, s, &encoding, &errors)?;
    Ok(Bytes::new(&vm.heap, data).into())
}

fn format(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this(vm, a)?;
    let rest = Args { pos: &a.pos[1..], ..a };
    Ok(vm.format_template(s, Fields::Args(rest))?.into())
}

fn format_map(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this(vm, a)?;
    Ok(vm.format_template(s, Fields::Mapping(&a.pos[1]))?.into())
}

/// Whether Python counts a character as white space.
fn is_space(c: char) -> bool {
    match c as u32 {
        point @ 0..0x80 => matches!(point, 9..=13 | 28..=32),
        _ => rustpython_unicode::classify::is_space(c),
    }
}
