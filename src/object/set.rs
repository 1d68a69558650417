//! `set` and `frozenset`: data only.

use std::cell::Cell;

use super::cell::Mut;
use super::header::{Kind, Object, Ref};
use super::heap::Heap;
use super::types::Type;
use super::value::Value;

/// A slot: empty, or deleted (`key` None, hash not 0), or a key with its hash.
#[derive(Clone, Default)]
struct Slot {
    hash: u64,
    key: Option<Value>,
}

#[derive(Default)]
struct Table {
    slots: Vec<Slot>,
    /// Keys and deleted slots.
    fill: usize,
    used: usize,
    /// Where `pop` goes on.
    finger: usize,
}

impl Table {
    /// Whether the table still has `mask`, and `key` is in slot `i`.
    fn is_at(&self, i: usize, mask: usize, key: &Value) -> bool {
        self.slots.len() == mask + 1 && self.slots[i].key.as_ref().is_some_and(|k| k.is(key))
    }

    /// The size that the table gets before `n` more keys are added, if not its own; by CPython's rule.
    fn size_with(&self, n: usize) -> Option<usize> {
        let mask = self.slots.len().max(8) - 1;
        ((self.fill + n) * 5 >= mask * 3).then(|| size_for((self.used + n) * 2))
    }

    /// Puts a key that is not there into the first slot of its sequence that has none.
    fn place(&mut self, s: Slot) {
        let mask = self.slots.len() - 1;
        let mut perturb = s.hash;
        let mut i = s.hash as usize & mask;
        loop {
            let probes = if i + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 };
            for j in i..=i + probes {
                if self.slots[j].key.is_none() {
                    self.slots[j] = s;
                    return;
                }
            }
            perturb >>= 5;
            i = i.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb as usize) & mask;
        }
    }
}

/// How many keys a table is made for when it is full.
fn grown(used: usize) -> usize {
    if used > 50_000 { used * 2 } else { used * 4 }
}

/// The table size for that many keys: the first power of two above it.
fn size_for(want: usize) -> usize {
    let mut size = 8;
    while size <= want {
        size *= 2;
    }
    size
}

/// The payload of `set` and `frozenset`.  The order of iteration is that of CPython's set with the same hashes: open
/// addressing, nine linear probes, then a perturbed jump.
#[derive(Default)]
pub struct Set {
    table: Mut<Table>,
    /// Of a frozenset, once computed; 0 is not yet.
    pub hash: Cell<u64>,
}

// SAFETY: all keys are visited.
unsafe impl Object for Set {
    const KIND: Kind = Kind::Set;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.table.borrow().slots.iter().filter_map(|s| s.key.as_ref()).for_each(visit);
    }
    fn clear(&self) {
        self.clear_all(super::sequence::payload_heap(self));
    }
}

const LINEAR_PROBES: usize = 9;
const DELETED: u64 = u64::MAX;

/// What a search found.
enum Found {
    At(usize),
    /// Not there; this slot takes the key.
    Vacant(usize),
}

impl Set {
    pub fn new(heap: &Heap, ty: &Ref<Type>) -> Ref<Set> {
        heap.alloc(ty, Set::default())
    }

    pub fn len(&self) -> usize {
        self.table.borrow().used
    }

    /// Whether no slot is taken or deleted, so that another set's slots can be taken over.
    pub fn is_unused(&self) -> bool {
        self.table.borrow().fill == 0
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first key at or after a position, with the position behind it.
    pub fn next(&self, mut position: usize) -> Option<(usize, u64, Value)> {
        let t = self.table.borrow();
        while let Some(s) = t.slots.get(position) {
            position += 1;
            if let Some(k) = &s.key {
                return Some((position, s.hash, k.clone()));
            }
        }
        None
    }

    /// How many keys lie at or after a position.
    pub fn live_from(&self, position: usize) -> usize {
        let t = self.table.borrow();
        t.slots.get(position..).map_or(0, |rest| rest.iter().filter(|s| s.key.is_some()).count())
    }

    /// Keys with their hashes, in order.
    pub fn items(&self) -> Vec<(u64, Value)> {
        self.table.borrow().slots.iter().filter_map(|s| Some((s.hash, s.key.clone()?))).collect()
    }

    fn search<E>(
        &self,
        hash: u64,
        key: &Value,
        mut eq: impl FnMut(&Value) -> Result<bool, E>,
    ) -> Result<Option<Found>, E> {
        'again: loop {
            let mask = {
                let t = self.table.borrow();
                if t.slots.is_empty() {
                    return Ok(None);
                }
                t.slots.len() - 1
            };
            let mut perturb = hash;
            let mut i = hash as usize & mask;
            let mut reuse = None;
            loop {
                let probes = if i + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 };
                for j in i..=i + probes {
                    let candidate = {
                        let t = self.table.borrow();
                        let s = &t.slots[j];
                        match &s.key {
                            None if s.hash == DELETED => {
                                reuse = Some(j);
                                continue;
                            }
                            None => match reuse {
                                // A comparison has taken it.
                                Some(j) if t.slots[j].key.is_some() => continue 'again,
                                _ => return Ok(Some(Found::Vacant(reuse.unwrap_or(j)))),
                            },
                            Some(k) if k.is(key) => return Ok(Some(Found::At(j))),
                            Some(k) if s.hash == hash => k.clone(),
                            Some(_) => continue,
                        }
                    };
                    let same = eq(&candidate)?;
                    // As in a dict, the search goes on where the key that was compared still has its place.
                    if !self.table.borrow().is_at(j, mask, &candidate) {
                        continue 'again;
                    }
                    if same {
                        return Ok(Some(Found::At(j)));
                    }
                }
                perturb >>= 5;
                i = i.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb as usize) & mask;
            }
        }
    }

    /// Whether `key` is in the set; `eq` compares with keys of equal hash.
    pub fn contains<E>(&self, hash: u64, key: &Value, eq: impl FnMut(&Value) -> Result<bool, E>) -> Result<bool, E> {
        Ok(matches!(self.search(hash, key, eq)?, Some(Found::At(_))))
    }

    /// Adds `key`; false if an equal one was there.
    pub fn add<E>(
        &self,
        heap: &Heap,
        hash: u64,
        key: Value,
        mut eq: impl FnMut(&Value) -> Result<bool, E>,
    ) -> Result<bool, E> {
        let found = loop {
            if self.table.borrow().slots.is_empty() {
                self.resize(heap, 8);
            }
            // A comparison can empty the set: then there is no table to add to.
            if let Some(found) = self.search(hash, &key, &mut eq)? {
                break found;
            }
        };
        match found {
            Found::Vacant(i) => {
                let mut t = self.table.borrow_mut();
                let fresh = t.slots[i].hash != DELETED;
                t.fill += usize::from(fresh);
                t.slots[i] = Slot { hash, key: Some(key) };
                t.used += 1;
                let (fill, used, mask) = (t.fill, t.used, t.slots.len() - 1);
                drop(t);
                if fresh && fill * 5 >= mask * 3 {
                    self.resize(heap, size_for(grown(used)));
                }
                Ok(true)
            }
            Found::At(_) => Ok(false),
        }
    }

    /// Removes a key equal to `key` and returns it.
    pub fn remove<E>(
        &self,
        hash: u64,
        key: &Value,
        eq: impl FnMut(&Value) -> Result<bool, E>,
    ) -> Result<Option<Value>, E> {
        match self.search(hash, key, eq)? {
            Some(Found::At(i)) => {
                let mut t = self.table.borrow_mut();
                let old = std::mem::replace(&mut t.slots[i], Slot { hash: DELETED, key: None });
                t.used -= 1;
                drop(t);
                Ok(old.key)
            }
            _ => Ok(None),
        }
    }

    fn resize(&self, heap: &Heap, size: usize) {
        let mut t = self.table.borrow_mut();
        let old = std::mem::replace(&mut t.slots, vec![Slot::default(); size]);
        heap.account(old.len() * 16, size * 16);
        for s in old.into_iter().filter(|s| s.key.is_some()) {
            t.place(s);
        }
        t.fill = t.used;
        drop(t);
    }

    /// Makes room before `n` keys of another set or dict are added, at the points where CPython does.
    pub fn reserve(&self, heap: &Heap, n: usize) {
        let size = self.table.borrow().size_with(n);
        if let Some(size) = size {
            self.resize(heap, size);
        }
    }

    /// Fills an empty set with the keys of another; their places are CPython's.
    pub fn copy_from(&self, heap: &Heap, other: &Set) {
        let o = other.table.borrow();
        let (old, size, finger) = {
            let t = self.table.borrow();
            (t.slots.len(), t.size_with(o.used).unwrap_or(t.slots.len().max(8)), t.finger)
        };
        let mut new = Table { slots: Vec::new(), fill: o.used, used: o.used, finger };
        if size == o.slots.len() && o.fill == o.used {
            new.slots = o.slots.clone();
        } else {
            new.slots = vec![Slot::default(); size];
            for s in o.slots.iter().filter(|s| s.key.is_some()) {
                new.place(s.clone());
            }
        }
        drop(o);
        heap.account(old * 16, size * 16);
        self.table.set(new);
    }

    /// Squeezes deleted slots out where there are many (after a difference in place).
    pub fn shrink(&self, heap: &Heap) {
        let (fill, used, len) = {
            let t = self.table.borrow();
            (t.fill, t.used, t.slots.len())
        };
        if len > 0 && fill - used > (len - 1) / 5 {
            self.resize(heap, size_for(grown(used)));
        }
    }

    /// Takes some key out.
    pub fn pop(&self) -> Option<Value> {
        let mut t = self.table.borrow_mut();
        if t.used == 0 {
            return None;
        }
        let mask = t.slots.len() - 1;
        let mut i = t.finger & mask;
        while t.slots[i].key.is_none() {
            i = (i + 1) & mask;
        }
        let old = std::mem::replace(&mut t.slots[i], Slot { hash: DELETED, key: None });
        t.used -= 1;
        t.finger = i + 1;
        drop(t);
        old.key
    }

    /// Exchanges the keys of two sets.
    pub fn swap(&self, other: &Set) {
        if std::ptr::eq(self, other) {
            return;
        }
        std::mem::swap(&mut *self.table.borrow_mut(), &mut *other.table.borrow_mut());
    }

    /// Removes everything.
    pub fn clear_all(&self, heap: &Heap) {
        let old = self.table.take();
        heap.account(old.slots.len() * 16, 0);
        drop(old);
    }
}

impl Drop for Set {
    fn drop(&mut self) {
        let slots = self.table.borrow().slots.len();
        if slots > 0 {
            super::sequence::payload_heap(self).account(slots * 16, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(i: i64) -> Value {
        Value::int_unchecked(i)
    }

    #[test]
    fn a_search_ends_whose_comparisons_add_to_the_set() {
        let heap = Heap::new();
        let set = Set::new(&heap, &heap.types().set);
        let never = |_: &Value| Ok::<bool, ()>(false);
        for i in [1, 2, 3] {
            assert_eq!(set.add(&heap, 1, number(i), never), Ok(true));
        }
        // The slot of what is removed is the one that the new key would get.
        assert!(set.remove(1, &number(1), never).is_ok_and(|old| old.is_some()));
        let mut compared = 0;
        let added = set.add(&heap, 1, number(4), |_| {
            compared += 1;
            if compared == 1 {
                set.add(&heap, 1, number(5), never)?;
            }
            Ok::<bool, ()>(false)
        });
        assert_eq!((added, set.len()), (Ok(true), 4), "neither key has taken the slot of the other");
        let mut keys: Vec<_> = set.items().iter().filter_map(|(_, key)| key.as_small_int()).collect();
        keys.sort_unstable();
        assert_eq!(keys, [2, 3, 4, 5]);
        assert!(compared < 10);
    }
}
