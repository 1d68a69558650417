//! Callbacks: function, user pointer, drop function.

use std::ffi::{c_int, c_void};
use std::mem::{offset_of, size_of};

use super::error::execmon_error;
use super::event::execmon_event;
use super::guard::call;
use super::handle::pin;
use super::interp::is_current;
use super::monitor::{execmon_monitor, failure};
use super::status::*;
use crate::monitor::{Action, Callback, CallbackFn, EventRecord, UserPointer};

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

/// A function of the host with its user pointer, which is dropped with this.
pub(super) struct Foreign<F> {
    pub func: F,
    pub user: UserPointer,
}

impl<F> Foreign<F> {
    pub fn new(func: F, user: *mut c_void, drop: execmon_drop) -> Foreign<F> {
        // SAFETY: the contract of the header.
        Foreign { func, user: unsafe { UserPointer::new(user, drop) } }
    }
}

// A callback of the host is called with the core's record, whose first part is `execmon_event`.
const _: () = assert!(EventRecord::PUBLIC_SIZE == size_of::<execmon_event>());
const _: () = assert!(offset_of!(EventRecord, bit) == offset_of!(execmon_event, event));
const _: () = assert!(offset_of!(EventRecord, tool) == offset_of!(execmon_event, tool));
const _: () = assert!(offset_of!(EventRecord, location) == offset_of!(execmon_event, location));
const _: () = assert!(offset_of!(EventRecord, offset) == offset_of!(execmon_event, offset));
const _: () = assert!(offset_of!(EventRecord, line) == offset_of!(execmon_event, line));
const _: () = assert!(offset_of!(EventRecord, destination_offset) == offset_of!(execmon_event, destination_offset));
const _: () = assert!(offset_of!(EventRecord, destination_line) == offset_of!(execmon_event, destination_line));
const _: () = assert!(offset_of!(EventRecord, code_handle) == offset_of!(execmon_event, code));
const _: () = assert!(offset_of!(EventRecord, thread_handle) == offset_of!(execmon_event, thread));
const _: () = assert!(offset_of!(EventRecord, monitor_handle) == offset_of!(execmon_event, monitor));
const _: () = assert!(offset_of!(EventRecord, callable) == offset_of!(execmon_event, callable));
const _: () = assert!(offset_of!(EventRecord, arg0) == offset_of!(execmon_event, arg0));
const _: () = assert!(offset_of!(EventRecord, value) == offset_of!(execmon_event, value));

type Function = unsafe extern "C" fn(*const execmon_event, *mut c_void) -> execmon_action;

/// A callback of the core that is the host's function itself.
fn callback(func: Function, user: *mut c_void, drop: execmon_drop) -> Callback {
    // SAFETY: the two types of function are called alike: an event's record begins with an `execmon_event`, and `Action` is
    // an `execmon_action`.
    let func = unsafe { std::mem::transmute::<Function, CallbackFn>(func) };
    // SAFETY: the header asks the host for the rest.
    unsafe { Callback::from_host(func, user, drop) }
}

/// The record of an event that a callback of this thread is being told of by one of its interpreters.
pub(super) fn record_of<'a>(event: *const execmon_event) -> Option<&'a EventRecord> {
    let record = event.cast::<EventRecord>();
    // SAFETY: it is what a thread state of this thread says is current, so a callback further up the stack has it; callers
    // end the borrow before they return to the callback.
    is_current(record).then(|| unsafe { &*record })
}

/// The host's function and user pointer, if the callback is one of the host's.
pub(super) fn parts_of(callback: &Callback) -> Option<(execmon_callback, *mut c_void)> {
    if !callback.is_host() {
        return None;
    }
    // SAFETY: such callbacks are made by `callback` above only.
    let func = unsafe { std::mem::transmute::<CallbackFn, Function>(callback.func()) };
    Some((Some(func), callback.user()))
}

/// Registers the callback of a tool for one event, in place of the one before; with `callback` NULL only removes that.
///
/// `event` is one of EXECMON_EVENT_*.  EXECMON_EVENT_BRANCH stands for both sides: EXECMON_DISABLE from its callback
/// disables both sides of the location, so that the other side is never seen.  Where each side matters, as for branch
/// coverage, register for EXECMON_EVENT_BRANCH_LEFT and EXECMON_EVENT_BRANCH_RIGHT, which are disabled one by one.
///
/// The tool id need not be in use.  The audit hook is asked first.  On success the library owns `user` and calls `drop`
/// (if not NULL) with it when the callback has been replaced or removed and runs nowhere any more; on failure, and when
/// `callback` is NULL, `drop` is not called.
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
        let new = callback.map(|func| self::callback(func, user, drop));
        let result = monitor.core().register_callback(tool, event, new.clone());
        if let (Err(_), Some(new)) = (&result, &new) {
            new.disown();
        }
        result.map(std::mem::drop).map_err(failure)
    })
}
