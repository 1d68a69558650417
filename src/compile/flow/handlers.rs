//! Which handler protects each instruction.

use super::{BlockId, ENTRY, FlowError, Graph, HandlerRef, Op};

/// RESUME: the only protection is the generator's own.
const RESUME_DEPTH_1: u32 = 4;

impl Graph {
    /// Follows the control flow with the stack of open protections and notes the innermost one at each instruction.
    /// POP_BLOCK becomes NOP.
    pub fn label_handlers(&mut self) -> Result<(), FlowError> {
        let mut stacks: Vec<Option<Vec<BlockId>>> = vec![None; self.blocks.len()];
        let mut visited = vec![false; self.blocks.len()];
        let mut lasti = vec![false; self.blocks.len()];
        let mut handlers = vec![false; self.blocks.len()];
        for instr in self.blocks.iter().flat_map(|block| &block.instrs) {
            if let (true, Some(target)) = (instr.op.is_block_push(), instr.target) {
                handlers[target.0 as usize] = true;
            }
        }
        stacks[0] = Some(Vec::new());
        visited[0] = true;
        let mut todo = vec![ENTRY];
        while let Some(id) = todo.pop() {
            let mut stack = stacks[id.0 as usize].take().unwrap_or_default();
            let next = self.fallthrough(id);
            let mut yield_depth = 0;
            let mut reach = |to: BlockId, stack: &Vec<BlockId>, todo: &mut Vec<BlockId>| {
                if !std::mem::replace(&mut visited[to.0 as usize], true) {
                    stacks[to.0 as usize] = Some(stack.clone());
                    todo.push(to);
                }
            };
            for instr in &mut self.at_mut(id).instrs {
                let handler =
                    |stack: &Vec<BlockId>| stack.last().map(|&block| HandlerRef { block, depth: 0, push_lasti: false });
                if let (true, Some(target)) = (instr.op.is_block_push(), instr.target) {
                    reach(target, &stack, &mut todo);
                    lasti[target.0 as usize] |= instr.op != Op::SETUP_FINALLY;
                    stack.push(target);
                    continue;
                }
                if instr.op == Op::POP_BLOCK {
                    stack.pop().ok_or(FlowError("POP_BLOCK without a block"))?;
                    instr.op = Op::NOP;
                    continue;
                }
                instr.except = handler(&stack);
                match instr.op {
                    Op::YIELD_VALUE => yield_depth = stack.len(),
                    Op::RESUME if instr.arg != 0 && yield_depth == 1 => instr.arg |= RESUME_DEPTH_1,
                    _ => {}
                }
                if let Some(target) = instr.target {
                    reach(target, &stack, &mut todo);
                }
            }
            if let Some(next) = next {
                reach(next, &stack, &mut todo);
            }
        }
        for (i, block) in self.blocks.iter_mut().enumerate() {
            block.push_lasti = lasti[i];
            block.is_handler = handlers[i];
        }
        Ok(())
    }

    /// The SETUP instructions have done their work.
    pub fn drop_block_setup(&mut self) {
        for instr in self.blocks.iter_mut().flat_map(|block| &mut block.instrs) {
            if instr.op.is_block_push() {
                instr.op = Op::NOP;
                instr.arg = 0;
                instr.target = None;
            }
        }
        self.remove_nops_and_jumps();
    }
}
