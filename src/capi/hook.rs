//! Hooks: auditing, and being told that arming has changed.

use std::ffi::{CString, c_char, c_int, c_void};

use super::callback::{EXECMON_CONTINUE, Foreign, execmon_action, execmon_callback, parts_of};
use super::code::{execmon_code, handle_of};
use super::error::execmon_error;
use super::guard::call;
use super::handle::pin;
use super::monitor::execmon_monitor;
use super::status::*;
use crate::monitor::{AuditHook, ChangedHook};

/// An audit hook.  `event` is the event's name, of which there is one: "sys.monitoring.register_callback".  `registers`
/// is 0 when a callback is removed.  `callback` and `callback_user` are those given to execmon_register_callback; NULL
/// for a callback that was registered in another way, such as by a Python program.  Any action but EXECMON_CONTINUE
/// refuses.
pub type execmon_audit = Option<
    unsafe extern "C" fn(
        event: *const c_char,
        registers: c_int,
        callback: execmon_callback,
        callback_user: *mut c_void,
        user: *mut c_void,
    ) -> execmon_action,
>;

/// Told after a change that may alter what is armed: in one code object, or in any (`code` NULL).  Runs on the thread
/// that made the change.  `code` is borrowed for the call.
pub type execmon_changed = Option<unsafe extern "C" fn(code: *mut execmon_code, user: *mut c_void)>;

/// Sets the audit hook, in place of the one before; with `hook` NULL only removes that.  It is called before a
/// callback is registered or removed, on the thread that asks for it, and may call the library.  Of what else a Python
/// program does, the hooks of its sys.addaudithook are told; see execmon_interp_new.
///
/// On success the library owns `user` and calls `drop` (if not NULL) with it when the hook has been replaced or the
/// monitor freed and the hook does not run any more; with `hook` NULL, `drop` is not called.
///
/// Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_set_audit_hook(
    monitor: *mut execmon_monitor,
    hook: execmon_audit,
    user: *mut c_void,
    drop: execmon_drop,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let monitor = pin(monitor)?;
        let hook = hook.map(|func| -> AuditHook {
            let hook = Foreign::new(func, user, drop);
            Box::new(move |event, callback| {
                let hook = &hook;
                let name = CString::new(event).unwrap_or_default();
                let (func, callback_user) = callback.and_then(parts_of).unwrap_or((None, std::ptr::null_mut()));
                let registers = callback.is_some().into();
                // SAFETY: function and user pointer belong together, and the name outlives the call.
                match unsafe { (hook.func)(name.as_ptr(), registers, func, callback_user, hook.user.get()) } {
                    EXECMON_CONTINUE => Ok(()),
                    _ => Err(format!("the audit hook refused {event}")),
                }
            })
        });
        monitor.core().set_audit_hook(hook);
        Ok(())
    })
}

/// Sets the hook that is told of changes, in place of the one before; with `hook` NULL only removes that.  A host that
/// patches its code notes the change down and calls execmon_code_renew for the code that it is running, on its own
/// thread before the next instruction.  `user` and `drop` as for execmon_set_audit_hook.
///
/// Any thread.  Fails with EXECMON_STATUS_STATE for the monitor of an interpreter, which uses the hook itself.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_set_changed_hook(
    monitor: *mut execmon_monitor,
    hook: execmon_changed,
    user: *mut c_void,
    drop: execmon_drop,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let monitor = pin(monitor)?;
        monitor.refuse_borrowed()?;
        let hook = hook.map(|func| -> ChangedHook {
            let hook = Foreign::new(func, user, drop);
            Box::new(move |code| {
                let hook = &hook;
                let code = code.map_or(std::ptr::null_mut(), handle_of);
                // SAFETY: function and user pointer belong together.
                unsafe { (hook.func)(code, hook.user.get()) }
            })
        });
        monitor.core().set_changed_hook(hook);
        Ok(())
    })
}
