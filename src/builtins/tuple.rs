//! `tuple`.

use super::list::{index_bounds, repeat, repeat_count};
use super::slots::{self, this};
use crate::object::header::Ref;
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::{Args, R, Vm};

pub fn install(vm: &mut Vm) {
    let class = vm.types().tuple.clone();
    vm.add_static(&class, &[def_kw("__new__", 0, ANY, new)]);
    vm.add_methods(
        &class,
        &[
            def("index", 2, 4, index),
            def("count", 2, 2, count),
            def("__add__", 2, 2, add),
            def("__mul__", 2, 2, mul),
            def("__rmul__", 2, 2, mul),
            def("__getnewargs__", 1, 1, getnewargs),
            slots::HASH,
        ],
    );
    vm.add_methods(&class, slots::SUBSCRIPTABLE);
    vm.add_methods(&class, slots::COMPARE);
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().tuple.clone();
    let class = slots::new_class(vm, a, &base)?;
    let init = vm.types().names.__init__.clone();
    slots::no_keywords_for(vm, a, &class, &base, &init)?;
    if a.pos.len() > 2 {
        let n = a.pos.len() - 1;
        return Err(vm.type_error(format!("tuple expected at most 1 argument, got {n}")));
    }
    let Some(v) = a.get(1) else {
        if class.is(&base) {
            return Ok(Tuple::new(&vm.heap, Vec::new()).into());
        }
        return Ok(Tuple::new_of(&vm.heap, &class, Vec::new()).into());
    };
    if class.is(&base) && v.downcast::<Tuple>().is_some_and(|t| t.ty().is(&base)) {
        return Ok(v.clone());
    }
    let items = vm.collect(v)?;
    if class.is(&base) {
        Ok(Tuple::new(&vm.heap, items).into())
    } else {
        Ok(Tuple::new_of(&vm.heap, &class, items).into())
    }
}

fn index(vm: &mut Vm, a: Args<'_>) -> R {
    let t = this::<Tuple>(vm, a)?;
    let (start, stop) = index_bounds(vm, a, t.len())?;
    for (i, v) in t.iter().enumerate().take(stop).skip(start) {
        if vm.eq_or_is(v, &a.pos[1])? {
            return Ok(Value::from_len(i));
        }
    }
    Err(vm.value_error("tuple.index(x): x not in tuple"))
}

fn count(vm: &mut Vm, a: Args<'_>) -> R {
    let t = this::<Tuple>(vm, a)?;
    let mut n = 0;
    for v in t.iter() {
        n += vm.eq_or_is(v, &a.pos[1])? as usize;
    }
    Ok(Value::from_len(n))
}

/// `a + b` of tuples.
pub fn concat(vm: &mut Vm, a: &Ref<Tuple>, b: &Value) -> R {
    let Some(other) = b.downcast::<Tuple>() else {
        let name = vm.class_name(b);
        return Err(vm.type_error(format!("can only concatenate tuple (not \"{name}\") to tuple")));
    };
    let plain = |t: &Ref<Tuple>, vm: &Vm| t.ty().is(&vm.types().tuple);
    if other.is_empty() && plain(a, vm) {
        return Ok(a.to_value());
    }
    if a.is_empty() && plain(other, vm) {
        return Ok(b.clone());
    }
    let n = a.len() + other.len();
    vm.check_memory(n.checked_mul(8))?;
    let mut items = Vec::with_capacity(n);
    items.extend_from_slice(a);
    items.extend_from_slice(other);
    Ok(Tuple::new(&vm.heap, items).into())
}

fn add(vm: &mut Vm, a: Args<'_>) -> R {
    let t = this::<Tuple>(vm, a)?;
    concat(vm, t, &a.pos[1])
}

fn mul(vm: &mut Vm, a: Args<'_>) -> R {
    let t = this::<Tuple>(vm, a)?;
    match repeat_count(vm, &a.pos[1])? {
        Some(1) if t.ty().is(&vm.types().tuple) => Ok(a.pos[0].clone()),
        Some(n) => {
            let items = repeat(vm, t, n)?;
            Ok(Tuple::new(&vm.heap, items).into())
        }
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn getnewargs(vm: &mut Vm, a: Args<'_>) -> R {
    let items = this::<Tuple>(vm, a)?.to_vec();
    let inner = Tuple::new(&vm.heap, items);
    Ok(Tuple::new(&vm.heap, [inner.into()]).into())
}
