//! Interpreters: making, running, limits.

use std::cell::{Cell, RefCell};
use std::ffi::{c_char, c_void};
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::ptr;
use std::rc::Rc;
use std::sync::{Arc, Weak};
use std::thread::{self, ThreadId};

use super::arguments::{Out, array, system_text};
use super::callback::Foreign;
use super::error::{ExceptionParts, execmon_error};
use super::growing::{self, growing};
use super::guard::{Failure, Outcome, call, get};
use super::handle::{self, Handle, pin};
use super::monitor::{self, execmon_monitor};
use super::output::{Redirect, execmon_write};
use super::status::*;
use super::value::{Held, Values, execmon_value};
use crate::monitor::{EventRecord, Monitor};
use crate::runtime::embed::{R, Value, Vm};
use crate::runtime::{Config, Interpreter, InterruptHandle, Session};

/// A Python interpreter: its modules, limits and monitor.  It and its values belong to the thread that made it; other
/// threads get EXECMON_STATUS_THREAD from everything but execmon_interrupt, execmon_terminate, execmon_interp_monitor and the
/// functions of its monitor.  Any number may live in a process, on any threads.
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

/// What the handles of an interpreter and of its values share.
///
/// Re-entrancy is not a matter of this room: who may use the VM is decided by its baton (`vm/baton.rs`), and nothing here is
/// borrowed while code of the host or of the program runs.
pub(super) struct Core {
    owner: ThreadId,
    /// For the owner's thread only: see [`Core::own`].
    own: ManuallyDrop<Own>,
}

/// What belongs to the interpreter's thread.
pub(super) struct Own {
    /// None once the interpreter has been freed.
    interp: RefCell<Option<Interpreter>>,
    pub values: Values,
    pub output: Rc<Redirect>,
    pub handle: Cell<*mut execmon_interp>,
    monitor: Cell<*mut execmon_monitor>,
    /// How many calls of the host are inside the interpreter.
    depth: Cell<u32>,
    /// Freed by its host, to be dropped when the outermost call returns.
    closing: Cell<bool>,
}

// SAFETY: `own` is the only way to what is not `owner`, and only the owner's thread gets it; `drop` touches it elsewhere
// only when it has been emptied.
unsafe impl Send for Core {}
// SAFETY: as above.
unsafe impl Sync for Core {}

impl Drop for Core {
    fn drop(&mut self) {
        // An interpreter that nobody has freed must not be dropped on whatever thread this is.
        if self.own.interp.get_mut().is_none() {
            // SAFETY: not used any more.
            unsafe { ManuallyDrop::drop(&mut self.own) }
        }
    }
}

impl Core {
    /// What only the interpreter's thread may use.
    pub fn own(&self) -> Outcome<&Own> {
        if self.owner != thread::current().id() {
            return Err(Failure::new(EXECMON_STATUS_THREAD, "the interpreter belongs to another thread"));
        }
        Ok(&self.own)
    }
}

impl Own {
    /// The interpreter.
    pub fn interp(&self) -> Outcome<Interpreter> {
        let freed = || Failure::new(EXECMON_STATUS_HANDLE, "the interpreter has been freed");
        self.interp.borrow().clone().ok_or_else(freed)
    }
}

thread_local! {
    /// The interpreters that this thread has made; those that are gone are taken out when another one is made.
    static OF_THREAD: RefCell<Vec<Weak<Core>>> = const { RefCell::new(Vec::new()) };
}

/// Whether a callback of one of this thread's interpreters is being told of an event by the record at this address.
pub(super) fn is_current(record: *const EventRecord) -> bool {
    let has = |core: &Weak<Core>| {
        let Some(core) = core.upgrade() else { return false };
        core.own.interp.borrow().as_ref().is_some_and(|interp| interp.is_current_record(record))
    };
    !record.is_null() && OF_THREAD.with_borrow(|interps| interps.iter().any(has))
}

/// A call of the host that is inside the interpreter, on its thread.
pub(super) struct Entered {
    core: Arc<Core>,
    /// None only while this is being dropped.
    session: Option<Session>,
}

/// Bytes of the native stack that a call into the interpreter wants to find: calls nest without the program recursing
/// where a callback or a hook calls what calls it.  Less than the VM itself wants, so that the program's own recursion
/// ends in RecursionError.
const MIN_STACK: usize = 128 * 1024;

pub(super) fn enter_core(core: &Arc<Core>) -> Outcome<Entered> {
    let own = core.own()?;
    if stacker::remaining_stack().is_some_and(|left| left < MIN_STACK) {
        return Err(Failure::new(EXECMON_STATUS_MEMORY, "too little of the thread's stack is left"));
    }
    let busy = || Failure::new(EXECMON_STATUS_BUSY, "the interpreter is at work further up the stack");
    let session = own.interp()?.enter().ok_or_else(busy)?;
    own.depth.set(own.depth.get() + 1);
    Ok(Entered { core: Arc::clone(core), session: Some(session) })
}

/// The core of a handle.
pub(super) fn core_of(interp: *const execmon_interp) -> Outcome<Arc<Core>> {
    Ok(Arc::clone(&pin(interp)?.core))
}

/// Enters the interpreter of a handle.
pub(super) fn enter(interp: *const execmon_interp) -> Outcome<Entered> {
    enter_core(&core_of(interp)?)
}

impl Drop for Entered {
    fn drop(&mut self) {
        let own = &*self.core.own;
        if own.depth.get() == 1
            && !own.closing.get()
            && let Some(session) = &mut self.session
        {
            // What has to go goes while a program that has been terminated cannot run.
            session.vm().serve_requests();
            session.vm().end_termination();
        }
        // From here on the host may be called.
        self.session = None;
        own.depth.set(own.depth.get() - 1);
        if own.depth.get() == 0 && own.closing.get() {
            close(own);
        }
    }
}

impl Entered {
    pub fn core(&self) -> &Arc<Core> {
        &self.core
    }

    fn own(&self) -> &Own {
        &self.core.own
    }

    pub fn session(&mut self) -> &mut Session {
        self.session.as_mut().expect("it is there until the drop")
    }

    pub fn vm(&mut self) -> &mut Vm {
        self.session().vm()
    }

    /// Does something in the interpreter that may fail.
    pub fn run<T>(&mut self, run: impl FnOnce(&mut Session) -> Result<T, crate::runtime::Failure>) -> Outcome<T> {
        let result = run(self.session()).map_err(|failure| self.failed(failure))?;
        if self.vm().is_terminating() {
            // It has come to an end where nobody could tell, such as in a finalizer.
            return Err(Failure::new(EXECMON_STATUS_TERMINATED, "terminated"));
        }
        Ok(result)
    }

    /// Does something in the VM that may raise.
    pub fn raising<T>(&mut self, run: impl FnOnce(&mut Vm) -> R<T>) -> Outcome<T> {
        self.run(|session| run(session.vm()).map_err(|exception| session.failure(exception)))
    }

    /// A new handle for a value.
    pub fn hold(&self, value: Value) -> Outcome<*mut execmon_value> {
        super::value::hold(&self.core, self.own(), value)
    }

    /// The failure of an exception that left the program.
    fn failed(&self, failure: crate::runtime::Failure) -> Failure {
        let status = match &failure {
            _ if failure.is_terminated => EXECMON_STATUS_TERMINATED,
            _ if failure.is_exit => EXECMON_STATUS_EXIT,
            _ => EXECMON_STATUS_EXCEPTION,
        };
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
}

/// Ends the interpreter, with everything that the host has given it, when no call is inside any more.
fn close(own: &Own) {
    // Taken first: whatever of the host runs from now on finds it freed.
    let Some(interp) = own.interp.take() else { return };
    own.values.clear();
    if let Ok(object) = pin(own.monitor.get()) {
        monitor::clear(object.core());
    }
    interp.set_code_observer(None);
    drop(interp);
    own.output.set(None);
    let _ = handle::free(own.monitor.get(), |_| Ok(()));
}

/// How an interpreter is set up.  What is zero, and what a smaller `size` leaves out, is the default.
#[repr(C)]
pub struct execmon_config {
    /// sizeof(execmon_config), so that the record can grow; at least 48, which is up to `write`.
    pub size: usize,
    /// The number of folders in `path`.
    pub path_count: usize,
    /// sys.path, as the system has it (see Strings, above).  execmon_run_file puts the script's folder in front.
    pub path: *const *const c_char,
    /// How many Python calls may nest; 0 for 1000.
    pub recursion_limit: usize,
    /// How many bytes the program's objects may take together; 0 for no limit.  Beyond it MemoryError is raised, also for
    /// source of which each byte, at 64 for the compiler's own use, does not fit into what is left.
    pub memory_ceiling: usize,
    /// How many instructions the program may run; 0 for no limit.  See execmon_set_instruction_budget.
    pub instruction_budget: u64,
    /// Takes what the program writes to its standard streams; NULL for the process's own.
    pub write: execmon_write,
    /// The user pointer of `write`.
    pub user: *mut c_void,
    /// Called with `user` when `write` is not used any more; may be NULL.
    pub drop: execmon_drop,
}

growing!(execmon_config, "the config", 48);

/// `limit` for the VM: a number that no program reaches is none.
fn recursion(limit: usize) -> usize {
    limit.min(i32::MAX as usize)
}

/// Sets everything but the output.
fn configure(made: &mut Config, config: &execmon_config) -> Outcome<()> {
    // SAFETY: the contract of the header.
    for folder in unsafe { array(config.path, config.path_count, "the path")? } {
        // SAFETY: as above.
        made.path.push(PathBuf::from(unsafe { system_text(*folder, "a folder of the path")? }));
    }
    if config.recursion_limit != 0 {
        made.recursion_limit = recursion(config.recursion_limit);
    }
    made.memory_ceiling = Some(config.memory_ceiling).filter(|n| *n != 0);
    made.instruction_budget = Some(config.instruction_budget).filter(|n| *n != 0);
    Ok(())
}

/// Gives an interpreter its handles.
fn publish(core: &Arc<Core>, monitor: Arc<Monitor>, interrupt: InterruptHandle) -> Outcome<*mut execmon_interp> {
    let monitor = monitor::new_handle(monitor, Some(Arc::downgrade(core)))?;
    core.own.monitor.set(monitor);
    let handle = handle::insert::<execmon_interp>(InterpObject { core: Arc::clone(core), monitor, interrupt })?;
    core.own.handle.set(handle);
    OF_THREAD.with_borrow_mut(|interps| {
        interps.retain(|core| core.strong_count() > 0);
        interps.push(Arc::downgrade(core));
    });
    Ok(handle)
}

/// Makes an interpreter with its own monitor.  `config` may be NULL for the defaults.  Free it by execmon_interp_free.
///
/// The calling thread becomes its thread.  On success the library owns `config->user`; on failure `config->drop` is not
/// called.  Fails with EXECMON_STATUS_VALUE (the config's size), EXECMON_STATUS_NULL.
///
/// The limits bound what a program uses up, not what it does: it can open files, end the process and set the clock, as the
/// process itself can.  To refuse that, give it a hook of Python's sys.addaudithook, which may be a function of the host
/// (execmon_add_function); refuse the import of all modules but those that it needs, `posix` above all, as
/// examples/c/sandbox.c does.
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
        let mut made = Config { output: Redirect::output(&output), ..Config::default() };
        let config = if config.is_null() {
            None
        } else {
            // SAFETY: the contract of the header.
            Some(unsafe { growing::read(config)? })
        };
        if let Some(config) = &config {
            configure(&mut made, config)?;
        }
        let made = Interpreter::new(made);
        let (interrupt, core_monitor) = (made.interrupt_handle(), Arc::clone(made.monitor()));
        let core = Arc::new(Core {
            owner: thread::current().id(),
            own: ManuallyDrop::new(Own {
                interp: RefCell::new(Some(made)),
                values: Values::default(),
                output,
                handle: Cell::new(ptr::null_mut()),
                monitor: Cell::new(ptr::null_mut()),
                depth: Cell::new(0),
                closing: Cell::new(false),
            }),
        });
        let handle = publish(&core, core_monitor, interrupt).inspect_err(|_| close(&core.own))?;
        // Only now, when nothing can fail any more: the user pointer becomes the library's.
        if let Some(execmon_config { write: Some(func), user, drop, .. }) = config {
            core.own.output.set(Some(Foreign::new(func, user, drop)));
        }
        out.set(handle);
        Ok(())
    })
}

/// Frees an interpreter with its monitor: its tools, hooks and functions are dropped, its modules end (so that their
/// finalizers run), and the handles of all its values with it.  NULL is allowed.
///
/// The thread of the interpreter.  From a callback or function that the interpreter is calling, the handle ends at once,
/// and the interpreter when the outermost call returns.  Fails with EXECMON_STATUS_HANDLE, EXECMON_STATUS_THREAD.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_interp_free(interp: *mut execmon_interp) -> execmon_status {
    call(ptr::null_mut(), || {
        if interp.is_null() {
            return Ok(());
        }
        let core = core_of(interp)?;
        let own = core.own()?;
        handle::free(interp, |_| Ok(()))?;
        own.closing.set(true);
        if own.depth.get() == 0 {
            close(own);
        }
        Ok(())
    })
}

/// The interpreter's monitor.  Borrowed: it goes with the interpreter.  NULL if `interp` is no interpreter.  Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_interp_monitor(interp: *const execmon_interp) -> *mut execmon_monitor {
    get(ptr::null_mut(), || Ok(pin(interp)?.monitor))
}

/// Makes the program raise KeyboardInterrupt at its next call or backward jump; if none runs, at the first of the next
/// run.  The program can catch it: see execmon_terminate.  Any thread, also from a callback.  Fails with
/// EXECMON_STATUS_HANDLE.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_interrupt(interp: *const execmon_interp, error: *mut *mut execmon_error) -> execmon_status {
    call(error, || {
        pin(interp)?.interrupt.interrupt();
        Ok(())
    })
}

/// Ends the program at its next call or backward jump.  It cannot catch that: no `except`, `finally` or finalizer of it runs
/// any more, and the call of the host that runs it returns EXECMON_STATUS_TERMINATED, as do all around that in the same
/// interpreter.  The interpreter can be used again when the outermost has returned.  If no program runs, the next one is ended,
/// and if execmon_interp_free comes next, no finalizer runs.
///
/// What makes no call and no jump is not ended before it is done, such as one operation on a large int.
///
/// Any thread, also from a callback.  Fails with EXECMON_STATUS_HANDLE.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_terminate(interp: *const execmon_interp, error: *mut *mut execmon_error) -> execmon_status {
    call(error, || {
        pin(interp)?.interrupt.terminate();
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
        enter(interp)?.session().set_recursion_limit(recursion(calls));
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
        enter(interp)?.session().set_memory_ceiling(Some(bytes).filter(|n| *n != 0));
        Ok(())
    })
}

/// Changes how many instructions the program may still run; 0 for no limit.  They are counted at calls and backward
/// jumps, so that a few more may run.  What uses them up gets a RuntimeError and 10,000 more to clean up; then it is
/// terminated as by execmon_terminate.  A budget that is used up stays so for the next run.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_set_instruction_budget(
    interp: *mut execmon_interp,
    instructions: u64,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        enter(interp)?.session().set_instruction_budget(Some(instructions).filter(|n| *n != 0));
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capi::handle::tests::with_handles;

    unsafe extern "C" fn write(_: i32, _: *const c_char, _: usize, _: *mut c_void) -> i32 {
        0
    }

    unsafe extern "C" fn count(user: *mut c_void) {
        // SAFETY: the user pointer of this test.
        unsafe { (*user.cast::<Cell<u32>>()).set((*user.cast::<Cell<u32>>()).get() + 1) }
    }

    #[test]
    fn the_user_pointer_stays_the_hosts_where_no_interpreter_is_made() {
        let dropped = Cell::new(0u32);
        let config = execmon_config {
            size: size_of::<execmon_config>(),
            path_count: 0,
            path: ptr::null(),
            recursion_limit: 0,
            memory_ceiling: 0,
            instruction_budget: 0,
            write: Some(write),
            user: (&raw const dropped).cast_mut().cast(),
            drop: Some(count),
        };
        let mut interp = ptr::null_mut();
        // One for the monitor, one for the interpreter.
        for handles in 0..2 {
            let made = with_handles(handles, || execmon_interp_new(&config, &mut interp, ptr::null_mut()));
            assert_eq!((made, interp, dropped.get()), (EXECMON_STATUS_MEMORY, ptr::null_mut(), 0), "{handles}");
        }
        assert_eq!(with_handles(2, || execmon_interp_new(&config, &mut interp, ptr::null_mut())), EXECMON_OK);
        assert_eq!(dropped.get(), 0);
        assert_eq!(execmon_interp_free(interp), EXECMON_OK);
        assert_eq!(dropped.get(), 1);
    }
}
