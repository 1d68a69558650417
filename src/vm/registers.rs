//! Registers of the top frame, for code out of the loop: the only place outside of `run.rs` that reads and writes them.
//!
//! Invariant: a temporary that is not in use holds no reference; it is empty or an immediate.  Reading a temporary
//! consumes it: its word moves out and [`CONSUMED`] takes its place, here as in the loop.

use std::mem;

use super::run::{CONSUMED, is_heap_word, release_word};
use crate::object::value::Value;
use crate::vm::Vm;

/// The registers of the top frame, for a handler that uses several.  Which of them an instruction may name is the
/// compiler's promise.
#[derive(Clone, Copy)]
pub(super) struct Registers {
    base: *mut u64,
    first_temp: u16,
}

impl Registers {
    #[inline(always)]
    pub(super) fn of(vm: &Vm) -> Registers {
        match vm.stack.frame() {
            Some(f) => Registers { base: f.regs, first_temp: f.code().hot.first_temp },
            None => Registers { base: std::ptr::null_mut(), first_temp: 0 },
        }
    }

    #[inline(always)]
    pub(super) fn is_temporary(self, i: u16) -> bool {
        i >= self.first_temp
    }

    /// The word of a register.
    #[inline(always)]
    fn slot<'a>(self, i: u16) -> &'a mut u64 {
        // SAFETY: `i` is a register of the top frame, by the compiler; the reference does not outlive the method that
        // asks for it, during which nothing else touches the stack.
        unsafe { &mut *self.base.add(i as usize) }
    }

    /// Reads a bound register: a temporary is consumed, a local cloned.
    #[inline(always)]
    pub(super) fn take(self, i: u16) -> Value {
        debug_assert!(*self.slot(i) != 0, "register {i} is not bound");
        if self.is_temporary(i) {
            // SAFETY: the word of a bound register, whose reference moves.
            unsafe { Value::from_bits(mem::replace(self.slot(i), CONSUMED)) }
        } else {
            self.borrow(i).clone()
        }
    }

    /// The same of a register that may be empty.
    #[inline(always)]
    pub(super) fn take_bound(self, i: u16) -> Option<Value> {
        if *self.slot(i) == 0 { None } else { Some(self.take(i)) }
    }

    /// Moves a value out of a register, whatever the register is; None if it is empty.
    #[inline(always)]
    pub(super) fn move_out(self, i: u16) -> Option<Value> {
        match mem::replace(self.slot(i), CONSUMED) {
            0 => None,
            // SAFETY: the word of a bound register, whose reference moves.
            word => Some(unsafe { Value::from_bits(word) }),
        }
    }

    /// Whether two registers hold the same object.
    #[inline(always)]
    pub(super) fn is_same(self, i: u16, j: u16) -> bool {
        *self.slot(i) == *self.slot(j)
    }

    /// Looks at a bound register.  The handler must not write the register while it uses what it got, nor run Python code:
    /// that may write locals through the frame's `f_locals`.  Before it runs any it takes what it needs as its own
    /// ([`Registers::hold`]).
    #[inline(always)]
    pub(super) fn borrow<'a>(self, i: u16) -> &'a Value {
        debug_assert!(*self.slot(i) != 0, "register {i} is not bound");
        // SAFETY: `i` is a bound register of the top frame, by the compiler; a value is laid out as its word.
        unsafe { &*(self.base.add(i as usize) as *const Value) }
    }

    /// The value of a bound register, counted, for a handler that runs Python code while it uses it.
    #[inline(always)]
    pub(super) fn hold(self, i: u16) -> Value {
        self.borrow(i).clone()
    }

    /// Ends the use of an operand that was borrowed: a temporary is given up.
    #[inline(always)]
    pub(super) fn consume(self, vm: &mut Vm, i: u16) {
        if self.is_temporary(i) {
            let word = mem::replace(self.slot(i), CONSUMED);
            if is_heap_word(word) {
                release_word(vm, word);
            }
        }
    }

    /// Writes a register; what it held is dropped.
    #[inline(always)]
    pub(super) fn set(self, vm: &mut Vm, i: u16, v: Value) {
        let old = mem::replace(self.slot(i), v.into_bits());
        if is_heap_word(old) {
            release_word(vm, old);
        }
    }
}

/// Short forms, for handlers that use one register.
impl Vm {
    /// First register of the top frame.
    #[inline]
    pub(super) fn frame_regs(&self) -> *mut u64 {
        Registers::of(self).base
    }

    pub(super) fn first_temp(&self) -> u16 {
        Registers::of(self).first_temp
    }

    /// [`Registers::set`]
    pub(super) fn set_register(&mut self, i: u16, v: Value) {
        Registers::of(self).set(self, i, v)
    }

    /// [`Registers::take`]
    pub(super) fn take_register(&mut self, i: u16) -> Value {
        Registers::of(self).take(i)
    }

    /// [`Registers::take_bound`]
    pub(super) fn take_bound_register(&mut self, i: u16) -> Option<Value> {
        Registers::of(self).take_bound(i)
    }

    /// A copy of the value of a bound register, which stays there.
    pub(super) fn peek(&self, i: u16) -> Value {
        Registers::of(self).borrow(i).clone()
    }

    /// Drops a value whose last reference may run finalizers.
    #[inline]
    pub(super) fn dispose(&mut self, v: Value) {
        let word = v.into_bits();
        if is_heap_word(word) {
            release_word(self, word);
        }
    }
}
