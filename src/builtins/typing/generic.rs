//! `Generic`: `C[...]` of a class with type parameters.

use super::{ask_typing, items};
use crate::builtins::generic_alias::collect_parameters;
use crate::object::sequence::Tuple;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::native::{ANY, def_kw};
use crate::vm::type_params::TypeParam;
use crate::vm::{Args, R, Vm};

pub(super) fn install(vm: &mut Vm) {
    let class = vm.types().generic.clone();
    vm.add_class_methods(
        &class,
        &[def_kw("__class_getitem__", 1, ANY, getitem), def_kw("__init_subclass__", 1, ANY, init_subclass)],
    );
}

fn getitem(vm: &mut Vm, a: Args<'_>) -> R {
    if let Some(answer) = ask_typing(vm, "_generic_class_getitem", a)? {
        return Ok(answer);
    }
    let Some(given_args) = a.get(1) else {
        return Err(vm.type_error("Generic.__class_getitem__() missing 1 required positional argument: 'args'"));
    };
    let name = vm.types().names.__parameters__.clone();
    let expected = vm.get_attr_opt(&a.pos[0], &name)?;
    let expected = expected.and_then(|v| v.downcast::<Tuple>().map(|t| t.to_vec())).unwrap_or_default();
    let given = given_args.downcast::<Tuple>().map_or(1, |t| t.len());
    let variadic = expected.iter().any(|p| p.class(&vm.heap).is(&vm.types().type_var_tuple));
    let spec = expected.iter().any(|p| p.class(&vm.heap).is(&vm.types().param_spec));
    let defaults = expected.iter().filter_map(|p| p.opaque::<TypeParam>()).filter(|p| p.default.is_set()).count();
    let (most, least) = (expected.len(), expected.len() - defaults);
    if !a.pos[0].is(vm.types().generic.as_value()) && !variadic && !spec && (given > most || given < least) {
        let class = vm.repr(&a.pos[0])?;
        if most == 0 {
            return Err(vm.type_error(format!("{class} is not a generic class")));
        }
        let many = if given > most { "many" } else { "few" };
        let bound = if given > most { most } else { least };
        let at_least = if given < least { "at least " } else { "" };
        return Err(
            vm.type_error(format!("Too {many} arguments for {class}; actual {given}, expected {at_least}{bound}"))
        );
    }
    let mut args = items(given_args);
    if !variadic && !spec {
        for p in expected.iter().skip(given).filter_map(|p| p.opaque::<TypeParam>()) {
            args.push(vm.force(&p.default, Value::NONE)?);
        }
    }
    let args = Tuple::new(&vm.heap, args).into();
    vm.new_generic_alias(&a.pos[0], &args)
}

/// A class that derives from `Generic[T]` remembers its parameters.
fn init_subclass(vm: &mut Vm, a: Args<'_>) -> R {
    if let Some(answer) = ask_typing(vm, "_generic_init_subclass", a)? {
        return Ok(answer);
    }
    let (bases, params) = (vm.intern("__orig_bases__"), vm.types().names.__parameters__.clone());
    let own = a.pos[0].downcast::<Type>().and_then(|t| t.dict.get_str(&bases));
    let bases = own.and_then(|bases| bases.downcast::<Tuple>().map(|t| t.to_vec())).unwrap_or_default();
    let found = collect_parameters(vm, &bases)?.into();
    vm.set_attr(&a.pos[0], &params, found)?;
    Ok(Value::NONE)
}
