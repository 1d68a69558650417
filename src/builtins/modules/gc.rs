//! `gc`: the cycle collector.  There is one generation, so the numbers of a generation that calls take are checked and
//! then mean all objects.

use super::{new, set};
use crate::object::dict::Dict;
use crate::object::function::Module;
use crate::object::header::{Kind, Ref, flags};
use crate::object::heap::DEFAULT_THRESHOLD;
use crate::object::sequence::{List, Tuple};
use crate::object::value::Value;
use crate::vm::collect::{OLDEST, debug};
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::{Args, R, Vm};

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "gc", TABLE);
    let list = |name| {
        let list: Value = List::new(&vm.heap, Vec::new()).into();
        set(vm, &m.dict, name, list.clone());
        Some(list)
    };
    (vm.native.gc.garbage, vm.native.gc.callbacks) = (list("garbage"), list("callbacks"));
    for (name, bits) in [
        ("DEBUG_STATS", debug::STATS),
        ("DEBUG_COLLECTABLE", debug::COLLECTABLE),
        ("DEBUG_UNCOLLECTABLE", debug::UNCOLLECTABLE),
        ("DEBUG_SAVEALL", debug::SAVEALL),
        ("DEBUG_LEAK", debug::COLLECTABLE | debug::UNCOLLECTABLE | debug::SAVEALL),
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
    def_kw("collect", 0, ANY, collect),
    def("get_count", 0, 0, |vm, _| {
        let young = Value::from_len(vm.heap.containers_since_collection());
        Ok(Tuple::new(&vm.heap, [young, Value::int_unchecked(0), Value::int_unchecked(0)]).into())
    }),
    def("get_threshold", 0, 0, |vm, _| {
        let first = vm.heap.chosen_threshold().unwrap_or(DEFAULT_THRESHOLD);
        let [second, third] = vm.native.gc.older_thresholds.map(Value::int_unchecked);
        Ok(Tuple::new(&vm.heap, [Value::from_len(first), second, third]).into())
    }),
    def("set_threshold", 0, ANY, set_threshold),
    def("get_debug", 0, 0, |vm, _| Ok(Value::int_unchecked(vm.native.gc.debug))),
    def("set_debug", 1, 1, |vm, a| {
        vm.native.gc.debug = vm.index_c_int(&a.pos[0])?.into();
        Ok(Value::NONE)
    }),
    def_kw("get_objects", 0, ANY, |vm, a| {
        let [generation_given] = a.bind(vm, &signature("get_objects", ["generation"], 0))?;
        // Everything is in the oldest generation; -1 is all of them.
        let mut generation = OLDEST;
        if let Some(v) = generation_given.filter(|v| !v.is_none()) {
            const LARGE: &str = "generation parameter must be less than the number of available generations (3)";
            if v.as_small_int() != Some(-1) {
                if !vm.has_index(v) {
                    let got = vm.class_name(v);
                    return Err(vm.type_error(format!("argument should be integer or None, not '{got}'")));
                }
                let n = vm.index_i64(v)?;
                generation = check_generation(vm, n, LARGE, "generation parameter cannot be negative")?;
            }
        }
        let all = if generation == OLDEST { vm.heap.live_containers() } else { Vec::new() };
        let followed = |v: &Value| is_tracked(v) && v.header().is_none_or(|h| !h.has_flag(flags::FROZEN));
        let objects = all.into_iter().filter(followed).collect();
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
        vm.heap.set_frozen(true);
        Ok(Value::NONE)
    }),
    def("unfreeze", 0, 0, |vm, _| {
        vm.heap.set_frozen(false);
        Ok(Value::NONE)
    }),
    def("get_freeze_count", 0, 0, |vm, _| Ok(Value::from_len(vm.heap.frozen_count()))),
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

/// The number of a generation; the texts say that it is too large or negative.
fn check_generation(vm: &mut Vm, n: i64, large: &str, negative: &str) -> R<i64> {
    match n {
        0..=OLDEST => Ok(n),
        _ => Err(vm.value_error(if n < 0 { negative } else { large })),
    }
}

/// `gc.collect(generation=2)`: the number of objects that were in cycles.
fn collect(vm: &mut Vm, a: Args<'_>) -> R {
    let [generation] = a.bind(vm, &signature("collect", ["generation"], 0))?;
    let generation = match generation {
        Some(v) => {
            let n = vm.index_c_int(v)?.into();
            check_generation(vm, n, "invalid generation", "invalid generation")?
        }
        None => OLDEST,
    };
    Ok(Value::from_len(vm.collect_cycles(generation)))
}

/// The first number is after how many new containers a collection comes by itself; 0 turns that off.
fn set_threshold(vm: &mut Vm, a: Args<'_>) -> R {
    if !(1..=3).contains(&a.pos.len()) {
        return Err(vm.type_error("gc.set_threshold requires 1 to 3 arguments"));
    }
    let first = vm.index_c_int(&a.pos[0])?;
    for (i, v) in a.pos[1..].iter().enumerate() {
        vm.native.gc.older_thresholds[i] = vm.index_c_int(v)?.into();
    }
    vm.heap.choose_threshold(usize::try_from(first).unwrap_or(0));
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
