//! The cycle collector: trial deletion over all containers, as in CPython.
//!
//! The registers and the references that native code holds are counted and not traversed, so what they reach keeps a
//! count that the traversal cannot explain, and stays.

use std::ptr::NonNull;

use rustc_hash::FxHashMap;

use super::header::{Header, flags};
use super::heap::Heap;
use super::value::Value;
use super::visit;

impl Heap {
    /// Whether there is an object, besides some that live on, whose death would be noticed, by a finalizer or through a
    /// weak reference.
    pub fn has_observed(&self, living: &[Value]) -> bool {
        let lives = |h: NonNull<Header>| living.iter().any(|v| v.header_ptr() == Some(h));
        let mut found = false;
        self.for_each(|h| {
            // SAFETY: `for_each` gives live objects.
            let header = unsafe { h.as_ref() };
            let is_observed = header.has_flag(flags::WEAKLY_REFERENCED)
                || !header.has_flag(flags::FINALIZED) && visit::needs_finalizer(header);
            found |= is_observed && !lives(h);
        });
        found
    }

    /// Frees unreachable cycles; returns how many objects they had.  Objects with finalizers are handed to the VM
    /// and their cycles wait for the next collection.
    pub fn collect(&self) -> usize {
        let found = self.find_cycles();
        let count = found.len();
        self.free_cycles(found);
        count
    }

    /// Takes apart what [`Heap::find_cycles`] has found.
    pub fn free_cycles(&self, found: Vec<Value>) {
        for v in &found {
            if let Some(h) = v.header() {
                visit::clear(h);
            }
        }
    }

    /// The objects of unreachable cycles; none where finalizers must run first, which are handed to the VM.
    pub fn find_cycles(&self) -> Vec<Value> {
        let mut counts: FxHashMap<NonNull<Header>, u32> = FxHashMap::default();
        // In the order of memory, so that finalizers run in the same order each time.
        let mut all: Vec<NonNull<Header>> = Vec::new();
        self.for_each(|h| {
            // SAFETY: `for_each` gives live objects.
            let header = unsafe { h.as_ref() };
            if visit::is_container(header.kind()) && header.count() > 0 && !header.has_flag(flags::FROZEN) {
                counts.insert(h, header.count());
                all.push(h);
            }
        });
        for h in &all {
            // SAFETY: live; traversal changes nothing.
            visit::traverse(unsafe { h.as_ref() }, &mut |v: &Value| {
                if let Some(n) = v.header_ptr().and_then(|p| counts.get_mut(&p)) {
                    *n -= 1;
                }
            });
        }
        let mut reachable: Vec<NonNull<Header>> = all.iter().copied().filter(|h| counts[h] > 0).collect();
        let mut garbage = counts;
        for h in &reachable {
            garbage.remove(h);
        }
        while let Some(h) = reachable.pop() {
            // SAFETY: as above.
            visit::traverse(unsafe { h.as_ref() }, &mut |v: &Value| {
                if let Some(p) = v.header_ptr()
                    && garbage.remove(&p).is_some()
                {
                    reachable.push(p);
                }
            });
        }
        self.reset_threshold(all.len() - garbage.len());
        // Hold everything while it is taken apart, so that nothing dies in the middle.
        let held: Vec<Value> = all
            .iter()
            .filter(|h| garbage.contains_key(h))
            .map(|h| {
                // SAFETY: live; the reference is counted here.
                unsafe {
                    h.as_ref().increment();
                    Value::from_bits(h.as_ptr() as u64)
                }
            })
            .collect();
        // Weak references from outside are emptied and called first, as in CPython: no finalizer can bring the objects
        // back through them.
        for v in &held {
            if let Some(p) = v.header_ptr()
                && v.header().is_some_and(|h| h.has_flag(flags::WEAKLY_REFERENCED))
            {
                self.add_pending(self.weak().clear(p, |r| !garbage.contains_key(&r)));
            }
        }
        let mut finalize = Vec::new();
        for v in &held {
            if let Some(h) = v.header()
                && !h.has_flag(flags::FINALIZED)
                && visit::needs_finalizer(h)
            {
                h.set_flag(flags::FINALIZED);
                finalize.push(v.clone());
            }
        }
        if !finalize.is_empty() {
            self.add_pending(finalize);
            return Vec::new();
        }
        held
    }

    /// Takes every container out of collections (`gc.freeze`), or all that were taken out back into them.
    pub fn set_frozen(&self, frozen: bool) {
        self.for_each(|h| {
            // SAFETY: `for_each` gives live objects.
            let header = unsafe { h.as_ref() };
            if visit::is_container(header.kind()) && header.count() > 0 {
                if frozen { header.set_flag(flags::FROZEN) } else { header.clear_flag(flags::FROZEN) }
            }
        });
    }

    /// How many containers are out of collections.
    pub fn frozen_count(&self) -> usize {
        let mut count = 0;
        // SAFETY: `for_each` gives live objects.
        self.for_each(|h| count += usize::from(unsafe { h.as_ref() }.has_flag(flags::FROZEN)));
        count
    }
}
