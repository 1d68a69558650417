//! Iterators written in Rust: a type with one function, and the built-in iterators' layout around it.

use std::any::Any;
use std::marker::PhantomData;
use std::ops::Deref;
use std::rc::Rc;

use crate::object::cell::Mut;
use crate::object::function::Entry;
use crate::object::header::Ref;
use crate::object::iter::{Iter, IterState};
use crate::object::opaque::OpaqueData;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::{Args, R, Vm};

/// The state of an iterator.  It may be advanced again while it is being advanced (by the Python code that it runs), so
/// nothing stays borrowed across a call into the VM.
pub trait NativeIter: OpaqueData {
    /// The next item; None at the end, and from then on.  A StopIteration of Python code that comes out as an error is
    /// the end too, and carries its value on: [`Vm::next_inner`] lets one pass, [`Vm::next`] does not.
    fn next(&self, vm: &mut Vm) -> R<Option<Value>>;
}

/// How the VM advances a state whose type it does not know.
type Step = fn(&mut Vm, &dyn Any) -> R<Option<Value>>;

fn step<T: NativeIter>(vm: &mut Vm, data: &dyn Any) -> R<Option<Value>> {
    match data.downcast_ref::<T>() {
        Some(t) => t.next(vm),
        None => Ok(None),
    }
}

/// The state of a native iterator, kept alive while it is used.
pub struct Held<T> {
    data: Rc<dyn OpaqueData>,
    of: PhantomData<T>,
}

impl<T: OpaqueData> Deref for Held<T> {
    type Target = T;
    fn deref(&self) -> &T {
        match self.data.as_any().downcast_ref() {
            Some(t) => t,
            None => unreachable!("a held state was seen to be of its type"),
        }
    }
}

impl Vm {
    /// A new iterator of a class whose layout is that of iterators.
    pub fn new_native_iter<T: NativeIter>(&self, class: &Ref<Type>, state: T) -> Value {
        let state = IterState::Native { step: Entry(step::<T> as *const ()), data: Rc::new(state) };
        self.heap.alloc(class, Iter { state: Mut::new(state) }).into()
    }

    /// The state of the receiver of a method of a native iterator.
    pub fn iter_receiver<T: NativeIter>(&mut self, a: Args<'_>) -> R<Held<T>> {
        match a.pos.first().and_then(held::<T>) {
            Some(h) => Ok(h),
            None => Err(self.wrong_receiver(a)),
        }
    }

    pub(super) fn advance_native(&mut self, entry: Entry, data: &Rc<dyn OpaqueData>) -> R<Option<Value>> {
        // SAFETY: entries of native states are made by `new_native_iter` alone, from functions of this type.
        let step = unsafe { std::mem::transmute::<*const (), Step>(entry.0) };
        step(self, data.as_any())
    }
}

/// The state of a native iterator, where it is a `T`.
pub fn held<T: NativeIter>(v: &Value) -> Option<Held<T>> {
    match &*v.downcast::<Iter>()?.state.borrow() {
        IterState::Native { data, .. } if data.as_any().is::<T>() => Some(Held { data: data.clone(), of: PhantomData }),
        _ => None,
    }
}
