//! A memory barrier that is free for readers and dear for writers.
//!
//! Firing publishes which callback is about to run and then looks whether the monitor has changed; unregistering
//! changes the monitor and then looks which callbacks are running.  Each side needs its store to be visible before its
//! load.  Linux can impose the barrier on all running threads of the process at once (`membarrier`), so that firing
//! pays for a compiler barrier only; elsewhere both sides pay for a full fence.

use std::sync::atomic::{Ordering, compiler_fence, fence};

/// How two sides order their stores before their loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barrier {
    /// The writer makes every thread of the process execute a barrier.
    #[cfg_attr(not(target_os = "linux"), allow(dead_code))]
    Asymmetric,
    /// Both sides execute a fence.
    Fence,
    /// What `Asymmetric` is where the system refuses.
    #[cfg(test)]
    Refused,
}

impl Barrier {
    /// The best kind that this process can have.
    pub fn of_process() -> Barrier {
        #[cfg(target_os = "linux")]
        if membarrier::is_supported() {
            return Barrier::Asymmetric;
        }
        Barrier::Fence
    }

    /// Whether the reader's side executes nothing for it.
    pub(super) fn is_free(self) -> bool {
        self == Barrier::Asymmetric
    }

    /// The reader's side: its earlier store is visible before its later load.
    #[inline(always)]
    pub fn light(self) {
        match self {
            Barrier::Asymmetric => compiler_fence(Ordering::SeqCst),
            Barrier::Fence => fence(Ordering::SeqCst),
            #[cfg(test)]
            Barrier::Refused => compiler_fence(Ordering::SeqCst),
        }
    }

    /// The writer's side.  False if the system refused: then nothing is known about readers.
    #[must_use]
    pub fn heavy(self) -> bool {
        fence(Ordering::SeqCst);
        match self {
            #[cfg(target_os = "linux")]
            Barrier::Asymmetric => membarrier::run() || (membarrier::register() && membarrier::run()),
            #[cfg(test)]
            Barrier::Refused => false,
            _ => true,
        }
    }
}

#[cfg(target_os = "linux")]
mod membarrier {
    // linux/membarrier.h
    const QUERY: libc::c_int = 0;
    const PRIVATE_EXPEDITED: libc::c_int = 1 << 3;
    const REGISTER_PRIVATE_EXPEDITED: libc::c_int = 1 << 4;

    fn call(command: libc::c_int) -> libc::c_long {
        // SAFETY: membarrier(2) takes three integers and touches no memory of ours.
        unsafe { libc::syscall(libc::SYS_membarrier, command, 0, 0) }
    }

    /// Whether the system knows the two commands below.
    pub(super) fn is_supported() -> bool {
        const NEEDED: libc::c_long = (PRIVATE_EXPEDITED | REGISTER_PRIVATE_EXPEDITED) as libc::c_long;
        let known = call(QUERY);
        known >= 0 && known & NEEDED == NEEDED
    }

    /// Announces that this process will ask for barriers; needed before `run`.  Takes some 10 ms in a process of
    /// several threads, so it is left until a barrier is needed.
    pub(super) fn register() -> bool {
        call(REGISTER_PRIVATE_EXPEDITED) == 0
    }

    /// Makes every running thread of the process execute a full barrier.
    pub(super) fn run() -> bool {
        call(PRIVATE_EXPEDITED) == 0
    }
}
