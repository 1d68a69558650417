//! `dict`, its views, and `mappingproxy`.

pub mod methods;
pub mod proxy;
pub mod views;

use crate::vm::Vm;

pub fn install(vm: &mut Vm) {
    methods::install(vm);
    proxy::install(vm);
    views::install(vm);
}
