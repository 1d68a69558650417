//! Removal of instructions that do nothing and are not needed for their line.

use super::{BlockId, Graph, Instr, Loc, Op};

fn set_nop(instr: &mut Instr) {
    instr.op = Op::NOP;
    instr.arg = 0;
    instr.target = None;
}

impl Graph {
    /// For each block of the layout the line of the first instruction that will stay at or after it.
    fn first_lines(&self) -> Vec<Option<i32>> {
        self.at_or_after(|_, block| {
            let kept = block.instrs.iter().find(|instr| instr.op != Op::NOP || instr.loc.line >= 0);
            (!block.instrs.is_empty()).then_some(kept.map_or(Loc::NONE.line, |instr| instr.loc.line))
        })
    }

    /// `first_lines` must hold for the blocks behind `id`.
    fn remove_nops_of(&mut self, id: BlockId, first_lines: &[Option<i32>]) -> bool {
        let line_after = self.at(id).next.and_then(|next| first_lines[next.0 as usize]);
        let instrs = &mut self.at_mut(id).instrs;
        let before = instrs.len();
        let mut kept = 0;
        let mut previous = -1;
        for i in 0..before {
            let instr = instrs[i];
            let line = instr.loc.line;
            if instr.op == Op::NOP {
                if line < 0 || line == previous {
                    continue;
                }
                match instrs.get_mut(i + 1) {
                    Some(next) if next.loc.line == line => continue,
                    Some(next) if next.loc.line < 0 => {
                        next.loc = instr.loc;
                        continue;
                    }
                    None if line_after == Some(line) => continue,
                    _ => {}
                }
            }
            instrs[kept] = instr;
            kept += 1;
            previous = line;
        }
        instrs.truncate(kept);
        kept != before
    }

    /// Removes NOPs that are not the only instruction of their line.
    pub fn remove_nops(&mut self) -> bool {
        let first_lines = self.first_lines();
        let mut changed = false;
        for id in self.layout() {
            changed |= self.remove_nops_of(id, &first_lines);
        }
        changed
    }

    fn remove_redundant_jumps(&mut self) -> bool {
        let nonempty = self.nonempty();
        let from = |id: Option<BlockId>| id.and_then(|id| nonempty[id.0 as usize]);
        let mut changed = false;
        for id in self.layout() {
            let Some(last) = self.at(id).last().copied() else { continue };
            if !last.op.is_unconditional_jump() {
                continue;
            }
            let next = from(self.at(id).next);
            if next.is_some()
                && from(last.target) == next
                && let Some(last) = self.at_mut(id).instrs.last_mut()
            {
                set_nop(last);
                changed = true;
            }
        }
        changed
    }

    /// Removes NOPs and jumps to the next instruction until there is none.
    pub fn remove_nops_and_jumps(&mut self) {
        loop {
            let nops = self.remove_nops();
            let jumps = self.remove_redundant_jumps();
            if !(nops || jumps) {
                return;
            }
        }
    }

    /// Removes loads that are popped at once, and NOPs.
    pub fn remove_pairs(&mut self) {
        let mut done = false;
        while !done {
            done = true;
            let mut previous: Option<(BlockId, usize)> = None;
            let first_lines = self.first_lines();
            for id in self.layout() {
                self.remove_nops_of(id, &first_lines);
                if self.at(id).labelled {
                    previous = None;
                }
                for i in 0..self.at(id).instrs.len() {
                    if self.at(id).instrs[i].op == Op::POP_TOP
                        && let Some((block, at)) = previous
                    {
                        let load = &mut self.at_mut(block).instrs[at];
                        if load.op == Op::LOAD_CONST || (load.op == Op::COPY && load.arg == 1) {
                            set_nop(load);
                            set_nop(&mut self.at_mut(id).instrs[i]);
                            done = false;
                        }
                    }
                    previous = Some((id, i));
                }
                let block = self.at(id);
                if !block.falls_through() || block.last().is_some_and(|last| last.op.is_jump()) {
                    previous = None;
                }
            }
        }
    }
}
