//! The methods of generators and coroutines.

use crate::object::generator::{Flavor, Generator, GeneratorState};
use crate::object::header::Ref;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::awaiting::CoroutineWrapper;
use crate::vm::generator::Sent;
use crate::vm::native::{Def, def, def_resume};
use crate::vm::{Args, R, Vm};

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

fn throw(vm: &mut Vm, a: Args<'_>) -> R {
    let g = receiver(vm, a)?;
    let e = vm.exception_to_throw(&a.pos[1..])?;
    let sent = vm.generator_throw(&g, e)?;
    yielded(vm, sent)
}

fn close(vm: &mut Vm, a: Args<'_>) -> R {
    let g = receiver(vm, a)?;
    vm.generator_close(&g)
}

/// `__del__`: closes what is suspended.
fn del(vm: &mut Vm, a: Args<'_>) -> R {
    let g = receiver(vm, a)?;
    vm.finalize_generator(&g)?;
    Ok(Value::NONE)
}

fn class_getitem(vm: &mut Vm, a: Args<'_>) -> R {
    vm.new_generic_alias(&a.pos[0], &a.pos[1])
}

/// The members that generators, coroutines and asynchronous generators share, by the prefix of their names.
macro_rules! members {
    ($vm:expr, $class:expr, $running:literal, $suspended:literal, $delegate:literal, $code:literal, $frame:literal) => {
        $vm.add_getset($class, "__name__", |vm, a| Ok(receiver(vm, a)?.name.get()), Some(set_name));
        $vm.add_getset($class, "__qualname__", |vm, a| Ok(receiver(vm, a)?.qualname.get()), Some(set_qualname));
        $vm.add_getset($class, $running, running, None);
        $vm.add_getset(
            $class,
            $suspended,
            |vm, a| Ok(Value::bool(receiver(vm, a)?.state.get() == GeneratorState::Suspended)),
            None,
        );
        $vm.add_getset(
            $class,
            $delegate,
            |vm, a| {
                let g = receiver(vm, a)?;
                Ok(vm.generator_delegate(&g).unwrap_or(Value::NONE))
            },
            None,
        );
        $vm.add_getset(
            $class,
            $frame,
            |vm, a| {
                let g = receiver(vm, a)?;
                Ok(vm.generator_frame(&g).unwrap_or(Value::NONE))
            },
            None,
        );
        $vm.add_getset($class, $code, |vm, a| Ok(receiver(vm, a)?.code.to_value()), None);
    };
}

fn running(vm: &mut Vm, a: Args<'_>) -> R {
    let g = receiver(vm, a)?;
    let running = match g.flavor {
        Flavor::AsyncGenerator => g.running_async.get(),
        _ => g.state.get() == GeneratorState::Running,
    };
    Ok(Value::bool(running))
}

/// A new name: it must be a str.
fn checked_name(vm: &mut Vm, a: Args<'_>, what: &str) -> R {
    match a.get(1).filter(|v| v.downcast::<Str>().is_some()) {
        Some(v) => Ok(v.clone()),
        None => Err(vm.type_error(format!("{what} must be set to a string object"))),
    }
}

fn set_name(vm: &mut Vm, a: Args<'_>) -> R {
    let name = checked_name(vm, a, "__name__")?;
    receiver(vm, a)?.name.set(name);
    Ok(Value::NONE)
}

fn set_qualname(vm: &mut Vm, a: Args<'_>) -> R {
    let name = checked_name(vm, a, "__qualname__")?;
    receiver(vm, a)?.qualname.set(name);
    Ok(Value::NONE)
}

const COMMON: &[Def] = &[def_resume("send", 2, 2, send), def("throw", 2, 4, throw), def("close", 1, 1, close)];

pub fn install(vm: &mut Vm) {
    let class = vm.types().generator.clone();
    vm.add_methods(&class, COMMON);
    vm.add_methods(&class, &[def("__iter__", 1, 1, iter), def_resume("__next__", 1, 1, next)]);
    vm.add_class_methods(&class, &[def("__class_getitem__", 2, 2, class_getitem)]);
    members!(vm, &class, "gi_running", "gi_suspended", "gi_yieldfrom", "gi_code", "gi_frame");
    let class = vm.types().coroutine.clone();
    vm.add_methods(&class, COMMON);
    vm.add_methods(&class, &[def("__await__", 1, 1, await_)]);
    vm.add_class_methods(&class, &[def("__class_getitem__", 2, 2, class_getitem)]);
    members!(vm, &class, "cr_running", "cr_suspended", "cr_await", "cr_code", "cr_frame");
    vm.add_member(
        &class,
        "cr_origin",
        |vm, a| Ok(receiver(vm, a)?.origin_or_finalizer.get().unwrap_or(Value::NONE)),
        None,
    );
    let t = vm.types();
    for class in [t.generator.clone(), t.coroutine.clone(), t.async_generator.clone()] {
        vm.add_methods(&class, &[def("__del__", 1, 1, del)]);
    }
    let class = vm.types().async_generator.clone();
    vm.add_class_methods(&class, &[def("__class_getitem__", 2, 2, class_getitem)]);
    members!(vm, &class, "ag_running", "ag_suspended", "ag_await", "ag_code", "ag_frame");
    super::awaitables::install(vm);
}

/// `coroutine.__await__()`.
fn await_(vm: &mut Vm, a: Args<'_>) -> R {
    let coroutine = receiver(vm, a)?;
    Ok(vm.new_opaque(&vm.types().coroutine_wrapper, CoroutineWrapper { coroutine }))
}

/// The coroutine behind what `__await__()` gave.
fn wrapped(vm: &mut Vm, a: Args<'_>) -> R<Ref<Generator>> {
    match a.get(0).and_then(|v| v.opaque::<CoroutineWrapper>()) {
        Some(w) => Ok(w.coroutine.clone()),
        None => Err(vm.type_error("descriptor requires a 'coroutine_wrapper' object")),
    }
}

pub(super) fn install_wrapper(vm: &mut Vm) {
    let class = vm.types().coroutine_wrapper.clone();
    fn next(vm: &mut Vm, a: Args<'_>) -> R {
        let g = wrapped(vm, a)?;
        let sent = vm.generator_send(&g, Value::NONE)?;
        yielded(vm, sent)
    }
    fn send(vm: &mut Vm, a: Args<'_>) -> R {
        let g = wrapped(vm, a)?;
        let sent = vm.generator_send(&g, a.pos[1].clone())?;
        yielded(vm, sent)
    }
    fn throw(vm: &mut Vm, a: Args<'_>) -> R {
        let g = wrapped(vm, a)?;
        let e = vm.exception_to_throw(&a.pos[1..])?;
        let sent = vm.generator_throw(&g, e)?;
        yielded(vm, sent)
    }
    fn close(vm: &mut Vm, a: Args<'_>) -> R {
        let g = wrapped(vm, a)?;
        vm.generator_close(&g)
    }
    let table = [
        def("__iter__", 1, 1, iter),
        def("__next__", 1, 1, next),
        def("send", 2, 2, send),
        def("throw", 2, 4, throw),
        def("close", 1, 1, close),
    ];
    vm.add_methods(&class, &table);
}
