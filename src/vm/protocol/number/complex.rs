//! `complex` operators.

use crate::code::BinaryOp;
use crate::object::complex::{Complex, Operand, PowError};
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
        let (Some(x), Some(y)) = (self.complex_operand(a)?, self.complex_operand(b)?) else { return Ok(None) };
        let z = match op {
            Add => Complex::sum(x, y),
            Sub => Complex::difference(x, y),
            Mul => Complex::product(x, y),
            TrueDiv => match Complex::quotient(x, y) {
                Some(z) => z,
                None => return Err(self.zero_division_error("division by zero")),
            },
            _ => return self.complex_power(x.to_complex(), y.to_complex()).map(Some),
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

    /// An int, float or complex as an operand of complex arithmetic; None for anything else.
    fn complex_operand(&mut self, v: &Value) -> R<Option<Operand>> {
        match v.as_complex() {
            Some(z) => Ok(Some(Operand::Complex(z))),
            None => Ok(self.number_as_float(v)?.map(Operand::Real)),
        }
    }
}
