//! What tools ask a host about its values.

use crate::monitor::EventRecord;

/// Texts for the host values in event records.
///
/// Asked in callbacks, of the record that the callback is given: a host tells by it whether the values are its own, since
/// others may fire events of the same monitor.  May run code of the host's language: no event fires meanwhile.  Does not fail:
/// what cannot be described gets a text that says so.
pub trait Describe: Send + Sync {
    /// The value returned or yielded: its `repr` where it is one of the plain types (None, bool, int, float, str, bytes), else
    /// `<typename>`.
    fn value(&self, record: &EventRecord) -> String;
    /// The first argument of a call, as a value; `MISSING` if there is none.
    fn arg0(&self, record: &EventRecord) -> String;
    /// What is called: its qualified name, or `<typename>` if it has none.
    fn callable(&self, record: &EventRecord) -> String;
    /// The exception: the name of its class, and its message.
    fn exception(&self, record: &EventRecord) -> (String, String);
}
