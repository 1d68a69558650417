//! Blocks that only exceptions lead to go to the end.

use super::{BlockId, ENTRY, FlowBlock, Graph, Instr, Loc, Op};

impl Graph {
    fn successors(&self, id: BlockId) -> Vec<BlockId> {
        let jumps = self.at(id).instrs.iter().filter(|instr| instr.op.is_jump()).filter_map(|instr| instr.target);
        self.fallthrough(id).into_iter().chain(jumps).collect()
    }

    fn mark_warm_and_cold(&mut self) {
        let mut todo = vec![ENTRY];
        self.blocks[0].warm = true;
        while let Some(id) = todo.pop() {
            for to in self.successors(id) {
                if !std::mem::replace(&mut self.at_mut(to).warm, true) {
                    todo.push(to);
                }
            }
        }
        todo.extend(self.layout().into_iter().filter(|&id| self.at(id).is_handler));
        for &id in &todo {
            self.at_mut(id).cold = true;
        }
        while let Some(id) = todo.pop() {
            for to in self.successors(id) {
                let block = self.at_mut(to);
                if !block.warm && !std::mem::replace(&mut block.cold, true) {
                    todo.push(to);
                }
            }
        }
    }

    /// Moves the cold blocks behind the others, in order.  Where a cold block fell into a warm one it now jumps.
    pub fn push_cold_to_end(&mut self) {
        if self.blocks[0].next.is_none() {
            return;
        }
        self.mark_warm_and_cold();
        for id in self.layout() {
            let Some(next) = self.fallthrough(id) else { continue };
            if !(self.at(id).cold && self.at(next).warm) {
                continue;
            }
            self.at_mut(next).labelled = true;
            let jump = Instr { op: Op::JUMP_NO_INTERRUPT, arg: 0, target: Some(next), loc: Loc::NONE, except: None };
            let jump = self.add(FlowBlock {
                instrs: vec![jump],
                next: Some(next),
                cold: true,
                predecessors: 1,
                ..FlowBlock::default()
            });
            self.at_mut(id).next = Some(jump);
        }
        let (cold, other): (Vec<BlockId>, Vec<BlockId>) = self.layout().into_iter().partition(|&id| self.at(id).cold);
        let any_cold = !cold.is_empty();
        let order: Vec<BlockId> = other.into_iter().chain(cold).collect();
        for (i, &id) in order.iter().enumerate() {
            self.at_mut(id).next = order.get(i + 1).copied();
        }
        if any_cold {
            self.remove_nops_and_jumps();
        }
    }
}
