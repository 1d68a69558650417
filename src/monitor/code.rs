//! Code registrations: what a host tells about a code object, and what the monitor keeps for it.

use std::any::Any;
use std::ffi::c_void;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicU16, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use once_cell::race::OnceBox;

use super::error::MonitorError;
use super::events::{EVENT_COUNT, Event, EventSet};
use super::location::Location;
use super::tool::{Monitor, TOOL_SLOTS};

/// The bits of an armed byte.  Zero means that there is nothing to do at the location.
pub mod armed {
    /// Fire LINE, if this instruction begins a line.
    pub const LINE: u8 = 1;
    /// Fire INSTRUCTION.
    pub const INSTRUCTION: u8 = 2;
    /// Fire the instruction's own event or events.
    pub const EVENT: u8 = 4;
    /// The location's call is to be followed by C_RETURN or C_RAISE; CALL itself may be unarmed.
    pub const ANCILLARY: u8 = 8;
    /// With EVENT: BRANCH_LEFT is armed.
    pub const LEFT: u8 = 16;
    /// With EVENT: BRANCH_RIGHT is armed.
    pub const RIGHT: u8 = 32;
    /// With EVENT: JUMP is armed.
    pub const JUMP: u8 = 64;

    /// The bit that is set where the event is armed and for no other event, if it has one.
    #[inline(always)]
    pub(in crate::monitor) fn bit_of(event: super::Event) -> Option<u8> {
        match event {
            super::Event::Line => Some(LINE),
            super::Event::Instruction => Some(INSTRUCTION),
            super::Event::BranchLeft => Some(LEFT),
            super::Event::BranchRight => Some(RIGHT),
            super::Event::Jump => Some(JUMP),
            _ => None,
        }
    }
}

/// Tells a host that the armed byte of a location is now `armed`, so that it patches its code.
///
/// Called by [`Monitor::renew`], [`Monitor::disarm`] and by a [`Monitor::fire`] whose callback disabled the location,
/// on the thread that makes that call and on no other, under the monitor's lock: it must not call the monitor.
pub type PatchFn = unsafe extern "C" fn(host: *mut c_void, location: u32, armed: u8);

/// How a host sees what is armed.
#[derive(Clone, Copy, Debug)]
pub enum Arming {
    /// The host reads [`Code::armed`]; any thread may change them at any time.
    Bytes,
    /// The host patches its code when it is told to.
    Patch(PatchFn),
}

/// What a host tells about a code object.
#[derive(Clone, Debug)]
pub struct CodeSpec {
    /// The name, as `co_name`.
    pub name: String,
    /// The qualified name, as `co_qualname`.
    pub qualified_name: String,
    /// The file, as `co_filename`.
    pub file: String,
    /// The first line, as `co_firstlineno`.
    pub first_line: i32,
    /// The places where events can occur, in order of their offsets, which may repeat.
    pub locations: Vec<Location>,
    /// The host's code object; given back to it and passed to its patch function.
    pub host: *mut c_void,
    /// How the host sees what is armed.
    pub arming: Arming,
}

/// One registered code object.  Dropping the last reference leaves nothing behind.
pub struct Code {
    name: Box<str>,
    qualified_name: Box<str>,
    file: Box<str>,
    first_line: i32,
    host: *mut c_void,
    pub(super) arming: Arming,
    pub(super) owner: u64,
    pub(super) locations: Box<[Location]>,
    pub(super) armed: Box<[AtomicU8]>,
    /// The version that `armed` follows.
    pub(super) version: AtomicU64,
    /// The version that `wanted`, `local` and `disabled` follow; never behind `version`.
    pub(super) masks_version: AtomicU64,
    /// Whether the masks have changed since `armed` was computed.
    pub(super) dirty: AtomicBool,
    /// For each event the tools that have it set for this code, globally or locally, and have a callback for it.
    pub(super) wanted: [AtomicU8; EVENT_COUNT],
    /// Each tool's local events.
    pub(super) local: [AtomicU32; TOOL_SLOTS],
    disabled: OnceBox<[DisabledLocations; TOOL_SLOTS]>,
    /// See [`Code::handle`].
    handle: AtomicPtr<c_void>,
    this: Weak<Code>,
    attachment: OnceBox<Attachment>,
}

/// What a client of the core keeps with a code registration; dropped with it.
pub type Attachment = Box<dyn Any + Send + Sync>;

/// For each location the local events that one tool has disabled there.
type DisabledLocations = OnceBox<Box<[AtomicU16]>>;

// SAFETY: `host` is never dereferenced by the monitor; the host promises by `CodeSpec` that its patch function may be
// called wherever the host itself renews or fires.
unsafe impl Send for Code {}
// SAFETY: as above; everything that changes is atomic.
unsafe impl Sync for Code {}

impl Code {
    /// The name, as `co_name`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The qualified name, as `co_qualname`.
    pub fn qualified_name(&self) -> &str {
        &self.qualified_name
    }

    /// The file, as `co_filename`.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The first line, as `co_firstlineno`.
    pub fn first_line(&self) -> i32 {
        self.first_line
    }

    /// Another count of this registration; None while it is being dropped.
    pub fn to_arc(&self) -> Option<Arc<Code>> {
        self.this.upgrade()
    }

    /// The pointer that event records show as the code: what the host's users know it by.  Null until an event of the
    /// code is fired or [`set_handle`](Code::set_handle) is called.
    #[inline]
    pub fn handle(&self) -> *mut c_void {
        // Whoever gets it may look at what another thread has made for it.
        self.handle.load(Ordering::Acquire)
    }

    /// Sets the pointer of [`handle`](Code::handle).
    pub fn set_handle(&self, handle: *mut c_void) {
        self.handle.store(handle, Ordering::Release);
    }

    /// The attachment, if [`attach`](Code::attach) has been called.
    pub fn attachment(&self) -> Option<&Attachment> {
        self.attachment.get()
    }

    /// The attachment, made by `make` if there is none yet.  When two threads race, one of the results is dropped.
    /// There is room for one client: the C ABI, which keeps its handle here.
    pub fn attach(&self, make: impl FnOnce() -> Attachment) -> &Attachment {
        self.attachment.get_or_init(|| Box::new(make()))
    }

    /// The host's code object.
    pub fn host(&self) -> *mut c_void {
        self.host
    }

    /// The locations, with BRANCH replaced by its sides and C_RETURN and C_RAISE added to CALL.
    pub fn locations(&self) -> &[Location] {
        &self.locations
    }

    /// The armed bytes (see [`armed`]), one for each location; valid as long as the registration.  They are true while
    /// [`version`](Code::version) equals the monitor's.
    pub fn armed(&self) -> &[AtomicU8] {
        &self.armed
    }

    /// The version that the armed bytes follow.  A host that finds it different from [`Monitor::version`] when it
    /// enters the code calls [`Monitor::renew`].
    #[inline]
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// The cell of [`version`](Code::version), for hosts that read it inline.
    pub fn version_cell(&self) -> &AtomicU64 {
        &self.version
    }

    /// The index of the first location at `offset`.
    pub fn location_at(&self, offset: i64) -> Result<u32, MonitorError> {
        if offset < 0 {
            return Err(MonitorError::NegativeOffset);
        }
        let offset = u32::try_from(offset).map_err(|_| MonitorError::NoLocationAt(u32::MAX))?;
        let index = self.locations.partition_point(|l| l.offset < offset);
        match self.locations.get(index) {
            Some(location) if location.offset == offset => Ok(index as u32),
            _ => Err(MonitorError::NoLocationAt(offset)),
        }
    }

    /// Those of `tools` that have disabled `event` at the location; none for events without location.
    #[inline(always)]
    pub(super) fn disabled_for(&self, location: u32, event: Event, tools: u8) -> u8 {
        match self.disabled.get() {
            Some(tables) if EventSet::LOCAL.contains(event.set()) => self.disabled_in(tables, location, event, tools),
            _ => 0,
        }
    }

    #[inline(never)]
    fn disabled_in(&self, tables: &[DisabledLocations; TOOL_SLOTS], location: u32, event: Event, tools: u8) -> u8 {
        let (mut disabled, mut rest) = (0, tools);
        while rest != 0 {
            let tool = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            let events = tables[tool].get().map_or(0, |table| table[location as usize].load(Ordering::Relaxed));
            disabled |= u8::from(events & event.set().0 as u16 != 0) << tool;
        }
        disabled
    }

    /// The events that `tool` has disabled at the location, with those that CALL silences.
    pub(super) fn silenced(&self, tool: usize, location: usize) -> EventSet {
        let disabled = self.disabled.get().and_then(|tools| tools[tool].get());
        let disabled = disabled.map_or(0, |table| table[location].load(Ordering::Relaxed));
        EventSet(u32::from(disabled)).with_ancillary()
    }

    pub(super) fn any_disabled(&self) -> bool {
        self.disabled.get().is_some()
    }

    /// Adds to what `tool` has disabled at the location.  Under the monitor's lock.
    pub(super) fn disable(&self, tool: usize, location: u32, events: EventSet) {
        let tools = self.disabled.get_or_init(Default::default);
        let table = tools[tool].get_or_init(|| {
            let locations = 0..self.locations.len();
            Box::new(locations.map(|_| AtomicU16::new(0)).collect())
        });
        table[location as usize].fetch_or((events & EventSet::LOCAL).0 as u16, Ordering::Relaxed);
    }

    /// Enables everything that `tool` has disabled; true if there was anything.  Under the monitor's lock.
    pub(super) fn enable_all(&self, tool: usize) -> bool {
        let mut any = false;
        if let Some(table) = self.disabled.get().and_then(|tools| tools[tool].get()) {
            for disabled in table.iter() {
                any |= disabled.swap(0, Ordering::Relaxed) != 0;
            }
        }
        any
    }
}

// The local events fit the 16 bits of a disabled mask.
const _: () = assert!(EventSet::LOCAL.0 <= u16::MAX as u32);

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({} in {})", self.qualified_name, self.file)
    }
}

impl Monitor {
    /// Whether the code is registered with this monitor.
    pub fn owns(&self, code: &Code) -> bool {
        code.owner == self.id
    }

    /// Registers a code object.  Its version is older than the monitor's, so that the first entry renews it.
    ///
    /// # Errors
    /// `WrongOrder` if the offsets of the locations descend somewhere, `NoSuchLocation` for a destination beyond the table.
    pub fn register_code(&self, spec: CodeSpec) -> Result<Arc<Code>, MonitorError> {
        let mut locations = spec.locations.into_boxed_slice();
        super::location::check(&mut locations)?;
        Ok(Arc::new_cyclic(|this| Code {
            name: spec.name.into(),
            qualified_name: spec.qualified_name.into(),
            file: spec.file.into(),
            first_line: spec.first_line,
            host: spec.host,
            arming: spec.arming,
            owner: self.id,
            armed: locations.iter().map(|_| AtomicU8::new(0)).collect(),
            locations,
            version: AtomicU64::new(0),
            masks_version: AtomicU64::new(0),
            dirty: AtomicBool::new(true),
            wanted: Default::default(),
            local: Default::default(),
            disabled: OnceBox::new(),
            handle: AtomicPtr::new(std::ptr::null_mut()),
            this: Weak::clone(this),
            attachment: OnceBox::new(),
        }))
    }
}
