//! Operators and comparisons, with constants and jumps that they fuse with.

use super::{Instr, Lowering, Op, Rest, Slot};
use crate::code::constant::Const;
use crate::code::{BinaryOp, CompareOp, Op as R, Word};
use crate::compile::ir;

/// The operators of `BINARY_OP`, by CPython's number.
const BINARY: [BinaryOp; 13] = [
    BinaryOp::Add,
    BinaryOp::And,
    BinaryOp::FloorDiv,
    BinaryOp::LShift,
    BinaryOp::MatMul,
    BinaryOp::Mul,
    BinaryOp::Mod,
    BinaryOp::Or,
    BinaryOp::Pow,
    BinaryOp::RShift,
    BinaryOp::Sub,
    BinaryOp::TrueDiv,
    BinaryOp::Xor,
];

/// The instruction of an operator, and its form with a constant on the right.
fn binary_forms(op: BinaryOp) -> Option<(R, R)> {
    Some(match op {
        BinaryOp::Add => (R::ADD, R::ADD_K),
        BinaryOp::Sub => (R::SUB, R::SUB_K),
        BinaryOp::Mul => (R::MUL, R::MUL_K),
        BinaryOp::TrueDiv => (R::TRUEDIV, R::TRUEDIV_K),
        BinaryOp::FloorDiv => (R::FLOORDIV, R::FLOORDIV_K),
        BinaryOp::Mod => (R::MOD, R::MOD_K),
        BinaryOp::And => (R::AND, R::AND_K),
        BinaryOp::Or => (R::OR, R::OR_K),
        BinaryOp::Xor => (R::XOR, R::XOR_K),
        BinaryOp::LShift => (R::LSHIFT, R::LSHIFT_K),
        BinaryOp::RShift => (R::RSHIFT, R::RSHIFT_K),
        BinaryOp::MatMul | BinaryOp::Pow => return None,
    })
}

/// The form of an operator with a number on the left.
fn left_constant_form(op: BinaryOp) -> Option<R> {
    Some(match op {
        BinaryOp::Add => R::K_ADD,
        BinaryOp::Sub => R::K_SUB,
        BinaryOp::Mul => R::K_MUL,
        BinaryOp::TrueDiv => R::K_TRUEDIV,
        _ => return None,
    })
}

/// Jump, jump with constant, loop, loop with constant.
fn compare_forms(op: CompareOp) -> [R; 4] {
    match op {
        CompareOp::Lt => [R::JUMP_LT, R::JUMP_LT_K, R::LOOP_LT, R::LOOP_LT_K],
        CompareOp::Le => [R::JUMP_LE, R::JUMP_LE_K, R::LOOP_LE, R::LOOP_LE_K],
        CompareOp::Eq => [R::JUMP_EQ, R::JUMP_EQ_K, R::LOOP_EQ, R::LOOP_EQ_K],
        CompareOp::Ne => [R::JUMP_NE, R::JUMP_NE_K, R::LOOP_NE, R::LOOP_NE_K],
        CompareOp::Gt => [R::JUMP_GT, R::JUMP_GT_K, R::LOOP_GT, R::LOOP_GT_K],
        CompareOp::Ge => [R::JUMP_GE, R::JUMP_GE_K, R::LOOP_GE, R::LOOP_GE_K],
    }
}

impl Lowering<'_> {
    pub(super) fn truth_value(&mut self, i: Instr, rest: Rest) -> usize {
        // The jump or `not` that follows takes any value.
        let taken_as_it_is = rest.first().is_some_and(|x| {
            matches!(x.op, Op::POP_JUMP_IF_FALSE | Op::POP_JUMP_IF_TRUE | Op::UNARY_NOT)
                && x.loc.line == i.loc.line
                && x.except == i.except
        });
        if taken_as_it_is { 0 } else { self.unary(rest, R::TO_BOOL, 0) }
    }

    /// `n`: an operator by CPython's number, plus 13 when in place.
    pub(super) fn binary(&mut self, n: usize, rest: Rest) -> usize {
        let inplace = n >= BINARY.len();
        let op = BINARY[n % BINARY.len()];
        let Some((rr, rk)) = binary_forms(op) else {
            let (a, b) = self.pop_pair();
            let x = op as u8 | (inplace as u8) << 7;
            return self.result(rest, |l, d| l.op(R::BINARY, x, d, a, b));
        };
        match (self.small_const(), self.number_below()) {
            (Some(k), _) => {
                self.pop();
                let a = self.pop_register();
                self.result(rest, |l, d| l.op(rk, inplace as u8, d, a, k))
            }
            (None, Some(k)) if let Some(kr) = left_constant_form(op) => {
                let b = self.pop_register();
                self.pop();
                self.result(rest, |l, d| l.op(kr, 0, d, k, b))
            }
            (None, _) => {
                let (a, b) = self.pop_pair();
                self.result(rest, |l, d| l.op(rr, inplace as u8, d, a, b))
            }
        }
    }

    /// The constant on top, if its index fits an operand.
    fn small_const(&self) -> Option<u16> {
        match self.stack.last() {
            Some(&Slot::Const(k)) => u16::try_from(k).ok(),
            _ => None,
        }
    }

    /// The number below the top, if it is a constant whose index fits an operand.
    fn number_below(&self) -> Option<u16> {
        match self.stack[..] {
            [.., Slot::Const(k), _] if matches!(self.unit.consts[k as usize], Const::Int(_) | Const::Float(_)) => {
                u16::try_from(k).ok()
            }
            _ => None,
        }
    }

    pub(super) fn compare(&mut self, i: Instr, rest: Rest) -> usize {
        let op = CompareOp::from_u8((i.arg & 15) as u8).unwrap_or(CompareOp::Eq);
        let jump = rest.first().copied().filter(|j| {
            matches!(j.op, Op::POP_JUMP_IF_FALSE | Op::POP_JUMP_IF_TRUE)
                && j.loc.line == i.loc.line
                // A jump that was threaded has no handler of its own: nor can it raise.
                && (j.except == i.except || j.except.is_none())
                && i.arg & ir::COMPARE_TO_BOOL != 0
        });
        let Some(jump) = jump else {
            let (a, b) = self.pop_pair();
            let x = op as u8 | if i.arg & ir::COMPARE_TO_BOOL != 0 { 16 } else { 0 };
            return self.result(rest, |l, d| l.op(R::COMPARE, x, d, a, b));
        };
        self.canonicalize(0, self.stack.len() - 2);
        let forms = compare_forms(op);
        let (a, b, k) = match self.small_const() {
            Some(k) => {
                self.pop();
                (self.pop_register(), k, 1)
            }
            None => {
                let (a, b) = self.pop_pair();
                (a, b, 0)
            }
        };
        let Some(exit) = jump.target else { return 1 };
        if let Some(body) = self.loop_bottom(jump, exit) {
            let want = jump.op == Op::POP_JUMP_IF_FALSE;
            self.absorbed[self.block + 1] = true;
            self.note_entry(exit);
            // The edge into the body comes from the absorbed jump.
            self.block += 1;
            self.jump(Word::new(forms[2 + k], want as u8, a, b, 0), body, false);
            self.block -= 1;
            return 1;
        }
        let want = jump.op == Op::POP_JUMP_IF_TRUE;
        self.jump(Word::new(forms[k], want as u8, a, b, 0), exit, false);
        1
    }

    /// A conditional jump out of a loop over a jump back into it: returns where that goes.
    fn loop_bottom(&self, jump: Instr, exit: ir::BlockId) -> Option<ir::BlockId> {
        let next = self.unit.blocks.get(self.block + 1)?;
        let [back] = next.instrs[..] else { return None };
        let target = back.target?;
        let own = back.op == Op::JUMP
            && back.loc.line == jump.loc.line
            && exit.0 as usize == self.block + 2
            && self.is_backward(target)
            && self.lines.only_from(self.block + 1, self.block)
            && !self.lines.edge_needs_pad(self.block, exit.0 as usize);
        own.then_some(target)
    }
}
