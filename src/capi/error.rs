//! Errors: what a function that fails can tell beside its status.

use std::ffi::{CString, c_char};
use std::ptr;

use super::arguments::c_text;
use super::guard::{Failure, Outcome, call, get};
use super::handle::{self, Handle};
use super::status::*;

/// What went wrong in one call.  Owned by the caller that asked for it; may be read and freed on any thread.
pub struct execmon_error {
    _opaque: [u8; 0],
}

/// What a failure has that is a Python exception.
#[derive(Debug)]
pub(super) struct ExceptionParts {
    pub type_name: String,
    pub traceback: String,
    pub exit_status: i32,
}

pub(super) struct ErrorObject {
    status: execmon_status,
    type_name: CString,
    message: CString,
    traceback: Option<CString>,
    exit_status: i32,
}

impl Handle for execmon_error {
    type Object = ErrorObject;
    const NAME: &'static str = "error";
}

impl ErrorObject {
    pub fn new(failure: Failure) -> ErrorObject {
        let Failure { status, message, exception } = failure;
        let type_name = exception.as_ref().map_or(status.type_name(), |e| &e.type_name);
        ErrorObject {
            status,
            type_name: c_text(type_name),
            message: c_text(&message),
            traceback: exception.as_ref().map(|e| c_text(&e.traceback)),
            exit_status: exception.as_ref().map_or(1, |e| e.exit_status),
        }
    }
}

fn text(error: *const execmon_error, part: impl FnOnce(&ErrorObject) -> Outcome<*const c_char>) -> *const c_char {
    get(ptr::null(), || part(&*handle::pin(error)?))
}

/// The status that the call returned.  EXECMON_STATUS_NULL or EXECMON_STATUS_HANDLE if `error` is no error.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_error_status(error: *const execmon_error) -> execmon_status {
    let mut status = EXECMON_OK;
    let result = call(ptr::null_mut(), || {
        status = handle::pin(error)?.status;
        Ok(())
    });
    if result == EXECMON_OK { status } else { result }
}

/// The name of the exception class, such as `ValueError` or `shop.OutOfStock`.  Valid until the error is freed; NULL
/// if `error` is no error.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_error_type(error: *const execmon_error) -> *const c_char {
    text(error, |e| Ok(e.type_name.as_ptr()))
}

/// The message.  Valid until the error is freed; NULL if `error` is no error.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_error_message(error: *const execmon_error) -> *const c_char {
    text(error, |e| Ok(e.message.as_ptr()))
}

/// The traceback of a Python exception, as Python prints it, with its final newline.  Valid until the error is freed;
/// NULL if the error has none or `error` is no error.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_error_traceback(error: *const execmon_error) -> *const c_char {
    text(error, |e| Ok(e.traceback.as_ref().map_or(ptr::null(), |t| t.as_ptr())))
}

/// The exit status that a process should end with because of this error: that of a SystemExit, else 1 (2 for a script
/// that cannot be opened, 130 for a KeyboardInterrupt).  1 if `error` is no error.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_error_exit_status(error: *const execmon_error) -> i32 {
    get(1, || Ok(handle::pin(error)?.exit_status))
}

/// Frees an error.  NULL is allowed.  Fails with EXECMON_STATUS_HANDLE if `error` is no error or has been freed.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_error_free(error: *mut execmon_error) -> execmon_status {
    call(ptr::null_mut(), || handle::free(error, |_| Ok(())))
}
