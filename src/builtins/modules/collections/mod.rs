//! `_collections`: what `collections` wants native.

mod counting;
mod defaultdict;
mod deque;
mod deque_iter;
mod ordered_dict;
mod tuplegetter;

use super::{add_class, new};
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::vm::native::def;
use crate::vm::{R, Vm};

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "_collections", &[def("_count_elements", 2, 2, counting::count_elements)]);
    for class in [
        &deque::DEQUE,
        &deque_iter::FORWARD,
        &deque_iter::REVERSE,
        &defaultdict::DEFAULTDICT,
        &ordered_dict::ORDERED_DICT,
        &tuplegetter::TUPLEGETTER,
    ] {
        add_class(vm, &m, class);
    }
    Ok(m)
}
