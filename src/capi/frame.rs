//! Frames: where a running program is, and what its names stand for.

use std::ffi::c_char;

use super::arguments::counted;
use super::code::{execmon_code, handle_of};
use super::error::execmon_error;
use super::growing::{Fill, growing};
use super::guard::{Failure, call};
use super::interp::{enter, execmon_interp};
use super::status::*;
use super::value::{execmon_value, give_new, read_interp};

/// Where a frame of a Python program is.
#[repr(C)]
pub struct execmon_frame {
    /// The host sets it to sizeof(execmon_frame), at least 24, before it asks, so that the record can grow.  It gets how many
    /// bytes were filled: fewer, if the library is older than the header.
    pub size: usize,
    /// The code that it runs: borrowed while the frame lives, execmon_code_retain keeps it.
    pub code: *mut execmon_code,
    /// Offset of the instruction that it is at, in the units of the code's table of locations.
    pub offset: u32,
    /// Line of the instruction, negative for none.
    pub line: i32,
}

growing!(execmon_frame, "the frame", 24);

fn no_frame(index: usize) -> Failure {
    Failure::new(EXECMON_STATUS_VALUE, format!("there is no frame {index}"))
}

/// How many frames of Python code are live in the interpreter: those under the callback, function or hook that asks, 0 if no
/// program runs.  `*count` gets it.
///
/// The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_frame_count(
    interp: *mut execmon_interp,
    count: *mut usize,
    error: *mut *mut execmon_error,
) -> execmon_status {
    read_interp(interp, count, error, |entered| Ok(entered.vm().frame_count()))
}

/// Fills `*frame`, whose size must be set, for the frame `index`: 0 is the innermost.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_VALUE if there is no such frame or the size is too small.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_frame_get(
    interp: *mut execmon_interp,
    index: usize,
    frame: *mut execmon_frame,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let mut entered = enter(interp)?;
        // SAFETY: the contract of the header.
        let fill = unsafe { Fill::required(frame)? };
        let (code, offset, line) = entered.vm().frame_place(index).ok_or_else(|| no_frame(index))?;
        let line = line.unwrap_or(super::event::EXECMON_NO_LINE);
        let size = fill.size;
        fill.set(execmon_frame { size, code: handle_of(&code), offset, line });
        Ok(())
    })
}

/// The names that a frame has bound, as Python's locals() gives them: `*locals` gets a new handle of a dict.  For a function
/// it is a copy; for a module or class body it is the namespace itself.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_VALUE if there is no such frame.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_frame_locals(
    interp: *mut execmon_interp,
    index: usize,
    locals: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give_new(interp, locals, error, |entered| entered.vm().frame_locals(index).ok_or_else(|| no_frame(index)))
}

/// The namespace of a frame's module: `*globals` gets a new handle of a dict.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_VALUE if there is no such frame.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_frame_globals(
    interp: *mut execmon_interp,
    index: usize,
    globals: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give_new(interp, globals, error, |entered| {
        entered.vm().frame_globals(index).map(Into::into).ok_or_else(|| no_frame(index))
    })
}

/// The value of an expression of `length` bytes (or EXECMON_NUL_TERMINATED) with the names of a frame, as a debugger asks
/// for it: `*value` gets a new handle.  No event fires for it while a callback runs.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_VALUE if there is no such frame, else as execmon_eval_string.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_frame_eval(
    interp: *mut execmon_interp,
    index: usize,
    expression: *const c_char,
    length: usize,
    value: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give_new(interp, value, error, |entered| {
        // SAFETY: the contract of the header.
        let source = unsafe { counted(expression, length, "the expression")? };
        let found = entered.run(|session| session.eval_in_frame(index, source).transpose())?;
        found.ok_or_else(|| no_frame(index))
    })
}
