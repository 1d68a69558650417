//! Special methods of built-in classes as attributes (`list.__len__`): wrappers around the code that serves by kind.

use crate::code::operators::CompareOp;
use crate::object::header::{Kind, Object, Ref};
use crate::object::iter::Iter;
use crate::object::number::BigInt;
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::native::{Def, def};
use crate::vm::{Args, R, Vm};

/// The receiver of a method, where it is of the method's kind.
pub fn this<'a, T: Object>(vm: &mut Vm, a: Args<'a>) -> R<&'a Ref<T>> {
    match a.pos.first().and_then(|v| v.downcast::<T>()) {
        Some(t) => Ok(t),
        None => Err(wrong_receiver(vm, a.pos.first(), T::KIND)),
    }
}

#[cold]
fn wrong_receiver(vm: &mut Vm, got: Option<&Value>, kind: Kind) -> crate::vm::Exc {
    let want = format!("{kind:?}").to_lowercase();
    match got {
        Some(v) => {
            let got = vm.class_name(v);
            vm.type_error(format!("descriptor requires a '{want}' object but received a '{got}'"))
        }
        None => vm.type_error(format!("unbound method {want}() needs an argument")),
    }
}

/// The class that `__new__` gets first; it must derive from `base`.
pub fn new_class(vm: &mut Vm, a: Args<'_>, base: &Ref<Type>) -> R<Ref<Type>> {
    match a.pos.first().and_then(|first| first.downcast::<Type>()) {
        Some(class) if class.is_subclass(base) => Ok(class.clone()),
        _ => Err(wrong_class(vm, a.pos.first(), base)),
    }
}

#[cold]
fn wrong_class(vm: &mut Vm, first: Option<&Value>, base: &Ref<Type>) -> crate::vm::Exc {
    let name = base.name_str();
    let Some(first) = first else {
        return vm.type_error(format!("{name}.__new__(): not enough arguments"));
    };
    let Some(class) = first.downcast::<Type>() else {
        let got = vm.class_name(first);
        return vm.type_error(format!("{name}.__new__(X): X is not a type object ({got})"));
    };
    let got = class.name_str();
    vm.type_error(format!("{name}.__new__({got}): {got} is not a subtype of {name}"))
}

/// Refuses keyword arguments.
pub fn no_keywords(vm: &mut Vm, a: Args<'_>, function: &str) -> R<()> {
    if a.names.is_empty() { Ok(()) } else { Err(vm.type_error(format!("{function}() takes no keyword arguments"))) }
}

/// Refuses keyword arguments for a built-in class or a subclass of it that has no `method` (`__init__` or `__new__`) of
/// its own to take them.
pub fn no_keywords_for(vm: &mut Vm, a: Args<'_>, class: &Ref<Type>, base: &Ref<Type>, method: &Ref<Str>) -> R<()> {
    if a.names.is_empty() {
        return Ok(());
    }
    let inherited = match (class.lookup(method), base.lookup(method)) {
        (Some(a), Some(b)) => a.is(&b),
        _ => false,
    };
    if inherited { no_keywords(vm, a, &base.name_str()) } else { Ok(()) }
}

macro_rules! compare_slots {
    ($($f:ident $op:ident $name:literal;)*) => {
        $(fn $f(vm: &mut Vm, a: Args<'_>) -> R {
            // The quick way answers what the method of int leaves to that of float.
            if a.pos[0].as_int().is_some() && a.pos[1].as_int().is_none() {
                return Ok(Value::NOT_IMPLEMENTED);
            }
            vm.direct_compare(CompareOp::$op, &a.pos[0], &a.pos[1])
        })*
        /// All six comparisons.
        pub const COMPARE: &[Def] = &[$(def($name, 2, 2, $f)),*];
    };
}

compare_slots! {
    lt Lt "__lt__";
    le Le "__le__";
    eq Eq "__eq__";
    ne Ne "__ne__";
    gt Gt "__gt__";
    ge Ge "__ge__";
}

/// `==` and `!=` alone.
pub const EQUALITY: &[Def] = &[def("__eq__", 2, 2, eq), def("__ne__", 2, 2, ne)];

fn hash(vm: &mut Vm, a: Args<'_>) -> R {
    let h = vm.direct_hash(&a.pos[0])?;
    Ok(BigInt::from_i64(&vm.heap, if h == u64::MAX { -2 } else { h as i64 }))
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(vm.direct_repr(&a.pos[0])?.into())
}

fn len(vm: &mut Vm, a: Args<'_>) -> R {
    // A range may be longer than a word holds.
    let n = vm.direct_len(&a.pos[0])?.unwrap_or(0);
    Ok(BigInt::from_i64(&vm.heap, n as i64))
}

fn iter(vm: &mut Vm, a: Args<'_>) -> R {
    match vm.direct_iter(&a.pos[0]) {
        Some(it) => Ok(it),
        None => vm.iter(&a.pos[0]),
    }
}

fn next(vm: &mut Vm, a: Args<'_>) -> R {
    let it = this::<Iter>(vm, a)?.clone();
    match vm.advance_raw(&it)? {
        Some(v) => Ok(v),
        None => {
            let class = vm.types().StopIteration.clone();
            Err(vm.exception(&class, vec![]))
        }
    }
}

fn contains(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(vm.direct_contains(&a.pos[0], &a.pos[1])?))
}

fn get_item(vm: &mut Vm, a: Args<'_>) -> R {
    vm.direct_get_item(&a.pos[0], &a.pos[1])
}

fn set_item(vm: &mut Vm, a: Args<'_>) -> R {
    vm.direct_set_item(&a.pos[0], &a.pos[1], a.pos[2].clone())?;
    Ok(Value::NONE)
}

fn del_item(vm: &mut Vm, a: Args<'_>) -> R {
    vm.direct_del_item(&a.pos[0], &a.pos[1])?;
    Ok(Value::NONE)
}

pub const HASH: Def = def("__hash__", 1, 1, hash);
pub const REPR: Def = def("__repr__", 1, 1, repr);
pub const LEN: Def = def("__len__", 1, 1, len);
pub const ITER: Def = def("__iter__", 1, 1, iter);
pub const NEXT: Def = def("__next__", 1, 1, next);
pub const CONTAINS: Def = def("__contains__", 2, 2, contains);
pub const GET_ITEM: Def = def("__getitem__", 2, 2, get_item);
pub const SET_ITEM: Def = def("__setitem__", 3, 3, set_item);
pub const DEL_ITEM: Def = def("__delitem__", 2, 2, del_item);

/// What containers have whose items are asked for by `[]`.
pub const SUBSCRIPTABLE: &[Def] = &[REPR, LEN, ITER, CONTAINS, GET_ITEM];
/// What those have beside whose items can be changed.
pub const MUTABLE: &[Def] = &[SET_ITEM, DEL_ITEM];

/// Says `__hash__ = None`.
pub fn unhashable(vm: &Vm, class: &Ref<Type>) {
    class.dict.set_str(&vm.heap, &vm.intern("__hash__"), Value::NONE);
    class.modified();
}
