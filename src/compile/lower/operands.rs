//! The symbolic stack: where its operands are, and the registers that they are put into.

use super::{Lowering, Rest, Slot};
use crate::code::{Op, Word};
use crate::compile::ir::Op as StackOp;

impl Lowering<'_> {
    /// A number as an operand (16 bits) or the `x` (8 bits) of an instruction.  One that does not fit is refused when the
    /// code is finished, with the line.
    pub(super) fn operand<T: TryFrom<usize> + Default>(&self, n: usize) -> T {
        T::try_from(n).unwrap_or_else(|_| {
            if self.too_large.get().is_none() {
                self.too_large.set(Some(self.loc));
            }
            T::default()
        })
    }

    pub(super) fn load_word(&self, slot: Slot, r: u16) -> Word {
        match slot {
            Slot::Local(l) => Word::new(Op::MOVE, 0, r, l, 0),
            Slot::Const(k) => Word::long(Op::LOAD_CONST, 0, r, k),
            Slot::Temp(t) => Word::new(Op::MOVE, 0, r, t, 0),
            Slot::Null => Word::new(Op::LOAD_NULL, 0, r, 0, 0),
        }
    }

    pub(super) fn canonical(&self, depth: usize) -> u16 {
        self.operand(self.first_temp + depth)
    }

    fn holder(&self, r: u16) -> Option<usize> {
        self.stack.iter().position(|&s| s == Slot::Temp(r))
    }

    /// A temporary for the operand at `depth`: its canonical one if it is free.
    pub(super) fn free_register(&mut self, depth: usize) -> u16 {
        let r = self.canonical(depth);
        if self.holder(r).is_none_or(|h| h == depth) {
            self.temps_used = self.temps_used.max(depth + 1);
            return r;
        }
        let mut spill = self.unit.stack_size as usize;
        while self.holder(self.canonical(spill)).is_some() {
            spill += 1;
        }
        self.temps_used = self.temps_used.max(spill + 1);
        self.canonical(spill)
    }

    /// Puts the operand at `i` into a register.
    pub(super) fn materialize(&mut self, i: usize) -> u16 {
        match self.stack[i] {
            Slot::Temp(r) => r,
            slot => {
                let r = self.free_register(i);
                self.stack[i] = Slot::Temp(r);
                let w = self.load_word(slot, r);
                self.emit(w);
                r
            }
        }
    }

    /// Puts the operands `from..to` into their canonical registers; NULLs stay as they are.
    pub(super) fn canonicalize(&mut self, from: usize, to: usize) {
        for i in from..to {
            let want = self.canonical(i);
            match self.stack[i] {
                Slot::Null => {}
                Slot::Temp(r) if r == want => {}
                slot => {
                    if let Some(j) = self.holder(want) {
                        if let Slot::Temp(r) = slot {
                            self.stack[i] = Slot::Temp(want);
                            self.stack[j] = Slot::Temp(r);
                            self.op(Op::SWAP, 0, want, r, 0);
                            continue;
                        }
                        let away = self.free_register(j.max(self.unit.stack_size as usize));
                        self.stack[j] = Slot::Temp(away);
                        self.op(Op::MOVE, 0, away, want, 0);
                    }
                    self.stack[i] = Slot::Temp(want);
                    let w = self.load_word(slot, want);
                    self.emit(w);
                }
            }
        }
    }

    pub(super) fn canonicalize_all(&mut self) {
        self.canonicalize(0, self.stack.len());
    }

    /// Before local `r` changes: loads it for the operands that still mean its old value.
    pub(super) fn save_local(&mut self, r: u16) {
        for i in 0..self.stack.len() {
            if self.stack[i] == Slot::Local(r) {
                self.materialize(i);
            }
        }
    }

    pub(super) fn pop(&mut self) -> Slot {
        self.stack.pop().expect("the IR's stack depth is right")
    }

    /// The top operand in a register, popped.
    pub(super) fn pop_register(&mut self) -> u16 {
        match self.stack.last() {
            Some(&Slot::Local(l)) => {
                self.stack.pop();
                l
            }
            _ => {
                let r = self.materialize(self.stack.len() - 1);
                self.stack.pop();
                r
            }
        }
    }

    /// The two top operands in registers, popped; the lower first.
    pub(super) fn pop_pair(&mut self) -> (u16, u16) {
        let len = self.stack.len();
        for i in [len - 2, len - 1] {
            if !matches!(self.stack[i], Slot::Local(_)) {
                self.materialize(i);
            }
        }
        let b = self.pop_register();
        (self.pop_register(), b)
    }

    /// The `n` top operands in their canonical registers, popped; returns the first register.
    pub(super) fn pop_group(&mut self, n: usize) -> u16 {
        let from = self.stack.len() - n;
        self.canonicalize(from, from + n);
        self.stack.truncate(from);
        self.canonical(from)
    }

    /// The same for a call: the frame of what is called begins at its arguments, so no operand that stays may lie behind
    /// them.
    pub(super) fn pop_call(&mut self, n: usize) -> u16 {
        let from = self.stack.len() - n;
        let base = self.canonical(from);
        let in_the_way = |s: &Slot| matches!(s, Slot::Temp(r) if *r >= base);
        // Each turn puts one operand where it stays for good.
        while let Some(i) = self.stack[..from].iter().position(in_the_way) {
            self.canonicalize(i, i + 1);
        }
        self.pop_group(n)
    }

    /// The register of the `n`-th operand from the top, which stays there.
    pub(super) fn peek_register(&mut self, n: usize) -> u16 {
        let i = self.stack.len() - n;
        match self.stack[i] {
            Slot::Local(l) => l,
            _ => self.materialize(i),
        }
    }

    /// Pushes a temporary to be written.
    pub(super) fn push_temp(&mut self) -> u16 {
        self.stack.push(Slot::Null);
        let i = self.stack.len() - 1;
        let r = self.free_register(i);
        self.stack[i] = Slot::Temp(r);
        r
    }

    /// Pushes `n` operands in their canonical registers to be written.
    pub(super) fn push_canonical(&mut self, n: usize) -> u16 {
        self.canonicalize_all();
        let from = self.stack.len();
        for i in from..from + n {
            let r = self.canonical(i);
            self.stack.push(Slot::Temp(r));
        }
        self.canonical(from)
    }

    /// The top operand in a register, popped, and the first of `n` canonical registers to be written in its place.  What
    /// lies below is made canonical first: the moves must not hit the popped register.
    pub(super) fn pop_to_canonical(&mut self, n: usize) -> (u16, u16) {
        self.canonicalize(0, self.stack.len() - 1);
        let v = self.pop_register();
        (v, self.push_canonical(n))
    }

    /// Emits an instruction whose result goes into the local of a `STORE_FAST` that follows, or else into a temporary.
    pub(super) fn result(&mut self, rest: Rest, emit: impl FnOnce(&mut Self, u16) -> usize) -> usize {
        if let Some(s) = rest.first()
            && s.op == StackOp::STORE_FAST
            && s.loc.line == self.loc.line
            && s.except == self.except
        {
            let local = self.operand(s.arg as usize);
            self.save_local(local);
            emit(self, local);
            return 1;
        }
        let d = self.push_temp();
        emit(self, d);
        0
    }
}
