//! Firing the short way: what mostly is, with no more to be done for each event than it alone knows.
//!
//! A thread state has for each event a record that is ready for the one tool that has a callback for it: all that every
//! such event has in common is in it already.  Invariant: where a record's version is the monitor's, what was prepared is
//! what the monitor would find now; a record that is not ready has version 0, which is none.  It is prepared under the
//! monitor's lock, when an event finds it of another version.
//!
//! The callback of a record of another version may be gone.  It is published all the same before the version is looked at,
//! as everywhere ([`Monitor::retire`]): its address only makes one that has the same address live a little longer.

use std::ptr;
use std::sync::atomic::{Ordering, compiler_fence};

use super::callback::CallbackParts;
use super::code::Code;
use super::error::FireError;
use super::events::{Event, Group, PayloadKind};
use super::fire::{Armed, Call};
use super::record::{Action, EventRecord, MISSING, Payload};
use super::thread::ThreadState;
use super::tool::{Monitor, ToolSet};

/// A record that is ready for the callback of the one tool that has one.
pub(super) struct Ready {
    pub(super) callback: *mut CallbackParts,
    pub(super) record: EventRecord,
}

impl Ready {
    /// One that is not.
    pub(super) const fn not() -> Ready {
        Ready { callback: ptr::null_mut(), record: EventRecord::nothing() }
    }
}

impl Monitor {
    /// The first half of firing the short way an event of which the host has just seen a bit of its own in the armed byte of
    /// its location: where one tool alone has a callback for it and nothing has changed since the byte was computed.  That is
    /// what mostly is; the host then [runs](Call::run) what it gets and calls [`end_armed`](Monitor::end_armed).
    ///
    /// In two halves, so that the host has nothing to keep while the callback runs.
    ///
    /// # Safety
    /// As for [`begin`](Monitor::begin); the event is none of the other group, and no other event that the location can have
    /// sets the bit.  For C_RETURN and C_RAISE, `among` stands for the bit.
    #[inline(always)]
    pub unsafe fn begin_armed<'a>(
        &'a self,
        thread: &'a ThreadState,
        code: &'a Code,
        location: u32,
        event: Event,
        payload: &'a Payload,
        among: ToolSet,
    ) -> Armed<'a> {
        debug_assert!(code.owner == self.id && thread.owner == self.id);
        if thread.in_callback() {
            return Armed::Quiet;
        }
        let ready = thread.ready[event as usize].get();
        // SAFETY: the record is the thread's, and no callback looks at it.
        let (callback, version) = unsafe { ((*ready).callback, (*ready).record.source.version) };
        let handle = code.handle();
        // Nothing is ready where readers would have to execute a barrier.
        thread.shared.calling.store(callback, Ordering::Release);
        compiler_fence(Ordering::SeqCst);
        if handle.is_null() || code.version() != version || self.version() != version {
            self.not_ready(thread, event, version);
            return Armed::Long;
        }
        // The bit is there for some tool, and only this one has a callback.  Where it has disabled the event is in the bit.
        if event.group() == Group::Ancillary {
            // SAFETY: as above.
            let tool = unsafe { (*ready).record.tool };
            if code.wanted[event as usize].load(Ordering::Acquire) & among.0 != 1 << tool {
                self.not_ready(thread, event, version);
                return Armed::Long;
            }
        }
        // SAFETY: by the caller, the location is one of the code's.
        let at = unsafe { code.locations.get_unchecked(location as usize) };
        // SAFETY: nobody looks at the record before the callback does.
        let record = unsafe { &mut (*ready).record };
        record.location = location;
        (record.offset, record.line) = (at.offset, at.line);
        record.code_handle = handle;
        record.source.code = code;
        record.fill_payload(code, at, event, payload);
        // SAFETY: the callback was in the table at `version`, which was still current after it was published in `calling`;
        // so whoever removes it finds it there and keeps it (see `retire`).
        Armed::Call(Call { callback: unsafe { &*callback }, record })
    }

    /// Takes back what was published, and prepares the record for the next event.
    #[cold]
    #[inline(never)]
    fn not_ready(&self, thread: &ThreadState, event: Event, version: u64) {
        thread.shared.calling.store(ptr::null_mut(), Ordering::Release);
        if self.version() != version {
            self.prepare(thread, event);
        }
    }

    /// Makes the thread's record of an event ready, if one tool has a callback for it.
    fn prepare(&self, thread: &ThreadState, event: Event) {
        let state = self.lock();
        let solo = &self.solos[event as usize];
        let callback = solo.callback.load(Ordering::Relaxed);
        // SAFETY: no callback runs on the thread.
        let ready = unsafe { &mut *thread.ready[event as usize].get() };
        ready.callback = callback;
        let record = &mut ready.record;
        record.bit = event.set();
        record.tool = solo.tool.load(Ordering::Relaxed) as i32;
        record.thread_handle = thread.handle();
        record.monitor_handle = self.handle();
        record.source.thread = thread;
        record.source.version = if callback.is_null() || !self.barrier.is_free() { 0 } else { state.version };
    }

    /// The second half, behind a callback that lets the program go on.
    ///
    /// A callback that was removed meanwhile stays until [`drop_unused`](Monitor::drop_unused) is called, at latest when the
    /// host has heard of the change by the `changed` hook.
    ///
    /// # Safety
    /// [`begin_armed`](Monitor::begin_armed) gave a call for this thread state and event, which has been run.
    #[inline(always)]
    pub unsafe fn end_armed(&self, thread: &ThreadState, event: Event) {
        // SAFETY: the callback has returned the record.
        unsafe { (*thread.ready[event as usize].get()).record.empty(event) };
        thread.shared.calling.store(ptr::null_mut(), Ordering::Release);
        compiler_fence(Ordering::SeqCst);
    }

    /// The second half, behind a callback that asks for `action`.
    ///
    /// # Safety
    /// As for [`end_armed`](Monitor::end_armed).
    #[cold]
    pub unsafe fn end_obeying(&self, thread: &ThreadState, event: Event, action: Action) -> Result<(), FireError> {
        let callback = thread.shared.calling.load(Ordering::Relaxed);
        // SAFETY: the callback has returned the record.
        let error = self.obey(action, unsafe { &(*thread.ready[event as usize].get()).record }, callback);
        // SAFETY: as above.
        unsafe { self.end_armed(thread, event) };
        self.drop_unused(thread);
        error.map_or(Ok(()), |error| Err(*error))
    }
}

impl EventRecord {
    /// Writes what the event alone has.
    #[inline(always)]
    pub(super) fn fill_payload(&mut self, code: &Code, at: &super::Location, event: Event, payload: &Payload) {
        // The values of a host whose thread state has no handle mean nothing to others.
        let is_anonymous = self.thread_handle.is_null();
        let shown = |value| if is_anonymous && value != MISSING.as_ptr() { ptr::null() } else { value };
        match event.payload() {
            PayloadKind::None => return,
            PayloadKind::Destination => {
                (self.destination_offset, self.destination_line) = Monitor::destination(code, at, event, payload);
                return;
            }
            PayloadKind::Call => {
                (self.callable, self.arg0) = (shown(payload.callable), shown(payload.arg0));
                if event.group() == Group::Ancillary {
                    self.value = shown(payload.value);
                }
            }
            PayloadKind::Value | PayloadKind::Exception => self.value = shown(payload.value),
        }
        self.source.payload = payload;
    }
}
