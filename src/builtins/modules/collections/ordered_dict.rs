//! `OrderedDict`: a dict keeps its order anyway, so this adds only what compares and moves by it.

use std::cell::Cell;

use crate::builtins::dict::methods;
use crate::builtins::slots::{self, this};
use crate::object::dict::Dict;
use crate::object::header::{Kind, Ref};
use crate::object::iter::DictPart;
use crate::object::sequence::{List, Tuple};
use crate::object::str::Str;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::{Signature, signature};
use crate::vm::native_class::{CLASS, Class};
use crate::vm::native_iter::NativeIter;
use crate::vm::protocol::dict_view::{self, View};
use crate::vm::{Args, R, Vm};

pub static ORDERED_DICT: Class = Class {
    module: "collections",
    name: "OrderedDict",
    doc: "A dict whose order counts: it compares by it and can change it.",
    kind: Kind::Dict,
    flags: type_flags::BASE | type_flags::ATTRS,
    base: Some(|t| &t.dict),
    methods: &[
        def_kw("__init__", 1, ANY, init),
        def_kw("update", 1, ANY, update),
        def("__repr__", 1, 1, repr),
        def("__iter__", 1, 1, |vm, a| iter(vm, a, false)),
        def("__reversed__", 1, 1, |vm, a| iter(vm, a, true)),
        def("__eq__", 2, 2, eq),
        def("__ne__", 2, 2, ne),
        def("keys", 1, 1, |vm, a| view(vm, a, &KEYS, DictPart::Keys)),
        def("values", 1, 1, |vm, a| view(vm, a, &VALUES, DictPart::Values)),
        def("items", 1, 1, |vm, a| view(vm, a, &ITEMS, DictPart::Items)),
        def("clear", 1, 1, clear),
        def_kw("move_to_end", 1, ANY, move_to_end),
        def_kw("popitem", 1, ANY, popitem),
        def_kw("pop", 1, ANY, pop),
        def_kw("setdefault", 1, ANY, setdefault),
        def("copy", 1, 1, copy),
        def("__reduce__", 1, 1, reduce),
        def("__or__", 2, 2, or),
        def("__ror__", 2, 2, ror),
        def("__ior__", 2, 2, ior),
    ],
    unhashable: true,
    ..CLASS
};

/// An iterator over the keys, the values or the items.
struct Entries {
    dict: Ref<Dict>,
    part: DictPart,
    reverse: bool,
    /// The next position to look at; from behind, the one after it.
    at: Cell<usize>,
    /// The length at the start; a dict that changes it is an error.
    len: usize,
}

opaque_data!(Entries { dict });

impl Entries {
    fn part_of(&self, vm: &Vm, key: Value, value: Value) -> Value {
        match self.part {
            DictPart::Keys => key,
            DictPart::Values => value,
            DictPart::Items => Tuple::new(&vm.heap, [key, value]).into(),
        }
    }
}

impl NativeIter for Entries {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        if self.dict.len() != self.len {
            return Err(vm.runtime_error("OrderedDict mutated during iteration"));
        }
        if !self.reverse {
            let Some((after, key, value)) = self.dict.next_entry(self.at.get()) else { return Ok(None) };
            self.at.set(after);
            return Ok(Some(self.part_of(vm, key, value)));
        }
        while let Some(at) = self.at.get().checked_sub(1) {
            self.at.set(at);
            if let Some((_, key, value)) = self.dict.entry(at) {
                return Ok(Some(self.part_of(vm, key, value)));
            }
        }
        Ok(None)
    }
}

static ITERATOR: Class = Class {
    name: "odict_iterator",
    kind: Kind::Iter,
    methods: &[slots::ITER, slots::NEXT, def("__reduce__", 1, 1, reduce_entries)],
    ..CLASS
};

/// `iter` and a list of what is left, which stays in the iterator.
fn reduce_entries(vm: &mut Vm, a: Args<'_>) -> R {
    let it = vm.iter_receiver::<Entries>(a)?;
    let rest = Entries { dict: it.dict.clone(), part: it.part, reverse: it.reverse, at: it.at.clone(), len: it.len };
    let mut left = Vec::new();
    while let Some(entry) = rest.next(vm)? {
        left.push(entry);
    }
    let iter = vm.builtins.get_str(&vm.intern("iter")).unwrap_or(Value::NONE);
    let list: Value = List::new(&vm.heap, left).into();
    let args: Value = Tuple::new(&vm.heap, [list]).into();
    Ok(Tuple::new(&vm.heap, [iter, args]).into())
}

fn entries(vm: &mut Vm, dict: Ref<Dict>, part: DictPart, reverse: bool) -> Value {
    let at = Cell::new(if reverse { dict.positions() } else { 0 });
    let class = vm.native_class(&ITERATOR);
    let len = dict.len();
    vm.new_native_iter(&class, Entries { dict, part, reverse, at, len })
}

fn iter(vm: &mut Vm, a: Args<'_>, reverse: bool) -> R {
    let dict = this::<Dict>(vm, a)?.clone();
    Ok(entries(vm, dict, DictPart::Keys, reverse))
}

/// The methods of the views of an OrderedDict, whose iterators are those of an OrderedDict.
const VIEW: &[Def] = &[
    def("__iter__", 1, 1, |vm, a| view_iter(vm, a, false)),
    def("__reversed__", 1, 1, |vm, a| view_iter(vm, a, true)),
];

static KEYS: Class = Class { name: "odict_keys", base: Some(|t| &t.dict_keys), methods: VIEW, ..CLASS };
static VALUES: Class = Class { name: "odict_values", base: Some(|t| &t.dict_values), methods: VIEW, ..CLASS };
static ITEMS: Class = Class { name: "odict_items", base: Some(|t| &t.dict_items), methods: VIEW, ..CLASS };

fn view(vm: &mut Vm, a: Args<'_>, class: &'static Class, part: DictPart) -> R {
    let dict = this::<Dict>(vm, a)?.clone();
    let class = vm.native_class(class);
    Ok(dict_view::view_of(vm, &class, dict, part))
}

fn view_iter(vm: &mut Vm, a: Args<'_>, reverse: bool) -> R {
    match a.pos.first().and_then(|v| v.opaque::<View>()).map(|v| (v.dict.clone(), v.part)) {
        Some((dict, part)) => Ok(entries(vm, dict, part, reverse)),
        None => Err(vm.type_error("descriptor requires a dict view")),
    }
}

fn clear(vm: &mut Vm, a: Args<'_>) -> R {
    this::<Dict>(vm, a)?.clear_all(&vm.heap);
    Ok(Value::NONE)
}

/// Sets every item of a mapping or of pairs through the object's own `__setitem__`.
fn fill(vm: &mut Vm, a: Args<'_>, function: &str) -> R<()> {
    let o = &a.pos[0];
    if a.pos.len() > 2 {
        let n = a.pos.len() - 1;
        return Err(vm.type_error(format!("{function} expected at most 1 argument, got {n}")));
    }
    if let Some(from) = a.get(1) {
        fill_from(vm, o, from)?;
    }
    for (n, v) in a.names.iter().zip(a.values) {
        vm.set_item(o, n, v.clone())?;
    }
    Ok(())
}

fn fill_from(vm: &mut Vm, o: &Value, from: &Value) -> R<()> {
    if let Some(d) = from.downcast::<Dict>().filter(|d| d.ty().is(&vm.types().dict)).cloned() {
        let mut at = 0;
        while let Some((after, k, v)) = d.next_entry(at) {
            at = after;
            vm.set_item(o, &k, v)?;
        }
        return Ok(());
    }
    let keys = vm.types().names.keys.clone();
    if let Some(f) = vm.get_attr_opt(from, &keys)? {
        let keys = vm.call(&f, &[])?;
        let it = vm.iter(&keys)?;
        while let Some(k) = vm.next(&it)? {
            let v = vm.get_item(from, &k)?;
            vm.set_item(o, &k, v)?;
        }
        return Ok(());
    }
    let it = vm.iter(from)?;
    while let Some(pair) = vm.next(&it)? {
        let items = vm.collect(&pair)?;
        match <[Value; 2]>::try_from(items) {
            Ok([k, v]) => vm.set_item(o, &k, v)?,
            Err(items) if items.len() > 2 => {
                return Err(vm.value_error("too many values to unpack (expected 2)"));
            }
            Err(items) => {
                let (n, s) = (items.len(), if items.len() == 1 { "" } else { "s" });
                return Err(vm.value_error(format!("need more than {n} value{s} to unpack")));
            }
        }
    }
    Ok(())
}

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    fill(vm, a, "OrderedDict").map(|()| Value::NONE)
}

fn update(vm: &mut Vm, a: Args<'_>) -> R {
    fill(vm, a, "update").map(|()| Value::NONE)
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let d = this::<Dict>(vm, a)?.clone();
    let name = a.pos[0].class(&vm.heap).own_name();
    if d.is_empty() {
        return Ok(vm.new_str(&format!("{name}()")));
    }
    vm.guard_repr(&a.pos[0], "...", |vm| {
        // The entries are those of `items()`, which a subclass may have its own of.
        let plain = Dict::new(&vm.heap);
        let items = vm.intern("items");
        let items = vm.call_method(d.as_value(), &items, &[])?;
        methods::update_from(vm, &plain, &items)?;
        let entries = vm.repr(plain.as_value())?;
        let mut points: Vec<u32> = format!("{name}(").chars().map(u32::from).collect();
        points.extend(entries.points());
        points.push(u32::from(')'));
        Ok(Str::from_points(&vm.heap, &points).into())
    })
}

fn equal(vm: &mut Vm, a: Args<'_>) -> R<Option<bool>> {
    let d = this::<Dict>(vm, a)?.clone();
    let Some(other) = a.pos[1].downcast::<Dict>().cloned() else { return Ok(None) };
    if !vm.dict_equal(&d, &other)? {
        return Ok(Some(false));
    }
    let class = vm.native_class(&ORDERED_DICT);
    if !other.ty().is_subclass(&class) {
        return Ok(Some(true));
    }
    let (mut i, mut j) = (0, 0);
    while let (Some((after, x, _)), Some((behind, y, _))) = (d.next_entry(i), other.next_entry(j)) {
        (i, j) = (after, behind);
        if !vm.eq_or_is(&x, &y)? {
            return Ok(Some(false));
        }
    }
    Ok(Some(true))
}

fn eq(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(equal(vm, a)?.map_or(Value::NOT_IMPLEMENTED, Value::bool))
}

fn ne(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(equal(vm, a)?.map_or(Value::NOT_IMPLEMENTED, |e| Value::bool(!e)))
}

/// Moving to the front makes the table anew, so it takes time in proportion to the length.
fn move_to_end(vm: &mut Vm, a: Args<'_>) -> R {
    let d = this::<Dict>(vm, a)?.clone();
    let [key, last] = a.rest().bind(vm, &signature("move_to_end", ["key", "last"], 1))?;
    let key = &key.cloned().unwrap_or(Value::NONE);
    let last = match last {
        Some(v) => vm.truth(v)?,
        None => true,
    };
    let hash = vm.hash(key)?;
    let Some(at) = vm.dict_find(&d, hash, key)? else { return Err(vm.key_error(key)) };
    let hash = d.entry(at).map_or(hash, |e| e.0);
    let (key, value) = d.remove_at(at);
    if last {
        d.insert_new(&vm.heap, hash, key, value);
        return Ok(Value::NONE);
    }
    let rest: Vec<(u64, Value, Value)> = (0..d.positions()).filter_map(|i| d.entry(i)).collect();
    d.clear_all(&vm.heap);
    d.insert_new(&vm.heap, hash, key, value);
    for (hash, key, value) in rest {
        d.insert_new(&vm.heap, hash, key, value);
    }
    Ok(Value::NONE)
}

fn popitem(vm: &mut Vm, a: Args<'_>) -> R {
    let d = this::<Dict>(vm, a)?.clone();
    let [last] = a.rest().bind(vm, &signature("popitem", ["last"], 0))?;
    let last = match last {
        Some(v) => vm.truth(v)?,
        None => true,
    };
    let at = if last { d.last_position() } else { d.next_entry(0).map(|(after, ..)| after - 1) };
    match at {
        Some(at) => {
            let (k, v) = d.remove_at(at);
            Ok(Tuple::new(&vm.heap, [k, v]).into())
        }
        None => {
            let text = vm.new_str("dictionary is empty");
            Err(vm.key_error(&text))
        }
    }
}

const WITH_DEFAULT: [&str; 2] = ["key", "default"];

fn pop(vm: &mut Vm, a: Args<'_>) -> R {
    const PARAMETERS: Signature<2> = signature("pop", WITH_DEFAULT, 1);
    let [key, default] = a.rest().bind(vm, &PARAMETERS)?;
    let d = this::<Dict>(vm, a)?.clone();
    let key = &key.cloned().unwrap_or(Value::NONE);
    if let Some(v) = vm.dict_remove(&d, key)? {
        return Ok(v);
    }
    match default {
        Some(v) => Ok(v.clone()),
        None => Err(vm.key_error(key)),
    }
}

fn setdefault(vm: &mut Vm, a: Args<'_>) -> R {
    const PARAMETERS: Signature<2> = signature("setdefault", WITH_DEFAULT, 1);
    let [key, default] = a.rest().bind(vm, &PARAMETERS)?;
    let d = this::<Dict>(vm, a)?.clone();
    let key = &key.cloned().unwrap_or(Value::NONE);
    if let Some(v) = vm.dict_get(&d, key)? {
        return Ok(v);
    }
    let v = default.cloned().unwrap_or(Value::NONE);
    vm.set_item(&a.pos[0], key, v.clone())?;
    Ok(v)
}

fn copy(vm: &mut Vm, a: Args<'_>) -> R {
    let d = this::<Dict>(vm, a)?.clone();
    let class: Value = a.pos[0].class(&vm.heap).clone().into();
    let new = vm.call(&class, &[])?;
    let mut at = 0;
    while let Some((after, k, v)) = d.next_entry(at) {
        at = after;
        vm.set_item(&new, &k, v)?;
    }
    Ok(new)
}

fn reduce(vm: &mut Vm, a: Args<'_>) -> R {
    let d: Ref<Dict> = this::<Dict>(vm, a)?.clone();
    let class: Value = a.pos[0].class(&vm.heap).clone().into();
    let state = match vm.instance_dict(&a.pos[0]) {
        Some(state) if !state.is_empty() => methods::copy_of(vm, &state).into(),
        _ => Value::NONE,
    };
    let items = vm.intern("items");
    let items = vm.call_method(d.as_value(), &items, &[])?;
    let items = vm.iter(&items)?;
    let args: Value = Tuple::new(&vm.heap, []).into();
    Ok(Tuple::new(&vm.heap, [class, args, state, Value::NONE, items]).into())
}

/// A new object of the class of `this` with the entries of two dicts.
fn union(vm: &mut Vm, this: &Value, left: &Value, right: &Value) -> R {
    if left.downcast::<Dict>().is_none() || right.downcast::<Dict>().is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let class: Value = this.class(&vm.heap).clone().into();
    let new = vm.call(&class, std::slice::from_ref(left))?;
    fill_from(vm, &new, right)?;
    Ok(new)
}

fn or(vm: &mut Vm, a: Args<'_>) -> R {
    union(vm, &a.pos[0], &a.pos[0], &a.pos[1])
}

fn ror(vm: &mut Vm, a: Args<'_>) -> R {
    union(vm, &a.pos[0], &a.pos[1], &a.pos[0])
}

fn ior(vm: &mut Vm, a: Args<'_>) -> R {
    fill_from(vm, &a.pos[0], &a.pos[1])?;
    Ok(a.pos[0].clone())
}
