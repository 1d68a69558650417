//! Arithmetic of ranges, whose numbers may be of any size.

use dashu_int::IBig;

use crate::object::header::Ref;
use crate::object::iter::IterState;
use crate::object::number::BigInt;
use crate::object::sequence::{Range, Slice};
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// An int as a big one.
pub fn big(v: &Value) -> IBig {
    v.as_int().map(|i| i.to_big()).unwrap_or_default()
}

pub fn zero() -> IBig {
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
pub fn position(r: &Range, v: &Value) -> Option<IBig> {
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
pub fn item(vm: &Vm, r: &Range, i: IBig) -> Value {
    BigInt::value(&vm.heap, big(&r.start) + i * big(&r.step))
}

/// `r[k]`.
pub fn get_item(vm: &mut Vm, r: &Ref<Range>, k: &Value) -> R {
    let n = length(&r.start, &r.stop, &r.step);
    if let Some(s) = k.downcast::<Slice>() {
        let (start, stop, step) = fit_big(vm, s, &n)?;
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

fn part(vm: &mut Vm, v: &Value) -> R<Option<IBig>> {
    if v.is_none() {
        return Ok(None);
    }
    match vm.index_opt(v)? {
        Some(i) => Ok(i.as_int().map(|i| i.to_big())),
        None => Err(vm.type_error("slice indices must be integers or None or have an __index__ method")),
    }
}

/// Start, stop and step fitted to a length of any size.
pub fn fit_big(vm: &mut Vm, s: &Ref<Slice>, len: &IBig) -> R<(IBig, IBig, IBig)> {
    let zero = IBig::from(0);
    let step = part(vm, &s.step)?.unwrap_or_else(|| IBig::from(1));
    if step == zero {
        return Err(vm.value_error("slice step cannot be zero"));
    }
    let down = step < zero;
    let (low, high) = if down { (IBig::from(-1), len - 1) } else { (zero.clone(), len.clone()) };
    let clamp = |i: IBig| if i < zero { (i + len).max(low.clone()) } else { i.min(high.clone()) };
    let start = part(vm, &s.start)?.map(&clamp).unwrap_or(if down { high.clone() } else { low.clone() });
    let stop = part(vm, &s.stop)?.map(&clamp).unwrap_or(if down { low.clone() } else { high.clone() });
    Ok((start, stop, step))
}
