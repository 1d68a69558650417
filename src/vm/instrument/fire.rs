//! Delivery of an event to callbacks, in C or in Python, and of what they ask for.

use std::ffi::c_void;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::events::Instrumented;
use super::{Sites, sites};
use crate::code::Op;
use crate::monitor::{Action, Armed, Call, Event, FireError, Monitor, Payload, ThreadState, ToolSet, armed};
use crate::object::exception::Exception;
use crate::object::heap::breaker;
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::vm::python_callback::PythonCallback;
use crate::vm::stack::Frame;
use crate::vm::{Exc, R, Vm};

/// What has become of an event.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Fired {
    /// Its callbacks have been called.
    Done,
    /// The frame of its callback is on top: the loop goes on there.
    Entered,
}

impl Vm {
    fn fire_error(&mut self, e: FireError) -> Exc {
        self.jumped = std::ptr::null();
        match e {
            FireError::Callback { .. } => match self.callback_error.take() {
                Some(v) => Exc(v),
                None => self.runtime_error(e.to_string()),
            },
            _ => self.value_error(e.to_string()),
        }
    }

    /// After callbacks: applies what they changed.
    fn after_callbacks<T>(&mut self, result: Result<T, FireError>) -> R<T> {
        if self.monitor_changes.are_due() {
            self.renew_live_frames();
        }
        result.map_err(|e| self.fire_error(e))
    }

    /// Fires, with this VM lent to the callbacks.
    fn fire<T>(&mut self, fire: impl FnOnce(&Monitor, &ThreadState) -> Result<T, FireError>) -> R<T> {
        let thread = Rc::as_ptr(&self.thread);
        // SAFETY: as in `at_monitor`.
        let result = self.at_monitor(|monitor| fire(monitor, unsafe { &*thread }));
        self.after_callbacks(result)
    }

    /// Fires a local event at word `i`, of which a bit of the word's armed byte has just said that it is armed: the short
    /// way, if it can go it.  Inlined, so that the event is a constant of each of its callers.
    #[inline(always)]
    pub(super) fn fire_at(&mut self, s: &Sites, i: usize, event: Event, payload: &Payload) -> R<()> {
        self.fire_among(s, i, event, payload, ToolSet::ALL)
    }

    #[inline(always)]
    pub(super) fn fire_among(&mut self, s: &Sites, i: usize, event: Event, payload: &Payload, among: ToolSet) -> R<()> {
        match self.begin_armed(s, i, event, payload, among) {
            Armed::Call(call) => {
                let action = self.lend(|| call.run());
                self.finish_call(event, action)
            }
            Armed::Quiet => Ok(()),
            Armed::Long => self.fire_long(s, i, event, payload, among),
        }
    }

    /// Fires an event that is the last one of its instruction, or armed alone there, and says how the loop goes on: mostly with
    /// `op`, the instruction itself.
    #[inline(always)]
    pub(super) fn fire_alone(&mut self, s: &Sites, i: usize, event: Event, payload: &Payload, op: Op) -> Instrumented {
        match self.begin_armed(s, i, event, payload, ToolSet::ALL) {
            Armed::Call(call) if call.is_host() => {
                let action = self.lend(|| call.run());
                if action == Action::CONTINUE && !self.is_change_due() {
                    self.end_armed(event);
                    return Instrumented::Run(op);
                }
                self.finish_alone(event, action)
            }
            Armed::Quiet => Instrumented::Run(op),
            Armed::Call(call) => self.enter_alone(call, event),
            Armed::Long => self.fire_alone_long(s, i, event, payload),
        }
    }

    #[cold]
    #[inline(never)]
    fn finish_alone(&mut self, event: Event, action: Action) -> Instrumented {
        let fired = self.finish_call(event, action);
        self.after_alone(fired, event)
    }

    #[cold]
    #[inline(never)]
    fn fire_alone_long(&mut self, s: &Sites, i: usize, event: Event, payload: &Payload) -> Instrumented {
        let fired = self.fire_long(s, i, event, payload, ToolSet::ALL);
        self.after_alone(fired, event)
    }

    #[inline(never)]
    fn enter_alone(&mut self, mut call: Call<'_>, event: Event) -> Instrumented {
        if self.enter_call(&mut call, event) {
            return Instrumented::Done;
        }
        let action = self.lend(|| call.run());
        self.finish_alone(event, action)
    }

    /// Enters a callback in Python, if it can become a frame.
    #[inline(always)]
    fn enter_call(&mut self, call: &mut Call<'_>, event: Event) -> bool {
        let (func, user) = call.target();
        // SAFETY: the callback's own; it lives while it runs.
        match unsafe { PythonCallback::of(func, user) } {
            Some(callback) => self.enter_callback(callback, call, event),
            None => false,
        }
    }

    /// [`fire_at`](Vm::fire_at) where a callback in Python may become a frame of the running loop.
    #[inline(always)]
    pub(super) fn fire_or_enter(&mut self, s: &Sites, i: usize, event: Event, payload: &Payload) -> R<Fired> {
        match self.begin_armed(s, i, event, payload, ToolSet::ALL) {
            Armed::Call(call) if call.is_host() => {
                let action = self.lend(|| call.run());
                self.finish_call(event, action)?;
            }
            Armed::Quiet => {}
            Armed::Call(call) => return self.enter_or_call(call, event),
            Armed::Long => self.fire_long(s, i, event, payload, ToolSet::ALL)?,
        }
        Ok(Fired::Done)
    }

    #[inline(never)]
    fn enter_or_call(&mut self, mut call: Call<'_>, event: Event) -> R<Fired> {
        if self.enter_call(&mut call, event) {
            return Ok(Fired::Entered);
        }
        let action = self.lend(|| call.run());
        self.finish_call(event, action).map(|()| Fired::Done)
    }

    #[inline(always)]
    fn begin_armed<'a>(&self, s: &'a Sites, i: usize, event: Event, payload: &'a Payload, among: ToolSet) -> Armed<'a> {
        let (monitor, thread) = self.monitor_and_thread();
        // SAFETY: as in `at_monitor`, for both; the VM's code and thread are of its monitor, a word is a location, who fires
        // an exception event gives the exception, and an instruction's own events have bits of their own.
        unsafe { (*monitor).begin_armed(&*thread, &s.code, i as u32, event, payload, among) }
    }

    /// The second half of what [`begin_armed`](Vm::begin_armed) began, behind its callback.
    #[inline(always)]
    pub(in crate::vm) fn finish_call(&mut self, event: Event, action: Action) -> R<()> {
        if action != Action::CONTINUE {
            return self.obey(event, action);
        }
        self.end_armed(event);
        if self.is_change_due() { self.after_callback() } else { Ok(()) }
    }

    /// Looks up anew what it needs, so that nothing but the VM is kept while a callback runs.
    #[inline(always)]
    pub(in crate::vm) fn end_armed(&mut self, event: Event) {
        let (monitor, thread) = self.monitor_and_thread();
        // SAFETY: as in `begin_armed`; the call has been run.
        unsafe { (*monitor).end_armed(&*thread, event) }
    }

    /// Whether something has become due that is done behind a callback: what is monitored has changed, or a callback has set
    /// the line of what it watches.  While a callback runs no poll clears the request.
    #[inline(always)]
    pub(in crate::vm) fn is_change_due(&self) -> bool {
        // SAFETY: the breaker lives as long as the heap.
        unsafe { (*self.breaker).load(Ordering::Relaxed) & breaker::MONITOR != 0 }
    }

    /// Neither lies in the VM, and both live as long as it.
    #[inline(always)]
    pub(super) fn monitor_and_thread(&self) -> (*const Monitor, *const ThreadState) {
        (Arc::as_ptr(&self.monitor), Rc::as_ptr(&self.thread))
    }

    /// Does what a callback asks for that has been called the short way.
    #[cold]
    #[inline(never)]
    fn obey(&mut self, event: Event, action: Action) -> R<()> {
        let (monitor, thread) = self.monitor_and_thread();
        // SAFETY: as in `fire_among`; its callback has returned `action`.
        let done = self.lend(|| unsafe { (*monitor).end_obeying(&*thread, event, action) });
        self.after_callbacks(done)
    }

    /// What a callback that was called the short way has left to be done.
    #[cold]
    #[inline(never)]
    fn after_callback(&mut self) -> R<()> {
        // Before what was due is looked at: what another thread changes from here on is served by the next poll.
        self.clear_request(breaker::MONITOR);
        let (monitor, thread) = self.monitor_and_thread();
        // SAFETY: as in `at_monitor`.
        self.lend(|| unsafe { (*monitor).drop_unused(&*thread) });
        self.after_callbacks(Ok(()))
    }

    /// What [`Monitor::begin_armed`] leaves to be done at length.
    #[cold]
    #[inline(never)]
    fn fire_long(&mut self, s: &Sites, i: usize, event: Event, payload: &Payload, among: ToolSet) -> R<()> {
        let (monitor, thread) = self.monitor_and_thread();
        // SAFETY: as in `fire_among`.
        let result = match unsafe { (*monitor).begin(&*thread, &s.code, i as u32, event, payload, among) } {
            Some(firing) => self.lend(|| firing.call()),
            None => Ok(()),
        };
        // SAFETY: as above.
        self.lend(|| unsafe { (*monitor).drop_unused(&*thread) });
        self.after_callbacks(result)
    }

    /// Fires an exception event of the top frame; a callback's error takes the exception's place.
    pub(in crate::vm) fn fire_exception(&mut self, event: Event, index: usize, e: &mut Exc) {
        if !self.monitor.wants(event) || self.thread.in_callback() {
            return;
        }
        let Some(code) = self.stack.frame().map(|f| f.code) else { return };
        // SAFETY: the code of a live frame.
        let Some(r) = self.register_code(unsafe { &*code }) else { return };
        let payload = Payload::value(&raw const e.0 as *const c_void);
        let fired = self.fire(|monitor, thread| monitor.fire_other(thread, &r, index as u32, event, &payload));
        if let Err(new) = fired {
            let old = std::mem::replace(e, new);
            self.give_context(e, &old);
        }
    }

    /// A callback's error takes the place of the exception that it was told of, and has it as context.
    pub(super) fn give_context(&mut self, new: &Exc, old: &Exc) {
        if new.0.downcast::<Exception>().is_some_and(|x| x.context.borrow().is_none()) {
            self.set_context(new, &old.0);
        }
    }

    /// Fires a RAISE that no handler follows: a StopIteration that ends a loop.
    pub(in crate::vm) fn fire_swallowed_raise(&mut self, e: &Exc) -> R<()> {
        let Some(index) = self.stack.frame().map(Frame::index) else { return Ok(()) };
        let mut seen = Exc(e.0.clone());
        self.fire_exception(Event::Raise, index, &mut seen);
        if seen.0.is(&e.0) { Ok(()) } else { Err(seen) }
    }

    /// Fires STOP_ITERATION for the SEND at which the top frame stands.
    pub(in crate::vm) fn fire_stop_iteration(&mut self, value: &Value) -> R<()> {
        let Some(frame) = self.stack.frame() else { return Ok(()) };
        let (i, code) = (frame.index(), frame.code);
        // SAFETY: the code of a live frame.
        let Some(s) = sites(unsafe { &(*code).data }) else { return Ok(()) };
        if s.at[i].armed.get() & armed::EVENT == 0 {
            return Ok(());
        }
        // CPython sets the event's exception as `raise StopIteration, value` once did: a tuple is its arguments.
        let e = match value.downcast::<Tuple>().filter(|t| t.ty().is(&self.types().tuple)) {
            Some(arguments) => {
                let class = self.types().StopIteration.to_value();
                Exc(self.call(&class, &arguments.to_vec())?)
            }
            None => self.stop_iteration(value.clone()),
        };
        self.fire_at(s, i, Event::StopIteration, &Payload::value(&raw const e.0 as *const c_void))
    }
}
