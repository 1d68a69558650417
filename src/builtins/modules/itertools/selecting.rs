//! `compress`, `dropwhile`, `filterfalse`, `islice`, `takewhile`.

use std::cell::Cell;

use super::ITERATOR;
use crate::object::cell::Mut;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def_kw};
use crate::vm::native_args::signature;
use crate::vm::native_class::Class;
use crate::vm::native_iter::NativeIter;
use crate::vm::{Args, R, Vm};

struct Compress {
    data: Value,
    selectors: Value,
}

opaque_data!(Compress { data, selectors });

impl NativeIter for Compress {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        while let Some(v) = vm.next_inner(&self.data)? {
            let Some(selector) = vm.next_inner(&self.selectors)? else { return Ok(None) };
            if vm.truth(&selector)? {
                return Ok(Some(v));
            }
        }
        Ok(None)
    }
}

pub static COMPRESS: Class = Class {
    name: "compress",
    doc: "compress(data, selectors): the items of data whose selector is true.",
    new: Some(def_kw("__new__", 0, ANY, new_compress)),
    ..ITERATOR
};

fn new_compress(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    let [data, selectors] = a.rest().bind(vm, &signature("compress", ["data", "selectors"], 2))?;
    let data = vm.iter(data.unwrap_or(&Value::NONE))?;
    let selectors = vm.iter(selectors.unwrap_or(&Value::NONE))?;
    Ok(vm.new_native_iter(&class, Compress { data, selectors }))
}

/// Which items of a [`Filtered`] are given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    /// Those from the first on for which the predicate is false.
    DropWhile,
    /// Those for which it is false.
    False,
    /// Those before the first for which it is false.
    TakeWhile,
}

/// A predicate and an iterator: the state of three classes.
struct Filtered {
    choice: Choice,
    predicate: Value,
    inner: Value,
    /// Whether the prefix is over: dropped, or taken.
    past: Cell<bool>,
}

opaque_data!(Filtered { predicate, inner });

impl Filtered {
    fn holds(&self, vm: &mut Vm, v: &Value) -> R<bool> {
        if self.predicate.is_none() || self.predicate.is(vm.types().bool.as_value()) {
            return vm.truth(v);
        }
        let answer = vm.call(&self.predicate, std::slice::from_ref(v))?;
        vm.truth(&answer)
    }

    fn make(vm: &mut Vm, a: Args<'_>, choice: Choice, name: &str) -> R {
        let class = vm.class_argument(a)?;
        let a = a.rest();
        a.between(vm, name, 2, 2)?;
        let inner = vm.iter(&a.pos[1])?;
        let state = Filtered { choice, predicate: a.pos[0].clone(), inner, past: Cell::new(false) };
        Ok(vm.new_native_iter(&class, state))
    }

    /// `predicate(v)`, where None is no function that can be called.
    fn calls(&self, vm: &mut Vm, v: &Value) -> R<bool> {
        let answer = vm.call(&self.predicate, std::slice::from_ref(v))?;
        vm.truth(&answer)
    }
}

impl NativeIter for Filtered {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        if self.choice == Choice::TakeWhile && self.past.get() {
            return Ok(None);
        }
        while let Some(v) = vm.next_inner(&self.inner)? {
            if self.choice == Choice::False {
                if !self.holds(vm, &v)? {
                    return Ok(Some(v));
                }
                continue;
            }
            if self.choice == Choice::DropWhile && self.past.get() {
                return Ok(Some(v));
            }
            let holds = self.calls(vm, &v)?;
            if self.choice == Choice::TakeWhile {
                self.past.set(!holds);
                return Ok(holds.then_some(v));
            }
            if !holds {
                self.past.set(true);
                return Ok(Some(v));
            }
        }
        Ok(None)
    }
}

pub static DROPWHILE: Class = Class {
    name: "dropwhile",
    doc: "dropwhile(predicate, iterable): the items from the first on for which the predicate is false.",
    new: Some(def_kw("__new__", 0, ANY, |vm, a| Filtered::make(vm, a, Choice::DropWhile, "dropwhile"))),
    ..ITERATOR
};

pub static FILTERFALSE: Class = Class {
    name: "filterfalse",
    doc: "filterfalse(function, iterable): the items for which the function is false.",
    new: Some(def_kw("__new__", 0, ANY, |vm, a| Filtered::make(vm, a, Choice::False, "filterfalse"))),
    ..ITERATOR
};

pub static TAKEWHILE: Class = Class {
    name: "takewhile",
    doc: "takewhile(predicate, iterable): the items before the first for which the predicate is false.",
    new: Some(def_kw("__new__", 0, ANY, |vm, a| Filtered::make(vm, a, Choice::TakeWhile, "takewhile"))),
    ..ITERATOR
};

struct Islice {
    inner: Mut<Option<Value>>,
    /// Position of the next item to give, in items of `inner`.
    next: Cell<i64>,
    /// Items taken from `inner`.
    taken: Cell<i64>,
    stop: Option<i64>,
    step: i64,
}

opaque_data!(Islice { inner } clear { inner });

impl NativeIter for Islice {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        let Some(inner) = self.inner.get() else { return Ok(None) };
        let found = self.find(vm, &inner);
        if !matches!(found, Ok(Some(_))) {
            self.inner.set(None);
        }
        found
    }
}

impl Islice {
    fn find(&self, vm: &mut Vm, inner: &Value) -> R<Option<Value>> {
        let end = self.stop.unwrap_or(i64::MAX);
        loop {
            let at = self.taken.get();
            // What stands before the next item is taken even if that lies behind the end.
            if at >= self.next.get() && at >= end {
                return Ok(None);
            }
            let Some(v) = vm.next_inner(inner)? else { return Ok(None) };
            self.taken.set(at + 1);
            if at >= self.next.get() {
                self.next.set(at.saturating_add(self.step).min(end));
                return Ok(Some(v));
            }
        }
    }
}

pub static ISLICE: Class = Class {
    name: "islice",
    doc: "islice(iterable, stop), islice(iterable, start, stop[, step]): the items at these positions.",
    new: Some(def_kw("__new__", 0, ANY, new_islice)),
    ..ITERATOR
};

const BAD_STOP: &str = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
const BAD_INDEX: &str = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
const BAD_STEP: &str = "Step for islice() must be a positive integer or None.";

/// A position, None for None; ValueError with the text for everything else.
fn position(vm: &mut Vm, v: Option<&Value>, least: i64, text: &str) -> R<Option<i64>> {
    let Some(v) = v.filter(|v| !v.is_none()) else { return Ok(None) };
    match vm.index_i64(v) {
        Ok(i) if i >= least => Ok(Some(i)),
        _ => Err(vm.value_error(text)),
    }
}

fn new_islice(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    let a = a.rest();
    a.between(vm, "islice", 2, 4)?;
    let (start, stop, step) = match a.pos.len() {
        2 => (0, position(vm, a.get(1), 0, BAD_STOP)?, 1),
        _ => {
            let stop = position(vm, a.get(2), 0, BAD_STOP)?;
            let start = position(vm, a.get(1), 0, BAD_INDEX)?.unwrap_or(0);
            (start, stop, position(vm, a.get(3), 1, BAD_STEP)?.unwrap_or(1))
        }
    };
    let inner = vm.iter(&a.pos[0])?;
    let state = Islice { inner: Mut::new(Some(inner)), next: Cell::new(start), taken: Cell::new(0), stop, step };
    Ok(vm.new_native_iter(&class, state))
}
