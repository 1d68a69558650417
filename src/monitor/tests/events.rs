//! Section 1: the list of events.

use super::*;

const TABLE: [(u32, &str); 19] = [
    (1, "PY_START"),
    (2, "PY_RESUME"),
    (4, "PY_RETURN"),
    (8, "PY_YIELD"),
    (16, "CALL"),
    (32, "LINE"),
    (64, "INSTRUCTION"),
    (128, "JUMP"),
    (256, "BRANCH_LEFT"),
    (512, "BRANCH_RIGHT"),
    (1024, "STOP_ITERATION"),
    (2048, "RAISE"),
    (4096, "EXCEPTION_HANDLED"),
    (8192, "PY_UNWIND"),
    (16384, "PY_THROW"),
    (32768, "RERAISE"),
    (65536, "C_RETURN"),
    (131072, "C_RAISE"),
    (262144, "BRANCH"),
];

#[test]
fn names_and_numbers_are_those_of_3_14() {
    assert_eq!(Event::ALL.len(), TABLE.len());
    for (bit, (mask, name)) in TABLE.into_iter().enumerate() {
        let event = Event::from_name(name).unwrap();
        assert_eq!((event as usize, event.name()), (bit, name));
        assert_eq!(event.set(), EventSet(mask));
        assert_eq!(Event::from_bit(bit as u32), Some(event));
    }
    assert_eq!(Event::from_bit(19), None);
    assert_eq!(Event::from_name("line"), None);
    assert_eq!(EventSet::NO_EVENTS.0, 0);
}

#[test]
fn groups_divide_the_bits() {
    assert_eq!(EventSet::LOCAL.0, 0x7ff);
    assert_eq!(EventSet::OTHER.0, 0xf800);
    assert_eq!(EventSet::ANCILLARY.0, 0x30000);
    assert_eq!(EventSet::KNOWN.0, 0x7ffff);
}

#[test]
fn only_events_with_a_location_can_be_disabled() {
    for event in Event::ALL {
        let expected = EventSet::LOCAL.contains(event.set()) || *event == Event::Branch;
        assert_eq!(event.can_disable(), expected, "{event}");
    }
}

#[test]
fn payloads_are_those_of_the_table() {
    let of = |kind| -> EventSet { (Event::ALL.iter().copied()).filter(|e| e.payload() == kind).collect() };
    assert_eq!(of(PayloadKind::Value), EventSet::PY_RETURN | EventSet::PY_YIELD);
    assert_eq!(of(PayloadKind::Call), EventSet::CALL | EventSet::C_RETURN | EventSet::C_RAISE);
    assert_eq!(of(PayloadKind::Destination), EventSet::JUMP | EventSet::BRANCHES | EventSet::BRANCH);
    assert_eq!(of(PayloadKind::Exception), EventSet::OTHER | EventSet::STOP_ITERATION);
}

#[test]
fn branch_stands_for_its_sides() {
    assert_eq!(EventSet::BRANCH.expand_branch(), EventSet(768));
    assert_eq!(EventSet::LINE.expand_branch(), EventSet::LINE);
    let bench = Bench::new(&[2]);
    bench.set(2, EventSet::BRANCH);
    assert_eq!(bench.monitor.get_events(2), Ok(EventSet(768)));
    let code = bench.code(three());
    bench.set_local(2, &code, EventSet::BRANCH | EventSet::LINE);
    assert_eq!(bench.monitor.get_local_events(2, &code), Ok(EventSet(768 + 32)));
}

#[test]
fn sets_parse_from_names() {
    assert_eq!(EventSet::from_names(["LINE", "CALL"]), Ok(EventSet::LINE | EventSet::CALL));
    assert_eq!(EventSet::from_names(["LINE", "LINES"]), Err("LINES"));
    let names: Vec<_> = EventSet(0x21).iter().map(Event::name).collect();
    assert_eq!(names, ["PY_START", "LINE"]);
}
