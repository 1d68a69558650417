//! Frames: where a running program is, and what its names stand for.

use std::ffi::c_char;
use std::mem::size_of;

use super::arguments::{Out, counted};
use super::code::{execmon_code, handle_of};
use super::error::execmon_error;
use super::guard::{Failure, call};
use super::interp::{enter, execmon_interp};
use super::status::*;
use super::value::execmon_value;

/// Where a frame of a Python program is.
#[repr(C)]
pub struct execmon_frame {
    /// sizeof(execmon_frame), which the host sets before it asks, so that the record can grow.
    pub size: usize,
    /// The code that it runs: borrowed while the frame lives, execmon_code_retain keeps it.
    pub code: *mut execmon_code,
    /// Offset of the instruction that it is at, in the units of the code's table of locations.
    pub offset: u32,
    /// Line of the instruction, negative for none.
    pub line: i32,
}

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
    call(error, || {
        let mut entered = enter(interp)?;
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(count, "count")? };
        out.set(entered.vm().frame_count());
        Ok(())
    })
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
        let out = unsafe { Out::required(frame, "frame")? };
        // SAFETY: the contract of the header: a frame that is not NULL has its size first and is that large.
        let size = unsafe { (&raw const (*frame).size).read_unaligned() };
        if size < size_of::<execmon_frame>() {
            return Err(Failure::new(EXECMON_STATUS_VALUE, format!("the frame has size {size}")));
        }
        let (code, offset, line) = entered.vm().frame_place(index).ok_or_else(|| no_frame(index))?;
        let line = line.unwrap_or(super::event::EXECMON_NO_LINE);
        out.set(execmon_frame { size, code: handle_of(&code), offset, line });
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
    call(error, || {
        let mut entered = enter(interp)?;
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(locals, "locals")? };
        let found = entered.vm().frame_locals(index).ok_or_else(|| no_frame(index))?;
        out.set(entered.hold(found)?);
        Ok(())
    })
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
    call(error, || {
        let mut entered = enter(interp)?;
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(globals, "globals")? };
        let found = entered.vm().frame_globals(index).ok_or_else(|| no_frame(index))?;
        out.set(entered.hold(found.into())?);
        Ok(())
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
    call(error, || {
        let mut entered = enter(interp)?;
        // SAFETY: the contract of the header.
        let (out, source) = unsafe { (Out::required(value, "value")?, counted(expression, length, "the expression")?) };
        let result = entered.run(|session| session.eval_in_frame(index, source).transpose())?;
        let result = result.ok_or_else(|| no_frame(index))?;
        out.set(entered.hold(result)?);
        Ok(())
    })
}
