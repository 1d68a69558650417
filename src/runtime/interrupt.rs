//! Stopping a program from another thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::object::heap::breaker;

/// Interrupts an interpreter from any thread.  Outlives the interpreter without harm.
#[derive(Clone, Debug)]
pub struct InterruptHandle {
    pub(super) breaker: Arc<AtomicU32>,
}

impl InterruptHandle {
    /// Makes the program raise KeyboardInterrupt at its next call or backward jump; if none runs, at the first of the
    /// next run.
    pub fn interrupt(&self) {
        self.breaker.fetch_or(breaker::INTERRUPT, Ordering::SeqCst);
    }

    /// Ends the program at its next call or backward jump, and all that runs until the outermost use of the interpreter
    /// ends: no handler, `finally` or finalizer runs.  If no program runs, the next one is ended.
    pub fn terminate(&self) {
        self.breaker.fetch_or(breaker::TERMINATE, Ordering::SeqCst);
    }
}
