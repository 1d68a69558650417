//! `tuple`, `list`, `bytes`, `range`, `slice`: data only.

use super::cell::Mut;
use super::header::{Gc, Kind, Object, Ref};
use super::heap::{Heap, OutOfMemory};
use super::types::Type;
use super::value::Value;

/// The payload of `tuple`; its items follow it in memory.
#[repr(C, align(8))]
pub struct Tuple {
    len: usize,
}

// SAFETY: all items are visited.
unsafe impl Object for Tuple {
    const KIND: Kind = Kind::Tuple;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.iter().for_each(visit);
    }
}

impl Tuple {
    pub fn new(heap: &Heap, items: impl IntoIterator<Item = Value, IntoIter: ExactSizeIterator>) -> Ref<Tuple> {
        let (items, types) = (items.into_iter(), heap.types());
        if items.len() == 0 { types.empty_tuple.clone() } else { Tuple::new_of(heap, &types.tuple, items) }
    }

    /// A new one without items, which [`Tuple::new`] gives from then on.
    pub(super) fn empty_of(heap: &Heap, tuple: &Ref<Type>) -> Ref<Tuple> {
        heap.alloc_tail(tuple, Tuple { len: 0 }, 0)
    }

    pub fn new_of(
        heap: &Heap,
        ty: &Ref<Type>,
        items: impl IntoIterator<Item = Value, IntoIter: ExactSizeIterator>,
    ) -> Ref<Tuple> {
        let items = items.into_iter();
        let len = items.len();
        let t = heap.alloc_tail(ty, Tuple { len }, len * 8);
        let mut n = 0;
        for v in items.take(len) {
            // SAFETY: the tail has room for `len` words.
            unsafe { t.tail().add(n).write(v) };
            n += 1;
        }
        for i in n..len {
            // SAFETY: as above; an iterator that promised more leaves None.
            unsafe { t.tail().add(i).write(Value::NONE) };
        }
        t
    }

    fn tail(&self) -> *mut Value {
        (self as *const Tuple as *mut Tuple).wrapping_add(1).cast()
    }

    /// Takes the items out when the payload is dropped.
    pub(super) fn drop_items(&mut self) {
        let tail = self.tail();
        for i in (0..std::mem::take(&mut self.len)).rev() {
            // SAFETY: the tail held `len` initialised words; each is dropped once, here.
            unsafe { std::ptr::drop_in_place(tail.add(i)) }
        }
    }
}

impl Drop for Tuple {
    fn drop(&mut self) {
        self.drop_items();
    }
}

impl std::ops::Deref for Tuple {
    type Target = [Value];
    #[inline(always)]
    fn deref(&self) -> &[Value] {
        // SAFETY: the tail holds `len` initialised words, which never change.
        unsafe { std::slice::from_raw_parts(self.tail(), self.len) }
    }
}

/// The payload of `list`.
#[derive(Default)]
pub struct List {
    pub items: Mut<Vec<Value>>,
}

// SAFETY: all items are visited.
unsafe impl Object for List {
    const KIND: Kind = Kind::List;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.items.borrow().iter().for_each(visit);
    }
    fn clear(&self) {
        let old = self.items.take();
        payload_heap(self).account(old.capacity() * 8, 0);
        drop_backwards(old);
    }
}

impl List {
    pub fn new(heap: &Heap, items: Vec<Value>) -> Ref<List> {
        List::new_of(heap, &heap.types().list, items)
    }

    pub fn new_of(heap: &Heap, ty: &Ref<Type>, items: Vec<Value>) -> Ref<List> {
        heap.account(0, items.capacity() * 8);
        heap.alloc(ty, List { items: Mut::new(items) })
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.items.borrow().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline(always)]
    pub fn get(&self, i: usize) -> Option<Value> {
        self.items.borrow().get(i).cloned()
    }

    /// Appends; Err where the buffer would have to grow beyond the memory ceiling or what the system gives.
    #[inline]
    pub fn push(&self, heap: &Heap, v: Value) -> Result<(), OutOfMemory> {
        let mut items = self.items.borrow_mut();
        if items.len() == items.capacity() {
            grow(heap, &mut items, 1)?;
        }
        items.push(v);
        Ok(())
    }

    /// Appends several; Err as for [`List::push`].
    pub fn append_all(&self, heap: &Heap, more: Vec<Value>) -> Result<(), OutOfMemory> {
        let mut items = self.items.borrow_mut();
        if items.capacity() - items.len() < more.len() {
            grow(heap, &mut items, more.len())?;
        }
        items.extend(more);
        Ok(())
    }

    /// Changes the buffer as a whole and keeps the ledger right; what `f` takes out must be returned, so that it is
    /// dropped after the borrow has ended.
    pub fn edit<T>(&self, heap: &Heap, f: impl FnOnce(&mut Vec<Value>) -> T) -> T {
        let mut items = self.items.borrow_mut();
        let old = items.capacity();
        let result = f(&mut items);
        let new = items.capacity();
        drop(items);
        if old != new {
            heap.account(old * 8, new * 8);
        }
        result
    }

    pub fn to_vec(&self) -> Vec<Value> {
        self.items.borrow().clone()
    }
}

/// Makes room for `more` items, at least doubling; old and new buffer are there together for a moment.
#[cold]
fn grow(heap: &Heap, items: &mut Vec<Value>, more: usize) -> Result<(), OutOfMemory> {
    let old = items.capacity();
    let new = items.len().saturating_add(more).max(old.saturating_mul(2));
    heap.check(new.saturating_mul(8))?;
    items.try_reserve(more).map_err(|_| OutOfMemory)?;
    heap.account(old * 8, items.capacity() * 8);
    Ok(())
}

impl Drop for List {
    fn drop(&mut self) {
        let items = self.items.take();
        if items.capacity() > 0 {
            payload_heap(self).account(items.capacity() * 8, 0);
            drop_backwards(items);
        }
    }
}

/// Gives up what a list or tuple held from the last item to the first, as CPython does: finalizers can tell.
pub fn drop_backwards(mut items: Vec<Value>) {
    while items.pop().is_some() {}
}

/// The heap of the object whose payload this is, for payloads that are being dropped.
pub(super) fn payload_heap<T: Object>(data: &T) -> &Heap {
    // SAFETY: payloads of this type are only made by `Heap::alloc`, so a header lies in front, and it is intact while
    // the payload is dropped.
    unsafe { &(*((data as *const T).cast::<u8>().sub(std::mem::offset_of!(Gc<T>, data)).cast::<Gc<T>>())).header }
        .heap()
}

/// The payload of `bytes`.
pub struct Bytes {
    pub data: Box<[u8]>,
}

// SAFETY: bytes own no values.
unsafe impl Object for Bytes {
    const KIND: Kind = Kind::Bytes;
    const CONTAINER: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
}

impl Bytes {
    pub fn new(heap: &Heap, data: impl Into<Box<[u8]>>) -> Ref<Bytes> {
        Bytes::new_of(heap, &heap.types().bytes, data)
    }

    pub fn new_of(heap: &Heap, ty: &Ref<Type>, data: impl Into<Box<[u8]>>) -> Ref<Bytes> {
        let data = data.into();
        heap.account(0, data.len());
        heap.alloc(ty, Bytes { data })
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        payload_heap(self).account(self.data.len(), 0);
    }
}

/// The payload of `range`: three ints of any size.
pub struct Range {
    pub start: Value,
    pub stop: Value,
    pub step: Value,
}

// SAFETY: all references are visited.
unsafe impl Object for Range {
    const KIND: Kind = Kind::Range;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        [&self.start, &self.stop, &self.step].into_iter().for_each(visit);
    }
}

impl Range {
    /// Start, stop and step where all are small (step is never 0).
    pub fn small(&self) -> Option<(i64, i64, i64)> {
        Some((self.start.as_small_int()?, self.stop.as_small_int()?, self.step.as_small_int()?))
    }
}

/// The payload of `slice`.
pub struct Slice {
    pub start: Value,
    pub stop: Value,
    pub step: Value,
}

// SAFETY: all references are visited.
unsafe impl Object for Slice {
    const KIND: Kind = Kind::Slice;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        [&self.start, &self.stop, &self.step].into_iter().for_each(visit);
    }
}
