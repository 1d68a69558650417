//! Section 2: tool ids and event sets.

use super::*;

#[test]
fn ids_outside_0_to_5_are_refused_by_every_function() {
    let bench = Bench::new(&[]);
    let m = &bench.monitor;
    let code = bench.code(three());
    for id in [-1, 6, i32::MIN, i32::MAX] {
        let error = MonitorError::InvalidTool(id);
        assert_eq!(m.use_tool_id(id, "x"), Err(error.clone()));
        assert_eq!(m.get_tool(id), Err(error.clone()));
        assert_eq!(m.free_tool_id(id), Err(error.clone()));
        assert_eq!(m.clear_tool_id(id), Err(error.clone()));
        assert_eq!(m.set_events(id, 0), Err(error.clone()));
        assert_eq!(m.get_events(id), Err(error.clone()));
        assert_eq!(m.set_local_events(id, &code, 0), Err(error.clone()));
        assert_eq!(m.get_local_events(id, &code), Err(error.clone()));
        assert_eq!(m.register_callback(id, 1, None), Err(error));
    }
}

#[test]
fn a_name_is_held_until_it_is_freed() {
    let bench = Bench::new(&[]);
    let m = &bench.monitor;
    assert_eq!(m.get_tool(0), Ok(None));
    m.use_tool_id(0, "debugger").unwrap();
    assert_eq!(m.use_tool_id(0, "other"), Err(MonitorError::ToolInUse(0)));
    m.clear_tool_id(0).unwrap();
    assert_eq!(m.get_tool(0), Ok(Some("debugger".into())));
    m.free_tool_id(0).unwrap();
    assert_eq!(m.get_tool(0), Ok(None));
    m.use_tool_id(0, "other").unwrap();
}

#[test]
fn sets_need_a_tool_in_use_and_the_rest_does_not() {
    let bench = Bench::new(&[]);
    let m = &bench.monitor;
    let code = bench.code(three());
    assert_eq!(m.set_events(3, 32), Err(MonitorError::ToolNotInUse(3)));
    assert_eq!(m.set_local_events(3, &code, 32), Err(MonitorError::ToolNotInUse(3)));
    assert_eq!(m.get_events(3), Ok(EventSet(0)));
    assert_eq!(m.get_local_events(3, &code), Ok(EventSet(0)));
    assert_eq!(m.free_tool_id(3), Ok(()));
    assert_eq!(m.clear_tool_id(3), Ok(()));
}

#[test]
fn a_callback_registered_before_the_id_is_used_is_stored() {
    let bench = Bench::new(&[]);
    bench.listen(3, EventSet::LINE, Action::CONTINUE);
    bench.monitor.use_tool_id(3, "late").unwrap();
    bench.set(3, EventSet::LINE);
    let code = bench.code(three());
    bench.fire(&code, 0, Event::Line).unwrap();
    assert_eq!(bench.seen(), [(3, Event::Line, 0)]);
}

#[test]
fn unknown_bits_are_refused() {
    let bench = Bench::new(&[0]);
    let m = &bench.monitor;
    assert_eq!(m.set_events(0, 0x80000), Err(MonitorError::InvalidEventSet(0x80000)));
    assert_eq!(m.set_events(0, -1), Err(MonitorError::InvalidEventSet(0xffff_ffff)));
    // The set is checked before the tool is.
    assert_eq!(m.set_events(3, 0x80000), Err(MonitorError::InvalidEventSet(0x80000)));
    assert_eq!(m.get_events(0), Ok(EventSet(0)));
}

#[test]
fn masks_beyond_a_c_int_overflow() {
    let bench = Bench::new(&[0]);
    let m = &bench.monitor;
    let code = bench.code(three());
    for mask in [1 << 31, 1 << 40, i64::MIN] {
        assert_eq!(m.set_events(0, mask), Err(MonitorError::IntTooLarge));
        assert_eq!(m.set_local_events(0, &code, mask), Err(MonitorError::IntTooLarge));
        assert_eq!(m.register_callback(0, mask, None), Err(MonitorError::IntTooLarge));
    }
}

#[test]
fn ancillary_events_come_with_call_and_are_not_stored() {
    let bench = Bench::new(&[0]);
    let m = &bench.monitor;
    let code = bench.code(three());
    let (call, ret, raise) = (EventSet::CALL, EventSet::C_RETURN, EventSet::C_RAISE);
    for alone in [ret, raise, ret | raise, call | ret, call | raise] {
        assert_eq!(m.set_events(0, mask(alone)), Err(MonitorError::AncillaryAlone));
        assert_eq!(m.set_local_events(0, &code, mask(alone)), Err(MonitorError::AncillaryAlone));
    }
    bench.set(0, call | ret | raise);
    assert_eq!(m.get_events(0), Ok(call));
    bench.set_local(0, &code, call | ret | raise);
    assert_eq!(m.get_local_events(0, &code), Ok(call));
}

#[test]
fn other_events_cannot_be_local() {
    let bench = Bench::new(&[0]);
    let m = &bench.monitor;
    let code = bench.code(three());
    for event in EventSet::OTHER.iter() {
        assert_eq!(
            m.set_local_events(0, &code, mask(event.set())),
            Err(MonitorError::InvalidLocalEventSet(event.set().0))
        );
    }
    assert_eq!(m.set_local_events(0, &code, 0x80000), Err(MonitorError::InvalidLocalEventSet(0x80000)));
}

#[test]
fn callbacks_are_for_one_event() {
    let bench = Bench::new(&[0]);
    let m = &bench.monitor;
    for mask in [0, 3, 768, -1] {
        assert_eq!(m.register_callback(0, mask, None), Err(MonitorError::NotOneEvent));
    }
    assert_eq!(m.register_callback(0, 33554432, None), Err(MonitorError::InvalidEvent(33554432)));
}

#[test]
fn clear_and_free_leave_nothing_whether_or_not_code_ran() {
    for free in [false, true] {
        for ran in [false, true] {
            let bench = Bench::new(&[1]);
            let m = &bench.monitor;
            let code = bench.code(three());
            bench.listen(1, EventSet::LINE, Action::DISABLE);
            bench.listen(1, EventSet::BRANCH, Action::CONTINUE);
            bench.set(1, EventSet::LINE);
            bench.set_local(1, &code, EventSet::CALL | EventSet::LINE);
            bench.fire(&code, 0, Event::Line).unwrap();
            assert_eq!(bench.seen(), [(1, Event::Line, 0)]);
            if free {
                m.free_tool_id(1).unwrap();
                m.use_tool_id(1, "again").unwrap();
            } else {
                m.clear_tool_id(1).unwrap();
            }
            if ran {
                m.renew(&code).unwrap();
                assert_eq!(bytes(&code), [0, 0, 0]);
                bench.fire(&code, 1, Event::Line).unwrap();
            }
            assert_eq!(m.get_events(1), Ok(EventSet(0)));
            assert_eq!(m.get_local_events(1, &code), Ok(EventSet(0)));
            for event in Event::ALL {
                assert!(bench.register(1, *event, None).is_none(), "{event}");
            }
            // Neither the local set nor the disabled location comes back with new global ones.
            bench.watch(1, EventSet::LINE);
            m.renew(&code).unwrap();
            assert_eq!(bytes(&code), [armed::LINE; 3]);
            bench.fire(&code, 0, Event::Line).unwrap();
            bench.fire(&code, 0, Event::Call).unwrap();
            assert_eq!(bench.seen(), [(1, Event::Line, 0)]);
        }
    }
}

#[test]
fn clearing_one_tool_leaves_the_others() {
    let bench = Bench::new(&[1, 2]);
    let code = bench.code(three());
    bench.listen(2, EventSet::LINE, Action::DISABLE);
    bench.set(2, EventSet::LINE);
    bench.set_local(2, &code, EventSet::CALL);
    bench.fire(&code, 0, Event::Line).unwrap();
    bench.monitor.clear_tool_id(1).unwrap();
    assert_eq!(bench.monitor.get_events(2), Ok(EventSet::LINE));
    assert_eq!(bench.monitor.get_local_events(2, &code), Ok(EventSet::CALL));
    bench.seen();
    bench.fire(&code, 0, Event::Line).unwrap();
    assert_eq!(bench.seen(), [], "still disabled");
}

#[test]
fn monitors_are_isolated() {
    let (a, b) = (Bench::new(&[0]), Bench::new(&[]));
    a.watch(0, EventSet::LINE | EventSet::RAISE);
    assert_eq!(b.monitor.get_tool(0), Ok(None));
    assert_eq!(b.monitor.get_events(0), Ok(EventSet(0)));
    assert!(a.monitor.wants(Event::Raise) && !b.monitor.wants(Event::Raise));
    let code = b.code(three());
    b.fire(&code, 0, Event::Line).unwrap();
    assert_eq!(a.seen(), []);
}
