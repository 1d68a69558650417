//! Functions on any object: attributes, identity, classes, namespaces.

use super::numbers::call_class_method;
use crate::builtins::sort::sort_list;
use crate::object::function::Native;
use crate::object::header::{Kind, Ref};
use crate::object::number::BigInt;
use crate::object::sequence::{List, Tuple};
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::native::{Def, def};
use crate::vm::{Args, R, Vm};

pub const TABLE: &[Def] = &[
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

/// Whether calling it is possible.
pub fn is_callable(vm: &Vm, v: &Value) -> bool {
    match v.kind() {
        Some(Kind::Function | Kind::Native | Kind::BoundMethod | Kind::Type) => true,
        None => false,
        _ => v.class(&vm.heap).lookup(&vm.types().names.__call__).is_some(),
    }
}

fn callable(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(is_callable(vm, &a.pos[0])))
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

/// A class's own `__instancecheck__` or `__subclasscheck__`: None where it is that of `type`.
fn own_check(vm: &mut Vm, class: &Value, n: &Ref<Str>) -> R<Option<Value>> {
    let meta = class.class(&vm.heap);
    if meta.is(&vm.types().type_) {
        return Ok(None);
    }
    let Some(f) = meta.lookup(n) else { return Ok(None) };
    let of_type = f.downcast::<Native>().is_some_and(|f| f.owner.as_ref().is_some_and(|o| o.is(&vm.types().type_)));
    Ok(if of_type { None } else { Some(f) })
}

impl Vm {
    /// `isinstance(v, class)`.
    pub fn isinstance(&mut self, v: &Value, class: &Value) -> R<bool> {
        if v.class(&self.heap).as_value().is(class) {
            return Ok(true);
        }
        if let Some(t) = class.downcast::<Tuple>().cloned() {
            self.check_stack(" in __instancecheck__")?;
            for c in t.iter() {
                if self.isinstance(v, c)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        let n = self.types().names.__instancecheck__.clone();
        if let Some(f) = own_check(self, class, &n)? {
            let r = self.call_slot(&f, &[class.clone(), v.clone()])?;
            return self.truth(&r);
        }
        self.plain_isinstance(v, class)
    }

    /// `isinstance` as `type.__instancecheck__` has it.
    pub fn plain_isinstance(&mut self, v: &Value, class: &Value) -> R<bool> {
        let Some(c) = class.downcast::<Type>().cloned() else {
            return Err(self.type_error("isinstance() arg 2 must be a type, a tuple of types, or a union"));
        };
        let own = v.class(&self.heap).clone();
        if own.is_subclass(&c) {
            return Ok(true);
        }
        // An object may claim another class: only those of classes of Python code and weak proxies can.
        if !own.has(type_flags::HEAP) && !self.is_weak_proxy(v) {
            return Ok(false);
        }
        let n = self.types().names.__class__.clone();
        Ok(match self.get_attr_opt(v, &n)?.as_ref().and_then(|k| k.downcast::<Type>()) {
            Some(k) => !k.is(&own) && k.is_subclass(&c),
            None => false,
        })
    }

    /// `issubclass(v, class)`.
    pub fn issubclass(&mut self, v: &Value, class: &Value) -> R<bool> {
        if let Some(t) = class.downcast::<Tuple>().cloned() {
            self.check_stack(" in __subclasscheck__")?;
            for c in t.iter() {
                if self.issubclass(v, c)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        let n = self.types().names.__subclasscheck__.clone();
        if let Some(f) = own_check(self, class, &n)? {
            let r = self.call_slot(&f, &[class.clone(), v.clone()])?;
            return self.truth(&r);
        }
        match (v.downcast::<Type>(), class.downcast::<Type>()) {
            (Some(v), Some(c)) => Ok(v.is_subclass(c)),
            (None, _) => Err(self.type_error("issubclass() arg 1 must be a class")),
            _ => Err(self.type_error("issubclass() arg 2 must be a class, a tuple of classes, or a union")),
        }
    }
}

fn isinstance(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(vm.isinstance(&a.pos[0], &a.pos[1])?))
}

fn issubclass(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(vm.issubclass(&a.pos[0], &a.pos[1])?))
}
