//! `bytearray`: its constructor, and what it has beside the methods that it shares with `bytes`.

use super::bytes::{self, bytes_arg};
use super::{memoryview, number_slots, slots};
use crate::code::operators::CompareOp;
use crate::object::buffer::ByteArray;
use crate::object::iter::IterState;
use crate::object::sequence::{Bytes, Slice};
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::{Args, R, Vm};

/// Gives `bytearray` its methods.
pub fn install(vm: &mut Vm) {
    let class = vm.types().bytearray.clone();
    vm.add_static(&class, &[def_kw("__new__", 0, ANY, new)]);
    vm.add_methods(&class, METHODS);
    vm.add_methods(&class, &[memoryview::BUFFER, memoryview::RELEASE_BUFFER]);
    bytes::add_common(vm, &class);
    slots::unhashable(vm, &class);
    let class = vm.types().bytearray_iterator.clone();
    vm.add_methods(&class, &[slots::ITER, slots::NEXT]);
}

const METHODS: &[Def] = &[
    def_kw("__init__", 1, ANY, init),
    def("__eq__", 2, 2, |vm, a| compare(vm, a, CompareOp::Eq)),
    def("__ne__", 2, 2, |vm, a| compare(vm, a, CompareOp::Ne)),
    def("__lt__", 2, 2, |vm, a| compare(vm, a, CompareOp::Lt)),
    def("__le__", 2, 2, |vm, a| compare(vm, a, CompareOp::Le)),
    def("__gt__", 2, 2, |vm, a| compare(vm, a, CompareOp::Gt)),
    def("__ge__", 2, 2, |vm, a| compare(vm, a, CompareOp::Ge)),
    def("__repr__", 1, 1, repr),
    def("__str__", 1, 1, repr),
    def("__len__", 1, 1, |vm, a| Ok(Value::from_len(this(vm, a)?.len()))),
    def("__iter__", 1, 1, iter),
    def("__contains__", 2, 2, contains),
    def("__getitem__", 2, 2, get_item),
    def("__setitem__", 3, 3, set_item),
    def("__delitem__", 2, 2, del_item),
    def("__add__", 2, 2, number_slots::concat),
    def("__iadd__", 2, 2, iadd),
    def("__mul__", 2, 2, number_slots::repeat),
    def("__rmul__", 2, 2, number_slots::repeat),
    def("__imul__", 2, 2, imul),
    def("__mod__", 2, 2, number_slots::percent),
    def("__rmod__", 2, 2, |_, _| Ok(Value::NOT_IMPLEMENTED)),
    def("__alloc__", 1, 1, |vm, a| {
        let n = this(vm, a)?.len();
        Ok(Value::from_len(if n == 0 { 0 } else { n + 1 }))
    }),
    def("append", 2, 2, append),
    def("clear", 1, 1, clear),
    def("copy", 1, 1, copy),
    def("extend", 2, 2, extend),
    def("insert", 3, 3, insert),
    def("pop", 1, 2, pop),
    def("remove", 2, 2, remove),
    def("resize", 2, 2, resize),
    def("reverse", 1, 1, reverse),
];

fn this<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a ByteArray> {
    match a.pos.first().and_then(|v| v.opaque::<ByteArray>()) {
        Some(array) => Ok(array),
        None => Err(vm.type_error("descriptor requires a 'bytearray' object")),
    }
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().bytearray.clone();
    let class = slots::new_class(vm, a, &base)?;
    Ok(ByteArray::value_of(&vm.heap, &class, Vec::new()))
}

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let data = bytes::constructor_data(vm, a, "bytearray")?;
    replace(vm, a, |old| *old = data)?;
    Ok(Value::NONE)
}

/// Changes the receiver, which may become longer or shorter by it: BufferError where a view holds it.
fn replace<T>(vm: &mut Vm, a: Args<'_>, f: impl FnOnce(&mut Vec<u8>) -> T) -> R<T> {
    let array = this(vm, a)?;
    if array.is_exported() {
        return Err(exported(vm));
    }
    Ok(array.edit(f))
}

fn exported(vm: &mut Vm) -> crate::vm::Exc {
    let class = vm.types().BufferError.clone();
    vm.error(&class, "Existing exports of data: object cannot be re-sized")
}

/// A byte given as an int.
fn byte(vm: &mut Vm, v: &Value) -> R<u8> {
    match vm.index_opt(v)? {
        Some(i) => match i.as_int().and_then(|i| i.to_i64()).and_then(|i| u8::try_from(i).ok()) {
            Some(b) => Ok(b),
            None => Err(vm.value_error("byte must be in range(0, 256)")),
        },
        None => {
            let got = vm.class_name(v);
            Err(vm.type_error(format!("'{got}' object cannot be interpreted as an integer")))
        }
    }
}

fn compare(vm: &mut Vm, a: Args<'_>, op: CompareOp) -> R {
    let x = this(vm, a)?.to_vec();
    Ok(match vm.bytes_of(&a.pos[1])? {
        Some(y) => Value::bool(op.holds(x[..].cmp(&y[..]))),
        None => Value::NOT_IMPLEMENTED,
    })
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let data = this(vm, a)?.to_vec();
    vm.check_memory(data.len().checked_mul(4))?;
    let bytes: Value = Bytes::new(&vm.heap, data).into();
    let shown = vm.repr(&bytes)?;
    let name = vm.class_name(&a.pos[0]);
    Ok(vm.new_str(&format!("{name}({shown})")))
}

fn iter(vm: &mut Vm, a: Args<'_>) -> R {
    let state = IterState::Sequence { object: a.pos[0].clone(), next: 0 };
    Ok(vm.new_iter(&vm.types().bytearray_iterator.clone(), state))
}

fn contains(vm: &mut Vm, a: Args<'_>) -> R {
    let array = this(vm, a)?;
    if let Some(i) = vm.index_opt(&a.pos[1])? {
        let b = byte(vm, &i)?;
        return Ok(Value::bool(array.read(|data| data.contains(&b))));
    }
    let part = bytes_arg(vm, &a.pos[1])?;
    Ok(Value::bool(array.read(|data| memchr::memmem::find(data, &part).is_some())))
}

/// The position of an index within the length.
fn position(vm: &mut Vm, array: &ByteArray, i: i64) -> R<usize> {
    let at = if i < 0 { i.saturating_add(array.len() as i64) } else { i };
    match usize::try_from(at).ok().filter(|&at| at < array.len()) {
        Some(at) => Ok(at),
        None => Err(vm.index_error("bytearray index out of range")),
    }
}

fn index(vm: &mut Vm, k: &Value) -> R<i64> {
    match vm.index_opt(k)? {
        Some(i) => match i.as_int().and_then(|i| i.to_i64()) {
            Some(i) => Ok(i),
            None => {
                let got = vm.class_name(k);
                Err(vm.index_error(format!("cannot fit '{got}' into an index-sized integer")))
            }
        },
        None => {
            let got = vm.class_name(k);
            Err(vm.type_error(format!("bytearray indices must be integers or slices, not {got}")))
        }
    }
}

fn get_item(vm: &mut Vm, a: Args<'_>) -> R {
    let array = this(vm, a)?;
    if let Some(s) = a.pos[1].downcast::<Slice>() {
        let bounds = vm.slice_bounds(s, || array.len())?;
        let part = array.read(|data| bounds.positions().filter_map(|i| data.get(i).copied()).collect());
        return Ok(ByteArray::value(&vm.heap, part));
    }
    let i = index(vm, &a.pos[1])?;
    let at = position(vm, array, i)?;
    Ok(Value::from_len(array.get(at).unwrap_or(0).into()))
}

fn set_item(vm: &mut Vm, a: Args<'_>) -> R {
    let array = this(vm, a)?;
    let Some(s) = a.pos[1].downcast::<Slice>() else {
        let i = index(vm, &a.pos[1])?;
        position(vm, array, i)?;
        let b = byte(vm, &a.pos[2])?;
        // The conversion may have run code that changed the length.
        let at = position(vm, array, i)?;
        array.edit(|data| data[at] = b);
        return Ok(Value::NONE);
    };
    let new = match vm.bytes_of(&a.pos[2])? {
        Some(data) => data.into_owned(),
        None if a.pos[2].as_int().is_some() || a.pos[2].downcast::<Str>().is_some() => {
            return Err(vm.type_error("can assign only bytes, buffers, or iterables of ints in range(0, 256)"));
        }
        None => bytes::bytes_of_object(vm, &a.pos[2], "bytearray")?,
    };
    let bounds = vm.slice_bounds(s, || array.len())?;
    if bounds.step == 1 {
        let (start, end) = (bounds.start as usize, bounds.start as usize + bounds.count);
        if new.len() == bounds.count {
            array.edit(|data| data[start..end].copy_from_slice(&new));
        } else {
            vm.check_memory(array.len().checked_add(new.len()))?;
            replace(vm, a, |data| drop(data.splice(start..end, new)))?;
        }
        return Ok(Value::NONE);
    }
    if new.is_empty() {
        return remove_positions(vm, a, bounds.positions().collect());
    }
    if new.len() != bounds.count {
        let (n, want) = (new.len(), bounds.count);
        return Err(vm.value_error(format!("attempt to assign bytes of size {n} to extended slice of size {want}")));
    }
    array.edit(|data| bounds.positions().zip(&new).for_each(|(i, &b)| data[i] = b));
    Ok(Value::NONE)
}

fn remove_positions(vm: &mut Vm, a: Args<'_>, mut gone: Vec<usize>) -> R {
    if gone.is_empty() {
        return Ok(Value::NONE);
    }
    gone.sort_unstable();
    replace(vm, a, |data| {
        let mut next = gone.iter().peekable();
        let mut i = 0;
        data.retain(|_| {
            let keep = next.peek() != Some(&&i);
            if !keep {
                next.next();
            }
            i += 1;
            keep
        });
    })?;
    Ok(Value::NONE)
}

fn del_item(vm: &mut Vm, a: Args<'_>) -> R {
    let array = this(vm, a)?;
    let gone = match a.pos[1].downcast::<Slice>() {
        Some(s) => vm.slice_bounds(s, || array.len())?.positions().collect(),
        None => {
            let i = index(vm, &a.pos[1])?;
            vec![position(vm, array, i)?]
        }
    };
    remove_positions(vm, a, gone)
}

fn iadd(vm: &mut Vm, a: Args<'_>) -> R {
    let array = this(vm, a)?;
    let Some(other) = vm.bytes_of(&a.pos[1])? else {
        let got = vm.class_name(&a.pos[1]);
        return Err(vm.type_error(format!("can't concat {got} to bytearray")));
    };
    vm.check_memory(array.len().checked_add(other.len()))?;
    if !other.is_empty() {
        // While the operand is read the array is exported to it, if it is the same one.
        if a.pos[1].opaque::<ByteArray>().is_some_and(|b| std::ptr::eq(array, b)) {
            return Err(exported(vm));
        }
        replace(vm, a, |data| data.extend_from_slice(&other))?;
    }
    Ok(a.pos[0].clone())
}

fn imul(vm: &mut Vm, a: Args<'_>) -> R {
    let n = vm.index_i64(&a.pos[1])?.max(0) as usize;
    let total = this(vm, a)?.len().checked_mul(n);
    vm.check_memory(total)?;
    if n != 1 {
        replace(vm, a, |data| *data = data.repeat(n))?;
    }
    Ok(a.pos[0].clone())
}

fn append(vm: &mut Vm, a: Args<'_>) -> R {
    let b = byte(vm, &a.pos[1])?;
    replace(vm, a, |data| data.push(b))?;
    Ok(Value::NONE)
}

fn clear(vm: &mut Vm, a: Args<'_>) -> R {
    replace(vm, a, |data| *data = Vec::new())?;
    Ok(Value::NONE)
}

fn copy(vm: &mut Vm, a: Args<'_>) -> R {
    let data = this(vm, a)?.to_vec();
    Ok(ByteArray::value(&vm.heap, data))
}

fn extend(vm: &mut Vm, a: Args<'_>) -> R {
    let v = &a.pos[1];
    let new = match vm.bytes_of(v)? {
        Some(data) => data.into_owned(),
        None if v.downcast::<Str>().is_some() => {
            return Err(vm.type_error("expected iterable of integers; got: 'str'"));
        }
        None => {
            let items = match vm.iter_opt(v)? {
                Some(it) => {
                    vm.length_hint(v, 0)?;
                    vm.collect(&it)?
                }
                None => {
                    let got = vm.class_name(v);
                    return Err(vm.type_error(format!("can't extend bytearray with {got}")));
                }
            };
            let mut new = Vec::with_capacity(items.len());
            for item in &items {
                new.push(byte(vm, item)?);
            }
            new
        }
    };
    let array = this(vm, a)?;
    vm.check_memory(array.len().checked_add(new.len()))?;
    if !new.is_empty() {
        replace(vm, a, |data| data.extend_from_slice(&new))?;
    }
    Ok(Value::NONE)
}

fn insert(vm: &mut Vm, a: Args<'_>) -> R {
    let i = vm.index_i64(&a.pos[1])?;
    let b = byte(vm, &a.pos[2])?;
    let array = this(vm, a)?;
    let n = array.len() as i64;
    let at = if i < 0 { i.saturating_add(n).max(0) } else { i.min(n) } as usize;
    replace(vm, a, |data| data.insert(at, b))?;
    Ok(Value::NONE)
}

fn pop(vm: &mut Vm, a: Args<'_>) -> R {
    let i = match a.get(1) {
        Some(i) => vm.index_position(i)?,
        None => -1,
    };
    let array = this(vm, a)?;
    if array.is_empty() {
        return Err(vm.index_error("pop from empty bytearray"));
    }
    let at = if i < 0 { i.saturating_add(array.len() as i64) } else { i };
    let Some(at) = usize::try_from(at).ok().filter(|&at| at < array.len()) else {
        return Err(vm.index_error("pop index out of range"));
    };
    let b = replace(vm, a, |data| data.remove(at))?;
    Ok(Value::from_len(b.into()))
}

fn remove(vm: &mut Vm, a: Args<'_>) -> R {
    let b = byte(vm, &a.pos[1])?;
    let array = this(vm, a)?;
    let Some(at) = array.read(|data| data.iter().position(|&x| x == b)) else {
        return Err(vm.value_error("value not found in bytearray"));
    };
    replace(vm, a, |data| data.remove(at))?;
    Ok(Value::NONE)
}

fn resize(vm: &mut Vm, a: Args<'_>) -> R {
    let n = vm.index_i64(&a.pos[1])?;
    let Ok(size) = usize::try_from(n) else {
        return Err(vm.value_error(format!("bytearray.resize(): new size must be >= 0, got {n}")));
    };
    vm.check_memory(Some(size))?;
    replace(vm, a, |data| data.resize(size, 0))?;
    Ok(Value::NONE)
}

fn reverse(vm: &mut Vm, a: Args<'_>) -> R {
    this(vm, a)?.edit(|data| data.reverse());
    Ok(Value::NONE)
}
