//! Complex arithmetic, for constants that the compiler folds and for the objects of `complex` alike.

/// A complex number.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Complex {
    pub re: f64,
    pub im: f64,
}

/// An operand of mixed arithmetic.  A real number has no imaginary part, rather than one of zero: since Python 3.14 the
/// other operand's imaginary part keeps its sign (`1 - 0j` is `(1-0j)`), as C99's Annex G has it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Operand {
    Real(f64),
    Complex(Complex),
}

impl Operand {
    /// As a complex number.
    pub fn to_complex(self) -> Complex {
        match self {
            Operand::Real(re) => Complex { re, im: 0.0 },
            Operand::Complex(z) => z,
        }
    }
}

/// Why a power has no value.
#[derive(Debug, PartialEq, Eq)]
pub enum PowError {
    /// Zero to a negative or complex power.
    ZeroBase,
    Overflow,
}

/// The part of an infinite number in a product or quotient of Annex G: 1 or 0 with its sign.
fn boxed(x: f64) -> f64 {
    if x.is_infinite() { 1f64.copysign(x) } else { 0f64.copysign(x) }
}

fn nan_to_zero(x: f64) -> f64 {
    if x.is_nan() { 0f64.copysign(x) } else { x }
}

impl Complex {
    pub const ONE: Complex = Complex { re: 1.0, im: 0.0 };

    fn new(re: f64, im: f64) -> Complex {
        Complex { re, im }
    }

    fn is_infinite(self) -> bool {
        self.re.is_infinite() || self.im.is_infinite()
    }

    fn is_finite(self) -> bool {
        self.re.is_finite() && self.im.is_finite()
    }

    pub fn sum(a: Operand, b: Operand) -> Complex {
        use Operand::*;
        match (a, b) {
            (Real(x), Complex(z)) | (Complex(z), Real(x)) => Self::new(z.re + x, z.im),
            _ => {
                let (a, b) = (a.to_complex(), b.to_complex());
                Self::new(a.re + b.re, a.im + b.im)
            }
        }
    }

    pub fn difference(a: Operand, b: Operand) -> Complex {
        use Operand::*;
        match (a, b) {
            (Real(x), Complex(z)) => Self::new(x - z.re, -z.im),
            (Complex(z), Real(x)) => Self::new(z.re - x, z.im),
            _ => {
                let (a, b) = (a.to_complex(), b.to_complex());
                Self::new(a.re - b.re, a.im - b.im)
            }
        }
    }

    pub fn product(a: Operand, b: Operand) -> Complex {
        use Operand::*;
        match (a, b) {
            (Real(x), Complex(z)) | (Complex(z), Real(x)) => Self::new(z.re * x, z.im * x),
            _ => a.to_complex().times(b.to_complex()),
        }
    }

    /// None where the divisor is zero.
    pub fn quotient(a: Operand, b: Operand) -> Option<Complex> {
        match (a, b) {
            (Operand::Complex(_), Operand::Real(0.0)) => None,
            (Operand::Complex(z), Operand::Real(x)) => Some(Self::new(z.re / x, z.im / x)),
            (Operand::Real(x), Operand::Complex(z)) => Self::reciprocal(x, z),
            _ => a.to_complex().over(b.to_complex()),
        }
    }

    fn times(self, o: Complex) -> Complex {
        let (ac, bd, ad, bc) = (self.re * o.re, self.im * o.im, self.re * o.im, self.im * o.re);
        let z = Self::new(ac - bd, ad + bc);
        if !(z.re.is_nan() && z.im.is_nan()) {
            return z;
        }
        // Annex G: what is infinite stays so.
        let (mut a, mut b) = (self, o);
        let mut infinite = false;
        if a.is_infinite() {
            a = Self::new(boxed(a.re), boxed(a.im));
            b = Self::new(nan_to_zero(b.re), nan_to_zero(b.im));
            infinite = true;
        }
        if b.is_infinite() {
            b = Self::new(boxed(b.re), boxed(b.im));
            a = Self::new(nan_to_zero(a.re), nan_to_zero(a.im));
            infinite = true;
        }
        if !infinite && [ac, bd, ad, bc].iter().any(|x| x.is_infinite()) {
            a = Self::new(nan_to_zero(a.re), nan_to_zero(a.im));
            b = Self::new(nan_to_zero(b.re), nan_to_zero(b.im));
            infinite = true;
        }
        if !infinite {
            return z;
        }
        Self::new(f64::INFINITY * (a.re * b.re - a.im * b.im), f64::INFINITY * (a.re * b.im + a.im * b.re))
    }

    /// `x / o`: as [`Complex::over`], without the terms of an imaginary part of `x`.
    fn reciprocal(x: f64, o: Complex) -> Option<Complex> {
        let z = if o.re.abs() >= o.im.abs() {
            if o.re == 0.0 {
                return None;
            }
            let ratio = o.im / o.re;
            let scale = o.re + o.im * ratio;
            Self::new(x / scale, (-x * ratio) / scale)
        } else if o.im.abs() >= o.re.abs() {
            let ratio = o.re / o.im;
            let scale = o.re * ratio + o.im;
            Self::new((x * ratio) / scale, -x / scale)
        } else {
            Self::new(f64::NAN, f64::NAN)
        };
        if z.re.is_nan() && z.im.is_nan() && x.is_finite() && o.is_infinite() {
            return Some(Self::new(0.0 * (x * boxed(o.re)), 0.0 * (-x * boxed(o.im))));
        }
        Some(z)
    }

    /// The quotient by Smith's method; None where the divisor is zero.
    fn over(self, o: Complex) -> Option<Complex> {
        let z = if o.re.abs() >= o.im.abs() {
            if o.re == 0.0 {
                return None;
            }
            let ratio = o.im / o.re;
            let scale = o.re + o.im * ratio;
            Self::new((self.re + self.im * ratio) / scale, (self.im - self.re * ratio) / scale)
        } else if o.im.abs() >= o.re.abs() {
            let ratio = o.re / o.im;
            let scale = o.re * ratio + o.im;
            Self::new((self.re * ratio + self.im) / scale, (self.im * ratio - self.re) / scale)
        } else {
            Self::new(f64::NAN, f64::NAN)
        };
        if !(z.re.is_nan() && z.im.is_nan()) {
            return Some(z);
        }
        if self.is_infinite() && o.is_finite() {
            let (x, y) = (boxed(self.re), boxed(self.im));
            return Some(Self::new(f64::INFINITY * (x * o.re + y * o.im), f64::INFINITY * (y * o.re - x * o.im)));
        }
        if o.is_infinite() && self.is_finite() {
            let (x, y) = (boxed(o.re), boxed(o.im));
            return Some(Self::new(0.0 * (self.re * x + self.im * y), 0.0 * (self.im * x - self.re * y)));
        }
        Some(z)
    }

    /// The power: by multiplication where the exponent is an integer of at most 100, else by polar coordinates.
    pub fn power(self, exponent: Complex) -> Result<Complex, PowError> {
        let whole = exponent.im == 0.0 && exponent.re == exponent.re.floor() && exponent.re.abs() <= 100.0;
        let z = if whole { self.integer_power(exponent.re as i32) } else { self.polar_power(exponent) }
            .ok_or(PowError::ZeroBase)?;
        if z.is_infinite() { Err(PowError::Overflow) } else { Ok(z) }
    }

    fn integer_power(self, n: i32) -> Option<Complex> {
        let (mut result, mut square, mut left) = (Complex::ONE, self, n.unsigned_abs());
        while left > 0 {
            if left & 1 == 1 {
                result = result.times(square);
            }
            square = square.times(square);
            left >>= 1;
        }
        if n > 0 { Some(result) } else { Complex::ONE.over(result) }
    }

    fn polar_power(self, exponent: Complex) -> Option<Complex> {
        if exponent.re == 0.0 && exponent.im == 0.0 {
            return Some(Complex::ONE);
        }
        if self.re == 0.0 && self.im == 0.0 {
            let undefined = exponent.im != 0.0 || exponent.re < 0.0;
            return if undefined { None } else { Some(Self::new(0.0, 0.0)) };
        }
        let (radius, angle) = (self.re.hypot(self.im), self.im.atan2(self.re));
        let mut length = radius.powf(exponent.re);
        let mut phase = angle * exponent.re;
        if exponent.im != 0.0 {
            length /= (angle * exponent.im).exp();
            phase += exponent.im * radius.ln();
        }
        Some(Self::new(length * phase.cos(), length * phase.sin()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn z(re: f64, im: f64) -> Operand {
        Operand::Complex(Complex { re, im })
    }

    #[test]
    fn real_operands_leave_the_imaginary_part_alone() {
        assert!(Complex::difference(Operand::Real(1.0), z(0.0, 0.0)).im.is_sign_negative());
        assert!(Complex::sum(z(1.0, -0.0), Operand::Real(1.0)).im.is_sign_negative());
        assert_eq!(Complex::product(Operand::Real(2.0), z(f64::INFINITY, 0.0)), Complex { re: f64::INFINITY, im: 0.0 });
        assert_eq!(Complex::quotient(z(1.0, 2.0), Operand::Real(0.0)), None);
    }

    #[test]
    fn powers_are_undefined_at_zero_and_limited_in_size() {
        let zero = Complex { re: 0.0, im: 0.0 };
        let i = Complex { re: 0.0, im: 1.0 };
        assert_eq!(zero.power(i), Err(PowError::ZeroBase));
        assert_eq!(Complex { re: 1e200, im: 1.0 }.power(Complex { re: 2.0, im: 0.0 }), Err(PowError::Overflow));
        assert_eq!(i.power(Complex { re: -2.0, im: 0.0 }), Ok(Complex { re: -1.0, im: 0.0 }));
    }
}
