//! `_abc`: what `abc.ABCMeta` is made of: abstract methods, virtual subclasses and the caches of `issubclass`.

use rustc_hash::FxHashMap;

use super::new;
use crate::object::cell::Mut;
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::number::BigInt;
use crate::object::sequence::Tuple;
use crate::object::set::Set;
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::object::weak::WeakRef;
use crate::opaque_data;
use crate::vm::native::{Def, def};
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

/// Classes that are held weakly, by identity.
type Classes = FxHashMap<u64, Value>;

/// What a class of `ABCMeta` keeps, as its `_abc_impl`.
#[derive(Default)]
struct AbcData {
    registry: Mut<Classes>,
    cache: Mut<Classes>,
    negative_cache: Mut<Classes>,
    /// The count of registrations (of all classes) at which `negative_cache` was begun.
    negative_version: std::cell::Cell<u64>,
}

opaque_data!(AbcData { registry, cache, negative_cache } clear { registry, cache, negative_cache });

static ABC_DATA: Class = Class { module: "_abc", name: "_abc_data", doc: "What a class of ABCMeta keeps.", ..CLASS };

const TABLE: &[Def] = &[
    def("_abc_init", 1, 1, init),
    def("_abc_instancecheck", 2, 2, instance_check),
    def("_abc_register", 2, 2, register),
    def("_abc_subclasscheck", 2, 2, subclass_check),
    def("_get_dump", 1, 1, dump),
    def("_reset_caches", 1, 1, |vm, a| {
        let data = data(vm, &a.pos[0])?;
        with(&data, |d| drop((d.cache.take(), d.negative_cache.take())));
        Ok(Value::NONE)
    }),
    def("_reset_registry", 1, 1, |vm, a| {
        let data = data(vm, &a.pos[0])?;
        with(&data, |d| drop(d.registry.take()));
        Ok(Value::NONE)
    }),
    def("get_cache_token", 0, 0, |vm, _| Ok(BigInt::from_i64(&vm.heap, vm.native.abc_registrations as i64))),
];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    Ok(new(vm, "_abc", TABLE))
}

/// The `_abc_impl` of a class.
fn data(vm: &mut Vm, class: &Value) -> R {
    let name = vm.intern("_abc_impl");
    let v = vm.get_attr(class, &name)?;
    if v.opaque::<AbcData>().is_none() {
        return Err(vm.type_error("_abc_impl is set to a wrong type"));
    }
    Ok(v)
}

/// Works on what [`data`] gave.
fn with<T: Default>(data: &Value, f: impl FnOnce(&AbcData) -> T) -> T {
    data.opaque::<AbcData>().map(f).unwrap_or_default()
}

/// Whether a class is among these.
fn has(classes: &Mut<Classes>, class: &Value) -> bool {
    classes.borrow().get(&class.bits()).is_some_and(|r| r.opaque::<WeakRef>().and_then(WeakRef::get).is_some())
}

/// Adds a class, and forgets those that have died.
fn add(vm: &Vm, classes: &Mut<Classes>, class: &Value) {
    let reference = WeakRef::value_of(&vm.heap, &vm.types().weakref, class, None);
    let mut all = classes.take();
    all.retain(|_, r| r.opaque::<WeakRef>().and_then(WeakRef::get).is_some());
    all.insert(class.bits(), reference);
    classes.set(all);
}

fn live(classes: &Mut<Classes>) -> Vec<Value> {
    classes.borrow().values().filter_map(|r| r.opaque::<WeakRef>().and_then(WeakRef::get)).collect()
}

fn is_abstract(vm: &mut Vm, v: &Value) -> R<bool> {
    let name = vm.intern("__isabstractmethod__");
    match vm.get_attr_opt(v, &name)? {
        Some(flag) => vm.truth(&flag),
        None => Ok(false),
    }
}

/// The names of methods of a class that are abstract: its own, and those of bases that it does not replace.
fn abstract_names(vm: &mut Vm, class: &Ref<Type>) -> R<Ref<Set>> {
    let found = Set::new(&vm.heap, &vm.types().frozenset);
    for (name, v) in class.dict.items() {
        if is_abstract(vm, &v)? {
            vm.set_add(&found, name)?;
        }
    }
    let key = vm.intern("__abstractmethods__");
    for base in class.bases.get() {
        let Some(names) = vm.get_attr_opt(base.as_value(), &key)? else { continue };
        for name in vm.collect(&names)? {
            let Some(text) = name.downcast::<Str>() else { continue };
            let text = vm.heap.interned.intern(text);
            if let Some(v) = vm.get_attr_opt(class.as_value(), &text)?
                && is_abstract(vm, &v)?
            {
                vm.set_add(&found, name)?;
            }
        }
    }
    Ok(found)
}

const COLLECTIONS: u32 = type_flags::SEQUENCE | type_flags::MAPPING;

/// The bits of `__abc_tpflags__`, which are CPython's.
fn collection_flags(bits: i64) -> u32 {
    let flag = |bit: i64, flag: u32| if bits & bit != 0 { flag } else { 0 };
    flag(1 << 5, type_flags::SEQUENCE) | flag(1 << 6, type_flags::MAPPING)
}

fn class_of(v: &Value) -> Option<&Ref<Type>> {
    v.downcast::<Type>()
}

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(class) = class_of(&a.pos[0]) else {
        return Err(vm.type_error("_abc_init() argument must be a class"));
    };
    let names = abstract_names(vm, class)?.into();
    let key = vm.intern("__abstractmethods__");
    vm.set_attr(&a.pos[0], &key, names)?;
    let kind = vm.native_class(&ABC_DATA);
    let made = vm.new_opaque(&kind, AbcData::default());
    let key = vm.intern("_abc_impl");
    vm.set_attr(&a.pos[0], &key, made)?;
    let key = vm.intern("__abc_tpflags__");
    if let Some(bits) = class.dict.get_str(&key).and_then(|v| v.as_small_int()) {
        let flags = collection_flags(bits);
        if flags == COLLECTIONS {
            return Err(vm.type_error("__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING"));
        }
        class.flags.set(class.flags.get() & !COLLECTIONS | flags);
        drop(class.dict.remove_str(&key));
        class.modified();
    }
    Ok(Value::NONE)
}

fn register(vm: &mut Vm, a: Args<'_>) -> R {
    let (class, subclass) = (&a.pos[0], &a.pos[1]);
    let Some(sub) = class_of(subclass) else { return Err(vm.type_error("Can only register classes")) };
    if vm.issubclass(subclass, class)? {
        return Ok(subclass.clone());
    }
    if vm.issubclass(class, subclass)? {
        return Err(vm.runtime_error("Refusing to create an inheritance cycle"));
    }
    let data = data(vm, class)?;
    with(&data, |d| add(vm, &d.registry, subclass));
    vm.native.abc_registrations += 1;
    let flags = class_of(class).map_or(0, |c| c.flags.get() & COLLECTIONS);
    if flags != 0 {
        set_collection(sub, flags);
    }
    Ok(subclass.clone())
}

/// Makes instances of a class and of its subclasses match sequence or mapping patterns.
fn set_collection(class: &Ref<Type>, flags: u32) {
    // Built-in classes are what they are: a str is no sequence to a pattern.
    if class.flags.get() & COLLECTIONS == flags || !class.has(type_flags::HEAP) {
        return;
    }
    class.flags.set(class.flags.get() & !COLLECTIONS | flags);
    class.subclasses().iter().for_each(|c| set_collection(c, flags));
}

/// `class.__subclasscheck__(subclass)`, which a metaclass may have replaced.
fn ask(vm: &mut Vm, class: &Value, subclass: &Value) -> R<bool> {
    let name = vm.types().names.__subclasscheck__.clone();
    let answer = vm.call_method(class, &name, std::slice::from_ref(subclass))?;
    vm.truth(&answer)
}

fn instance_check(vm: &mut Vm, a: Args<'_>) -> R {
    let (class, o) = (&a.pos[0], &a.pos[1]);
    let data = data(vm, class)?;
    let name = vm.types().names.__class__.clone();
    let says = vm.get_attr(o, &name)?;
    if with(&data, |d| has(&d.cache, &says)) {
        return Ok(Value::TRUE);
    }
    let own = o.class(&vm.heap).to_value();
    if own.is(&says) {
        let known = vm.native.abc_registrations;
        if with(&data, |d| d.negative_version.get() == known && has(&d.negative_cache, &says)) {
            return Ok(Value::FALSE);
        }
        return ask(vm, class, &says).map(Value::bool);
    }
    Ok(Value::bool(ask(vm, class, &says)? || ask(vm, class, &own)?))
}

fn subclass_check(vm: &mut Vm, a: Args<'_>) -> R {
    let (class, subclass) = (&a.pos[0], &a.pos[1]);
    let Some(sub) = class_of(subclass) else {
        return Err(vm.type_error("issubclass() arg 1 must be a class"));
    };
    let data = data(vm, class)?;
    if with(&data, |d| has(&d.cache, subclass)) {
        return Ok(Value::TRUE);
    }
    let known = vm.native.abc_registrations;
    let denied = with(&data, |d| {
        // A registration since then may have changed the answers.
        if d.negative_version.replace(known) != known {
            drop(d.negative_cache.take());
        }
        has(&d.negative_cache, subclass)
    });
    if denied {
        return Ok(Value::FALSE);
    }
    let answer = find(vm, class, sub, &data)?;
    with(&data, |d| {
        // A class that is registered itself is found as quickly there.
        if !has(&d.registry, subclass) {
            add(vm, if answer { &d.cache } else { &d.negative_cache }, subclass);
        }
    });
    Ok(Value::bool(answer))
}

/// The answer without the caches: by `__subclasshook__`, the order of bases, registered classes, subclasses.
fn find(vm: &mut Vm, class: &Value, sub: &Ref<Type>, data: &Value) -> R<bool> {
    let hook = vm.intern("__subclasshook__");
    let answer = vm.call_method(class, &hook, &[sub.to_value()])?;
    if !answer.is_not_implemented() {
        return match answer.as_bool() {
            Some(answer) => Ok(answer),
            None => {
                let class = vm.types().AssertionError.clone();
                Err(vm.error(&class, "__subclasshook__ must return either False, True, or NotImplemented"))
            }
        };
    }
    if class_of(class).is_some_and(|c| sub.is_subclass(c)) {
        return Ok(true);
    }
    for registered in with(data, |d| live(&d.registry)) {
        if vm.issubclass(sub.as_value(), &registered)? {
            return Ok(true);
        }
    }
    let name = vm.intern("__subclasses__");
    let subclasses = vm.call_method(class, &name, &[])?;
    for c in vm.collect(&subclasses)? {
        if vm.issubclass(sub.as_value(), &c)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `(registry, cache, negative_cache, negative_cache_version)`, the first three as sets of weak references.
fn dump(vm: &mut Vm, a: Args<'_>) -> R {
    let data = data(vm, &a.pos[0])?;
    let parts = with(&data, |d| {
        [&d.registry, &d.cache, &d.negative_cache].map(|c| c.borrow().values().cloned().collect::<Vec<_>>()).to_vec()
    });
    let mut all = Vec::new();
    for part in parts {
        let set = Set::new(&vm.heap, &vm.types().set);
        for reference in part {
            vm.set_add(&set, reference)?;
        }
        all.push(set.into());
    }
    all.push(BigInt::from_i64(&vm.heap, with(&data, |d| d.negative_version.get()) as i64));
    Ok(Tuple::new(&vm.heap, all).into())
}
