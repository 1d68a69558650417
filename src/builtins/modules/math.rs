//! `math`.  Error texts are those of CPython 3.13 (`math domain error`).

use super::{math_functions, math_integers, new, set};
use crate::builtins::functions::numbers::call_class_method;
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::number::{Float, Int};
use crate::object::value::Value;
use crate::vm::{R, Vm};

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "math", math_functions::TABLE);
    super::add_functions(vm, &m.dict, "math", math_integers::TABLE);
    for (name, x) in [
        ("pi", std::f64::consts::PI),
        ("e", std::f64::consts::E),
        ("tau", std::f64::consts::TAU),
        ("inf", f64::INFINITY),
        ("nan", f64::NAN),
    ] {
        let v = Float::value(&vm.heap, x);
        set(vm, &m.dict, name, v);
    }
    Ok(m)
}

/// The float that an argument stands for: `float`, `int`, `__float__`, `__index__`.
pub fn real(vm: &mut Vm, v: &Value) -> R<f64> {
    if let Some(x) = v.as_float() {
        return Ok(x);
    }
    if let Some(i) = v.as_int() {
        return int_to_float(vm, &i);
    }
    let name = vm.types().names.__float__.clone();
    if v.is_heap()
        && let Some(r) = call_class_method(vm, v, &name, &[])?
    {
        return match r.as_float() {
            Some(x) => Ok(x),
            None => {
                let (t, r) = (vm.class_name(v), vm.class_name(&r));
                Err(vm.type_error(format!("{t}.__float__ returned non-float (type {r})")))
            }
        };
    }
    match vm.index_opt(v)? {
        Some(i) => match i.as_int() {
            Some(i) => int_to_float(vm, &i),
            None => Ok(0.0),
        },
        None => {
            let name = vm.class_name(v);
            Err(vm.type_error(format!("must be real number, not {name}")))
        }
    }
}

/// An int as the nearest float; OverflowError beyond the largest.
pub fn int_to_float(vm: &mut Vm, i: &Int<'_>) -> R<f64> {
    let x = match i {
        Int::Small(i) => *i as f64,
        Int::Big(b) => b.to_f64().value(),
    };
    if x.is_finite() { Ok(x) } else { Err(vm.overflow_error("int too large to convert to float")) }
}

/// A float result.
pub fn float(vm: &Vm, x: f64) -> R {
    Ok(Float::value(&vm.heap, x))
}

pub fn domain(vm: &mut Vm) -> crate::vm::Exc {
    vm.value_error("math domain error")
}

pub fn range(vm: &mut Vm) -> crate::vm::Exc {
    vm.overflow_error("math range error")
}
