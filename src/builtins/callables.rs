//! Functions, bound methods, native functions, cells: what a program can see of them.

use super::docs;
use crate::object::cell::Mut;
use crate::object::dict::Dict;
use crate::object::function::{BoundMethod, Cell, Code, Function, Native};
use crate::object::header::Ref;
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::class::{get_dict, set_dict};
use crate::vm::member::Member;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::{Args, R, Vm};

pub fn install(vm: &mut Vm) {
    install_function(vm);
    install_natives(vm);

    let method = vm.types().method.clone();
    vm.add_static(&method, &[def("__new__", 3, 3, method_new)]);
    vm.add_methods(
        &method,
        &[
            def_kw("__call__", 1, ANY, call),
            def("__get__", 2, 3, |_, a| Ok(a.pos[0].clone())),
            def("__eq__", 2, 2, method_eq),
            def("__hash__", 1, 1, direct_hash),
            def("__repr__", 1, 1, direct_repr),
        ],
    );
    vm.add_member(&method, "__func__", |_, a| Ok(method_part(a, |m| &m.function)), None);
    vm.add_member(&method, "__self__", |_, a| Ok(method_part(a, |m| &m.receiver)), None);
    vm.add_getset(&method, "__doc__", method_doc, None);

    let cell = vm.types().cell.clone();
    vm.add_static(&cell, &[def("__new__", 1, 2, cell_new)]);
    vm.add_methods(&cell, &[def("__repr__", 1, 1, direct_repr)]);
    vm.add_methods(&cell, super::slots::COMPARE);
    cell.dict.set_str(&vm.heap, &vm.types().names.__hash__, Value::NONE);
    vm.add_getset(&cell, "cell_contents", cell_get, Some(cell_set));

    let module = vm.types().module.clone();
    vm.add_member(&module, "__dict__", get_dict, None);
}

/// The `__dict__` of the instances of a built-in class that have attributes.
pub(super) fn add_dict(vm: &mut Vm, class: &Ref<Type>) {
    vm.add_getset(class, "__dict__", get_dict, Some(set_dict));
}

fn direct_repr(vm: &mut Vm, a: Args<'_>) -> R {
    if let Some(m) = a.pos[0].opaque::<Member>() {
        let text = format!("<member '{}' of '{}' objects>", m.name, m.owner.name_str());
        return Ok(vm.new_str(&text));
    }
    Ok(vm.direct_repr(&a.pos[0])?.into())
}

fn direct_hash(vm: &mut Vm, a: Args<'_>) -> R {
    let h = vm.direct_hash(&a.pos[0])?;
    Ok(crate::object::number::BigInt::from_i64(&vm.heap, h as i64))
}

/// `function(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)`.
fn function_new(vm: &mut Vm, a: Args<'_>) -> R {
    const NAMES: [&str; 6] = ["code", "globals", "name", "argdefs", "closure", "kwdefaults"];
    let given = a.pos.len() - 1 + a.names.len();
    if given > 6 {
        return Err(vm.type_error(format!("function() takes at most 6 arguments ({given} given)")));
    }
    a.check_keywords(vm, "function", &NAMES)?;
    let arg = |i: usize| a.get_or_keyword(i + 1, NAMES[i]);
    for (i, name) in NAMES.iter().enumerate().take(2) {
        if arg(i).is_none() {
            let at = i + 1;
            return Err(vm.type_error(format!("function() missing required argument '{name}' (pos {at})")));
        }
    }
    let wrong = |vm: &mut Vm, i: usize, want: &str, v: &Value| {
        let got = vm.argument_class(v);
        vm.type_error(format!("function() argument '{}' must be {want}, not {got}", NAMES[i]))
    };
    let (code, globals) = (arg(0).cloned().unwrap_or(Value::NONE), arg(1).cloned().unwrap_or(Value::NONE));
    let Some(code) = code.downcast::<Code>() else { return Err(wrong(vm, 0, "code", &code)) };
    let Some(globals) = globals.downcast::<Dict>() else { return Err(wrong(vm, 1, "dict", &globals)) };
    let optional = |i: usize| arg(i).filter(|v| !v.is_none());
    if optional(2).is_some_and(|v| v.downcast::<Str>().is_none()) {
        return Err(vm.type_error("arg 3 (name) must be None or string"));
    }
    if optional(3).is_some_and(|v| v.downcast::<Tuple>().is_none()) {
        return Err(vm.type_error("arg 4 (defaults) must be None or tuple"));
    }
    let wanted = code.data.free_count as usize;
    let closure = match (optional(4), optional(4).and_then(|v| v.downcast::<Tuple>())) {
        (Some(_), None) if wanted == 0 => return Err(vm.type_error("arg 5 (closure) must be None or tuple")),
        (_, None) if wanted > 0 => return Err(vm.type_error("arg 5 (closure) must be tuple")),
        (_, found) => found.cloned(),
    };
    let len = closure.as_ref().map_or(0, |c| c.len());
    if len != wanted {
        let name = code.name.to_string();
        return Err(vm.value_error(format!("{name} requires closure of length {wanted}, not {len}")));
    }
    if let Some(v) = closure.iter().flat_map(|c| c.iter()).find(|v| v.downcast::<Cell>().is_none()) {
        let got = vm.class_name(v);
        return Err(vm.type_error(format!("arg 5 (closure) expected cell, found {got}")));
    }
    if optional(5).is_some_and(|v| v.downcast::<Dict>().is_none()) {
        return Err(vm.type_error("arg 6 (kwdefaults) must be None or dict"));
    }
    let f = vm.new_function(code, globals);
    if let Some(name) = optional(2) {
        f.name.set(name.clone());
    }
    f.defaults.set(optional(3).and_then(|v| v.downcast::<Tuple>()).cloned());
    f.closure.set(closure);
    f.kwdefaults.set(optional(5).and_then(|v| v.downcast::<Dict>()).cloned());
    Ok(f.into())
}

/// `f.__call__(...)`.
fn call(vm: &mut Vm, a: Args<'_>) -> R {
    vm.call_args(&a.pos[0], Args { pos: &a.pos[1..], ..a })
}

fn install_function(vm: &mut Vm) {
    let class = vm.types().function.clone();
    vm.add_static(&class, &[def_kw("__new__", 1, ANY, function_new)]);
    vm.add_methods(
        &class,
        &[
            def_kw("__call__", 1, ANY, call),
            def("__get__", 2, 3, super::descriptors::get),
            def("__repr__", 1, 1, direct_repr),
        ],
    );
    vm.add_getset(&class, "__name__", |_, a| function_part(a, |f| f.name.get()), Some(set_name));
    vm.add_getset(&class, "__qualname__", |_, a| function_part(a, |f| f.qualname.get()), Some(set_qualname));
    vm.add_getset(&class, "__doc__", |_, a| function_part(a, |f| f.doc.get()), Some(set_doc));
    vm.add_member(&class, "__module__", |_, a| function_part(a, |f| f.module.get()), Some(set_module));
    vm.add_getset(&class, "__code__", |_, a| function_part(a, |f| f.code.get().into()), Some(set_code));
    vm.add_member(&class, "__globals__", |_, a| function_part(a, |f| f.globals.to_value()), None);
    vm.add_member(&class, "__builtins__", |_, a| function_part(a, |f| f.builtins.to_value()), None);
    vm.add_member(&class, "__closure__", |_, a| function_part(a, |f| optional(&f.closure.get())), None);
    vm.add_getset(&class, "__defaults__", |_, a| function_part(a, |f| optional(&f.defaults.get())), Some(set_defaults));
    vm.add_getset(
        &class,
        "__kwdefaults__",
        |_, a| function_part(a, |f| optional(&f.kwdefaults.get())),
        Some(set_kwdefaults),
    );
    add_dict(vm, &class);
}

fn optional<T: crate::object::header::Object>(r: &Option<Ref<T>>) -> Value {
    r.as_ref().map_or(Value::NONE, Ref::to_value)
}

fn function_part(a: Args<'_>, part: fn(&Function) -> Value) -> R {
    Ok(a.pos[0].downcast::<Function>().map_or(Value::NONE, |f| part(f)))
}

/// Sets one of the members that must be a str.
fn set_text(vm: &mut Vm, a: Args<'_>, name: &str, member: fn(&Function) -> &Mut<Value>) -> R {
    match (a.pos[0].downcast::<Function>(), a.get(1)) {
        (Some(f), Some(v)) if v.downcast::<Str>().is_some() => member(f).set(v.clone()),
        _ => return Err(vm.type_error(format!("{name} must be set to a string object"))),
    }
    Ok(Value::NONE)
}

fn set_name(vm: &mut Vm, a: Args<'_>) -> R {
    set_text(vm, a, "__name__", |f| &f.name)
}

fn set_qualname(vm: &mut Vm, a: Args<'_>) -> R {
    set_text(vm, a, "__qualname__", |f| &f.qualname)
}

fn set_any(a: Args<'_>, member: fn(&Function) -> &Mut<Value>) -> R {
    if let Some(f) = a.pos[0].downcast::<Function>() {
        member(f).set(a.get(1).cloned().unwrap_or(Value::NONE));
    }
    Ok(Value::NONE)
}

fn set_doc(_: &mut Vm, a: Args<'_>) -> R {
    set_any(a, |f| &f.doc)
}

fn set_module(_: &mut Vm, a: Args<'_>) -> R {
    set_any(a, |f| &f.module)
}

fn set_code(vm: &mut Vm, a: Args<'_>) -> R {
    let (Some(f), Some(code)) = (a.pos[0].downcast::<Function>(), a.get(1).and_then(|c| c.downcast::<Code>())) else {
        return Err(vm.type_error("__code__ must be set to a code object"));
    };
    let want = code.data.free_count as usize;
    let has = f.closure.get().map_or(0, |c| c.len());
    if want != has {
        let name = f.name.get();
        let name = vm.str(&name)?;
        return Err(vm.value_error(format!("{name}() requires a code object with {has} free vars, not {want}")));
    }
    // Frames that run the old code point to it.
    let old = f.code.replace(code.clone());
    vm.retire_code(old);
    Ok(Value::NONE)
}

fn set_defaults(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(f) = a.pos[0].downcast::<Function>() else { return Ok(Value::NONE) };
    match a.get(1).filter(|v| !v.is_none()) {
        None => f.defaults.set(None),
        Some(v) => match v.downcast::<Tuple>() {
            Some(t) => f.defaults.set(Some(t.clone())),
            None => return Err(vm.type_error("__defaults__ must be set to a tuple object")),
        },
    }
    Ok(Value::NONE)
}

fn set_kwdefaults(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(f) = a.pos[0].downcast::<Function>() else { return Ok(Value::NONE) };
    match a.get(1).filter(|v| !v.is_none()) {
        None => f.kwdefaults.set(None),
        Some(v) => match v.downcast::<Dict>() {
            Some(d) => f.kwdefaults.set(Some(d.clone())),
            None => return Err(vm.type_error("__kwdefaults__ must be set to a dict object")),
        },
    }
    Ok(Value::NONE)
}

fn install_natives(vm: &mut Vm) {
    let t = vm.types();
    let callable = [
        t.builtin_function.clone(),
        t.method_descriptor.clone(),
        t.classmethod_descriptor.clone(),
        t.wrapper_descriptor.clone(),
        t.method_wrapper.clone(),
    ];
    let (getset, member) = (t.getset_descriptor.clone(), t.member_descriptor.clone());
    let (free, wrapper) = (t.builtin_function.clone(), t.method_wrapper.clone());
    for class in &callable {
        vm.add_methods(class, &[def_kw("__call__", 1, ANY, call)]);
        vm.add_getset(class, "__text_signature__", native_signature, None);
    }
    for class in callable.iter().chain([&getset, &member]) {
        vm.add_methods(class, &[def("__repr__", 1, 1, direct_repr)]);
        if class.is(&free) || class.is(&wrapper) {
            vm.add_getset(class, "__name__", native_name, None);
        } else {
            vm.add_member(class, "__name__", native_name, None);
        }
        vm.add_getset(class, "__qualname__", native_qualname, None);
        vm.add_getset(class, "__doc__", native_doc, None);
        if class.is(&free) {
            vm.add_member(class, "__module__", |_, a| Ok(native_part(a, |n| Some(n.module.get()))), None);
        } else {
            vm.add_member(
                class,
                "__objclass__",
                |_, a| {
                    let of_slot = a.pos[0].opaque::<Member>().map(|m| m.owner.to_value());
                    Ok(of_slot.unwrap_or_else(|| native_part(a, |n| Some(n.owner.as_ref()?.to_value()))))
                },
                None,
            );
        }
        if class.is(&free) {
            vm.add_getset(class, "__self__", native_self, None);
        } else if class.is(&wrapper) {
            vm.add_member(class, "__self__", native_self, None);
        } else {
            vm.add_methods(class, &[def("__get__", 2, 3, super::descriptors::get)]);
        }
    }
    for class in [&getset, &member] {
        vm.add_methods(
            class,
            &[def("__set__", 3, 3, super::descriptors::set), def("__delete__", 2, 2, super::descriptors::delete)],
        );
    }
}

fn native_part(a: Args<'_>, part: fn(&Native) -> Option<Value>) -> Value {
    a.pos[0].downcast::<Native>().and_then(|n| part(n)).unwrap_or(Value::NONE)
}

/// What a native is bound to: a free function to its module.
fn native_self(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(n) = a.pos[0].downcast::<Native>() else { return Ok(Value::NONE) };
    if let Some(o) = &n.bound {
        return Ok(o.clone());
    }
    if let Some(class) = n.owner.as_ref().filter(|_| n.ty().is(&vm.types().builtin_function)) {
        return Ok(class.to_value());
    }
    let module = n.module.get();
    Ok(vm.dict_get(&vm.modules.clone(), &module)?.unwrap_or(Value::NONE))
}

fn native_name(vm: &mut Vm, a: Args<'_>) -> R {
    if let Some(m) = a.pos[0].opaque::<Member>() {
        return Ok(m.name.to_value());
    }
    Ok(a.pos[0].downcast::<Native>().map_or(Value::NONE, |n| vm.intern(n.def.name).into()))
}

/// Of a method with its receiver: as CPython, by the receiver's class (or the receiver, if it is a class).
fn native_qualname(vm: &mut Vm, a: Args<'_>) -> R {
    if let Some(m) = a.pos[0].opaque::<Member>() {
        let text = format!("{}.{}", m.owner.qualname_str(), m.name);
        return Ok(vm.new_str(&text));
    }
    let Some(n) = a.pos[0].downcast::<Native>() else { return Ok(Value::NONE) };
    Ok(vm.new_str(&n.qualname()))
}

fn native_doc(vm: &mut Vm, a: Args<'_>) -> R {
    match a.pos[0].downcast::<Native>() {
        Some(n) => docs::doc(vm, n),
        None => Ok(Value::NONE),
    }
}

fn native_signature(vm: &mut Vm, a: Args<'_>) -> R {
    match a.pos[0].downcast::<Native>() {
        Some(n) => docs::text_signature(vm, n),
        None => Ok(Value::NONE),
    }
}

fn method_new(vm: &mut Vm, a: Args<'_>) -> R {
    if !vm.is_callable(&a.pos[1]) {
        return Err(vm.type_error("first argument must be callable"));
    }
    if a.pos[2].is_none() {
        return Err(vm.type_error("instance must not be None"));
    }
    Ok(vm.new_method(&a.pos[1], &a.pos[2]))
}

fn method_part(a: Args<'_>, part: fn(&BoundMethod) -> &Value) -> Value {
    a.pos[0].downcast::<BoundMethod>().map_or(Value::NONE, |m| part(m).clone())
}

fn method_doc(vm: &mut Vm, a: Args<'_>) -> R {
    let f = method_part(a, |m| &m.function);
    let name = vm.types().names.__doc__.clone();
    vm.get_attr(&f, &name)
}

/// Bound methods are equal when their functions are and their receivers are the same object.
fn method_eq(vm: &mut Vm, a: Args<'_>) -> R {
    let (Some(x), Some(y)) = (a.pos[0].downcast::<BoundMethod>(), a.pos[1].downcast::<BoundMethod>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    if !x.receiver.is(&y.receiver) {
        return Ok(Value::FALSE);
    }
    let (f, g) = (x.function.clone(), y.function.clone());
    Ok(Value::bool(vm.eq_or_is(&f, &g)?))
}

fn cell_new(vm: &mut Vm, a: Args<'_>) -> R {
    let cell = Cell { value: Mut::new(a.get(1).cloned()) };
    Ok(vm.heap.alloc(&vm.types().cell, cell).into())
}

fn cell_get(vm: &mut Vm, a: Args<'_>) -> R {
    match a.pos[0].downcast::<Cell>().and_then(|c| c.value.get()) {
        Some(v) => Ok(v),
        None => Err(vm.value_error("Cell is empty")),
    }
}

fn cell_set(_: &mut Vm, a: Args<'_>) -> R {
    if let Some(c) = a.pos[0].downcast::<Cell>() {
        c.value.set(a.get(1).cloned());
    }
    Ok(Value::NONE)
}
