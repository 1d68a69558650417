//! Arguments and results: pointers from the host, checked; results to the host, written.

use std::borrow::Cow;
use std::ffi::{CStr, CString, OsStr, c_char};
use std::os::unix::ffi::OsStrExt;
use std::slice;

use super::guard::{Failure, Outcome};
use super::status::*;

/// Text from the host: NUL-terminated UTF-8.
///
/// # Safety
/// `text` is NULL or NUL-terminated and stays unchanged for `'a`.
pub(super) unsafe fn text<'a>(text: *const c_char, what: &str) -> Outcome<&'a str> {
    if text.is_null() {
        return Err(Failure::null(what));
    }
    // SAFETY: the caller's promise.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str().map_err(|e| Failure::new(EXECMON_STATUS_TEXT, format!("{what} is not UTF-8: {e}")))
}

/// A path or argument from the host, as the system has it: NUL-terminated bytes that need not be UTF-8.
///
/// # Safety
/// As for [`text`].
pub(super) unsafe fn system_text<'a>(text: *const c_char, what: &str) -> Outcome<&'a OsStr> {
    // SAFETY: the caller's promise.
    unsafe { counted(text, EXECMON_NUL_TERMINATED, what) }.map(OsStr::from_bytes)
}

/// An array from the host.  NULL is an empty one if `count` is 0.
///
/// # Safety
/// `items` is NULL or points to `count` items that stay unchanged for `'a`.
pub(super) unsafe fn array<'a, T>(items: *const T, count: usize, what: &str) -> Outcome<&'a [T]> {
    if count == 0 {
        return Ok(&[]);
    }
    if items.is_null() {
        return Err(Failure::null(what));
    }
    if !items.is_aligned() {
        return Err(Failure::new(EXECMON_STATUS_VALUE, format!("{what} is not aligned")));
    }
    match count.checked_mul(size_of::<T>()) {
        // SAFETY: the caller's promise; the size has just been checked.
        Some(bytes) if bytes <= isize::MAX as usize => Ok(unsafe { slice::from_raw_parts(items, count) }),
        _ => Err(Failure::new(EXECMON_STATUS_MEMORY, format!("{what} cannot have {count} items"))),
    }
}

/// As the length of a text: it ends at its NUL.
pub const EXECMON_NUL_TERMINATED: usize = usize::MAX;

/// Bytes of a text from the host that comes with its length, or with EXECMON_NUL_TERMINATED.
///
/// # Safety
/// As for `array`, or as for `text`.
pub(super) unsafe fn counted<'a>(text: *const c_char, length: usize, what: &str) -> Outcome<&'a [u8]> {
    if length != EXECMON_NUL_TERMINATED {
        // SAFETY: the caller's promise.
        return unsafe { array(text.cast(), length, what) };
    }
    if text.is_null() {
        return Err(Failure::null(what));
    }
    // SAFETY: the caller's promise.
    Ok(unsafe { CStr::from_ptr(text) }.to_bytes())
}

/// Where a result goes.  Taken before the work is done, so that nothing is lost when the pointer is NULL.
pub(super) struct Out<T>(*mut T);

impl<T> Out<T> {
    /// A place that must be there.
    ///
    /// # Safety
    /// `place` is NULL or may be written until the call ends.
    pub unsafe fn required(place: *mut T, what: &str) -> Outcome<Out<T>> {
        if place.is_null() { Err(Failure::null(what)) } else { Ok(Out(place)) }
    }

    /// Writes the result.
    pub fn set(self, value: T) {
        // SAFETY: the promise of `required`.  What was there is plain data that is not read.
        unsafe { self.0.write_unaligned(value) }
    }
}

/// Copies text to a buffer of the host as snprintf does: at most `capacity - 1` bytes and a NUL, cut between two
/// characters; `length` (if not NULL) gets the length of the whole text.
///
/// # Safety
/// `buffer` is NULL or has room for `capacity` bytes; `length` is NULL or may be written.
pub(super) unsafe fn copy_text(text: &str, buffer: *mut c_char, capacity: usize, length: *mut usize) -> Outcome<()> {
    if buffer.is_null() && capacity != 0 {
        return Err(Failure::null("the buffer"));
    }
    if capacity != 0 {
        let count = text.floor_char_boundary(text.len().min(capacity - 1));
        // SAFETY: `count + 1` is at most `capacity`.
        unsafe {
            buffer.copy_from_nonoverlapping(text.as_ptr().cast(), count);
            buffer.add(count).write(0);
        }
    }
    if !length.is_null() {
        // SAFETY: the caller's promise.
        unsafe { length.write_unaligned(text.len()) }
    }
    Ok(())
}

/// Text for C: what stands before the first NUL byte.
pub(super) fn c_text(text: &str) -> CString {
    let text: Cow<str> = text.split('\0').next().unwrap_or_default().into();
    CString::new(text.as_ref()).unwrap_or_default()
}
