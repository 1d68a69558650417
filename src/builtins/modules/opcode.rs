//! `_opcode`: what CPython's module `opcode` asks its interpreter.
//!
//! The instructions of this interpreter are other ones, so no number is an opcode in the sense of that module, and none
//! has an argument, a constant or a stack effect.  The tables that only describe the language are true.

use super::new;
use crate::code::operators::BinaryOp;
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::sequence::{List, Tuple};
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, NativeFn, def, def_kw};
use crate::vm::{Args, R, Vm};

/// The predicates over opcodes.
const PREDICATES: [&str; 9] =
    ["is_valid", "has_arg", "has_const", "has_name", "has_jump", "has_free", "has_local", "has_exc", "has_static_name"];

const TABLE: &[Def] = &[
    def_kw("stack_effect", 1, ANY, |vm, a| {
        vm.index_c_int(&a.pos[0])?;
        Err(vm.value_error("invalid opcode or oparg"))
    }),
    def_kw("get_executor", 0, ANY, |vm, _| Err(vm.runtime_error("Executors are not available in this build"))),
    def("get_specialization_stats", 0, 0, |_, _| Ok(Value::NONE)),
    def("get_nb_ops", 0, 0, operators),
    def("get_intrinsic1_descs", 0, 0, nothing),
    def("get_intrinsic2_descs", 0, 0, nothing),
    def("get_special_method_names", 0, 0, nothing),
];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "_opcode", TABLE);
    for name in PREDICATES {
        let f = vm.native_function(&def_kw(name, 0, ANY, no as NativeFn), vm.intern("_opcode").into());
        super::set(vm, &m.dict, name, f.into());
    }
    Ok(m)
}

fn no(vm: &mut Vm, a: Args<'_>) -> R {
    if let Some(opcode) = a.get_or_keyword(0, "opcode") {
        vm.index_c_int(opcode)?;
    }
    Ok(Value::FALSE)
}

fn nothing(vm: &mut Vm, _: Args<'_>) -> R {
    Ok(List::new(&vm.heap, Vec::new()).into())
}

/// `[(name, symbol), ...]` of the binary operators, those in place behind the others.
fn operators(vm: &mut Vm, _: Args<'_>) -> R {
    let mut all = Vec::new();
    for in_place in [false, true] {
        for op in BinaryOp::ALL {
            let (prefix, suffix) = if in_place { ("NB_INPLACE_", "=") } else { ("NB_", "") };
            let name = vm.new_str(&format!("{prefix}{}", op.method().trim_matches('_').to_uppercase()));
            let symbol = vm.new_str(&format!("{}{suffix}", op.symbol()));
            all.push(Tuple::new(&vm.heap, [name, symbol]).into());
        }
    }
    Ok(List::new(&vm.heap, all).into())
}
