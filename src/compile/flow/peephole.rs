//! Rewrites within a block.

use super::{BlockId, Consts, Graph, Instr, Op, swaps};
use crate::code::constant::Const;
use crate::compile::ir::COMPARE_TO_BOOL;

fn set(instr: &mut Instr, op: Op, arg: u32) {
    instr.op = op;
    instr.arg = arg;
    if !op.has_target() {
        instr.target = None;
    }
}

/// What follows a load of a constant and can be decided now: jumps, `is None`, truth, return.
pub fn fold_loads(instrs: &mut [Instr], consts: &mut Consts) {
    let mut loaded: Option<u32> = None;
    let mut i = 0;
    while i < instrs.len() {
        let instr = instrs[i];
        let is_copy = loaded.is_some() && instr.op == Op::COPY && instr.arg == 1;
        if !is_copy {
            loaded = (instr.op == Op::LOAD_CONST).then_some(instr.arg);
        }
        if let Some(index) = loaded
            && let Some(next) = instrs.get(i + 1).copied()
        {
            let value = &consts.values[index as usize];
            match next.op {
                Op::POP_JUMP_IF_FALSE | Op::POP_JUMP_IF_TRUE => {
                    let jumps = value.truth() == (next.op == Op::POP_JUMP_IF_TRUE);
                    set(&mut instrs[i], Op::NOP, 0);
                    set(&mut instrs[i + 1], if jumps { Op::JUMP } else { Op::NOP }, 0);
                }
                Op::IS_OP if matches!(value, Const::None) => fold_is_none(instrs, i),
                Op::RETURN_VALUE => {
                    set(&mut instrs[i], Op::NOP, 0);
                    set(&mut instrs[i + 1], Op::RETURN_CONST, index);
                    i += 1;
                }
                Op::TO_BOOL => {
                    let truth = if value.truth() { Const::True } else { Const::False };
                    let index = consts.index(truth);
                    set(&mut instrs[i], Op::NOP, 0);
                    set(&mut instrs[i + 1], Op::LOAD_CONST, index);
                }
                _ => {}
            }
        }
        i += 1;
    }
}

/// `LOAD_CONST None; IS_OP; [TO_BOOL]; POP_JUMP_IF_x` at `i`.
fn fold_is_none(instrs: &mut [Instr], i: usize) {
    let mut at = i + 2;
    if instrs.get(at).is_some_and(|instr| instr.op == Op::TO_BOOL) {
        set(&mut instrs[at], Op::NOP, 0);
        at += 1;
    }
    let Some(jump) = instrs.get(at) else { return };
    let inverted = match jump.op {
        Op::POP_JUMP_IF_FALSE => instrs[i + 1].arg == 0,
        Op::POP_JUMP_IF_TRUE => instrs[i + 1].arg != 0,
        _ => return,
    };
    set(&mut instrs[i], Op::NOP, 0);
    set(&mut instrs[i + 1], Op::NOP, 0);
    instrs[at].op = if inverted { Op::POP_JUMP_IF_NOT_NONE } else { Op::POP_JUMP_IF_NONE };
}

/// `LOAD_CONST .. LOAD_CONST; BUILD_TUPLE` at `i` becomes one constant.
fn fold_tuple(instrs: &mut [Instr], i: usize, consts: &mut Consts) {
    let Some(start) = i.checked_sub(instrs[i].arg as usize) else { return };
    if instrs[start..i].iter().any(|instr| instr.op != Op::LOAD_CONST) {
        return;
    }
    let items: Vec<Const> = instrs[start..i].iter().map(|instr| consts.values[instr.arg as usize].clone()).collect();
    let index = consts.index(Const::Tuple(items.into()));
    for load in &mut instrs[start..i] {
        set(load, Op::NOP, 0);
    }
    set(&mut instrs[i], Op::LOAD_CONST, index);
}

impl Graph {
    /// A jump to an unconditional jump goes where that one goes; the jump itself leaves a NOP for its line.
    fn thread_jump(&mut self, id: BlockId, i: usize) -> bool {
        let instr = self.at(id).instrs[i];
        let Some(first) = instr.target.and_then(|target| self.at(target).instrs.first().copied()) else { return false };
        let op = match (instr.op, first.op) {
            (Op::JUMP | Op::JUMP_NO_INTERRUPT, Op::JUMP) => Op::JUMP,
            (_, Op::JUMP) | (Op::JUMP | Op::JUMP_NO_INTERRUPT, Op::JUMP_NO_INTERRUPT) => instr.op,
            _ => return false,
        };
        if first.target == instr.target {
            return false;
        }
        let block = self.at_mut(id);
        set(&mut block.instrs[i], Op::NOP, 0);
        block.instrs.push(Instr { op, arg: 0, target: first.target, loc: first.loc, except: None });
        true
    }

    /// Peephole rewrites of one block; constants that arise are added to `consts`.
    pub fn optimize_block(&mut self, id: BlockId, consts: &mut Consts) {
        let mut i = 0;
        while i < self.at(id).instrs.len() {
            let instrs = &mut self.at_mut(id).instrs;
            let instr = instrs[i];
            let next = instrs.get(i + 1).copied();
            let next_op = next.map(|next| next.op);
            match instr.op {
                Op::BUILD_TUPLE => match (instr.arg, next) {
                    (n @ 1..=3, Some(next)) if next.op == Op::UNPACK_SEQUENCE && next.arg == n => {
                        set(&mut instrs[i], Op::NOP, 0);
                        let (op, arg) = if n == 1 { (Op::NOP, 0) } else { (Op::SWAP, n) };
                        set(&mut instrs[i + 1], op, arg);
                    }
                    _ => fold_tuple(instrs, i, consts),
                },
                Op::JUMP
                | Op::JUMP_NO_INTERRUPT
                | Op::POP_JUMP_IF_FALSE
                | Op::POP_JUMP_IF_TRUE
                | Op::POP_JUMP_IF_NONE
                | Op::POP_JUMP_IF_NOT_NONE => {
                    self.thread_jump(id, i);
                }
                Op::STORE_FAST
                    if next.is_some_and(|n| n.op == instr.op && n.arg == instr.arg && n.loc.line == instr.loc.line) =>
                {
                    set(&mut instrs[i], Op::POP_TOP, 0);
                }
                Op::SWAP if instr.arg == 1 => set(&mut instrs[i], Op::NOP, 0),
                Op::LOAD_GLOBAL if next_op == Some(Op::PUSH_NULL) && instr.arg & 1 == 0 => {
                    instrs[i].arg |= 1;
                    set(&mut instrs[i + 1], Op::NOP, 0);
                }
                Op::COMPARE_OP if next_op == Some(Op::TO_BOOL) => {
                    set(&mut instrs[i], Op::NOP, 0);
                    set(&mut instrs[i + 1], Op::COMPARE_OP, instr.arg | COMPARE_TO_BOOL);
                }
                Op::CONTAINS_OP | Op::IS_OP if matches!(next_op, Some(Op::TO_BOOL | Op::UNARY_NOT)) => {
                    let arg = instr.arg ^ u32::from(next_op == Some(Op::UNARY_NOT));
                    set(&mut instrs[i], Op::NOP, 0);
                    set(&mut instrs[i + 1], instr.op, arg);
                }
                Op::TO_BOOL if next_op == Some(Op::TO_BOOL) => {
                    set(&mut instrs[i], Op::NOP, 0);
                }
                Op::UNARY_NOT => match next_op {
                    Some(Op::TO_BOOL) => {
                        set(&mut instrs[i], Op::NOP, 0);
                        set(&mut instrs[i + 1], Op::UNARY_NOT, 0);
                    }
                    Some(Op::UNARY_NOT) => {
                        set(&mut instrs[i], Op::NOP, 0);
                        set(&mut instrs[i + 1], Op::NOP, 0);
                    }
                    _ => {}
                },
                _ => {}
            }
            i += 1;
        }
        let instrs = &mut self.at_mut(id).instrs;
        let mut i = 0;
        while i < instrs.len() {
            if instrs[i].op == Op::SWAP {
                i = swaps::minimize(instrs, i);
                swaps::apply_statically(instrs, i);
            }
            i += 1;
        }
    }
}
