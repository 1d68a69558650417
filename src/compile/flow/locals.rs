//! Which loads of locals must check that the local is bound.

use super::{BlockId, ENTRY, FlowBlock, Graph, Op, Unit};
use crate::compile::ir::flags;

/// How many locals are followed through the control flow; the others only within a block, as in CPython.
const TRACKED: u32 = 64;

impl Graph {
    /// Turns LOAD_FAST of a local that may be unbound into LOAD_FAST_CHECK.
    pub fn check_locals(&mut self, unit: &Unit) {
        let locals = unit.varnames.len() as u32;
        if locals == 0 {
            return;
        }
        let stars = [flags::VARARGS, flags::VARKEYWORDS].iter().filter(|&&bit| unit.flags & bit != 0).count();
        let params = unit.arg_count + unit.kw_only_count + stars as u32;
        if locals > TRACKED {
            self.check_untracked(locals);
        }
        let mut work =
            Work { unbound: vec![0; self.blocks.len()], waiting: vec![false; self.blocks.len()], todo: Vec::new() };
        let mask = (params..locals.min(TRACKED)).fold(0u64, |mask, local| mask | 1 << local);
        work.reach(ENTRY, mask);
        for id in self.layout() {
            self.scan(id, &mut work);
        }
        while let Some(id) = work.todo.pop() {
            work.waiting[id.0 as usize] = false;
            self.scan(id, &mut work);
        }
    }

    fn scan(&mut self, id: BlockId, work: &mut Work) {
        let mut mask = work.unbound[id.0 as usize];
        let next = self.fallthrough(id);
        let block: &mut FlowBlock = self.at_mut(id);
        for instr in &mut block.instrs {
            if let Some(handler) = instr.except {
                work.reach(handler.block, mask);
            }
            if instr.arg >= TRACKED {
                continue;
            }
            let bit = 1u64 << instr.arg;
            match instr.op {
                Op::DELETE_FAST | Op::LOAD_FAST_AND_CLEAR | Op::STORE_FAST_MAYBE_NULL => mask |= bit,
                Op::STORE_FAST | Op::LOAD_FAST_CHECK => mask &= !bit,
                Op::LOAD_FAST => {
                    if mask & bit != 0 {
                        instr.op = Op::LOAD_FAST_CHECK;
                    }
                    mask &= !bit;
                }
                _ => {}
            }
        }
        let jump = block.last().filter(|last| last.op.is_jump()).and_then(|last| last.target);
        for to in next.into_iter().chain(jump) {
            work.reach(to, mask);
        }
    }

    fn check_untracked(&mut self, locals: u32) {
        for block in &mut self.blocks {
            let mut bound = vec![false; locals as usize];
            for instr in &mut block.instrs {
                if instr.arg < TRACKED {
                    continue;
                }
                let at = instr.arg as usize;
                match instr.op {
                    Op::DELETE_FAST | Op::LOAD_FAST_AND_CLEAR | Op::STORE_FAST_MAYBE_NULL => bound[at] = false,
                    Op::STORE_FAST => bound[at] = true,
                    Op::LOAD_FAST => {
                        if !bound[at] {
                            instr.op = Op::LOAD_FAST_CHECK;
                        }
                        bound[at] = true;
                    }
                    _ => {}
                }
            }
        }
    }
}

struct Work {
    /// For each block the locals that may be unbound where it starts.
    unbound: Vec<u64>,
    waiting: Vec<bool>,
    todo: Vec<BlockId>,
}

impl Work {
    fn reach(&mut self, id: BlockId, mask: u64) {
        let at = id.0 as usize;
        let both = self.unbound[at] | mask;
        if both != self.unbound[at] {
            self.unbound[at] = both;
            if !std::mem::replace(&mut self.waiting[at], true) {
                self.todo.push(id);
            }
        }
    }
}
