//! Operators of int, float, str and bytes as attributes (`int.__add__`): wrappers around the code that serves by kind.

use crate::code::{BinaryOp, UnaryOp};
use crate::object::value::Value;
use crate::vm::native::{Def, def};
use crate::vm::{Args, R, Vm};

/// Whether the class of `this` takes `other` as an operand: int takes ints, float those too, complex all three.
fn takes(this: &Value, other: &Value) -> bool {
    let int = other.as_int().is_some();
    let float = int || other.as_float().is_some();
    if this.as_int().is_some() {
        int
    } else if this.as_float().is_some() {
        float
    } else {
        this.as_complex().is_some() && (float || other.as_complex().is_some())
    }
}

fn forward(vm: &mut Vm, op: BinaryOp, a: Args<'_>) -> R {
    if !takes(&a.pos[0], &a.pos[1]) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    Ok(vm.binary_direct(op, &a.pos[0], &a.pos[1])?.unwrap_or(Value::NOT_IMPLEMENTED))
}

fn reflected(vm: &mut Vm, op: BinaryOp, a: Args<'_>) -> R {
    if !takes(&a.pos[0], &a.pos[1]) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    Ok(vm.binary_direct(op, &a.pos[1], &a.pos[0])?.unwrap_or(Value::NOT_IMPLEMENTED))
}

macro_rules! operator_slots {
    ($($f:ident $r:ident $op:ident;)*) => {
        $(
            fn $f(vm: &mut Vm, a: Args<'_>) -> R {
                forward(vm, BinaryOp::$op, a)
            }
            fn $r(vm: &mut Vm, a: Args<'_>) -> R {
                reflected(vm, BinaryOp::$op, a)
            }
        )*
        /// The rows of an operator and its reflection.
        const fn rows(op: BinaryOp) -> [Def; 2] {
            match op {
                $(BinaryOp::$op => [def(op.method(), 2, 2, $f), def(op.reflected(), 2, 2, $r)],)*
                _ => panic!("no number has this operator"),
            }
        }
    };
}

operator_slots! {
    add radd Add;
    sub rsub Sub;
    mul rmul Mul;
    truediv rtruediv TrueDiv;
    floordiv rfloordiv FloorDiv;
    modulo rmodulo Mod;
    lshift rlshift LShift;
    rshift rrshift RShift;
    and rand And;
    or ror Or;
    xor rxor Xor;
}

/// The operators that int and float share.
pub const ARITHMETIC: [[Def; 2]; 6] = [
    rows(BinaryOp::Add),
    rows(BinaryOp::Sub),
    rows(BinaryOp::Mul),
    rows(BinaryOp::TrueDiv),
    rows(BinaryOp::FloorDiv),
    rows(BinaryOp::Mod),
];

/// The operators of int alone.
pub const BITS: [[Def; 2]; 5] =
    [rows(BinaryOp::LShift), rows(BinaryOp::RShift), rows(BinaryOp::And), rows(BinaryOp::Or), rows(BinaryOp::Xor)];

/// `&`, `|`, `^`: what bool has of its own.
pub const LOGIC: [[Def; 2]; 3] = [rows(BinaryOp::And), rows(BinaryOp::Or), rows(BinaryOp::Xor)];

fn pow(vm: &mut Vm, a: Args<'_>) -> R {
    match a.pos.get(2) {
        Some(m) if !m.is_none() => {
            if a.pos[0].as_int().is_some() && !(takes(&a.pos[0], &a.pos[1]) && takes(&a.pos[0], m)) {
                return Ok(Value::NOT_IMPLEMENTED);
            }
            match vm.pow3_direct(&a.pos[0], &a.pos[1], m)? {
                Some(r) => Ok(r),
                None if a.pos[0].as_complex().is_some() => Err(vm.value_error("complex modulo")),
                None => Err(vm.type_error("pow() 3rd argument not allowed unless all arguments are integers")),
            }
        }
        _ => forward(vm, BinaryOp::Pow, a),
    }
}

fn rpow(vm: &mut Vm, a: Args<'_>) -> R {
    match a.pos.get(2) {
        Some(m) if !m.is_none() => {
            let base = &a.pos[1];
            if a.pos[0].as_int().is_none() {
                // No float and no complex has a modulus: the method refuses it as `__pow__` does.
                return pow(vm, a);
            }
            if !takes(&a.pos[0], base) {
                return Ok(Value::NOT_IMPLEMENTED);
            }
            pow(vm, Args::positional(&[base.clone(), a.pos[0].clone(), m.clone()]))
        }
        _ => reflected(vm, BinaryOp::Pow, a),
    }
}

fn divmod(vm: &mut Vm, a: Args<'_>) -> R {
    if !takes(&a.pos[0], &a.pos[1]) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    Ok(vm.divmod_direct(&a.pos[0], &a.pos[1])?.unwrap_or(Value::NOT_IMPLEMENTED))
}

fn rdivmod(vm: &mut Vm, a: Args<'_>) -> R {
    if !takes(&a.pos[0], &a.pos[1]) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    Ok(vm.divmod_direct(&a.pos[1], &a.pos[0])?.unwrap_or(Value::NOT_IMPLEMENTED))
}

fn unary(vm: &mut Vm, op: UnaryOp, a: Args<'_>) -> R {
    Ok(vm.unary_direct(op, &a.pos[0])?.unwrap_or(Value::NOT_IMPLEMENTED))
}

fn neg(vm: &mut Vm, a: Args<'_>) -> R {
    unary(vm, UnaryOp::Neg, a)
}

fn pos(vm: &mut Vm, a: Args<'_>) -> R {
    unary(vm, UnaryOp::Pos, a)
}

fn invert(vm: &mut Vm, a: Args<'_>) -> R {
    unary(vm, UnaryOp::Invert, a)
}

fn truth(_: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(match (a.pos[0].as_float(), a.pos[0].as_int().and_then(|i| i.to_i64())) {
        (Some(x), _) => x != 0.0,
        (_, Some(i)) => i != 0,
        _ => true,
    }))
}

/// `x.__format__(spec)` of the built-in class.
pub fn format(vm: &mut Vm, a: Args<'_>) -> R {
    match a.pos[1].downcast::<crate::object::str::Str>() {
        Some(spec) => {
            let spec = spec.clone();
            Ok(vm.format_direct(&a.pos[0], &spec)?.into())
        }
        None => {
            let got = vm.argument_class(&a.pos[1]);
            Err(vm.type_error(format!("__format__() argument must be str, not {got}")))
        }
    }
}

/// `**`.
pub const POWER: &[Def] = &[def("__pow__", 2, 3, pow), def("__rpow__", 2, 3, rpow)];
pub const NEG: Def = def("__neg__", 1, 1, neg);
pub const POS: Def = def("__pos__", 1, 1, pos);
pub const FORMAT: Def = def("__format__", 2, 2, format);

/// What int and float have beside [`ARITHMETIC`].
pub const COMMON: &[Def] = &[
    def("__pow__", 2, 3, pow),
    def("__rpow__", 2, 3, rpow),
    def("__divmod__", 2, 2, divmod),
    def("__rdivmod__", 2, 2, rdivmod),
    NEG,
    POS,
    def("__bool__", 1, 1, truth),
    FORMAT,
];

pub const INVERT: Def = def("__invert__", 1, 1, invert);

/// `+` of sequences.
pub fn concat(vm: &mut Vm, a: Args<'_>) -> R {
    match vm.binary_direct(BinaryOp::Add, &a.pos[0], &a.pos[1])? {
        Some(v) => Ok(v),
        None => Err(vm.operand_error(BinaryOp::Add, "+", &a.pos[0], &a.pos[1])),
    }
}

/// `*` of sequences.
pub fn repeat(vm: &mut Vm, a: Args<'_>) -> R {
    let n = vm.index(&a.pos[1])?;
    Ok(vm.binary_direct(BinaryOp::Mul, &a.pos[0], &n)?.unwrap_or(Value::NOT_IMPLEMENTED))
}

/// `%`.
pub fn percent(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(vm.binary_direct(BinaryOp::Mod, &a.pos[0], &a.pos[1])?.unwrap_or(Value::NOT_IMPLEMENTED))
}

fn rpercent(vm: &mut Vm, a: Args<'_>) -> R {
    if a.pos[0].kind() != a.pos[1].kind() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    Ok(vm.binary_direct(BinaryOp::Mod, &a.pos[1], &a.pos[0])?.unwrap_or(Value::NOT_IMPLEMENTED))
}

/// The operators of str and bytes.
pub const TEXT: &[Def] = &[
    def("__add__", 2, 2, concat),
    def("__mul__", 2, 2, repeat),
    def("__rmul__", 2, 2, repeat),
    def("__mod__", 2, 2, percent),
    def("__rmod__", 2, 2, rpercent),
];
