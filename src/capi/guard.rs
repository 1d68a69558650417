//! The one door: every export runs inside [`call`].

use std::borrow::Cow;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::error::{ErrorObject, execmon_error};
use super::handle;
use super::status::*;

/// Why an export refuses.
#[derive(Debug)]
pub(super) struct Failure {
    pub status: execmon_status,
    pub message: Cow<'static, str>,
    /// What a Python exception has in addition.
    pub exception: Option<Box<super::error::ExceptionParts>>,
}

impl Failure {
    pub fn new(status: execmon_status, message: impl Into<Cow<'static, str>>) -> Failure {
        Failure { status, message: message.into(), exception: None }
    }

    /// A status with the text that the core gives.
    pub fn of(status: execmon_status, text: impl std::fmt::Display) -> Failure {
        Failure::new(status, text.to_string())
    }

    /// A required pointer is NULL.
    pub fn null(what: &str) -> Failure {
        Failure::new(EXECMON_STATUS_NULL, format!("{what} is NULL"))
    }
}

pub(super) type Outcome<T> = Result<T, Failure>;

thread_local! {
    static IN_PATCH: Cell<bool> = const { Cell::new(false) };
}

/// How many threads are in a patch function.
static PATCHING: AtomicUsize = AtomicUsize::new(0);

/// Whether a patch function runs, on whatever thread: what firing asks, which cannot afford to look at its own thread's.
#[inline(always)]
pub(super) fn is_anyone_patching() -> bool {
    // A thread sees what it has written itself.
    PATCHING.load(Ordering::Relaxed) != 0
}

fn in_patch() -> bool {
    IN_PATCH.get()
}

fn patching() -> Failure {
    Failure::new(EXECMON_STATUS_BUSY, "a patch function must not call the library")
}

/// Runs a patch function of the host, which is called under the monitor's lock: until it returns, every export that
/// could need the lock refuses.
pub(super) fn while_patching(patch: impl FnOnce()) {
    let outer = IN_PATCH.replace(true);
    PATCHING.fetch_add(1, Ordering::Relaxed);
    patch();
    PATCHING.fetch_sub(1, Ordering::Relaxed);
    IN_PATCH.set(outer);
}

#[inline(always)]
fn set_error(error: *mut *mut execmon_error, value: *mut execmon_error) {
    if !error.is_null() {
        // SAFETY: the contract of the header: `error` is NULL or points to a pointer that may be written.
        unsafe { error.write_unaligned(value) }
    }
}

/// How an export ends that has succeeded.
#[inline(always)]
pub(super) fn succeed(error: *mut *mut execmon_error) -> execmon_status {
    set_error(error, ptr::null_mut());
    EXECMON_OK
}

/// Runs the body of an export.  A failure becomes its status and, where the host wants one, an error; a panic is the
/// status INTERNAL and goes no further.
pub(super) fn call(error: *mut *mut execmon_error, body: impl FnOnce() -> Outcome<()>) -> execmon_status {
    let result = catch_unwind(AssertUnwindSafe(|| if in_patch() { Err(patching()) } else { body() }));
    let failure = match result {
        Ok(Ok(())) => {
            return succeed(error);
        }
        Ok(Err(failure)) => failure,
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().copied();
            let text =
                text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("panic").to_owned();
            // The payload is anything, and dropping it may panic once more.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(panic)));
            Failure::new(EXECMON_STATUS_INTERNAL, text)
        }
    };
    let status = failure.status;
    if error.is_null() {
        let _ = catch_unwind(AssertUnwindSafe(|| drop(failure)));
    } else {
        set_error(error, handle::insert(ErrorObject::new(failure)).unwrap_or(ptr::null_mut()));
    }
    status
}

/// Runs the body of an export that returns something else than a status; `otherwise` stands for every failure.
pub(super) fn get<T>(otherwise: T, body: impl FnOnce() -> Outcome<T>) -> T {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => otherwise,
        Err(panic) => {
            let _ = catch_unwind(AssertUnwindSafe(|| drop(panic)));
            otherwise
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capi::error::{execmon_error_free, execmon_error_message, execmon_error_status, execmon_error_type};
    use std::ffi::CStr;

    fn text(text: *const std::ffi::c_char) -> String {
        unsafe { CStr::from_ptr(text) }.to_str().unwrap().to_owned()
    }

    #[test]
    fn a_panic_becomes_a_status() {
        let mut error = ptr::null_mut();
        let status = call(&mut error, || panic!("the library is at fault"));
        assert_eq!(status, EXECMON_STATUS_INTERNAL);
        assert_eq!(execmon_error_status(error), EXECMON_STATUS_INTERNAL);
        assert_eq!(text(execmon_error_type(error)), "SystemError");
        assert_eq!(text(execmon_error_message(error)), "the library is at fault");
        assert_eq!(execmon_error_free(error), EXECMON_OK);
        assert_eq!(call(ptr::null_mut(), || panic!()), EXECMON_STATUS_INTERNAL);
        assert_eq!(get(5, || panic!()), 5);
    }

    #[test]
    fn success_clears_the_error() {
        let mut error = ptr::without_provenance_mut(8);
        assert_eq!(call(&mut error, || Ok(())), EXECMON_OK);
        assert!(error.is_null());
    }
}
