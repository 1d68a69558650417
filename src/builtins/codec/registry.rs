//! The registry of codecs that Python code has: search functions, what they found, and text through it.

use super::Codec;
use super::incremental::{Decoder, Encoder, NativeDecoder};
use crate::object::header::Ref;
use crate::object::sequence::{Bytes, Tuple};
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::{Exc, R, Vm};

fn unknown(vm: &mut Vm, encoding: &str) -> Exc {
    vm.lookup_error(format!("unknown encoding: {encoding}"))
}

/// The name that search functions get: in lower case, with an underscore for what stands between letters and digits.
fn normal_name(encoding: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '.' || !c.is_ascii();
    let parts: Vec<&str> = encoding.split(|c| !is_part(c)).filter(|part| !part.is_empty()).collect();
    parts.join("_").to_ascii_lowercase()
}

/// `CodecInfo` of an encoding, by the search functions; those of the package `encodings` are the first.
pub fn find(vm: &mut Vm, encoding: &str) -> R {
    let normal = normal_name(encoding);
    if let Some(info) = vm.native.codecs.found.get(&normal) {
        return Ok(info.clone());
    }
    let encodings = vm.intern("encodings");
    if vm.modules.get_str(&encodings).is_none() {
        match vm.import_module(&encodings) {
            // Without the library there are the search functions that the program has registered.
            Err(e) if vm.is_exception(&e, &vm.types().ModuleNotFoundError) => {}
            imported => drop(imported?),
        }
    }
    let key: Value = vm.intern(&normal).into();
    for f in vm.native.codecs.search.clone() {
        let info = vm.call(&f, std::slice::from_ref(&key))?;
        if info.is_none() {
            continue;
        }
        if info.downcast::<Tuple>().is_none_or(|t| t.len() != 4) {
            return Err(vm.type_error("codec search functions must return 4-tuples"));
        }
        vm.native.codecs.found.insert(normal, info.clone());
        return Ok(info);
    }
    Err(unknown(vm, encoding))
}

/// `CodecInfo` of an encoding between text and bytes; `instead` names what handles other codecs.
fn find_text(vm: &mut Vm, encoding: &str, instead: &str) -> R {
    let info = find(vm, encoding)?;
    let name = vm.intern("_is_text_encoding");
    if let Some(is_text) = vm.get_attr_opt(&info, &name)?
        && !vm.truth(&is_text)?
    {
        return Err(
            vm.lookup_error(format!("'{encoding}' is not a text encoding; use {instead} to handle arbitrary codecs"))
        );
    }
    Ok(info)
}

/// Calls the encoder (`part` 0) or the decoder (1) of a codec: its result without the count.
/// What fails in it is noted on the exception, under the name `encoding`.
pub fn convert(vm: &mut Vm, info: &Value, part: usize, object: &Value, encoding: &str, errors: &str) -> R {
    let errors = vm.new_str(errors);
    let Some(f) = info.downcast::<Tuple>().and_then(|t| t.get(part).cloned()) else { return Ok(Value::NONE) };
    let result = match vm.call(&f, &[object.clone(), errors]) {
        Ok(result) => result,
        Err(e) => {
            let operation = if part == 0 { "encoding" } else { "decoding" };
            vm.add_note(&e, &format!("{operation} with '{encoding}' codec failed"))?;
            return Err(e);
        }
    };
    match result.downcast::<Tuple>().filter(|t| t.len() == 2) {
        Some(t) => Ok(t[0].clone()),
        None => {
            let what = if part == 0 { "encoder" } else { "decoder" };
            Err(vm.type_error(format!("{what} must return a tuple (object, integer)")))
        }
    }
}

/// `s.encode(encoding, errors)` of a codec that is not native.
pub(super) fn encode_text(vm: &mut Vm, s: &Ref<Str>, encoding: &str, errors: &str) -> R<Vec<u8>> {
    let info = find_text(vm, encoding, "codecs.encode()")?;
    let result = convert(vm, &info, 0, s.as_value(), encoding, errors)?;
    match result.bytes_like() {
        Some(b) => Ok(b.to_vec()),
        None => {
            let got = vm.class_name(&result);
            Err(vm.type_error(format!(
                "'{encoding}' encoder returned '{got}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types"
            )))
        }
    }
}

/// `data.decode(encoding, errors)` of a codec that is not native.
pub(super) fn decode_text(vm: &mut Vm, data: &Ref<Bytes>, encoding: &str, errors: &str) -> R<Ref<Str>> {
    let info = find_text(vm, encoding, "codecs.decode()")?;
    match convert(vm, &info, 1, data.as_value(), encoding, errors)?.downcast_owned::<Str>() {
        Ok(s) => Ok(s),
        Err(v) => {
            let got = vm.class_name(&v);
            Err(vm.type_error(format!(
                "'{encoding}' decoder returned '{got}' instead of 'str'; use codecs.decode() to decode to arbitrary types"
            )))
        }
    }
}

/// The codec of a text stream: its two halves are made where the stream can be read or written.
pub enum TextCodec {
    Native(Codec),
    Info(Value),
}

impl TextCodec {
    /// Looks an encoding up for a text stream.
    pub fn find(vm: &mut Vm, encoding: &str) -> R<TextCodec> {
        match Codec::find(encoding) {
            Some(codec) => Ok(TextCodec::Native(codec)),
            None => find_text(vm, encoding, "codecs.open()").map(TextCodec::Info),
        }
    }

    pub fn decoder(&self, vm: &mut Vm, errors: &str) -> R<Decoder> {
        match self {
            TextCodec::Native(codec) => Ok(Decoder::Native(NativeDecoder::new(*codec, errors))),
            TextCodec::Info(info) => incremental(vm, info, "incrementaldecoder", errors).map(Decoder::Object),
        }
    }

    pub fn encoder(&self, vm: &mut Vm, errors: &str) -> R<Encoder> {
        match self {
            TextCodec::Native(codec) => Ok(Encoder::Native(*codec)),
            TextCodec::Info(info) => incremental(vm, info, "incrementalencoder", errors).map(Encoder::Object),
        }
    }
}

fn incremental(vm: &mut Vm, info: &Value, attribute: &str, errors: &str) -> R {
    let attribute = vm.intern(attribute);
    let class = vm.get_attr(info, &attribute)?;
    let errors = vm.new_str(errors);
    vm.call(&class, &[errors])
}
