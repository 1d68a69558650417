//! Arguments that lend bytes: what functions that take any bytes-like object read from and write to.

use std::borrow::Cow;

use crate::object::buffer::MemoryView;
use crate::object::value::Value;
use crate::vm::protocol::buffer::buffer_flags;
use crate::vm::{R, Vm};

/// The bytes of a bytes-like object, copied where they can change.
pub fn bytes<'a>(vm: &mut Vm, v: &'a Value) -> R<Cow<'a, [u8]>> {
    match vm.bytes_of(v)? {
        Some(bytes) => Ok(bytes),
        None => {
            let got = vm.class_name(v);
            Err(vm.type_error(format!("a bytes-like object is required, not '{got}'")))
        }
    }
}

/// Bytes that a function may overwrite.  Their number stays the same until this is dropped.
pub struct Target {
    view: Value,
}

impl Target {
    /// The bytes of an argument of `function`.
    pub fn of(vm: &mut Vm, v: &Value, function: &str) -> R<Target> {
        match Target::open(vm, v)? {
            Some(target) => Ok(target),
            None => {
                let got = vm.argument_class(v);
                Err(vm.type_error(format!("{function}() argument must be read-write bytes-like object, not {got}")))
            }
        }
    }

    /// The bytes that an object lends to be overwritten; None where it lends none.
    pub fn open(vm: &mut Vm, v: &Value) -> R<Option<Target>> {
        let made = match vm.lend_bytes(v, buffer_flags::WRITABLE) {
            Ok(view) => view.map(|view| Target { view }),
            // What cannot be overwritten is refused in the function's own words.
            Err(e) if vm.is_exception(&e, &vm.types().BufferError.clone()) => return Ok(None),
            Err(e) => return Err(e),
        };
        let fits = |t: &Target| t.view().is_some_and(|v| !v.readonly && v.layout.is_contiguous(false));
        Ok(made.filter(fits))
    }

    fn view(&self) -> Option<&MemoryView> {
        self.view.opaque()
    }

    /// Number of bytes.
    pub fn size(&self) -> usize {
        self.view().map_or(0, |v| v.layout.count() * v.layout.itemsize)
    }

    /// Overwrites the bytes from `at` on; what does not fit is left out.
    pub fn write(&self, at: usize, data: &[u8]) {
        let Some(view) = self.view() else { return };
        let n = data.len().min(self.size().saturating_sub(at));
        if n > 0 {
            view.write(view.layout.offset as usize + at, &data[..n]);
        }
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if let Some(view) = self.view() {
            view.release();
        }
    }
}
