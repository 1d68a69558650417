//! From a callback of the core back into the interpreter that it belongs to.

use std::rc::Rc;
use std::sync::Arc;

use crate::monitor::{Action, EventRecord, ThreadState};
use crate::vm::baton::{Baton, borrow_lent};
use crate::vm::requests::Orphans;
use crate::vm::{R, Vm};

/// The interpreter of a callback.
///
/// The core may call a callback on any thread, and drop it on any.  Only events of the interpreter's own thread state
/// reach Python code: while one of them is fired the interpreter waits for its callbacks.
pub(in crate::builtins) struct Home {
    /// Where the interpreter's VM is to be had while a callback runs.
    baton: *const Baton,
    /// The interpreter's thread state, to be compared with the one that fires.
    thread: *const ThreadState,
    /// Where values go that a callback owned.
    pub orphans: Arc<Orphans>,
}

impl Home {
    pub fn of(vm: &mut Vm) -> Home {
        Home { baton: vm.baton(), thread: Rc::as_ptr(&vm.thread), orphans: vm.orphans().clone() }
    }

    /// Runs what a callback does, if the event is of the interpreter's own thread state; what it raises is to be raised
    /// from the monitored instruction.
    ///
    /// # Safety
    /// Called by a callback for its own record.
    pub unsafe fn enter(&self, record: &EventRecord, run: impl FnOnce(&mut Vm) -> R<Action>) -> Action {
        if !std::ptr::eq(record.thread(), self.thread) || self.orphans.is_closed() {
            return Action::CONTINUE;
        }
        let run = |vm: &mut Vm| {
            run(vm).unwrap_or_else(|e| {
                vm.callback_error = Some(e.0);
                Action::ERROR
            })
        };
        // SAFETY: the event comes from the interpreter's own thread state, so it is alive, and waits in `fire`, which
        // lends its VM, for this callback.
        unsafe { borrow_lent(self.baton, run) }.unwrap_or(Action::CONTINUE)
    }
}
