//! The iterators of `deque`, from either end.

use std::cell::Cell;

use super::deque::Deque;
use crate::builtins::slots;
use crate::object::header::Kind;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_class::{CLASS, Class};
use crate::vm::native_iter::NativeIter;
use crate::vm::{Args, R, Vm};

struct DequeIter {
    deque: Value,
    reverse: bool,
    given: Cell<usize>,
    left: Cell<usize>,
    /// The deque's count of changes at the start.
    changes: u64,
}

opaque_data!(DequeIter { deque });

impl NativeIter for DequeIter {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        let Some(d) = self.deque.opaque::<Deque>() else { return Ok(None) };
        if d.changes.get() != self.changes {
            self.left.set(0);
            return Err(vm.runtime_error("deque mutated during iteration"));
        }
        let Some(left) = self.left.get().checked_sub(1) else { return Ok(None) };
        let at = if self.reverse { left } else { self.given.get() };
        self.left.set(left);
        self.given.set(self.given.get() + 1);
        Ok(d.items.borrow().get(at).cloned())
    }
}

const METHODS: &[Def] = &[slots::ITER, slots::NEXT, def("__length_hint__", 1, 1, hint)];

pub static FORWARD: Class = Class {
    module: "collections",
    name: "_deque_iterator",
    kind: Kind::Iter,
    new: Some(def_kw("__new__", 0, ANY, |vm, a| make(vm, a, false))),
    methods: METHODS,
    ..CLASS
};

pub static REVERSE: Class = Class {
    module: "collections",
    name: "_deque_reverse_iterator",
    kind: Kind::Iter,
    new: Some(def_kw("__new__", 0, ANY, |vm, a| make(vm, a, true))),
    methods: METHODS,
    ..CLASS
};

/// An iterator over a deque.
pub fn iter(vm: &mut Vm, deque: &Value, reverse: bool) -> R {
    let class = vm.native_class(if reverse { &REVERSE } else { &FORWARD });
    let Some(d) = deque.opaque::<Deque>() else {
        let got = vm.argument_class(deque);
        return Err(vm.type_error(format!("argument 1 must be collections.deque, not {got}")));
    };
    let (left, changes) = (d.items.borrow().len(), d.changes.get());
    let state = DequeIter { deque: deque.clone(), reverse, given: Cell::new(0), left: Cell::new(left), changes };
    Ok(vm.new_native_iter(&class, state))
}

/// `_deque_iterator(deque[, index])`: pickles begin with it.
fn make(vm: &mut Vm, a: Args<'_>, reverse: bool) -> R {
    let a = a.rest();
    let name = if reverse { "_deque_reverse_iterator" } else { "_deque_iterator" };
    a.between(vm, name, 1, 2)?;
    let it = iter(vm, &a.pos[0], reverse)?;
    let skip = match a.get(1) {
        Some(n) => vm.index_i64(n)?,
        None => 0,
    };
    for _ in 0..skip {
        if vm.next(&it)?.is_none() {
            break;
        }
    }
    Ok(it)
}

fn hint(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::from_len(vm.iter_receiver::<DequeIter>(a)?.left.get()))
}
