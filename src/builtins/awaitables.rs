//! The methods of asynchronous generators and of what they give to be awaited; `aiter()` and `anext()`.

use crate::object::generator::Generator;
use crate::object::header::Ref;
use crate::object::value::Value;
use crate::vm::async_generator::{Request, Step};
use crate::vm::awaiting::AnextAwaitable;
use crate::vm::native::{Def, def};
use crate::vm::{Args, R, Vm};

pub const TABLE: &[Def] = &[def("aiter", 1, 1, aiter), def("anext", 1, 2, anext)];

pub(super) fn install(vm: &mut Vm) {
    super::generator::install_wrapper(vm);
    let class = vm.types().async_generator.clone();
    vm.add_methods(
        &class,
        &[
            def("__aiter__", 1, 1, this),
            def("__anext__", 1, 1, |vm, a| {
                let g = generator(vm, a)?;
                vm.async_next(&g)
            }),
            def("asend", 2, 2, |vm, a| {
                let g = generator(vm, a)?;
                vm.async_step(&g, Request::Send(a.pos[1].clone()))
            }),
            def("athrow", 2, 4, athrow),
            def("aclose", 1, 1, |vm, a| {
                let g = generator(vm, a)?;
                vm.async_step(&g, Request::Close)
            }),
        ],
    );
    for class in [vm.types().async_generator_asend.clone(), vm.types().async_generator_athrow.clone()] {
        vm.add_methods(
            &class,
            &[
                def("__await__", 1, 1, this),
                def("__iter__", 1, 1, this),
                def("__next__", 1, 1, |vm, a| vm.async_step_send(&a.pos[0], Value::NONE)),
                def("send", 2, 2, |vm, a| vm.async_step_send(&a.pos[0], a.pos[1].clone())),
                def("throw", 2, 4, |vm, a| vm.async_step_throw(&a.pos[0], &a.pos[1..])),
                def("close", 1, 1, |vm, a| vm.async_step_close(&a.pos[0])),
                def("__del__", 1, 1, finalize),
            ],
        );
    }
    let class = vm.types().anext_awaitable.clone();
    vm.add_methods(
        &class,
        &[
            def("__await__", 1, 1, this),
            def("__iter__", 1, 1, this),
            def("__next__", 1, 1, |vm, a| {
                let send = vm.types().names.__next__.clone();
                vm.anext_default_step(&a.pos[0], &send, &[])
            }),
            def("send", 2, 2, |vm, a| {
                let send = vm.types().names.send.clone();
                vm.anext_default_step(&a.pos[0], &send, &a.pos[1..])
            }),
            def("throw", 2, 4, |vm, a| {
                let throw = vm.types().names.throw.clone();
                vm.anext_default_step(&a.pos[0], &throw, &a.pos[1..])
            }),
            def("close", 1, 1, |vm, a| {
                let close = vm.types().names.close.clone();
                vm.anext_default_step(&a.pos[0], &close, &[])
            }),
        ],
    );
}

fn this(_: &mut Vm, a: Args<'_>) -> R {
    Ok(a.pos[0].clone())
}

fn generator(vm: &mut Vm, a: Args<'_>) -> R<Ref<Generator>> {
    match a.get(0).and_then(Vm::as_async_generator) {
        Some(g) => Ok(g.clone()),
        None => Err(vm.type_error("descriptor requires an 'async_generator' object")),
    }
}

fn athrow(vm: &mut Vm, a: Args<'_>) -> R {
    let g = generator(vm, a)?;
    if a.pos.len() > 2 {
        let class = vm.types().DeprecationWarning.clone();
        vm.warn(
            &class,
            "the (type, exc, tb) signature of athrow() is deprecated, use the single-arg signature instead.",
        )?;
    }
    vm.async_step(&g, Request::Throw(a.pos[1..].to_vec()))
}

/// Warns of an awaitable that dies without having been awaited.
fn finalize(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(step) = a.pos[0].opaque::<Step>() else { return Ok(Value::NONE) };
    vm.warn_method_never_awaited(&step.generator, step.request.method())?;
    Ok(Value::NONE)
}

/// `aiter(v)`.
fn aiter(vm: &mut Vm, a: Args<'_>) -> R {
    let (aiter, anext) = (vm.types().names.__aiter__.clone(), vm.types().names.__anext__.clone());
    let Some(it) = vm.call_special(&a.pos[0], &aiter, &[])? else {
        let class = vm.class_name(&a.pos[0]);
        return Err(vm.type_error(format!("'{class}' object is not an async iterable")));
    };
    if it.class(&vm.heap).lookup(&anext).is_none() {
        let class = vm.class_name(&it);
        return Err(vm.type_error(format!("aiter() returned not an async iterator of type '{class}'")));
    }
    Ok(it)
}

/// `anext(iterator[, default])`.
fn anext(vm: &mut Vm, a: Args<'_>) -> R {
    let anext = vm.types().names.__anext__.clone();
    let Some(wrapped) = vm.call_special(&a.pos[0], &anext, &[])? else {
        let class = vm.class_name(&a.pos[0]);
        return Err(vm.type_error(format!("'{class}' object is not an async iterator")));
    };
    match a.get(1) {
        None => Ok(wrapped),
        Some(default) => {
            let awaitable = AnextAwaitable { wrapped, default: default.clone() };
            Ok(vm.new_opaque(&vm.types().anext_awaitable, awaitable))
        }
    }
}
