//! Operations on values: what may run Python code.

use std::ffi::c_char;

use super::arguments::text;
use super::error::execmon_error;
use super::guard::{Failure, Outcome};
use super::interp::Entered;
use super::status::*;
use super::value::{execmon_value, give, read, value_of, values_of};
use crate::runtime::embed::{Args, CompareOp, Ref, Str, Value};

/// How execmon_value_compare compares.
pub const EXECMON_LT: i32 = 0;
/// Less or equal.
pub const EXECMON_LE: i32 = 1;
/// Equal.
pub const EXECMON_EQ: i32 = 2;
/// Not equal.
pub const EXECMON_NE: i32 = 3;
/// Greater.
pub const EXECMON_GT: i32 = 4;
/// Greater or equal.
pub const EXECMON_GE: i32 = 5;

/// Does something with a value that has no result.
fn change(
    value: *const execmon_value,
    error: *mut *mut execmon_error,
    change: impl FnOnce(&mut Entered, Value) -> Outcome<()>,
) -> execmon_status {
    let mut nothing = ();
    read(value, &mut nothing, error, change)
}

/// Does something whose result may be NULL for none.
fn give_if_wanted(
    value: *const execmon_value,
    result: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
    done: impl FnOnce(&mut Entered, Value) -> Outcome<Value>,
) -> execmon_status {
    if result.is_null() {
        return change(value, error, |entered, value| done(entered, value).map(drop));
    }
    give(value, result, error, done)
}

/// An attribute's name.
///
/// # Safety
/// As for `text`.
unsafe fn name_of(entered: &mut Entered, name: *const c_char) -> Outcome<Ref<Str>> {
    // SAFETY: the caller's promise.
    Ok(entered.vm().intern(unsafe { text(name, "the name")? }))
}

/// `value[key]`: `*item` gets a new handle.  All functions of this section run on the thread of the interpreter and fail with
/// EXECMON_STATUS_EXCEPTION where Python raises, EXECMON_STATUS_FOREIGN for values of different interpreters.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_get_item(
    value: *const execmon_value,
    key: *const execmon_value,
    item: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give(value, item, error, |entered, value| {
        let key = value_of(entered.core(), key)?;
        entered.raising(|vm| vm.get_item(&value, &key))
    })
}

/// `value[index]` for a number as key; negative ones count from the end.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_get_index(
    value: *const execmon_value,
    index: i64,
    item: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give(value, item, error, |entered, value| {
        let key = crate::runtime::embed::BigInt::from_i64(&entered.vm().heap, index);
        entered.raising(|vm| vm.get_item(&value, &key))
    })
}

/// `value[key] = item`.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_set_item(
    value: *const execmon_value,
    key: *const execmon_value,
    item: *const execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    change(value, error, |entered, value| {
        let (key, item) = (value_of(entered.core(), key)?, value_of(entered.core(), item)?);
        entered.raising(|vm| vm.set_item(&value, &key, item))
    })
}

/// `del value[key]`.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_del_item(
    value: *const execmon_value,
    key: *const execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    change(value, error, |entered, value| {
        let key = value_of(entered.core(), key)?;
        entered.raising(|vm| vm.del_item(&value, &key))
    })
}

/// `value.name`: `*attribute` gets a new handle.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_get_attr(
    value: *const execmon_value,
    name: *const c_char,
    attribute: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give(value, attribute, error, |entered, value| {
        // SAFETY: the contract of the header.
        let name = unsafe { name_of(entered, name)? };
        entered.raising(|vm| vm.get_attr(&value, &name))
    })
}

/// Whether a value has an attribute, as Python's hasattr() tells it: `*has` gets 1 or 0.  The thread of the
/// interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_has_attr(
    value: *const execmon_value,
    name: *const c_char,
    has: *mut i32,
    error: *mut *mut execmon_error,
) -> execmon_status {
    read(value, has, error, |entered, value| {
        // SAFETY: the contract of the header.
        let name = unsafe { name_of(entered, name)? };
        entered.raising(|vm| vm.get_attr_opt(&value, &name)).map(|found| found.is_some().into())
    })
}

/// `value.name = attribute`.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_set_attr(
    value: *const execmon_value,
    name: *const c_char,
    attribute: *const execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    change(value, error, |entered, value| {
        // SAFETY: the contract of the header.
        let name = unsafe { name_of(entered, name)? };
        let attribute = value_of(entered.core(), attribute)?;
        entered.raising(|vm| vm.set_attr(&value, &name, attribute))
    })
}

/// `del value.name`.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_del_attr(
    value: *const execmon_value,
    name: *const c_char,
    error: *mut *mut execmon_error,
) -> execmon_status {
    change(value, error, |entered, value| {
        // SAFETY: the contract of the header.
        let name = unsafe { name_of(entered, name)? };
        entered.raising(|vm| vm.del_attr(&value, &name))
    })
}

/// `len(value)`.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_length(
    value: *const execmon_value,
    length: *mut usize,
    error: *mut *mut execmon_error,
) -> execmon_status {
    read(value, length, error, |entered, value| entered.raising(|vm| vm.len(&value)))
}

/// `item in value`: `*contains` gets 1 or 0.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_contains(
    value: *const execmon_value,
    item: *const execmon_value,
    contains: *mut i32,
    error: *mut *mut execmon_error,
) -> execmon_status {
    read(value, contains, error, |entered, value| {
        let item = value_of(entered.core(), item)?;
        entered.raising(|vm| vm.contains(&value, &item)).map(i32::from)
    })
}

/// `iter(value)`: `*iterator` gets a new handle.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_iterate(
    value: *const execmon_value,
    iterator: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give(value, iterator, error, |entered, value| entered.raising(|vm| vm.iter(&value)))
}

/// `next(iterator)`: `*item` gets a new handle.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_END when there is no more.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_next(
    iterator: *const execmon_value,
    item: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give(iterator, item, error, |entered, iterator| {
        let end = || Failure::new(EXECMON_STATUS_END, "the iterator is exhausted");
        entered.raising(|vm| vm.next(&iterator))?.ok_or_else(end)
    })
}

/// Calls a value with `count` positional arguments and `named` keyword arguments, whose names and values stand in two
/// arrays: `*result` gets a new handle.  `result` may be NULL.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_call(
    callable: *const execmon_value,
    args: *const *mut execmon_value,
    count: usize,
    names: *const *const c_char,
    values: *const *mut execmon_value,
    named: usize,
    result: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give_if_wanted(callable, result, error, |entered, callable| {
        // SAFETY: the contract of the header.
        let (pos, values) =
            unsafe { (values_of(entered.core(), args, count)?, values_of(entered.core(), values, named)?) };
        let mut interned: Vec<Value> = Vec::with_capacity(values.len());
        // SAFETY: as above.
        for name in unsafe { super::arguments::array(names, named, "the array of names")? } {
            // SAFETY: as above.
            let name: Value = unsafe { name_of(entered, *name)? }.into();
            if interned.iter().any(|n| n.is(&name)) {
                return Err(Failure::new(EXECMON_STATUS_VALUE, "a keyword argument is given twice"));
            }
            interned.push(name);
        }
        let args = Args { pos: &pos, names: &interned, values: &values };
        entered.raising(|vm| vm.call_args(&callable, args))
    })
}

/// `value.name(*args)`: calls a method with `count` positional arguments; `*result` gets a new handle.  `result` may be
/// NULL.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_call_method(
    value: *const execmon_value,
    name: *const c_char,
    args: *const *mut execmon_value,
    count: usize,
    result: *mut *mut execmon_value,
    error: *mut *mut execmon_error,
) -> execmon_status {
    give_if_wanted(value, result, error, |entered, value| {
        // SAFETY: the contract of the header.
        let (name, args) = unsafe { (name_of(entered, name)?, values_of(entered.core(), args, count)?) };
        entered.raising(|vm| vm.call_method(&value, &name, &args))
    })
}

/// `isinstance(value, class_)`: `*is` gets 1 or 0.  `class_` may also be a tuple of classes.  The thread of the
/// interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_is_instance(
    value: *const execmon_value,
    class_: *const execmon_value,
    is: *mut i32,
    error: *mut *mut execmon_error,
) -> execmon_status {
    read(value, is, error, |entered, value| {
        let class = value_of(entered.core(), class_)?;
        entered.raising(|vm| vm.isinstance(&value, &class)).map(i32::from)
    })
}

/// Compares two values by one of EXECMON_LT and its like: `*holds` gets 1 or 0.
///
/// The thread of the interpreter.  Fails with EXECMON_STATUS_VALUE for another operator.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_compare(
    left: *const execmon_value,
    right: *const execmon_value,
    operator: i32,
    holds: *mut i32,
    error: *mut *mut execmon_error,
) -> execmon_status {
    read(left, holds, error, |entered, left| {
        let right = value_of(entered.core(), right)?;
        let operator = match operator {
            EXECMON_LT => CompareOp::Lt,
            EXECMON_LE => CompareOp::Le,
            EXECMON_EQ => CompareOp::Eq,
            EXECMON_NE => CompareOp::Ne,
            EXECMON_GT => CompareOp::Gt,
            EXECMON_GE => CompareOp::Ge,
            _ => return Err(Failure::new(EXECMON_STATUS_VALUE, format!("{operator} is no comparison"))),
        };
        let result = entered.raising(|vm| vm.compare(operator, &left, &right))?;
        entered.raising(|vm| vm.truth(&result)).map(i32::from)
    })
}

/// Whether two handles are of the same object, as Python's `is`: `*same` gets 1 or 0.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_is(
    left: *const execmon_value,
    right: *const execmon_value,
    same: *mut i32,
    error: *mut *mut execmon_error,
) -> execmon_status {
    read(left, same, error, |entered, left| Ok(left.is(&value_of(entered.core(), right)?).into()))
}

/// `hash(value)`.  The thread of the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_value_hash(
    value: *const execmon_value,
    hash: *mut i64,
    error: *mut *mut execmon_error,
) -> execmon_status {
    read(value, hash, error, |entered, value| entered.raising(|vm| vm.hash(&value)).map(|hash| hash as i64))
}
