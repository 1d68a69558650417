//! `str` to bytes.

use super::errors::{self, Handler, Replacement};
use super::{Codec, registry};
use crate::object::header::Ref;
use crate::object::str::Str;
use crate::vm::{Exc, R, Vm};

/// `s.encode(encoding, errors)`.
pub fn encode(vm: &mut Vm, s: &Ref<Str>, encoding: &str, errors: &str) -> R<Vec<u8>> {
    match Codec::find(encoding) {
        Some(codec) => encode_part(vm, codec, s, errors, true),
        None => registry::encode_text(vm, s, encoding, errors),
    }
}

/// The bytes of a piece of text; `first`: with the mark or signature that the codec puts in front of all.
pub fn encode_part(vm: &mut Vm, codec: Codec, s: &Ref<Str>, errors: &str, first: bool) -> R<Vec<u8>> {
    vm.check_memory(s.len().checked_mul(4).filter(|&n| n > 4096).or(Some(0)))?;
    let mut out = Vec::with_capacity(s.len());
    match codec {
        Codec::Utf8 { signature: true } if first => out.extend([0xef, 0xbb, 0xbf]),
        Codec::Wide { order: None, .. } if first => codec.put(&mut out, 0xfeff),
        _ => {}
    }
    if let (Some(text), Codec::Utf8 { .. } | Codec::Latin1 | Codec::Ascii) = (s.as_ascii(), codec) {
        out.extend_from_slice(text.as_bytes());
        return Ok(out);
    }
    let mut i = 0;
    while let Some(p) = s.point(i) {
        if codec.encodes(p) {
            codec.put(&mut out, p);
            i += 1;
            continue;
        }
        let mut end = i + 1;
        while s.point(end).is_some_and(|p| !codec.encodes(p)) {
            end += 1;
        }
        i = encode_run(vm, codec, s, (i, end), errors, &mut out)?;
    }
    Ok(out)
}

#[cold]
fn encode_error(vm: &mut Vm, codec: Codec, s: &Ref<Str>, range: (usize, usize)) -> Exc {
    errors::encode_error(vm, codec.name(), s, range, codec.encode_reason())
}

/// Handles a run of code points that the codec does not have; where to go on.
fn encode_run(
    vm: &mut Vm,
    codec: Codec,
    s: &Ref<Str>,
    run: (usize, usize),
    errors: &str,
    out: &mut Vec<u8>,
) -> R<usize> {
    let mut text = String::new();
    let handler = errors::find(vm, errors)?;
    for i in run.0..run.1 {
        let p = s.point(i).unwrap_or(0);
        match &handler {
            Handler::Strict => return Err(encode_error(vm, codec, s, run)),
            Handler::Ignore => {}
            Handler::Replace => text.push('?'),
            Handler::BackslashReplace => text.push_str(&super::escape(p)),
            Handler::XmlCharRefReplace => text.push_str(&format!("&#{p};")),
            Handler::NameReplace => text.push_str(&errors::named(p)),
            Handler::SurrogatePass if matches!(codec, Codec::Utf8 { .. } | Codec::Wide { .. }) => codec.put(out, p),
            Handler::SurrogateEscape if (0xdc80..=0xdcff).contains(&p) => out.push(p as u8),
            Handler::SurrogatePass | Handler::SurrogateEscape => {
                return Err(encode_error(vm, codec, s, (i, run.1)));
            }
            Handler::Registered(f) => {
                let error = encode_error(vm, codec, s, run);
                let (replacement, next) = errors::call_encode_handler(vm, f, &error, s.len())?;
                match replacement {
                    Replacement::Bytes(b) => out.extend(b),
                    Replacement::Text(t) => {
                        if t.points().any(|p| !codec.encodes(p)) {
                            return Err(error);
                        }
                        t.points().for_each(|p| codec.put(out, p));
                    }
                }
                return Ok(next);
            }
        }
    }
    text.chars().for_each(|c| codec.put(out, c as u32));
    Ok(run.1)
}
