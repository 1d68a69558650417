//! `tee`: several iterators over one, which share what has been read.

use std::cell::Cell;

use super::ITERATOR;
use crate::builtins::slots;
use crate::object::account::Counted;
use crate::object::cell::Mut;
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::{Signature, signature};
use crate::vm::native_class::Class;
use crate::vm::native_iter::{NativeIter, held};
use crate::vm::{Args, R, Vm};

/// Items of one block.
const BLOCK: usize = 57;

/// A stretch of what has been read from the source, which lives as long as an iterator stands before its end.  Blocks are
/// Python objects (CPython's `_tee_dataobject`): several iterators share one, and the collector sees its items once.
struct Block {
    source: Value,
    items: Counted<Vec<Value>>,
    next: Mut<Option<Value>>,
    reading: Cell<bool>,
}

opaque_data!(Block { source, items, next } clear { items, next });

impl Block {
    fn make(vm: &mut Vm, source: Value) -> Value {
        let class = vm.native_class(&TEE_DATA);
        let (items, next) = (Counted::new(&vm.heap, Vec::new()), Mut::default());
        vm.new_opaque(&class, Block { source, items, next, reading: Cell::new(false) })
    }

    /// The item at a position, read from the source if it is the next one of that.
    fn item(&self, vm: &mut Vm, at: usize) -> R<Option<Value>> {
        let known = self.items.borrow().get(at).cloned();
        if known.is_some() {
            return Ok(known);
        }
        if self.reading.replace(true) {
            return Err(vm.runtime_error("cannot re-enter the tee iterator"));
        }
        let read = vm.next(&self.source);
        self.reading.set(false);
        let read = read?;
        self.items.borrow_mut().extend(read.clone());
        Ok(read)
    }
}

struct Tee {
    block: Mut<Value>,
    /// Position in the block of the next item.
    at: Cell<usize>,
}

opaque_data!(Tee { block });

impl NativeIter for Tee {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        if self.at.get() == BLOCK {
            let here = self.block.get();
            let Some(block) = here.opaque::<Block>() else { return Ok(None) };
            if block.next.borrow().is_none() {
                let next = Block::make(vm, block.source.clone());
                block.next.set(Some(next));
            }
            self.block.set(block.next.get().unwrap_or(Value::NONE));
            self.at.set(0);
        }
        let (here, at) = (self.block.get(), self.at.get());
        let Some(block) = here.opaque::<Block>() else { return Ok(None) };
        let item = block.item(vm, at)?;
        if item.is_some() {
            self.at.set(at + 1);
        }
        Ok(item)
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
    let block = Mut::new(Block::make(vm, inner));
    let class = vm.native_class(&TEE);
    Ok(vm.new_native_iter(&class, Tee { block, at: Cell::new(0) }))
}

fn copy_of(vm: &mut Vm, v: &Value) -> R {
    let Some(t) = held::<Tee>(v) else { return Err(vm.type_error("expected a tee iterator")) };
    let state = Tee { block: Mut::new(t.block.get()), at: t.at.clone() };
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
        // The iterator is asked for its own again, as CPython does.
        let inner = vm.iter(iterable.unwrap_or(&Value::NONE))?;
        all.push(start(vm, &inner)?);
    }
    for i in 1..n as usize {
        let next = copy_of(vm, &all[i - 1])?;
        all.push(next);
    }
    Ok(Tuple::new(&vm.heap, all).into())
}
