//! UTF-7 (RFC 2152): text in ASCII, with everything else as UTF-16 in base 64 between `+` and `-`.

use super::errors;
use crate::builtins::base64::{self, DIGITS};
use crate::object::header::Ref;
use crate::object::sequence::Bytes;
use crate::object::str::{Str, StrBuilder};
use crate::vm::{R, Vm};

const NAME: &str = "utf7";
/// Whether a character is written as itself.
fn is_direct(p: u32) -> bool {
    matches!(p, 0x09 | 0x0a | 0x0d | 0x20..=0x7d) && !matches!(p, 0x2b | 0x5c)
}

/// Bits that are not written or read yet, the last ones of `buffer`.
#[derive(Default)]
struct Bits {
    buffer: u32,
    count: u32,
}

impl Bits {
    fn put(&mut self, out: &mut Vec<u8>, unit: u32) {
        self.buffer = self.buffer << 16 | unit;
        self.count += 16;
        while self.count >= 6 {
            self.count -= 6;
            out.push(DIGITS[(self.buffer >> self.count & 0x3f) as usize]);
        }
        self.buffer &= (1 << self.count) - 1;
    }

    /// Fills the last digit up with zeros.
    fn flush(&mut self, out: &mut Vec<u8>) {
        if self.count > 0 {
            out.push(DIGITS[(self.buffer << (6 - self.count) & 0x3f) as usize]);
        }
        *self = Bits::default();
    }

    /// Takes a digit; a unit of UTF-16 once it is whole.
    fn take(&mut self, digit: u32) -> Option<u32> {
        self.buffer = self.buffer << 6 | digit;
        self.count += 6;
        let rest = self.count.checked_sub(16)?;
        let unit = self.buffer >> rest;
        (self.buffer, self.count) = (self.buffer & ((1 << rest) - 1), rest);
        Some(unit)
    }
}

/// The bytes of text; every text has some.
pub fn encode(s: &Ref<Str>) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    let (mut bits, mut shifted) = (Bits::default(), false);
    for p in s.points() {
        if is_direct(p) {
            if std::mem::take(&mut shifted) {
                bits.flush(&mut out);
                // What could be a digit would be taken for one.
                if base64::value(p as u8).is_some() || p == u32::from(b'-') {
                    out.push(b'-');
                }
            }
            out.push(p as u8);
            continue;
        }
        if !shifted && p == u32::from(b'+') {
            out.extend(b"+-");
            continue;
        }
        if !std::mem::replace(&mut shifted, true) {
            out.push(b'+');
        }
        match p.checked_sub(0x10000) {
            Some(q) => {
                bits.put(&mut out, 0xd800 | q >> 10);
                bits.put(&mut out, 0xdc00 | q & 0x3ff);
            }
            None => bits.put(&mut out, p),
        }
    }
    if shifted {
        bits.flush(&mut out);
        out.push(b'-');
    }
    out
}

/// The text of bytes, and how many of them that takes: all if nothing follows (`last`).
pub fn decode(vm: &mut Vm, data: &Ref<Bytes>, errors: &str, last: bool) -> R<(Ref<Str>, usize)> {
    let bytes = &data.data[..];
    let mut out = StrBuilder::with_capacity(bytes.len());
    let (mut bits, mut high) = (Bits::default(), None);
    // Where the present part in base 64 begins, in the bytes and in the text.
    let mut shift: Option<(usize, usize)> = None;
    let mut i = 0;
    while let Some(&byte) = bytes.get(i) {
        let wrong = match shift {
            Some((start, _)) => {
                if let Some(digit) = base64::value(byte) {
                    i += 1;
                    if let Some(unit) = bits.take(digit.into()) {
                        put_unit(&mut out, &mut high, unit);
                    }
                    continue;
                }
                shift = None;
                let left = std::mem::take(&mut bits);
                match left.count {
                    6.. => Some((start, i + 1, "partial character in shift sequence")),
                    1.. if left.buffer != 0 => Some((start, i + 1, "non-zero padding bits in shift sequence")),
                    _ => {
                        if byte < 0x80 && byte != b'+' {
                            high.into_iter().for_each(|h| out.push(h));
                        }
                        high = None;
                        i += usize::from(byte == b'-');
                        None
                    }
                }
            }
            None if byte == b'+' => match bytes.get(i + 1) {
                Some(b'-') => {
                    out.push(u32::from(b'+'));
                    i += 2;
                    None
                }
                Some(&next) if base64::value(next).is_none() => Some((i, i + 2, "ill-formed sequence")),
                _ => {
                    shift = Some((i, out.len()));
                    (bits, high) = (Bits::default(), None);
                    i += 1;
                    None
                }
            },
            None if byte < 0x80 => {
                out.push(byte.into());
                i += 1;
                None
            }
            None => Some((i, i + 1, "unexpected special character")),
        };
        if let Some((start, end, reason)) = wrong {
            high = None;
            i = errors::bad_bytes(vm, NAME, data, (start, end), reason, errors, &mut out)?;
        }
    }
    let Some((start, before)) = shift else { return Ok((out.finish(&vm.heap), i)) };
    if !last {
        // The part is read again, with what follows.
        let text = out.finish(&vm.heap);
        let kept: Vec<u32> = text.points().take(before).collect();
        return Ok((Str::from_points(&vm.heap, &kept), start));
    }
    if high.is_some() || bits.count >= 6 || bits.count > 0 && bits.buffer != 0 {
        let whole = (start, bytes.len());
        let next = errors::bad_bytes(vm, NAME, data, whole, "unterminated shift sequence", errors, &mut out)?;
        if let Some(rest) = bytes.get(next..).filter(|rest| !rest.is_empty()) {
            // A handler may go on in the middle.
            let rest = Bytes::new(&vm.heap, rest.to_vec());
            let (text, _) = decode(vm, &rest, errors, last)?;
            out.push_ref(&text);
        }
    }
    Ok((out.finish(&vm.heap), bytes.len()))
}

/// Appends a unit of UTF-16; the first half of a pair waits for the other.
fn put_unit(out: &mut StrBuilder, high: &mut Option<u32>, unit: u32) {
    match (high.take(), unit) {
        (Some(h), 0xdc00..=0xdfff) => return out.push(0x10000 + ((h - 0xd800) << 10 | (unit - 0xdc00))),
        (Some(h), _) => out.push(h),
        (None, _) => {}
    }
    match unit {
        0xd800..=0xdbff => *high = Some(unit),
        _ => out.push(unit),
    }
}
