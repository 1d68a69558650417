//! Objects that lend bytes: `bytes`, `bytearray`, `memoryview`.

use std::borrow::Cow;
use std::cell::Cell;

use super::cell::Mut;
use super::header::Ref;
use super::heap::Heap;
use super::opaque::Opaque;
use super::sequence::Bytes;
use super::types::Type;
use super::value::Value;
use crate::opaque_data;

/// The data of `bytearray`.
pub struct ByteArray {
    data: Mut<Vec<u8>>,
    /// Views that are not released: while there are any, the length may not change.
    exports: Cell<usize>,
    heap: *const Heap,
}

opaque_data!(ByteArray {});

impl Drop for ByteArray {
    fn drop(&mut self) {
        // SAFETY: a heap outlives its objects.
        unsafe { &*self.heap }.account(self.data.borrow().capacity(), 0);
    }
}

impl ByteArray {
    /// A new instance of `bytearray` or a subclass of it.
    pub fn value_of(heap: &Heap, class: &Ref<Type>, data: Vec<u8>) -> Value {
        heap.account(0, data.capacity());
        let array = ByteArray { data: Mut::new(data), exports: Cell::new(0), heap };
        heap.alloc(class, Opaque { data: Box::new(array) }).into()
    }

    /// A new `bytearray`.
    pub fn value(heap: &Heap, data: Vec<u8>) -> Value {
        ByteArray::value_of(heap, &heap.types().bytearray, data)
    }

    pub fn len(&self) -> usize {
        self.data.borrow().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, i: usize) -> Option<u8> {
        self.data.borrow().get(i).copied()
    }

    pub fn to_vec(&self) -> Vec<u8> {
        self.data.borrow().clone()
    }

    /// Looks at the bytes; `f` runs no Python code.
    pub fn read<T>(&self, f: impl FnOnce(&[u8]) -> T) -> T {
        f(&self.data.borrow())
    }

    /// Changes the bytes and tells the heap of the memory that this takes; `f` runs no Python code, and keeps the length
    /// where the array [is exported](Self::is_exported).
    pub fn edit<T>(&self, f: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        let mut data = self.data.borrow_mut();
        let old = data.capacity();
        let result = f(&mut data);
        // SAFETY: a heap outlives its objects.
        unsafe { &*self.heap }.account(old, data.capacity());
        result
    }

    /// Whether a view holds the array at its length.
    pub fn is_exported(&self) -> bool {
        self.exports.get() > 0
    }
}

/// How the items of a [`MemoryView`] lie in the bytes of its owner.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The format as the program wrote it (`B`, `@i`), and the code letter of its one item.
    pub format: String,
    pub code: u8,
    pub itemsize: usize,
    /// Where the first item starts, in bytes.
    pub offset: isize,
    pub shape: Vec<usize>,
    /// In bytes.
    pub strides: Vec<isize>,
}

impl Layout {
    /// Items one behind the other.
    pub fn contiguous(format: String, code: u8, itemsize: usize, offset: isize, shape: Vec<usize>) -> Layout {
        let mut strides = vec![0; shape.len()];
        let mut step = itemsize as isize;
        for (stride, &n) in strides.iter_mut().zip(&shape).rev() {
            *stride = step;
            step *= n as isize;
        }
        Layout { format, code, itemsize, offset, shape, strides }
    }

    pub fn count(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether the items lie one behind the other in the order of their indices (C), or in the opposite one (Fortran).
    pub fn is_contiguous(&self, fortran: bool) -> bool {
        if self.count() == 0 {
            return true;
        }
        let mut step = self.itemsize as isize;
        let mut fits = |(&n, &stride): (&usize, &isize)| {
            let fits = n == 1 || stride == step;
            step *= n as isize;
            fits
        };
        let mut axes = self.shape.iter().zip(&self.strides);
        if fortran { axes.all(&mut fits) } else { axes.rev().all(&mut fits) }
    }

    /// Where each item starts, in the order of the indices, the last changing fastest.
    pub fn positions(&self) -> Vec<usize> {
        let mut places = vec![self.offset];
        for (&n, &stride) in self.shape.iter().zip(&self.strides) {
            places = places.iter().flat_map(|&p| (0..n as isize).map(move |i| p + i * stride)).collect();
        }
        places.into_iter().map(|p| p as usize).collect()
    }
}

/// The data of `memoryview`.
pub struct MemoryView {
    /// The `bytes` or `bytearray` whose bytes these are; None once the view is released.
    owner: Mut<Option<Value>>,
    /// What the program made the view of.
    pub source: Mut<Option<Value>>,
    pub layout: Layout,
    pub readonly: bool,
    /// What has the lender told when the last view that holds it is released.
    pub loan: Mut<Option<Value>>,
    /// No other views can be made of this one.
    pub restricted: Cell<bool>,
    /// Remembered by `hash()`.
    pub hash: Cell<Option<u64>>,
    heap: *const Heap,
}

opaque_data!(MemoryView { owner, source, loan });

impl Drop for MemoryView {
    fn drop(&mut self) {
        // SAFETY: a heap outlives its objects.
        if !unsafe { &*self.heap }.is_torn_down() {
            self.release();
        }
    }
}

impl MemoryView {
    /// A new view; `owner` is a `bytes` or `bytearray`, and the layout lies within its bytes.
    pub fn value(heap: &Heap, owner: Value, source: Value, layout: Layout, readonly: bool) -> Value {
        if let Some(array) = owner.opaque::<ByteArray>() {
            array.exports.set(array.exports.get() + 1);
        }
        let view = MemoryView {
            owner: Mut::new(Some(owner)),
            source: Mut::new(Some(source)),
            layout,
            readonly,
            loan: Mut::new(None),
            restricted: Cell::new(false),
            hash: Cell::new(None),
            heap,
        };
        heap.alloc(&heap.types().memoryview, Opaque { data: Box::new(view) }).into()
    }

    /// Another view of the same bytes; None where the view is released or restricted.
    pub fn derive(&self, heap: &Heap, layout: Layout, readonly: bool) -> Option<Value> {
        self.view(heap, layout, readonly, self.loan.get())
    }

    /// Another view of all of it, on a loan of its own.
    pub fn lend(&self, heap: &Heap, loan: Option<Value>) -> Option<Value> {
        self.view(heap, self.layout.clone(), self.readonly, loan)
    }

    fn view(&self, heap: &Heap, layout: Layout, readonly: bool, loan: Option<Value>) -> Option<Value> {
        if self.restricted.get() {
            return None;
        }
        let made = MemoryView::value(heap, self.owner.get()?, self.source.get()?, layout, readonly);
        made.opaque::<MemoryView>()?.loan.set(loan);
        Some(made)
    }

    /// Whether it was made of this object.
    pub fn is_of(&self, o: &Value) -> bool {
        self.source.borrow().as_ref().is_some_and(|s| s.is(o))
    }

    pub fn is_released(&self) -> bool {
        self.owner.borrow().is_none()
    }

    /// Lets the owner go.
    pub fn release(&self) {
        let owner = self.owner.replace(None);
        if let Some(array) = owner.as_ref().and_then(|o| o.opaque::<ByteArray>()) {
            array.exports.set(array.exports.get() - 1);
        }
        let (source, loan) = (self.source.replace(None), self.loan.replace(None));
        drop((owner, source, loan));
    }

    /// Looks at the owner's bytes; None where the view is released.
    pub fn read<T>(&self, f: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let owner = self.owner.get()?;
        match owner.downcast::<Bytes>() {
            Some(b) => Some(f(&b.data)),
            None => owner.opaque::<ByteArray>().map(|array| array.read(f)),
        }
    }

    /// Overwrites bytes of an owner that can be changed, from `at` on; within its length.
    pub fn write(&self, at: usize, bytes: &[u8]) {
        if let Some(owner) = self.owner.get()
            && let Some(array) = owner.opaque::<ByteArray>()
        {
            array.edit(|data| data[at..at + bytes.len()].copy_from_slice(bytes));
        }
    }

    /// The items' bytes in the order of their indices; None where the view is released.
    pub fn to_vec(&self) -> Option<Vec<u8>> {
        let layout = &self.layout;
        self.read(|data| {
            if layout.is_contiguous(false) {
                let start = layout.offset as usize;
                return data[start..start + layout.count() * layout.itemsize].to_vec();
            }
            layout.positions().into_iter().flat_map(|p| data[p..p + layout.itemsize].iter().copied()).collect()
        })
    }
}

impl Value {
    /// The bytes of a bytes-like object, copied where they can change; None where it is none, or a released view.
    pub fn bytes_like(&self) -> Option<Cow<'_, [u8]>> {
        if let Some(b) = self.downcast::<Bytes>() {
            return Some(Cow::Borrowed(&b.data));
        }
        if let Some(array) = self.opaque::<ByteArray>() {
            return Some(Cow::Owned(array.to_vec()));
        }
        self.opaque::<MemoryView>().and_then(|v| v.to_vec()).map(Cow::Owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_know_where_their_items_are() {
        let mut layout = Layout::contiguous("B".into(), b'B', 1, 0, vec![2, 3]);
        assert_eq!(layout.strides, [3, 1]);
        assert_eq!(layout.positions(), [0, 1, 2, 3, 4, 5]);
        assert!(layout.is_contiguous(false) && !layout.is_contiguous(true));
        (layout.offset, layout.strides) = (5, vec![-3, -1]);
        assert_eq!(layout.positions(), [5, 4, 3, 2, 1, 0]);
        assert!(!layout.is_contiguous(false));
    }

    #[test]
    fn a_view_holds_its_array_until_it_is_released() {
        let heap = Heap::new();
        let before = heap.used();
        let array = ByteArray::value(&heap, vec![1, 2, 3]);
        let layout = Layout::contiguous("B".into(), b'B', 1, 1, vec![2]);
        let view = MemoryView::value(&heap, array.clone(), array.clone(), layout, false);
        let array = array.opaque::<ByteArray>().unwrap();
        assert!(array.is_exported());
        let memory = view.opaque::<MemoryView>().unwrap();
        memory.write(2, &[9]);
        assert_eq!(view.bytes_like().as_deref(), Some(&[2, 9][..]));
        memory.release();
        assert!(!array.is_exported() && view.bytes_like().is_none());
        drop(view);
        assert!(heap.used() > before);
    }
}
