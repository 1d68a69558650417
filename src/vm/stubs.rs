//! The second level of the inline caches: what the instructions' own caches held, by guard and name, for sites that meet
//! several classes in turn.

use crate::object::header::Ref;
use crate::object::str::Str;

/// The instructions whose caches are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Site {
    LoadAttr,
    LoadMethod,
    StoreAttr,
}

#[derive(Clone, Copy, Default)]
struct Entry {
    guard: u64,
    /// The address of the name, with the site in its low bits.
    key: u64,
    /// Words 1 and 2 of the cache; the first of them has the class's version in its low half, which is of that class
    /// and state alone: an entry whose guard's or name's memory has got another use is never taken for another.  (A shape
    /// lives as long as its class, and a name as long as a shape or the class's dict has it: while the object at hand is of
    /// a class with that version, all that the entry tells of is there.)
    words: [u64; 2],
}

const ENTRIES: usize = 1024;

/// Of one interpreter.
pub(super) struct Stubs(Box<[Entry; ENTRIES]>);

impl Default for Stubs {
    fn default() -> Stubs {
        Stubs(Box::new([Entry::default(); ENTRIES]))
    }
}

impl Stubs {
    #[inline(always)]
    fn place(guard: u64, site: Site, name: &Ref<Str>) -> (usize, u64) {
        let key = name.as_ptr() as u64 | site as u64;
        (((guard >> 4) ^ (guard >> 12) ^ (key >> 4) ^ key) as usize % ENTRIES, key)
    }

    /// The cache words for a guard and a name, if they are still here.  The caller compares the version.
    #[inline]
    pub(super) fn find(&self, guard: u64, site: Site, name: &Ref<Str>) -> Option<[u64; 2]> {
        let (i, key) = Stubs::place(guard, site, name);
        let e = &self.0[i];
        (e.guard == guard && e.key == key && guard != 0).then_some(e.words)
    }

    pub(super) fn put(&mut self, guard: u64, site: Site, name: &Ref<Str>, words: [u64; 2]) {
        let (i, key) = Stubs::place(guard, site, name);
        self.0[i] = Entry { guard, key, words };
    }
}
