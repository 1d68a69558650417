//! Registering, auditing, and how long a callback lives.

use std::sync::atomic::AtomicUsize;
use std::sync::mpsc;
use std::thread;

use super::*;

/// Counts how often the drop function ran.
struct Dropped(Arc<AtomicUsize>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// A callback that runs `f`, and the count of its drops.
fn counted(f: impl Fn(&EventRecord) -> Action + Send + Sync + 'static) -> (Callback, Drops) {
    let drops = Arc::new(AtomicUsize::new(0));
    let token = Dropped(Arc::clone(&drops));
    let callback = Callback::from_fn(move |record| {
        let _held = &token;
        f(record)
    });
    (callback, Drops(drops))
}

struct Drops(Arc<AtomicUsize>);

impl Drops {
    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

#[test]
fn register_returns_the_one_before() {
    let bench = Bench::new(&[]);
    let (a, _) = counted(|_| Action::CONTINUE);
    let (b, _) = counted(|_| Action::CONTINUE);
    assert_eq!(bench.register(1, Event::Line, Some(a.clone())), None);
    assert_eq!(bench.register(1, Event::Line, Some(b.clone())), Some(a.clone()));
    assert_eq!(bench.register(1, Event::Call, Some(a.clone())), None, "events are apart");
    assert_eq!(bench.register(2, Event::Line, Some(a.clone())), None, "tools are apart");
    assert_eq!(bench.register(1, Event::Line, None), Some(b));
    assert_eq!(bench.register(1, Event::Line, None), None);
}

#[test]
fn branch_registers_both_sides() {
    let bench = Bench::new(&[1]);
    let code = bench.code(three());
    bench.listen(1, EventSet::BRANCH, Action::CONTINUE);
    bench.set(1, EventSet::BRANCH);
    bench.fire(&code, 0, Event::BranchLeft).unwrap();
    bench.fire(&code, 1, Event::BranchRight).unwrap();
    assert_eq!(bench.seen(), [(1, Event::BranchLeft, 0), (1, Event::BranchRight, 1)]);
    let (side, drops) = counted(|_| Action::CONTINUE);
    let both = bench.register(1, Event::BranchLeft, Some(side)).unwrap();
    assert_eq!(bench.register(1, Event::Branch, None), Some(both));
    assert_eq!(drops.count(), 1, "unregistering BRANCH empties both sides");
    bench.fire(&code, 0, Event::BranchLeft).unwrap();
    bench.fire(&code, 0, Event::BranchRight).unwrap();
    assert_eq!(bench.seen(), []);
}

#[test]
fn a_branch_callback_replaced_side_by_side_is_dropped() {
    let bench = Bench::new(&[1]);
    let (both, drops) = counted(|_| Action::CONTINUE);
    bench.register(1, Event::Branch, Some(both));
    bench.register(1, Event::BranchLeft, None);
    assert_eq!(drops.count(), 0);
    bench.register(1, Event::BranchRight, None);
    assert_eq!(drops.count(), 1);
    assert_eq!(bench.register(1, Event::Branch, None), None);
}

#[test]
fn the_drop_function_runs_once_at_every_way_out() {
    type Out = fn(&Bench);
    let ways: [Out; 4] = [
        |b| drop(b.register(1, Event::Line, None)),
        |b| b.monitor.clear_tool_id(1).unwrap(),
        |b| b.monitor.free_tool_id(1).unwrap(),
        |b| drop(b.register(1, Event::Line, Some(Callback::from_fn(|_| Action::ERROR)))),
    ];
    for out in ways {
        let bench = Bench::new(&[1]);
        let code = bench.code(three());
        let (callback, drops) = counted(|_| Action::CONTINUE);
        bench.register(1, Event::Line, Some(callback));
        bench.set(1, EventSet::LINE);
        bench.fire(&code, 0, Event::Line).unwrap();
        assert_eq!(drops.count(), 0);
        out(&bench);
        assert_eq!(drops.count(), 1);
        drop(bench);
        assert_eq!(drops.count(), 1);
    }
    let bench = Bench::new(&[1]);
    let (callback, drops) = counted(|_| Action::CONTINUE);
    bench.register(1, Event::Line, Some(callback.clone()));
    bench.register(1, Event::Branch, Some(callback));
    drop(bench);
    assert_eq!(drops.count(), 1, "with its monitor");
}

#[test]
fn refused_registrations_drop_what_they_were_given() {
    let bench = Bench::new(&[]);
    let (callback, drops) = counted(|_| Action::CONTINUE);
    let error = bench.monitor.register_callback(9, 32, Some(callback));
    assert_eq!(error, Err(MonitorError::InvalidTool(9)));
    assert_eq!(drops.count(), 1);
}

#[test]
fn a_callback_may_unregister_or_free_itself_and_lives_until_it_returns() {
    type Out = fn(&Monitor);
    let ways: [Out; 3] = [
        |m| drop(m.register_callback(1, 32, None)),
        |m| m.free_tool_id(1).unwrap(),
        |m| {
            m.clear_tool_id(1).unwrap();
            m.register_callback(1, 32, Some(Callback::from_fn(|_| Action::ERROR))).unwrap();
        },
    ];
    for out in ways {
        let bench = Bench::new(&[1]);
        let code = bench.code(three());
        let monitor = Arc::clone(&bench.monitor);
        let inside = Arc::new(AtomicUsize::new(9));
        let count = Arc::new(AtomicUsize::new(0));
        let token = Dropped(Arc::clone(&count));
        let (drops, observed) = (Arc::clone(&count), Arc::clone(&inside));
        let callback = Callback::from_fn(move |_| {
            let _held = &token;
            out(&monitor);
            observed.store(drops.load(Ordering::SeqCst), Ordering::SeqCst);
            Action::CONTINUE
        });
        bench.register(1, Event::Line, Some(callback));
        bench.set(1, EventSet::LINE);
        bench.fire(&code, 0, Event::Line).unwrap();
        assert_eq!(inside.load(Ordering::SeqCst), 0, "alive while it ran");
        assert_eq!(count.load(Ordering::SeqCst), 1, "dropped when it was done");
    }
}

#[test]
fn a_callback_running_on_another_thread_outlives_its_registration() {
    let bench = Bench::new(&[1]);
    let code = bench.code(three());
    let (started, has_started) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let (started, may_go) = (Mutex::new(started), Mutex::new(may_go));
    let (callback, drops) = counted(move |_| {
        started.lock().unwrap().send(()).unwrap();
        may_go.lock().unwrap().recv().unwrap();
        Action::CONTINUE
    });
    bench.register(1, Event::Line, Some(callback));
    bench.set(1, EventSet::LINE);
    thread::scope(|scope| {
        let monitor = &bench.monitor;
        let code = &code;
        scope.spawn(move || {
            let thread = monitor.new_thread_state();
            monitor.fire(&thread, code, 0, Event::Line, &Payload::NONE).unwrap();
        });
        has_started.recv().unwrap();
        monitor.free_tool_id(1).unwrap();
        assert_eq!(drops.count(), 0, "still running");
        go.send(()).unwrap();
    });
    assert_eq!(drops.count(), 1, "the thread that ran it last dropped it");
}

#[test]
fn drop_functions_run_without_the_lock() {
    struct Calls(Arc<Monitor>);
    impl Drop for Calls {
        fn drop(&mut self) {
            self.0.restart_events();
            self.0.get_tool(0).unwrap();
        }
    }
    let bench = Bench::new(&[1]);
    let calls = Calls(Arc::clone(&bench.monitor));
    let callback = Callback::from_fn(move |_| {
        let _held = &calls;
        Action::CONTINUE
    });
    bench.register(1, Event::Line, Some(callback));
    bench.monitor.free_tool_id(1).unwrap();
}

#[test]
fn raw_callbacks_get_their_user_pointer_and_drop_it() {
    unsafe extern "C" fn count(_: *const EventRecord, user: *mut c_void) -> Action {
        // SAFETY: the test gives two live counters.
        unsafe { (*user.cast::<[AtomicUsize; 2]>())[0].fetch_add(1, Ordering::SeqCst) };
        Action::CONTINUE
    }
    unsafe extern "C" fn dropped(user: *mut c_void) {
        // SAFETY: as above.
        unsafe { (*user.cast::<[AtomicUsize; 2]>())[1].fetch_add(1, Ordering::SeqCst) };
    }
    let counters = [AtomicUsize::new(0), AtomicUsize::new(0)];
    let user = ptr::from_ref(&counters).cast_mut().cast();
    let bench = Bench::new(&[1]);
    let code = bench.code(three());
    // SAFETY: the counters outlive the callback and are atomic.
    let callback = unsafe { Callback::from_raw(count, user, Some(dropped)) };
    assert_eq!(callback.user(), user);
    bench.register(1, Event::Line, Some(callback));
    bench.set(1, EventSet::LINE);
    bench.fire(&code, 0, Event::Line).unwrap();
    bench.monitor.free_tool_id(1).unwrap();
    assert_eq!(counters.map(|c| c.into_inner()), [1, 1]);
}

#[test]
fn registering_is_audited_and_nothing_else_is() {
    type Log = Arc<Mutex<Vec<(String, Option<Callback>)>>>;
    let bench = Bench::new(&[]);
    let log: Log = Arc::default();
    let seen = Arc::clone(&log);
    let hook: AuditHook = Box::new(move |event, callback| {
        let entry = (event.to_owned(), callback.cloned());
        seen.lock().unwrap().push(entry);
        Ok(())
    });
    bench.monitor.set_audit_hook(Some(hook));
    let m = &bench.monitor;
    let code = bench.code(three());
    let (callback, _) = counted(|_| Action::CONTINUE);
    bench.register(1, Event::Line, Some(callback.clone()));
    bench.register(1, Event::Line, None);
    m.register_callback(6, 32, None).unwrap_err();
    m.register_callback(1, 3, None).unwrap_err();
    m.use_tool_id(1, "x").unwrap();
    bench.set(1, EventSet::LINE);
    bench.set_local(1, &code, EventSet::LINE);
    m.restart_events();
    m.free_tool_id(1).unwrap();
    let name = String::from("sys.monitoring.register_callback");
    assert_eq!(*log.lock().unwrap(), [(name.clone(), Some(callback)), (name, None)]);
}

#[test]
fn an_audit_hook_may_refuse() {
    let bench = Bench::new(&[1]);
    let hook: AuditHook = Box::new(|_, _| Err("not here".into()));
    bench.monitor.set_audit_hook(Some(hook));
    let (callback, drops) = counted(|_| Action::CONTINUE);
    let error = (bench.monitor).register_callback(1, 32, Some(callback)).unwrap_err();
    assert_eq!((error.kind(), error.to_string()), (ErrorKind::Host, "not here".into()));
    assert_eq!(drops.count(), 1);
    bench.monitor.set_audit_hook(None);
    assert_eq!(bench.register(1, Event::Line, None), None);
}

#[test]
fn without_a_barrier_a_callback_goes_when_every_thread_has_come_by() {
    let mut bench = Bench::new(&[]);
    Arc::get_mut(&mut bench.monitor).unwrap().barrier = super::super::barrier::Barrier::Refused;
    let code = bench.code(three());
    bench.monitor.use_tool_id(1, "test").unwrap();
    bench.watch(1, EventSet::CALL);
    let idle = bench.monitor.new_thread_state();
    let (callback, drops) = counted(|_| Action::CONTINUE);
    bench.register(1, Event::Line, Some(callback));
    bench.set(1, EventSet::LINE | EventSet::CALL);
    drop(bench.register(1, Event::Line, None));
    assert_eq!(drops.count(), 0, "nothing is known of either thread");
    bench.fire(&code, 0, Event::Call).unwrap();
    assert_eq!(drops.count(), 0, "nothing is known of the idle one");
    let late = bench.monitor.new_thread_state();
    bench.monitor.fire(&idle, &code, 0, Event::Call, &Payload::NONE).unwrap();
    assert_eq!(drops.count(), 1, "one that came later cannot know the callback");
    assert!(!bench.monitor.any_retired.load(Ordering::Relaxed));
    drop(late);

    // A thread that goes need not come by.
    let (callback, drops) = counted(|_| Action::CONTINUE);
    bench.register(1, Event::Line, Some(callback));
    drop(bench.register(1, Event::Line, None));
    bench.fire(&code, 0, Event::Call).unwrap();
    drop(idle);
    assert_eq!(drops.count(), 0);
    bench.fire(&code, 0, Event::Call).unwrap();
    assert_eq!(drops.count(), 1);
}

#[test]
fn without_a_barrier_a_callback_that_removes_itself_outlives_its_call() {
    let mut bench = Bench::new(&[]);
    Arc::get_mut(&mut bench.monitor).unwrap().barrier = super::super::barrier::Barrier::Refused;
    let code = bench.code(three());
    bench.monitor.use_tool_id(1, "test").unwrap();
    bench.set(1, EventSet::LINE);
    let monitor = Arc::downgrade(&bench.monitor);
    let drops = Arc::new(AtomicUsize::new(0));
    let (seen, token) = (Arc::clone(&drops), Dropped(Arc::clone(&drops)));
    let callback = Callback::from_fn(move |_| {
        let (_held, monitor) = (&token, monitor.upgrade().unwrap());
        drop(monitor.register_callback(1, mask(EventSet::LINE), None).unwrap());
        assert_eq!(seen.load(Ordering::SeqCst), 0, "it is running");
        Action::CONTINUE
    });
    bench.register(1, Event::Line, Some(callback));
    bench.fire(&code, 0, Event::Line).unwrap();
    assert_eq!(drops.load(Ordering::SeqCst), 1);
}
