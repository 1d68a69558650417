//! Encodings by a table: what `encodings` makes its codecs of one byte with.

use super::errors::{self, Replacement};
use crate::object::dict::Dict;
use crate::object::header::Ref;
use crate::object::sequence::Bytes;
use crate::object::str::{Str, StrBuilder};
use crate::object::value::Value;
use crate::vm::{R, Vm};

const NAME: &str = "charmap";
const UNDEFINED: &str = "character maps to <undefined>";
/// What stands in a table for a byte without a character.
const NONE: u32 = 0xfffe;

/// A table from code points to bytes, of the characters of all bytes (CPython's `EncodingMap`; here it is a dict).
pub fn build(vm: &mut Vm, characters: &Ref<Str>) -> R {
    let table = Dict::new(&vm.heap);
    for (byte, p) in characters.points().enumerate().filter(|(_, p)| *p != NONE) {
        vm.dict_set(&table, Value::int_unchecked(p.into()), Value::from_len(byte))?;
    }
    Ok(table.into())
}

/// What a mapping has for a key; None where that is nothing.
fn lookup(vm: &mut Vm, mapping: &Value, key: u32) -> R<Option<Value>> {
    match vm.get_item(mapping, &Value::int_unchecked(key.into())) {
        Ok(v) => Ok(Some(v).filter(|v| !v.is_none())),
        Err(e) if vm.is_exception(&e, &vm.types().LookupError) => Ok(None),
        Err(e) => Err(e),
    }
}

/// Appends the characters of a byte; false where it has none.
fn decode_byte(vm: &mut Vm, mapping: &Value, byte: u8, out: &mut StrBuilder) -> R<bool> {
    if let Some(table) = mapping.downcast::<Str>().filter(|s| s.ty().is(&vm.types().str)) {
        let point = table.point(byte.into()).filter(|p| *p != NONE);
        point.into_iter().for_each(|p| out.push(p));
        return Ok(point.is_some());
    }
    let Some(v) = lookup(vm, mapping, byte.into())? else { return Ok(false) };
    if let Some(i) = v.as_int() {
        match i.to_i64().and_then(|i| u32::try_from(i).ok()).filter(|p| *p <= 0x10ffff) {
            Some(NONE) => return Ok(false),
            Some(p) => out.push(p),
            None => return Err(vm.type_error("character mapping must be in range(0x110000)")),
        }
        return Ok(true);
    }
    match v.downcast::<Str>() {
        Some(s) if s.len() == 1 && s.point(0) == Some(NONE) => Ok(false),
        Some(s) => {
            vm.check_memory((out.len() + s.len()).checked_mul(4))?;
            out.push_ref(s);
            Ok(true)
        }
        None => Err(vm.type_error("character mapping must return integer, None or str")),
    }
}

/// The text of bytes by a mapping: a str of the characters of all bytes, or anything that has them by the byte.
pub fn decode(vm: &mut Vm, data: &Ref<Bytes>, errors: &str, mapping: &Value) -> R<Ref<Str>> {
    let mut out = StrBuilder::with_capacity(data.data.len());
    let mut i = 0;
    while let Some(&byte) = data.data.get(i) {
        i = match decode_byte(vm, mapping, byte, &mut out)? {
            true => i + 1,
            false => errors::bad_bytes(vm, NAME, data, (i, i + 1), UNDEFINED, errors, &mut out)?,
        };
    }
    Ok(out.finish(&vm.heap))
}

/// Appends the bytes of a character; false where it has none.
fn encode_point(vm: &mut Vm, mapping: &Value, p: u32, out: &mut Vec<u8>) -> R<bool> {
    let Some(v) = lookup(vm, mapping, p)? else { return Ok(false) };
    if let Some(i) = v.as_int() {
        match i.to_i64().and_then(|i| u8::try_from(i).ok()) {
            Some(byte) => out.push(byte),
            None => return Err(vm.type_error("character mapping must be in range(256)")),
        }
        return Ok(true);
    }
    match v.downcast::<Bytes>() {
        Some(bytes) => {
            vm.check_memory(out.len().checked_add(bytes.data.len()))?;
            out.extend_from_slice(&bytes.data);
            Ok(true)
        }
        None => {
            let got = vm.class_name(&v);
            Err(vm.type_error(format!("character mapping must return integer, bytes or None, not {got}")))
        }
    }
}

/// The bytes of text by a mapping from code points.
pub fn encode(vm: &mut Vm, s: &Ref<Str>, errors: &str, mapping: &Value) -> R<Vec<u8>> {
    let mut out = Vec::with_capacity(s.len());
    let mut i = 0;
    while let Some(p) = s.point(i) {
        if encode_point(vm, mapping, p, &mut out)? {
            i += 1;
            continue;
        }
        let mut end = i + 1;
        while let Some(p) = s.point(end)
            && lookup(vm, mapping, p)?.is_none()
        {
            end += 1;
        }
        let error = errors::encode_error(vm, NAME, s, (i, end), UNDEFINED);
        let (replacement, next) = match errors {
            "strict" => return Err(error),
            "ignore" => (Replacement::Bytes(Vec::new()), end),
            name => {
                let handler = errors::function(vm, name)?;
                errors::call_encode_handler(vm, &handler, &error, s.len())?
            }
        };
        match replacement {
            Replacement::Bytes(bytes) => out.extend(bytes),
            Replacement::Text(text) => {
                for p in text.points() {
                    if !encode_point(vm, mapping, p, &mut out)? {
                        return Err(error);
                    }
                }
            }
        }
        i = next;
    }
    Ok(out)
}
