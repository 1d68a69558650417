//! Callbacks that are Python callables, as callbacks of the core.

use std::ffi::c_void;
use std::sync::Arc;

use super::sentinels;
use crate::monitor::{Action, Callback, Event, EventRecord, MISSING, PayloadKind};
use crate::object::function::Code;
use crate::object::header::{Gc, Header, Ref};
use crate::object::opaque::Opaque;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::home::Home;
use crate::vm::requests::Orphans;
use crate::vm::{R, Vm};

/// A callable that watches the programs of one interpreter.
struct PythonCallback {
    /// An owned reference, as a word.
    callable: u64,
    home: Home,
}

impl Drop for PythonCallback {
    fn drop(&mut self) {
        // Values are counted on the interpreter's own thread only.
        self.home.orphans.push(self.callable);
    }
}

/// A callback of the core that calls `callable`.
pub(super) fn wrap(vm: &mut Vm, callable: &Value) -> Callback {
    let callback = PythonCallback { callable: callable.clone().into_bits(), home: Home::of(vm) };
    // SAFETY: `call` and `free` take the box made here, see `Home` for threads, and neither unwinds: what they run
    // reports errors as values.
    unsafe { Callback::from_raw(call, Box::into_raw(Box::new(callback)).cast(), Some(free)) }
}

/// What Python sees of a callback: the callable, or an object that stands for a function of the host and can be
/// registered again.
pub(super) fn unwrap(vm: &mut Vm, callback: &Callback) -> Value {
    match python(callback) {
        // SAFETY: the callback owns the reference, and is alive.
        Some(python) => unsafe { borrowed(&raw const python.callable) }.clone(),
        None => {
            let class = vm.types().host_callback.clone();
            let data = HostCallback { callback: callback.clone(), orphans: vm.orphans().clone() };
            vm.heap.alloc(&class, Opaque { data: Box::new(data) }).into()
        }
    }
}

/// The callback that an object stands for, if it came from [`unwrap`] and is the host's.
pub(super) fn host(v: &Value) -> Option<Callback> {
    v.opaque::<HostCallback>().map(|h| h.callback.clone())
}

struct HostCallback {
    callback: Callback,
    orphans: Arc<Orphans>,
}

impl Drop for HostCallback {
    fn drop(&mut self) {
        // Perhaps the last of it, and its drop function is code of the host.
        self.orphans.push_host(Box::new(self.callback.clone()));
    }
}

opaque_data!(HostCallback {});

fn python(callback: &Callback) -> Option<&PythonCallback> {
    if !std::ptr::fn_addr_eq(callback.func(), call as crate::monitor::CallbackFn) {
        return None;
    }
    // SAFETY: the user pointer of `call` is the box made by `wrap`, and lives as long as the callback.
    Some(unsafe { &*callback.user().cast() })
}

unsafe extern "C" fn free(user: *mut c_void) {
    // SAFETY: the box made by `wrap`; drop functions run once.
    drop(unsafe { Box::from_raw(user.cast::<PythonCallback>()) });
}

unsafe extern "C" fn call(record: *const EventRecord, user: *mut c_void) -> Action {
    // SAFETY: the record is borrowed for the call, and the callback is alive while it runs.
    let (record, callback) = unsafe { (&*record, &*user.cast::<PythonCallback>()) };
    let run = |vm: &mut Vm| {
        // SAFETY: the callback owns the reference, and is alive while it runs.
        let callable = unsafe { borrowed(&raw const callback.callable) };
        let result = vm.at_event(record.event(), |vm| deliver(vm, callable, record))?;
        Ok(if !result.is_none() && result.is(&sentinels(vm).disable) { Action::DISABLE } else { Action::CONTINUE })
    };
    callback.home.enter(record, run)
}

/// Calls a callable with the arguments of the event (semantics, section 1).
fn deliver(vm: &mut Vm, callable: &Value, record: &EventRecord) -> R {
    let event = record.event();
    let code = code(record);
    if event == Event::Line {
        return vm.call(callable, &[code, Value::int_unchecked(record.line.into())]);
    }
    let offset = Value::int_unchecked(record.offset.into());
    match event.payload() {
        PayloadKind::None => vm.call(callable, &[code, offset]),
        PayloadKind::Value | PayloadKind::Exception => {
            // SAFETY: this is what such an event comes with.
            let value = unsafe { value_at(record.payload().value) };
            vm.call(callable, &[code, offset, value])
        }
        PayloadKind::Destination => {
            vm.call(callable, &[code, offset, Value::int_unchecked(record.destination_offset.into())])
        }
        PayloadKind::Call => {
            let arg0 = if std::ptr::eq(record.payload().arg0, MISSING.as_ptr()) {
                sentinels(vm).missing
            } else {
                // SAFETY: this is what such an event comes with.
                unsafe { value_at(record.payload().arg0) }
            };
            // SAFETY: as above.
            let called = unsafe { value_at(record.payload().callable) };
            vm.call(callable, &[code, offset, called, arg0])
        }
    }
}

/// # Safety
/// `word` is the address of a live value.
unsafe fn borrowed<'a>(word: *const u64) -> &'a Value {
    // SAFETY: a value is one word.
    unsafe { &*word.cast() }
}

/// The value that a record points to.
///
/// # Safety
/// The record is that of a running callback, and the pointer one of its own, not null.
pub(in crate::builtins) unsafe fn value_at(at: *const c_void) -> Value {
    // SAFETY: the VM fires with the addresses of values that are alive during the call.
    unsafe { borrowed(at.cast()) }.clone()
}

/// The code object in which an event of the interpreter's own thread state happened.
fn code(record: &EventRecord) -> Value {
    // SAFETY: the VM registers its code objects with their addresses, and this one is running.
    unsafe {
        let code = std::ptr::NonNull::new_unchecked(record.code().host().cast::<Gc<Code>>());
        code.cast::<Header>().as_ref().increment();
        Ref::from_raw(code).into()
    }
}
