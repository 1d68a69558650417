//! `weakref.ref` and the proxies.

use super::slots;
use crate::code::operators::{BinaryOp, CompareOp, UnaryOp};
use crate::object::header::{Kind, Ref};
use crate::object::number::BigInt;
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::object::weak::WeakRef;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::{Args, R, Vm};

pub fn install(vm: &mut Vm) {
    let t = vm.types();
    let (reference, proxies) = (t.weakref.clone(), [t.weak_proxy.clone(), t.weak_callable_proxy.clone()]);
    vm.add_static(&reference, &[def_kw("__new__", 0, ANY, new)]);
    vm.add_methods(&reference, REFERENCE);
    vm.add_class_methods(&reference, &[def("__class_getitem__", 2, 2, super::generic_alias::class_getitem)]);
    vm.add_member(&reference, "__callback__", |vm, a| Ok(this(vm, a)?.callback().unwrap_or(Value::NONE)), None);
    for class in &proxies {
        vm.add_methods(class, PROXY);
        add_operators(vm, class);
        slots::unhashable(vm, class);
    }
    vm.add_methods(&proxies[1], &[def_kw("__call__", 1, ANY, proxy_call)]);
    let module: Value = vm.new_str("weakref");
    for class in std::iter::once(&reference).chain(&proxies) {
        class.dict.set_str(&vm.heap, &vm.types().names.__module__, module.clone());
        class.modified();
    }
}

const REFERENCE: &[Def] = &[
    def_kw("__init__", 1, ANY, init),
    def_kw("__call__", 1, 1, call),
    def("__repr__", 1, 1, repr),
    def("__hash__", 1, 1, hash),
    def("__eq__", 2, 2, |vm, a| equality(vm, a, true)),
    def("__ne__", 2, 2, |vm, a| equality(vm, a, false)),
    def("__lt__", 2, 2, |_, _| Ok(Value::NOT_IMPLEMENTED)),
    def("__le__", 2, 2, |_, _| Ok(Value::NOT_IMPLEMENTED)),
    def("__gt__", 2, 2, |_, _| Ok(Value::NOT_IMPLEMENTED)),
    def("__ge__", 2, 2, |_, _| Ok(Value::NOT_IMPLEMENTED)),
];

fn this<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a WeakRef> {
    match a.pos.first().and_then(|v| v.opaque::<WeakRef>()) {
        Some(r) => Ok(r),
        None => Err(vm.type_error("descriptor requires a weak reference")),
    }
}

/// Whether objects like this one can be referred to weakly.
fn is_referable(vm: &Vm, o: &Value) -> bool {
    let class = o.class(&vm.heap);
    o.header().is_some()
        && (matches!(
            o.kind(),
            Some(
                Kind::Function
                    | Kind::BoundMethod
                    | Kind::Type
                    | Kind::Generator
                    | Kind::Set
                    | Kind::Module
                    | Kind::Code
                    | Kind::Native
            )
        ) || class.is(&vm.types().memoryview)
            || class.has(type_flags::WEAKREF)
            || class.lookup(&vm.types().names.__weakref__).is_some())
}

fn check_referable(vm: &mut Vm, o: &Value) -> R<()> {
    if is_referable(vm, o) {
        return Ok(());
    }
    let got = vm.class_name(o);
    Err(vm.type_error(format!("cannot create weak reference to '{got}' object")))
}

/// The reference or proxy of class `class` without a callback that an object has already: they are shared.
fn shared(vm: &Vm, o: &Value, class: &Ref<Type>) -> Option<Value> {
    vm.heap
        .weak()
        .referrers(o)
        .into_iter()
        .find(|r| r.class(&vm.heap).is(class) && r.opaque::<WeakRef>().is_some_and(|w| w.callback().is_none()))
}

fn make(vm: &mut Vm, class: &Ref<Type>, o: &Value, callback: Option<&Value>) -> R {
    check_referable(vm, o)?;
    let callback = callback.filter(|c| !c.is_none()).cloned();
    let is_plain = !class.has(crate::object::types::type_flags::HEAP);
    if callback.is_none()
        && is_plain
        && let Some(r) = shared(vm, o, class)
    {
        return Ok(r);
    }
    Ok(WeakRef::value_of(&vm.heap, class, o, callback))
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().weakref.clone();
    let class = slots::new_class(vm, a, &base)?;
    if class.is(&base) {
        slots::no_keywords(vm, a, "ref")?;
    }
    match a.pos {
        [_, o] => make(vm, &class, o, None),
        [_, o, callback] => make(vm, &class, o, Some(callback)),
        _ => {
            let n = a.pos.len() - 1;
            let most = if n == 0 { "at least 1 argument" } else { "at most 2 arguments" };
            Err(vm.type_error(format!("__new__ expected {most}, got {n}")))
        }
    }
}

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let n = a.pos.len() - 1;
    if (1..=2).contains(&n) {
        return Ok(Value::NONE);
    }
    let most = if n == 0 { "at least 1 argument" } else { "at most 2 arguments" };
    Err(vm.type_error(format!("__init__ expected {most}, got {n}")))
}

/// `weakref.proxy(object, callback=None)`.
pub fn proxy(vm: &mut Vm, a: Args<'_>) -> R {
    let t = vm.types();
    let class = if vm.is_callable(&a.pos[0]) { &t.weak_callable_proxy } else { &t.weak_proxy }.clone();
    make(vm, &class, &a.pos[0], a.get(1))
}

fn call(vm: &mut Vm, a: Args<'_>) -> R {
    slots::no_keywords(vm, a, "ref")?;
    Ok(this(vm, a)?.get().unwrap_or(Value::NONE))
}

fn shown(vm: &mut Vm, a: Args<'_>, what: &str, with_name: bool) -> R {
    let address = a.pos[0].bits();
    let Some(o) = this(vm, a)?.get() else { return Ok(vm.new_str(&format!("<{what} at {address:#x}; dead>"))) };
    let name = match with_name {
        true => {
            let name = vm.types().names.__name__.clone();
            vm.get_attr_opt(&o, &name)?.and_then(|n| n.downcast::<Str>().map(|s| format!(" ({s})")))
        }
        false => None,
    };
    let class = o.class(&vm.heap).clone();
    let class = vm.full_name(&class)?;
    let class = class.strip_prefix("__main__.").unwrap_or(&class);
    let (of, name) = (o.bits(), name.unwrap_or_default());
    Ok(vm.new_str(&format!("<{what} at {address:#x}; to '{class}' at {of:#x}{name}>")))
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    shown(vm, a, "weakref", true)
}

fn hash(vm: &mut Vm, a: Args<'_>) -> R {
    let r = this(vm, a)?;
    if r.hash.get().is_none() {
        let Some(o) = r.get() else { return Err(vm.type_error("weak object has gone away")) };
        r.hash.set(Some(vm.hash(&o)?));
    }
    Ok(BigInt::from_i64(&vm.heap, r.hash.get().unwrap_or(0) as i64))
}

fn equality(vm: &mut Vm, a: Args<'_>, wanted: bool) -> R {
    let r = this(vm, a)?;
    let class = a.pos[1].class(&vm.heap);
    let Some(other) = a.pos[1].opaque::<WeakRef>().filter(|_| class.is_subclass(&vm.types().weakref)) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let equal = match (r.get(), other.get()) {
        (Some(x), Some(y)) => {
            let op = if wanted { CompareOp::Eq } else { CompareOp::Ne };
            return vm.compare(op, &x, &y);
        }
        _ => a.pos[0].is(&a.pos[1]),
    };
    Ok(Value::bool(equal == wanted))
}

// ---- proxies

/// What a proxy stands for.
fn target(vm: &mut Vm, a: Args<'_>) -> R {
    vm.weak_target(&a.pos[0])
}

/// The object itself, or what it stands for, if it is a proxy.
fn unwrapped(vm: &mut Vm, v: &Value) -> R {
    if vm.is_weak_proxy(v) { vm.weak_target(v) } else { Ok(v.clone()) }
}

/// Calls the special method `name` of what the proxy stands for.
fn forward(vm: &mut Vm, a: Args<'_>, name: &str) -> R {
    let o = target(vm, a)?;
    let method = vm.intern(name);
    match vm.call_special(&o, &method, &a.pos[1..])? {
        Some(v) => Ok(v),
        None => {
            let class = vm.class_name(&o);
            Err(vm.type_error(format!("'{class}' object has no '{name}'")))
        }
    }
}

const PROXY: &[Def] = &[
    def("__repr__", 1, 1, |vm, a| shown(vm, a, "weakproxy", false)),
    def("__str__", 1, 1, |vm, a| {
        let o = target(vm, a)?;
        Ok(vm.str(&o)?.into())
    }),
    def("__bytes__", 1, 1, |vm, a| forward(vm, a, "__bytes__")),
    def("__bool__", 1, 1, |vm, a| {
        let o = target(vm, a)?;
        Ok(Value::bool(vm.truth(&o)?))
    }),
    def("__len__", 1, 1, |vm, a| {
        let o = target(vm, a)?;
        let n = vm.len(&o)?;
        Ok(BigInt::from_size(&vm.heap, n))
    }),
    def("__iter__", 1, 1, |vm, a| {
        let o = target(vm, a)?;
        vm.iter(&o)
    }),
    def("__next__", 1, 1, |vm, a| {
        let o = target(vm, a)?;
        if !vm.is_iterator(&o)? {
            let class = vm.class_name(&o);
            return Err(vm.type_error(format!("Weakref proxy referenced a non-iterator '{class}' object")));
        }
        forward(vm, a, "__next__")
    }),
    def("__contains__", 2, 2, |vm, a| {
        let o = target(vm, a)?;
        Ok(Value::bool(vm.contains(&o, &a.pos[1])?))
    }),
    def("__getitem__", 2, 2, |vm, a| {
        let o = target(vm, a)?;
        vm.get_item(&o, &a.pos[1])
    }),
    def("__setitem__", 3, 3, |vm, a| {
        let o = target(vm, a)?;
        vm.set_item(&o, &a.pos[1], a.pos[2].clone())?;
        Ok(Value::NONE)
    }),
    def("__delitem__", 2, 2, |vm, a| {
        let o = target(vm, a)?;
        vm.del_item(&o, &a.pos[1])?;
        Ok(Value::NONE)
    }),
    def("__getattribute__", 2, 2, super::object::kind_getattribute),
    def("__setattr__", 3, 3, |vm, a| {
        let (o, name) = (target(vm, a)?, vm.attribute_name(&a.pos[1])?);
        vm.set_attr(&o, &name, a.pos[2].clone())?;
        Ok(Value::NONE)
    }),
    def("__delattr__", 2, 2, |vm, a| {
        let (o, name) = (target(vm, a)?, vm.attribute_name(&a.pos[1])?);
        vm.del_attr(&o, &name)?;
        Ok(Value::NONE)
    }),
    def("__abs__", 1, 1, |vm, a| forward(vm, a, "__abs__")),
    def("__int__", 1, 1, |vm, a| {
        let o = target(vm, a)?;
        vm.int_of(&o)
    }),
    def("__float__", 1, 1, |vm, a| {
        let o = target(vm, a)?;
        vm.float_of(&o)
    }),
    def("__index__", 1, 1, |vm, a| {
        let o = target(vm, a)?;
        vm.index(&o)
    }),
    def("__reversed__", 1, 1, |vm, a| forward(vm, a, "__reversed__")),
    def("__neg__", 1, 1, |vm, a| unary(vm, UnaryOp::Neg, a)),
    def("__pos__", 1, 1, |vm, a| unary(vm, UnaryOp::Pos, a)),
    def("__invert__", 1, 1, |vm, a| unary(vm, UnaryOp::Invert, a)),
    def("__lt__", 2, 2, |vm, a| compare(vm, CompareOp::Lt, a)),
    def("__le__", 2, 2, |vm, a| compare(vm, CompareOp::Le, a)),
    def("__eq__", 2, 2, |vm, a| compare(vm, CompareOp::Eq, a)),
    def("__ne__", 2, 2, |vm, a| compare(vm, CompareOp::Ne, a)),
    def("__gt__", 2, 2, |vm, a| compare(vm, CompareOp::Gt, a)),
    def("__ge__", 2, 2, |vm, a| compare(vm, CompareOp::Ge, a)),
    def("__divmod__", 2, 2, |vm, a| {
        let (x, y) = (unwrapped(vm, &a.pos[0])?, unwrapped(vm, &a.pos[1])?);
        vm.divmod(&x, &y)
    }),
    def("__rdivmod__", 2, 2, |vm, a| {
        let (x, y) = (unwrapped(vm, &a.pos[1])?, unwrapped(vm, &a.pos[0])?);
        vm.divmod(&x, &y)
    }),
];

fn unary(vm: &mut Vm, op: UnaryOp, a: Args<'_>) -> R {
    let o = target(vm, a)?;
    vm.unary(op, &o)
}

fn compare(vm: &mut Vm, op: CompareOp, a: Args<'_>) -> R {
    let (x, y) = (unwrapped(vm, &a.pos[0])?, unwrapped(vm, &a.pos[1])?);
    vm.compare(op, &x, &y)
}

fn binary(vm: &mut Vm, op: BinaryOp, x: &Value, y: &Value) -> R {
    let (x, y) = (unwrapped(vm, x)?, unwrapped(vm, y)?);
    vm.binary(op, &x, &y)
}

macro_rules! operators {
    ($($op:ident)*) => {
        fn add_operators(vm: &mut Vm, class: &Ref<Type>) {
            $(
                vm.add_methods(class, &[
                    def(BinaryOp::$op.method(), 2, 3, |vm, a| binary(vm, BinaryOp::$op, &a.pos[0], &a.pos[1])),
                    def(BinaryOp::$op.reflected(), 2, 3, |vm, a| binary(vm, BinaryOp::$op, &a.pos[1], &a.pos[0])),
                    def(BinaryOp::$op.inplace(), 2, 2, |vm, a| {
                        let (x, y) = (unwrapped(vm, &a.pos[0])?, unwrapped(vm, &a.pos[1])?);
                        vm.inplace(BinaryOp::$op, &x, &y)
                    }),
                ]);
            )*
        }
    };
}

operators! { Add Sub Mul MatMul TrueDiv FloorDiv Mod Pow LShift RShift And Or Xor }

fn proxy_call(vm: &mut Vm, a: Args<'_>) -> R {
    let o = target(vm, a)?;
    vm.call_args(&o, Args { pos: &a.pos[1..], ..a })
}
