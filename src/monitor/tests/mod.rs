//! Tests of the core, one file per theme; each test names the rule that it proves.
//!
//! The concurrent ones (`threads`, `callbacks`) also run under ThreadSanitizer, which then must report nothing:
//!
//! ```text
//! RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer" \
//! TSAN_OPTIONS="suppressions=$PWD/src/monitor/tests/tsan.supp" \
//!     cargo test --target x86_64-unknown-linux-gnu --lib monitor:: -- --test-threads=1
//! ```
//!
//! and, all of them, under AddressSanitizer (`-Zsanitizer=address`), which also finds leaks: a test whose callback
//! holds the monitor clears its tool at the end.

mod ancillary;
mod arming;
mod callbacks;
mod delivery;
mod disable;
mod errors;
mod events;
mod foreign;
mod host_tool;
mod patching;
mod threads;
mod tools;

use std::ffi::c_void;
use std::ptr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use super::*;

/// What a callback was told: which tool got which event where.
pub(super) type Seen = (i32, Event, u32);

/// A monitor, a thread and a log of what callbacks were told.
pub(super) struct Bench {
    pub monitor: Arc<Monitor>,
    pub thread: ThreadState,
    pub log: Arc<Mutex<Vec<Seen>>>,
}

impl Bench {
    /// With these tools in use.
    pub fn new(tools: &[i32]) -> Bench {
        let monitor = Monitor::new();
        let thread = monitor.new_thread_state();
        for &id in tools {
            monitor.use_tool_id(id, "test").unwrap();
        }
        Bench { monitor, thread, log: Arc::default() }
    }

    /// Sets global events and registers a logging callback for each.
    pub fn watch(&self, tool: i32, events: EventSet) {
        self.listen(tool, events, Action::CONTINUE);
        self.set(tool, events);
    }

    /// Registers for each event a callback that logs and returns `action`.
    pub fn listen(&self, tool: i32, events: EventSet, action: Action) {
        for event in events.iter() {
            let log = Arc::clone(&self.log);
            let callback = Callback::from_fn(move |record| {
                log.lock().unwrap().push((record.tool, record.event(), record.location));
                action
            });
            self.register(tool, event, Some(callback));
        }
    }

    pub fn register(&self, tool: i32, event: Event, callback: Option<Callback>) -> Option<Callback> {
        self.monitor.register_callback(tool, mask(event.set()), callback).unwrap()
    }

    pub fn set(&self, tool: i32, events: EventSet) {
        self.monitor.set_events(tool, mask(events)).unwrap();
    }

    pub fn set_local(&self, tool: i32, code: &Code, events: EventSet) {
        self.monitor.set_local_events(tool, code, mask(events)).unwrap();
    }

    pub fn code(&self, locations: Vec<Location>) -> Arc<Code> {
        self.monitor.register_code(spec(locations, ptr::null_mut(), Arming::Bytes)).unwrap()
    }

    pub fn fire(&self, code: &Code, location: u32, event: Event) -> Result<(), FireError> {
        let payload = Payload::value(token());
        match event.group() {
            Group::Other => self.monitor.fire_other(&self.thread, code, location, event, &payload),
            _ => self.monitor.fire(&self.thread, code, location, event, &payload),
        }
    }

    /// What callbacks were told since the last call.
    pub fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.log.lock().unwrap())
    }
}

pub(super) fn mask(events: EventSet) -> i64 {
    i64::from(events.0)
}

/// Some host value.
pub(super) fn token() -> *const c_void {
    ptr::from_ref(&0_u8).cast()
}

pub(super) fn spec(locations: Vec<Location>, host: *mut c_void, arming: Arming) -> CodeSpec {
    CodeSpec {
        name: "f".into(),
        qualified_name: "C.f".into(),
        file: "script.py".into(),
        first_line: 10,
        locations,
        host,
        arming,
    }
}

/// Three locations where everything local can happen, on lines 11, 12 and 13.
pub(super) fn three() -> Vec<Location> {
    (0..3).map(|i| Location::new(i * 2, 11 + i as i32, EventSet::LOCAL).branch(1, 2)).collect()
}

/// The armed bytes of a code object.
pub(super) fn bytes(code: &Code) -> Vec<u8> {
    code.armed().iter().map(|b| b.load(Ordering::Relaxed)).collect()
}
