//! The objects of type parameters, aliases, generic aliases and unions, and the annotations of functions, classes and
//! modules.

use crate::object::dict::Dict;
use crate::object::function::{Function, Module};
use crate::object::header::Ref;
use crate::object::sequence::Tuple;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::type_params::{Lazy, ParamSpecPart, SpecialForm, TypeAlias, TypeParam};

use crate::vm::{Args, R, Vm};

pub(super) fn install(vm: &mut Vm) {
    parameters(vm);
    aliases(vm);
    generic_classes(vm);
    annotations(vm);
    modules(vm);
}

/// Instances see the module of the classes of `typing` (in CPython they are no static types).
fn modules(vm: &mut Vm) {
    let name = vm.types().names.__module__.clone();
    for class in vm.types().all() {
        if let (Some(module), None) = (class.split_name().0.filter(|m| m == "typing"), class.dict.get_str(&name)) {
            let module = vm.new_str(&module);
            drop(class.dict.set_str(&vm.heap, &name, module));
            class.modified();
        }
    }
}

// ---- type parameters

fn param<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a TypeParam> {
    match a.get(0).and_then(|v| v.opaque::<TypeParam>()) {
        Some(p) => Ok(p),
        None => Err(vm.type_error("descriptor requires a type parameter")),
    }
}

/// `typing.NoDefault`.
pub fn no_default(vm: &mut Vm) -> Value {
    if let Some(v) = vm.native.no_default.clone() {
        return v;
    }
    let v = vm.new_instance(&vm.types().no_default_type.clone());
    vm.native.no_default = Some(v.clone());
    v
}

/// The function that computes a value, or None.
fn evaluator(lazy: &Lazy) -> R {
    Ok(lazy.evaluator.get().unwrap_or(Value::NONE))
}

fn parameters(vm: &mut Vm) {
    let t = vm.types();
    let (var, spec, tuple) = (t.type_var.clone(), t.param_spec.clone(), t.type_var_tuple.clone());
    let no_default_type = t.no_default_type.clone();
    for class in [&var, &spec, &tuple] {
        vm.add_getset(class, "__name__", |vm, a| Ok(param(vm, a)?.name.clone()), None);
        vm.add_getset(
            class,
            "__default__",
            |vm, a| {
                let otherwise = no_default(vm);
                let p = param(vm, a)?;
                vm.force(&p.default, otherwise)
            },
            None,
        );
        vm.add_getset(class, "evaluate_default", |vm, a| evaluator(&param(vm, a)?.default), None);
        vm.add_methods(
            class,
            &[
                def("__repr__", 1, 1, |vm, a| Ok(param(vm, a)?.name.clone())),
                // What is given for a parameter is not checked.
                def("__typing_subst__", 2, 2, |_, a| Ok(a.pos[1].clone())),
                def("has_default", 1, 1, |vm, a| Ok(Value::bool(param(vm, a)?.default.evaluator.borrow().is_some()))),
                def("__mro_entries__", 2, 2, |vm, a| {
                    let class = vm.class_name(&a.pos[0]);
                    Err(vm.type_error(format!("Cannot subclass an instance of {class}")))
                }),
            ],
        );
    }
    for class in [&var, &spec] {
        vm.add_methods(class, OR);
        for (name, value) in
            [("__covariant__", Value::FALSE), ("__contravariant__", Value::FALSE), ("__infer_variance__", Value::TRUE)]
        {
            drop(class.dict.set_str(&vm.heap, &vm.intern(name), value));
        }
        vm.add_getset(
            class,
            "__bound__",
            |vm, a| {
                let p = param(vm, a)?;
                vm.force(&p.bound, Value::NONE)
            },
            None,
        );
    }
    vm.add_getset(
        &var,
        "__constraints__",
        |vm, a| {
            let none = Tuple::new(&vm.heap, []).into();
            let p = param(vm, a)?;
            vm.force(&p.constraints, none)
        },
        None,
    );
    vm.add_getset(&var, "evaluate_bound", |vm, a| evaluator(&param(vm, a)?.bound), None);
    vm.add_getset(&var, "evaluate_constraints", |vm, a| evaluator(&param(vm, a)?.constraints), None);
    vm.add_getset(&spec, "args", |vm, a| part(vm, a, true), None);
    vm.add_getset(&spec, "kwargs", |vm, a| part(vm, a, false), None);
    for (class, suffix) in [(vm.types().param_spec_args.clone(), true), (vm.types().param_spec_kwargs.clone(), false)] {
        vm.add_getset(
            &class,
            "__origin__",
            |_, a| Ok(a.pos[0].opaque::<ParamSpecPart>().map_or(Value::NONE, |p| p.origin.clone())),
            None,
        );
        let repr = if suffix {
            |vm: &mut Vm, a: Args<'_>| part_repr(vm, a, "args")
        } else {
            |vm: &mut Vm, a: Args<'_>| part_repr(vm, a, "kwargs")
        };
        vm.add_methods(&class, &[def("__repr__", 1, 1, repr), def("__eq__", 2, 2, part_eq)]);
    }
    let form = vm.types().special_form.clone();
    vm.add_methods(
        &form,
        &[def("__repr__", 1, 1, |vm, a| {
            let name = a.pos[0].opaque::<SpecialForm>().map_or("", |form| form.0);
            Ok(vm.new_str(name))
        })],
    );
    vm.add_methods(&no_default_type, &[def("__repr__", 1, 1, |vm, _| Ok(vm.new_str("typing.NoDefault")))]);
    vm.add_methods(
        &tuple,
        &[def("__iter__", 1, 1, |vm, a| {
            let form = vm.new_opaque(&vm.types().special_form, SpecialForm("typing.Unpack"));
            let unpack = vm.new_generic_alias(&form, &a.pos[0])?;
            let one = Tuple::new(&vm.heap, [unpack]).into();
            vm.iter(&one)
        })],
    );
}

fn part(vm: &mut Vm, a: Args<'_>, positional: bool) -> R {
    let class = if positional { &vm.types().param_spec_args } else { &vm.types().param_spec_kwargs };
    Ok(vm.new_opaque(class, ParamSpecPart { origin: a.pos[0].clone() }))
}

fn part_repr(vm: &mut Vm, a: Args<'_>, suffix: &str) -> R {
    let origin = a.pos[0].opaque::<ParamSpecPart>().map_or(Value::NONE, |p| p.origin.clone());
    let text = vm.repr(&origin)?;
    Ok(vm.new_str(&format!("{text}.{suffix}")))
}

fn part_eq(vm: &mut Vm, a: Args<'_>) -> R {
    let same_class = a.pos[0].class(&vm.heap).is(a.pos[1].class(&vm.heap));
    match (a.pos[0].opaque::<ParamSpecPart>(), a.pos[1].opaque::<ParamSpecPart>()) {
        (Some(x), Some(y)) if same_class => Ok(Value::bool(x.origin.is(&y.origin))),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

const OR: &[Def] = &[def("__or__", 2, 2, super::union::or), def("__ror__", 2, 2, super::union::ror)];

// ---- aliases

fn alias<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a TypeAlias> {
    match a.get(0).and_then(|v| v.opaque::<TypeAlias>()) {
        Some(p) => Ok(p),
        None => Err(vm.type_error("descriptor requires a 'typing.TypeAliasType' object")),
    }
}

fn alias_params(vm: &mut Vm, a: Args<'_>) -> R {
    let params = alias(vm, a)?.params.clone();
    Ok(if params.is_none() { Tuple::new(&vm.heap, []).into() } else { params })
}

fn aliases(vm: &mut Vm) {
    let class = vm.types().type_alias.clone();
    vm.add_getset(&class, "__name__", |vm, a| Ok(alias(vm, a)?.name.clone()), None);
    vm.add_getset(&class, "__module__", |vm, a| Ok(alias(vm, a)?.module.clone()), None);
    vm.add_getset(&class, "__type_params__", alias_params, None);
    vm.add_getset(&class, "__parameters__", alias_params, None);
    vm.add_getset(&class, "evaluate_value", |vm, a| evaluator(&alias(vm, a)?.value), None);
    vm.add_getset(
        &class,
        "__value__",
        |vm, a| {
            let alias = alias(vm, a)?;
            vm.force(&alias.value, Value::NONE)
        },
        None,
    );
    vm.add_methods(&class, OR);
    vm.add_methods(
        &class,
        &[
            def("__repr__", 1, 1, |vm, a| Ok(alias(vm, a)?.name.clone())),
            def("__getitem__", 2, 2, |vm, a| {
                if alias(vm, a)?.params.is_none() {
                    return Err(vm.type_error("Only generic type aliases are subscriptable"));
                }
                vm.new_generic_alias(&a.pos[0], &a.pos[1])
            }),
        ],
    );
}

// ---- generic classes

fn generic_classes(vm: &mut Vm) {
    let t = vm.types();
    let class = t.generic.clone();
    vm.add_class_methods(
        &class,
        &[def("__class_getitem__", 2, 2, generic_getitem), def_kw("__init_subclass__", 1, ANY, generic_init_subclass)],
    );
}

/// `C[...]` of a class with type parameters.
fn generic_getitem(vm: &mut Vm, a: Args<'_>) -> R {
    let name = vm.types().names.__parameters__.clone();
    let expected = vm.get_attr_opt(&a.pos[0], &name)?;
    let expected = expected.and_then(|v| v.downcast::<Tuple>().map(|t| t.to_vec())).unwrap_or_default();
    let given = a.pos[1].downcast::<Tuple>().map_or(1, |t| t.len());
    let variadic = expected.iter().any(|p| p.class(&vm.heap).is(&vm.types().type_var_tuple));
    let spec = expected.iter().any(|p| p.class(&vm.heap).is(&vm.types().param_spec));
    let defaults = expected
        .iter()
        .filter_map(|p| p.opaque::<TypeParam>())
        .filter(|p| p.default.evaluator.borrow().is_some())
        .count();
    let (most, least) = (expected.len(), expected.len() - defaults);
    if !a.pos[0].is(vm.types().generic.as_value()) && !variadic && !spec && (given > most || given < least) {
        let class = vm.repr(&a.pos[0])?;
        if most == 0 {
            return Err(vm.type_error(format!("{class} is not a generic class")));
        }
        let many = if given > most { "many" } else { "few" };
        let bound = if given > most { most } else { least };
        let at_least = if given < least && defaults > 0 { "at least " } else { "" };
        return Err(
            vm.type_error(format!("Too {many} arguments for {class}; actual {given}, expected {at_least}{bound}"))
        );
    }
    let mut args = a.pos[1].downcast::<Tuple>().map_or_else(|| vec![a.pos[1].clone()], |t| t.to_vec());
    if !variadic && !spec {
        for p in expected.iter().skip(given).filter_map(|p| p.opaque::<TypeParam>()) {
            args.push(vm.force(&p.default, Value::NONE)?);
        }
    }
    let args = Tuple::new(&vm.heap, args).into();
    vm.new_generic_alias(&a.pos[0], &args)
}

/// A class that derives from `Generic[T]` remembers its parameters.
fn generic_init_subclass(vm: &mut Vm, a: Args<'_>) -> R {
    let (bases, params) = (vm.intern("__orig_bases__"), vm.types().names.__parameters__.clone());
    let own = a.pos[0].downcast::<Type>().and_then(|t| t.dict.get_str(&bases));
    let bases = own.and_then(|bases| bases.downcast::<Tuple>().map(|t| t.to_vec())).unwrap_or_default();
    let found = super::generic_alias::collect_parameters(vm, &bases)?.into();
    vm.set_attr(&a.pos[0], &params, found)?;
    Ok(Value::NONE)
}

// ---- annotations

fn annotations(vm: &mut Vm) {
    let t = vm.types();
    let (function, class, module) = (t.function.clone(), t.type_.clone(), t.module.clone());
    vm.add_getset(&function, "__annotate__", |vm, a| Ok(typing(vm, a)?.0), Some(set_function_annotate));
    vm.add_getset(&function, "__annotations__", function_annotations, Some(set_function_annotations));
    vm.add_getset(
        &function,
        "__type_params__",
        |vm, a| {
            let own = a.pos[0].downcast::<Function>().and_then(|f| f.typing.borrow().as_ref()?.type_params.clone());
            Ok(own.unwrap_or_else(|| Tuple::new(&vm.heap, []).into()))
        },
        Some(set_function_type_params),
    );
    vm.add_getset(&class, "__annotate__", class_annotate, Some(set_class_annotate));
    vm.add_getset(&class, "__annotations__", class_annotations, Some(set_class_annotations));
    vm.add_getset(&module, "__annotate__", module_annotate, Some(set_module_annotate));
    vm.add_getset(&module, "__annotations__", module_annotations, Some(set_module_annotations));
}

/// The `__annotate__` of a function (or None), and its annotations once they have been computed.
fn typing(vm: &mut Vm, a: Args<'_>) -> R<(Value, Option<Value>)> {
    let Some(f) = a.get(0).and_then(|v| v.downcast::<Function>()) else {
        return Err(vm.type_error("descriptor requires a 'function' object"));
    };
    let typing = f.typing.borrow();
    Ok(match typing.as_ref() {
        None => (Value::NONE, None),
        Some(t) => (t.annotate.clone().unwrap_or(Value::NONE), t.annotations.clone()),
    })
}

/// What an `__annotate__` says in the format VALUE.
fn evaluate(vm: &mut Vm, annotate: &Value) -> R {
    if annotate.is_none() {
        return Ok(Dict::new(&vm.heap).into());
    }
    let result = vm.call(annotate, &[Value::int_unchecked(1)])?;
    if result.downcast::<Dict>().is_none() {
        let got = vm.class_name(&result);
        return Err(vm.type_error(format!("__annotate__ returned non-dict of type '{got}'")));
    }
    Ok(result)
}

fn function_annotations(vm: &mut Vm, a: Args<'_>) -> R {
    let (annotate, known) = typing(vm, a)?;
    if let Some(known) = known {
        return Ok(known);
    }
    let result = evaluate(vm, &annotate)?;
    if let Some(f) = a.pos[0].downcast::<Function>() {
        f.typing.borrow_mut().get_or_insert_default().annotations = Some(result.clone());
    }
    Ok(result)
}

fn checked_annotate(vm: &mut Vm, v: Option<&Value>) -> R {
    match v {
        None => Err(vm.type_error("__annotate__ cannot be deleted")),
        Some(v) if v.is_none() || super::functions::objects::is_callable(vm, v) => Ok(v.clone()),
        Some(_) => Err(vm.type_error("__annotate__ must be callable or None")),
    }
}

fn set_function_annotate(vm: &mut Vm, a: Args<'_>) -> R {
    let v = checked_annotate(vm, a.get(1))?;
    if let Some(f) = a.pos[0].downcast::<Function>() {
        let mut typing = f.typing.borrow_mut();
        let typing = typing.get_or_insert_default();
        if !v.is_none() {
            typing.annotations = None;
        }
        typing.annotate = Some(v).filter(|v| !v.is_none());
    }
    Ok(Value::NONE)
}

fn set_function_annotations(vm: &mut Vm, a: Args<'_>) -> R {
    let v = a.get(1).filter(|v| !v.is_none());
    if v.is_some_and(|v| v.downcast::<Dict>().is_none()) {
        return Err(vm.type_error("__annotations__ must be set to a dict object"));
    }
    if let Some(f) = a.pos[0].downcast::<Function>() {
        let mut typing = f.typing.borrow_mut();
        let typing = typing.get_or_insert_default();
        typing.annotations = v.cloned();
        typing.annotate = None;
    }
    Ok(Value::NONE)
}

fn set_function_type_params(vm: &mut Vm, a: Args<'_>) -> R {
    match (a.get(1).filter(|v| v.downcast::<Tuple>().is_some()), a.pos[0].downcast::<Function>()) {
        (Some(v), Some(f)) => {
            f.typing.borrow_mut().get_or_insert_default().type_params = Some(v.clone());
            Ok(Value::NONE)
        }
        _ => Err(vm.type_error("__type_params__ must be set to a tuple")),
    }
}

/// A class that may have annotations.
fn annotated_class(vm: &mut Vm, a: Args<'_>, name: &str) -> R<Ref<Type>> {
    match a.get(0).and_then(|v| v.downcast::<Type>()) {
        Some(t) if t.has(type_flags::HEAP) => Ok(t.clone()),
        Some(t) => {
            let class = t.name_str();
            Err(match a.pos.len() {
                1 => vm.attribute_error_text(format!("type object '{class}' has no attribute '{name}'")),
                _ => vm.type_error(format!("cannot set '{name}' attribute of immutable type '{class}'")),
            })
        }
        None => Err(vm.type_error("descriptor requires a 'type' object")),
    }
}

const ANNOTATE: &str = "__annotate_func__";
const CACHE: &str = "__annotations_cache__";

fn class_annotate(vm: &mut Vm, a: Args<'_>) -> R {
    let t = annotated_class(vm, a, "__annotate__")?;
    let own = [vm.intern(ANNOTATE), vm.types().names.__annotate__.clone()];
    Ok(own.iter().find_map(|name| t.dict.get_str(name)).unwrap_or(Value::NONE))
}

fn class_annotations(vm: &mut Vm, a: Args<'_>) -> R {
    let t = annotated_class(vm, a, "__annotations__")?;
    let cache = vm.intern(CACHE);
    let own = [vm.types().names.__annotations__.clone(), cache.clone()];
    if let Some(known) = own.iter().find_map(|name| t.dict.get_str(name)) {
        return Ok(known);
    }
    let annotate = class_annotate(vm, Args { pos: &a.pos[..1], ..a })?;
    let result = evaluate(vm, &annotate)?;
    t.dict.set_str(&vm.heap, &cache, result.clone());
    t.modified();
    Ok(result)
}

fn set_class_annotate(vm: &mut Vm, a: Args<'_>) -> R {
    let t = annotated_class(vm, a, "__annotate__")?;
    let v = checked_annotate(vm, a.get(1))?;
    t.dict.set_str(&vm.heap, &vm.intern(ANNOTATE), v.clone());
    if !v.is_none() {
        forget(vm, &t);
    }
    t.modified();
    Ok(Value::NONE)
}

fn forget(vm: &mut Vm, t: &Ref<Type>) {
    drop(t.dict.remove_str(&vm.intern(CACHE)));
    drop(t.dict.remove_str(&vm.types().names.__annotations__));
}

fn set_class_annotations(vm: &mut Vm, a: Args<'_>) -> R {
    let t = annotated_class(vm, a, "__annotations__")?;
    let name = vm.types().names.__annotations__.clone();
    match a.get(1) {
        Some(v) => {
            let cache = vm.intern(CACHE);
            let place = if t.dict.get_str(&name).is_some() { &name } else { &cache };
            t.dict.set_str(&vm.heap, place, v.clone());
        }
        None => {
            let cache = vm.intern(CACHE);
            if t.dict.remove_str(&name).or(t.dict.remove_str(&cache)).is_none() {
                return Err(vm.attribute_error_text("__annotations__"));
            }
        }
    }
    drop(t.dict.remove_str(&vm.intern(ANNOTATE)));
    drop(t.dict.remove_str(&vm.types().names.__annotate__));
    t.modified();
    Ok(Value::NONE)
}

fn namespace(vm: &mut Vm, a: Args<'_>) -> R<Ref<Dict>> {
    match a.get(0).and_then(|v| v.downcast::<Module>()) {
        Some(m) => Ok(m.dict.clone()),
        None => Err(vm.type_error("descriptor requires a 'module' object")),
    }
}

fn module_annotate(vm: &mut Vm, a: Args<'_>) -> R {
    let dict = namespace(vm, a)?;
    Ok(dict.get_str(&vm.types().names.__annotate__).unwrap_or(Value::NONE))
}

fn module_annotations(vm: &mut Vm, a: Args<'_>) -> R {
    let dict = namespace(vm, a)?;
    let name = vm.types().names.__annotations__.clone();
    if let Some(known) = dict.get_str(&name) {
        return Ok(known);
    }
    let annotate = module_annotate(vm, a)?;
    let result = evaluate(vm, &annotate)?;
    dict.set_str(&vm.heap, &name, result.clone());
    Ok(result)
}

fn set_module_annotate(vm: &mut Vm, a: Args<'_>) -> R {
    let dict = namespace(vm, a)?;
    let v = checked_annotate(vm, a.get(1))?;
    if !v.is_none() {
        drop(dict.remove_str(&vm.types().names.__annotations__));
    }
    dict.set_str(&vm.heap, &vm.types().names.__annotate__, v);
    Ok(Value::NONE)
}

fn set_module_annotations(vm: &mut Vm, a: Args<'_>) -> R {
    let dict = namespace(vm, a)?;
    let name = vm.types().names.__annotations__.clone();
    match a.get(1) {
        Some(v) => {
            dict.set_str(&vm.heap, &name, v.clone());
        }
        None if dict.remove_str(&name).is_none() => return Err(vm.attribute_error_text("__annotations__")),
        None => {}
    }
    drop(dict.remove_str(&vm.types().names.__annotate__));
    Ok(Value::NONE)
}
