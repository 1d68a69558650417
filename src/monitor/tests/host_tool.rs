//! The host's own tools.

use super::*;

fn logging(bench: &Bench, action: Action) -> Callback {
    let log = bench.log.clone();
    Callback::from_fn(move |record| {
        log.lock().unwrap().push((record.tool, record.event(), record.location));
        action
    })
}

#[test]
fn host_tools_come_before_the_six_and_are_none_of_them() {
    let bench = Bench::new(&[5]);
    let code = bench.code(three());
    bench.watch(5, EventSet::LINE);
    let callback = logging(&bench, Action::CONTINUE);
    bench.monitor.set_host_tool(HostTool::Profile, EventSet::LINE, Some(callback.clone()));
    bench.monitor.set_host_tool(HostTool::Trace, EventSet::LINE | EventSet::RAISE, Some(callback));
    bench.fire(&code, 0, Event::Line).unwrap();
    bench.fire(&code, 0, Event::Raise).unwrap();
    let tools: Vec<_> = bench.seen().iter().map(|s| s.0).collect();
    assert_eq!(tools, [7, 6, 5, 7]);
    for id in [6, 7] {
        assert_eq!(bench.monitor.use_tool_id(id, "x"), Err(MonitorError::InvalidTool(id)));
        assert_eq!(bench.monitor.set_events(id, 0), Err(MonitorError::InvalidTool(id)));
    }
}

#[test]
fn a_host_tool_that_is_set_anew_forgets_what_it_had() {
    let bench = Bench::new(&[]);
    let code = bench.code(three());
    let dies = Arc::new(());
    let held = dies.clone();
    let callback = Callback::from_fn(move |_| {
        let _ = &held;
        Action::DISABLE
    });
    bench.monitor.set_host_tool(HostTool::Trace, EventSet::LINE | EventSet::BRANCH, Some(callback));
    bench.fire(&code, 0, Event::Line).unwrap();
    let callback = logging(&bench, Action::CONTINUE);
    bench.monitor.set_host_tool(HostTool::Trace, EventSet::LINE, Some(callback));
    assert_eq!(Arc::strong_count(&dies), 1, "the callback before is gone");
    bench.fire(&code, 0, Event::Line).unwrap();
    assert_eq!(bench.seen(), [(7, Event::Line, 0)], "and with it what it disabled");
    bench.monitor.set_host_tool(HostTool::Trace, EventSet::LINE, None);
    bench.fire(&code, 0, Event::Line).unwrap();
    assert_eq!(bench.seen(), []);
    assert!(bench.monitor.global_events().is_empty());
}
