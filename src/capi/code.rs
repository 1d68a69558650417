//! Code objects: registering those of a host, and reading those of any.

use std::ffi::{CString, c_char, c_void};
use std::mem::{offset_of, size_of};
use std::ptr;
use std::sync::{Arc, Weak};

use once_cell::race::OnceBox;
use parking_lot::Mutex;

use super::arguments::{Out, array, c_text, text};
use super::desk;
use super::error::execmon_error;
use super::growing::{self, growing};
use super::guard::{Failure, Outcome, call, get, while_patching};
use super::handle::{self, Handle, Pin, pin};
use super::monitor::{execmon_monitor, failure};
use super::status::*;
use crate::monitor::{Arming, Code, CodeSpec, EventSet, Location, Monitor, armed};
use crate::runtime::embed::{Code as Python, Gc, Position};

/// Armed: fire LINE, if this instruction begins a line.
pub const EXECMON_ARMED_LINE: u8 = 1;
/// Armed: fire INSTRUCTION.
pub const EXECMON_ARMED_INSTRUCTION: u8 = 2;
/// Armed: fire the instruction's own events.  Which of a branch or jump, EXECMON_ARMED_LEFT, _RIGHT and _JUMP say.
pub const EXECMON_ARMED_EVENT: u8 = 4;
/// Armed: the call is to be followed by C_RETURN or C_RAISE; CALL itself may be unarmed.
pub const EXECMON_ARMED_ANCILLARY: u8 = 8;
/// Armed, with EXECMON_ARMED_EVENT: BRANCH_LEFT.
pub const EXECMON_ARMED_LEFT: u8 = 16;
/// Armed, with EXECMON_ARMED_EVENT: BRANCH_RIGHT.
pub const EXECMON_ARMED_RIGHT: u8 = 32;
/// Armed, with EXECMON_ARMED_EVENT: JUMP.
pub const EXECMON_ARMED_JUMP: u8 = 64;

const _: () = assert!(EXECMON_ARMED_LINE == armed::LINE && EXECMON_ARMED_INSTRUCTION == armed::INSTRUCTION);
const _: () = assert!(EXECMON_ARMED_EVENT == armed::EVENT && EXECMON_ARMED_ANCILLARY == armed::ANCILLARY);
const _: () = assert!(EXECMON_ARMED_LEFT == armed::LEFT && EXECMON_ARMED_RIGHT == armed::RIGHT);
const _: () = assert!(EXECMON_ARMED_JUMP == armed::JUMP);

/// One code object that is known to a monitor.  May be used from any thread.
///
/// A code object has one handle.  The one who registers it owns the handle; execmon_code_retain makes one more owner,
/// execmon_code_release one less.  In callbacks the handle is borrowed.  A code object lives while it has an owner, while
/// its interpreter keeps it, and while it runs in a scope.  An interpreter keeps the code object of a function from when it is
/// first watched or asked for until it is freed, or is entered while no tool is in use.
pub struct execmon_code {
    _opaque: [u8; 0],
}

/// One place in a code object where events can occur, normally one instruction.  Destinations are indexes into the
/// same table, so that their line is known too; a destination where nothing can occur is a location without events.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct execmon_location {
    /// The instruction's offset, in the host's own units; for code of a Python interpreter those of Python's `f_lasti`.
    pub offset: u32,
    /// The line, or negative for none.
    pub line: i32,
    /// Which local events can occur here (EXECMON_EVENT_*).  Include EXECMON_EVENT_LINE where a line begins.  BRANCH counts
    /// as its two sides; events that cannot be local are ignored.
    pub events: u32,
    /// Where BRANCH_LEFT continues, or EXECMON_NO_LOCATION.
    pub left: u32,
    /// Where BRANCH_RIGHT continues, or EXECMON_NO_LOCATION.
    pub right: u32,
    /// Where JUMP continues, or EXECMON_NO_LOCATION.  Without JUMP: where a location leads that does nothing else, which
    /// coverage follows from a branch.
    pub jump: u32,
}

// The host's table is read as the core's.
const _: () = assert!(size_of::<execmon_location>() == size_of::<Location>());
const _: () = assert!(offset_of!(execmon_location, events) == offset_of!(Location, events));
const _: () = assert!(offset_of!(execmon_location, jump) == offset_of!(Location, jump));

/// Tells a host that the armed byte of a location of its code is now `armed`, so that it patches the code.
///
/// Called on the thread that renews, disarms or fires the code, and on no other, under a lock: every function of the
/// library returns EXECMON_STATUS_BUSY until it returns.
pub type execmon_patch = Option<unsafe extern "C" fn(host: *mut c_void, location: u32, armed: u8)>;

/// What a host tells about a code object.  Everything is copied.  What a smaller `size` leaves out is NULL.
#[repr(C)]
pub struct execmon_code_spec {
    /// sizeof(execmon_code_spec), so that the record can grow; at least 56, which is up to `host`.
    pub size: usize,
    /// The name, as Python's co_name.
    pub name: *const c_char,
    /// The qualified name, as co_qualname; NULL for the same as the name.
    pub qualified_name: *const c_char,
    /// The file, as co_filename.
    pub file: *const c_char,
    /// The first line, as co_firstlineno.
    pub first_line: i32,
    /// The number of locations.
    pub location_count: usize,
    /// The locations in order of their offsets, which may repeat.
    pub locations: *const execmon_location,
    /// The host's code object; passed to `patch` and `drop`.
    pub host: *mut c_void,
    /// NULL for a host that tests armed bytes.
    pub patch: execmon_patch,
    /// Called with `host` when the code object has died; may be NULL.
    pub drop: execmon_drop,
}

growing!(execmon_code_spec, "the spec", 56);

/// Where the inline fire points look.  Filled by execmon_code_view; valid as long as the code object.
#[repr(C)]
pub struct execmon_view {
    /// The armed bytes (EXECMON_ARMED_*), one for each location.
    pub armed: *const u8,
    /// The version that the bytes follow.
    pub version: *const u64,
    /// The version of the monitor.
    pub monitor_version: *const u64,
    /// The code object.
    pub code: *mut execmon_code,
    /// The number of locations.
    pub location_count: u32,
}

pub(super) struct CodeObject {
    core: Weak<Code>,
    /// The monitor, if the code was registered by a host; an interpreter's code must not be fired or renewed by others.
    monitor: Option<Arc<Monitor>>,
    owners: Mutex<Owners>,
    /// Made when it is first asked for.
    texts: OnceBox<Texts>,
    /// By location, for an interpreter's code: shared, because its code object may die before the handle.
    positions: Option<Arc<[Position]>>,
}

/// Name, qualified name and file as C reads them.
struct Texts {
    name: CString,
    qualified_name: CString,
    file: CString,
}

#[derive(Default)]
struct Owners {
    count: usize,
    /// Some while there are owners.
    core: Option<Arc<Code>>,
}

impl Handle for execmon_code {
    type Object = CodeObject;
    const NAME: &'static str = "code object";
}

impl CodeObject {
    /// The registration.
    pub fn core(&self) -> Outcome<Arc<Code>> {
        self.core.upgrade().ok_or_else(|| Failure::new(EXECMON_STATUS_HANDLE, "the code object has been freed"))
    }

    /// The monitor of code that a host registered.
    pub fn monitor(&self) -> Outcome<&Arc<Monitor>> {
        let python = || Failure::new(EXECMON_STATUS_STATE, "only the interpreter may do this with its code");
        self.monitor.as_ref().ok_or_else(python)
    }
}

/// What the registration keeps for the ABI; ends the handle when the registration dies.
struct Attached {
    handle: *mut execmon_code,
    /// What `Code::host` points to for code that a host registered.
    host: Option<Box<Host>>,
}

struct Host {
    host: *mut c_void,
    patch: execmon_patch,
    drop: execmon_drop,
}

// SAFETY: the handle is a number; the host's pointer is only passed to the host's functions, which the header says
// run on the threads where the host itself renews, fires or releases.
unsafe impl Send for Attached {}
// SAFETY: as above.
unsafe impl Sync for Attached {}

impl Drop for Attached {
    fn drop(&mut self) {
        let _ = handle::free(self.handle, |_| Ok(()));
        if let Some(Host { host, drop: Some(drop), .. }) = self.host.as_deref() {
            // SAFETY: the registration is dead, so nothing uses `host` any more.
            unsafe { drop(*host) }
        }
    }
}

unsafe extern "C" fn patch(host: *mut c_void, location: u32, armed: u8) {
    // SAFETY: only code with `Some(patch)` has this function, and its host pointer is the box in its attachment.
    let host = unsafe { &*host.cast::<Host>() };
    if let Some(patch) = host.patch {
        // SAFETY: the host's own function and code object, on one of the threads that the header names.
        while_patching(|| unsafe { patch(host.host, location, armed) });
    }
}

fn new_object(
    code: &Arc<Code>,
    monitor: Option<Arc<Monitor>>,
    owners: Owners,
    positions: Option<Arc<[Position]>>,
) -> CodeObject {
    let texts = OnceBox::new();
    CodeObject { positions, core: Arc::downgrade(code), monitor, owners: Mutex::new(owners), texts }
}

fn attached(code: &Code) -> Option<&Attached> {
    code.attachment()?.downcast_ref()
}

/// The handle of a registration, made when it is first asked for.
pub(super) fn handle_of(code: &Code) -> *mut execmon_code {
    if let Some(attached) = attached(code) {
        return attached.handle;
    }
    let Some(core) = code.to_arc() else { return ptr::null_mut() };
    // SAFETY: a host's registration gets its handle at once, so that this is an interpreter's, whose host pointer is its
    // code object; that is alive, because it runs, or its module is about to, or the caller looks at its function.
    let python = unsafe { &*code.host().cast::<Gc<Python>>() };
    let attach = || -> crate::monitor::Attachment {
        let positions = Some(Arc::clone(&python.data.data.positions));
        let handle = handle::insert(new_object(&core, None, Owners::default(), positions)).unwrap_or(ptr::null_mut());
        Box::new(Attached { handle, host: None })
    };
    code.attach(attach);
    attached(code).map_or(ptr::null_mut(), |a| a.handle)
}

/// One more owner of a registration that its handle keeps alive.
pub(super) fn retain(code: &CodeObject) -> Outcome<()> {
    let core = code.core()?;
    let mut owners = code.owners.lock();
    owners.count += 1;
    if owners.core.is_none() && code.monitor.is_some() {
        desk::show(core.handle().cast(), &core);
    }
    owners.core = Some(core);
    Ok(())
}

fn register(monitor: &Arc<Monitor>, spec: *const execmon_code_spec) -> Outcome<*mut execmon_code> {
    // SAFETY: the contract of the header.
    let spec = unsafe { growing::read(spec)? };
    // SAFETY: the contract of the header.
    let (name, file) = unsafe { (text(spec.name, "the name")?, text(spec.file, "the file")?) };
    let qualified_name = if spec.qualified_name.is_null() {
        name
    } else {
        // SAFETY: the contract of the header.
        unsafe { text(spec.qualified_name, "the qualified name")? }
    };
    if spec.location_count >= MAX_LOCATIONS {
        return Err(Failure::new(EXECMON_STATUS_MEMORY, "too many locations"));
    }
    // SAFETY: the contract of the header.
    let locations = unsafe { array(spec.locations, spec.location_count, "the table of locations")? };
    let locations = locations.iter().map(|l| Location {
        offset: l.offset,
        line: l.line,
        events: EventSet(l.events),
        left: l.left,
        right: l.right,
        jump: l.jump,
    });
    // Gets its drop function when nothing can fail any more.
    let mut host = Box::new(Host { host: spec.host, patch: spec.patch, drop: None });
    let code = monitor
        .register_code(CodeSpec {
            name: name.to_owned(),
            qualified_name: qualified_name.to_owned(),
            file: file.to_owned(),
            first_line: spec.first_line,
            locations: locations.collect(),
            host: (&raw const *host).cast_mut().cast(),
            arming: if spec.patch.is_some() { Arming::Patch(patch) } else { Arming::Bytes },
        })
        .map_err(failure)?;
    let owners = Owners { count: 1, core: Some(Arc::clone(&code)) };
    let handle = handle::insert(new_object(&code, Some(Arc::clone(monitor)), owners, None))?;
    host.drop = spec.drop;
    code.attach(|| Box::new(Attached { handle, host: Some(host) }));
    code.set_handle(handle.cast());
    desk::show(handle, &code);
    Ok(handle)
}

/// Locations are numbered below EXECMON_NO_LOCATION.
const MAX_LOCATIONS: usize = u32::MAX as usize;

/// Registers a code object of the host with a monitor.  `*code` gets its handle, which the caller owns and releases by
/// execmon_code_release.  Its armed bytes are renewed when it is first entered.
///
/// Any thread.  On failure `drop` is not called.  Fails with EXECMON_STATUS_VALUE (offsets descend, a destination is no
/// location, `size` is too small, the table is not aligned), EXECMON_STATUS_TEXT, EXECMON_STATUS_MEMORY (a table of 2^32 locations or more).
#[unsafe(no_mangle)]
pub extern "C" fn execmon_register_code(
    monitor: *mut execmon_monitor,
    spec: *const execmon_code_spec,
    code: *mut *mut execmon_code,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let monitor = pin(monitor)?;
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(code, "code")? };
        out.set(register(monitor.core(), spec)?);
        Ok(())
    })
}

/// Makes the caller one more owner of a code object, for instance to keep one that a callback was given.  Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_code_retain(code: *mut execmon_code, error: *mut *mut execmon_error) -> execmon_status {
    call(error, || retain(&*pin(code)?))
}

/// Gives up one ownership.  With the last, the handle ends when the code object dies: at once, unless it is running or
/// its interpreter keeps it.  NULL is allowed.
///
/// Any thread.  Fails with EXECMON_STATUS_STATE if nobody owns it (as in a callback), EXECMON_STATUS_HANDLE.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_code_release(code: *mut execmon_code) -> execmon_status {
    call(ptr::null_mut(), || {
        if code.is_null() {
            return Ok(());
        }
        let object = pin(code)?;
        let mut owners = object.owners.lock();
        if owners.count == 0 {
            return Err(Failure::new(EXECMON_STATUS_STATE, "the code object has no owner"));
        }
        owners.count -= 1;
        let last = if owners.count == 0 { owners.core.take() } else { None };
        if last.is_some() && object.monitor.is_some() {
            desk::hide(code);
        }
        drop(owners);
        // May run the host's drop function, so after the lock.
        match last {
            Some(core) if object.monitor.is_some() => desk::drop_unused(code, core),
            last => drop(last),
        }
        Ok(())
    })
}

fn name(code: *const execmon_code, part: impl FnOnce(&Texts) -> &CString) -> *const c_char {
    get(ptr::null(), || {
        let code: Pin<execmon_code> = pin(code)?;
        let core = code.core()?;
        let texts = code.texts.get_or_init(|| {
            let (name, qualified_name) = (c_text(core.name()), c_text(core.qualified_name()));
            Box::new(Texts { name, qualified_name, file: c_text(core.file()) })
        });
        Ok(part(texts).as_ptr())
    })
}

/// The name, as Python's co_name.  Valid as long as the code object; NULL if `code` is none.  Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_code_name(code: *const execmon_code) -> *const c_char {
    name(code, |c| &c.name)
}

/// The qualified name, as co_qualname.  Valid as long as the code object; NULL if `code` is none.  Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_code_qualified_name(code: *const execmon_code) -> *const c_char {
    name(code, |c| &c.qualified_name)
}

/// The file, as co_filename.  Valid as long as the code object; NULL if `code` is none.  Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_code_filename(code: *const execmon_code) -> *const c_char {
    name(code, |c| &c.file)
}

/// The first line, as co_firstlineno; EXECMON_NO_LINE if `code` is no code object.  Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_code_first_line(code: *const execmon_code) -> i32 {
    get(super::event::EXECMON_NO_LINE, || Ok(pin(code)?.core()?.first_line()))
}

/// The host's pointer of a code object that the host registered: `*host` gets it.
///
/// Any thread.  Fails with EXECMON_STATUS_STATE for code of a Python interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_code_host(
    code: *const execmon_code,
    host: *mut *mut c_void,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(host, "host")? };
        let code = pin(code)?;
        code.monitor()?;
        let core = code.core()?;
        out.set(attached(&core).and_then(|a| a.host.as_deref()).map_or(ptr::null_mut(), |h| h.host));
        Ok(())
    })
}

/// The number of locations: `*count` gets it.  Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_code_location_count(
    code: *const execmon_code,
    count: *mut u32,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(count, "count")? };
        out.set(pin(code)?.core()?.locations().len() as u32);
        Ok(())
    })
}

/// A copy of one location, with BRANCH replaced by its sides and C_RETURN and C_RAISE added to CALL.
///
/// Any thread.  Fails with EXECMON_STATUS_VALUE if there is no location of this index.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_code_location(
    code: *const execmon_code,
    index: u32,
    location: *mut execmon_location,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(location, "location")? };
        let core = pin(code)?.core()?;
        let none = || failure(crate::monitor::MonitorError::NoSuchLocation(index));
        let Location { offset, line, events, left, right, jump } =
            *core.locations().get(index as usize).ok_or_else(none)?;
        out.set(execmon_location { offset, line, events: events.0, left, right, jump });
        Ok(())
    })
}

/// The index of the first location at an offset: `*index` gets it.
///
/// Any thread.  Fails with EXECMON_STATUS_VALUE if the offset is negative or no location has it.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_code_location_at(
    code: *const execmon_code,
    offset: i64,
    index: *mut u32,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(index, "index")? };
        out.set(pin(code)?.core()?.location_at(offset).map_err(failure)?);
        Ok(())
    })
}

/// The lines that can have LINE events, ascending and each once: the first `capacity` are written to `lines`, and
/// `*count` gets the number of all.  `lines` may be NULL if `capacity` is 0.  Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_code_lines(
    code: *const execmon_code,
    lines: *mut i32,
    capacity: usize,
    count: *mut usize,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(count, "count")? };
        if lines.is_null() && capacity != 0 {
            return Err(Failure::null("lines"));
        }
        let core = pin(code)?.core()?;
        let begins = core.locations().iter().filter(|l| l.line >= 0 && l.events.contains(EventSet::LINE));
        let mut found: Vec<i32> = begins.map(|l| l.line).collect();
        found.sort_unstable();
        found.dedup();
        for (at, line) in found.iter().take(capacity).enumerate() {
            // SAFETY: the contract of the header: there is room for `capacity` numbers.
            unsafe { lines.add(at).write_unaligned(*line) }
        }
        out.set(found.len());
        Ok(())
    })
}

/// Where in the source an instruction comes from.  Lines count from 1, columns are UTF-8 bytes from 0; negative for none.
#[repr(C)]
pub struct execmon_position {
    /// The first line.
    pub line: i32,
    /// The last line.
    pub end_line: i32,
    /// The first column.
    pub column: i32,
    /// The column behind the last, on the last line.
    pub end_column: i32,
}

/// The position of the instruction at an offset: `*position` gets a copy.  For code of a host only its line is known.
///
/// Any thread.  Fails with EXECMON_STATUS_VALUE if no instruction has the offset.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_code_position(
    code: *const execmon_code,
    offset: i64,
    position: *mut execmon_position,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(position, "position")? };
        let object = pin(code)?;
        let core = object.core()?;
        let index = core.location_at(offset).map_err(failure)? as usize;
        let (line, none) = (core.locations()[index].line, super::event::EXECMON_NO_LINE);
        out.set(match object.positions.as_ref().and_then(|positions| positions.get(index)) {
            Some(&Position { line, end_line, column, end_column }) => {
                execmon_position { line, end_line, column, end_column }
            }
            None => execmon_position { line, end_line: line, column: none, end_column: none },
        });
        Ok(())
    })
}

/// Fills `*view` for the inline fire points.  The host may keep it as long as it owns the code object.
///
/// Any thread.  Fails with EXECMON_STATUS_STATE for code of a Python interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_code_view(
    code: *mut execmon_code,
    view: *mut execmon_view,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(view, "view")? };
        let object = pin(code)?;
        let (monitor, core) = (object.monitor()?, object.core()?);
        out.set(execmon_view {
            armed: core.armed().as_ptr().cast(),
            version: ptr::from_ref(core.version_cell()).cast(),
            monitor_version: ptr::from_ref(monitor.version_cell()).cast(),
            code,
            location_count: core.locations().len() as u32,
        });
        Ok(())
    })
}

/// Brings the arming of a code object up to date.  A host calls it when it enters code whose version differs from the
/// monitor's (execmon_fire_renew does both), and a patching host for the code it is running after its changed hook.
///
/// On the thread that runs the code, if the host patches; else any.  Fails with EXECMON_STATUS_STATE for code of a Python
/// interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_code_renew(code: *mut execmon_code, error: *mut *mut execmon_error) -> execmon_status {
    call(error, || {
        let code = pin(code)?;
        code.monitor()?.renew(&*code.core()?).map_err(failure)
    })
}

/// Disarms every location: for a host that keeps its code object when it releases the handle.  The next
/// execmon_code_renew arms it again.  Threads and failures as for execmon_code_renew.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_code_disarm(code: *mut execmon_code, error: *mut *mut execmon_error) -> execmon_status {
    call(error, || {
        let code = pin(code)?;
        code.monitor()?.disarm(&*code.core()?).map_err(failure)
    })
}
