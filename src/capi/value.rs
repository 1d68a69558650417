//! Values: handles of Python objects, making them, and reading them.

use std::cell::RefCell;
use std::ffi::c_char;
use std::ptr;
use std::sync::Arc;

use super::arguments::{Out, array, copy_text};
use super::code::{execmon_code, handle_of, retain};
use super::error::execmon_error;
use super::guard::{Failure, Outcome, call};
use super::handle::{self, Handle, pin};
use super::interp::{Core, Entered, Own, enter, enter_core, execmon_interp};
use super::status::*;
use crate::runtime::embed::{BoundMethod, Bytes, Code, Function, Kind, Value};

/// A handle of a Python object.  Belongs to the thread of its interpreter.  Every handle that a function gives is new, is
/// owned by the caller, and is released by execmon_value_release; two handles may be of the same object.  All handles of
/// an interpreter end with it.
pub struct execmon_value {
    _opaque: [u8; 0],
}

pub(super) struct ValueObject {
    core: Arc<Core>,
    /// Where the interpreter's table has the value.
    index: usize,
}

impl Handle for execmon_value {
    type Object = ValueObject;
    const NAME: &'static str = "value";
}

/// The values that the host holds, with their handles.  Borrowed for a look only, never while anything runs.
#[derive(Default)]
pub(super) struct Values(RefCell<Table>);

#[derive(Default)]
struct Table {
    entries: Vec<Option<Entry>>,
    free: Vec<usize>,
}

struct Entry {
    value: Value,
    handle: *mut execmon_value,
    /// What `execmon_value_text` has given out.
    text: Option<Box<[u8]>>,
}

impl Values {
    /// Ends all handles and drops their values.
    pub fn clear(&self) {
        let table = self.0.take();
        for entry in table.entries.into_iter().flatten() {
            let _ = handle::free(entry.handle, |_| Ok(()));
        }
    }

    fn get(&self, object: &ValueObject) -> Outcome<Value> {
        match self.0.borrow().entries.get(object.index) {
            Some(Some(entry)) => Ok(entry.value.clone()),
            _ => Err(released()),
        }
    }
}

fn released() -> Failure {
    Failure::new(EXECMON_STATUS_HANDLE, "the value has been released")
}

/// A new handle for a value.
pub(super) fn hold(core: &Arc<Core>, own: &Own, value: Value) -> Outcome<*mut execmon_value> {
    let mut table = own.values.0.borrow_mut();
    let index = table.free.last().copied().unwrap_or(table.entries.len());
    let handle = handle::insert::<execmon_value>(ValueObject { core: Arc::clone(core), index })?;
    let entry = Some(Entry { value, handle, text: None });
    if index == table.entries.len() {
        table.entries.push(entry);
    } else {
        table.free.pop();
        table.entries[index] = entry;
    }
    Ok(handle)
}

/// Enters the interpreter of a value.
fn look(value: *const execmon_value) -> Outcome<(Entered, Value)> {
    let object = pin(value)?;
    let entered = enter_core(&object.core)?;
    let found = object.core.own()?.values.get(&object)?;
    Ok((entered, found))
}

/// The object behind a handle of the same interpreter, on its thread.
pub(super) fn value_of(core: &Arc<Core>, value: *const execmon_value) -> Outcome<Value> {
    let object = pin(value)?;
    if !Arc::ptr_eq(&object.core, core) {
        return Err(Failure::new(EXECMON_STATUS_FOREIGN, "the value belongs to another interpreter"));
    }
    core.own()?.values.get(&object)
}

/// The objects behind an array of handles.
///
/// # Safety
/// As for `array`.
pub(super) unsafe fn values_of(
    core: &Arc<Core>,
    items: *const *mut execmon_value,
    count: usize,
) -> Outcome<Vec<Value>> {
    // SAFETY: the caller's promise.
    let items = unsafe { array(items, count, "the array of values")? };
    items.iter().map(|item| value_of(core, *item)).collect()
}

/// One more handle of the same object.
pub(super) fn another(value: *const execmon_value) -> Outcome<*mut execmon_value> {
    let object = pin(value)?;
    let own = object.core.own()?;
    let found = own.values.get(&object)?;
    hold(&object.core, own, found)
}

/// Ends a handle.  The VM need not be free for it: an object that dies waits for its finalizer.
fn release(value: *mut execmon_value) -> Outcome<()> {
    if value.is_null() {
        return Ok(());
    }
    let object = pin(value)?;
    let own = object.core.own()?;
    handle::free(value, |_| Ok(()))?;
    let entry = {
        let mut table = own.values.0.borrow_mut();
        let entry = table.entries.get_mut(object.index).and_then(Option::take);
        if entry.is_some() {
            table.free.push(object.index);
        }
        entry
    };
    // May free objects, so after the borrow.
    drop(entry);
    Ok(())
}

/// A handle that is released when this goes, if that is on its interpreter's thread.
#[derive(Debug)]
pub(super) struct Held(pub *mut execmon_value);

// SAFETY: the handle is a number.
unsafe impl Send for Held {}
// SAFETY: as above.
unsafe impl Sync for Held {}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = release(self.0);
    }
}

/// Makes one more handle of the same object: for instance to keep an argument of a function.  The thread of the
/// interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_retain(
    value: *const execmon_value,
    another: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give(value, another, error, |_, value| Ok(value))
}

/// Releases a handle.  NULL is allowed.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_HANDLE if it is none (any more), also because its
/// interpreter has been freed; EXECMON_STATUS_THREAD.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_release(value: *mut execmon_value) -> execmon_status {
    call(ptr::null_mut(), || {
        let core = if value.is_null() { None } else { Some(Arc::clone(&pin(value)?.core)) };
        release(value)?;
        if let Some(core) = core
            && let Ok(entered) = enter_core(&core)
        {
            // Whose end runs the finalizers of what has died.
            drop(entered);
        }
        Ok(())
    })
}

/// What a value is.  An instance of a subclass is what the built-in class is.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum execmon_type {
    /// Something that is not in this list.
    EXECMON_TYPE_OTHER = 0,
    /// None.
    EXECMON_TYPE_NONE = 1,
    /// True or False.
    EXECMON_TYPE_BOOL = 2,
    /// An int of any size.
    EXECMON_TYPE_INT = 3,
    /// A float.
    EXECMON_TYPE_FLOAT = 4,
    /// A str.
    EXECMON_TYPE_STR = 5,
    /// A bytes object.
    EXECMON_TYPE_BYTES = 6,
    /// A tuple.
    EXECMON_TYPE_TUPLE = 7,
    /// A list.
    EXECMON_TYPE_LIST = 8,
    /// A dict.
    EXECMON_TYPE_DICT = 9,
    /// A set or frozenset.
    EXECMON_TYPE_SET = 10,
    /// A class.
    EXECMON_TYPE_CLASS = 11,
    /// A function, method or built-in function.
    EXECMON_TYPE_FUNCTION = 12,
    /// A module.
    EXECMON_TYPE_MODULE = 13,
    /// An exception.
    EXECMON_TYPE_EXCEPTION = 14,
}

use execmon_type::*;

fn type_of(value: &Value) -> execmon_type {
    match value.kind() {
        None if value.is_none() => EXECMON_TYPE_NONE,
        None if value.as_bool().is_some() => EXECMON_TYPE_BOOL,
        None if value.is_small_int() => EXECMON_TYPE_INT,
        None if value.is_flonum() => EXECMON_TYPE_FLOAT,
        Some(Kind::BigInt) => EXECMON_TYPE_INT,
        Some(Kind::Float) => EXECMON_TYPE_FLOAT,
        Some(Kind::Str) => EXECMON_TYPE_STR,
        Some(Kind::Bytes) => EXECMON_TYPE_BYTES,
        Some(Kind::Tuple) => EXECMON_TYPE_TUPLE,
        Some(Kind::List) => EXECMON_TYPE_LIST,
        Some(Kind::Dict) => EXECMON_TYPE_DICT,
        Some(Kind::Set) => EXECMON_TYPE_SET,
        Some(Kind::Type) => EXECMON_TYPE_CLASS,
        Some(Kind::Function | Kind::Native | Kind::BoundMethod) => EXECMON_TYPE_FUNCTION,
        Some(Kind::Module) => EXECMON_TYPE_MODULE,
        Some(Kind::Exception) => EXECMON_TYPE_EXCEPTION,
        _ => EXECMON_TYPE_OTHER,
    }
}

/// Reads something from a value.
pub(super) fn read<T>(
    value: *const execmon_value,
    result: *mut T,
    error: *mut *mut execmon_error,
    read: impl FnOnce(&mut Entered, Value) -> Outcome<T>,
) -> execmon_status {
    call(error, || {
        let (mut entered, value) = look(value)?;
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(result, "the place for the result")? };
        out.set(read(&mut entered, value)?);
        Ok(())
    })
}

/// The same where the result is a value, which gets a handle.
pub(super) fn give(
    value: *const execmon_value,
    result: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
    give: impl FnOnce(&mut Entered, Value) -> Outcome<Value>,
) -> execmon_status {
    read(value, result, error, |entered, value| {
        let given = give(entered, value)?;
        entered.hold(given)
    })
}

/// Reads something from an interpreter.
pub(super) fn read_interp<T>(
    interp: *const execmon_interp,
    result: *mut T,
    error: *mut *mut execmon_error,
    read: impl FnOnce(&mut Entered) -> Outcome<T>,
) -> execmon_status {
    call(error, || {
        let mut entered = enter(interp)?;
        // SAFETY: the contract of the header.
        let out = unsafe { Out::required(result, "the place for the result")? };
        out.set(read(&mut entered)?);
        Ok(())
    })
}

/// The same where the result is a value, which gets a handle.
pub(super) fn give_new(
    interp: *const execmon_interp,
    result: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
    give: impl FnOnce(&mut Entered) -> Outcome<Value>,
) -> execmon_status {
    read_interp(interp, result, error, |entered| {
        let given = give(entered)?;
        entered.hold(given)
    })
}

fn wrong_type(entered: &mut Entered, value: &Value, wanted: &str) -> Failure {
    let got = entered.vm().class_name(value);
    Failure::new(EXECMON_STATUS_TYPE, format!("the value is no {wanted} but '{got}'"))
}

/// What the value is: `*type` gets one of EXECMON_TYPE_*.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_type(
    value: *const execmon_value,
    r#type: *mut execmon_type,
    error: *mut *mut execmon_error,
) -> execmon_status {
    read(value, r#type, error, |_, value| Ok(type_of(&value)))
}

/// Copies the name of the value's class to `buffer`, as execmon_get_tool does with a tool's.  The thread of the
/// interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_type_name(
    value: *const execmon_value,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut *mut execmon_error,
) -> execmon_status {
    call(error, || {
        let (mut entered, value) = look(value)?;
        let name = entered.vm().class_name(&value);
        // SAFETY: the contract of the header.
        unsafe { copy_text(&name, buffer, capacity, length) }
    })
}

/// The truth of a value, as Python's bool() tells it: `*truth` gets 1 or 0.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_EXCEPTION.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_truth(
    value: *const execmon_value,
    truth: *mut i32,
    error: *mut *mut execmon_error,
) -> execmon_status {
    read(value, truth, error, |entered, value| entered.raising(|vm| vm.truth(&value)).map(i32::from))
}

/// The number of an int or bool.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_TYPE for anything else, EXECMON_STATUS_OVERFLOW if it does
/// not fit.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_int(
    value: *const execmon_value,
    number: *mut i64,
    error: *mut *mut execmon_error,
) -> execmon_status {
    read(value, number, error, |entered, value| match value.as_int() {
        Some(int) => {
            let large = || Failure::new(EXECMON_STATUS_OVERFLOW, "the int does not fit 64 bits");
            int.to_i64().ok_or_else(large)
        }
        None => Err(wrong_type(entered, &value, "int")),
    })
}

/// The number of a float, int or bool.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_TYPE for anything else, EXECMON_STATUS_OVERFLOW for an int
/// beyond the range of double.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_float(
    value: *const execmon_value,
    number: *mut f64,
    error: *mut *mut execmon_error,
) -> execmon_status {
    read(value, number, error, |entered, value| {
        if let Some(float) = value.as_float() {
            return Ok(float);
        }
        let Some(int) = value.as_int() else { return Err(wrong_type(entered, &value, "float")) };
        let number = int.to_big().to_f64().value();
        let large = || Failure::new(EXECMON_STATUS_OVERFLOW, "int too large to convert to float");
        if number.is_finite() { Ok(number) } else { Err(large()) }
    })
}

/// The text of a value: of a str itself, of anything else as Python's str() makes it, such as the decimal digits of an
/// int of any size.  `*text` gets UTF-8 with a NUL behind it, valid until the handle is released (for a mutable object:
/// or asked again); `*length` (if not NULL) its length.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_TEXT if it has lone surrogates, EXECMON_STATUS_EXCEPTION.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_text(
    value: *const execmon_value,
    text: *mut *const c_char,
    length: *mut usize,
    error: *mut *mut execmon_error,
) -> execmon_status {
    read(value, text, error, |entered, found| {
        let index = pin(value)?.index;
        let made = entered.raising(|vm| vm.str(&found))?;
        let lone = || Failure::new(EXECMON_STATUS_TEXT, "the text has lone surrogates");
        let mut bytes = made.to_utf8().ok_or_else(lone)?.into_owned().into_bytes();
        let size = bytes.len();
        let core = Arc::clone(entered.core());
        let mut table = core.own()?.values.0.borrow_mut();
        // str() may have run code that released the handle.
        let Some(Some(entry)) = table.entries.get_mut(index) else { return Err(released()) };
        bytes.push(0);
        let kept = match &entry.text {
            // The same again, where the host may still have the pointer.
            Some(kept) if **kept == *bytes => kept,
            _ => entry.text.insert(bytes.into_boxed_slice()),
        };
        if !length.is_null() {
            // SAFETY: the contract of the header.
            unsafe { length.write_unaligned(size) }
        }
        Ok(kept.as_ptr().cast())
    })
}

/// The contents of a bytes object: `*data` is valid until the handle is released.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_TYPE for anything else.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_bytes(
    value: *const execmon_value,
    data: *mut *const u8,
    length: *mut usize,
    error: *mut *mut execmon_error,
) -> execmon_status {
    read(value, data, error, |entered, value| {
        let Some(bytes) = value.downcast::<Bytes>() else { return Err(wrong_type(entered, &value, "bytes")) };
        // SAFETY: the contract of the header.
        unsafe { Out::required(length, "length")? }.set(bytes.data.len());
        Ok(bytes.data.as_ptr())
    })
}

/// The value's repr(): `*repr` gets a new handle of a str.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_EXCEPTION.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_repr(
    value: *const execmon_value,
    repr: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give(value, repr, error, |entered, value| entered.raising(|vm| vm.repr(&value)).map(Into::into))
}

/// The code object of a Python function or method: `*code` gets its handle, of which the caller is one more owner.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_TYPE for anything that has none.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_code(
    value: *const execmon_value,
    code: *mut *mut execmon_code,
    error: *mut *mut execmon_error,
) -> execmon_status {
    read(value, code, error, |entered, value| {
        let method = value.downcast::<BoundMethod>().map(|m| m.function.clone());
        let function = method.as_ref().unwrap_or(&value);
        let found = match function.downcast::<Function>() {
            Some(function) => Some(function.code.borrow().clone()),
            None => value.downcast::<Code>().cloned(),
        };
        let found = found.ok_or_else(|| wrong_type(entered, &value, "function"))?;
        // SAFETY: the reference keeps the code object alive during the call.
        let registered = entered.vm().register_code(unsafe { &*found.as_ptr() });
        let broken = || Failure::new(EXECMON_STATUS_INTERNAL, "the code object could not be registered");
        let handle = handle_of(&*registered.ok_or_else(broken)?);
        retain(&*pin(handle)?)?;
        Ok(handle)
    })
}
