//! Interned strings: names are compared by address.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use super::cell::Mut;
use super::header::{Ref, flags};
use super::heap::Heap;
use super::str::Str;

/// Interned strings live as long as the heap: names in code, attributes and keyword arguments.
#[derive(Default)]
pub struct Table {
    by_hash: RefCell<FxHashMap<u64, Vec<Ref<Str>>>>,
    ascii: Mut<Vec<Ref<Str>>>,
}

impl Table {
    /// The interned str of this text.
    pub fn get(&self, heap: &Heap, text: &str) -> Ref<Str> {
        self.intern(&Str::new(heap, text))
    }

    /// The interned str that equals `s` (which becomes it, if there is none and it is an exact `str`).
    pub fn intern(&self, s: &Ref<Str>) -> Ref<Str> {
        if s.is_interned() {
            return s.clone();
        }
        let mut table = self.by_hash.borrow_mut();
        let bucket = table.entry(s.hash()).or_default();
        if let Some(found) = bucket.iter().find(|t| ***t == **s) {
            return found.clone();
        }
        s.header().set_flag(flags::INTERNED);
        bucket.push(s.clone());
        s.clone()
    }

    /// The interned str that equals `s`, if there is one.
    pub fn find(&self, s: &Ref<Str>) -> Option<Ref<Str>> {
        if s.is_interned() {
            return Some(s.clone());
        }
        self.by_hash.borrow().get(&s.hash())?.iter().find(|t| ***t == **s).cloned()
    }

    /// The str of one ASCII character.
    #[inline]
    pub(super) fn ascii(&self, heap: &Heap, b: u8) -> Ref<Str> {
        let known = self.ascii.borrow().get(b as usize).cloned();
        known.unwrap_or_else(|| self.make_ascii(heap, b))
    }

    #[cold]
    fn make_ascii(&self, heap: &Heap, b: u8) -> Ref<Str> {
        let all: Vec<Ref<Str>> = (0..128u8).map(|b| self.get(heap, (b as char).encode_utf8(&mut [0; 4]))).collect();
        let one = all[b as usize].clone();
        self.ascii.set(all);
        one
    }

    /// Forgets all references without counting down (the heap is going away with the strings).
    pub(super) fn forget(&self) {
        for (_, bucket) in self.by_hash.take() {
            bucket.into_iter().for_each(std::mem::forget);
        }
        self.ascii.take().into_iter().for_each(std::mem::forget);
    }
}
