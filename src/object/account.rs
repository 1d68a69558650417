//! How a payload tells the ledger of the memory that it has outside of its cell.

use std::cell::Cell;
use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};

use super::cell::{Borrow, BorrowMut, Mut};
use super::heap::{Heap, OutOfMemory};
use super::opaque::Trace;
use super::value::Value;

/// What one payload has reported; it is given back when the payload dies.
///
/// Most payloads keep their buffer in a [`Counted`], which does the reporting; one that has another kind of memory asks
/// [`grow`](Account::grow) before it takes more, and says with [`set`](Account::set) what it takes afterwards.
pub struct Account {
    bytes: Cell<usize>,
    heap: *const Heap,
}

impl Account {
    pub fn new(heap: &Heap) -> Account {
        Account { bytes: Cell::new(0), heap }
    }

    fn heap(&self) -> &Heap {
        // SAFETY: a heap outlives its objects, and payloads with accounts live in objects.
        unsafe { &*self.heap }
    }

    /// Asks whether a buffer may grow by so many bytes.
    pub fn grow(&self, more: usize) -> Result<(), OutOfMemory> {
        self.heap().check(more)
    }

    /// What the payload takes now, in bytes.
    pub fn set(&self, bytes: usize) {
        self.heap().account(self.bytes.replace(bytes), bytes);
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        self.set(0);
    }
}

/// A collection whose capacity is memory.
pub trait Buffer: Default {
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    fn capacity(&self) -> usize;
    /// Bytes of an item.
    const ITEM: usize;
}

impl<T> Buffer for Vec<T> {
    fn len(&self) -> usize {
        self.len()
    }
    fn capacity(&self) -> usize {
        self.capacity()
    }
    const ITEM: usize = std::mem::size_of::<T>();
}

impl<T> Buffer for VecDeque<T> {
    fn len(&self) -> usize {
        self.len()
    }
    fn capacity(&self) -> usize {
        self.capacity()
    }
    const ITEM: usize = std::mem::size_of::<T>();
}

/// A buffer of a payload; whatever changes it is reported to the ledger.
pub struct Counted<B: Buffer> {
    buffer: Mut<B>,
    account: Account,
}

impl<B: Buffer> Counted<B> {
    pub fn new(heap: &Heap, buffer: B) -> Counted<B> {
        let counted = Counted { buffer: Mut::new(buffer), account: Account::new(heap) };
        counted.report();
        counted
    }

    fn report(&self) {
        self.account.set(self.buffer.borrow().capacity().saturating_mul(B::ITEM));
    }

    pub fn borrow(&self) -> Borrow<'_, B> {
        self.buffer.borrow()
    }

    /// The buffer, to be changed; what it takes is reported when the borrow ends.
    pub fn borrow_mut(&self) -> Change<'_, B> {
        Change { buffer: Some(self.buffer.borrow_mut()), of: self }
    }

    /// Stores a buffer; the old one is given back, to be dropped after the borrow has ended.
    pub fn replace(&self, buffer: B) -> B {
        let old = self.buffer.replace(buffer);
        self.report();
        old
    }

    pub fn take(&self) -> B {
        self.replace(B::default())
    }

    /// Asks whether `more` items may be added; a buffer that must move for them is there twice for a moment.
    pub fn ask(&self, more: usize) -> Result<(), OutOfMemory> {
        let buffer = self.buffer.borrow();
        let needed = buffer.len().checked_add(more).ok_or(OutOfMemory)?;
        if needed <= buffer.capacity() {
            return Ok(());
        }
        let new = needed.max(buffer.capacity().saturating_mul(2));
        self.account.grow(new.checked_mul(B::ITEM).ok_or(OutOfMemory)?)
    }
}

impl<B: Buffer + Trace> Trace for Counted<B> {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.buffer.trace(visit);
    }
}

/// A buffer that is being changed.
pub struct Change<'a, B: Buffer> {
    /// None while it is dropped.
    buffer: Option<BorrowMut<'a, B>>,
    of: &'a Counted<B>,
}

impl<B: Buffer> Deref for Change<'_, B> {
    type Target = B;
    fn deref(&self) -> &B {
        match &self.buffer {
            Some(buffer) => buffer,
            None => unreachable!("it is there until this is dropped"),
        }
    }
}

impl<B: Buffer> DerefMut for Change<'_, B> {
    fn deref_mut(&mut self) -> &mut B {
        match &mut self.buffer {
            Some(buffer) => buffer,
            None => unreachable!("it is there until this is dropped"),
        }
    }
}

impl<B: Buffer> Drop for Change<'_, B> {
    fn drop(&mut self) {
        self.buffer = None;
        self.of.report();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_reported_is_in_the_ledger_until_the_account_goes() {
        let heap = Heap::new();
        let before = heap.used();
        let account = Account::new(&heap);
        account.set(1000);
        account.set(300);
        assert_eq!(heap.used(), before + 300);
        heap.set_ceiling(before + 400);
        assert!(account.grow(100).is_ok() && account.grow(101).is_err());
        drop(account);
        assert_eq!(heap.used(), before);
    }

    #[test]
    fn a_buffer_that_is_changed_reports_itself() {
        let heap = Heap::new();
        let before = heap.used();
        let items = Counted::new(&heap, vec![0u64; 4]);
        assert_eq!(heap.used(), before + 32);
        items.borrow_mut().extend([1; 96]);
        assert!(heap.used() >= before + 800);
        assert_eq!(items.take().len(), 100);
        assert_eq!(heap.used(), before);
        heap.set_ceiling(before + 64);
        assert_eq!((items.ask(8), items.ask(9)), (Ok(()), Err(OutOfMemory)));
    }
}
