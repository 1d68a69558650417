//! `_lru_cache_wrapper`: a function that remembers its results.

use std::cell::Cell;

use crate::object::dict::Dict;
use crate::object::header::Ref;
use crate::object::number::BigInt;
use crate::object::sequence::Tuple;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

struct Cache {
    function: Value,
    /// Results by key, the least recently used first.
    results: Ref<Dict>,
    /// None: without limit.
    max: Option<usize>,
    typed: bool,
    info: Value,
    hits: Cell<usize>,
    misses: Cell<usize>,
}

opaque_data!(Cache { function, results, info });

pub static LRU_CACHE: Class = Class {
    module: "functools",
    name: "_lru_cache_wrapper",
    doc: "A function with a cache of its results, of which the least recently used are dropped.",
    flags: type_flags::ATTRS | type_flags::WEAKREF,
    new: Some(def_kw("__new__", 0, ANY, new)),
    methods: &[
        def_kw("__call__", 1, ANY, call),
        def("__get__", 2, 3, get),
        def("cache_info", 1, 1, cache_info),
        def("cache_clear", 1, 1, cache_clear),
        def("__reduce__", 1, 1, reduce),
        def("__copy__", 1, 1, |_, a| Ok(a.pos[0].clone())),
        def("__deepcopy__", 2, 2, |_, a| Ok(a.pos[0].clone())),
    ],
    ..CLASS
};

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    let names = ["user_function", "maxsize", "typed", "cache_info_type"];
    let [Some(function), Some(max), Some(typed), Some(info)] = a.rest().bind(vm, &signature("lru_cache", names, 4))?
    else {
        return Err(vm.type_error("lru_cache() missing required argument"));
    };
    if !vm.is_callable(function) {
        return Err(vm.type_error("the first argument must be callable"));
    }
    let typed = vm.truth(typed)?;
    let max = match max {
        m if m.is_none() => None,
        m if m.as_int().is_some() => Some(vm.index_i64(m)?.max(0) as usize),
        _ => return Err(vm.type_error("maxsize should be integer or None")),
    };
    let results = Dict::new(&vm.heap);
    let cache = Cache {
        function: function.clone(),
        results,
        max,
        typed,
        info: info.clone(),
        hits: Cell::new(0),
        misses: Cell::new(0),
    };
    Ok(vm.new_opaque(&class, cache))
}

/// The key of a call: a lone int or str itself, otherwise a tuple in which a mark stands before the keywords.
fn key(vm: &mut Vm, c: &Cache, a: Args<'_>) -> Value {
    let t = vm.types();
    if !c.typed
        && a.names.is_empty()
        && let [v] = a.pos
        && (v.class(&vm.heap).is(&t.int) || v.class(&vm.heap).is(&t.str))
    {
        return v.clone();
    }
    let mut parts = a.pos.to_vec();
    if !a.names.is_empty() {
        // The class of the cache stands for CPython's private mark: no program has it as an argument by chance.
        parts.push(vm.native_class(&LRU_CACHE).into());
        for (n, v) in a.names.iter().zip(a.values) {
            parts.push(n.clone());
            parts.push(v.clone());
        }
    }
    if c.typed {
        let classes: Vec<Value> = a.pos.iter().chain(a.values).map(|v| v.class(&vm.heap).clone().into()).collect();
        parts.extend(classes);
    }
    Tuple::new(&vm.heap, parts).into()
}

fn call(vm: &mut Vm, a: Args<'_>) -> R {
    let c = vm.receiver::<Cache>(a)?;
    let a = a.rest();
    if c.max == Some(0) {
        c.misses.set(c.misses.get() + 1);
        return vm.call_args(&c.function, a);
    }
    let key = key(vm, c, a);
    let hash = vm.hash(&key)?;
    if let Some(at) = vm.dict_find(&c.results, hash, &key)? {
        c.hits.set(c.hits.get() + 1);
        if c.max.is_none() || Some(at) == c.results.last_position() {
            return Ok(c.results.value_at(at).unwrap_or(Value::NONE));
        }
        let (key, value) = c.results.remove_at(at);
        c.results.insert_new(&vm.heap, hash, key, value.clone());
        return Ok(value);
    }
    c.misses.set(c.misses.get() + 1);
    let result = vm.call_args(&c.function, a)?;
    // The call may have stored the same key, or emptied the cache.
    if vm.dict_find(&c.results, hash, &key)?.is_none() {
        if c.max.is_some_and(|max| c.results.len() >= max)
            && let Some((after, ..)) = c.results.next_entry(0)
        {
            drop(c.results.remove_at(after - 1));
        }
        vm.dict_set_hashed(&c.results, hash, key, result.clone())?;
    }
    Ok(result)
}

fn get(vm: &mut Vm, a: Args<'_>) -> R {
    if a.pos[1].is_none() {
        return Ok(a.pos[0].clone());
    }
    Ok(vm.new_method(&a.pos[0], &a.pos[1]))
}

fn cache_info(vm: &mut Vm, a: Args<'_>) -> R {
    let c = vm.receiver::<Cache>(a)?;
    let max = c.max.map_or(Value::NONE, |max| BigInt::from_size(&vm.heap, max));
    let [hits, misses, size] = [c.hits.get(), c.misses.get(), c.results.len()].map(Value::from_len);
    vm.call(&c.info, &[hits, misses, max, size])
}

fn cache_clear(vm: &mut Vm, a: Args<'_>) -> R {
    let c = vm.receiver::<Cache>(a)?;
    c.hits.set(0);
    c.misses.set(0);
    c.results.clear_all(&vm.heap);
    Ok(Value::NONE)
}

fn reduce(vm: &mut Vm, a: Args<'_>) -> R {
    let name = vm.types().names.__qualname__.clone();
    vm.get_attr(&a.pos[0], &name)
}
