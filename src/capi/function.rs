//! Functions of the host that a Python program can call.

use std::any::Any;
use std::collections::BTreeSet;
use std::ffi::{c_char, c_int, c_void};
use std::ptr;
use std::rc::Rc;
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use super::arguments::text;
use super::callback::Foreign;
use super::error::execmon_error;
use super::guard::{Failure, Outcome, call};
use super::handle::{self, pin};
use super::interp::{Core, Entered, enter, enter_core, execmon_interp};
use super::status::*;
use super::value::{Held, execmon_value, value_of};
use crate::runtime::embed::{ANY, Args, Exc, Mut, Native, NativeDef, Opaque, OpaqueData, R, Value, Vm, erase};

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
    parts: Rc<Foreign<Function>>,
    core: Weak<Core>,
}

impl OpaqueData for HostFunction {
    fn as_any(&self) -> &dyn Any {
        self
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

/// The native function: passes the call on to the host.
fn run(vm: &mut Vm, args: Args<'_>) -> R {
    let function = args.pos.first().and_then(|bound| bound.opaque::<HostFunction>());
    let found = function.and_then(|f| Some((Rc::clone(&f.parts), f.core.upgrade()?)));
    let entered = found.and_then(|(parts, core)| Some((parts, enter_core(&core).ok()?)));
    match entered {
        Some((parts, entered)) => run_entered(&entered, &parts, &args.pos[1..]),
        None => Err(vm.runtime_error("the interpreter is being freed")),
    }
}

fn run_entered(entered: &Entered, parts: &Foreign<Function>, args: &[Value]) -> R {
    let refuse = |failure: Failure| entered.vm().runtime_error(&*failure.message);
    let held: Outcome<Vec<Held>> = args.iter().map(|arg| entered.hold(arg.clone()).map(Held)).collect();
    let held = held.map_err(refuse)?;
    let handles: Vec<*mut execmon_value> = held.iter().map(|h| h.0).collect();
    let (mut result, mut error) = (ptr::null_mut(), ptr::null_mut());
    let interp = entered.handle();
    // SAFETY: function and user pointer belong together, and everything else outlives the call.
    let status = unsafe { (parts.func)(interp, handles.as_ptr(), handles.len(), &mut result, &mut error, parts.user) };
    drop(held);
    let result = Held(result);
    if status == EXECMON_OK as c_int {
        let _ = handle::free(error, |_| Ok(()));
        if result.0.is_null() {
            return Ok(Value::NONE);
        }
        return value_of(entered, result.0).map_err(refuse);
    }
    let exception = match pin(error) {
        Ok(error) => error.to_exception(entered),
        Err(_) => entered.vm().runtime_error(format!("a function of the host failed with status {status}")),
    };
    let _ = handle::free(error, |_| Ok(()));
    Err::<Value, Exc>(exception)
}

/// Gives a module, which is made if it is not there yet, a function of the host.
///
/// On success the library owns `user` and calls `drop` (if not NULL) with it when the function has died.  The thread of the
/// interpreter.  Fails with EXECMON_STATUS_NULL, EXECMON_STATUS_TEXT, EXECMON_STATUS_EXCEPTION.
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
        let entered = enter(interp)?;
        // SAFETY: the contract of the header.
        let (module, name) = unsafe { (text(module, "the module")?, text(name, "the name")?) };
        let func = function.ok_or_else(|| Failure::null("the function"))?;
        let parts = Rc::new(Foreign::new(func, user, drop));
        let vm = entered.vm();
        let data = HostFunction { parts: Rc::clone(&parts), core: Arc::downgrade(entered.core()) };
        let bound: Value = vm.heap.alloc(&vm.types().object, Opaque { data: Box::new(data) }).into();
        let def = NativeDef {
            name: lasting(name),
            doc: "",
            entry: erase(run),
            min_args: 0,
            max_args: ANY,
            takes_keywords: false,
        };
        let native = Native {
            def: Rc::new(def),
            bound: Some(bound),
            owner: None,
            setter: None,
            module: Mut::new(vm.new_str(module)),
            qualname: vm.intern(name),
        };
        let native = vm.heap.alloc(&vm.types().builtin_function, native);
        let result = entered.interp().set_global(module, name, native.into());
        if result.is_err() {
            parts.disown();
        }
        result.map_err(|e| entered.failed(e))
    })
}
