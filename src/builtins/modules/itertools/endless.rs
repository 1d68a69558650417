//! `count`, `cycle`, `repeat`.

use std::cell::Cell;

use super::ITERATOR;
use crate::builtins::slots;
use crate::code::BinaryOp;
use crate::object::account::Counted;
use crate::object::cell::Mut;
use crate::object::number::BigInt;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::native_class::Class;
use crate::vm::native_iter::NativeIter;
use crate::vm::{Args, R, Vm};

struct Count {
    next: Mut<Value>,
    step: Value,
}

opaque_data!(Count { next, step });

impl NativeIter for Count {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        let v = self.next.get();
        let after = vm.binary(BinaryOp::Add, &v, &self.step)?;
        self.next.set(after);
        Ok(Some(v))
    }
}

pub static COUNT: Class = Class {
    name: "count",
    doc: "count(start=0, step=1): start, start + step, start + 2 * step, ... without end.",
    new: Some(def_kw("__new__", 0, ANY, new_count)),
    methods: &[slots::ITER, slots::NEXT, def("__repr__", 1, 1, repr_count)],
    ..ITERATOR
};

fn new_count(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    let [start, step] = a.rest().bind(vm, &signature("count", ["start", "step"], 0))?;
    for v in [start, step].into_iter().flatten() {
        if !is_number(vm, v) {
            return Err(vm.type_error("a number is required"));
        }
    }
    // Counting by one starts with the number that an int stands for.
    let next = match start {
        Some(v) => match v.as_int().filter(|_| step.is_none_or(|s| s.as_small_int() == Some(1))) {
            Some(i) => BigInt::value(&vm.heap, i.to_big()),
            None => v.clone(),
        },
        None => Value::int_unchecked(0),
    };
    let step = step.cloned().unwrap_or(Value::int_unchecked(1));
    Ok(vm.new_native_iter(&class, Count { next: Mut::new(next), step }))
}

/// Whether a class has one of the conversions to a number.
fn is_number(vm: &Vm, v: &Value) -> bool {
    let names = &vm.types().names;
    let class = v.class(&vm.heap);
    [&names.__index__, &names.__int__, &names.__float__, &names.__complex__]
        .into_iter()
        .any(|n| class.lookup(n).is_some())
}

fn repr_count(vm: &mut Vm, a: Args<'_>) -> R {
    let it = vm.iter_receiver::<Count>(a)?;
    let next = it.next.get();
    let next = vm.repr(&next)?;
    let name = a.pos[0].class(&vm.heap).own_name();
    if it.step.as_small_int() == Some(1) && it.step.as_bool().is_none() {
        return Ok(vm.new_str(&format!("{name}({next})")));
    }
    let step = vm.repr(&it.step)?;
    Ok(vm.new_str(&format!("{name}({next}, {step})")))
}

/// Gives the items of `inner` while it has any, and then those again that it gave.
struct Cycle {
    inner: Mut<Option<Value>>,
    saved: Counted<Vec<Value>>,
    at: Cell<usize>,
}

opaque_data!(Cycle { inner, saved } clear { inner, saved });

impl NativeIter for Cycle {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        let inner = self.inner.get();
        if let Some(inner) = inner {
            if let Some(v) = vm.next(&inner)? {
                vm.allocated(self.saved.ask(1))?;
                self.saved.borrow_mut().push(v.clone());
                return Ok(Some(v));
            }
            self.inner.set(None);
        }
        let saved = self.saved.borrow();
        let i = self.at.get();
        self.at.set(if i + 1 >= saved.len() { 0 } else { i + 1 });
        Ok(saved.get(i).cloned())
    }
}

pub static CYCLE: Class = Class {
    name: "cycle",
    doc: "cycle(iterable): its items again and again.",
    new: Some(def_kw("__new__", 0, ANY, new_cycle)),
    ..ITERATOR
};

fn new_cycle(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    let a = a.rest();
    a.between(vm, "cycle", 1, 1)?;
    let inner = vm.iter(&a.pos[0])?;
    let state = Cycle { inner: Mut::new(Some(inner)), saved: Counted::new(&vm.heap, Vec::new()), at: Cell::new(0) };
    Ok(vm.new_native_iter(&class, state))
}

struct Repeat {
    object: Value,
    /// How often it is still given; negative is without end.
    left: Cell<i64>,
}

opaque_data!(Repeat { object });

impl NativeIter for Repeat {
    fn next(&self, _: &mut Vm) -> R<Option<Value>> {
        match self.left.get() {
            0 => return Ok(None),
            n if n > 0 => self.left.set(n - 1),
            _ => {}
        }
        Ok(Some(self.object.clone()))
    }
}

pub static REPEAT: Class = Class {
    name: "repeat",
    doc: "repeat(object[, times]): the object, without end or so many times.",
    new: Some(def_kw("__new__", 0, ANY, new_repeat)),
    methods: &[slots::ITER, slots::NEXT, def("__repr__", 1, 1, repr_repeat), def("__length_hint__", 1, 1, hint_repeat)],
    ..ITERATOR
};

fn new_repeat(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    let [object, times] = a.rest().bind(vm, &signature("repeat", ["object", "times"], 1))?;
    let left = match times {
        Some(n) => vm.index_i64(n)?.max(0),
        None => -1,
    };
    let object = object.cloned().unwrap_or(Value::NONE);
    Ok(vm.new_native_iter(&class, Repeat { object, left: Cell::new(left) }))
}

fn repr_repeat(vm: &mut Vm, a: Args<'_>) -> R {
    let it = vm.iter_receiver::<Repeat>(a)?;
    let object = vm.repr(&it.object)?;
    let name = a.pos[0].class(&vm.heap).own_name();
    Ok(vm.new_str(&match it.left.get() {
        n if n < 0 => format!("{name}({object})"),
        n => format!("{name}({object}, {n})"),
    }))
}

fn hint_repeat(vm: &mut Vm, a: Args<'_>) -> R {
    match vm.iter_receiver::<Repeat>(a)?.left.get() {
        n if n < 0 => Err(vm.type_error("len() of unsized object")),
        n => Ok(BigInt::from_i64(&vm.heap, n)),
    }
}
