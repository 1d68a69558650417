//! `type`: classes as objects.

use crate::object::dict::Dict;
use crate::object::header::Ref;
use crate::object::sequence::{List, Tuple};
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::{Args, R, Vm};

pub fn install(vm: &mut Vm) {
    let build =
        vm.native_function(&def_kw("__build_class__", 0, ANY, build_class), vm.types().names.builtins.to_value());
    let name = vm.types().names.__build_class__.clone();
    vm.builtins.set_str(&vm.heap, &name, build.into());
    let class = vm.types().type_.clone();
    vm.add_static(&class, &[def_kw("__new__", 0, ANY, new)]);
    vm.add_methods(&class, METHODS);
    vm.add_class_methods(&class, &[def_kw("__prepare__", 1, ANY, prepare)]);
    vm.add_getset(&class, "__name__", get_name, Some(set_name));
    vm.add_getset(&class, "__qualname__", get_qualname, Some(set_qualname));
    vm.add_getset(&class, "__module__", get_module, Some(set_module));
    vm.add_getset(&class, "__doc__", get_doc, Some(set_doc));
    vm.add_getset(&class, "__bases__", get_bases, Some(set_bases));
    vm.add_member(&class, "__base__", get_base, None);
    vm.add_getset(&class, "__mro__", get_mro, None);
    vm.add_getset(&class, "__dict__", get_dict, None);
    vm.add_getset(&class, "__type_params__", get_type_params, Some(set_type_params));
}

const METHODS: &[Def] = &[
    def_kw("__init__", 1, ANY, init),
    def_kw("__call__", 1, ANY, call),
    def("__repr__", 1, 1, repr),
    def("__getattribute__", 2, 2, super::object::kind_getattribute),
    def("__setattr__", 3, 3, setattr),
    def("__delattr__", 2, 2, delattr),
    def("__dir__", 1, 1, dir),
    def("mro", 1, 1, mro),
    def("__subclasses__", 1, 1, subclasses),
    def("__instancecheck__", 2, 2, instance_check),
    def("__subclasscheck__", 2, 2, subclass_check),
];

/// `__build_class__(func, name, *bases, metaclass=..., **keywords)`: what a `class` statement calls.
fn build_class(vm: &mut Vm, a: Args<'_>) -> R {
    if a.pos.len() < 2 {
        return Err(vm.type_error("__build_class__: not enough arguments"));
    }
    vm.build_class(&a.pos[0], &a.pos[1], a.pos[2..].to_vec(), a.names, a.values)
}

fn this(vm: &mut Vm, a: Args<'_>) -> R<Ref<Type>> {
    match a.get(0).and_then(|v| v.downcast::<Type>()) {
        Some(t) => Ok(t.clone()),
        None => Err(vm.type_error("descriptor of 'type' needs a class")),
    }
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let meta = this(vm, a)?;
    if a.pos.len() != 4 {
        let n = a.pos.len() - 1;
        return Err(vm.type_error(if meta.is(&vm.types().type_) {
            "type() takes 1 or 3 arguments".to_string()
        } else {
            format!("type.__new__() takes exactly 3 arguments ({n} given)")
        }));
    }
    let wrong = |vm: &mut Vm, i: usize, want: &str| {
        let got = vm.argument_class(&a.pos[i]);
        vm.type_error(format!("type.__new__() argument {i} must be {want}, not {got}"))
    };
    let Some(name) = a.pos[1].downcast::<Str>() else { return Err(wrong(vm, 1, "str")) };
    let Some(bases) = a.pos[2].downcast::<Tuple>() else { return Err(wrong(vm, 2, "tuple")) };
    let Some(namespace) = a.pos[3].downcast::<Dict>() else { return Err(wrong(vm, 3, "dict")) };
    vm.check_class_name(name)?;
    for b in bases.iter().filter(|b| b.downcast::<Type>().is_none()) {
        let entries = vm.intern("__mro_entries__");
        if vm.get_attr_opt(b, &entries)?.is_some() {
            return Err(vm.type_error("type() doesn't support MRO entry resolution; use types.new_class()"));
        }
    }
    let winner = vm.most_derived_metaclass(meta.clone(), bases)?;
    if !winner.is(&meta) {
        let name = vm.types().names.__new__.clone();
        let (own, of_type) = (winner.lookup(&name), vm.types().type_.lookup(&name));
        if let (Some(own), Some(of_type)) = (own, of_type)
            && !own.is(&of_type)
        {
            let new = vm.get_attr(winner.as_value(), &name)?;
            let mut pos = a.pos.to_vec();
            pos[0] = winner.to_value();
            return vm.call_args(&new, Args { pos: &pos, ..a });
        }
    }
    vm.new_class(&winner, name, bases, namespace, a)
}

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    if !matches!(a.pos.len(), 2 | 4) {
        return Err(vm.type_error("type.__init__() takes 1 or 3 arguments"));
    }
    Ok(Value::NONE)
}

fn call(vm: &mut Vm, a: Args<'_>) -> R {
    let class = this(vm, a)?;
    vm.type_call(&class, Args { pos: &a.pos[1..], ..a })
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(vm.direct_repr(&a.pos[0])?.into())
}

fn setattr(vm: &mut Vm, a: Args<'_>) -> R {
    let class = this(vm, a)?;
    let name = vm.attribute_name(&a.pos[1])?;
    vm.class_set(&class, &name, Some(&a.pos[2]))?;
    Ok(Value::NONE)
}

fn delattr(vm: &mut Vm, a: Args<'_>) -> R {
    let class = this(vm, a)?;
    let name = vm.attribute_name(&a.pos[1])?;
    vm.class_set(&class, &name, None)?;
    Ok(Value::NONE)
}

fn dir(vm: &mut Vm, a: Args<'_>) -> R {
    let mut names = Vec::new();
    super::object::class_names(&this(vm, a)?, &mut names);
    Ok(List::new(&vm.heap, names).into())
}

/// `type.mro`: computed anew, by C3 (a metaclass's own may call it before the class has an order).
fn mro(vm: &mut Vm, a: Args<'_>) -> R {
    let t = this(vm, a)?;
    let bases = t.bases.get();
    let tail = vm.linearize(&bases)?;
    let order = std::iter::once(t.to_value()).chain(tail.into_iter().map(Value::from)).collect();
    Ok(List::new(&vm.heap, order).into())
}

fn subclasses(vm: &mut Vm, a: Args<'_>) -> R {
    let t = this(vm, a)?;
    let list = t.subclasses().into_iter().map(Value::from).collect();
    Ok(List::new(&vm.heap, list).into())
}

/// `isinstance(o, class)` without a metaclass that says otherwise: by the class of `o`, or what its `__class__` says.
fn instance_check(vm: &mut Vm, a: Args<'_>) -> R {
    let class = this(vm, a)?;
    let o = &a.pos[1];
    if o.class(&vm.heap).is_subclass(&class) {
        return Ok(Value::TRUE);
    }
    let name = vm.types().names.__class__.clone();
    let says = vm.get_attr_opt(o, &name)?;
    Ok(Value::bool(says.as_ref().and_then(|c| c.downcast::<Type>()).is_some_and(|c| c.is_subclass(&class))))
}

fn subclass_check(vm: &mut Vm, a: Args<'_>) -> R {
    let class = this(vm, a)?;
    match a.pos[1].downcast::<Type>() {
        Some(t) => Ok(Value::bool(t.is_subclass(&class))),
        None => Err(vm.type_error("issubclass() arg 1 must be a class")),
    }
}

fn prepare(vm: &mut Vm, _: Args<'_>) -> R {
    Ok(Dict::new(&vm.heap).into())
}

/// Refuses changes to built-in classes, and deletions.
fn changing<'a>(vm: &mut Vm, a: Args<'a>, name: &str) -> R<(Ref<Type>, &'a Value)> {
    let class = this(vm, a)?;
    let text = match a.get(1) {
        _ if !class.has(type_flags::HEAP) || class.has(type_flags::IMMUTABLE) => "set",
        Some(v) => return Ok((class, v)),
        None => "delete",
    };
    let class = class.name_str();
    Err(vm.type_error(format!("cannot {text} '{name}' attribute of immutable type '{class}'")))
}

fn get_name(vm: &mut Vm, a: Args<'_>) -> R {
    let class = this(vm, a)?;
    if class.has(type_flags::HEAP) && !class.has(type_flags::IMMUTABLE) {
        return Ok(class.name.get().into());
    }
    Ok(vm.intern(&class.own_name()).into())
}

fn set_name(vm: &mut Vm, a: Args<'_>) -> R {
    let (class, v) = changing(vm, a, "__name__")?;
    match v.downcast::<Str>() {
        Some(s) => {
            vm.check_class_name(s)?;
            class.name.set(s.clone());
        }
        None => {
            let (class, got) = (class.name_str(), vm.class_name(v));
            return Err(vm.type_error(format!("can only assign string to {class}.__name__, not '{got}'")));
        }
    }
    Ok(Value::NONE)
}

fn get_qualname(vm: &mut Vm, a: Args<'_>) -> R {
    let class = this(vm, a)?;
    let q = class.qualname.get();
    Ok(if q.is_none() || !class.has(type_flags::HEAP) { vm.intern(&class.own_name()).into() } else { q })
}

fn set_qualname(vm: &mut Vm, a: Args<'_>) -> R {
    let (class, v) = changing(vm, a, "__qualname__")?;
    if v.downcast::<Str>().is_none() {
        let (class, got) = (class.name_str(), vm.class_name(v));
        return Err(vm.type_error(format!("can only assign string to {class}.__qualname__, not '{got}'")));
    }
    class.qualname.set(v.clone());
    Ok(Value::NONE)
}

fn get_module(vm: &mut Vm, a: Args<'_>) -> R {
    let class = this(vm, a)?;
    let own = class.dict.get_str(&vm.types().names.__module__);
    match own {
        // The namespaces of `type` and `function` hold the descriptor of that name itself.
        Some(v) if class.has(type_flags::HEAP) || v.downcast::<Str>().is_some() => Ok(v),
        _ if class.has(type_flags::HEAP) => {
            let name = vm.types().names.__module__.clone();
            Err(vm.attribute_error_of(&name.to_string(), class.as_value(), &name))
        }
        _ => Ok(match class.split_name().0 {
            Some(module) => vm.intern(&module).into(),
            None => vm.types().names.builtins.to_value(),
        }),
    }
}

fn set_in_namespace(vm: &mut Vm, class: &Ref<Type>, name: &Ref<Str>, v: &Value) -> R {
    let old = class.dict.set_str(&vm.heap, name, v.clone());
    class.modified();
    drop(old);
    Ok(Value::NONE)
}

fn set_module(vm: &mut Vm, a: Args<'_>) -> R {
    let (class, v) = changing(vm, a, "__module__")?;
    let name = vm.types().names.__module__.clone();
    set_in_namespace(vm, &class, &name, v)?;
    // The line was one of the module's before.
    let line = vm.intern("__firstlineno__");
    drop(class.dict.remove_str(&line));
    Ok(Value::NONE)
}

fn get_doc(vm: &mut Vm, a: Args<'_>) -> R {
    let class = this(vm, a)?;
    let Some(doc) = class.dict.get_str(&vm.types().names.__doc__) else { return Ok(Value::NONE) };
    if class.has(type_flags::HEAP) {
        return vm.bind(&doc, None, &class);
    }
    // The namespaces of `type`, `function` and their like hold a descriptor of that name.
    Ok(if doc.downcast::<Str>().is_some() { doc } else { super::docs::class_doc(vm, &class.own_name()) })
}

fn set_doc(vm: &mut Vm, a: Args<'_>) -> R {
    let (class, v) = changing(vm, a, "__doc__")?;
    let name = vm.types().names.__doc__.clone();
    set_in_namespace(vm, &class, &name, v)
}

fn get_bases(vm: &mut Vm, a: Args<'_>) -> R {
    let bases: Vec<Value> = this(vm, a)?.bases.borrow().iter().map(Ref::to_value).collect();
    Ok(Tuple::new(&vm.heap, bases).into())
}

fn set_bases(vm: &mut Vm, a: Args<'_>) -> R {
    let (class, v) = changing(vm, a, "__bases__")?;
    let name = class.name_str();
    let Some(t) = v.downcast::<Tuple>() else {
        let got = vm.class_name(v);
        return Err(vm.type_error(format!("can only assign tuple to {name}.__bases__, not {got}")));
    };
    if t.is_empty() {
        return Err(vm.type_error(format!("can only assign non-empty tuple to {name}.__bases__, not ()")));
    }
    let mut bases = Vec::with_capacity(t.len());
    for b in t.iter() {
        match b.downcast::<Type>() {
            Some(t) => bases.push(t.clone()),
            None => {
                let got = vm.class_name(b);
                return Err(vm.type_error(format!("{name}.__bases__ must be tuple of classes, not '{got}'")));
            }
        }
    }
    vm.set_bases(&class, bases)?;
    Ok(Value::NONE)
}

fn get_base(vm: &mut Vm, a: Args<'_>) -> R {
    let bases = this(vm, a)?.bases.get();
    if bases.is_empty() {
        return Ok(Value::NONE);
    }
    Ok(vm.best_base_of(&bases).into())
}

fn get_mro(vm: &mut Vm, a: Args<'_>) -> R {
    let t = this(vm, a)?;
    if t.mro.borrow().is_unknown() {
        return Ok(Value::NONE);
    }
    let order: Vec<Value> = t.order().into_iter().map(Value::from).collect();
    Ok(Tuple::new(&vm.heap, order).into())
}

/// A `mappingproxy` of the namespace.
fn get_dict(vm: &mut Vm, a: Args<'_>) -> R {
    let class = this(vm, a)?;
    let proxy = vm.types().mappingproxy.clone();
    vm.construct(&proxy, Args::positional(&[class.dict.to_value()]))
}

fn get_type_params(vm: &mut Vm, a: Args<'_>) -> R {
    let class = this(vm, a)?;
    // The namespace of `type` has this very descriptor there.
    let own = class.dict.get_str(&vm.types().names.__type_params__).filter(|_| class.has(type_flags::HEAP));
    Ok(own.unwrap_or_else(|| Tuple::new(&vm.heap, Vec::new()).into()))
}

fn set_type_params(vm: &mut Vm, a: Args<'_>) -> R {
    let (class, v) = changing(vm, a, "__type_params__")?;
    let name = vm.types().names.__type_params__.clone();
    set_in_namespace(vm, &class, &name, v)
}
