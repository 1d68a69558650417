//! Weak references: which objects refer weakly to which.
//!
//! An object with weak references has the header flag `WEAKLY_REFERENCED` and an entry in the heap's table.  When it
//! dies, its entry goes first: references are emptied, and those with a callback are handed to the VM, the newest first.
//! Objects that refer weakly take themselves out of the table when they die.

use std::cell::{Cell, RefCell};
use std::ptr::NonNull;

use rustc_hash::FxHashMap;

use super::cell::Mut;
use super::header::{Header, Ref, flags};
use super::heap::Heap;
use super::opaque::{Opaque, OpaqueData};
use super::types::{Type, type_flags};
use super::value::Value;

/// A weak reference in the table.
struct Referrer {
    id: u64,
    address: NonNull<Header>,
    /// A reference or proxy of a built-in class without a callback, which is shared.
    shared: bool,
}

/// Who refers to an object: first the shared reference and proxy, then the others, the newest first (CPython's order).
type Referrers = Vec<Referrer>;

/// The weak references of one heap.
#[derive(Default)]
pub struct WeakTable {
    referrers: RefCell<FxHashMap<NonNull<Header>, Referrers>>,
    next: Cell<u64>,
}

/// The data of `weakref.ref` and of the two kinds of proxies.
pub struct WeakRef {
    id: u64,
    referent: Cell<Option<NonNull<Header>>>,
    callback: Mut<Option<Value>>,
    /// The hash of the referent, once it has been asked for.
    pub hash: Cell<Option<u64>>,
    heap: *const Heap,
}

impl OpaqueData for WeakRef {
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.callback.borrow().iter().for_each(visit);
    }
    fn clear(&self) {
        self.detach();
        let callback = self.callback.replace(None);
        drop(callback);
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

impl Drop for WeakRef {
    fn drop(&mut self) {
        self.detach();
    }
}

impl WeakRef {
    /// A new weak reference of class `class` to `o`, which is a heap object.
    pub fn value_of(heap: &Heap, class: &Ref<Type>, o: &Value, callback: Option<Value>) -> Value {
        let Some(referent) = o.header_ptr() else { return Value::NONE };
        let table = heap.weak();
        let shared = callback.is_none() && !class.has(type_flags::HEAP);
        let id = table.next.get();
        table.next.set(id + 1);
        let data = WeakRef {
            id,
            referent: Cell::new(Some(referent)),
            callback: Mut::new(callback),
            hash: Cell::new(None),
            heap,
        };
        let made: Value = heap.alloc(class, Opaque { data: Box::new(data) }).into();
        if let Some(p) = made.header_ptr() {
            let mut all = table.referrers.borrow_mut();
            let list = all.entry(referent).or_default();
            let first = if shared && class.is(&heap.types().weakref) {
                0
            } else {
                list.iter().take_while(|r| r.shared).count()
            };
            list.insert(first, Referrer { id, address: p, shared });
        }
        if let Some(h) = o.header() {
            h.set_flag(flags::WEAKLY_REFERENCED);
        }
        made
    }

    /// The object, if it lives.
    pub fn get(&self) -> Option<Value> {
        let p = self.referent.get()?;
        // SAFETY: an object that dies empties its weak references before it is freed, so the header is readable.
        let h = unsafe { p.as_ref() };
        if h.count() == 0 {
            return None;
        }
        h.increment();
        // SAFETY: the reference was counted here.
        Some(unsafe { Value::from_bits(p.as_ptr() as u64) })
    }

    /// What is called when the object dies; None afterwards.
    pub fn callback(&self) -> Option<Value> {
        if self.referent.get().is_some() { self.callback.get() } else { None }
    }

    /// Of a reference whose object has died: takes the callback, which is to be called once.
    pub fn take_due_callback(&self) -> Option<Value> {
        if self.referent.get().is_none() { self.callback.replace(None) } else { None }
    }

    /// Forgets the object.
    fn detach(&self) {
        let Some(p) = self.referent.take() else { return };
        // SAFETY: a heap outlives its objects.
        let heap = unsafe { &*self.heap };
        let mut all = heap.weak().referrers.borrow_mut();
        if let Some(list) = all.get_mut(&p) {
            list.retain(|r| r.id != self.id);
            if list.is_empty() {
                all.remove(&p);
            }
        }
    }
}

fn weak_ref(v: &Value) -> Option<&WeakRef> {
    v.opaque::<WeakRef>()
}

impl WeakTable {
    /// The live weak references to an object: the shared ones, then the newest first.
    pub fn referrers(&self, o: &Value) -> Vec<Value> {
        let Some(p) = o.header_ptr() else { return Vec::new() };
        let all = self.referrers.borrow();
        let list = all.get(&p).map_or(&[][..], |l| l);
        list.iter()
            .filter(|r| {
                // SAFETY: a weak reference takes itself out of the table before it is freed.
                unsafe { r.address.as_ref() }.count() > 0
            })
            .map(|r| {
                let r = r.address;
                // SAFETY: as above; the reference is counted here.
                unsafe {
                    r.as_ref().increment();
                    Value::from_bits(r.as_ptr() as u64)
                }
            })
            .collect()
    }

    /// An object dies: empties the references to it.  Gives those that are `wanted` and have a callback, which the VM
    /// is to call.
    pub(super) fn clear(&self, h: NonNull<Header>, wanted: impl Fn(NonNull<Header>) -> bool) -> Vec<Value> {
        let mut due = Vec::new();
        let Some(list) = self.referrers.borrow_mut().remove(&h) else { return due };
        for p in list.into_iter().map(|r| r.address) {
            // SAFETY: as in `referrers`.
            let alive = unsafe { p.as_ref() }.count() > 0;
            // SAFETY: the value is only looked at: it gives up no reference.
            let v = std::mem::ManuallyDrop::new(unsafe { Value::from_bits(p.as_ptr() as u64) });
            let Some(r) = weak_ref(&v) else { continue };
            r.referent.set(None);
            if alive && r.callback.borrow().is_some() && wanted(p) {
                due.push((*v).clone());
            }
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::sequence::List;

    #[test]
    fn a_dying_object_empties_its_references_and_asks_for_callbacks() {
        let heap = Heap::new();
        let class = heap.types().weakref.clone();
        let o: Value = List::new(&heap, vec![]).into();
        let plain = WeakRef::value_of(&heap, &class, &o, None);
        let called = WeakRef::value_of(&heap, &class, &o, Some(Value::TRUE));
        let gone = WeakRef::value_of(&heap, &class, &o, Some(Value::TRUE));
        drop(gone);
        assert_eq!(heap.weak().referrers(&o).len(), 2);
        assert!(weak_ref(&plain).unwrap().get().is_some_and(|v| v.is(&o)));
        drop(o);
        assert!(weak_ref(&plain).unwrap().get().is_none());
        let due = heap.take_pending();
        assert!(due.len() == 1 && due[0].is(&called));
        assert!(weak_ref(&called).unwrap().take_due_callback().is_some_and(|c| c.is_true()));
    }

    #[test]
    fn references_die_with_their_cycle() {
        let heap = Heap::new();
        let class = heap.types().weakref.clone();
        let list = List::new(&heap, vec![]);
        let o: Value = list.to_value();
        let outside = WeakRef::value_of(&heap, &class, &o, Some(Value::TRUE));
        let inside = WeakRef::value_of(&heap, &class, &o, Some(Value::TRUE));
        list.push(&heap, o.clone()).unwrap();
        list.push(&heap, inside).unwrap();
        drop((o, list));
        heap.collect();
        assert!(weak_ref(&outside).unwrap().get().is_none());
        assert_eq!(heap.take_pending().len(), 1, "one reference died with the object");
    }
}
