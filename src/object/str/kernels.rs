//! Concatenation, slices, searching and comparing: the loops over code points, whatever their width.

use std::cell::Cell;

use std::borrow::Cow;
use std::cmp::Ordering;

use memchr::memmem;

use super::{Chars, Str, Width};
use crate::object::header::Ref;
use crate::object::heap::Heap;
use crate::object::types::Type;

/// Runs the same code on the code points as a slice of `u8`, `u16` or `u32`.
#[macro_export]
#[doc(hidden)]
macro_rules! with_chars {
    ($s:expr, $x:ident => $body:expr) => {
        match $s.chars() {
            $crate::object::str::Chars::Ascii(t) => {
                let $x = t.as_bytes();
                $body
            }
            $crate::object::str::Chars::Latin1($x) => $body,
            $crate::object::str::Chars::Ucs2($x) => $body,
            $crate::object::str::Chars::Ucs4($x) => $body,
        }
    };
}

impl Str {
    /// The code points of `self` in storage of `width`, which is as wide or wider.
    fn stored_as(&self, width: Width) -> Cow<'_, [u8]> {
        if self.width().bytes() == width.bytes() {
            return Cow::Borrowed(self.bytes());
        }
        Cow::Owned(match width {
            Width::Ucs2 => self.points().flat_map(|p| (p as u16).to_ne_bytes()).collect(),
            _ => self.points().flat_map(u32::to_ne_bytes).collect(),
        })
    }
}

/// The same text as an instance of `class`, which is `str` or a subclass.
pub fn with_class(heap: &Heap, class: &Ref<Type>, s: &Str) -> Ref<Str> {
    Str::from_bytes(heap, class, s.width(), s.len(), s.bytes())
}

/// `a + b`, of class `str`.
pub fn concat(heap: &Heap, a: &Str, b: &Str) -> Ref<Str> {
    let width = a.width().max(b.width());
    let (x, y) = (a.stored_as(width), b.stored_as(width));
    let s = Str::uninit(heap, width, a.len() + b.len());
    // SAFETY: the new object's tail has room for the bytes of both, and nobody else sees it.
    unsafe {
        std::ptr::copy_nonoverlapping(x.as_ptr(), s.tail(), x.len());
        std::ptr::copy_nonoverlapping(y.as_ptr(), s.tail().add(x.len()), y.len());
    }
    s
}

/// `a + b` with room for as much again as half of it: for text that grows piece by piece.
pub fn concat_roomy(heap: &Heap, a: &Str, b: &Str) -> Ref<Str> {
    let width = a.width().max(b.width());
    let (x, y) = (a.stored_as(width), b.stored_as(width));
    let (len, bytes) = (a.len() + b.len(), x.len() + y.len());
    let spare = u32::try_from(bytes / 2).unwrap_or(0);
    let s = heap.alloc_tail(&heap.types().str, Str { hash: Cell::new(0), len, width, spare }, bytes + spare as usize);
    // SAFETY: the new object's tail has room for the bytes of both, and nobody else sees it.
    unsafe {
        std::ptr::copy_nonoverlapping(x.as_ptr(), s.tail(), x.len());
        std::ptr::copy_nonoverlapping(y.as_ptr(), s.tail().add(x.len()), y.len());
    }
    s
}

/// Appends `b` to `a` in place; false, and nothing done, where others see `a` or it has no room.
pub fn append(a: &Ref<Str>, b: &Str) -> bool {
    let more = b.len() * a.width().bytes();
    if a.header().count() != 1
        || std::ptr::eq(&raw const **a, b)
        || a.is_interned()
        || b.width() > a.width()
        || more > a.spare as usize
    {
        return false;
    }
    let bytes = b.stored_as(a.width());
    let at = a.bytes().len();
    // SAFETY: the count says that this reference is the only one, so nobody reads the object meanwhile (`b` is another
    // one: it has a reference of its own); the tail has room for `spare` bytes behind the code points.
    unsafe {
        std::ptr::copy_nonoverlapping(bytes.as_ptr(), a.tail().add(at), more);
        let data = &raw mut (*a.as_ptr()).data;
        (*data).len += b.len();
        (*data).spare -= more as u32;
        (*data).hash.set(0);
    }
    true
}

/// `s * n`, of class `str`.  The caller has asked for the memory.
pub fn repeat(heap: &Heap, s: &Str, n: usize) -> Ref<Str> {
    if n == 0 || s.is_empty() {
        return Str::new(heap, "");
    }
    let unit = s.bytes();
    let total = unit.len() * n;
    let r = Str::uninit(heap, s.width(), s.len() * n);
    // SAFETY: the new object's tail has room for `total` bytes; what is copied within it is written before.
    unsafe {
        let p = r.tail();
        if let [b] = unit {
            std::ptr::write_bytes(p, *b, n);
            return r;
        }
        std::ptr::copy_nonoverlapping(unit.as_ptr(), p, unit.len());
        let mut done = unit.len();
        while done < total {
            let more = done.min(total - done);
            std::ptr::copy_nonoverlapping(p, p.add(done), more);
            done += more;
        }
    }
    r
}

/// The code points from `start` up to `end` (within the length), of class `str`.
pub fn slice(heap: &Heap, s: &Str, start: usize, end: usize) -> Ref<Str> {
    let end = end.min(s.len());
    if start >= end {
        return Str::new(heap, "");
    }
    if end - start == 1 {
        return Str::from_point(heap, s.point(start).unwrap_or(0));
    }
    match s.chars() {
        Chars::Ascii(t) => {
            Str::from_bytes(heap, &heap.types().str, Width::Ascii, end - start, &t.as_bytes()[start..end])
        }
        Chars::Latin1(t) => {
            let part = &t[start..end];
            let width = if part.is_ascii() { Width::Ascii } else { Width::Latin1 };
            Str::from_bytes(heap, &heap.types().str, width, part.len(), part)
        }
        Chars::Ucs2(t) => {
            let part = &t[start..end];
            if part.iter().any(|&c| c > 0xff) {
                let n = std::mem::size_of_val(part);
                return Str::from_bytes(heap, &heap.types().str, Width::Ucs2, part.len(), &s.bytes()[start * 2..][..n]);
            }
            let points: Vec<u32> = part.iter().map(|&c| c as u32).collect();
            Str::from_points(heap, &points)
        }
        Chars::Ucs4(t) => Str::from_points(heap, &t[start..end]),
    }
}

/// `count` code points from `start` on, `step` apart (`step` may be negative).
pub fn slice_step(heap: &Heap, s: &Str, start: usize, step: i64, count: usize) -> Ref<Str> {
    if step == 1 {
        return slice(heap, s, start, start + count);
    }
    let at = |i: usize| start.wrapping_add((i as i64).wrapping_mul(step) as usize);
    if let (Chars::Ascii(t), 2..) = (s.chars(), count) {
        let part = Str::uninit(heap, Width::Ascii, count);
        for i in 0..count {
            // SAFETY: the tail has room for `count` bytes, and nobody else sees the new object.
            unsafe { part.tail().add(i).write(t.as_bytes()[at(i)]) };
        }
        return part;
    }
    if count == 1 {
        return Str::from_point(heap, s.point(start).unwrap_or(0));
    }
    let points: Vec<u32> = (0..count).map(|i| s.point(at(i)).unwrap_or(0)).collect();
    Str::from_points(heap, &points)
}

/// An ASCII text with each character replaced by another.
pub fn map_ascii(heap: &Heap, text: &str, f: impl Fn(u8) -> u8) -> Ref<Str> {
    if let &[b] = text.as_bytes() {
        return Str::from_point(heap, f(b) as u32);
    }
    let s = Str::uninit(heap, Width::Ascii, text.len());
    for (i, &b) in text.as_bytes().iter().enumerate() {
        let mapped = f(b);
        debug_assert!(mapped.is_ascii());
        // SAFETY: the tail has room for as many bytes as the text has, and nobody else sees the new object.
        unsafe { s.tail().add(i).write(mapped) };
    }
    s
}

/// The order of code points.
pub fn compare(a: &Str, b: &Str) -> Ordering {
    if a.width().bytes() == 1 && b.width().bytes() == 1 {
        return a.bytes().cmp(b.bytes());
    }
    a.points().cmp(b.points())
}

/// A search for one needle in strings of one width, in code points.
pub struct Finder<'n> {
    needle: Cow<'n, [u8]>,
    unit: usize,
}

impl<'n> Finder<'n> {
    /// None where no string of that width can hold the needle.
    pub fn new(needle: &'n Str, hay: Width) -> Option<Finder<'n>> {
        if needle.width().bytes() > hay.bytes() || (hay == Width::Ascii && needle.width() != Width::Ascii) {
            return None;
        }
        Some(Finder { needle: needle.stored_as(hay), unit: hay.bytes() })
    }

    /// The first place in `hay[start..end]`; the bounds lie within the length.
    pub fn find(&self, hay: &Str, start: usize, end: usize) -> Option<usize> {
        if start > end {
            return None;
        }
        let bytes = &hay.bytes()[..end * self.unit];
        if self.unit == 1 {
            if let [b] = *self.needle {
                return memchr::memchr(b, &bytes[start..]).map(|i| start + i);
            }
            return memmem::find(&bytes[start..], &self.needle).map(|i| start + i);
        }
        let finder = memmem::Finder::new(&self.needle);
        let mut from = start * self.unit;
        loop {
            let at = from + finder.find(bytes.get(from..)?)?;
            if at.is_multiple_of(self.unit) {
                return Some(at / self.unit);
            }
            from = at + 1;
        }
    }

    /// The last place in `hay[start..end]`.
    pub fn rfind(&self, hay: &Str, start: usize, end: usize) -> Option<usize> {
        if start > end {
            return None;
        }
        let bytes = &hay.bytes()[start * self.unit..end * self.unit];
        if self.unit == 1 {
            return memmem::rfind(bytes, &self.needle).map(|i| start + i);
        }
        let finder = memmem::FinderRev::new(&self.needle);
        let mut to = bytes.len();
        loop {
            let at = finder.rfind(&bytes[..to])?;
            if at.is_multiple_of(self.unit) {
                return Some(start + at / self.unit);
            }
            to = at + self.needle.len() - 1;
        }
    }
}

/// The first place of `needle` in `hay[start..end]`.
pub fn find(hay: &Str, needle: &Str, start: usize, end: usize) -> Option<usize> {
    Finder::new(needle, hay.width())?.find(hay, start, end)
}

/// The last place of `needle` in `hay[start..end]`.
pub fn rfind(hay: &Str, needle: &Str, start: usize, end: usize) -> Option<usize> {
    Finder::new(needle, hay.width())?.rfind(hay, start, end)
}

/// How often `needle` is in `hay[start..end]` without overlapping.
pub fn count(hay: &Str, needle: &Str, start: usize, end: usize) -> usize {
    if start > end {
        return 0;
    }
    if needle.is_empty() {
        return end - start + 1;
    }
    let Some(finder) = Finder::new(needle, hay.width()) else { return 0 };
    let (mut n, mut at) = (0, start);
    while let Some(i) = finder.find(hay, at, end) {
        n += 1;
        at = i + needle.len();
    }
    n
}

/// Whether `needle` stands at `at` in `hay`.
pub fn matches_at(hay: &Str, needle: &Str, at: usize) -> bool {
    if at > hay.len() || needle.len() > hay.len() - at {
        return false;
    }
    if hay.width().bytes() == 1 && needle.width().bytes() == 1 {
        return hay.bytes()[at..].starts_with(needle.bytes());
    }
    needle.points().enumerate().all(|(i, p)| hay.point(at + i) == Some(p))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_stored_as_narrow_as_they_can_be() {
        let heap = Heap::new();
        let s = Str::new(&heap, "aé€😀z");
        assert_eq!(s.width(), Width::Ucs4);
        assert_eq!(slice(&heap, &s, 0, 2).width(), Width::Latin1);
        assert_eq!(slice(&heap, &s, 1, 3).width(), Width::Ucs2);
        assert_eq!(slice(&heap, &s, 1, 3).to_string(), "é€");
        assert_eq!(slice_step(&heap, &s, 4, -2, 3).to_string(), "z€a");
        assert_eq!(*concat(&heap, &slice(&heap, &s, 0, 1), &slice(&heap, &s, 4, 5)), *Str::new(&heap, "az"));
    }

    #[test]
    fn searching_works_across_widths() {
        let heap = Heap::new();
        let s = Str::new(&heap, "ab€ab€aĀ");
        let euro = Str::new(&heap, "€");
        let ab = Str::new(&heap, "ab");
        assert_eq!(find(&s, &euro, 0, s.len()), Some(2));
        assert_eq!(find(&s, &euro, 3, s.len()), Some(5));
        assert_eq!(rfind(&s, &ab, 0, s.len()), Some(3));
        assert_eq!(count(&s, &ab, 0, s.len()), 2);
        assert_eq!(find(&ab, &euro, 0, 2), None);
        // U+0100 is the bytes 00 01: a match across two code points is none.
        let points = Str::from_points(&heap, &[0x0001, 0x0100, 0x0001]);
        assert_eq!(find(&points, &Str::from_points(&heap, &[0x0101]), 0, 3), None);
        assert_eq!(rfind(&s, &Str::new(&heap, ""), 0, s.len()), Some(s.len()));
    }

    #[test]
    fn repeating_keeps_the_width() {
        let heap = Heap::new();
        assert_eq!(repeat(&heap, &Str::new(&heap, "a€"), 3).to_string(), "a€a€a€");
        assert_eq!(repeat(&heap, &Str::new(&heap, "x"), 5).to_string(), "xxxxx");
    }
}
