//! Events: their names, and the record that a callback gets.

use std::ffi::{CString, c_char, c_void};
use std::ptr;

use once_cell::race::OnceBox;

use super::arguments::{Out, text};
use super::code::execmon_code;
use super::error::execmon_error;
use super::guard::{Failure, call, get};
use super::monitor::execmon_monitor;
use super::status::*;
use super::thread::execmon_thread;
use crate::monitor::{self, Event};

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
    /// Offset of the location.
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
/// not exactly one event's bit.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_event_name(event: i64) -> *const c_char {
    get(ptr::null(), || {
        let name = if event.count_ones() == 1 { names().get(event.trailing_zeros() as usize) } else { None };
        Ok(name.map_or(ptr::null(), |name| name.as_ptr()))
    })
}

/// The event of a documented name: `*event` gets its bit.  Fails with EXECMON_STATUS_VALUE if there is none.
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
