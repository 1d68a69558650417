//! A location: a place in a code object where events can occur.

use super::error::MonitorError;
use super::events::EventSet;

/// No location: the destination of an instruction that has none.
pub const NO_LOCATION: u32 = u32::MAX;
/// No offset: the destination offset in a record without destination.
pub const NO_OFFSET: u32 = u32::MAX;
/// No line, as CPython's `co_lines` has None; any negative line means the same.
pub const NO_LINE: i32 = -1;

/// One place in a code object, normally one instruction.
///
/// Destinations are indexes into the same table of locations ([`NO_LOCATION`] for none), so that their line is known
/// too; a destination where nothing can occur is a location with an empty set.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// The instruction's offset, in the host's own units.
    pub offset: u32,
    /// The line, or negative for none.
    pub line: i32,
    /// Which local events can occur here.  BRANCH counts as its two sides; events of other groups are ignored.
    pub events: EventSet,
    /// Where BRANCH_LEFT continues.
    pub left: u32,
    /// Where BRANCH_RIGHT continues.
    pub right: u32,
    /// Where JUMP continues; of a location without JUMP, where it leads to if it does nothing else.
    pub jump: u32,
}

impl Location {
    /// A location without destinations.
    pub const fn new(offset: u32, line: i32, events: EventSet) -> Location {
        Location { offset, line, events, left: NO_LOCATION, right: NO_LOCATION, jump: NO_LOCATION }
    }

    /// The same location with the destinations of a branch.
    pub const fn branch(self, left: u32, right: u32) -> Location {
        Location { left, right, ..self }
    }

    /// The same location with the destination of a jump.
    pub const fn jump(self, jump: u32) -> Location {
        Location { jump, ..self }
    }
}

/// Checks a table and brings its event sets into the form that arming wants.
pub(super) fn check(locations: &mut [Location]) -> Result<(), MonitorError> {
    let count = locations.len();
    for i in 1..count {
        if locations[i - 1].offset > locations[i].offset {
            return Err(MonitorError::WrongOrder(locations[i].offset));
        }
    }
    for location in locations {
        for to in [location.left, location.right, location.jump] {
            if to != NO_LOCATION && to as usize >= count {
                return Err(MonitorError::NoSuchLocation(to));
            }
        }
        location.events = (location.events.expand_branch() & EventSet::LOCAL).with_ancillary();
    }
    Ok(())
}
