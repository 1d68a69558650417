//! `complex` arithmetic.  Mixed operands are converted to complex numbers first, as CPython does up to 3.13 (3.14 keeps
//! the sign of zeros of the other part).

use crate::code::BinaryOp;
use crate::object::complex::{Complex, PowError};
use crate::object::value::Value;
use crate::vm::{R, Vm};

impl Vm {
    /// `a op b` where one of them is complex and the other a number; None where that is not so, or complex does not have
    /// the operator.
    pub(super) fn complex_binary(&mut self, op: BinaryOp, a: &Value, b: &Value) -> R<Option<Value>> {
        use BinaryOp::*;
        if !matches!(op, Add | Sub | Mul | TrueDiv | Pow) || (a.as_complex().is_none() && b.as_complex().is_none()) {
            return Ok(None);
        }
        let (Some(x), Some(y)) = (self.number_as_complex(a)?, self.number_as_complex(b)?) else { return Ok(None) };
        let z = match op {
            Add => x.plus(y),
            Sub => x.minus(y),
            Mul => x.times(y),
            TrueDiv => match x.over(y) {
                Some(z) => z,
                None => return Err(self.zero_division_error("complex division by zero")),
            },
            _ => return self.complex_power(x, y).map(Some),
        };
        Ok(Some(Complex::value(&self.heap, z)))
    }

    /// `x ** y` of complex numbers.
    pub(super) fn complex_power(&mut self, x: Complex, y: Complex) -> R {
        match x.power(y) {
            Ok(z) => Ok(Complex::value(&self.heap, z)),
            Err(PowError::ZeroBase) => Err(self.zero_division_error("zero to a negative or complex power")),
            Err(PowError::Overflow) => Err(self.overflow_error("complex exponentiation")),
        }
    }

    /// An int, float or complex as a complex number; None for anything else.
    pub fn number_as_complex(&mut self, v: &Value) -> R<Option<Complex>> {
        match v.as_complex() {
            Some(z) => Ok(Some(z)),
            None => Ok(self.number_as_float(v)?.map(Complex::real)),
        }
    }
}
