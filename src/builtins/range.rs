//! `range`: ints of any size.

use super::slots::{self, no_keywords, this};
use crate::object::header::Ref;
use crate::object::number::BigInt;
use crate::object::sequence::Range;
use crate::object::value::Value;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::protocol::range::{big, contains_int, iter, length, make, position, zero};
use crate::vm::{Args, R, Vm};

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
            def("__bool__", 1, 1, |vm, a| {
                let r = this::<Range>(vm, a)?;
                Ok(Value::bool(length(&r.start, &r.stop, &r.step) != zero()))
            }),
            slots::HASH,
        ],
    );
    vm.add_methods(&class, slots::SUBSCRIPTABLE);
    vm.add_methods(&class, slots::COMPARE);
    vm.add_member(&class, "start", start, None);
    vm.add_member(&class, "stop", stop, None);
    vm.add_member(&class, "step", step, None);
}
