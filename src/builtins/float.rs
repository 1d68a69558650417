//! `float`: its constructor and methods.

use dashu_int::IBig;

use super::{number_slots, slots};
use crate::object::number::{BigInt, Float};
use crate::object::number_text::{self, HexError};
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::protocol::number::round_f64;
use crate::vm::{Args, R, Vm};

/// Gives `float` its methods.
pub fn install(vm: &mut Vm) {
    let class = vm.types().float.clone();
    number_slots::ARITHMETIC.iter().for_each(|rows| vm.add_methods(&class, rows));
    vm.add_methods(&class, number_slots::COMMON);
    vm.add_methods(&class, slots::COMPARE);
    vm.add_methods(
        &class,
        &[
            slots::HASH,
            slots::REPR,
            def("__abs__", 1, 1, abs),
            def("__int__", 1, 1, trunc),
            def("__float__", 1, 1, plain),
            def("__trunc__", 1, 1, trunc),
            def("__floor__", 1, 1, floor),
            def("__ceil__", 1, 1, ceil),
            def("__round__", 1, 2, round),
            def("__getnewargs__", 1, 1, getnewargs),
            def("conjugate", 1, 1, plain),
            def("is_integer", 1, 1, is_integer),
            def("as_integer_ratio", 1, 1, as_integer_ratio),
            def("hex", 1, 1, hex),
        ],
    );
    vm.add_class_methods(
        &class,
        &[def("fromhex", 2, 2, fromhex), def("from_number", 2, 2, from_number), def("__getformat__", 2, 2, getformat)],
    );
    vm.add_static(&class, &[def_kw("__new__", 1, ANY, new)]);
    vm.add_getset(&class, "real", plain, None);
    vm.add_getset(&class, "imag", |vm, _| Ok(Float::value(&vm.heap, 0.0)), None);
}

fn this(vm: &mut Vm, a: Args<'_>) -> R<f64> {
    match a.pos.first().and_then(Value::as_float) {
        Some(x) => Ok(x),
        None => Err(vm.type_error("descriptor requires a 'float' object")),
    }
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().float.clone();
    let class = slots::new_class(vm, a, &base)?;
    let init = vm.types().names.__init__.clone();
    slots::no_keywords_for(vm, a, &class, &base, &init)?;
    if a.pos.len() > 2 {
        let got = a.pos.len() - 1;
        return Err(vm.type_error(format!("float expected at most 1 argument, got {got}")));
    }
    let value = match a.get(1) {
        Some(x) => vm.float_of(x)?,
        None => Float::value(&vm.heap, 0.0),
    };
    if class.is(&base) {
        return Ok(value);
    }
    let value = value.as_float().unwrap_or(0.0);
    Ok(vm.heap.alloc(&class, Float { value }).into())
}

fn plain(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    Ok(Float::value(&vm.heap, x))
}

fn abs(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    Ok(Float::value(&vm.heap, x.abs()))
}

fn trunc(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    vm.f64_to_int(x.trunc())
}

fn floor(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    vm.f64_to_int(x.floor())
}

fn ceil(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    vm.f64_to_int(x.ceil())
}

fn round(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    match a.get(1).filter(|d| !d.is_none()) {
        None => vm.f64_to_int(x.round_ties_even()),
        Some(d) => {
            let digits = vm.index(d)?;
            let digits = vm.index_clamped(&digits)?;
            match round_f64(x, digits) {
                Some(r) => Ok(Float::value(&vm.heap, r)),
                None => Err(vm.overflow_error("rounded value too large to represent")),
            }
        }
    }
}

fn getnewargs(vm: &mut Vm, a: Args<'_>) -> R {
    let v = plain(vm, a)?;
    Ok(Tuple::new(&vm.heap, [v]).into())
}

fn is_integer(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    Ok(Value::bool(x.is_finite() && x.fract() == 0.0))
}

fn as_integer_ratio(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    if x.is_infinite() {
        return Err(vm.overflow_error("cannot convert Infinity to integer ratio"));
    }
    if x.is_nan() {
        return Err(vm.value_error("cannot convert NaN to integer ratio"));
    }
    let (m, e) = number_text::integer_ratio(x);
    let (n, d) = if e >= 0 { (IBig::from(m) << e as usize, IBig::ONE) } else { (m.into(), IBig::ONE << (-e) as usize) };
    let pair = [BigInt::value(&vm.heap, n), BigInt::value(&vm.heap, d)];
    Ok(Tuple::new(&vm.heap, pair).into())
}

fn hex(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    Ok(vm.new_str(&number_text::float_hex(x)))
}

/// Makes an instance of the class that a class method got.
fn of_class(vm: &mut Vm, a: Args<'_>, x: f64) -> R {
    let value = Float::value(&vm.heap, x);
    match a.get(0).and_then(|c| c.downcast::<Type>()) {
        Some(c) if !c.is(&vm.types().float) => vm.call(c.as_value(), &[value]),
        _ => Ok(value),
    }
}

fn fromhex(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(s) = a.pos[1].downcast::<Str>() else {
        return Err(vm.type_error("bad argument type for built-in operation"));
    };
    match number_text::parse_hex(&s.to_string_lossy()) {
        Ok(x) => of_class(vm, a, x),
        Err(HexError::TooLarge) => Err(vm.overflow_error("hexadecimal value too large to represent as a float")),
        Err(HexError::Invalid) => Err(vm.value_error("invalid hexadecimal floating-point string")),
    }
}

fn from_number(vm: &mut Vm, a: Args<'_>) -> R {
    match vm.float_of_object(&a.pos[1])? {
        Some(x) => of_class(vm, a, x),
        None => {
            let got = a.pos[1].class(&vm.heap).name_str();
            Err(vm.type_error(format!("must be real number, not {got}")))
        }
    }
}

fn getformat(vm: &mut Vm, a: Args<'_>) -> R {
    match a.pos[1].downcast::<Str>().and_then(|s| s.as_ascii()) {
        Some("double" | "float") if cfg!(target_endian = "little") => Ok(vm.new_str("IEEE, little-endian")),
        Some("double" | "float") => Ok(vm.new_str("IEEE, big-endian")),
        None if a.pos[1].downcast::<Str>().is_none() => {
            let got = vm.argument_class(&a.pos[1]);
            Err(vm.type_error(format!("__getformat__() argument must be str, not {got}")))
        }
        _ => Err(vm.value_error("__getformat__() argument 1 must be 'double' or 'float'")),
    }
}
