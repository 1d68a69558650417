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
}

/// The payload of `set` and `frozenset`.  The order of iteration is that of CPython's set with the same hashes: open
/// addressing, nine linear probes, then a perturbed jump.
#[derive(Default)]
pub struct Set {
    table: Mut<Table>,
    layout: Cell<u32>,
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

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Changes with every insertion, deletion and resize.
    pub fn layout_version(&self) -> u32 {
        self.layout.get()
    }

    fn changed(&self) {
        self.layout.set(self.layout.get().wrapping_add(1));
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
            let layout = self.layout.get();
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
                                reuse.get_or_insert(j);
                                continue;
                            }
                            None => return Ok(Some(Found::Vacant(reuse.unwrap_or(j)))),
                            Some(k) if k.is(key) => return Ok(Some(Found::At(j))),
                            Some(k) if s.hash == hash => k.clone(),
                            Some(_) => continue,
                        }
                    };
                    let same = eq(&candidate)?;
                    if self.layout.get() != layout {
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
        eq: impl FnMut(&Value) -> Result<bool, E>,
    ) -> Result<bool, E> {
        if self.table.borrow().slots.is_empty() {
            self.resize(heap, 8);
        }
        match self.search(hash, &key, eq)? {
            Some(Found::Vacant(i)) => {
                let mut t = self.table.borrow_mut();
                if t.slots[i].hash != DELETED {
                    t.fill += 1;
                }
                t.slots[i] = Slot { hash, key: Some(key) };
                t.used += 1;
                let (fill, used, mask) = (t.fill, t.used, t.slots.len() - 1);
                drop(t);
                self.changed();
                if fill * 5 >= mask * 3 {
                    let want = if used > 50_000 { used * 2 } else { used * 4 };
                    let mut size = 8;
                    while size <= want {
                        size *= 2;
                    }
                    self.resize(heap, size);
                }
                Ok(true)
            }
            _ => Ok(false),
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
                self.changed();
                Ok(old.key)
            }
            _ => Ok(None),
        }
    }

    fn resize(&self, heap: &Heap, size: usize) {
        let mut t = self.table.borrow_mut();
        let old = std::mem::replace(&mut t.slots, vec![Slot::default(); size]);
        let mask = size - 1;
        heap.account(old.len() * 16, size * 16);
        for s in old {
            if s.key.is_none() {
                continue;
            }
            let mut perturb = s.hash;
            let mut i = s.hash as usize & mask;
            'place: loop {
                let probes = if i + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 };
                for j in i..=i + probes {
                    if t.slots[j].key.is_none() {
                        t.slots[j] = s;
                        break 'place;
                    }
                }
                perturb >>= 5;
                i = i.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb as usize) & mask;
            }
        }
        t.fill = t.used;
        drop(t);
        self.changed();
    }

    /// Removes everything.
    pub fn clear_all(&self, heap: &Heap) {
        let old = self.table.take();
        heap.account(old.slots.len() * 16, 0);
        self.changed();
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
