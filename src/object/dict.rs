//! `dict`: an insertion-ordered hash table, as in CPython: a sparse index into a dense list of entries.
//!
//! Keys are compared by code that the caller gives, because comparing may run Python code.  A search goes on where the key
//! that was compared still has its place, as in CPython, and starts again where it has not: a comparison that adds to the
//! table each time would otherwise never end.

use std::cell::Cell;

use super::cell::Mut;
use super::header::{Kind, Object, Ref};
use super::heap::Heap;
use super::sequence::payload_heap;
use super::str::Str;
use super::types::type_flags;
use super::value::Value;

/// An entry; a deleted one has no key.
pub struct Entry {
    pub hash: u64,
    pub key: Option<Value>,
    pub value: Value,
}

#[derive(Default)]
struct Table {
    /// Positions in `entries`, in 1, 2 or 4 bytes each; all ones is empty.
    index: Vec<u8>,
    /// Bytes of a position; 0 while there is no index.
    width: usize,
    mask: usize,
    entries: Vec<Entry>,
    live: usize,
    /// No entry lies before this position.
    first: usize,
    /// Places of the index that are not empty; kept under [`Table::room`] so that searches end.
    filled: usize,
}

const EMPTY: usize = usize::MAX;
/// Marks of places whose entry was taken off the end; larger than any position (see [`Table::room`]).
const GONE_1: usize = 0xfe;
const GONE_2: usize = 0xfffe;
const GONE_4: usize = 0xffff_fffe;

impl Table {
    #[inline(always)]
    fn at(&self, i: usize) -> usize {
        // SAFETY: the index has `(mask + 1) * width` bytes and `i` is masked by the callers.
        unsafe {
            match self.width {
                1 => match *self.index.get_unchecked(i) {
                    0xff => EMPTY,
                    n => n as usize,
                },
                2 => match self.index.as_ptr().cast::<u16>().add(i).read_unaligned() {
                    0xffff => EMPTY,
                    n => n as usize,
                },
                _ => match self.index.as_ptr().cast::<u32>().add(i).read_unaligned() {
                    0xffff_ffff => EMPTY,
                    n => n as usize,
                },
            }
        }
    }

    #[inline(always)]
    fn put(&mut self, i: usize, n: usize) {
        // SAFETY: as in `at`.
        unsafe {
            match self.width {
                1 => *self.index.get_unchecked_mut(i) = n as u8,
                2 => self.index.as_mut_ptr().cast::<u16>().add(i).write_unaligned(n as u16),
                _ => self.index.as_mut_ptr().cast::<u32>().add(i).write_unaligned(n as u32),
            }
        }
    }

    /// Whether the table still has `mask`, and place `i` of its index leads to `key` at `position`.
    fn is_at(&self, i: usize, mask: usize, position: usize, key: &Value) -> bool {
        self.width != 0
            && self.mask == mask
            && self.at(i) == position
            && self.entries.get(position).and_then(|e| e.key.as_ref()).is_some_and(|k| k.is(key))
    }

    fn room(&self) -> usize {
        if self.width == 0 { 0 } else { (self.mask + 1) / 3 * 2 + (self.mask + 1) % 3 * 2 / 3 }
    }

    /// Drops deleted entries and makes the index fit `want` live entries.
    fn rebuild(&mut self, want: usize) {
        let slots = (want * 3 / 2 + 1).next_power_of_two().max(8);
        self.width = match slots {
            0..=128 => 1,
            129..=32768 => 2,
            _ => 4,
        };
        self.mask = slots - 1;
        self.index.clear();
        self.index.resize(slots * self.width, 0xff);
        if self.live != self.entries.len() {
            self.entries.retain(|e| e.key.is_some());
        }
        self.first = 0;
        self.filled = self.entries.len();
        for n in 0..self.entries.len() {
            let i = self.vacant(self.entries[n].hash);
            self.put(i, n);
        }
    }

    /// Makes the table fit `want` entries.
    fn grow(&mut self, heap: &Heap, want: usize) {
        let old = self.bytes();
        self.rebuild(want);
        let more = self.room().saturating_sub(self.entries.len());
        self.entries.reserve_exact(more);
        heap.account(old, self.bytes());
    }

    /// Takes deleted entries off the end, with their places in the index, so that the last entry is live: taking items
    /// from the end costs the same each time.  Places become "deleted" by pointing to no entry.  Deleting by key does not
    /// do it: an iterator that stands behind the entry would give a new one at its position, which it must not.
    fn drop_tail(&mut self) {
        while self.entries.last().is_some_and(|e| e.key.is_none()) {
            let n = self.entries.len() - 1;
            let mut p = Probe::new(self.entries[n].hash, self.mask);
            loop {
                match self.at(p.i) {
                    found if found == n => break,
                    EMPTY => return,
                    _ => p.next(self.mask),
                }
            }
            self.put(p.i, self.gone());
            self.entries.pop();
        }
        self.first = self.first.min(self.entries.len());
    }

    /// The number that marks a place whose entry is gone: searches go on behind it.
    fn gone(&self) -> usize {
        match self.width {
            1 => GONE_1,
            2 => GONE_2,
            _ => GONE_4,
        }
    }

    fn vacant(&self, hash: u64) -> usize {
        let mut p = Probe::new(hash, self.mask);
        // A place whose entry is gone may be used again only by a key that is not in the table, which is so here.
        let gone = self.gone();
        loop {
            let n = self.at(p.i);
            if n == EMPTY || n == gone {
                return p.i;
            }
            p.next(self.mask);
        }
    }

    fn bytes(&self) -> usize {
        self.index.capacity() + self.entries.capacity() * std::mem::size_of::<Entry>()
    }
}

struct Probe {
    i: usize,
    perturb: u64,
}

impl Probe {
    #[inline(always)]
    fn new(hash: u64, mask: usize) -> Probe {
        Probe { i: hash as usize & mask, perturb: hash }
    }

    #[inline(always)]
    fn next(&mut self, mask: usize) {
        self.perturb >>= 5;
        self.i = (self.i.wrapping_mul(5).wrapping_add(self.perturb as usize).wrapping_add(1)) & mask;
    }
}

/// The version of keys that nobody has asked for: no inline cache holds it.
const UNKNOWN: u32 = u32::MAX;

/// The payload of `dict`.
pub struct Dict {
    table: Mut<Table>,
    /// Unique to this set of keys in this order, or [`UNKNOWN`].  Inline caches compare it.
    keys_version: Cell<u32>,
}

impl Default for Dict {
    fn default() -> Dict {
        Dict { table: Mut::default(), keys_version: Cell::new(UNKNOWN) }
    }
}

// SAFETY: all keys and values are visited.
unsafe impl Object for Dict {
    const KIND: Kind = Kind::Dict;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        for e in &self.table.borrow().entries {
            if let Some(k) = &e.key {
                visit(k);
                visit(&e.value);
            }
        }
    }
    fn clear(&self) {
        self.clear_all(payload_heap(self));
    }
}

impl Dict {
    pub fn new(heap: &Heap) -> Ref<Dict> {
        heap.alloc(&heap.types().dict, Dict::default())
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.table.borrow().live
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One past the last entry position (positions of deleted entries are skipped by [`Dict::entry`]).
    pub fn positions(&self) -> usize {
        self.table.borrow().entries.len()
    }

    /// Hash, key and value at a position, if there is an entry.
    pub fn entry(&self, position: usize) -> Option<(u64, Value, Value)> {
        let t = self.table.borrow();
        let e = t.entries.get(position)?;
        Some((e.hash, e.key.clone()?, e.value.clone()))
    }

    /// The value at a position that a search or cache gave.
    #[inline(always)]
    pub fn value_at(&self, position: usize) -> Option<Value> {
        self.table.borrow().entries.get(position).map(|e| e.value.clone())
    }

    /// Replaces the value at a position that a search or cache gave; returns the old one.
    #[inline(always)]
    pub fn replace_at(&self, position: usize, value: Value) -> Option<Value> {
        self.table.borrow_mut().entries.get_mut(position).map(|e| std::mem::replace(&mut e.value, value))
    }

    /// Where the value at a position lies; stays there while [`Dict::known_keys_version`] does.
    pub fn place_at(&self, position: usize) -> Option<*const Value> {
        self.table.borrow().entries.get(position).map(|e| &raw const e.value)
    }

    /// The number of the present keys and their positions; stays the same while only values change.  None when the
    /// numbers are used up.
    pub fn keys_version(&self, heap: &Heap) -> Option<u32> {
        if self.keys_version.get() == UNKNOWN {
            match heap.types().next_version() {
                0 => return None,
                n => self.keys_version.set(n),
            }
        }
        Some(self.keys_version.get())
    }

    /// What an inline cache compares with: no number that [`Dict::keys_version`] has given while nobody has asked.
    #[inline(always)]
    pub fn known_keys_version(&self) -> u32 {
        self.keys_version.get()
    }

    /// Call after every insertion, deletion and resize.
    fn changed(&self) {
        self.keys_version.set(UNKNOWN);
    }

    /// Position of `key`.  `eq` is asked about keys of equal hash that are not the same object; an error of its ends
    /// the search.
    pub fn find<E>(
        &self,
        hash: u64,
        key: &Value,
        mut eq: impl FnMut(&Value) -> Result<bool, E>,
    ) -> Result<Option<usize>, E> {
        // Two strs need no code to be compared, and nothing changes meanwhile.
        let text = key.downcast::<Str>().filter(|s| !s.ty().has(type_flags::HEAP));
        'again: loop {
            let (mut probe, mask) = {
                let t = self.table.borrow();
                if t.width == 0 {
                    return Ok(None);
                }
                (Probe::new(hash, t.mask), t.mask)
            };
            loop {
                let (position, candidate) = {
                    let t = self.table.borrow();
                    let n = t.at(probe.i);
                    if n == EMPTY {
                        return Ok(None);
                    }
                    let Some(e) = t.entries.get(n) else {
                        probe.next(t.mask);
                        continue;
                    };
                    match &e.key {
                        Some(k) if k.is(key) => return Ok(Some(n)),
                        Some(k) if e.hash == hash => {
                            if let Some(text) = text
                                && let Some(k) = k.downcast::<Str>().filter(|s| !s.ty().has(type_flags::HEAP))
                            {
                                if **k == **text {
                                    return Ok(Some(n));
                                }
                                probe.next(t.mask);
                                continue;
                            }
                            (n, k.clone())
                        }
                        _ => {
                            probe.next(t.mask);
                            continue;
                        }
                    }
                };
                let same = eq(&candidate)?;
                if !self.table.borrow().is_at(probe.i, mask, position, &candidate) {
                    continue 'again;
                }
                if same {
                    return Ok(Some(position));
                }
                probe.next(mask);
            }
        }
    }

    /// Position of a str key among keys that are str (others, even with an `__eq__` of their own, do not match: for
    /// namespaces).
    #[inline]
    pub fn find_str(&self, key: &Ref<Str>) -> Option<usize> {
        let t = self.table.borrow();
        if t.width == 0 {
            return None;
        }
        let hash = key.hash();
        let mut probe = Probe::new(hash, t.mask);
        loop {
            let n = t.at(probe.i);
            if n == EMPTY {
                return None;
            }
            if let Some(e) = t.entries.get(n)
                && let Some(k) = &e.key
                && (k.is(key.as_value())
                    || (e.hash == hash
                        && k.downcast::<Str>()
                            .is_some_and(|s| !(s.is_interned() && key.is_interned()) && **s == **key)))
            {
                return Some(n);
            }
            probe.next(t.mask);
        }
    }

    #[inline]
    pub fn get_str(&self, key: &Ref<Str>) -> Option<Value> {
        self.find_str(key).and_then(|n| self.value_at(n))
    }

    /// Sets a str key (see [`Dict::find_str`]); returns the old value.
    pub fn set_str(&self, heap: &Heap, key: &Ref<Str>, value: Value) -> Option<Value> {
        match self.find_str(key) {
            Some(n) => self.replace_at(n, value),
            None => {
                self.insert_new(heap, key.hash(), key.to_value(), value);
                None
            }
        }
    }

    pub fn remove_str(&self, key: &Ref<Str>) -> Option<Value> {
        self.find_str(key).map(|n| self.remove_at(n).1)
    }

    /// Makes room for `more` entries at once.
    pub fn reserve(&self, heap: &Heap, more: usize) {
        let mut t = self.table.borrow_mut();
        if t.filled + more > t.room() {
            let want = t.live + more;
            t.grow(heap, want);
            drop(t);
            self.changed();
        }
    }

    /// Adds an entry whose key is known to be absent.
    pub fn insert_new(&self, heap: &Heap, hash: u64, key: Value, value: Value) {
        let mut t = self.table.borrow_mut();
        if t.filled >= t.room() {
            let want = (t.live + 1) * 2;
            t.grow(heap, want);
        }
        let n = t.entries.len();
        let i = t.vacant(hash);
        if t.at(i) == EMPTY {
            t.filled += 1;
        }
        t.put(i, n);
        t.entries.push(Entry { hash, key: Some(key), value });
        t.live += 1;
        drop(t);
        self.changed();
    }

    /// Removes the entry at a position that a search gave.
    pub fn remove_at(&self, position: usize) -> (Value, Value) {
        let mut t = self.table.borrow_mut();
        let e = &mut t.entries[position];
        let key = e.key.take().unwrap_or(Value::NONE);
        let value = std::mem::replace(&mut e.value, Value::NONE);
        t.live -= 1;
        if t.live == 0 && t.index.len() > 64 {
            // Nothing left: give a large table back.
            let old = std::mem::take(&mut *t);
            drop(t);
            payload_heap(self).account(old.bytes(), 0);
            self.changed();
            return (key, value);
        }
        if position == t.first {
            // A queue (delete the first, add at the end) must not walk its deleted head again and again.
            let dead = t.entries[position..].iter().take_while(|e| e.key.is_none()).count();
            t.first += dead;
        }
        drop(t);
        self.changed();
        (key, value)
    }

    /// Position of the last entry.
    pub fn last_position(&self) -> Option<usize> {
        let mut t = self.table.borrow_mut();
        t.drop_tail();
        t.entries.len().checked_sub(1)
    }

    /// The first entry at or after a position: the position behind it, key and value.
    #[inline]
    pub fn next_entry(&self, position: usize) -> Option<(usize, Value, Value)> {
        self.next_with(position, |key, value| (key.clone(), value.clone()))
            .map(|(after, (key, value))| (after, key, value))
    }

    /// The first entry at or after a position: the position behind it, and what is wanted of key and value.
    #[inline]
    pub fn next_with<T>(&self, position: usize, want: impl Fn(&Value, &Value) -> T) -> Option<(usize, T)> {
        let t = self.table.borrow();
        let start = position.max(t.first);
        let at = |(i, e): (usize, &Entry)| e.key.as_ref().map(|key| (start + i + 1, want(key, &e.value)));
        t.entries.get(start..)?.iter().enumerate().find_map(at)
    }

    /// How many entries lie at or after a position.
    pub fn live_from(&self, position: usize) -> usize {
        let t = self.table.borrow();
        if position <= t.first {
            return t.live;
        }
        t.entries.get(position..).map_or(0, |rest| rest.iter().filter(|e| e.key.is_some()).count())
    }

    /// Removes everything.
    pub fn clear_all(&self, heap: &Heap) {
        let old = self.table.take();
        heap.account(old.bytes(), 0);
        self.changed();
        drop(old);
    }

    /// All entries, in order.
    pub fn items(&self) -> Vec<(Value, Value)> {
        self.table.borrow().entries.iter().filter_map(|e| Some((e.key.clone()?, e.value.clone()))).collect()
    }

    /// A copy with the same keys and hashes.
    pub fn copy_into(&self, heap: &Heap, target: &Dict) {
        for i in 0..self.positions() {
            if let Some((hash, k, v)) = self.entry(i) {
                target.insert_new(heap, hash, k, v);
            }
        }
    }
}

impl Drop for Dict {
    fn drop(&mut self) {
        let bytes = self.table.borrow().bytes();
        if bytes > 0 {
            payload_heap(self).account(bytes, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(h: &Heap, d: &Dict, i: i64) {
        d.insert_new(h, i as u64, Value::int_unchecked(i), Value::int_unchecked(i * 10));
    }

    fn find(d: &Dict, i: i64) -> Option<usize> {
        let never = |_: &Value| Ok::<bool, ()>(false);
        d.find(i as u64, &Value::int_unchecked(i), never).unwrap()
    }

    #[test]
    fn a_search_ends_whose_comparisons_add_to_the_table() {
        let h = Heap::new();
        let d = Dict::new(&h);
        d.insert_new(&h, 1, Value::TRUE, Value::NONE);
        d.insert_new(&h, 1, Value::FALSE, Value::NONE);
        let mut compared = 0;
        let found = d.find(1, &Value::ELLIPSIS, |key| {
            compared += 1;
            add(&h, &d, 100 + compared);
            Ok::<bool, ()>(key.is_false())
        });
        assert_eq!((found, compared), (Ok(Some(1)), 2));
        let mut emptied = false;
        let found = d.find(1, &Value::ELLIPSIS, |_| {
            emptied = true;
            d.clear_all(&h);
            Ok::<bool, ()>(true)
        });
        assert_eq!((found, emptied), (Ok(None), true), "what was compared is not there any more");
    }

    fn keys(d: &Dict) -> Vec<i64> {
        d.items().iter().map(|(k, _)| k.as_small_int().unwrap()).collect()
    }

    #[test]
    fn the_order_of_insertion_survives_deletion_and_growth() {
        let h = Heap::new();
        let d = Dict::new(&h);
        for i in 0..1000 {
            add(&h, &d, i * 7);
        }
        for i in (0..1000).step_by(2) {
            d.remove_at(find(&d, i * 7).unwrap());
        }
        for i in 0..3000 {
            add(&h, &d, 100_000 + i);
        }
        let want: Vec<i64> = (0..1000).filter(|i| i % 2 == 1).map(|i| i * 7).chain(100_000..103_000).collect();
        assert_eq!(keys(&d), want);
        assert!(want.iter().all(|&k| find(&d, k).is_some()));
        assert_eq!(find(&d, 14), None);
    }

    #[test]
    fn a_stack_and_a_queue_of_entries_end_their_searches() {
        let h = Heap::new();
        let d = Dict::new(&h);
        add(&h, &d, -1);
        for i in 0..100_000 {
            add(&h, &d, i);
            assert_eq!(d.last_position().map(|p| d.remove_at(p).0.as_small_int()), Some(Some(i)));
            assert_eq!(find(&d, i), None);
        }
        for i in 0..100_000 {
            add(&h, &d, i);
            let (after, key, _) = d.next_entry(0).unwrap();
            d.remove_at(after - 1);
            assert_eq!(key.as_small_int(), Some(i - 1));
        }
        assert_eq!(keys(&d), [99_999]);
        assert!(d.positions() < 64, "deleted entries are squeezed out");
    }

    #[test]
    fn an_emptied_table_gives_its_memory_back() {
        let h = Heap::new();
        let d = Dict::new(&h);
        let before = h.used();
        for i in 0..10_000 {
            add(&h, &d, i);
        }
        assert!(h.used() > before + 100_000);
        while let Some(p) = d.last_position() {
            d.remove_at(p);
        }
        assert_eq!(h.used(), before);
    }
}
