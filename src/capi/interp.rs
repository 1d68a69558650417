//! Interpreters: making, running, limits.

use std::cell::{Cell, UnsafeCell};
use std::ffi::{c_char, c_void};
use std::mem::size_of;
use std::path::PathBuf;
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;
use std::thread::{self, ThreadId};

use super::arguments::{Out, array, text};
use super::callback::Foreign;
use super::error::{ExceptionParts, execmon_error};
use super::guard::{Failure, Outcome, call, get};
use super::handle::{self, Handle, pin};
use super::monitor::{self, execmon_monitor};
use super::output::{Redirect, execmon_write};
use super::status::*;
use super::value::{Held, Values, execmon_value};
use crate::runtime::embed::{Exc, Value, Vm};
use crate::runtime::{Config, Interpreter, InterruptHandle};

/// A Python interpreter: its modules, limits and monitor.  It and its values belong to the thread that made it; other
/// threads get EXECMON_STATUS_THREAD from everything but execmon_interrupt and the functions of its monitor.  Any number
/// may live in a process, on any threads.
pub struct execmon_interp {
    _opaque: [u8; 0],
}

pub(super) struct InterpObject {
    core: Arc<Core>,
    monitor: *mut execmon_monitor,
    interrupt: InterruptHandle,
}

// SAFETY: the monitor's handle is a number; everything else here may be used anywhere.
unsafe impl Send for InterpObject {}
// SAFETY: as above.
unsafe impl Sync for InterpObject {}

impl Handle for execmon_interp {
    type Object = InterpObject;
    const NAME: &'static str = "interpreter";
}

/// What the handles of an interpreter and of its values share.  All but `owner` is for the owner's thread only.
pub(super) struct Core {
    owner: ThreadId,
    /// None once the interpreter has been freed.
    inner: UnsafeCell<Option<Inner>>,
    /// How many calls of the host are inside the interpreter.
    depth: Cell<u32>,
    /// Freed by its host, to be dropped when the outermost call returns.
    closing: Cell<bool>,
    /// A hook of the host runs that must not use the interpreter.
    closed_to_calls: Cell<bool>,
}

struct Inner {
    /// From a box; used by calls within calls, so that no reference to it is kept.
    interp: *mut Interpreter,
    values: Values,
    output: Rc<Redirect>,
    handle: *mut execmon_interp,
    monitor: *mut execmon_monitor,
}

// SAFETY: `Entered` is the only way to what is not `owner`, and only the owner's thread can have one.
unsafe impl Send for Core {}
// SAFETY: as above.
unsafe impl Sync for Core {}

impl Drop for Core {
    fn drop(&mut self) {
        // An interpreter that nobody freed must not be dropped on whatever thread this is.
        std::mem::forget(self.inner.get_mut().take());
    }
}

impl Core {
    /// Keeps the host out of the interpreter while one of its hooks runs.
    pub fn while_closed(&self, hook: impl FnOnce()) {
        self.closed_to_calls.set(true);
        hook();
        self.closed_to_calls.set(false);
    }
}

/// A call of the host that is inside the interpreter, on its thread.
pub(super) struct Entered(Arc<Core>);

pub(super) fn enter_core(core: &Arc<Core>) -> Outcome<Entered> {
    if core.owner != thread::current().id() {
        return Err(Failure::new(EXECMON_STATUS_THREAD, "the interpreter belongs to another thread"));
    }
    if core.closed_to_calls.get() {
        return Err(Failure::new(EXECMON_STATUS_BUSY, "a code hook must not use the interpreter"));
    }
    // SAFETY: this is the owner's thread, and nobody holds a reference into `inner` across calls.
    if unsafe { (*core.inner.get()).is_none() } {
        return Err(Failure::new(EXECMON_STATUS_HANDLE, "the interpreter has been freed"));
    }
    core.depth.set(core.depth.get() + 1);
    Ok(Entered(Arc::clone(core)))
}

/// Enters the interpreter of a handle.
pub(super) fn enter(interp: *const execmon_interp) -> Outcome<Entered> {
    let core = Arc::clone(&pin(interp)?.core);
    enter_core(&core)
}

impl Drop for Entered {
    fn drop(&mut self) {
        if self.0.depth.get() == 1 {
            if self.0.closing.get() {
                close(&self.0);
            } else {
                self.vm().run_finalizers();
            }
        }
        self.0.depth.set(self.0.depth.get() - 1);
    }
}

impl Entered {
    pub fn core(&self) -> &Arc<Core> {
        &self.0
    }

    #[allow(clippy::mut_from_ref, reason = "see the SAFETY line")]
    fn inner(&self) -> &mut Inner {
        // SAFETY: this is the owner's thread, `inner` stays Some while anybody is inside, and callers end the borrow
        // before anything can call back.
        unsafe { (*self.0.inner.get()).as_mut().expect("it is open while it is entered") }
    }

    /// The interpreter.  Calls within calls have one each: the outer ones wait at that time in a callback, as they do
    /// for tools (`runtime::VmDescribe`).
    #[allow(clippy::mut_from_ref, reason = "see the SAFETY line")]
    pub fn interp(&self) -> &mut Interpreter {
        // SAFETY: the box lives until `close`, which waits for the outermost call; this is its thread.
        unsafe { &mut *self.inner().interp }
    }

    pub fn vm(&self) -> &mut Vm {
        self.interp().vm()
    }

    pub fn values(&self) -> &mut Values {
        &mut self.inner().values
    }

    pub fn handle(&self) -> *mut execmon_interp {
        self.inner().handle
    }

    pub fn output(&self) -> Rc<Redirect> {
        Rc::clone(&self.inner().output)
    }

    /// A new handle for a value.
    pub fn hold(&self, value: Value) -> Outcome<*mut execmon_value> {
        super::value::hold(self, value)
    }

    /// The failure of an exception that left the program.
    pub fn failed(&self, failure: crate::runtime::Failure) -> Failure {
        let status = if failure.is_exit { EXECMON_STATUS_EXIT } else { EXECMON_STATUS_EXCEPTION };
        let value = self.hold(failure.exception).ok().map(Held);
        Failure {
            status,
            message: failure.message.into(),
            exception: Some(Box::new(ExceptionParts {
                type_name: failure.type_name,
                traceback: failure.traceback,
                exit_status: failure.status,
                value,
            })),
        }
    }

    /// The same for an exception in flight.
    pub fn raised(&self, exception: Exc) -> Failure {
        let failure = self.interp().failure(exception);
        self.failed(failure)
    }
}

/// Drops the interpreter, with everything that the host has given it.
fn close(core: &Arc<Core>) {
    // SAFETY: the owner's thread, and no call is inside any more.
    let Some(mut inner) = (unsafe { (*core.inner.get()).take() }) else { return };
    inner.values.clear();
    if let Ok(object) = pin(inner.monitor) {
        monitor::clear(object.core());
    }
    // SAFETY: made by `Box::into_raw`, and nothing else can reach it now.
    drop(unsafe { Box::from_raw(inner.interp) });
    let _ = handle::free(inner.monitor, |_| Ok(()));
}

/// How an interpreter is set up.
#[repr(C)]
pub struct execmon_config {
    /// sizeof(execmon_config), so that the record can grow.
    pub size: usize,
    /// The number of folders in `path`.
    pub path_count: usize,
    /// sys.path.  execmon_run_file puts the script's folder in front.
    pub path: *const *const c_char,
    /// How many Python calls may nest; 0 for 1000.
    pub recursion_limit: usize,
    /// How many bytes the program's objects may take together; 0 for no limit.  Beyond it MemoryError is raised.
    pub memory_ceiling: usize,
    /// How many instructions the program may run; 0 for no limit.  Beyond it RuntimeError is raised.
    pub instruction_budget: u64,
    /// Takes what the program writes to its standard streams; NULL for the process's own.
    pub write: execmon_write,
    /// The user pointer of `write`.
    pub user: *mut c_void,
    /// Called with `user` when `write` is not used any more; may be NULL.
    pub drop: execmon_drop,
}

/// `limit` for the VM: a number that no program reaches is none.
fn recursion(limit: usize) -> usize {
    limit.min(i32::MAX as usize)
}

fn config_of(config: *const execmon_config, output: &Rc<Redirect>) -> Outcome<Config> {
    let mut made = Config { output: Redirect::output(output), ..Config::default() };
    if config.is_null() {
        return Ok(made);
    }
    // SAFETY: the contract of the header: a config that is not NULL has its size first and is that large.
    let size = unsafe { (&raw const (*config).size).read_unaligned() };
    if size < size_of::<execmon_config>() {
        return Err(Failure::new(EXECMON_STATUS_VALUE, format!("the config has size {size}")));
    }
    // SAFETY: as above.
    let config = unsafe { config.read_unaligned() };
    // SAFETY: the contract of the header.
    for folder in unsafe { array(config.path, config.path_count, "the path")? } {
        // SAFETY: as above.
        made.path.push(PathBuf::from(unsafe { text(*folder, "a folder of the path")? }));
    }
    if config.recursion_limit != 0 {
        made.recursion_limit = recursion(config.recursion_limit);
    }
    made.memory_ceiling = Some(config.memory_ceiling).filter(|n| *n != 0);
    made.instruction_budget = Some(config.instruction_budget).filter(|n| *n != 0);
    // Last, because on failure the user pointer stays the host's.
    output.set(config.write.map(|func| Foreign::new(func, config.user, config.drop)));
    Ok(made)
}

/// Makes an interpreter with its own monitor.  `config` may be NULL for the defaults.  Free it by execmon_interp_free.
///
/// The calling thread becomes its thread.  On failure `config->drop` is not called.  Fails with EXECMON_STATUS_VALUE (the
/// config's size), EXECMON_STATUS_TEXT, EXECMON_STATUS_NULL.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_interp_new(
    config: *const execmon_config,
    interp: *mut *mut execmon_interp,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(interp, "interp")? };
        let output = Rc::new(Redirect::default());
        let made = Box::new(Interpreter::new(config_of(config, &output)?));
        let interrupt = made.interrupt_handle();
        let core = Arc::new(Core {
            owner: thread::current().id(),
            inner: UnsafeCell::new(None),
            depth: Cell::new(0),
            closing: Cell::new(false),
            closed_to_calls: Cell::new(false),
        });
        let monitor = monitor::new_handle(Arc::clone(made.monitor()), Some(Arc::downgrade(&core)))?;
        let handle = handle::insert::<execmon_interp>(InterpObject { core: Arc::clone(&core), monitor, interrupt })?;
        let inner = Inner { interp: Box::into_raw(made), values: Values::default(), output, handle, monitor };
        // SAFETY: nobody else knows the core yet.
        unsafe { *core.inner.get() = Some(inner) };
        out.set(handle);
        Ok(())
    })
}

/// Frees an interpreter with its monitor: its tools, hooks and functions are dropped, its modules end (so that their
/// finalizers run), and the handles of all its values with it.  NULL is allowed.
///
/// The thread of the interpreter.  From a callback or function that the interpreter is calling, the handle ends at once,
/// and the interpreter when the outermost call returns.  Fails with EXECMON_STATUS_HANDLE, EXECMON_STATUS_THREAD,
/// EXECMON_STATUS_BUSY (from a code hook).
#[unsafe(no_mangle)]
pub extern "C" fn execmon_interp_free(interp: *mut execmon_interp) -> execmon_status {
    call(ptr::null_mut(), || {
        if interp.is_null() {
            return Ok(());
        }
        // Leaving closes it, now or when the calls around this one leave.
        let entered = enter(interp)?;
        handle::free(interp, |_| Ok(()))?;
        entered.core().closing.set(true);
        Ok(())
    })
}

/// The interpreter's monitor.  Borrowed: it goes with the interpreter.  NULL if `interp` is no interpreter.  Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_interp_monitor(interp: *const execmon_interp) -> *mut execmon_monitor {
    get(ptr::null_mut(), || Ok(pin(interp)?.monitor))
}

/// Makes the program raise KeyboardInterrupt at its next call or backward jump; if none runs, at the first of the next
/// run.  Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_interrupt(interp: *const execmon_interp, error: *mut *mut execmon_error) -> execmon_status {
    call(error, || {
        pin(interp)?.interrupt.interrupt();
        Ok(())
    })
}

/// Changes how many Python calls may nest.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_set_recursion_limit(
    interp: *mut execmon_interp,
    calls: usize,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        enter(interp)?.interp().set_recursion_limit(recursion(calls));
        Ok(())
    })
}

/// Changes how many bytes the program's objects may take; 0 for no limit.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_set_memory_ceiling(
    interp: *mut execmon_interp,
    bytes: usize,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        enter(interp)?.interp().set_memory_ceiling(Some(bytes).filter(|n| *n != 0));
        Ok(())
    })
}

/// Changes how many instructions the program may still run; 0 for no limit.  They are counted at calls and backward
/// jumps, so that a few more may run.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_set_instruction_budget(
    interp: *mut execmon_interp,
    instructions: u64,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        enter(interp)?.interp().set_instruction_budget(Some(instructions).filter(|n| *n != 0));
        Ok(())
    })
}
