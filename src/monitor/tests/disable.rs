//! Section 3: DISABLE belongs to one (tool, event, code object, location) and lives until restart, clear or free.

use super::*;

fn counts(bench: &Bench, code: &Code, events: &[Event]) -> Vec<usize> {
    events
        .iter()
        .map(|event| {
            bench.fire(code, 0, *event).unwrap();
            bench.seen().len()
        })
        .collect()
}

#[test]
fn it_reaches_no_other_tool_event_code_or_location() {
    let bench = Bench::new(&[1, 2]);
    let (code, other) = (bench.code(three()), bench.code(three()));
    let both = EventSet::LINE | EventSet::INSTRUCTION;
    bench.listen(1, EventSet::LINE, Action::DISABLE);
    bench.listen(1, EventSet::INSTRUCTION, Action::CONTINUE);
    bench.set(1, both);
    bench.watch(2, EventSet::LINE);
    bench.fire(&code, 0, Event::Line).unwrap();
    bench.seen();
    bench.fire(&code, 0, Event::Line).unwrap();
    assert_eq!(bench.seen(), [(2, Event::Line, 0)]);
    bench.fire(&code, 0, Event::Instruction).unwrap();
    assert_eq!(bench.seen(), [(1, Event::Instruction, 0)]);
    bench.fire(&code, 1, Event::Line).unwrap();
    assert_eq!(bench.seen(), [(2, Event::Line, 1), (1, Event::Line, 1)]);
    bench.fire(&other, 0, Event::Line).unwrap();
    assert_eq!(bench.seen(), [(2, Event::Line, 0), (1, Event::Line, 0)]);
}

#[test]
fn it_disarms_the_location_at_once_and_only_that_event() {
    let bench = Bench::new(&[1]);
    let code = bench.code(three());
    bench.listen(1, EventSet::LINE, Action::DISABLE);
    bench.listen(1, EventSet::INSTRUCTION, Action::CONTINUE);
    bench.set(1, EventSet::LINE | EventSet::INSTRUCTION);
    bench.monitor.renew(&code).unwrap();
    bench.fire(&code, 1, Event::Line).unwrap();
    let all = armed::LINE | armed::INSTRUCTION;
    assert_eq!(bytes(&code), [all, armed::INSTRUCTION, all]);
}

#[test]
fn it_survives_every_change_of_sets_whether_or_not_code_ran() {
    for ran in [false, true] {
        let bench = Bench::new(&[1, 2]);
        let code = bench.code(three());
        bench.listen(1, EventSet::LINE, Action::DISABLE);
        bench.set(1, EventSet::LINE);
        bench.fire(&code, 0, Event::Line).unwrap();
        let run = || {
            if ran {
                bench.monitor.renew(&code).unwrap();
                bench.fire(&code, 0, Event::Instruction).unwrap();
            }
        };
        bench.set(1, EventSet::NO_EVENTS);
        run();
        bench.set_local(1, &code, EventSet::LINE);
        run();
        bench.set(1, EventSet::LINE | EventSet::INSTRUCTION);
        run();
        bench.set(2, EventSet::LINE);
        bench.set_local(2, &code, EventSet::CALL);
        run();
        bench.register(1, Event::Line, None);
        run();
        bench.listen(1, EventSet::LINE, Action::CONTINUE);
        bench.seen();
        assert_eq!(counts(&bench, &code, &[Event::Line]), [0]);
        bench.monitor.renew(&code).unwrap();
        assert_eq!(bytes(&code), [0, armed::LINE, armed::LINE]);
    }
}

#[test]
fn restart_enables_every_tool_again_any_number_of_times() {
    let bench = Bench::new(&[1, 2]);
    let code = bench.code(three());
    for tool in [1, 2] {
        bench.listen(tool, EventSet::LINE, Action::DISABLE);
        bench.set(tool, EventSet::LINE);
    }
    for _ in 0..1000 {
        assert_eq!(counts(&bench, &code, &[Event::Line, Event::Line]), [2, 0]);
        bench.monitor.restart_events();
        bench.monitor.restart_events();
        bench.monitor.renew(&code).unwrap();
        assert_eq!(bytes(&code), [armed::LINE; 3]);
    }
}

#[test]
fn the_version_outlives_nine_million_restarts() {
    let bench = Bench::new(&[1]);
    let code = bench.code(three());
    bench.listen(1, EventSet::LINE, Action::DISABLE);
    bench.set(1, EventSet::LINE);
    bench.monitor.lock().version += 1 << 40;
    bench.monitor.restart_events();
    assert_eq!(counts(&bench, &code, &[Event::Line, Event::Line]), [1, 0]);
    bench.monitor.restart_events();
    assert_eq!(counts(&bench, &code, &[Event::Line, Event::Line]), [1, 0]);
}

#[test]
fn a_branch_callback_disables_both_sides_and_a_side_only_itself() {
    let bench = Bench::new(&[1, 2]);
    let code = bench.code(three());
    bench.listen(1, EventSet::BRANCH, Action::DISABLE);
    bench.set(1, EventSet::BRANCH);
    let sides = [Event::BranchLeft, Event::BranchRight];
    assert_eq!(counts(&bench, &code, &sides), [1, 0]);
    bench.monitor.clear_tool_id(1).unwrap();
    bench.listen(2, EventSet::BRANCH_LEFT, Action::DISABLE);
    bench.listen(2, EventSet::BRANCH_RIGHT, Action::CONTINUE);
    bench.set(2, EventSet::BRANCH);
    assert_eq!(counts(&bench, &code, &sides), [1, 1]);
    assert_eq!(counts(&bench, &code, &sides), [0, 1]);
    bench.monitor.renew(&code).unwrap();
    assert_eq!(bytes(&code)[..2], [armed::EVENT | armed::RIGHT, armed::EVENT | armed::LEFT | armed::RIGHT]);
}

#[test]
fn what_cannot_be_disabled_loses_its_callback_and_raises() {
    for event in EventSet::OTHER.iter() {
        let bench = Bench::new(&[1, 2, 3]);
        let code = bench.code(three());
        bench.watch(1, event.set());
        bench.listen(2, event.set(), Action::DISABLE);
        bench.set(2, event.set());
        bench.watch(3, event.set());
        let error = bench.fire(&code, 0, event).unwrap_err();
        assert_eq!(error, FireError::CannotDisable { tool: 2, event });
        assert_eq!(error.to_string(), format!("Cannot disable {event} events. Callback removed."));
        assert_eq!(bench.seen(), [(3, event, 0), (2, event, 0)]);
        bench.fire(&code, 0, event).unwrap();
        assert_eq!(bench.seen(), [(3, event, 0), (1, event, 0)]);
        assert!(bench.register(2, event, None).is_none());
        assert_eq!(bench.monitor.get_events(2), Ok(event.set()));
    }
}

#[test]
fn a_tool_freed_by_its_own_callback_leaves_no_disabled_location() {
    let bench = Bench::new(&[1]);
    let code = bench.code(three());
    bench.set(1, EventSet::LINE);
    let monitor = Arc::clone(&bench.monitor);
    let callback = Callback::from_fn(move |_| {
        monitor.free_tool_id(1).unwrap();
        Action::DISABLE
    });
    bench.register(1, Event::Line, Some(callback));
    bench.fire(&code, 0, Event::Line).unwrap();
    bench.monitor.use_tool_id(1, "again").unwrap();
    bench.watch(1, EventSet::LINE);
    assert_eq!(counts(&bench, &code, &[Event::Line]), [1]);
}

#[test]
fn a_callback_that_restarts_and_disables_is_disabled() {
    let bench = Bench::new(&[1]);
    let code = bench.code(three());
    bench.set(1, EventSet::LINE);
    let (monitor, log) = (Arc::clone(&bench.monitor), Arc::clone(&bench.log));
    let callback = Callback::from_fn(move |r| {
        log.lock().unwrap().push((r.tool, r.event(), r.location));
        monitor.restart_events();
        Action::DISABLE
    });
    bench.register(1, Event::Line, Some(callback));
    assert_eq!(counts(&bench, &code, &[Event::Line, Event::Line]), [1, 0]);
    bench.monitor.clear_tool_id(1).unwrap();
}
