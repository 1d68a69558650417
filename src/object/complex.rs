//! The data of `complex`, and its arithmetic.

use super::header::Ref;
use super::heap::Heap;
use super::opaque::{Opaque, OpaqueData};
use super::types::Type;
use super::value::Value;

/// A complex number.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Complex {
    pub re: f64,
    pub im: f64,
}

impl OpaqueData for Complex {
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// Why a power has no value.
#[derive(Debug, PartialEq, Eq)]
pub enum PowError {
    /// Zero to a negative or complex power, or an angle that is not finite.
    ZeroBase,
    Overflow,
}

impl Complex {
    pub const ONE: Complex = Complex { re: 1.0, im: 0.0 };

    /// A real number.
    pub fn real(re: f64) -> Complex {
        Complex { re, im: 0.0 }
    }

    /// A new `complex`.
    pub fn value(heap: &Heap, z: Complex) -> Value {
        Complex::value_of(heap, &heap.types().complex, z)
    }

    /// A new instance of `complex` or a subclass of it.
    pub fn value_of(heap: &Heap, class: &Ref<Type>, z: Complex) -> Value {
        heap.alloc(class, Opaque { data: Box::new(z) }).into()
    }

    pub fn plus(self, o: Complex) -> Complex {
        Complex { re: self.re + o.re, im: self.im + o.im }
    }

    pub fn minus(self, o: Complex) -> Complex {
        Complex { re: self.re - o.re, im: self.im - o.im }
    }

    pub fn times(self, o: Complex) -> Complex {
        Complex { re: self.re * o.re - self.im * o.im, im: self.re * o.im + self.im * o.re }
    }

    /// The quotient by Smith's method, as CPython divides; None where the divisor is zero.
    pub fn over(self, o: Complex) -> Option<Complex> {
        if o.re.abs() >= o.im.abs() {
            if o.re == 0.0 {
                return None;
            }
            let ratio = o.im / o.re;
            let scale = o.re + o.im * ratio;
            Some(Complex { re: (self.re + self.im * ratio) / scale, im: (self.im - self.re * ratio) / scale })
        } else if o.im.abs() >= o.re.abs() {
            let ratio = o.re / o.im;
            let scale = o.re * ratio + o.im;
            Some(Complex { re: (self.re * ratio + self.im) / scale, im: (self.im * ratio - self.re) / scale })
        } else {
            Some(Complex { re: f64::NAN, im: f64::NAN })
        }
    }

    /// The power: by multiplication where the exponent is an integer of at most 100, else by polar coordinates.
    pub fn power(self, exponent: Complex) -> Result<Complex, PowError> {
        let whole = exponent.im == 0.0 && exponent.re == exponent.re.floor() && exponent.re.abs() <= 100.0;
        let z = if whole { self.integer_power(exponent.re as i32) } else { self.polar_power(exponent) }
            .ok_or(PowError::ZeroBase)?;
        if z.re.is_infinite() || z.im.is_infinite() { Err(PowError::Overflow) } else { Ok(z) }
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
            return if undefined { None } else { Some(Complex::real(0.0)) };
        }
        let (radius, angle) = (self.re.hypot(self.im), self.im.atan2(self.re));
        let mut length = radius.powf(exponent.re);
        let mut phase = angle * exponent.re;
        if exponent.im != 0.0 {
            length /= (angle * exponent.im).exp();
            phase += exponent.im * radius.ln();
        }
        // C's cosine of infinity is a domain error, which CPython takes for one of the base.
        (!phase.is_infinite()).then(|| Complex { re: length * phase.cos(), im: length * phase.sin() })
    }
}

impl Value {
    /// The number of a `complex` or of an instance of a subclass of it.
    pub fn as_complex(&self) -> Option<Complex> {
        self.opaque::<Complex>().copied()
    }
}
