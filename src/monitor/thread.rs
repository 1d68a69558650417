//! Thread states: what a thread is running, and the guard against events from within callbacks.

use std::cell::{Cell, UnsafeCell};
use std::ffi::c_void;
use std::marker::PhantomData;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

use parking_lot::{Mutex, MutexGuard};

use super::callback::CallbackParts;
use super::code::Code;
use super::error::MonitorError;
use super::events::EVENT_COUNT;
use super::ready::Ready;
use super::record::EventRecord;
use super::tool::Monitor;

/// The state of one thread of one monitor, passed to every firing call.
///
/// A host makes one per thread ([`Monitor::new_thread_state`]).  It may move to another thread but is never used by
/// two at once.  Dropping it forgets what it was running.
pub struct ThreadState {
    pub(super) owner: u64,
    pub(super) shared: Arc<ThreadShared>,
    threads: Threads,
    /// What the callback that runs is told, or the last one was.  Firing writes it, when no callback runs: there is one
    /// event at a time.
    pub(super) record: UnsafeCell<EventRecord>,
    /// The same of events that are fired the short way, by event.
    pub(super) ready: [UnsafeCell<Ready>; EVENT_COUNT],
    // Firing publishes the running callback by plain stores, which is sound for one thread at a time only.
    _not_sync: PhantomData<Cell<()>>,
}

// SAFETY: what the pointers of the record lead to is looked at by callbacks only, which run on the thread that fires.
unsafe impl Send for ThreadState {}

/// The part of a thread state that other threads look at.
pub(super) struct ThreadShared {
    /// The callback that runs, [`HUSHED`], or null.  It is the re-entrancy guard, and it keeps that callback alive.
    pub(super) calling: AtomicPtr<CallbackParts>,
    /// A version at which the thread was seen outside of a callback, and behind which it cannot look any more.
    pub(super) passed: AtomicU64,
    /// Code that is running and whose armed bytes follow every change at once, outermost first.
    running: Mutex<Vec<Arc<Code>>>,
}

/// In the place of the running callback while the host wants no event fired.  Nothing looks behind it.
const HUSHED: *mut CallbackParts = ptr::dangling_mut();

impl ThreadShared {
    pub(super) fn running(&self) -> MutexGuard<'_, Vec<Arc<Code>>> {
        self.running.lock()
    }
}

impl ThreadState {
    /// Whether a callback is running on this thread, or [hushed](ThreadState::hush) code, so that no event fires.
    #[inline]
    pub fn in_callback(&self) -> bool {
        !self.shared.calling.load(Ordering::Relaxed).is_null()
    }

    /// The pointer set by [`set_handle`](ThreadState::set_handle), at first null.
    pub fn handle(&self) -> *mut c_void {
        // SAFETY: the state is not used by two threads at once, and no reference to the field is held.
        unsafe { (*self.record.get()).thread_handle }
    }

    /// Sets the pointer by which the host's users know this thread state.
    pub fn set_handle(&self, handle: *mut c_void) {
        // SAFETY: as above.
        unsafe { (*self.record.get()).thread_handle = handle };
        for ready in &self.ready {
            // SAFETY: as above.
            unsafe { (*ready.get()).record.thread_handle = handle }
        }
    }

    /// Lets no event fire on this thread, for code of the host's language that is none of the program, until
    /// [`unhush`](ThreadState::unhush).  False where none fires already: then that is not to be called.
    pub fn hush(&self) -> bool {
        let anew = !self.in_callback();
        if anew {
            self.shared.calling.store(HUSHED, Ordering::Release);
        }
        anew
    }

    /// Ends what [`hush`](ThreadState::hush) began.
    pub fn unhush(&self) {
        debug_assert!(self.shared.calling.load(Ordering::Relaxed) == HUSHED);
        self.shared.calling.store(ptr::null_mut(), Ordering::Release);
    }

    /// Whether a record, which is not looked at, is one that a callback of this thread has in its hands.
    pub fn is_current(&self, record: *const EventRecord) -> bool {
        let calling = self.shared.calling.load(Ordering::Relaxed);
        let is_ready = |ready: &UnsafeCell<Ready>| {
            // SAFETY: as above.
            let ready = unsafe { &*ready.get() };
            ready.callback == calling && ptr::eq(record, &raw const ready.record)
        };
        let is_called = !calling.is_null() && calling != HUSHED;
        is_called && (ptr::eq(record, self.record.get()) || self.ready.iter().any(is_ready))
    }

    /// How many entered scopes have not been left.
    pub fn depth(&self) -> usize {
        self.shared.running().len()
    }
}

impl Drop for ThreadState {
    fn drop(&mut self) {
        let mut threads = self.threads.lock();
        threads.retain(|thread| !Arc::ptr_eq(thread, &self.shared));
    }
}

/// The live threads of a monitor.  Shared with them, so that either may go first; the lock is taken after the
/// monitor's own.
pub(super) type Threads = Arc<Mutex<Vec<Arc<ThreadShared>>>>;

impl Monitor {
    /// A state for one more thread of this monitor.
    pub fn new_thread_state(&self) -> ThreadState {
        let shared = Arc::new(ThreadShared {
            calling: AtomicPtr::new(ptr::null_mut()),
            passed: AtomicU64::new(self.version()),
            running: Mutex::new(Vec::new()),
        });
        self.threads.lock().push(Arc::clone(&shared));
        ThreadState {
            owner: self.id,
            shared,
            threads: Arc::clone(&self.threads),
            record: UnsafeCell::new(EventRecord::nothing()),
            ready: [const { UnsafeCell::new(Ready::not()) }; EVENT_COUNT],
            _not_sync: PhantomData,
        }
    }

    /// Says that the thread begins to run `code`, and renews the code's arming if needed.  Until the matching
    /// [`exit`](Monitor::exit), a change made by any thread updates the armed bytes at once.  Costs one uncontended
    /// lock.  Patching hosts need no scopes: they get the `changed` hook and call [`renew`](Monitor::renew).
    pub fn enter(&self, thread: &ThreadState, code: &Arc<Code>) -> Result<(), MonitorError> {
        if thread.owner != self.id || code.owner != self.id {
            return Err(MonitorError::WrongMonitor);
        }
        // The push comes first: a change either finds the code in the list, or happened before the lock was
        // taken and is seen as another version here.
        thread.shared.running().push(Arc::clone(code));
        if code.version() != self.version() {
            self.renew(code)?;
        }
        Ok(())
    }

    /// Ends the innermost scope and returns its code; None if there is no scope.
    pub fn exit(&self, thread: &ThreadState) -> Option<Arc<Code>> {
        thread.shared.running().pop()
    }
}
