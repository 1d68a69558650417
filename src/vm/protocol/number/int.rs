//! `int` arithmetic: words first, big integers where they overflow.

use dashu_int::ops::{BitTest, DivRem};
use dashu_int::{IBig, UBig};

use super::float::{pow_f64, true_div_big};
use crate::code::BinaryOp;
use crate::object::number::{BigInt, Float, Int};
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// The operator on words where the result is a word; None where it may not be or must raise.
#[inline]
pub(super) fn small_binary(op: BinaryOp, x: i64, y: i64) -> Option<Value> {
    let r = match op {
        // Operands have 63 bits, so that sums do not overflow 64.
        BinaryOp::Add => x + y,
        BinaryOp::Sub => x - y,
        BinaryOp::Mul => x.checked_mul(y)?,
        BinaryOp::FloorDiv if y != 0 => floor_div(x, y),
        BinaryOp::Mod if y != 0 => floor_mod(x, y),
        BinaryOp::And => x & y,
        BinaryOp::Or => x | y,
        BinaryOp::Xor => x ^ y,
        BinaryOp::RShift if y >= 0 => x >> y.min(63),
        BinaryOp::LShift if (0..62).contains(&y) => {
            let r = x << y;
            if r >> y != x {
                return None;
            }
            r
        }
        _ => return None,
    };
    Value::small_int(r)
}

/// Division that rounds towards minus infinity.
fn floor_div(x: i64, y: i64) -> i64 {
    let q = x.wrapping_div(y);
    if x % y != 0 && (x < 0) != (y < 0) { q - 1 } else { q }
}

/// The remainder with the sign of the divisor.
fn floor_mod(x: i64, y: i64) -> i64 {
    let r = x.wrapping_rem(y);
    if r != 0 && (r < 0) != (y < 0) { r + y } else { r }
}

/// Floor quotient and remainder; the divisor is not 0.
pub fn divmod_big(a: &IBig, b: &IBig) -> (IBig, IBig) {
    let (q, r) = a.div_rem(b);
    if !r.is_zero() && (r < IBig::ZERO) != (*b < IBig::ZERO) { (q - IBig::ONE, r + b) } else { (q, r) }
}

/// Bytes of a product below which its multiplication takes neither time nor memory to speak of.
const LARGE: usize = 4096;

impl Vm {
    /// `x op y` of ints; None where int does not have the operator.
    pub(super) fn int_binary(&mut self, op: BinaryOp, x: Int<'_>, y: Int<'_>) -> R<Option<Value>> {
        if let (Int::Small(a), Int::Small(b)) = (&x, &y) {
            let (a, b) = (*a, *b);
            if let Some(v) = small_binary(op, a, b) {
                return Ok(Some(v));
            }
            match op {
                BinaryOp::Mul => return Ok(Some(BigInt::from_i128(&self.heap, a as i128 * b as i128))),
                BinaryOp::TrueDiv if b != 0 && a.unsigned_abs() <= 1 << 53 && b.unsigned_abs() <= 1 << 53 => {
                    return Ok(Some(Float::value(&self.heap, a as f64 / b as f64)));
                }
                _ => {}
            }
        }
        let zero_divisor = matches!(&y, Int::Small(0));
        let v = match op {
            BinaryOp::MatMul => return Ok(None),
            BinaryOp::FloorDiv | BinaryOp::Mod | BinaryOp::TrueDiv if zero_divisor => {
                return Err(self.zero_division_error("division by zero"));
            }
            BinaryOp::LShift | BinaryOp::RShift => return self.int_shift(op, x, y).map(Some),
            BinaryOp::Pow => return self.int_pow(x, y).map(Some),
            BinaryOp::TrueDiv => match true_div_big(&x.to_big(), &y.to_big()) {
                Some(f) => return Ok(Some(Float::value(&self.heap, f))),
                None => return Err(self.overflow_error("integer division result too large for a float")),
            },
            BinaryOp::Add => x.to_big() + y.to_big(),
            BinaryOp::Sub => x.to_big() - y.to_big(),
            BinaryOp::Mul => match (&x, &y) {
                (Int::Big(a), Int::Small(b)) | (Int::Small(b), Int::Big(a)) => {
                    self.check_memory(Some(a.bit_len() / 8))?;
                    *a * IBig::from(*b)
                }
                (Int::Big(a), Int::Big(b)) => {
                    self.begin_product((a.bit_len() + b.bit_len()) / 8)?;
                    *a * *b
                }
                _ => x.to_big() * y.to_big(),
            },
            BinaryOp::FloorDiv | BinaryOp::Mod => {
                let (a, b) = (x.to_big(), y.to_big());
                self.begin_product(a.bit_len() / 8)?;
                let (quotient, remainder) = divmod_big(&a, &b);
                if op == BinaryOp::FloorDiv { quotient } else { remainder }
            }
            BinaryOp::And => x.to_big() & y.to_big(),
            BinaryOp::Or => x.to_big() | y.to_big(),
            BinaryOp::Xor => x.to_big() ^ y.to_big(),
        };
        Ok(Some(BigInt::value(&self.heap, v)))
    }

    /// Asks before a multiplication or division whose product or dividend has this size: large ones take memory beside
    /// their result, up to 35 times as much as that (measured with dashu-int 0.6, at 25 MB), and panic where there is none.
    pub fn check_product(&mut self, bytes: usize) -> R<()> {
        const SCRATCH: usize = 36;
        if bytes < LARGE { Ok(()) } else { self.check_memory(bytes.checked_mul(SCRATCH)) }
    }

    /// The same where the work begins at once, which nothing interrupts: in front of it what bounds a program is served.
    pub fn begin_product(&mut self, bytes: usize) -> R<()> {
        if bytes < LARGE {
            return Ok(());
        }
        self.poll_work(bytes as u64)?;
        self.check_product(bytes)
    }

    fn int_shift(&mut self, op: BinaryOp, x: Int<'_>, y: Int<'_>) -> R {
        let negative = match &y {
            Int::Small(i) => *i < 0,
            Int::Big(b) => **b < IBig::ZERO,
        };
        if negative {
            return Err(self.value_error("negative shift count"));
        }
        if matches!(x, Int::Small(0)) {
            return Ok(Value::int_unchecked(0));
        }
        let n = y.to_i64().and_then(|n| usize::try_from(n).ok());
        let big = x.to_big();
        if op == BinaryOp::RShift {
            let n = n.filter(|&n| n < big.bit_len());
            let v = match n {
                Some(n) => big >> n,
                None if big < IBig::ZERO => IBig::NEG_ONE,
                None => IBig::ZERO,
            };
            return Ok(BigInt::value(&self.heap, v));
        }
        let Some(n) = n.filter(|&n| n < usize::MAX / 2) else {
            // CPython has so many digits of 30 bits at most, whatever the memory.
            let is_countable = y.to_big() < IBig::from(1_u128 << 61) * IBig::from(30);
            return Err(if is_countable {
                self.memory_error()
            } else {
                self.overflow_error("too many digits in integer")
            });
        };
        self.check_memory((big.bit_len() + n).div_ceil(8).checked_mul(2))?;
        Ok(BigInt::value(&self.heap, big << n))
    }

    fn int_pow(&mut self, x: Int<'_>, y: Int<'_>) -> R {
        let negative = match &y {
            Int::Small(i) => *i < 0,
            Int::Big(b) => **b < IBig::ZERO,
        };
        if negative {
            let (a, b) = (self.int_as_float(&x)?, self.int_as_float(&y)?);
            if a == 0.0 {
                return Err(self.zero_division_error("zero to a negative power"));
            }
            let f = pow_f64(a, b);
            return Ok(Float::value(&self.heap, f));
        }
        if let Int::Small(base @ -1..=1) = x {
            let odd = match &y {
                Int::Small(i) => i & 1 == 1,
                Int::Big(b) => b.bit(0),
            };
            let zero = matches!(y, Int::Small(0));
            return Ok(Value::int_unchecked(match base {
                _ if zero => 1,
                -1 if !odd => 1,
                b => b,
            }));
        }
        let Some(e) = y.to_i64() else {
            return Err(self.overflow_error("too many digits in integer"));
        };
        if let Int::Small(base) = x
            && let Some(r) = u32::try_from(e).ok().and_then(|e| base.checked_pow(e))
        {
            return Ok(BigInt::from_i64(&self.heap, r));
        }
        let base = x.to_big();
        let bits = (base.bit_len() - 1).max(1).checked_mul(e as usize);
        let bytes = bits.map_or(usize::MAX, |b| b / 8);
        self.check_product(bytes)?;
        let v = if bytes < LARGE { base.pow(e as usize) } else { self.large_pow(&base, e as usize)? };
        Ok(BigInt::value(&self.heap, v))
    }

    /// `base ** e` by squares, one multiplication after the other, so that it can be interrupted between them.  Factors of
    /// two are put back at the end.
    fn large_pow(&mut self, base: &IBig, e: usize) -> R<IBig> {
        let twos = base.trailing_zeros().unwrap_or(0);
        let odd = base >> twos;
        let mut v = IBig::ONE;
        for bit in (0..usize::BITS - e.leading_zeros()).rev() {
            self.begin_product(v.bit_len() / 4)?;
            v = v.sqr().into();
            if e >> bit & 1 == 1 {
                v *= &odd;
            }
        }
        Ok(v << (twos * e))
    }
}

/// `pow(a, e, m)` with Python's signs; a negative exponent takes the inverse.
pub fn int_pow_mod(vm: &mut Vm, a: &IBig, e: &IBig, m: &IBig) -> R {
    if m.is_zero() {
        return Err(vm.value_error("pow() 3rd argument cannot be 0"));
    }
    let modulus: UBig =
        if *m < IBig::ZERO { (-m).try_into().unwrap_or(UBig::ONE) } else { m.clone().try_into().unwrap_or(UBig::ONE) };
    let wide = IBig::from(modulus.clone());
    let mut base = divmod_big(a, &wide).1;
    let mut exponent = e.clone();
    if exponent < IBig::ZERO {
        match inverse(&base, &wide) {
            Some(i) => base = i,
            None => return Err(vm.value_error("base is not invertible for the given modulus")),
        }
        exponent = -exponent;
    }
    let mut result = divmod_big(&IBig::ONE, &wide).1;
    for i in (0..exponent.bit_len()).rev() {
        vm.poll_work(modulus.bit_len() as u64 / 8)?;
        result = (&result * &result) % &wide;
        if exponent.bit(i) {
            result = (result * &base) % &wide;
        }
    }
    if *m < IBig::ZERO && !result.is_zero() {
        result += m;
    }
    Ok(BigInt::value(&vm.heap, result))
}

/// The inverse of `a` modulo `m` (positive), by Euclid's extended algorithm.
fn inverse(a: &IBig, m: &IBig) -> Option<IBig> {
    let (mut old_r, mut r) = (a.clone(), m.clone());
    let (mut old_s, mut s) = (IBig::ONE, IBig::ZERO);
    while !r.is_zero() {
        let (q, rest) = divmod_big(&old_r, &r);
        old_r = std::mem::replace(&mut r, rest);
        let next = old_s - q * &s;
        old_s = std::mem::replace(&mut s, next);
    }
    if old_r == IBig::ONE { Some(divmod_big(&old_s, m).1) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_rounds_down_and_the_remainder_has_the_divisors_sign() {
        for (x, y, q, r) in [(7, 2, 3, 1), (-7, 2, -4, 1), (7, -2, -4, -1), (-7, -2, 3, -1), (6, -3, -2, 0)] {
            assert_eq!((floor_div(x, y), floor_mod(x, y)), (q, r));
            assert_eq!(divmod_big(&x.into(), &y.into()), (q.into(), r.into()));
        }
    }

    #[test]
    fn words_that_overflow_are_left_to_big_integers() {
        let max = crate::object::value::SMALL_INT_MAX;
        assert!(small_binary(BinaryOp::Add, max, 1).is_none());
        assert!(small_binary(BinaryOp::Mul, max, max).is_none());
        assert!(small_binary(BinaryOp::LShift, 1, 62).is_none());
        assert_eq!(small_binary(BinaryOp::LShift, -3, 5).and_then(|v| v.as_small_int()), Some(-96));
        assert_eq!(small_binary(BinaryOp::RShift, -1, 200).and_then(|v| v.as_small_int()), Some(-1));
        assert!(small_binary(BinaryOp::Mod, 1, 0).is_none());
    }

    #[test]
    fn inverses_are_found() {
        assert_eq!(inverse(&3.into(), &7.into()), Some(5.into()));
        assert_eq!(inverse(&2.into(), &4.into()), None);
    }
}
