//! `_functools`: what `functools` wants native.

mod cmp_to_key;
mod lru_cache;
pub mod partial;
mod reduce;

use super::{add_class, new, set};
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::vm::native::{ANY, def_kw};
use crate::vm::{R, Vm};

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let functions = [def_kw("cmp_to_key", 0, ANY, cmp_to_key::cmp_to_key), def_kw("reduce", 0, ANY, reduce::reduce)];
    let m = new(vm, "_functools", &functions);
    for class in [&partial::PARTIAL, &partial::PLACEHOLDER_TYPE, &lru_cache::LRU_CACHE] {
        add_class(vm, &m, class);
    }
    let placeholder = partial::placeholder(vm);
    set(vm, &m.dict, "Placeholder", placeholder);
    Ok(m)
}
