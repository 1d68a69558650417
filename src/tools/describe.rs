//! What tools ask a host about its values.

use std::ffi::c_void;

/// Texts for the host values in event records.
///
/// Called from callbacks only, on the thread that fired, with pointers out of the record; never called with NULL or
/// MISSING.  May run code of the host's language: no event fires meanwhile.  Must not fail: an object that cannot be
/// described gets a text that says so.
pub trait Describe: Send + Sync {
    /// A value: its `repr` where it is one of the plain types (None, bool, int, float, str, bytes), else `<typename>`.
    fn value(&self, value: *const c_void) -> String;
    /// A callable: its qualified name, or `<typename>` if it has none.
    fn callable(&self, callable: *const c_void) -> String;
    /// An exception: the name of its class, and its message.
    fn exception(&self, exception: *const c_void) -> (String, String);
}
