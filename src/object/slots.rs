//! Memory for the slots of instances: buffers of a few value words, out of pages of their own.
//!
//! The collector does not look at these pages: a buffer belongs to one object, which shows what is in it.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::{Cell, UnsafeCell};

use super::value::Value;

/// Words of the smallest buffers; each next class has twice as many.
const SMALLEST: usize = 4;
const CLASSES: usize = 4;
/// Bytes of a page.
const PAGE: usize = 16 * 1024;

/// A buffer that is not in use; it holds the next one of its size.
struct Free(*mut Free);

/// The buffers of one heap, which does the accounting.
pub(super) struct SlotBuffers {
    free: [Cell<*mut Free>; CLASSES],
    pages: UnsafeCell<Vec<*mut u8>>,
}

/// The class of buffers of `words` words; None for those that get an allocation of their own.
#[inline(always)]
fn class(words: usize) -> Option<usize> {
    debug_assert!(words.is_power_of_two() && words >= SMALLEST);
    let class = words.trailing_zeros() as usize - SMALLEST.trailing_zeros() as usize;
    (class < CLASSES).then_some(class)
}

fn layout(words: usize) -> Layout {
    Layout::array::<Value>(words).expect("a buffer has at most as many words as an object has slots")
}

impl SlotBuffers {
    pub(super) fn new() -> SlotBuffers {
        SlotBuffers { free: [const { Cell::new(std::ptr::null_mut()) }; CLASSES], pages: UnsafeCell::default() }
    }

    /// A buffer of `words` words, which is a power of two from 4 up.  They are not initialised.
    #[inline]
    pub(super) fn take(&self, words: usize) -> *mut Value {
        let Some(class) = class(words) else {
            // SAFETY: the layout is not empty.
            let p = unsafe { alloc(layout(words)) };
            if p.is_null() {
                handle_alloc_error(layout(words));
            }
            return p.cast();
        };
        let mut p = self.free[class].get();
        if p.is_null() {
            p = self.new_page(class, words);
        }
        // SAFETY: a free buffer is unused memory that holds the next one.
        self.free[class].set(unsafe { (*p).0 });
        p.cast()
    }

    /// Gives a buffer back, whose values have been dropped or moved.
    ///
    /// # Safety
    /// `p` came from [`SlotBuffers::take`] with the same number of words, and is not used any more.
    #[inline]
    pub(super) unsafe fn give_back(&self, p: *mut Value, words: usize) {
        match class(words) {
            Some(class) => {
                let p = p.cast::<Free>();
                // SAFETY: by the caller, the buffer is unused memory.
                unsafe { p.write(Free(self.free[class].get())) };
                self.free[class].set(p);
            }
            // SAFETY: allocated by `take` with this layout.
            None => unsafe { dealloc(p.cast(), layout(words)) },
        }
    }

    /// Takes a page into use; its first buffer.
    #[cold]
    fn new_page(&self, class: usize, words: usize) -> *mut Free {
        let size = words * 8;
        // SAFETY: the layout is not empty, and the buffers lie inside of the page.
        unsafe {
            let page = alloc(Layout::from_size_align_unchecked(PAGE, 16));
            if page.is_null() {
                handle_alloc_error(Layout::from_size_align_unchecked(PAGE, 16));
            }
            (*self.pages.get()).push(page);
            let mut next = std::ptr::null_mut();
            for i in (0..PAGE / size).rev() {
                let p = page.add(i * size).cast::<Free>();
                p.write(Free(next));
                next = p;
            }
            self.free[class].set(next);
            next
        }
    }
}

impl Drop for SlotBuffers {
    fn drop(&mut self) {
        for &mut page in self.pages.get_mut() {
            // SAFETY: allocated by `new_page` with this layout; the objects whose buffers lie in it are gone.
            unsafe { dealloc(page, Layout::from_size_align_unchecked(PAGE, 16)) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_do_not_overlap_and_are_used_again() {
        let buffers = SlotBuffers::new();
        let mut all: Vec<(usize, usize)> = Vec::new();
        for words in [4, 8, 16, 32, 64, 128] {
            for _ in 0..600 {
                let p = buffers.take(words);
                // SAFETY: the buffer has that many words.
                unsafe { p.cast::<u64>().write_bytes(0xff, words) };
                all.push((p as usize, words * 8));
            }
        }
        all.sort_unstable();
        assert!(all.windows(2).all(|w| w[0].0 + w[0].1 <= w[1].0));
        for &(p, bytes) in &all {
            // SAFETY: taken above with that size.
            unsafe { buffers.give_back(p as *mut Value, bytes / 8) };
        }
        let pages = || {
            // SAFETY: no borrow of the list lives.
            unsafe { (*buffers.pages.get()).len() }
        };
        let before = pages();
        let again: Vec<_> = (0..600).map(|_| buffers.take(8)).collect();
        assert_eq!(pages(), before);
        for p in again {
            // SAFETY: taken above.
            unsafe { buffers.give_back(p, 8) };
        }
    }
}
