//! Section 6: code of other hosts, and calls that are wrong.

use super::*;

#[test]
fn exception_events_need_an_exception() {
    let bench = Bench::new(&[1]);
    let code = bench.code(three());
    for event in EventSet::OTHER.iter() {
        let error = (bench.monitor).fire_other(&bench.thread, &code, 0, event, &Payload::NONE).unwrap_err();
        let text = format!("Firing event {} with no exception set", event as u8);
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::Value, text));
    }
    let stop = Event::StopIteration;
    let error = (bench.monitor).fire(&bench.thread, &code, 0, stop, &Payload::NONE).unwrap_err();
    assert_eq!(error, MonitorError::NoException(stop).into());
}

#[test]
fn locations_are_found_by_offset() {
    let bench = Bench::new(&[]);
    let offsets = [0, 4, 4, 9];
    let code = bench.code(offsets.map(|offset| Location::new(offset, 1, EventSet::LINE)).to_vec());
    assert_eq!(code.location_at(0), Ok(0));
    assert_eq!(code.location_at(4), Ok(1));
    assert_eq!(code.location_at(9), Ok(3));
    assert_eq!(code.location_at(5), Err(MonitorError::NoLocationAt(5)));
    assert_eq!(code.location_at(10), Err(MonitorError::NoLocationAt(10)));
    assert_eq!(code.location_at(-1), Err(MonitorError::NegativeOffset));
    assert!(code.location_at(i64::MAX).is_err());
}

#[test]
fn a_registration_keeps_what_it_was_told() {
    let bench = Bench::new(&[]);
    let host = 0x50 as *mut c_void;
    let code = (bench.monitor).register_code(spec(three(), host, Arming::Bytes)).unwrap();
    assert_eq!((code.name(), code.qualified_name(), code.file()), ("f", "C.f", "script.py"));
    assert_eq!((code.first_line(), code.host()), (10, host));
    assert_eq!(code.locations()[1].line, 12);
    assert!(code.locations()[1].events.contains(EventSet::C_RETURN));
}

#[test]
fn tables_that_contradict_themselves_are_refused() {
    let bench = Bench::new(&[]);
    let register = |locations| {
        let spec = spec(locations, ptr::null_mut(), Arming::Bytes);
        bench.monitor.register_code(spec).map(|_| ())
    };
    let at = |offset| Location::new(offset, 1, EventSet::BRANCH);
    assert_eq!(register(vec![at(4), at(2)]), Err(MonitorError::WrongOrder(2)));
    assert_eq!(register(vec![at(0), at(2).branch(0, 2)]), Err(MonitorError::NoSuchLocation(2)));
    assert_eq!(register(vec![at(0).jump(7)]), Err(MonitorError::NoSuchLocation(7)));
    assert_eq!(register(vec![]), Ok(()));
    assert_eq!(register(vec![at(u32::MAX)]), Ok(()));
}

#[test]
fn a_location_beyond_the_table_is_refused() {
    let bench = Bench::new(&[1]);
    let code = bench.code(three());
    bench.watch(1, EventSet::LOCAL | EventSet::OTHER);
    for event in [Event::Line, Event::Raise] {
        for location in [3, u32::MAX] {
            assert_eq!(bench.fire(&code, location, event), Err(MonitorError::NoSuchLocation(location).into()));
        }
    }
    assert!(bench.monitor.ancillary_tools(&code, 3).is_err());
    let beyond = Payload::destination(17);
    (bench.monitor).fire(&bench.thread, &code, 0, Event::Jump, &beyond).unwrap();
    assert_eq!(bench.seen().len(), 1);
}

#[test]
fn every_event_has_its_own_call() {
    let bench = Bench::new(&[1]);
    let code = bench.code(three());
    let value = Payload::value(token());
    let Bench { monitor, thread, .. } = &bench;
    for event in Event::ALL.iter().copied() {
        let wrong = Err(MonitorError::WrongGroup(event).into());
        let group = event.group();
        let fired = monitor.fire(thread, &code, 0, event, &value);
        assert_eq!(fired == wrong, group != Group::Local, "{event}");
        let fired = monitor.fire_other(thread, &code, 0, event, &value);
        assert_eq!(fired == wrong, group != Group::Other, "{event}");
        let fired = monitor.fire_ancillary(thread, &code, 0, event, &value, ToolSet::NONE);
        assert_eq!(fired == wrong, group != Group::Ancillary, "{event}");
    }
}

#[test]
fn code_and_threads_of_another_monitor_are_refused() {
    let (a, b) = (Bench::new(&[1]), Bench::new(&[1]));
    let (mine, foreign) = (a.code(three()), b.code(three()));
    a.watch(1, EventSet::LOCAL);
    let m = &a.monitor;
    let wrong = MonitorError::WrongMonitor;
    assert_eq!(a.fire(&foreign, 0, Event::Line), Err(wrong.clone().into()));
    assert_eq!(m.fire(&b.thread, &mine, 0, Event::Line, &Payload::NONE), Err(wrong.clone().into()));
    assert_eq!(m.set_local_events(1, &foreign, 32), Err(wrong.clone()));
    assert_eq!(m.get_local_events(1, &foreign), Err(wrong.clone()));
    assert_eq!(m.renew(&foreign), Err(wrong.clone()));
    assert_eq!(m.disarm(&foreign), Err(wrong.clone()));
    assert_eq!(m.enter(&a.thread, &foreign), Err(wrong.clone()));
    assert_eq!(m.enter(&b.thread, &mine), Err(wrong.clone()));
    assert!(m.exit(&b.thread).is_none());
    assert_eq!(m.ancillary_tools(&foreign, 0), Err(wrong));
    assert_eq!(a.seen(), []);
}

/// A little template engine: statements on lines, a loop, run through armed bytes as the header's inline test does.
#[test]
fn an_interpreter_that_tests_bytes_gets_every_event_in_order() {
    let bench = Bench::new(&[1]);
    let line = EventSet::LINE;
    let code = bench.code(vec![
        Location::new(0, 1, EventSet::PY_START),
        Location::new(1, 2, line | EventSet::INSTRUCTION | EventSet::BRANCH).branch(2, 3),
        Location::new(2, 3, line | EventSet::INSTRUCTION | EventSet::CALL),
        Location::new(3, 4, line | EventSet::INSTRUCTION | EventSet::PY_RETURN),
    ]);
    let step = |location: u32, event| {
        let byte = code.armed()[location as usize].load(Ordering::Acquire);
        for (bit, event) in
            [(armed::LINE, Event::Line), (armed::INSTRUCTION, Event::Instruction), (armed::EVENT, event)]
        {
            if byte & bit != 0 {
                bench.fire(&code, location, event).unwrap();
            }
        }
    };
    let run = || {
        bench.monitor.enter(&bench.thread, &code).unwrap();
        step(0, Event::PyStart);
        for turn in 0..2 {
            let side = [Event::BranchLeft, Event::BranchRight][turn];
            step(1, side);
            if side == Event::BranchLeft {
                step(2, Event::Call);
            }
        }
        step(3, Event::PyReturn);
        bench.monitor.exit(&bench.thread);
        bench.seen().iter().map(|s| (s.1, s.2)).collect::<Vec<_>>()
    };
    assert_eq!(run(), []);
    bench.watch(1, EventSet::LINE | EventSet::BRANCH);
    let expected = [
        (Event::Line, 1),
        (Event::BranchLeft, 1),
        (Event::Line, 2),
        (Event::Line, 1),
        (Event::BranchRight, 1),
        (Event::Line, 3),
    ];
    assert_eq!(run(), expected);
    bench.set(1, EventSet::NO_EVENTS);
    assert_eq!(run(), []);
    bench.monitor.clear_tool_id(1).unwrap();
    bench.watch(1, EventSet::PY_START | EventSet::INSTRUCTION | EventSet::CALL);
    let expected = [
        (Event::PyStart, 0),
        (Event::Instruction, 1),
        (Event::Instruction, 2),
        (Event::Call, 2),
        (Event::Instruction, 1),
        (Event::Instruction, 3),
    ];
    assert_eq!(run(), expected);
}
