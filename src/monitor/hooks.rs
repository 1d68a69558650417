//! Hooks that a host sets on a monitor: auditing, and being told that arming has changed.

use std::ffi::c_void;
use std::sync::Arc;

use parking_lot::Mutex;

use super::callback::Callback;
use super::code::Code;
use super::error::MonitorError;
use super::tool::Monitor;

/// The one audit event that the monitor raises.
pub const AUDIT_REGISTER_CALLBACK: &str = "sys.monitoring.register_callback";

/// Called with the name of an audit event and its one argument, the callback to be registered (None to unregister),
/// before anything changes and without a lock held.  Err refuses: its text becomes [`MonitorError::Refused`].
pub type AuditHook = Box<dyn Fn(&str, Option<&Callback>) -> Result<(), String> + Send + Sync>;

/// Called after a change that may alter what is armed: of one code object (Some), or of any (None).  Runs on the thread
/// that made the change, without a lock held.  A host that patches its code notes it down and calls
/// [`Monitor::renew`] for the code of its live frames on its own thread before their next instruction.
pub type ChangedHook = Box<dyn Fn(Option<&Code>) + Send + Sync>;

/// Gives the pointer that event records show for a code object, when its first event is fired.  Runs without a lock held,
/// before a callback of that event.
pub type CodeNamer = Box<dyn Fn(&Code) -> *mut c_void + Send + Sync>;

#[derive(Default)]
pub(super) struct Hooks {
    namer: Mutex<Option<Arc<CodeNamer>>>,
    audit: Mutex<Option<Arc<AuditHook>>>,
    changed: Mutex<Option<Arc<ChangedHook>>>,
}

fn get<T>(slot: &Mutex<Option<Arc<T>>>) -> Option<Arc<T>> {
    slot.lock().clone()
}

fn set<T>(slot: &Mutex<Option<Arc<T>>>, hook: Option<T>) {
    let hook = hook.map(Arc::new);
    // The old hook may run code of the host when it is dropped, so it leaves the lock first.
    let old = std::mem::replace(&mut *slot.lock(), hook);
    drop(old);
}

impl Monitor {
    /// Sets or removes the audit hook.
    pub fn set_audit_hook(&self, hook: Option<AuditHook>) {
        set(&self.hooks.audit, hook);
    }

    /// Sets or removes the hook that is told of changes.
    pub fn set_changed_hook(&self, hook: Option<ChangedHook>) {
        set(&self.hooks.changed, hook);
    }

    /// Sets what names code objects for event records; without it they show the registration's own address.
    pub fn set_code_namer(&self, namer: Option<CodeNamer>) {
        set(&self.hooks.namer, namer);
    }

    /// Names a code object whose first event is being fired.
    #[cold]
    #[inline(never)]
    pub(super) fn name_code(&self, code: &Code) -> *mut c_void {
        let name = match get(&self.hooks.namer) {
            Some(namer) => namer(code),
            None => std::ptr::from_ref(code).cast_mut().cast(),
        };
        code.set_handle(name);
        name
    }

    pub(super) fn audit(&self, callback: Option<&Callback>) -> Result<(), MonitorError> {
        match get(&self.hooks.audit) {
            Some(hook) => hook(AUDIT_REGISTER_CALLBACK, callback).map_err(MonitorError::Refused),
            None => Ok(()),
        }
    }

    pub(super) fn tell_changed(&self, code: Option<&Code>) {
        if let Some(hook) = get(&self.hooks.changed) {
            hook(code);
        }
    }
}
