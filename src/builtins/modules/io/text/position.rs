//! Places in a text: a cookie says from which place in the bytes, and in which state, how much must be decoded and skipped.

use dashu_int::IBig;

use super::super::base::{call, unsupported};
use super::{Snapshot, TextDecoder, TextIo, open, receiver};
use crate::builtins::codec::incremental::DecoderState;
use crate::object::number::BigInt;
use crate::object::sequence::Bytes;
use crate::object::value::Value;
use crate::vm::{Args, Exc, R, Vm};

/// A place in a text: the decoder, in the state `flags` at byte `start`, is fed `feed` bytes (and told of the end, if
/// `at_end`), of whose text `skip` characters lie before the place.
#[derive(Clone, Copy, Default, Debug, PartialEq)]
struct Cookie {
    start: u64,
    flags: u32,
    feed: u32,
    skip: u32,
    at_end: bool,
}

impl Cookie {
    /// One number of all, laid out as in CPython, so that a plain place is its offset in bytes.
    fn number(self) -> IBig {
        let high = IBig::from(self.flags) | IBig::from(self.feed) << 32;
        let higher = IBig::from(self.skip) | IBig::from(u8::from(self.at_end)) << 32;
        IBig::from(self.start) | high << 64 | higher << 128
    }

    fn parse(n: &IBig) -> Option<Cookie> {
        let part = |from: usize| -> u32 {
            let piece: IBig = (n >> from) & IBig::from(u32::MAX);
            u32::try_from(&piece).unwrap_or(0)
        };
        let rest: IBig = n >> 168usize;
        if rest != IBig::from(0) {
            return None;
        }
        let start = u64::from(part(0)) | u64::from(part(32)) << 32;
        Some(Cookie { start, flags: part(64), feed: part(96), skip: part(128), at_end: part(160) != 0 })
    }
}

fn lost(vm: &mut Vm, text: &str) -> Exc {
    let class = vm.types().OSError.clone();
    vm.error(&class, text)
}

impl TextDecoder {
    /// Sets the decoder to a place from which bytes can be fed.
    fn start_at(&self, vm: &mut Vm, start: u64, flags: u64) -> R<()> {
        if start == 0 && flags == 0 {
            return self.reset(vm);
        }
        self.set_state(vm, DecoderState { pending: Vec::new(), flags })
    }

    /// The cookie of the place `skip` characters behind the snapshot, whose bytes start at `start`.
    fn find(&self, vm: &mut Vm, start: u64, snapshot: &Snapshot, skip: usize, ratio: f64) -> R<Cookie> {
        let input = &snapshot.input;
        let mut cookie = Cookie { start, flags: snapshot.flags as u32, ..Cookie::default() };
        let mut skip = skip;
        // Look for a place near by at which the decoder holds nothing back, by the usual number of bytes for a character.
        let mut bytes = ((ratio * skip as f64) as usize).min(input.len());
        let mut back = 1;
        while bytes > 0 {
            self.start_at(vm, start, snapshot.flags)?;
            let chars = self.decode(vm, &input[..bytes], false)?.len();
            if chars <= skip {
                let state = self.state(vm)?;
                if state.pending.is_empty() {
                    cookie.flags = state.flags as u32;
                    skip -= chars;
                    break;
                }
                bytes -= state.pending.len().min(bytes);
                back = 1;
            } else {
                bytes = bytes.saturating_sub(back);
                back *= 2;
            }
        }
        if bytes == 0 {
            self.start_at(vm, start, snapshot.flags)?;
        }
        cookie.start += bytes as u64;
        cookie.skip = skip as u32;
        if skip == 0 {
            return Ok(cookie);
        }
        // From there byte by byte; each place at which nothing is held back is a better start.
        let mut chars = 0;
        let mut enough = false;
        for b in &input[bytes..] {
            cookie.feed += 1;
            chars += self.decode(vm, std::slice::from_ref(b), false)?.len();
            let state = self.state(vm)?;
            if state.pending.is_empty() && chars <= skip {
                cookie.start += u64::from(cookie.feed);
                skip -= chars;
                cookie.flags = state.flags as u32;
                cookie.feed = 0;
                chars = 0;
            }
            if chars >= skip {
                enough = true;
                break;
            }
        }
        if !enough {
            cookie.at_end = true;
            chars += self.decode(vm, &[], true)?.len();
            if chars < skip {
                return Err(lost(vm, "can't reconstruct logical file position"));
            }
        }
        cookie.skip = skip as u32;
        Ok(cookie)
    }
}

pub(super) fn tell(vm: &mut Vm, a: Args<'_>) -> R {
    let (t, buffer) = open(vm, a)?;
    if !t.seekable.get() {
        return Err(unsupported(vm, "underlying stream is not seekable"));
    }
    if !t.telling.get() {
        return Err(lost(vm, "telling position disabled by next() call"));
    }
    t.flush_pending(vm, &buffer)?;
    call(vm, &a.pos[0], "flush", &[])?;
    let at = call(vm, &buffer, "tell", &[])?;
    let (Some(decoder), Some(snapshot)) = (t.decoder.get(), t.snapshot.get()) else { return Ok(at) };
    let start = vm.index_i64(&at)?.saturating_sub(snapshot.input.len() as i64).max(0) as u64;
    let skip = t.used.get();
    if skip == 0 {
        let cookie = Cookie { start, flags: snapshot.flags as u32, ..Cookie::default() };
        return Ok(BigInt::value(&vm.heap, cookie.number()));
    }
    let before = decoder.state(vm)?;
    let found = decoder.find(vm, start, &snapshot, skip, t.ratio.get());
    let restored = decoder.set_state(vm, before);
    let cookie = found?;
    restored?;
    Ok(BigInt::value(&vm.heap, cookie.number()))
}

fn forget(t: &TextIo) {
    t.forget_decoded();
    t.snapshot.set(None);
}

fn to_end(vm: &mut Vm, a: Args<'_>, t: &TextIo, buffer: &Value) -> R {
    call(vm, &a.pos[0], "flush", &[])?;
    forget(t);
    if let Some(decoder) = t.decoder.get() {
        decoder.reset(vm)?;
    }
    let at = call(vm, buffer, "seek", &[Value::int_unchecked(0), Value::int_unchecked(2)])?;
    let somewhere = vm.truth(&at)?;
    t.reset_encoder(vm, !somewhere)?;
    Ok(at)
}

pub(super) fn seek(vm: &mut Vm, a: Args<'_>) -> R {
    let whence = match a.get(2) {
        Some(w) => vm.index_i64(w)?,
        None => 0,
    };
    let (t, buffer) = open(vm, a)?;
    if !t.seekable.get() {
        return Err(unsupported(vm, "underlying stream is not seekable"));
    }
    let mut place = a.pos[1].clone();
    if whence == 1 || whence == 2 {
        if vm.truth(&place)? {
            let from = if whence == 1 { "cur" } else { "end" };
            return Err(unsupported(vm, &format!("can't do nonzero {from}-relative seeks")));
        }
        if whence == 2 {
            return to_end(vm, a, t, &buffer);
        }
        place = call(vm, &a.pos[0], "tell", &[])?;
    } else if whence != 0 {
        return Err(vm.value_error(format!("invalid whence ({whence}, should be 0, 1 or 2)")));
    }
    let number = vm.index(&place)?;
    let number = number.as_int().map(|i| i.to_big()).unwrap_or_default();
    if number < IBig::from(0) {
        let shown = vm.repr(&place)?;
        return Err(vm.value_error(format!("negative seek position {shown}")));
    }
    call(vm, &a.pos[0], "flush", &[])?;
    let Some(cookie) = Cookie::parse(&number) else { return Err(vm.overflow_error("int too big to convert")) };
    let start = BigInt::from_i128(&vm.heap, cookie.start.into());
    call(vm, &buffer, "seek", &[start])?;
    forget(t);
    let decoder = t.decoder.get();
    if let Some(decoder) = &decoder {
        decoder.start_at(vm, cookie.start, cookie.flags.into())?;
    }
    if let (true, Some(decoder)) = (cookie.skip > 0, &decoder) {
        let data = call(vm, &buffer, "read", &[Value::int_unchecked(cookie.feed.into())])?;
        let Some(bytes) = data.downcast::<Bytes>() else {
            let got = vm.class_name(&data);
            return Err(vm.type_error(format!("underlying read() should have returned a bytes object, not '{got}'")));
        };
        t.snapshot.set(Some(Snapshot { flags: cookie.flags.into(), input: bytes.data.to_vec() }));
        let text = decoder.decode(vm, &bytes.data, cookie.at_end)?;
        let n = text.len();
        t.set_decoded(text);
        if n < cookie.skip as usize {
            return Err(lost(vm, "can't restore logical file position"));
        }
        t.used.set(cookie.skip as usize);
    } else {
        t.snapshot.set(Some(Snapshot { flags: cookie.flags.into(), input: Vec::new() }));
    }
    t.reset_encoder(vm, cookie.start == 0 && cookie.flags == 0)?;
    Ok(place)
}

pub(super) fn truncate(vm: &mut Vm, a: Args<'_>) -> R {
    let (_, buffer) = receiver(vm, a)?;
    call(vm, &a.pos[0], "flush", &[])?;
    call(vm, &buffer, "truncate", &[a.get(1).cloned().unwrap_or(Value::NONE)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_comes_back_from_its_number() {
        let cookie = Cookie { start: 1 << 40 | 5, flags: 3, feed: 7, skip: 2, at_end: true };
        assert_eq!(Cookie::parse(&cookie.number()), Some(cookie));
        assert_eq!(Cookie { start: 12, ..Cookie::default() }.number(), IBig::from(12));
        assert_eq!(Cookie::parse(&(IBig::from(1) << 200)), None);
    }
}
