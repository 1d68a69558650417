//! Tools: ids, names and event sets.

use std::ffi::c_char;

use super::arguments::{Out, copy_text, text};
use super::code::execmon_code;
use super::error::execmon_error;
use super::guard::{Failure, call};
use super::handle::pin;
use super::monitor::{execmon_monitor, failure};
use super::status::*;
use crate::monitor;

/// The tool id suggested for debuggers.
pub const EXECMON_DEBUGGER_ID: i32 = 0;
/// The tool id suggested for coverage tools.
pub const EXECMON_COVERAGE_ID: i32 = 1;
/// The tool id suggested for profilers.
pub const EXECMON_PROFILER_ID: i32 = 2;
/// The tool id suggested for optimizers.
pub const EXECMON_OPTIMIZER_ID: i32 = 5;

const _: () = assert!(EXECMON_DEBUGGER_ID == monitor::DEBUGGER_ID && EXECMON_COVERAGE_ID == monitor::COVERAGE_ID);
const _: () = assert!(EXECMON_PROFILER_ID == monitor::PROFILER_ID && EXECMON_OPTIMIZER_ID == monitor::OPTIMIZER_ID);

/// Takes a tool id, 0 to 5, into use under a name, which is copied.
///
/// Any thread.  Fails with EXECMON_STATUS_VALUE if the id is not in 0 to 5 or is in use.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_use_tool_id(
    monitor: *mut execmon_monitor,
    tool: i32,
    name: *const c_char,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let monitor = pin(monitor)?;
        // SAFETY: the contract of the header.
        let name = unsafe { text(name, "the name")? };
        monitor.core().use_tool_id(tool, name).map_err(failure)
    })
}

/// Copies the name of a tool to `buffer` as snprintf does: at most `capacity - 1` bytes, whole characters, and a NUL.
/// `*length` (if not NULL) gets the length of the whole name.  `buffer` may be NULL if `capacity` is 0.
///
/// Any thread.  Fails with EXECMON_STATUS_VALUE if the id is not in 0 to 5, EXECMON_STATUS_END if it is not in use.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_get_tool(
    monitor: *const execmon_monitor,
    tool: i32,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let name = pin(monitor)?.core().get_tool(tool).map_err(failure)?;
        let unused = || Failure::new(EXECMON_STATUS_END, format!("tool {tool} is not in use"));
        // SAFETY: the contract of the header.
        unsafe { copy_text(&name.ok_or_else(unused)?, buffer, capacity, length) }
    })
}

/// Removes all callbacks, global and local events and disabled locations of a tool; its name stays.  An id that is
/// not in use is no error.
///
/// Any thread, also from a callback of this tool.  Fails with EXECMON_STATUS_VALUE if the id is not in 0 to 5.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_clear_tool_id(
    monitor: *mut execmon_monitor,
    tool: i32,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || pin(monitor)?.core().clear_tool_id(tool).map_err(failure))
}

/// Clears a tool as execmon_clear_tool_id does and releases its id.
///
/// Any thread, also from a callback of this tool.  Fails with EXECMON_STATUS_VALUE if the id is not in 0 to 5.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_free_tool_id(
    monitor: *mut execmon_monitor,
    tool: i32,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || pin(monitor)?.core().free_tool_id(tool).map_err(failure))
}

/// Sets the global events of a tool, replacing those before; takes effect at the next instruction of running code.
///
/// `events` is a union of EXECMON_EVENT_*.  EXECMON_EVENT_BRANCH reads back as its two sides.  EXECMON_EVENT_C_RETURN and
/// EXECMON_EVENT_C_RAISE come together and with EXECMON_EVENT_CALL only, and are not stored: they follow CALL.
///
/// Any thread.  Fails with EXECMON_STATUS_VALUE (tool id, tool not in use, unknown events, C_RETURN or C_RAISE alone),
/// EXECMON_STATUS_OVERFLOW (`events` does not fit an int).
#[unsafe(no_mangle)]
pub extern "C" fn execmon_set_events(
    monitor: *mut execmon_monitor,
    tool: i32,
    events: i64,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || pin(monitor)?.core().set_events(tool, events).map_err(failure))
}

/// The global events of a tool: `*events` gets their bits, none if the id is not in use.
///
/// Any thread.  Fails with EXECMON_STATUS_VALUE if the id is not in 0 to 5.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_get_events(
    monitor: *const execmon_monitor,
    tool: i32,
    events: *mut i64,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(events, "events")? };
        out.set(pin(monitor)?.core().get_events(tool).map_err(failure)?.0.into());
        Ok(())
    })
}

/// Sets the events of a tool for one code object, replacing those before.  They add to the tool's global events.
///
/// Any thread.  Fails as execmon_set_events does, with EXECMON_STATUS_VALUE also for events that can only be set
/// globally (RAISE, EXCEPTION_HANDLED, PY_UNWIND, PY_THROW, RERAISE), and with EXECMON_STATUS_FOREIGN if the code belongs
/// to another monitor.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_set_local_events(
    monitor: *mut execmon_monitor,
    tool: i32,
    code: *const execmon_code,
    events: i64,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let (monitor, code) = (pin(monitor)?, pin(code)?.core()?);
        monitor.core().set_local_events(tool, &code, events).map_err(failure)
    })
}

/// The events of a tool for one code object: `*events` gets their bits, without the global ones.
///
/// Any thread.  Fails with EXECMON_STATUS_VALUE if the id is not in 0 to 5, EXECMON_STATUS_FOREIGN if the code belongs to
/// another monitor.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_get_local_events(
    monitor: *const execmon_monitor,
    tool: i32,
    code: *const execmon_code,
    events: *mut i64,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(events, "events")? };
        let (monitor, code) = (pin(monitor)?, pin(code)?.core()?);
        out.set(monitor.core().get_local_events(tool, &code).map_err(failure)?.0.into());
        Ok(())
    })
}
