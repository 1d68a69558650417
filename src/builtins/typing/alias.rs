//! `TypeAliasType`: what a `type` statement makes.

use super::{OR, calling_module, evaluator};
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::type_params::{Lazy, TypeAlias, TypeParam};
use crate::vm::{Args, R, Vm};

pub(super) fn install(vm: &mut Vm) {
    let class = vm.types().type_alias.clone();
    vm.add_static(&class, &[def_kw("__new__", 1, ANY, new)]);
    vm.add_member(&class, "__name__", |vm, a| Ok(this(vm, a)?.name.clone()), None);
    vm.add_getset(&class, "__module__", |vm, a| Ok(this(vm, a)?.module.clone()), None);
    vm.add_getset(&class, "__type_params__", type_params, None);
    vm.add_getset(&class, "__parameters__", parameters, None);
    vm.add_getset(
        &class,
        "evaluate_value",
        |vm, a| {
            let p = this(vm, a)?;
            evaluator(vm, &p.value)
        },
        None,
    );
    vm.add_getset(
        &class,
        "__value__",
        |vm, a| {
            let alias = this(vm, a)?;
            vm.force(&alias.value, Value::NONE)
        },
        None,
    );
    vm.add_methods(&class, OR);
    vm.add_methods(
        &class,
        &[
            def("__repr__", 1, 1, |vm, a| Ok(this(vm, a)?.name.clone())),
            def("__reduce__", 1, 1, |vm, a| Ok(this(vm, a)?.name.clone())),
            def("__getitem__", 2, 2, |vm, a| {
                if this(vm, a)?.params.is_none() {
                    return Err(vm.type_error("Only generic type aliases are subscriptable"));
                }
                vm.new_generic_alias(&a.pos[0], &a.pos[1])
            }),
            def("__iter__", 1, 1, |vm, a| {
                let starred = vm.unpack_of(&a.pos[0])?;
                let one = Tuple::new(&vm.heap, [starred]).into();
                vm.iter(&one)
            }),
        ],
    );
}

fn this<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a TypeAlias> {
    match a.get(0).and_then(|v| v.opaque::<TypeAlias>()) {
        Some(p) => Ok(p),
        None => Err(vm.type_error("descriptor requires a 'typing.TypeAliasType' object")),
    }
}

fn type_params(vm: &mut Vm, a: Args<'_>) -> R {
    let params = this(vm, a)?.params.clone();
    Ok(if params.is_none() { Tuple::new(&vm.heap, []).into() } else { params })
}

/// The type parameters, those of several types unpacked.
fn parameters(vm: &mut Vm, a: Args<'_>) -> R {
    let params = type_params(vm, a)?;
    vm.unpacked_params(&params)
}

/// `TypeAliasType(name, value, *, type_params=())`.
fn new(vm: &mut Vm, a: Args<'_>) -> R {
    a.check_keywords(vm, "typealias", &["name", "value", "type_params"])?;
    if a.pos.len() > 3 {
        let n = a.pos.len() - 1;
        return Err(vm.type_error(format!("typealias() takes exactly 2 positional arguments ({n} given)")));
    }
    let mut both = [Value::NONE, Value::NONE];
    for (i, (slot, name)) in both.iter_mut().zip(["name", "value"]).enumerate() {
        match a.get_or_keyword(i + 1, name) {
            Some(v) => *slot = v.clone(),
            None => {
                let at = i + 1;
                return Err(vm.type_error(format!("typealias() missing required argument '{name}' (pos {at})")));
            }
        }
    }
    let [name, value] = both;
    if name.downcast::<Str>().is_none() {
        let got = vm.argument_class(&name);
        return Err(vm.type_error(format!("typealias() argument 'name' must be str, not {got}")));
    }
    let params = a.keyword("type_params").cloned().unwrap_or(Value::NONE);
    let params = match params.downcast::<Tuple>() {
        Some(t) => {
            check_order(vm, t)?;
            if t.is_empty() { Value::NONE } else { params }
        }
        None if params.is_none() && a.keyword("type_params").is_none() => Value::NONE,
        None => return Err(vm.type_error("type_params must be a tuple")),
    };
    let module = calling_module(vm);
    let data = TypeAlias { name, params, value: Lazy::known(Some(value)), module };
    Ok(vm.new_opaque(&vm.types().type_alias.clone(), data))
}

/// Every parameter behind one with a default must have one.
fn check_order(vm: &mut Vm, params: &[Value]) -> R<()> {
    let mut seen = false;
    for v in params {
        let Some(p) = v.opaque::<TypeParam>() else {
            let shown = vm.repr(v)?;
            return Err(vm.type_error(format!("Expected a type param, got {shown}")));
        };
        if seen && !p.default.is_set() {
            let shown = vm.repr(v)?;
            return Err(vm.type_error(format!("non-default type parameter '{shown}' follows default type parameter")));
        }
        seen |= p.default.is_set();
    }
    Ok(())
}
