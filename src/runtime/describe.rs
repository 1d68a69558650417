//! What tools want to know of Python values.

use std::ffi::c_void;

use crate::monitor::{EventRecord, MISSING};
use crate::object::function::{BoundMethod, Function, Native};
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::tools::Describe;
use crate::vm::Vm;
use crate::vm::home::Home;

/// Describes the values in the event records of one interpreter.
pub struct VmDescribe(Home);

/// What stands for a value of another host, and for one whose VM cannot be asked.
const UNKNOWN: &str = "<?>";

impl VmDescribe {
    pub(super) fn new(vm: &Vm) -> VmDescribe {
        VmDescribe(Home::of(vm))
    }

    /// Asks the VM that fires an event about one of its values; None if there is nobody to ask, or no such value.
    fn ask<T>(&self, record: &EventRecord, at: *const c_void, ask: impl FnOnce(&mut Vm, &Value) -> T) -> Option<T> {
        if at.is_null() || at == MISSING.as_ptr() {
            return None;
        }
        self.0.visit(record, |vm| {
            // SAFETY: the VM fires this event, and does so with addresses of values that are alive meanwhile.
            let value = unsafe { &*at.cast::<Value>() }.clone();
            ask(vm, &value)
        })
    }
}

fn type_name(vm: &Vm, v: &Value) -> String {
    format!("<{}>", v.class(&vm.heap).own_name())
}

fn value(vm: &mut Vm, v: &Value) -> String {
    let class = v.class(&vm.heap);
    let t = vm.types();
    let plain = [&t.none_type, &t.bool, &t.int, &t.float, &t.str, &t.bytes];
    if !plain.iter().any(|p| class.is(p)) {
        return type_name(vm, v);
    }
    // The limit of digits is the program's, not the tool's.
    let limit = std::mem::replace(&mut vm.native.int_max_str_digits, 0);
    let shown = vm.repr(v).map(|r| r.to_string_lossy().into_owned());
    vm.native.int_max_str_digits = limit;
    shown.unwrap_or_else(|_| type_name(vm, v))
}

fn callable(vm: &mut Vm, v: &Value) -> String {
    let qualname = |vm: &mut Vm, of: &Value| {
        let name = vm.types().names.__qualname__.clone();
        vm.get_attr_opt(of, &name).ok().flatten().and_then(|q| q.downcast::<Str>().cloned())
    };
    // Straight from the objects: looking an attribute up could run code of the program.
    let name = if let Some(f) = v.downcast::<Function>() {
        f.qualname.get().downcast::<Str>().cloned()
    } else if v.downcast::<Native>().is_some() {
        qualname(vm, v)
    } else if let Some(m) = v.downcast::<BoundMethod>() {
        qualname(vm, &m.function.clone())
    } else if let Some(t) = v.downcast::<Type>() {
        return t.qualname_str();
    } else {
        let name = vm.types().names.__qualname__.clone();
        vm.generic_get(v, &name).ok().flatten().and_then(|q| q.downcast::<Str>().cloned())
    };
    name.map_or_else(|| type_name(vm, v), |n| n.to_string_lossy().into_owned())
}

fn exception(vm: &mut Vm, v: &Value) -> (String, String) {
    let class = v.class(&vm.heap).own_name();
    let message = match vm.str(v) {
        Ok(s) => s.to_string_lossy().into_owned(),
        Err(e) => format!("<unprintable: {}>", e.0.class(&vm.heap).name_str()),
    };
    (class, message)
}

impl Describe for VmDescribe {
    fn value(&self, record: &EventRecord) -> String {
        self.ask(record, record.payload().value, value).unwrap_or_else(|| UNKNOWN.to_owned())
    }

    fn arg0(&self, record: &EventRecord) -> String {
        let arg0 = record.payload().arg0;
        let missing = if arg0 == MISSING.as_ptr() { "MISSING" } else { UNKNOWN };
        self.ask(record, arg0, value).unwrap_or_else(|| missing.to_owned())
    }

    fn callable(&self, record: &EventRecord) -> String {
        self.ask(record, record.payload().callable, callable).unwrap_or_else(|| UNKNOWN.to_owned())
    }

    fn exception(&self, record: &EventRecord) -> (String, String) {
        self.ask(record, record.payload().value, exception).unwrap_or_else(|| (UNKNOWN.to_owned(), String::new()))
    }
}
