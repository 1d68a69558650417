//! Which instructions carry LINE events.
//!
//! CPython fires LINE before an instruction whose line differs from that of the instruction that ran before it in the
//! same frame.  That is known while compiling, for every edge between blocks: where all edges into a block agree, its
//! first instruction of that line carries the event or does not; where they disagree, the edges that need the event
//! lead through a carrier (a *pad*).  Exception edges are decided by the unwinder, which knows what raised.

use crate::compile::ir::{Loc, Op, Unit};

/// The event that waits for an instruction of ours to carry it.
#[derive(Clone, Copy)]
struct Pending {
    loc: Loc,
    /// The last instruction that touched the line loaded an operand that is still symbolic.
    load: bool,
}

pub(super) struct Lines {
    /// Line of the last CPython instruction that ran; None at the start of the code.
    current: Option<i32>,
    pending: Option<Pending>,
    /// By block: location of its first instruction, if it can carry an event.
    first: Vec<Option<Loc>>,
    /// By block: line of its last instruction; None where it has none of its own.
    last: Vec<Option<i32>>,
    /// By block: the blocks that lead into it (the one that falls through first).
    predecessors: Vec<Vec<usize>>,
    falls_from: Vec<Option<usize>>,
    /// By block: a branch or a jump leads into it, so that it is the destination of events.
    is_destination: Vec<bool>,
    /// By block: the edges into it disagree.
    is_mixed: Vec<bool>,
}

/// How a block is entered.
pub(super) struct Entry {
    /// A carrier stands in front of the block, for the block before it.
    pub inline_pad: bool,
    pub pad_loc: Option<Loc>,
}

/// RESUME is no line: the instruction after a yield compares with the yield.
fn is_transparent(op: Op) -> bool {
    matches!(op, Op::RESUME | Op::END_FOR | Op::MAKE_CELL | Op::COPY_FREE_VARS | Op::RETURN_GENERATOR)
}

/// The RESUME at which the first call enters: LINE events begin behind it.
fn is_entry(op: Op, arg: u32) -> bool {
    op == Op::RESUME && arg & 3 == 0
}

impl Lines {
    pub fn new(unit: &Unit) -> Lines {
        let n = unit.blocks.len();
        let mut lines = Lines {
            current: None,
            pending: None,
            first: vec![None; n],
            last: vec![None; n],
            predecessors: vec![Vec::new(); n],
            falls_from: vec![None; n],
            is_destination: vec![false; n],
            is_mixed: Vec::new(),
        };
        for (i, b) in unit.blocks.iter().enumerate() {
            // END_FOR and the POP_TOP behind it never run.
            let skip = match b.instrs.first() {
                Some(x) if x.op == Op::END_FOR => 2,
                // What makes the generator is no part of what it runs.
                Some(_) if i == 0 => b.instrs.iter().position(|x| is_entry(x.op, x.arg)).unwrap_or(0),
                _ => 0,
            };
            let seen: Vec<_> = b.instrs.iter().skip(skip).filter(|x| !is_transparent(x.op)).collect();
            lines.first[i] = seen.first().map(|x| x.loc);
            lines.last[i] = seen.last().map(|x| x.loc.line);
            for x in &b.instrs {
                if let Some(t) = x.target {
                    lines.predecessors[t.0 as usize].push(i);
                    lines.is_destination[t.0 as usize] = true;
                }
            }
            if b.falls_through && i + 1 < n {
                lines.predecessors[i + 1].push(i);
                lines.falls_from[i + 1] = Some(i);
                lines.is_destination[i + 1] |= b.instrs.last().is_some_and(|x| x.target.is_some());
            }
        }
        lines.is_mixed = (0..n).map(|block| lines.edges_disagree(block)).collect();
        lines
    }

    /// The line with which a block is left (through blocks without instructions of their own).
    fn line_out(&self, block: usize) -> Option<i32> {
        let mut b = block;
        for _ in 0..=self.last.len() {
            match self.last[b] {
                Some(l) => return Some(l),
                None => match self.predecessors[b].first() {
                    Some(&p) => b = p,
                    None => return None,
                },
            }
        }
        None
    }

    /// Whether the edge fires LINE; None where the target's first instruction has no line.
    fn fires(&self, from: usize, to: usize) -> Option<bool> {
        let first = self.first[to].filter(|l| l.line >= 0)?;
        Some(self.line_out(from) != Some(first.line))
    }

    fn edges_disagree(&self, block: usize) -> bool {
        let mut answers = self.predecessors[block].iter().filter_map(|&p| self.fires(p, block));
        let Some(one) = answers.next() else { return false };
        answers.any(|a| a != one)
    }

    /// The edge must lead to the carrier of its target.
    pub fn edge_needs_pad(&self, from: usize, to: usize) -> bool {
        self.is_mixed[to] && self.fires(from, to) == Some(true)
    }

    /// Where a branch or jump into the block arrives, if one leads there.
    pub fn arrival(&self, block: usize) -> Option<Loc> {
        self.first[block].filter(|loc| loc.line >= 0 && self.is_destination[block])
    }

    /// The line of the block's first instruction.
    pub fn first_line(&self, block: usize) -> Option<i32> {
        self.first.get(block).copied().flatten().map(|loc| loc.line)
    }

    pub fn pad_loc(&self, block: usize) -> Loc {
        self.first[block].unwrap_or(Loc::NONE)
    }

    /// Starts a block.
    pub fn enter(&mut self, block: usize) -> Entry {
        debug_assert!(self.pending.is_none());
        if self.is_mixed[block] {
            self.current = self.first[block].map(|l| l.line);
            let inline_pad = self.falls_from[block].is_some_and(|p| self.fires(p, block) == Some(true));
            return Entry { inline_pad, pad_loc: self.first[block] };
        }
        self.current = match self.predecessors[block].first() {
            Some(&p) => match self.fires(p, block) {
                Some(false) => self.first[block].map(|l| l.line),
                _ => Some(i32::MIN),
            },
            None => Some(i32::MIN),
        };
        Entry { inline_pad: false, pad_loc: None }
    }

    /// A CPython instruction at `loc` is about to be lowered.  Returns true if an event that waits must be carried
    /// before (by `flush_line`).
    pub fn must_flush(&self, op: Op, loc: Loc) -> bool {
        !is_transparent(op) && self.pending.is_some_and(|p| p.loc.line != loc.line)
    }

    /// The instruction touches its line; true if an event of it waits from now on.
    pub fn touch(&mut self, op: Op, arg: u32, loc: Loc) -> bool {
        if is_entry(op, arg) {
            self.pending = None;
            self.current = Some(i32::MIN);
        }
        if is_transparent(op) {
            return false;
        }
        let mut begins = false;
        if self.current != Some(loc.line) && loc.line >= 0 && op != Op::END_SEND {
            self.pending = Some(Pending { loc, load: false });
            begins = true;
        }
        self.current = Some(loc.line);
        if let Some(p) = &mut self.pending {
            p.load = matches!(op, Op::LOAD_FAST | Op::LOAD_FAST_CHECK | Op::LOAD_CONST);
        }
        begins
    }

    /// Whether `from` alone leads into the block.
    pub fn only_from(&self, block: usize, from: usize) -> bool {
        self.predecessors[block] == [from]
    }

    pub fn pending_loc(&self) -> Option<Loc> {
        self.pending.map(|p| p.loc)
    }

    pub fn pending_is_load(&self) -> bool {
        self.pending.is_some_and(|p| p.load)
    }

    pub fn pending_differs(&self, line: i32) -> bool {
        self.pending.is_some_and(|p| p.loc.line != line)
    }

    pub fn take_pending(&mut self) -> bool {
        self.pending.take().is_some()
    }
}
