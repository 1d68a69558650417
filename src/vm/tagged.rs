//! Arithmetic on tagged words: what the handlers of the loop compute at once.  None sends them the long way.

use crate::object::value::{Value, encode_flonum};

/// An integer as a tagged word; None where it does not fit.
fn small(n: i64) -> Option<i64> {
    Value::small_int(n).map(|v| v.into_bits() as i64)
}

/// Whether two words are both floats, in one test.
#[inline(always)]
pub(super) fn are_flonums(x: u64, y: u64) -> bool {
    ((x ^ 2) | (y ^ 2)) & 3 == 0
}

/// `x // y` as a tagged word; None for y = 0 or a result beyond the word.
#[inline(always)]
pub(super) fn floor_div(x: i64, y: i64) -> Option<i64> {
    if y == 0 {
        return None;
    }
    let q = x.checked_div(y)?;
    small(if (x % y != 0) && ((x < 0) != (y < 0)) { q - 1 } else { q })
}

/// `x % y` with the sign of y, as a tagged word.
#[inline(always)]
pub(super) fn floor_mod(x: i64, y: i64) -> Option<i64> {
    if y == 0 {
        return None;
    }
    let r = x.checked_rem(y)?;
    small(if r != 0 && ((r < 0) != (y < 0)) { r + y } else { r })
}

/// `x / y` as the word of a float, where both are exact as floats.
#[inline(always)]
pub(super) fn exact_quotient(x: i64, y: i64) -> Option<i64> {
    const EXACT: i64 = 1 << 53;
    if y == 0 || x.abs() > EXACT || y.abs() > EXACT {
        return None;
    }
    encode_flonum(x as f64 / y as f64).map(|b| b as i64)
}

/// `f / g` as the word of a float; None for g = 0 or a result that is no flonum.
#[inline(always)]
pub(super) fn quotient(f: f64, g: f64) -> Option<u64> {
    if g == 0.0 { None } else { encode_flonum(f / g) }
}

/// A tagged word shifted left; None if bits are lost.
#[inline(always)]
pub(super) fn shift_left(x: i64, n: i64) -> Option<i64> {
    if !(0..62).contains(&n) {
        return None;
    }
    let v = x >> 1;
    let shifted = v << n;
    if shifted >> n == v { small(shifted) } else { None }
}

/// A tagged word shifted right; None for a negative count.
#[inline(always)]
pub(super) fn shift_right(x: i64, n: i64) -> Option<i64> {
    if n < 0 {
        return None;
    }
    Some((((x >> 1) >> n.min(63)) << 1) | 1)
}
