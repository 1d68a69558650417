//! User pointers: what a host gets back with each call of its functions.

use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, Ordering};

/// Called once with the user pointer when nothing can use it any more.
pub type DropFn = unsafe extern "C" fn(user: *mut c_void);

/// A user pointer with the function that drops it: called once, when this goes, unless it was given back before.
pub struct UserPointer {
    pointer: *mut c_void,
    drop: Option<DropFn>,
    /// False once the pointer has been given back to whoever it came from.
    owned: AtomicBool,
}

// SAFETY: the pointer is only passed on, and whoever gives it promises that its drop function may be called on any thread.
unsafe impl Send for UserPointer {}
// SAFETY: as above.
unsafe impl Sync for UserPointer {}

impl UserPointer {
    /// Takes a pointer over.
    ///
    /// # Safety
    /// `drop` may be called with `pointer` on any thread, and does not unwind.
    pub unsafe fn new(pointer: *mut c_void, drop: Option<DropFn>) -> UserPointer {
        UserPointer { pointer, drop, owned: AtomicBool::new(true) }
    }

    /// The pointer; valid as long as this is.
    #[inline(always)]
    pub fn get(&self) -> *mut c_void {
        self.pointer
    }

    /// Gives the pointer back, because what should have taken it failed: the drop function never runs.
    pub fn disown(&self) {
        self.owned.store(false, Ordering::Relaxed);
    }
}

impl Drop for UserPointer {
    fn drop(&mut self) {
        if let Some(drop) = self.drop.filter(|_| *self.owned.get_mut()) {
            // SAFETY: the promise of `new`; nobody has this any more, and it runs once.
            unsafe { drop(self.pointer) }
        }
    }
}
