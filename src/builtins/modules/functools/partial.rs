//! `partial`, with the placeholders of Python 3.14.

use super::super::CLASS_GETITEM;
use crate::object::cell::Mut;
use crate::object::dict::Dict;
use crate::object::header::Ref;
use crate::object::opaque::Trace;
use crate::object::sequence::Tuple;
use crate::object::str::builder::StrBuilder;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

#[derive(Clone)]
struct Bound {
    function: Value,
    args: Ref<Tuple>,
    keywords: Ref<Dict>,
    /// Placeholders among `args`.
    holes: usize,
}

/// Replaced as a whole by `__setstate__`.
struct Partial {
    bound: Mut<Option<Bound>>,
}

impl Trace for Bound {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.function.trace(visit);
        self.args.trace(visit);
        self.keywords.trace(visit);
    }
}

opaque_data!(Partial { bound } clear { bound });

pub static PARTIAL: Class = Class {
    module: "functools",
    name: "partial",
    doc: "partial(func, /, *args, **keywords): calls of it are calls of func with these arguments in front.",
    flags: type_flags::BASE | type_flags::ATTRS | type_flags::WEAKREF,
    new: Some(def_kw("__new__", 0, ANY, new)),
    methods: &[
        def_kw("__call__", 1, ANY, call),
        def("__get__", 2, 3, get),
        def("__repr__", 1, 1, repr),
        def("__reduce__", 1, 1, reduce),
        def("__setstate__", 2, 2, setstate),
    ],
    class_methods: &[CLASS_GETITEM],
    getset: &[
        ("func", |vm, a| Ok(this(vm, a)?.function), Some(readonly)),
        ("args", |vm, a| Ok(this(vm, a)?.args.into()), Some(readonly)),
        ("keywords", |vm, a| Ok(this(vm, a)?.keywords.into()), Some(readonly)),
    ],
    ..CLASS
};

/// The one placeholder of an interpreter.
struct Placeholder;

opaque_data!(Placeholder {});

pub static PLACEHOLDER_TYPE: Class = Class {
    module: "functools",
    name: "_PlaceholderType",
    doc: "The type of the Placeholder that keeps a place for a positional argument in partial.",
    new: Some(def_kw("__new__", 0, ANY, new_placeholder)),
    methods: &[
        def("__repr__", 1, 1, |vm, _| Ok(vm.new_str("Placeholder"))),
        def("__reduce__", 1, 1, |vm, _| Ok(vm.new_str("Placeholder"))),
    ],
    ..CLASS
};

fn new_placeholder(vm: &mut Vm, a: Args<'_>) -> R {
    if a.pos.len() > 1 || !a.names.is_empty() {
        return Err(vm.type_error("_PlaceholderType takes no arguments"));
    }
    Ok(placeholder(vm))
}

/// `functools.Placeholder`: kept in the namespace of its class, under a name that is no attribute of Python.
pub fn placeholder(vm: &mut Vm) -> Value {
    let class = vm.native_class(&PLACEHOLDER_TYPE);
    let key = vm.intern("<placeholder>");
    if let Some(v) = class.dict.get_str(&key) {
        return v;
    }
    let v = vm.new_opaque(&class, Placeholder);
    drop(class.dict.set_str(&vm.heap, &key, v.clone()));
    v
}

fn is_placeholder(v: &Value) -> bool {
    v.opaque::<Placeholder>().is_some()
}

fn this(vm: &mut Vm, a: Args<'_>) -> R<Bound> {
    match vm.receiver::<Partial>(a)?.bound.get() {
        Some(b) => Ok(b),
        None => Err(vm.type_error("partial object is being destroyed")),
    }
}

fn readonly(vm: &mut Vm, _: Args<'_>) -> R {
    Err(vm.attribute_error_text("readonly attribute"))
}

fn holes(args: &[Value]) -> usize {
    args.iter().filter(|v| is_placeholder(v)).count()
}

/// `stored` with its placeholders filled from the front of `given`, and what is left of `given` behind.
fn fill(stored: &[Value], given: &[Value]) -> Vec<Value> {
    let mut given = given.iter().cloned();
    let mut all: Vec<Value> = Vec::with_capacity(stored.len() + given.len());
    for v in stored {
        let next = if is_placeholder(v) { given.next() } else { None };
        all.push(next.unwrap_or_else(|| v.clone()));
    }
    all.extend(given);
    all
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    let Some(function) = a.get(1) else {
        return Err(vm.type_error("type 'partial' takes at least one argument"));
    };
    if !vm.is_callable(function) {
        return Err(vm.type_error("the first argument must be callable"));
    }
    if a.pos.last().is_some_and(is_placeholder) && a.pos.len() > 2 {
        return Err(vm.type_error("trailing Placeholders are not allowed"));
    }
    if a.values.iter().any(is_placeholder) {
        return Err(vm.type_error("Placeholder cannot be passed as a keyword argument"));
    }
    let keywords = Dict::new(&vm.heap);
    let (mut function, mut args) = (function.clone(), a.pos[2..].to_vec());
    // A partial of a partial that nothing was added to is one of its function.
    let inner = match function.opaque::<Partial>() {
        Some(p) if vm.instance_dict(&function).is_none_or(|d| d.is_empty()) => p.bound.get(),
        _ => None,
    };
    if let Some(inner) = inner {
        args = fill(&inner.args, &args);
        inner.keywords.copy_into(&vm.heap, &keywords);
        function = inner.function;
    }
    for (n, v) in a.names.iter().zip(a.values) {
        vm.dict_set(&keywords, n.clone(), v.clone())?;
    }
    let holes = holes(&args);
    let bound = Bound { function, args: Tuple::new(&vm.heap, args), keywords, holes };
    Ok(vm.new_opaque(&class, Partial { bound: Mut::new(Some(bound)) }))
}

fn call(vm: &mut Vm, a: Args<'_>) -> R {
    let b = this(vm, a)?;
    let given = &a.pos[1..];
    if given.len() < b.holes {
        let (want, got) = (b.holes, given.len());
        return Err(vm.type_error(format!(
            "missing positional arguments in 'partial' call; expected at least {want}, got {got}"
        )));
    }
    let pos = fill(&b.args, given);
    if b.keywords.is_empty() {
        return vm.call_args(&b.function, Args { pos: &pos, ..a });
    }
    let (mut names, mut values): (Vec<Value>, Vec<Value>) = b.keywords.items().into_iter().unzip();
    for (n, v) in a.names.iter().zip(a.values) {
        let mut at = None;
        for (i, known) in names.iter().enumerate() {
            if vm.eq_or_is(known, n)? {
                at = Some(i);
                break;
            }
        }
        match at {
            Some(i) => values[i] = v.clone(),
            None => {
                names.push(n.clone());
                values.push(v.clone());
            }
        }
    }
    vm.call_args(&b.function, Args { pos: &pos, names: &names, values: &values })
}

/// In 3.14 a partial in a class is a method.
fn get(vm: &mut Vm, a: Args<'_>) -> R {
    this(vm, a)?;
    if a.pos[1].is_none() {
        return Ok(a.pos[0].clone());
    }
    Ok(vm.new_method(&a.pos[0], &a.pos[1]))
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let b = this(vm, a)?;
    vm.guard_repr(&a.pos[0], "...", |vm| {
        let class = a.pos[0].class(&vm.heap).clone();
        let mut out = StrBuilder::new();
        out.push_str(&vm.full_name(&class)?);
        out.push_str("(");
        out.push_ref(&*vm.repr(&b.function)?);
        for v in b.args.iter() {
            out.push_str(", ");
            out.push_ref(&*vm.repr(v)?);
        }
        for (k, v) in b.keywords.items() {
            out.push_str(", ");
            out.push_ref(&*vm.str(&k)?);
            out.push_str("=");
            out.push_ref(&*vm.repr(&v)?);
        }
        out.push_str(")");
        Ok(out.finish(&vm.heap).into())
    })
}

fn reduce(vm: &mut Vm, a: Args<'_>) -> R {
    let b = this(vm, a)?;
    let class: Value = a.pos[0].class(&vm.heap).clone().into();
    let own = match vm.instance_dict(&a.pos[0]) {
        Some(d) if !d.is_empty() => d.into(),
        _ => Value::NONE,
    };
    let first: Value = Tuple::new(&vm.heap, [b.function.clone()]).into();
    let state: Value = Tuple::new(&vm.heap, [b.function, b.args.into(), b.keywords.into(), own]).into();
    Ok(Tuple::new(&vm.heap, [class, first, state]).into())
}

fn setstate(vm: &mut Vm, a: Args<'_>) -> R {
    let p = vm.receiver::<Partial>(a)?;
    let parts = a.pos[1].downcast::<Tuple>().filter(|t| t.len() == 4).map(|t| t.to_vec());
    let Some([function, args, keywords, own]) = parts.and_then(|p| <[Value; 4]>::try_from(p).ok()) else {
        return Err(vm.type_error("invalid partial state"));
    };
    let (Some(args), true) = (args.downcast::<Tuple>(), vm.is_callable(&function)) else {
        return Err(vm.type_error("invalid partial state"));
    };
    if args.last().is_some_and(is_placeholder) {
        return Err(vm.type_error("trailing Placeholders are not allowed"));
    }
    let args = Tuple::new(&vm.heap, args.to_vec());
    let copy = Dict::new(&vm.heap);
    match keywords.downcast::<Dict>() {
        Some(k) => k.copy_into(&vm.heap, &copy),
        None if keywords.is_none() => {}
        None => return Err(vm.type_error("invalid partial state")),
    }
    let own = own.downcast::<Dict>().cloned().unwrap_or_else(|| Dict::new(&vm.heap));
    vm.set_instance_dict(&a.pos[0], &own);
    let holes = holes(&args);
    p.bound.set(Some(Bound { function, args, keywords: copy, holes }));
    Ok(Value::NONE)
}
