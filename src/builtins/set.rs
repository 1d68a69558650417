//! `set` and `frozenset`.  The steps follow CPython's, because the order of iteration depends on them.

use super::slots::{self, this};
use crate::code::operators::BinaryOp;
use crate::object::dict::Dict;
use crate::object::header::{Kind, Ref};
use crate::object::set::Set;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::protocol::compare::frozen_key;
use crate::vm::{Args, R, Vm};

/// A new set of the built-in class that `like` derives from.
fn empty_like(vm: &Vm, like: &Ref<Set>) -> Ref<Set> {
    let t = vm.types();
    let class = if like.ty().is_subclass(&t.frozenset) { &t.frozenset } else { &t.set };
    Set::new(&vm.heap, class)
}

fn copy_of(vm: &mut Vm, s: &Ref<Set>) -> Ref<Set> {
    let copy = empty_like(vm, s);
    copy.copy_from(&vm.heap, s);
    copy
}

fn set_from(vm: &mut Vm, v: &Value) -> R<Ref<Set>> {
    let class = vm.types().set.clone();
    let s = Set::new(&vm.heap, &class);
    vm.set_update(&s, v)?;
    Ok(s)
}

/// Takes all items of an iterable out.
pub fn difference_update(vm: &mut Vm, s: &Ref<Set>, v: &Value) -> R<()> {
    if v.is(s.as_value()) {
        s.clear_all(&vm.heap);
        return Ok(());
    }
    if let Some(other) = v.downcast::<Set>() {
        let mut at = 0;
        while let Some((after, hash, key)) = other.next(at) {
            at = after;
            vm.set_remove_hashed(s, hash, &key)?;
        }
    } else {
        let it = vm.iter(v)?;
        while let Some(key) = vm.next(&it)? {
            vm.set_remove(s, &key)?;
        }
    }
    s.shrink(&vm.heap);
    Ok(())
}

/// `s - v` as a new set.
pub fn difference(vm: &mut Vm, s: &Ref<Set>, v: &Value) -> R<Ref<Set>> {
    let len = match (v.downcast::<Set>(), v.downcast::<Dict>()) {
        (Some(o), _) => Some(o.len()),
        (_, Some(d)) => Some(d.len()),
        _ => None,
    };
    if len.is_none_or(|n| s.len() >> 2 > n) {
        let copy = copy_of(vm, s);
        difference_update(vm, &copy, v)?;
        return Ok(copy);
    }
    let result = empty_like(vm, s);
    let mut at = 0;
    while let Some((after, hash, key)) = s.next(at) {
        at = after;
        let there = match (v.downcast::<Set>(), v.downcast::<Dict>()) {
            (Some(o), _) => vm.set_contains_hashed(o, hash, &key)?,
            (_, Some(d)) => vm.dict_find(d, hash, &key)?.is_some(),
            _ => false,
        };
        if !there {
            vm.set_add_hashed(&result, hash, key)?;
        }
    }
    Ok(result)
}

/// `s & v` as a new set.
pub fn intersection(vm: &mut Vm, s: &Ref<Set>, v: &Value) -> R<Ref<Set>> {
    if v.is(s.as_value()) {
        return Ok(copy_of(vm, s));
    }
    let result = empty_like(vm, s);
    if let Some(other) = v.downcast::<Set>() {
        let (asked, walked) = if other.len() > s.len() { (other, s) } else { (s, other) };
        let mut at = 0;
        while let Some((after, hash, key)) = walked.next(at) {
            at = after;
            if vm.set_contains_hashed(asked, hash, &key)? {
                vm.set_add_hashed(&result, hash, key)?;
            }
        }
        return Ok(result);
    }
    let it = vm.iter(v)?;
    while let Some(key) = vm.next(&it)? {
        let hash = vm.hash(&key)?;
        if vm.set_contains_hashed(s, hash, &key)? {
            vm.set_add_hashed(&result, hash, key)?;
        }
    }
    Ok(result)
}

/// Keeps what is in one of both only.
pub fn symmetric_difference_update(vm: &mut Vm, s: &Ref<Set>, v: &Value) -> R<()> {
    if v.is(s.as_value()) {
        s.clear_all(&vm.heap);
        return Ok(());
    }
    let other = match v.downcast::<Set>() {
        Some(o) => o.clone(),
        None => set_from(vm, v)?,
    };
    let mut at = 0;
    while let Some((after, hash, key)) = other.next(at) {
        at = after;
        if !vm.set_remove_hashed(s, hash, &key)? {
            vm.set_add_hashed(s, hash, key)?;
        }
    }
    Ok(())
}

fn symmetric_difference(vm: &mut Vm, s: &Ref<Set>, v: &Value) -> R<Ref<Set>> {
    let result = empty_like(vm, s);
    vm.set_update(&result, v)?;
    symmetric_difference_update(vm, &result, s.as_value())?;
    Ok(result)
}

fn union(vm: &mut Vm, s: &Ref<Set>, v: &Value) -> R<Ref<Set>> {
    let result = copy_of(vm, s);
    vm.set_update(&result, v)?;
    Ok(result)
}

fn both<'a>(a: &'a Value, b: &'a Value) -> Option<(&'a Ref<Set>, &'a Ref<Set>)> {
    Some((a.downcast::<Set>()?, b.downcast::<Set>()?))
}

/// `a op b` of sets; NotImplemented where one is none.
pub fn binary(vm: &mut Vm, op: BinaryOp, a: &Value, b: &Value) -> R {
    let Some((s, _)) = both(a, b) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let result = match op {
        BinaryOp::Or => union(vm, s, b)?,
        BinaryOp::And => intersection(vm, s, b)?,
        BinaryOp::Sub => difference(vm, s, b)?,
        BinaryOp::Xor => symmetric_difference(vm, s, b)?,
        _ => return Ok(Value::NOT_IMPLEMENTED),
    };
    Ok(result.into())
}

/// `a op= b` of sets; a frozenset has none.
pub fn inplace(vm: &mut Vm, op: BinaryOp, a: &Value, b: &Value) -> R {
    let Some((s, _)) = both(a, b) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    if s.ty().is_subclass(&vm.types().frozenset) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    match op {
        BinaryOp::Or => vm.set_update(s, b)?,
        BinaryOp::And => {
            let kept = intersection(vm, s, b)?;
            s.swap(&kept);
        }
        BinaryOp::Sub => difference_update(vm, s, b)?,
        BinaryOp::Xor => symmetric_difference_update(vm, s, b)?,
        _ => return Ok(Value::NOT_IMPLEMENTED),
    }
    Ok(a.clone())
}

macro_rules! operators {
    ($($f:ident $r:ident $i:ident $op:ident;)*) => {
        $(
            fn $f(vm: &mut Vm, a: Args<'_>) -> R { binary(vm, BinaryOp::$op, &a.pos[0], &a.pos[1]) }
            fn $r(vm: &mut Vm, a: Args<'_>) -> R { binary(vm, BinaryOp::$op, &a.pos[1], &a.pos[0]) }
            fn $i(vm: &mut Vm, a: Args<'_>) -> R { inplace(vm, BinaryOp::$op, &a.pos[0], &a.pos[1]) }
        )*
    };
}

operators! {
    and rand iand And;
    or ror ior Or;
    xor rxor ixor Xor;
    sub rsub isub Sub;
}

fn new_set(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().set.clone();
    let class = slots::new_class(vm, a, &base)?;
    Ok(Set::new(&vm.heap, &class).into())
}

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this::<Set>(vm, a)?;
    // Unlike those of lists and frozensets, for subclasses with a `__new__` of their own too.
    slots::no_keywords(vm, a, "set")?;
    if a.pos.len() > 2 {
        let (name, n) = (s.ty().name_str(), a.pos.len() - 1);
        return Err(vm.type_error(format!("{name} expected at most 1 argument, got {n}")));
    }
    s.clear_all(&vm.heap);
    if let Some(v) = a.get(1) {
        vm.set_update(s, v)?;
    }
    Ok(Value::NONE)
}

fn new_frozenset(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().frozenset.clone();
    let class: Ref<Type> = slots::new_class(vm, a, &base)?;
    let init = vm.types().names.__init__.clone();
    slots::no_keywords_for(vm, a, &class, &base, &init)?;
    if a.pos.len() > 2 {
        let (name, n) = (class.name_str(), a.pos.len() - 1);
        return Err(vm.type_error(format!("{name} expected at most 1 argument, got {n}")));
    }
    let Some(v) = a.get(1) else {
        return Ok(Set::new(&vm.heap, &class).into());
    };
    if class.is(&base) && v.downcast::<Set>().is_some_and(|s| s.ty().is(&base)) {
        return Ok(v.clone());
    }
    let s = Set::new(&vm.heap, &class);
    vm.set_update(&s, v)?;
    Ok(s.into())
}

fn add(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this::<Set>(vm, a)?;
    vm.set_add(s, a.pos[1].clone())?;
    Ok(Value::NONE)
}

fn take(vm: &mut Vm, a: Args<'_>) -> R<bool> {
    let s = this::<Set>(vm, a)?;
    match vm.hash(&a.pos[1]) {
        Ok(hash) => vm.set_remove_hashed(s, hash, &a.pos[1]),
        Err(e) => {
            let key = frozen_key(vm, &a.pos[1], e)?;
            vm.set_remove(s, &key)
        }
    }
}

fn discard(vm: &mut Vm, a: Args<'_>) -> R {
    take(vm, a)?;
    Ok(Value::NONE)
}

fn remove(vm: &mut Vm, a: Args<'_>) -> R {
    if take(vm, a)? { Ok(Value::NONE) } else { Err(vm.key_error(&a.pos[1])) }
}

fn pop(vm: &mut Vm, a: Args<'_>) -> R {
    match this::<Set>(vm, a)?.pop() {
        Some(v) => Ok(v),
        None => {
            let text = vm.new_str("pop from an empty set");
            Err(vm.key_error(&text))
        }
    }
}

fn clear(vm: &mut Vm, a: Args<'_>) -> R {
    this::<Set>(vm, a)?.clear_all(&vm.heap);
    Ok(Value::NONE)
}

fn copy(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this::<Set>(vm, a)?.clone();
    if s.ty().is(&vm.types().frozenset) {
        return Ok(a.pos[0].clone());
    }
    Ok(copy_of(vm, &s).into())
}

fn method_update(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this::<Set>(vm, a)?;
    for v in &a.pos[1..] {
        vm.set_update(s, v)?;
    }
    Ok(Value::NONE)
}

fn method_union(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this::<Set>(vm, a)?.clone();
    let result = copy_of(vm, &s);
    for v in &a.pos[1..] {
        vm.set_update(&result, v)?;
    }
    Ok(result.into())
}

fn intersect_all(vm: &mut Vm, s: &Ref<Set>, others: &[Value]) -> R<Ref<Set>> {
    let Some((first, rest)) = others.split_first() else {
        return Ok(copy_of(vm, s));
    };
    let mut result = intersection(vm, s, first)?;
    for v in rest {
        result = intersection(vm, &result, v)?;
    }
    Ok(result)
}

fn method_intersection(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this::<Set>(vm, a)?.clone();
    Ok(intersect_all(vm, &s, &a.pos[1..])?.into())
}

fn intersection_update(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this::<Set>(vm, a)?.clone();
    let kept = intersect_all(vm, &s, &a.pos[1..])?;
    s.swap(&kept);
    Ok(Value::NONE)
}

fn method_difference(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this::<Set>(vm, a)?.clone();
    let Some(first) = a.get(1) else {
        return Ok(copy_of(vm, &s).into());
    };
    let result = difference(vm, &s, first)?;
    for v in &a.pos[2..] {
        difference_update(vm, &result, v)?;
    }
    Ok(result.into())
}

fn method_difference_update(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this::<Set>(vm, a)?;
    for v in &a.pos[1..] {
        difference_update(vm, s, v)?;
    }
    Ok(Value::NONE)
}

fn method_symmetric_difference(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this::<Set>(vm, a)?.clone();
    Ok(symmetric_difference(vm, &s, &a.pos[1])?.into())
}

fn method_symmetric_difference_update(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this::<Set>(vm, a)?;
    symmetric_difference_update(vm, s, &a.pos[1])?;
    Ok(Value::NONE)
}

fn isdisjoint(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this::<Set>(vm, a)?;
    let it = vm.iter(&a.pos[1])?;
    while let Some(k) = vm.next(&it)? {
        if vm.set_contains(s, &k)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}

fn as_set(vm: &mut Vm, v: &Value) -> R<Ref<Set>> {
    match v.downcast::<Set>() {
        Some(s) => Ok(s.clone()),
        None => set_from(vm, v),
    }
}

fn issubset(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this::<Set>(vm, a)?;
    let other = as_set(vm, &a.pos[1])?;
    Ok(Value::bool(vm.is_subset(s, &other)?))
}

fn issuperset(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this::<Set>(vm, a)?;
    if a.pos[1].kind() != Some(Kind::Set) {
        let it = vm.iter(&a.pos[1])?;
        while let Some(k) = vm.next(&it)? {
            if !vm.set_contains(s, &k)? {
                return Ok(Value::FALSE);
            }
        }
        return Ok(Value::TRUE);
    }
    let other = as_set(vm, &a.pos[1])?;
    Ok(Value::bool(vm.is_subset(&other, s)?))
}

const SHARED: &[Def] = &[
    def("copy", 1, 1, copy),
    def("union", 1, ANY, method_union),
    def("intersection", 1, ANY, method_intersection),
    def("difference", 1, ANY, method_difference),
    def("symmetric_difference", 2, 2, method_symmetric_difference),
    def("isdisjoint", 2, 2, isdisjoint),
    def("issubset", 2, 2, issubset),
    def("issuperset", 2, 2, issuperset),
    def("__and__", 2, 2, and),
    def("__or__", 2, 2, or),
    def("__xor__", 2, 2, xor),
    def("__sub__", 2, 2, sub),
    def("__rand__", 2, 2, rand),
    def("__ror__", 2, 2, ror),
    def("__rxor__", 2, 2, rxor),
    def("__rsub__", 2, 2, rsub),
    slots::REPR,
    slots::LEN,
    slots::ITER,
    slots::CONTAINS,
];

pub fn install(vm: &mut Vm) {
    let (set, frozen) = (vm.types().set.clone(), vm.types().frozenset.clone());
    for class in [&set, &frozen] {
        vm.add_methods(class, SHARED);
        vm.add_methods(class, slots::COMPARE);
    }
    vm.add_static(&set, &[def_kw("__new__", 0, ANY, new_set)]);
    vm.add_static(&frozen, &[def_kw("__new__", 0, ANY, new_frozenset)]);
    vm.add_methods(&frozen, &[slots::HASH]);
    slots::unhashable(vm, &set);
    vm.add_methods(
        &set,
        &[
            def_kw("__init__", 1, ANY, init),
            def("add", 2, 2, add),
            def("discard", 2, 2, discard),
            def("remove", 2, 2, remove),
            def("pop", 1, 1, pop),
            def("clear", 1, 1, clear),
            def("update", 1, ANY, method_update),
            def("intersection_update", 1, ANY, intersection_update),
            def("difference_update", 1, ANY, method_difference_update),
            def("symmetric_difference_update", 2, 2, method_symmetric_difference_update),
            def("__iand__", 2, 2, iand),
            def("__ior__", 2, 2, ior),
            def("__ixor__", 2, 2, ixor),
            def("__isub__", 2, 2, isub),
        ],
    );
}
