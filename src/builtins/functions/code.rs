//! Running code from text, and importing.

use crate::object::dict::Dict;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def_kw};
use crate::vm::{Args, R, Vm};

pub const TABLE: &[Def] = &[
    def_kw("__build_class__", 2, ANY, build_class),
    def_kw("__import__", 1, 5, import),
    def_kw("compile", 0, ANY, compile),
    def_kw("eval", 1, 3, eval),
    def_kw("exec", 1, 3, exec),
];

/// `__build_class__(body, name, *bases, **keywords)`.
fn build_class(vm: &mut Vm, a: Args<'_>) -> R {
    vm.build_class(&a.pos[0], &a.pos[1], a.pos[2..].to_vec(), a.names, a.values)
}

/// `__import__(name, globals=None, locals=None, fromlist=(), level=0)`.
fn import(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(name) = a.pos[0].downcast::<Str>().cloned() else {
        return Err(vm.type_error("__import__() argument 1 must be str"));
    };
    let globals = match a.get_or_keyword(1, "globals").and_then(|g| g.downcast::<Dict>()) {
        Some(g) => g.clone(),
        None => Dict::new(&vm.heap),
    };
    let fromlist = a.get_or_keyword(3, "fromlist").cloned().unwrap_or(Value::NONE);
    let level = a.get_or_keyword(4, "level").and_then(|l| l.as_small_int()).unwrap_or(0);
    vm.import_name(&vm.heap.interned.intern(&name), &globals, &fromlist, level.max(0) as usize)
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
