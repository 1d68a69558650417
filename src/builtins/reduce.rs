//! What copying and pickling ask of objects: `__reduce_ex__`, `__reduce__`, `__getstate__`, and `__sizeof__`.
//! The functions that rebuild objects are those of the module `copyreg`.

use dashu_int::IBig;

use crate::object::attrs::Attrs;
use crate::object::buffer::ByteArray;
use crate::object::cell::Mut;
use crate::object::dict::Dict;
use crate::object::exception::Exception;
use crate::object::function::{BoundMethod, Native};
use crate::object::header::{Kind, Ref};
use crate::object::iter::{Iter, IterState};
use crate::object::number::BigInt;
use crate::object::sequence::{List, Range, Slice, Tuple};
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::exceptions::field;
use crate::vm::member::Member;
use crate::vm::native::{Def, def};
use crate::vm::protocol::range;
use crate::vm::{Args, Exc, R, Vm};

pub fn install(vm: &mut Vm) {
    let t = vm.types();
    let (object, exception) = (t.object.clone(), t.BaseException.clone());
    vm.add_methods(&object, OBJECT);
    vm.add_methods(&exception, &[def("__reduce__", 1, 1, of_exception)]);
    let (os, import, attribute) = (t.OSError.clone(), t.ImportError.clone(), t.AttributeError.clone());
    vm.add_methods(&os, &[def("__reduce__", 1, 1, of_os_error)]);
    vm.add_methods(&import, &[def("__reduce__", 1, 1, |vm, a| with_members(vm, a, IMPORT_MEMBERS, false))]);
    vm.add_methods(&attribute, &[def("__reduce__", 1, 1, |vm, a| with_members(vm, a, ATTRIBUTE_MEMBERS, true))]);
    let t = vm.types();
    let own: Vec<(Ref<Type>, Def)> = vec![
        (t.range.clone(), def("__reduce__", 1, 1, of_range)),
        (t.slice.clone(), def("__reduce__", 1, 1, of_slice)),
        (t.set.clone(), def("__reduce__", 1, 1, of_set)),
        (t.frozenset.clone(), def("__reduce__", 1, 1, of_set)),
        (t.bytearray.clone(), def("__reduce__", 1, 1, of_bytearray)),
        (t.bytearray.clone(), def("__reduce_ex__", 1, 2, of_bytearray)),
        (t.builtin_function.clone(), def("__reduce__", 1, 1, of_function)),
        (t.method.clone(), def("__reduce__", 1, 1, of_method)),
        (t.method_descriptor.clone(), def("__reduce__", 1, 1, of_method)),
        (t.wrapper_descriptor.clone(), def("__reduce__", 1, 1, of_method)),
        (t.method_wrapper.clone(), def("__reduce__", 1, 1, of_method)),
        (t.ellipsis.clone(), def("__reduce__", 1, 1, |vm, _| Ok(vm.new_str("Ellipsis")))),
        (t.not_implemented_type.clone(), def("__reduce__", 1, 1, |vm, _| Ok(vm.new_str("NotImplemented")))),
    ];
    let iterators = [
        &t.list_iterator,
        &t.tuple_iterator,
        &t.str_iterator,
        &t.str_ascii_iterator,
        &t.bytes_iterator,
        &t.bytearray_iterator,
        &t.range_iterator,
        &t.longrange_iterator,
        &t.set_iterator,
        &t.dict_keyiterator,
        &t.dict_valueiterator,
        &t.dict_itemiterator,
        &t.dict_reversekeyiterator,
        &t.dict_reversevalueiterator,
        &t.dict_reverseitemiterator,
        &t.callable_iterator,
        &t.iterator,
        &t.enumerate,
        &t.zip,
        &t.map,
        &t.filter,
        &t.reversed,
        &t.list_reverseiterator,
    ]
    .map(Ref::clone);
    for (class, row) in own {
        vm.add_methods(&class, &[row]);
    }
    for class in iterators {
        vm.add_methods(&class, &[def("__reduce__", 1, 1, of_iterator)]);
    }
}

const OBJECT: &[Def] = &[
    def("__reduce__", 1, 1, |vm, a| reduce_by_copyreg(vm, &a.pos[0], 0)),
    def("__reduce_ex__", 2, 2, reduce_ex),
    def("__getstate__", 1, 1, |vm, a| state(vm, &a.pos[0], false)),
    def("__sizeof__", 1, 1, sizeof),
];

fn tuple(vm: &Vm, items: impl IntoIterator<Item = Value>) -> Value {
    Tuple::new(&vm.heap, items.into_iter().collect::<Vec<_>>()).into()
}

/// A function of `copyreg`.
fn copyreg(vm: &mut Vm, name: &str) -> R {
    let (module, name) = (vm.intern("copyreg"), vm.intern(name));
    let module = vm.import_module(&module)?;
    vm.get_attr(&module, &name)
}

fn cannot_pickle(vm: &mut Vm, o: &Value) -> Exc {
    let class = vm.class_name(o);
    vm.type_error(format!("cannot pickle '{class}' object"))
}

/// Protocols 0 and 1: `copyreg._reduce_ex`.
fn reduce_by_copyreg(vm: &mut Vm, o: &Value, protocol: i64) -> R {
    let f = copyreg(vm, "_reduce_ex")?;
    vm.call(&f, &[o.clone(), Value::int_unchecked(protocol)])
}

/// `object.__reduce_ex__(protocol)`: a `__reduce__` that is overridden comes first.
fn reduce_ex(vm: &mut Vm, a: Args<'_>) -> R {
    let o = &a.pos[0];
    let protocol = vm.index_i64(&a.pos[1])?;
    let name = vm.intern("__reduce__");
    let (found, default) = (o.class(&vm.heap).lookup(&name), vm.types().object.lookup(&name));
    if let (Some(found), Some(default)) = (found, default)
        && !found.is(&default)
    {
        return vm.call_method(o, &name, &[]);
    }
    if protocol >= 2 { reduce_new(vm, o) } else { reduce_by_copyreg(vm, o, protocol) }
}

/// Protocol 2 and later: `copyreg.__newobj__` with the arguments of `__getnewargs_ex__` or `__getnewargs__`.
fn reduce_new(vm: &mut Vm, o: &Value) -> R {
    let class = o.class(&vm.heap).clone();
    if class.lookup(&vm.types().names.__new__).is_none() {
        return Err(cannot_pickle(vm, o));
    }
    let (with_keywords, plain) = (vm.intern("__getnewargs_ex__"), vm.intern("__getnewargs__"));
    let (mut args, mut keywords) = (None, None);
    if let Some(made) = vm.call_special(o, &with_keywords, &[])? {
        let Some(pair) = made.downcast::<Tuple>() else {
            let got = vm.class_name(&made);
            return Err(vm.type_error(format!("__getnewargs_ex__ should return a tuple, not '{got}'")));
        };
        let [first, second] = &pair[..] else {
            let n = pair.len();
            return Err(vm.value_error(format!("__getnewargs_ex__ should return a tuple of length 2, not {n}")));
        };
        match (first.downcast::<Tuple>(), second.downcast::<Dict>()) {
            (None, _) => {
                let got = vm.class_name(first);
                return Err(vm.type_error(format!(
                    "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '{got}'"
                )));
            }
            (_, None) => {
                let got = vm.class_name(second);
                return Err(vm.type_error(format!(
                    "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '{got}'"
                )));
            }
            (Some(a), Some(k)) => (args, keywords) = (Some(a.clone()), Some(k.clone())),
        }
    } else if let Some(made) = vm.call_special(o, &plain, &[])? {
        match made.downcast::<Tuple>() {
            Some(t) => args = Some(t.clone()),
            None => {
                let got = vm.class_name(&made);
                return Err(vm.type_error(format!("__getnewargs__ should return a tuple, not '{got}'")));
            }
        }
    }
    let has_args = args.is_some();
    let args = args.map_or_else(Vec::new, |t| t.to_vec());
    let (rebuild, new_args) = match keywords.filter(|k| !k.is_empty()) {
        Some(keywords) => {
            let f = copyreg(vm, "__newobj_ex__")?;
            let args = tuple(vm, args);
            (f, tuple(vm, [class.to_value(), args, keywords.into()]))
        }
        None => {
            let f = copyreg(vm, "__newobj__")?;
            (f, tuple(vm, std::iter::once(class.to_value()).chain(args)))
        }
    };
    let (is_list, is_dict) = (o.downcast::<List>().is_some(), o.downcast::<Dict>().is_some());
    let name = vm.intern("__getstate__");
    let (found, default) = (class.lookup(&name), vm.types().object.lookup(&name));
    let state = match (found, default) {
        (Some(f), Some(d)) if f.is(&d) => state(vm, o, !has_args && !is_list && !is_dict)?,
        _ => vm.call_method(o, &name, &[])?,
    };
    let items = if is_list { vm.iter(o)? } else { Value::NONE };
    let pairs = if is_dict {
        let items = vm.intern("items");
        let view = vm.call_method(o, &items, &[])?;
        vm.iter(&view)?
    } else {
        Value::NONE
    };
    Ok(tuple(vm, [rebuild, new_args, state, items, pairs]))
}

/// The names of the slots of a class and its bases that are no `__dict__` or `__weakref__`.
fn slots(vm: &Vm, class: &Ref<Type>) -> Vec<Ref<Str>> {
    // What `copyreg` has remembered, or somebody has put there.
    if let Some(kept) = class.dict.get_str(&vm.intern("__slotnames__"))
        && let Some(kept) = kept.downcast::<List>()
    {
        return kept.items.borrow().iter().filter_map(|name| name.downcast::<Str>().cloned()).collect();
    }
    let mut names: Vec<Ref<Str>> = Vec::new();
    for c in class.order() {
        for (_, v) in c.dict.items() {
            if let Some(m) = v.opaque::<Member>()
                && !names.iter().any(|n| n.is(&m.name))
                && !vm.is_dict_descriptor(&v)
            {
                names.push(m.name.clone());
            }
        }
    }
    names
}

/// `object.__getstate__`: the `__dict__`, or None where it is empty; with slots that are set, a tuple of that and them.
/// `required`: the state is all that there is to rebuild an object from, so built-in layouts are refused.
fn state(vm: &mut Vm, o: &Value, required: bool) -> R {
    let class = o.class(&vm.heap).clone();
    let opaque_layout = !matches!(o.kind(), None | Some(Kind::Instance | Kind::Exception));
    if required && opaque_layout {
        return Err(cannot_pickle(vm, o));
    }
    let has_any = o.header().and_then(Attrs::of).is_some_and(|a| a.dict().is_some() || !a.items().is_empty());
    let mut state = Value::NONE;
    if has_any {
        let name = vm.types().names.__dict__.clone();
        if let Some(d) = vm.get_attr_opt(o, &name)?
            && d.downcast::<Dict>().is_none_or(|d| !d.is_empty())
        {
            state = d;
        }
    }
    let slots = slots(vm, &class);
    let set = Dict::new(&vm.heap);
    for name in &slots {
        if let Some(v) = vm.get_attr_opt(o, name)? {
            set.set_str(&vm.heap, name, v);
        }
    }
    if set.is_empty() { Ok(state) } else { Ok(tuple(vm, [state, set.into()])) }
}

/// Bytes of an object without what it refers to: the sizes that CPython has on 64-bit machines, where it is one of a plain
/// layout.
fn sizeof(vm: &mut Vm, a: Args<'_>) -> R {
    let o = &a.pos[0];
    let class = o.class(&vm.heap);
    let items = match (o.downcast::<Tuple>(), o.downcast::<crate::object::sequence::Bytes>()) {
        (Some(t), _) => 8 * t.len(),
        (_, Some(b)) => b.data.len(),
        _ => 0,
    };
    let own = match o.opaque::<ByteArray>() {
        Some(array) => array.len() + usize::from(!array.is_empty()),
        None => items,
    };
    Ok(Value::from_len(super::type_layout::basic_size(class) + own))
}

/// Members that are no arguments, with their places among the fields.
type Members = [(&'static str, usize)];

const IMPORT_MEMBERS: &Members =
    &[("name", field::IMPORT_NAME), ("path", field::IMPORT_PATH), ("name_from", field::IMPORT_NAME_FROM)];

const ATTRIBUTE_MEMBERS: &Members = &[("name", field::ATTRIBUTE_NAME)];

/// The class, the arguments, and the attributes with the members that are set; `with_args`: the arguments are a member too.
fn with_members(vm: &mut Vm, a: Args<'_>, members: &Members, with_args: bool) -> R {
    let Some(x) = a.pos[0].downcast::<Exception>() else { return Err(cannot_pickle(vm, &a.pos[0])) };
    let state = Dict::new(&vm.heap);
    if let Some(own) = vm.instance_dict(&a.pos[0]) {
        own.copy_into(&vm.heap, &state);
    }
    for &(name, place) in members {
        if let Some(v) = x.field(place).filter(|v| !v.is_none()) {
            drop(state.set_str(&vm.heap, &vm.intern(name), v));
        }
    }
    if with_args {
        drop(state.set_str(&vm.heap, &vm.intern("args"), x.args.get().into()));
    }
    let mut parts = vec![x.ty().to_value(), x.args.get().into()];
    if !state.is_empty() {
        parts.push(state.into());
    }
    Ok(Tuple::new(&vm.heap, parts).into())
}

/// As that of other exceptions, with the file names behind the two arguments that are left of them.
fn of_os_error(vm: &mut Vm, a: Args<'_>) -> R {
    let plain = of_exception(vm, a)?;
    let (Some(x), Some(parts)) = (a.pos[0].downcast::<Exception>(), plain.downcast::<Tuple>()) else {
        return Ok(plain);
    };
    let mut args = x.args.get().to_vec();
    let Some(file) = x.field(field::FILENAME).filter(|_| args.len() == 2) else { return Ok(plain) };
    args.push(file);
    if let Some(second) = x.field(field::FILENAME2) {
        args.extend([Value::NONE, second]);
    }
    let mut parts = parts.to_vec();
    parts[1] = Tuple::new(&vm.heap, args).into();
    Ok(Tuple::new(&vm.heap, parts).into())
}

fn of_exception(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(x) = a.pos[0].downcast::<Exception>() else { return Err(cannot_pickle(vm, &a.pos[0])) };
    let (class, args) = (a.pos[0].class(&vm.heap).to_value(), x.args.get().to_value());
    let has_any = Attrs::of(x.header()).is_some_and(|a| a.dict().is_some() || !a.items().is_empty());
    let dict = if has_any { vm.instance_dict(&a.pos[0]) } else { None };
    Ok(match dict {
        Some(d) => tuple(vm, [class, args, d.into()]),
        None => tuple(vm, [class, args]),
    })
}

fn of_range(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(r) = a.pos[0].downcast::<Range>() else { return Err(cannot_pickle(vm, &a.pos[0])) };
    let parts = tuple(vm, [r.start.clone(), r.stop.clone(), r.step.clone()]);
    Ok(tuple(vm, [vm.types().range.to_value(), parts]))
}

fn of_slice(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(s) = a.pos[0].downcast::<Slice>() else { return Err(cannot_pickle(vm, &a.pos[0])) };
    let parts = tuple(vm, [s.start.clone(), s.stop.clone(), s.step.clone()]);
    Ok(tuple(vm, [vm.types().slice.to_value(), parts]))
}

fn of_set(vm: &mut Vm, a: Args<'_>) -> R {
    let o = &a.pos[0];
    let items = vm.collect(o)?;
    let items: Value = List::new(&vm.heap, items).into();
    let state = state(vm, o, false)?;
    let args = tuple(vm, [items]);
    Ok(tuple(vm, [o.class(&vm.heap).to_value(), args, state]))
}

fn of_bytearray(vm: &mut Vm, a: Args<'_>) -> R {
    let o = &a.pos[0];
    let Some(data) = o.opaque::<ByteArray>().map(ByteArray::to_vec) else { return Err(cannot_pickle(vm, o)) };
    let binary = match a.get(1) {
        Some(p) => vm.index_i64(p)? >= 3,
        None => false,
    };
    let args = if data.is_empty() {
        tuple(vm, [])
    } else if binary {
        let data = crate::object::sequence::Bytes::new(&vm.heap, data).into();
        tuple(vm, [data])
    } else {
        let points: Vec<u32> = data.iter().map(|&b| b.into()).collect();
        let text = Str::from_points(&vm.heap, &points).into();
        tuple(vm, [text, vm.new_str("latin-1")])
    };
    let state = state(vm, o, false)?;
    Ok(tuple(vm, [o.class(&vm.heap).to_value(), args, state]))
}

fn builtin(vm: &mut Vm, name: &str) -> Value {
    vm.builtins.get_str(&vm.intern(name)).unwrap_or(Value::NONE)
}

/// A function of a module is its name; a bound one is looked up again on what it is bound to.
fn of_function(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(n) = a.pos[0].downcast::<Native>().cloned() else { return Err(cannot_pickle(vm, &a.pos[0])) };
    match &n.bound {
        None => Ok(vm.new_str(n.def.name)),
        Some(o) => attribute_of(vm, o.clone(), n.def.name),
    }
}

fn attribute_of(vm: &mut Vm, o: Value, name: &str) -> R {
    let (getattr, name) = (builtin(vm, "getattr"), vm.new_str(name));
    let args = tuple(vm, [o, name]);
    Ok(tuple(vm, [getattr, args]))
}

fn of_method(vm: &mut Vm, a: Args<'_>) -> R {
    if let Some(m) = a.pos[0].downcast::<BoundMethod>().cloned() {
        let name = vm.types().names.__name__.clone();
        let name = vm.get_attr(&m.function, &name)?;
        let getattr = builtin(vm, "getattr");
        let args = tuple(vm, [m.receiver.clone(), name]);
        return Ok(tuple(vm, [getattr, args]));
    }
    let Some(n) = a.pos[0].downcast::<Native>().cloned() else { return Err(cannot_pickle(vm, &a.pos[0])) };
    let of = n.bound.clone().or_else(|| n.owner.as_ref().map(Ref::to_value));
    attribute_of(vm, of.unwrap_or(Value::NONE), n.def.name)
}

/// Iterators of containers are made again and set to where they are; those that take others say what from.
fn of_iterator(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(it) = a.pos[0].downcast::<Iter>().cloned() else { return Err(cannot_pickle(vm, &a.pos[0])) };
    let class = a.pos[0].class(&vm.heap).to_value();
    let iter = builtin(vm, "iter");
    // What is needed is taken out first: making objects must not happen while the state is borrowed.
    enum Plan {
        /// A function, what it iterates over, and the position.
        At(Value, Value, i64),
        /// The numbers that are left: first, step, how many.
        Numbers(Value, Value, IBig),
        Exhausted,
        Of(Vec<Value>, bool),
        /// The items that another iterator in the same state gives.
        Items(IterState),
        Calls(Value, Value),
        Refused,
    }
    let plan = match &*it.state.borrow() {
        IterState::Done => Plan::Exhausted,
        IterState::List { list, next } => Plan::At(iter.clone(), list.to_value(), *next as i64),
        IterState::ListReversed { list, next } => Plan::At(builtin(vm, "reversed"), list.to_value(), *next as i64 - 1),
        IterState::Tuple { tuple, next } => Plan::At(iter.clone(), tuple.to_value(), *next as i64),
        IterState::Str { text, next } => Plan::At(iter.clone(), text.to_value(), *next as i64),
        IterState::Bytes { bytes, next } => Plan::At(iter.clone(), bytes.to_value(), *next as i64),
        IterState::Sequence { object, next } => Plan::At(iter.clone(), object.clone(), (*next).max(0)),
        IterState::SequenceReversed { object, next } => Plan::At(class.clone(), object.clone(), *next),
        IterState::Range { next, step, left } => {
            let int = |i: i64| BigInt::from_i64(&vm.heap, i);
            Plan::Numbers(int(*next), int(*step), (*left).into())
        }
        IterState::BigRange { next, step, left } => {
            let left = left.as_int().map(|i| i.to_big()).unwrap_or_default();
            Plan::Numbers(next.clone(), step.clone(), left)
        }
        IterState::Dict { dict, part, next, len, left } => {
            Plan::Items(IterState::Dict { dict: dict.clone(), part: *part, next: *next, len: *len, left: *left })
        }
        IterState::DictReversed { dict, part, next, len } => {
            Plan::Items(IterState::DictReversed { dict: dict.clone(), part: *part, next: *next, len: *len })
        }
        IterState::Set { set, next, len } => Plan::Items(IterState::Set { set: set.clone(), next: *next, len: *len }),
        IterState::Callable { callable, sentinel } => Plan::Calls(callable.clone(), sentinel.clone()),
        IterState::Enumerate { inner, next } => Plan::Of(vec![inner.clone(), next.clone()], false),
        IterState::Zip { inner, strict } => Plan::Of(inner.to_vec(), *strict),
        IterState::Map { function, inner, strict } => {
            Plan::Of(std::iter::once(function).chain(inner.iter()).cloned().collect(), *strict)
        }
        IterState::Filter { function, inner } => Plan::Of(vec![function.clone(), inner.clone()], false),
        IterState::Native { .. } => Plan::Refused,
    };
    match plan {
        Plan::At(f, of, at) => {
            let args = tuple(vm, [of]);
            let at = BigInt::from_i64(&vm.heap, at);
            Ok(tuple(vm, [f, args, at]))
        }
        Plan::Numbers(first, step, left) => {
            let big = |v: &Value| v.as_int().map(|i| i.to_big()).unwrap_or_default();
            let stop = BigInt::value(&vm.heap, big(&first) + big(&step) * left);
            let range = range::make(vm, first, stop, step);
            let args = tuple(vm, [range]);
            Ok(tuple(vm, [iter, args, Value::NONE]))
        }
        Plan::Calls(callable, sentinel) => {
            let args = tuple(vm, [callable, sentinel]);
            Ok(tuple(vm, [iter, args]))
        }
        Plan::Of(parts, strict) => {
            let args = tuple(vm, parts);
            Ok(if strict { tuple(vm, [class, args, Value::TRUE]) } else { tuple(vm, [class, args]) })
        }
        Plan::Exhausted => {
            let t = vm.types();
            let is = |class: &Ref<Type>| a.pos[0].class(&vm.heap).is(class);
            if is(&t.range_iterator) || is(&t.longrange_iterator) {
                let [start, stop, step] = [0, 0, 1].map(Value::int_unchecked);
                let args = tuple(vm, [range::make(vm, start, stop, step)]);
                return Ok(tuple(vm, [iter, args, Value::NONE]));
            }
            let (f, empty): (Value, Value) = if is(&t.reversed) {
                (class, tuple(vm, []))
            } else if is(&t.list_reverseiterator) {
                (builtin(vm, "reversed"), List::new(&vm.heap, Vec::new()).into())
            } else if is(&t.str_iterator) || is(&t.str_ascii_iterator) {
                (iter, vm.new_str(""))
            } else if [&t.tuple_iterator, &t.bytes_iterator, &t.bytearray_iterator, &t.callable_iterator, &t.iterator]
                .into_iter()
                .any(is)
            {
                (iter, tuple(vm, []))
            } else {
                (iter, List::new(&vm.heap, Vec::new()).into())
            };
            let args = tuple(vm, [empty]);
            Ok(tuple(vm, [f, args]))
        }
        Plan::Items(state) => {
            let class = a.pos[0].class(&vm.heap).clone();
            let copy: Value = vm.heap.alloc(&class, Iter { state: Mut::new(state) }).into();
            let left = vm.collect(&copy)?;
            let left: Value = List::new(&vm.heap, left).into();
            let args = tuple(vm, [left]);
            Ok(tuple(vm, [iter, args]))
        }
        Plan::Refused => Err(cannot_pickle(vm, &a.pos[0])),
    }
}
