//! Callbacks: function, user pointer, drop function.

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::mem::size_of;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::code::handle_of;
use super::error::execmon_error;
use super::event::execmon_event;
use super::guard::call;
use super::handle::pin;
use super::monitor::{execmon_monitor, failure};
use super::status::*;
use crate::monitor::{Action, Callback, EventRecord, MISSING};

/// What a callback wants: EXECMON_CONTINUE, EXECMON_DISABLE or EXECMON_ERROR.  Any other number counts as EXECMON_ERROR.
pub type execmon_action = c_int;

/// Go on.
pub const EXECMON_CONTINUE: execmon_action = 0;
/// Raise from the monitored instruction.  Tools of lower ids are not called for this event.
pub const EXECMON_ERROR: execmon_action = 2;

const _: () = assert!(EXECMON_CONTINUE == Action::CONTINUE.0 && EXECMON_ERROR == Action::ERROR.0);

/// A tool's callback.  Runs on the thread that fires.  Must return normally: no C++ exception, no longjmp.
pub type execmon_callback =
    Option<unsafe extern "C" fn(event: *const execmon_event, user: *mut c_void) -> execmon_action>;

/// A function of the host with its user pointer; the drop function runs with the last reference.
pub(super) struct Foreign<F> {
    pub func: F,
    pub user: *mut c_void,
    drop: execmon_drop,
    /// False while the host still owns `user`.
    owned: AtomicBool,
}

// SAFETY: the header asks that callbacks can be called and dropped on any thread that fires or changes the monitor;
// the user pointer is only passed on.
unsafe impl<F> Send for Foreign<F> {}
// SAFETY: as above.
unsafe impl<F> Sync for Foreign<F> {}

impl<F> Foreign<F> {
    pub fn new(func: F, user: *mut c_void, drop: execmon_drop) -> Foreign<F> {
        Foreign { func, user, drop, owned: AtomicBool::new(true) }
    }

    /// Gives `user` back to the host, because the call failed that should have taken it: the drop function never runs.
    pub fn disown(&self) {
        self.owned.store(false, Ordering::Relaxed);
    }
}

impl<F> Drop for Foreign<F> {
    fn drop(&mut self) {
        if let Some(drop) = self.drop.filter(|_| *self.owned.get_mut()) {
            // SAFETY: the last reference is gone, so nothing uses `user` any more, and this runs once.
            unsafe { drop(self.user) }
        }
    }
}

type Function = unsafe extern "C" fn(*const execmon_event, *mut c_void) -> execmon_action;

/// A callback of the core that calls one of the host.
fn callback(parts: Arc<Foreign<Function>>) -> Callback {
    unsafe extern "C" fn free(user: *mut c_void) {
        // SAFETY: the count that `from_raw` below was given.
        let parts = unsafe { Arc::from_raw(user.cast::<Foreign<Function>>()) };
        let _ = catch_unwind(AssertUnwindSafe(|| drop(parts)));
    }
    let user = Arc::into_raw(parts).cast_mut().cast();
    // SAFETY: `deliver` and `free` do not unwind, and the header asks the host for the rest.
    unsafe { Callback::from_raw(deliver, user, Some(free)) }
}

/// Passes an event on to the host's function.
unsafe extern "C" fn deliver(record: *const EventRecord, user: *mut c_void) -> Action {
    // SAFETY: the record is borrowed for the call; `user` is the `Foreign` of the callback, which lives as long.
    let (record, parts) = unsafe { (&*record, &*user.cast::<Foreign<Function>>()) };
    let event = catch_unwind(AssertUnwindSafe(|| {
        let code = handle_of(record.code());
        // SAFETY: the thread state that fires lives at least as long as the call.
        let thread = unsafe { (*record.thread).handle() };
        // The values of an interpreter are no pointers that mean something to C; only its states have no handle.
        let shown = |value: *const c_void| {
            if thread.is_null() && value != MISSING.as_ptr() { ptr::null() } else { value }
        };
        execmon_event {
            size: size_of::<execmon_event>() as u32,
            event: record.event().set().0,
            tool: record.tool as i32,
            location: record.location,
            offset: record.offset,
            line: record.line,
            destination_offset: record.destination_offset,
            destination_line: record.destination_line,
            code,
            thread: thread.cast(),
            monitor: record.monitor.cast_mut().cast(),
            callable: shown(record.callable),
            arg0: shown(record.arg0),
            value: shown(record.value),
        }
    }));
    match event {
        Ok(event) => {
            let shown = Shown { event: &event, record, outer: SHOWN.get() };
            SHOWN.set(&shown);
            // Dropped before `shown`.
            let _unshow = Unshow { outer: shown.outer };
            // SAFETY: the function and its user pointer belong together; the record outlives the call.
            Action(unsafe { (parts.func)(&event, parts.user) })
        }
        Err(_) => Action::ERROR,
    }
}

/// An event that a callback of this thread has in its hands, innermost first: how `execmon_event_value` and its like find
/// the values of a Python event, and know that it still is one.
struct Shown {
    event: *const execmon_event,
    record: *const EventRecord,
    outer: *const Shown,
}

thread_local! {
    static SHOWN: Cell<*const Shown> = const { Cell::new(ptr::null()) };
}

/// Takes the innermost event out of the list again.
struct Unshow {
    outer: *const Shown,
}

impl Drop for Unshow {
    fn drop(&mut self) {
        SHOWN.set(self.outer);
    }
}

/// The record of an event that a callback of this thread is being told of.
pub(super) fn record_of<'a>(event: *const execmon_event) -> Option<&'a EventRecord> {
    let mut at = SHOWN.get();
    // SAFETY: the list holds locals of `deliver` on this thread's stack, and the records of their callbacks.
    while let Some(shown) = unsafe { at.as_ref() } {
        if shown.event == event {
            // SAFETY: as above; callers end the borrow before they return to the callback.
            return unsafe { shown.record.as_ref() };
        }
        at = shown.outer;
    }
    None
}

/// The host's function and user pointer, if the callback is one of the host's.
pub(super) fn parts_of(callback: &Callback) -> Option<(execmon_callback, *mut c_void)> {
    if !std::ptr::fn_addr_eq(callback.func(), deliver as crate::monitor::CallbackFn) {
        return None;
    }
    // SAFETY: callbacks with the function `deliver` are made by `callback` above only.
    let parts = unsafe { &*callback.user().cast::<Foreign<Function>>() };
    Some((Some(parts.func), parts.user))
}

/// Registers the callback of a tool for one event, in place of the one before; with `callback` NULL only removes that.
///
/// `event` is one of EXECMON_EVENT_*; EXECMON_EVENT_BRANCH stands for both sides.  The tool id need not be in use.  The
/// audit hook is asked first.  On success the library owns `user` and calls `drop` (if not NULL) with it when the
/// callback has been replaced or removed and runs nowhere any more; on failure, and when `callback` is NULL, `drop` is
/// not called.
///
/// Any thread.  Fails with EXECMON_STATUS_VALUE (tool id, event), EXECMON_STATUS_OVERFLOW (`event` does not fit an int),
/// EXECMON_STATUS_REFUSED.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_register_callback(
    monitor: *mut execmon_monitor,
    tool: i32,
    event: i64,
    callback: execmon_callback,
    user: *mut c_void,
    drop: execmon_drop,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let monitor = pin(monitor)?;
        let parts = callback.map(|func| Arc::new(Foreign::new(func, user, drop)));
        let new = parts.clone().map(self::callback);
        let result = monitor.core().register_callback(tool, event, new);
        if let (Err(_), Some(parts)) = (&result, &parts) {
            parts.disown();
        }
        result.map(std::mem::drop).map_err(failure)
    })
}
