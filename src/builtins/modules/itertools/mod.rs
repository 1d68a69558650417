//! `itertools`.  As in Python 3.14 its iterators cannot be copied or pickled.

mod combinatoric;
mod endless;
mod grouping;
mod merging;
mod selecting;
mod tee;

use super::{add_class, new};
use crate::object::function::Module;
use crate::object::header::{Kind, Ref};
use crate::object::types::type_flags;
use crate::vm::native::def;
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{R, Vm};

/// What every public class of this module is.
const ITERATOR: Class = Class {
    module: "itertools",
    kind: Kind::Iter,
    flags: type_flags::BASE,
    methods: &[crate::builtins::slots::ITER, crate::builtins::slots::NEXT],
    ..CLASS
};

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "itertools", &[def("tee", 1, 2, tee::tee)]);
    for class in [
        &endless::COUNT,
        &endless::CYCLE,
        &endless::REPEAT,
        &merging::ACCUMULATE,
        &merging::CHAIN,
        &merging::PAIRWISE,
        &merging::STARMAP,
        &merging::ZIP_LONGEST,
        &selecting::COMPRESS,
        &selecting::DROPWHILE,
        &selecting::FILTERFALSE,
        &selecting::ISLICE,
        &selecting::TAKEWHILE,
        &grouping::BATCHED,
        &grouping::GROUPBY,
        &grouping::GROUPER,
        &combinatoric::COMBINATIONS,
        &combinatoric::COMBINATIONS_WITH_REPLACEMENT,
        &combinatoric::PERMUTATIONS,
        &combinatoric::PRODUCT,
        &tee::TEE,
        &tee::TEE_DATA,
    ] {
        add_class(vm, &m, class);
    }
    Ok(m)
}
