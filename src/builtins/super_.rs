//! `super`.

use crate::object::cell::Mut;
use crate::object::function::Super;
use crate::object::header::Ref;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::{Args, R, Vm};

pub fn install(vm: &mut Vm) {
    let class = vm.types().super_.clone();
    vm.add_static(&class, &[def_kw("__new__", 1, ANY, new)]);
    vm.add_methods(
        &class,
        &[
            def_kw("__init__", 1, ANY, init),
            def("__getattribute__", 2, 2, super::object::kind_getattribute),
            def("__get__", 2, 3, get),
            def("__repr__", 1, 1, |vm, a| Ok(vm.direct_repr(&a.pos[0])?.into())),
        ],
    );
    vm.add_member(&class, "__thisclass__", |_, a| Ok(part(a, |s| s.class.get().map(Value::from))), None);
    vm.add_member(&class, "__self__", |_, a| Ok(part(a, |s| s.object.get())), None);
    vm.add_member(&class, "__self_class__", |_, a| Ok(part(a, |s| s.object_type.get().map(Value::from))), None);
}

fn part(a: Args<'_>, f: fn(&Super) -> Option<Value>) -> Value {
    a.pos[0].downcast::<Super>().and_then(|s| f(s)).unwrap_or(Value::NONE)
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let class = super::descriptors::class_arg(vm, a)?;
    let empty = Super { class: Mut::new(None), object: Mut::new(None), object_type: Mut::new(None) };
    Ok(vm.heap.alloc(&class, empty).into())
}

/// `super()`, `super(class)`, `super(class, object_or_class)`.
fn init(vm: &mut Vm, a: Args<'_>) -> R {
    if !a.names.is_empty() {
        return Err(vm.type_error("super() takes no keyword arguments"));
    }
    if a.pos.len() > 3 {
        let n = a.pos.len() - 1;
        return Err(vm.type_error(format!("super() expected at most 2 arguments, got {n}")));
    }
    let Some(s) = a.pos[0].downcast::<Super>().cloned() else { return Ok(Value::NONE) };
    let (class, object): (Ref<Type>, Option<Value>) = match a.get(1) {
        None => {
            let (class, o) = vm.super_from_frame()?;
            (class, Some(o))
        }
        Some(c) => match c.downcast::<Type>() {
            Some(t) => (t.clone(), a.get(2).filter(|o| !o.is_none()).cloned()),
            None => {
                let got = vm.argument_class(c);
                return Err(vm.type_error(format!("super() argument 1 must be a type, not {got}")));
            }
        },
    };
    let start = match &object {
        Some(o) => Some(vm.super_check(&class, o)?),
        None => None,
    };
    s.class.set(Some(class));
    s.object.set(object);
    s.object_type.set(start);
    Ok(Value::NONE)
}

/// Binds `super(class)` to an instance.
fn get(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(s) = a.pos[0].downcast::<Super>().cloned() else { return Ok(Value::NONE) };
    let o = &a.pos[1];
    let Some(class) = s.class.get() else { return Ok(a.pos[0].clone()) };
    if o.is_none() || s.object.borrow().is_some() {
        return Ok(a.pos[0].clone());
    }
    if !s.ty().is(&vm.types().super_) {
        let of = s.ty().to_value();
        return vm.call(&of, &[class.to_value(), o.clone()]);
    }
    let start = vm.super_check(&class, o)?;
    Ok(vm.new_super(class, Some((o.clone(), start))))
}
