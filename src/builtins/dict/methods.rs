//! The methods of `dict`.

use crate::builtins::slots::{self, this};
use crate::object::dict::Dict;
use crate::object::header::{Kind, Ref};
use crate::object::iter::DictPart;
use crate::object::sequence::Tuple;
use crate::object::set::Set;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::protocol::dict_view::view;
use crate::vm::{Args, R, Vm};

pub fn install(vm: &mut Vm) {
    let class = vm.types().dict.clone();
    vm.add_static(&class, &[def_kw("__new__", 0, ANY, new)]);
    vm.add_class_methods(&class, &[def("fromkeys", 2, 3, fromkeys)]);
    vm.add_methods(
        &class,
        &[
            def_kw("__init__", 1, ANY, init),
            def("get", 2, 3, get),
            def("setdefault", 2, 3, setdefault),
            def("pop", 2, 3, pop),
            def("popitem", 1, 1, popitem),
            def("keys", 1, 1, keys),
            def("values", 1, 1, values),
            def("items", 1, 1, items),
            def_kw("update", 1, ANY, update),
            def("clear", 1, 1, clear),
            def("copy", 1, 1, copy),
            def("__reversed__", 1, 1, reversed),
            def("__or__", 2, 2, or),
            def("__ror__", 2, 2, ror),
            def("__ior__", 2, 2, ior),
        ],
    );
    vm.add_methods(&class, slots::SUBSCRIPTABLE);
    vm.add_methods(&class, slots::MUTABLE);
    vm.add_methods(&class, slots::COMPARE);
    slots::unhashable(vm, &class);
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().dict.clone();
    let class = slots::new_class(vm, a, &base)?;
    Ok(vm.heap.alloc(&class, Dict::default()).into())
}

/// What `dict(...)` and `update(...)` do with their arguments.
fn fill(vm: &mut Vm, a: Args<'_>, function: &str) -> R {
    let d = this::<Dict>(vm, a)?;
    if a.pos.len() > 2 {
        let n = a.pos.len() - 1;
        return Err(vm.type_error(format!("{function} expected at most 1 argument, got {n}")));
    }
    if let Some(v) = a.get(1) {
        update_from(vm, d, v)?;
    }
    for (name, value) in a.names.iter().zip(a.values) {
        vm.dict_set(d, name.clone(), value.clone())?;
    }
    Ok(Value::NONE)
}

pub fn init(vm: &mut Vm, a: Args<'_>) -> R {
    fill(vm, a, "dict")
}

fn update(vm: &mut Vm, a: Args<'_>) -> R {
    fill(vm, a, "update")
}

/// Whether keys and values can be read without asking a subclass.
fn is_plain(vm: &Vm, d: &Ref<Dict>) -> bool {
    d.ty().is(&vm.types().dict)
}

/// `d.update(v)`.
pub fn update_from(vm: &mut Vm, d: &Ref<Dict>, v: &Value) -> R<()> {
    if let Some(other) = v.downcast::<Dict>() {
        let name = vm.types().names.__iter__.clone();
        let direct =
            is_plain(vm, other) || matches!(vm.special(v, &name)?, crate::vm::protocol::special::Special::Direct);
        if direct {
            return merge(vm, d, other);
        }
    }
    let keys = vm.types().names.keys.clone();
    if let Some(f) = vm.get_attr_opt(v, &keys)? {
        for k in vm.keys_of(v, &f)? {
            let value = vm.get_item(v, &k)?;
            vm.dict_set(d, k, value)?;
        }
        return Ok(());
    }
    update_from_pairs(vm, d, v)
}

fn merge(vm: &mut Vm, d: &Ref<Dict>, other: &Ref<Dict>) -> R<()> {
    if d.is(other) {
        return Ok(());
    }
    if d.is_empty() {
        other.copy_into(&vm.heap, d);
        return Ok(());
    }
    let mut i = 0;
    let len = other.len();
    while i < other.positions() {
        if let Some((hash, k, v)) = other.entry(i) {
            vm.dict_set_hashed(d, hash, k, v)?;
            if other.len() != len {
                return Err(vm.runtime_error("dict mutated during update"));
            }
        }
        i += 1;
    }
    Ok(())
}

fn update_from_pairs(vm: &mut Vm, d: &Ref<Dict>, v: &Value) -> R<()> {
    let it = vm.iter(v)?;
    let mut i = 0;
    while let Some(pair) = vm.next(&it)? {
        let items = match vm.iter_opt(&pair)? {
            Some(items) => vm.collect(&items)?,
            None => {
                return Err(
                    vm.type_error(format!("cannot convert dictionary update sequence element #{i} to a sequence"))
                );
            }
        };
        let n = items.len();
        let Ok([k, value]) = <[Value; 2]>::try_from(items) else {
            return Err(
                vm.value_error(format!("dictionary update sequence element #{i} has length {n}; 2 is required"))
            );
        };
        vm.dict_set(d, k, value)?;
        i += 1;
    }
    Ok(())
}

fn fromkeys(vm: &mut Vm, a: Args<'_>) -> R {
    let value = a.get(2).cloned().unwrap_or(Value::NONE);
    let plain = a.pos[0].downcast::<Type>().is_some_and(|t| t.is(&vm.types().dict));
    if plain {
        let d = Dict::new(&vm.heap);
        if let Some(s) = a.pos[1].downcast::<Set>() {
            for (hash, key) in s.items() {
                vm.dict_set_hashed(&d, hash, key, value.clone())?;
            }
            return Ok(d.into());
        }
        if let Some(keys) = a.pos[1].downcast::<Dict>().filter(|keys| is_plain(vm, keys)) {
            let mut i = 0;
            while i < keys.positions() {
                if let Some((hash, key, _)) = keys.entry(i) {
                    vm.dict_set_hashed(&d, hash, key, value.clone())?;
                }
                i += 1;
            }
            return Ok(d.into());
        }
        let it = vm.iter(&a.pos[1])?;
        while let Some(k) = vm.next(&it)? {
            vm.dict_set(&d, k, value.clone())?;
        }
        return Ok(d.into());
    }
    let d = vm.call(&a.pos[0], &[])?;
    let it = vm.iter(&a.pos[1])?;
    while let Some(k) = vm.next(&it)? {
        vm.set_item(&d, &k, value.clone())?;
    }
    Ok(d)
}

fn get(vm: &mut Vm, a: Args<'_>) -> R {
    let d = this::<Dict>(vm, a)?;
    Ok(match vm.dict_get(d, &a.pos[1])? {
        Some(v) => v,
        None => a.get(2).cloned().unwrap_or(Value::NONE),
    })
}

fn setdefault(vm: &mut Vm, a: Args<'_>) -> R {
    let d = this::<Dict>(vm, a)?;
    let hash = vm.hash(&a.pos[1])?;
    if let Some(v) = vm.dict_find(d, hash, &a.pos[1])?.and_then(|p| d.value_at(p)) {
        return Ok(v);
    }
    let v = a.get(2).cloned().unwrap_or(Value::NONE);
    d.insert_new(&vm.heap, hash, a.pos[1].clone(), v.clone());
    Ok(v)
}

fn pop(vm: &mut Vm, a: Args<'_>) -> R {
    let d = this::<Dict>(vm, a)?;
    // Nothing is looked for in an empty dict, so the key need not be hashable.
    let found = if d.is_empty() { None } else { vm.dict_remove(d, &a.pos[1])? };
    match (found, a.get(2)) {
        (Some(v), _) => Ok(v),
        (None, Some(default)) => Ok(default.clone()),
        (None, None) => Err(vm.key_error(&a.pos[1])),
    }
}

fn popitem(vm: &mut Vm, a: Args<'_>) -> R {
    let d = this::<Dict>(vm, a)?;
    match d.last_position() {
        Some(p) => {
            let (k, v) = d.remove_at(p);
            Ok(Tuple::new(&vm.heap, [k, v]).into())
        }
        None => {
            let text = vm.new_str("popitem(): dictionary is empty");
            Err(vm.key_error(&text))
        }
    }
}

fn keys(vm: &mut Vm, a: Args<'_>) -> R {
    let d = this::<Dict>(vm, a)?.clone();
    Ok(view(vm, d, DictPart::Keys))
}

fn values(vm: &mut Vm, a: Args<'_>) -> R {
    let d = this::<Dict>(vm, a)?.clone();
    Ok(view(vm, d, DictPart::Values))
}

fn items(vm: &mut Vm, a: Args<'_>) -> R {
    let d = this::<Dict>(vm, a)?.clone();
    Ok(view(vm, d, DictPart::Items))
}

fn clear(vm: &mut Vm, a: Args<'_>) -> R {
    this::<Dict>(vm, a)?.clear_all(&vm.heap);
    Ok(Value::NONE)
}

/// A new plain dict with the same entries.
pub fn copy_of(vm: &Vm, d: &Ref<Dict>) -> Ref<Dict> {
    let copy = Dict::new(&vm.heap);
    d.copy_into(&vm.heap, &copy);
    copy
}

fn copy(vm: &mut Vm, a: Args<'_>) -> R {
    let d = this::<Dict>(vm, a)?.clone();
    Ok(copy_of(vm, &d).into())
}

fn reversed(vm: &mut Vm, a: Args<'_>) -> R {
    let d = this::<Dict>(vm, a)?.clone();
    Ok(vm.dict_iter_reversed(d, DictPart::Keys))
}

/// `a | b` of dicts.
pub fn union(vm: &mut Vm, a: &Value, b: &Value) -> R {
    match (a.downcast::<Dict>().cloned(), b.kind()) {
        (Some(a), Some(Kind::Dict)) => {
            let d = copy_of(vm, &a);
            update_from(vm, &d, b)?;
            Ok(d.into())
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn or(vm: &mut Vm, a: Args<'_>) -> R {
    union(vm, &a.pos[0], &a.pos[1])
}

fn ror(vm: &mut Vm, a: Args<'_>) -> R {
    union(vm, &a.pos[1], &a.pos[0])
}

fn ior(vm: &mut Vm, a: Args<'_>) -> R {
    let d = this::<Dict>(vm, a)?;
    update_from(vm, d, &a.pos[1])?;
    Ok(a.pos[0].clone())
}

/// Whether the class of a value was made by Python code.
pub fn is_heap_class(v: &Value) -> bool {
    v.header().is_some_and(|h| h.ty().has(type_flags::HEAP))
}
