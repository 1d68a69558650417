//! `ImportError`.

use super::{add_init, keywords, members, set_args, this};
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::exceptions::field;
use crate::vm::native::def;
use crate::vm::{Args, R, Vm};

pub(super) fn install(vm: &mut Vm) {
    let class = vm.types().ImportError.clone();
    add_init(vm, &class, init);
    vm.add_methods(&class, &[def("__str__", 1, 1, str)]);
    members!(
        vm,
        &class,
        "msg" => field::IMPORT_MSG,
        "name" => field::IMPORT_NAME,
        "path" => field::IMPORT_PATH,
        "name_from" => field::IMPORT_NAME_FROM,
    );
}

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    let [name, path, name_from] = keywords(vm, a, "ImportError", ["name", "path", "name_from"])?;
    set_args(vm, &x, a);
    let msg = if a.pos.len() == 2 { Some(a.pos[1].clone()) } else { None };
    x.fields.set(vec![msg, name, path, name_from]);
    Ok(Value::NONE)
}

fn str(vm: &mut Vm, a: Args<'_>) -> R {
    match this(vm, a)?.field(field::IMPORT_MSG) {
        Some(msg) if msg.downcast::<Str>().is_some_and(|s| s.ty().is(&vm.types().str)) => Ok(msg),
        _ => super::base::str(vm, a),
    }
}
