//! Running code from text, and importing.

use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def_kw};
use crate::vm::{Args, R, Vm};

pub const TABLE: &[Def] = &[
    def_kw("__import__", 1, 5, import),
    def_kw("compile", 0, ANY, compile),
    def_kw("eval", 1, 3, eval),
    def_kw("exec", 1, 3, exec),
];

fn import(vm: &mut Vm, a: Args<'_>) -> R {
    match a.pos[0].downcast::<crate::object::str::Str>().cloned() {
        Some(name) => {
            if let Some(m) = vm.modules.get_str(&name) {
                return Ok(m);
            }
            if let Some(m) = crate::builtins::modules::make(vm, &name.to_string())? {
                return Ok(m.into());
            }
            let class = vm.types().ModuleNotFoundError.clone();
            Err(vm.error(&class, &format!("No module named '{name}'")))
        }
        None => Err(vm.type_error("__import__() argument 1 must be str")),
    }
}

fn compile(vm: &mut Vm, _: Args<'_>) -> R<Value> {
    Err(vm.not_implemented_error("compile() is not available"))
}

fn eval(vm: &mut Vm, _: Args<'_>) -> R<Value> {
    Err(vm.not_implemented_error("eval() is not available"))
}

fn exec(vm: &mut Vm, _: Args<'_>) -> R<Value> {
    Err(vm.not_implemented_error("exec() is not available"))
}
