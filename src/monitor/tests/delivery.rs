//! Section 3: who is called, in which order, and when nobody is.

use std::sync::atomic::AtomicU32;

use super::*;

#[test]
fn an_event_runs_where_it_is_set_globally_or_locally_and_once() {
    let bench = Bench::new(&[1]);
    let (code, other) = (bench.code(three()), bench.code(three()));
    bench.listen(1, EventSet::LINE | EventSet::CALL, Action::CONTINUE);
    bench.set(1, EventSet::LINE);
    bench.set_local(1, &code, EventSet::LINE | EventSet::CALL);
    for code in [&code, &other] {
        bench.fire(code, 0, Event::Line).unwrap();
        bench.fire(code, 1, Event::Call).unwrap();
    }
    assert_eq!(bench.seen(), [(1, Event::Line, 0), (1, Event::Call, 1), (1, Event::Line, 0)]);
    // Local events do not mask global ones, and stay when those go.
    bench.set_local(1, &code, EventSet::NO_EVENTS);
    bench.fire(&code, 0, Event::Line).unwrap();
    assert_eq!(bench.seen().len(), 1);
    bench.set_local(1, &code, EventSet::LINE);
    bench.set(1, EventSet::NO_EVENTS);
    bench.fire(&code, 0, Event::Line).unwrap();
    bench.fire(&other, 0, Event::Line).unwrap();
    assert_eq!(bench.seen().len(), 1);
}

#[test]
fn the_highest_tool_comes_first() {
    let bench = Bench::new(&[0, 1, 2, 3, 4, 5]);
    let code = bench.code(three());
    for tool in [3, 0, 5, 1, 4, 2] {
        bench.watch(tool, EventSet::LINE | EventSet::RAISE);
    }
    bench.fire(&code, 1, Event::Line).unwrap();
    let tools: Vec<_> = bench.seen().iter().map(|s| s.0).collect();
    assert_eq!(tools, [5, 4, 3, 2, 1, 0]);
    bench.fire(&code, 1, Event::Raise).unwrap();
    let tools: Vec<_> = bench.seen().iter().map(|s| s.0).collect();
    assert_eq!(tools, [5, 4, 3, 2, 1, 0]);
}

#[test]
fn an_event_without_callback_calls_nobody_and_a_callback_without_event_neither() {
    let bench = Bench::new(&[1, 2]);
    let code = bench.code(three());
    bench.set(1, EventSet::LINE | EventSet::RAISE);
    bench.listen(2, EventSet::LINE | EventSet::RAISE, Action::CONTINUE);
    assert!(bench.monitor.global_events().is_empty());
    bench.fire(&code, 0, Event::Line).unwrap();
    bench.fire(&code, 0, Event::Raise).unwrap();
    assert_eq!(bench.seen(), []);
}

#[test]
fn while_a_callback_runs_no_event_of_any_tool_fires_on_its_thread() {
    let bench = Bench::new(&[1, 2]);
    let code = bench.code(three());
    bench.watch(2, EventSet::CALL | EventSet::RAISE);
    bench.set(1, EventSet::LINE);
    let count = Arc::new(AtomicU32::new(0));
    let (monitor, inner, n) = (Arc::clone(&bench.monitor), Arc::clone(&code), Arc::clone(&count));
    let callback = Callback::from_fn(move |record| {
        n.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the record's thread state lives for the call, and this is its thread.
        let thread = unsafe { &*record.thread() };
        assert!(thread.in_callback());
        let value = Payload::value(token());
        for event in [Event::Line, Event::Call] {
            monitor.fire(thread, &inner, 1, event, &value).unwrap();
        }
        (monitor.fire_other(thread, &inner, 1, Event::Raise, &value)).unwrap();
        // Another thread of the same monitor is not affected.
        let other = monitor.new_thread_state();
        monitor.fire(&other, &inner, 2, Event::Call, &Payload::NONE).unwrap();
        Action::CONTINUE
    });
    bench.register(1, Event::Line, Some(callback));
    bench.fire(&code, 0, Event::Line).unwrap();
    assert_eq!(count.load(Ordering::Relaxed), 1);
    assert_eq!(bench.seen(), [(2, Event::Call, 2)]);
    assert!(!bench.thread.in_callback());
    bench.monitor.clear_tool_id(1).unwrap();
}

#[test]
fn a_failing_callback_stops_lower_tools_and_stays() {
    let bench = Bench::new(&[1, 2, 3]);
    let code = bench.code(three());
    for (tool, action) in [(1, 0), (2, 2), (3, 0)] {
        bench.listen(tool, EventSet::LINE, Action(action));
        bench.set(tool, EventSet::LINE);
    }
    for _ in 0..2 {
        let error = bench.fire(&code, 0, Event::Line).unwrap_err();
        assert_eq!(error, FireError::Callback { tool: 2, event: Event::Line, action: 2 });
        assert_eq!(bench.seen(), [(3, Event::Line, 0), (2, Event::Line, 0)]);
    }
    assert!(!bench.thread.in_callback());
}

#[test]
fn an_unknown_action_counts_as_an_error_and_a_panic_too() {
    let bench = Bench::new(&[1]);
    let code = bench.code(three());
    bench.set(1, EventSet::LINE);
    for action in [-1, 3, i32::MAX] {
        bench.listen(1, EventSet::LINE, Action(action));
        let error = bench.fire(&code, 0, Event::Line).unwrap_err();
        let event = Event::Line;
        assert_eq!(error, FireError::Callback { tool: 1, event, action });
    }
    let panics = Callback::from_fn(|_| panic!("a callback that panics, on purpose"));
    bench.register(1, Event::Line, Some(panics));
    let error = bench.fire(&code, 0, Event::Line).unwrap_err();
    assert!(matches!(error, FireError::Callback { action: 2, .. }));
}

/// Fires LINE to the tools 3, which makes the change, 2 and 1; then once more.  What those below 3 were told.
fn told_after(change: fn(&Monitor, &Code), local: bool) -> [Vec<Seen>; 2] {
    let bench = Bench::new(&[1, 2, 3]);
    let code = bench.code(three());
    for tool in [1, 2, 3] {
        bench.listen(tool, EventSet::LINE, Action::CONTINUE);
        match local {
            true => bench.set_local(tool, &code, EventSet::LINE),
            false => bench.set(tool, EventSet::LINE),
        }
    }
    let monitor = Arc::clone(&bench.monitor);
    let callback = Callback::from_fn(move |record| {
        change(&monitor, record.code());
        Action::CONTINUE
    });
    bench.register(3, Event::Line, Some(callback));
    let told = [0, 0].map(|location| {
        bench.fire(&code, location, Event::Line).unwrap();
        bench.seen()
    });
    bench.monitor.clear_tool_id(3).unwrap();
    told
}

#[test]
fn a_set_that_a_higher_tool_changes_counts_from_the_next_event_on() {
    let (both, lower) = (vec![(2, Event::Line, 0), (1, Event::Line, 0)], vec![(1, Event::Line, 0)]);
    let global = told_after(|m, _| m.set_events(2, 0).unwrap(), false);
    assert_eq!(global, [both.clone(), lower.clone()]);
    let local = told_after(|m, code| m.set_local_events(2, code, 0).unwrap(), true);
    assert_eq!(local, [both.clone(), lower]);
    let switched_on = told_after(|m, _| m.set_events(1, mask(EventSet::LINE | EventSet::JUMP)).unwrap(), false);
    assert_eq!(switched_on, [both.clone(), both]);
}

#[test]
fn a_tool_that_a_higher_tool_frees_or_robs_of_its_callback_is_not_called_any_more() {
    let changes: [fn(&Monitor, &Code); 4] = [
        |m, _| m.free_tool_id(2).unwrap(),
        |m, _| m.clear_tool_id(2).unwrap(),
        |m, _| drop(m.register_callback(2, mask(EventSet::LINE), None).unwrap()),
        // A new owner of the id, who has not asked for the event.
        |m, _| {
            m.clear_tool_id(2).unwrap();
            let callback = Callback::from_fn(|_| Action::ERROR);
            m.register_callback(2, mask(EventSet::LINE), Some(callback)).unwrap();
        },
    ];
    for change in changes {
        for local in [false, true] {
            let lower = vec![(1, Event::Line, 0)];
            assert_eq!(told_after(change, local), [lower.clone(), lower]);
        }
    }
}

#[test]
fn a_callback_that_a_higher_tool_replaces_is_the_new_one_at_once() {
    let replace: fn(&Monitor, &Code) = |m, _| {
        let callback = Callback::from_fn(|_| Action::ERROR);
        m.register_callback(2, mask(EventSet::LINE), Some(callback)).unwrap();
    };
    let bench = Bench::new(&[1, 2, 3]);
    let code = bench.code(three());
    bench.watch(1, EventSet::LINE);
    bench.watch(2, EventSet::LINE);
    bench.set(3, EventSet::LINE);
    let monitor = Arc::clone(&bench.monitor);
    let callback = Callback::from_fn(move |record| {
        replace(&monitor, record.code());
        Action::CONTINUE
    });
    bench.register(3, Event::Line, Some(callback));
    let error = bench.fire(&code, 0, Event::Line).unwrap_err();
    assert_eq!(error, FireError::Callback { tool: 2, event: Event::Line, action: 2 });
    assert_eq!(bench.seen(), []);
    bench.monitor.clear_tool_id(3).unwrap();
}

#[test]
fn a_record_tells_what_happened() {
    let bench = Bench::new(&[4]);
    let code = bench.code(vec![
        Location::new(0, 11, EventSet::CALL),
        Location::new(6, 12, EventSet::BRANCH).branch(2, 3),
        Location::new(8, -1, EventSet::JUMP).jump(0),
        Location::new(10, 14, EventSet::PY_RETURN),
    ]);
    type Copy = (u32, EventSet, i32, u32, u32, i32, u32, i32, [usize; 6]);
    let log: Arc<Mutex<Vec<Copy>>> = Arc::default();
    let all = EventSet::CALL | EventSet::BRANCHES | EventSet::JUMP | EventSet::PY_RETURN;
    for event in all.iter() {
        let log = Arc::clone(&log);
        let callback = Callback::from_fn(move |r| {
            log.lock().unwrap().push((
                r.size,
                r.bit,
                r.tool,
                r.location,
                r.offset,
                r.line,
                r.destination_offset,
                r.destination_line,
                [
                    r.code_handle as usize,
                    r.callable as usize,
                    r.arg0 as usize,
                    r.value as usize,
                    r.thread_handle as usize,
                    r.monitor_handle as usize,
                ],
            ));
            Action::CONTINUE
        });
        bench.register(4, event, Some(callback));
    }
    bench.set(4, all);
    bench.monitor.set_handle(0x77 as *mut c_void);
    bench.thread.set_handle(0x66 as *mut c_void);
    let fire = |location, event, payload: Payload| {
        let bench = &bench;
        (bench.monitor).fire(&bench.thread, &code, location, event, &payload).unwrap()
    };
    let (a, b) = (0x10 as *const c_void, 0x20 as *const c_void);
    fire(0, Event::Call, Payload::call(a, Some(b)));
    fire(0, Event::Call, Payload::call(a, None));
    fire(1, Event::BranchLeft, Payload::NONE);
    fire(1, Event::BranchRight, Payload::NONE);
    fire(2, Event::Jump, Payload::NONE);
    fire(2, Event::Jump, Payload::destination(3));
    fire(3, Event::PyReturn, Payload::value(b));
    let values = |callable, arg0, value| [Arc::as_ptr(&code) as usize, callable, arg0, value, 0x66, 0x77];
    let (size, none) = (EventRecord::PUBLIC_SIZE as u32, NO_OFFSET);
    let missing = MISSING.as_ptr() as usize;
    let plain = values(0, 0, 0);
    assert_eq!(
        *log.lock().unwrap(),
        [
            (size, EventSet::CALL, 4, 0, 0, 11, none, -1, values(0x10, 0x20, 0)),
            (size, EventSet::CALL, 4, 0, 0, 11, none, -1, values(0x10, missing, 0)),
            (size, EventSet::BRANCH_LEFT, 4, 1, 6, 12, 8, -1, plain),
            (size, EventSet::BRANCH_RIGHT, 4, 1, 6, 12, 10, 14, plain),
            (size, EventSet::JUMP, 4, 2, 8, -1, 0, 11, plain),
            (size, EventSet::JUMP, 4, 2, 8, -1, 10, 14, plain),
            (size, EventSet::PY_RETURN, 4, 3, 10, 14, none, -1, values(0, 0, 0x20)),
        ]
    );
}

#[test]
fn values_are_shown_where_the_thread_state_has_a_handle_and_code_is_named_once() {
    let bench = Bench::new(&[4]);
    let code = bench.code(three());
    let named = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&named);
    bench.monitor.set_code_namer(Some(Box::new(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        0x55 as *mut c_void
    })));
    let log: Arc<Mutex<Vec<[usize; 4]>>> = Arc::default();
    let seen = Arc::clone(&log);
    let callback = Callback::from_fn(move |r| {
        seen.lock().unwrap().push([
            r.code_handle as usize,
            r.callable as usize,
            r.arg0 as usize,
            r.payload().callable as usize,
        ]);
        Action::CONTINUE
    });
    bench.register(4, Event::Call, Some(callback));
    bench.set(4, EventSet::CALL);
    let a = 0x10 as *const c_void;
    let missing = MISSING.as_ptr() as usize;
    let fire = |arg0| bench.monitor.fire(&bench.thread, &code, 1, Event::Call, &Payload::call(a, arg0)).unwrap();
    fire(Some(a));
    fire(None);
    bench.thread.set_handle(0x66 as *mut c_void);
    fire(Some(a));
    let expected = [[0x55, 0, 0, 0x10], [0x55, 0, missing, 0x10], [0x55, 0x10, 0x10, 0x10]];
    assert_eq!(*log.lock().unwrap(), expected);
    assert_eq!(named.load(Ordering::Relaxed), 1);
}

#[test]
fn sentinels_are_two_and_known_by_address() {
    assert_ne!(MISSING.as_ptr(), DISABLE.as_ptr());
    assert_eq!(Payload::call(token(), None).arg0, MISSING.as_ptr());
}

#[test]
fn the_layout_of_the_record_is_fixed() {
    use std::mem::offset_of;
    assert_eq!(offset_of!(EventRecord, size), 0);
    assert_eq!(offset_of!(EventRecord, bit), 4);
    assert_eq!(offset_of!(EventRecord, line), 20);
    assert_eq!(offset_of!(EventRecord, code_handle), 32);
    assert_eq!(offset_of!(EventRecord, value), 72);
    assert_eq!(EventRecord::PUBLIC_SIZE, 80);
}
