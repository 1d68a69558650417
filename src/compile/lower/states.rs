//! Notes of what the operand stack holds, for jumps that debuggers make ([`crate::code::stack_state`]).

use super::{Lowering, Slot};
use crate::code::stack_state::{Kinds, NO_LINE, OWN_EVENT, Place, StackState};
use crate::code::{Op, OwnEvent, Word};
use crate::compile::ir::{Instr, Op as StackOp};

/// The kinds of the operands, and where they are if not each in the temporary of its depth.
pub(super) type Noted = (Kinds, Option<Box<[Place]>>);

impl Lowering<'_> {
    fn place(&self, slot: Slot) -> Place {
        match slot {
            Slot::Local(r) | Slot::Temp(r) => Place::Register(r),
            Slot::Const(k) => Place::Const(k),
            Slot::Null => Place::Nowhere,
        }
    }

    /// The `count` lowest operands as they are now.
    fn note(&self, kinds: Kinds, count: usize) -> Noted {
        if kinds < Kinds::EMPTY {
            return (kinds, None);
        }
        let own = |(depth, &slot): (usize, &Slot)| slot == Slot::Temp(self.canonical(depth));
        if count == kinds.depth() && self.stack.iter().take(count).enumerate().all(own) {
            return (kinds, None);
        }
        (kinds, Some(self.stack.iter().take(count).map(|&slot| self.place(slot)).collect()))
    }

    /// All operands as they are now.
    pub(super) fn note_stack(&self) -> Noted {
        self.note(self.kinds.cut(self.stack.len()), self.stack.len())
    }

    /// The operands with which a block is entered.
    pub(super) fn note_entry_of(&self, block: usize) -> Noted {
        let kinds = self.entry_kinds[block];
        let depth = self.unit.blocks[block].start_depth as usize;
        let nulls = self.entry_nulls[block].as_deref().unwrap_or_default();
        if !nulls.contains(&true) && depth == kinds.depth() {
            return (kinds, None);
        }
        let is_null = |d: usize| nulls.get(d) == Some(&true);
        let place = |d| if is_null(d) { Place::Nowhere } else { Place::Register(self.canonical(d)) };
        (kinds, Some((0..depth).map(place).collect()))
    }

    /// Adds the state of a LINE event.
    pub(super) fn add_state(&mut self, word: usize, (kinds, places): Noted) {
        self.states.add(StackState { word: word as u32, line: NO_LINE, kinds }, places);
    }

    /// Adds the state of the line event that the word at `at` carries.
    pub(super) fn add_pending_state(&mut self, at: usize) {
        if let Some(noted) = self.pending_state.take() {
            self.add_state(at, noted);
        }
    }

    /// Before an instruction: its line may begin here.  As in CPython a line begins where it differs from the line before
    /// it in the layout.
    pub(super) fn begin_line(&mut self, i: Instr) {
        // What makes a generator is no place to go to.
        self.entered |= i.op == StackOp::RESUME;
        if self.arrival.is_some_and(|loc| loc.line != i.loc.line) {
            self.arrive_before(Some(i.loc.line));
        }
        if self.begins_line(i) {
            let noted = self.note_stack();
            self.add_line(i, noted);
        }
    }

    /// The END_FOR at the beginning of a block, where no code of ours goes: a jump to its line drops the loop's operands,
    /// and has an instruction to arrive at.
    pub(super) fn begin_line_of_end(&mut self, block: usize, i: Instr) {
        if self.begins_line(i) {
            let noted = self.note(self.kinds, self.stack.len() - 2);
            self.add_line(i, noted);
            (self.loc, self.except) = (i.loc, i.except);
            self.push_word(Word::new(Op::NOP, 0, 0, 0, 0), false);
            self.starts[block] = self.words.len();
        }
    }

    fn begins_line(&self, i: Instr) -> bool {
        i.loc.line >= 0 && i.loc.line != self.last_line && self.entered
    }

    fn add_line(&mut self, i: Instr, (kinds, places): Noted) {
        self.last_line = i.loc.line;
        self.states.add(StackState { word: self.words.len() as u32, line: i.loc.line, kinds }, places);
    }

    /// After an instruction of ours has been emitted: its own event may set the line.
    pub(super) fn note_event(&mut self, at: usize, op: Op) {
        let (kinds, places) = match op.own_event() {
            OwnEvent::Jump | OwnEvent::Loop | OwnEvent::Resume => self.note_stack(),
            // The top operand is what is yielded, and no longer there.
            OwnEvent::Yield => self.note(self.kinds, self.stack.len() - 1),
            _ => return,
        };
        self.states.add(StackState { word: at as u32, line: OWN_EVENT, kinds }, places);
    }
}
