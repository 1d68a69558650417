//! `__annotations__`, `__annotate__` and `__type_params__` of functions, classes and modules.

use crate::object::dict::Dict;
use crate::object::function::{Function, Module};
use crate::object::header::Ref;
use crate::object::sequence::Tuple;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::{Args, R, Vm};

pub(super) fn install(vm: &mut Vm) {
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
        Some(v) if v.is_none() || vm.is_callable(v) => Ok(v.clone()),
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
