//! What can go wrong, with the kind of exception that it is and its exact text (semantics, section 2).

use std::fmt;

use super::events::Event;

/// The class of exception that a host raises for an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Python's ValueError.
    Value,
    /// Python's TypeError.
    Type,
    /// Python's OverflowError.
    Overflow,
    /// A hook of the host refused; the host knows the exception.
    Host,
}

/// Why a call on a monitor was refused.  `Display` is the message to show.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MonitorError {
    /// The tool id is not in 0..=5.
    InvalidTool(i32),
    /// The name given for a tool is no text; raised by hosts whose values can be anything.
    NameNotText,
    /// The tool id has a name already.
    ToolInUse(i32),
    /// The tool id has no name.
    ToolNotInUse(i32),
    /// A callback was registered for no event or for several.
    NotOneEvent,
    /// A callback was registered for a bit that is no event.
    InvalidEvent(i32),
    /// A set holds bits that are no events.
    InvalidEventSet(u32),
    /// C_RETURN or C_RAISE without the other and CALL.
    AncillaryAlone,
    /// A set for one code object holds events that are set globally only.
    InvalidLocalEventSet(u32),
    /// What was given as code is none; raised by hosts whose values can be anything.
    NotCode,
    /// A number does not fit a C `int`.
    IntTooLarge,
    /// An exception event was fired without an exception.
    NoException(Event),
    /// An offset is below zero.
    NegativeOffset,
    /// The code has no location of this number.
    NoSuchLocation(u32),
    /// The offsets of a table of locations descend to this one.
    WrongOrder(u32),
    /// The code has no location at this offset.
    NoLocationAt(u32),
    /// The event is fired by another call: local events by `fire`, events of the other group by `fire_other`, C_RETURN and
    /// C_RAISE by `fire_ancillary`.
    WrongGroup(Event),
    /// The code or the thread state belongs to another monitor.
    WrongMonitor,
    /// The host's audit hook refused; the text is the hook's.
    Refused(String),
}

impl MonitorError {
    /// The class of exception to raise.
    pub fn kind(&self) -> ErrorKind {
        match self {
            MonitorError::NotCode => ErrorKind::Type,
            MonitorError::IntTooLarge => ErrorKind::Overflow,
            MonitorError::Refused(_) => ErrorKind::Host,
            _ => ErrorKind::Value,
        }
    }
}

impl fmt::Display for MonitorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use MonitorError::*;
        match self {
            InvalidTool(id) => write!(f, "invalid tool {id} (must be between 0 and 5)"),
            NameNotText => f.write_str("tool name must be a str"),
            ToolInUse(id) => write!(f, "tool {id} is already in use"),
            ToolNotInUse(id) => write!(f, "tool {id} is not in use"),
            NotOneEvent => f.write_str("The callback can only be set for one event at a time"),
            InvalidEvent(event) => write!(f, "invalid event {event}"),
            InvalidEventSet(set) => write!(f, "invalid event set 0x{set:x}"),
            AncillaryAlone => f.write_str("cannot set C_RETURN or C_RAISE events independently"),
            InvalidLocalEventSet(set) => write!(f, "invalid local event set 0x{set:x}"),
            NotCode => f.write_str("code must be a code object"),
            IntTooLarge => f.write_str("Python int too large to convert to C int"),
            NoException(event) => write!(f, "Firing event {} with no exception set", *event as u8),
            NegativeOffset => f.write_str("offset must be non-negative"),
            NoSuchLocation(index) => write!(f, "code object has no location {index}"),
            WrongOrder(offset) => {
                write!(f, "offset {offset} of a location is below the one before")
            }
            NoLocationAt(offset) => write!(f, "code object has no location at offset {offset}"),
            WrongGroup(event) => write!(f, "event {event} cannot be fired by this call"),
            WrongMonitor => f.write_str("code object or thread state belongs to another monitor"),
            Refused(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for MonitorError {}

/// Why firing an event stopped; the host raises it from the monitored instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FireError {
    /// The callback of `tool` returned ERROR, or the number `action` that is no action and counts as ERROR.
    /// Lower tools were not called.  The exception, if there is one, is the host's own affair.
    Callback {
        /// The tool whose callback failed.
        tool: u8,
        /// The event that was fired.
        event: Event,
        /// What the callback returned.
        action: i32,
    },
    /// The callback of `tool` returned DISABLE for an event that has no location; it has been unregistered.
    /// Lower tools were not called.  A ValueError.
    CannotDisable {
        /// The tool whose callback was removed.
        tool: u8,
        /// The event that was fired.
        event: Event,
    },
    /// The call itself was wrong; no callback ran.
    Invalid(MonitorError),
}

impl FireError {
    /// The class of exception to raise; a failed callback is the host's own affair.
    pub fn kind(&self) -> ErrorKind {
        match self {
            FireError::Callback { .. } => ErrorKind::Host,
            FireError::CannotDisable { .. } => ErrorKind::Value,
            FireError::Invalid(error) => error.kind(),
        }
    }
}

impl From<MonitorError> for FireError {
    fn from(error: MonitorError) -> FireError {
        FireError::Invalid(error)
    }
}

impl fmt::Display for FireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FireError::Callback { tool, event, action } => match *action {
                2 => write!(f, "callback of tool {tool} for {event} failed"),
                _ => write!(f, "callback of tool {tool} for {event} returned the unknown action {action}"),
            },
            FireError::CannotDisable { event, .. } => {
                write!(f, "Cannot disable {event} events. Callback removed.")
            }
            FireError::Invalid(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for FireError {}
