//! The kinds of the operands on the stack, followed through the stack IR: for jumps that debuggers make.

use crate::code::stack_state::{Kind, Kinds};
use crate::compile::ir::{Instr, Op, Unit};

/// The kinds at the entry of each block.
pub fn entries(unit: &Unit) -> Vec<Kinds> {
    let mut entries = vec![Kinds::UNREACHABLE; unit.blocks.len()];
    if let Some(first) = entries.first_mut() {
        *first = Kinds::EMPTY;
    }
    let mut again = true;
    while again {
        again = false;
        for (i, block) in unit.blocks.iter().enumerate() {
            let mut kinds = entries[i];
            if kinds == Kinds::UNREACHABLE {
                continue;
            }
            let mut reach = |to: usize, kinds: Kinds| {
                if entries.get(to) == Some(&Kinds::UNREACHABLE) {
                    entries[to] = kinds;
                    again |= to < i;
                }
            };
            for instr in &block.instrs {
                if let Some(h) = instr.except {
                    let mut caught = kinds.cut(h.depth as usize);
                    if h.push_lasti {
                        caught = caught.push(Kind::Lasti);
                    }
                    reach(h.block.0 as usize, caught.push(Kind::Except));
                }
                kinds = after(kinds, instr);
                if let Some(target) = instr.target {
                    reach(target.0 as usize, kinds);
                }
            }
            if block.falls_through {
                reach(i + 1, kinds);
            }
        }
    }
    entries
}

/// The kinds behind an instruction, also where it jumps to.
pub fn after(kinds: Kinds, instr: &Instr) -> Kinds {
    let arg = instr.arg;
    match instr.op {
        Op::GET_ITER | Op::GET_AITER => kinds.pop().push(Kind::Iterator),
        Op::PUSH_EXC_INFO => kinds.push(Kind::Except),
        Op::PUSH_NULL => kinds.push(Kind::Null),
        Op::LOAD_GLOBAL if arg & 1 != 0 => kinds.push(Kind::Object).push(Kind::Null),
        Op::LOAD_ATTR if arg & 1 != 0 => kinds.pop().push(Kind::Object).push(Kind::Null),
        Op::SWAP => kinds.swap(arg),
        Op::COPY => kinds.peek(arg).map_or(kinds, |kind| kinds.push(kind)),
        op => {
            let growth = op.growth(arg);
            let grown = (0..growth).fold(kinds, |kinds, _| kinds.push(Kind::Object));
            (growth..0).fold(grown, |kinds, _| kinds.pop())
        }
    }
}
