//! Variables, attributes, imports, and what is stored into containers.

use super::{Instr, Lowering, Op, Rest, Slot};
use crate::code::{Op as R, Word};

impl Lowering<'_> {
    pub(super) fn load_local(&mut self, n: usize) -> usize {
        let slot = Slot::Local(self.operand(n));
        self.push(slot)
    }

    pub(super) fn load_local_checked(&mut self, n: usize) -> usize {
        self.op(R::CHECK_BOUND, 0, self.operand(n), 0, 0);
        self.load_local(n)
    }

    pub(super) fn load_local_and_clear(&mut self, n: usize) -> usize {
        let local = self.operand(n);
        self.save_local(local);
        let d = self.push_temp();
        self.done(Word::new(R::MOVE_CLEAR, 0, d, local, 0))
    }

    pub(super) fn store_local(&mut self, i: Instr) -> usize {
        let local = self.operand(i.arg as usize);
        self.save_local(local);
        match self.pop() {
            Slot::Local(l) if l == local => 0,
            Slot::Temp(t) if i.op == Op::STORE_FAST_MAYBE_NULL => self.done(Word::new(R::MOVE_CLEAR, 0, local, t, 0)),
            slot => {
                let w = self.load_word(slot, local);
                self.done(w)
            }
        }
    }

    pub(super) fn delete_local(&mut self, n: usize) -> usize {
        let local = self.operand(n);
        self.save_local(local);
        self.done(Word::new(R::DELETE_LOCAL, 0, local, 0, 0))
    }

    /// An instruction of a cell alone.
    pub(super) fn cell(&mut self, op: R, n: u32) -> usize {
        let cell = self.cell_register(n);
        self.done(Word::new(op, 0, cell, 0, 0))
    }

    pub(super) fn copy_free_variables(&mut self, n: usize) -> usize {
        let first = self.cell_register(self.unit.cellvars.len() as u32);
        self.done(Word::new(R::COPY_FREE_VARS, 0, first, self.operand(n), 0))
    }

    pub(super) fn load_closure(&mut self, n: u32) -> usize {
        let cell = self.cell_register(n);
        let d = self.push_temp();
        self.done(Word::new(R::COPY, 0, d, cell, 0))
    }

    pub(super) fn load_cell(&mut self, n: u32, rest: Rest) -> usize {
        let cell = self.cell_register(n);
        self.result(rest, |l, d| l.op(R::LOAD_DEREF, 0, d, cell, 0))
    }

    pub(super) fn store_cell(&mut self, n: u32) -> usize {
        let cell = self.cell_register(n);
        let v = self.pop_register();
        self.done(Word::new(R::STORE_DEREF, 0, cell, v, 0))
    }

    pub(super) fn load_mapping_or_cell(&mut self, n: u32, rest: Rest) -> usize {
        let cell = self.cell_register(n);
        let map = self.pop_register();
        self.result(rest, |l, d| l.op(R::LOAD_FROM_DICT_OR_DEREF, 0, d, map, cell))
    }

    pub(super) fn delete_name(&mut self, op: R, n: usize) -> usize {
        self.done(Word::new(op, 0, 0, self.operand(n), 0))
    }

    pub(super) fn load_global(&mut self, n: usize, rest: Rest) -> usize {
        if n & 1 == 0 {
            return self.produce(rest, R::LOAD_GLOBAL, n >> 1);
        }
        let d = self.push_temp();
        self.op(R::LOAD_GLOBAL, 0, d, self.operand(n >> 1), 0);
        self.push(Slot::Null)
    }

    pub(super) fn load_attribute(&mut self, n: usize, rest: Rest) -> usize {
        if n & 1 == 0 {
            return self.unary_with(rest, R::LOAD_ATTR, n >> 1);
        }
        self.spread(R::LOAD_METHOD, 2, 0, n >> 1)
    }

    pub(super) fn store_attribute(&mut self, n: usize) -> usize {
        let owner = self.pop_register();
        let v = self.pop_register();
        self.done(Word::new(R::STORE_ATTR, 0, owner, v, self.operand(n)))
    }

    pub(super) fn load_super_attribute(&mut self, n: usize) -> usize {
        let b = self.pop_group(3);
        let a = self.push_canonical(1 + (n & 1));
        self.done(Word::new(R::LOAD_SUPER_ATTR, self.operand(n & 3), a, b, self.operand(n >> 2)))
    }

    pub(super) fn import(&mut self, n: usize, rest: Rest) -> usize {
        let (level, names) = self.pop_pair();
        self.result(rest, |l, d| {
            let at = l.op(R::IMPORT_NAME, 0, d, level, names);
            l.set_extra(at, 1, n as u64);
            at
        })
    }

    pub(super) fn import_from(&mut self, n: usize) -> usize {
        let module = self.peek_register(1);
        let d = self.push_temp();
        self.done(Word::new(R::IMPORT_FROM, 0, d, module, self.operand(n)))
    }

    pub(super) fn store_item(&mut self) -> usize {
        let (o, k) = self.pop_pair();
        let v = self.pop_register();
        self.done(Word::new(R::STORE_SUBSCR, 0, o, k, v))
    }

    pub(super) fn add_pair_to(&mut self, n: usize) -> usize {
        let (k, v) = self.pop_pair();
        let target = self.peek_register(n);
        self.done(Word::new(R::MAP_ADD, 0, target, k, v))
    }

    pub(super) fn merge_keywords(&mut self, n: usize) -> usize {
        let v = self.pop_register();
        let target = self.peek_register(n);
        // `callable NULL args dict`: the callable is named in the message.
        let callable = self.peek_register(n + 3);
        self.done(Word::new(R::DICT_MERGE, 0, target, v, callable))
    }

    pub(super) fn match_keys(&mut self) -> usize {
        let (subject, keys) = (self.peek_register(2), self.peek_register(1));
        let d = self.push_temp();
        self.done(Word::new(R::MATCH_KEYS, 0, d, subject, keys))
    }

    pub(super) fn set_function_attribute(&mut self, n: usize) -> usize {
        let function = self.pop();
        let v = self.pop_register();
        self.stack.push(function);
        let f = self.materialize(self.stack.len() - 1);
        self.done(Word::new(R::SET_FUNCTION_ATTRIBUTE, self.operand(n), f, v, 0))
    }
}
