//! `int`: its constructor and methods.

use dashu_int::ops::BitTest;
use dashu_int::{IBig, UBig};

use super::{number_slots, slots};
use crate::object::buffer::MemoryView;
use crate::object::header::Ref;
use crate::object::number::{BigInt, Float, Int};
use crate::object::number_text;
use crate::object::sequence::{Bytes, Tuple};
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::{Signature, signature};
use crate::vm::protocol::number::divmod_big;
use crate::vm::{Args, R, Vm};

/// Gives `int` its methods.
pub fn install(vm: &mut Vm) {
    let class = vm.types().int.clone();
    number_slots::ARITHMETIC.iter().chain(&number_slots::BITS).for_each(|rows| vm.add_methods(&class, rows));
    vm.add_methods(&class, number_slots::COMMON);
    vm.add_methods(&class, slots::COMPARE);
    vm.add_methods(
        &class,
        &[
            slots::HASH,
            slots::REPR,
            number_slots::INVERT,
            def("__abs__", 1, 1, abs),
            def("__int__", 1, 1, plain),
            def("__index__", 1, 1, plain),
            def("__float__", 1, 1, to_float),
            def("__trunc__", 1, 1, plain),
            def("__floor__", 1, 1, plain),
            def("__ceil__", 1, 1, plain),
            def("__round__", 1, 2, round),
            def("__getnewargs__", 1, 1, getnewargs),
            def("__sizeof__", 1, 1, sizeof),
            def("conjugate", 1, 1, plain),
            def("bit_length", 1, 1, bit_length),
            def("bit_count", 1, 1, bit_count),
            def("is_integer", 1, 1, is_integer),
            def("as_integer_ratio", 1, 1, as_integer_ratio),
            def_kw("to_bytes", 1, ANY, to_bytes),
        ],
    );
    vm.add_class_methods(&class, &[def_kw("from_bytes", 1, ANY, from_bytes)]);
    vm.add_static(&class, &[def_kw("__new__", 1, ANY, new)]);
    vm.add_getset(&class, "real", plain, None);
    vm.add_getset(&class, "numerator", plain, None);
    vm.add_getset(&class, "imag", |_, _| Ok(Value::int_unchecked(0)), None);
    vm.add_getset(&class, "denominator", |_, _| Ok(Value::int_unchecked(1)), None);
}

/// The receiver's number.
fn this<'a>(vm: &mut Vm, a: Args<'a>) -> R<Int<'a>> {
    match a.pos.first().and_then(Value::as_int) {
        Some(i) => Ok(i),
        None => Err(vm.type_error("descriptor requires a 'int' object")),
    }
}

/// The int as an instance of a subclass of `int` (or of `int` itself).
pub fn instance(vm: &mut Vm, class: &Ref<Type>, value: Value) -> Value {
    if class.is(&vm.types().int) {
        return value;
    }
    let big = value.as_int().map(|i| i.to_big()).unwrap_or_default();
    vm.heap.alloc(class, BigInt { value: big }).into()
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let base_class = vm.types().int.clone();
    let class = slots::new_class(vm, a, &base_class)?;
    if class.is(&vm.types().bool) {
        return Err(vm.type_error("int.__new__(bool) is not safe, use bool.__new__()"));
    }
    if a.names.is_empty() {
        a.rest().between(vm, "int", 0, 2)?;
    }
    let [x, base] = a.rest().bind(vm, &signature("int", ["", "base"], 0))?;
    let value = match (x, base) {
        (None, None) => Value::int_unchecked(0),
        (None, Some(_)) => return Err(vm.type_error("int() missing string argument")),
        (Some(x), None) => vm.int_of(x)?,
        (Some(x), Some(base)) => {
            let base = vm.index(base)?;
            let base = base.as_int().and_then(|b| b.to_i64()).filter(|b| *b == 0 || (2..=36).contains(b));
            let Some(base) = base else {
                return Err(vm.value_error("int() base must be >= 2 and <= 36, or 0"));
            };
            let text = if let Some(s) = x.downcast::<Str>() {
                number_text::ascii_of_points(s.points())
            } else if let Some(data) = x.bytes_like().filter(|_| x.opaque::<MemoryView>().is_none()) {
                number_text::ascii_of_bytes(&data)
            } else {
                return Err(vm.type_error("int() can't convert non-string with explicit base"));
            };
            vm.parse_int_text(&text, base as u32, x)?
        }
    };
    Ok(instance(vm, &class, value))
}

/// The exact int of the receiver.
fn plain(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(match this(vm, a)? {
        Int::Small(i) => BigInt::from_i64(&vm.heap, i),
        Int::Big(_) if a.pos[0].class(&vm.heap).is(&vm.types().int) => a.pos[0].clone(),
        Int::Big(b) => BigInt::value(&vm.heap, b.clone()),
    })
}

fn abs(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(match this(vm, a)? {
        Int::Small(i) => BigInt::from_i64(&vm.heap, i.abs()),
        Int::Big(b) => BigInt::value(&vm.heap, magnitude(b).into()),
    })
}

fn magnitude(b: &IBig) -> UBig {
    b.clone().into_parts().1
}

fn to_float(vm: &mut Vm, a: Args<'_>) -> R {
    let i = this(vm, a)?;
    let f = vm.int_as_float(&i)?;
    Ok(Float::value(&vm.heap, f))
}

fn round(vm: &mut Vm, a: Args<'_>) -> R {
    let digits = match a.get(1) {
        None => return plain(vm, a),
        Some(d) if d.is_none() => return plain(vm, a),
        Some(d) => vm.index(d)?,
    };
    let value = this(vm, a)?.to_big();
    let drop = match digits.as_int().and_then(|d| d.to_i64()) {
        Some(d) if d >= 0 => return plain(vm, a),
        Some(d) => d.unsigned_abs() as usize,
        None if digits.as_int().is_some_and(|d| d.to_big() > IBig::ZERO) => return plain(vm, a),
        None => usize::MAX,
    };
    // A number of n bits has fewer than n decimal digits: more places than that leave nothing.
    if drop > value.bit_len() {
        return Ok(Value::int_unchecked(0));
    }
    let unit = IBig::from(10).pow(drop);
    let (q, r) = divmod_big(&value, &unit);
    let twice = r * IBig::from(2);
    let up = twice > unit || (twice == unit && q.bit(0));
    let rounded = if up { (q + IBig::ONE) * unit } else { q * unit };
    Ok(BigInt::value(&vm.heap, rounded))
}

fn getnewargs(vm: &mut Vm, a: Args<'_>) -> R {
    let v = plain(vm, a)?;
    Ok(Tuple::new(&vm.heap, [v]).into())
}

fn sizeof(vm: &mut Vm, a: Args<'_>) -> R {
    let bits = this(vm, a)?.to_big().bit_len();
    Ok(Value::from_len(24 + bits.div_ceil(30).max(1) * 4))
}

fn bit_length(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::from_len(match this(vm, a)? {
        Int::Small(i) => (64 - i.unsigned_abs().leading_zeros()) as usize,
        Int::Big(b) => magnitude(b).bit_len(),
    }))
}

fn bit_count(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::from_len(match this(vm, a)? {
        Int::Small(i) => i.unsigned_abs().count_ones() as usize,
        Int::Big(b) => magnitude(b).count_ones(),
    }))
}

fn is_integer(vm: &mut Vm, a: Args<'_>) -> R {
    this(vm, a)?;
    Ok(Value::TRUE)
}

fn as_integer_ratio(vm: &mut Vm, a: Args<'_>) -> R {
    let v = plain(vm, a)?;
    Ok(Tuple::new(&vm.heap, [v, Value::int_unchecked(1)]).into())
}

/// Whether a byte order is `little`; ValueError for other words.
fn is_little(vm: &mut Vm, order: Option<&Value>, function: &str) -> R<bool> {
    let Some(order) = order else { return Ok(false) };
    match order.downcast::<Str>().map(|s| s.to_string_lossy().into_owned()).as_deref() {
        Some("little") => Ok(true),
        Some("big") => Ok(false),
        Some(_) => Err(vm.value_error("byteorder must be either 'little' or 'big'")),
        None => {
            let got = vm.argument_class(order);
            Err(vm.type_error(format!("{function}() argument 'byteorder' must be str, not {got}")))
        }
    }
}

const TO_BYTES: Signature<3> =
    Signature { function: "to_bytes", names: ["length", "byteorder", "signed"], required: 0, positional: 2 };

const FROM_BYTES: Signature<3> =
    Signature { function: "from_bytes", names: ["bytes", "byteorder", "signed"], required: 1, positional: 2 };

fn to_bytes(vm: &mut Vm, a: Args<'_>) -> R {
    let [length, order, signed] = a.rest().bind(vm, &TO_BYTES)?;
    let length = match length {
        Some(n) => vm.index_i64(n)?,
        None => 1,
    };
    let little = is_little(vm, order, "to_bytes")?;
    let signed = match signed {
        Some(s) => vm.truth(s)?,
        None => false,
    };
    let Ok(length) = usize::try_from(length) else {
        return Err(vm.value_error("length argument must be non-negative"));
    };
    vm.check_memory(Some(length))?;
    let value = this(vm, a)?.to_big();
    let negative = value < IBig::ZERO;
    if negative && !signed {
        return Err(vm.overflow_error("can't convert negative int to unsigned"));
    }
    // Bits of two's complement without the sign.
    let bits = if negative { (!value.clone()).bit_len() } else { value.bit_len() };
    if bits + signed as usize > length.saturating_mul(8) && !(value.is_zero() && length == 0) {
        return Err(vm.overflow_error("int too big to convert"));
    }
    let mut data = value.to_le_bytes().into_vec();
    data.resize(length, if negative { 0xff } else { 0 });
    if !little {
        data.reverse();
    }
    Ok(Bytes::new(&vm.heap, data).into())
}

fn from_bytes(vm: &mut Vm, a: Args<'_>) -> R {
    let [Some(source), order, signed] = a.rest().bind(vm, &FROM_BYTES)? else { return Ok(Value::NONE) };
    let class = match a.get(0).and_then(|c| c.downcast::<Type>()) {
        Some(c) => c.clone(),
        None => vm.types().int.clone(),
    };
    let little = is_little(vm, order, "from_bytes")?;
    let signed = match signed {
        Some(s) => vm.truth(s)?,
        None => false,
    };
    let mut data = match super::bytes::own_bytes(vm, source)? {
        Some(own) => own.data.to_vec(),
        None => super::bytes::bytes_of_object(vm, source, "bytes")?,
    };
    if !little {
        data.reverse();
    }
    let value = if signed && data.last().is_some_and(|b| b & 0x80 != 0) {
        let bits = data.len() * 8;
        IBig::from(UBig::from_le_bytes(&data)) - (IBig::ONE << bits)
    } else {
        UBig::from_le_bytes(&data).into()
    };
    let value = BigInt::value(&vm.heap, value);
    if class.is(&vm.types().int) {
        return Ok(value);
    }
    vm.call(class.as_value(), &[value])
}
