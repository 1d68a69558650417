//! The objects of type parameters, aliases and generic classes, and the annotations of functions, classes and modules.
//!
//! Where the library's module `typing` has been imported, its functions check and substitute, as CPython's do; without it
//! what is given for a parameter is taken as it is.

mod alias;
mod annotations;
mod generic;
mod parameters;

use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::vm::native::{Def, def};
use crate::vm::type_params::Lazy;
use crate::vm::{Args, R, Vm};

pub use parameters::no_default;

pub(super) fn install(vm: &mut Vm) {
    parameters::install(vm);
    alias::install(vm);
    generic::install(vm);
    annotations::install(vm);
    modules(vm);
}

/// Instances see the module of the classes of `typing` (in CPython they are no static types).
fn modules(vm: &mut Vm) {
    let name = vm.types().names.__module__.clone();
    for class in vm.types().all() {
        if let (Some(module), None) = (class.split_name().0.filter(|m| m == "typing"), class.dict.get_str(&name)) {
            let module = vm.new_str(&module);
            drop(class.dict.set_str(&vm.heap, &name, module));
            class.modified();
        }
    }
}

const OR: &[Def] = &[def("__or__", 2, 2, super::union::or), def("__ror__", 2, 2, super::union::ror)];

/// What the library's `typing` says of this, if it has been imported.
fn ask_typing(vm: &mut Vm, function: &str, args: Args<'_>) -> R<Option<Value>> {
    match vm.typing_name(function)? {
        Some(f) => vm.call_args(&f, args).map(Some),
        None => Ok(None),
    }
}

/// The function that computes a value, or None: that of the compiler, or one that gives what a constructor was given.
fn evaluator(vm: &mut Vm, lazy: &Lazy) -> R {
    if let Some(f) = lazy.evaluator.get() {
        return Ok(f);
    }
    match lazy.value.get() {
        Some(v) => {
            let f = vm.native_function(&EVALUATOR, vm.intern("typing").into());
            Ok(vm.bound_native(&f, v))
        }
        None => Ok(Value::NONE),
    }
}

/// `evaluator(format)`: the value that it is bound to, in every format.
const EVALUATOR: Def = def("constevaluator", 2, 2, |_, a| Ok(a.pos[0].clone()));

/// The module in which a constructor is called.
fn calling_module(vm: &mut Vm) -> Value {
    let name = vm.types().names.__name__.clone();
    vm.current_globals().and_then(|g| g.get_str(&name)).unwrap_or(Value::NONE)
}

/// The items of a tuple; of anything else, itself.
fn items(v: &Value) -> Vec<Value> {
    v.downcast::<Tuple>().map_or_else(|| vec![v.clone()], |t| t.to_vec())
}
