//! Unions of classes: `int | None`.

use super::generic_alias::{collect_parameters, shown, substitute};
use crate::object::generic::{GenericAlias, Union};
use crate::object::header::Ref;
use crate::object::number::BigInt;
use crate::object::opaque::Opaque;
use crate::object::sequence::Tuple;
use crate::object::set::Set;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::native::{Def, def};
use crate::vm::type_params::{TypeAlias, TypeParam};
use crate::vm::{Args, R, Vm};

pub fn install(vm: &mut Vm) {
    let class = vm.types().union.clone();
    vm.add_methods(&class, METHODS);
    vm.add_class_methods(
        &class,
        &[def("__class_getitem__", 2, 2, |vm, a| {
            let items = match a.pos[1].downcast::<Tuple>() {
                Some(t) => t.to_vec(),
                None => vec![a.pos[1].clone()],
            };
            union_of(vm, items)
        })],
    );
    vm.add_getset(&class, "__args__", |vm, a| Ok(this(vm, a)?.args.to_value()), None);
    vm.add_getset(
        &class,
        "__parameters__",
        |vm, a| {
            let args = this(vm, a)?.args.clone();
            Ok(collect_parameters(vm, &args)?.into())
        },
        None,
    );
    vm.add_getset(&class, "__origin__", |vm, _| Ok(vm.types().union.to_value()), None);
    vm.add_getset(&class, "__name__", |vm, _| Ok(vm.new_str("Union")), None);
    vm.add_getset(&class, "__qualname__", |vm, _| Ok(vm.new_str("Union")), None);
    let module: Value = vm.new_str("typing");
    class.dict.set_str(&vm.heap, &vm.types().names.__module__, module);
    class.modified();
    let type_ = vm.types().type_.clone();
    vm.add_methods(&type_, &[def("__or__", 2, 2, or), def("__ror__", 2, 2, ror)]);
}

const METHODS: &[Def] = &[
    def("__repr__", 1, 1, repr),
    def("__hash__", 1, 1, hash),
    def("__eq__", 2, 2, |vm, a| equality(vm, a, true)),
    def("__ne__", 2, 2, |vm, a| equality(vm, a, false)),
    def("__or__", 2, 2, or),
    def("__ror__", 2, 2, ror),
    def("__getitem__", 2, 2, get_item),
    def("__instancecheck__", 2, 2, |vm, a| {
        for c in this(vm, a)?.args.clone().iter() {
            if vm.isinstance(&a.pos[1], c)? {
                return Ok(Value::TRUE);
            }
        }
        Ok(Value::FALSE)
    }),
    def("__subclasscheck__", 2, 2, |vm, a| {
        if a.pos[1].downcast::<Type>().is_none() {
            return Err(vm.type_error("issubclass() arg 1 must be a class"));
        }
        for c in this(vm, a)?.args.clone().iter() {
            if vm.issubclass(&a.pos[1], c)? {
                return Ok(Value::TRUE);
            }
        }
        Ok(Value::FALSE)
    }),
    def("__mro_entries__", 2, 2, |vm, a| {
        let shown = vm.repr(&a.pos[0])?;
        Err(vm.type_error(format!("Cannot subclass {shown}")))
    }),
];

fn this<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a Union> {
    match a.pos.first().and_then(|v| v.opaque::<Union>()) {
        Some(u) => Ok(u),
        None => Err(vm.type_error("descriptor requires a 'typing.Union' object")),
    }
}

/// Whether `|` of classes takes it.
fn is_member(v: &Value) -> bool {
    v.is_none()
        || v.downcast::<Type>().is_some()
        || v.opaque::<GenericAlias>().is_some()
        || v.opaque::<Union>().is_some()
        || v.opaque::<TypeParam>().is_some()
        || v.opaque::<TypeAlias>().is_some()
}

/// The union of some members: those of unions one by one, `None` as its class, each once; a single one is itself.
pub fn union_of(vm: &mut Vm, members: Vec<Value>) -> R {
    let mut flat: Vec<Value> = Vec::new();
    for v in members {
        let parts = match v.opaque::<Union>() {
            Some(u) => u.args.to_vec(),
            None if v.is_none() => vec![vm.types().none_type.to_value()],
            None => vec![v],
        };
        'parts: for p in parts {
            for known in &flat {
                if vm.eq_or_is(known, &p)? {
                    continue 'parts;
                }
            }
            flat.push(p);
        }
    }
    if flat.len() == 1 {
        return Ok(flat.swap_remove(0));
    }
    let args = Tuple::new(&vm.heap, flat);
    Ok(vm.heap.alloc(&vm.types().union, Opaque { data: Box::new(Union { args }) }).into())
}

/// `a | b` of what can be in a union; NotImplemented of anything else.
pub fn or(vm: &mut Vm, a: Args<'_>) -> R {
    if !a.pos.iter().all(is_member) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    union_of(vm, a.pos.to_vec())
}

/// The reflected `|`.
pub fn ror(vm: &mut Vm, a: Args<'_>) -> R {
    or(vm, Args::positional(&[a.pos[1].clone(), a.pos[0].clone()]))
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let mut parts = Vec::new();
    for v in this(vm, a)?.args.clone().iter() {
        let is_none = v.is(vm.types().none_type.as_value());
        parts.push(if is_none { "None".to_string() } else { shown(vm, v)? });
    }
    Ok(vm.new_str(&parts.join(" | ")))
}

fn as_set(vm: &mut Vm, args: &Ref<Tuple>) -> R {
    let set = Set::new(&vm.heap, &vm.types().frozenset);
    for v in args.iter() {
        vm.set_add(&set, v.clone())?;
    }
    Ok(set.into())
}

fn hash(vm: &mut Vm, a: Args<'_>) -> R {
    let args = this(vm, a)?.args.clone();
    let set = as_set(vm, &args)?;
    let h = vm.hash(&set)?;
    Ok(BigInt::from_i64(&vm.heap, h as i64))
}

fn equality(vm: &mut Vm, a: Args<'_>, wanted: bool) -> R {
    let args = this(vm, a)?.args.clone();
    let Some(other) = a.pos[1].opaque::<Union>().map(|u| u.args.clone()) else { return Ok(Value::NOT_IMPLEMENTED) };
    let (x, y) = (as_set(vm, &args)?, as_set(vm, &other)?);
    Ok(Value::bool(vm.eq(&x, &y)? == wanted))
}

fn get_item(vm: &mut Vm, a: Args<'_>) -> R {
    let args = this(vm, a)?.args.clone();
    let open = collect_parameters(vm, &args)?;
    let new = substitute(vm, &a.pos[0], &args, &open, &a.pos[1])?;
    union_of(vm, new)
}
