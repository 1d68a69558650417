//! How a run ends when it does not end well.

use crate::object::value::Value;

/// An exception that left the program, as plain data beside the exception itself.
///
/// Must be dropped before its interpreter, as every [`Value`].
#[derive(Debug)]
pub struct Failure {
    /// The class as a traceback names it: `ValueError`, `shop.errors.OutOfStock`.
    pub type_name: String,
    /// `str()` of the exception; empty if that is.
    pub message: String,
    /// What CPython prints on standard error, with its final newline.  For a SystemExit, what it prints for its
    /// argument: mostly nothing.
    pub traceback: String,
    /// The exit status that a process should end with: 1, a SystemExit's own, 2 for a script that cannot be opened,
    /// 130 for a KeyboardInterrupt.
    pub status: i32,
    /// Whether the exception is a SystemExit.
    pub is_exit: bool,
    /// The exception.
    pub exception: Value,
}
