//! Collections of cycles: by themselves at a poll, or on request; and what `gc` has asked to be told of them.

use crate::object::dict::Dict;
use crate::object::sequence::List;
use crate::object::value::Value;
use crate::vm::Vm;

/// What the module `gc` keeps.
#[derive(Default)]
pub struct GcState {
    /// `gc.callbacks` and `gc.garbage`, once the module has been made.
    pub callbacks: Option<Value>,
    pub garbage: Option<Value>,
    /// The second and third number of `gc.set_threshold`; the first is the heap's.
    pub older_thresholds: [i64; 2],
    /// `gc.set_debug`: bits of [`debug`].
    pub debug: i64,
    /// Collections so far, and the objects that they freed.
    pub collections: usize,
    pub collected: usize,
    /// A collection is running: another one that its callbacks or finalizers ask for does nothing.
    running: bool,
}

impl GcState {
    pub(super) fn new() -> GcState {
        GcState { older_thresholds: [10, 10], ..GcState::default() }
    }
}

/// Bits of `gc.set_debug`.
pub mod debug {
    pub const STATS: i64 = 1;
    pub const COLLECTABLE: i64 = 2;
    pub const UNCOLLECTABLE: i64 = 4;
    pub const SAVEALL: i64 = 32;
}

/// Passes of one collection: finalizers may make new cycles with finalizers for ever.
const MAX_PASSES: usize = 16;

/// There is one generation, which is what CPython calls a full collection.
pub const OLDEST: i64 = 2;

impl Vm {
    /// Frees unreachable cycles until finalizers set nothing more free; `generation` is told to the callbacks.  The number
    /// of objects that were in cycles.
    pub fn collect_cycles(&mut self, generation: i64) -> usize {
        if std::mem::replace(&mut self.native.gc.running, true) {
            return 0;
        }
        self.tell_gc_callbacks("start", generation, 0);
        let mut found = 0;
        for _ in 0..MAX_PASSES {
            found += self.collect_once();
            if !self.heap.has_pending() {
                break;
            }
            self.run_finalizers();
        }
        self.native.gc.collections += 1;
        self.native.gc.collected += found;
        if self.native.gc.debug & debug::STATS != 0 {
            let text =
                format!("gc: collecting generation {generation}...\ngc: done, {found} unreachable, 0 uncollectable\n");
            self.say(&text);
        }
        self.tell_gc_callbacks("stop", generation, found);
        self.native.gc.running = false;
        found
    }

    /// One pass; under `DEBUG_SAVEALL` what it finds goes to `gc.garbage` instead.
    fn collect_once(&mut self) -> usize {
        let debug = self.native.gc.debug;
        if debug & (debug::SAVEALL | debug::COLLECTABLE) == 0 {
            return self.heap.collect();
        }
        let found = self.heap.find_cycles();
        if debug & debug::COLLECTABLE != 0 {
            for v in &found {
                let text = format!("gc: collectable <{} {:#x}>\n", self.class_name(v), v.bits());
                self.say(&text);
            }
        }
        let count = found.len();
        match self.native.gc.garbage.as_ref().and_then(|g| g.downcast::<List>()).cloned() {
            Some(garbage) if debug & debug::SAVEALL != 0 => {
                let done = garbage.append_all(&self.heap, found);
                // Without memory for the list the objects stay where they are.
                let _ = self.allocated(done);
            }
            _ => self.heap.free_cycles(found),
        }
        count
    }

    fn say(&mut self, text: &str) {
        let _ = self.write_stream(super::output::Stream::Stderr, text.as_bytes());
    }

    /// Calls `gc.callbacks` with the phase and what there is to say of the collection.
    fn tell_gc_callbacks(&mut self, phase: &str, generation: i64, collected: usize) {
        let callbacks = self.native.gc.callbacks.as_ref().and_then(|c| c.downcast::<List>());
        let Some(callbacks) = callbacks.filter(|c| !c.is_empty()).cloned() else { return };
        let info = Dict::new(&self.heap);
        let numbers = [("generation", generation), ("collected", collected as i64), ("uncollectable", 0)];
        for (name, n) in numbers {
            drop(info.set_str(&self.heap, &self.intern(name), Value::int_unchecked(n)));
        }
        let (phase, info): (Value, Value) = (self.intern(phase).into(), info.into());
        for callback in callbacks.to_vec() {
            if let Err(e) = self.call(&callback, &[phase.clone(), info.clone()]) {
                self.report_unraisable(e, &callback);
            }
        }
    }
}
