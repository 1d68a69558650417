//! `dict_keys`, `dict_values`, `dict_items`.

use super::proxy;
use crate::builtins::set;
use crate::builtins::slots::no_keywords;
use crate::code::operators::{BinaryOp, CompareOp};
use crate::object::dict::Dict;
use crate::object::header::Ref;
use crate::object::iter::DictPart;

use crate::object::set::Set;
use crate::object::value::Value;
use crate::vm::native::{Def, def};
use crate::vm::protocol::dict_view::{View, contains, is_set_view};
use crate::vm::{Args, R, Vm};

fn receiver(vm: &mut Vm, a: Args<'_>) -> R<(Ref<Dict>, DictPart)> {
    match a.pos.first().and_then(|v| v.opaque::<View>()) {
        Some(v) => Ok((v.dict.clone(), v.part)),
        None => Err(vm.type_error("descriptor requires a dict view")),
    }
}

fn as_set(vm: &mut Vm, v: &Value) -> R<Ref<Set>> {
    let class = vm.types().set.clone();
    let s = Set::new(&vm.heap, &class);
    vm.set_update(&s, v)?;
    Ok(s)
}

/// The set operators of views; the other operand may be any iterable.
pub fn binary(vm: &mut Vm, op: BinaryOp, a: &Value, b: &Value) -> R {
    if !is_set_view(a) && vm.iter_opt(a)?.is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    match op {
        BinaryOp::And => {
            // The shorter one is walked, and the other one asked.
            let (mut walked, mut asked) = (b.clone(), a.clone());
            if !is_set_view(&asked) {
                std::mem::swap(&mut walked, &mut asked);
            }
            if (is_set_view(&walked) || walked.downcast::<Set>().is_some()) && vm.len(&walked)? > vm.len(&asked)? {
                std::mem::swap(&mut walked, &mut asked);
            }
            let class = vm.types().set.clone();
            let result = Set::new(&vm.heap, &class);
            let it = vm.iter(&walked)?;
            while let Some(k) = vm.next(&it)? {
                if vm.contains(&asked, &k)? {
                    vm.set_add(&result, k)?;
                }
            }
            Ok(result.into())
        }
        BinaryOp::Sub => {
            let s = as_set(vm, a)?;
            set::difference_update(vm, &s, b)?;
            Ok(s.into())
        }
        BinaryOp::Or => {
            let s = as_set(vm, a)?;
            vm.set_update(&s, b)?;
            Ok(s.into())
        }
        BinaryOp::Xor => {
            let s = as_set(vm, a)?;
            set::symmetric_difference_update(vm, &s, b)?;
            Ok(s.into())
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// Whether all items of `a` are in `b`.
fn all_in(vm: &mut Vm, a: &Value, b: &Value) -> R<bool> {
    let it = vm.iter(a)?;
    while let Some(k) = vm.next(&it)? {
        if !vm.contains(b, &k)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn compare(vm: &mut Vm, op: CompareOp, a: Args<'_>) -> R {
    let (x, y) = (&a.pos[0], &a.pos[1]);
    if !(is_set_view(y) || y.downcast::<Set>().is_some()) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (m, n) = (vm.len(x)?, vm.len(y)?);
    Ok(Value::bool(match op {
        CompareOp::Eq => m == n && all_in(vm, x, y)?,
        CompareOp::Ne => !(m == n && all_in(vm, x, y)?),
        CompareOp::Lt => m < n && all_in(vm, x, y)?,
        CompareOp::Le => m <= n && all_in(vm, x, y)?,
        CompareOp::Gt => m > n && all_in(vm, y, x)?,
        CompareOp::Ge => m >= n && all_in(vm, y, x)?,
    }))
}

macro_rules! view_functions {
    ($(compare $c:ident $cop:ident;)* $(binary $b:ident $bop:ident;)* $(reflected $r:ident $rop:ident;)*) => {
        $(fn $c(vm: &mut Vm, a: Args<'_>) -> R { compare(vm, CompareOp::$cop, a) })*
        $(fn $b(vm: &mut Vm, a: Args<'_>) -> R { binary(vm, BinaryOp::$bop, &a.pos[0], &a.pos[1]) })*
        $(fn $r(vm: &mut Vm, a: Args<'_>) -> R { binary(vm, BinaryOp::$rop, &a.pos[1], &a.pos[0]) })*
    };
}

view_functions! {
    compare lt Lt; compare le Le; compare eq Eq; compare ne Ne; compare gt Gt; compare ge Ge;
    binary and And; binary or Or; binary xor Xor; binary sub Sub;
    reflected rand And; reflected ror Or; reflected rxor Xor; reflected rsub Sub;
}

fn iter(vm: &mut Vm, a: Args<'_>) -> R {
    let (dict, part) = receiver(vm, a)?;
    Ok(vm.dict_iter(dict, part))
}

fn reversed(vm: &mut Vm, a: Args<'_>) -> R {
    let (dict, part) = receiver(vm, a)?;
    Ok(vm.dict_iter_reversed(dict, part))
}

fn view_len(vm: &mut Vm, a: Args<'_>) -> R {
    let (dict, _) = receiver(vm, a)?;
    Ok(Value::from_len(dict.len()))
}

fn view_contains(vm: &mut Vm, a: Args<'_>) -> R {
    receiver(vm, a)?;
    Ok(Value::bool(contains(vm, &a.pos[0], &a.pos[1])?))
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let (dict, part) = receiver(vm, a)?;
    let name = vm.class_name(&a.pos[0]);
    vm.guard_repr(&a.pos[0], "...", |vm| {
        let it = vm.dict_iter(dict, part);
        let items = vm.collect(&it)?;
        let list = crate::object::sequence::List::new(&vm.heap, items).into();
        let inner = vm.repr(&list)?;
        let mut out: Vec<u32> = name.chars().map(u32::from).collect();
        out.push('(' as u32);
        out.extend(inner.points());
        out.push(')' as u32);
        Ok(crate::object::str::Str::from_points(&vm.heap, &out).into())
    })
}

fn isdisjoint(vm: &mut Vm, a: Args<'_>) -> R {
    receiver(vm, a)?;
    no_keywords(vm, a, "isdisjoint")?;
    let it = vm.iter(&a.pos[1])?;
    while let Some(k) = vm.next(&it)? {
        if contains(vm, &a.pos[0], &k)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}

fn mapping(vm: &mut Vm, a: Args<'_>) -> R {
    let (dict, _) = receiver(vm, a)?;
    Ok(proxy::new(vm, dict.into()))
}

pub fn install(vm: &mut Vm) {
    let t = vm.types();
    let (keys, values, items) = (t.dict_keys.clone(), t.dict_values.clone(), t.dict_items.clone());
    const ALL: &[Def] = &[
        def("__iter__", 1, 1, iter),
        def("__reversed__", 1, 1, reversed),
        def("__len__", 1, 1, view_len),
        def("__repr__", 1, 1, repr),
    ];
    const SETS: &[Def] = &[
        def("__contains__", 2, 2, view_contains),
        def("__lt__", 2, 2, lt),
        def("__le__", 2, 2, le),
        def("__eq__", 2, 2, eq),
        def("__ne__", 2, 2, ne),
        def("__gt__", 2, 2, gt),
        def("__ge__", 2, 2, ge),
        def("__and__", 2, 2, and),
        def("__or__", 2, 2, or),
        def("__xor__", 2, 2, xor),
        def("__sub__", 2, 2, sub),
        def("__rand__", 2, 2, rand),
        def("__ror__", 2, 2, ror),
        def("__rxor__", 2, 2, rxor),
        def("__rsub__", 2, 2, rsub),
        def("isdisjoint", 2, 2, isdisjoint),
    ];
    for class in [&keys, &values, &items] {
        vm.add_methods(class, ALL);
        vm.add_getset(class, "mapping", mapping, None);
    }
    for class in [&keys, &items] {
        vm.add_methods(class, SETS);
        crate::builtins::slots::unhashable(vm, class);
    }
}
