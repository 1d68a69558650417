//! `types.GenericAlias`: `list[int]`.

use super::slots;
use crate::object::generic::GenericAlias;
use crate::object::header::Ref;
use crate::object::number::BigInt;
use crate::object::sequence::{List, Tuple};
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::{Args, R, Vm};

pub fn install(vm: &mut Vm) {
    let class = vm.types().generic_alias.clone();
    vm.add_static(&class, &[def("__new__", 1, ANY, new)]);
    vm.add_methods(&class, METHODS);
    vm.add_member(&class, "__origin__", |vm, a| Ok(this(vm, a)?.origin.clone()), None);
    vm.add_member(&class, "__args__", |vm, a| Ok(this(vm, a)?.args.to_value()), None);
    vm.add_getset(&class, "__parameters__", |vm, a| Ok(parameters(vm, &a.pos[0])?.into()), None);
    vm.add_member(&class, "__unpacked__", |vm, a| Ok(Value::bool(this(vm, a)?.starred)), None);
    vm.add_getset(&class, "__typing_unpacked_tuple_args__", unpacked_args, None);
    let module: Value = vm.new_str("types");
    class.dict.set_str(&vm.heap, &vm.types().names.__module__, module);
    class.modified();
    let t = vm.types();
    let generic =
        [&t.list, &t.dict, &t.tuple, &t.set, &t.frozenset, &t.enumerate, &t.mappingproxy, &t.memoryview, &t.slice];
    for class in generic.map(Ref::clone) {
        vm.add_class_methods(&class, &[def("__class_getitem__", 2, 2, class_getitem)]);
    }
}

const METHODS: &[Def] = &[
    def("__repr__", 1, 1, repr),
    def("__hash__", 1, 1, hash),
    def("__eq__", 2, 2, |vm, a| equality(vm, a, true)),
    def("__ne__", 2, 2, |vm, a| equality(vm, a, false)),
    def("__or__", 2, 2, super::union::or),
    def("__ror__", 2, 2, super::union::ror),
    def("__getattribute__", 2, 2, super::object::kind_getattribute),
    def_kw("__call__", 1, ANY, call),
    def("__getitem__", 2, 2, get_item),
    def("__iter__", 1, 1, iter),
    def("__mro_entries__", 2, 2, |vm, a| {
        let origin = this(vm, a)?.origin.clone();
        Ok(Tuple::new(&vm.heap, [origin]).into())
    }),
    def("__instancecheck__", 2, 2, |vm, _| {
        Err(vm.type_error("isinstance() argument 2 cannot be a parameterized generic"))
    }),
    def("__subclasscheck__", 2, 2, |vm, _| {
        Err(vm.type_error("issubclass() argument 2 cannot be a parameterized generic"))
    }),
    def("__reduce__", 1, 1, |vm, a| {
        let alias = this(vm, a)?;
        let args = Tuple::new(&vm.heap, [alias.origin.clone(), alias.args.to_value()]);
        Ok(Tuple::new(&vm.heap, [vm.types().generic_alias.to_value(), args.into()]).into())
    }),
];

fn this<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a GenericAlias> {
    match a.pos.first().and_then(|v| v.opaque::<GenericAlias>()) {
        Some(alias) => Ok(alias),
        None => Err(vm.type_error("descriptor requires a 'types.GenericAlias' object")),
    }
}

/// `class.__class_getitem__(args)` of the built-in classes that have parameters.
pub fn class_getitem(vm: &mut Vm, a: Args<'_>) -> R {
    vm.new_generic_alias(&a.pos[0], &a.pos[1])
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().generic_alias.clone();
    let class = slots::new_class(vm, a, &base)?;
    match a.pos {
        [_, origin, args] => Ok(vm.generic_alias_of(&class, origin, args, false)),
        _ => {
            let n = a.pos.len() - 1;
            Err(vm.type_error(format!("GenericAlias expected 2 arguments, got {n}")))
        }
    }
}

/// How a class or other argument is shown: classes by their names.
pub fn shown(vm: &mut Vm, v: &Value) -> R<String> {
    if v.is(&Value::ELLIPSIS) {
        return Ok("...".into());
    }
    if let Some(items) = v.downcast::<List>() {
        let mut parts = Vec::new();
        for item in items.to_vec() {
            parts.push(shown(vm, &item)?);
        }
        return Ok(format!("[{}]", parts.join(", ")));
    }
    if v.opaque::<GenericAlias>().is_none() {
        let names = &vm.types().names;
        let (qualname, module) = (names.__qualname__.clone(), names.__module__.clone());
        if let (Some(q), Some(m)) = (vm.get_attr_opt(v, &qualname)?, vm.get_attr_opt(v, &module)?)
            && !m.is_none()
            && v.downcast::<Type>().is_some()
        {
            let (q, m) = (vm.str(&q)?, vm.str(&m)?);
            return Ok(if m.as_ascii() == Some("builtins") { q.to_string() } else { format!("{m}.{q}") });
        }
    }
    Ok(vm.repr(v)?.to_string())
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let alias = this(vm, a)?;
    vm.check_repr_depth()?;
    let origin = shown(vm, &alias.origin)?;
    let mut parts = Vec::new();
    for v in alias.args.iter() {
        parts.push(shown(vm, v)?);
    }
    let args = if parts.is_empty() { "()".to_string() } else { parts.join(", ") };
    let star = if alias.starred { "*" } else { "" };
    Ok(vm.new_str(&format!("{star}{origin}[{args}]")))
}

fn hash(vm: &mut Vm, a: Args<'_>) -> R {
    let alias = this(vm, a)?;
    let h = vm.hash(&alias.origin)? ^ vm.hash(alias.args.as_value())?;
    Ok(BigInt::from_i64(&vm.heap, if h == u64::MAX { -2 } else { h as i64 }))
}

fn equality(vm: &mut Vm, a: Args<'_>, wanted: bool) -> R {
    let alias = this(vm, a)?;
    let Some(other) = a.pos[1].opaque::<GenericAlias>() else { return Ok(Value::NOT_IMPLEMENTED) };
    let equal = alias.starred == other.starred
        && vm.eq(&alias.origin, &other.origin)?
        && vm.eq(alias.args.as_value(), other.args.as_value())?;
    Ok(Value::bool(equal == wanted))
}

fn call(vm: &mut Vm, a: Args<'_>) -> R {
    let origin = this(vm, a)?.origin.clone();
    let made = vm.call_args(&origin, Args { pos: &a.pos[1..], ..a })?;
    let name = vm.intern("__orig_class__");
    match vm.set_attr(&made, &name, a.pos[0].clone()) {
        Err(e) if !vm.is_exception(&e, &vm.types().AttributeError) && !vm.is_exception(&e, &vm.types().TypeError) => {
            Err(e)
        }
        _ => Ok(made),
    }
}

/// The type parameters among some arguments, each once, in order.
pub fn collect_parameters(vm: &mut Vm, args: &[Value]) -> R<Ref<Tuple>> {
    let (subst, inner) = (vm.intern("__typing_subst__"), vm.intern("__parameters__"));
    let mut found: Vec<Value> = Vec::new();
    for v in args {
        // A class that is generic itself is no argument with open parameters.
        if v.downcast::<Type>().is_some() {
            continue;
        }
        let more = if v.class(&vm.heap).lookup(&subst).is_some() {
            vec![v.clone()]
        } else {
            match vm.get_attr_opt(v, &inner)?.and_then(|p| p.downcast::<Tuple>().cloned()) {
                Some(t) => t.to_vec(),
                None => Vec::new(),
            }
        };
        for p in more {
            if !found.iter().any(|f| f.is(&p)) {
                found.push(p);
            }
        }
    }
    Ok(Tuple::new(&vm.heap, found))
}

fn parameters(vm: &mut Vm, v: &Value) -> R<Ref<Tuple>> {
    let alias = this(vm, Args::positional(std::slice::from_ref(v)))?;
    if let Some(p) = alias.parameters.get() {
        return Ok(p);
    }
    let found = collect_parameters(vm, &alias.args)?;
    alias.parameters.set(Some(found.clone()));
    Ok(found)
}

/// Puts what was given for the type parameters into arguments.
pub fn substitute(vm: &mut Vm, of: &Value, args: &[Value], parameters: &Ref<Tuple>, given: &Value) -> R<Vec<Value>> {
    if parameters.is_empty() {
        let shown = vm.repr(of)?;
        return Err(vm.type_error(format!("{shown} is not a generic class")));
    }
    let given = prepared(vm, of, parameters, given)?;
    if given.len() != parameters.len() {
        let much = if given.len() > parameters.len() { "many" } else { "few" };
        let (shown, n, want) = (vm.repr(of)?, given.len(), parameters.len());
        return Err(vm.type_error(format!("Too {much} arguments for {shown}; actual {n}, expected {want}")));
    }
    let (subst, unpacked) = (vm.intern("__typing_subst__"), vm.intern("__typing_is_unpacked_typevartuple__"));
    let mut new = Vec::with_capacity(args.len());
    for v in args {
        if v.downcast::<Type>().is_some() {
            new.push(v.clone());
            continue;
        }
        let several = match vm.get_attr_opt(v, &unpacked)? {
            Some(flag) => vm.truth(&flag)?,
            None => false,
        };
        let with = match vm.get_attr_opt(v, &subst)? {
            Some(f) => {
                let at = parameters.iter().position(|q| q.is(v)).unwrap_or(0);
                vm.call(&f, std::slice::from_ref(&given[at]))?
            }
            None => substitute_within(vm, v, parameters, &given)?,
        };
        match with.downcast::<Tuple>() {
            Some(t) if several => new.extend(t.to_vec()),
            _ => new.push(with),
        }
    }
    Ok(new)
}

/// The arguments of a subscription: starred tuples taken apart, and each parameter asked what it makes of them.
fn prepared(vm: &mut Vm, of: &Value, parameters: &Ref<Tuple>, given: &Value) -> R<Vec<Value>> {
    let name = vm.intern("__typing_unpacked_tuple_args__");
    let mut items = Vec::new();
    for v in given.downcast::<Tuple>().map_or_else(|| vec![given.clone()], |t| t.to_vec()) {
        let parts = match v.downcast::<Type>() {
            Some(_) => None,
            None => vm.get_attr_opt(&v, &name)?,
        };
        match parts.as_ref().and_then(|p| p.downcast::<Tuple>()) {
            Some(parts) if parts.last().is_none_or(|last| !last.is(&Value::ELLIPSIS)) => items.extend(parts.to_vec()),
            _ => items.push(v),
        }
    }
    let name = vm.intern("__typing_prepare_subst__");
    for p in parameters.iter() {
        let Some(prepare) = vm.get_attr_opt(p, &name)?.filter(|f| !f.is_none()) else { continue };
        let args = Tuple::new(&vm.heap, items).into();
        let answer = vm.call(&prepare, &[of.clone(), args])?;
        items = vm.collect(&answer)?;
    }
    Ok(items)
}

/// An argument that has parameters itself, with what was given for them.
fn substitute_within(vm: &mut Vm, v: &Value, parameters: &Ref<Tuple>, given: &[Value]) -> R {
    let name = vm.intern("__parameters__");
    let open = vm.get_attr_opt(v, &name)?.and_then(|p| p.downcast::<Tuple>().cloned());
    let Some(open) = open.filter(|p| !p.is_empty()) else { return Ok(v.clone()) };
    let mut with = Vec::with_capacity(open.len());
    for p in open.iter() {
        let Some(at) = parameters.iter().position(|q| q.is(p)) else {
            with.push(p.clone());
            continue;
        };
        let several = p.class(&vm.heap).is(&vm.types().type_var_tuple);
        match given[at].downcast::<Tuple>() {
            Some(t) if several => with.extend(t.to_vec()),
            _ => with.push(given[at].clone()),
        }
    }
    let with = Tuple::new(&vm.heap, with).into();
    vm.get_item(v, &with)
}

fn get_item(vm: &mut Vm, a: Args<'_>) -> R {
    let open = parameters(vm, &a.pos[0])?;
    let alias = this(vm, a)?;
    let new = substitute(vm, &a.pos[0], &alias.args, &open, &a.pos[1])?;
    let args = Tuple::new(&vm.heap, new).into();
    Ok(vm.generic_alias_of(&vm.types().generic_alias, &alias.origin, &args, alias.starred))
}

/// `*list[int]`: the starred alias alone.
fn iter(vm: &mut Vm, a: Args<'_>) -> R {
    let alias = this(vm, a)?;
    let starred = vm.generic_alias_of(&vm.types().generic_alias, &alias.origin, alias.args.as_value(), true);
    let one: Value = Tuple::new(&vm.heap, [starred]).into();
    vm.iter(&one)
}

fn unpacked_args(vm: &mut Vm, a: Args<'_>) -> R {
    let alias = this(vm, a)?;
    let of_tuple = alias.origin.is(vm.types().tuple.as_value());
    Ok(if alias.starred && of_tuple { alias.args.to_value() } else { Value::NONE })
}
