//! The only list of events.  Everything that knows events by name, number or group derives from it.

use std::fmt;
use std::ops::{BitAnd, BitOr, BitOrAssign, Not};

/// Where an event can be set and whether it belongs to a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Armed per location; can be set for one code object and disabled for one location.
    Local,
    /// Set globally only; not tied to an instruction, so never disabled.
    Other,
    /// Fires where its tool has CALL; is never stored in a set of its own.
    Ancillary,
    /// Stands for other events and is never stored itself.
    Derived,
}

/// What an event carries besides code, location and line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadKind {
    /// Nothing more.
    None,
    /// `value`: what is returned or yielded.
    Value,
    /// `callable` and `arg0`; C_RETURN and C_RAISE also the result or the exception in `value`.
    Call,
    /// The destination location.
    Destination,
    /// `value`: an exception, which must be given.
    Exception,
}

macro_rules! events {
    ($($bit:literal $variant:ident $name:ident $group:ident $payload:ident $doc:literal;)*) => {
        /// One monitored event.  Its value is its bit position, which never changes.
        #[repr(u8)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Event { $(#[doc = $doc] $variant = $bit,)* }

        impl Event {
            /// Every event, in the order of its bits; BRANCH is the last.
            pub const ALL: &'static [Event] = &[$(Event::$variant,)*];

            /// The documented name, such as `PY_START`.
            pub const fn name(self) -> &'static str {
                match self { $(Event::$variant => stringify!($name),)* }
            }

            /// The group that decides how the event is set and disabled.
            pub const fn group(self) -> Group {
                match self { $(Event::$variant => Group::$group,)* }
            }

            /// One sentence that says when the event occurs.
            pub const fn description(self) -> &'static str {
                match self { $(Event::$variant => $doc,)* }
            }

            /// What a callback gets besides code and location.
            pub const fn payload(self) -> PayloadKind {
                match self { $(Event::$variant => PayloadKind::$payload,)* }
            }
        }

        impl EventSet {
            $(#[doc = $doc] pub const $name: EventSet = EventSet(1 << $bit);)*
        }
    };
}

events! {
    0 PyStart PY_START Local None "A function is entered.";
    1 PyResume PY_RESUME Local None "A generator or coroutine is resumed, except by throw().";
    2 PyReturn PY_RETURN Local Value "A function is about to return.";
    3 PyYield PY_YIELD Local Value "A function is about to yield.";
    4 Call CALL Local Call "A call is about to be made.";
    5 Line LINE Local None "An instruction of another line is about to run.";
    6 Instruction INSTRUCTION Local None "An instruction is about to run.";
    7 Jump JUMP Local Destination "An unconditional jump is made.";
    8 BranchLeft BRANCH_LEFT Local Destination "A branch falls through, or a loop head produced an item.";
    9 BranchRight BRANCH_RIGHT Local Destination "A branch is taken, or a loop is exhausted.";
    10 StopIteration STOP_ITERATION Local Exception "An artificial StopIteration is raised.";
    11 Raise RAISE Other Exception "An exception is raised, except one that causes STOP_ITERATION.";
    12 ExceptionHandled EXCEPTION_HANDLED Other Exception "An exception handler is entered.";
    13 PyUnwind PY_UNWIND Other Exception "A frame is left by an exception.";
    14 PyThrow PY_THROW Other Exception "A generator or coroutine is resumed by throw() or close().";
    15 Reraise RERAISE Other Exception "An exception is raised again.";
    16 CReturn C_RETURN Ancillary Call "A callable that is no function of the host's language has returned.";
    17 CRaise C_RAISE Ancillary Call "A callable that is no function of the host's language has raised.";
    18 Branch BRANCH Derived Destination "Both sides of a branch: BRANCH_LEFT and BRANCH_RIGHT.";
}

/// The size of tables by event.
pub(super) const EVENT_COUNT: usize = Event::ALL.len();

impl Event {
    /// The event at bit position `bit`, or None beyond the last.
    pub fn from_bit(bit: u32) -> Option<Event> {
        Event::ALL.get(bit as usize).copied()
    }

    /// The event whose bit `mask` is, or None if it is no single bit or none of an event.
    pub fn of_bit(mask: u32) -> Option<Event> {
        if mask.is_power_of_two() { Event::from_bit(mask.trailing_zeros()) } else { None }
    }

    /// The event of this name, in the documented upper-case spelling.
    pub fn from_name(name: &str) -> Option<Event> {
        Event::ALL.iter().copied().find(|e| e.name() == name)
    }

    /// The set of this event alone; BRANCH stays its own bit (see [`EventSet::expand_branch`]).
    pub const fn set(self) -> EventSet {
        EventSet(1 << self as u8)
    }

    /// Whether a callback may return DISABLE for it.
    pub const fn can_disable(self) -> bool {
        matches!(self.group(), Group::Local | Group::Derived)
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of events: bit n is the event whose value is n.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct EventSet(pub u32);

impl EventSet {
    /// No event.
    pub const NO_EVENTS: EventSet = EventSet(0);
    /// Both sides of a branch, which is what BRANCH reads back as.
    pub const BRANCHES: EventSet = EventSet(Self::BRANCH_LEFT.0 | Self::BRANCH_RIGHT.0);
    /// The events that follow CALL.
    pub const ANCILLARY: EventSet = Self::of_group(Group::Ancillary);
    /// The events that are armed per location.
    pub const LOCAL: EventSet = Self::of_group(Group::Local);
    /// The events that are set globally only.
    pub const OTHER: EventSet = Self::of_group(Group::Other);
    /// The events that come with an exception, which must be given.
    pub const EXCEPTIONS: EventSet = Self::of_payload(PayloadKind::Exception);
    /// Every bit that has a meaning.
    pub const KNOWN: EventSet = EventSet((1 << Event::ALL.len()) - 1);

    const fn of_group(group: Group) -> EventSet {
        let (mut set, mut i) = (0, 0);
        while i < Event::ALL.len() {
            if Event::ALL[i].group() as u8 == group as u8 {
                set |= 1 << i;
            }
            i += 1;
        }
        EventSet(set)
    }

    const fn of_payload(payload: PayloadKind) -> EventSet {
        let (mut set, mut i) = (0, 0);
        while i < Event::ALL.len() {
            if Event::ALL[i].payload() as u8 == payload as u8 {
                set |= 1 << i;
            }
            i += 1;
        }
        EventSet(set)
    }

    /// Whether all events of `other` are in the set.
    pub const fn contains(self, other: EventSet) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any event of `other` is in the set.
    pub const fn intersects(self, other: EventSet) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether no event is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set with BRANCH replaced by its two sides.
    pub const fn expand_branch(self) -> EventSet {
        if self.0 & Self::BRANCH.0 == 0 {
            return self;
        }
        EventSet(self.0 & !Self::BRANCH.0 | Self::BRANCHES.0)
    }

    /// The set with C_RETURN and C_RAISE where CALL is in it, because they follow it.
    pub(super) const fn with_ancillary(self) -> EventSet {
        if self.contains(Self::CALL) { EventSet(self.0 | Self::ANCILLARY.0) } else { self }
    }

    /// The events in the order of their bits; bits without a meaning are skipped.
    pub fn iter(self) -> impl Iterator<Item = Event> {
        Event::ALL.iter().copied().filter(move |e| self.contains(e.set()))
    }

    /// The set of the named events; Err is the first name that is no event.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<EventSet, &'a str> {
        let mut set = EventSet::NO_EVENTS;
        for name in names {
            set |= Event::from_name(name).ok_or(name)?.set();
        }
        Ok(set)
    }
}

impl BitOr for EventSet {
    type Output = EventSet;
    fn bitor(self, other: EventSet) -> EventSet {
        EventSet(self.0 | other.0)
    }
}

impl BitOrAssign for EventSet {
    fn bitor_assign(&mut self, other: EventSet) {
        self.0 |= other.0;
    }
}

impl BitAnd for EventSet {
    type Output = EventSet;
    fn bitand(self, other: EventSet) -> EventSet {
        EventSet(self.0 & other.0)
    }
}

impl Not for EventSet {
    type Output = EventSet;
    fn not(self) -> EventSet {
        EventSet(!self.0)
    }
}

impl From<Event> for EventSet {
    fn from(event: Event) -> EventSet {
        event.set()
    }
}

impl FromIterator<Event> for EventSet {
    fn from_iter<I: IntoIterator<Item = Event>>(events: I) -> EventSet {
        events.into_iter().fold(EventSet::NO_EVENTS, |s, e| s | e.set())
    }
}
