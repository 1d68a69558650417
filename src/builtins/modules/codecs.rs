//! `_codecs`: the codecs that are native, and the registry of those that Python modules add.

use super::new;
use crate::builtins::buffer;
use crate::builtins::codec::{self, Codec, Order, registry};
use crate::builtins::functions::objects::is_callable;
use crate::object::function::{Module, Native};
use crate::object::header::Ref;
use crate::object::sequence::{Bytes, Tuple};
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::{Signature, signature};
use crate::vm::{Args, R, Vm};

macro_rules! codecs {
    ($($name:literal $encode:literal $decode:literal;)*) => {
        const NATIVE: &[Def] = &[$(
            def($encode, 1, 2, |vm, a| encode_by(vm, a, $name)),
            // The third parameter says whether more bytes may follow; without it they end here.
            def($decode, 1, 3, |vm, a| decode_by(vm, a, $name)),
        )*];
    };
}

codecs! {
    "utf-8" "utf_8_encode" "utf_8_decode";
    "latin-1" "latin_1_encode" "latin_1_decode";
    "ascii" "ascii_encode" "ascii_decode";
    "utf-16" "utf_16_encode" "utf_16_decode";
    "utf-16-le" "utf_16_le_encode" "utf_16_le_decode";
    "utf-16-be" "utf_16_be_encode" "utf_16_be_decode";
    "utf-32" "utf_32_encode" "utf_32_decode";
    "utf-32-le" "utf_32_le_encode" "utf_32_le_decode";
    "utf-32-be" "utf_32_be_encode" "utf_32_be_decode";
    "unicode-escape" "unicode_escape_encode" "unicode_escape_decode";
    "raw-unicode-escape" "raw_unicode_escape_encode" "raw_unicode_escape_decode";
}

const TABLE: &[Def] = &[
    def("register", 1, 1, register),
    def("unregister", 1, 1, unregister),
    def("lookup", 1, 1, lookup),
    def_kw("encode", 0, ANY, |vm, a| convert(vm, a, "encode", 0)),
    def_kw("decode", 0, ANY, |vm, a| convert(vm, a, "decode", 1)),
    def("register_error", 2, 2, register_error),
    def("lookup_error", 1, 1, lookup_error),
    def("utf_16_ex_decode", 1, 4, |vm, a| decode_ex(vm, a, "utf-16")),
    def("utf_32_ex_decode", 1, 4, |vm, a| decode_ex(vm, a, "utf-32")),
];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "_codecs", TABLE);
    super::add_functions(vm, &m.dict, "_codecs", NATIVE);
    Ok(m)
}

fn errors(vm: &mut Vm, a: Args<'_>, function: &str) -> R<String> {
    let given = a.get(1).filter(|e| !e.is_none());
    codec::name_arg(vm, given, function, "errors", "strict")
}

fn native(name: &str) -> Codec {
    Codec::find(name).unwrap_or(Codec::Latin1)
}

fn encode_by(vm: &mut Vm, a: Args<'_>, name: &'static str) -> R {
    let Some(text) = a.pos[0].downcast::<Str>().cloned() else {
        let got = vm.argument_class(&a.pos[0]);
        return Err(vm.type_error(format!("{}_encode() argument 1 must be str, not {got}", name.replace('-', "_"))));
    };
    let errors = errors(vm, a, name)?;
    let bytes = codec::encode_part(vm, native(name), &text, &errors, true)?;
    let bytes: Value = Bytes::new(&vm.heap, bytes).into();
    Ok(Tuple::new(&vm.heap, [bytes, Value::from_len(text.len())]).into())
}

/// What is to be decoded; `text`: a str will do.
fn data(vm: &mut Vm, a: Args<'_>, text: bool) -> R<Ref<Bytes>> {
    if let Some(s) = a.pos[0].downcast::<Str>().filter(|_| text) {
        let data = codec::encode(vm, s, "utf-8", "strict")?;
        return Ok(Bytes::new(&vm.heap, data));
    }
    let data = buffer::bytes(vm, &a.pos[0])?.into_owned();
    Ok(Bytes::new(&vm.heap, data))
}

fn decode_by(vm: &mut Vm, a: Args<'_>, name: &'static str) -> R {
    let data = data(vm, a, matches!(native(name), Codec::Escape { .. }))?;
    let errors = errors(vm, a, name)?;
    let last = match a.get(2) {
        Some(last) => vm.truth(last)?,
        // The codecs of one byte have no such parameter: nothing of theirs is ever cut off.
        None => matches!(native(name), Codec::Escape { .. }),
    };
    let (text, used) = codec::decode_part(vm, &mut native(name), &data, &errors, last)?;
    Ok(Tuple::new(&vm.heap, [text.into(), Value::from_len(used)]).into())
}

/// `utf_16_ex_decode(data, errors, byteorder, final)`: text, bytes used, and the byte order that is known now.
fn decode_ex(vm: &mut Vm, a: Args<'_>, name: &'static str) -> R {
    let data = data(vm, a, false)?;
    let errors = errors(vm, a, name)?;
    let order = match a.get(2) {
        Some(v) => vm.index_c_int(v)?,
        None => 0,
    };
    let last = match a.get(3) {
        Some(last) => vm.truth(last)?,
        None => false,
    };
    let mut codec = match order {
        0 => native(name),
        n => native(&format!("{name}-{}", if n < 0 { "le" } else { "be" })),
    };
    let (text, used) = codec::decode_part(vm, &mut codec, &data, &errors, last)?;
    let order = match codec {
        Codec::Wide { order: Some(Order::Little), .. } => -1,
        Codec::Wide { order: Some(Order::Big), .. } => 1,
        _ => 0,
    };
    Ok(Tuple::new(&vm.heap, [text.into(), Value::from_len(used), Value::int_unchecked(order)]).into())
}

fn register(vm: &mut Vm, a: Args<'_>) -> R {
    if !is_callable(vm, &a.pos[0]) {
        return Err(vm.type_error("argument must be callable"));
    }
    vm.native.codecs.search.push(a.pos[0].clone());
    Ok(Value::NONE)
}

fn unregister(vm: &mut Vm, a: Args<'_>) -> R {
    let at = vm.native.codecs.search.iter().position(|f| f.is(&a.pos[0]));
    if let Some(i) = at {
        let gone = (vm.native.codecs.search.remove(i), std::mem::take(&mut vm.native.codecs.found));
        drop(gone);
    }
    Ok(Value::NONE)
}

fn lookup(vm: &mut Vm, a: Args<'_>) -> R {
    match a.pos[0].downcast::<Str>().map(|s| s.to_string_lossy().into_owned()) {
        Some(name) => registry::find(vm, &name),
        None => {
            let got = vm.argument_class(&a.pos[0]);
            Err(vm.type_error(format!("lookup() argument must be str, not {got}")))
        }
    }
}

/// `encode(obj, encoding='utf-8', errors='strict')`, and `decode`.
fn convert(vm: &mut Vm, a: Args<'_>, function: &'static str, part: usize) -> R {
    let s: Signature<3> = signature(function, ["obj", "encoding", "errors"], 1);
    let [object, encoding, errors] = a.bind(vm, &s)?;
    let encoding = codec::name_arg(vm, encoding, function, "encoding", "utf-8")?;
    let errors = codec::name_arg(vm, errors, function, "errors", "strict")?;
    let info = registry::find(vm, &encoding)?;
    registry::convert(vm, &info, part, object.unwrap_or(&Value::NONE), &errors)
}

/// The name of an error handler.
fn handler_name(vm: &mut Vm, v: &Value, function: &str) -> R<String> {
    match v.downcast::<Str>() {
        Some(s) => Ok(s.to_string_lossy().into_owned()),
        None => {
            let got = vm.argument_class(v);
            Err(vm.type_error(format!("{function}() argument must be str, not {got}")))
        }
    }
}

fn register_error(vm: &mut Vm, a: Args<'_>) -> R {
    let name = handler_name(vm, &a.pos[0], "register_error")?;
    if !is_callable(vm, &a.pos[1]) {
        return Err(vm.type_error("handler must be callable"));
    }
    let is_standard = a.pos[1].downcast::<Native>().is_some_and(|n| {
        codec::errors::FUNCTIONS.iter().any(|(standard, row)| *standard == name && row.name == n.def.name)
    });
    // Putting a standard handler back where it was is no change.
    let old = match is_standard {
        true => vm.native.codecs.handlers.remove(&name),
        false => vm.native.codecs.handlers.insert(name, a.pos[1].clone()),
    };
    drop(old);
    Ok(Value::NONE)
}

fn lookup_error(vm: &mut Vm, a: Args<'_>) -> R {
    let name = handler_name(vm, &a.pos[0], "lookup_error")?;
    if let Some(f) = vm.native.codecs.handlers.get(&name) {
        return Ok(f.clone());
    }
    match codec::errors::FUNCTIONS.iter().find(|(standard, _)| *standard == name) {
        Some((_, row)) => Ok(vm.native_function(row, Value::NONE).into()),
        None => Err(vm.lookup_error(format!("unknown error handler name '{name}'"))),
    }
}
