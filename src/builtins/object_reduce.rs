//! How objects say what they are made of, for copying and pickling: `__reduce__`, `__reduce_ex__`, `__getstate__`.

use crate::object::dict::Dict;
use crate::object::function::Native;
use crate::object::header::{Kind, Ref};
use crate::object::sequence::{List, Tuple};
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::member::Member;
use crate::vm::native::{Def, def};
use crate::vm::{Args, R, Vm};

pub const METHODS: &[Def] = &[
    def("__reduce__", 1, 1, |vm, a| reduce(vm, &a.pos[0], 0)),
    def("__reduce_ex__", 2, 2, reduce_ex),
    def("__getstate__", 1, 1, |vm, a| state(vm, &a.pos[0])),
];

/// Gives the classes whose contents no attribute shows their own `__reduce__`.
pub fn install(vm: &mut Vm) {
    let t = vm.types();
    let (set, frozenset, exception) = (t.set.clone(), t.frozenset.clone(), t.BaseException.clone());
    for class in [set, frozenset] {
        vm.add_methods(&class, &[def("__reduce__", 1, 1, reduce_set)]);
    }
    vm.add_methods(&exception, &[def("__reduce__", 1, 1, reduce_exception)]);
}

fn reduce_set(vm: &mut Vm, a: Args<'_>) -> R {
    let class = a.pos[0].class(&vm.heap).to_value();
    let items = vm.collect(&a.pos[0])?;
    let items: Value = List::new(&vm.heap, items).into();
    let args: Value = Tuple::new(&vm.heap, [items]).into();
    let state = state(vm, &a.pos[0])?;
    Ok(Tuple::new(&vm.heap, [class, args, state]).into())
}

fn reduce_exception(vm: &mut Vm, a: Args<'_>) -> R {
    let class = a.pos[0].class(&vm.heap).to_value();
    let args = vm.types().names.args.clone();
    let args = vm.get_attr(&a.pos[0], &args)?;
    Ok(match vm.instance_dict(&a.pos[0]) {
        Some(d) if !d.is_empty() => Tuple::new(&vm.heap, [class, args, d.into()]).into(),
        _ => Tuple::new(&vm.heap, [class, args]).into(),
    })
}

fn reduce_ex(vm: &mut Vm, a: Args<'_>) -> R {
    let protocol = vm.index_i64(&a.pos[1])?;
    let name = vm.intern("__reduce__");
    let own = a.pos[0].class(&vm.heap).lookup(&name);
    let is_plain = own
        .as_ref()
        .and_then(|f| f.downcast::<Native>())
        .is_some_and(|n| n.owner.as_ref().is_some_and(|t| t.is(&vm.types().object)));
    if !is_plain && let Some(f) = vm.get_attr_opt(&a.pos[0], &name)? {
        return vm.call(&f, &[]);
    }
    reduce(vm, &a.pos[0], protocol)
}

fn reduce(vm: &mut Vm, o: &Value, protocol: i64) -> R {
    let copyreg = vm.intern("copyreg");
    let copyreg = vm.import_module(&copyreg)?;
    if protocol < 2 {
        let name = vm.intern("_reduce_ex");
        return vm.call_method(&copyreg, &name, &[o.clone(), Value::int_unchecked(protocol)]);
    }
    let class = o.class(&vm.heap).clone();
    let base = vm.builtin_base(&class);
    let cannot = match o.kind() {
        Some(
            Kind::Instance
            | Kind::Exception
            | Kind::List
            | Kind::Dict
            | Kind::Set
            | Kind::Str
            | Kind::Bytes
            | Kind::Tuple
            | Kind::BigInt
            | Kind::Float,
        )
        | None => false,
        // Native objects have parts that no attribute shows.
        _ => true,
    };
    if cannot && !base.is(&vm.types().object) {
        let name = class.name_str();
        return Err(vm.type_error(format!("cannot pickle '{name}' object")));
    }
    let (args, keywords) = new_arguments(vm, o)?;
    let (maker, args) = match keywords {
        Some(keywords) if !keywords.is_empty() => {
            let name = vm.intern("__newobj_ex__");
            let args: Value = Tuple::new(&vm.heap, args).into();
            (vm.get_attr(&copyreg, &name)?, vec![class.to_value(), args, keywords.into()])
        }
        _ => {
            let name = vm.intern("__newobj__");
            let mut all = vec![class.to_value()];
            all.extend(args);
            (vm.get_attr(&copyreg, &name)?, all)
        }
    };
    let get = vm.intern("__getstate__");
    let state = vm.call_method(o, &get, &[])?;
    let items = match o.kind() {
        Some(Kind::List) => vm.iter(o)?,
        _ => Value::NONE,
    };
    let pairs = match o.kind() {
        Some(Kind::Dict) => {
            let name = vm.intern("items");
            let items = vm.call_method(o, &name, &[])?;
            vm.iter(&items)?
        }
        _ => Value::NONE,
    };
    let args: Value = Tuple::new(&vm.heap, args).into();
    Ok(Tuple::new(&vm.heap, [maker, args, state, items, pairs]).into())
}

/// What `__new__` wants, by `__getnewargs_ex__` or `__getnewargs__`; a value without parts is its own argument.
fn new_arguments(vm: &mut Vm, o: &Value) -> R<(Vec<Value>, Option<Ref<Dict>>)> {
    let name = vm.intern("__getnewargs_ex__");
    if let Some(f) = vm.get_attr_opt(o, &name)? {
        let pair = vm.call(&f, &[])?;
        let parts = pair.downcast::<Tuple>().filter(|t| t.len() == 2).cloned();
        let Some((args, keywords)) =
            parts.as_ref().and_then(|t| Some((t[0].downcast::<Tuple>()?.to_vec(), t[1].downcast::<Dict>()?.clone())))
        else {
            let got = vm.class_name(&pair);
            return Err(vm.type_error(format!("__getnewargs_ex__ should return a tuple, not '{got}'")));
        };
        return Ok((args, Some(keywords)));
    }
    let name = vm.intern("__getnewargs__");
    if let Some(f) = vm.get_attr_opt(o, &name)? {
        let args = vm.call(&f, &[])?;
        return match args.downcast::<Tuple>() {
            Some(t) => Ok((t.to_vec(), None)),
            None => {
                let got = vm.class_name(&args);
                Err(vm.type_error(format!("__getnewargs__ should return a tuple, not '{got}'")))
            }
        };
    }
    let t = vm.types();
    let base = match o.kind() {
        Some(Kind::Str) => &t.str,
        Some(Kind::Bytes) => &t.bytes,
        Some(Kind::Tuple) => &t.tuple,
        Some(Kind::Float) => &t.float,
        Some(Kind::BigInt) => &t.int,
        _ => return Ok((vec![], None)),
    };
    if !o.class(&vm.heap).has(type_flags::HEAP) {
        return Ok((vec![o.clone()], None));
    }
    let plain: Value = base.clone().into();
    Ok((vec![vm.call(&plain, std::slice::from_ref(o))?], None))
}

/// The attributes: the instance's dict, and with slots a pair of it and a dict of them; None where there are none.
fn state(vm: &mut Vm, o: &Value) -> R {
    let dict: Value = match vm.instance_dict(o) {
        Some(d) if !d.is_empty() => d.into(),
        _ => Value::NONE,
    };
    let slots = Dict::new(&vm.heap);
    let class = o.class(&vm.heap).clone();
    let order: Vec<Ref<Type>> = std::iter::once(class.clone()).chain(class.mro_tail.borrow().iter().cloned()).collect();
    for t in order.iter().filter(|t| t.has(type_flags::HEAP)) {
        for (name, v) in t.dict.items() {
            let Some(found) = v.opaque::<Member>().and_then(|m| m.get(o)) else { continue };
            if name.downcast::<Str>().is_some() {
                vm.dict_set(&slots, name, found)?;
            }
        }
    }
    if slots.is_empty() {
        return Ok(dict);
    }
    Ok(Tuple::new(&vm.heap, [dict, slots.into()]).into())
}
