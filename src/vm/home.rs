//! From a callback of the core back into the interpreter that it belongs to.

use std::rc::Rc;
use std::sync::Arc;

use super::baton::{Baton, borrow_lent};
use super::requests::Orphans;
use super::{R, Vm};
use crate::monitor::{Action, EventRecord, ThreadState};

/// The interpreter of a callback.
///
/// The core may call a callback on any thread, and drop it on any.  Only events that a VM fires by its own thread state are
/// about its values, and reach it: while one of them is fired the VM waits for its callbacks, and lends itself.  What this
/// holds is nobody's to free, so that it can be dropped anywhere.
pub struct Home {
    /// Where the interpreter's VM is to be had while a callback runs.
    baton: *const Baton,
    /// The interpreter's thread state, to be compared with the one that fires.
    thread: *const ThreadState,
    /// Where values go that a callback owned.
    pub orphans: Arc<Orphans>,
}

// SAFETY: the pointers are compared, or followed for a record of the VM's own thread state: that is on the VM's own thread,
// because neither a thread state nor a record can be used from another.
unsafe impl Send for Home {}
// SAFETY: as above.
unsafe impl Sync for Home {}

impl Home {
    /// That of a VM.
    pub fn of(vm: &Vm) -> Home {
        Home { baton: vm.baton(), thread: Rc::as_ptr(&vm.thread), orphans: vm.orphans().clone() }
    }

    /// The thread state of the interpreter; to be compared only.
    #[inline]
    pub(super) fn thread(&self) -> *const ThreadState {
        self.thread
    }

    /// Does something in the VM while it fires the event of this record, whose payload then consists of addresses of its
    /// values.  None if the event is not of this VM, or the VM is not lent.
    pub fn visit<T>(&self, record: &EventRecord, visit: impl FnOnce(&mut Vm) -> T) -> Option<T> {
        // First whether there is a VM: after it, another thread state may have the address of its.
        if self.orphans.is_closed() || !std::ptr::eq(record.thread(), self.thread) {
            return None;
        }
        // SAFETY: a record exists while its event is fired; this one by the thread state of the VM, which waits for it.
        unsafe { borrow_lent(self.baton, visit) }
    }

    /// Runs what a callback does, if the event is of the VM; what it raises is to be raised from the monitored instruction.
    pub fn enter(&self, record: &EventRecord, run: impl FnOnce(&mut Vm) -> R<Action>) -> Action {
        let run = |vm: &mut Vm| {
            run(vm).unwrap_or_else(|e| {
                vm.callback_error = Some(e.0);
                Action::ERROR
            })
        };
        self.visit(record, run).unwrap_or(Action::CONTINUE)
    }
}
