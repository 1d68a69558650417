//! Events: their names, and the record that a callback gets.

use std::ffi::{CString, c_char, c_void};
use std::ptr;

use once_cell::race::OnceBox;

use super::arguments::{Out, text};
use super::callback::record_of;
use super::code::execmon_code;
use super::error::execmon_error;
use super::guard::{Failure, call, get};
use super::handle::pin;
use super::interp::enter_core;
use super::monitor::execmon_monitor;
use super::status::*;
use super::thread::execmon_thread;
use super::value::execmon_value;
use crate::monitor::{self, Event, EventRecord, MISSING};
use crate::runtime::embed::Value;

/// No line: a location that has none.  Every negative line means the same.
pub const EXECMON_NO_LINE: i32 = -1;
/// No offset: the destination of an event that has none.
pub const EXECMON_NO_OFFSET: u32 = u32::MAX;
/// No location: a destination that there is none of, or that is to be taken from the table.
pub const EXECMON_NO_LOCATION: u32 = u32::MAX;

const _: () = assert!(EXECMON_NO_LINE == monitor::NO_LINE);
const _: () = assert!(EXECMON_NO_OFFSET == monitor::NO_OFFSET);
const _: () = assert!(EXECMON_NO_LOCATION == monitor::NO_LOCATION);

/// What a callback is told.  Borrowed for the call, with everything in it.  Grows only at its end: test `size` before
/// you read a field that was added after the first version.
#[repr(C)]
pub struct execmon_event {
    /// Size of this record in bytes.
    pub size: u32,
    /// The event: one of EXECMON_EVENT_*.  A callback registered for EXECMON_EVENT_BRANCH sees the side.
    pub event: u32,
    /// The tool that is called, 0 to 5.
    pub tool: i32,
    /// Index of the location in the code's table.
    pub location: u32,
    /// Offset of the location, in the units of its table.
    pub offset: u32,
    /// Line of the location, negative for none.
    pub line: i32,
    /// Offset of the destination (JUMP, BRANCH_LEFT, BRANCH_RIGHT), or EXECMON_NO_OFFSET.
    pub destination_offset: u32,
    /// Line of the destination, negative for none.
    pub destination_line: i32,
    /// The code.  The same code has the same handle in every event, and no other code ever gets it.
    pub code: *mut execmon_code,
    /// The thread state that fired; NULL for a Python interpreter's own.
    pub thread: *mut execmon_thread,
    /// The monitor.
    pub monitor: *mut execmon_monitor,
    /// What is called (CALL, C_RETURN, C_RAISE), else NULL.  This and the two below are the host's own pointers; for
    /// the events of a Python interpreter they are NULL or &EXECMON_MISSING, see execmon_event_value.
    pub callable: *const c_void,
    /// The first argument or &EXECMON_MISSING (CALL, C_RETURN, C_RAISE), else NULL.
    pub arg0: *const c_void,
    /// The value returned or yielded, the exception, or the result of C_RETURN, else NULL.
    pub value: *const c_void,
}

/// The names as C strings, by bit.
fn names() -> &'static [CString] {
    static NAMES: OnceBox<Vec<CString>> = OnceBox::new();
    NAMES.get_or_init(|| Box::new(Event::ALL.iter().map(|e| super::arguments::c_text(e.name())).collect()))
}

/// The documented name of an event, such as "PY_START" for EXECMON_EVENT_PY_START.  Never freed.  NULL if `event` is
/// not exactly one event's bit.  Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_event_name(event: i64) -> *const c_char {
    get(ptr::null(), || {
        let name = if event.count_ones() == 1 { names().get(event.trailing_zeros() as usize) } else { None };
        Ok(name.map_or(ptr::null(), |name| name.as_ptr()))
    })
}

/// The event of a documented name: `*event` gets its bit.
///
/// Any thread.  Fails with EXECMON_STATUS_VALUE if there is none.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_event_from_name(
    name: *const c_char,
    event: *mut i64,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        // SAFETY: the contract of the header.
        let (name, out) = unsafe { (text(name, "the name")?, Out::required(event, "event")?) };
        let Some(found) = Event::from_name(name) else {
            return Err(Failure::new(EXECMON_STATUS_VALUE, format!("no event is named '{name}'")));
        };
        out.set(found.set().0.into());
        Ok(())
    })
}

/// One of the values of an event of a Python program.
fn value(
    event: *const execmon_event,
    result: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
    part: impl FnOnce(&EventRecord) -> *const c_void,
) -> execmon_status {
    call(error, || {
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(result, "the place for the result")? };
        let stale = || {
            let text = "this is no event of a Python program that a callback of this thread is told of";
            Failure::new(EXECMON_STATUS_HANDLE, text)
        };
        let record = record_of(event).ok_or_else(stale)?;
        // What an interpreter's thread state says is current has its monitor's handle.
        let interp = pin::<execmon_monitor>(record.monitor_handle.cast())?.interp();
        let entered = enter_core(&interp.ok_or_else(stale)?)?;
        let at = part(record);
        if at.is_null() || at == MISSING.as_ptr() {
            return Err(Failure::new(EXECMON_STATUS_END, "the event has no such value"));
        }
        // SAFETY: an interpreter fires with addresses of values that live as long as the callback runs.
        let found = unsafe { &*at.cast::<Value>() }.clone();
        out.set(entered.hold(found)?);
        Ok(())
    })
}

/// What is called, in an event of a Python program: `*callable` gets a new handle.
///
/// In a callback that is given the event, on its thread.  Fails with EXECMON_STATUS_END if the event has none,
/// EXECMON_STATUS_HANDLE outside of the callback, for a copy of the event and for an event of another host.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_event_callable(
    event: *const execmon_event,
    callable: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    value(event, callable, error, |record| record.payload().callable)
}

/// The first argument of a call, in an event of a Python program; as execmon_event_callable.  In a callback that is
/// given the event, on its thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_event_arg0(
    event: *const execmon_event,
    arg0: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    value(event, arg0, error, |record| record.payload().arg0)
}

/// The value returned or yielded, the exception, or the result of a call, in an event of a Python program; as
/// execmon_event_callable.  In a callback that is given the event, on its thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_event_value(
    event: *const execmon_event,
    value: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    self::value(event, value, error, |record| record.payload().value)
}
