//! `gc`: the cycle collector.  There is one generation, so the numbers of a generation that calls take are checked and
//! then mean all objects.

use super::{new, set};
use crate::object::dict::Dict;
use crate::object::function::Module;
use crate::object::header::{Kind, Ref, flags};
use crate::object::sequence::{List, Tuple};
use crate::object::value::Value;
use crate::vm::native::{Def, def, def_kw};
use crate::vm::{Args, R, Vm};

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "gc", TABLE);
    for name in ["garbage", "callbacks"] {
        let list = List::new(&vm.heap, Vec::new());
        set(vm, &m.dict, name, list.into());
    }
    for (name, bits) in [
        ("DEBUG_STATS", 1),
        ("DEBUG_COLLECTABLE", 2),
        ("DEBUG_UNCOLLECTABLE", 4),
        ("DEBUG_SAVEALL", 32),
        ("DEBUG_LEAK", 38),
    ] {
        set(vm, &m.dict, name, Value::int_unchecked(bits));
    }
    Ok(m)
}

const TABLE: &[Def] = &[
    def("enable", 0, 0, |vm, _| {
        vm.heap.set_collecting(true);
        Ok(Value::NONE)
    }),
    def("disable", 0, 0, |vm, _| {
        vm.heap.set_collecting(false);
        Ok(Value::NONE)
    }),
    def("isenabled", 0, 0, |vm, _| Ok(Value::bool(vm.heap.is_collecting()))),
    def_kw("collect", 0, 1, collect),
    def("get_count", 0, 0, |vm, _| {
        let young = Value::from_len(vm.heap.containers_since_collection());
        Ok(Tuple::new(&vm.heap, [young, Value::int_unchecked(0), Value::int_unchecked(0)]).into())
    }),
    def("get_threshold", 0, 0, |vm, _| {
        let t = vm.native.gc.threshold.map(Value::int_unchecked);
        Ok(Tuple::new(&vm.heap, t).into())
    }),
    def("set_threshold", 1, 3, set_threshold),
    def("get_debug", 0, 0, |vm, _| Ok(Value::int_unchecked(vm.native.gc.debug))),
    def("set_debug", 1, 1, |vm, a| {
        vm.native.gc.debug = vm.index_i64(&a.pos[0])?;
        Ok(Value::NONE)
    }),
    def_kw("get_objects", 0, 1, |vm, a| {
        a.check_keywords(vm, "get_objects", &["generation"])?;
        if let Some(v) = a.get_or_keyword(0, "generation").filter(|v| !v.is_none()) {
            check_generation(vm, v, "generation must be less than the number of available generations (3)")?;
        }
        let objects = vm.heap.live_containers().into_iter().filter(is_tracked).collect();
        Ok(List::new(&vm.heap, objects).into())
    }),
    def("get_referrers", 0, u16::MAX, |vm, a| {
        let found = vm.heap.live_containers().into_iter().filter(is_tracked);
        let found: Vec<Value> = found.filter(|o| o.referents().iter().any(|r| a.pos.iter().any(|x| x.is(r)))).collect();
        Ok(List::new(&vm.heap, found).into())
    }),
    def("get_referents", 0, u16::MAX, |vm, a| {
        let all = a.pos.iter().flat_map(Value::referents).collect();
        Ok(List::new(&vm.heap, all).into())
    }),
    def("is_tracked", 1, 1, |_, a| Ok(Value::bool(is_tracked(&a.pos[0])))),
    def("is_finalized", 1, 1, |_, a| Ok(Value::bool(a.pos[0].header().is_some_and(|h| h.has_flag(flags::FINALIZED))))),
    def("freeze", 0, 0, |vm, _| {
        vm.native.gc.frozen = vm.heap.live_containers().len();
        Ok(Value::NONE)
    }),
    def("unfreeze", 0, 0, |vm, _| {
        vm.native.gc.frozen = 0;
        Ok(Value::NONE)
    }),
    def("get_freeze_count", 0, 0, |vm, _| Ok(Value::from_len(vm.native.gc.frozen))),
    def("get_stats", 0, 0, stats),
];

/// Whether the collector follows an object, as CPython has it: its kind holds references that can be part of a cycle.
fn is_tracked(v: &Value) -> bool {
    let leaf = matches!(
        v.kind(),
        None | Some(Kind::BigInt | Kind::Float | Kind::Str | Kind::Bytes | Kind::Range | Kind::Code)
    );
    if leaf && v.header().is_none_or(|h| !h.has_flag(flags::HAS_ATTRS)) {
        return false;
    }
    match (v.downcast::<Dict>(), v.downcast::<Tuple>()) {
        (Some(d), _) => d.items().iter().any(|(k, v)| is_tracked(k) || is_tracked(v)),
        (_, Some(t)) => t.iter().any(is_tracked),
        _ => v.as_complex().is_none(),
    }
}

fn check_generation(vm: &mut Vm, v: &Value, text: &str) -> R<()> {
    let n = vm.index_i64(v)?;
    if n < 0 && text.starts_with("generation must") {
        return Err(vm.value_error("generation cannot be negative"));
    }
    if (0..3).contains(&n) { Ok(()) } else { Err(vm.value_error(text)) }
}

/// `gc.collect(generation=2)`: collects until finalizers set nothing more free; the number of objects in cycles.
fn collect(vm: &mut Vm, a: Args<'_>) -> R {
    a.check_keywords(vm, "collect", &["generation"])?;
    if let Some(v) = a.get_or_keyword(0, "generation") {
        check_generation(vm, v, "invalid generation")?;
    }
    let mut freed = 0;
    loop {
        let n = vm.heap.collect();
        freed += n;
        let finalizers = vm.heap.has_pending();
        vm.run_finalizers();
        if !finalizers {
            break;
        }
    }
    vm.native.gc.collections += 1;
    vm.native.gc.collected += freed;
    Ok(Value::from_len(freed))
}

fn set_threshold(vm: &mut Vm, a: Args<'_>) -> R {
    for (i, v) in a.pos.iter().enumerate() {
        vm.native.gc.threshold[i] = vm.index_i64(v)?;
    }
    // A threshold of zero turns collections by themselves off, as in CPython.
    if vm.native.gc.threshold[0] == 0 {
        vm.heap.set_collecting(false);
    }
    Ok(Value::NONE)
}

fn stats(vm: &mut Vm, _: Args<'_>) -> R {
    let mut all = Vec::new();
    for generation in 0..3 {
        let d = Dict::new(&vm.heap);
        let last = generation == 2;
        let (collections, collected) = (vm.native.gc.collections, vm.native.gc.collected);
        for (name, n) in [("collections", collections), ("collected", collected), ("uncollectable", 0)] {
            set(vm, &d, name, Value::from_len(if last { n } else { 0 }));
        }
        all.push(d.into());
    }
    Ok(List::new(&vm.heap, all).into())
}
