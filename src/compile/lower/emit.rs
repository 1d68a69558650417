//! Words of code: what is emitted for the present position, and jumps that wait for the address of their target.

use super::{Fixup, Lowering, Slot};
use crate::code::{LineAlias, Op, Position, Word};
use crate::compile::ir::{BlockId, HandlerRef, Instr};

impl Lowering<'_> {
    pub(super) fn push_word(&mut self, w: Word, starts_line: bool) -> usize {
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
    pub(super) fn push_carrier(&mut self, w: Word, block: usize) -> usize {
        let at = self.push_word(w, true);
        let noted = self.note_entry_of(block);
        self.add_state(at, noted);
        match self.carriers[block] {
            Some(location) => self.line_aliases.push(LineAlias { word: at as u32, location }),
            None => self.carriers[block] = Some(at as u32),
        }
        at
    }

    /// Before what is on `line`: makes an instruction for a branch or jump to arrive at, if it arrives on another line.
    /// (The first instructions of the block were loads that are part of a later one, a NOP, or POP_TOP.)
    pub(super) fn arrive_before(&mut self, line: Option<i32>) {
        let Some(loc) = self.arrival.take().filter(|loc| Some(loc.line) != line) else { return };
        let here = std::mem::replace(&mut self.loc, loc);
        self.push_word(Word::new(Op::NOP, 0, 0, 0, 0), false);
        self.loc = here;
    }

    /// Emits an instruction for the present position; it carries the line event that waits, if any.
    pub(super) fn emit(&mut self, w: Word) -> usize {
        if self.lines.pending_differs(self.loc.line) {
            self.flush_line();
        }
        let start = self.lines.take_pending();
        let at = self.push_word(w, start);
        if start {
            self.add_pending_state(at);
        }
        self.note_event(at, w.op());
        for _ in 0..w.op().extra_words() {
            self.push_word(Word(0), false);
        }
        at
    }

    pub(super) fn op(&mut self, op: Op, x: u8, a: u16, b: u16, c: u16) -> usize {
        self.emit(Word::new(op, x, a, b, c))
    }

    /// Sets an extra word of the instruction at `at`.
    pub(super) fn set_extra(&mut self, at: usize, n: usize, value: u64) {
        self.words[at + n] = value;
    }

    /// Emits what carries a waiting line event: the operand that was loaded on that line, or a NOP.
    pub(super) fn flush_line(&mut self) {
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
                let at = self.push_word(w, true);
                self.add_pending_state(at);
            }
            _ => {
                self.lines.take_pending();
                let at = self.push_word(Word::new(Op::NOP, 0, 0, 0, 0), true);
                self.add_pending_state(at);
            }
        }
        self.loc = here;
        self.except = except;
    }

    /// Puts the operands of a call into their registers while we are still on the line of the last of them, so that what
    /// stands in front of the call is on that line, as in CPython: exceptions that come out of the call have their event
    /// there.
    pub(super) fn load_before_call(&mut self, call: Instr) {
        let loc = self.lines.pending_loc().unwrap_or(self.loc);
        if loc.line == call.loc.line || loc.line < 0 {
            return;
        }
        let here = std::mem::replace(&mut self.loc, loc);
        let from = self.stack.len().saturating_sub(call.arg as usize + 2);
        self.canonicalize(from, self.stack.len());
        self.loc = here;
    }

    pub(super) fn note_entry(&mut self, target: BlockId) {
        let t = target.0 as usize;
        if t < self.entry_nulls.len() && self.entry_nulls[t].is_none() {
            self.entry_nulls[t] = Some(self.stack.iter().map(|&s| s == Slot::Null).collect());
        }
    }

    /// The same for a handler: the NULLs that lie below its depth while a protected instruction runs.
    pub(super) fn note_handler_entry(&mut self, h: HandlerRef) {
        let t = h.block.0 as usize;
        if self.entry_nulls[t].is_none() {
            self.entry_nulls[t] = Some(self.stack.iter().take(h.depth as usize).map(|&s| s == Slot::Null).collect());
        }
    }

    /// Emits a jump to `target`; the stack must be canonical and without what the jump pops.
    pub(super) fn jump(&mut self, w: Word, target: BlockId, long: bool) {
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
    pub(super) fn separate_from_jump(&mut self, block: usize) {
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

    pub(super) fn is_backward(&self, target: BlockId) -> bool {
        target.0 as usize <= self.block
    }
}
