//! The monitor and its tools: names, global and local event sets.

use std::ffi::c_void;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::{Mutex, MutexGuard};

use super::barrier::Barrier;
use super::callback::{Callback, CallbackParts};
use super::code::Code;
use super::error::MonitorError;
use super::events::{EVENT_COUNT, Event, EventSet};
use super::hooks::Hooks;
use super::register::Retired;
use super::thread::Threads;

/// How many tools a monitor has; their ids are 0..=5.
pub const TOOL_COUNT: usize = 6;
/// The id suggested for debuggers.
pub const DEBUGGER_ID: i32 = 0;
/// The id suggested for coverage tools.
pub const COVERAGE_ID: i32 = 1;
/// The id suggested for profilers.
pub const PROFILER_ID: i32 = 2;
/// The id suggested for optimizers.
pub const OPTIMIZER_ID: i32 = 5;

/// The width of tables by tool: the six, and the host's own two (`HostTool`).  Any bit of a `ToolSet` indexes them
/// without a check.
pub(super) const TOOL_SLOTS: usize = 8;

/// A set of tools: bit n is tool n.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ToolSet(pub u8);

impl ToolSet {
    /// No tool.
    pub const NONE: ToolSet = ToolSet(0);

    /// Every tool, the host's own among them.
    pub const ALL: ToolSet = ToolSet(u8::MAX);

    /// Whether no tool is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// One isolated domain of monitoring: six tools with their callbacks and event sets.
///
/// Used behind an `Arc`, from any thread.  Changing sets and callbacks takes a lock; firing takes none.
pub struct Monitor {
    /// Unique in the process, so that code and threads of another monitor are recognised.
    pub(super) id: u64,
    /// Counts the changes that can alter what is armed; starts at 1, so that 0 is older than any.
    pub(super) version: AtomicU64,
    /// For each event the tools that have it set globally and have a callback for it.
    pub(super) wanted: [AtomicU8; EVENT_COUNT],
    /// The events for which `wanted` is not empty.
    wanted_events: AtomicU32,
    /// The tools that have a name, and those of the host that have a callback.
    in_use: AtomicU8,
    /// The callbacks: `Callback::into_slot`, or null.  Each entry carries one count.
    pub(super) slots: [[AtomicPtr<CallbackParts>; TOOL_SLOTS]; EVENT_COUNT],
    /// By event, where one tool alone has a callback for it.
    pub(super) solos: [Solo; EVENT_COUNT],
    pub(super) barrier: Barrier,
    /// Whether `State::retired` may hold a callback.
    pub(super) any_retired: AtomicBool,
    handle: AtomicPtr<c_void>,
    state: Mutex<State>,
    pub(super) threads: Threads,
    pub(super) hooks: Hooks,
}

/// The one tool that has a callback for an event: who finds the event armed need not ask who wants it.
///
/// Written behind the new version, so that what is read in front of a look at the version belongs to it.
#[derive(Default)]
pub(super) struct Solo {
    /// That of the tool's slot; null where no tool or several have one.
    pub(super) callback: AtomicPtr<CallbackParts>,
    pub(super) tool: AtomicU32,
}

/// What is changed under the monitor's lock.
pub(super) struct State {
    pub(super) tools: [Tool; TOOL_SLOTS],
    /// The monitor's version, to be read under the lock.
    pub(super) version: u64,
    /// Callbacks that are unregistered and may still be running.
    pub(super) retired: Vec<Retired>,
}

#[derive(Default)]
pub(super) struct Tool {
    name: Option<String>,
    pub(super) events: EventSet,
    /// The events that have a callback.
    pub(super) registered: EventSet,
    /// The callback registered for BRANCH, while it is in the slot of a side.
    pub(super) branch: Option<Callback>,
    /// Local sets of code whose masks are older than this version are void.
    pub(super) cleared: u64,
    /// Disabled locations of code whose masks are older than this version are void.
    pub(super) restarted: u64,
}

impl Tool {
    /// The events that the tool gets where `local` is set in addition.
    pub(super) fn active(&self, local: EventSet) -> EventSet {
        (self.events | local).with_ancillary() & self.registered
    }
}

/// What a change has removed and made stale; see [`Monitor::change`].
#[derive(Default)]
pub(super) struct Effects {
    /// Callbacks taken out of the table.
    pub(super) removed: Vec<Callback>,
    /// Whether anything may be armed differently.
    pub(super) changed: bool,
}

pub(super) fn tool_index(id: i32) -> Result<usize, MonitorError> {
    match usize::try_from(id) {
        Ok(index) if index < TOOL_COUNT => Ok(index),
        _ => Err(MonitorError::InvalidTool(id)),
    }
}

fn c_int(mask: i64) -> Result<i32, MonitorError> {
    i32::try_from(mask).map_err(|_| MonitorError::IntTooLarge)
}

/// Checks what the sets of both kinds have in common and brings them into the stored form.
fn stored_form(set: EventSet) -> Result<EventSet, MonitorError> {
    let whole = EventSet::ANCILLARY | EventSet::CALL;
    if set.intersects(EventSet::ANCILLARY) && !set.contains(whole) {
        return Err(MonitorError::AncillaryAlone);
    }
    Ok((set & !EventSet::ANCILLARY).expand_branch())
}

impl Monitor {
    /// A monitor without tools.
    pub fn new() -> Arc<Monitor> {
        static NEXT_ID: AtomicU64 = AtomicU64::new(1);
        Arc::new_cyclic(|this: &Weak<Monitor>| Monitor {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            version: AtomicU64::new(1),
            wanted: Default::default(),
            wanted_events: AtomicU32::new(0),
            in_use: AtomicU8::new(0),
            slots: Default::default(),
            solos: Default::default(),
            barrier: Barrier::of_process(),
            any_retired: AtomicBool::new(false),
            handle: AtomicPtr::new(this.as_ptr().cast_mut().cast()),
            state: Mutex::new(State { tools: Default::default(), version: 1, retired: Vec::new() }),
            threads: Threads::default(),
            hooks: Hooks::default(),
        })
    }

    /// Sets the pointer that event records show as `monitor`: the handle that the host's users know.
    pub fn set_handle(&self, handle: *mut c_void) {
        self.handle.store(handle, Ordering::Release);
    }

    /// The pointer set by [`set_handle`](Monitor::set_handle), at first the monitor's own address.
    #[inline]
    pub fn handle(&self) -> *mut c_void {
        self.handle.load(Ordering::Acquire)
    }

    /// The version to compare with [`Code::version`]; another one means [`renew`](Monitor::renew).
    #[inline]
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// The cell of [`version`](Monitor::version), for hosts that read it inline.
    pub fn version_cell(&self) -> &AtomicU64 {
        &self.version
    }

    /// The events that some tool has set globally and has a callback for.  While it is empty, code that is not
    /// registered need not be.
    #[inline]
    pub fn global_events(&self) -> EventSet {
        EventSet(self.wanted_events.load(Ordering::Acquire))
    }

    /// Whether any tool wants `event` globally: the test before [`fire_other`](Monitor::fire_other).
    #[inline]
    pub fn wants(&self, event: Event) -> bool {
        self.global_events().contains(event.set())
    }

    /// Whether any tool is in use.  Where none is, none has anything set, registered or disabled: what is kept for code serves
    /// nobody, and a host may drop its registrations.
    pub fn has_tools(&self) -> bool {
        self.in_use.load(Ordering::Acquire) != 0
    }

    /// Notes whether a tool is in use.  Under the lock.
    pub(super) fn note_use(&self, index: usize, is_in_use: bool) {
        let (set, bit) = (self.in_use.load(Ordering::Relaxed), 1 << index);
        self.in_use.store(if is_in_use { set | bit } else { set & !bit }, Ordering::Release);
    }

    /// Takes a tool id into use under a name.
    pub fn use_tool_id(&self, id: i32, name: &str) -> Result<(), MonitorError> {
        let index = tool_index(id)?;
        let mut state = self.lock();
        let slot = &mut state.tools[index].name;
        if slot.is_some() {
            return Err(MonitorError::ToolInUse(id));
        }
        *slot = Some(name.to_owned());
        self.note_use(index, true);
        Ok(())
    }

    /// The name of a tool, or None if the id is not in use.
    pub fn get_tool(&self, id: i32) -> Result<Option<String>, MonitorError> {
        let index = tool_index(id)?;
        Ok(self.lock().tools[index].name.clone())
    }

    /// Removes all callbacks, global and local events and disabled locations of a tool; its name stays.
    pub fn clear_tool_id(&self, id: i32) -> Result<(), MonitorError> {
        let index = tool_index(id)?;
        self.change(|state, effects| self.clear(state, index, effects));
        Ok(())
    }

    /// Clears a tool and releases its name.
    pub fn free_tool_id(&self, id: i32) -> Result<(), MonitorError> {
        let index = tool_index(id)?;
        self.change(|state, effects| {
            self.clear(state, index, effects);
            state.tools[index].name = None;
            self.note_use(index, false);
        });
        Ok(())
    }

    pub(super) fn clear(&self, state: &mut State, index: usize, effects: &mut Effects) {
        let next = state.version + 1;
        let tool = &mut state.tools[index];
        tool.events = EventSet::NO_EVENTS;
        tool.registered = EventSet::NO_EVENTS;
        tool.cleared = next;
        tool.restarted = next;
        effects.removed.extend(tool.branch.take());
        for event in 0..EVENT_COUNT {
            effects.removed.extend(self.swap_slot(event, index, ptr::null_mut()));
        }
        effects.changed = true;
    }

    /// Sets the global events of a tool, replacing those before.  BRANCH is stored as its sides, C_RETURN and C_RAISE
    /// are not stored.
    pub fn set_events(&self, id: i32, mask: i64) -> Result<(), MonitorError> {
        let mask = c_int(mask)?;
        let index = tool_index(id)?;
        let set = EventSet(mask as u32);
        if !EventSet::KNOWN.contains(set) {
            return Err(MonitorError::InvalidEventSet(set.0));
        }
        let set = stored_form(set)?;
        self.change(|state, effects| {
            let tool = &mut state.tools[index];
            if tool.name.is_none() {
                return Err(MonitorError::ToolNotInUse(id));
            }
            effects.changed = tool.events != set;
            tool.events = set;
            Ok(())
        })
    }

    /// The global events of a tool as they are stored.
    pub fn get_events(&self, id: i32) -> Result<EventSet, MonitorError> {
        let index = tool_index(id)?;
        Ok(self.lock().tools[index].events)
    }

    /// Sets the events of a tool for one code object, which add to its global events.
    pub fn set_local_events(&self, id: i32, code: &Code, mask: i64) -> Result<(), MonitorError> {
        let mask = c_int(mask)?;
        let index = tool_index(id)?;
        if code.owner != self.id {
            return Err(MonitorError::WrongMonitor);
        }
        let set = stored_form(EventSet(mask as u32))?;
        if !EventSet::LOCAL.contains(set) {
            return Err(MonitorError::InvalidLocalEventSet(set.0));
        }
        {
            let state = self.lock();
            if state.tools[index].name.is_none() {
                return Err(MonitorError::ToolNotInUse(id));
            }
            self.refresh(&state, code);
            if code.local[index].swap(set.0, Ordering::Relaxed) == set.0 {
                return Ok(());
            }
            self.local_changed(&state, code);
        }
        self.tell_changed(Some(code));
        Ok(())
    }

    /// The local events of a tool for one code object as they are stored.
    pub fn get_local_events(&self, id: i32, code: &Code) -> Result<EventSet, MonitorError> {
        let index = tool_index(id)?;
        if code.owner != self.id {
            return Err(MonitorError::WrongMonitor);
        }
        let state = self.lock();
        self.refresh(&state, code);
        Ok(EventSet(code.local[index].load(Ordering::Relaxed)))
    }

    /// Enables every disabled location of every tool again.
    pub fn restart_events(&self) {
        self.change(|state, effects| {
            for tool in &mut state.tools {
                tool.restarted = state.version + 1;
            }
            effects.changed = true;
        });
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    /// Makes a change under the lock and, if it has an effect, publishes it as a new version, renews what is running
    /// and drops callbacks that nobody uses any more, the last without the lock.
    pub(super) fn change<R>(&self, change: impl FnOnce(&mut State, &mut Effects) -> R) -> R {
        let mut effects = Effects::default();
        let mut guard = self.lock();
        let state = &mut *guard;
        let result = change(state, &mut effects);
        if !effects.changed {
            return result;
        }
        self.publish(state);
        let unused = self.retire(state, effects.removed);
        self.renew_running(state);
        drop(guard);
        drop(unused);
        self.tell_changed(None);
        result
    }

    /// Makes the new sets visible to firing threads.  Everything that they use to decide has been changed before.
    fn publish(&self, state: &mut State) {
        let mut wanted = [0; EVENT_COUNT];
        let mut all = EventSet::NO_EVENTS;
        for (index, tool) in state.tools.iter().enumerate() {
            let active = tool.active(EventSet::NO_EVENTS);
            all |= active;
            active.iter().for_each(|e| wanted[e as usize] |= 1 << index);
        }
        for (cell, wanted) in self.wanted.iter().zip(wanted) {
            cell.store(wanted, Ordering::Release);
        }
        self.wanted_events.store(all.0, Ordering::Release);
        state.version += 1;
        self.version.store(state.version, Ordering::Release);
        for (solo, slots) in self.solos.iter().zip(&self.slots) {
            let callbacks = slots.iter().map(|slot| slot.load(Ordering::Relaxed)).enumerate();
            let mut callbacks = callbacks.filter(|(_, callback)| !callback.is_null());
            let (tool, callback) = match (callbacks.next(), callbacks.next()) {
                (Some(only), None) => only,
                _ => (0, ptr::null_mut()),
            };
            solo.tool.store(tool as u32, Ordering::Release);
            solo.callback.store(callback, Ordering::Release);
        }
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        for event in 0..EVENT_COUNT {
            for tool in 0..TOOL_SLOTS {
                drop(self.swap_slot(event, tool, ptr::null_mut()));
            }
        }
    }
}
