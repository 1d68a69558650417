//! Firing: where the inline fire points of execmon_fire.h lead when a location is armed.

use std::ffi::c_void;
use std::sync::Arc;

use super::arguments::Out;
use super::code::execmon_code;
use super::desk::{Parties, Seat};
use super::error::execmon_error;
use super::growing::{self, growing};
use super::guard::{Failure, Outcome, call, is_anyone_patching, succeed};
use super::handle::pin;
use super::monitor::{failure, fire_failure};
use super::status::*;
use super::thread::{InUse, execmon_thread, in_use};
use crate::monitor::{Barrier, Code, Event, Fired, Group, MISSING, MonitorError, Payload, PayloadKind, ToolSet};

/// The host's values for one event.  All pointers are opaque to the library and passed on as they are, but for `arg0`.
#[repr(C)]
pub struct execmon_payload {
    /// sizeof(execmon_payload), so that the record can grow; at least 24, which is up to `value`.
    pub size: u32,
    /// The destination's location (JUMP, BRANCH_LEFT, BRANCH_RIGHT) if only the run knows it; EXECMON_NO_LOCATION takes the
    /// one in the table.
    pub destination: u32,
    /// What is called (CALL, C_RETURN, C_RAISE).
    pub callable: *const c_void,
    /// The first argument (CALL, C_RETURN, C_RAISE); NULL counts as &EXECMON_MISSING, no argument.
    pub arg0: *const c_void,
    /// The value returned or yielded, the exception, or the result of a C call.
    pub value: *const c_void,
}

growing!(execmon_payload, "the payload", 24);

fn event_of(event: u32) -> Outcome<Event> {
    match event.count_ones() {
        1 => Event::of_bit(event).ok_or_else(|| failure(MonitorError::InvalidEvent(event as i32))),
        _ => Err(Failure::new(EXECMON_STATUS_VALUE, "one event can be fired at a time")),
    }
}

fn payload_of(event: Event, payload: *const execmon_payload) -> Outcome<Payload> {
    let mut core = Payload::NONE;
    if !payload.is_null() {
        // SAFETY: the contract of the header.
        let execmon_payload { destination, callable, arg0, value, .. } = unsafe { growing::read(payload)? };
        core = Payload { callable, arg0, value, destination };
    }
    if event.payload() == PayloadKind::Call && core.arg0.is_null() {
        core.arg0 = MISSING.as_ptr();
    }
    Ok(core)
}

/// Thread state and code of a firing call.
fn parties(thread: *mut execmon_thread, code: *mut execmon_code) -> Outcome<(InUse, Arc<Code>)> {
    let (state, code) = (in_use(thread)?, pin(code)?);
    code.monitor()?;
    let core = code.core()?;
    state.fires(thread);
    Ok((state, core))
}

/// Reads the payload of a host whose header is this library's own.
#[inline(always)]
fn current_payload(event: Event, payload: *const execmon_payload) -> Option<Payload> {
    let mut core = Payload::NONE;
    if !payload.is_null() {
        // SAFETY: the contract of the header; it is aligned where it is read.
        let payload = payload.is_aligned().then(|| unsafe { &*payload })?;
        if payload.size as usize != size_of::<execmon_payload>() {
            return None;
        }
        let execmon_payload { destination, callable, arg0, value, .. } = *payload;
        core = Payload { callable, arg0, value, destination };
    }
    if event.payload() == PayloadKind::Call && core.arg0.is_null() {
        core.arg0 = MISSING.as_ptr();
    }
    Some(core)
}

/// Begins to fire the short way, without the door of the exports, in which nothing can panic; None if it has to be the long
/// way, which finds out all that is wrong with a call.
#[inline(always)]
fn sit_down<'a>(thread: *const execmon_thread, code: *const execmon_code) -> Option<(Seat, Parties<'a>)> {
    if is_anyone_patching() { None } else { Seat::take(thread, code) }
}

/// Ends it; None as above.
#[inline(always)]
fn stand_up(seat: Seat, fired: Fired, error: *mut *mut execmon_error) -> Option<execmon_status> {
    // The seat is left in each arm for itself, so that the first needs no note of how it ends.
    match fired {
        Fired::Done => {
            drop(seat);
            Some(succeed(error))
        }
        Fired::Failed(failed) => {
            drop(seat);
            Some(call(error, || Err(fire_failure(*failed))))
        }
        Fired::Long => {
            drop(seat);
            None
        }
    }
}

impl Parties<'_> {
    #[inline(always)]
    fn fire(self, location: u32, event: Event, payload: &Payload, among: ToolSet) -> Fired {
        let Parties { monitor, state, code, handle } = self;
        // SAFETY: a thread object's state is of its monitor, and so is what its desk knows, whose handle is the one that was
        // given; and without this kind of barrier there are no desks.
        unsafe { monitor.fire_solo(state, code, handle.cast(), location, event, payload, among, Barrier::Asymmetric) }
    }
}

#[inline(always)]
fn fire_at_desk(
    thread: *const execmon_thread,
    code: *const execmon_code,
    location: u32,
    event: Event,
    payload: &Payload,
    among: ToolSet,
    error: *mut *mut execmon_error,
) -> Option<execmon_status> {
    let (seat, parties) = sit_down(thread, code)?;
    stand_up(seat, parties.fire(location, event, payload, among), error)
}

/// What a firing call is told: the parties, the event and the host's values.
struct Firing {
    thread: InUse,
    code: Arc<Code>,
    event: Event,
    payload: Payload,
}

impl Firing {
    fn new(
        thread: *mut execmon_thread,
        code: *mut execmon_code,
        event: u32,
        payload: *const execmon_payload,
    ) -> Outcome<Firing> {
        let (thread, code) = parties(thread, code)?;
        let event = event_of(event)?;
        Ok(Firing { thread, code, event, payload: payload_of(event, payload)? })
    }
}

/// Fires an event: calls the tools that want it, highest id first.  Nothing happens where none does, and while a callback
/// runs on this thread state.  CALL, C_RETURN and C_RAISE have functions of their own.
///
/// `event` is one of EXECMON_EVENT_*; a branch fires its side.  `payload` may be NULL for an event that has none.
///
/// The thread of the state.  Fails with EXECMON_STATUS_CALLBACK or EXECMON_STATUS_CANNOT_DISABLE, which the host raises from
/// the monitored instruction; EXECMON_STATUS_VALUE (no such location, no such event, an exception event without value);
/// EXECMON_STATUS_FOREIGN if code and thread state belong to different monitors; EXECMON_STATUS_STATE for code of a Python
/// interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_deliver(
    thread: *mut execmon_thread,
    code: *mut execmon_code,
    location: u32,
    event: u32,
    payload: *const execmon_payload,
    error: *mut *mut execmon_error,
) -> execmon_status {
    let is_of_this_call = |event: &Event| *event != Event::Call && event.group() != Group::Ancillary;
    if let Some(event) = Event::of_bit(event).filter(is_of_this_call)
        && let Some(values) = current_payload(event, payload)
        && let Some(status) = fire_at_desk(thread, code, location, event, &values, ToolSet::ALL, error)
    {
        return status;
    }
    deliver_long(thread, code, location, event, payload, error)
}

#[cold]
#[inline(never)]
fn deliver_long(
    thread: *mut execmon_thread,
    code: *mut execmon_code,
    location: u32,
    event: u32,
    payload: *const execmon_payload,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let Firing { thread, code, event, payload } = Firing::new(thread, code, event, payload)?;
        let monitor = thread.monitor();
        match event.group() {
            Group::Other => monitor.fire_other(&thread, &code, location, event, &payload),
            _ if event == Event::Call => Err(MonitorError::WrongGroup(event).into()),
            _ => monitor.fire(&thread, &code, location, event, &payload),
        }
        .map_err(fire_failure)
    })
}

/// Fires LINE (if `line` is not 0) and then INSTRUCTION (if `instruction` is not 0), as an instruction begins.
///
/// Threads and failures as for execmon_deliver; INSTRUCTION is not fired after a failure.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_deliver_begin(
    thread: *mut execmon_thread,
    code: *mut execmon_code,
    location: u32,
    line: i32,
    instruction: i32,
    error: *mut *mut execmon_error,
) -> execmon_status {
    match (line != 0, instruction != 0) {
        (true, false) => fire_line(thread, code, location, error),
        (false, true) => fire_instruction(thread, code, location, error),
        (true, true) => match fire_line(thread, code, location, error) {
            EXECMON_OK => fire_instruction(thread, code, location, error),
            failure => failure,
        },
        (false, false) => deliver_begin_long(thread, code, location, 0, 0, error),
    }
}

// Functions of their own, in which the event is a constant and little has to be saved.
macro_rules! fire_one {
    ($name:ident, $event:expr, $line:literal, $instruction:literal) => {
        #[inline(never)]
        fn $name(
            thread: *mut execmon_thread,
            code: *mut execmon_code,
            location: u32,
            error: *mut *mut execmon_error,
        ) -> execmon_status {
            match fire_at_desk(thread, code, location, $event, &Payload::NONE, ToolSet::ALL, error) {
                Some(status) => status,
                None => deliver_begin_long(thread, code, location, $line, $instruction, error),
            }
        }
    };
}

fire_one!(fire_line, Event::Line, 1, 0);
fire_one!(fire_instruction, Event::Instruction, 0, 1);

#[cold]
#[inline(never)]
fn deliver_begin_long(
    thread: *mut execmon_thread,
    code: *mut execmon_code,
    location: u32,
    line: i32,
    instruction: i32,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let (thread, code) = parties(thread, code)?;
        for (fires, event) in [(line, Event::Line), (instruction, Event::Instruction)] {
            if fires != 0 {
                thread.monitor().fire(&thread, &code, location, event, &Payload::NONE).map_err(fire_failure)?;
            }
        }
        Ok(())
    })
}

/// Fires CALL.  `*follow` gets the tools that are to see the C_RETURN or C_RAISE of this very call, to be passed to
/// execmon_deliver_return; a host that finds 0 there need not call that.  On failure it gets 0.
///
/// Threads and failures as for execmon_deliver.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_deliver_call(
    thread: *mut execmon_thread,
    code: *mut execmon_code,
    location: u32,
    payload: *const execmon_payload,
    follow: *mut u8,
    error: *mut *mut execmon_error,
) -> execmon_status {
    if let Some(status) = call_at_desk(thread, code, location, payload, follow, error) {
        return status;
    }
    deliver_call_long(thread, code, location, payload, follow, error)
}

#[inline(always)]
fn call_at_desk(
    thread: *mut execmon_thread,
    code: *mut execmon_code,
    location: u32,
    payload: *const execmon_payload,
    follow: *mut u8,
    error: *mut *mut execmon_error,
) -> Option<execmon_status> {
    if follow.is_null() {
        return None;
    }
    let payload = current_payload(Event::Call, payload)?;
    let (seat, parties) = sit_down(thread, code)?;
    let tools = parties.monitor.ancillary_tools(parties.code, location).ok()?;
    let fired = parties.fire(location, Event::Call, &payload, ToolSet::ALL);
    // SAFETY: the contract of the header.
    unsafe { *follow = if matches!(fired, Fired::Done) { tools.0 } else { 0 } };
    stand_up(seat, fired, error)
}

#[cold]
#[inline(never)]
fn deliver_call_long(
    thread: *mut execmon_thread,
    code: *mut execmon_code,
    location: u32,
    payload: *const execmon_payload,
    follow: *mut u8,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(follow, "follow")? };
        // SAFETY: as above.
        unsafe { Out::required(follow, "follow")? }.set(0);
        let (thread, code) = parties(thread, code)?;
        let payload = payload_of(Event::Call, payload)?;
        let tools = thread.monitor().fire_call(&thread, &code, location, &payload).map_err(fire_failure)?;
        out.set(tools.0);
        Ok(())
    })
}

/// Fires C_RETURN or C_RAISE to those tools of `follow` (from execmon_deliver_call) that still want it.  The payload's
/// value is the result or the exception.
///
/// Threads and failures as for execmon_deliver; EXECMON_STATUS_VALUE also for any other event.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_deliver_return(
    thread: *mut execmon_thread,
    code: *mut execmon_code,
    location: u32,
    event: u32,
    payload: *const execmon_payload,
    follow: u8,
    error: *mut *mut execmon_error,
) -> execmon_status {
    if let Some(event) = Event::of_bit(event).filter(|event| event.group() == Group::Ancillary)
        && let Some(values) = current_payload(event, payload)
        && let Some(status) = fire_at_desk(thread, code, location, event, &values, ToolSet(follow), error)
    {
        return status;
    }
    deliver_return_long(thread, code, location, event, payload, follow, error)
}

#[cold]
#[inline(never)]
fn deliver_return_long(
    thread: *mut execmon_thread,
    code: *mut execmon_code,
    location: u32,
    event: u32,
    payload: *const execmon_payload,
    follow: u8,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let Firing { thread, code, event, payload } = Firing::new(thread, code, event, payload)?;
        let monitor = thread.monitor();
        monitor.fire_ancillary(&thread, &code, location, event, &payload, ToolSet(follow)).map_err(fire_failure)
    })
}
