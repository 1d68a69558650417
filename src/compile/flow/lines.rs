//! Lines for instructions that were generated without one.

use super::{BlockId, FlowBlock, Graph, Loc, Op};

impl FlowBlock {
    fn has_eval_break(&self) -> bool {
        self.instrs
            .iter()
            .any(|instr| matches!(instr.op, Op::JUMP | Op::RESUME | Op::CALL | Op::CALL_KW | Op::CALL_FUNCTION_EX))
    }

    fn needs_line_of_its_own(&self) -> bool {
        (self.exits_scope() || self.has_eval_break()) && self.has_no_line()
    }
}

impl Graph {
    /// Every exit gets a line (PEP 626): exits without one are copied for each jump to them, then lines run forward
    /// within a block and into blocks with one predecessor.
    pub fn resolve_lines(&mut self) {
        self.duplicate_exits();
        self.propagate_lines();
    }

    fn duplicate_exits(&mut self) {
        let nonempty = self.nonempty();
        let mut at = Some(super::ENTRY);
        while let Some(id) = at {
            self.duplicate_exit_of(id, &nonempty);
            at = self.at(id).next;
        }
        for id in self.layout() {
            let (Some(next), Some(last)) = (self.fallthrough(id), self.at(id).last().copied()) else { continue };
            if self.at(next).needs_line_of_its_own()
                && let Some(first) = self.at_mut(next).instrs.first_mut()
            {
                first.loc = last.loc;
            }
        }
    }

    fn duplicate_exit_of(&mut self, id: BlockId, nonempty: &[Option<BlockId>]) {
        let Some(last) = self.at(id).last().copied() else { return };
        if !last.op.is_jump() {
            return;
        }
        let Some(target) = last.target.and_then(|target| nonempty[target.0 as usize]) else { return };
        let to = self.at(target);
        if to.falls_through() || !to.needs_line_of_its_own() || to.predecessors <= 1 {
            return;
        }
        let mut copy = FlowBlock {
            instrs: to.instrs.clone(),
            next: to.next,
            labelled: true,
            predecessors: 1,
            ..FlowBlock::default()
        };
        if let Some(first) = copy.instrs.first_mut() {
            first.loc = last.loc;
        }
        let copy = self.add(copy);
        let to = self.at_mut(target);
        to.predecessors -= 1;
        to.next = Some(copy);
        if let Some(last) = self.at_mut(id).instrs.last_mut() {
            last.target = Some(copy);
        }
    }

    fn propagate_lines(&mut self) {
        for id in self.layout() {
            let mut loc = Loc::NONE;
            for instr in &mut self.at_mut(id).instrs {
                if instr.loc.line == Loc::NONE.line {
                    instr.loc = loc;
                } else {
                    loc = instr.loc;
                }
            }
            let Some(last) = self.at(id).last().copied() else { continue };
            let jump = if last.op.is_jump() { last.target } else { None };
            for to in self.fallthrough(id).into_iter().chain(jump) {
                let to = self.at_mut(to);
                if to.predecessors == 1
                    && let Some(first) = to.instrs.first_mut()
                    && first.loc.line == Loc::NONE.line
                {
                    first.loc = loc;
                }
            }
        }
    }
}
