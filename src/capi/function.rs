//! Functions of the host that a Python program can call.

use std::any::Any;
use std::collections::BTreeSet;
use std::ffi::{c_char, c_int, c_void};
use std::ptr;
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use super::arguments::text;
use super::callback::Foreign;
use super::error::execmon_error;
use super::guard::{Failure, Outcome, call};
use super::handle::{self, pin};
use super::interp::{Core, enter, execmon_interp};
use super::status::*;
use super::value::{Held, execmon_value, hold, value_of};
use crate::runtime::embed::{ANY, Args, Mut, Native, NativeDef, Opaque, OpaqueData, Orphans, R, Value, Vm, erase};

/// A function of the host.  `args` are `count` values, borrowed for the call.  On success it returns EXECMON_OK and sets
/// `*result` to a handle that the library takes over, or leaves it NULL for None.  To raise, it returns any other status
/// and sets `*error`, which the library takes over, to an error of execmon_error_new or of a call that failed; without one,
/// RuntimeError is raised.  Runs on the thread of the interpreter; must return normally.
pub type execmon_function = Option<
    unsafe extern "C" fn(
        interp: *mut execmon_interp,
        args: *const *mut execmon_value,
        count: usize,
        result: *mut *mut execmon_value,
        error: *mut *mut execmon_error,
        user: *mut c_void,
    ) -> c_int,
>;

type Function = unsafe extern "C" fn(
    *mut execmon_interp,
    *const *mut execmon_value,
    usize,
    *mut *mut execmon_value,
    *mut *mut execmon_error,
    *mut c_void,
) -> c_int;

/// What a native function object of the host holds as its bound argument.
struct HostFunction {
    parts: Arc<Foreign<Function>>,
    core: Weak<Core>,
    orphans: Arc<Orphans>,
}

impl OpaqueData for HostFunction {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Drop for HostFunction {
    fn drop(&mut self) {
        // The object may die in the middle of anything, so that its drop function has to wait.
        self.orphans.push_host(Box::new(Arc::clone(&self.parts)));
    }
}

/// A name that native functions can have, which live until the process ends.
fn lasting(name: &str) -> &'static str {
    static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut names = NAMES.lock();
    if let Some(known) = names.get(name) {
        return known;
    }
    let lasting = Box::leak(name.to_owned().into_boxed_str());
    names.insert(lasting);
    lasting
}

/// What a function of the host has returned.
struct Returned {
    status: c_int,
    result: Outcome<Value>,
    error: *mut execmon_error,
}

/// The native function: passes the call on to the host, to which the VM is lent.
fn run(vm: &mut Vm, args: Args<'_>) -> R {
    let function = args.pos.first().and_then(|bound| bound.opaque::<HostFunction>());
    let found = function.and_then(|f| Some((Arc::clone(&f.parts), f.core.upgrade()?)));
    // Finalizers run still while the interpreter ends; they can do without the host.
    let Some((parts, core)) = found.filter(|(_, core)| core.own().is_ok_and(|own| own.interp().is_ok())) else {
        return Err(vm.runtime_error("the interpreter is being freed"));
    };
    let returned = vm.lend(|| call_host(&core, parts, &args.pos[1..]));
    let Returned { status, result, error } = match returned {
        Ok(returned) => returned,
        Err(failure) => return Err(vm.runtime_error(&*failure.message)),
    };
    if status == EXECMON_OK as c_int {
        vm.lend(|| handle::free(error, |_| Ok(())).ok());
        return result.map_err(|failure| vm.runtime_error(&*failure.message));
    }
    let exception = match pin(error) {
        Ok(error) => error.to_exception(&core, vm),
        Err(_) => vm.runtime_error(format!("a function of the host failed with status {status}")),
    };
    let _ = handle::free(error, |_| Ok(()));
    Err(exception)
}

/// Calls the function with handles of the arguments.
fn call_host(core: &Arc<Core>, parts: Arc<Foreign<Function>>, args: &[Value]) -> Outcome<Returned> {
    let own = core.own()?;
    let held: Outcome<Vec<Held>> = args.iter().map(|arg| hold(core, own, arg.clone()).map(Held)).collect();
    let held = held?;
    let handles: Vec<*mut execmon_value> = held.iter().map(|h| h.0).collect();
    let (mut result, mut error) = (ptr::null_mut(), ptr::null_mut());
    let interp = own.handle.get();
    // SAFETY: function and user pointer belong together, and everything else outlives the call.
    let status =
        unsafe { (parts.func)(interp, handles.as_ptr(), handles.len(), &mut result, &mut error, parts.user.get()) };
    let result = Held(result);
    let value = if result.0.is_null() { Ok(Value::NONE) } else { value_of(core, result.0) };
    Ok(Returned { status, result: value, error })
}

/// Gives a module, which is made if it is not there yet, a function of the host.
///
/// On success the library owns `user` and calls `drop` (if not NULL) with it when the function has died: as soon as a call of
/// the library returns after that.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_NULL, EXECMON_STATUS_TEXT, EXECMON_STATUS_EXCEPTION.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_add_function(
    interp: *mut execmon_interp,
    module: *const c_char,
    name: *const c_char,
    function: execmon_function,
    user: *mut c_void,
    drop: execmon_drop,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let mut entered = enter(interp)?;
        // SAFETY: the contract of the header.
        let (module, name) = unsafe { (text(module, "the module")?, text(name, "the name")?) };
        let func = function.ok_or_else(|| Failure::null("the function"))?;
        let parts = Arc::new(Foreign::new(func, user, drop));
        let core = Arc::downgrade(entered.core());
        let vm = entered.vm();
        let data = HostFunction { parts: Arc::clone(&parts), core, orphans: Arc::clone(vm.orphans()) };
        let bound: Value = vm.heap.alloc(&vm.types().object, Opaque { data: Box::new(data) }).into();
        let def = NativeDef {
            name: lasting(name),
            doc: "",
            entry: erase(run),
            min_args: 0,
            max_args: ANY,
            takes_keywords: false,
            resumes: false,
        };
        let native =
            Native { def, bound: Some(bound), owner: None, setter: None, module: Mut::new(vm.new_str(module)) };
        let native = vm.heap.alloc(&vm.types().builtin_function, native);
        let result = entered.run(|session| session.set_global(module, name, native.into()));
        if result.is_err() {
            parts.user.disown();
        }
        result
    })
}
