//! What is armed: (global | local) & registered & ~disabled, shown as bytes, for idle and for running code.

use super::*;

#[test]
fn bytes_say_which_of_its_events_a_location_needs() {
    let bench = Bench::new(&[1]);
    let code = bench.code(vec![
        Location::new(0, 1, EventSet::PY_START),
        Location::new(2, 1, EventSet::LINE | EventSet::INSTRUCTION),
        Location::new(4, 1, EventSet::INSTRUCTION | EventSet::CALL),
        Location::new(6, 1, EventSet::INSTRUCTION | EventSet::BRANCH).branch(0, 1),
        Location::new(8, 1, EventSet::NO_EVENTS),
    ]);
    let armed = |events| {
        bench.monitor.clear_tool_id(1).unwrap();
        bench.watch(1, events);
        bench.monitor.renew(&code).unwrap();
        bytes(&code)
    };
    assert_eq!(armed(EventSet::NO_EVENTS), [0, 0, 0, 0, 0]);
    assert_eq!(armed(EventSet::PY_START), [4, 0, 0, 0, 0]);
    assert_eq!(armed(EventSet::LINE), [0, 1, 0, 0, 0]);
    assert_eq!(armed(EventSet::INSTRUCTION), [0, 2, 2, 2, 0]);
    assert_eq!(armed(EventSet::BRANCH_LEFT), [0, 0, 0, 4 | 16, 0]);
    assert_eq!(armed(EventSet::BRANCH_RIGHT), [0, 0, 0, 4 | 32, 0]);
    assert_eq!(armed(EventSet::BRANCH | EventSet::JUMP), [0, 0, 0, 4 | 16 | 32, 0]);
    assert_eq!(armed(EventSet::CALL), [0, 0, 4, 0, 0]);
    assert_eq!(armed(EventSet::CALL | EventSet::ANCILLARY), [0, 0, 12, 0, 0]);
    assert_eq!(armed(EventSet::LOCAL), [4, 3, 6, 6 | 16 | 32, 0]);
    assert_eq!(armed(EventSet::OTHER), [0, 0, 0, 0, 0]);
}

#[test]
fn an_event_without_callback_arms_nothing() {
    let bench = Bench::new(&[1]);
    let code = bench.code(three());
    bench.set(1, EventSet::LOCAL);
    bench.set_local(1, &code, EventSet::LOCAL);
    bench.monitor.renew(&code).unwrap();
    assert_eq!(bytes(&code), [0; 3]);
    bench.listen(1, EventSet::LINE, Action::CONTINUE);
    bench.monitor.renew(&code).unwrap();
    assert_eq!(bytes(&code), [armed::LINE; 3]);
    bench.register(1, Event::Line, None);
    bench.monitor.renew(&code).unwrap();
    assert_eq!(bytes(&code), [0; 3]);
}

#[test]
fn idle_code_waits_for_its_next_entry() {
    let bench = Bench::new(&[1]);
    let (m, code) = (&bench.monitor, bench.code(three()));
    assert_ne!(code.version(), m.version());
    m.renew(&code).unwrap();
    assert_eq!(code.version(), m.version());
    bench.watch(1, EventSet::LINE);
    assert_ne!(code.version(), m.version());
    assert_eq!(bytes(&code), [0; 3], "nothing touches code that is not running");
    m.enter(&bench.thread, &code).unwrap();
    assert_eq!(code.version(), m.version());
    assert_eq!(bytes(&code), [armed::LINE; 3]);
}

#[test]
fn running_code_is_renewed_at_once_in_every_live_frame() {
    let bench = Bench::new(&[1]);
    let m = &bench.monitor;
    let codes = [bench.code(three()), bench.code(three())];
    for code in [&codes[0], &codes[1], &codes[0]] {
        m.enter(&bench.thread, code).unwrap();
    }
    let other_thread = m.new_thread_state();
    let third = bench.code(three());
    m.enter(&other_thread, &third).unwrap();
    bench.watch(1, EventSet::LINE);
    for code in codes.iter().chain([&third]) {
        assert_eq!(bytes(code), [armed::LINE; 3]);
    }
    bench.set(1, EventSet::NO_EVENTS);
    for code in codes.iter().chain([&third]) {
        assert_eq!(bytes(code), [0; 3]);
    }
    assert_eq!(bench.thread.depth(), 3);
    assert!(Arc::ptr_eq(&m.exit(&bench.thread).unwrap(), &codes[0]));
    assert!(Arc::ptr_eq(&m.exit(&bench.thread).unwrap(), &codes[1]));
    bench.set(1, EventSet::LINE);
    assert_eq!(bytes(&codes[0]), [armed::LINE; 3]);
    assert_eq!(bytes(&codes[1]), [0; 3], "has been left");
    m.exit(&bench.thread);
    assert!(m.exit(&bench.thread).is_none());
}

#[test]
fn a_local_set_arms_its_code_at_once_and_no_other() {
    let bench = Bench::new(&[1]);
    let (code, other) = (bench.code(three()), bench.code(three()));
    bench.listen(1, EventSet::LINE, Action::CONTINUE);
    bench.monitor.enter(&bench.thread, &code).unwrap();
    let version = bench.monitor.version();
    bench.set_local(1, &code, EventSet::LINE);
    assert_eq!(bytes(&code), [armed::LINE; 3]);
    assert_eq!(bench.monitor.version(), version);
    bench.monitor.renew(&other).unwrap();
    assert_eq!(bytes(&other), [0; 3]);
    bench.set_local(1, &code, EventSet::NO_EVENTS);
    assert_eq!(bytes(&code), [0; 3]);
}

#[test]
fn a_change_costs_the_same_with_ten_thousand_idle_code_objects() {
    let bench = Bench::new(&[1]);
    bench.listen(1, EventSet::LINE, Action::CONTINUE);
    let cost = || {
        let batch = |_| {
            let start = std::time::Instant::now();
            for events in [EventSet::LINE, EventSet::NO_EVENTS].repeat(100) {
                bench.set(1, events);
                bench.monitor.restart_events();
            }
            start.elapsed()
        };
        (0..20).map(batch).min().unwrap()
    };
    let alone = cost();
    let codes: Vec<_> = (0..10_000).map(|_| bench.code(three())).collect();
    for code in &codes {
        bench.monitor.renew(code).unwrap();
    }
    let crowded = cost();
    assert!(crowded < alone * 10, "{alone:?} alone, {crowded:?} with idle code");
}

#[test]
fn a_set_that_stays_the_same_makes_nothing_stale() {
    let bench = Bench::new(&[1]);
    bench.watch(1, EventSet::LINE);
    let version = bench.monitor.version();
    bench.set(1, EventSet::LINE);
    assert_eq!(bench.monitor.version(), version);
}

#[test]
fn global_events_are_those_with_callback() {
    let bench = Bench::new(&[1, 2]);
    let m = &bench.monitor;
    bench.set(1, EventSet::RAISE | EventSet::LINE | EventSet::CALL);
    assert!(m.global_events().is_empty());
    bench.listen(1, EventSet::RAISE | EventSet::C_RETURN, Action::CONTINUE);
    assert_eq!(m.global_events(), EventSet::RAISE | EventSet::C_RETURN);
    assert!(m.wants(Event::Raise) && !m.wants(Event::Line));
    m.free_tool_id(1).unwrap();
    assert!(m.global_events().is_empty());
}

#[test]
fn arming_lines_adds_no_memory_and_disabling_two_bytes_a_location() {
    // What a registration holds for monitoring, beside the table of locations.
    assert!(size_of::<Code>() <= 256, "{}", size_of::<Code>());
    let bench = Bench::new(&[1]);
    let code = bench.code(three());
    bench.watch(1, EventSet::LINE);
    bench.monitor.renew(&code).unwrap();
    assert!(!code.any_disabled(), "arming must not make the tables");
}

#[test]
fn a_freed_code_leaves_nothing_behind_in_any_order() {
    let bench = Bench::new(&[1]);
    bench.watch(1, EventSet::LINE);
    let codes: Vec<_> = (0..4).map(|_| bench.code(three())).collect();
    let weak: Vec<_> = codes.iter().map(Arc::downgrade).collect();
    for code in &codes {
        bench.set_local(1, code, EventSet::CALL);
        bench.fire(code, 0, Event::Line).unwrap();
        bench.monitor.enter(&bench.thread, code).unwrap();
    }
    for order in [2, 0, 3, 1] {
        drop(bench.monitor.exit(&bench.thread));
        assert!(weak[order].upgrade().is_some());
    }
    let mut codes: Vec<_> = codes.into_iter().map(Some).collect();
    for order in [2, 0, 3, 1] {
        codes[order] = None;
        assert!(weak[order].upgrade().is_none());
        bench.monitor.restart_events();
    }
    // Also after its monitor, and a thread state after both.
    let Bench { monitor, thread, .. } = Bench::new(&[]);
    let code = (monitor.register_code(spec(three(), ptr::null_mut(), Arming::Bytes))).unwrap();
    monitor.enter(&thread, &code).unwrap();
    drop(monitor);
    drop(code);
    drop(thread);
}
