//! Stage 3 of the compiler: stack IR to register code.
//!
//! The operand stack is followed symbolically.  A `LOAD_FAST` or `LOAD_CONST` makes no instruction: the local or
//! constant becomes an operand of the instruction that pops it.  A value that an instruction computes goes into a
//! temporary, normally the one that belongs to its depth (its *canonical* register), or straight into the local that
//! the next `STORE_FAST` names.
//!
//! Three invariants:
//! * At the end of a block all operands are in their canonical registers, so that blocks can be joined.
//! * While an instruction that a handler protects runs, the operands below the handler's depth are in their canonical
//!   registers, so that the handler finds them.
//! * Every line that CPython's instructions touch is carried by an instruction of ours ([`lines`]).

mod emit;
mod lines;
mod operands;
mod select;
mod stack_kinds;
mod states;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::rc::Rc;

use crate::code::stack_state::{Kinds, StackStates};
use crate::code::{CodeData, Handler, LineAlias, Op, Position, Word, code_flags};
use crate::compile::ir::{BlockId, HandlerRef, Instr, Loc, Op as StackOp, Unit};

/// Registers behind the operands, for handlers that need some.
const EXTRA_REGISTERS: usize = 2;

/// Where an operand of the symbolic stack is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Slot {
    /// A local that has not been read yet.
    Local(u16),
    /// A constant that has not been loaded yet.
    Const(u32),
    /// A temporary.
    Temp(u16),
    /// NULL, known while compiling: nothing is stored for it.
    Null,
}

/// A jump that waits for the address of its target.
struct Fixup {
    word: usize,
    target: BlockId,
    /// Enter at the carrier of the target's line.
    at_pad: bool,
    /// The distance is in `bc`, not in `c`.
    long: bool,
}

/// What is not supported, and where: the caller makes the SyntaxError of it.
#[derive(Debug)]
pub struct Unsupported {
    pub what: String,
    pub loc: Loc,
}

struct Lowering<'u> {
    unit: &'u Unit,
    words: Vec<u64>,
    positions: Vec<Position>,
    line_starts: Vec<bool>,
    excepts: Vec<Option<HandlerRef>>,
    stack: Vec<Slot>,
    /// By number of the IR: the register of the cell.
    cells: Vec<usize>,
    first_temp: usize,
    temps_used: usize,
    /// Where a number did not fit an operand ([`Lowering::operand`]).
    too_large: Cell<Option<Loc>>,
    /// The position of the instruction being lowered.
    loc: Loc,
    except: Option<HandlerRef>,
    /// Where a branch or jump into the block that has just begun arrives, until an instruction is emitted in the block:
    /// the line of an event's destination.
    arrival: Option<Loc>,
    lines: lines::Lines,
    /// Address of each block's first instruction, and of the carrier in front of it if there is one.
    starts: Vec<usize>,
    pads: Vec<Option<usize>>,
    /// By block: the first carrier of its line.
    carriers: Vec<Option<u32>>,
    line_aliases: Vec<LineAlias>,
    /// The kinds of the operands in front of the instruction being lowered, and by block at its entry.
    kinds: Kinds,
    entry_kinds: Vec<Kinds>,
    states: StackStates,
    /// The operands where the line event began that waits.
    pending_state: Option<states::Noted>,
    /// The line that began last in the layout.
    last_line: i32,
    /// The RESUME of the entry has been reached.
    entered: bool,
    /// NULL operands at the entry of each block, by the first jump that is seen.
    entry_nulls: Vec<Option<Vec<bool>>>,
    fixups: Vec<Fixup>,
    /// Jumps have an `EXT` word, because there is a distance that passes 16 bits.
    far: bool,
    block: usize,
    /// The first instruction of a block has been done by its predecessor.
    skip_first: Vec<bool>,
    /// The block has been merged into its predecessor.
    absorbed: Vec<bool>,
}

/// Makes the code object of a unit and of those nested in it.
pub fn lower(unit: &Unit) -> Result<Rc<CodeData>, Unsupported> {
    let nested = unit.nested.iter().map(lower).collect::<Result<Vec<_>, _>>()?;
    let first_temp = first_temp(unit)?;
    let mut l = Lowering::new(unit, first_temp, false);
    l.run();
    if !l.resolve_jumps() {
        l = Lowering::new(unit, first_temp, true);
        l.run();
        l.resolve_jumps();
    }
    l.finish(nested)
}

/// The first register behind the variables, if there are registers for all operands: each has one of its own, and may
/// lie in another beside it.
fn first_temp(unit: &Unit) -> Result<usize, Unsupported> {
    let own_cells = unit.cell_slots().iter().filter(|slot| slot.is_none()).count();
    let first_temp = unit.varnames.len() + own_cells + unit.freevars.len();
    let room = (u16::MAX as usize).checked_sub(first_temp + EXTRA_REGISTERS).map(|free| free / 2);
    match room {
        Some(room) if unit.stack_size as usize <= room => Ok(first_temp),
        _ => {
            let loc = first_deeper(unit, room.unwrap_or(0)).unwrap_or(Loc::start_of_line(unit.first_line));
            Err(Unsupported { what: "code with so many variables or operands at a time is".into(), loc })
        }
    }
}

/// Where the operand stack grows beyond `depth`.
fn first_deeper(unit: &Unit, depth: usize) -> Option<Loc> {
    unit.blocks.iter().find_map(|block| {
        let mut now = i64::from(block.start_depth);
        block.instrs.iter().find_map(|i| {
            now += i64::from(i.op.growth(i.arg));
            (now > depth as i64).then_some(i.loc)
        })
    })
}

/// The register of each cell, then of each free variable: one that is no variable's lies behind the variables.
fn cells(unit: &Unit) -> Vec<usize> {
    let mut own = unit.varnames.len()..;
    let cells = unit.cell_slots().into_iter().map(Some).chain(unit.freevars.iter().map(|_| None));
    cells.filter_map(|slot| slot.flatten().or_else(|| own.next())).collect()
}

impl<'u> Lowering<'u> {
    fn new(unit: &'u Unit, first_temp: usize, far: bool) -> Lowering<'u> {
        let n = unit.blocks.len();
        // About as many words as instructions: those that read operands where they lie make up for caches.
        let words = unit.blocks.iter().map(|block| block.instrs.len()).sum();
        Lowering {
            unit,
            words: Vec::with_capacity(words),
            positions: Vec::with_capacity(words),
            line_starts: Vec::with_capacity(words),
            excepts: Vec::with_capacity(words),
            stack: Vec::new(),
            cells: cells(unit),
            first_temp,
            temps_used: unit.stack_size as usize,
            too_large: Cell::new(None),
            loc: Loc::NONE,
            except: None,
            arrival: None,
            lines: lines::Lines::new(unit),
            starts: vec![0; n],
            pads: vec![None; n],
            carriers: vec![None; n],
            line_aliases: Vec::new(),
            kinds: Kinds::EMPTY,
            entry_kinds: stack_kinds::entries(unit),
            states: StackStates::default(),
            pending_state: None,
            last_line: -1,
            entered: false,
            entry_nulls: vec![None; n],
            fixups: Vec::new(),
            far,
            block: 0,
            skip_first: vec![false; n],
            absorbed: vec![false; n],
        }
    }

    fn run(&mut self) {
        let unit = self.unit;
        for (i, block) in unit.blocks.iter().enumerate() {
            if self.absorbed[i] {
                self.starts[i] = self.words.len();
                continue;
            }
            self.separate_from_jump(i);
            self.block = i;
            self.enter_block(i);
            let mut n = 0;
            if self.skip_first[i] {
                // The item that FOR_ITER has stored already.
                self.stack.pop();
                n = 1;
            } else if block.instrs.first().is_some_and(|x| x.op == StackOp::END_FOR) {
                // FOR_ITER, which alone leads here, has dropped the iterator.
                self.begin_line_of_end(i, block.instrs[0]);
                self.stack.truncate(self.stack.len() - 2);
                n = 2;
            } else {
                self.arrival = self.lines.arrival(i);
            }
            self.follow_kinds(&block.instrs[..n]);
            while n < block.instrs.len() {
                let done = 1 + self.instruction(block.instrs[n], &block.instrs[n + 1..]);
                self.follow_kinds(&block.instrs[n..n + done]);
                n += done;
            }
            if block.falls_through {
                self.canonicalize_all();
                self.flush_line();
                self.note_entry(BlockId(i as u32 + 1));
                self.arrive_before(self.lines.first_line(i + 1));
            } else {
                self.flush_line();
            }
            self.arrival = None;
        }
        self.place_pads();
    }

    fn follow_kinds(&mut self, instrs: &[Instr]) {
        self.kinds = instrs.iter().fold(self.kinds, stack_kinds::after);
    }

    /// Sets up stack and line for a block.
    fn enter_block(&mut self, i: usize) {
        self.kinds = self.entry_kinds[i];
        let depth = self.unit.blocks[i].start_depth as usize;
        let nulls = self.entry_nulls[i].clone().unwrap_or_default();
        self.stack = (0..depth)
            .map(|d| if nulls.get(d) == Some(&true) { Slot::Null } else { Slot::Temp(self.canonical(d)) })
            .collect();
        let entry = self.lines.enter(i);
        if entry.inline_pad
            && let Some(loc) = entry.pad_loc
        {
            self.loc = loc;
            self.except = self.first_except(i);
            self.pads[i] = Some(self.words.len());
            self.push_carrier(Word::new(Op::NOP, 0, 0, 0, 0), i);
        }
        self.starts[i] = self.words.len();
        self.loc = Loc::NONE;
    }

    /// The handler around the first instruction of a block, which protects the carrier of its line too.
    fn first_except(&self, i: usize) -> Option<HandlerRef> {
        self.unit.blocks[i].instrs.first().and_then(|x| x.except)
    }

    /// Carriers of lines for jumps into blocks that others enter without a LINE event.
    fn place_pads(&mut self) {
        let mut wanted = vec![false; self.unit.blocks.len()];
        for f in self.fixups.iter().filter(|f| f.at_pad) {
            wanted[f.target.0 as usize] = true;
        }
        for (i, wanted) in wanted.into_iter().enumerate() {
            if self.pads[i].is_some() || !wanted {
                continue;
            }
            self.pads[i] = Some(self.words.len());
            self.loc = self.lines.pad_loc(i);
            self.except = self.first_except(i);
            let word = self.push_carrier(Word::long(Op::JUMP_SILENT, 0, 0, 0), i);
            self.fixups.push(Fixup { word, target: BlockId(i as u32), at_pad: false, long: true });
        }
    }

    /// Writes the distances of the jumps; false if there is one that a short jump cannot hold.
    fn resolve_jumps(&mut self) -> bool {
        for f in &self.fixups {
            let i = f.target.0 as usize;
            let address = if f.at_pad { self.pads[i].unwrap_or(self.starts[i]) } else { self.starts[i] };
            let distance = address as i64 - (f.word as i64 + 1);
            let w = self.words[f.word];
            self.words[f.word] = if f.long {
                (w & 0xffff_ffff) | ((distance as i32 as u32 as u64) << 32)
            } else {
                match i16::try_from(distance) {
                    Ok(d) if d != 0 => (w & 0xffff_ffff_ffff) | ((d as u16 as u64) << 48),
                    _ => return false,
                }
            };
        }
        true
    }

    fn finish(self, nested: Vec<Rc<CodeData>>) -> Result<Rc<CodeData>, Unsupported> {
        let handlers = self.handler_table();
        let u = self.unit;
        let own_cells = u.cellvars.iter().zip(u.cell_slots()).filter(|(_, slot)| slot.is_none()).map(|(name, _)| name);
        let cell_registers = (0..u.cellvars.len()).map(|i| self.cell_register(i as u32)).collect();
        let local_names = u.varnames.iter().chain(own_cells).chain(&u.freevars).cloned().collect();
        let first_temp = self.operand(self.first_temp);
        let register_count = self.operand(self.first_temp + self.temps_used + EXTRA_REGISTERS);
        if let Some(loc) = self.too_large.get() {
            return Err(Unsupported { what: "an instruction with a number above 65,535 is".into(), loc });
        }
        Ok(Rc::new(CodeData {
            name: u.name.clone(),
            qualname: u.qualname.clone(),
            file: u.file.clone(),
            first_line: u.first_line,
            arg_count: u.arg_count,
            pos_only_count: u.pos_only_count,
            kw_only_count: u.kw_only_count,
            flags: u.flags,
            simple_args: (u.kw_only_count == 0 && u.flags & (code_flags::VARARGS | code_flags::VARKEYWORDS) == 0)
                .then_some(u.arg_count),
            words: self.words.iter().map(|&w| Cell::new(w)).collect(),
            consts: u.consts.clone(),
            names: u.names.clone(),
            local_names,
            local_count: u.varnames.len() as u32,
            free_count: u.freevars.len() as u32,
            cell_registers,
            first_temp,
            register_count,
            positions: self.positions.into(),
            line_starts: self.line_starts,
            line_aliases: self.line_aliases,
            stack_states: self.states,
            handlers,
            nested,
        }))
    }

    fn handler_table(&self) -> Vec<Handler> {
        let mut table: Vec<Handler> = Vec::new();
        for (i, e) in self.excepts.iter().enumerate() {
            let Some(e) = e else { continue };
            let row = Handler {
                start: i as u32,
                end: i as u32 + 1,
                target: self.starts[e.block.0 as usize] as u32,
                base: self.canonical(e.depth as usize),
                with_index: e.push_lasti,
            };
            match table.last_mut() {
                Some(last)
                    if last.end == row.start
                        && (last.target, last.base, last.with_index) == (row.target, row.base, row.with_index) =>
                {
                    last.end = row.end;
                }
                _ => table.push(row),
            }
        }
        table
    }

    /// The register of a cell: IR numbers count cellvars, then freevars.
    fn cell_register(&self, n: u32) -> u16 {
        self.operand(self.cells[n as usize])
    }
}

/// An instruction's place among its block's, for lookahead.
type Rest<'a> = &'a [Instr];
