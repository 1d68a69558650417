//! Where the standard streams of an interpreter go.

use std::cell::RefCell;
use std::ffi::{c_char, c_int, c_void};
use std::io;
use std::rc::Rc;

use super::callback::Foreign;
use super::error::execmon_error;
use super::guard::call;
use super::interp::{core_of, execmon_interp};
use super::status::*;
use crate::runtime::embed::{Output, ProcessOutput, Stream};

/// The program's standard output, as `stream` of a write function.
pub const EXECMON_STDOUT: c_int = 1;
/// The program's standard error, as `stream` of a write function.
pub const EXECMON_STDERR: c_int = 2;

/// Takes `length` bytes that the program writes to EXECMON_STDOUT or EXECMON_STDERR; `length` is 0 when it flushes.
/// The bytes are borrowed for the call; they are UTF-8, unless the program wrote something else, and not NUL-terminated.
/// 0 says that they were taken; anything else makes the program see an OSError.
pub type execmon_write =
    Option<unsafe extern "C" fn(stream: c_int, bytes: *const c_char, length: usize, user: *mut c_void) -> c_int>;

type Function = unsafe extern "C" fn(c_int, *const c_char, usize, *mut c_void) -> c_int;

/// The redirection that is in force, if any.
#[derive(Default)]
pub(super) struct Redirect(RefCell<Option<Rc<Foreign<Function>>>>);

impl Redirect {
    pub fn set(&self, to: Option<Foreign<Function>>) {
        // The old one may run code of the host when it is dropped.
        let old = self.0.replace(to.map(Rc::new));
        drop(old);
    }

    /// What the interpreter writes to, for good.
    pub fn output(this: &Rc<Redirect>) -> Rc<dyn Output> {
        Rc::new(Redirected(Rc::clone(this)))
    }
}

struct Redirected(Rc<Redirect>);

impl Redirected {
    fn pass(&self, stream: Stream, bytes: &[u8]) -> Option<io::Result<()>> {
        // Cloned, because the function may set another.
        let to = self.0.0.borrow().clone()?;
        let number = match stream {
            Stream::Stdout => EXECMON_STDOUT,
            Stream::Stderr => EXECMON_STDERR,
        };
        // SAFETY: function and user pointer belong together, and the bytes outlive the call.
        match unsafe { (to.func)(number, bytes.as_ptr().cast(), bytes.len(), to.user.get()) } {
            0 => Some(Ok(())),
            _ => Some(Err(io::Error::from_raw_os_error(libc::EIO))),
        }
    }
}

impl Output for Redirected {
    fn write(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.pass(stream, bytes).unwrap_or_else(|| ProcessOutput.write(stream, bytes))
    }

    fn flush(&self, stream: Stream) -> io::Result<()> {
        self.pass(stream, &[]).unwrap_or_else(|| ProcessOutput.flush(stream))
    }
}

/// Redirects what the program writes, in place of the redirection before; with `write` NULL to the process's own streams.
///
/// On success the library owns `user` and calls `drop` (if not NULL) with it when the redirection has been replaced or the
/// interpreter freed; with `write` NULL, `drop` is not called.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_set_output(
    interp: *mut execmon_interp,
    write: execmon_write,
    user: *mut c_void,
    drop: execmon_drop,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        // Not entered, because the old one's drop function may use the interpreter.
        let core = core_of(interp)?;
        core.own()?.output.set(write.map(|func| Foreign::new(func, user, drop)));
        Ok(())
    })
}
