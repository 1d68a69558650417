//! `atexit`: functions that are called when the interpreter ends.

use super::new;
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::{Args, ExitCall, R, Vm};

const TABLE: &[Def] = &[
    def_kw("register", 0, ANY, register),
    def("unregister", 1, 1, unregister),
    def("_clear", 0, 0, |vm, _| {
        drop(std::mem::take(&mut vm.native.exit_calls));
        Ok(Value::NONE)
    }),
    def("_ncallbacks", 0, 0, |vm, _| Ok(Value::from_len(vm.native.exit_calls.len()))),
    def("_run_exitfuncs", 0, 0, |vm, _| {
        run(vm);
        Ok(Value::NONE)
    }),
];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    Ok(new(vm, "atexit", TABLE))
}

fn register(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(f) = a.get(0) else {
        return Err(vm.type_error("register() takes at least 1 argument (0 given)"));
    };
    if !vm.is_callable(f) {
        return Err(vm.type_error("the first argument must be callable"));
    }
    vm.native.exit_calls.push(ExitCall {
        function: f.clone(),
        args: a.pos[1..].to_vec(),
        names: a.names.to_vec(),
        values: a.values.to_vec(),
    });
    Ok(f.clone())
}

fn unregister(vm: &mut Vm, a: Args<'_>) -> R {
    let mut i = 0;
    while let Some(f) = vm.native.exit_calls.get(i).map(|c| c.function.clone()) {
        if vm.eq_or_is(&f, &a.pos[0])? && i < vm.native.exit_calls.len() {
            drop(vm.native.exit_calls.remove(i));
        } else {
            i += 1;
        }
    }
    Ok(Value::NONE)
}

/// Calls what was registered, the last first; what one raises is shown, and the others are called all the same.
pub fn run(vm: &mut Vm) {
    while let Some(c) = vm.native.exit_calls.pop() {
        let args = Args { pos: &c.args, names: &c.names, values: &c.values };
        if let Err(e) = vm.call_args(&c.function, args) {
            let what = vm.repr(&c.function).map(|s| s.to_string()).unwrap_or_default();
            vm.report_ignored(e, Some(&format!("Exception ignored in atexit callback {what}")), None);
        }
    }
}
