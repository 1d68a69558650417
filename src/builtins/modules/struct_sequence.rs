//! Tuples with named items (`sys.version_info`, `time.struct_time`): classes derived from `tuple`.

use crate::object::dict::Dict;
use crate::object::header::{Kind, Ref};
use crate::object::sequence::Tuple;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::native::{NativeFn, def};
use crate::vm::{Args, R, Vm};

macro_rules! items {
    ($($f:ident $i:literal)*) => {
        $(fn $f(vm: &mut Vm, a: Args<'_>) -> R { item(vm, a, $i) })*
        const ITEMS: &[NativeFn] = &[$($f),*];
    };
}

items! {
    i0 0 i1 1 i2 2 i3 3 i4 4 i5 5 i6 6 i7 7 i8 8 i9 9 i10 10 i11 11 i12 12 i13 13 i14 14 i15 15 i16 16 i17 17
}

fn item(vm: &mut Vm, a: Args<'_>, i: usize) -> R {
    match a.pos[0].downcast::<Tuple>().and_then(|t| t.get(i)) {
        Some(v) => Ok(v.clone()),
        None => Err(vm.attribute_error_text("no such item")),
    }
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let class = a.pos[0].class(&vm.heap).clone();
    let Some(t) = a.pos[0].downcast::<Tuple>().cloned() else {
        return Err(vm.type_error("descriptor requires a tuple"));
    };
    let fields = class.dict.get_str(&vm.types().names.__match_args__.clone());
    let fields = fields.and_then(|f| f.downcast::<Tuple>().cloned());
    let name = vm.full_name(&class)?;
    let mut parts = Vec::new();
    if let Some(fields) = fields {
        for (f, v) in fields.iter().zip(t.iter()) {
            let (f, v) = (vm.str(f)?, vm.repr(v)?);
            parts.push(format!("{f}={v}"));
        }
    }
    Ok(vm.new_str(&format!("{name}({})", parts.join(", "))))
}

/// A class of tuples whose items have these names; at most 18.
pub fn class(vm: &mut Vm, module: &str, name: &str, fields: &[&'static str]) -> Ref<Type> {
    let tuple = vm.types().tuple.clone();
    let mut tail = vec![tuple.clone()];
    tail.extend(tuple.mro_tail.borrow().iter().cloned());
    let meta = vm.types().type_.clone();
    let interned = vm.intern(name);
    // Flagged as a class of Python code, so that its `repr` is asked for; its attributes can then be set, which
    // CPython forbids.
    let class =
        Type::new(&vm.heap, &meta, &interned, vec![tuple], tail, Dict::new(&vm.heap), Kind::Tuple, type_flags::HEAP);
    let module = vm.new_str(module);
    class.dict.set_str(&vm.heap, &vm.intern("__module__"), module);
    let names: Vec<Value> = fields.iter().map(|f| vm.intern(f).into()).collect();
    let names = Tuple::new(&vm.heap, names).into();
    class.dict.set_str(&vm.heap, &vm.intern("__match_args__"), names);
    for n in ["n_fields", "n_sequence_fields"] {
        class.dict.set_str(&vm.heap, &vm.intern(n), Value::from_len(fields.len()));
    }
    vm.add_methods(&class, &[def("__repr__", 1, 1, repr)]);
    for (f, get) in fields.iter().zip(ITEMS) {
        vm.add_getset(&class, f, *get, None);
    }
    class
}

/// An instance of such a class.
pub fn make(vm: &Vm, class: &Ref<Type>, items: Vec<Value>) -> Value {
    Tuple::new_of(&vm.heap, class, items).into()
}
