//! What instructions do with the stack, in the few ways that most of them share.  Each returns how many of the
//! instructions that follow are done with it, as [`Lowering::instruction`] does.

use super::{Lowering, Rest, Slot};
use crate::code::{Op as R, Word};

impl Lowering<'_> {
    /// Emits an instruction that does not touch the stack.
    pub(super) fn done(&mut self, w: Word) -> usize {
        self.emit(w);
        0
    }

    pub(super) fn push(&mut self, slot: Slot) -> usize {
        self.stack.push(slot);
        0
    }

    /// Pops an operand that nothing has made.
    pub(super) fn forget(&mut self) -> usize {
        self.pop();
        0
    }

    pub(super) fn pop_top(&mut self) -> usize {
        match self.pop() {
            Slot::Temp(t) => self.done(Word::new(R::CLEAR, 0, t, 0, 0)),
            _ => 0,
        }
    }

    pub(super) fn copy(&mut self, n: usize, rest: Rest) -> usize {
        match self.stack[self.stack.len() - n] {
            Slot::Temp(t) => self.result(rest, |l, d| l.op(R::COPY, 0, d, t, 0)),
            slot => self.push(slot),
        }
    }

    pub(super) fn swap(&mut self, n: usize) -> usize {
        let len = self.stack.len();
        self.stack.swap(len - 1, len - n);
        0
    }

    /// `-- x` of the number `n`.
    pub(super) fn produce(&mut self, rest: Rest, op: R, n: usize) -> usize {
        let n = self.operand(n);
        self.result(rest, |l, d| l.op(op, 0, d, n, 0))
    }

    /// The same, never straight into a local.
    pub(super) fn push_result(&mut self, op: R) -> usize {
        let d = self.push_temp();
        self.done(Word::new(op, 0, d, 0, 0))
    }

    /// `x --` with the number `n`.
    pub(super) fn consume(&mut self, op: R, n: usize) -> usize {
        let v = self.pop_register();
        self.done(Word::new(op, 0, v, self.operand(n), 0))
    }

    /// `x y --`
    pub(super) fn consume_pair(&mut self, op: R) -> usize {
        let (a, b) = self.pop_pair();
        self.done(Word::new(op, 0, a, b, 0))
    }

    /// `x -- y`
    pub(super) fn unary(&mut self, rest: Rest, op: R, x: usize) -> usize {
        let v = self.pop_register();
        let x = self.operand(x);
        self.result(rest, |l, d| l.op(op, x, d, v, 0))
    }

    /// `x -- y` with the number `n`.
    pub(super) fn unary_with(&mut self, rest: Rest, op: R, n: usize) -> usize {
        let v = self.pop_register();
        let n = self.operand(n);
        self.result(rest, |l, d| l.op(op, 0, d, v, n))
    }

    /// `x -- y`, never straight into a local.
    pub(super) fn replace(&mut self, op: R, x: usize) -> usize {
        let v = self.pop_register();
        let d = self.push_temp();
        self.done(Word::new(op, self.operand(x), d, v, 0))
    }

    /// `x -- x y`
    pub(super) fn look(&mut self, op: R) -> usize {
        let v = self.peek_register(1);
        let d = self.push_temp();
        self.done(Word::new(op, 0, d, v, 0))
    }

    /// `x y -- z`
    pub(super) fn binary_of(&mut self, rest: Rest, op: R, x: usize) -> usize {
        let (a, b) = self.pop_pair();
        let x = self.operand(x);
        self.result(rest, |l, d| l.op(op, x, d, a, b))
    }

    /// `x1 .. xN -- y` with the number `n`.
    pub(super) fn build(&mut self, rest: Rest, op: R, operands: usize, n: usize) -> usize {
        let b = self.pop_group(operands);
        let n = self.operand(n);
        self.result(rest, |l, d| l.op(op, 0, d, b, n))
    }

    /// `x1 .. xN -- y` with the flags `x`.
    pub(super) fn build_flagged(&mut self, rest: Rest, op: R, operands: usize, x: usize) -> usize {
        let b = self.pop_group(operands);
        let x = self.operand(x);
        self.result(rest, |l, d| l.op(op, x, d, b, 0))
    }

    /// `x1 .. xN -- y1 .. yM` in the same registers.
    pub(super) fn in_place(&mut self, op: R, operands: usize, results: usize) -> usize {
        let base = self.pop_group(operands);
        if results > 0 {
            self.push_canonical(results);
        }
        self.done(Word::new(op, 0, base, 0, 0))
    }

    /// `x -- y1 .. yM`
    pub(super) fn spread(&mut self, op: R, results: usize, x: usize, n: usize) -> usize {
        let (v, base) = self.pop_to_canonical(results);
        self.done(Word::new(op, self.operand(x), base, v, self.operand(n)))
    }

    /// `target .. x -- target ..`
    pub(super) fn add_to(&mut self, op: R, n: usize) -> usize {
        let v = self.pop_register();
        let target = self.peek_register(n);
        self.done(Word::new(op, 0, target, v, 0))
    }
}
