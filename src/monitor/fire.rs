//! Firing: from a monitored instruction to the callbacks.

use std::mem::size_of;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use super::callback::CallbackParts;
use super::code::Code;
use super::error::{FireError, MonitorError};
use super::events::{Event, EventSet, Group, PayloadKind};
use super::location::{NO_LINE, NO_LOCATION, NO_OFFSET};
use super::record::{Action, EventRecord, Payload};
use super::thread::ThreadState;
use super::tool::{Monitor, ToolSet};

/// The events that must come with an exception.
const EXCEPTIONS: EventSet = {
    let (mut set, mut i) = (0, 0);
    while i < Event::ALL.len() {
        if matches!(Event::ALL[i].payload(), PayloadKind::Exception) {
            set |= Event::ALL[i].set().0;
        }
        i += 1;
    }
    EventSet(set)
};

const ALL_TOOLS: u8 = u8::MAX;

impl Monitor {
    /// Fires a local event at a location.  A host calls it where the armed byte says so; where no tool wants the
    /// event, nothing happens.  While a callback runs on this thread state, nothing fires.
    ///
    /// Callbacks run highest tool first.  One that disables has its location rearmed before this returns.
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
        self.deliver(thread, code, location, event, payload, ALL_TOOLS)
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
        self.deliver(thread, code, location, event, payload, ALL_TOOLS)
    }

    /// Fires CALL and returns the tools that are to see the C_RETURN or C_RAISE of this very call: what CALL's
    /// callbacks disable counts from the next call on.
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
    pub fn ancillary_tools(&self, code: &Code, location: u32) -> Result<ToolSet, MonitorError> {
        self.check(code, location)?;
        self.refresh_if_stale(code, self.version());
        let tools = code.wanted[Event::CReturn as usize].load(Ordering::Acquire)
            | code.wanted[Event::CRaise as usize].load(Ordering::Acquire);
        Ok(ToolSet(tools & !code.disabled_for(location, Event::Call)))
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
        self.deliver(thread, code, location, event, payload, tools.0)
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

    // Inlined into the host's fire points, where the event is a constant, so that little of it is left.
    #[inline(always)]
    fn deliver(
        &self,
        thread: &ThreadState,
        code: &Code,
        location: u32,
        event: Event,
        payload: &Payload,
        among: u8,
    ) -> Result<(), FireError> {
        let no_exception = payload.value.is_null() && EXCEPTIONS.contains(event.set());
        if code.owner != self.id || thread.owner != self.id || location as usize >= code.locations.len() || no_exception
        {
            return Err(self.invalid(thread, code, location, event));
        }
        if thread.in_callback() {
            return Ok(());
        }
        let version = self.version();
        let tools = self.tools_for(code, event, version) & among;
        if tools == 0 {
            return Ok(());
        }
        let tools = tools & !code.disabled_for(location, event);
        if tools == 0 {
            return Ok(());
        }
        let mut record = self.record(thread, code, location, event, payload);
        match self.call_tools(&thread.shared.calling, &mut record, version, tools) {
            None => Ok(()),
            Some(error) => Err(*error),
        }
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

    #[inline(always)]
    fn record(&self, thread: &ThreadState, code: &Code, location: u32, event: Event, payload: &Payload) -> EventRecord {
        let at = &code.locations[location as usize];
        let destination = match event {
            _ if payload.destination != NO_LOCATION => payload.destination,
            Event::BranchLeft => at.left,
            Event::BranchRight => at.right,
            Event::Jump => at.jump,
            _ => NO_LOCATION,
        };
        let (destination_offset, destination_line) = match code.locations.get(destination as usize) {
            Some(to) => (to.offset, to.line),
            None => (NO_OFFSET, NO_LINE),
        };
        EventRecord {
            size: size_of::<EventRecord>() as u32,
            event: event as u32,
            tool: 0,
            location,
            offset: at.offset,
            line: at.line,
            destination_offset,
            destination_line,
            code,
            callable: payload.callable,
            arg0: payload.arg0,
            value: payload.value,
            thread,
            monitor: self.handle(),
        }
    }

    /// Calls `tools`, computed at `version`.  Out of line, so that firing an event that nobody wants saves no registers;
    /// an error comes back boxed, so that it fits one.
    #[inline(never)]
    fn call_tools(
        &self,
        calling: &AtomicPtr<CallbackParts>,
        record: &mut EventRecord,
        mut version: u64,
        mut tools: u8,
    ) -> Option<Box<FireError>> {
        let slots = &self.slots[record.event as usize];
        let mut error = None;
        loop {
            let tool = tools.ilog2();
            let callback = slots[tool as usize].load(Ordering::Acquire);
            calling.store(callback, Ordering::Release);
            self.barrier.light();
            if self.version() != version {
                // Something has changed since `tools` was computed, perhaps by the callback before.
                (version, tools) = self.look_again(record, tools);
            } else {
                tools &= !(1 << tool);
                record.tool = tool;
                if !callback.is_null() {
                    // SAFETY: the callback was in the table at `version`, which was still current after it was
                    // published in `calling`; so whoever removes it finds it there and keeps it (see `retire`).
                    let action = unsafe { ((*callback).func)(record, (*callback).user) };
                    if action != Action::CONTINUE {
                        error = self.obey(action, record, callback, version);
                        if error.is_some() {
                            break;
                        }
                    }
                }
            }
            if tools == 0 {
                break;
            }
        }
        calling.store(ptr::null_mut(), Ordering::Release);
        self.barrier.light();
        if self.any_retired.load(Ordering::Acquire) {
            self.sweep();
        }
        error
    }

    /// The version and which of `tools` still want the event.
    #[cold]
    fn look_again(&self, record: &EventRecord, tools: u8) -> (u64, u8) {
        let version = self.version();
        let wanted = self.tools_for(record.code(), record.event(), version);
        (version, tools & wanted)
    }

    /// Does what a callback, called at `version`, asked for.
    #[cold]
    fn obey(
        &self,
        action: Action,
        record: &EventRecord,
        callback: *mut CallbackParts,
        version: u64,
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
        self.disable(record, callback, version);
        None
    }

    /// Disables what the callback, called at `version`, wants no more.
    fn disable(&self, record: &EventRecord, callback: *mut CallbackParts, version: u64) {
        let state = self.lock();
        let tool = record.tool as usize;
        let entry = &state.tools[tool];
        if entry.cleared > version {
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
