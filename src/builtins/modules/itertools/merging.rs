//! `accumulate`, `chain`, `pairwise`, `starmap`, `zip_longest`.

use std::cell::Cell;

use super::ITERATOR;
use crate::builtins::slots;
use crate::code::BinaryOp;
use crate::object::cell::Mut;
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::Signature;
use crate::vm::native_class::Class;
use crate::vm::native_iter::NativeIter;
use crate::vm::{Args, R, Vm};

struct Accumulate {
    function: Option<Value>,
    total: Mut<Option<Value>>,
    inner: Value,
    initial: Mut<Option<Value>>,
}

opaque_data!(Accumulate { inner, function, total, initial } clear { total, initial });

impl NativeIter for Accumulate {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        let initial = self.initial.take();
        if let Some(v) = initial {
            self.total.set(Some(v.clone()));
            return Ok(Some(v));
        }
        let Some(v) = vm.next_inner(&self.inner)? else { return Ok(None) };
        let total = self.total.get();
        let total = match (total, &self.function) {
            (None, _) => v,
            (Some(t), None) => vm.binary(BinaryOp::Add, &t, &v)?,
            (Some(t), Some(f)) => vm.call(f, &[t, v])?,
        };
        self.total.set(Some(total.clone()));
        Ok(Some(total))
    }
}

pub static ACCUMULATE: Class = Class {
    name: "accumulate",
    doc: "accumulate(iterable, func=None, *, initial=None): running totals, by + or the function.",
    new: Some(def_kw("__new__", 0, ANY, new_accumulate)),
    ..ITERATOR
};

fn new_accumulate(vm: &mut Vm, a: Args<'_>) -> R {
    const PARAMETERS: Signature<3> =
        Signature { function: "accumulate", names: ["iterable", "func", "initial"], required: 1, positional: 2 };
    let class = vm.class_argument(a)?;
    let [iterable, function, initial] = a.rest().bind(vm, &PARAMETERS)?;
    let given = |v: Option<&Value>| v.filter(|v| !v.is_none()).cloned();
    let inner = vm.iter(iterable.unwrap_or(&Value::NONE))?;
    let state =
        Accumulate { inner, function: given(function), total: Mut::default(), initial: Mut::new(given(initial)) };
    Ok(vm.new_native_iter(&class, state))
}

/// `source` gives the iterables; `active` is the iterator of the present one.
struct Chain {
    source: Mut<Option<Value>>,
    active: Mut<Option<Value>>,
}

opaque_data!(Chain { source, active } clear { source, active });

impl NativeIter for Chain {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        loop {
            let active = self.active.get();
            if let Some(active) = active {
                if let Some(v) = vm.next(&active)? {
                    return Ok(Some(v));
                }
                self.active.set(None);
            }
            let Some(source) = self.source.get() else { return Ok(None) };
            let following = vm.next(&source).and_then(|iterable| iterable.map(|v| vm.iter(&v)).transpose());
            match following {
                Ok(Some(it)) => self.active.set(Some(it)),
                other => {
                    self.source.set(None);
                    return other;
                }
            }
        }
    }
}

pub static CHAIN: Class = Class {
    name: "chain",
    doc: "chain(*iterables): the items of the first, then those of the second, and so on.",
    new: Some(def_kw("__new__", 0, ANY, new_chain)),
    class_methods: &[def("from_iterable", 2, 2, from_iterable), super::super::CLASS_GETITEM],
    ..ITERATOR
};

fn new_chain(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    a.rest().between(vm, "chain", 0, usize::MAX)?;
    let iterables: Value = Tuple::new(&vm.heap, a.rest().pos.to_vec()).into();
    let source = vm.iter(&iterables)?;
    Ok(vm.new_native_iter(&class, Chain { source: Mut::new(Some(source)), active: Mut::default() }))
}

fn from_iterable(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    let source = vm.iter(&a.pos[1])?;
    Ok(vm.new_native_iter(&class, Chain { source: Mut::new(Some(source)), active: Mut::default() }))
}

struct Pairwise {
    inner: Mut<Option<Value>>,
    old: Mut<Option<Value>>,
}

opaque_data!(Pairwise { inner, old } clear { inner, old });

impl NativeIter for Pairwise {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        let Some(inner) = self.inner.get() else { return Ok(None) };
        let pair = self.pair(vm, &inner);
        if !matches!(pair, Ok(Some(_))) {
            self.inner.set(None);
            self.old.set(None);
        }
        pair
    }
}

impl Pairwise {
    fn pair(&self, vm: &mut Vm, inner: &Value) -> R<Option<Value>> {
        let mut old = self.old.get();
        if old.is_none() {
            old = vm.next_inner(inner)?;
            self.old.set(old.clone());
        }
        let Some(old) = old else { return Ok(None) };
        let Some(new) = vm.next_inner(inner)? else { return Ok(None) };
        self.old.set(Some(new.clone()));
        Ok(Some(Tuple::new(&vm.heap, [old, new]).into()))
    }
}

pub static PAIRWISE: Class = Class {
    name: "pairwise",
    doc: "pairwise(iterable): each item with the one that follows it.",
    new: Some(def_kw("__new__", 0, ANY, new_pairwise)),
    ..ITERATOR
};

fn new_pairwise(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    let a = a.rest();
    a.between(vm, "pairwise", 1, 1)?;
    let inner = vm.iter(&a.pos[0])?;
    Ok(vm.new_native_iter(&class, Pairwise { inner: Mut::new(Some(inner)), old: Mut::default() }))
}

struct Starmap {
    function: Value,
    inner: Value,
}

opaque_data!(Starmap { function, inner });

impl NativeIter for Starmap {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        let Some(items) = vm.next_inner(&self.inner)? else { return Ok(None) };
        let args = vm.collect(&items)?;
        vm.call(&self.function, &args).map(Some)
    }
}

pub static STARMAP: Class = Class {
    name: "starmap",
    doc: "starmap(function, iterable): function(*item) for each item.",
    new: Some(def_kw("__new__", 0, ANY, new_starmap)),
    methods: &[slots::ITER, slots::NEXT],
    ..ITERATOR
};

fn new_starmap(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    let a = a.rest();
    a.between(vm, "starmap", 2, 2)?;
    let inner = vm.iter(&a.pos[1])?;
    Ok(vm.new_native_iter(&class, Starmap { function: a.pos[0].clone(), inner }))
}

/// Iterators are None once they are exhausted, but for the last of them, which is kept: then it is `over`.
struct ZipLongest {
    inner: Mut<Vec<Option<Value>>>,
    over: Cell<bool>,
    fill: Value,
}

opaque_data!(ZipLongest { inner, fill } clear { inner });

impl NativeIter for ZipLongest {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        if self.over.get() {
            return Ok(None);
        }
        let n = self.inner.borrow().len();
        let mut items = Vec::with_capacity(n);
        for i in 0..n {
            let it = self.inner.borrow().get(i).cloned().flatten();
            let found = match &it {
                Some(it) => match vm.next(it) {
                    Ok(found) => found,
                    Err(e) => {
                        self.inner.take();
                        return Err(e);
                    }
                },
                None => None,
            };
            if it.is_some() && found.is_none() {
                if self.inner.borrow().iter().flatten().nth(1).is_none() {
                    self.over.set(true);
                    return Ok(None);
                }
                let old = self.inner.borrow_mut().get_mut(i).and_then(Option::take);
                drop(old);
            }
            items.push(found.unwrap_or_else(|| self.fill.clone()));
        }
        if n == 0 {
            return Ok(None);
        }
        Ok(Some(Tuple::new(&vm.heap, items).into()))
    }
}

pub static ZIP_LONGEST: Class = Class {
    name: "zip_longest",
    doc: "zip_longest(*iterables, fillvalue=None): tuples of their items, until the longest has no more.",
    new: Some(def_kw("__new__", 0, ANY, new_zip_longest)),
    ..ITERATOR
};

fn new_zip_longest(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    let wrong = |n: &&Value| n.downcast::<Str>().and_then(|s| s.as_ascii()) != Some("fillvalue");
    if a.names.iter().any(|n| wrong(&n)) {
        return Err(vm.type_error("zip_longest() got an unexpected keyword argument"));
    }
    let mut inner = Vec::with_capacity(a.pos.len());
    for v in &a.pos[1..] {
        inner.push(Some(vm.iter(v)?));
    }
    let fill = a.keyword("fillvalue").cloned().unwrap_or(Value::NONE);
    Ok(vm.new_native_iter(&class, ZipLongest { inner: Mut::new(inner), over: Cell::new(false), fill }))
}
