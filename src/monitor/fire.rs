//! Firing: from a monitored instruction to the callbacks.

use std::ffi::c_void;
use std::ptr;
use std::sync::atomic::Ordering;

use super::barrier::Barrier;
use super::callback::{CallbackFn, CallbackParts};
use super::code::{Code, armed};
use super::error::{FireError, MonitorError};
use super::events::{Event, EventSet, Group};
use super::location::{Location, NO_LINE, NO_LOCATION, NO_OFFSET};
use super::record::{Action, EventRecord, Payload};
use super::thread::ThreadState;
use super::tool::{Monitor, ToolSet};

impl Monitor {
    /// Fires a local event at a location.  A host calls it where the armed byte says so; where no tool wants the
    /// event, nothing happens.  While a callback runs on this thread state, nothing fires.
    ///
    /// Callbacks run highest tool first.  One that disables has its location rearmed before this returns.  One that changes
    /// sets, its own or another tool's, changes them from the next event on: this one still goes to every tool that wanted
    /// it, but for those that were cleared or freed, or have no callback any more.
    ///
    /// # Errors
    /// [`FireError::Callback`] and [`FireError::CannotDisable`] are to be raised from the monitored instruction;
    /// [`FireError::Invalid`] tells of a wrong call.
    #[inline]
    pub fn fire(
        &self,
        thread: &ThreadState,
        code: &Code,
        location: u32,
        event: Event,
        payload: &Payload,
    ) -> Result<(), FireError> {
        if !EventSet::LOCAL.contains(event.set()) {
            return Err(MonitorError::WrongGroup(event).into());
        }
        self.deliver(thread, code, location, event, payload, ToolSet::ALL)
    }

    /// Fires an event of the other group: RAISE, EXCEPTION_HANDLED, PY_UNWIND, PY_THROW, RERAISE.  The location tells
    /// where it happened.  Test [`wants`](Monitor::wants) first.
    pub fn fire_other(
        &self,
        thread: &ThreadState,
        code: &Code,
        location: u32,
        event: Event,
        payload: &Payload,
    ) -> Result<(), FireError> {
        if event.group() != Group::Other {
            return Err(MonitorError::WrongGroup(event).into());
        }
        self.deliver(thread, code, location, event, payload, ToolSet::ALL)
    }

    /// Fires CALL and returns the tools that are to see the C_RETURN or C_RAISE of this very call: those that have CALL
    /// and are not disabled here when it begins.  What CALL's callbacks disable counts from the next call on, and so does a
    /// CALL that is set during the call.
    pub fn fire_call(
        &self,
        thread: &ThreadState,
        code: &Code,
        location: u32,
        payload: &Payload,
    ) -> Result<ToolSet, FireError> {
        let follow = self.ancillary_tools(code, location)?;
        self.fire(thread, code, location, Event::Call, payload)?;
        Ok(follow)
    }

    /// The tools that want C_RETURN or C_RAISE of a call that begins now at the location.
    #[inline]
    pub fn ancillary_tools(&self, code: &Code, location: u32) -> Result<ToolSet, MonitorError> {
        self.check(code, location)?;
        self.refresh_if_stale(code, self.version());
        let tools = code.wanted[Event::CReturn as usize].load(Ordering::Acquire)
            | code.wanted[Event::CRaise as usize].load(Ordering::Acquire);
        Ok(ToolSet(tools & !code.disabled_for(location, Event::Call, tools)))
    }

    /// The same for a host that has just seen ANCILLARY in the armed byte of the location.
    ///
    /// # Safety
    /// The code is of this monitor, and the location is one of the code's.
    #[inline(always)]
    pub unsafe fn ancillary_armed(&self, code: &Code, location: u32) -> ToolSet {
        debug_assert!(code.owner == self.id && (location as usize) < code.locations.len());
        let tools = code.wanted[Event::CReturn as usize].load(Ordering::Acquire)
            | code.wanted[Event::CRaise as usize].load(Ordering::Acquire);
        // If it is one tool, the bit tells of that one.
        if tools.is_power_of_two() && code.version() == self.version() {
            return ToolSet(tools);
        }
        self.ancillary_tools(code, location).unwrap_or_default()
    }

    /// Fires C_RETURN or C_RAISE to those of `tools` (from [`fire_call`](Monitor::fire_call)) that still want it.
    pub fn fire_ancillary(
        &self,
        thread: &ThreadState,
        code: &Code,
        location: u32,
        event: Event,
        payload: &Payload,
        tools: ToolSet,
    ) -> Result<(), FireError> {
        if event.group() != Group::Ancillary {
            return Err(MonitorError::WrongGroup(event).into());
        }
        self.deliver(thread, code, location, event, payload, tools)
    }

    fn check(&self, code: &Code, location: u32) -> Result<(), MonitorError> {
        if code.owner != self.id {
            return Err(MonitorError::WrongMonitor);
        }
        if location as usize >= code.locations.len() {
            return Err(MonitorError::NoSuchLocation(location));
        }
        Ok(())
    }

    fn deliver(
        &self,
        thread: &ThreadState,
        code: &Code,
        location: u32,
        event: Event,
        payload: &Payload,
        among: ToolSet,
    ) -> Result<(), FireError> {
        let no_exception = payload.value.is_null() && EventSet::EXCEPTIONS.contains(event.set());
        if code.owner != self.id || thread.owner != self.id || location as usize >= code.locations.len() || no_exception
        {
            return Err(self.invalid(thread, code, location, event));
        }
        // SAFETY: what it wants has been checked.
        match unsafe { self.begin(thread, code, location, event, payload, among) } {
            Some(firing) => firing.call(),
            None => Ok(()),
        }
    }

    /// The first half of firing, for a host that has something to do before its callbacks run and knows that its calls are
    /// right: None where no tool wants the event, or a callback runs on this thread state; else the event, to be
    /// [called](Firing::call).
    ///
    /// Inlined into the host's fire points, where the event is a constant, so that little of it is left.
    ///
    /// # Safety
    /// Code and thread state are of this monitor, the location is one of the code's, and an exception event has a value.
    #[inline(always)]
    pub unsafe fn begin<'a>(
        &'a self,
        thread: &'a ThreadState,
        code: &'a Code,
        location: u32,
        event: Event,
        payload: &'a Payload,
        among: ToolSet,
    ) -> Option<Firing<'a>> {
        debug_assert!(code.owner == self.id && thread.owner == self.id);
        if thread.in_callback() {
            return None;
        }
        let version = self.version();
        let tools = self.tools_for(code, event, version) & among.0;
        if tools == 0 {
            return None;
        }
        let tools = tools & !code.disabled_for(location, event, tools);
        if tools == 0 {
            return None;
        }
        let mut handle = code.handle();
        if handle.is_null() {
            handle = self.name_code(code);
        }
        // SAFETY: by the caller; no callback runs on the thread.
        unsafe { self.fill(thread, code, handle, location, event, payload) };
        Some(Firing { monitor: self, thread, event, version, tools })
    }

    /// Says that the one tool's callback for an event is about to run, and writes the record.
    ///
    /// # Safety
    /// As for [`begin`](Monitor::begin), and no callback runs on the thread.  `version` was read first, and `callback` is not
    /// null.
    #[inline(always)]
    #[expect(clippy::too_many_arguments)]
    unsafe fn begin_solo<'a>(
        &self,
        thread: &'a ThreadState,
        code: &Code,
        handle: *mut c_void,
        location: u32,
        event: Event,
        payload: &Payload,
        version: u64,
        tool: u32,
        callback: *mut CallbackParts,
        barrier: Barrier,
    ) -> Armed<'a> {
        thread.shared.calling.store(callback, Ordering::Release);
        barrier.light();
        if self.version() != version {
            thread.shared.calling.store(ptr::null_mut(), Ordering::Release);
            return Armed::Long;
        }
        // SAFETY: by the caller; what has been published for this thread has not begun to run.
        unsafe { self.fill(thread, code, handle, location, event, payload) };
        let record = thread.record.get();
        // SAFETY: nobody looks at the record before the callback does.
        unsafe { ((*record).tool, (*record).source.version) = (tool as i32, version) };
        // SAFETY: the callback was in the table at `version`, which was still current after it was published in `calling`;
        // so whoever removes it finds it there and keeps it (see `retire`).
        Armed::Call(Call { callback: unsafe { &*callback }, record })
    }

    /// Fires an event of any kind to `among` where one tool at most wants it and nothing has changed since the masks of the code
    /// were computed: what mostly is.  Takes no lock and, where the barrier is free for readers, no locked instruction.
    ///
    /// # Safety
    /// Thread state and code are of this monitor, `handle` is the code's, which it has, and `barrier` is that of the process.
    #[inline(always)]
    #[expect(clippy::too_many_arguments)]
    pub unsafe fn fire_solo(
        &self,
        thread: &ThreadState,
        code: &Code,
        handle: *mut c_void,
        location: u32,
        event: Event,
        payload: &Payload,
        among: ToolSet,
        barrier: Barrier,
    ) -> Fired {
        let no_exception = payload.value.is_null() && EventSet::EXCEPTIONS.contains(event.set());
        let Some(byte) = code.armed.get(location as usize) else { return Fired::Long };
        debug_assert!(code.owner == self.id && thread.owner == self.id && code.handle() == handle);
        if no_exception {
            return Fired::Long;
        }
        if thread.in_callback() {
            return Fired::Done;
        }
        let version = self.version();
        let solo = &self.solos[event as usize];
        let (tool, callback) = (solo.tool.load(Ordering::Acquire), solo.callback.load(Ordering::Acquire));
        let (current, is_wanted) = match armed::bit_of(event) {
            // Some tool wants it at the location, and only this one has a callback.  Where the bit is not set, the event may be
            // none that the host has said the location to have.
            Some(bit) if byte.load(Ordering::Acquire) & bit == 0 => return Fired::Long,
            Some(_) => (code.version(), true),
            None => {
                let (current, wanted) = match event.group() {
                    Group::Other => (version, &self.wanted),
                    _ => (code.masks_version.load(Ordering::Acquire), &code.wanted),
                };
                let tools = wanted[event as usize].load(Ordering::Acquire) & among.0;
                if tools != 0 && tools != 1 << tool {
                    return Fired::Long;
                }
                (current, tools != 0 && code.disabled_for(location, event, tools) == 0)
            }
        };
        if current != version {
            return Fired::Long;
        }
        if !is_wanted {
            return Fired::Done;
        }
        if callback.is_null() {
            return Fired::Long;
        }
        // SAFETY: that has been checked.
        let armed = unsafe {
            self.begin_solo(thread, code, handle, location, event, payload, version, tool, callback, barrier)
        };
        let Armed::Call(call) = armed else {
            self.drop_unused(thread);
            return Fired::Long;
        };
        let action = call.run();
        if action != Action::CONTINUE {
            // SAFETY: the call has been run.
            return match unsafe { self.end_solo_obeying(thread, event, action) } {
                Ok(()) => Fired::Done,
                Err(error) => Fired::Failed(Box::new(error)),
            };
        }
        // SAFETY: as above.
        if unsafe { self.end_solo(thread, event, barrier) } {
            self.drop_unused(thread);
        }
        Fired::Done
    }

    /// The second half, behind a callback that lets the program go on.  True if [`drop_unused`](Monitor::drop_unused) is to be
    /// called.
    ///
    /// # Safety
    /// [`begin_solo`](Monitor::begin_solo) gave a call for this thread state and event, which has been run.
    #[inline(always)]
    unsafe fn end_solo(&self, thread: &ThreadState, event: Event, barrier: Barrier) -> bool {
        // SAFETY: the callback has returned the record.
        unsafe { (*thread.record.get()).empty(event) };
        thread.shared.calling.store(ptr::null_mut(), Ordering::Release);
        barrier.light();
        self.any_retired.load(Ordering::Acquire)
    }

    /// The second half, behind a callback that asks for `action`.
    ///
    /// # Safety
    /// As for [`end_solo`](Monitor::end_solo).
    #[cold]
    unsafe fn end_solo_obeying(&self, thread: &ThreadState, event: Event, action: Action) -> Result<(), FireError> {
        let callback = thread.shared.calling.load(Ordering::Relaxed);
        // SAFETY: the callback has returned the record.
        let error = self.obey(action, unsafe { &*thread.record.get() }, callback);
        // SAFETY: as above.
        if unsafe { self.end_solo(thread, event, self.barrier) } {
            self.sweep(thread);
        }
        error.map_or(Ok(()), |error| Err(*error))
    }

    /// Drops callbacks that have been replaced or removed, which no thread runs any more.
    #[cold]
    pub fn drop_unused(&self, thread: &ThreadState) {
        self.barrier.light();
        if self.any_retired.load(Ordering::Acquire) {
            self.sweep(thread);
        }
    }

    /// Writes the thread's record.
    ///
    /// # Safety
    /// As for [`begin`](Monitor::begin), and no callback looks at the record.
    #[inline(always)]
    unsafe fn fill(
        &self,
        thread: &ThreadState,
        code: &Code,
        code_handle: *mut c_void,
        location: u32,
        event: Event,
        payload: &Payload,
    ) {
        // SAFETY: by the caller, the location is one of the code's.
        let at = unsafe { code.locations.get_unchecked(location as usize) };
        // SAFETY: by the caller, nobody else uses it.
        let record = unsafe { &mut *thread.record.get() };
        record.bit = event.set();
        record.location = location;
        (record.offset, record.line) = (at.offset, at.line);
        record.code_handle = code_handle;
        record.monitor_handle = self.handle();
        record.source.code = code;
        record.source.thread = thread;
        record.fill_payload(code, at, event, payload);
    }

    /// Offset and line of where an event leads.
    pub(super) fn destination(code: &Code, at: &Location, event: Event, payload: &Payload) -> (u32, i32) {
        let destination = match event {
            _ if payload.destination != NO_LOCATION => payload.destination,
            Event::BranchLeft => at.left,
            Event::BranchRight => at.right,
            _ => at.jump,
        };
        code.locations.get(destination as usize).map_or((NO_OFFSET, NO_LINE), |to| (to.offset, to.line))
    }

    #[cold]
    fn invalid(&self, thread: &ThreadState, code: &Code, location: u32, event: Event) -> FireError {
        match self.check(code, location) {
            Err(error) => error.into(),
            Ok(()) if thread.owner != self.id => MonitorError::WrongMonitor.into(),
            Ok(()) => MonitorError::NoException(event).into(),
        }
    }

    #[inline]
    fn refresh_if_stale(&self, code: &Code, version: u64) {
        if code.masks_version.load(Ordering::Acquire) != version {
            self.refresh_code(code);
        }
    }

    #[cold]
    fn refresh_code(&self, code: &Code) {
        let state = self.lock();
        self.refresh(&state, code);
    }

    /// The tools that want the event in this code, disabled locations aside.
    #[inline]
    fn tools_for(&self, code: &Code, event: Event, version: u64) -> u8 {
        if EventSet::OTHER.contains(event.set()) {
            return self.wanted[event as usize].load(Ordering::Acquire);
        }
        self.refresh_if_stale(code, version);
        code.wanted[event as usize].load(Ordering::Acquire)
    }

    /// Calls `tools`, computed at the version `began`, with the thread's record.  Out of line, so that firing an event that
    /// nobody wants saves no registers; an error comes back boxed, so that it fits one.
    ///
    /// An event in delivery goes to every tool that wanted it when delivery began (semantics, section 3: what is switched
    /// on or off takes effect at the next instruction), with the callback that the tool has by then.  A tool that was
    /// cleared or freed meanwhile, or has no callback any more, gets nothing.
    #[inline(never)]
    fn call_tools(&self, thread: &ThreadState, event: Event, began: u64, mut tools: u8) -> Option<Box<FireError>> {
        let (mut version, mut error) = (began, None);
        while tools != 0 {
            let tool = tools.ilog2();
            let Some(callback) = self.publish_call(thread, event, tool, version) else {
                // Something has changed since `tools` was computed, perhaps by the callback before.
                (version, tools) = self.look_again(began, tools);
                continue;
            };
            tools &= !(1 << tool);
            if callback.is_null() {
                continue;
            }
            let record = thread.record.get();
            // SAFETY: nobody looks at the record before the callback does, which was in the table at `version`; that was still
            // current after it was published in `calling`, so whoever removes it finds it there and keeps it (see `retire`).
            let action = unsafe {
                ((*record).tool, (*record).source.version) = (tool as i32, version);
                Call { callback: &*callback, record }.run()
            };
            if action != Action::CONTINUE {
                // SAFETY: the callback has returned the record.
                error = self.obey(action, unsafe { &*record }, callback);
            }
            if error.is_some() {
                break;
            }
        }
        // SAFETY: all callbacks have returned the record.
        unsafe { (*thread.record.get()).empty(event) };
        self.called(thread);
        error
    }

    /// Says that this thread is about to run the callback of a tool, which may be null; None if the monitor has changed since
    /// `version`, so that the callback may not be there any more.
    #[inline(always)]
    fn publish_call(&self, thread: &ThreadState, event: Event, tool: u32, version: u64) -> Option<*mut CallbackParts> {
        let callback = self.slots[event as usize][tool as usize].load(Ordering::Acquire);
        thread.shared.calling.store(callback, Ordering::Release);
        self.barrier.light();
        (self.version() == version).then_some(callback)
    }

    /// The thread has called its callbacks.
    #[inline(always)]
    fn called(&self, thread: &ThreadState) {
        thread.shared.calling.store(ptr::null_mut(), Ordering::Release);
        self.barrier.light();
        if self.any_retired.load(Ordering::Acquire) {
            self.sweep(thread);
        }
    }

    /// The version, and which of `tools` are still those that they were at the version `began`.
    #[cold]
    fn look_again(&self, began: u64, tools: u8) -> (u64, u8) {
        let state = self.lock();
        let cleared = state.tools.iter().enumerate().filter(|(_, tool)| tool.cleared > began);
        let cleared = cleared.fold(0, |set, (index, _)| set | 1 << index);
        (state.version, tools & !cleared)
    }

    /// Does what the callback of a record asked for.
    #[cold]
    #[inline(never)]
    pub(super) fn obey(
        &self,
        action: Action,
        record: &EventRecord,
        callback: *mut CallbackParts,
    ) -> Option<Box<FireError>> {
        let event = record.event();
        let tool = record.tool as u8;
        if action != Action::DISABLE {
            let action = action.0;
            return Some(Box::new(FireError::Callback { tool, event, action }));
        }
        if !event.can_disable() {
            self.remove_callback(tool.into(), event, callback);
            return Some(Box::new(FireError::CannotDisable { tool, event }));
        }
        self.disable(record, callback);
        None
    }

    /// Disables what the callback of a record wants no more.
    fn disable(&self, record: &EventRecord, callback: *mut CallbackParts) {
        let state = self.lock();
        let tool = record.tool as usize;
        let entry = &state.tools[tool];
        if entry.cleared > record.source.version {
            // The tool was cleared or freed meanwhile; nothing of it may stay.
            return;
        }
        let mut events = record.event().set();
        if EventSet::BRANCHES.contains(events) && entry.branch.as_ref().is_some_and(|b| b.is_slot(callback)) {
            events = EventSet::BRANCHES;
        }
        let code = record.code();
        self.refresh(&state, code);
        code.disable(tool, record.location, events);
        self.rearm(&state, code, record.location as usize);
    }
}

/// An event that some tool wants; see [`Monitor::begin`].  The thread fires no other before it is called.
pub struct Firing<'a> {
    monitor: &'a Monitor,
    thread: &'a ThreadState,
    event: Event,
    version: u64,
    tools: u8,
}

impl Firing<'_> {
    /// Calls the tools.
    ///
    /// # Errors
    /// As [`Monitor::fire`].
    #[inline(always)]
    pub fn call(self) -> Result<(), FireError> {
        match self.monitor.call_tools(self.thread, self.event, self.version, self.tools) {
            None => Ok(()),
            Some(error) => Err(*error),
        }
    }
}

/// A callback that is to run now.
pub struct Call<'a> {
    pub(super) callback: &'a CallbackParts,
    pub(super) record: *mut EventRecord,
}

impl Call<'_> {
    /// Runs it.
    #[inline(always)]
    pub fn run(self) -> Action {
        // SAFETY: whoever made the callback promised that it can be called with its user pointer; the record is the
        // thread's, which nobody writes while a callback runs.
        unsafe { (self.callback.func)(self.record, self.callback.user.get()) }
    }

    /// Whether the callback is a function of the host's user ([`Callback::is_host`](super::Callback::is_host)).
    #[inline(always)]
    pub fn is_host(&self) -> bool {
        self.callback.is_host
    }

    /// Function and user pointer of the callback, for a host that does itself what the function would do.
    #[inline(always)]
    pub fn target(&self) -> (CallbackFn, *mut c_void) {
        (self.callback.func, self.callback.user.get())
    }

    /// What the callback is told.
    #[inline(always)]
    pub fn record(&self) -> &EventRecord {
        // SAFETY: the record is the thread's, which nobody writes while a callback runs.
        unsafe { &*self.record }
    }

    /// Empties what the event alone has, because its addresses end before the callback does.
    #[inline(always)]
    pub fn forget_payload(&mut self, event: Event) {
        // SAFETY: as above; the borrow says that nobody looks at it.
        unsafe { (*self.record).empty(event) }
    }
}

/// How firing the short way begins; see [`Monitor::begin_armed`].
pub enum Armed<'a> {
    /// No event fires, because the thread is in a callback.
    Quiet,
    /// A callback is to run.
    Call(Call<'a>),
    /// Nothing was done: it is a case for [`Monitor::begin`], and [`Monitor::drop_unused`] behind it.
    Long,
}

/// What has become of an event; see [`Monitor::fire_solo`].
pub enum Fired {
    /// It has been fired to whom it is for.
    Done,
    /// Its callback failed, as [`Monitor::fire`] would say.
    Failed(Box<FireError>),
    /// Nothing was done: it is a case for the other functions.
    Long,
}
