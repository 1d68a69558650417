//! Generators: suspending and resuming frames, send, throw and close.

use std::mem;
use std::ptr::NonNull;

use super::registers::Registers;
use super::run::{CONSUMED, Flow, is_heap_word};
use super::special_frames::Then;
use super::stack::{Frame, frame_flags};
use super::unwind::Origin;
use crate::code::{Word, side};
use crate::monitor::Event;
use crate::object::exception::{Exception, Traceback};
use crate::object::function::Native;
use crate::object::generator::{Flavor, Generator, GeneratorState};
use crate::object::header::{Header, Ref};
use crate::object::heap::Heap;
use crate::object::sequence::Tuple;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::{Exc, R, Vm};

/// What resuming a generator gave.
pub enum Sent {
    Yielded(Value),
    Returned(Value),
}

/// With what a generator is resumed.
enum Resume {
    Value(Value),
    Exception(Exc),
}

impl Vm {
    /// RETURN_GENERATOR: the frame becomes a generator, which is returned to the caller.
    pub(super) fn return_generator(&mut self) -> R<Flow> {
        let Some(frame) = self.stack.pop() else { return Ok(Flow::Reload) };
        let code = self.running_code(&frame);
        let g = Generator::new(&frame.function, code, take_registers(&frame), resume_index(&frame));
        let class = match g.flavor {
            Flavor::Coroutine => {
                g.origin_or_finalizer.set(self.coroutine_origin());
                &self.types().coroutine
            }
            Flavor::AsyncGenerator => &self.types().async_generator,
            Flavor::Generator | Flavor::IterableCoroutine => &self.types().generator,
        };
        let v: Value = self.heap.alloc(class, g).into();
        let (flags, then, dst, regs) = (frame.flags, frame.then, frame.dst, frame.regs);
        drop(frame);
        if flags & frame_flags::ENTRY != 0 {
            return Ok(Flow::Return(v));
        }
        self.give_result(v, flags, then, dst, regs)
    }

    /// YIELD: the generator's frame is put away.
    pub(super) fn yield_value(&mut self, w: Word) -> R<Flow> {
        let v = Registers::of(self).take(w.b());
        self.suspend(w, v, Some(w.a()))
    }

    /// The same where the callback of the yield's own event has set the line: the generator goes on there, and what is
    /// sent is dropped.
    #[cold]
    pub(super) fn yield_and_jump(&mut self, w: Word, v: Value) -> R<Flow> {
        self.suspend(Word::new(w.op(), 0, 0, 0, 0), v, None)
    }

    /// Puts the top frame away; `sent_to` is the register for what is sent.
    #[inline(always)]
    fn suspend(&mut self, w: Word, v: Value, sent_to: Option<u16>) -> R<Flow> {
        let top = self.stack.frame_ptr();
        // SAFETY: the loop runs the top frame; it is popped below, and nothing that comes before touches the stack.
        let frame = unsafe { &*top };
        let Some(g) = &frame.generator else {
            return Err(self.system_error("yield outside of a generator"));
        };
        save_registers(g, frame);
        g.resume_at.set(resume_index(frame));
        g.sent_to.set(sent_to);
        g.closes_silently.set(w.x() & 2 != 0);
        // In a delegation the operands are `receiver, sent`.
        g.delegate.set((w.x() & 1 != 0).then(|| w.a() as u32 - 1));
        g.handled.set(self.handled.pop().flatten());
        g.state.set(GeneratorState::Suspended);
        let (flags, dst) = (frame.flags, frame.dst);
        if flags & frame_flags::OBJECT != 0 {
            self.suspend_frame_object(g);
        }
        // SAFETY: the top frame; that of a generator has no namespace.
        let (function, generator) = unsafe { self.stack.pop_parts(top) };
        // The generator holds it as well.
        drop(function);
        if flags & frame_flags::ENTRY != 0 {
            return Ok(Flow::Return(v));
        }
        self.set_register(dst, v);
        if let Some(g) = generator {
            // Where nobody else holds it, it is closed.
            self.dispose(g.into());
        }
        Ok(Flow::Reload)
    }

    /// RETURN from a plain frame whose local `dying`, taken out of its register, has lost its last reference.
    #[inline(never)]
    pub(super) fn return_dying(&mut self, dying: u64, word: u64) -> R<Flow> {
        // SAFETY: the count is 0, and the register that owned the word has been overwritten.
        unsafe { Heap::release(NonNull::new_unchecked(dying as *mut Header)) };
        self.return_value(word)
    }

    /// RETURN from a frame with flags (an entry frame, a generator's, one with an object), or one whose locals die with
    /// it.  As in CPython finalizers run when the frame has gone: one that they found might be given an object that
    /// outlives it.
    pub(super) fn return_value(&mut self, word: u64) -> R<Flow> {
        // SAFETY: the loop hands over the word of the returned value.
        let v = unsafe { Value::from_bits(word) };
        /// Flags of frames that have nothing but their registers to give up.
        const PLAIN: u16 = frame_flags::ENTRY | frame_flags::INIT | frame_flags::GETTER | frame_flags::SPECIAL;
        let top = self.stack.frame_ptr();
        // SAFETY: the loop runs the top frame.
        let (flags, is_plain) = unsafe { ((*top).flags, (*top).locals.is_none()) };
        // SAFETY: as above.
        if flags == frame_flags::SPECIAL
            && let Then::Callback(event) = unsafe { (*top).then }
        {
            self.leave_function();
            return self.end_callback(v, event);
        }
        if is_plain && flags & !PLAIN == 0 {
            return self.return_from_function(v);
        }
        if self.stack.frame().is_some_and(|f| f.flags & frame_flags::OBJECT != 0) {
            self.leave_frame_object(Some(&v));
        }
        self.clear_registers(0, self.first_temp());
        // SAFETY: the top frame, still.
        let (dst, then, regs, namespace) = unsafe { ((*top).dst, (*top).then, (*top).regs, (*top).locals.take()) };
        // SAFETY: as above; it has no namespace any more.
        let (function, generator) = unsafe { self.stack.pop_parts(top) };
        if let Some(g) = generator {
            g.state.set(GeneratorState::Finished);
            g.function.set(None);
            self.handled.pop();
        }
        drop((function, namespace));
        if self.heap.has_pending() {
            self.run_finalizers();
        }
        if flags & frame_flags::ENTRY != 0 {
            return Ok(Flow::Return(v));
        }
        if flags & (frame_flags::NEXT | frame_flags::SEND) != 0 {
            self.end_iteration(v, flags)?;
            return Ok(Flow::Reload);
        }
        if flags & frame_flags::CALLED != 0 {
            return Err(self.stop_iteration(v));
        }
        self.give_result(v, flags, then, dst, regs)
    }

    /// RETURN from the top frame, which has no object, no namespace and no generator.
    fn return_from_function(&mut self, v: Value) -> R<Flow> {
        let top = self.stack.frame_ptr();
        // SAFETY: a live frame.
        let (regs, dst, flags, then) = unsafe { ((*top).regs, (*top).dst, (*top).flags, (*top).then) };
        self.leave_function();
        if flags & frame_flags::ENTRY != 0 {
            return Ok(Flow::Return(v));
        }
        self.give_result(v, flags, then, dst, regs)
    }

    /// Gives up the locals of the same frame, and pops it.
    #[inline(always)]
    fn leave_function(&mut self) {
        let top = self.stack.frame_ptr();
        // SAFETY: a live frame, whose code lives as long.
        let (regs, count) = unsafe { ((*top).regs, (*(*top).code).data.hot.first_temp) };
        for i in 0..count as usize {
            // SAFETY: a register of the frame; immediates may stay.
            let register = unsafe { &mut *regs.add(i) };
            if is_heap_word(*register) {
                // SAFETY: the register owned the reference.
                drop(unsafe { Value::from_bits(mem::replace(register, CONSUMED)) });
            }
        }
        // SAFETY: the caller says what the frame has not; its function's reference is given up here.
        drop(unsafe { Value::from_bits(self.stack.pop_call(top).0) });
        if self.heap.has_pending() {
            self.run_finalizers();
        }
    }

    /// What a frame that is gone (its registers were at `regs`) returned goes to the frame below.
    fn give_result(&mut self, v: Value, flags: u16, then: Then, dst: u16, regs: *mut u64) -> R<Flow> {
        if flags & frame_flags::SPECIAL != 0 {
            return self.end_special(v, then, dst, regs);
        }
        if flags & frame_flags::INIT != 0 {
            // SAFETY: the register below those of `__init__` is a temporary of the caller that holds the instance.
            let instance = unsafe { Value::from_bits(mem::replace(&mut *regs.sub(1), CONSUMED)) };
            self.check_init_result(&v)?;
            self.set_register(dst, instance);
        } else {
            self.set_register(dst, v);
        }
        Ok(Flow::Reload)
    }

    /// The generator that the top frame's FOR_ITER or SEND resumed has returned: the instruction ends.
    pub(super) fn end_iteration(&mut self, v: Value, flags: u16) -> R<()> {
        let frame = self.stack.frame_ptr();
        // SAFETY: a frame that was resumed has the resuming frame below it, which stands behind its instruction.
        let w = Word(unsafe { (*(*frame).pc.sub(1)).get() });
        if flags & frame_flags::NEXT != 0 {
            if !v.is_none() {
                let e = self.stop_iteration(v);
                self.fire_swallowed_raise(&e)?;
            }
            Registers::of(self).consume(self, w.a());
            if flags & frame_flags::WATCHED != 0 {
                self.fire_end()?;
            }
        } else {
            self.fire_stop_iteration(&v)?;
            self.set_register(w.a() + 1, v);
        }
        self.take_short_jump(w);
        Ok(())
    }

    /// The `__next__` that the top frame's FOR_ITER entered has raised StopIteration: the loop ends.
    pub(super) fn end_by_stop_iteration(&mut self, e: &Exc) -> R<()> {
        self.fire_swallowed_raise(e)?;
        self.end_iteration(Value::NONE, frame_flags::NEXT)
    }

    /// Whether the loop itself can resume a generator: it is idle and gets None if it has not started.
    #[inline(always)]
    pub(super) fn is_resumable(g: &Generator, sent: u64) -> bool {
        match g.state.get() {
            GeneratorState::Suspended => true,
            GeneratorState::Created => sent == Value::NONE.bits(),
            GeneratorState::Running | GeneratorState::Finished => false,
        }
    }

    /// FOR_ITER of a resumable generator: the loop goes on in its frame.
    pub(super) fn resume_next(&mut self, w: Word) -> R<()> {
        // The register holds the generator while its frame is pushed, and afterwards the frame does.
        let Some(g) = Registers::of(self).borrow(w.a()).downcast::<Generator>() else { return Ok(()) };
        let watched = if w.x() & side::TAKEN != 0 { frame_flags::WATCHED } else { 0 };
        self.push_generator(g, Value::NONE, w.b(), frame_flags::GENERATOR | frame_flags::NEXT | watched)
    }

    /// SEND to a resumable generator: likewise.
    pub(super) fn resume_send(&mut self, w: Word) -> R<()> {
        let regs = Registers::of(self);
        let v = regs.take(w.a() + 1);
        let Some(g) = regs.borrow(w.a()).downcast::<Generator>() else { return Ok(()) };
        self.push_generator(g, v, w.a() + 1, frame_flags::GENERATOR | frame_flags::SEND)
    }

    /// CALL of a native function that does no more than resume the generator that it gets (`send`, `next`): the loop goes
    /// on in its frame.  False if it must be called.
    pub(super) fn resume_called(&mut self, n: &Ref<Native>, pos: &[Value], regs: *mut u64, w: Word) -> R<bool> {
        let (receiver, rest) = match &n.bound {
            Some(receiver) => (receiver, pos),
            None => match pos {
                [receiver, rest @ ..] => (receiver, rest),
                [] => return Ok(false),
            },
        };
        let Some(g) = receiver.downcast::<Generator>() else { return Ok(false) };
        let fits = match &n.owner {
            Some(owner) => g.ty().is(owner) && rest.len() + 1 == n.def.max_args as usize,
            // `next` with a default answers what the generator returns by it.
            None => g.is_iterator() && rest.is_empty(),
        };
        let sent = rest.first().cloned().unwrap_or(Value::NONE);
        if !fits || !Vm::is_resumable(g, sent.bits()) {
            return Ok(false);
        }
        // The operands are given up in front of the frame: it holds the generator.
        let g = g.clone();
        self.drop_call_operands(regs, w);
        self.push_generator(&g, sent, w.c(), frame_flags::GENERATOR | frame_flags::CALLED)?;
        Ok(true)
    }

    /// Puts the frame of an idle generator back on the stack; the yield at which it stands gives `sent`.
    fn push_generator(&mut self, g: &Ref<Generator>, sent: Value, dst: u16, flags: u16) -> R<()> {
        let Some(function) = g.function.get() else { return Ok(()) };
        let base = self.stack.top();
        self.check_recursion(&g.code, base)?;
        {
            let mut registers = g.registers.borrow_mut();
            // SAFETY: the registers fit, and what is above the top frame holds no reference.
            unsafe { move_words(registers.as_mut_ptr().cast(), base, registers.len()) };
        }
        // SAFETY: the generator stopped in front of this word.
        let pc = unsafe { g.code.hot.words.add(g.resume_at.get() as usize) };
        if let Some(dst) = g.sent_to.get() {
            // SAFETY: the register is the frame's.
            drop(unsafe { (*(base.add(dst as usize) as *mut Option<Value>)).replace(sent) });
        } else if g.state.get() == GeneratorState::Suspended {
            self.resume_where_it_jumped(g);
        }
        let flags = flags | self.resume_frame_object(g);
        g.state.set(GeneratorState::Running);
        g.delegate.set(None);
        self.handled.push(g.handled.take());
        // SAFETY: there is room for the frame, on top of the top one; a new frame has no generator to be dropped.
        unsafe {
            let below = self.stack.frame_ptr();
            let frame = self.stack.push_call(below, function, g.code.as_ptr(), base, pc, dst);
            (&raw mut (*frame).generator).write(Some(g.clone()));
            (*frame).flags = flags;
        }
        Ok(())
    }

    /// Puts the frame of a generator back on the stack and runs it.
    fn resume(&mut self, g: &Ref<Generator>, with: Resume) -> R<Sent> {
        self.check_native_stack()?;
        if g.function.borrow().is_none() {
            return Ok(Sent::Returned(Value::NONE));
        }
        let (sent, thrown) = match with {
            Resume::Value(v) => (v, None),
            Resume::Exception(e) => (Value::NONE, Some(e)),
        };
        let at = g.stands_at();
        self.push_generator(g, sent, 0, frame_flags::ENTRY | frame_flags::GENERATOR)?;
        if let Some(mut e) = thrown {
            // What the generator is handling is the context, also of what its delegate raised.
            if let Some(handled) = self.handled.last().cloned().flatten() {
                self.set_context(&e, &handled);
            }
            if g.code.armed_version() != self.monitor_changes.count() {
                self.renew_frame();
            }
            // The yield at which it stopped raises; in what has not started, the instruction that made it, outside of
            // every handler.  The frame stands behind it.
            self.fire_exception(Event::PyThrow, at, &mut e);
            self.unwind(e, Origin::Thrown)?;
        }
        let v = self.run()?;
        Ok(match g.state.get() {
            GeneratorState::Suspended => Sent::Yielded(v),
            _ => Sent::Returned(v),
        })
    }

    fn check_idle(&mut self, g: &Ref<Generator>) -> R<()> {
        match g.state.get() {
            GeneratorState::Running => Err(self.value_error(format!("{} already executing", g.flavor.word()))),
            _ => Ok(()),
        }
    }

    /// `g.send(v)`, without turning a return into StopIteration.
    pub fn generator_send(&mut self, g: &Ref<Generator>, v: Value) -> R<Sent> {
        self.check_idle(g)?;
        match g.state.get() {
            GeneratorState::Finished if g.flavor == Flavor::Coroutine => Err(self.already_awaited()),
            GeneratorState::Finished => Ok(Sent::Returned(Value::NONE)),
            GeneratorState::Created if !v.is_none() => {
                let word = g.flavor.word();
                Err(self.type_error(format!("can't send non-None value to a just-started {word}")))
            }
            _ => self.resume(g, Resume::Value(v)),
        }
    }

    fn already_awaited(&mut self) -> Exc {
        self.runtime_error("cannot reuse already awaited coroutine")
    }

    /// The next value of a generator; None when it has returned.
    pub fn generator_next(&mut self, g: &Value) -> R<Option<Value>> {
        let Some(g) = g.downcast::<Generator>().cloned() else { return Ok(None) };
        match self.generator_send(&g, Value::NONE)? {
            Sent::Yielded(v) => Ok(Some(v)),
            Sent::Returned(_) => Ok(None),
        }
    }

    /// The same, but what it returns, unless that is None, stays an error: StopIteration with the value.
    pub(in crate::vm) fn generator_next_raw(&mut self, g: &Ref<Generator>) -> R<Option<Value>> {
        match self.generator_send(g, Value::NONE)? {
            Sent::Yielded(v) => Ok(Some(v)),
            Sent::Returned(v) if v.is_none() => Ok(None),
            Sent::Returned(v) => Err(self.stop_iteration(v)),
        }
    }

    /// The iterator that a suspended generator delegates to.
    pub fn generator_delegate(&self, g: &Generator) -> Option<Value> {
        let i = g.delegate.get()? as usize;
        g.registers.borrow().get(i)?.clone()
    }

    /// The exception that `throw(value)` or `throw(type[, value[, traceback]])` throws.
    pub fn exception_to_throw(&mut self, args: &[Value]) -> R<Exc> {
        let Some(first) = args.first() else {
            return Err(self.type_error("throw expected at least 1 argument, got 0"));
        };
        if args.len() > 1 {
            let class = self.types().DeprecationWarning.clone();
            self.warn(
                &class,
                "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.",
            )?;
        }
        let traceback = match args.get(2).filter(|t| !t.is_none()) {
            None => None,
            Some(t) => match t.downcast::<Traceback>() {
                Some(t) => Some(t.clone()),
                None => return Err(self.type_error("throw() third argument must be a traceback object")),
            },
        };
        let base = self.types().BaseException.clone();
        let value = args.get(1).filter(|v| !v.is_none());
        let e = match first.downcast::<Type>() {
            Some(t) if t.is_subclass(&base) => match value {
                // What goes wrong in making the exception is thrown in its place.
                None => self.make_exception(first).unwrap_or_else(|e| e),
                Some(v) if v.class(&self.heap).is_subclass(t) => Exc(v.clone()),
                Some(v) => {
                    let args = v.downcast::<Tuple>().map_or_else(|| vec![v.clone()], |t| t.to_vec());
                    self.make_exception_with(first, &args).unwrap_or_else(|e| e)
                }
            },
            None if first.class(&self.heap).is_subclass(&base) => {
                if value.is_some() {
                    return Err(self.type_error("instance exception may not have a separate value"));
                }
                Exc(first.clone())
            }
            _ => {
                let class = self.class_name(first);
                return Err(self.type_error(format!(
                    "exceptions must be classes or instances deriving from BaseException, not {class}"
                )));
            }
        };
        if let (Some(t), Some(x)) = (traceback, e.0.downcast::<Exception>()) {
            x.traceback.set(Some(t));
        }
        Ok(e)
    }

    /// `g.throw(e)`, without turning a return into StopIteration.
    pub fn generator_throw(&mut self, g: &Ref<Generator>, e: Exc) -> R<Sent> {
        self.generator_throw_through(g, e, true)
    }

    /// The same; `closes` says that GeneratorExit closes what it delegates to, instead of being thrown into it.
    pub(super) fn generator_throw_through(&mut self, g: &Ref<Generator>, e: Exc, closes: bool) -> R<Sent> {
        self.check_idle(g)?;
        if g.state.get() == GeneratorState::Finished {
            return Err(if g.flavor == Flavor::Coroutine { self.already_awaited() } else { e });
        }
        let Some(inner) = self.generator_delegate(g) else { return self.resume(g, Resume::Exception(e)) };
        let exit = self.types().GeneratorExit.clone();
        if closes && self.is_exception(&e, &exit) {
            g.state.set(GeneratorState::Running);
            let closed = self.close_iterator(&inner);
            g.state.set(GeneratorState::Suspended);
            let e = closed.err().unwrap_or(e);
            // The generator alone holds what it delegated to: it dies where the frame lets go of it.
            drop(inner);
            return self.resume(g, Resume::Exception(e));
        }
        g.state.set(GeneratorState::Running);
        let result = match inner.downcast::<Generator>().cloned() {
            Some(inner) => self.generator_throw_through(&inner, e, closes),
            None => {
                let name = self.types().names.throw.clone();
                match self.get_attr_opt(&inner, &name) {
                    Ok(Some(f)) => match self.call(&f, &[e.0]) {
                        Ok(v) => Ok(Sent::Yielded(v)),
                        Err(e) => match self.stop_value(&e) {
                            Some(v) => Ok(Sent::Returned(v)),
                            None => Err(e),
                        },
                    },
                    Ok(None) => {
                        g.state.set(GeneratorState::Suspended);
                        return self.resume(g, Resume::Exception(e));
                    }
                    // Straight to the caller: the generator is not resumed.
                    Err(e) => {
                        g.state.set(GeneratorState::Suspended);
                        return Err(e);
                    }
                }
            }
        };
        drop(inner);
        g.state.set(GeneratorState::Suspended);
        match result {
            Ok(Sent::Yielded(v)) => Ok(Sent::Yielded(v)),
            // The delegation's own handler (CLEANUP_THROW) takes the value out of the StopIteration.
            Ok(Sent::Returned(v)) => {
                let stop = self.stop_iteration(v);
                self.resume(g, Resume::Exception(stop))
            }
            Err(e) => self.resume(g, Resume::Exception(e)),
        }
    }

    /// `g.close()`; the value that the generator returned (None before 3.13).
    pub fn generator_close(&mut self, g: &Ref<Generator>) -> R {
        self.check_idle(g)?;
        match g.state.get() {
            GeneratorState::Finished => return Ok(Value::NONE),
            GeneratorState::Created => {
                self.finish_silently(g);
                return Ok(Value::NONE);
            }
            _ => {}
        }
        let mut error = None;
        if let Some(inner) = self.generator_delegate(g) {
            g.state.set(GeneratorState::Running);
            error = self.close_iterator(&inner).err();
            g.state.set(GeneratorState::Suspended);
        }
        if error.is_none() && g.closes_silently.get() {
            self.finish_silently(g);
            return Ok(Value::NONE);
        }
        let exit = self.types().GeneratorExit.clone();
        let e = match error {
            Some(e) => e,
            None => {
                let e = self.exception(&exit, vec![]);
                if let Some(handled) = self.handled().cloned() {
                    self.set_context(&e, &handled);
                }
                e
            }
        };
        match self.resume(g, Resume::Exception(e)) {
            Ok(Sent::Yielded(_)) => {
                let word = g.flavor.word();
                Err(self.runtime_error(format!("{word} ignored GeneratorExit")))
            }
            Ok(Sent::Returned(v)) => Ok(v),
            Err(e) => {
                let stop = self.types().StopIteration.clone();
                if self.is_exception(&e, &exit) || self.is_exception(&e, &stop) { Ok(Value::NONE) } else { Err(e) }
            }
        }
    }

    /// What is due when one dies unfinished: closes a generator, hands an asynchronous one to its finalizer, warns of a
    /// coroutine that nobody has awaited.
    pub fn finalize_generator(&mut self, g: &Ref<Generator>) -> R<()> {
        if let Some(finalizer) = g.finalizer() {
            return self.call(&finalizer, &[g.to_value()]).map(drop);
        }
        if g.flavor == Flavor::Coroutine && g.state.get() == GeneratorState::Created {
            let result = self.warn_never_awaited(g);
            self.finish_silently(g);
            return result;
        }
        self.generator_close(g).map(drop)
    }

    fn finish_silently(&mut self, g: &Ref<Generator>) {
        g.state.set(GeneratorState::Finished);
        g.leave_frame();
        let registers = g.registers.take();
        g.function.set(None);
        drop(registers);
        if self.heap.has_pending() {
            self.run_finalizers();
        }
    }

    /// Closes what a generator delegates to.
    fn close_iterator(&mut self, it: &Value) -> R<()> {
        if let Some(g) = it.downcast::<Generator>().cloned() {
            return self.generator_close(&g).map(drop);
        }
        let name = self.types().names.close.clone();
        match self.get_attr_opt(it, &name) {
            Ok(Some(f)) => self.call(&f, &[]).map(drop),
            Ok(None) => Ok(()),
            Err(e) => {
                self.report_unraisable(e, it);
                Ok(())
            }
        }
    }

    /// The value of a StopIteration; None for other exceptions.
    pub fn stop_value(&mut self, e: &Exc) -> Option<Value> {
        let stop = self.types().StopIteration.clone();
        if !self.is_exception(e, &stop) {
            return None;
        }
        let x = e.0.downcast::<crate::object::exception::Exception>()?;
        let v = x.args.borrow().first().cloned();
        Some(x.field(crate::vm::exceptions::field::STOP_VALUE).or(v).unwrap_or(Value::NONE))
    }

    /// SEND: true if the iterator in register `a` yielded (into `a + 1`), false if it returned (its result there).
    pub(super) fn send(&mut self, a: u16) -> R<bool> {
        let receiver = self.peek(a);
        let v = self.take_register(a + 1);
        if let Some(g) = receiver.downcast::<Generator>() {
            return match self.generator_send(&g.clone(), v)? {
                Sent::Yielded(v) => {
                    self.set_register(a + 1, v);
                    Ok(true)
                }
                Sent::Returned(v) => {
                    self.fire_stop_iteration(&v)?;
                    self.set_register(a + 1, v);
                    Ok(false)
                }
            };
        }
        let result = if v.is_none() {
            self.next_raw(&receiver)
        } else {
            let name = self.types().names.send.clone();
            self.call_method(&receiver, &name, &[v]).map(Some)
        };
        match result {
            Ok(Some(v)) => {
                self.set_register(a + 1, v);
                Ok(true)
            }
            Ok(None) => {
                self.set_register(a + 1, Value::NONE);
                Ok(false)
            }
            Err(e) => match self.stop_value(&e) {
                Some(v) => {
                    self.fire_swallowed_raise(&e)?;
                    self.set_register(a + 1, v);
                    Ok(false)
                }
                None => Err(e),
            },
        }
    }

    /// FOR_ITER's next item of the iterator in a register.
    pub(super) fn advance_register(&mut self, a: u16) -> R<Option<Value>> {
        let it = self.peek(a);
        match self.next_raw(&it) {
            Ok(v) => Ok(v),
            Err(e) => {
                let stop = self.types().StopIteration.clone();
                if self.is_exception(&e, &stop) {
                    self.fire_swallowed_raise(&e)?;
                    return Ok(None);
                }
                Err(e)
            }
        }
    }
}

/// Index of the word in front of which a frame goes on.
#[inline(always)]
fn resume_index(frame: &Frame) -> u32 {
    // SAFETY: `pc` points into the words of the code.
    unsafe { frame.pc.offset_from(frame.code().hot.words) as u32 }
}

/// Moves the registers of a frame out of the stack, to its generator.
#[inline(always)]
fn save_registers(g: &Generator, frame: &Frame) {
    let mut registers = g.registers.borrow_mut();
    // SAFETY: the registers of the frame on top.  Nothing is dropped: while the frame ran, there was nothing in the
    // generator.
    unsafe { move_words(frame.regs, registers.as_mut_ptr().cast(), registers.len()) };
}

/// The registers of a popped frame, moved out of the stack.
fn take_registers(frame: &Frame) -> Box<[Option<Value>]> {
    let n = frame.code().hot.register_count as usize;
    let mut registers: Vec<Option<Value>> = Vec::with_capacity(n);
    // SAFETY: the registers of the frame that was on top, and room for as many.
    unsafe {
        move_words(frame.regs, registers.as_mut_ptr().cast(), n);
        registers.set_len(n);
    }
    registers.into_boxed_slice()
}

/// Moves the words of registers, with the references that they own; the places where they were are empty afterwards,
/// which is the word of no value and of None in `Option<Value>`.
///
/// # Safety
/// Both are `n` words, apart from each other, and those at `to` own nothing.
#[inline(always)]
unsafe fn move_words(from: *mut u64, to: *mut u64, n: usize) {
    for i in 0..n {
        // SAFETY: by the caller.  Volatile, because for the few registers that there are a plain loop is the fastest.
        unsafe {
            to.add(i).write(from.add(i).read_volatile());
            from.add(i).write_volatile(0);
        }
    }
}
