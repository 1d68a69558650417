//! Interned strings: names are compared by address.

use std::cell::RefCell;
use std::collections::hash_map::Entry;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::cell::Mut;
use super::header::{Ref, flags};
use super::heap::Heap;
use super::str::Str;

/// Interned strings live as long as the heap: names in code, attributes and keyword arguments.
pub struct Table {
    by_hash: RefCell<FxHashMap<u64, Ref<Str>>>,
    /// Those whose hash another one has: hardly ever any.
    colliding: RefCell<Vec<Ref<Str>>>,
    ascii: Mut<Vec<Ref<Str>>>,
}

/// Room for the names that an interpreter has before it has run anything.
const AT_START: usize = 3500;

impl Default for Table {
    fn default() -> Table {
        Table {
            by_hash: RefCell::new(FxHashMap::with_capacity_and_hasher(AT_START, FxBuildHasher)),
            colliding: RefCell::default(),
            ascii: Mut::default(),
        }
    }
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
        match self.by_hash.borrow_mut().entry(s.hash()) {
            Entry::Vacant(place) => {
                s.header().set_flag(flags::INTERNED);
                place.insert(s.clone()).clone()
            }
            Entry::Occupied(place) if **place.get() == **s => place.get().clone(),
            Entry::Occupied(_) => {
                let mut colliding = self.colliding.borrow_mut();
                if let Some(found) = colliding.iter().find(|t| ***t == **s) {
                    return found.clone();
                }
                s.header().set_flag(flags::INTERNED);
                colliding.push(s.clone());
                s.clone()
            }
        }
    }

    /// The interned str that equals `s`, if there is one.
    pub fn find(&self, s: &Ref<Str>) -> Option<Ref<Str>> {
        if s.is_interned() {
            return Some(s.clone());
        }
        let table = self.by_hash.borrow();
        let first = table.get(&s.hash())?;
        if **first == **s {
            return Some(first.clone());
        }
        self.colliding.borrow().iter().find(|t| ***t == **s).cloned()
    }

    /// The str of one ASCII character, if one has been asked for before.
    #[inline(always)]
    pub fn known_ascii(&self, b: u8) -> Option<Ref<Str>> {
        self.ascii.borrow().get(b as usize).cloned()
    }

    /// The str of one ASCII character.
    #[inline]
    pub(super) fn ascii(&self, heap: &Heap, b: u8) -> Ref<Str> {
        self.known_ascii(b).unwrap_or_else(|| self.make_ascii(heap, b))
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
        self.by_hash.take().into_values().for_each(std::mem::forget);
        self.colliding.take().into_iter().for_each(std::mem::forget);
        self.ascii.take().into_iter().for_each(std::mem::forget);
    }
}
