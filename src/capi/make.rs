//! Making values.

use std::ffi::c_char;

use super::arguments::{EXECMON_NUL_TERMINATED, array, counted, text};
use super::error::execmon_error;
use super::guard::{Failure, Outcome};
use super::interp::{Entered, execmon_interp};
use super::status::*;
use super::value::{execmon_value, give_new, values_of};
use crate::runtime::embed::{BigInt, Bytes, Dict, Float, List, Set, Tuple, Value};

/// Refuses what would not fit under the memory ceiling.
fn check_memory(entered: &mut Entered, count: usize, each: usize, what: &str) -> Outcome<()> {
    let size = count.checked_mul(each).filter(|size| *size <= isize::MAX as usize);
    let vm = entered.vm();
    size.and_then(|size| vm.check_memory(Some(size)).ok())
        .ok_or_else(|| Failure::new(EXECMON_STATUS_MEMORY, format!("{what} cannot have {count} items")))
}

/// Makes a container of the values of an array.
fn make_of(
    interp: *mut execmon_interp,
    items: *const *mut execmon_value,
    count: usize,
    value: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
    make: impl FnOnce(&mut Entered, Vec<Value>) -> Outcome<Value>,
) -> execmon_status {
    give_new(interp, value, error, |entered| {
        check_memory(entered, count, size_of::<Value>(), "the array of values")?;
        // SAFETY: the contract of the header.
        let items = unsafe { values_of(entered.core(), items, count)? };
        make(entered, items)
    })
}

/// Makes None.
///
/// All functions of this section run on the thread of the interpreter; `*value` gets a new handle.  What does not fit under
/// the memory ceiling fails with EXECMON_STATUS_MEMORY.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_make_none(
    interp: *mut execmon_interp,
    value: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give_new(interp, value, error, |_| Ok(Value::NONE))
}

/// Makes True (`truth` is not 0) or False.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_make_bool(
    interp: *mut execmon_interp,
    truth: i32,
    value: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give_new(interp, value, error, |_| Ok(Value::bool(truth != 0)))
}

/// Makes an int.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_make_int(
    interp: *mut execmon_interp,
    number: i64,
    value: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give_new(interp, value, error, |entered| Ok(BigInt::from_i64(&entered.vm().heap, number)))
}

/// Makes an int of any size from decimal text, as Python's int() reads it.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_EXCEPTION (ValueError) if it is none.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_make_int_from_text(
    interp: *mut execmon_interp,
    decimal: *const c_char,
    value: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give_new(interp, value, error, |entered| {
        // SAFETY: the contract of the header.
        let decimal = unsafe { text(decimal, "the number")? };
        entered.raising(|vm| {
            let shown = vm.new_str(decimal);
            vm.parse_int_text(decimal.trim(), 10, &shown)
        })
    })
}

/// Makes a float.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_make_float(
    interp: *mut execmon_interp,
    number: f64,
    value: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give_new(interp, value, error, |entered| Ok(Float::value(&entered.vm().heap, number)))
}

/// Makes a str from `length` bytes of UTF-8, which may have NUL bytes among them; or up to the NUL, if `length` is
/// EXECMON_NUL_TERMINATED.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_TEXT, EXECMON_STATUS_MEMORY.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_make_str(
    interp: *mut execmon_interp,
    utf8: *const c_char,
    length: usize,
    value: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give_new(interp, value, error, |entered| {
        if length != EXECMON_NUL_TERMINATED {
            // First, so that a length that nothing has is not looked at.
            check_memory(entered, length, 4, "the text")?;
        }
        // SAFETY: the contract of the header.
        let bytes = unsafe { counted(utf8, length, "the text")? };
        let text = std::str::from_utf8(bytes);
        let text = text.map_err(|e| Failure::new(EXECMON_STATUS_TEXT, format!("the text is not UTF-8: {e}")))?;
        Ok(entered.vm().new_str(text))
    })
}

/// Makes bytes from a copy of `length` bytes.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_make_bytes(
    interp: *mut execmon_interp,
    data: *const u8,
    length: usize,
    value: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give_new(interp, value, error, |entered| {
        check_memory(entered, length, 1, "the data")?;
        // SAFETY: the contract of the header.
        let data = unsafe { array(data, length, "the data")? };
        Ok(Bytes::new(&entered.vm().heap, data).into())
    })
}

/// Makes a tuple of `count` values, whose handles the host keeps.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_make_tuple(
    interp: *mut execmon_interp,
    items: *const *mut execmon_value,
    count: usize,
    value: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    make_of(interp, items, count, value, error, |entered, items| Ok(Tuple::new(&entered.vm().heap, items).into()))
}

/// Makes a list of `count` values, whose handles the host keeps.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_make_list(
    interp: *mut execmon_interp,
    items: *const *mut execmon_value,
    count: usize,
    value: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    make_of(interp, items, count, value, error, |entered, items| Ok(List::new(&entered.vm().heap, items).into()))
}

/// Makes a dict of `count` keys and values, whose handles the host keeps.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_EXCEPTION (TypeError) if a key cannot be hashed.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_make_dict(
    interp: *mut execmon_interp,
    keys: *const *mut execmon_value,
    values: *const *mut execmon_value,
    count: usize,
    value: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give_new(interp, value, error, |entered| {
        check_memory(entered, count, 2 * size_of::<Value>(), "the array of keys")?;
        // SAFETY: the contract of the header.
        let (keys, values) =
            unsafe { (values_of(entered.core(), keys, count)?, values_of(entered.core(), values, count)?) };
        let dict = Dict::new(&entered.vm().heap);
        for (key, value) in keys.into_iter().zip(values) {
            entered.raising(|vm| vm.dict_set(&dict, key, value))?;
        }
        Ok(dict.into())
    })
}

/// Makes a set of `count` values, whose handles the host keeps.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_EXCEPTION (TypeError) if one cannot be hashed.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_make_set(
    interp: *mut execmon_interp,
    items: *const *mut execmon_value,
    count: usize,
    value: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    make_of(interp, items, count, value, error, |entered, items| {
        let ty = entered.vm().types().set.clone();
        let set = Set::new(&entered.vm().heap, &ty);
        for item in items {
            entered.raising(|vm| vm.set_add(&set, item))?;
        }
        Ok(set.into())
    })
}
