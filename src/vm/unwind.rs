//! From a raised exception to its handler, or out of the frames: tracebacks, contexts and the exception events.

use std::mem;

use super::special_frames::{Then, take_operands};
use super::stack::frame_flags;
use crate::code::{Handler, Op};
use crate::monitor::Event;
use crate::object::cell::Mut;
use crate::object::exception::{Exception, Traceback};
use crate::object::generator::GeneratorState;
use crate::object::value::Value;
use crate::vm::{Exc, R, Vm};

/// How an exception comes to the instruction at which the top frame stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Raised by it, or by what it called.
    Raised,
    /// Thrown into a suspended generator: what is handled outside of that is not its context.
    Thrown,
    /// Raised before, and now again: it adds no traceback entry and fires RERAISE.
    Reraised,
}

impl Origin {
    /// Of what the instruction raises.
    pub(super) fn of_raise(again: bool) -> Origin {
        if again { Origin::Reraised } else { Origin::Raised }
    }
}

impl Vm {
    /// The exception that is being handled, if any (`sys.exception()`).
    pub fn handled(&self) -> Option<&Value> {
        self.handled.iter().rev().flatten().next()
    }

    /// Takes an exception from the instruction at which the top frame stands to its handler; Err when it leaves the
    /// frame at which `run` was entered.
    pub(super) fn unwind(&mut self, mut e: Exc, mut origin: Origin) -> Result<(), Exc> {
        let mut from_callee = false;
        loop {
            let Some(frame) = self.stack.frame() else { return Err(e) };
            let index = frame.index();
            // CPython 3.13 gives the events of an exception that comes out of a Python callee the place in front of the
            // call: the last operand, which may be on a line of its own.
            let place = if from_callee { index.saturating_sub(1) } else { index };
            if origin == Origin::Reraised {
                self.fire_exception(Event::Reraise, index, &mut e);
            } else {
                if origin == Origin::Raised {
                    self.set_first_context(&e);
                }
                self.add_traceback(&e, index);
                self.fire_exception(Event::Raise, place, &mut e);
            }
            origin = Origin::Raised;
            let handler = self.stack.frame().and_then(|f| f.code().data.handler(index as u32).copied());
            let handler = handler.filter(|_| !self.is_terminating());
            match handler {
                Some(h) => match self.enter_handler(h, index, e) {
                    Ok(()) => return Ok(()),
                    Err(next) => e = next,
                },
                None => {
                    // As CPython does: iterators that loops had under way die before the frame is left.
                    self.clear_temporaries();
                    self.fire_exception(Event::PyUnwind, place, &mut e);
                    let then = self.stack.frame().map_or(Then::Result, |f| f.then);
                    let flags = self.abandon_frame();
                    if flags & frame_flags::ENTRY != 0 {
                        return Err(e);
                    }
                    if flags & frame_flags::SPECIAL != 0
                        && then == Then::Next
                        && self.is_exception(&e, &self.types().StopIteration.clone())
                    {
                        match self.end_by_stop_iteration(&e) {
                            Ok(()) => return Ok(()),
                            Err(next) => {
                                e = next;
                                origin = Origin::of_raise(mem::take(&mut self.pending_reraise));
                            }
                        }
                    }
                    from_callee = flags & frame_flags::INDIRECT == 0;
                    if flags & frame_flags::GETTER != 0 {
                        // It is the instruction that raises, and not the words of its cache.
                        let below = self.stack.frame_ptr();
                        // SAFETY: a getter's frame has that of the instruction below it.
                        unsafe { (*below).pc = (*below).pc.sub(Op::LOAD_ATTR.extra_words()) };
                    }
                }
            }
        }
    }

    /// Cuts the temporaries, puts the exception where the handler expects it, and goes there.
    fn enter_handler(&mut self, h: Handler, index: usize, mut e: Exc) -> Result<(), Exc> {
        let Some(frame) = self.stack.frame() else { return Err(e) };
        let (code, count) = (frame.code, frame.code().data.register_count);
        // Before the registers go: a RERAISE has it in one of them.
        let place = self.stack.frame().map_or(index, |f| self.place_of(f));
        self.clear_registers(h.base, count);
        if self.heap.has_pending() {
            self.run_finalizers();
        }
        let mut at = h.base;
        if h.with_index {
            self.set_register(at, Value::from_len(place));
            at += 1;
        }
        self.set_register(at, e.0.clone());
        // SAFETY: the frame's code is alive.
        let data = &unsafe { &*code }.data.data;
        // SAFETY: a handler's target is one of the words.
        let target = unsafe { data.words.as_ptr().add(h.target as usize) };
        let frame = self.stack.frame_ptr();
        // SAFETY: the frame exists.
        unsafe { (*frame).pc = target };
        let before = e.0.clone();
        // SAFETY: as above; the event belongs to the handler's first instruction.
        unsafe { (*frame).pc = target.add(1) };
        self.fire_exception(Event::ExceptionHandled, h.target as usize, &mut e);
        if e.0.is(&before) {
            // SAFETY: as above.
            unsafe { (*frame).pc = target };
            // LINE compares with the line of what raised first; what is thrown into a generator has nothing before it.
            let same_line = data.line(place).is_some() && data.line(place) == data.line(h.target as usize);
            if same_line
                && !matches!(
                    super::instrument::original_op(unsafe { &(*code).data }, index),
                    Some(Op::YIELD | Op::RETURN_GENERATOR)
                )
            {
                // SAFETY: the frame's code is alive.
                self.skip_line(unsafe { &*code }, h.target as usize);
            }
            return Ok(());
        }
        Err(e)
    }

    /// Drops registers of the top frame.  What dies of it is left to the caller to finalize, when the frame is again, or
    /// not any more, one that other code may look at.
    pub(super) fn clear_registers(&mut self, from: u16, to: u16) {
        let regs = self.frame_regs();
        for i in from..to {
            // SAFETY: registers of the top frame; the empty word is the niche.
            drop(unsafe { &mut *(regs.add(i as usize) as *mut Option<Value>) }.take());
        }
    }

    /// Drops the objects that the top frame holds besides its locals, and lets what dies of it run its finalizers.  The
    /// place that a RERAISE has in a register stays: it is still the frame's.
    fn clear_temporaries(&mut self) {
        let Some(frame) = self.stack.frame() else { return };
        let (from, to) = (frame.code().data.first_temp, frame.code().data.register_count);
        let regs = self.frame_regs();
        for i in from..to {
            // SAFETY: registers of the top frame.
            let register = unsafe { &mut *regs.add(i as usize) };
            if super::run::is_heap_word(*register) {
                let old = mem::take(register);
                super::run::release_word(self, old);
            }
        }
        if self.heap.has_pending() {
            self.run_finalizers();
        }
    }

    /// Pops a frame that an exception leaves; its flags.
    fn abandon_frame(&mut self) -> u16 {
        let Some(frame) = self.stack.frame() else { return frame_flags::ENTRY };
        let (flags, then, register_count) = (frame.flags, frame.then, frame.code().data.register_count);
        if flags & frame_flags::OBJECT != 0 {
            self.leave_frame_object(None);
        }
        self.clear_registers(0, register_count);
        if let Some(frame) = self.stack.pop() {
            frame.debug_assert_left();
            if flags & frame_flags::SPECIAL != 0 && frame.then.holds_operands() {
                // SAFETY: its frame is popped here, and has not returned.
                drop(unsafe { take_operands(frame.regs) });
            }
            if flags & frame_flags::GENERATOR != 0 {
                if let Some(g) = &frame.generator {
                    g.state.set(GeneratorState::Finished);
                    g.function.set(None);
                }
                self.handled.pop();
            }
        }
        if self.heap.has_pending() {
            self.run_finalizers();
        }
        if flags & frame_flags::SPECIAL != 0
            && let Then::Callback(event) = then
        {
            self.abandon_callback(event);
        }
        flags
    }

    fn add_traceback(&mut self, e: &Exc, index: usize) {
        let Some(frame) = self.stack.frame() else { return };
        let code = self.running_code(frame);
        let object = self.top_frame_object();
        let Some(x) = e.0.downcast::<Exception>() else { return };
        let entry = self.heap.alloc(
            &self.types().traceback,
            Traceback {
                next: Mut::new(x.traceback.take()),
                code,
                instruction: index as u32,
                line: None,
                frame: Mut::new(object),
            },
        );
        x.traceback.set(Some(entry));
    }

    /// Gives an exception that has met no frame the place where the program is.
    pub(super) fn add_first_traceback(&mut self, e: &Exc) {
        let is_bare = e.0.downcast::<Exception>().is_some_and(|x| x.traceback.borrow().is_none());
        if is_bare && let Some(index) = self.stack.frame().map(|f| f.index()) {
            self.add_traceback(e, index);
        }
    }

    /// An exception that has no traceback yet was raised just now: what is being handled becomes its context.
    fn set_first_context(&mut self, e: &Exc) {
        let fresh =
            e.0.downcast::<Exception>().is_some_and(|x| x.traceback.borrow().is_none() && x.context.borrow().is_none());
        if fresh && let Some(h) = self.handled().cloned() {
            self.set_context(e, &h);
        }
    }

    /// The exception of a bare `raise`.
    pub(super) fn reraise_handled(&mut self) -> R<Exc> {
        match self.handled().cloned() {
            Some(v) => Ok(Exc(v)),
            None => Err(self.runtime_error("No active exception to reraise")),
        }
    }

    /// RAISE with one or two operands: the exception to be raised.
    pub(super) fn raise(&mut self, v: &Value, cause: Option<&Value>) -> Exc {
        let e = match self.make_exception(v) {
            Ok(e) => e,
            Err(e) => return e,
        };
        if let Some(cause) = cause {
            match self.make_cause(cause) {
                Ok(c) => {
                    if let Some(x) = e.0.downcast::<Exception>() {
                        x.cause.set(c.map(|c| c.0));
                        x.suppress_context.set(true);
                    }
                }
                Err(e) => return e,
            }
        }
        if let Some(h) = self.handled().cloned() {
            self.set_context(&e, &h);
        }
        e
    }
}
