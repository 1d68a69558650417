//! Monitors: isolated domains of monitoring.

use std::sync::{Arc, Weak};

use super::arguments::Out;
use super::code::handle_of;
use super::error::execmon_error;
use super::guard::{Failure, Outcome, call};
use super::handle::{self, Handle, pin};
use super::interp::Core;
use super::status::*;
use crate::monitor::{FireError, Monitor, MonitorError, TOOL_COUNT};

/// One isolated domain of monitoring: six tools with their callbacks and event sets.  A Python interpreter has its own;
/// another interpreter makes one.  May be used from any thread.
pub struct execmon_monitor {
    _opaque: [u8; 0],
}

pub(super) struct MonitorObject {
    core: Arc<Monitor>,
    /// The interpreter that owns it, if one does.
    interp: Option<Weak<Core>>,
}

impl Handle for execmon_monitor {
    type Object = MonitorObject;
    const NAME: &'static str = "monitor";
}

impl MonitorObject {
    pub fn core(&self) -> &Arc<Monitor> {
        &self.core
    }

    /// The interpreter that owns it, if one does.
    pub fn interp(&self) -> Option<Arc<Core>> {
        self.interp.as_ref()?.upgrade()
    }

    /// Refuses what an interpreter does not let others do with its monitor.
    pub fn refuse_borrowed(&self) -> Outcome<()> {
        if self.interp.is_some() {
            return Err(Failure::new(EXECMON_STATUS_STATE, "the monitor belongs to an interpreter"));
        }
        Ok(())
    }
}

/// A handle for a monitor, which its events show from now on.
pub(super) fn new_handle(core: Arc<Monitor>, interp: Option<Weak<Core>>) -> Outcome<*mut execmon_monitor> {
    let handle = handle::insert::<execmon_monitor>(MonitorObject { core: Arc::clone(&core), interp })?;
    core.set_handle(handle.cast());
    core.set_code_namer(Some(Box::new(|code| handle_of(code).cast())));
    Ok(handle)
}

/// Removes everything that the host has registered, and runs its drop functions.
pub(super) fn clear(core: &Monitor) {
    core.set_audit_hook(None);
    core.set_changed_hook(None);
    for tool in 0..TOOL_COUNT {
        // The id is valid.
        let _ = core.free_tool_id(tool as i32);
    }
}

/// The status of an error of the core.
pub(super) fn failure(error: MonitorError) -> Failure {
    let status = match &error {
        MonitorError::NotCode | MonitorError::NameNotText => EXECMON_STATUS_TYPE,
        MonitorError::IntTooLarge => EXECMON_STATUS_OVERFLOW,
        MonitorError::WrongMonitor => EXECMON_STATUS_FOREIGN,
        MonitorError::Refused(_) => EXECMON_STATUS_REFUSED,
        _ => EXECMON_STATUS_VALUE,
    };
    Failure::of(status, error)
}

/// The status of an error of firing.
pub(super) fn fire_failure(error: FireError) -> Failure {
    match error {
        FireError::Invalid(error) => failure(error),
        FireError::CannotDisable { .. } => Failure::of(EXECMON_STATUS_CANNOT_DISABLE, error),
        FireError::Callback { .. } => Failure::of(EXECMON_STATUS_CALLBACK, error),
    }
}

/// Makes a monitor without tools, for a host that is an interpreter itself.  Free it by execmon_monitor_free.  Any
/// thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_monitor_new(
    monitor: *mut *mut execmon_monitor,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(monitor, "monitor")? };
        out.set(new_handle(Monitor::new(), None)?);
        Ok(())
    })
}

/// Frees a monitor: all its tools and hooks are removed and their drop functions called; callbacks that are running
/// are dropped when they return.  Code and thread states of it may be freed before or after; firing for them does
/// nothing from now on.  NULL is allowed.
///
/// Any thread, also from a callback of this monitor.  Fails with EXECMON_STATUS_HANDLE, and with EXECMON_STATUS_STATE for
/// the monitor of an interpreter, which goes with it.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_monitor_free(monitor: *mut execmon_monitor) -> execmon_status {
    call(std::ptr::null_mut(), || {
        let mut core = None;
        handle::free(monitor, |object| {
            object.refuse_borrowed()?;
            core = Some(Arc::clone(&object.core));
            Ok(())
        })?;
        if let Some(core) = core {
            clear(&core);
        }
        Ok(())
    })
}

/// Enables every disabled location of every tool again.  Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_restart_events(
    monitor: *mut execmon_monitor,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        pin(monitor)?.core().restart_events();
        Ok(())
    })
}

/// The events that some tool has set globally and has a callback for: `*events` gets their bits.  Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_wanted_events(
    monitor: *const execmon_monitor,
    events: *mut i64,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(events, "events")? };
        out.set(pin(monitor)?.core().global_events().0.into());
        Ok(())
    })
}
