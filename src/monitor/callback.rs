//! Callbacks: function, user pointer, drop function.

use std::ffi::c_void;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::record::{Action, EventRecord};
use super::user::{DropFn, UserPointer};

/// What a callback's function looks like.  The record is borrowed for the call.
pub type CallbackFn = unsafe extern "C" fn(record: *const EventRecord, user: *mut c_void) -> Action;

/// A registered or registrable callback; clones are the same callback.
///
/// It lives as long as it is registered, running on any thread, or held by a clone.  Its drop function runs once,
/// after the last of these, on the thread that ends it and never under a lock of the monitor.
#[derive(Clone)]
pub struct Callback(Arc<CallbackParts>);

pub(super) struct CallbackParts {
    pub(super) func: CallbackFn,
    pub(super) user: UserPointer,
    /// Made by [`Callback::from_host`].
    pub(super) is_host: bool,
}

impl Callback {
    /// A callback from its three parts.
    ///
    /// # Safety
    /// Until `drop` has been called (or for ever without one), `func` may be called with `user` on any thread that
    /// fires events, also on several at once; `drop` may be called with it on any thread; neither unwinds.
    pub unsafe fn from_raw(func: CallbackFn, user: *mut c_void, drop: Option<DropFn>) -> Callback {
        // SAFETY: the caller's promise.
        let user = unsafe { UserPointer::new(user, drop) };
        Callback(Arc::new(CallbackParts { func, user, is_host: false }))
    }

    /// The same for a function of the host's user, who can be told of it ([`Callback::is_host`]).
    ///
    /// # Safety
    /// As for [`Callback::from_raw`].
    pub unsafe fn from_host(func: CallbackFn, user: *mut c_void, drop: Option<DropFn>) -> Callback {
        // SAFETY: the caller's promise.
        let user = unsafe { UserPointer::new(user, drop) };
        Callback(Arc::new(CallbackParts { func, user, is_host: true }))
    }

    /// Whether the callback was made by [`Callback::from_host`].
    pub fn is_host(&self) -> bool {
        self.0.is_host
    }

    /// Gives `user` back, because what should have taken it failed: the drop function never runs.
    pub fn disown(&self) {
        self.0.user.disown();
    }

    /// A callback from a closure.  A panic in it counts as [`Action::ERROR`].
    pub fn from_fn<F>(f: F) -> Callback
    where
        F: Fn(&EventRecord) -> Action + Send + Sync + 'static,
    {
        unsafe extern "C" fn call<F: Fn(&EventRecord) -> Action>(
            record: *const EventRecord,
            user: *mut c_void,
        ) -> Action {
            // SAFETY: `user` is the box made below, which lives until `free`; the record is borrowed for the call.
            let (f, record) = unsafe { (&*user.cast::<F>(), &*record) };
            catch_unwind(AssertUnwindSafe(|| f(record))).unwrap_or(Action::ERROR)
        }
        unsafe extern "C" fn free<F>(user: *mut c_void) {
            // SAFETY: `user` is the box made below, and drop functions run once.
            let f = unsafe { Box::from_raw(user.cast::<F>()) };
            // Nobody is there to tell; a panic must not cross the C boundary.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(f)));
        }
        let user = Box::into_raw(Box::new(f)).cast();
        // SAFETY: `F` is Send and Sync, and neither function unwinds.
        unsafe { Callback::from_raw(call::<F>, user, Some(free::<F>)) }
    }

    /// The function.
    pub fn func(&self) -> CallbackFn {
        self.0.func
    }

    /// The user pointer; valid as long as this callback is.
    pub fn user(&self) -> *mut c_void {
        self.0.user.get()
    }

    /// The address that stands for the callback in the monitor's table, carrying one count.
    pub(super) fn into_slot(self) -> *mut CallbackParts {
        Arc::into_raw(self.0).cast_mut()
    }

    /// Takes back the count of a table entry.
    ///
    /// # Safety
    /// `slot` came from `into_slot` and is taken back once.
    pub(super) unsafe fn from_slot(slot: *mut CallbackParts) -> Option<Callback> {
        if slot.is_null() {
            return None;
        }
        // SAFETY: the caller's promise.
        Some(Callback(unsafe { Arc::from_raw(slot) }))
    }

    pub(super) fn is_slot(&self, slot: *const CallbackParts) -> bool {
        std::ptr::eq(Arc::as_ptr(&self.0), slot)
    }
}

impl PartialEq for Callback {
    /// Identity: the same registration object, not merely the same function.
    fn eq(&self, other: &Callback) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Callback {}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Callback({:p}, {:p})", self.0.func, self.0.user.get())
    }
}
