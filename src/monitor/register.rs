//! Registering callbacks, and keeping the removed ones alive while they run.

use std::ptr;
use std::sync::atomic::Ordering;

use super::callback::{Callback, CallbackParts};
use super::error::MonitorError;
use super::events::{Event, EventSet};
use super::thread::ThreadState;
use super::tool::{Effects, Monitor, State, tool_index};

/// A callback that is in the table no more; see [`Monitor::retire`].
pub(super) struct Retired {
    callback: Callback,
    /// The version that took it out.
    version: u64,
    /// Whether a barrier has made sure that a thread that runs it is seen to do so.
    is_proven: bool,
}

/// The tool and the event that a callback is registered for.
fn callback_place(id: i32, event_mask: i64) -> Result<(usize, Event), MonitorError> {
    let mask = i32::try_from(event_mask).map_err(|_| MonitorError::IntTooLarge)?;
    let tool = tool_index(id)?;
    if mask.count_ones() != 1 {
        return Err(MonitorError::NotOneEvent);
    }
    let event = Event::from_bit(mask.trailing_zeros()).ok_or(MonitorError::InvalidEvent(mask))?;
    Ok((tool, event))
}

impl Monitor {
    /// Registers the callback of a tool for one event, or unregisters it, and returns the one before.
    ///
    /// `event_mask` has the event's bit.  BRANCH stands for both sides.  The tool id need not be in use.  The audit
    /// hook is asked first.  The previous callback may still be running on other threads when this returns.
    pub fn register_callback(
        &self,
        id: i32,
        event_mask: i64,
        callback: Option<Callback>,
    ) -> Result<Option<Callback>, MonitorError> {
        let (tool, event) = callback_place(id, event_mask)?;
        self.audit(callback.as_ref())?;
        Ok(self.change(|state, effects| self.register(state, effects, tool, event, callback)))
    }

    /// Checks what [`register_callback`](Monitor::register_callback) checks before it asks the audit hook: for a host
    /// that has hooks of its own to ask.
    pub fn check_callback_place(&self, id: i32, event_mask: i64) -> Result<(), MonitorError> {
        callback_place(id, event_mask).map(drop)
    }

    pub(super) fn register(
        &self,
        state: &mut State,
        effects: &mut Effects,
        tool: usize,
        event: Event,
        callback: Option<Callback>,
    ) -> Option<Callback> {
        let events = event.set().expand_branch();
        let mut previous = None;
        for side in events.iter() {
            let new = callback.clone().map_or(ptr::null_mut(), Callback::into_slot);
            previous = self.swap_slot(side as usize, tool, new);
            effects.removed.extend(previous.clone());
        }
        let entry = &mut state.tools[tool];
        if event == Event::Branch {
            previous = std::mem::replace(&mut entry.branch, callback.clone());
            effects.removed.extend(previous.clone());
        } else if let Some(branch) = &entry.branch {
            let used = EventSet::BRANCHES
                .iter()
                .any(|side| branch.is_slot(self.slots[side as usize][tool].load(Ordering::Relaxed)));
            if !used {
                effects.removed.extend(entry.branch.take());
            }
        }
        entry.registered = match callback {
            Some(_) => entry.registered | events,
            None => entry.registered & !events,
        };
        effects.changed = true;
        previous
    }

    /// Unregisters `callback` for `event` if it still is what the tool has there.
    pub(super) fn remove_callback(&self, tool: usize, event: Event, callback: *mut CallbackParts) {
        self.change(|state, effects| {
            if self.slots[event as usize][tool].load(Ordering::Relaxed) == callback {
                self.register(state, effects, tool, event, None);
            }
        });
    }

    /// Replaces an entry of the table and returns the old one.  Under the lock, or when the monitor dies.
    pub(super) fn swap_slot(&self, event: usize, tool: usize, new: *mut CallbackParts) -> Option<Callback> {
        let old = self.slots[event][tool].swap(new, Ordering::AcqRel);
        // SAFETY: entries are null or come from `into_slot`, and the swap has taken this one out.
        unsafe { Callback::from_slot(old) }
    }

    /// Divides callbacks that were taken out of the table, after the new version was published, into those that
    /// may be dropped (returned) and those that a thread may be running (kept until it is done).
    ///
    /// A thread publishes the callback it is about to run and then checks the version.  With the barrier between
    /// the new version and the look at the threads, either it sees the new version and runs nothing, or its
    /// callback is seen here.  A thread that is done takes its callback back and then looks at `any_retired`.
    ///
    /// Where the system refuses the barrier, what the threads publish proves nothing: then each of them must have come by
    /// in [`sweep`](Monitor::sweep), under the lock and outside of a callback, since the version of the removal.
    pub(super) fn retire(&self, state: &mut State, removed: Vec<Callback>) -> Vec<Callback> {
        if removed.is_empty() {
            return removed;
        }
        let version = state.version;
        state.retired.extend(removed.into_iter().map(|callback| Retired { callback, version, is_proven: false }));
        self.any_retired.store(true, Ordering::Release);
        if self.barrier.heavy() {
            state.retired.iter_mut().for_each(|retired| retired.is_proven = true);
        }
        self.unused(state)
    }

    /// Drops retired callbacks that no thread runs any more.  Called by a thread that is done with one.
    #[cold]
    pub(super) fn sweep(&self, thread: &ThreadState) {
        let unused = {
            let mut state = self.lock();
            // The lock orders all that the thread does next behind the removals so far.
            thread.shared.passed.store(state.version, Ordering::Relaxed);
            self.unused(&mut state)
        };
        drop(unused);
    }

    fn unused(&self, state: &mut State) -> Vec<Callback> {
        let threads = self.threads.lock();
        let is_used = |retired: &Retired| {
            threads.iter().any(|thread| match retired.is_proven {
                true => retired.callback.is_slot(thread.calling.load(Ordering::Acquire)),
                false => thread.passed.load(Ordering::Relaxed) < retired.version,
            })
        };
        let (kept, unused): (Vec<_>, Vec<_>) = std::mem::take(&mut state.retired).into_iter().partition(is_used);
        state.retired = kept;
        self.any_retired.store(!state.retired.is_empty(), Ordering::Release);
        unused.into_iter().map(|retired| retired.callback).collect()
    }
}
