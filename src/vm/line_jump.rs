//! Jumps that a debugger makes: a callback at an event of a frame sets the line at which the frame goes on
//! (`frame.f_lineno = line`).
//!
//! Invariant: while a callback has jumped and has not returned, the frame's `pc` is behind the word at which it goes on,
//! as if that were the instruction whose events are fired, and its registers hold what that word expects.  What fires the
//! event then goes on there ([`Vm::jumps`]) and not with the instruction.

use std::cell::Cell;

use crate::code::stack_state::{Jump, Place};
use crate::monitor::Event;
use crate::object::frame::{self, FrameObject};
use crate::object::function::Code;
use crate::object::generator::Generator;
use crate::object::heap::breaker;
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// The event whose callback runs, and the frame that it is of.
#[derive(Clone, Copy)]
pub(super) struct Watched {
    event: Event,
    depth: usize,
}

impl Vm {
    /// Runs a callback at an event of the top frame: it may set that frame's line.
    pub fn at_event<T>(&mut self, event: Event, run: impl FnOnce(&mut Vm) -> T) -> T {
        let before = self.watched;
        self.watch(event);
        let result = run(self);
        self.watched = before;
        result
    }

    /// A callback at an event of the top frame is about to run.
    #[inline]
    pub(super) fn watch(&mut self, event: Event) {
        self.watched = self.stack.depth().checked_sub(1).map(|depth| Watched { event, depth });
    }

    /// Makes a frame go on at the beginning of `line`, or of the first line behind it that has code, once the callback
    /// that runs has returned.
    ///
    /// # Errors
    /// `ValueError` outside of a callback, at an event at which the line cannot be set, where there is no such line, and
    /// where it needs other operands than there are.
    pub fn set_frame_line(&mut self, f: &FrameObject, line: i64) -> R<()> {
        let Some(watched) = self.watched else {
            return Err(self.value_error("f_lineno can only be set in a trace function"));
        };
        let refusal = match watched.event {
            _ if f.place.get() != frame::Place::Stack(watched.depth) => Some("can't jump during a call"),
            Event::Line | Event::Jump | Event::PyResume | Event::PyYield => None,
            Event::PyStart => Some("can't jump from the 'call' trace event of a new frame"),
            Event::Call | Event::CReturn => Some("can't jump during a call"),
            _ => Some("can only jump from a 'line' trace event"),
        };
        if let Some(refusal) = refusal {
            return Err(self.value_error(refusal));
        }
        let Ok(wanted) = i32::try_from(line) else { return Err(self.value_error("lineno out of range")) };
        let code = &f.code.data;
        if wanted < code.first_line {
            return Err(self.value_error(format!("line {wanted} comes before the current code block")));
        }
        let Some(line) = code.stack_states.line_not_before(wanted) else {
            return Err(self.value_error(format!("line {wanted} comes after the current code block")));
        };
        let here = self.frame_instruction(f) as u32;
        let is_line = watched.event == Event::Line;
        let jump = code.stack_states.jump(here, is_line, line, code.first_temp);
        let jump = jump.map_err(|refusal| self.value_error(refusal))?;
        self.bind_unbound(f, watched.depth)?;
        self.jump_frame(f, watched.depth, &jump);
        Ok(())
    }

    /// Code behind a jump may rely on locals that the compiler saw bound: those that are not are bound to None.
    fn bind_unbound(&mut self, f: &FrameObject, depth: usize) -> R<()> {
        let unbound = |vm: &Vm, i: u16| vm.stack.frames().get(depth).is_some_and(|f| f.register(i).is_none());
        let count = (0..f.code.data.first_temp).filter(|&i| unbound(self, i)).count();
        if count == 0 {
            return Ok(());
        }
        let plural = if count == 1 { "" } else { "s" };
        let class = self.types().RuntimeWarning.clone();
        self.warn(&class, &format!("assigning None to {count} unbound local{plural}"))?;
        for i in 0..f.code.data.first_temp {
            if unbound(self, i) {
                drop(self.stack.replace_register(depth, i, Some(Value::NONE)));
            }
        }
        Ok(())
    }

    /// Puts the operands where the target of a jump expects them, drops the others, and moves the frame there.
    fn jump_frame(&mut self, f: &FrameObject, depth: usize, jump: &Jump) {
        let data = &f.code.data;
        // Leaving a handler restores what was handled before it: the lowest of the exceptions that it holds.
        if let Some(Place::Register(previous)) = jump.restored {
            let previous = self.stack.frames().get(depth).and_then(|f| f.register(previous).cloned());
            drop(self.swap_handled(previous.filter(|e| !e.is_none())));
        }
        let mut moved: Vec<(u16, Option<Value>)> = Vec::new();
        for (from, to) in jump.from.iter().zip(&jump.to).filter(|(from, to)| from != to) {
            let Place::Register(to) = *to else { continue };
            let v = match *from {
                Place::Register(r) => self.stack.frames().get(depth).and_then(|f| f.register(r).cloned()),
                Place::Const(k) => f.code.consts.get(k as usize).cloned(),
                Place::Nowhere => None,
            };
            moved.push((to, v));
        }
        let mut dropped = Vec::new();
        for i in data.first_temp..data.register_count {
            let stays = jump.from.iter().zip(&jump.to).any(|(from, to)| from == to && *to == Place::Register(i));
            if !stays {
                dropped.extend(self.stack.replace_register(depth, i, None));
            }
        }
        for (register, v) in moved {
            drop(self.stack.replace_register(depth, register, v));
        }
        self.stack.set_word(depth, jump.word as usize);
        self.jumped = self.stack.frames().get(depth).map_or(std::ptr::null(), std::ptr::from_ref);
        // What fires the event looks only then.
        self.heap.request(breaker::MONITOR);
        for v in dropped.into_iter().rev() {
            self.dispose(v);
        }
    }

    /// After the events of the instruction at which the top frame stands: whether a callback has jumped.  Then `pc` is
    /// where the frame goes on.
    #[inline(always)]
    pub(super) fn jumps(&mut self) -> bool {
        std::ptr::eq(self.jumped, self.stack.frame_ptr()) && self.go_where_it_jumped()
    }

    #[cold]
    fn go_where_it_jumped(&mut self) -> bool {
        self.jumped = std::ptr::null();
        let frame = self.stack.frame_ptr();
        // SAFETY: the top frame has jumped, so there is one, and it stands behind the word at which it goes on.
        let (code, word) = unsafe {
            (*frame).pc = (*frame).pc.sub(1);
            let code = (*frame).code();
            (code, (*frame).pc.offset_from(code.data.words.as_ptr()) as usize)
        };
        self.skip_line = line_carrier(code, word);
        true
    }

    /// A generator is resumed whose line was set while it yielded.
    #[cold]
    pub(super) fn resume_where_it_jumped(&mut self, g: &Generator) {
        self.skip_line = line_carrier(&g.code, g.resume_at.get() as usize);
    }
}

/// The word whose LINE event does not fire after a jump to `word`; null if there is none.  CPython compares a line with that
/// of the place before it, which after a jump is the place itself.
fn line_carrier(code: &Code, word: usize) -> *const Cell<u64> {
    let (starts, positions) = (&code.data.line_starts, &code.data.positions);
    let carrier = (word..starts.len()).find(|&i| starts[i]);
    let carrier = carrier.filter(|&i| positions[i].line == positions[word].line);
    carrier.map_or(std::ptr::null(), |i| &raw const code.data.words[i])
}
