//! `list`.

use super::slots::{self, this};
use super::sort::sort_list;
use crate::object::header::{Kind, Ref};
use crate::object::iter::IterState;
use crate::object::sequence::{List, drop_backwards};
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::Signature;
use crate::vm::{Args, R, Vm};

pub fn install(vm: &mut Vm) {
    let class = vm.types().list.clone();
    vm.add_static(&class, &[def_kw("__new__", 0, ANY, new)]);
    vm.add_methods(
        &class,
        &[
            def_kw("__init__", 1, 2, init),
            def("append", 2, 2, append),
            def("insert", 3, 3, insert),
            def("extend", 2, 2, extend),
            def("pop", 1, 2, pop),
            def("remove", 2, 2, remove),
            def("index", 2, 4, index),
            def("count", 2, 2, count),
            def("clear", 1, 1, clear),
            def("copy", 1, 1, copy),
            def_kw("sort", 1, ANY, sort),
            def("reverse", 1, 1, reverse),
            def("__add__", 2, 2, add),
            def("__mul__", 2, 2, mul),
            def("__rmul__", 2, 2, mul),
            def("__iadd__", 2, 2, iadd),
            def("__imul__", 2, 2, imul),
            def("__reversed__", 1, 1, reversed),
            def("__sizeof__", 1, 1, sizeof),
        ],
    );
    vm.add_methods(&class, slots::SUBSCRIPTABLE);
    vm.add_methods(&class, slots::MUTABLE);
    vm.add_methods(&class, slots::COMPARE);
    slots::unhashable(vm, &class);
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().list.clone();
    let class = slots::new_class(vm, a, &base)?;
    Ok(List::new_of(&vm.heap, &class, Vec::new()).into())
}

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let list = this::<List>(vm, a)?;
    let (base, new) = (vm.types().list.clone(), vm.types().names.__new__.clone());
    slots::no_keywords_for(vm, a, &list.ty().clone(), &base, &new)?;
    let items = match a.get(1) {
        Some(v) => vm.collect(v)?,
        None => Vec::new(),
    };
    drop_backwards(list.edit(&vm.heap, |l| std::mem::replace(l, items)));
    Ok(Value::NONE)
}

fn append(vm: &mut Vm, a: Args<'_>) -> R {
    let list = this::<List>(vm, a)?;
    let done = list.push(&vm.heap, a.pos[1].clone());
    vm.allocated(done)?;
    Ok(Value::NONE)
}

fn insert(vm: &mut Vm, a: Args<'_>) -> R {
    let list = this::<List>(vm, a)?;
    let i = vm.index_i64(&a.pos[1])?;
    let n = list.len() as i64;
    let at = if i < 0 { i.saturating_add(n).max(0) } else { i.min(n) } as usize;
    list.edit(&vm.heap, |l| l.insert(at, a.pos[2].clone()));
    Ok(Value::NONE)
}

/// `list.extend(v)`.
pub fn extend_with(vm: &mut Vm, list: &Ref<List>, v: &Value) -> R<()> {
    let plain = v.header().is_some_and(|h| {
        !h.ty().has(type_flags::HEAP) && matches!(h.kind(), Kind::List | Kind::Tuple | Kind::Dict | Kind::Set)
    });
    if plain {
        let items = vm.collect(v)?;
        let done = list.append_all(&vm.heap, items);
        return vm.allocated(done);
    }
    // Items are added as they come: code that the iterator runs sees them, and they stay if it fails.
    let it = vm.iter(v)?;
    // The hint may be any number: memory is asked for as the items come.
    vm.length_hint(v, 0)?;
    while let Some(x) = vm.next(&it)? {
        let done = list.push(&vm.heap, x);
        vm.allocated(done)?;
    }
    Ok(())
}

fn extend(vm: &mut Vm, a: Args<'_>) -> R {
    let list = this::<List>(vm, a)?;
    extend_with(vm, list, &a.pos[1])?;
    Ok(Value::NONE)
}

fn pop(vm: &mut Vm, a: Args<'_>) -> R {
    let list = this::<List>(vm, a)?;
    let i = match a.get(1) {
        Some(i) => vm.index_i64(i)?,
        None => -1,
    };
    let n = list.len();
    if n == 0 {
        return Err(vm.index_error("pop from empty list"));
    }
    let at = if i < 0 { i.saturating_add(n as i64) } else { i };
    match usize::try_from(at).ok().filter(|&at| at < n) {
        Some(at) => Ok(take_at(vm, list, at)),
        None => Err(vm.index_error("pop index out of range")),
    }
}

/// Takes one item out, and gives memory back when most of the buffer is unused.
fn take_at(vm: &mut Vm, list: &Ref<List>, at: usize) -> Value {
    list.edit(&vm.heap, |l| {
        let v = l.remove(at);
        if l.capacity() > 64 && l.len() < l.capacity() / 4 {
            l.shrink_to(l.len() * 2);
        }
        v
    })
}

fn remove(vm: &mut Vm, a: Args<'_>) -> R {
    let list = this::<List>(vm, a)?;
    let mut i = 0;
    while let Some(v) = list.get(i) {
        if vm.eq_or_is(&v, &a.pos[1])? {
            if i < list.len() {
                let old = take_at(vm, list, i);
                drop(old);
            }
            return Ok(Value::NONE);
        }
        i += 1;
    }
    Err(vm.value_error("list.remove(x): x not in list"))
}

/// Bounds of `index(x, start, stop)`, fitted to a length.
pub fn index_bounds(vm: &mut Vm, a: Args<'_>, len: usize) -> R<(usize, usize)> {
    let mut fit = |v: Option<&Value>, default: i64| -> R<usize> {
        let i = match v {
            Some(v) => vm.index_clamped_for(v, "slice indices must be integers or have an __index__ method")?,
            None => default,
        };
        Ok(if i < 0 { i.saturating_add(len as i64).max(0) } else { i } as usize)
    };
    Ok((fit(a.get(2), 0)?, fit(a.get(3), i64::MAX)?))
}

fn index(vm: &mut Vm, a: Args<'_>) -> R {
    let list = this::<List>(vm, a)?;
    let (mut i, stop) = index_bounds(vm, a, list.len())?;
    while i < stop {
        let Some(v) = list.get(i) else { break };
        if vm.eq_or_is(&v, &a.pos[1])? {
            return Ok(Value::from_len(i));
        }
        i += 1;
    }
    let text = vm.repr(&a.pos[1])?;
    Err(vm.value_error(format!("{text} is not in list")))
}

fn count(vm: &mut Vm, a: Args<'_>) -> R {
    let list = this::<List>(vm, a)?;
    let (mut i, mut n) = (0, 0);
    while let Some(v) = list.get(i) {
        n += vm.eq_or_is(&v, &a.pos[1])? as usize;
        i += 1;
    }
    Ok(Value::from_len(n))
}

fn clear(vm: &mut Vm, a: Args<'_>) -> R {
    let list = this::<List>(vm, a)?;
    drop_backwards(list.edit(&vm.heap, std::mem::take));
    Ok(Value::NONE)
}

fn copy(vm: &mut Vm, a: Args<'_>) -> R {
    let items = this::<List>(vm, a)?.to_vec();
    Ok(List::new(&vm.heap, items).into())
}

/// The arguments of `list.sort()`, and of `sorted()` without its iterable.
pub const SORT: Signature<2> = Signature { function: "sort", names: ["key", "reverse"], required: 0, positional: 0 };

fn sort(vm: &mut Vm, a: Args<'_>) -> R {
    let list = this::<List>(vm, a)?;
    let [key, reverse] = a.rest().bind(vm, &SORT)?;
    let reverse = match reverse {
        Some(r) => vm.truth(r)?,
        None => false,
    };
    sort_list(vm, list, key.filter(|k| !k.is_none()), reverse)?;
    Ok(Value::NONE)
}

fn reverse(vm: &mut Vm, a: Args<'_>) -> R {
    this::<List>(vm, a)?.items.borrow_mut().reverse();
    Ok(Value::NONE)
}

fn reversed(vm: &mut Vm, a: Args<'_>) -> R {
    let list = this::<List>(vm, a)?.clone();
    let class = vm.types().list_reverseiterator.clone();
    let next = list.len();
    Ok(vm.new_iter(&class, IterState::ListReversed { list, next }))
}

fn sizeof(vm: &mut Vm, a: Args<'_>) -> R {
    let list = this::<List>(vm, a)?;
    Ok(Value::from_len(40 + list.items.borrow().capacity() * 8))
}

/// `a + b` of lists.
pub fn concat(vm: &mut Vm, a: &Ref<List>, b: &Value) -> R {
    let Some(other) = b.downcast::<List>() else {
        let name = vm.class_name(b);
        return Err(vm.type_error(format!("can only concatenate list (not \"{name}\") to list")));
    };
    let n = a.len() + other.len();
    vm.check_memory(n.checked_mul(8))?;
    let mut items = Vec::with_capacity(n);
    items.extend_from_slice(&a.items.borrow());
    items.extend_from_slice(&other.items.borrow());
    Ok(List::new(&vm.heap, items).into())
}

/// How often a sequence is repeated; None where the operand is no integer.
pub fn repeat_count(vm: &mut Vm, n: &Value) -> R<Option<usize>> {
    let Some(i) = vm.index_opt(n)? else { return Ok(None) };
    match i.as_int().and_then(|i| i.to_i64()) {
        Some(i) => Ok(Some(i.max(0) as usize)),
        None => {
            let name = vm.class_name(n);
            Err(vm.overflow_error(format!("cannot fit '{name}' into an index-sized integer")))
        }
    }
}

/// `items * times`.
pub fn repeat(vm: &mut Vm, items: &[Value], times: usize) -> R<Vec<Value>> {
    let n = items.len().checked_mul(times);
    vm.check_memory(n.and_then(|n| n.checked_mul(8)))?;
    let mut result = Vec::with_capacity(n.unwrap_or(0));
    if let [one] = items {
        result.resize(times, one.clone());
    } else if !items.is_empty() {
        for _ in 0..times {
            result.extend_from_slice(items);
        }
    }
    Ok(result)
}

fn add(vm: &mut Vm, a: Args<'_>) -> R {
    let list = this::<List>(vm, a)?;
    concat(vm, list, &a.pos[1])
}

fn mul(vm: &mut Vm, a: Args<'_>) -> R {
    let items = this::<List>(vm, a)?.to_vec();
    match repeat_count(vm, &a.pos[1])? {
        Some(n) => {
            let items = repeat(vm, &items, n)?;
            Ok(List::new(&vm.heap, items).into())
        }
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn iadd(vm: &mut Vm, a: Args<'_>) -> R {
    let list = this::<List>(vm, a)?;
    extend_with(vm, list, &a.pos[1])?;
    Ok(a.pos[0].clone())
}

fn imul(vm: &mut Vm, a: Args<'_>) -> R {
    let list = this::<List>(vm, a)?;
    let Some(n) = repeat_count(vm, &a.pos[1])? else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let items = repeat(vm, &list.to_vec(), n)?;
    drop_backwards(list.edit(&vm.heap, |l| std::mem::replace(l, items)));
    Ok(a.pos[0].clone())
}
