//! `complex`: its constructor and methods.

use super::{number_slots, slots};
use crate::code::operators::CompareOp;
use crate::object::complex::Complex;
use crate::object::number::{BigInt, Float};
use crate::object::number_text::{self, ascii_of_points};
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::protocol::hash::hash_f64;
use crate::vm::{Args, R, Vm};

/// Gives `complex` its methods.
pub fn install(vm: &mut Vm) {
    let class = vm.types().complex.clone();
    number_slots::ARITHMETIC[..4].iter().for_each(|rows| vm.add_methods(&class, rows));
    vm.add_methods(&class, number_slots::POWER);
    vm.add_methods(&class, METHODS);
    vm.add_class_methods(&class, &[def("from_number", 2, 2, from_number)]);
    vm.add_static(&class, &[def_kw("__new__", 1, ANY, new)]);
    vm.add_member(&class, "real", real, None);
    vm.add_member(&class, "imag", imag, None);
}

const METHODS: &[Def] = &[
    number_slots::NEG,
    number_slots::POS,
    number_slots::FORMAT,
    def("__hash__", 1, 1, hash),
    def("__repr__", 1, 1, repr),
    def("__bool__", 1, 1, truth),
    def("__abs__", 1, 1, abs),
    def("__complex__", 1, 1, plain),
    def("__getnewargs__", 1, 1, getnewargs),
    def("conjugate", 1, 1, conjugate),
    def("__eq__", 2, 2, |vm, a| equality(vm, a, CompareOp::Eq)),
    def("__ne__", 2, 2, |vm, a| equality(vm, a, CompareOp::Ne)),
    def("__lt__", 2, 2, |_, _| Ok(Value::NOT_IMPLEMENTED)),
    def("__le__", 2, 2, |_, _| Ok(Value::NOT_IMPLEMENTED)),
    def("__gt__", 2, 2, |_, _| Ok(Value::NOT_IMPLEMENTED)),
    def("__ge__", 2, 2, |_, _| Ok(Value::NOT_IMPLEMENTED)),
];

fn this(vm: &mut Vm, a: Args<'_>) -> R<Complex> {
    match a.pos.first().and_then(Value::as_complex) {
        Some(z) => Ok(z),
        None => Err(vm.type_error("descriptor requires a 'complex' object")),
    }
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().complex.clone();
    let class = slots::new_class(vm, a, &base)?;
    let [real, imag] = a.rest().bind(vm, &signature("complex", ["real", "imag"], 0))?;
    if let (Some(r), None) = (real, imag)
        && r.class(&vm.heap).is(&base)
        && class.is(&base)
    {
        return Ok(r.clone());
    }
    let alone = a.names.is_empty() && a.pos.len() <= 2;
    if let Some(text) = real.and_then(|r| r.downcast::<Str>())
        && alone
    {
        let z = parse(vm, text)?;
        return Ok(Complex::value_of(&vm.heap, &class, z));
    }
    let (mut z, real_is_complex) = match real {
        None => (Complex { re: 0.0, im: 0.0 }, false),
        Some(r) => match complex_of(vm, r)? {
            Some(z) => z,
            None => {
                let got = vm.class_name(r);
                return Err(vm.type_error(if alone {
                    format!("complex() argument must be a string or a number, not {got}")
                } else {
                    format!("complex() argument 'real' must be a real number, not {got}")
                }));
            }
        },
    };
    if let Some(i) = imag {
        let (w, imag_is_complex) = match i.as_complex() {
            Some(w) => (w, true),
            None => match vm.float_of_object(i)? {
                Some(x) => (Complex { re: x, im: 0.0 }, false),
                None => {
                    let got = vm.argument_class(i);
                    return Err(vm.type_error(format!("complex() argument 'imag' must be a real number, not {got}")));
                }
            },
        };
        // Parts that are no complex numbers themselves are not touched, so that their zeros keep their signs.
        z = Complex {
            re: if imag_is_complex { z.re - w.im } else { z.re },
            im: if real_is_complex { w.re + z.im } else { w.re },
        };
    }
    Ok(Complex::value_of(&vm.heap, &class, z))
}

/// The number of an object: by `__complex__`, `__float__` or `__index__`, and whether it was a complex one; None where
/// it has none of them.
fn complex_of(vm: &mut Vm, v: &Value) -> R<Option<(Complex, bool)>> {
    let is_python = v.class(&vm.heap).has(type_flags::HEAP);
    if !is_python && let Some(z) = v.as_complex() {
        return Ok(Some((z, true)));
    }
    let name = vm.types().names.__complex__.clone();
    if let Some(made) = vm.call_special(v, &name, &[])? {
        if let Some(z) = made.as_complex() {
            vm.warn_of_subclass(&made, "__complex__", &vm.types().complex.clone())?;
            return Ok(Some((z, true)));
        }
        let got = vm.class_name(&made);
        return Err(vm.type_error(format!("__complex__ returned non-complex (type {got})")));
    }
    Ok(vm.float_of_object(v)?.map(|x| (Complex { re: x, im: 0.0 }, false)))
}

/// `complex(text)`.
fn parse(vm: &mut Vm, text: &Str) -> R<Complex> {
    let ascii = ascii_of_points(text.points());
    let Some(plain) = without_underscores(ascii.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c'])) else {
        let shown = vm.new_str(&text.to_string_lossy());
        let shown = vm.repr(&shown)?;
        return Err(vm.value_error(format!("could not convert string to complex: {shown}")));
    };
    parse_ascii(&plain).ok_or_else(|| vm.value_error("complex() arg is a malformed string"))
}

/// The text without the underscores between its digits; None where one stands elsewhere.
fn without_underscores(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let fits = |i: usize| bytes[i] != b'_' || (i > 0 && digit(i - 1) && digit(i + 1));
    (0..bytes.len()).all(fits).then(|| text.replace('_', ""))
}

fn parse_ascii(text: &str) -> Option<Complex> {
    let text = match text.strip_prefix('(') {
        Some(inner) => inner.trim_start().trim_end().strip_suffix(')')?.trim_end(),
        None => text,
    };
    let is_unit = |rest: &str| matches!(rest, "j" | "J");
    let (first, rest) = float_prefix(text);
    let Some(first) = first else {
        // `j`, `+j`, `-j`
        let (sign, rest) = match text.as_bytes().first()? {
            b'+' => (1.0, &text[1..]),
            b'-' => (-1.0, &text[1..]),
            _ => (1.0, text),
        };
        return is_unit(rest).then_some(Complex { re: 0.0, im: sign });
    };
    if rest.is_empty() {
        return Some(Complex { re: first, im: 0.0 });
    }
    if is_unit(rest) {
        return Some(Complex { re: 0.0, im: first });
    }
    let sign = match rest.as_bytes()[0] {
        b'+' => 1.0,
        b'-' => -1.0,
        _ => return None,
    };
    let (second, end) = match float_prefix(rest) {
        (Some(im), end) => (im, end),
        (None, _) => (sign, &rest[1..]),
    };
    is_unit(end).then_some(Complex { re: first, im: second })
}

/// The longest float at the start of a text, and what stands behind it.
fn float_prefix(text: &str) -> (Option<f64>, &str) {
    let b = text.as_bytes();
    let mut i = usize::from(matches!(b.first(), Some(b'+' | b'-')));
    let word = text[i..].to_ascii_lowercase();
    if let Some(w) = ["infinity", "inf", "nan"].into_iter().find(|w| word.starts_with(w)) {
        i += w.len();
        return (number_text::parse_float(&text[..i]), &text[i..]);
    }
    let digits = |mut i: usize| {
        while b.get(i).is_some_and(u8::is_ascii_digit) {
            i += 1;
        }
        i
    };
    let whole = digits(i);
    let mut end = whole;
    if b.get(end) == Some(&b'.') {
        end = digits(end + 1);
        if end == whole + 1 && whole == i {
            return (None, text);
        }
    }
    if end == i {
        return (None, text);
    }
    if matches!(b.get(end), Some(b'e' | b'E')) {
        let start = end + 1 + usize::from(matches!(b.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(start);
        if exponent > start {
            end = exponent;
        }
    }
    (number_text::parse_float(&text[..end]), &text[end..])
}

fn from_number(vm: &mut Vm, a: Args<'_>) -> R {
    let v = &a.pos[1];
    let Some((z, _)) = complex_of(vm, v)? else {
        let got = vm.class_name(v);
        return Err(vm.type_error(format!("must be real number, not {got}")));
    };
    let value = Complex::value(&vm.heap, z);
    match a.pos[0].downcast::<Type>() {
        Some(c) if !c.is(&vm.types().complex) => vm.call(c.as_value(), &[value]),
        _ => Ok(value),
    }
}

fn real(vm: &mut Vm, a: Args<'_>) -> R {
    let z = this(vm, a)?;
    Ok(Float::value(&vm.heap, z.re))
}

fn imag(vm: &mut Vm, a: Args<'_>) -> R {
    let z = this(vm, a)?;
    Ok(Float::value(&vm.heap, z.im))
}

fn plain(vm: &mut Vm, a: Args<'_>) -> R {
    let z = this(vm, a)?;
    if a.pos[0].class(&vm.heap).is(&vm.types().complex) {
        return Ok(a.pos[0].clone());
    }
    Ok(Complex::value(&vm.heap, z))
}

fn conjugate(vm: &mut Vm, a: Args<'_>) -> R {
    let z = this(vm, a)?;
    Ok(Complex::value(&vm.heap, Complex { re: z.re, im: -z.im }))
}

fn abs(vm: &mut Vm, a: Args<'_>) -> R {
    let z = this(vm, a)?;
    let length = z.re.hypot(z.im);
    if length.is_infinite() && z.re.is_finite() && z.im.is_finite() {
        return Err(vm.overflow_error("absolute value too large"));
    }
    Ok(Float::value(&vm.heap, length))
}

fn truth(vm: &mut Vm, a: Args<'_>) -> R {
    let z = this(vm, a)?;
    Ok(Value::bool(z.re != 0.0 || z.im != 0.0))
}

fn getnewargs(vm: &mut Vm, a: Args<'_>) -> R {
    let z = this(vm, a)?;
    let parts = [Float::value(&vm.heap, z.re), Float::value(&vm.heap, z.im)];
    Ok(Tuple::new(&vm.heap, parts).into())
}

fn hash(vm: &mut Vm, a: Args<'_>) -> R {
    let z = this(vm, a)?;
    let address = a.pos[0].bits() as usize;
    let h = hash_f64(z.re, address).wrapping_add(hash_f64(z.im, address).wrapping_mul(1_000_003));
    Ok(BigInt::from_i64(&vm.heap, if h == u64::MAX { -2 } else { h as i64 }))
}

fn equality(vm: &mut Vm, a: Args<'_>, op: CompareOp) -> R {
    let z = this(vm, a)?;
    let equal = match a.pos[1].as_complex() {
        Some(w) => z == w,
        None if a.pos[1].as_int().is_some() || a.pos[1].as_float().is_some() => {
            // An int is compared exactly, not as the nearest float.
            let re = Float::value(&vm.heap, z.re);
            z.im == 0.0 && vm.eq(&re, &a.pos[1])?
        }
        None => return Ok(Value::NOT_IMPLEMENTED),
    };
    Ok(Value::bool(equal == (op == CompareOp::Eq)))
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let z = this(vm, a)?;
    Ok(vm.new_str(&complex_repr(z)))
}

/// `repr(z)`.
fn complex_repr(z: Complex) -> String {
    let part = |x: f64, plus: &str| {
        let sign = if x.is_sign_negative() && !x.is_nan() { "-" } else { plus };
        format!("{sign}{}", number_text::format_float(x, 'r', 0, false, false).text)
    };
    if z.re == 0.0 && z.re.is_sign_positive() {
        return format!("{}j", part(z.im, ""));
    }
    format!("({}{}j)", part(z.re, ""), part(z.im, "+"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_numbers_and_back() {
        for (text, want) in [
            ("1", "(1+0j)"),
            ("j", "1j"),
            ("-j", "-1j"),
            ("1+2j", "(1+2j)"),
            ("(-0.0-infj)", "(-0-infj)"),
            ("1e3+.5J", "(1000+0.5j)"),
            ("+nan-j", "(nan-1j)"),
        ] {
            assert_eq!(parse_ascii(text).map(complex_repr).as_deref(), Some(want), "{text}");
        }
        for text in ["", "1+", "1 + 2j", "1j+2", "(1", "1e", "++1j", "1+2", "e5", "."] {
            assert_eq!(parse_ascii(text), None, "{text}");
        }
        assert_eq!(without_underscores("1_0+1_0j").as_deref(), Some("10+10j"));
        assert_eq!(without_underscores("1__0"), None);
    }
}
