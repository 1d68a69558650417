//! Constant expressions: what CPython's tree optimizer computes ahead of time, with its limits on size.

use dashu_int::IBig;
use dashu_int::ops::{BitTest, DivRem};
use ruff_python_ast::{Expr, ExprContext, Number, Operator, UnaryOp};

use super::*;
use crate::code::complex::{Complex, Operand};
use crate::code::constant::Text;
use crate::compile::literal;

/// Limits of results, so that folding does not blow up the code.
const MAX_INT_BITS: usize = 128;
const MAX_COLLECTION: usize = 256;
const MAX_TEXT: usize = 4096;

impl<'a> Codegen<'a> {
    /// The value of an expression that has one at compile time.
    pub(super) fn constant(&mut self, expr: &'a Expr) -> Option<Const> {
        match expr {
            Expr::NoneLiteral(_) => Some(Const::None),
            Expr::BooleanLiteral(e) => Some(boolean(e.value)),
            Expr::EllipsisLiteral(_) => Some(Const::Ellipsis),
            Expr::NumberLiteral(e) => Some(match &e.value {
                Number::Int(value) => Const::Int(match value.as_u64() {
                    Some(small) => IBig::from(small),
                    None => literal::int(self.source_of(e.range)),
                }),
                Number::Float(value) => Const::Float(*value),
                Number::Complex { real, imag } => Const::Complex { re: *real, im: *imag },
            }),
            Expr::StringLiteral(e) => {
                let mut parts = e.value.iter().map(|part| literal::text(self.source_of(part.range), &part.value));
                let first = parts.next()?;
                Some(Const::Str(parts.fold(first, |text, part| text.concat(&part))))
            }
            Expr::BytesLiteral(e) => Some(Const::Bytes(e.value.bytes().collect())),
            Expr::Name(e) if e.ctx == ExprContext::Load && e.id.as_str() == "__debug__" => Some(Const::True),
            Expr::BinOp(_) | Expr::UnaryOp(_) | Expr::Tuple(_) | Expr::Subscript(_) => {
                let key = std::ptr::from_ref(expr).addr();
                if let Some(known) = self.folded.get(&key) {
                    return known.clone();
                }
                let value = stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.fold(expr));
                if value.is_some() {
                    // Nobody asks for the operands any more, and those of a long sum are as large as it.
                    self.forget_operands(expr);
                }
                self.folded.insert(key, value.clone());
                value
            }
            _ => None,
        }
    }

    fn forget_operands(&mut self, expr: &Expr) {
        let mut forget = |operand: &Expr| self.folded.remove(&std::ptr::from_ref(operand).addr());
        match expr {
            Expr::BinOp(e) => {
                forget(&e.left);
                forget(&e.right);
            }
            Expr::UnaryOp(e) => drop(forget(&e.operand)),
            Expr::Tuple(e) => e.elts.iter().for_each(|item| drop(forget(item))),
            Expr::Subscript(e) => drop(forget(&e.value)),
            _ => {}
        }
    }

    fn fold(&mut self, expr: &'a Expr) -> Option<Const> {
        match expr {
            Expr::BinOp(e) => {
                let left = self.constant(&e.left)?;
                let right = self.constant(&e.right)?;
                binary(e.op, &left, &right)
            }
            Expr::UnaryOp(e) => unary(e.op, &self.constant(&e.operand)?),
            Expr::Tuple(e) if e.ctx == ExprContext::Load => {
                let items: Option<Vec<Const>> = e.elts.iter().map(|elt| self.constant(elt)).collect();
                Some(Const::Tuple(items?.into()))
            }
            Expr::Subscript(e) if e.ctx == ExprContext::Load => {
                let value = self.constant(&e.value)?;
                let index = self.constant(&e.slice)?;
                item(&value, &int_of(&index)?)
            }
            _ => None,
        }
    }

    pub(super) fn source_of(&self, range: TextRange) -> &'a str {
        &self.source.text()[range]
    }
}

fn boolean(value: bool) -> Const {
    if value { Const::True } else { Const::False }
}

/// A frozenset of the values, each once.
pub(super) fn frozen_set(values: Vec<Const>) -> Const {
    let mut kept: Vec<Const> = Vec::with_capacity(values.len());
    let mut index: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    for value in values {
        let equal = |old: &Const| old.same(&value) || equal_numbers(old, &value);
        // adding 0.0 makes one of the two zeros
        let hash = real(&value).map_or_else(|| value.same_hash(), |number| (number + 0.0).to_bits());
        let there = index.entry(hash).or_default();
        if !there.iter().any(|&old| equal(&kept[old])) {
            there.push(kept.len());
            kept.push(value);
        }
    }
    Const::FrozenSet(kept.into())
}

/// Whether two real numbers are equal, of whatever type.
fn equal_numbers(a: &Const, b: &Const) -> bool {
    match (a, b, int_of(a), int_of(b)) {
        (_, _, Some(a), Some(b)) => a == b,
        (Const::Float(float), _, _, Some(int)) | (_, Const::Float(float), Some(int), _) => {
            float.fract() == 0.0 && IBig::try_from(*float).is_ok_and(|float| float == int)
        }
        (Const::Float(a), Const::Float(b), ..) => a == b,
        _ => false,
    }
}

fn int_of(value: &Const) -> Option<IBig> {
    match value {
        Const::Int(value) => Some(value.clone()),
        Const::True => Some(IBig::ONE),
        Const::False => Some(IBig::ZERO),
        _ => None,
    }
}

/// The value as a float, if it is a real number that a float holds.
fn real(value: &Const) -> Option<f64> {
    if let Const::Float(value) = value {
        return Some(*value);
    }
    let float = int_of(value)?.to_f64().value();
    float.is_finite().then_some(float)
}

fn operand(value: &Const) -> Option<Operand> {
    match value {
        Const::Complex { re, im } => Some(Operand::Complex(Complex { re: *re, im: *im })),
        _ => Some(Operand::Real(real(value)?)),
    }
}

fn item(value: &Const, index: &IBig) -> Option<Const> {
    let at = |len: usize| {
        let index = if *index < IBig::ZERO { index + IBig::from(len) } else { index.clone() };
        usize::try_from(index).ok().filter(|&index| index < len)
    };
    match value {
        Const::Tuple(items) => Some(items[at(items.len())?].clone()),
        Const::Bytes(bytes) => Some(Const::Int(IBig::from(bytes[at(bytes.len())?]))),
        Const::Str(text) => {
            let points = text.code_points();
            Some(Const::Str(Text::from_code_points(vec![points[at(points.len())?]])))
        }
        _ => None,
    }
}

fn unary(op: UnaryOp, value: &Const) -> Option<Const> {
    match (op, value) {
        (UnaryOp::Not, value) => Some(boolean(!value.truth())),
        (UnaryOp::Invert, Const::Int(value)) => Some(Const::Int(-value - IBig::ONE)),
        (UnaryOp::USub, Const::Float(value)) => Some(Const::Float(-value)),
        (UnaryOp::USub, Const::Complex { re, im }) => Some(Const::Complex { re: -re, im: -im }),
        (UnaryOp::UAdd, Const::Float(_) | Const::Complex { .. }) => Some(value.clone()),
        (UnaryOp::USub, value) => Some(Const::Int(-int_of(value)?)),
        (UnaryOp::UAdd, value) => Some(Const::Int(int_of(value)?)),
        (UnaryOp::Invert, _) => None,
    }
}

fn binary(op: Operator, left: &Const, right: &Const) -> Option<Const> {
    match (op, left, right) {
        (Operator::Add, Const::Str(a), Const::Str(b)) => return Some(Const::Str(a.concat(b))),
        (Operator::Add, Const::Bytes(a), Const::Bytes(b)) => return Some(Const::Bytes([&**a, &**b].concat().into())),
        (Operator::Add, Const::Tuple(a), Const::Tuple(b)) => return Some(Const::Tuple([&**a, &**b].concat().into())),
        (Operator::Mult, Const::Str(_) | Const::Bytes(_) | Const::Tuple(_), _) => return repeat(left, &int_of(right)?),
        (Operator::Mult, _, Const::Str(_) | Const::Bytes(_) | Const::Tuple(_)) => return repeat(right, &int_of(left)?),
        _ => {}
    }
    if let (Some(a), Some(b)) = (int_of(left), int_of(right)) {
        let both_bool = !matches!(left, Const::Int(_)) && !matches!(right, Const::Int(_));
        let value = integers(op, &a, &b)?;
        return match (op, value) {
            (Operator::BitAnd | Operator::BitOr | Operator::BitXor, Const::Int(value)) if both_bool => {
                Some(boolean(value != IBig::ZERO))
            }
            (_, value) => Some(value),
        };
    }
    if let (Some(a), Some(b)) = (real(left), real(right)) {
        return floats(op, a, b).map(Const::Float);
    }
    let (a, b) = (operand(left)?, operand(right)?);
    let z = match op {
        Operator::Add => Complex::sum(a, b),
        Operator::Sub => Complex::difference(a, b),
        Operator::Mult => Complex::product(a, b),
        Operator::Div => Complex::quotient(a, b)?,
        Operator::Pow => a.to_complex().power(b.to_complex()).ok()?,
        _ => return None,
    };
    Some(Const::Complex { re: z.re, im: z.im })
}

fn repeat(value: &Const, times: &IBig) -> Option<Const> {
    let times = isize::try_from(times.clone()).ok()?.max(0) as usize;
    let fits = |len: usize, max: usize| len.checked_mul(times).is_some_and(|total| total <= max);
    match value {
        Const::Str(text) if fits(text.len(), MAX_TEXT) => {
            Some(Const::Str(Text::from_code_points(text.code_points().repeat(times))))
        }
        Const::Bytes(bytes) if fits(bytes.len(), MAX_TEXT) => Some(Const::Bytes(bytes.repeat(times).into())),
        Const::Tuple(items) if fits(items.len(), MAX_COLLECTION) => {
            let items = std::iter::repeat_n(&**items, times).flatten().cloned().collect();
            Some(Const::Tuple(items))
        }
        _ => None,
    }
}

fn floor_div_mod(a: &IBig, b: &IBig) -> Option<(IBig, IBig)> {
    if *b == IBig::ZERO {
        return None;
    }
    let (quotient, remainder) = a.div_rem(b);
    if remainder != IBig::ZERO && (remainder < IBig::ZERO) != (*b < IBig::ZERO) {
        Some((quotient - IBig::ONE, remainder + b))
    } else {
        Some((quotient, remainder))
    }
}

fn integers(op: Operator, a: &IBig, b: &IBig) -> Option<Const> {
    let (bits_a, bits_b) = (a.bit_len(), b.bit_len());
    let value = match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult => {
            if bits_a + bits_b > MAX_INT_BITS {
                return None;
            }
            a * b
        }
        Operator::Div => {
            // a quotient of floats is right only for ints that floats hold exactly
            if *b == IBig::ZERO || bits_a > 53 || bits_b > 53 {
                return None;
            }
            return Some(Const::Float(a.to_f64().value() / b.to_f64().value()));
        }
        Operator::FloorDiv => floor_div_mod(a, b)?.0,
        Operator::Mod => floor_div_mod(a, b)?.1,
        Operator::Pow => {
            if *b < IBig::ZERO {
                return floats(op, real(&Const::Int(a.clone()))?, real(&Const::Int(b.clone()))?).map(Const::Float);
            }
            let exponent = usize::try_from(b.clone()).ok()?;
            if bits_a.checked_mul(exponent)? > MAX_INT_BITS {
                return None;
            }
            a.pow(exponent)
        }
        Operator::LShift => {
            let shift = usize::try_from(b.clone()).ok()?;
            if shift > MAX_INT_BITS || bits_a + shift > MAX_INT_BITS {
                return None;
            }
            a << shift
        }
        Operator::RShift => a >> usize::try_from(b.clone()).ok()?,
        Operator::BitAnd => a & b,
        Operator::BitOr => a | b,
        Operator::BitXor => a ^ b,
        Operator::MatMult => return None,
    };
    Some(Const::Int(value))
}

fn floats(op: Operator, a: f64, b: f64) -> Option<f64> {
    let modulo = |a: f64, b: f64| {
        let rest = a % b;
        if rest == 0.0 {
            0.0f64.copysign(b)
        } else if (rest < 0.0) != (b < 0.0) {
            rest + b
        } else {
            rest
        }
    };
    match op {
        Operator::Add => Some(a + b),
        Operator::Sub => Some(a - b),
        Operator::Mult => Some(a * b),
        Operator::Div if b != 0.0 => Some(a / b),
        Operator::Mod if b != 0.0 => Some(modulo(a, b)),
        Operator::FloorDiv if b != 0.0 => {
            let quotient = (a - modulo(a, b)) / b;
            let floor = quotient.floor();
            let rounded = if quotient - floor > 0.5 { floor + 1.0 } else { floor };
            Some(if quotient == 0.0 { 0.0f64.copysign(a / b) } else { rounded })
        }
        Operator::Pow => {
            let value = a.powf(b);
            (value.is_finite() && !(a == 0.0 && b < 0.0)).then_some(value)
        }
        _ => None,
    }
}
