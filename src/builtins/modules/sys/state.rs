//! What `sys` tells of the interpreter's state: frames and exceptions of the thread, switches, places.

use super::super::set;
use super::super::struct_sequence as seq;
use crate::object::dict::Dict;
use crate::object::header::Ref;
use crate::object::number::Float;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{Def, def, def_kw};
use crate::vm::{Args, R, Vm};

pub(super) const TABLE: &[Def] = &[
    def("_clear_internal_caches", 0, 0, |_, _| Ok(Value::NONE)),
    def("_clear_type_cache", 0, 0, |_, _| Ok(Value::NONE)),
    def("_current_exceptions", 0, 0, |vm, _| {
        let handled = vm.handled().cloned().unwrap_or(Value::NONE);
        of_thread(vm, handled)
    }),
    def("_current_frames", 0, 0, |vm, _| {
        let frame = vm.top_frame_object().unwrap_or(Value::NONE);
        of_thread(vm, frame)
    }),
    def_kw("_getframemodulename", 0, 1, frame_module_name),
    def("_is_gil_enabled", 0, 0, |_, _| Ok(Value::TRUE)),
    def("_is_interned", 1, 1, is_interned),
    def("activate_stack_trampoline", 1, 1, |vm, _| Err(vm.value_error("perf trampoline not available"))),
    def("deactivate_stack_trampoline", 0, 0, |_, _| Ok(Value::NONE)),
    def("is_stack_trampoline_active", 0, 0, |_, _| Ok(Value::FALSE)),
    def("getswitchinterval", 0, 0, |vm, _| Ok(Float::value(&vm.heap, vm.native.switch_interval))),
    def("setswitchinterval", 1, 1, set_switch_interval),
];

pub(super) fn install(vm: &mut Vm, d: &Ref<Dict>) {
    let text = |vm: &mut Vm, name: &str, s: &str| {
        let v = vm.new_str(s);
        set(vm, d, name, v);
    };
    text(vm, "_base_executable", "");
    text(vm, "_framework", "");
    text(vm, "abiflags", "");
    text(vm, "base_exec_prefix", "");
    text(vm, "float_repr_style", "short");
    text(vm, "platlibdir", "lib");
    for name in ["_home", "_stdlib_dir", "pycache_prefix"] {
        set(vm, d, name, Value::NONE);
    }
    for name in ["_xoptions", "path_importer_cache"] {
        let none = Dict::new(&vm.heap).into();
        set(vm, d, name, none);
    }
    let class = seq::class(vm, "sys", "thread_info", &["name", "lock", "version"]);
    let (name, lock) = (vm.new_str("pthread"), vm.new_str("futex"));
    let info = seq::make(vm, &class, vec![name, lock, Value::NONE]);
    set(vm, d, "thread_info", info);
}

/// What there is for the one thread, by its number.
fn of_thread(vm: &mut Vm, v: Value) -> R {
    let d = Dict::new(&vm.heap);
    let (module, name) = (vm.intern("_thread"), vm.intern("get_ident"));
    let module = vm.import_module(&module)?;
    let ident = vm.call_method(&module, &name, &[])?;
    vm.dict_set(&d, ident, v)?;
    Ok(d.into())
}

/// `__name__` of the module of the function that runs `depth` frames further out.
fn frame_module_name(vm: &mut Vm, a: Args<'_>) -> R {
    a.check_keywords(vm, "_getframemodulename", &["depth"])?;
    let depth = match a.get_or_keyword(0, "depth") {
        Some(d) => vm.index_c_int(d)?.max(0) as usize,
        None => 0,
    };
    let depth = vm.frame_count().checked_sub(1).and_then(|top| top.checked_sub(depth));
    let Some(frame) = depth.and_then(|depth| vm.frame_object(depth)) else { return Ok(Value::NONE) };
    let globals = vm.intern("f_globals");
    let globals = vm.get_attr(&frame, &globals)?;
    let name = vm.types().names.__name__.clone();
    Ok(globals.downcast::<Dict>().and_then(|g| g.get_str(&name)).unwrap_or(Value::NONE))
}

fn is_interned(vm: &mut Vm, a: Args<'_>) -> R {
    match a.pos[0].downcast::<Str>() {
        Some(s) => Ok(Value::bool(s.is_interned())),
        None => {
            let got = vm.argument_class(&a.pos[0]);
            Err(vm.type_error(format!("_is_interned() argument must be str, not {got}")))
        }
    }
}

/// Threads are never switched here; the number is kept.
fn set_switch_interval(vm: &mut Vm, a: Args<'_>) -> R {
    let seconds = super::super::math::real(vm, &a.pos[0])?;
    if seconds.is_nan() || seconds <= 0.0 {
        return Err(vm.value_error("switch interval must be strictly positive"));
    }
    vm.native.switch_interval = seconds;
    Ok(Value::NONE)
}
