//! `_typing`: the classes of type parameters, for `typing`.

use super::{new, set};
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::vm::native::def;
use crate::vm::{R, Vm};

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "_typing", &[def("_idfunc", 1, 1, |_, a| Ok(a.pos[0].clone()))]);
    let t = vm.types();
    let classes = [
        ("TypeVar", &t.type_var),
        ("ParamSpec", &t.param_spec),
        ("ParamSpecArgs", &t.param_spec_args),
        ("ParamSpecKwargs", &t.param_spec_kwargs),
        ("TypeVarTuple", &t.type_var_tuple),
        ("TypeAliasType", &t.type_alias),
        ("Generic", &t.generic),
        ("Union", &t.union),
    ]
    .map(|(name, class)| (name, class.to_value()));
    for (name, class) in classes {
        set(vm, &m.dict, name, class);
    }
    let no_default = crate::builtins::typing::no_default(vm);
    set(vm, &m.dict, "NoDefault", no_default);
    Ok(m)
}
