//! `deque`.

use std::cell::Cell;
use std::collections::VecDeque;

use super::super::CLASS_GETITEM;
use super::deque_iter;
use crate::builtins::list::repeat_count;
use crate::code::operators::CompareOp;
use crate::object::account::Counted;
use crate::object::header::Ref;
use crate::object::heap::OutOfMemory;
use crate::object::number::BigInt;
use crate::object::sequence::{List, Tuple};
use crate::object::str::builder::StrBuilder;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, Exc, R, Vm};

pub struct Deque {
    pub items: Counted<VecDeque<Value>>,
    max: Cell<Option<usize>>,
    /// Counts changes, for iterators and searches that must notice them.
    pub changes: Cell<u64>,
}

opaque_data!(Deque { items } clear { items });

pub static DEQUE: Class = Class {
    module: "collections",
    name: "deque",
    doc: "deque([iterable[, maxlen]]): a list that is quick at both ends.",
    flags: type_flags::BASE | type_flags::SEQUENCE | type_flags::WEAKREF,
    new: Some(def_kw("__new__", 0, ANY, new)),
    methods: &[
        def_kw("__init__", 1, ANY, init),
        def("append", 2, 2, append),
        def("appendleft", 2, 2, appendleft),
        def("clear", 1, 1, clear),
        def("copy", 1, 1, copy),
        def("__copy__", 1, 1, copy),
        def("count", 2, 2, count),
        def("extend", 2, 2, extend),
        def("extendleft", 2, 2, extendleft),
        def("index", 2, 4, index),
        def("insert", 3, 3, insert),
        def("pop", 1, 1, pop),
        def("popleft", 1, 1, popleft),
        def("remove", 2, 2, remove),
        def("reverse", 1, 1, reverse),
        def("rotate", 1, 2, rotate),
        def("__reversed__", 1, 1, |vm, a| deque_iter::iter(vm, &a.pos[0], true)),
        def("__iter__", 1, 1, |vm, a| deque_iter::iter(vm, &a.pos[0], false)),
        def("__len__", 1, 1, len),
        def("__contains__", 2, 2, contains),
        def("__getitem__", 2, 2, get_item),
        def("__setitem__", 3, 3, set_item),
        def("__delitem__", 2, 2, del_item),
        def("__add__", 2, 2, add),
        def("__iadd__", 2, 2, iadd),
        def("__mul__", 2, 2, mul),
        def("__rmul__", 2, 2, mul),
        def("__imul__", 2, 2, imul),
        def("__repr__", 1, 1, repr),
        def("__reduce__", 1, 1, reduce),
        def("__eq__", 2, 2, |vm, a| compare(vm, a, CompareOp::Eq)),
        def("__ne__", 2, 2, |vm, a| compare(vm, a, CompareOp::Ne)),
        def("__lt__", 2, 2, |vm, a| compare(vm, a, CompareOp::Lt)),
        def("__le__", 2, 2, |vm, a| compare(vm, a, CompareOp::Le)),
        def("__gt__", 2, 2, |vm, a| compare(vm, a, CompareOp::Gt)),
        def("__ge__", 2, 2, |vm, a| compare(vm, a, CompareOp::Ge)),
    ],
    class_methods: &[CLASS_GETITEM],
    getset: &[("maxlen", get_maxlen, None)],
    unhashable: true,
    ..CLASS
};

impl Deque {
    fn changed(&self) {
        self.changes.set(self.changes.get() + 1);
    }

    /// Adds at an end, and drops from the other what is too many.
    fn push(&self, v: Value, left: bool) -> Result<(), OutOfMemory> {
        self.items.ask(1)?;
        let dropped = {
            let mut items = self.items.borrow_mut();
            if left {
                items.push_front(v);
            } else {
                items.push_back(v);
            }
            match self.max.get() {
                Some(max) if items.len() > max => {
                    if left {
                        items.pop_back()
                    } else {
                        items.pop_front()
                    }
                }
                _ => None,
            }
        };
        self.changed();
        drop(dropped);
        Ok(())
    }

    fn push_all(&self, items: impl IntoIterator<Item = Value>, left: bool) -> Result<(), OutOfMemory> {
        items.into_iter().try_for_each(|v| self.push(v, left))
    }

    fn get(&self, i: usize) -> Option<Value> {
        self.items.borrow().get(i).cloned()
    }

    fn len(&self) -> usize {
        self.items.borrow().len()
    }
}

fn make(vm: &Vm, class: &Ref<Type>, items: VecDeque<Value>, max: Option<usize>) -> Value {
    vm.new_opaque(class, Deque { items: Counted::new(&vm.heap, items), max: Cell::new(max), changes: Cell::new(0) })
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    Ok(make(vm, &class, VecDeque::new(), None))
}

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let d = vm.receiver::<Deque>(a)?;
    let [iterable, max] = a.rest().bind(vm, &signature("deque", ["iterable", "maxlen"], 0))?;
    let max = match max.filter(|m| !m.is_none()) {
        None => None,
        Some(m) if m.as_int().is_none() => return Err(vm.type_error("an integer is required")),
        Some(m) => match usize::try_from(vm.index_i64(m)?) {
            Ok(m) => Some(m),
            Err(_) => return Err(vm.value_error("maxlen must be non-negative")),
        },
    };
    d.max.set(max);
    drop(d.items.take());
    d.changed();
    match iterable {
        Some(iterable) => extend_by(vm, d, &a.pos[0], iterable, false),
        None => Ok(Value::NONE),
    }
}

fn extend_by(vm: &mut Vm, d: &Deque, this: &Value, iterable: &Value, left: bool) -> R {
    if iterable.is(this) {
        let items: Vec<Value> = d.items.borrow().iter().cloned().collect();
        return vm.allocated(d.push_all(items, left)).map(|()| Value::NONE);
    }
    let it = vm.iter(iterable)?;
    while let Some(v) = vm.next(&it)? {
        vm.allocated(d.push(v, left))?;
    }
    Ok(Value::NONE)
}

fn append(vm: &mut Vm, a: Args<'_>) -> R {
    let d = vm.receiver::<Deque>(a)?;
    vm.allocated(d.push(a.pos[1].clone(), false)).map(|()| Value::NONE)
}

fn appendleft(vm: &mut Vm, a: Args<'_>) -> R {
    let d = vm.receiver::<Deque>(a)?;
    vm.allocated(d.push(a.pos[1].clone(), true)).map(|()| Value::NONE)
}

fn extend(vm: &mut Vm, a: Args<'_>) -> R {
    let d = vm.receiver::<Deque>(a)?;
    extend_by(vm, d, &a.pos[0], &a.pos[1], false)
}

fn extendleft(vm: &mut Vm, a: Args<'_>) -> R {
    let d = vm.receiver::<Deque>(a)?;
    extend_by(vm, d, &a.pos[0], &a.pos[1], true)
}

fn take(vm: &mut Vm, a: Args<'_>, left: bool) -> R {
    let d = vm.receiver::<Deque>(a)?;
    let v = if left { d.items.borrow_mut().pop_front() } else { d.items.borrow_mut().pop_back() };
    match v {
        Some(v) => {
            d.changed();
            Ok(v)
        }
        None => Err(vm.index_error("pop from an empty deque")),
    }
}

fn pop(vm: &mut Vm, a: Args<'_>) -> R {
    take(vm, a, false)
}

fn popleft(vm: &mut Vm, a: Args<'_>) -> R {
    take(vm, a, true)
}

fn clear(vm: &mut Vm, a: Args<'_>) -> R {
    let d = vm.receiver::<Deque>(a)?;
    d.changed();
    drop(d.items.take());
    Ok(Value::NONE)
}

/// A new deque of the class of `this` with the same limit: by calling a subclass.
fn copy(vm: &mut Vm, a: Args<'_>) -> R {
    let d = vm.receiver::<Deque>(a)?;
    let class = a.pos[0].class(&vm.heap).clone();
    if !class.has(type_flags::HEAP) {
        let items = d.items.borrow().clone();
        return Ok(make(vm, &class, items, d.max.get()));
    }
    let mut args = vec![a.pos[0].clone()];
    args.extend(d.max.get().map(|max| BigInt::from_size(&vm.heap, max)));
    vm.call(class.as_value(), &args)
}

/// Looks for an item equal to `v` among positions; RuntimeError or IndexError (`text`) when the deque changes meanwhile.
fn find(
    vm: &mut Vm,
    d: &Deque,
    v: &Value,
    range: std::ops::Range<usize>,
    changed: fn(&mut Vm) -> Exc,
) -> R<Option<usize>> {
    let changes = d.changes.get();
    for i in range {
        let Some(item) = d.get(i) else { break };
        let equal = vm.eq_or_is(&item, v)?;
        if d.changes.get() != changes {
            return Err(changed(vm));
        }
        if equal {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

fn mutated(vm: &mut Vm) -> Exc {
    vm.runtime_error("deque mutated during iteration")
}

fn count(vm: &mut Vm, a: Args<'_>) -> R {
    let d = vm.receiver::<Deque>(a)?;
    let (mut n, mut from) = (0, 0);
    while let Some(i) = find(vm, d, &a.pos[1], from..d.len(), mutated)? {
        n += 1;
        from = i + 1;
    }
    Ok(Value::from_len(n))
}

fn contains(vm: &mut Vm, a: Args<'_>) -> R {
    let d = vm.receiver::<Deque>(a)?;
    let found = find(vm, d, &a.pos[1], 0..d.len(), mutated)?;
    Ok(Value::bool(found.is_some()))
}

fn index(vm: &mut Vm, a: Args<'_>) -> R {
    let d = vm.receiver::<Deque>(a)?;
    let len = d.len() as i64;
    let mut bound = |i: usize, default: i64| -> R<usize> {
        let n = match a.get(i) {
            Some(n) => vm.index_clamped(n)?,
            None => default,
        };
        Ok((if n < 0 { (n + len).max(0) } else { n }).min(len) as usize)
    };
    let (start, stop) = (bound(2, 0)?, bound(3, len)?);
    match find(vm, d, &a.pos[1], start..stop, mutated)? {
        Some(i) => Ok(Value::from_len(i)),
        None => {
            let shown = vm.repr(&a.pos[1])?;
            Err(vm.value_error(format!("{shown} is not in deque")))
        }
    }
}

fn remove(vm: &mut Vm, a: Args<'_>) -> R {
    let d = vm.receiver::<Deque>(a)?;
    let found = find(vm, d, &a.pos[1], 0..d.len(), |vm| vm.index_error("deque mutated during iteration"))?;
    let Some(i) = found else {
        let shown = vm.repr(&a.pos[1])?;
        return Err(vm.value_error(format!("{shown} is not in deque")));
    };
    let old = d.items.borrow_mut().remove(i);
    d.changed();
    drop(old);
    Ok(Value::NONE)
}

fn insert(vm: &mut Vm, a: Args<'_>) -> R {
    let d = vm.receiver::<Deque>(a)?;
    let i = vm.index_i64(&a.pos[1])?;
    let len = d.len();
    if d.max.get().is_some_and(|max| len >= max) {
        return Err(vm.index_error("deque already at its maximum size"));
    }
    let i = if i < 0 { (i + len as i64).max(0) } else { i.min(len as i64) };
    vm.allocated(d.items.ask(1))?;
    d.items.borrow_mut().insert(i as usize, a.pos[2].clone());
    d.changed();
    Ok(Value::NONE)
}

fn reverse(vm: &mut Vm, a: Args<'_>) -> R {
    let d = vm.receiver::<Deque>(a)?;
    d.items.borrow_mut().make_contiguous().reverse();
    Ok(Value::NONE)
}

fn rotate(vm: &mut Vm, a: Args<'_>) -> R {
    let d = vm.receiver::<Deque>(a)?;
    let n = match a.get(1) {
        Some(n) => vm.index_i64(n)?,
        None => 1,
    };
    let mut items = d.items.borrow_mut();
    if items.len() > 1 {
        let by = n.rem_euclid(items.len() as i64) as usize;
        items.rotate_right(by);
        d.changed();
    }
    Ok(Value::NONE)
}

fn len(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::from_len(vm.receiver::<Deque>(a)?.len()))
}

/// The integer that `v` stands for, by one call of `__index__`; None where it stands for none.
fn integer(vm: &mut Vm, v: &Value) -> R<Option<i64>> {
    match vm.index_opt(v)? {
        Some(i) => vm.index_position(&i).map(Some),
        None => Ok(None),
    }
}

/// The position that a subscript names; None outside.
fn position(vm: &mut Vm, d: &Deque, k: &Value) -> R<Option<usize>> {
    let Some(i) = integer(vm, k)? else {
        let got = vm.class_name(k);
        return Err(vm.type_error(format!("sequence index must be integer, not '{got}'")));
    };
    let len = d.len() as i64;
    let i = if i < 0 { i + len } else { i };
    Ok((0..len).contains(&i).then_some(i as usize))
}

fn out_of_range(vm: &mut Vm) -> Exc {
    vm.index_error("deque index out of range")
}

fn get_item(vm: &mut Vm, a: Args<'_>) -> R {
    let d = vm.receiver::<Deque>(a)?;
    let at = position(vm, d, &a.pos[1])?;
    at.and_then(|i| d.get(i)).ok_or_else(|| out_of_range(vm))
}

fn set_item(vm: &mut Vm, a: Args<'_>) -> R {
    let d = vm.receiver::<Deque>(a)?;
    let Some(i) = position(vm, d, &a.pos[1])? else { return Err(out_of_range(vm)) };
    let old = d.items.borrow_mut().get_mut(i).map(|slot| std::mem::replace(slot, a.pos[2].clone()));
    drop(old);
    Ok(Value::NONE)
}

fn del_item(vm: &mut Vm, a: Args<'_>) -> R {
    let d = vm.receiver::<Deque>(a)?;
    let Some(i) = position(vm, d, &a.pos[1])? else { return Err(out_of_range(vm)) };
    let old = d.items.borrow_mut().remove(i);
    d.changed();
    drop(old);
    Ok(Value::NONE)
}

fn add(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(other) = a.pos[1].opaque::<Deque>() else {
        let got = vm.class_name(&a.pos[1]);
        return Err(vm.type_error(format!("can only concatenate deque (not \"{got}\") to deque")));
    };
    let items: Vec<Value> = other.items.borrow().iter().cloned().collect();
    let new = copy(vm, Args::positional(&a.pos[..1]))?;
    if let Some(d) = new.opaque::<Deque>() {
        vm.allocated(d.push_all(items, false))?;
    }
    Ok(new)
}

fn iadd(vm: &mut Vm, a: Args<'_>) -> R {
    extend(vm, a)?;
    Ok(a.pos[0].clone())
}

/// Repeats the items in place.
fn repeat(vm: &mut Vm, d: &Deque, n: usize) -> R<()> {
    let items: Vec<Value> = d.items.borrow().iter().cloned().collect();
    if n == 0 || items.is_empty() {
        d.changed();
        drop(d.items.take());
        return Ok(());
    }
    // No more rounds than fill a limited one.
    let n = match d.max.get() {
        Some(max) => n.min(max / items.len() + 2),
        None => n,
    };
    vm.check_memory(items.len().checked_mul(n).and_then(|n| n.checked_mul(8)))?;
    for _ in 1..n {
        vm.allocated(d.push_all(items.iter().cloned(), false))?;
    }
    Ok(())
}

fn mul(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(n) = repeat_count(vm, &a.pos[1])? else {
        let got = vm.class_name(&a.pos[1]);
        return Err(vm.type_error(format!("can't multiply sequence by non-int of type '{got}'")));
    };
    let new = copy(vm, Args::positional(&a.pos[..1]))?;
    if let Some(d) = new.opaque::<Deque>() {
        repeat(vm, d, n)?;
    }
    Ok(new)
}

fn imul(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(n) = repeat_count(vm, &a.pos[1])? else {
        let got = vm.class_name(&a.pos[1]);
        return Err(vm.type_error(format!("can't multiply sequence by non-int of type '{got}'")));
    };
    let d = vm.receiver::<Deque>(a)?;
    repeat(vm, d, n)?;
    Ok(a.pos[0].clone())
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let d = vm.receiver::<Deque>(a)?;
    vm.guard_repr(&a.pos[0], "[...]", |vm| {
        let items = d.items.borrow().iter().cloned().collect();
        let list: Value = List::new(&vm.heap, items).into();
        let list = vm.repr(&list)?;
        let mut out = StrBuilder::new();
        out.push_str(&a.pos[0].class(&vm.heap).own_name());
        out.push_str("(");
        out.push_ref(&list);
        if let Some(max) = d.max.get() {
            out.push_str(&format!(", maxlen={max}"));
        }
        out.push_str(")");
        Ok(out.finish(&vm.heap).into())
    })
}

fn reduce(vm: &mut Vm, a: Args<'_>) -> R {
    let d = vm.receiver::<Deque>(a)?;
    let class: Value = a.pos[0].class(&vm.heap).clone().into();
    let state = match vm.instance_dict(&a.pos[0]) {
        Some(state) if !state.is_empty() => state.into(),
        _ => Value::NONE,
    };
    let args = match d.max.get() {
        Some(max) => vec![Tuple::new(&vm.heap, []).into(), BigInt::from_size(&vm.heap, max)],
        None => vec![],
    };
    let args: Value = Tuple::new(&vm.heap, args).into();
    let it = vm.iter(&a.pos[0])?;
    Ok(Tuple::new(&vm.heap, [class, args, state, it]).into())
}

fn compare(vm: &mut Vm, a: Args<'_>, op: CompareOp) -> R {
    let (Some(x), Some(y)) = (a.pos[0].opaque::<Deque>(), a.pos[1].opaque::<Deque>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let (n, m) = (x.len(), y.len());
    if n != m && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Value::bool(op == CompareOp::Ne));
    }
    // Subclasses may iterate in a way of their own.
    let (x, y) = (vm.iter(&a.pos[0])?, vm.iter(&a.pos[1])?);
    let order = loop {
        let p = vm.next(&x)?;
        let (p, q) = match (p, vm.next(&y)?) {
            (Some(p), Some(q)) => (p, q),
            (p, q) => break p.is_some().cmp(&q.is_some()),
        };
        if !vm.eq_or_is(&p, &q)? {
            return Ok(Value::bool(match op {
                CompareOp::Eq => false,
                CompareOp::Ne => true,
                _ => vm.compare_bool(op, &p, &q)?,
            }));
        }
    };
    Ok(Value::bool(op.holds(order)))
}

fn get_maxlen(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(match vm.receiver::<Deque>(a)?.max.get() {
        Some(max) => BigInt::from_size(&vm.heap, max),
        None => Value::NONE,
    })
}
