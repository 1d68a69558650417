//! The methods of generators.

use crate::object::generator::{Generator, GeneratorState};
use crate::object::header::Ref;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::generator::Sent;
use crate::vm::native::def;
use crate::vm::{Args, Exc, R, Vm};

fn receiver(vm: &mut Vm, a: Args<'_>) -> R<Ref<Generator>> {
    match a.get(0).and_then(|v| v.downcast::<Generator>()) {
        Some(g) => Ok(g.clone()),
        None => Err(vm.type_error("expected a generator")),
    }
}

/// A return becomes StopIteration, as native code sees it.
fn yielded(vm: &mut Vm, sent: Sent) -> R {
    match sent {
        Sent::Yielded(v) => Ok(v),
        Sent::Returned(v) => Err(vm.stop_iteration(v)),
    }
}

fn send(vm: &mut Vm, a: Args<'_>) -> R {
    let g = receiver(vm, a)?;
    let sent = vm.generator_send(&g, a.get(1).cloned().unwrap_or(Value::NONE))?;
    yielded(vm, sent)
}

fn next(vm: &mut Vm, a: Args<'_>) -> R {
    let g = receiver(vm, a)?;
    let sent = vm.generator_send(&g, Value::NONE)?;
    yielded(vm, sent)
}

fn iter(_: &mut Vm, a: Args<'_>) -> R {
    Ok(a.pos[0].clone())
}

/// `throw(value)` or `throw(type[, value[, traceback]])`.
fn throw(vm: &mut Vm, a: Args<'_>) -> R {
    let g = receiver(vm, a)?;
    let first = a.pos[1].clone();
    let is_class = first.downcast::<Type>().is_some();
    let e = match a.get(2).filter(|v| !v.is_none()) {
        Some(_) if !is_class => return Err(vm.type_error("instance exception may not have a separate value")),
        Some(v) if v.class(&vm.heap).is_subclass(&vm.types().BaseException) => Exc(v.clone()),
        Some(v) => Exc(vm.call(&first, std::slice::from_ref(v))?),
        None => {
            let base = vm.types().BaseException.clone();
            let fits = match first.downcast::<Type>() {
                Some(t) => t.is_subclass(&base),
                None => first.class(&vm.heap).is_subclass(&base),
            };
            if !fits {
                let got = first.class(&vm.heap).name_str();
                return Err(vm.type_error(format!(
                    "exceptions must be classes or instances deriving from BaseException, not {got}"
                )));
            }
            vm.make_exception(&first)?
        }
    };
    let sent = vm.generator_throw(&g, e)?;
    yielded(vm, sent)
}

fn close(vm: &mut Vm, a: Args<'_>) -> R {
    let g = receiver(vm, a)?;
    vm.generator_close(&g)
}

pub fn install(vm: &mut Vm) {
    let class = vm.types().generator.clone();
    vm.add_methods(
        &class,
        &[
            def("__iter__", 1, 1, iter),
            def("__next__", 1, 1, next),
            def("send", 2, 2, send),
            def("throw", 2, 4, throw),
            def("close", 1, 1, close),
        ],
    );
    vm.add_getset(&class, "__name__", |vm, a| Ok(receiver(vm, a)?.name.get()), None);
    vm.add_getset(&class, "__qualname__", |vm, a| Ok(receiver(vm, a)?.qualname.get()), None);
    vm.add_getset(
        &class,
        "gi_frame",
        |vm, a| {
            let g = receiver(vm, a)?;
            Ok(vm.generator_frame(&g).unwrap_or(Value::NONE))
        },
        None,
    );
    vm.add_getset(
        &class,
        "gi_running",
        |vm, a| Ok(Value::bool(receiver(vm, a)?.state.get() == GeneratorState::Running)),
        None,
    );
    vm.add_getset(
        &class,
        "gi_suspended",
        |vm, a| Ok(Value::bool(receiver(vm, a)?.state.get() == GeneratorState::Suspended)),
        None,
    );
    vm.add_getset(
        &class,
        "gi_yieldfrom",
        |vm, a| {
            let g = receiver(vm, a)?;
            Ok(vm.generator_delegate(&g).unwrap_or(Value::NONE))
        },
        None,
    );
    vm.add_getset(
        &class,
        "gi_code",
        |vm, a| Ok(receiver(vm, a)?.function.get().map_or(Value::NONE, |f| f.code.get().into())),
        None,
    );
}
