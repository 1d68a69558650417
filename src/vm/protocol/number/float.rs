//! `float` arithmetic, and the way from ints to floats.

use dashu_int::IBig;
use dashu_int::ops::{BitTest, DivRem};

use crate::code::BinaryOp;
use crate::object::complex::Complex;
use crate::object::number::{Float, Int};
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// Whether float has the operator.
pub(super) fn is_float_op(op: BinaryOp) -> bool {
    use BinaryOp::*;
    matches!(op, Add | Sub | Mul | TrueDiv | FloorDiv | Mod | Pow)
}

/// Floor quotient and remainder with the sign of the divisor; the divisor is not 0.
pub fn divmod_f64(x: f64, y: f64) -> (f64, f64) {
    let mut r = x % y;
    let mut div = (x - r) / y;
    if r != 0.0 {
        if (y < 0.0) != (r < 0.0) {
            r += y;
            div -= 1.0;
        }
    } else {
        r = 0.0f64.copysign(y);
    }
    let q = if div != 0.0 {
        let floor = div.floor();
        if div - floor > 0.5 { floor + 1.0 } else { floor }
    } else {
        0.0f64.copysign(x / y)
    };
    (q, r)
}

/// `x ** y` of floats by C99's rules; what must raise is the caller's.
pub fn pow_f64(x: f64, y: f64) -> f64 {
    if x == 1.0 || y == 0.0 { 1.0 } else { x.powf(y) }
}

/// The nearest float of an int, ties to even; None where it would be infinite.
pub fn int_to_f64(i: &Int<'_>) -> Option<f64> {
    match i {
        Int::Small(i) => Some(*i as f64),
        Int::Big(b) => Some(b.to_f64().value()).filter(|f| f.is_finite()),
    }
}

/// The correctly rounded quotient of ints; None where it would be infinite.  The divisor is not 0.
pub(super) fn true_div_big(a: &IBig, b: &IBig) -> Option<f64> {
    if a.is_zero() {
        return Some(if *b < IBig::ZERO { -0.0 } else { 0.0 });
    }
    let negative = (*a < IBig::ZERO) != (*b < IBig::ZERO);
    let (a, b) = (a.clone().into_parts().1, b.clone().into_parts().1);
    let diff = a.bit_len() as i64 - b.bit_len() as i64;
    if diff > 1025 {
        return None;
    }
    if diff < -1080 {
        return Some(if negative { -0.0 } else { 0.0 });
    }
    // A quotient of at least 55 bits, or as many as a subnormal number has plus two, and a sticky bit.
    let shift = diff.max(-1021) - 55;
    let (n, d) = if shift < 0 { (a << (-shift) as usize, b) } else { (a, b << shift as usize) };
    let (q, r) = n.div_rem(&d);
    let mut bits = u64::try_from(&q).ok()?;
    let mut exponent = shift;
    // Round to 53 bits, or to the last bit of a subnormal number.
    let length = 64 - bits.leading_zeros() as i64;
    let drop = (length - 53).max(-1074 - exponent);
    if drop > 0 {
        let half = 1u64 << (drop - 1);
        let rest = bits & ((1u64 << drop) - 1);
        bits >>= drop;
        if rest > half || (rest == half && (!r.is_zero() || bits & 1 == 1)) {
            bits += 1;
        }
        exponent += drop;
    }
    let mut f = bits as f64;
    // Powers of two are exact; two steps keep each factor finite and normal.
    let half = (exponent / 2) as i32;
    f = f * 2f64.powi(half) * 2f64.powi(exponent as i32 - half);
    if f.is_infinite() { None } else { Some(if negative { -f } else { f }) }
}

/// `round(x, digits)`: correctly rounded in decimal, ties to even.  None where the result would be infinite.
pub fn round_f64(x: f64, digits: i64) -> Option<f64> {
    if !x.is_finite() || x == 0.0 || digits > 323 {
        return Some(x);
    }
    if digits < -308 {
        return Some(0.0f64.copysign(x));
    }
    let result = if digits >= 0 {
        format!("{x:.*}", digits as usize).parse().ok()?
    } else {
        // 800 digits are more than any double has: the exponent is exact.
        let text = format!("{:.800e}", x.abs());
        let exponent: i64 = text.rsplit('e').next()?.parse().ok()?;
        let keep = exponent + digits;
        let magnitude = match keep {
            0.. => format!("{:.*e}", keep as usize, x.abs()).parse::<f64>().ok()?,
            -1 => {
                // Above five of the dropped digit the number is nearer to ten of it; five itself ties to zero.
                let five: f64 = format!("5e{exponent}").parse().ok()?;
                if x.abs() > five { format!("1e{}", -digits).parse().ok()? } else { 0.0 }
            }
            _ => 0.0,
        };
        magnitude.copysign(x)
    };
    Some(result).filter(|f: &f64| f.is_finite())
}

impl Vm {
    /// `x op y` of floats; None where float does not have the operator.
    pub(super) fn float_binary(&mut self, op: BinaryOp, x: f64, y: f64) -> R<Option<Value>> {
        let r = match op {
            BinaryOp::Add => x + y,
            BinaryOp::Sub => x - y,
            BinaryOp::Mul => x * y,
            BinaryOp::TrueDiv | BinaryOp::FloorDiv | BinaryOp::Mod if y == 0.0 => {
                return Err(self.zero_division_error("division by zero"));
            }
            BinaryOp::TrueDiv => x / y,
            BinaryOp::FloorDiv => divmod_f64(x, y).0,
            BinaryOp::Mod => divmod_f64(x, y).1,
            BinaryOp::Pow => {
                if x == 0.0 && y < 0.0 && y.is_finite() {
                    return Err(self.zero_division_error("zero to a negative power"));
                }
                if x < 0.0 && x.is_finite() && y.is_finite() && y.fract() != 0.0 {
                    return self.complex_power(Complex { re: x, im: 0.0 }, Complex { re: y, im: 0.0 }).map(Some);
                }
                let r = pow_f64(x, y);
                if r.is_infinite() && x.is_finite() && y.is_finite() {
                    let class = self.types().OverflowError.clone();
                    let args = vec![Value::int_unchecked(34), self.new_str("Numerical result out of range")];
                    return Err(self.exception(&class, args));
                }
                r
            }
            _ => return Ok(None),
        };
        Ok(Some(Float::value(&self.heap, r)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_of_ints_are_correctly_rounded() {
        let ten = IBig::from(10);
        assert_eq!(true_div_big(&1.into(), &3.into()), Some(1.0 / 3.0));
        assert_eq!(true_div_big(&ten.pow(400), &ten.pow(398)), Some(100.0));
        assert_eq!(true_div_big(&ten.pow(400), &1.into()), None);
        assert_eq!(true_div_big(&-ten.pow(20), &7.into()), Some(-1.4285714285714286e19));
        assert_eq!(true_div_big(&5.into(), &ten.pow(324)), Some(5e-324));
        assert_eq!(true_div_big(&1.into(), &ten.pow(400)), Some(0.0));
        assert_eq!(true_div_big(&IBig::from(3), &(ten.pow(308))), Some(3e-308));
    }

    #[test]
    fn rounding_is_exact_in_decimal() {
        for (x, n, want) in [
            (2.675, 2, 2.67),
            (0.5, 0, 0.0),
            (1.5, 0, 2.0),
            (15.0, -1, 20.0),
            (25.0, -1, 20.0),
            (5.0, -1, 0.0),
            (5.1, -1, 10.0),
            (1234.5, -2, 1200.0),
            (-1250.0, -2, -1200.0),
            (1e300, -300, 1e300),
            (0.1, 400, 0.1),
        ] {
            assert_eq!(round_f64(x, n), Some(want), "round({x}, {n})");
        }
    }

    #[test]
    fn float_division_follows_python() {
        assert_eq!(divmod_f64(-7.5, 2.0), (-4.0, 0.5));
        assert_eq!(divmod_f64(7.5, -2.0), (-4.0, -0.5));
        assert_eq!(divmod_f64(1.0, 0.1), (9.0, 0.09999999999999995));
        assert!(divmod_f64(-4.0, 2.0).1.is_sign_positive());
    }
}
