//! Interior mutability of payloads: like `RefCell`, but the borrow flag exists in debug builds only.
//!
//! Invariant: no borrow lives across anything that may run Python code or free an object.  Debug builds, in which all
//! tests run, panic where it is broken; release builds pay nothing.

use std::cell::UnsafeCell;
use std::ops::{Deref, DerefMut};

pub struct Mut<T> {
    #[cfg(debug_assertions)]
    state: std::cell::Cell<isize>,
    value: UnsafeCell<T>,
}

impl<T> Mut<T> {
    pub const fn new(value: T) -> Mut<T> {
        Mut {
            #[cfg(debug_assertions)]
            state: std::cell::Cell::new(0),
            value: UnsafeCell::new(value),
        }
    }

    #[inline(always)]
    pub fn borrow(&self) -> Borrow<'_, T> {
        #[cfg(debug_assertions)]
        {
            assert!(self.state.get() >= 0, "a payload is read while it is changed");
            self.state.set(self.state.get() + 1);
        }
        Borrow(self)
    }

    #[inline(always)]
    pub fn borrow_mut(&self) -> BorrowMut<'_, T> {
        #[cfg(debug_assertions)]
        {
            assert!(self.state.get() == 0, "a payload is changed while it is read");
            self.state.set(-1);
        }
        BorrowMut(self)
    }

    pub fn replace(&self, value: T) -> T {
        std::mem::replace(&mut *self.borrow_mut(), value)
    }

    /// For the VM's hot paths.
    #[inline(always)]
    pub fn as_ptr(&self) -> *mut T {
        self.value.get()
    }
}

impl<T: Default> Mut<T> {
    pub fn take(&self) -> T {
        self.replace(T::default())
    }
}

impl<T: Default> Default for Mut<T> {
    fn default() -> Mut<T> {
        Mut::new(T::default())
    }
}

impl<T: Clone> Mut<T> {
    #[inline(always)]
    pub fn get(&self) -> T {
        self.borrow().clone()
    }
}

impl<T> Mut<T> {
    /// Stores a value; the old one is dropped after the borrow has ended.
    #[inline(always)]
    pub fn set(&self, value: T) {
        drop(self.replace(value));
    }
}

pub struct Borrow<'a, T>(&'a Mut<T>);
pub struct BorrowMut<'a, T>(&'a Mut<T>);

impl<T> Deref for Borrow<'_, T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: no exclusive borrow is alive (checked in debug builds, the module's invariant in release builds).
        unsafe { &*self.0.value.get() }
    }
}

impl<T> Deref for BorrowMut<'_, T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: this is the only borrow (as above).
        unsafe { &*self.0.value.get() }
    }
}

impl<T> DerefMut for BorrowMut<'_, T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: this is the only borrow (as above).
        unsafe { &mut *self.0.value.get() }
    }
}

#[cfg(debug_assertions)]
impl<T> Drop for Borrow<'_, T> {
    fn drop(&mut self) {
        self.0.state.set(self.0.state.get() - 1);
    }
}

#[cfg(debug_assertions)]
impl<T> Drop for BorrowMut<'_, T> {
    fn drop(&mut self) {
        self.0.state.set(0);
    }
}
