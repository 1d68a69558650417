//! `binascii`: bytes as text in hexadecimal and base 64, and checksums.

use super::{ExceptionClass, exception_class, new, set};
use crate::builtins::{base64, buffer};
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::number::BigInt;
use crate::object::sequence::Bytes;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::{Signature, signature};
use crate::vm::{Args, Exc, R, Vm};

static ERROR: ExceptionClass =
    ExceptionClass { module: "binascii", name: "Error", bases: |t| vec![t.ValueError.clone()] };
static INCOMPLETE: ExceptionClass =
    ExceptionClass { module: "binascii", name: "Incomplete", bases: |t| vec![t.Exception.clone()] };

const TABLE: &[Def] = &[
    def_kw("a2b_base64", 1, ANY, a2b_base64),
    def("a2b_hex", 1, 1, a2b_hex),
    def_kw("b2a_base64", 1, ANY, b2a_base64),
    def_kw("b2a_hex", 1, ANY, b2a_hex),
    def("crc32", 1, 2, crc32),
    def("crc_hqx", 2, 2, crc_hqx),
    def_kw("hexlify", 1, ANY, b2a_hex),
    def("unhexlify", 1, 1, a2b_hex),
];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "binascii", TABLE);
    for class in [&ERROR, &INCOMPLETE] {
        let t = exception_class(vm, class)?;
        set(vm, &m.dict, class.name, t.into());
    }
    Ok(m)
}

fn error(vm: &mut Vm, text: &str) -> Exc {
    match exception_class(vm, &ERROR) {
        Ok(class) => vm.error(&class, text),
        Err(e) => e,
    }
}

fn bytes_value(vm: &Vm, bytes: Vec<u8>) -> Value {
    Bytes::new(&vm.heap, bytes).into()
}

/// Text in ASCII, in a str or in bytes.
fn ascii(vm: &mut Vm, v: &Value) -> R<Vec<u8>> {
    if let Some(s) = v.downcast::<Str>() {
        return match s.as_ascii() {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => Err(vm.value_error("string argument should contain only ASCII characters")),
        };
    }
    match buffer::bytes(vm, v) {
        Ok(data) => Ok(data.into_owned()),
        Err(e) if vm.is_exception(&e, &vm.types().TypeError) => {
            let got = vm.class_name(v);
            Err(vm.type_error(format!("argument should be bytes, buffer or ASCII string, not '{got}'")))
        }
        Err(e) => Err(e),
    }
}

/// `b2a_hex(data, sep=None, bytes_per_sep=1)`: as `bytes.hex`, but bytes.
fn b2a_hex(vm: &mut Vm, a: Args<'_>) -> R {
    const PARAMETERS: Signature<3> = signature("b2a_hex", ["data", "sep", "bytes_per_sep"], 1);
    let [data, sep, group] = a.bind(vm, &PARAMETERS)?;
    let data = buffer::bytes(vm, data.unwrap_or(&Value::NONE))?.into_owned();
    let data = bytes_value(vm, data);
    let arguments: Vec<Value> = sep.into_iter().chain(group).cloned().collect();
    let hex = vm.intern("hex");
    let text = vm.call_method(&data, &hex, &arguments)?;
    let text = text.downcast::<Str>().and_then(|s| s.as_ascii()).map(|s| s.as_bytes().to_vec()).unwrap_or_default();
    Ok(bytes_value(vm, text))
}

fn a2b_hex(vm: &mut Vm, a: Args<'_>) -> R {
    let text = ascii(vm, &a.pos[0])?;
    if text.len() % 2 != 0 {
        return Err(error(vm, "Odd-length string"));
    }
    let digit = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
    let bytes: Option<Vec<u8>> = text.chunks(2).map(|p| Some(digit(p[0])? << 4 | digit(p[1])?)).collect();
    match bytes {
        Some(bytes) => Ok(bytes_value(vm, bytes)),
        None => Err(error(vm, "Non-hexadecimal digit found")),
    }
}

/// `b2a_base64(data, *, newline=True)`.
fn b2a_base64(vm: &mut Vm, a: Args<'_>) -> R {
    const PARAMETERS: Signature<2> =
        Signature { function: "b2a_base64", names: ["", "newline"], required: 1, positional: 1 };
    let [data, newline] = a.bind(vm, &PARAMETERS)?;
    let data = buffer::bytes(vm, data.unwrap_or(&Value::NONE))?.into_owned();
    let newline = match newline {
        Some(v) => vm.truth(v)?,
        None => true,
    };
    vm.check_memory(data.len().checked_mul(2))?;
    let mut out = Vec::with_capacity(data.len() / 3 * 4 + 5);
    for group in data.chunks(3) {
        let word = group.iter().fold(0u32, |w, &b| w << 8 | u32::from(b)) << (8 * (3 - group.len()));
        let digits = [18, 12, 6, 0].map(|shift| base64::DIGITS[(word >> shift & 0x3f) as usize]);
        out.extend(&digits[..=group.len()]);
        out.extend(std::iter::repeat_n(b'=', 3 - group.len()));
    }
    if newline {
        out.push(b'\n');
    }
    Ok(bytes_value(vm, out))
}

/// `a2b_base64(data, *, strict_mode=False)`.
fn a2b_base64(vm: &mut Vm, a: Args<'_>) -> R {
    const PARAMETERS: Signature<2> =
        Signature { function: "a2b_base64", names: ["", "strict_mode"], required: 1, positional: 1 };
    let [data, strict] = a.bind(vm, &PARAMETERS)?;
    let text = ascii(vm, data.unwrap_or(&Value::NONE))?;
    let strict = match strict {
        Some(v) => vm.truth(v)?,
        None => false,
    };
    match from_base64(&text, strict) {
        Ok(bytes) => Ok(bytes_value(vm, bytes)),
        Err(text) => Err(error(vm, &text)),
    }
}

/// What text in base 64 stands for.  What is no digit is skipped, unless this is strict; a group that is filled up ends it.
fn from_base64(text: &[u8], strict: bool) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    // Digits of the present group, the bits of the last one that are left, and signs that fill it up.
    let (mut place, mut left, mut pads) = (0, 0u8, 0);
    let mut filled = false;
    if strict && text.first() == Some(&b'=') {
        return Err("Leading padding not allowed".to_owned());
    }
    for (i, &b) in text.iter().enumerate() {
        if b == b'=' {
            filled = true;
            if strict && place == 0 {
                return Err("Excess padding not allowed".to_owned());
            }
            if place >= 2 {
                pads += 1;
                if place + pads >= 4 {
                    return match strict && i + 1 < text.len() {
                        true => Err("Excess data after padding".to_owned()),
                        false => Ok(out),
                    };
                }
            }
            continue;
        }
        let Some(digit) = base64::value(b) else {
            if strict {
                return Err("Only base64 data is allowed".to_owned());
            }
            continue;
        };
        if strict && filled {
            return Err("Discontinuous padding not allowed".to_owned());
        }
        pads = 0;
        match place {
            0 => left = digit,
            1 => {
                out.push(left << 2 | digit >> 4);
                left = digit & 0xf;
            }
            2 => {
                out.push(left << 4 | digit >> 2);
                left = digit & 3;
            }
            _ => out.push(left << 6 | digit),
        }
        place = (place + 1) % 4;
    }
    match place {
        0 => Ok(out),
        1 => {
            let count = out.len() / 3 * 4 + 1;
            Err(format!(
                "Invalid base64-encoded string: number of data characters ({count}) cannot be 1 more than a multiple of 4"
            ))
        }
        _ => Err("Incorrect padding".to_owned()),
    }
}

/// The remainders of all bytes, by a polynomial with the lowest bit last.
const CRC32: [u32; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let (mut value, mut bit) = (i as u32, 0);
        while bit < 8 {
            value = if value & 1 != 0 { value >> 1 ^ 0xedb8_8320 } else { value >> 1 };
            bit += 1;
        }
        table[i] = value;
        i += 1;
    }
    table
};

/// The lowest 32 bits of an int.
fn bits(vm: &mut Vm, v: Option<&Value>) -> R<u32> {
    let Some(v) = v else { return Ok(0) };
    let v = vm.index(v)?;
    let mask = Value::int_unchecked(0xffff_ffff);
    let low = vm.binary(crate::code::BinaryOp::And, &v, &mask)?;
    Ok(low.as_small_int().unwrap_or(0) as u32)
}

/// `crc32(data, crc=0)`: going on from the checksum of what stands before.
fn crc32(vm: &mut Vm, a: Args<'_>) -> R {
    let data = buffer::bytes(vm, &a.pos[0])?.into_owned();
    let before = bits(vm, a.get(1))?;
    let sum = data.iter().fold(!before, |sum, &b| CRC32[usize::from(sum as u8 ^ b)] ^ sum >> 8);
    Ok(BigInt::from_i64(&vm.heap, i64::from(!sum)))
}

/// `crc_hqx(data, crc)`: CRC-CCITT.
fn crc_hqx(vm: &mut Vm, a: Args<'_>) -> R {
    let data = buffer::bytes(vm, &a.pos[0])?.into_owned();
    let mut sum = bits(vm, a.get(1))? as u16;
    for b in data {
        sum ^= u16::from(b) << 8;
        for _ in 0..8 {
            sum = if sum & 0x8000 != 0 { sum << 1 ^ 0x1021 } else { sum << 1 };
        }
    }
    Ok(Value::int_unchecked(sum.into()))
}
