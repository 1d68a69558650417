//! `enumerate`, `zip`, `map`, `filter`, `reversed`, and the methods of all built-in iterators.

use dashu_int::IBig;

use super::slots::{self, no_keywords, this};
use crate::object::cell::Mut;
use crate::object::dict::Dict;
use crate::object::header::{Kind, Ref};
use crate::object::iter::{Iter, IterState};
use crate::object::number::BigInt;
use crate::object::sequence::{List, Range, Tuple};
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::protocol::special::Special;
use crate::vm::{Args, R, Vm};

fn alloc(vm: &Vm, class: &Ref<Type>, state: IterState) -> Value {
    vm.heap.alloc(class, Iter { state: Mut::new(state) }).into()
}

fn new_enumerate(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().enumerate.clone();
    let class = slots::new_class(vm, a, &base)?;
    if a.pos.len() + a.names.len() > 3 {
        let n = a.pos.len() + a.names.len() - 1;
        return Err(vm.type_error(format!("enumerate() takes at most 2 arguments ({n} given)")));
    }
    let known = |n: &&Value| !matches!(n.downcast::<Str>().and_then(|s| s.as_ascii()), Some("iterable" | "start"));
    if let Some(n) = a.names.iter().find(known) {
        let n = vm.str(n)?;
        return Err(vm.type_error(format!("'{n}' is an invalid keyword argument for enumerate()")));
    }
    let Some(iterable) = a.get_or_keyword(1, "iterable") else {
        return Err(vm.type_error("enumerate() missing required argument 'iterable'"));
    };
    let next = match a.get_or_keyword(2, "start") {
        Some(v) => vm.index(v)?,
        None => Value::int_unchecked(0),
    };
    let inner = vm.iter(iterable)?;
    Ok(alloc(vm, &class, IterState::Enumerate { inner, next }))
}

fn strict(vm: &mut Vm, a: Args<'_>, function: &str) -> R<bool> {
    a.check_keywords(vm, function, &["strict"])?;
    match a.keyword("strict") {
        Some(v) => vm.truth(v),
        None => Ok(false),
    }
}

fn new_zip(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().zip.clone();
    let class = slots::new_class(vm, a, &base)?;
    let strict = strict(vm, a, "zip")?;
    let mut inner = Vec::with_capacity(a.pos.len());
    for v in &a.pos[1..] {
        inner.push(vm.iter(v)?);
    }
    let inner = Tuple::new(&vm.heap, inner);
    Ok(alloc(vm, &class, IterState::Zip { inner, strict }))
}

fn new_map(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().map.clone();
    let class = slots::new_class(vm, a, &base)?;
    let strict = strict(vm, a, "map")?;
    if a.pos.len() < 3 {
        return Err(vm.type_error("map() must have at least two arguments."));
    }
    let mut inner = Vec::with_capacity(a.pos.len() - 2);
    for v in &a.pos[2..] {
        inner.push(vm.iter(v)?);
    }
    let inner = Tuple::new(&vm.heap, inner);
    Ok(alloc(vm, &class, IterState::Map { inner, function: a.pos[1].clone(), strict }))
}

fn new_filter(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().filter.clone();
    let class = slots::new_class(vm, a, &base)?;
    let init = vm.types().names.__init__.clone();
    slots::no_keywords_for(vm, a, &class, &base, &init)?;
    if a.pos.len() != 3 {
        let n = a.pos.len() - 1;
        return Err(vm.type_error(format!("filter expected 2 arguments, got {n}")));
    }
    let inner = vm.iter(&a.pos[2])?;
    Ok(alloc(vm, &class, IterState::Filter { function: a.pos[1].clone(), inner }))
}

/// `reversed(v)`; `class` is `reversed` or a subclass.
fn reversed_of(vm: &mut Vm, class: &Ref<Type>, v: &Value) -> R {
    let name = vm.types().names.__reversed__.clone();
    if !v.class(&vm.heap).has(crate::object::types::type_flags::HEAP) {
        match v.kind() {
            Some(Kind::List) => {
                if let Some(list) = v.downcast::<List>().cloned() {
                    let next = list.len();
                    let class = vm.types().list_reverseiterator.clone();
                    return Ok(vm.new_iter(&class, IterState::ListReversed { list, next }));
                }
            }
            Some(Kind::Dict) => {
                if let Some(d) = v.downcast::<Dict>().cloned() {
                    return Ok(vm.dict_iter_reversed(d, crate::object::iter::DictPart::Keys));
                }
            }
            Some(Kind::Range) => {
                if let Some(r) = v.downcast::<Range>().cloned() {
                    return Ok(super::range::reversed_iter(vm, &r));
                }
            }
            _ => {}
        }
    }
    if let Some(f) = vm.lookup_special(v, &name)? {
        if f.is_none() {
            let name = vm.class_name(v);
            return Err(vm.type_error(format!("'{name}' object is not reversible")));
        }
        return vm.call_slot(&f, std::slice::from_ref(v));
    }
    let get = vm.types().names.__getitem__.clone();
    let has_items = match v.kind() {
        Some(Kind::Tuple | Kind::Str | Kind::Bytes) => true,
        None | Some(Kind::Dict | Kind::Set | Kind::Type) => false,
        _ => matches!(vm.special(v, &get)?, Special::Method(m) if !m.is_none()),
    };
    if !has_items {
        let name = vm.class_name(v);
        return Err(vm.type_error(format!("'{name}' object is not reversible")));
    }
    let n = vm.len(v)?;
    Ok(alloc(vm, class, IterState::SequenceReversed { object: v.clone(), next: n as i64 - 1 }))
}

fn new_reversed(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().reversed.clone();
    let class = slots::new_class(vm, a, &base)?;
    no_keywords(vm, a, "reversed")?;
    if a.pos.len() != 2 {
        let n = a.pos.len() - 1;
        return Err(vm.type_error(format!("reversed expected 1 argument, got {n}")));
    }
    reversed_of(vm, &class, &a.pos[1])
}

fn length_hint(vm: &mut Vm, a: Args<'_>) -> R {
    let it = this::<Iter>(vm, a)?.clone();
    let hint = match vm.iter_length(&it) {
        Some(n) => Some(n),
        None => vm.sequence_length(&it)?,
    };
    Ok(match hint {
        Some(n) => crate::object::number::BigInt::from_i128(&vm.heap, n as i128),
        None => Value::NOT_IMPLEMENTED,
    })
}

/// `list_iterator.__setstate__` and its like: go on from a position.
fn setstate(vm: &mut Vm, a: Args<'_>) -> R {
    let it = this::<Iter>(vm, a)?;
    let is_big = matches!(&*it.state.borrow(), IterState::BigRange { .. });
    if is_big {
        // Any number will do.
        let at = vm.index(&a.pos[1])?;
        skip_big(vm, it, at.as_int().map(|i| i.to_big()).unwrap_or_default());
        return Ok(Value::NONE);
    }
    let at = vm.index_i64(&a.pos[1])?;
    match &mut *it.state.borrow_mut() {
        // Before the beginning is where CPython leaves an iterator that has ended.
        IterState::List { next, list } => *next = usize::try_from(at).map_or(list.len(), |at| at.min(list.len())),
        IterState::Tuple { next, tuple } => *next = (at.max(0) as usize).min(tuple.len()),
        IterState::Str { next, text } => *next = (at.max(0) as usize).min(text.len()),
        IterState::Bytes { next, bytes } => *next = (at.max(0) as usize).min(bytes.data.len()),
        IterState::ListReversed { next, list } => *next = (at.saturating_add(1).max(0) as usize).min(list.len()),
        IterState::Sequence { next, .. } => *next = at.max(0),
        IterState::SequenceReversed { next, .. } => *next = at.clamp(-1, (*next).max(-1)),
        IterState::Range { next, step, left } => {
            let skipped = (at.max(0) as u64).min(*left);
            *next = next.wrapping_add(step.wrapping_mul(skipped as i64));
            *left -= skipped;
        }
        _ => {}
    }
    Ok(Value::NONE)
}

/// Skips `count` numbers of an iterator over a large range; a negative count is none, and there is no more than all.
fn skip_big(vm: &Vm, it: &Iter, count: IBig) {
    if let IterState::BigRange { next, step, left } = &mut *it.state.borrow_mut() {
        let big = |v: &Value| v.as_int().map(|i| i.to_big()).unwrap_or_default();
        let skipped = count.max(IBig::from(0)).min(big(left));
        let after = BigInt::value(&vm.heap, big(next) + big(step) * &skipped);
        let rest = BigInt::value(&vm.heap, big(left) - skipped);
        (*next, *left) = (after, rest);
    }
}

/// `zip.__setstate__` and `map.__setstate__`: whether the iterators must be of equal length.
fn set_strict(vm: &mut Vm, a: Args<'_>) -> R {
    let it = this::<Iter>(vm, a)?;
    let wanted = vm.truth(&a.pos[1])?;
    if let IterState::Zip { strict, .. } | IterState::Map { strict, .. } = &mut *it.state.borrow_mut() {
        *strict = wanted;
    }
    Ok(Value::NONE)
}

const COMMON: &[Def] = &[slots::ITER, slots::NEXT];
const HINT: &[Def] = &[def("__length_hint__", 1, 1, length_hint)];
const STATE: &[Def] = &[def("__setstate__", 2, 2, setstate)];

pub fn install(vm: &mut Vm) {
    let t = vm.types();
    let all: Vec<Ref<Type>> = t.all().into_iter().filter(|t| t.instance_kind == Kind::Iter).cloned().collect();
    for class in all {
        vm.add_methods(&class, COMMON);
        let name = class.name_str();
        if name == "reversed" || name.ends_with("iterator") && name != "callable_iterator" {
            vm.add_methods(&class, HINT);
        }
        if matches!(
            name.as_str(),
            "list_iterator"
                | "list_reverseiterator"
                | "tuple_iterator"
                | "str_iterator"
                | "str_ascii_iterator"
                | "bytes_iterator"
                | "bytearray_iterator"
                | "iterator"
                | "range_iterator"
                | "longrange_iterator"
                | "reversed"
        ) {
            vm.add_methods(&class, STATE);
        }
    }
    let t = vm.types();
    let made = [
        (t.enumerate.clone(), def_kw("__new__", 0, ANY, new_enumerate)),
        (t.zip.clone(), def_kw("__new__", 0, ANY, new_zip)),
        (t.map.clone(), def_kw("__new__", 0, ANY, new_map)),
        (t.filter.clone(), def_kw("__new__", 0, ANY, new_filter)),
        (t.reversed.clone(), def_kw("__new__", 0, ANY, new_reversed)),
    ];
    for class in [t.zip.clone(), t.map.clone()] {
        vm.add_methods(&class, &[def("__setstate__", 2, 2, set_strict)]);
    }
    for (class, row) in made {
        vm.add_static(&class, &[row]);
    }
}
