//! The depth of the operand stack at the start of each block.

use super::{BlockId, ENTRY, FlowError, Graph};

impl Graph {
    /// Sets `start_depth` of all reachable blocks; returns the greatest depth.
    pub fn compute_depths(&mut self) -> Result<u32, FlowError> {
        let mut todo = vec![ENTRY];
        let mut max = 0;
        for block in &mut self.blocks {
            block.start_depth = None;
        }
        self.blocks[0].start_depth = Some(0);
        while let Some(id) = todo.pop() {
            let mut depth = self.at(id).start_depth.unwrap_or(0);
            for i in 0..self.at(id).instrs.len() {
                let instr = self.at(id).instrs[i];
                if let Some(target) = instr.target {
                    let there = depth.checked_add_signed(instr.op.jump_growth(instr.arg));
                    max = max.max(self.enter(target, there, &mut todo)?);
                }
                let after = depth.checked_add_signed(instr.op.growth(instr.arg));
                depth = after.ok_or(FlowError("stack underflow"))?;
                max = max.max(depth);
            }
            if let Some(next) = self.fallthrough(id) {
                self.enter(next, Some(depth), &mut todo)?;
            }
        }
        Ok(max)
    }

    fn enter(&mut self, id: BlockId, depth: Option<u32>, todo: &mut Vec<BlockId>) -> Result<u32, FlowError> {
        let depth = depth.ok_or(FlowError("stack underflow at a jump"))?;
        let block = self.at_mut(id);
        match block.start_depth {
            Some(old) if old != depth => return Err(FlowError("inconsistent stack depth")),
            Some(_) => {}
            None => {
                block.start_depth = Some(depth);
                todo.push(id);
            }
        }
        Ok(depth)
    }
}
