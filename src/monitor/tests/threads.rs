//! Firing on several threads while others change everything.  Run under ThreadSanitizer as `tests/mod.rs` says.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::thread;

use super::*;

const FIRING: usize = 3;
const CHANGES: usize = 300;

/// A callback's data: poisoned when dropped, so that a late call is seen.
struct Data {
    alive: AtomicBool,
    calls: Arc<AtomicUsize>,
    drops: Arc<AtomicUsize>,
}

impl Drop for Data {
    fn drop(&mut self) {
        assert!(self.alive.swap(false, Ordering::Relaxed), "dropped twice");
        self.drops.fetch_add(1, Ordering::Relaxed);
    }
}

#[derive(Default)]
struct Counts {
    made: AtomicUsize,
    calls: Arc<AtomicUsize>,
    drops: Arc<AtomicUsize>,
}

impl Counts {
    fn callback(&self, disables: bool) -> Callback {
        self.made.fetch_add(1, Ordering::Relaxed);
        let data =
            Data { alive: AtomicBool::new(true), calls: Arc::clone(&self.calls), drops: Arc::clone(&self.drops) };
        Callback::from_fn(move |record| {
            assert!(data.alive.load(Ordering::Relaxed), "called after its drop");
            let n = data.calls.fetch_add(1, Ordering::Relaxed);
            assert!(record.code().locations().len() == 3);
            if disables && n.is_multiple_of(2) { Action::DISABLE } else { Action::CONTINUE }
        })
    }
}

/// Runs `change` many times while threads enter, fire and leave `code`.
fn under_fire(monitor: &Arc<Monitor>, codes: &[Arc<Code>], change: impl Fn(usize)) {
    let stop = AtomicBool::new(false);
    let ready = Barrier::new(FIRING + 1);
    thread::scope(|scope| {
        for _ in 0..FIRING {
            scope.spawn(|| {
                let thread = monitor.new_thread_state();
                let value = Payload::value(token());
                ready.wait();
                while !stop.load(Ordering::Relaxed) {
                    for code in codes {
                        monitor.enter(&thread, code).unwrap();
                        for location in 0..3 {
                            for event in [Event::Line, Event::BranchLeft, Event::Call] {
                                monitor.fire(&thread, code, location, event, &value).unwrap();
                            }
                        }
                        let raise = Event::Raise;
                        if monitor.wants(raise) {
                            monitor.fire_other(&thread, code, 0, raise, &value).unwrap();
                        }
                        monitor.exit(&thread);
                    }
                }
            });
        }
        ready.wait();
        (0..CHANGES).for_each(change);
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn monitors_code_and_callbacks_are_shared_and_thread_states_move() {
    fn shared<T: Send + Sync>() {}
    fn moves<T: Send>() {}
    shared::<Monitor>();
    shared::<Code>();
    shared::<Callback>();
    moves::<ThreadState>();
}

#[test]
fn callbacks_are_replaced_and_freed_under_fire() {
    let bench = Bench::new(&[]);
    let m = &bench.monitor;
    let codes = [bench.code(three()), bench.code(three())];
    let counts = Counts::default();
    under_fire(m, &codes, |i| {
        let tool = (i % 6) as i32;
        m.use_tool_id(tool, "t").unwrap();
        let all = EventSet::LINE | EventSet::BRANCH | EventSet::CALL;
        for event in all.iter() {
            let callback = counts.callback(true);
            m.register_callback(tool, mask(event.set()), Some(callback)).unwrap();
        }
        let callback = counts.callback(false);
        m.register_callback(tool, mask(EventSet::RAISE), Some(callback)).unwrap();
        m.set_events(tool, mask(all | EventSet::RAISE)).unwrap();
        thread::yield_now();
        match i % 3 {
            0 => m.restart_events(),
            1 => drop(m.register_callback(tool, mask(EventSet::LINE), None)),
            _ => m.clear_tool_id(tool).unwrap(),
        }
        m.free_tool_id(tool).unwrap();
    });
    assert!(counts.calls.load(Ordering::Relaxed) > 0);
    let (made, drops) = (&counts.made, &counts.drops);
    assert_eq!(
        made.load(Ordering::Relaxed),
        drops.load(Ordering::Relaxed),
        "each dropped once, none later than its last run"
    );
    bench.assert_nothing_left(&codes);
}

#[test]
fn sets_change_under_fire_and_end_as_they_were_left() {
    let bench = Bench::new(&[1, 2]);
    let m = &bench.monitor;
    let codes = [bench.code(three()), bench.code(three())];
    let counts = Counts::default();
    for tool in [1, 2] {
        let callback = counts.callback(tool == 2);
        m.register_callback(tool, mask(EventSet::LINE), Some(callback)).unwrap();
    }
    under_fire(m, &codes, |i| {
        let line = mask(EventSet::LINE);
        m.set_events(1, if i % 2 == 0 { line } else { 0 }).unwrap();
        m.set_local_events(2, &codes[i % 2], if i % 3 == 0 { line } else { 0 }).unwrap();
        m.restart_events();
        thread::yield_now();
    });
    m.set_events(1, mask(EventSet::LINE)).unwrap();
    for code in &codes {
        m.renew(code).unwrap();
        assert_eq!(bytes(code), [armed::LINE; 3]);
    }
    m.free_tool_id(1).unwrap();
    m.free_tool_id(2).unwrap();
    assert_eq!(counts.drops.load(Ordering::Relaxed), 2);
    bench.assert_nothing_left(&codes);
}

#[test]
fn code_and_threads_come_and_go_under_change() {
    let bench = Bench::new(&[1]);
    let m = &bench.monitor;
    let counts = Counts::default();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let thread = m.new_thread_state();
                    let code = bench_code(m);
                    m.enter(&thread, &code).unwrap();
                    m.fire(&thread, &code, 1, Event::Line, &Payload::NONE).unwrap();
                    // Left by dropping, not by `exit`.
                }
            });
        }
        for _ in 0..CHANGES {
            let callback = counts.callback(true);
            m.register_callback(1, mask(EventSet::LINE), Some(callback)).unwrap();
            m.set_events(1, mask(EventSet::LINE)).unwrap();
            thread::yield_now();
            m.set_events(1, 0).unwrap();
        }
        stop.store(true, Ordering::Relaxed);
    });
    m.free_tool_id(1).unwrap();
    assert_eq!(counts.drops.load(Ordering::Relaxed), CHANGES);
}

fn bench_code(monitor: &Monitor) -> Arc<Code> {
    monitor.register_code(spec(three(), ptr::null_mut(), Arming::Bytes)).unwrap()
}

impl Bench {
    /// Nothing of any tool is left in the monitor or the code.
    fn assert_nothing_left(&self, codes: &[Arc<Code>]) {
        assert!(self.monitor.global_events().is_empty());
        for code in codes {
            self.monitor.renew(code).unwrap();
            assert_eq!(bytes(code), [0; 3]);
            for tool in 0..6 {
                let local = self.monitor.get_local_events(tool, code);
                assert_eq!(local, Ok(EventSet(0)));
                for location in 0..3 {
                    assert_eq!(code.silenced(tool as usize, location), EventSet(0));
                }
            }
        }
        assert!(self.monitor.lock().retired.is_empty());
    }
}
