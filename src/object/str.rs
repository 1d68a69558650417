//! `str`: code points in the narrowest of four widths (PEP 393), behind the header in one allocation.
//!
//! Lone surrogates are ordinary code points here, so a str need not have a UTF-8 form.

pub mod builder;
pub mod kernels;
pub mod system;

use std::cell::Cell;

pub use builder::StrBuilder;
pub use kernels::{
    Finder, append, compare, concat, concat_roomy, count, find, map_ascii, matches_at, repeat, rfind, slice,
    slice_step, with_class,
};

use super::header::{Gc, Kind, Object, Ref, flags};
use super::heap::Heap;
use super::types::Type;
use super::value::Value;

/// Bytes of a code point in storage, and whether all of them are ASCII.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
#[repr(u8)]
pub enum Width {
    Ascii,
    Latin1,
    Ucs2,
    Ucs4,
}

impl Width {
    pub const fn bytes(self) -> usize {
        match self {
            Width::Ascii | Width::Latin1 => 1,
            Width::Ucs2 => 2,
            Width::Ucs4 => 4,
        }
    }

    /// The narrowest width that holds code points up to `max`.
    pub const fn of(max: u32) -> Width {
        match max {
            0..=0x7f => Width::Ascii,
            0x80..=0xff => Width::Latin1,
            0x100..=0xffff => Width::Ucs2,
            _ => Width::Ucs4,
        }
    }
}

/// The payload; its code points follow it in memory.  Invariant: the width is the narrowest possible, so equal
/// strings have equal widths and bytes.
#[repr(C, align(8))]
pub struct Str {
    /// 0: not computed yet.
    hash: Cell<u64>,
    len: usize,
    width: Width,
    /// Bytes that the allocation has behind the code points: room for `append`.
    spare: u32,
}

// SAFETY: a str owns no values.
unsafe impl Object for Str {
    const KIND: Kind = Kind::Str;
    const CONTAINER: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
}

/// The code points of a str, as stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Chars<'a> {
    Ascii(&'a str),
    Latin1(&'a [u8]),
    Ucs2(&'a [u16]),
    Ucs4(&'a [u32]),
}

impl Str {
    /// A str of class `str` from UTF-8 text.
    pub fn new(heap: &Heap, text: &str) -> Ref<Str> {
        Str::new_of(heap, &heap.types().str, text)
    }

    /// An ASCII str before the class `str` can be asked for (see `TypeTable::bootstrap`).
    pub(super) fn ascii_of_class(heap: &Heap, ty: &Ref<Type>, text: &'static str) -> Ref<Str> {
        let class = ty.clone().into_raw();
        let p = heap.raw(std::mem::size_of::<Gc<Str>>() + text.len(), false, Kind::Str, Some(class)).cast::<Gc<Str>>();
        // SAFETY: the cell has room for the object and its tail, and is new.
        unsafe {
            (&raw mut (*p.as_ptr()).data).write(Str {
                hash: Cell::new(0),
                len: text.len(),
                width: Width::Ascii,
                spare: 0,
            });
            let s = Ref::from_raw(p);
            std::ptr::copy_nonoverlapping(text.as_ptr(), s.tail(), text.len());
            s
        }
    }

    /// The same, as an instance of a subclass of `str`.
    pub fn new_of(heap: &Heap, ty: &Ref<Type>, text: &str) -> Ref<Str> {
        if text.is_ascii() {
            return Str::from_bytes(heap, ty, Width::Ascii, text.len(), text.as_bytes());
        }
        let points: Vec<u32> = text.chars().map(u32::from).collect();
        Str::from_points_of(heap, ty, &points)
    }

    /// A str from code points (each at most 0x10FFFF; surrogates allowed).
    pub fn from_points(heap: &Heap, points: &[u32]) -> Ref<Str> {
        Str::from_points_of(heap, &heap.types().str, points)
    }

    pub fn from_points_of(heap: &Heap, ty: &Ref<Type>, points: &[u32]) -> Ref<Str> {
        let width = Width::of(points.iter().copied().max().unwrap_or(0));
        match width {
            Width::Ascii | Width::Latin1 => {
                let bytes: Vec<u8> = points.iter().map(|&p| p as u8).collect();
                Str::from_bytes(heap, ty, width, points.len(), &bytes)
            }
            Width::Ucs2 => {
                let bytes: Vec<u8> = points.iter().flat_map(|&p| (p as u16).to_ne_bytes()).collect();
                Str::from_bytes(heap, ty, width, points.len(), &bytes)
            }
            Width::Ucs4 => {
                let bytes: Vec<u8> = points.iter().flat_map(|&p| p.to_ne_bytes()).collect();
                Str::from_bytes(heap, ty, width, points.len(), &bytes)
            }
        }
    }

    /// A str from stored bytes; `width` must be the narrowest for them.
    fn from_bytes(heap: &Heap, ty: &Ref<Type>, width: Width, len: usize, bytes: &[u8]) -> Ref<Str> {
        debug_assert_eq!(bytes.len(), len * width.bytes());
        let s = heap.alloc_tail(ty, Str { hash: Cell::new(0), len, width, spare: 0 }, bytes.len());
        // SAFETY: the tail has room for `bytes.len()` bytes and nobody else sees the new object.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), s.tail(), bytes.len()) };
        s
    }

    /// A str of `len` ASCII characters in all from its parts.
    pub fn from_ascii_parts<'a>(heap: &Heap, len: usize, parts: impl Iterator<Item = &'a str>) -> Ref<Str> {
        let s = Str::uninit(heap, Width::Ascii, len);
        let mut at = 0;
        for part in parts {
            debug_assert!(part.is_ascii());
            let n = part.len().min(len - at);
            // SAFETY: the tail has room for `len` bytes and nobody else sees the new object.
            unsafe { std::ptr::copy_nonoverlapping(part.as_ptr(), s.tail().add(at), n) };
            at += n;
        }
        debug_assert_eq!(at, len, "the parts are as long as was said");
        s
    }

    /// A new str of class `str` whose code points the caller writes before anyone sees it.
    fn uninit(heap: &Heap, width: Width, len: usize) -> Ref<Str> {
        heap.alloc_tail(&heap.types().str, Str { hash: Cell::new(0), len, width, spare: 0 }, len * width.bytes())
    }

    /// An ASCII str that need not be looked through.
    pub fn from_ascii(heap: &Heap, text: &str) -> Ref<Str> {
        debug_assert!(text.is_ascii());
        match text.as_bytes() {
            &[b] => heap.interned.ascii(heap, b),
            bytes => Str::from_bytes(heap, &heap.types().str, Width::Ascii, bytes.len(), bytes),
        }
    }

    /// The str of one code point.
    #[inline]
    pub fn from_point(heap: &Heap, point: u32) -> Ref<Str> {
        if point < 0x80 {
            return heap.interned.ascii(heap, point as u8);
        }
        Str::from_points(heap, &[point])
    }

    fn tail(&self) -> *mut u8 {
        // The object lives in a Gc<Str>, whose tail follows the payload.
        (self as *const Str as *mut Str).wrapping_add(1).cast()
    }

    /// Number of code points.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn width(&self) -> Width {
        self.width
    }

    #[inline]
    fn bytes(&self) -> &[u8] {
        // SAFETY: the tail holds that many initialised bytes.
        unsafe { std::slice::from_raw_parts(self.tail(), self.len * self.width.bytes()) }
    }

    /// The code points, as stored.
    #[inline]
    pub fn chars(&self) -> Chars<'_> {
        let p = self.tail();
        // SAFETY: the tail holds `len` code points of the width, aligned to 8; ASCII bytes are UTF-8.
        unsafe {
            match self.width {
                Width::Ascii => Chars::Ascii(std::str::from_utf8_unchecked(self.bytes())),
                Width::Latin1 => Chars::Latin1(self.bytes()),
                Width::Ucs2 => Chars::Ucs2(std::slice::from_raw_parts(p.cast(), self.len)),
                Width::Ucs4 => Chars::Ucs4(std::slice::from_raw_parts(p.cast(), self.len)),
            }
        }
    }

    /// The text without copying, where it is ASCII (nearly all names are).
    #[inline]
    pub fn as_ascii(&self) -> Option<&str> {
        match self.chars() {
            Chars::Ascii(s) => Some(s),
            _ => None,
        }
    }

    /// The code point at `i`.
    #[inline]
    pub fn point(&self, i: usize) -> Option<u32> {
        match self.chars() {
            Chars::Ascii(s) => s.as_bytes().get(i).map(|&b| b as u32),
            Chars::Latin1(s) => s.get(i).map(|&b| b as u32),
            Chars::Ucs2(s) => s.get(i).map(|&b| b as u32),
            Chars::Ucs4(s) => s.get(i).copied(),
        }
    }

    /// All code points.
    pub fn points(&self) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator + '_ {
        (0..self.len).map(|i| self.point(i).unwrap_or(0))
    }

    /// The text, with U+FFFD in the place of lone surrogates.
    pub fn to_string_lossy(&self) -> std::borrow::Cow<'_, str> {
        match self.as_ascii() {
            Some(s) => s.into(),
            None => self.points().map(|p| char::from_u32(p).unwrap_or('\u{fffd}')).collect::<String>().into(),
        }
    }

    /// The text, if it has no lone surrogates.
    pub fn to_utf8(&self) -> Option<std::borrow::Cow<'_, str>> {
        match self.as_ascii() {
            Some(s) => Some(s.into()),
            None => self.points().map(char::from_u32).collect::<Option<String>>().map(Into::into),
        }
    }

    /// The hash that a str of this ASCII text has.
    pub fn hash_of_ascii(text: &str) -> u64 {
        hash_bytes(text.as_bytes(), Width::Ascii)
    }

    /// The hash, computed once.  Not randomised; never 0.
    #[inline]
    pub fn hash(&self) -> u64 {
        match self.hash.get() {
            0 => {
                let h = hash_bytes(self.bytes(), self.width);
                self.hash.set(h);
                h
            }
            h => h,
        }
    }
}

/// FNV-like over words, with a final mix; widths differ so that "a" in Latin-1 and UCS-2 cannot be confused (they are
/// never both stored anyway).
fn hash_bytes(bytes: &[u8], width: Width) -> u64 {
    const K: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut h = K ^ (bytes.len() as u64) ^ ((width.bytes() as u64) << 56);
    let mut chunks = bytes.chunks_exact(8);
    for c in &mut chunks {
        let w = u64::from_ne_bytes([c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]]);
        h = (h ^ w).wrapping_mul(K).rotate_left(29);
    }
    let mut last = 0u64;
    for (i, &b) in chunks.remainder().iter().enumerate() {
        last |= (b as u64) << (8 * i);
    }
    h = (h ^ last).wrapping_mul(K);
    h ^= h >> 32;
    h = h.wrapping_mul(K);
    (h ^ (h >> 29)).max(1)
}

impl PartialEq for Str {
    #[inline]
    fn eq(&self, other: &Str) -> bool {
        self.len == other.len && self.width == other.width && self.bytes() == other.bytes()
    }
}

impl Eq for Str {}

impl Ref<Str> {
    pub fn is_interned(&self) -> bool {
        self.header().has_flag(flags::INTERNED)
    }
}

impl std::fmt::Display for Str {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_string_lossy())
    }
}

impl std::fmt::Display for Ref<Str> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}

impl std::fmt::Debug for Str {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.to_string_lossy())
    }
}
