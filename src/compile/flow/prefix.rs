//! What a frame does before its RESUME.

use super::{Instr, Loc, Op, Unit};
use crate::compile::ir::flags;

/// Inserts COPY_FREE_VARS, MAKE_CELL (in the order of the slots: variables first) and, in a generator, the instructions
/// that make it.
pub fn insert(entry: &mut Vec<Instr>, unit: &Unit) {
    let instr = |op, arg, loc| Instr { op, arg, target: None, loc, except: None };
    let mut prefix = Vec::new();
    if !unit.freevars.is_empty() {
        prefix.push(instr(Op::COPY_FREE_VARS, unit.freevars.len() as u32, Loc::NONE));
    }
    let slots = unit.cell_slots();
    let mut cells: Vec<(usize, u32)> = Vec::new();
    for (slot, i) in slots.into_iter().zip(0u32..) {
        cells.push((slot.unwrap_or(unit.varnames.len() + i as usize), i));
    }
    cells.sort_unstable();
    prefix.extend(cells.into_iter().map(|(_, i)| instr(Op::MAKE_CELL, i, Loc::NONE)));
    if unit.flags & (flags::GENERATOR | flags::COROUTINE | flags::ASYNC_GENERATOR) != 0 {
        let loc = Loc { line: unit.first_line, end_line: unit.first_line, col: -1, end_col: -1 };
        prefix.push(instr(Op::RETURN_GENERATOR, 0, loc));
        prefix.push(instr(Op::POP_TOP, 0, loc));
    }
    entry.splice(0..0, prefix);
}
