//! Bytes to `str`.

use super::errors::{self, Handler};
use super::{Codec, Order, Unit, registry};
use crate::object::header::Ref;
use crate::object::sequence::Bytes;
use crate::object::str::{Str, StrBuilder};
use crate::vm::{R, Vm};

/// `data.decode(encoding, errors)`.
pub fn decode(vm: &mut Vm, data: &Ref<Bytes>, encoding: &str, errors: &str) -> R<Ref<Str>> {
    // For no bytes CPython asks for no codec, so that nobody notices a name that is none.
    if data.data.is_empty() {
        return Ok(Str::new(&vm.heap, ""));
    }
    match Codec::find(encoding) {
        Some(mut codec) => Ok(decode_part(vm, &mut codec, data, errors, true)?.0),
        None => registry::decode_text(vm, data, encoding, errors),
    }
}

const fn wide(bytes: usize, order: Order) -> Codec {
    Codec::Wide { bytes, order: Some(order) }
}

/// The marks that may stand in front of data, with the codec that each tells.
const SIGNATURE: &[(&[u8], Codec)] = &[(&[0xef, 0xbb, 0xbf], Codec::Utf8 { signature: false })];
const MARKS_16: &[(&[u8], Codec)] = &[(&[0xff, 0xfe], wide(2, Order::Little)), (&[0xfe, 0xff], wide(2, Order::Big))];
const MARKS_32: &[(&[u8], Codec)] =
    &[(&[0xff, 0xfe, 0, 0], wide(4, Order::Little)), (&[0, 0, 0xfe, 0xff], wide(4, Order::Big))];

impl Codec {
    /// Takes the mark or signature in front of `data`: its length, and the codec of what follows.  A codec that waited for it
    /// knows it from then on.  None where more bytes must tell.
    fn take_mark(&mut self, data: &[u8], last: bool) -> Option<(usize, Codec)> {
        let (marks, without) = match *self {
            Codec::Utf8 { signature: true } => (SIGNATURE, Codec::Utf8 { signature: false }),
            Codec::Wide { bytes: 2, order: None } => (MARKS_16, wide(2, Order::Little)),
            Codec::Wide { bytes, order: None } => (MARKS_32, wide(bytes, Order::Little)),
            codec => return Some((0, codec)),
        };
        if let Some((mark, marked)) = marks.iter().find(|(mark, _)| data.starts_with(mark)) {
            *self = *marked;
            return Some((mark.len(), *marked));
        }
        if !last && marks.iter().any(|(mark, _)| mark.starts_with(data)) {
            return None;
        }
        if matches!(self, Codec::Utf8 { .. }) {
            *self = without;
        }
        Some((0, without))
    }
}

/// Decodes `data`, all of it if nothing follows (`last`), else without a character that is cut off at its end: the text and
/// the bytes used.  A codec that waits for its mark becomes the one
/// that the mark tells.
pub fn decode_part(
    vm: &mut Vm,
    codec: &mut Codec,
    data: &Ref<Bytes>,
    errors: &str,
    last: bool,
) -> R<(Ref<Str>, usize)> {
    // Errors carry the name that was asked for, whatever the mark said.
    let asked = *codec;
    let bytes = &data.data[..];
    let Some((mut i, codec)) = codec.take_mark(bytes, last) else { return Ok((Str::new(&vm.heap, ""), 0)) };
    let rest = &bytes[i..];
    match codec {
        Codec::Utf8 { .. } => {
            if let Ok(text) = std::str::from_utf8(rest) {
                return Ok((Str::new(&vm.heap, text), bytes.len()));
            }
        }
        Codec::Ascii | Codec::Latin1 if rest.is_ascii() => {
            if let Ok(text) = std::str::from_utf8(rest) {
                return Ok((Str::new(&vm.heap, text), bytes.len()));
            }
        }
        _ => {}
    }
    let mut out = StrBuilder::with_capacity(bytes.len());
    while i < bytes.len() {
        let (bad, reason) = match codec.unit(&bytes[i..]) {
            Unit::Point(p, n) => {
                out.push(p);
                i += n;
                continue;
            }
            Unit::Pair(p, q) => {
                out.push(p);
                out.push(q);
                i += 2;
                continue;
            }
            Unit::Nothing(n) => {
                i += n;
                continue;
            }
            Unit::Short(..) | Unit::ShortPoint(_) if !last => break,
            Unit::ShortPoint(p) => {
                out.push(p);
                i += 1;
                continue;
            }
            Unit::Bad(n, reason) | Unit::Short(n, reason) => (n, reason),
        };
        let wrong = &bytes[i..i + bad];
        match errors::find(vm, errors)? {
            Handler::Ignore => {}
            Handler::Replace => out.push(0xfffd),
            Handler::BackslashReplace => wrong.iter().for_each(|&b| out.push_str(&super::escape(b as u32))),
            Handler::SurrogateEscape if wrong.iter().all(|b| *b >= 0x80) => {
                wrong.iter().for_each(|&b| out.push(0xdc00 + b as u32));
            }
            Handler::SurrogatePass if codec.surrogate(&bytes[i..]).is_some() => {
                if let Some((p, n)) = codec.surrogate(&bytes[i..]) {
                    out.push(p);
                    i += n;
                }
                continue;
            }
            Handler::Strict | Handler::SurrogateEscape | Handler::SurrogatePass => {
                return Err(errors::decode_error(vm, asked.name(), data, (i, i + bad), reason));
            }
            Handler::XmlCharRefReplace | Handler::NameReplace => {
                return Err(vm.type_error("don't know how to handle UnicodeDecodeError in error callback"));
            }
            Handler::Registered(f) => {
                let error = errors::decode_error(vm, asked.name(), data, (i, i + bad), reason);
                let (text, next) = errors::call_decode_handler(vm, &f, &error, bytes.len())?;
                out.push_ref(&text);
                i = next;
                continue;
            }
        }
        i += bad;
    }
    Ok((out.finish(&vm.heap), i))
}
