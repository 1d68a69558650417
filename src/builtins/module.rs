//! `module` and `types.SimpleNamespace` as classes that programs call and derive from.

use super::slots;
use crate::code::CompareOp;
use crate::object::dict::Dict;
use crate::object::function::Module;
use crate::object::str::{Str, StrBuilder};
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::{Args, R, Vm};

pub fn install(vm: &mut Vm) {
    let class = vm.types().module.clone();
    vm.add_static(&class, &[def_kw("__new__", 0, ANY, new)]);
    vm.add_methods(&class, &[def_kw("__init__", 1, ANY, init)]);
    let class = vm.types().simple_namespace.clone();
    vm.add_methods(&class, NAMESPACE);
    slots::unhashable(vm, &class);
    super::callables::add_dict(vm, &class);
}

/// A module without a name; its attributes wait for `__init__`.
fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().module.clone();
    let class = slots::new_class(vm, a, &base)?;
    let dict = Dict::new(&vm.heap);
    Ok(vm.heap.alloc(&class, Module { dict }).into())
}

/// `module.__init__(name, doc=None)`.
fn init(vm: &mut Vm, a: Args<'_>) -> R {
    a.check_keywords(vm, "module", &["name", "doc"])?;
    let Some(m) = a.pos[0].downcast::<Module>().cloned() else { return Ok(Value::NONE) };
    let given = a.pos.len() - 1 + a.names.len();
    if given > 2 {
        return Err(vm.type_error(format!("module() takes at most 2 arguments ({given} given)")));
    }
    let Some(name) = a.get_or_keyword(1, "name") else {
        return Err(vm.type_error("module() missing required argument 'name' (pos 1)"));
    };
    if name.downcast::<Str>().is_none() {
        let got = vm.argument_class(name);
        return Err(vm.type_error(format!("module() argument 'name' must be str, not {got}")));
    }
    let doc = a.get_or_keyword(2, "doc").cloned().unwrap_or(Value::NONE);
    let names = &vm.types().names;
    for (key, v) in [
        (&names.__name__, name.clone()),
        (&names.__doc__, doc),
        (&names.__package__, Value::NONE),
        (&names.__loader__, Value::NONE),
        (&names.__spec__, Value::NONE),
    ] {
        drop(m.dict.set_str(&vm.heap, key, v));
    }
    Ok(Value::NONE)
}

const NAMESPACE: &[Def] = &[
    def_kw("__init__", 1, 2, namespace_init),
    def_kw("__replace__", 1, 1, namespace_replace),
    def("__repr__", 1, 1, namespace_repr),
    def("__eq__", 2, 2, |vm, a| namespace_compare(vm, a, CompareOp::Eq)),
    def("__ne__", 2, 2, |vm, a| namespace_compare(vm, a, CompareOp::Ne)),
    def("__lt__", 2, 2, |vm, a| namespace_compare(vm, a, CompareOp::Lt)),
    def("__le__", 2, 2, |vm, a| namespace_compare(vm, a, CompareOp::Le)),
    def("__gt__", 2, 2, |vm, a| namespace_compare(vm, a, CompareOp::Gt)),
    def("__ge__", 2, 2, |vm, a| namespace_compare(vm, a, CompareOp::Ge)),
];

/// `SimpleNamespace(mapping_or_iterable=(), /, **keywords)`.
fn namespace_init(vm: &mut Vm, a: Args<'_>) -> R {
    let given = Dict::new(&vm.heap);
    if let Some(source) = a.get(1) {
        super::dict::methods::update_from(vm, &given, source)?;
    }
    for (k, v) in a.names.iter().zip(a.values) {
        vm.dict_set(&given, k.clone(), v.clone())?;
    }
    for (k, v) in given.items() {
        if k.downcast::<Str>().is_none() {
            return Err(vm.type_error("keywords must be strings"));
        }
        let name = vm.attribute_name(&k)?;
        vm.set_attr(&a.pos[0], &name, v)?;
    }
    Ok(Value::NONE)
}

/// A copy with some attributes changed.
fn namespace_replace(vm: &mut Vm, a: Args<'_>) -> R {
    let class = a.pos[0].class(&vm.heap).to_value();
    let made = vm.call(&class, &[])?;
    let old = vm.instance_dict(&a.pos[0]).map(|d| d.items()).unwrap_or_default();
    let changed = a.names.iter().cloned().zip(a.values.iter().cloned());
    for (k, v) in old.into_iter().chain(changed) {
        let name = vm.attribute_name(&k)?;
        vm.set_attr(&made, &name, v)?;
    }
    Ok(made)
}

fn namespace_repr(vm: &mut Vm, a: Args<'_>) -> R {
    let class = a.pos[0].class(&vm.heap);
    let name = match class.is(&vm.types().simple_namespace) {
        true => "namespace".to_owned(),
        false => class.own_name(),
    };
    vm.guard_repr(&a.pos[0], &format!("{name}(...)"), |vm| {
        let mut out = StrBuilder::new();
        out.push_str(&format!("{name}("));
        let items = vm.instance_dict(&a.pos[0]).map(|d| d.items()).unwrap_or_default();
        let named = items.into_iter().filter_map(|(k, v)| Some((k.downcast_owned::<Str>().ok()?, v)));
        for (i, (name, v)) in named.filter(|(name, _)| !name.is_empty()).enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            out.push_ref(&name);
            out.push_str("=");
            let shown = vm.repr(&v)?;
            out.push_ref(&shown);
        }
        out.push_str(")");
        Ok(out.finish(&vm.heap).into())
    })
}

/// Namespaces compare as their dicts do.
fn namespace_compare(vm: &mut Vm, a: Args<'_>, op: CompareOp) -> R {
    let class = vm.types().simple_namespace.clone();
    if !a.pos[..2].iter().all(|o| o.class(&vm.heap).is_subclass(&class)) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    match (vm.instance_dict(&a.pos[0]), vm.instance_dict(&a.pos[1])) {
        (Some(x), Some(y)) => vm.compare(op, &x.into(), &y.into()),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}
