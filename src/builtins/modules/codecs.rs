//! `_codecs`: the codecs that are native, and the registry of those that Python modules add.

use super::new;
use crate::builtins::buffer;
use crate::builtins::codec::{self, Codec, Order, registry};
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
    def("charmap_build", 1, 1, charmap_build),
    def("charmap_decode", 1, 3, charmap_decode),
    def("charmap_encode", 1, 3, charmap_encode),
    def("escape_decode", 1, 2, escape_decode),
    def("escape_encode", 1, 2, escape_encode),
    def("readbuffer_encode", 1, 2, readbuffer_encode),
    def("utf_7_decode", 1, 3, utf_7_decode),
    def("utf_7_encode", 1, 2, utf_7_encode),
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

fn text_arg(vm: &mut Vm, a: Args<'_>, function: &str) -> R<Ref<Str>> {
    match a.pos[0].downcast::<Str>() {
        Some(text) => Ok(text.clone()),
        None => {
            let got = vm.argument_class(&a.pos[0]);
            Err(vm.type_error(format!("{function}() argument 1 must be str, not {got}")))
        }
    }
}

/// What codecs give: bytes, with the length of what they were made of.
fn bytes_of(vm: &Vm, bytes: Vec<u8>, length: usize) -> Value {
    let bytes: Value = Bytes::new(&vm.heap, bytes).into();
    Tuple::new(&vm.heap, [bytes, Value::from_len(length)]).into()
}

fn text_from(vm: &Vm, text: Ref<Str>, used: usize) -> Value {
    Tuple::new(&vm.heap, [text.into(), Value::from_len(used)]).into()
}

fn encode_by(vm: &mut Vm, a: Args<'_>, name: &'static str) -> R {
    let text = text_arg(vm, a, &format!("{}_encode", name.replace('-', "_")))?;
    let errors = errors(vm, a, name)?;
    let bytes = codec::encode_part(vm, native(name), &text, &errors, true)?;
    Ok(bytes_of(vm, bytes, text.len()))
}

fn charmap_build(vm: &mut Vm, a: Args<'_>) -> R {
    let characters = text_arg(vm, a, "charmap_build")?;
    codec::charmap::build(vm, &characters)
}

/// `charmap_decode(data, errors=None, mapping=None)`; without a mapping it is Latin-1.
fn charmap_decode(vm: &mut Vm, a: Args<'_>) -> R {
    let data = data(vm, a, false)?;
    let errors = errors(vm, a, "charmap_decode")?;
    let text = match a.get(2).filter(|m| !m.is_none()) {
        Some(mapping) => codec::charmap::decode(vm, &data, &errors, mapping)?,
        None => codec::decode_part(vm, &mut native("latin-1"), &data, &errors, true)?.0,
    };
    Ok(text_from(vm, text, data.data.len()))
}

/// `charmap_encode(text, errors=None, mapping=None)`.
fn charmap_encode(vm: &mut Vm, a: Args<'_>) -> R {
    let text = text_arg(vm, a, "charmap_encode")?;
    let errors = errors(vm, a, "charmap_encode")?;
    let bytes = match a.get(2).filter(|m| !m.is_none()) {
        Some(mapping) => codec::charmap::encode(vm, &text, &errors, mapping)?,
        None => codec::encode_part(vm, native("latin-1"), &text, &errors, true)?,
    };
    Ok(bytes_of(vm, bytes, text.len()))
}

fn utf_7_encode(vm: &mut Vm, a: Args<'_>) -> R {
    let text = text_arg(vm, a, "utf_7_encode")?;
    errors(vm, a, "utf_7_encode")?;
    vm.check_memory(text.len().checked_mul(8))?;
    let bytes = codec::utf7::encode(&text);
    Ok(bytes_of(vm, bytes, text.len()))
}

fn utf_7_decode(vm: &mut Vm, a: Args<'_>) -> R {
    let data = data(vm, a, false)?;
    let errors = errors(vm, a, "utf_7_decode")?;
    let last = match a.get(2) {
        Some(last) => vm.truth(last)?,
        None => false,
    };
    let (text, used) = codec::utf7::decode(vm, &data, &errors, last)?;
    Ok(text_from(vm, text, used))
}

/// `escape_decode(data, errors=None)`: the escape sequences of a bytes literal.
fn escape_decode(vm: &mut Vm, a: Args<'_>) -> R {
    let data = data(vm, a, true)?;
    let errors = errors(vm, a, "escape_decode")?;
    match codec::escapes::decode_bytes(&data.data, &errors) {
        Ok((bytes, warning)) => {
            if let Some(text) = warning {
                let class = vm.types().DeprecationWarning.clone();
                vm.warn(&class, &text)?;
            }
            Ok(bytes_of(vm, bytes, data.data.len()))
        }
        Err(message) => Err(vm.value_error(message)),
    }
}

/// `escape_encode(data, errors=None)`: what `repr` shows of bytes between single quotes.
fn escape_encode(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(data) = a.pos[0].downcast::<Bytes>().cloned() else {
        let got = vm.argument_class(&a.pos[0]);
        return Err(vm.type_error(format!("escape_encode() argument 1 must be bytes, not {got}")));
    };
    vm.check_memory(data.data.len().checked_mul(4))?;
    let bytes = codec::escapes::encode_bytes(&data.data);
    Ok(bytes_of(vm, bytes, data.data.len()))
}

/// `readbuffer_encode(data, errors=None)`: the bytes of a buffer, or a str in UTF-8.
fn readbuffer_encode(vm: &mut Vm, a: Args<'_>) -> R {
    let data = data(vm, a, true)?;
    let bytes = data.data.to_vec();
    Ok(bytes_of(vm, bytes, data.data.len()))
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
    Ok(text_from(vm, text, used))
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
    if !vm.is_callable(&a.pos[0]) {
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
    registry::convert(vm, &info, part, object.unwrap_or(&Value::NONE), &encoding, &errors)
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
    if !vm.is_callable(&a.pos[1]) {
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
    codec::errors::function(vm, &name)
}
