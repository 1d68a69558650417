//! Thread states.

use std::ops::Deref;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use super::arguments::Out;
use super::code::execmon_code;
use super::desk;
use super::error::execmon_error;
use super::guard::{Failure, Outcome, call};
use super::handle::{self, Handle, Pin, pin};
use super::monitor::{execmon_monitor, failure};
use super::status::*;
use crate::monitor::{Monitor, ThreadState};

/// The state of one thread of one monitor.  A host makes one for each of its threads and passes it to every firing
/// call.  It may move to another thread, but a function that finds another thread using it fails with
/// EXECMON_STATUS_THREAD.
pub struct execmon_thread {
    _opaque: [u8; 0],
}

pub(super) struct ThreadObject {
    monitor: Arc<Monitor>,
    state: ThreadState,
    /// Which thread is using `state` (see `this_thread`), 0 for none; one that fires at its desk need not be here.
    user: AtomicUsize,
    /// How many calls of that thread are using it.
    depth: AtomicU32,
    habit: Habit,
}

/// Whether the state is to be laid on a desk of the thread that uses it.  Moving it from desk to desk is dear, so that each
/// move makes the next thread wait twice as long as the one before.
#[derive(Default)]
struct Habit {
    /// The thread that fired last.
    thread: AtomicUsize,
    /// How often it did without a desk.
    times: AtomicU32,
    moves: AtomicU32,
}

impl Habit {
    fn wants_desk(&self) -> bool {
        let me = this_thread();
        if self.thread.swap(me, Ordering::Relaxed) != me {
            self.times.store(0, Ordering::Relaxed);
        }
        let times = self.times.fetch_add(1, Ordering::Relaxed);
        times >> self.moves.load(Ordering::Relaxed).min(16) != 0
    }
}

// SAFETY: `state` is reached through `InUse` and from the desk only (see `desk`), both of which one thread at a time can have.
unsafe impl Sync for ThreadObject {}

impl ThreadObject {
    /// The monitor of the state.
    #[inline(always)]
    pub fn monitor(&self) -> &Arc<Monitor> {
        &self.monitor
    }

    /// The state.  For a thread that uses it.
    #[inline(always)]
    pub fn state(&self) -> &ThreadState {
        &self.state
    }
}

impl Handle for execmon_thread {
    type Object = Arc<ThreadObject>;
    const NAME: &'static str = "thread state";
}

/// A number that no two live threads share, and that is not 0.
#[inline(always)]
pub(super) fn this_thread() -> usize {
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    {
        let pointer: usize;
        // SAFETY: by the ABI the thread pointer is the first word of the thread control block, which it points to.
        unsafe {
            std::arch::asm!("mov {}, fs:[0]", out(reg) pointer, options(nostack, preserves_flags, pure, readonly));
        }
        pointer
    }
    #[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
    {
        // In a shared library this is a call.
        thread_local! {
            static MARK: u8 = const { 0 };
        }
        MARK.with(|mark| ptr::from_ref(mark).addr())
    }
}

/// A thread state that the calling thread alone may use.
pub(super) struct InUse(Pin<execmon_thread>);

impl InUse {
    pub fn monitor(&self) -> &Arc<Monitor> {
        &self.0.monitor
    }

    /// Says that the thread fires, so that from some time on it does so at a desk.
    pub fn fires(&self, handle: *const execmon_thread) {
        if self.0.habit.wants_desk() {
            desk::lay(handle, &self.0);
        }
    }
}

impl Deref for InUse {
    type Target = ThreadState;
    fn deref(&self) -> &ThreadState {
        &self.0.state
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        if self.0.depth.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.0.user.store(0, Ordering::Release);
        }
    }
}

/// Uses a thread state on the calling thread, perhaps once more.
pub(super) fn in_use(handle: *const execmon_thread) -> Outcome<InUse> {
    let thread = pin(handle)?;
    let used = || Failure::new(EXECMON_STATUS_THREAD, "another thread is using this thread state");
    if desk::is_elsewhere(handle) {
        if !desk::take_away(handle) {
            return Err(used());
        }
        thread.habit.moves.fetch_add(1, Ordering::Relaxed);
    }
    let me = this_thread();
    // Only this thread writes its own number, so that it is a plain look when the number is there.
    if thread.user.load(Ordering::Relaxed) != me
        && thread.user.compare_exchange(0, me, Ordering::Acquire, Ordering::Relaxed).is_err()
    {
        return Err(used());
    }
    thread.depth.fetch_add(1, Ordering::Relaxed);
    let thread = InUse(thread);
    // A state is laid on a desk by who uses it, so that none can be laid from here on.
    if desk::is_elsewhere(handle) { Err(used()) } else { Ok(thread) }
}

/// Makes a state for one more thread of a monitor.  Free it by execmon_thread_free.  Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_thread_new(
    monitor: *mut execmon_monitor,
    thread: *mut *mut execmon_thread,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let monitor = pin(monitor)?;
        monitor.refuse_borrowed()?;
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(thread, "thread")? };
        let core = Arc::clone(monitor.core());
        let state = core.new_thread_state();
        let (user, depth, habit) = (AtomicUsize::new(0), AtomicU32::new(0), Habit::default());
        let object = Arc::new(ThreadObject { monitor: core, state, user, depth, habit });
        let handle = handle::insert::<execmon_thread>(object)?;
        in_use(handle)?.set_handle(handle.cast());
        out.set(handle);
        Ok(())
    })
}

/// Frees a thread state.  What it was running is forgotten.  NULL is allowed.
///
/// Any thread, also from a callback that it runs: then it dies when the callback returns.  Fails with
/// EXECMON_STATUS_HANDLE, and with EXECMON_STATUS_THREAD while another thread is using it.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_thread_free(thread: *mut execmon_thread) -> execmon_status {
    call(ptr::null_mut(), || {
        if thread.is_null() {
            return Ok(());
        }
        let _used = in_use(thread)?;
        handle::free(thread, |_| Ok(()))?;
        desk::take_away(thread);
        Ok(())
    })
}

/// Whether a callback is running on this thread state, so that no event fires: `*in_callback` gets 1 or 0.
///
/// The thread of the state.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_thread_in_callback(
    thread: *const execmon_thread,
    in_callback: *mut i32,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(in_callback, "in_callback")? };
        out.set(in_use(thread)?.in_callback().into());
        Ok(())
    })
}

/// Says that the thread begins to run `code`, and renews its arming if needed.  Until the matching execmon_exit, a change
/// made by any thread updates the armed bytes at once, and the code object stays alive.
///
/// The thread of the state.  Fails with EXECMON_STATUS_FOREIGN if code and thread state belong to different monitors,
/// EXECMON_STATUS_STATE for code of a Python interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_enter(
    thread: *mut execmon_thread,
    code: *mut execmon_code,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let (thread, code) = (in_use(thread)?, pin(code)?);
        code.monitor()?;
        thread.monitor().enter(&thread, &code.core()?).map_err(failure)
    })
}

/// Ends the innermost scope of the thread state.
///
/// The thread of the state.  Fails with EXECMON_STATUS_STATE if no scope is open.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_exit(thread: *mut execmon_thread, error: *mut *mut execmon_error) -> execmon_status {
    call(error, || {
        let thread = in_use(thread)?;
        let closed = || Failure::new(EXECMON_STATUS_STATE, "the thread state is in no scope");
        thread.monitor().exit(&thread).map(drop).ok_or_else(closed)
    })
}
