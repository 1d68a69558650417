//! What Python sees of the core's callbacks.

use std::sync::Arc;

use crate::monitor::Callback;
use crate::object::opaque::Opaque;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::Vm;
use crate::vm::python_callback::PythonCallback;
use crate::vm::requests::Orphans;

/// What Python sees of a callback: the callable, or an object that stands for a function of the host and can be
/// registered again.
pub(super) fn unwrap(vm: &mut Vm, callback: &Callback) -> Value {
    // SAFETY: both are the callback's, which lives.
    match unsafe { PythonCallback::of(callback.func(), callback.user()) } {
        Some(python) => python.callable().clone(),
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
