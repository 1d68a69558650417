//! Registers of the top frame, for code out of the loop.

use std::mem;

use super::run::{is_heap_word, release_word};
use crate::object::value::Value;
use crate::vm::Vm;

impl Vm {
    /// First register of the top frame.
    #[inline]
    pub(super) fn frame_regs(&self) -> *mut u64 {
        self.stack.frame().map_or(std::ptr::null_mut(), |f| f.regs)
    }

    pub(super) fn first_temp(&self) -> u16 {
        self.stack.frame().map_or(0, |f| f.code().data.first_temp)
    }

    /// Writes a register; what it held is dropped.
    pub(super) fn set_register(&mut self, i: u16, v: Value) {
        // SAFETY: `i` is a register of the top frame, by the compiler.
        let old = unsafe { mem::replace(&mut *self.frame_regs().add(i as usize), v.into_bits()) };
        if is_heap_word(old) {
            release_word(self, old);
        }
    }

    /// Reads a bound register: a temporary is consumed, a local cloned.
    pub(super) fn take_register(&mut self, i: u16) -> Value {
        self.take_register_opt(i).unwrap_or(Value::NONE)
    }

    /// Like [`Vm::take_register`], of a register that may be empty.
    pub(super) fn take_register_opt(&mut self, i: u16) -> Option<Value> {
        // SAFETY: `i` is a register of the top frame; the empty word is the niche.
        let slot = unsafe { &mut *(self.frame_regs().add(i as usize) as *mut Option<Value>) };
        if i >= self.first_temp() { slot.take() } else { slot.clone() }
    }

    /// Moves a register's value out, whatever the register is.
    pub(super) fn move_register(&mut self, i: u16) -> Option<Value> {
        // SAFETY: `i` is a register of the top frame; the empty word is the niche.
        unsafe { &mut *(self.frame_regs().add(i as usize) as *mut Option<Value>) }.take()
    }

    /// A copy of a register's value, which stays there.
    pub(super) fn peek(&self, i: u16) -> Value {
        self.stack.frame().and_then(|f| f.register(i).cloned()).unwrap_or(Value::NONE)
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
