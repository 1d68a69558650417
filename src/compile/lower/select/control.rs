//! Calls, generators, jumps, `with` and exceptions.

use super::{Instr, Lowering, Op, Rest, Slot};
use crate::code::{Op as R, Word};
use crate::compile::ir::BlockId;

impl Lowering<'_> {
    pub(super) fn call(&mut self, n: usize, rest: Rest) -> usize {
        // A callee's registers begin at its arguments: nothing that lives may lie above them.
        self.canonicalize_all();
        let (no_self, base) = self.pop_callee(n);
        let n = self.operand(n);
        self.result(rest, |l, d| l.op(R::CALL, no_self, base, n, d))
    }

    pub(super) fn call_with_keywords(&mut self, n: usize, rest: Rest) -> usize {
        let Slot::Const(names) = self.pop() else { unreachable!("the names of keyword arguments are a constant") };
        let (no_self, base) = self.pop_callee(n);
        let n = self.operand(n);
        self.result(rest, |l, d| {
            let at = l.op(R::CALL_KW, no_self, base, n, d);
            l.set_extra(at, 1, u64::from(names));
            at
        })
    }

    /// Pops `n` arguments and what is called; whether there is no `self` among them, and the first register.
    fn pop_callee(&mut self, n: usize) -> (u8, u16) {
        let no_self = self.stack[self.stack.len() - n - 1] == Slot::Null;
        (u8::from(no_self), self.pop_call(n + 2))
    }

    pub(super) fn call_spread(&mut self, n: usize, rest: Rest) -> usize {
        let base = self.pop_group(3 + (n & 1));
        let with_keywords = self.operand(n & 1);
        self.result(rest, |l, d| l.op(R::CALL_EX, with_keywords, base, 0, d))
    }

    pub(super) fn return_generator(&mut self) -> usize {
        self.op(R::RETURN_GENERATOR, 0, 0, 0, 0);
        self.push(Slot::Null)
    }

    pub(super) fn yield_value(&mut self, n: usize, rest: Rest) -> usize {
        let v = self.pop_register();
        let alone = rest.first().is_some_and(|r| r.op == Op::RESUME && r.arg & 4 != 0);
        let d = self.push_temp();
        self.done(Word::new(R::YIELD, self.operand(n & 1 | usize::from(alone) << 1), d, v, 0))
    }

    pub(super) fn send(&mut self, i: Instr) -> usize {
        self.canonicalize_all();
        let base = self.canonical(self.stack.len() - 2);
        if let Some(target) = i.target {
            self.jump(Word::new(R::SEND, 0, base, 0, 0), target, false);
        }
        0
    }

    pub(super) fn end_send(&mut self) -> usize {
        let value = self.pop();
        let receiver = self.pop_register();
        let w = self.load_word(value, receiver);
        self.stack.push(Slot::Temp(receiver));
        self.done(w)
    }

    pub(super) fn with_except_start(&mut self) -> usize {
        let exit = self.peek_register(4);
        let exception = self.peek_register(1);
        let d = self.push_temp();
        self.done(Word::new(R::WITH_EXCEPT_START, 0, d, exit, exception))
    }

    pub(super) fn check_match(&mut self) -> usize {
        let class = self.pop_register();
        let e = self.peek_register(1);
        let d = self.push_temp();
        self.done(Word::new(R::CHECK_EXC_MATCH, 0, d, e, class))
    }

    pub(super) fn reraise(&mut self, n: usize) -> usize {
        let e = self.pop_register();
        let place = if n > 0 { self.peek_register(n) } else { 0 };
        self.done(Word::new(R::RERAISE, u8::from(n > 0), e, place, 0))
    }

    pub(super) fn raise(&mut self, n: usize) -> usize {
        let (a, b) = match n {
            0 => (0, 0),
            1 => (self.pop_register(), 0),
            _ => self.pop_pair(),
        };
        self.done(Word::new(R::RAISE, self.operand(n), a, b, 0))
    }

    pub(super) fn jump_always(&mut self, i: Instr) -> usize {
        self.canonicalize_all();
        if let Some(target) = i.target {
            let op = match i.op {
                Op::JUMP if self.is_backward(target) => R::JUMP_BACK,
                Op::JUMP => R::JUMP,
                _ => R::JUMP_SILENT,
            };
            self.jump(Word::long(op, 0, 0, 0), target, true);
        }
        0
    }

    pub(super) fn jump_if(&mut self, op: R, i: Instr) -> usize {
        self.canonicalize(0, self.stack.len() - 1);
        let v = self.pop_register();
        if let Some(target) = i.target {
            self.jump(Word::long(op, 0, v, 0), target, true);
        }
        0
    }

    pub(super) fn for_iter(&mut self, i: Instr) -> usize {
        self.canonicalize_all();
        let iterator = self.peek_register(1);
        let next = self.block + 1;
        let store = self.unit.blocks.get(next).and_then(|b| b.instrs.first()).copied();
        let fused = store.filter(|s| {
            s.op == Op::STORE_FAST
                && s.loc.line == i.loc.line
                && s.except == i.except
                && self.lines.only_from(next, self.block)
        });
        let d = match fused {
            Some(s) => {
                self.skip_first[next] = true;
                self.operand(s.arg as usize)
            }
            None => self.canonical(self.stack.len()),
        };
        if let Some(target) = i.target {
            self.jump(Word::new(R::FOR_ITER, 0, iterator, d, 0), target, false);
        }
        let r = self.canonical(self.stack.len());
        self.stack.push(Slot::Temp(r));
        if fused.is_some() {
            // `next` begins with the item still on its stack; the store pops it there.
            self.note_entry(BlockId(next as u32));
        }
        0
    }
}
