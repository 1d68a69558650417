//! Running code in an interpreter, and what it has in its modules.

use std::ffi::{c_char, c_void};
use std::path::Path;
use std::rc::Rc;

use super::arguments::{array, counted, system_text, text};
use super::callback::Foreign;
use super::code::{execmon_code, handle_of};
use super::error::execmon_error;
use super::guard::call;
use super::interp::{Entered, core_of, enter, execmon_interp};
use super::status::*;
use super::value::{execmon_value, give_new};

/// Runs a file as the program: as `__main__`, with sys.argv the path and `argc` arguments, and the file's folder first in
/// sys.path.  A folder stands for the `__main__.py` in it.  Path and arguments are texts of the system, which need not be UTF-8
/// (see Strings, above).  Nothing is printed for a failure: the error has the traceback.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_EXCEPTION (also for a file that cannot be read or compiled),
/// EXECMON_STATUS_EXIT (SystemExit, also with status 0).
#[unsafe(no_mangle)]
pub extern "C" fn execmon_run_file(
    interp: *mut execmon_interp,
    path: *const c_char,
    argc: usize,
    argv: *const *const c_char,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let mut entered = enter(interp)?;
        // SAFETY: the contract of the header.
        let path = unsafe { system_text(path, "the path")? };
        let mut args = Vec::new();
        // SAFETY: as above.
        for arg in unsafe { array(argv, argc, "argv")? } {
            // SAFETY: as above.
            args.push(unsafe { system_text(*arg, "an argument")? }.to_owned());
        }
        entered.run(|session| session.run_file(Path::new(path), &args))
    })
}

/// Runs `length` bytes of source text (or all up to its NUL: EXECMON_NUL_TERMINATED) in the module `name`, which is made if it
/// is not there yet.  Tracebacks show the file as `<name>`.
///
/// The thread of the interpreter.  Fails as execmon_run_file does, and with EXECMON_STATUS_TEXT if the name is not UTF-8.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_run_string(
    interp: *mut execmon_interp,
    name: *const c_char,
    source: *const c_char,
    length: usize,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let mut entered = enter(interp)?;
        // SAFETY: the contract of the header.
        let (name, source) = unsafe { (text(name, "the name")?, counted(source, length, "the source")?) };
        entered.run(|session| session.run_source(name, source)).map(drop)
    })
}

/// The value of an expression of `length` bytes (or EXECMON_NUL_TERMINATED) in the module `name`, which is made if it is not
/// there yet: `*value` gets a new handle.
///
/// The thread of the interpreter.  Failures as for execmon_run_string.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_eval_string(
    interp: *mut execmon_interp,
    name: *const c_char,
    expression: *const c_char,
    length: usize,
    value: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give_new(interp, value, error, |entered| {
        // SAFETY: the contract of the header.
        let (name, source) = unsafe { (text(name, "the name")?, counted(expression, length, "the expression")?) };
        entered.run(|session| session.eval_source(name, source))
    })
}

/// Imports a module by its dotted name: `*module` gets a new handle.
///
/// The thread of the interpreter.  Failures as for execmon_run_string.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_import(
    interp: *mut execmon_interp,
    name: *const c_char,
    module: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give_new(interp, module, error, |entered| {
        // SAFETY: the contract of the header.
        let name = unsafe { text(name, "the name")? };
        entered.run(|session| session.import(name))
    })
}

/// Calls a function of a module, which is imported if it was not: `*result` gets a new handle.  `result` may be NULL.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_EXCEPTION, EXECMON_STATUS_EXIT, EXECMON_STATUS_HANDLE (also for
/// an argument), EXECMON_STATUS_FOREIGN (an argument of another interpreter).
#[unsafe(no_mangle)]
pub extern "C" fn execmon_call(
    interp: *mut execmon_interp,
    module: *const c_char,
    function: *const c_char,
    args: *const *mut execmon_value,
    count: usize,
    result: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    let call_it = |entered: &mut Entered| {
        // SAFETY: the contract of the header.
        let (module, function) = unsafe { (text(module, "the module")?, text(function, "the function")?) };
        // SAFETY: as above.
        let args = unsafe { super::value::values_of(entered.core(), args, count)? };
        entered.run(|session| session.call(module, function, &args))
    };
    if result.is_null() {
        return call(error, || call_it(&mut enter(interp)?).map(drop));
    }
    give_new(interp, result, error, call_it)
}

/// A global of a module, which is imported if it was not: `*value` gets a new handle.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_EXCEPTION (AttributeError if there is none).
#[unsafe(no_mangle)]
pub extern "C" fn execmon_get_global(
    interp: *mut execmon_interp,
    module: *const c_char,
    name: *const c_char,
    value: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give_new(interp, value, error, |entered| {
        // SAFETY: the contract of the header.
        let (module, name) = unsafe { (text(module, "the module")?, text(name, "the name")?) };
        entered.run(|session| session.get_global(module, name))
    })
}

/// Sets a global of a module, which is made if it is not there yet.  The host keeps its handle.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_FOREIGN if the value belongs to another interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_set_global(
    interp: *mut execmon_interp,
    module: *const c_char,
    name: *const c_char,
    value: *const execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let mut entered = enter(interp)?;
        // SAFETY: the contract of the header.
        let (module, name) = unsafe { (text(module, "the module")?, text(name, "the name")?) };
        let value = super::value::value_of(entered.core(), value)?;
        entered.run(|session| session.set_global(module, name, value))
    })
}

/// Told of each code object of a module before the module runs: its own and all that are nested in it.  `code` is
/// borrowed for the call; execmon_code_retain keeps it.  The place to set local events of code that is about to run.
/// It may use the interpreter, and is not told of code that it runs itself.
pub type execmon_code_hook = Option<unsafe extern "C" fn(code: *mut execmon_code, user: *mut c_void)>;

/// Sets the hook that is told of new code, in place of the one before; with `hook` NULL only removes that.  With
/// execmon_code_lines it tells a coverage tool which lines there are to be covered.
///
/// On success the library owns `user` and calls `drop` (if not NULL) with it when the hook has been replaced or the
/// interpreter freed; with `hook` NULL, `drop` is not called.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_set_code_hook(
    interp: *mut execmon_interp,
    hook: execmon_code_hook,
    user: *mut c_void,
    drop: execmon_drop,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let core = core_of(interp)?;
        // Not entered, because the old hook's drop function may use the interpreter.
        let interp = core.own()?.interp()?;
        let hook = hook.map(|func| -> crate::runtime::CodeObserver {
            let hook = Foreign::new(func, user, drop);
            Rc::new(move |code| {
                let hook = &hook;
                // SAFETY: function and user pointer belong together.
                unsafe { (hook.func)(handle_of(code), hook.user.get()) }
            })
        });
        interp.set_code_observer(hook);
        Ok(())
    })
}
