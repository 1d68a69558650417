//! What `Type::lookup` has found lately, for all classes of a heap: one table of fixed size, as CPython's type cache.
//!
//! Invariant: an entry whose version is a class's present one is right, because a version is given to one state of one
//! class only.  Entries own nothing: the class that has that version holds what was found, and the table is emptied
//! before names are let go ([`LookupCache::clear`]).

use std::cell::Cell;
use std::mem::ManuallyDrop;

use super::Type;
use crate::object::header::{Gc, Ref};
use crate::object::str::Str;
use crate::object::value::Value;

/// Entries; a power of two.
const SIZE: usize = 2048;

struct Entry {
    /// 0: empty, the version of no class.
    version: Cell<u32>,
    name: Cell<*const Gc<Str>>,
    /// The word of what was found; 0 where the class has no such attribute.
    found: Cell<u64>,
}

pub(super) struct LookupCache(Box<[Entry]>);

impl LookupCache {
    pub(super) fn new() -> LookupCache {
        let empty = || Entry { version: Cell::new(0), name: Cell::new(std::ptr::null()), found: Cell::new(0) };
        LookupCache((0..SIZE).map(|_| empty()).collect())
    }

    #[inline(always)]
    fn entry(&self, version: u32, name: &Ref<Str>) -> &Entry {
        // Names are cells of 16 bytes and more; versions are given one after another.
        let i = (name.as_ptr() as usize >> 4) ^ (version as usize).wrapping_mul(31);
        &self.0[i & (SIZE - 1)]
    }

    /// `class.lookup(name)`.
    #[inline(always)]
    pub(super) fn lookup(&self, class: &Type, name: &Ref<Str>) -> Option<Value> {
        let version = class.version.get();
        let entry = self.entry(version, name);
        if version != 0 && entry.version.get() == version && std::ptr::eq(entry.name.get(), name.as_ptr()) {
            // SAFETY: by the invariant the class holds what the word points to; 0 is the niche.
            let found = unsafe { std::mem::transmute::<u64, ManuallyDrop<Option<Value>>>(entry.found.get()) };
            return (*found).clone();
        }
        self.fill(class, name)
    }

    /// Forgets what a name was found to be in the class of a version.
    pub(super) fn forget(&self, version: u32, name: &Ref<Str>) {
        let entry = self.entry(version, name);
        if entry.version.get() == version && std::ptr::eq(entry.name.get(), name.as_ptr()) {
            entry.version.set(0);
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&self) {
        self.0.iter().for_each(|entry| entry.version.set(0));
    }

    #[cold]
    #[inline(never)]
    fn fill(&self, class: &Type, name: &Ref<Str>) -> Option<Value> {
        let found = class.search(name);
        let version = class.version();
        if version != 0 {
            let entry = self.entry(version, name);
            entry.version.set(version);
            entry.name.set(name.as_ptr());
            entry.found.set(found.as_ref().map_or(0, Value::bits));
        }
        found
    }
}
