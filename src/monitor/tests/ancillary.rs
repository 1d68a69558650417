//! Sections 1 and 3: C_RETURN and C_RAISE follow CALL.

use super::*;

const WHOLE: EventSet = EventSet(EventSet::CALL.0 | EventSet::ANCILLARY.0);

/// Runs one call that returns, as a host does.
fn call(bench: &Bench, code: &Code) -> Vec<Event> {
    let payload = Payload::call(token(), None);
    let follow = bench.monitor.fire_call(&bench.thread, code, 0, &payload).unwrap();
    bench.monitor.fire_ancillary(&bench.thread, code, 0, Event::CReturn, &payload.with_value(token()), follow).unwrap();
    bench.seen().iter().map(|s| s.1).collect()
}

#[test]
fn they_fire_where_their_tool_has_call_globally_or_locally() {
    let bench = Bench::new(&[1]);
    let code = bench.code(three());
    bench.listen(1, WHOLE, Action::CONTINUE);
    assert_eq!(call(&bench, &code), []);
    bench.set(1, WHOLE);
    assert_eq!(call(&bench, &code), [Event::Call, Event::CReturn]);
    bench.set(1, EventSet::CALL);
    assert_eq!(call(&bench, &code), [Event::Call, Event::CReturn]);
    bench.set(1, EventSet::NO_EVENTS);
    bench.set_local(1, &code, EventSet::CALL);
    assert_eq!(call(&bench, &code), [Event::Call, Event::CReturn]);
    bench.set_local(1, &code, EventSet::LINE);
    assert_eq!(call(&bench, &code), []);
}

#[test]
fn they_go_to_the_tools_that_have_call_only() {
    let bench = Bench::new(&[1, 2]);
    let code = bench.code(three());
    bench.listen(1, WHOLE, Action::CONTINUE);
    bench.watch(2, WHOLE);
    bench.set(1, EventSet::LINE);
    let payload = Payload::call(token(), None);
    let follow = (bench.monitor).fire_call(&bench.thread, &code, 0, &payload).unwrap();
    assert_eq!(follow, ToolSet(1 << 2));
}

#[test]
fn they_arm_the_location_without_a_callback_for_call() {
    let bench = Bench::new(&[1]);
    let code = bench.code(three());
    bench.set(1, WHOLE);
    bench.monitor.renew(&code).unwrap();
    assert_eq!(bytes(&code), [0; 3], "no callback arms nothing");
    bench.listen(1, EventSet::C_RETURN, Action::CONTINUE);
    bench.monitor.renew(&code).unwrap();
    assert_eq!(bytes(&code), [armed::ANCILLARY; 3]);
    assert_eq!(call(&bench, &code), [Event::CReturn]);
    bench.listen(1, EventSet::CALL, Action::CONTINUE);
    bench.monitor.renew(&code).unwrap();
    assert_eq!(bytes(&code), [armed::ANCILLARY | armed::EVENT; 3]);
}

#[test]
fn disabling_call_silences_them_from_the_next_call_on() {
    let bench = Bench::new(&[1]);
    let code = bench.code(three());
    bench.listen(1, EventSet::CALL, Action::DISABLE);
    bench.listen(1, EventSet::ANCILLARY, Action::CONTINUE);
    bench.set(1, WHOLE);
    assert_eq!(call(&bench, &code), [Event::Call, Event::CReturn]);
    assert_eq!(call(&bench, &code), []);
    bench.monitor.renew(&code).unwrap();
    let both = armed::ANCILLARY | armed::EVENT;
    assert_eq!(bytes(&code), [0, both, both]);
    bench.monitor.restart_events();
    assert_eq!(call(&bench, &code), [Event::Call, Event::CReturn]);
}

#[test]
fn a_tool_freed_during_the_call_gets_no_c_return() {
    let bench = Bench::new(&[1]);
    let code = bench.code(three());
    bench.watch(1, WHOLE);
    let payload = Payload::call(token(), None);
    let follow = (bench.monitor).fire_call(&bench.thread, &code, 0, &payload).unwrap();
    assert_eq!(follow, ToolSet(1 << 1));
    bench.monitor.free_tool_id(1).unwrap();
    bench.seen();
    (bench.monitor).fire_ancillary(&bench.thread, &code, 0, Event::CRaise, &payload, follow).unwrap();
    assert_eq!(bench.seen(), []);
}

#[test]
fn they_cannot_be_disabled() {
    let bench = Bench::new(&[1]);
    let code = bench.code(three());
    bench.listen(1, EventSet::ANCILLARY, Action::DISABLE);
    bench.set(1, WHOLE);
    let payload = Payload::call(token(), None);
    let follow = (bench.monitor).fire_call(&bench.thread, &code, 0, &payload).unwrap();
    let error = (bench.monitor).fire_ancillary(&bench.thread, &code, 0, Event::CRaise, &payload, follow).unwrap_err();
    assert_eq!(error.to_string(), "Cannot disable C_RAISE events. Callback removed.");
    assert!(bench.register(1, Event::CRaise, None).is_none());
    assert!(bench.register(1, Event::CReturn, None).is_some());
}
