//! Objects that lend their bytes: `bytes`, `bytearray` and `memoryview`, and those of classes in Python with `__buffer__`
//! and `__release_buffer__` (PEP 688).

use std::any::Any;
use std::borrow::Cow;

use crate::object::buffer::{ByteArray, Layout, MemoryView};
use crate::object::cell::Mut;
use crate::object::function::Native;
use crate::object::opaque::OpaqueData;
use crate::object::sequence::Bytes;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::vm::native::def;
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, Exc, R, Vm};

/// What borrowers say they want: the flags that `__buffer__` gets (`inspect.BufferFlags`).
pub mod buffer_flags {
    pub const SIMPLE: i32 = 0;
    pub const WRITABLE: i32 = 1;
    /// Whatever there is, as `memoryview()` wants it.
    pub const FULL_RO: i32 = 0x11c;
}

/// What views hold whose lender is to be told when the last of them is released.
struct Loan {
    lender: Mut<Option<Value>>,
    /// What `__buffer__` of the lender gave; None where the lender's bytes are its own, and only the end is of interest to it.
    given: Mut<Option<Value>>,
}

impl OpaqueData for Loan {
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.lender.borrow().iter().for_each(&mut *visit);
        self.given.borrow().iter().for_each(visit);
    }

    fn needs_finalizer(&self) -> bool {
        self.lender.borrow().is_some()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

static LOAN: Class = Class { name: "_buffer_wrapper", methods: &[def("__del__", 1, 1, end_loan)], ..CLASS };

fn end_loan(vm: &mut Vm, a: Args<'_>) -> R {
    let loan = vm.receiver::<Loan>(a)?;
    let (lender, given) = (loan.lender.take(), loan.given.take());
    let Some(lender) = lender else { return Ok(Value::NONE) };
    match given {
        // Of its own bytes the lender is told by the loan that `given` holds.
        Some(view) if view.opaque::<MemoryView>().is_some_and(|v| v.is_of(&lender)) => {}
        Some(view) => vm.tell_released(&lender, &view),
        None => {
            let Some(view) = vm.own_view(&lender) else { return Ok(Value::NONE) };
            let data = view.opaque::<MemoryView>();
            data.into_iter().for_each(|v| v.restricted.set(true));
            vm.tell_released(&lender, &view);
            data.into_iter().for_each(MemoryView::release);
        }
    }
    Ok(Value::NONE)
}

impl Vm {
    /// A new view of the bytes that an object lends to a borrower who wants `flags`; None where it lends none.
    pub fn lend_bytes(&mut self, v: &Value, flags: i32) -> R<Option<Value>> {
        if v.opaque::<MemoryView>().is_none()
            && let Some(given) = self.call_buffer_method(v, flags)?
        {
            let Some(view) = given.opaque::<MemoryView>() else {
                return Err(self.type_error("__buffer__ returned non-memoryview object"));
            };
            self.check_writable(view.readonly, flags, "memoryview: underlying buffer is not writable")?;
            let loan = self.new_loan(v, Some(given.clone()));
            return match view.lend(&self.heap, Some(loan)) {
                Some(view) => Ok(Some(view)),
                None => Err(self.no_more_views(view)),
            };
        }
        self.lend_own_bytes(v, flags)
    }

    /// The same of the object's own bytes, whatever `__buffer__` of its class says.
    pub fn lend_own_bytes(&mut self, v: &Value, flags: i32) -> R<Option<Value>> {
        if let Some(view) = v.opaque::<MemoryView>() {
            self.check_writable(view.readonly, flags, "memoryview: underlying buffer is not writable")?;
            return match view.derive(&self.heap, view.layout.clone(), view.readonly) {
                Some(view) => Ok(Some(view)),
                None => Err(self.no_more_views(view)),
            };
        }
        let Some(made) = self.own_view(v) else { return Ok(None) };
        self.check_writable(v.downcast::<Bytes>().is_some(), flags, "Object is not writable.")?;
        if self.is_told(v)
            && let Some(view) = made.opaque::<MemoryView>()
        {
            view.loan.set(Some(self.new_loan(v, None)));
        }
        Ok(Some(made))
    }

    /// The bytes of a bytes-like object, copied where they can change; None where it is none.
    pub fn bytes_of<'a>(&mut self, v: &'a Value) -> R<Option<Cow<'a, [u8]>>> {
        if !v.class(&self.heap).has(type_flags::HEAP) {
            return match (v.bytes_like(), v.opaque::<MemoryView>()) {
                (None, Some(view)) => Err(self.no_more_views(view)),
                (bytes, _) => Ok(bytes),
            };
        }
        let Some(view) = self.lend_bytes(v, buffer_flags::SIMPLE)? else { return Ok(None) };
        let bytes = view.bytes_like().map(|b| Cow::Owned(b.into_owned()));
        self.release_view(&view);
        Ok(bytes)
    }

    /// Releases a view, and has a lender that it was the last of told.
    pub fn release_view(&mut self, v: &Value) {
        v.opaque::<MemoryView>().into_iter().for_each(MemoryView::release);
        if self.heap.has_pending() {
            self.run_finalizers();
        }
    }

    /// The error of every use of a released view.
    #[cold]
    pub fn released_view(&mut self) -> Exc {
        self.value_error("operation forbidden on released memoryview object")
    }

    /// Why there can be no other view of the bytes of this one.
    #[cold]
    pub fn no_more_views(&mut self, view: &MemoryView) -> Exc {
        if view.restricted.get() && !view.is_released() {
            return self.value_error("cannot create new view on restricted memoryview");
        }
        self.released_view()
    }

    /// What a `__buffer__` in Python gives; None where the class has none.
    fn call_buffer_method(&mut self, v: &Value, flags: i32) -> R<Option<Value>> {
        let class = v.class(&self.heap);
        let name = self.intern("__buffer__");
        match class.has(type_flags::HEAP).then(|| class.lookup(&name)).flatten() {
            Some(f) if f.downcast::<Native>().is_none() => {
                self.call_special(v, &name, &[Value::int_unchecked(flags.into())])
            }
            _ => Ok(None),
        }
    }

    /// A view of bytes of the object's own, without any loan.
    fn own_view(&self, v: &Value) -> Option<Value> {
        let (len, readonly) = match (v.downcast::<Bytes>(), v.opaque::<ByteArray>()) {
            (Some(b), _) => (b.data.len(), true),
            (_, Some(array)) => (array.len(), false),
            _ => return None,
        };
        let layout = Layout::contiguous("B".into(), b'B', 1, 0, vec![len]);
        Some(MemoryView::value(&self.heap, v.clone(), v.clone(), layout, readonly))
    }

    fn new_loan(&mut self, lender: &Value, given: Option<Value>) -> Value {
        let class = self.native_class(&LOAN);
        self.new_opaque(&class, Loan { lender: Mut::new(Some(lender.clone())), given: Mut::new(given) })
    }

    /// Whether the class has a `__release_buffer__` in Python.
    fn is_told(&self, v: &Value) -> bool {
        let class = v.class(&self.heap);
        let name = self.intern("__release_buffer__");
        let method = class.has(type_flags::HEAP).then(|| class.lookup(&name)).flatten();
        method.is_some_and(|f| f.downcast::<Native>().is_none())
    }

    fn tell_released(&mut self, lender: &Value, view: &Value) {
        if !self.is_told(lender) {
            return;
        }
        let name = self.intern("__release_buffer__");
        if let Err(e) = self.call_special(lender, &name, std::slice::from_ref(view)) {
            self.report_unraisable(e, lender);
        }
    }

    fn check_writable(&mut self, readonly: bool, flags: i32, message: &str) -> R<()> {
        if readonly && flags & buffer_flags::WRITABLE != 0 {
            let class = self.types().BufferError.clone();
            return Err(self.error(&class, message));
        }
        Ok(())
    }
}
