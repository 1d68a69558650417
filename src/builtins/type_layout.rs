//! What `type` tells of the layout of instances.  The numbers are those of CPython on 64-bit machines: programs that print
//! them want those, and nothing here has the same layout.

use crate::object::header::{Kind, Ref};
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::member::Member;
use crate::vm::{Args, R, Vm};

pub fn install(vm: &mut Vm) {
    let class = vm.types().type_.clone();
    vm.add_member(&class, "__basicsize__", |vm, a| Ok(Value::from_len(basic_size(this(vm, a)?))), None);
    vm.add_member(&class, "__itemsize__", |vm, a| Ok(Value::from_len(item_size(this(vm, a)?))), None);
    vm.add_member(&class, "__dictoffset__", dict_offset, None);
    vm.add_member(&class, "__weakrefoffset__", weakref_offset, None);
    vm.add_member(&class, "__flags__", flags, None);
    vm.add_getset(&class, "__text_signature__", text_signature, None);
    vm.add_getset(&class, "__abstractmethods__", get_abstract, Some(set_abstract));
}

fn this<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a Ref<Type>> {
    match a.pos.first().and_then(|v| v.downcast::<Type>()) {
        Some(t) => Ok(t),
        None => Err(vm.type_error("descriptor of 'type' needs a class")),
    }
}

fn text_signature(vm: &mut Vm, a: Args<'_>) -> R {
    let class = this(vm, a)?.clone();
    let built_in = !class.has(type_flags::HEAP) || class.has(type_flags::IMMUTABLE);
    Ok(if built_in { super::docs::class_signature(vm, &class.own_name()) } else { Value::NONE })
}

/// Bytes of an instance without items.
pub fn basic_size(class: &Ref<Type>) -> usize {
    let built_in = match class.instance_kind {
        Kind::Instance | Kind::Free => 16,
        Kind::BigInt | Kind::Float | Kind::Tuple => 24,
        Kind::Bytes => 33,
        Kind::Str => 64,
        Kind::List | Kind::Slice | Kind::BoundMethod | Kind::Cell => 40,
        Kind::Dict | Kind::Range => 48,
        Kind::Set => 200,
        Kind::Type => 928,
        Kind::Function => 144,
        Kind::Exception => 72,
        Kind::Property => 64,
        Kind::Super => 40,
        _ => 32,
    };
    let slots =
        class.order().into_iter().flat_map(|c| c.dict.items()).filter(|(_, v)| v.opaque::<Member>().is_some()).count();
    built_in + 8 * slots
}

fn item_size(class: &Type) -> usize {
    match class.instance_kind {
        Kind::BigInt => 4,
        Kind::Tuple => 8,
        Kind::Bytes => 1,
        Kind::Type => 40,
        _ => 0,
    }
}

fn has_dict(class: &Type) -> bool {
    class.has(type_flags::ATTRS) && !class.has(type_flags::NO_DICT)
}

/// -1 where the interpreter manages the `__dict__`, 0 where instances have none.
fn dict_offset(vm: &mut Vm, a: Args<'_>) -> R {
    let class = this(vm, a)?;
    let managed = class.has(type_flags::HEAP) && has_dict(class);
    Ok(match class.instance_kind {
        Kind::Function => Value::int_unchecked(88),
        Kind::Exception | Kind::Module => Value::int_unchecked(16),
        Kind::Type => Value::int_unchecked(264),
        _ if managed => Value::int_unchecked(-1),
        _ => Value::int_unchecked(0),
    })
}

fn weakref_offset(vm: &mut Vm, a: Args<'_>) -> R {
    let class = this(vm, a)?;
    let managed = class.has(type_flags::HEAP) && class.lookup(&vm.types().names.__weakref__).is_some();
    Ok(match class.instance_kind {
        Kind::Function => Value::int_unchecked(96),
        Kind::Type => Value::int_unchecked(368),
        Kind::Set => Value::int_unchecked(192),
        Kind::Module => Value::int_unchecked(40),
        Kind::Generator => Value::int_unchecked(16),
        _ if managed => Value::int_unchecked(-32),
        _ => Value::int_unchecked(0),
    })
}

/// `Py_TPFLAGS_*`: what programs look at, that is mutability, layout and the fast subclass bits.
fn flags(vm: &mut Vm, a: Args<'_>) -> R {
    const IMMUTABLE: i64 = 1 << 8;
    const HEAP_TYPE: i64 = 1 << 9;
    const BASE_TYPE: i64 = 1 << 10;
    const READY: i64 = 1 << 12;
    const HAVE_GC: i64 = 1 << 14;
    const IS_ABSTRACT: i64 = 1 << 20;
    const MANAGED_WEAKREF: i64 = 1 << 3;
    const MANAGED_DICT: i64 = 1 << 4;
    let class = this(vm, a)?;
    let python = class.has(type_flags::HEAP) && !class.has(type_flags::IMMUTABLE);
    let mut bits = READY;
    bits |= if python { HEAP_TYPE | HAVE_GC } else { IMMUTABLE };
    if class.has(type_flags::BASE) {
        bits |= BASE_TYPE;
    }
    for (flag, bit) in
        [(type_flags::SEQUENCE, 1 << 5), (type_flags::MAPPING, 1 << 6), (type_flags::MATCH_SELF, 1 << 22)]
    {
        if class.has(flag) {
            bits |= bit;
        }
    }
    if class.has(type_flags::ABSTRACT) {
        bits |= IS_ABSTRACT;
    }
    if python && has_dict(class) {
        bits |= MANAGED_DICT;
    }
    if python && class.lookup(&vm.types().names.__weakref__).is_some() {
        bits |= MANAGED_WEAKREF;
    }
    if !python
        && !matches!(
            class.instance_kind,
            Kind::Instance | Kind::BigInt | Kind::Float | Kind::Str | Kind::Bytes | Kind::Range | Kind::Opaque
        )
    {
        bits |= HAVE_GC;
    }
    bits |= match class.instance_kind {
        Kind::BigInt => 1 << 24,
        Kind::List => 1 << 25,
        Kind::Tuple => 1 << 26,
        Kind::Bytes => 1 << 27,
        Kind::Str => 1 << 28,
        Kind::Dict => 1 << 29,
        Kind::Exception => 1 << 30,
        Kind::Type => 1 << 31,
        _ => 0,
    };
    Ok(Value::int_unchecked(bits))
}

fn get_abstract(vm: &mut Vm, a: Args<'_>) -> R {
    let class = this(vm, a)?;
    let name = vm.intern("__abstractmethods__");
    let own = if class.is(&vm.types().type_) { None } else { class.dict.get_str(&name) };
    match own {
        Some(v) => Ok(v),
        None => Err(vm.attribute_error_of("__abstractmethods__", class.as_value(), &name)),
    }
}

/// `class.__abstractmethods__ = names`: while there are any, the class makes no instances.
fn set_abstract(vm: &mut Vm, a: Args<'_>) -> R {
    let class = this(vm, a)?.clone();
    let name = vm.intern("__abstractmethods__");
    let is_abstract = match a.get(1) {
        Some(v) => {
            let truth = vm.truth(v)?;
            drop(class.dict.set_str(&vm.heap, &name, v.clone()));
            truth
        }
        None => {
            if class.dict.remove_str(&name).is_none() {
                return Err(vm.attribute_error_of("__abstractmethods__", class.as_value(), &name));
            }
            false
        }
    };
    let others = class.flags.get() & !type_flags::ABSTRACT;
    class.flags.set(others | if is_abstract { type_flags::ABSTRACT } else { 0 });
    class.modified();
    Ok(Value::NONE)
}
