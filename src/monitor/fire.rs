//! Firing: from a monitored instruction to the callbacks.

use std::mem::size_of;
use std::ptr;
use std::sync::atomic::Ordering;

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

    #[inline]
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
        if code.owner != self.id
            || thread.owner != self.id
            || location as usize >= code.locations.len()
            || no_exception
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
        self.call_tools(thread, code, location, event, payload, version, tools)
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

    #[inline]
    fn record(
        &self,
        thread: &ThreadState,
        code: &Code,
        location: u32,
        event: Event,
        payload: &Payload,
    ) -> EventRecord {
        let at = &code.locations[location as usize];
        let destination = match event {
            _ if payload.destination != NO_LOCATION => payload.destination,
            Event::BranchLeft => at.left,
            Event::BranchRight => at.right,
            Event::Jump => at.jump,
            _ => NO_LOCATION,
        };
        let (destination_offset, destination_line) = match code.locations.get(destination as usize)
        {
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

    /// Calls `tools`, computed at `version`.  Out of line, so that firing an event that nobody wants saves no registers.
    #[inline(never)]
    #[allow(clippy::too_many_arguments)]
    fn call_tools(
        &self,
        thread: &ThreadState,
        code: &Code,
        location: u32,
        event: Event,
        payload: &Payload,
        mut version: u64,
        mut tools: u8,
    ) -> Result<(), FireError> {
        let mut record = self.record(thread, code, location, event, payload);
        let calling = &thread.shared.calling;
        let slots = &self.slots[event as usize];
        let mut result = Ok(());
        while tools != 0 {
            let tool = tools.ilog2() as usize;
            let callback = slots[tool].load(Ordering::Acquire);
            calling.store(callback, Ordering::Release);
            self.barrier.light();
            if self.version() != version {
                // Something has changed since `tools` was computed, perhaps by the callback before.
                version = self.version();
                tools &= self.tools_for(code, event, version);
                continue;
            }
            tools &= !(1 << tool);
            if callback.is_null() {
                continue;
            }
            record.tool = tool as u32;
            // SAFETY: the callback was in the table at `version`, which was still current after it was published in
            // `calling`; so whoever removes it finds it there and keeps it (see `retire`).  The record lives here.
            let action = unsafe { ((*callback).func)(&record, (*callback).user) };
            if action != Action::CONTINUE {
                result = self.obey(action, code, &record, callback, version);
                if result.is_err() {
                    break;
                }
            }
        }
        calling.store(ptr::null_mut(), Ordering::Release);
        self.barrier.light();
        if self.any_retired.load(Ordering::Acquire) {
            self.sweep();
        }
        result
    }

    /// Does what a callback, called at `version`, asked for.
    #[cold]
    fn obey(
        &self,
        action: Action,
        code: &Code,
        record: &EventRecord,
        callback: *mut CallbackParts,
        version: u64,
    ) -> Result<(), FireError> {
        let event = record.event();
        let tool = record.tool as usize;
        if action != Action::DISABLE {
            return Err(FireError::Callback {
                tool: record.tool as u8,
                event,
                action: action.0,
            });
        }
        if !event.can_disable() {
            self.remove_callback(tool, event, callback);
            return Err(FireError::CannotDisable {
                tool: record.tool as u8,
                event,
            });
        }
        self.disable(code, record.location, event, tool, callback, version);
        Ok(())
    }

    /// Disables what the callback of `tool`, called at `version`, wants no more.
    fn disable(
        &self,
        code: &Code,
        location: u32,
        event: Event,
        tool: usize,
        callback: *mut CallbackParts,
        version: u64,
    ) {
        let state = self.lock();
        let entry = &state.tools[tool];
        if entry.cleared > version {
            // The tool was cleared or freed meanwhile; nothing of it may stay.
            return;
        }
        let mut events = event.set();
        if EventSet::BRANCHES.contains(events)
            && entry.branch.as_ref().is_some_and(|b| b.is_slot(callback))
        {
            events = EventSet::BRANCHES;
        }
        self.refresh(&state, code);
        code.disable(tool, location, events);
        self.rearm(&state, code, location as usize);
    }
}
