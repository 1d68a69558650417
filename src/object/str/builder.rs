//! A str that is being put together.

use smallvec::SmallVec;

use super::{Chars, Str, Width};
use crate::object::header::Ref;
use crate::object::heap::Heap;

enum Buffer {
    /// ASCII or Latin-1.
    Bytes(SmallVec<[u8; 64]>),
    Ucs2(Vec<u16>),
    Ucs4(Vec<u32>),
}

/// Appends bytes: that of `SmallVec` is an insertion in the middle.
#[inline]
fn extend(to: &mut SmallVec<[u8; 64]>, bytes: &[u8]) {
    to.reserve(bytes.len());
    let len = to.len();
    // SAFETY: there is room for the bytes behind the first `len`, and a slice that is borrowed lies elsewhere.
    unsafe {
        std::ptr::copy_nonoverlapping(bytes.as_ptr(), to.as_mut_ptr().add(len), bytes.len());
        to.set_len(len + bytes.len());
    }
}

/// Collects code points in the narrowest storage that holds all of them so far.
pub struct StrBuilder {
    buffer: Buffer,
    ascii: bool,
}

impl Default for StrBuilder {
    fn default() -> StrBuilder {
        StrBuilder::new()
    }
}

impl StrBuilder {
    pub fn new() -> StrBuilder {
        StrBuilder { buffer: Buffer::Bytes(SmallVec::new()), ascii: true }
    }

    pub fn with_capacity(n: usize) -> StrBuilder {
        StrBuilder { buffer: Buffer::Bytes(SmallVec::with_capacity(n)), ascii: true }
    }

    /// Number of code points so far.
    pub fn len(&self) -> usize {
        match &self.buffer {
            Buffer::Bytes(b) => b.len(),
            Buffer::Ucs2(b) => b.len(),
            Buffer::Ucs4(b) => b.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn widen(&mut self, width: Width) {
        self.buffer = match (std::mem::replace(&mut self.buffer, Buffer::Bytes(SmallVec::new())), width) {
            (Buffer::Bytes(b), Width::Ucs2) => Buffer::Ucs2(b.into_iter().map(u16::from).collect()),
            (Buffer::Bytes(b), Width::Ucs4) => Buffer::Ucs4(b.into_iter().map(u32::from).collect()),
            (Buffer::Ucs2(b), Width::Ucs4) => Buffer::Ucs4(b.into_iter().map(u32::from).collect()),
            (b, _) => b,
        };
    }

    #[inline]
    pub fn push(&mut self, p: u32) {
        match &mut self.buffer {
            Buffer::Bytes(b) if p <= 0xff => {
                b.push(p as u8);
                self.ascii &= p < 0x80;
            }
            Buffer::Ucs2(b) if p <= 0xffff => b.push(p as u16),
            Buffer::Ucs4(b) => b.push(p),
            _ => {
                self.widen(Width::of(p));
                self.push(p);
            }
        }
    }

    pub fn push_str(&mut self, text: &str) {
        match &mut self.buffer {
            Buffer::Bytes(b) if text.is_ascii() => extend(b, text.as_bytes()),
            _ => text.chars().for_each(|c| self.push(c as u32)),
        }
    }

    pub fn push_points(&mut self, points: impl IntoIterator<Item = u32>) {
        points.into_iter().for_each(|p| self.push(p));
    }

    /// Appends what another builder has collected.
    pub fn append(&mut self, other: &StrBuilder) {
        match &other.buffer {
            Buffer::Bytes(b) => b.iter().for_each(|&p| self.push(p.into())),
            Buffer::Ucs2(b) => b.iter().for_each(|&p| self.push(p.into())),
            Buffer::Ucs4(b) => b.iter().for_each(|&p| self.push(p)),
        }
    }

    /// Appends a whole str.
    pub fn push_ref(&mut self, s: &Str) {
        self.push_slice(s, 0, s.len());
    }

    /// Appends the code points from `start` up to `end` (within the length).
    pub fn push_slice(&mut self, s: &Str, start: usize, end: usize) {
        match (&mut self.buffer, s.chars()) {
            (Buffer::Bytes(b), Chars::Ascii(t)) => extend(b, &t.as_bytes()[start..end]),
            (Buffer::Bytes(b), Chars::Latin1(t)) => {
                extend(b, &t[start..end]);
                self.ascii &= t[start..end].is_ascii();
            }
            (Buffer::Ucs4(b), Chars::Ucs4(t)) => b.extend_from_slice(&t[start..end]),
            (Buffer::Ucs2(b), Chars::Ucs2(t)) => b.extend_from_slice(&t[start..end]),
            _ => (start..end).for_each(|i| self.push(s.point(i).unwrap_or(0))),
        }
    }

    /// Appends `n` times the same code point; the caller has asked for the memory.
    pub fn push_fill(&mut self, p: u32, n: usize) {
        match &mut self.buffer {
            Buffer::Bytes(b) if p < 0x80 => b.resize(b.len() + n, p as u8),
            _ => (0..n).for_each(|_| self.push(p)),
        }
    }

    /// The str, of class `str`.
    pub fn finish(self, heap: &Heap) -> Ref<Str> {
        match self.buffer {
            Buffer::Bytes(b) => match b[..] {
                [p] => Str::from_point(heap, p as u32),
                _ => {
                    let width = if self.ascii { Width::Ascii } else { Width::Latin1 };
                    Str::from_bytes(heap, &heap.types().str, width, b.len(), &b)
                }
            },
            // Wider storage was only taken for a code point that needs it.
            Buffer::Ucs2(b) => {
                let s = Str::uninit(heap, Width::Ucs2, b.len());
                // SAFETY: the tail has room for `b.len()` code points of two bytes and is aligned to 8.
                unsafe { std::ptr::copy_nonoverlapping(b.as_ptr(), s.tail().cast(), b.len()) };
                s
            }
            Buffer::Ucs4(b) => {
                let s = Str::uninit(heap, Width::Ucs4, b.len());
                // SAFETY: as above, four bytes each.
                unsafe { std::ptr::copy_nonoverlapping(b.as_ptr(), s.tail().cast(), b.len()) };
                s
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_built_str_equals_the_same_text_made_at_once() {
        let heap = Heap::new();
        for text in ["", "a", "abc", "é", "ab é", "ab€cé", "a😀b€"] {
            let mut b = StrBuilder::new();
            let whole = Str::new(&heap, text);
            for i in 0..whole.len() {
                b.push_slice(&whole, i, i + 1);
            }
            assert_eq!(*b.finish(&heap), *whole);
            let mut b = StrBuilder::new();
            b.push_str(text);
            b.push_fill('x' as u32, 2);
            assert_eq!(b.finish(&heap).to_string(), format!("{text}xx"));
        }
    }
}
