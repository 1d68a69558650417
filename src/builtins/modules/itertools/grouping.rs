//! `batched` and `groupby`.

use std::cell::Cell;

use super::ITERATOR;
use crate::object::cell::Mut;
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def_kw};
use crate::vm::native_args::{Signature, signature};
use crate::vm::native_class::{CLASS, Class};
use crate::vm::native_iter::NativeIter;
use crate::vm::{Args, R, Vm};

struct Batched {
    inner: Mut<Option<Value>>,
    size: usize,
    strict: bool,
}

opaque_data!(Batched { inner } clear { inner });

impl NativeIter for Batched {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        let Some(inner) = self.inner.get() else { return Ok(None) };
        let mut items = Vec::new();
        while items.len() < self.size {
            match vm.next(&inner)? {
                Some(v) => items.push(v),
                None => {
                    self.inner.set(None);
                    break;
                }
            }
        }
        if items.is_empty() {
            return Ok(None);
        }
        if self.strict && items.len() < self.size {
            return Err(vm.value_error("batched(): incomplete batch"));
        }
        Ok(Some(Tuple::new(&vm.heap, items).into()))
    }
}

pub static BATCHED: Class = Class {
    name: "batched",
    doc: "batched(iterable, n, *, strict=False): tuples of n items; the last may be shorter, unless strict.",
    new: Some(def_kw("__new__", 0, ANY, new_batched)),
    ..ITERATOR
};

fn new_batched(vm: &mut Vm, a: Args<'_>) -> R {
    const PARAMETERS: Signature<3> =
        Signature { function: "batched", names: ["iterable", "n", "strict"], required: 2, positional: 2 };
    let class = vm.class_argument(a)?;
    let [iterable, n, strict] = a.rest().bind(vm, &PARAMETERS)?;
    let n = vm.index_i64(n.unwrap_or(&Value::NONE))?;
    let strict = match strict {
        Some(v) => vm.truth(v)?,
        None => false,
    };
    if n < 1 {
        return Err(vm.value_error("n must be at least one"));
    }
    let inner = vm.iter(iterable.unwrap_or(&Value::NONE))?;
    Ok(vm.new_native_iter(&class, Batched { inner: Mut::new(Some(inner)), size: n as usize, strict }))
}

/// What a `groupby` and its groups share: a Python object of its own, so that the collector sees it once.  Items are read
/// one ahead, because the first of a group is found at the end of the one before.
struct Reader {
    inner: Value,
    key: Option<Value>,
    item: Mut<Option<Value>>,
    item_key: Mut<Option<Value>>,
    /// Counts the groups: only the newest gives items.
    group: Cell<u64>,
}

opaque_data!(Reader { inner, key, item, item_key } clear { item, item_key });

impl Reader {
    /// Reads an item and its key; false at the end.
    fn read(&self, vm: &mut Vm) -> R<bool> {
        let Some(v) = vm.next(&self.inner)? else { return Ok(false) };
        let k = match &self.key {
            Some(f) => vm.call(f, std::slice::from_ref(&v))?,
            None => v.clone(),
        };
        self.item.set(Some(v));
        self.item_key.set(Some(k));
        Ok(true)
    }
}

struct GroupBy {
    reader: Value,
    /// The key of the group that was given last; None before the first.
    target: Mut<Option<Value>>,
}

opaque_data!(GroupBy { reader, target } clear { target });

impl NativeIter for GroupBy {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        let Some(reader) = self.reader.opaque::<Reader>() else { return Ok(None) };
        reader.group.set(reader.group.get() + 1);
        loop {
            let (target, key) = (self.target.get(), reader.item_key.get());
            match (target, key) {
                (_, None) => {}
                (None, Some(_)) => break,
                (Some(target), Some(key)) => {
                    if !vm.eq_or_is(&target, &key)? {
                        break;
                    }
                }
            }
            if !reader.read(vm)? {
                return Ok(None);
            }
        }
        let Some(key) = reader.item_key.get() else { return Ok(None) };
        self.target.set(Some(key.clone()));
        let class = vm.native_class(&GROUPER);
        let group = Grouper { reader: self.reader.clone(), key: key.clone(), group: reader.group.get() };
        let group = vm.new_native_iter(&class, group);
        Ok(Some(Tuple::new(&vm.heap, [key, group]).into()))
    }
}

/// A group: gives the items as long as their key is `key`.
struct Grouper {
    reader: Value,
    key: Value,
    group: u64,
}

opaque_data!(Grouper { reader, key });

impl NativeIter for Grouper {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        let Some(reader) = self.reader.opaque::<Reader>() else { return Ok(None) };
        if reader.group.get() != self.group {
            return Ok(None);
        }
        let empty = reader.item.borrow().is_none();
        if empty && !reader.read(vm)? {
            return Ok(None);
        }
        let Some(key) = reader.item_key.get() else { return Ok(None) };
        if !vm.eq_or_is(&self.key, &key)? {
            return Ok(None);
        }
        Ok(reader.item.take())
    }
}

pub static GROUPBY: Class = Class {
    name: "groupby",
    doc: "groupby(iterable, key=None): pairs of a key and an iterator over the items in a row that have it.",
    new: Some(def_kw("__new__", 0, ANY, new_groupby)),
    ..ITERATOR
};

pub static GROUPER: Class = Class { name: "_grouper", flags: 0, doc: "The items of a group of groupby.", ..ITERATOR };

static READER: Class = Class { module: "itertools", name: "_groupby_reader", ..CLASS };

fn new_groupby(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    let [iterable, key] = a.rest().bind(vm, &signature("groupby", ["iterable", "key"], 1))?;
    let inner = vm.iter(iterable.unwrap_or(&Value::NONE))?;
    let reader = Reader {
        inner,
        key: key.filter(|k| !k.is_none()).cloned(),
        item: Mut::default(),
        item_key: Mut::default(),
        group: Cell::new(0),
    };
    let of = vm.native_class(&READER);
    let reader = vm.new_opaque(&of, reader);
    Ok(vm.new_native_iter(&class, GroupBy { reader, target: Mut::default() }))
}
