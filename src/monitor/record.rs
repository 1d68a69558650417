//! What passes between a host, the monitor and a callback: payload, event record, action, sentinels.

use std::ffi::{c_int, c_void};
use std::ptr;

use super::code::Code;
use super::events::{Event, EventSet, PayloadKind};
use super::location::{NO_LINE, NO_LOCATION, NO_OFFSET};
use super::thread::ThreadState;

/// A process-wide object that is known by its address.
///
/// To C it is an `execmon_action`, so that `return EXECMON_DISABLE;` in a callback and `&EXECMON_DISABLE` as a value
/// of the host's language are the same word.
#[repr(transparent)]
#[derive(Debug)]
pub struct Sentinel {
    // Not zero-sized and not constant, so that no two sentinels can share an address.
    action: std::sync::atomic::AtomicI32,
}

impl Sentinel {
    const fn new(action: i32) -> Sentinel {
        Sentinel { action: std::sync::atomic::AtomicI32::new(action) }
    }

    /// The address that stands for the sentinel where a host value is expected.
    pub const fn as_ptr(&'static self) -> *const c_void {
        ptr::from_ref(self).cast()
    }
}

/// Stands for `arg0` of a call without arguments.  As an action it is none, which counts as an error.
#[unsafe(export_name = "EXECMON_MISSING")]
pub static MISSING: Sentinel = Sentinel::new(-1);
/// Stands for the value that a callback of a host's language returns to disable a location.
#[unsafe(export_name = "EXECMON_DISABLE")]
pub static DISABLE: Sentinel = Sentinel::new(Action::DISABLE.0);

/// What a callback wants.  A number that is none of the constants counts as [`Action::ERROR`] and is named in
/// [`FireError::Callback`](super::FireError::Callback).
#[repr(transparent)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action(pub c_int);

impl Action {
    /// Go on.
    pub const CONTINUE: Action = Action(0);
    /// Do not call for this (tool, event, code, location) again until a restart.
    pub const DISABLE: Action = Action(1);
    /// Raise from the monitored instruction; lower tools are not called.
    pub const ERROR: Action = Action(2);
}

/// The host's values for one firing.  All pointers are opaque, borrowed for the call, and passed on as they are.
#[derive(Clone, Copy, Debug)]
pub struct Payload {
    /// What is called (CALL, C_RETURN, C_RAISE).
    pub callable: *const c_void,
    /// The first argument (CALL, C_RETURN, C_RAISE), or the address of [`MISSING`].
    pub arg0: *const c_void,
    /// The value returned or yielded, the exception, or the result of a C call.
    pub value: *const c_void,
    /// The destination's location when it is not the one in the table; [`NO_LOCATION`] takes the table's.
    pub destination: u32,
}

impl Payload {
    /// Nothing: for PY_START, PY_RESUME, LINE, INSTRUCTION, JUMP and branches.
    pub const NONE: Payload =
        Payload { callable: ptr::null(), arg0: ptr::null(), value: ptr::null(), destination: NO_LOCATION };

    /// A value returned or yielded, or an exception.
    pub const fn value(value: *const c_void) -> Payload {
        Payload { value, ..Payload::NONE }
    }

    /// A call of `callable` with `arg0` first (None: no argument, MISSING).
    pub const fn call(callable: *const c_void, arg0: Option<*const c_void>) -> Payload {
        Payload {
            callable,
            arg0: match arg0 {
                Some(arg0) => arg0,
                None => MISSING.as_ptr(),
            },
            ..Payload::NONE
        }
    }

    /// The same call with its result or its exception: for C_RETURN and C_RAISE.
    pub const fn with_value(self, value: *const c_void) -> Payload {
        Payload { value, ..self }
    }

    /// A jump or branch to a location that only the run knows.
    pub const fn destination(destination: u32) -> Payload {
        Payload { destination, ..Payload::NONE }
    }
}

/// What a callback is told.  Borrowed for the call: the thread state's next event is told in the same place.
///
/// The fields up to `value` are what hosts in C see, as `execmon_event`: they grow only at their end, and a reader checks
/// `size` before it reads one that was added after the first version.  Behind them the core keeps where they came from.
///
/// Between two events what only some events have (destination, `callable`, `arg0`, `value`) is empty, so that the others
/// need not write it: whoever fills it in empties it again ([`EventRecord::empty`]).
#[repr(C)]
#[derive(Debug)]
#[non_exhaustive]
pub struct EventRecord {
    /// Size of what hosts in C see, in bytes.
    pub size: u32,
    /// The event's bit.  A callback registered for BRANCH sees the side.
    pub bit: EventSet,
    /// The tool that is called, 0..=5, or a `HostTool`.
    pub tool: i32,
    /// Index of the location in the code's table.
    pub location: u32,
    /// Offset of the location.
    pub offset: u32,
    /// Line of the location, negative for none.
    pub line: i32,
    /// Offset of the destination, or [`NO_OFFSET`].
    pub destination_offset: u32,
    /// Line of the destination, negative for none.
    pub destination_line: i32,
    /// What the host's users know the code by ([`Code::handle`]).
    pub code_handle: *mut c_void,
    /// What they know the thread state by, or null.
    pub thread_handle: *mut c_void,
    /// What they know the monitor by.
    pub monitor_handle: *mut c_void,
    /// What is called (CALL, C_RETURN, C_RAISE), else NULL.  This and the two below are null, but for MISSING, where the
    /// thread state has no handle: the values of such a host mean nothing to others.
    pub callable: *const c_void,
    /// The first argument or MISSING (CALL, C_RETURN, C_RAISE), else NULL.
    pub arg0: *const c_void,
    /// The value, exception or result, else NULL.
    pub value: *const c_void,
    pub(super) source: Source,
}

/// Where a record came from; everything outlives the call of the callback.
#[derive(Debug)]
pub(super) struct Source {
    /// The version of the monitor at which the callback was looked up.
    pub(super) version: u64,
    pub(super) code: *const Code,
    pub(super) thread: *const ThreadState,
    /// What the host fired with, for an event that has values.
    pub(super) payload: *const Payload,
}

impl EventRecord {
    /// Size of what hosts in C see.
    pub const PUBLIC_SIZE: usize = std::mem::offset_of!(EventRecord, source);

    /// What a thread's record is before its first event.
    pub(super) const fn nothing() -> EventRecord {
        EventRecord {
            size: EventRecord::PUBLIC_SIZE as u32,
            bit: EventSet::NO_EVENTS,
            tool: 0,
            location: NO_LOCATION,
            offset: NO_OFFSET,
            line: NO_LINE,
            destination_offset: NO_OFFSET,
            destination_line: NO_LINE,
            code_handle: ptr::null_mut(),
            thread_handle: ptr::null_mut(),
            monitor_handle: ptr::null_mut(),
            callable: ptr::null(),
            arg0: ptr::null(),
            value: ptr::null(),
            source: Source { version: 0, code: ptr::null(), thread: ptr::null(), payload: &Payload::NONE },
        }
    }

    /// Empties what the event alone has, behind its callbacks.
    #[inline(always)]
    pub(super) fn empty(&mut self, event: Event) {
        match event.payload() {
            PayloadKind::None => return,
            PayloadKind::Destination => {
                (self.destination_offset, self.destination_line) = (NO_OFFSET, NO_LINE);
                return;
            }
            PayloadKind::Call => (self.callable, self.arg0, self.value) = (ptr::null(), ptr::null(), ptr::null()),
            PayloadKind::Value | PayloadKind::Exception => self.value = ptr::null(),
        }
        self.source.payload = &Payload::NONE;
    }

    /// The event; BRANCH_LEFT or BRANCH_RIGHT for a callback that was registered for BRANCH.
    pub fn event(&self) -> Event {
        Event::ALL[self.bit.0.trailing_zeros() as usize]
    }

    /// The code registration.
    pub fn code(&self) -> &Code {
        // SAFETY: records are made by `fire` only, from a `&Code` that outlives the call of the callback, and a
        // callback has its record for the call only.
        unsafe { &*self.source.code }
    }

    /// The address of the thread state that fired.
    pub fn thread(&self) -> *const ThreadState {
        self.source.thread
    }

    /// The values that the host fired with; nothing for an event that has none.
    pub fn payload(&self) -> &Payload {
        // SAFETY: as for the code, or a constant.
        unsafe { &*self.source.payload }
    }
}
