//! Registers of the top frame, for code out of the loop.

use std::mem;

use super::run::{CONSUMED, is_heap_word, release_word};
use crate::object::value::Value;
use crate::vm::Vm;

/// The registers of the top frame, for a handler that reads several.
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

    /// Reads a bound register: a temporary is consumed, a local cloned.
    #[inline(always)]
    pub(super) fn take(self, i: u16) -> Value {
        // SAFETY: `i` is a bound register of the top frame, by the compiler; the word of a consumed temporary is replaced.
        unsafe {
            let slot = self.base.add(i as usize);
            if i >= self.first_temp {
                Value::from_bits(mem::replace(&mut *slot, CONSUMED))
            } else {
                (*(slot as *const Value)).clone()
            }
        }
    }

    /// Whether two registers hold the same object.
    #[inline(always)]
    pub(super) fn is_same(self, i: u16, j: u16) -> bool {
        // SAFETY: both are registers of the top frame, by the compiler.
        unsafe { *self.base.add(i as usize) == *self.base.add(j as usize) }
    }

    /// Moves a value out of a bound register, whatever the register is.
    #[inline(always)]
    pub(super) fn take_out(self, i: u16) -> Value {
        // SAFETY: as in `take`; the word's reference moves.
        unsafe { Value::from_bits(mem::replace(&mut *self.base.add(i as usize), CONSUMED)) }
    }

    /// Looks at a bound register.  The handler must not write the register while it uses what it got; other code does
    /// not: frames above have registers of their own.
    #[inline(always)]
    pub(super) fn borrow<'a>(self, i: u16) -> &'a Value {
        // SAFETY: `i` is a bound register of the top frame, by the compiler.
        unsafe { &*(self.base.add(i as usize) as *const Value) }
    }

    /// Ends the use of an operand that was borrowed: a temporary is given up.
    #[inline(always)]
    pub(super) fn consume(self, vm: &mut Vm, i: u16) {
        if i >= self.first_temp {
            // SAFETY: as in `take`.
            let word = unsafe { mem::replace(&mut *self.base.add(i as usize), CONSUMED) };
            if is_heap_word(word) {
                release_word(vm, word);
            }
        }
    }

    /// Writes a register; what it held is dropped.
    #[inline(always)]
    pub(super) fn set(self, vm: &mut Vm, i: u16, v: Value) {
        // SAFETY: `i` is a register of the top frame, by the compiler.
        let old = unsafe { mem::replace(&mut *self.base.add(i as usize), v.into_bits()) };
        if is_heap_word(old) {
            release_word(vm, old);
        }
    }
}

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
