//! Functions on any object: attributes, identity, classes, namespaces.

use super::numbers::call_class_method;
use crate::builtins::sort::sort_list;
use crate::object::header::Ref;
use crate::object::number::BigInt;
use crate::object::sequence::List;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::{Args, R, Vm};

pub const TABLE: &[Def] = &[
    def_kw("breakpoint", 0, ANY, crate::builtins::modules::sys::hooks::breakpoint),
    def("callable", 1, 1, callable),
    def("delattr", 2, 2, delattr),
    def("dir", 0, 1, dir),
    def("getattr", 2, 3, getattr),
    def("globals", 0, 0, globals),
    def("hasattr", 2, 2, hasattr),
    def("hash", 1, 1, hash),
    def("id", 1, 1, id),
    def("isinstance", 2, 2, isinstance),
    def("issubclass", 2, 2, issubclass),
    def("locals", 0, 0, locals),
    def("setattr", 3, 3, setattr),
    def("vars", 0, 1, vars),
];

fn callable(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(vm.is_callable(&a.pos[0])))
}

/// An attribute's name, interned.
fn name(vm: &mut Vm, v: &Value) -> R<Ref<Str>> {
    match v.downcast::<Str>() {
        Some(s) if s.ty().is(&vm.types().str) => Ok(vm.heap.interned.intern(s)),
        Some(s) => {
            let exact = Str::from_points(&vm.heap, &s.points().collect::<Vec<_>>());
            Ok(vm.heap.interned.intern(&exact))
        }
        None => {
            let name = vm.class_name(v);
            Err(vm.type_error(format!("attribute name must be string, not '{name}'")))
        }
    }
}

fn getattr(vm: &mut Vm, a: Args<'_>) -> R {
    let n = name(vm, &a.pos[1])?;
    match a.get(2) {
        None => vm.get_attr(&a.pos[0], &n),
        Some(default) => Ok(vm.get_attr_opt(&a.pos[0], &n)?.unwrap_or_else(|| default.clone())),
    }
}

fn hasattr(vm: &mut Vm, a: Args<'_>) -> R {
    let n = name(vm, &a.pos[1])?;
    Ok(Value::bool(vm.get_attr_opt(&a.pos[0], &n)?.is_some()))
}

fn setattr(vm: &mut Vm, a: Args<'_>) -> R {
    let n = name(vm, &a.pos[1])?;
    vm.set_attr(&a.pos[0], &n, a.pos[2].clone())?;
    Ok(Value::NONE)
}

fn delattr(vm: &mut Vm, a: Args<'_>) -> R {
    let n = name(vm, &a.pos[1])?;
    vm.del_attr(&a.pos[0], &n)?;
    Ok(Value::NONE)
}

fn sorted_list(vm: &mut Vm, items: Vec<Value>) -> R {
    let list = List::new(&vm.heap, items);
    sort_list(vm, &list, None, false)?;
    Ok(list.into())
}

fn dir(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(v) = a.get(0) else {
        let keys = match vm.current_locals() {
            Some(d) => vm.collect(&d)?,
            None => Vec::new(),
        };
        return sorted_list(vm, keys);
    };
    let n = vm.types().names.__dir__.clone();
    match call_class_method(vm, v, &n, &[])? {
        Some(names) => {
            let names = vm.collect(&names)?;
            sorted_list(vm, names)
        }
        None => Err(vm.type_error("object does not provide __dir__")),
    }
}

fn globals(vm: &mut Vm, _: Args<'_>) -> R {
    match vm.current_globals() {
        Some(d) => Ok(d.into()),
        None => Err(vm.system_error("globals(): no running frame")),
    }
}

fn locals(vm: &mut Vm, _: Args<'_>) -> R {
    match vm.current_locals() {
        Some(d) => Ok(d),
        None => Err(vm.system_error("frame does not exist")),
    }
}

fn vars(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(v) = a.get(0) else {
        return locals(vm, a);
    };
    let n = vm.types().names.__dict__.clone();
    match vm.get_attr_opt(v, &n)? {
        Some(d) => Ok(d),
        None => Err(vm.type_error("vars() argument must have __dict__ attribute")),
    }
}

fn hash(vm: &mut Vm, a: Args<'_>) -> R {
    let h = vm.hash(&a.pos[0])?;
    Ok(BigInt::from_i64(&vm.heap, if h == u64::MAX { -2 } else { h as i64 }))
}

fn id(vm: &mut Vm, a: Args<'_>) -> R {
    let id = BigInt::from_i128(&vm.heap, a.pos[0].bits() as i128);
    vm.audit("builtins.id", |_| vec![id.clone()])?;
    Ok(id)
}

fn isinstance(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(vm.isinstance(&a.pos[0], &a.pos[1])?))
}

fn issubclass(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(vm.issubclass(&a.pos[0], &a.pos[1])?))
}
