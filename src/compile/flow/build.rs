//! The flat list cut into blocks.

use super::{BlockId, FlowBlock, Graph, Instr, Sequence};

/// Cuts before each label that something goes to, and after each jump and exit.
pub fn build(sequence: Sequence) -> Graph {
    let Sequence { instrs, labels } = sequence;
    let mut is_target = vec![false; instrs.len() + 1];
    let place = |label: BlockId| labels[label.0 as usize] as usize;
    for target in instrs.iter().filter_map(|instr| instr.target) {
        is_target[place(target)] = true;
    }
    let mut block_at = vec![BlockId(0); instrs.len() + 1];
    let mut graph = Graph { blocks: vec![FlowBlock::default()] };
    let terminates = |instr: &Instr| instr.op.is_jump() || instr.op.is_scope_exit();
    for (i, instr) in instrs.iter().enumerate() {
        let current = &mut graph.blocks[0..];
        let last = &current[current.len() - 1];
        let full = last.last().is_some_and(terminates);
        let cut = full || (is_target[i] && (!last.instrs.is_empty() || last.labelled));
        if cut {
            let id = graph.add(FlowBlock::default());
            graph.blocks[id.0 as usize - 1].next = Some(id);
        }
        let id = BlockId(graph.blocks.len() as u32 - 1);
        let block = graph.at_mut(id);
        block.labelled |= is_target[i];
        block.instrs.push(*instr);
        block_at[i] = id;
    }
    for instr in graph.blocks.iter_mut().flat_map(|block| &mut block.instrs) {
        instr.target = instr.target.map(|label| block_at[place(label)]);
    }
    graph
}
