//! How a payload tells the ledger of the memory that it has outside of its cell.

use std::cell::Cell;

use super::heap::{Heap, OutOfMemory};

/// What one payload has reported; it is given back when the payload dies.
///
/// A payload that owns a buffer has one, asks [`grow`](Account::grow) before the buffer grows, and says with
/// [`set`](Account::set) what it takes afterwards.
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
}
