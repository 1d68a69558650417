//! `_contextvars`: `ContextVar`, `Context`, `Token` (PEP 567).
//!
//! A context is a dict from variables to values, copied where CPython shares parts of a tree.

use std::cell::Cell;

use super::{add_class, new};
use crate::object::dict::Dict;
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::str::Str;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(
        vm,
        "_contextvars",
        &[def("copy_context", 0, 0, |vm, _| {
            let current = current(vm);
            copy_of(vm, &current)
        })],
    );
    for class in [&CONTEXT, &CONTEXT_VAR, &TOKEN] {
        add_class(vm, &m, class);
    }
    missing(vm);
    Ok(m)
}

// ---- Context

struct Context {
    values: Ref<Dict>,
    /// It is the current context, or lies under it.
    entered: Cell<bool>,
}

opaque_data!(Context { values });

static CONTEXT: Class = Class {
    module: "_contextvars",
    name: "Context",
    doc: "The values of context variables.",
    flags: type_flags::MAPPING,
    new: Some(def_kw("__new__", 1, ANY, |vm, a| {
        if a.pos.len() > 1 || !a.names.is_empty() {
            return Err(vm.type_error("Context() does not accept any arguments"));
        }
        let values = Dict::new(&vm.heap);
        Ok(context(vm, values))
    })),
    methods: &[
        def("__contains__", 2, 2, |vm, a| {
            let values = values(vm, a)?;
            key(vm, &a.pos[1])?;
            Ok(Value::bool(vm.dict_get(&values, &a.pos[1])?.is_some()))
        }),
        def("__eq__", 2, 2, |vm, a| {
            let own = values(vm, a)?;
            let Some(other) = a.pos[1].opaque::<Context>() else { return Ok(Value::NOT_IMPLEMENTED) };
            Ok(Value::bool(vm.eq(own.as_value(), other.values.as_value())?))
        }),
        def("__getitem__", 2, 2, |vm, a| {
            let values = values(vm, a)?;
            key(vm, &a.pos[1])?;
            match vm.dict_get(&values, &a.pos[1])? {
                Some(v) => Ok(v),
                None => Err(vm.key_error(&a.pos[1])),
            }
        }),
        def("__iter__", 1, 1, |vm, a| {
            let values = values(vm, a)?;
            vm.iter(values.as_value())
        }),
        def("__len__", 1, 1, |vm, a| Ok(Value::from_len(values(vm, a)?.len()))),
        def("copy", 1, 1, |vm, a| copy_of(vm, &a.pos[0])),
        def("get", 2, 3, |vm, a| {
            let values = values(vm, a)?;
            key(vm, &a.pos[1])?;
            let found = vm.dict_get(&values, &a.pos[1])?;
            Ok(found.unwrap_or_else(|| a.get(2).cloned().unwrap_or(Value::NONE)))
        }),
        def("items", 1, 1, |vm, a| part(vm, a, "items")),
        def("keys", 1, 1, |vm, a| part(vm, a, "keys")),
        def("values", 1, 1, |vm, a| part(vm, a, "values")),
        def_kw("run", 1, ANY, run),
    ],
    unhashable: true,
    ..CLASS
};

fn context(vm: &mut Vm, values: Ref<Dict>) -> Value {
    let class = vm.native_class(&CONTEXT);
    vm.new_opaque(&class, Context { values, entered: Cell::new(false) })
}

/// The current context, made when somebody first asks.
fn current(vm: &mut Vm) -> Value {
    if let Some(c) = vm.native.context.clone() {
        return c;
    }
    let values = Dict::new(&vm.heap);
    let made = context(vm, values);
    if let Some(c) = made.opaque::<Context>() {
        c.entered.set(true);
    }
    vm.native.context = Some(made.clone());
    made
}

fn current_values(vm: &mut Vm) -> R<Ref<Dict>> {
    let c = current(vm);
    match c.opaque::<Context>() {
        Some(c) => Ok(c.values.clone()),
        None => Err(vm.system_error("the current context is none")),
    }
}

fn copy_of(vm: &mut Vm, v: &Value) -> R {
    let Some(c) = v.opaque::<Context>() else { return Err(vm.type_error("an instance of Context was expected")) };
    let values = Dict::new(&vm.heap);
    c.values.copy_into(&vm.heap, &values);
    Ok(context(vm, values))
}

fn values(vm: &mut Vm, a: Args<'_>) -> R<Ref<Dict>> {
    Ok(vm.receiver::<Context>(a)?.values.clone())
}

fn key(vm: &mut Vm, v: &Value) -> R<()> {
    if v.opaque::<ContextVar>().is_some() {
        return Ok(());
    }
    let shown = vm.repr(v)?;
    Err(vm.type_error(format!("a ContextVar key was expected, got {shown}")))
}

/// Keys, values or items as they are now.
fn part(vm: &mut Vm, a: Args<'_>, name: &str) -> R {
    let copy = Dict::new(&vm.heap);
    values(vm, a)?.copy_into(&vm.heap, &copy);
    let name = vm.intern(name);
    let view = vm.call_method(copy.as_value(), &name, &[])?;
    vm.iter(&view)
}

/// `run(callable, *args, **keywords)`: calls it in this context.
fn run(vm: &mut Vm, a: Args<'_>) -> R {
    let c = vm.receiver::<Context>(a)?;
    let Some(f) = a.get(1) else {
        return Err(vm.type_error("run() missing 1 required positional argument"));
    };
    if c.entered.replace(true) {
        let shown = vm.repr(&a.pos[0])?;
        return Err(vm.runtime_error(format!("cannot enter context: {shown} is already entered")));
    }
    let outer = vm.native.context.replace(a.pos[0].clone());
    let result = vm.call_args(f, Args { pos: &a.pos[2..], ..a });
    vm.native.context = outer;
    c.entered.set(false);
    result
}

// ---- ContextVar

struct ContextVar {
    name: Value,
    default: Option<Value>,
}

opaque_data!(ContextVar { name, default });

static CONTEXT_VAR: Class = Class {
    module: "_contextvars",
    name: "ContextVar",
    doc: "A variable that has a value of its own in each context.",
    new: Some(def_kw("__new__", 1, ANY, |vm, a| {
        a.check_keywords(vm, "ContextVar", &["name", "default"])?;
        let name = a.get_or_keyword(1, "name");
        match name {
            Some(name) if name.downcast::<Str>().is_some() && a.pos.len() <= 2 => {
                let class = vm.native_class(&CONTEXT_VAR);
                Ok(vm.new_opaque(&class, ContextVar { name: name.clone(), default: a.keyword("default").cloned() }))
            }
            Some(name) if name.downcast::<Str>().is_none() => Err(vm.type_error("context variable name must be a str")),
            Some(_) => {
                let n = a.pos.len() - 1;
                Err(vm.type_error(format!("ContextVar() takes exactly 1 positional argument ({n} given)")))
            }
            None => Err(vm.type_error("ContextVar() takes exactly 1 positional argument (0 given)")),
        }
    })),
    methods: &[
        def("__repr__", 1, 1, |vm, a| {
            let v = vm.receiver::<ContextVar>(a)?;
            let name = vm.repr(&v.name)?;
            let default = match &v.default {
                Some(d) => format!(" default={}", vm.repr(d)?),
                None => String::new(),
            };
            let at = a.pos[0].bits();
            Ok(vm.new_str(&format!("<ContextVar name={name}{default} at {at:#x}>")))
        }),
        def("get", 1, 2, |vm, a| {
            let v = vm.receiver::<ContextVar>(a)?;
            let values = current_values(vm)?;
            if let Some(found) = vm.dict_get(&values, &a.pos[0])? {
                return Ok(found);
            }
            match a.get(1).or(v.default.as_ref()) {
                Some(v) => Ok(v.clone()),
                None => {
                    let class = vm.types().LookupError.clone();
                    Err(vm.exception(&class, vec![a.pos[0].clone()]))
                }
            }
        }),
        def("set", 2, 2, |vm, a| {
            vm.receiver::<ContextVar>(a)?;
            let context = current(vm);
            let values = current_values(vm)?;
            let old = vm.dict_get(&values, &a.pos[0])?;
            vm.dict_set(&values, a.pos[0].clone(), a.pos[1].clone())?;
            let class = vm.native_class(&TOKEN);
            let token = Token { variable: a.pos[0].clone(), context, old, used: Cell::new(false) };
            Ok(vm.new_opaque(&class, token))
        }),
        def("reset", 2, 2, reset),
    ],
    class_methods: &[super::CLASS_GETITEM],
    getset: &[("name", |vm, a| Ok(vm.receiver::<ContextVar>(a)?.name.clone()), None)],
    fields: &["name"],
    ..CLASS
};

/// `reset(token)`: the value that the variable had before the `set` that gave the token.
fn reset(vm: &mut Vm, a: Args<'_>) -> R {
    vm.receiver::<ContextVar>(a)?;
    let Some(token) = a.pos[1].opaque::<Token>() else {
        let shown = vm.repr(&a.pos[1])?;
        return Err(vm.type_error(format!("expected an instance of Token, got {shown}")));
    };
    let shown = vm.repr(&a.pos[1])?;
    if token.used.get() {
        return Err(vm.runtime_error(format!("{shown} has already been used once")));
    }
    if !token.variable.is(&a.pos[0]) {
        return Err(vm.value_error(format!("{shown} was created by a different ContextVar")));
    }
    if !token.context.is(&current(vm)) {
        return Err(vm.value_error(format!("{shown} was created in a different Context")));
    }
    token.used.set(true);
    let values = current_values(vm)?;
    match token.old.clone() {
        Some(old) => vm.dict_set(&values, a.pos[0].clone(), old)?,
        None => drop(vm.dict_remove(&values, &a.pos[0])?),
    }
    Ok(Value::NONE)
}

// ---- Token

struct Token {
    variable: Value,
    context: Value,
    old: Option<Value>,
    used: Cell<bool>,
}

opaque_data!(Token { variable, context, old });

static TOKEN: Class = Class {
    module: "_contextvars",
    name: "Token",
    doc: "What ContextVar.set gives, for ContextVar.reset.",
    methods: &[
        def("__repr__", 1, 1, |vm, a| {
            let t = vm.receiver::<Token>(a)?;
            let used = if t.used.get() { " used" } else { "" };
            let variable = vm.repr(&t.variable)?;
            let at = a.pos[0].bits();
            Ok(vm.new_str(&format!("<Token{used} var={variable} at {at:#x}>")))
        }),
        def("__enter__", 1, 1, |_, a| Ok(a.pos[0].clone())),
        def("__exit__", 4, 4, |vm, a| {
            let variable = vm.receiver::<Token>(a)?.variable.clone();
            reset(vm, Args::positional(&[variable, a.pos[0].clone()]))
        }),
    ],
    class_methods: &[super::CLASS_GETITEM],
    getset: &[
        ("var", |vm, a| Ok(vm.receiver::<Token>(a)?.variable.clone()), None),
        (
            "old_value",
            |vm, a| {
                let old = vm.receiver::<Token>(a)?.old.clone();
                Ok(old.unwrap_or_else(|| missing(vm)))
            },
            None,
        ),
    ],
    unhashable: true,
    ..CLASS
};

struct Missing;

opaque_data!(Missing {});

static MISSING: Class = Class {
    module: "_contextvars",
    name: "Token.MISSING",
    methods: &[def("__repr__", 1, 1, |vm, _| Ok(vm.new_str("<Token.MISSING>")))],
    ..CLASS
};

/// `Token.MISSING`.
fn missing(vm: &mut Vm) -> Value {
    let class = vm.native_class(&TOKEN);
    let name = vm.intern("MISSING");
    match class.dict.get_str(&name) {
        Some(v) if v.opaque::<Missing>().is_some() => v,
        _ => {
            let kind = vm.native_class(&MISSING);
            let v = vm.new_opaque(&kind, Missing);
            drop(class.dict.set_str(&vm.heap, &name, v.clone()));
            class.modified();
            v
        }
    }
}
