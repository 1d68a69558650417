//! `_weakref`: what the module `weakref` is built on.

use super::{new, set};
use crate::builtins::weakref::proxy;
use crate::object::dict::Dict;
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::sequence::List;
use crate::object::value::Value;
use crate::object::weak::WeakRef;
use crate::vm::native::{Def, def};
use crate::vm::{Args, R, Vm};

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "_weakref", TABLE);
    let t = vm.types();
    let (reference, plain, callable) = (t.weakref.clone(), t.weak_proxy.clone(), t.weak_callable_proxy.clone());
    for (name, class) in [
        ("ref", reference.clone()),
        ("ReferenceType", reference),
        ("ProxyType", plain),
        ("CallableProxyType", callable),
    ] {
        set(vm, &m.dict, name, class.into());
    }
    Ok(m)
}

const TABLE: &[Def] = &[
    def("getweakrefcount", 1, 1, |vm, a| Ok(Value::from_len(vm.heap.weak().referrers(&a.pos[0]).len()))),
    def("getweakrefs", 1, 1, |vm, a| Ok(List::new(&vm.heap, vm.heap.weak().referrers(&a.pos[0])).into())),
    def("proxy", 1, 2, proxy),
    def("_remove_dead_weakref", 2, 2, remove_dead),
];

/// Removes a key from a dict of weak references, if its reference is dead by now.
fn remove_dead(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(d) = a.pos[0].downcast::<Dict>() else {
        let got = vm.argument_class(&a.pos[0]);
        return Err(vm.type_error(format!("_remove_dead_weakref() argument 1 must be dict, not {got}")));
    };
    if let Some(v) = vm.dict_get(d, &a.pos[1])? {
        let Some(r) = v.opaque::<WeakRef>() else { return Err(vm.type_error("not a weakref")) };
        if r.get().is_none() {
            drop(vm.dict_remove(d, &a.pos[1])?);
        }
    }
    Ok(Value::NONE)
}
