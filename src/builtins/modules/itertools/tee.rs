//! `tee`: several iterators over one, which share what has been read.

use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;

use super::ITERATOR;
use crate::builtins::slots;
use crate::object::cell::Mut;
use crate::object::opaque::OpaqueData;
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::{Signature, signature};
use crate::vm::native_class::Class;
use crate::vm::native_iter::{NativeIter, held};
use crate::vm::{Args, R, Vm};

/// One item and the link to the next, in a list that lives as long as an iterator stands before its end.
struct Link {
    item: Mut<Option<(Value, Rc<Link>)>>,
}

/// What the iterators of one `tee` share.  It is a Python object, so that the collector sees the source once.
struct Source {
    inner: Value,
    reading: Cell<bool>,
}

opaque_data!(Source { inner });

struct Tee {
    source: Value,
    at: Mut<Rc<Link>>,
}

impl OpaqueData for Tee {
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        // Items that are read ahead are not shown: links are shared, and each must be visited once.  A cycle through
        // one of them is not found while the iterators that share it live.
        visit(&self.source);
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl NativeIter for Tee {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        let here = self.at.get();
        let known = here.item.get();
        if let Some((v, next)) = known {
            self.at.set(next);
            return Ok(Some(v));
        }
        let Some(source) = self.source.opaque::<Source>() else { return Ok(None) };
        if source.reading.replace(true) {
            return Err(vm.runtime_error("cannot re-enter the tee iterator"));
        }
        let read = vm.next(&source.inner);
        source.reading.set(false);
        let Some(v) = read? else { return Ok(None) };
        let next = Rc::new(Link { item: Mut::default() });
        here.item.set(Some((v.clone(), next.clone())));
        self.at.set(next);
        Ok(Some(v))
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // Long lists are freed in a loop.
        let mut next = self.item.take().map(|(_, next)| next);
        while let Some(link) = next {
            next = Rc::into_inner(link).and_then(|l| l.item.take()).map(|(_, next)| next);
        }
    }
}

pub static TEE: Class = Class {
    name: "_tee",
    flags: 0,
    doc: "An iterator of tee.",
    new: Some(def_kw("__new__", 0, ANY, new_tee)),
    methods: &[slots::ITER, slots::NEXT, def("__copy__", 1, 1, copy)],
    ..ITERATOR
};

pub static TEE_DATA: Class = Class { name: "_tee_dataobject", module: "itertools", ..crate::vm::native_class::CLASS };

fn new_tee(vm: &mut Vm, a: Args<'_>) -> R {
    let [iterable] = a.rest().bind(vm, &signature("_tee", [""], 1))?;
    start(vm, iterable.unwrap_or(&Value::NONE))
}

/// The first iterator over an iterable; of a `tee` iterator it is a copy.
fn start(vm: &mut Vm, iterable: &Value) -> R {
    let inner = vm.iter(iterable)?;
    if held::<Tee>(&inner).is_some() {
        return copy_of(vm, &inner);
    }
    let data = vm.native_class(&TEE_DATA);
    let source = vm.new_opaque(&data, Source { inner, reading: Cell::new(false) });
    let class = vm.native_class(&TEE);
    let at = Mut::new(Rc::new(Link { item: Mut::default() }));
    Ok(vm.new_native_iter(&class, Tee { source, at }))
}

fn copy_of(vm: &mut Vm, v: &Value) -> R {
    let Some(t) = held::<Tee>(v) else { return Err(vm.type_error("expected a tee iterator")) };
    let state = Tee { source: t.source.clone(), at: Mut::new(t.at.get()) };
    let class = vm.native_class(&TEE);
    Ok(vm.new_native_iter(&class, state))
}

fn copy(vm: &mut Vm, a: Args<'_>) -> R {
    copy_of(vm, &a.pos[0])
}

/// `tee(iterable, n=2)`.
pub fn tee(vm: &mut Vm, a: Args<'_>) -> R {
    const PARAMETERS: Signature<2> = signature("tee", ["", ""], 1);
    let [iterable, n] = a.bind(vm, &PARAMETERS)?;
    let n = match n {
        Some(n) => vm.index_i64(n)?,
        None => 2,
    };
    if n < 0 {
        return Err(vm.value_error("n must be >= 0"));
    }
    vm.check_memory(usize::try_from(n).ok().and_then(|n| n.checked_mul(64)))?;
    let mut all = Vec::new();
    if n > 0 {
        all.push(start(vm, iterable.unwrap_or(&Value::NONE))?);
    }
    for i in 1..n as usize {
        let next = copy_of(vm, &all[i - 1])?;
        all.push(next);
    }
    Ok(Tuple::new(&vm.heap, all).into())
}
