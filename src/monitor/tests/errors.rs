//! Section 2 and 6: the exact texts and the kinds of exception.

use super::*;

#[test]
fn texts_and_kinds_are_exact() {
    use ErrorKind::{Host, Overflow, Type, Value};
    let table: [(MonitorError, ErrorKind, &str); 17] = [
        (MonitorError::InvalidTool(6), Value, "invalid tool 6 (must be between 0 and 5)"),
        (MonitorError::InvalidTool(-1), Value, "invalid tool -1 (must be between 0 and 5)"),
        (MonitorError::NameNotText, Value, "tool name must be a str"),
        (MonitorError::ToolInUse(0), Value, "tool 0 is already in use"),
        (MonitorError::ToolNotInUse(3), Value, "tool 3 is not in use"),
        (MonitorError::NotOneEvent, Value, "The callback can only be set for one event at a time"),
        (MonitorError::InvalidEvent(33554432), Value, "invalid event 33554432"),
        (MonitorError::InvalidEventSet(0xabc80000), Value, "invalid event set 0xabc80000"),
        (MonitorError::AncillaryAlone, Value, "cannot set C_RETURN or C_RAISE events independently"),
        (MonitorError::InvalidLocalEventSet(0x800), Value, "invalid local event set 0x800"),
        (MonitorError::NotCode, Type, "code must be a code object"),
        (MonitorError::IntTooLarge, Overflow, "Python int too large to convert to C int"),
        (MonitorError::NoException(Event::Raise), Value, "Firing event 11 with no exception set"),
        (MonitorError::NegativeOffset, Value, "offset must be non-negative"),
        (MonitorError::NoSuchLocation(7), Value, "code object has no location 7"),
        (MonitorError::NoLocationAt(8), Value, "code object has no location at offset 8"),
        (MonitorError::Refused("no".into()), Host, "no"),
    ];
    for (error, kind, text) in table {
        assert_eq!((error.kind(), error.to_string().as_str()), (kind, text));
    }
}

#[test]
fn what_stops_a_firing_says_so() {
    let cannot = FireError::CannotDisable { tool: 2, event: Event::Raise };
    assert_eq!(
        (cannot.kind(), cannot.to_string().as_str()),
        (ErrorKind::Value, "Cannot disable RAISE events. Callback removed.")
    );
    let failed = |action| FireError::Callback { tool: 2, event: Event::Line, action };
    assert_eq!(failed(2).to_string(), "callback of tool 2 for LINE failed");
    assert_eq!(failed(-7).to_string(), "callback of tool 2 for LINE returned the unknown action -7");
    assert_eq!(failed(2).kind(), ErrorKind::Host);
}
