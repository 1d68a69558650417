//! The instrumented instructions: which events each fires, in what order, and how the loop goes on.

use std::ffi::c_void;

use super::fire::Fired;
use super::{CALL, Sites, sites};
use crate::code::{Op, OwnEvent, Word};
use crate::monitor::{Event, Payload, armed};
use crate::object::function::Code;
use crate::object::header::Gc;
use crate::object::value::Value;
use crate::vm::run::Flow;
use crate::vm::{R, Vm};

/// What the loop does after an instrumented instruction's events.  One byte, so that it comes back in a register.
pub(in crate::vm) enum Instrumented {
    /// Run the original instruction.
    Run(Op),
    /// It has been done; go on where the frame says.
    Done,
    /// What has become of it, [`Vm::take_outcome`] says: an error, or a yield that has been done.
    Outcome,
}

/// A word that is in no code, and stands for the one that the top frame has left for its callback: what is run instead of it
/// lies in [`Vm::going_on`], from where the loop's handler takes it at once.  As an answer of the handler of RETURN it would cost
/// the loop a second way into its dispatch.
pub(in crate::vm) static GO_ON: u64 = Word::new(Op::INSTRUMENTED_GO_ON, 0, 0, 0, 0).0;

/// The handler of an instrumented opcode.
type Handler = fn(&mut Vm, Word) -> Instrumented;

/// They by opcode.
static HANDLERS: [Handler; Op::INSTRUMENTED_GO_ON as usize + 1] = {
    let mut handlers: [Handler; _] = [Vm::instrumented_any; _];
    handlers[Op::INSTRUMENTED_LINE as usize] = Vm::instrumented_line;
    handlers[Op::INSTRUMENTED_INSTRUCTION as usize] = Vm::instrumented_instruction;
    handlers[Op::INSTRUMENTED_START as usize] = Vm::instrumented_start;
    handlers[Op::INSTRUMENTED_RETURN as usize] = Vm::instrumented_return;
    handlers[Op::INSTRUMENTED_JUMP as usize] = Vm::instrumented_jump;
    handlers[Op::INSTRUMENTED_CALL as usize] = Vm::instrumented_call;
    handlers[Op::INSTRUMENTED_GO_ON as usize] = Vm::instrumented_go_on;
    handlers
};

impl Vm {
    /// What an instruction has come to that was answered by [`Instrumented::Outcome`].
    pub(in crate::vm) fn take_outcome(&mut self) -> R<Flow> {
        std::mem::replace(&mut self.outcome, Ok(Flow::Reload))
    }

    #[cold]
    #[inline(never)]
    pub(super) fn outcome(&mut self, outcome: R<Flow>) -> Instrumented {
        self.outcome = outcome;
        Instrumented::Outcome
    }

    /// After an event that was the last one of its instruction, or armed alone there: that runs, unless a callback failed, set
    /// the line or armed an event that is behind this one.
    pub(super) fn after_alone(&mut self, fired: R<()>, event: Event) -> Instrumented {
        let next = match fired {
            Ok(()) if self.jumps() => Ok(Instrumented::Done),
            Ok(()) => self.fire_behind(event),
            Err(e) => Err(e),
        };
        match next {
            Ok(next) => next,
            Err(e) => self.outcome(Err(e)),
        }
    }

    /// Fires what is armed now behind an event of the instruction at which the top frame stands.
    fn fire_behind(&mut self, event: Event) -> R<Instrumented> {
        let (code, s, i, op) = self.site();
        let w = code.data.data.word(i);
        match event {
            Event::Line => self.fire_behind_line(w, code, s, i, op),
            Event::Instruction => self.fire_own(w, code, s, i, op),
            Event::Jump => self.fire_edge(code, s, i, op),
            _ => Ok(Instrumented::Run(op)),
        }
    }

    /// A callback that was a frame has returned: the instruction behind whose word the top frame stands goes on.  `is_calm` says
    /// that nothing has changed meanwhile.
    #[inline(always)]
    pub(in crate::vm) fn go_on_behind(&mut self, event: Event, is_calm: bool) -> R<Flow> {
        let (code, _, i, op) = self.site();
        if is_calm && code.data.data.word(i).opcode() != Op::INSTRUMENTED as u8 {
            // It was armed alone.
            return Ok(self.go_on_with(op));
        }
        match self.fire_behind(event)? {
            Instrumented::Run(op) => Ok(self.go_on_with(op)),
            Instrumented::Done => Ok(Flow::Reload),
            Instrumented::Outcome => self.take_outcome(),
        }
    }

    /// Makes the loop run an opcode at the instruction at which the top frame stands.
    #[inline(always)]
    fn go_on_with(&mut self, op: Op) -> Flow {
        let frame = self.stack.frame_ptr();
        // SAFETY: the top frame.
        unsafe {
            self.going_on = ((*frame).pc, op);
            (*frame).pc = (&raw const GO_ON).cast();
        }
        Flow::Reload
    }

    /// The instrumented instruction behind whose word the top frame stands, with its original opcode.
    #[inline(always)]
    fn site<'a>(&mut self) -> (&'a Gc<Code>, &'a Sites, usize, Op) {
        // SAFETY: the loop runs an instruction of the top frame, whose code is alive while the frame is; it is
        // instrumented, so its code is registered; `pc` is behind a word of the code, for each of which there is a site, and
        // this is an instruction's.
        unsafe {
            let frame = self.stack.frame_ptr();
            let code = &*(*frame).code;
            let s = sites(&code.data).unwrap_unchecked();
            let i = (*frame).pc.offset_from(code.data.hot.words) as usize - 1;
            (code, s, i, s.at.get_unchecked(i).op())
        }
    }

    /// The events of an instrumented instruction.  `pc` of the frame is behind its opcode word.
    #[inline(always)]
    pub(in crate::vm) fn instrumented(&mut self, w: Word) -> Instrumented {
        // SAFETY: the loop has just run this opcode, and those that are instrumented are the first ones.
        let handler = unsafe { HANDLERS.get_unchecked(w.opcode() as usize) };
        handler(self, w)
    }

    /// INSTRUMENTED_GO_ON, behind [`GO_ON`].
    #[inline(never)]
    fn instrumented_go_on(&mut self, _: Word) -> Instrumented {
        let (pc, op) = self.going_on;
        // SAFETY: the loop runs the top frame.
        unsafe { (*self.stack.frame_ptr()).pc = pc };
        Instrumented::Run(op)
    }

    /// INSTRUMENTED.
    #[inline(never)]
    fn instrumented_any(&mut self, w: Word) -> Instrumented {
        let (code, s, i, op) = self.site();
        self.instrumented_in_full(w, code, s, i, op)
    }

    /// INSTRUMENTED_LINE.
    #[inline(never)]
    fn instrumented_line(&mut self, w: Word) -> Instrumented {
        let (code, s, i, op) = self.site();
        if !self.skip_line.is_null() {
            return self.instrumented_in_full(w, code, s, i, op);
        }
        self.fire_alone(s, i, Event::Line, &Payload::NONE, op)
    }

    /// INSTRUMENTED_INSTRUCTION.
    #[inline(never)]
    fn instrumented_instruction(&mut self, _: Word) -> Instrumented {
        let (_, s, i, op) = self.site();
        self.fire_alone(s, i, Event::Instruction, &Payload::NONE, op)
    }

    /// INSTRUMENTED_START.
    #[inline(never)]
    fn instrumented_start(&mut self, w: Word) -> Instrumented {
        let (code, s, i, op) = self.site();
        if code.data.armed_version() != self.monitor_changes.count() {
            return self.instrumented_in_full(w, code, s, i, op);
        }
        self.fire_alone(s, i, Event::PyStart, &Payload::NONE, op)
    }

    /// INSTRUMENTED_RETURN.
    #[inline(never)]
    fn instrumented_return(&mut self, w: Word) -> Instrumented {
        let (_, s, i, op) = self.site();
        self.monitored_return(s, i, op, w)
    }

    /// INSTRUMENTED_JUMP.
    #[inline(never)]
    fn instrumented_jump(&mut self, _: Word) -> Instrumented {
        let (_, s, i, op) = self.site();
        self.fire_alone(s, i, Event::Jump, &Payload::NONE, op)
    }

    /// INSTRUMENTED_CALL.
    #[inline(never)]
    fn instrumented_call(&mut self, w: Word) -> Instrumented {
        let (_, s, i, _) = self.site();
        match self.monitored_call_registers(s, i, Op::CALL, w) {
            Ok(next) => next,
            Err(e) => self.outcome(Err(e)),
        }
    }

    #[inline(never)]
    fn instrumented_in_full(&mut self, w: Word, code: &Gc<Code>, s: &Sites, i: usize, op: Op) -> Instrumented {
        match self.fire_all(w, code, s, i, op) {
            Ok(next) => next,
            Err(e) => self.outcome(Err(e)),
        }
    }

    /// The same for every combination of events.
    #[inline(never)]
    fn fire_all(&mut self, w: Word, code: &Gc<Code>, s: &Sites, i: usize, op: Op) -> R<Instrumented> {
        let pc = self.stack.frame().map_or(std::ptr::null(), |f| f.pc);
        if op.own_event() == OwnEvent::Resume && code.data.armed_version() != self.monitor_changes.count() {
            if !self.monitor.has_tools() {
                // RESUME does it, and gives back what `s` is.
                return Ok(Instrumented::Run(op));
            }
            // The entry is armed as it was when the code ran last: renewed first, so that RESUME does not do it behind
            // the events and look at the entry again.
            self.renew_code(code);
        }
        // SAFETY: `pc` is behind the word.
        let here = unsafe { pc.sub(1) };
        let skip_line = std::mem::replace(&mut self.skip_line, std::ptr::null()) == here;
        if let Some(at) = s.line_at(&code.data.data, i, op)
            && !skip_line
            && (self.fire_or_enter(s, at, Event::Line, &Payload::NONE)? == Fired::Entered || self.jumps())
        {
            return Ok(Instrumented::Done);
        }
        self.fire_behind_line(w, code, s, i, op)
    }

    /// INSTRUCTION and the instruction's own events.
    fn fire_behind_line(&mut self, w: Word, code: &Gc<Code>, s: &Sites, i: usize, op: Op) -> R<Instrumented> {
        if s.at[i].armed.get() & armed::INSTRUCTION != 0
            && self.fire_or_enter(s, i, Event::Instruction, &Payload::NONE)? == Fired::Entered
        {
            return Ok(Instrumented::Done);
        }
        self.fire_own(w, code, s, i, op)
    }

    fn fire_own(&mut self, w: Word, code: &Gc<Code>, s: &Sites, i: usize, op: Op) -> R<Instrumented> {
        let armed = |bit| s.at[i].armed.get() & bit != 0;
        match op.own_event() {
            OwnEvent::Jump => {
                if armed(armed::EVENT)
                    && (self.fire_or_enter(s, i, Event::Jump, &Payload::NONE)? == Fired::Entered || self.jumps())
                {
                    return Ok(Instrumented::Done);
                }
                return self.fire_edge(code, s, i, op);
            }
            OwnEvent::Call if armed(CALL) => {
                return match op {
                    Op::LOAD_SUPER_ATTR => self.monitored_super(s, i, w).map(|()| Instrumented::Done),
                    _ => Ok(self.monitored_call(s, i, op, w)),
                };
            }
            // They fire when they have decided.
            OwnEvent::Branch | OwnEvent::Loop if armed(armed::EVENT) => {
                return Ok(Instrumented::Run(op.armed_form().unwrap_or(op)));
            }
            OwnEvent::Resume if armed(armed::EVENT) => {
                let event = if w.x() == 0 { Event::PyStart } else { Event::PyResume };
                if self.fire_or_enter(s, i, event, &Payload::NONE)? == Fired::Entered || self.jumps() {
                    return Ok(Instrumented::Done);
                }
            }
            OwnEvent::Return | OwnEvent::Yield if armed(armed::EVENT) => {
                return Ok(self.monitored_return(s, i, op, w));
            }
            // SEND fires when it knows that the iterator has returned.
            _ => {}
        }
        Ok(Instrumented::Run(op))
    }

    /// The LINE event behind an unconditional jump, if it is armed.
    fn fire_edge(&mut self, code: &Gc<Code>, s: &Sites, i: usize, op: Op) -> R<Instrumented> {
        let data = &code.data.data;
        if !s.is_edge(i + 1) || !s.line_armed(data, i + 1) {
            return Ok(Instrumented::Run(op));
        }
        let frame = self.stack.frame_ptr();
        // SAFETY: the frame is the top one; an error of the callback belongs to the place behind the jump.
        unsafe { (*frame).pc = (*frame).pc.add(1) };
        self.fire_at(s, data.line_location(i + 1), Event::Line, &Payload::NONE)?;
        if self.jumps() {
            return Ok(Instrumented::Done);
        }
        // SAFETY: it is the top one again behind the callback.
        unsafe { (*frame).pc = (*frame).pc.sub(1) };
        Ok(Instrumented::Run(op))
    }

    /// RETURN, RETURN_CONST and YIELD.
    #[inline(never)]
    fn monitored_return(&mut self, s: &Sites, i: usize, op: Op, w: Word) -> Instrumented {
        // Counted once more: a callback may give a local another value.
        let v = match op {
            Op::RETURN_CONST => self.stack.frame().map_or(Value::NONE, |f| f.code().consts[w.bc() as usize].clone()),
            Op::RETURN => self.peek(w.a()),
            _ => self.peek(w.b()),
        };
        let payload = Payload::value(&raw const v as *const c_void);
        if op != Op::YIELD {
            return self.fire_alone(s, i, Event::PyReturn, &payload, op);
        }
        match self.fire_at(s, i, Event::PyYield, &payload) {
            Ok(()) if self.jumps() => {
                let yielded = self.yield_and_jump(w, v);
                self.outcome(yielded)
            }
            Ok(()) => Instrumented::Run(op),
            Err(e) => self.outcome(Err(e)),
        }
    }

    /// Fires BRANCH_LEFT of the branch behind whose word the top frame stands: the loop calls it between the decision and
    /// the jump, where the word's `x` says that the side is armed.
    #[inline(never)]
    pub(in crate::vm) fn fire_left(&mut self) -> R<()> {
        let (_, s, i, _) = self.site();
        self.fire_at(s, i, Event::BranchLeft, &Payload::NONE)
    }

    /// BRANCH_RIGHT, likewise.
    #[inline(never)]
    pub(in crate::vm) fn fire_right(&mut self) -> R<()> {
        let (_, s, i, _) = self.site();
        self.fire_at(s, i, Event::BranchRight, &Payload::NONE)
    }

    /// The same for a FOR_ITER that was armed when it resumed a generator, which has returned since.
    pub(in crate::vm) fn fire_end(&mut self) -> R<()> {
        let (_, s, i, _) = self.site();
        if s.at[i].armed.get() & armed::RIGHT == 0 { Ok(()) } else { self.fire_right() }
    }

    /// BRANCH_LEFT and JUMP of the end of a loop, whichever is armed.  True if a callback of JUMP has set the line: then the
    /// frame goes on where its `pc` says.
    #[inline(never)]
    pub(in crate::vm) fn fire_loop_back(&mut self) -> R<bool> {
        let (_, s, i, _) = self.site();
        let armed = |bit| s.at[i].armed.get() & bit != 0;
        if armed(armed::LEFT) {
            self.fire_at(s, i, Event::BranchLeft, &Payload::NONE)?;
        }
        if !armed(armed::JUMP) {
            return Ok(false);
        }
        self.fire_at(s, i, Event::Jump, &Payload::NONE)?;
        Ok(self.jumps())
    }

    /// Says that an exception handler begins at a word of the top frame's code, on the line of what raised: its LINE event,
    /// if it is armed, is not to fire this time.
    pub(in crate::vm) fn skip_line(&mut self, code: &Gc<Code>, target: usize) {
        let Some(s) = sites(&code.data) else { return };
        let op = Op::ALL[s.at[target].original as usize];
        if s.line_at(&code.data.data, target, op).is_some() {
            // SAFETY: a word of the code.
            self.skip_line = unsafe { code.data.hot.words.add(target) };
        }
    }
}
