//! From a flat list of instructions with labels to basic blocks in layout order.
//!
//! The passes are those of CPython 3.13 in its order, because which blocks are copied, threaded and moved decides where
//! line, jump and branch events fall.

mod build;
mod cold;
mod depth;
mod handlers;
mod inline;
mod lines;
mod locals;
mod nops;
mod peephole;
mod prefix;
mod swaps;

use rustc_hash::FxHashMap;

use super::ir::{Block, BlockId, HandlerRef, Instr, Loc, Op, Unit};
use crate::code::constant::Const;

/// What code generation made of one scope, before it is a [`Unit`].
pub struct Sequence {
    /// Targets are labels: indexes of `labels`.
    pub instrs: Vec<Instr>,
    /// For each label the index of the instruction it stands before.
    pub labels: Vec<u32>,
}

/// The control flow graph while it is being worked on.  Blocks are never removed from `blocks`; `next` is the layout.
struct Graph {
    blocks: Vec<FlowBlock>,
}

/// A block of a [`Graph`]; the entry is the first.
#[derive(Default)]
struct FlowBlock {
    instrs: Vec<Instr>,
    next: Option<BlockId>,
    /// Whether it was a jump target when the graph was built.
    labelled: bool,
    predecessors: u32,
    is_handler: bool,
    push_lasti: bool,
    cold: bool,
    warm: bool,
    start_depth: Option<u32>,
}

const ENTRY: BlockId = BlockId(0);

impl FlowBlock {
    fn last(&self) -> Option<&Instr> {
        self.instrs.last()
    }

    fn exits_scope(&self) -> bool {
        self.last().is_some_and(|instr| instr.op.is_scope_exit())
    }

    fn falls_through(&self) -> bool {
        !self.last().is_some_and(|instr| instr.op.is_scope_exit() || instr.op.is_unconditional_jump())
    }

    fn has_no_line(&self) -> bool {
        self.instrs.iter().all(|instr| instr.loc.line < 0)
    }
}

impl Graph {
    fn at(&self, id: BlockId) -> &FlowBlock {
        &self.blocks[id.0 as usize]
    }

    fn at_mut(&mut self, id: BlockId) -> &mut FlowBlock {
        &mut self.blocks[id.0 as usize]
    }

    fn add(&mut self, block: FlowBlock) -> BlockId {
        self.blocks.push(block);
        BlockId(self.blocks.len() as u32 - 1)
    }

    /// The blocks in layout order.
    fn layout(&self) -> Vec<BlockId> {
        let mut layout = Vec::with_capacity(self.blocks.len());
        layout.extend(std::iter::successors(Some(ENTRY), |&id| self.at(id).next));
        layout
    }

    /// For each block of the layout what `of` finds at it, or else what it finds at the first block behind it where it
    /// finds anything.
    fn at_or_after<T: Copy>(&self, of: impl Fn(BlockId, &FlowBlock) -> Option<T>) -> Vec<Option<T>> {
        let mut found = vec![None; self.blocks.len()];
        let mut next = None;
        for id in self.layout().into_iter().rev() {
            next = of(id, self.at(id)).or(next);
            found[id.0 as usize] = next;
        }
        found
    }

    /// For each block of the layout the first with instructions at or after it.
    fn nonempty(&self) -> Vec<Option<BlockId>> {
        self.at_or_after(|id, block| (!block.instrs.is_empty()).then_some(id))
    }

    /// The block that control falls into from `id`.
    fn fallthrough(&self, id: BlockId) -> Option<BlockId> {
        let block = self.at(id);
        if block.falls_through() { block.next } else { None }
    }

    /// Empties the blocks that nothing leads to and counts the predecessors of the others.
    fn remove_unreachable(&mut self) {
        let mut counts = vec![0u32; self.blocks.len()];
        let mut todo = vec![ENTRY];
        counts[0] = 1;
        let mut visited = vec![false; self.blocks.len()];
        visited[0] = true;
        while let Some(id) = todo.pop() {
            let targets = self.at(id).instrs.iter().filter_map(|instr| instr.target);
            for to in self.fallthrough(id).into_iter().chain(targets) {
                counts[to.0 as usize] += 1;
                if !std::mem::replace(&mut visited[to.0 as usize], true) {
                    todo.push(to);
                }
            }
        }
        for (block, count) in self.blocks.iter_mut().zip(counts) {
            block.predecessors = count;
            if count == 0 {
                block.instrs.clear();
                block.is_handler = false;
            }
        }
    }

    /// Gives jumps that go back in the layout their final form: only [`Op::JUMP`] can, so a conditional one is turned
    /// round and jumps over it.
    fn normalize_jumps(&mut self) {
        let mut seen = vec![false; self.blocks.len()];
        for id in self.layout() {
            seen[id.0 as usize] = true;
            let Some(last) = self.at(id).last().copied() else { continue };
            if let (Op::JUMP_NO_INTERRUPT, Some(target)) = (last.op, last.target)
                && !seen[target.0 as usize]
                && let Some(last) = self.at_mut(id).instrs.last_mut()
            {
                // only jumps back check for interrupts
                last.op = Op::JUMP;
            }
            let reversed = match last.op {
                Op::POP_JUMP_IF_NOT_NONE => Op::POP_JUMP_IF_NONE,
                Op::POP_JUMP_IF_NONE => Op::POP_JUMP_IF_NOT_NONE,
                Op::POP_JUMP_IF_FALSE => Op::POP_JUMP_IF_TRUE,
                Op::POP_JUMP_IF_TRUE => Op::POP_JUMP_IF_FALSE,
                _ => continue,
            };
            let (Some(target), Some(next)) = (last.target, self.at(id).next) else { continue };
            if !seen[target.0 as usize] {
                continue;
            }
            let jump = Instr { op: Op::JUMP, arg: 0, ..last };
            let start_depth = self.at(target).start_depth;
            let (cold, next_block) = (self.at(id).cold, Some(next));
            let back =
                self.add(FlowBlock { instrs: vec![jump], next: next_block, cold, start_depth, ..FlowBlock::default() });
            let block = self.at_mut(id);
            block.next = Some(back);
            if let Some(last) = block.instrs.last_mut() {
                last.op = reversed;
                last.target = Some(next);
            }
        }
    }

    /// The layout as the blocks of a unit: empty blocks dropped, targets and handlers renumbered.
    fn finish(mut self, unit: &mut Unit) {
        let layout: Vec<BlockId> = self.layout().into_iter().filter(|&id| !self.at(id).instrs.is_empty()).collect();
        let mut number = vec![None; self.blocks.len()];
        for (&id, i) in layout.iter().zip(0..) {
            number[id.0 as usize] = Some(BlockId(i));
        }
        // a jump to an empty block goes to the next one that is not
        let number = self.at_or_after(|id, _| number[id.0 as usize]);
        let number = |id: BlockId| number[id.0 as usize].unwrap_or(ENTRY);
        for &id in &layout {
            let mut instrs = std::mem::take(&mut self.at_mut(id).instrs);
            for instr in &mut instrs {
                instr.target = instr.target.map(number);
                instr.except = instr.except.map(|handler| {
                    let block = self.at(handler.block);
                    let extra = 1 + u32::from(block.push_lasti);
                    HandlerRef {
                        block: number(handler.block),
                        depth: block.start_depth.unwrap_or(extra).saturating_sub(extra),
                        push_lasti: block.push_lasti,
                    }
                });
            }
            let block = self.at(id);
            let falls_through = !instrs.last().is_some_and(|i| i.op.is_scope_exit() || i.op.is_unconditional_jump());
            unit.blocks.push(Block {
                instrs,
                start_depth: block.start_depth.unwrap_or(0),
                falls_through,
                is_handler: block.is_handler,
            });
        }
    }
}

/// Fills `unit.blocks` and `unit.stack_size` from what was generated; `unit.consts` grows by folded constants and
/// loses the unused ones.
pub fn assemble(unit: &mut Unit, sequence: Sequence) -> Result<(), FlowError> {
    let mut graph = build::build(sequence);
    graph.label_handlers()?;
    graph.inline_exits();
    graph.remove_unreachable();
    graph.resolve_lines();
    let mut consts = Consts { values: &mut unit.consts, index: None };
    for id in graph.layout() {
        peephole::fold_loads(&mut graph.at_mut(id).instrs, &mut consts);
    }
    for id in graph.layout() {
        graph.optimize_block(id, &mut consts);
    }
    graph.remove_pairs();
    graph.remove_unreachable();
    graph.remove_nops_and_jumps();
    remove_unused_consts(&mut graph, unit);
    graph.check_locals(unit);
    graph.remove_nops();
    graph.push_cold_to_end();
    graph.resolve_lines();
    unit.stack_size = graph.compute_depths()?;
    graph.drop_block_setup();
    prefix::insert(&mut graph.at_mut(ENTRY).instrs, unit);
    graph.normalize_jumps();
    graph.finish(unit);
    Ok(())
}

/// Code generation made an impossible sequence: a bug of the compiler, told as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowError(pub &'static str);

/// The constants of a unit while passes add to them.
struct Consts<'u> {
    values: &'u mut Vec<Const>,
    /// The constants of each hash, once one was asked for.
    index: Option<FxHashMap<u64, Vec<u32>>>,
}

impl Consts<'_> {
    /// The index of `value`, added if it is new.
    fn index(&mut self, value: Const) -> u32 {
        let index = self.index.get_or_insert_with(|| {
            let mut index: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
            for (old, i) in self.values.iter().zip(0..) {
                index.entry(old.same_hash()).or_default().push(i);
            }
            index
        });
        let same = index.entry(value.same_hash()).or_default();
        if let Some(&found) = same.iter().find(|&&i| self.values[i as usize].same(&value)) {
            return found;
        }
        let new = self.values.len() as u32;
        self.values.push(value);
        same.push(new);
        new
    }
}

/// Drops constants that nothing loads any more, but never the first (it may be the docstring), and those nested units
/// that went with them.
fn remove_unused_consts(graph: &mut Graph, unit: &mut Unit) {
    let loads = |op| matches!(op, Op::LOAD_CONST | Op::RETURN_CONST);
    let mut used = vec![false; unit.consts.len()];
    if let Some(first) = used.first_mut() {
        *first = true;
    }
    for instr in graph.blocks.iter().flat_map(|block| &block.instrs) {
        if loads(instr.op) {
            used[instr.arg as usize] = true;
        }
    }
    let mut number = Vec::with_capacity(used.len());
    let mut kept = 0;
    for &used in &used {
        number.push(kept);
        kept += u32::from(used);
    }
    let mut keep = used.iter();
    unit.consts.retain(|_| keep.next().copied().unwrap_or(true));
    for instr in graph.blocks.iter_mut().flat_map(|block| &mut block.instrs) {
        if loads(instr.op) {
            instr.arg = number[instr.arg as usize];
        }
    }
    let mut nested: Vec<Option<Unit>> = std::mem::take(&mut unit.nested).into_iter().map(Some).collect();
    for value in &mut unit.consts {
        if let Const::Code(index) = value
            && let Some(code) = nested[*index as usize].take()
        {
            *index = unit.nested.len() as u32;
            unit.nested.push(code);
        }
    }
}
