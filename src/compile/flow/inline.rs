//! Copies of small exit blocks in place of jumps to them.

use super::{BlockId, Graph, Op};

/// Instructions in the longest exit block that is copied.
const MAX_COPY: usize = 4;

impl Graph {
    /// Replaces unconditional jumps to small exits, and to blocks that have no line and do not fall through, by the
    /// block they go to, until there is no such jump.
    pub fn inline_exits(&mut self) {
        let layout = self.layout();
        loop {
            let mut changed = false;
            for &id in &layout {
                changed |= self.inline_exit(id);
            }
            if !changed {
                return;
            }
        }
    }

    fn inline_exit(&mut self, id: BlockId) -> bool {
        let Some(last) = self.at(id).last().copied() else { return false };
        let (true, Some(target)) = (last.op.is_unconditional_jump(), last.target) else { return false };
        let to = self.at(target);
        let small_exit = to.exits_scope() && to.instrs.len() <= MAX_COPY;
        let lineless = to.has_no_line() && !to.falls_through();
        if !(small_exit || lineless) {
            return false;
        }
        let copy = to.instrs.clone();
        self.at_mut(target).predecessors = self.at(target).predecessors.saturating_sub(1);
        let block = self.at_mut(id);
        if let Some(jump) = block.instrs.last_mut() {
            jump.op = Op::NOP;
            jump.target = None;
        }
        block.instrs.extend(copy);
        if lineless
            && last.op == Op::JUMP
            && let Some(end) = block.instrs.last_mut()
            && end.op.is_unconditional_jump()
        {
            // the check for interrupts of the jump that went away must not be lost
            end.op = Op::JUMP;
        }
        true
    }
}
