//! What the core itself costs, without an interpreter or the C ABI: `cargo bench --bench core`.
//!
//! A code object has 53 locations in 12 lines, as a function of 53 instructions might.  `fire` is a callback that counts, with
//! everything that delivers it; `arm` is renewing a code object after its events were set, `disarm` after they were unset.

use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use execmon::monitor::{
    Action, Arming, Callback, Code, CodeSpec, Event, EventSet, Location, Monitor, Payload, ThreadState,
};

const TOOL: i32 = 3;
const SECOND_TOOL: i32 = 4;
const LOCATIONS: u32 = 53;
const LINES: u32 = 12;
const IDLE: usize = 10_000;

struct Host {
    monitor: Arc<Monitor>,
    thread: ThreadState,
    code: Arc<Code>,
}

fn spec() -> CodeSpec {
    let line = |i: u32| 1 + (i * LINES / LOCATIONS) as i32;
    let location = |i: u32| {
        let begins = i == 0 || line(i) != line(i - 1);
        let events = if begins { EventSet::LINE | EventSet::INSTRUCTION } else { EventSet::INSTRUCTION };
        Location::new(2 * i, line(i), events)
    };
    CodeSpec {
        name: "rule".into(),
        qualified_name: "rule".into(),
        file: "rules.txt".into(),
        first_line: 1,
        locations: (0..LOCATIONS).map(location).collect(),
        host: ptr::null_mut(),
        arming: Arming::Bytes,
    }
}

fn counting(action: Action) -> Callback {
    let count = AtomicU64::new(0);
    Callback::from_fn(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        action
    })
}

impl Host {
    fn new() -> Host {
        let monitor = Monitor::new();
        let thread = monitor.new_thread_state();
        let code = monitor.register_code(spec()).expect("the table is right");
        Host { monitor, thread, code }
    }

    fn listen(&self, tool: i32, action: Action) {
        self.monitor.use_tool_id(tool, "bench").expect("it is free");
        let line = i64::from(EventSet::LINE.0);
        self.monitor.register_callback(tool, line, Some(counting(action))).expect("LINE is an event");
    }

    fn set(&self, tool: i32, events: EventSet) {
        self.monitor.set_events(tool, i64::from(events.0)).expect("the tool is in use");
    }

    fn renew(&self) {
        self.monitor.renew(&self.code).expect("the code is the monitor's");
    }

    fn fire(&self) {
        let fired = self.monitor.fire(&self.thread, &self.code, 0, Event::Line, &Payload::NONE);
        fired.expect("the callback does not fail");
    }
}

fn firing(c: &mut Criterion) {
    let host = Host::new();
    host.listen(TOOL, Action::CONTINUE);
    c.bench_function("fire, no tool wants it", |b| b.iter(|| host.fire()));
    host.set(TOOL, EventSet::LINE);
    host.renew();
    c.bench_function("fire, one tool", |b| b.iter(|| host.fire()));
    host.listen(SECOND_TOOL, Action::CONTINUE);
    host.set(SECOND_TOOL, EventSet::LINE);
    host.renew();
    c.bench_function("fire, two tools", |b| b.iter(|| host.fire()));
}

fn disabling(c: &mut Criterion) {
    let host = Host::new();
    host.listen(TOOL, Action::DISABLE);
    host.set(TOOL, EventSet::LINE);
    host.renew();
    let enable = || {
        host.monitor.restart_events();
        host.renew();
    };
    c.bench_function("disable", |b| b.iter_batched(enable, |()| host.fire(), BatchSize::PerIteration));
    c.bench_function("restart_events", |b| b.iter(|| host.monitor.restart_events()));
}

fn arming(c: &mut Criterion) {
    let host = Host::new();
    host.listen(TOOL, Action::CONTINUE);
    let change = |from: EventSet, to: EventSet| {
        host.set(TOOL, from);
        host.renew();
        host.set(TOOL, to);
    };
    let none = EventSet::NO_EVENTS;
    c.bench_function("arm", |b| {
        b.iter_batched(|| change(none, EventSet::LINE), |()| host.renew(), BatchSize::PerIteration);
    });
    c.bench_function("disarm", |b| {
        b.iter_batched(|| change(EventSet::LINE, none), |()| host.renew(), BatchSize::PerIteration);
    });
    c.bench_function("register_code", |b| {
        b.iter_batched(spec, |spec| host.monitor.register_code(spec), BatchSize::SmallInput);
    });
}

fn changing_sets(c: &mut Criterion) {
    let host = Host::new();
    host.listen(TOOL, Action::CONTINUE);
    let idle: Vec<_> = (0..IDLE).map(|_| host.monitor.register_code(spec())).collect();
    host.monitor.enter(&host.thread, &host.code).expect("both are the monitor's");
    let mut on = false;
    c.bench_function("set_events, 10,000 idle code objects", |b| {
        b.iter(|| {
            on = !on;
            host.set(TOOL, if on { EventSet::LINE } else { EventSet::NO_EVENTS });
        });
    });
    host.monitor.exit(&host.thread);
    drop(idle);
}

criterion_group!(benches, firing, disabling, arming, changing_sets);
criterion_main!(benches);
