//! `combinations`, `combinations_with_replacement`, `permutations`, `product`.

use super::ITERATOR;
use crate::object::cell::Mut;
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def_kw};
use crate::vm::native_args::signature;
use crate::vm::native_class::Class;
use crate::vm::native_iter::NativeIter;
use crate::vm::{Args, R, Vm};

/// Positions of the items of the next result; None when there is none.
type Positions = Mut<Option<Vec<usize>>>;

fn pick(vm: &Vm, pool: &[Value], positions: &[usize]) -> Value {
    let items: Vec<Value> = positions.iter().map(|&i| pool[i].clone()).collect();
    Tuple::new(&vm.heap, items).into()
}

/// Whether an array of `r` positions fits memory.
fn check_size(vm: &mut Vm, r: i64) -> R<()> {
    vm.check_memory(usize::try_from(r).ok().and_then(|r| r.checked_mul(16)))
}

struct Combinations {
    pool: Vec<Value>,
    positions: Positions,
    replacement: bool,
}

opaque_data!(Combinations { pool });

impl NativeIter for Combinations {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        let mut state = self.positions.borrow_mut();
        let Some(p) = state.as_mut() else { return Ok(None) };
        let result = pick(vm, &self.pool, p);
        let (n, r) = (self.pool.len(), p.len());
        let last = |i: usize| if self.replacement { n.wrapping_sub(1) } else { i + n - r };
        match (0..r).rev().find(|&i| p[i] != last(i)) {
            Some(i) => {
                p[i] += 1;
                for j in i + 1..r {
                    p[j] = if self.replacement { p[i] } else { p[j - 1] + 1 };
                }
            }
            None => *state = None,
        }
        Ok(Some(result))
    }
}

pub static COMBINATIONS: Class = Class {
    name: "combinations",
    doc: "combinations(iterable, r): the choices of r items, each in the order of the iterable.",
    new: Some(def_kw("__new__", 0, ANY, |vm, a| new_combinations(vm, a, "combinations", false))),
    ..ITERATOR
};

pub static COMBINATIONS_WITH_REPLACEMENT: Class = Class {
    name: "combinations_with_replacement",
    doc: "combinations_with_replacement(iterable, r): choices of r items in which an item may come more than once.",
    new: Some(def_kw("__new__", 0, ANY, |vm, a| new_combinations(vm, a, "combinations_with_replacement", true))),
    ..ITERATOR
};

fn new_combinations(vm: &mut Vm, a: Args<'_>, name: &'static str, replacement: bool) -> R {
    let class = vm.class_argument(a)?;
    let [iterable, r] = a.rest().bind(vm, &signature(name, ["iterable", "r"], 2))?;
    let r = vm.index_i64(r.unwrap_or(&Value::NONE))?;
    let pool = vm.collect(iterable.unwrap_or(&Value::NONE))?;
    if r < 0 {
        return Err(vm.value_error("r must be non-negative"));
    }
    check_size(vm, r)?;
    let r = r as usize;
    let first = match replacement {
        true => (!pool.is_empty() || r == 0).then(|| vec![0; r]),
        false => (r <= pool.len()).then(|| (0..r).collect()),
    };
    Ok(vm.new_native_iter(&class, Combinations { pool, positions: Mut::new(first), replacement }))
}

/// `positions` is a permutation of all of the pool, of which the first `r` are given.
struct Permutations {
    pool: Vec<Value>,
    r: usize,
    positions: Positions,
    /// For each of the `r` places how many items may still stand there.
    cycles: Mut<Vec<usize>>,
}

opaque_data!(Permutations { pool });

impl NativeIter for Permutations {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        let mut state = self.positions.borrow_mut();
        let Some(p) = state.as_mut() else { return Ok(None) };
        let result = pick(vm, &self.pool, &p[..self.r]);
        let mut cycles = self.cycles.borrow_mut();
        let n = p.len();
        for i in (0..self.r).rev() {
            cycles[i] -= 1;
            if cycles[i] == 0 {
                p[i..].rotate_left(1);
                cycles[i] = n - i;
            } else {
                p.swap(i, n - cycles[i]);
                return Ok(Some(result));
            }
        }
        *state = None;
        Ok(Some(result))
    }
}

pub static PERMUTATIONS: Class = Class {
    name: "permutations",
    doc: "permutations(iterable, r=None): the orders of r of its items, or of all.",
    new: Some(def_kw("__new__", 0, ANY, new_permutations)),
    ..ITERATOR
};

fn new_permutations(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    let [iterable, r] = a.rest().bind(vm, &signature("permutations", ["iterable", "r"], 1))?;
    let pool = vm.collect(iterable.unwrap_or(&Value::NONE))?;
    let r = match r.filter(|r| !r.is_none()) {
        None => pool.len() as i64,
        Some(v) if v.as_int().is_none() => return Err(vm.type_error("Expected int as r")),
        Some(v) => vm.index_i64(v)?,
    };
    if r < 0 {
        return Err(vm.value_error("r must be non-negative"));
    }
    check_size(vm, r)?;
    let (n, r) = (pool.len(), r as usize);
    let first = (r <= n).then(|| (0..n).collect());
    let cycles = (0..r.min(n)).map(|i| n - i).collect();
    Ok(vm.new_native_iter(&class, Permutations { pool, r, positions: Mut::new(first), cycles: Mut::new(cycles) }))
}

struct Product {
    /// The items of each iterable, in turn those of a place of the result.
    pools: Vec<Vec<Value>>,
    positions: Positions,
}

opaque_data!(Product { pools });

impl NativeIter for Product {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        let mut state = self.positions.borrow_mut();
        let Some(p) = state.as_mut() else { return Ok(None) };
        let items: Vec<Value> = p.iter().zip(self.pools.iter().cycle()).map(|(&i, pool)| pool[i].clone()).collect();
        let mut over = true;
        for (i, pool) in p.iter_mut().rev().zip(self.pools.iter().rev().cycle()) {
            *i += 1;
            if *i < pool.len() {
                over = false;
                break;
            }
            *i = 0;
        }
        if over {
            *state = None;
        }
        Ok(Some(Tuple::new(&vm.heap, items).into()))
    }
}

pub static PRODUCT: Class = Class {
    name: "product",
    doc: "product(*iterables, repeat=1): the tuples of one item of each.",
    new: Some(def_kw("__new__", 0, ANY, new_product)),
    ..ITERATOR
};

fn new_product(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    if a.names.len() > 1 {
        let n = a.names.len();
        return Err(vm.type_error(format!("product() takes at most 1 keyword argument ({n} given)")));
    }
    a.check_keywords(vm, "product", &["repeat"])?;
    let repeat = match a.keyword("repeat") {
        Some(v) => vm.index_i64(v)?,
        None => 1,
    };
    if repeat < 0 {
        return Err(vm.value_error("repeat argument cannot be negative"));
    }
    let given = if repeat == 0 { &[] } else { a.rest().pos };
    if given.len().checked_mul(repeat as usize).is_none_or(|n| n > isize::MAX as usize / 8) {
        return Err(vm.overflow_error("repeat argument too large"));
    }
    let places = given.len() * repeat as usize;
    check_size(vm, places as i64)?;
    let mut pools = Vec::with_capacity(given.len());
    for v in given {
        pools.push(vm.collect(v)?);
    }
    let first = pools.iter().all(|p| !p.is_empty()).then(|| vec![0; places]);
    Ok(vm.new_native_iter(&class, Product { pools, positions: Mut::new(first) }))
}
