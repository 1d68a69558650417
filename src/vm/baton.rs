//! Who may use a virtual machine right now: how code of the host that a running VM calls gets back into it.
//!
//! **The invariant.**  At any moment at most one `&mut Vm` of a VM is usable.  A VM that is to be re-entered is owned by a
//! [`Baton`], whose cell holds the VM's address exactly while nobody is using the VM:
//!
//! * [`Baton::take`] empties the cell and makes the one usable `&mut Vm`, the [`Turn`]; its end puts the address back.
//! * A VM that calls code of the host does it inside of [`Vm::lend`].  That puts the address back too, but derived from
//!   the VM's own `&mut self`, which waits: whoever takes the baton meanwhile reborrows from it, as a callee does that is
//!   passed `&mut`.
//! * While the cell is empty there is no way in.  Code of the host that is called without being lent the VM can do no harm:
//!   [`Baton::take`] gives None, which the C ABI tells as EXECMON_STATUS_BUSY.
//!
//! Hence no `&mut Vm` is ever used while another is, and none is held across a call of the host other than as the one
//! that is lent.  Every `unsafe` of re-entrancy is in this file.

use std::cell::Cell;
use std::ops::{Deref, DerefMut};
use std::ptr::{self, NonNull};
use std::rc::Rc;
use std::sync::Arc;

use super::Vm;
use crate::monitor::Monitor;

/// Owns a VM and says who may use it.
pub struct Baton {
    /// From `Box::into_raw`; every other address of the VM is derived from it.
    root: NonNull<Vm>,
    /// The address to use the VM by; None while somebody uses it.
    free: Cell<Option<NonNull<Vm>>>,
}

impl Baton {
    /// Makes a VM one that can be re-entered.
    pub fn new(vm: Box<Vm>) -> Rc<Baton> {
        let root = NonNull::from(Box::leak(vm));
        let baton = Rc::new(Baton { root, free: Cell::new(Some(root)) });
        if let Some(mut turn) = baton.take() {
            (*turn).baton = Rc::as_ptr(&baton);
        }
        baton
    }

    /// The VM, unless somebody is using it: further up the stack, since a VM has one thread.
    pub fn take(self: &Rc<Baton>) -> Option<Turn> {
        let vm = self.free.take()?;
        Some(Turn { vm, baton: Rc::clone(self) })
    }
}

impl Drop for Baton {
    fn drop(&mut self) {
        // SAFETY: `root` is from a box.  No turn is left, because each holds a count of the baton, so nobody uses the VM.
        drop(unsafe { Box::from_raw(self.root.as_ptr()) });
    }
}

/// The use of a VM, until it is dropped.
pub struct Turn {
    vm: NonNull<Vm>,
    baton: Rc<Baton>,
}

impl Deref for Turn {
    type Target = Vm;
    fn deref(&self) -> &Vm {
        // SAFETY: the invariant: the address was in the cell, so that nobody else uses the VM until this turn ends.
        unsafe { self.vm.as_ref() }
    }
}

impl DerefMut for Turn {
    fn deref_mut(&mut self) -> &mut Vm {
        // SAFETY: as above.
        unsafe { self.vm.as_mut() }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.baton.free.set(Some(self.vm));
    }
}

impl Vm {
    /// Calls code that may come back into this VM by its baton.
    #[inline(always)]
    pub fn lend<T>(&mut self, call: impl FnOnce() -> T) -> T {
        /// Takes the VM back, also when the call unwinds.
        struct Lent(*const Baton);
        impl Drop for Lent {
            fn drop(&mut self) {
                // SAFETY: the baton owns the VM, which `lend` still borrows.
                unsafe { &*self.0 }.free.set(None);
            }
        }
        if self.baton.is_null() {
            // A VM without baton cannot be re-entered.
            return call();
        }
        let lent = Lent(self.baton);
        // Derived from `self`, which is not used again until `lent` is gone.
        let vm = NonNull::from(self);
        // SAFETY: as above.
        unsafe { &*lent.0 }.free.set(Some(vm));
        call()
    }

    /// Calls code that the core calls back, such as a drop function of the host or its audit hook, with the VM lent to it.
    pub fn at_monitor<T>(&mut self, call: impl FnOnce(&Monitor) -> T) -> T {
        let monitor = Arc::as_ptr(&self.monitor);
        // SAFETY: it does not lie in the VM, which alone must not be borrowed while it is lent, and lives as long as the VM,
        // whose monitor stays what it is.
        self.lend(|| call(unsafe { &*monitor }))
    }

    /// The address by which [`borrow_lent`] finds this VM.
    pub fn baton(&self) -> *const Baton {
        self.baton
    }

    /// The baton by which this VM can be re-entered, if it has one.
    pub(super) const NO_BATON: *const Baton = ptr::null();
}

/// Uses the VM of a baton that is known by its address, if it is free.
///
/// # Safety
/// `baton` is null or that of a VM that lives until this returns.
pub unsafe fn borrow_lent<T>(baton: *const Baton, call: impl FnOnce(&mut Vm) -> T) -> Option<T> {
    // SAFETY: the caller's promise: the baton owns the VM.
    let baton = unsafe { baton.as_ref() }?;
    let vm = baton.free.take()?;
    /// Puts the address back, also when the call unwinds.
    struct Borrowed<'a>(&'a Baton, NonNull<Vm>);
    impl Drop for Borrowed<'_> {
        fn drop(&mut self) {
            self.0.free.set(Some(self.1));
        }
    }
    let mut borrowed = Borrowed(baton, vm);
    // SAFETY: the invariant, as for a turn.
    Some(call(unsafe { borrowed.1.as_mut() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vm::output::ProcessOutput;

    fn baton() -> Rc<Baton> {
        Baton::new(Vm::new(Rc::new(ProcessOutput)))
    }

    #[test]
    fn one_turn_at_a_time() {
        let baton = baton();
        let turn = baton.take().unwrap();
        assert!(baton.take().is_none());
        drop(turn);
        assert!(baton.take().is_some());
    }

    #[test]
    fn a_lent_vm_is_used_further_down_and_comes_back() {
        let baton = baton();
        let mut outer = baton.take().unwrap();
        outer.set_recursion_limit(100);
        outer.lend(|| {
            let mut inner = baton.take().unwrap();
            assert!(baton.take().is_none());
            inner.set_recursion_limit(200);
            inner.lend(|| baton.take().unwrap().set_recursion_limit(300));
            assert_eq!(inner.recursion_limit(), 300);
            assert!(baton.take().is_none());
        });
        assert_eq!(outer.recursion_limit(), 300);
        assert!(baton.take().is_none());
    }

    #[test]
    fn a_panic_gives_the_vm_back() {
        let baton = baton();
        let panicking = || {
            let mut turn = baton.take().unwrap();
            turn.lend(|| panic!("the host"));
        };
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panicking)).is_err());
        assert!(baton.take().is_some());
    }

    #[test]
    fn a_vm_without_baton_lends_to_nobody() {
        let mut vm = Vm::new(Rc::new(ProcessOutput));
        assert_eq!(vm.lend(|| 5), 5);
    }
}
