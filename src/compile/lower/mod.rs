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

mod lines;
mod select;

use std::cell::Cell;
use std::rc::Rc;

use crate::code::{CodeData, Handler, LineAlias, Op, Position, Word, code_flags};
use crate::compile::ir::{BlockId, HandlerRef, Instr, Loc, Op as StackOp, Unit};

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
    first_temp: u16,
    temps_used: u16,
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
    /// NULL operands at the entry of each block, by the first jump that is seen.
    entry_nulls: Vec<Option<Vec<bool>>>,
    fixups: Vec<Fixup>,
    /// Jumps need an `EXT` word, because distances may pass 16 bits.
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
    let mut l = Lowering::new(unit)?;
    l.run()?;
    l.finish(nested)
}

impl<'u> Lowering<'u> {
    fn new(unit: &'u Unit) -> Result<Lowering<'u>, Unsupported> {
        let own_cells = unit.cellvars.iter().filter(|c| !unit.varnames.contains(c)).count();
        let first_temp = unit.varnames.len() + own_cells + unit.freevars.len();
        let total: usize = unit.blocks.iter().map(|b| b.instrs.len()).sum();
        // Registers and names are operands of 16 bits.
        let refuse = |what: &str| Unsupported { what: what.into(), loc: Loc::start_of_line(unit.first_line) };
        if first_temp + unit.stack_size as usize + 64 > u16::MAX as usize {
            return Err(refuse("a function with more than 65,000 registers is"));
        }
        if unit.names.len() > u16::MAX as usize + 1 {
            return Err(refuse("code that uses more than 65,536 names is"));
        }
        let n = unit.blocks.len();
        Ok(Lowering {
            unit,
            words: Vec::new(),
            positions: Vec::new(),
            line_starts: Vec::new(),
            excepts: Vec::new(),
            stack: Vec::new(),
            first_temp: first_temp as u16,
            temps_used: unit.stack_size as u16,
            loc: Loc::NONE,
            except: None,
            arrival: None,
            lines: lines::Lines::new(unit),
            starts: vec![0; n],
            pads: vec![None; n],
            carriers: vec![None; n],
            line_aliases: Vec::new(),
            entry_nulls: vec![None; n],
            fixups: Vec::new(),
            far: total > 6000,
            block: 0,
            skip_first: vec![false; n],
            absorbed: vec![false; n],
        })
    }

    fn run(&mut self) -> Result<(), Unsupported> {
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
                self.stack.truncate(self.stack.len() - 2);
                n = 2;
            } else {
                self.arrival = self.lines.arrival(i);
            }
            while n < block.instrs.len() {
                n += 1 + self.instruction(block.instrs[n], &block.instrs[n + 1..])?;
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
        Ok(())
    }

    /// Sets up stack and line for a block.
    fn enter_block(&mut self, i: usize) {
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
    }

    /// The handler around the first instruction of a block, which protects the carrier of its line too.
    fn first_except(&self, i: usize) -> Option<HandlerRef> {
        self.unit.blocks[i].instrs.first().and_then(|x| x.except)
    }

    /// Carriers of lines for jumps into blocks that others enter without a LINE event.
    fn place_pads(&mut self) {
        for i in 0..self.unit.blocks.len() {
            if self.pads[i].is_some() || !self.fixups.iter().any(|f| f.at_pad && f.target.0 as usize == i) {
                continue;
            }
            self.pads[i] = Some(self.words.len());
            self.loc = self.lines.pad_loc(i);
            self.except = self.first_except(i);
            let word = self.push_carrier(Word::long(Op::JUMP_SILENT, 0, 0, 0), i);
            self.fixups.push(Fixup { word, target: BlockId(i as u32), at_pad: false, long: true });
        }
    }

    // ---- emitting

    fn push_word(&mut self, w: Word, starts_line: bool) -> usize {
        self.arrive_before(Some(self.loc.line));
        let at = self.words.len();
        self.words.push(w.0);
        let l = self.loc;
        self.positions.push(Position { line: l.line, end_line: l.end_line, column: l.col, end_column: l.end_col });
        self.line_starts.push(starts_line);
        self.excepts.push(self.except);
        at
    }

    /// Emits a carrier of the LINE event of a block.  All that the block has are one location, as they are one
    /// instruction in CPython.
    fn push_carrier(&mut self, w: Word, block: usize) -> usize {
        let at = self.push_word(w, true);
        match self.carriers[block] {
            Some(location) => self.line_aliases.push(LineAlias { word: at as u32, location }),
            None => self.carriers[block] = Some(at as u32),
        }
        at
    }

    /// Before what is on `line`: makes an instruction for a branch or jump to arrive at, if it arrives on another line.
    /// (The first instructions of the block were loads that are part of a later one, a NOP, or POP_TOP.)
    fn arrive_before(&mut self, line: Option<i32>) {
        let Some(loc) = self.arrival.take().filter(|loc| Some(loc.line) != line) else { return };
        let here = std::mem::replace(&mut self.loc, loc);
        self.push_word(Word::new(Op::NOP, 0, 0, 0, 0), false);
        self.loc = here;
    }

    /// Emits an instruction for the present position; it carries the line event that waits, if any.
    fn emit(&mut self, w: Word) -> usize {
        if self.lines.pending_differs(self.loc.line) {
            self.flush_line();
        }
        let start = self.lines.take_pending();
        let at = self.push_word(w, start);
        for _ in 0..w.op().extra_words() {
            self.push_word(Word(0), false);
        }
        at
    }

    fn op(&mut self, op: Op, x: u8, a: u16, b: u16, c: u16) -> usize {
        self.emit(Word::new(op, x, a, b, c))
    }

    /// Sets an extra word of the instruction at `at`.
    fn set_extra(&mut self, at: usize, n: usize, value: u64) {
        self.words[at + n] = value;
    }

    /// Emits what carries a waiting line event: the operand that was loaded on that line, or a NOP.
    fn flush_line(&mut self) {
        let Some(loc) = self.lines.pending_loc() else { return };
        let (here, except) = (self.loc, self.except);
        self.loc = loc;
        let top = self.stack.len().wrapping_sub(1);
        match self.stack.last() {
            Some(&slot @ (Slot::Local(_) | Slot::Const(_))) if self.lines.pending_is_load() => {
                self.lines.take_pending();
                let r = self.free_register(top);
                self.stack[top] = Slot::Temp(r);
                let w = self.load_word(slot, r);
                self.push_word(w, true);
            }
            _ => {
                self.lines.take_pending();
                self.push_word(Word::new(Op::NOP, 0, 0, 0, 0), true);
            }
        }
        self.loc = here;
        self.except = except;
    }

    fn load_word(&self, slot: Slot, r: u16) -> Word {
        match slot {
            Slot::Local(l) => Word::new(Op::MOVE, 0, r, l, 0),
            Slot::Const(k) => Word::long(Op::LOAD_CONST, 0, r, k),
            Slot::Temp(t) => Word::new(Op::MOVE, 0, r, t, 0),
            Slot::Null => Word::new(Op::LOAD_NULL, 0, r, 0, 0),
        }
    }

    // ---- registers

    fn canonical(&self, depth: usize) -> u16 {
        self.first_temp + depth as u16
    }

    fn holder(&self, r: u16) -> Option<usize> {
        self.stack.iter().position(|&s| s == Slot::Temp(r))
    }

    /// A temporary for the operand at `depth`: its canonical one if it is free.
    fn free_register(&mut self, depth: usize) -> u16 {
        let r = self.canonical(depth);
        if self.holder(r).is_none_or(|h| h == depth) {
            return r;
        }
        let mut r = self.first_temp + self.unit.stack_size as u16;
        while self.holder(r).is_some() {
            r += 1;
        }
        self.temps_used = self.temps_used.max(r + 1 - self.first_temp);
        r
    }

    /// Puts the operand at `i` into a register.
    fn materialize(&mut self, i: usize) -> u16 {
        match self.stack[i] {
            Slot::Temp(r) => r,
            slot => {
                let r = self.free_register(i);
                self.stack[i] = Slot::Temp(r);
                let w = self.load_word(slot, r);
                self.emit(w);
                r
            }
        }
    }

    /// Puts the operands `from..to` into their canonical registers; NULLs stay as they are.
    fn canonicalize(&mut self, from: usize, to: usize) {
        for i in from..to {
            let want = self.canonical(i);
            match self.stack[i] {
                Slot::Null => {}
                Slot::Temp(r) if r == want => {}
                slot => {
                    if let Some(j) = self.holder(want) {
                        if let Slot::Temp(r) = slot {
                            self.stack[i] = Slot::Temp(want);
                            self.stack[j] = Slot::Temp(r);
                            self.op(Op::SWAP, 0, want, r, 0);
                            continue;
                        }
                        let away = self.free_register(j.max(self.unit.stack_size as usize));
                        self.temps_used = self.temps_used.max(away + 1 - self.first_temp);
                        self.stack[j] = Slot::Temp(away);
                        self.op(Op::MOVE, 0, away, want, 0);
                    }
                    self.stack[i] = Slot::Temp(want);
                    let w = self.load_word(slot, want);
                    self.emit(w);
                }
            }
        }
    }

    fn canonicalize_all(&mut self) {
        self.canonicalize(0, self.stack.len());
    }

    /// Before local `r` changes: loads it for the operands that still mean its old value.
    fn save_local(&mut self, r: u16) {
        for i in 0..self.stack.len() {
            if self.stack[i] == Slot::Local(r) {
                self.materialize(i);
            }
        }
    }

    // ---- jumps

    fn note_entry(&mut self, target: BlockId) {
        let t = target.0 as usize;
        if t < self.entry_nulls.len() && self.entry_nulls[t].is_none() {
            self.entry_nulls[t] = Some(self.stack.iter().map(|&s| s == Slot::Null).collect());
        }
    }

    /// The same for a handler: the NULLs that lie below its depth while a protected instruction runs.
    fn note_handler_entry(&mut self, h: HandlerRef) {
        let t = h.block.0 as usize;
        if self.entry_nulls[t].is_none() {
            self.entry_nulls[t] = Some(self.stack.iter().take(h.depth as usize).map(|&s| s == Slot::Null).collect());
        }
    }

    /// Emits a jump to `target`; the stack must be canonical and without what the jump pops.
    fn jump(&mut self, w: Word, target: BlockId, long: bool) {
        self.note_entry(target);
        let mut at_pad = self.lines.edge_needs_pad(self.block, target.0 as usize);
        let word = self.emit(w);
        if at_pad && matches!(w.op(), Op::JUMP | Op::JUMP_BACK) {
            // Nothing runs behind an unconditional jump: the word there is the location of the LINE event.
            self.loc = self.lines.pad_loc(target.0 as usize);
            self.push_carrier(Word::new(Op::EDGE_LINE, 0, 0, 0, 0), target.0 as usize);
            at_pad = false;
        }
        if !long && self.far {
            let ext = self.push_word(Word::long(Op::EXT, 0, 0, 0), false);
            self.fixups.push(Fixup { word: ext, target, at_pad, long: true });
        } else {
            self.fixups.push(Fixup { word, target, at_pad, long });
        }
    }

    /// A short jump to where the code is now has distance 0, which in the word means that an `EXT` word follows:
    /// gives it that word.  (`if a < b: pass` on one line leaves nothing between the jump and its target.)
    fn separate_from_jump(&mut self, block: usize) {
        let here = self.words.len();
        let Some(last) = self.fixups.last() else { return };
        if last.long || last.word + 1 != here || last.target.0 as usize != block {
            return;
        }
        let ext = self.push_word(Word::long(Op::EXT, 0, 0, 0), false);
        if let Some(last) = self.fixups.last_mut() {
            last.word = ext;
            last.long = true;
        }
    }

    fn is_backward(&self, target: BlockId) -> bool {
        target.0 as usize <= self.block
    }

    fn finish(mut self, nested: Vec<Rc<CodeData>>) -> Result<Rc<CodeData>, Unsupported> {
        for f in &self.fixups {
            let i = f.target.0 as usize;
            let address = if f.at_pad { self.pads[i].unwrap_or(self.starts[i]) } else { self.starts[i] };
            let distance = address as i64 - (f.word as i64 + 1);
            let w = Word(self.words[f.word]);
            self.words[f.word] = if f.long {
                (w.0 & 0xffff_ffff) | ((distance as i32 as u32 as u64) << 32)
            } else {
                match i16::try_from(distance) {
                    Ok(d) if d != 0 => (w.0 & 0xffff_ffff_ffff) | ((d as u16 as u64) << 48),
                    _ => {
                        return Err(Unsupported {
                            what: "a jump of this distance is".into(),
                            loc: Loc::start_of_line(self.unit.first_line),
                        });
                    }
                }
            };
        }
        let handlers = self.handler_table();
        let u = self.unit;
        let own_cells: Vec<&String> = u.cellvars.iter().filter(|c| !u.varnames.contains(c)).collect();
        let cell_registers = (0..u.cellvars.len()).map(|i| self.cell_register(i as u32)).collect();
        let local_names = u.varnames.iter().chain(own_cells).chain(&u.freevars).cloned().collect();
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
            first_temp: self.first_temp,
            register_count: self.first_temp + self.temps_used + 2,
            positions: self.positions,
            line_starts: self.line_starts,
            line_aliases: self.line_aliases,
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
        let u = self.unit;
        let n = n as usize;
        if n < u.cellvars.len() {
            let name = &u.cellvars[n];
            if let Some(local) = u.varnames.iter().position(|v| v == name) {
                return local as u16;
            }
            let own = u.cellvars[..n].iter().filter(|c| !u.varnames.contains(c)).count();
            return (u.varnames.len() + own) as u16;
        }
        let own = u.cellvars.iter().filter(|c| !u.varnames.contains(c)).count();
        (u.varnames.len() + own + n - u.cellvars.len()) as u16
    }
}

/// An instruction's place among its block's, for lookahead.
type Rest<'a> = &'a [Instr];
