//! The functions of `math` on floats.

use dashu_int::IBig;
use dashu_int::ops::BitTest;

use super::math::{domain, float, range, real};
use super::math_gamma;
use crate::builtins::functions::numbers::call_class_method;
use crate::code::operators::BinaryOp;
use crate::object::number::{BigInt, Int};
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::Signature;
use crate::vm::protocol::hash::frexp as split;
use crate::vm::{Args, R, Vm};

/// One argument: a NaN that does not come from one is a domain error, an infinity that does not come from one a range
/// error where the function can overflow, and a domain error otherwise.
fn one(vm: &mut Vm, a: Args<'_>, f: fn(f64) -> f64, can_overflow: bool) -> R {
    let x = real(vm, &a.pos[0])?;
    let r = f(x);
    if r.is_nan() && !x.is_nan() {
        return Err(domain(vm));
    }
    if r.is_infinite() && x.is_finite() {
        return Err(if can_overflow { range(vm) } else { domain(vm) });
    }
    float(vm, r)
}

macro_rules! unary {
    ($($name:ident $f:expr, $overflow:literal;)*) => {
        $(fn $name(vm: &mut Vm, a: Args<'_>) -> R { one(vm, a, $f, $overflow) })*
    };
}

unary! {
    acos f64::acos, false;
    acosh libm::acosh, false;
    asin f64::asin, false;
    asinh libm::asinh, false;
    atan f64::atan, false;
    atanh libm::atanh, false;
    cbrt f64::cbrt, false;
    cos f64::cos, false;
    cosh f64::cosh, true;
    erf libm::erf, false;
    erfc libm::erfc, false;
    exp f64::exp, true;
    exp2 f64::exp2, true;
    expm1 f64::exp_m1, true;
    fabs f64::abs, false;
    sin f64::sin, false;
    sinh f64::sinh, true;
    sqrt f64::sqrt, false;
    tan f64::tan, false;
    tanh f64::tanh, false;
    log1p f64::ln_1p, false;
}

fn gamma(vm: &mut Vm, a: Args<'_>) -> R {
    let x = real(vm, &a.pos[0])?;
    if x == f64::NEG_INFINITY || (x <= 0.0 && x == x.floor()) {
        return Err(domain(vm));
    }
    // Exact for the factorials that a float holds.
    if x == x.floor() && x <= 23.0 {
        return float(vm, (1..x as u64).map(|i| i as f64).product());
    }
    let r = math_gamma::gamma(x);
    if r.is_infinite() && x.is_finite() { Err(range(vm)) } else { float(vm, r) }
}

fn lgamma(vm: &mut Vm, a: Args<'_>) -> R {
    let x = real(vm, &a.pos[0])?;
    if x <= 0.0 && x == x.floor() && x.is_finite() {
        return Err(domain(vm));
    }
    if x == 1.0 || x == 2.0 {
        return float(vm, 0.0);
    }
    let r = math_gamma::log_gamma(x);
    if r.is_infinite() && x.is_finite() { Err(range(vm)) } else { float(vm, r) }
}

/// A logarithm; ints of any size have one.
fn logarithm(vm: &mut Vm, v: &Value, f: fn(f64) -> f64) -> R<f64> {
    if let Some(Int::Big(b)) = v.as_int()
        && !b.to_f64().value().is_finite()
    {
        if *b < IBig::from(0) {
            return Err(domain(vm));
        }
        // Of what is too large for a float: a fraction and an exponent of 2, as `frexp` has them.
        let exponent = b.bit_len();
        let fraction = (b >> (exponent - 64)).to_f64().value() * 2f64.powi(-64);
        return Ok(f(fraction) + f(2.0) * exponent as f64);
    }
    let x = real(vm, v)?;
    if x.is_nan() || x > 0.0 { Ok(f(x)) } else { Err(domain(vm)) }
}

fn log(vm: &mut Vm, a: Args<'_>) -> R {
    let x = logarithm(vm, &a.pos[0], f64::ln)?;
    let Some(base) = a.get(1) else { return float(vm, x) };
    let base = logarithm(vm, base, f64::ln)?;
    if base == 0.0 {
        return Err(vm.zero_division_error("division by zero"));
    }
    float(vm, x / base)
}

fn log2(vm: &mut Vm, a: Args<'_>) -> R {
    let x = logarithm(vm, &a.pos[0], f64::log2)?;
    float(vm, x)
}

fn log10(vm: &mut Vm, a: Args<'_>) -> R {
    let x = logarithm(vm, &a.pos[0], f64::log10)?;
    float(vm, x)
}

fn two(vm: &mut Vm, a: Args<'_>) -> R<(f64, f64)> {
    Ok((real(vm, &a.pos[0])?, real(vm, &a.pos[1])?))
}

fn atan2(vm: &mut Vm, a: Args<'_>) -> R {
    let (y, x) = two(vm, a)?;
    float(vm, y.atan2(x))
}

fn copysign(vm: &mut Vm, a: Args<'_>) -> R {
    let (x, y) = two(vm, a)?;
    float(vm, x.copysign(y))
}

fn fmod(vm: &mut Vm, a: Args<'_>) -> R {
    let (x, y) = two(vm, a)?;
    if y.is_infinite() && x.is_finite() {
        return float(vm, x);
    }
    let r = x % y;
    if r.is_nan() && !x.is_nan() && !y.is_nan() { Err(domain(vm)) } else { float(vm, r) }
}

fn remainder(vm: &mut Vm, a: Args<'_>) -> R {
    let (x, y) = two(vm, a)?;
    if x.is_finite() && y.is_infinite() {
        return float(vm, x);
    }
    if (x.is_infinite() && !y.is_nan()) || (y == 0.0 && !x.is_nan()) {
        return Err(domain(vm));
    }
    float(vm, libm::remainder(x, y))
}

fn pow(vm: &mut Vm, a: Args<'_>) -> R {
    let (x, y) = two(vm, a)?;
    let r = x.powf(y);
    if x.is_finite() && y.is_finite() {
        if r.is_nan() || (r.is_infinite() && x == 0.0) {
            return Err(domain(vm));
        }
        if r.is_infinite() {
            return Err(range(vm));
        }
    }
    float(vm, r)
}

fn fma(vm: &mut Vm, a: Args<'_>) -> R {
    let (x, y) = two(vm, a)?;
    let z = real(vm, &a.pos[2])?;
    let r = x.mul_add(y, z);
    if r.is_nan() && !x.is_nan() && !y.is_nan() && !z.is_nan() {
        return Err(vm.value_error("invalid operation in fma"));
    }
    if r.is_infinite() && x.is_finite() && y.is_finite() && z.is_finite() {
        return Err(vm.overflow_error("overflow in fma"));
    }
    float(vm, r)
}

fn degrees(vm: &mut Vm, a: Args<'_>) -> R {
    let x = real(vm, &a.pos[0])?;
    float(vm, x * (180.0 / std::f64::consts::PI))
}

fn radians(vm: &mut Vm, a: Args<'_>) -> R {
    let x = real(vm, &a.pos[0])?;
    float(vm, x * (std::f64::consts::PI / 180.0))
}

fn frexp(vm: &mut Vm, a: Args<'_>) -> R {
    let x = real(vm, &a.pos[0])?;
    let (m, e) = split(x);
    let m = float(vm, m)?;
    Ok(Tuple::new(&vm.heap, [m, Value::int_unchecked(e as i64)]).into())
}

fn ldexp(vm: &mut Vm, a: Args<'_>) -> R {
    let x = real(vm, &a.pos[0])?;
    let Some(e) = a.pos[1].as_int() else {
        return Err(vm.type_error("Expected an int as second argument to ldexp."));
    };
    if x == 0.0 || !x.is_finite() {
        return float(vm, x);
    }
    let e = match e {
        Int::Small(e) => e.clamp(-10_000, 10_000),
        Int::Big(b) => {
            if *b < IBig::from(0) {
                -10_000
            } else {
                10_000
            }
        }
    };
    let r = libm::ldexp(x, e as i32);
    if r.is_infinite() { Err(range(vm)) } else { float(vm, r) }
}

fn modf(vm: &mut Vm, a: Args<'_>) -> R {
    let x = real(vm, &a.pos[0])?;
    let (fraction, whole) =
        if x.is_infinite() { (0.0f64.copysign(x), x) } else { ((x - x.trunc()).copysign(x), x.trunc()) };
    let parts = [float(vm, fraction)?, float(vm, whole)?];
    Ok(Tuple::new(&vm.heap, parts).into())
}

fn nextafter(vm: &mut Vm, a: Args<'_>) -> R {
    let s = Signature { function: "nextafter", names: ["", "", "steps"], required: 2, positional: 2 };
    let [_, _, steps] = a.bind(vm, &s)?;
    let (x, y) = two(vm, a)?;
    let steps = match steps.filter(|s| !s.is_none()) {
        None => 1,
        Some(v) => {
            let i = vm.index(v)?;
            match i.as_int() {
                Some(Int::Small(n)) if n >= 0 => n as u64,
                Some(Int::Big(b)) if *b > IBig::from(0) => u64::MAX,
                _ => return Err(vm.value_error("steps must be a non-negative integer")),
            }
        }
    };
    if steps == 0 || x.is_nan() {
        return float(vm, x);
    }
    if y.is_nan() || x == y {
        return float(vm, y);
    }
    // Floats in order are integers in order once the negative ones are turned round.
    let key = |x: f64| {
        let b = x.to_bits() as i64;
        (if b < 0 { i64::MIN.wrapping_sub(b) } else { b }) as i128
    };
    let (from, to) = (key(x), key(y));
    let at = if to > from { (from + steps as i128).min(to) } else { (from - steps as i128).max(to) };
    let bits = if at < 0 { i64::MIN.wrapping_sub(at as i64) } else { at as i64 };
    let r = f64::from_bits(bits as u64);
    float(vm, if r == 0.0 && x < 0.0 { -0.0 } else { r })
}

fn ulp(vm: &mut Vm, a: Args<'_>) -> R {
    let x = real(vm, &a.pos[0])?.abs();
    if !x.is_finite() {
        return float(vm, x);
    }
    let up = f64::from_bits(x.to_bits() + 1);
    if up.is_infinite() {
        return float(vm, x - f64::from_bits(x.to_bits() - 1));
    }
    float(vm, up - x)
}

fn isfinite(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(real(vm, &a.pos[0])?.is_finite()))
}

fn isinf(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(real(vm, &a.pos[0])?.is_infinite()))
}

fn isnan(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(real(vm, &a.pos[0])?.is_nan()))
}

fn isclose(vm: &mut Vm, a: Args<'_>) -> R {
    let s = Signature { function: "isclose", names: ["a", "b", "rel_tol", "abs_tol"], required: 2, positional: 2 };
    let given = a.bind(vm, &s)?;
    let mut numbers = [0.0, 0.0, 1e-9, 0.0];
    for (x, v) in numbers.iter_mut().zip(given) {
        if let Some(v) = v {
            *x = real(vm, v)?;
        }
    }
    let [x, y, rel, abs] = numbers;
    if rel < 0.0 || abs < 0.0 {
        return Err(vm.value_error("tolerances must be non-negative"));
    }
    if x == y {
        return Ok(Value::TRUE);
    }
    if x.is_infinite() || y.is_infinite() {
        return Ok(Value::FALSE);
    }
    let d = (y - x).abs();
    Ok(Value::bool(d <= (rel * y).abs() || d <= (rel * x).abs() || d <= abs))
}

/// Rounds a float to an int.
fn to_int(vm: &mut Vm, x: f64) -> R {
    if x.is_nan() {
        return Err(vm.value_error("cannot convert float NaN to integer"));
    }
    match IBig::try_from(x) {
        Ok(i) => Ok(BigInt::value(&vm.heap, i)),
        Err(_) => Err(vm.overflow_error("cannot convert float infinity to integer")),
    }
}

fn rounded(vm: &mut Vm, a: Args<'_>, method: &str, f: fn(f64) -> f64) -> R {
    let v = &a.pos[0];
    let plain = !crate::builtins::dict::methods::is_heap_class(v);
    if plain && let Some(x) = v.as_float() {
        return to_int(vm, f(x));
    }
    if plain && v.as_int().is_some() {
        return vm.index(v);
    }
    let name = vm.intern(method);
    if let Some(r) = call_class_method(vm, v, &name, &[])? {
        return Ok(r);
    }
    if method == "__trunc__" {
        let name = vm.class_name(v);
        return Err(vm.type_error(format!("type {name} doesn't define __trunc__ method")));
    }
    let x = real(vm, v)?;
    to_int(vm, f(x))
}

fn floor(vm: &mut Vm, a: Args<'_>) -> R {
    rounded(vm, a, "__floor__", f64::floor)
}

fn ceil(vm: &mut Vm, a: Args<'_>) -> R {
    rounded(vm, a, "__ceil__", f64::ceil)
}

fn trunc(vm: &mut Vm, a: Args<'_>) -> R {
    rounded(vm, a, "__trunc__", f64::trunc)
}

/// The length of a vector without overflow on the way.
fn norm(v: &[f64]) -> f64 {
    if v.iter().any(|x| x.is_infinite()) {
        return f64::INFINITY;
    }
    let max = v.iter().fold(0.0f64, |m, x| if x.is_nan() { f64::NAN } else { m.max(x.abs()) });
    if max == 0.0 || v.iter().any(|x| x.is_nan()) {
        return v.iter().find(|x| x.is_nan()).copied().unwrap_or(max);
    }
    if let [x, y] = v {
        return x.hypot(*y);
    }
    let (_, e) = split(max);
    let (mut high, mut low) = (0.0, 0.0);
    for x in v {
        let x = libm::ldexp(*x, -e);
        let p = x * x;
        low += x.mul_add(x, -p);
        let s = high + p;
        low += (high - s) + p;
        high = s;
    }
    let h = (high + low).sqrt();
    // One correction step with the error of the square.
    let error = -(h.mul_add(h, -high)) + low;
    libm::ldexp(h + error / (2.0 * h), e)
}

fn hypot(vm: &mut Vm, a: Args<'_>) -> R {
    let mut v = Vec::with_capacity(a.pos.len());
    for x in a.pos {
        v.push(real(vm, x)?.abs());
    }
    float(vm, norm(&v))
}

fn dist(vm: &mut Vm, a: Args<'_>) -> R {
    let p = vm.collect(&a.pos[0])?;
    let q = vm.collect(&a.pos[1])?;
    if p.len() != q.len() {
        return Err(vm.value_error("both points must have the same number of dimensions"));
    }
    let mut v = Vec::with_capacity(p.len());
    for (x, y) in p.iter().zip(&q) {
        v.push((real(vm, x)? - real(vm, y)?).abs());
    }
    float(vm, norm(&v))
}

/// Shewchuk's exact sum: partial sums that do not overlap.
fn fsum(vm: &mut Vm, a: Args<'_>) -> R {
    let it = vm.iter(&a.pos[0])?;
    let mut partials: Vec<f64> = Vec::new();
    let (mut special, mut infinities) = (0.0, 0.0);
    while let Some(v) = vm.next(&it)? {
        let original = real(vm, &v)?;
        let mut x = original;
        let mut n = 0;
        for j in 0..partials.len() {
            let mut y = partials[j];
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                partials[n] = low;
                n += 1;
            }
            x = high;
        }
        partials.truncate(n);
        if x != 0.0 {
            if !x.is_finite() {
                if original.is_finite() {
                    return Err(vm.overflow_error("intermediate overflow in fsum"));
                }
                if original.is_infinite() {
                    infinities += original;
                }
                special += original;
                partials.clear();
            } else {
                partials.push(x);
            }
        }
    }
    if special != 0.0 {
        if infinities.is_nan() {
            return Err(vm.value_error("-inf + inf in fsum"));
        }
        return float(vm, special);
    }
    let Some(mut high) = partials.pop() else { return float(vm, 0.0) };
    let mut low = 0.0;
    while let Some(y) = partials.pop() {
        let x = high;
        high = x + y;
        low = y - (high - x);
        if low != 0.0 {
            break;
        }
    }
    // Half-even rounding across more than two partials.
    if let Some(&p) = partials.last()
        && ((low < 0.0 && p < 0.0) || (low > 0.0 && p > 0.0))
    {
        let y = low * 2.0;
        let x = high + y;
        if y == x - high {
            high = x;
        }
    }
    float(vm, high)
}

fn sumprod(vm: &mut Vm, a: Args<'_>) -> R {
    let (p, q) = (vm.iter(&a.pos[0])?, vm.iter(&a.pos[1])?);
    let is_plain = |x: &Value| x.as_float().is_some() || x.as_small_int().is_some();
    let mut plain = Vec::new();
    // The sum so far, once something else than plain numbers has come.
    let mut total = None;
    loop {
        let (x, y) = match (vm.next(&p)?, vm.next(&q)?) {
            (Some(x), Some(y)) => (x, y),
            (None, None) => break,
            _ => return Err(vm.value_error("Inputs are not the same length")),
        };
        if total.is_none() && is_plain(&x) && is_plain(&y) {
            plain.push((x, y));
            continue;
        }
        let so_far = match total.take() {
            Some(so_far) => so_far,
            None => sum_of_products(vm, &plain)?,
        };
        let product = vm.binary(BinaryOp::Mul, &x, &y)?;
        total = Some(vm.binary(BinaryOp::Add, &so_far, &product)?);
    }
    match total {
        Some(total) => Ok(total),
        None => sum_of_products(vm, &plain),
    }
}

/// The sum of the products of small ints and floats: exact, or as exact as two floats hold it.
fn sum_of_products(vm: &mut Vm, pairs: &[(Value, Value)]) -> R {
    if pairs.iter().any(|(x, y)| x.as_float().is_some() || y.as_float().is_some()) {
        // Products and sums with their errors, in two words.
        let (mut high, mut low) = (0.0f64, 0.0);
        for (x, y) in pairs {
            let (x, y) = (real(vm, x)?, real(vm, y)?);
            let product = x * y;
            let s = high + product;
            let t = s - high;
            low += (high - (s - t)) + (product - t) + x.mul_add(y, -product);
            high = s;
        }
        return float(vm, if low.is_finite() { high + low } else { high });
    }
    let mut total = Value::int_unchecked(0);
    for (x, y) in pairs {
        let product = vm.binary(BinaryOp::Mul, x, y)?;
        total = vm.binary(BinaryOp::Add, &total, &product)?;
    }
    Ok(total)
}

fn prod(vm: &mut Vm, a: Args<'_>) -> R {
    let s = Signature { function: "prod", names: ["", "start"], required: 1, positional: 1 };
    let [_, start] = a.bind(vm, &s)?;
    let mut total = start.cloned().unwrap_or(Value::int_unchecked(1));
    let it = vm.iter(&a.pos[0])?;
    while let Some(v) = vm.next(&it)? {
        total = vm.binary(BinaryOp::Mul, &total, &v)?;
    }
    Ok(total)
}

pub const TABLE: &[Def] = &[
    def("acos", 1, 1, acos),
    def("acosh", 1, 1, acosh),
    def("asin", 1, 1, asin),
    def("asinh", 1, 1, asinh),
    def("atan", 1, 1, atan),
    def("atan2", 2, 2, atan2),
    def("atanh", 1, 1, atanh),
    def("cbrt", 1, 1, cbrt),
    def("ceil", 1, 1, ceil),
    def("copysign", 2, 2, copysign),
    def("cos", 1, 1, cos),
    def("cosh", 1, 1, cosh),
    def("degrees", 1, 1, degrees),
    def("dist", 2, 2, dist),
    def("erf", 1, 1, erf),
    def("erfc", 1, 1, erfc),
    def("exp", 1, 1, exp),
    def("exp2", 1, 1, exp2),
    def("expm1", 1, 1, expm1),
    def("fabs", 1, 1, fabs),
    def("floor", 1, 1, floor),
    def("fma", 3, 3, fma),
    def("fmod", 2, 2, fmod),
    def("frexp", 1, 1, frexp),
    def("fsum", 1, 1, fsum),
    def("gamma", 1, 1, gamma),
    def("hypot", 0, ANY, hypot),
    def_kw("isclose", 0, ANY, isclose),
    def("isfinite", 1, 1, isfinite),
    def("isinf", 1, 1, isinf),
    def("isnan", 1, 1, isnan),
    def("ldexp", 2, 2, ldexp),
    def("lgamma", 1, 1, lgamma),
    def("log", 1, 2, log),
    def("log10", 1, 1, log10),
    def("log1p", 1, 1, log1p),
    def("log2", 1, 1, log2),
    def("modf", 1, 1, modf),
    def_kw("nextafter", 0, ANY, nextafter),
    def("pow", 2, 2, pow),
    def_kw("prod", 0, ANY, prod),
    def("radians", 1, 1, radians),
    def("remainder", 2, 2, remainder),
    def("sin", 1, 1, sin),
    def("sinh", 1, 1, sinh),
    def("sqrt", 1, 1, sqrt),
    def("sumprod", 2, 2, sumprod),
    def("tan", 1, 1, tan),
    def("tanh", 1, 1, tanh),
    def("trunc", 1, 1, trunc),
    def("ulp", 1, 1, ulp),
];
