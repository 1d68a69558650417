//! What is armed where: (global sets | local sets) & registered callbacks & ~disabled.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::code::{Arming, Code, armed};
use super::error::MonitorError;
use super::events::{EVENT_COUNT, EventSet};
use super::tool::{Monitor, State, TOOL_SLOTS};

/// The armed byte of a location where tools want `events`.
fn byte(events: EventSet) -> u8 {
    const OWN: EventSet = EventSet(EventSet::LOCAL.0 & !EventSet::LINE.0 & !EventSet::INSTRUCTION.0);
    let bit = |set, bit| if events.intersects(set) { bit } else { 0 };
    bit(EventSet::LINE, armed::LINE)
        | bit(EventSet::INSTRUCTION, armed::INSTRUCTION)
        | bit(OWN, armed::EVENT)
        | bit(EventSet::ANCILLARY, armed::ANCILLARY)
        | bit(EventSet::BRANCH_LEFT, armed::LEFT)
        | bit(EventSet::BRANCH_RIGHT, armed::RIGHT)
        | bit(EventSet::JUMP, armed::JUMP)
}

impl Monitor {
    /// Brings the arming of `code` up to the monitor's version.  A host calls it when it enters code whose version
    /// differs, and a patching host for the code of its live frames after the `changed` hook.  Touches only locations
    /// whose byte changes.
    pub fn renew(&self, code: &Code) -> Result<(), MonitorError> {
        if code.owner != self.id {
            return Err(MonitorError::WrongMonitor);
        }
        if code.version() != self.version() {
            let state = self.lock();
            self.renew_locked(&state, code);
        }
        Ok(())
    }

    /// Disarms every location: for a host that keeps its code object when it drops the registration.  The next
    /// [`renew`](Monitor::renew) arms it again.
    pub fn disarm(&self, code: &Code) -> Result<(), MonitorError> {
        if code.owner != self.id {
            return Err(MonitorError::WrongMonitor);
        }
        let _state = self.lock();
        for index in 0..code.armed.len() {
            self.arm(code, index, 0);
        }
        code.dirty.store(true, Ordering::Relaxed);
        code.version.store(0, Ordering::Release);
        Ok(())
    }

    pub(super) fn renew_locked(&self, state: &State, code: &Code) {
        self.refresh(state, code);
        if code.dirty.swap(false, Ordering::Relaxed) {
            let active = self.active(state, code);
            if code.any_disabled() {
                for index in 0..code.locations.len() {
                    self.arm(code, index, self.wanted_byte(&active, code, index));
                }
            } else {
                // Without disabled locations all tools are one, and most locations have nothing of what they want.
                let all = active.into_iter().fold(EventSet::NO_EVENTS, |all, active| all | active);
                for (index, (location, armed)) in code.locations.iter().zip(&code.armed).enumerate() {
                    let byte = if location.events.intersects(all) { byte(location.events & all) } else { 0 };
                    if armed.load(Ordering::Relaxed) != byte {
                        self.arm(code, index, byte);
                    }
                }
            }
        }
        code.version.store(state.version, Ordering::Release);
    }

    /// Renews the code that is running in some scope and shows its arming as bytes.
    pub(super) fn renew_running(&self, state: &State) {
        for thread in self.threads.lock().iter() {
            for code in thread.running().iter() {
                self.renew_now(state, code);
            }
        }
    }

    fn renew_now(&self, state: &State, code: &Arc<Code>) {
        // Only the host's own thread may patch.
        if matches!(code.arming, Arming::Bytes) && code.version.load(Ordering::Relaxed) != state.version {
            self.renew_locked(state, code);
        }
    }

    /// Follows a change of a local set: at once where other threads may, else when the host renews.
    pub(super) fn local_changed(&self, state: &State, code: &Code) {
        self.compute_wanted(state, code);
        match code.arming {
            Arming::Bytes => self.renew_locked(state, code),
            Arming::Patch(_) => code.version.store(0, Ordering::Release),
        }
    }

    /// Brings the masks that firing uses up to date, but arms nothing.
    pub(super) fn refresh(&self, state: &State, code: &Code) {
        let seen = code.masks_version.load(Ordering::Relaxed);
        if seen == state.version {
            return;
        }
        for (index, tool) in state.tools.iter().enumerate() {
            if seen < tool.cleared {
                code.local[index].store(0, Ordering::Relaxed);
            }
            if seen < tool.restarted && code.enable_all(index) {
                code.dirty.store(true, Ordering::Relaxed);
            }
        }
        self.compute_wanted(state, code);
        code.masks_version.store(state.version, Ordering::Release);
    }

    /// The events that each tool gets in `code`.
    fn active(&self, state: &State, code: &Code) -> [EventSet; TOOL_SLOTS] {
        std::array::from_fn(|index| {
            let local = EventSet(code.local[index].load(Ordering::Relaxed));
            state.tools[index].active(local)
        })
    }

    fn compute_wanted(&self, state: &State, code: &Code) {
        let mut wanted = [0; EVENT_COUNT];
        for (index, active) in self.active(state, code).into_iter().enumerate() {
            let mut bits = active.0;
            while bits != 0 {
                wanted[bits.trailing_zeros() as usize] |= 1 << index;
                bits &= bits - 1;
            }
        }
        for (cell, wanted) in code.wanted.iter().zip(wanted) {
            // Release: whoever sees the new mask sees the new version, too.
            if cell.load(Ordering::Relaxed) != wanted {
                cell.store(wanted, Ordering::Release);
                code.dirty.store(true, Ordering::Relaxed);
            }
        }
    }

    fn wanted_byte(&self, active: &[EventSet; TOOL_SLOTS], code: &Code, index: usize) -> u8 {
        let mut events = EventSet::NO_EVENTS;
        for (tool, active) in active.iter().enumerate().filter(|(_, a)| !a.is_empty()) {
            events |= *active & !code.silenced(tool, index);
        }
        byte(events & code.locations[index].events)
    }

    /// Computes one location anew after something was disabled there.
    pub(super) fn rearm(&self, state: &State, code: &Code, index: usize) {
        let active = self.active(state, code);
        self.arm(code, index, self.wanted_byte(&active, code, index));
    }

    fn arm(&self, code: &Code, index: usize, byte: u8) {
        let cell = &code.armed[index];
        if cell.load(Ordering::Relaxed) == byte {
            return;
        }
        cell.store(byte, Ordering::Release);
        if let Arming::Patch(patch) = code.arming {
            // SAFETY: the host promised a function for its own code object and a location of it, and this thread is
            // one that renews or fires it.
            unsafe { patch(code.host(), index as u32, byte) }
        }
    }
}
