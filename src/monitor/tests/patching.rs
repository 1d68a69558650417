//! Hosts that patch their code: which locations they are told of, when, and on which thread.

use std::sync::atomic::AtomicUsize;
use std::thread::{self, ThreadId};

use super::*;

/// A host's code object: what it was told, and where.
#[derive(Default)]
struct Host(Mutex<Vec<(u32, u8, Option<ThreadId>)>>);

impl Host {
    fn told(&self) -> Vec<(u32, u8)> {
        let told = std::mem::take(&mut *self.0.lock().unwrap());
        for (.., thread) in &told {
            assert_eq!(*thread, Some(thread::current().id()));
        }
        told.into_iter().map(|t| (t.0, t.1)).collect()
    }
}

unsafe extern "C" fn patch(host: *mut c_void, location: u32, armed: u8) {
    // SAFETY: `register` gives a host that outlives the registration.
    let host = unsafe { &*host.cast::<Host>() };
    let told = (location, armed, Some(thread::current().id()));
    host.0.lock().unwrap().push(told);
}

fn register(bench: &Bench, host: &Host) -> Arc<Code> {
    let host = ptr::from_ref(host).cast_mut().cast();
    bench.monitor.register_code(spec(three(), host, Arming::Patch(patch))).unwrap()
}

#[test]
fn renew_touches_only_locations_whose_byte_changes() {
    let bench = Bench::new(&[1, 2]);
    let host = Host::default();
    let code = register(&bench, &host);
    bench.monitor.renew(&code).unwrap();
    assert_eq!(host.told(), []);
    bench.listen(1, EventSet::LINE, Action::DISABLE);
    bench.set(1, EventSet::LINE);
    assert_eq!(host.told(), [], "only renew patches");
    bench.monitor.renew(&code).unwrap();
    assert_eq!(host.told(), [(0, 1), (1, 1), (2, 1)]);
    bench.watch(2, EventSet::LINE);
    bench.monitor.renew(&code).unwrap();
    assert_eq!(host.told(), [], "a second tool changes no byte");
    bench.set(2, EventSet::NO_EVENTS);
    bench.monitor.renew(&code).unwrap();
    bench.fire(&code, 1, Event::Line).unwrap();
    assert_eq!(host.told(), [(1, 0)], "DISABLE patches its location");
    bench.monitor.restart_events();
    bench.monitor.renew(&code).unwrap();
    assert_eq!(host.told(), [(1, 1)]);
    bench.monitor.free_tool_id(1).unwrap();
    bench.monitor.renew(&code).unwrap();
    assert_eq!(host.told(), [(0, 0), (1, 0), (2, 0)]);
}

#[test]
fn a_change_on_another_thread_tells_and_never_patches() {
    let bench = Bench::new(&[1]);
    let host = Host::default();
    let code = register(&bench, &host);
    bench.monitor.enter(&bench.thread, &code).unwrap();
    let changes: Arc<Mutex<Vec<bool>>> = Arc::default();
    let seen = Arc::clone(&changes);
    let hook: ChangedHook = Box::new(move |code| seen.lock().unwrap().push(code.is_some()));
    bench.monitor.set_changed_hook(Some(hook));
    thread::scope(|scope| {
        scope.spawn(|| {
            bench.monitor.use_tool_id(2, "other thread").unwrap();
            let callback = Callback::from_fn(|_| Action::CONTINUE);
            (bench.monitor.register_callback(2, 32, Some(callback))).unwrap();
            bench.monitor.set_events(2, 32).unwrap();
            bench.monitor.set_local_events(2, &code, 64).unwrap();
        });
    });
    assert_eq!(*changes.lock().unwrap(), [false, false, true]);
    assert_eq!(host.told(), []);
    assert_ne!(code.version(), bench.monitor.version());
    bench.monitor.renew(&code).unwrap();
    assert_eq!(host.told(), [(0, 1), (1, 1), (2, 1)]);
}

#[test]
fn a_local_set_makes_only_its_code_stale() {
    let bench = Bench::new(&[1]);
    let hosts = [Host::default(), Host::default()];
    let codes = hosts.each_ref().map(|host| register(&bench, host));
    bench.listen(1, EventSet::LINE, Action::CONTINUE);
    for code in &codes {
        bench.monitor.renew(code).unwrap();
    }
    bench.set_local(1, &codes[0], EventSet::LINE);
    assert_ne!(codes[0].version(), bench.monitor.version());
    assert_eq!(codes[1].version(), bench.monitor.version());
    bench.monitor.renew(&codes[0]).unwrap();
    assert_eq!(hosts[0].told().len(), 3);
}

#[test]
fn firing_stale_code_decides_rightly_without_patching() {
    let bench = Bench::new(&[1]);
    let host = Host::default();
    let code = register(&bench, &host);
    bench.watch(1, EventSet::LINE);
    bench.fire(&code, 0, Event::Line).unwrap();
    assert_eq!(bench.seen().len(), 1);
    assert_eq!(host.told(), []);
    bench.monitor.renew(&code).unwrap();
    assert_eq!(host.told().len(), 3);
}

#[test]
fn disarm_takes_every_patch_back_and_renew_restores_them() {
    let bench = Bench::new(&[1]);
    let host = Host::default();
    let code = register(&bench, &host);
    bench.watch(1, EventSet::LINE);
    bench.monitor.renew(&code).unwrap();
    host.told();
    bench.monitor.disarm(&code).unwrap();
    assert_eq!(host.told(), [(0, 0), (1, 0), (2, 0)]);
    bench.monitor.renew(&code).unwrap();
    assert_eq!(host.told(), [(0, 1), (1, 1), (2, 1)]);
}

#[test]
fn hooks_may_call_the_monitor_and_replace_themselves() {
    let bench = Bench::new(&[1]);
    let calls = Arc::new(AtomicUsize::new(0));
    let (monitor, n) = (Arc::downgrade(&bench.monitor), Arc::clone(&calls));
    let hook: ChangedHook = Box::new(move |_| {
        if let Some(monitor) = monitor.upgrade() {
            n.fetch_add(1, Ordering::Relaxed);
            monitor.set_changed_hook(None);
            monitor.restart_events();
        }
    });
    bench.monitor.set_changed_hook(Some(hook));
    bench.watch(1, EventSet::LINE);
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}
