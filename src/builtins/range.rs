//! `range`: ints of any size.

use dashu_int::IBig;

use super::slots::{self, no_keywords, this};
use crate::object::header::Ref;
use crate::object::iter::IterState;
use crate::object::number::BigInt;
use crate::object::sequence::{Range, Slice};
use crate::object::value::Value;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::{Args, R, Vm};

fn big(v: &Value) -> IBig {
    v.as_int().map(|i| i.to_big()).unwrap_or_default()
}

fn zero() -> IBig {
    IBig::from(0)
}

/// How many numbers a range has.
pub fn length(start: &Value, stop: &Value, step: &Value) -> IBig {
    if let (Some(a), Some(b), Some(s)) = (start.as_small_int(), stop.as_small_int(), step.as_small_int()) {
        let n = if s > 0 && a < b {
            ((b - a - 1) as u64) / s as u64 + 1
        } else if s < 0 && b < a {
            ((a - b - 1) as u64) / s.unsigned_abs() + 1
        } else {
            0
        };
        return IBig::from(n);
    }
    let (a, b, s) = (big(start), big(stop), big(step));
    if s > zero() && a < b {
        (b - a - 1) / s + 1
    } else if s < zero() && b < a {
        (a - b - 1) / -s + 1
    } else {
        zero()
    }
}

/// Whether two ranges have the same numbers.
pub fn equal(x: &Range, y: &Range) -> bool {
    let n = length(&x.start, &x.stop, &x.step);
    n == length(&y.start, &y.stop, &y.step)
        && (n == zero() || (big(&x.start) == big(&y.start) && (n == IBig::from(1) || big(&x.step) == big(&y.step))))
}

/// The position of an int in a range, if it is there.
fn position(r: &Range, v: &Value) -> Option<IBig> {
    let (a, b, s, v) = (big(&r.start), big(&r.stop), big(&r.step), big(v));
    let inside = if s > zero() { a <= v && v < b } else { b < v && v <= a };
    let distance = v - a;
    if inside && &distance % &s == zero() { Some(distance / s) } else { None }
}

/// Whether an int is in a range.
pub fn contains_int(r: &Range, v: &Value) -> bool {
    position(r, v).is_some()
}

/// A new range; the parts are ints and the step is not 0.
pub fn make(vm: &Vm, start: Value, stop: Value, step: Value) -> Value {
    vm.heap.alloc(&vm.types().range, Range { start, stop, step }).into()
}

/// An iterator over the numbers of a range.
pub fn iter(vm: &Vm, start: &Value, stop: &Value, step: &Value) -> Value {
    let left = length(start, stop, step);
    let small = || {
        let (a, s) = (start.as_small_int()?, step.as_small_int()?);
        let n = u64::try_from(&left).ok()?;
        Value::small_int(i64::try_from(a as i128 + s as i128 * n.saturating_sub(1) as i128).ok()?)?;
        Some(IterState::Range { next: a, step: s, left: n })
    };
    match small() {
        Some(state) => vm.new_iter(&vm.types().range_iterator, state),
        None => {
            let left = BigInt::value(&vm.heap, left);
            let state = IterState::BigRange { next: start.clone(), step: step.clone(), left };
            vm.new_iter(&vm.types().longrange_iterator, state)
        }
    }
}

/// The number at a position that lies inside.
fn item(vm: &Vm, r: &Range, i: IBig) -> Value {
    BigInt::value(&vm.heap, big(&r.start) + i * big(&r.step))
}

/// `r[k]`.
pub fn get_item(vm: &mut Vm, r: &Ref<Range>, k: &Value) -> R {
    let n = length(&r.start, &r.stop, &r.step);
    if let Some(s) = k.downcast::<Slice>() {
        let (start, stop, step) = super::slice::fit_big(vm, s, &n)?;
        let whole = big(&r.step);
        let at = |i: IBig| BigInt::value(&vm.heap, big(&r.start) + i * &whole);
        let (start, stop) = (at(start), at(stop));
        let step = BigInt::value(&vm.heap, step * &whole);
        return Ok(make(vm, start, stop, step));
    }
    let Some(i) = vm.index_opt(k)? else {
        let name = vm.class_name(k);
        return Err(vm.type_error(format!("range indices must be integers or slices, not {name}")));
    };
    let i = big(&i);
    let i = if i < zero() { i + &n } else { i };
    if i < zero() || i >= n {
        return Err(vm.index_error("range object index out of range"));
    }
    Ok(item(vm, r, i))
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().range.clone();
    slots::new_class(vm, a, &base)?;
    no_keywords(vm, a, "range")?;
    let one = Value::int_unchecked(1);
    let (start, stop, step) = match &a.pos[1..] {
        [] => return Err(vm.type_error("range expected at least 1 argument, got 0")),
        [stop] => (Value::int_unchecked(0), vm.index(stop)?, one),
        [start, stop] => (vm.index(start)?, vm.index(stop)?, one),
        [start, stop, step] => (vm.index(start)?, vm.index(stop)?, vm.index(step)?),
        more => {
            let n = more.len();
            return Err(vm.type_error(format!("range expected at most 3 arguments, got {n}")));
        }
    };
    if step.as_small_int() == Some(0) {
        return Err(vm.value_error("range() arg 3 must not be zero"));
    }
    Ok(make(vm, start, stop, step))
}

fn index(vm: &mut Vm, a: Args<'_>) -> R {
    let r = this::<Range>(vm, a)?.clone();
    let v = &a.pos[1];
    let found = if v.as_int().is_some() {
        position(&r, v).map(|i| BigInt::value(&vm.heap, i))
    } else {
        let it = iter(vm, &r.start, &r.stop, &r.step);
        let (mut i, mut found) = (0, None);
        while let Some(x) = vm.next(&it)? {
            if vm.eq_or_is(&x, v)? {
                found = Some(Value::from_len(i));
                break;
            }
            i += 1;
        }
        found
    };
    match found {
        Some(i) => Ok(i),
        None if v.as_int().is_some() => {
            let text = vm.repr(v)?;
            Err(vm.value_error(format!("{text} is not in range")))
        }
        None => Err(vm.value_error("sequence.index(x): x not in sequence")),
    }
}

fn count(vm: &mut Vm, a: Args<'_>) -> R {
    let r = this::<Range>(vm, a)?.clone();
    let v = &a.pos[1];
    if v.as_int().is_some() {
        return Ok(Value::from_len(contains_int(&r, v) as usize));
    }
    let it = iter(vm, &r.start, &r.stop, &r.step);
    let mut n = 0;
    while let Some(x) = vm.next(&it)? {
        n += vm.eq_or_is(&x, v)? as usize;
    }
    Ok(Value::from_len(n))
}

/// `reversed(r)`.
pub fn reversed_iter(vm: &mut Vm, r: &Ref<Range>) -> Value {
    let n = length(&r.start, &r.stop, &r.step);
    if n == zero() {
        let o = Value::int_unchecked(0);
        return iter(vm, &o, &o, &Value::int_unchecked(1));
    }
    let step = big(&r.step);
    let first = big(&r.start);
    let last = BigInt::value(&vm.heap, &first + (n - 1) * &step);
    let stop = BigInt::value(&vm.heap, first - &step);
    let step = BigInt::value(&vm.heap, -step);
    iter(vm, &last, &stop, &step)
}

fn reversed(vm: &mut Vm, a: Args<'_>) -> R {
    let r = this::<Range>(vm, a)?.clone();
    Ok(reversed_iter(vm, &r))
}

fn start(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(this::<Range>(vm, a)?.start.clone())
}

fn stop(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(this::<Range>(vm, a)?.stop.clone())
}

fn step(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(this::<Range>(vm, a)?.step.clone())
}

pub fn install(vm: &mut Vm) {
    let class = vm.types().range.clone();
    vm.add_static(&class, &[def_kw("__new__", 0, ANY, new)]);
    vm.add_methods(
        &class,
        &[
            def("index", 2, 2, index),
            def("count", 2, 2, count),
            def("__reversed__", 1, 1, reversed),
            slots::HASH,
            slots::REPR,
            slots::LEN,
            slots::ITER,
            slots::CONTAINS,
            slots::GET_ITEM,
        ],
    );
    vm.add_methods(&class, slots::COMPARE);
    vm.add_getset(&class, "start", start, None);
    vm.add_getset(&class, "stop", stop, None);
    vm.add_getset(&class, "step", step, None);
}
