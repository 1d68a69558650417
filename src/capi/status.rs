//! Statuses: what every function returns; and the drop function, which belongs to no noun.

use std::ffi::c_void;

/// What a function returns.  Numbers are never reused; new ones are added at the end.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum execmon_status {
    /// Success.
    EXECMON_OK = 0,
    /// A pointer that is required is NULL.
    EXECMON_STATUS_NULL = 1,
    /// A handle has been freed, is of another kind, or never was one.
    EXECMON_STATUS_HANDLE = 2,
    /// A number or a combination of arguments is wrong (Python's ValueError).
    EXECMON_STATUS_VALUE = 3,
    /// An object has the wrong type (Python's TypeError).
    EXECMON_STATUS_TYPE = 4,
    /// A number does not fit (Python's OverflowError).
    EXECMON_STATUS_OVERFLOW = 5,
    /// Text is not valid UTF-8, or has a NUL byte where none can be.
    EXECMON_STATUS_TEXT = 6,
    /// A size is beyond what can be had.
    EXECMON_STATUS_MEMORY = 7,
    /// The object belongs to another thread, or another thread is using it right now.
    EXECMON_STATUS_THREAD = 8,
    /// The object is in use further up the stack, so that this cannot be done from here.
    EXECMON_STATUS_BUSY = 9,
    /// The object is not in a state in which this can be done.
    EXECMON_STATUS_STATE = 10,
    /// The objects belong to different monitors or different interpreters.
    EXECMON_STATUS_FOREIGN = 11,
    /// A callback returned EXECMON_ERROR.
    EXECMON_STATUS_CALLBACK = 12,
    /// A callback returned EXECMON_DISABLE for an event that cannot be disabled; it has been unregistered.
    EXECMON_STATUS_CANNOT_DISABLE = 13,
    /// The audit hook refused.
    EXECMON_STATUS_REFUSED = 14,
    /// An exception left the Python program; the error has its type, message, traceback and value.
    EXECMON_STATUS_EXCEPTION = 15,
    /// The Python program asked to end the process (SystemExit); the error has its exit status.
    EXECMON_STATUS_EXIT = 16,
    /// There is nothing (more): the end of an iteration, an event or error without such a value, a tool id that is not in
    /// use.  (An attribute or item that is not there is a Python exception.)
    EXECMON_STATUS_END = 17,
    /// A defect of the library.  The call may have done part of its work.
    EXECMON_STATUS_INTERNAL = 18,
    /// The program was ended by execmon_terminate, or because it went on after its instruction budget was used up.
    EXECMON_STATUS_TERMINATED = 19,
}

/// A drop function: called once with a user pointer, when nothing can use that any more.  Runs on the thread that ends
/// the use, and may call the library.
pub type execmon_drop = Option<unsafe extern "C" fn(user: *mut c_void)>;

pub use execmon_status::*;

impl execmon_status {
    /// The name that an error with this status has as its type, unless a Python exception gives another.
    pub(super) fn type_name(self) -> &'static str {
        match self {
            EXECMON_OK => "",
            EXECMON_STATUS_TYPE => "TypeError",
            EXECMON_STATUS_OVERFLOW => "OverflowError",
            EXECMON_STATUS_TEXT => "UnicodeError",
            EXECMON_STATUS_MEMORY => "MemoryError",
            EXECMON_STATUS_EXIT => "SystemExit",
            EXECMON_STATUS_TERMINATED => "KeyboardInterrupt",
            EXECMON_STATUS_END => "LookupError",
            EXECMON_STATUS_INTERNAL => "SystemError",
            EXECMON_STATUS_NULL | EXECMON_STATUS_HANDLE | EXECMON_STATUS_VALUE | EXECMON_STATUS_CANNOT_DISABLE => {
                "ValueError"
            }
            _ => "RuntimeError",
        }
    }
}
