//! How a run ends when it does not end well.

use super::traceback::{self, Sources};
use crate::object::exception::Exception;
use crate::object::value::Value;
use crate::vm::exceptions::field;
use crate::vm::{Exc, Vm};

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
    /// Whether the host has ended the program ([`InterruptHandle::terminate`](super::InterruptHandle::terminate)).
    pub is_terminated: bool,
    /// The exception.
    pub exception: Value,
}

/// The exit status of a process that a signal of this number ended, as shells tell it.
const SIGINT_STATUS: i32 = 128 + 2;

impl Failure {
    pub(super) fn new(vm: &mut Vm, e: Exc, sources: &Sources) -> Failure {
        let (type_name, message) = vm.exception_text(&e);
        let message = message.map(|m| m.to_string_lossy().into_owned()).unwrap_or_default();
        let is_exit = vm.is_exception(&e, &vm.types().SystemExit);
        let (traceback, status) = if is_exit {
            exit_of(vm, &e)
        } else {
            let is_interrupt = vm.is_exception(&e, &vm.types().KeyboardInterrupt);
            (traceback::format(vm, &e, sources), if is_interrupt { SIGINT_STATUS } else { 1 })
        };
        let is_terminated = vm.is_terminating();
        Failure { type_name, message, traceback, status, is_exit, is_terminated, exception: e.0 }
    }

    /// A failure to begin at all, with a text that is no traceback.
    pub(super) fn before_start(vm: &mut Vm, e: Exc, text: String, status: i32) -> Failure {
        let (type_name, message) = vm.exception_text(&e);
        let message = message.map(|m| m.to_string_lossy().into_owned()).unwrap_or_default();
        Failure { type_name, message, traceback: text, status, is_exit: false, is_terminated: false, exception: e.0 }
    }
}

/// Text and status of a SystemExit: None is 0, an int is the status, anything else is printed and the status is 1.
fn exit_of(vm: &mut Vm, e: &Exc) -> (String, i32) {
    let code = e.0.downcast::<Exception>().and_then(|x| x.field(field::EXIT_CODE)).unwrap_or(Value::NONE);
    if code.is_none() {
        return (String::new(), 0);
    }
    if code.class(&vm.heap).is_subclass(&vm.types().int) {
        // The system keeps the low byte.  An int that no C long holds counts as -1.
        let status = vm.index_i64(&code).unwrap_or(-1);
        return (String::new(), (status & 0xff) as i32);
    }
    let text = vm.str(&code).map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    (format!("{text}\n"), 1)
}
