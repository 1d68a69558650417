//! What the loop does at a poll: interrupts, limits, collections, finalizers.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::stack::Frame;
use crate::object::generator::Generator;
use crate::object::heap::breaker;
use crate::object::value::Value;
use crate::object::weak::WeakRef;
use crate::vm::{Exc, R, Vm};

/// The longest that a sleep goes on without looking at what was requested.
const WAIT: Duration = Duration::from_millis(20);

/// Instructions that a program may run after its budget is used up: for its handlers.
const GRACE: u64 = 10_000;

/// What was given up where it could not be dropped: values, by code of the host that may run on any thread; and what the
/// host gets back by a drop function, by objects that may die in the middle of anything.
pub struct Orphans {
    /// Owned references, as words.
    words: Mutex<Vec<u64>>,
    /// What runs code of the host when it is dropped.
    host: Mutex<Vec<Box<dyn Any + Send>>>,
    breaker: Arc<AtomicU32>,
    closed: AtomicBool,
}

impl Orphans {
    pub(super) fn new(breaker: &Arc<AtomicU32>) -> Arc<Orphans> {
        Arc::new(Orphans {
            words: Mutex::default(),
            host: Mutex::default(),
            breaker: breaker.clone(),
            closed: AtomicBool::new(false),
        })
    }

    /// Hands over an owned reference, as a word; the interpreter drops it at its next poll.
    pub fn push(&self, word: u64) {
        self.words.lock().push(word);
        self.breaker.fetch_or(breaker::ORPHANS, Ordering::Relaxed);
    }

    /// Hands over what runs code of the host when it is dropped: at the interpreter's next poll, with the VM lent to it; at
    /// once, if the interpreter is gone.
    pub fn push_host(&self, dying: Box<dyn Any + Send>) {
        if self.is_closed() {
            return;
        }
        self.host.lock().push(dying);
        self.breaker.fetch_or(breaker::ORPHANS, Ordering::Relaxed);
    }

    /// Whether the interpreter is gone; its values went with it.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }
}

impl Drop for Vm {
    fn drop(&mut self) {
        self.orphans.closed.store(true, Ordering::Release);
    }
}

impl Vm {
    /// Where values go that another thread gives up.
    pub fn orphans(&self) -> &Arc<Orphans> {
        &self.orphans
    }

    /// Drops what [`Orphans`] was given.
    fn drop_orphans(&mut self) {
        self.clear_request(breaker::ORPHANS);
        let words = std::mem::take(&mut *self.orphans.words.lock());
        for word in words {
            // SAFETY: an owned reference was handed over with each word.
            drop(unsafe { Value::from_bits(word) });
        }
        let host = std::mem::take(&mut *self.orphans.host.lock());
        self.lend(|| drop(host));
    }

    pub(super) fn poll_if_due(&mut self) -> R<()> {
        // SAFETY: the breaker lives as long as the heap.
        if unsafe { (*self.breaker).load(Ordering::Relaxed) } != 0 { self.poll() } else { Ok(()) }
    }

    /// Serves what was requested, from native code that goes on for long: raises the host's interrupt, for one.
    pub fn check_interrupts(&mut self) -> R<()> {
        self.poll_if_due()
    }

    /// Sleeps; what is requested meanwhile is served, and an interrupt ends it.
    pub fn sleep(&mut self, time: Duration) -> R<()> {
        let start = Instant::now();
        while let Some(left) = time.checked_sub(start.elapsed()).filter(|left| !left.is_zero()) {
            std::thread::sleep(left.min(WAIT));
            self.poll_if_due()?;
        }
        Ok(())
    }

    /// Serves what was requested; called at backward jumps and function entries.
    #[cold]
    #[inline(never)]
    pub(super) fn poll(&mut self) -> R<()> {
        // As many instructions as the code of the frame has at most between two polls.
        let cost = self.stack.frame().map_or(1, |f| f.code().data.words.len() as u64).min(64);
        self.serve_limits(cost)?;
        // SAFETY: the breaker lives as long as the heap.
        if unsafe { (*self.breaker).load(Ordering::Relaxed) } & breaker::COLLECT != 0 {
            self.clear_request(breaker::COLLECT);
            self.collect_cycles(super::collect::OLDEST);
        }
        self.serve_requests();
        Ok(())
    }

    /// The poll of a native function's loop, which may have no end: an iterator's advance, or a step of work that takes
    /// microseconds.  Collections and finalizers wait for code of the program, as in CPython.
    #[inline(always)]
    pub fn poll_native(&mut self) -> R<()> {
        // SAFETY: the breaker lives as long as the heap.
        let due = unsafe { (*self.breaker).load(Ordering::Relaxed) };
        if due & breaker::LIMITS != 0 { self.serve_limits(1) } else { Ok(()) }
    }

    /// The same in front of a step of work that takes as long as so many instructions.
    pub fn poll_work(&mut self, instructions: u64) -> R<()> {
        // SAFETY: the breaker lives as long as the heap.
        let due = unsafe { (*self.breaker).load(Ordering::Relaxed) };
        if due & breaker::LIMITS != 0 { self.serve_limits(instructions.max(1)) } else { Ok(()) }
    }

    /// Serves what ends or bounds a program.  `cost` is what was done since the last poll, in instructions.
    #[cold]
    #[inline(never)]
    fn serve_limits(&mut self, cost: u64) -> R<()> {
        // SAFETY: the breaker lives as long as the heap.
        let due = unsafe { (*self.breaker).load(Ordering::Relaxed) };
        if due & breaker::TERMINATE != 0 {
            self.terminating = true;
            return Err(self.termination());
        }
        if due & breaker::INTERRUPT != 0 {
            self.clear_request(breaker::INTERRUPT);
            let class = self.types().KeyboardInterrupt.clone();
            return Err(self.exception(&class, vec![]));
        }
        if due & breaker::BUDGET != 0 {
            self.spend_budget(cost)?;
        }
        if due & breaker::MEMORY != 0 {
            self.clear_request(breaker::MEMORY);
            if self.heap.is_over_ceiling() {
                self.collect_cycles(super::collect::OLDEST);
                if self.heap.is_over_ceiling() {
                    return Err(self.memory_error());
                }
            }
        }
        Ok(())
    }

    /// What may be served anywhere: what was given up, finalizers, and changes of what is monitored.
    pub fn serve_requests(&mut self) {
        // SAFETY: the breaker lives as long as the heap.
        if unsafe { (*self.breaker).load(Ordering::Relaxed) } & breaker::ORPHANS != 0 {
            self.drop_orphans();
        }
        // SAFETY: as above.
        if unsafe { (*self.breaker).load(Ordering::Relaxed) } & breaker::MONITOR != 0 {
            self.serve_monitor();
        }
        if self.heap.has_pending() {
            self.run_finalizers();
        }
        self.clear_request(breaker::FINALIZE);
    }

    pub(super) fn clear_request(&self, reason: u32) {
        // SAFETY: the breaker lives as long as the heap.
        unsafe { (*self.breaker).fetch_and(!reason, Ordering::Acquire) };
    }

    /// Counts a poll against the instruction budget.
    fn spend_budget(&mut self, cost: u64) -> R<()> {
        let Some(left) = self.budget else {
            self.clear_request(breaker::BUDGET);
            return Ok(());
        };
        if left >= cost {
            self.budget = Some(left - cost);
            return Ok(());
        }
        if self.overdrawn {
            self.heap.request(breaker::TERMINATE);
            self.terminating = true;
            return Err(self.termination());
        }
        self.overdrawn = true;
        self.budget = Some(GRACE);
        Err(self.runtime_error("instruction budget exhausted"))
    }

    /// What ends a program that is not to catch it.
    fn termination(&mut self) -> Exc {
        let class = self.types().KeyboardInterrupt.clone();
        let text = self.new_str("terminated");
        self.exception(&class, vec![text])
    }

    /// Whether the program is being ended: exceptions meet no handler.
    pub fn is_terminating(&self) -> bool {
        self.terminating
    }

    /// The program has ended; another may run.
    pub fn end_termination(&mut self) {
        if std::mem::take(&mut self.terminating) {
            self.clear_request(breaker::TERMINATE);
        }
    }

    /// Sets the instruction budget; None is no limit.  What uses it up gets a RuntimeError, and a grace to clean up; what
    /// uses that up, too, is terminated.
    pub fn set_budget(&mut self, instructions: Option<u64>) {
        self.budget = instructions;
        self.overdrawn = false;
        if instructions.is_some() {
            self.heap.request(breaker::BUDGET);
        }
    }

    /// Runs the finalizers of objects that have died: closes generators, calls `__del__` and what weak references call.
    #[cold]
    #[inline(never)]
    pub fn run_finalizers(&mut self) {
        while self.heap.has_pending() {
            for v in self.heap.take_pending() {
                if let Some(callback) = v.opaque::<WeakRef>().and_then(WeakRef::take_due_callback) {
                    if let Err(e) = self.call(&callback, &[v]) {
                        self.report_unraisable(e, &callback);
                    }
                    continue;
                }
                let (result, from) = match v.downcast::<Generator>().cloned() {
                    Some(g) => (self.finalize_generator(&g), v),
                    None => {
                        let name = self.types().names.__del__.clone();
                        let function = v.class(&self.heap).lookup(&name);
                        (self.call_special(&v, &name, &[]).map(drop), function.unwrap_or(v))
                    }
                };
                if let Err(e) = result
                    && !self.terminating
                {
                    self.report_unraisable(e, &from);
                }
            }
        }
    }

    /// The line of the innermost Python frame.
    pub fn current_line(&self) -> Option<i32> {
        self.stack.frame().and_then(Frame::line)
    }
}
