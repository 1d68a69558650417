//! Interned strings: names are compared by address.

use std::cell::{Cell, RefCell};
use std::collections::hash_map::Entry;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::cell::Mut;
use super::header::{Ref, flags};
use super::heap::Heap;
use super::str::Str;

/// The interned strings: names in code, attributes and keyword arguments.  Those that nothing else holds are let go when
/// the table has doubled, so that a program that makes up names does not keep them all.
pub struct Table {
    by_hash: RefCell<FxHashMap<u64, Ref<Str>>>,
    /// Those whose hash another one has: hardly ever any.
    colliding: RefCell<Vec<Ref<Str>>>,
    ascii: Mut<Vec<Ref<Str>>>,
    /// At how many strings those that nothing else holds are let go.
    due: Cell<usize>,
}

/// Room for the names that an interpreter has before it has run anything.
const AT_START: usize = 3500;

impl Default for Table {
    fn default() -> Table {
        Table {
            by_hash: RefCell::new(FxHashMap::with_capacity_and_hasher(AT_START, FxBuildHasher)),
            colliding: RefCell::default(),
            ascii: Mut::default(),
            due: Cell::new(2 * AT_START),
        }
    }
}

impl Table {
    /// The interned str of this text.
    pub fn get(&self, heap: &Heap, text: &str) -> Ref<Str> {
        if text.is_ascii()
            && let Some(known) = self.by_hash.borrow().get(&Str::hash_of_ascii(text))
            && known.as_ascii() == Some(text)
        {
            return known.clone();
        }
        self.intern(&Str::new(heap, text))
    }

    /// The interned str that equals `s` (which becomes it, if there is none and it is an exact `str`).
    pub fn intern(&self, s: &Ref<Str>) -> Ref<Str> {
        if s.is_interned() {
            return s.clone();
        }
        let mut table = self.by_hash.borrow_mut();
        if table.len() >= self.due.get() {
            // What was found by a name that goes must not be found by another one in its place.
            s.header().heap().types().forget_lookups();
            let colliding = self.colliding.borrow();
            // One that stands for a hash that others have stays: they are looked for behind it.
            table.retain(|hash, known| {
                known.header().count() > 1 || colliding.iter().any(|other| other.hash() == *hash)
            });
            self.due.set(2 * table.len().max(AT_START));
        }
        match table.entry(s.hash()) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_nobody_holds_are_let_go() {
        let heap = Heap::new();
        let before = heap.used();
        let kept = heap.interned.get(&heap, "a name that is kept");
        for i in 0..20 * AT_START {
            heap.interned.get(&heap, &format!("a made-up name {i}"));
        }
        assert!(heap.interned.by_hash.borrow().len() < 4 * AT_START);
        assert!(heap.used() - before < 4 * AT_START * 64);
        assert!(heap.interned.get(&heap, "a name that is kept").is(&kept));
    }
}
