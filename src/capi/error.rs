//! Errors: what a function that fails can tell beside its status.

use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::Arc;

use super::arguments::{Out, c_text, text as text_of};
use super::guard::{Failure, Outcome, call, get};
use super::handle::{self, Handle};
use super::interp::{Core, enter, execmon_interp};
use super::status::*;
use super::value::{Held, execmon_value, value_of};
use crate::runtime::embed::{Exc, Exception, Type, Vm, type_flags};

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
    /// The exception, if its interpreter still is.
    pub value: Option<Held>,
}

pub(super) struct ErrorObject {
    status: execmon_status,
    type_name: CString,
    message: CString,
    traceback: Option<CString>,
    exit_status: i32,
    value: Option<Held>,
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
            value: exception.and_then(|e| e.value),
        }
    }

    /// The exception to raise in an interpreter for this error: its own if it is of this interpreter, else a new one of
    /// the built-in class that it names.
    pub fn to_exception(&self, core: &Arc<Core>, vm: &mut Vm) -> Exc {
        let own = self.value.as_ref().and_then(|held| value_of(core, held.0).ok());
        if let Some(own) = own.filter(|v| v.downcast::<Exception>().is_some()) {
            return Exc(own);
        }
        exception_named(vm, &self.type_name.to_string_lossy(), &self.message.to_string_lossy())
    }
}

/// A new exception of a built-in class; RuntimeError if no exception class has the name.
fn exception_named(vm: &mut Vm, name: &str, message: &str) -> Exc {
    let named = vm.builtins.get_str(&vm.intern(name));
    let base = vm.types().BaseException.clone();
    match named.as_ref().and_then(|v| v.downcast::<Type>()) {
        Some(class) if class.is_subclass(&base) && !class.has(type_flags::HEAP) => vm.error(class, message),
        _ => vm.runtime_error(message),
    }
}

fn text(error: *const execmon_error, part: impl FnOnce(&ErrorObject) -> Outcome<*const c_char>) -> *const c_char {
    get(ptr::null(), || part(&*handle::pin(error)?))
}

/// The status that the call returned.  EXECMON_STATUS_NULL or EXECMON_STATUS_HANDLE if `error` is no error.  Any
/// thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_error_status(error: *const execmon_error) -> execmon_status {
    let mut status = EXECMON_OK;
    let result = call(ptr::null_mut(), || {
        status = handle::pin(error)?.status;
        Ok(())
    });
    if result == EXECMON_OK { status } else { result }
}

/// The name of the exception class, such as `ValueError` or `shop.OutOfStock`.  Valid until the error is freed; NULL if
/// `error` is no error.  Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_error_type(error: *const execmon_error) -> *const c_char {
    text(error, |e| Ok(e.type_name.as_ptr()))
}

/// The message.  Valid until the error is freed; NULL if `error` is no error.  Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_error_message(error: *const execmon_error) -> *const c_char {
    text(error, |e| Ok(e.message.as_ptr()))
}

/// The traceback of a Python exception, as Python prints it, with its final newline: for a SystemExit what it says, which
/// is empty where it gives a number.  Valid until the error is freed; NULL if the error has none or `error` is no error.
/// Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_error_traceback(error: *const execmon_error) -> *const c_char {
    text(error, |e| Ok(e.traceback.as_ref().map_or(ptr::null(), |t| t.as_ptr())))
}

/// The exit status that a process should end with because of this error: that of a SystemExit, else 1 (2 for a script
/// that cannot be opened, 130 for a KeyboardInterrupt).  1 if `error` is no error.  Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_error_exit_status(error: *const execmon_error) -> i32 {
    get(1, || Ok(handle::pin(error)?.exit_status))
}

/// Frees an error.  NULL is allowed.
///
/// Any thread.  Fails with EXECMON_STATUS_HANDLE if `error` is no error or has been freed.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_error_free(error: *mut execmon_error) -> execmon_status {
    call(ptr::null_mut(), || handle::free(error, |_| Ok(())))
}

/// The exception of an error that came from a Python program: `*value` gets a new handle.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_END if the error has none, EXECMON_STATUS_HANDLE if its
/// interpreter has been freed.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_error_value(
    of: *const execmon_error,
    value: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(value, "value")? };
        let of = handle::pin(of)?;
        let none = || Failure::new(EXECMON_STATUS_END, "the error is no exception of a program");
        out.set(super::value::another(of.value.as_ref().ok_or_else(none)?.0)?);
        Ok(())
    })
}

/// Makes an error, for a function or callback of the host to raise: `type_name` is that of a built-in exception class, such
/// as "ValueError" (any other counts as RuntimeError).  `*made` is owned by the caller.  Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_error_new(
    type_name: *const c_char,
    message: *const c_char,
    made: *mut *mut execmon_error,
) -> execmon_status {
    call(ptr::null_mut(), || {
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(made, "made")? };
        // SAFETY: as above.
        let (type_name, message) = unsafe { (text_of(type_name, "the type")?, text_of(message, "the message")?) };
        out.set(handle::insert(ErrorObject {
            status: EXECMON_STATUS_EXCEPTION,
            type_name: c_text(type_name),
            message: c_text(message),
            traceback: None,
            exit_status: 1,
            value: None,
        })?);
        Ok(())
    })
}

/// Says which exception the callback that is running wants raised, before it returns EXECMON_ERROR: that of `raised`, or a
/// new one of its type and message.  `raised` stays the caller's.
///
/// The thread of the interpreter.  Without this, a callback's EXECMON_ERROR raises RuntimeError.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_set_callback_error(
    interp: *mut execmon_interp,
    raised: *const execmon_error,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let mut entered = enter(interp)?;
        let core = Arc::clone(entered.core());
        let exception = handle::pin(raised)?.to_exception(&core, entered.vm());
        let old = entered.vm().callback_error.replace(exception.0);
        drop(old);
        Ok(())
    })
}
