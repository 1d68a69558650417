//! What tools want to know of Python values.

use std::ffi::c_void;
use std::rc::{Rc, Weak};

use crate::object::function::{BoundMethod, Function, Native};
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::tools::Describe;
use crate::vm::Vm;
use crate::vm::baton::{Baton, Turn};

/// Describes the values in the event records of one interpreter.
pub struct VmDescribe {
    vm: Weak<Baton>,
}

// SAFETY: tools call it in callbacks only, this VM's monitor calls callbacks on the VM's own thread only, and tools are
// stopped, which drops it, on that thread, too.
unsafe impl Send for VmDescribe {}
// SAFETY: as above.
unsafe impl Sync for VmDescribe {}

/// What stands for a value when its VM cannot be asked.
const UNKNOWN: &str = "<?>";

impl VmDescribe {
    pub(super) fn new(vm: &Rc<Baton>) -> VmDescribe {
        VmDescribe { vm: Rc::downgrade(vm) }
    }

    /// The VM, which is lent to callbacks.
    fn vm(&self) -> Option<Turn> {
        self.vm.upgrade()?.take()
    }
}

fn value(at: *const c_void) -> Value {
    // SAFETY: the VM fires with addresses of values that are alive during the call.
    unsafe { &*at.cast::<Value>() }.clone()
}

fn type_name(vm: &Vm, v: &Value) -> String {
    format!("<{}>", v.class(&vm.heap).own_name())
}

impl Describe for VmDescribe {
    fn value(&self, at: *const c_void) -> String {
        let (Some(mut vm), v) = (self.vm(), value(at)) else { return UNKNOWN.to_owned() };
        let class = v.class(&vm.heap);
        let t = vm.types();
        let plain = [&t.none_type, &t.bool, &t.int, &t.float, &t.str, &t.bytes];
        if !plain.iter().any(|p| class.is(p)) {
            return type_name(&vm, &v);
        }
        // The limit of digits is the program's, not the tool's.
        let limit = std::mem::replace(&mut vm.native.int_max_str_digits, 0);
        let shown = vm.repr(&v).map(|r| r.to_string_lossy().into_owned());
        vm.native.int_max_str_digits = limit;
        shown.unwrap_or_else(|_| type_name(&vm, &v))
    }

    fn callable(&self, at: *const c_void) -> String {
        let (Some(mut vm), v) = (self.vm(), value(at)) else { return UNKNOWN.to_owned() };
        // Straight from the objects: looking an attribute up could run code of the program.
        let name = if let Some(f) = v.downcast::<Function>() {
            f.qualname.get().downcast::<Str>().cloned()
        } else if v.downcast::<Native>().is_some() {
            let name = vm.types().names.__qualname__.clone();
            vm.get_attr_opt(&v, &name).ok().flatten().and_then(|q| q.downcast::<Str>().cloned())
        } else if let Some(m) = v.downcast::<BoundMethod>() {
            let f = m.function.clone();
            let name = vm.types().names.__qualname__.clone();
            vm.get_attr_opt(&f, &name).ok().flatten().and_then(|q| q.downcast::<Str>().cloned())
        } else if let Some(t) = v.downcast::<Type>() {
            return t.qualname_str();
        } else {
            let name = vm.types().names.__qualname__.clone();
            vm.generic_get(&v, &name).ok().flatten().and_then(|q| q.downcast::<Str>().cloned())
        };
        name.map_or_else(|| type_name(&vm, &v), |n| n.to_string_lossy().into_owned())
    }

    fn exception(&self, at: *const c_void) -> (String, String) {
        let (Some(mut vm), v) = (self.vm(), value(at)) else { return (UNKNOWN.to_owned(), String::new()) };
        let class = v.class(&vm.heap).own_name();
        let message = match vm.str(&v) {
            Ok(s) => s.to_string_lossy().into_owned(),
            Err(e) => format!("<unprintable: {}>", e.0.class(&vm.heap).name_str()),
        };
        (class, message)
    }
}
