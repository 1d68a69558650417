//! Functions on numbers: `abs`, `bin`, `chr`, `divmod`, `hex`, `max`, `min`, `oct`, `ord`, `pow`, `round`, `sum`.

use crate::code::operators::{BinaryOp, CompareOp};
use crate::object::buffer::ByteArray;
use crate::object::header::Ref;
use crate::object::number::{BigInt, Float, Int};
use crate::object::sequence::{Bytes, Tuple};
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::{Args, R, Vm};

pub const TABLE: &[Def] = &[
    def("abs", 1, 1, abs),
    def("bin", 1, 1, bin),
    def("chr", 1, 1, chr),
    def("divmod", 2, 2, divmod),
    def("hex", 1, 1, hex),
    def_kw("max", 0, ANY, max),
    def_kw("min", 0, ANY, min),
    def("oct", 1, 1, oct),
    def("ord", 1, 1, ord),
    def_kw("pow", 0, ANY, pow),
    def_kw("round", 0, ANY, round),
    def_kw("sum", 0, ANY, sum),
];

/// Calls the special method `name` of the class of `v`, which may be built-in; None where there is none.
pub fn call_class_method(vm: &mut Vm, v: &Value, name: &Ref<Str>, args: &[Value]) -> R<Option<Value>> {
    let Some(f) = vm.lookup_special(v, name)?.filter(|f| !f.is_none()) else {
        return Ok(None);
    };
    let mut all = Vec::with_capacity(args.len() + 1);
    all.push(v.clone());
    all.extend_from_slice(args);
    vm.call_slot(&f, &all).map(Some)
}

fn abs(vm: &mut Vm, a: Args<'_>) -> R {
    let v = &a.pos[0];
    if let Some(i) = v.as_small_int() {
        return Ok(BigInt::from_i64(&vm.heap, i.abs()));
    }
    if let Some(x) = v.as_flonum() {
        return Ok(Float::value(&vm.heap, x.abs()));
    }
    let name = vm.types().names.__abs__.clone();
    match call_class_method(vm, v, &name, &[])? {
        Some(r) => Ok(r),
        None => {
            let name = vm.class_name(v);
            Err(vm.type_error(format!("bad operand type for abs(): '{name}'")))
        }
    }
}

fn in_radix(vm: &mut Vm, v: &Value, prefix: &str, radix: u8) -> R {
    let i = vm.index(v)?;
    let b = i.as_int().map(|i| i.to_big()).unwrap_or_default();
    let text = b.in_radix(radix).to_string();
    let text = match text.strip_prefix('-') {
        Some(digits) => format!("-{prefix}{digits}"),
        None => format!("{prefix}{text}"),
    };
    Ok(vm.new_str(&text))
}

fn bin(vm: &mut Vm, a: Args<'_>) -> R {
    in_radix(vm, &a.pos[0], "0b", 2)
}

fn oct(vm: &mut Vm, a: Args<'_>) -> R {
    in_radix(vm, &a.pos[0], "0o", 8)
}

fn hex(vm: &mut Vm, a: Args<'_>) -> R {
    in_radix(vm, &a.pos[0], "0x", 16)
}

fn chr(vm: &mut Vm, a: Args<'_>) -> R {
    let i = vm.index(&a.pos[0])?;
    match i.as_int() {
        Some(Int::Small(i @ 0..=0x10_ffff)) => Ok(Str::from_point(&vm.heap, i as u32).into()),
        _ => Err(vm.value_error("chr() arg not in range(0x110000)")),
    }
}

fn ord(vm: &mut Vm, a: Args<'_>) -> R {
    let len = match (a.pos[0].downcast::<Str>(), a.pos[0].bytes_like()) {
        (Some(s), _) => match s.point(0) {
            Some(p) if s.len() == 1 => return Ok(Value::from_len(p as usize)),
            _ => s.len(),
        },
        (_, Some(data)) => match data[..] {
            [x] => return Ok(Value::from_len(x as usize)),
            _ => data.len(),
        },
        _ => {
            let name = vm.class_name(&a.pos[0]);
            return Err(vm.type_error(format!("ord() expected string of length 1, but {name} found")));
        }
    };
    Err(vm.type_error(format!("ord() expected a character, but string of length {len} found")))
}

fn divmod(vm: &mut Vm, a: Args<'_>) -> R {
    vm.divmod(&a.pos[0], &a.pos[1])
}

fn pow(vm: &mut Vm, a: Args<'_>) -> R {
    let [Some(base), Some(exp), modulus] = a.bind(vm, &signature("pow", ["base", "exp", "mod"], 2))? else {
        return Ok(Value::NONE);
    };
    match modulus.filter(|m| !m.is_none()) {
        Some(m) => vm.pow3(base, exp, m),
        None => vm.binary(BinaryOp::Pow, base, exp),
    }
}

fn round(vm: &mut Vm, a: Args<'_>) -> R {
    let [Some(v), digits] = a.bind(vm, &signature("round", ["number", "ndigits"], 1))? else { return Ok(Value::NONE) };
    let digits = digits.filter(|d| !d.is_none());
    let name = vm.types().names.__round__.clone();
    let args: Vec<Value> = digits.cloned().into_iter().collect();
    match call_class_method(vm, v, &name, &args)? {
        Some(r) => Ok(r),
        None => {
            let name = vm.class_name(v);
            Err(vm.type_error(format!("type {name} doesn't define __round__ method")))
        }
    }
}

fn extreme(vm: &mut Vm, a: Args<'_>, name: &str, op: CompareOp) -> R {
    if a.pos.is_empty() {
        return Err(vm.type_error(format!("{name} expected at least 1 argument, got 0")));
    }
    a.check_keywords(vm, name, &["key", "default"])?;
    let key = a.keyword("key").filter(|k| !k.is_none());
    let default = a.keyword("default");
    let it = match a.pos {
        [one] => vm.iter(one)?,
        many => {
            if default.is_some() {
                return Err(
                    vm.type_error(format!("Cannot specify a default for {name}() with multiple positional arguments"))
                );
            }
            let t = Tuple::new(&vm.heap, many.to_vec()).into();
            vm.iter(&t)?
        }
    };
    let mut best: Option<(Value, Value)> = None;
    while let Some(v) = vm.next(&it)? {
        let k = match key {
            Some(f) => vm.call(f, std::slice::from_ref(&v))?,
            None => v.clone(),
        };
        let better = match &best {
            Some((_, b)) => vm.compare_bool(op, &k, b)?,
            None => true,
        };
        if better {
            best = Some((v, k));
        }
    }
    match (best, default) {
        (Some((v, _)), _) => Ok(v),
        (None, Some(d)) => Ok(d.clone()),
        (None, None) => Err(vm.value_error(format!("{name}() iterable argument is empty"))),
    }
}

fn max(vm: &mut Vm, a: Args<'_>) -> R {
    extreme(vm, a, "max", CompareOp::Gt)
}

fn min(vm: &mut Vm, a: Args<'_>) -> R {
    extreme(vm, a, "min", CompareOp::Lt)
}

/// A float sum with the error of the additions kept beside it (Neumaier), as CPython has since 3.12.
#[derive(Clone, Copy, Default)]
pub struct Compensated {
    high: f64,
    low: f64,
}

impl Compensated {
    pub fn add(&mut self, x: f64) {
        let t = self.high + x;
        self.low += if self.high.abs() >= x.abs() { (self.high - t) + x } else { (x - t) + self.high };
        self.high = t;
    }

    pub fn value(self) -> f64 {
        if self.low != 0.0 && self.low.is_finite() { self.high + self.low } else { self.high }
    }
}

fn sum(vm: &mut Vm, a: Args<'_>) -> R {
    let [_, start] = a.bind(vm, &signature("sum", ["", "start"], 1))?;
    let it = vm.iter(&a.pos[0])?;
    let mut total = start.cloned().unwrap_or(Value::int_unchecked(0));
    if total.downcast::<Str>().is_some() {
        return Err(vm.type_error("sum() can't sum strings [use ''.join(seq) instead]"));
    }
    if total.downcast::<Bytes>().is_some() {
        return Err(vm.type_error("sum() can't sum bytes [use b''.join(seq) instead]"));
    }
    if total.opaque::<ByteArray>().is_some() {
        return Err(vm.type_error("sum() can't sum bytearray [use b''.join(seq) instead]"));
    }
    let mut pending = None;
    if let Some(mut i) = total.as_small_int() {
        loop {
            let Some(v) = vm.next(&it)? else { return Ok(BigInt::from_i64(&vm.heap, i)) };
            let small = v.as_small_int().or_else(|| v.as_bool().map(i64::from));
            match small.and_then(|x| i.checked_add(x)) {
                Some(s) => i = s,
                None => {
                    pending = Some(v);
                    break;
                }
            }
        }
        total = BigInt::from_i64(&vm.heap, i);
        if let Some(v) = &pending
            && v.as_float().is_some()
            && !crate::builtins::dict::methods::is_heap_class(v)
            && i.unsigned_abs() < 1 << 53
        {
            // `int + float` is exact here, so the float loop may take over.
            total = Float::value(&vm.heap, i as f64);
        }
    }
    if let Some(x) = total.as_float()
        && !crate::builtins::dict::methods::is_heap_class(&total)
    {
        let mut sum = Compensated { high: x, low: 0.0 };
        loop {
            let v = match pending.take() {
                Some(v) => v,
                None => match vm.next(&it)? {
                    Some(v) => v,
                    None => return Ok(Float::value(&vm.heap, sum.value())),
                },
            };
            if let Some(x) = v.as_float().filter(|_| !crate::builtins::dict::methods::is_heap_class(&v)) {
                sum.add(x);
            } else if let Some(i) = v.as_small_int() {
                sum.high += i as f64;
            } else {
                pending = Some(v);
                break;
            }
        }
        total = Float::value(&vm.heap, sum.value());
    }
    loop {
        let v = match pending.take() {
            Some(v) => v,
            None => match vm.next(&it)? {
                Some(v) => v,
                None => return Ok(total),
            },
        };
        total = vm.binary(BinaryOp::Add, &total, &v)?;
    }
}
