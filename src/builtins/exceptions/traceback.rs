//! `traceback` objects.

use crate::code::OFFSET_PER_WORD;
use crate::object::exception::Traceback;
use crate::object::header::Ref;
use crate::object::value::Value;
use crate::vm::{Args, R, Vm};

pub(super) fn install(vm: &mut Vm) {
    let class = vm.types().traceback.clone();
    vm.add_getset(&class, "tb_next", next, Some(set_next));
    vm.add_member(&class, "tb_frame", frame, None);
    vm.add_getset(&class, "tb_lineno", line, None);
    vm.add_member(&class, "tb_lasti", last_instruction, None);
}

fn this(vm: &mut Vm, a: Args<'_>) -> R<Ref<Traceback>> {
    match a.get(0).and_then(|v| v.downcast::<Traceback>()) {
        Some(t) => Ok(t.clone()),
        None => Err(vm.type_error("descriptor of 'traceback' needs a traceback")),
    }
}

fn next(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(this(vm, a)?.next.get().map_or(Value::NONE, Into::into))
}

fn set_next(vm: &mut Vm, a: Args<'_>) -> R {
    let t = this(vm, a)?;
    let new = match a.get(1) {
        None => return Err(vm.type_error("can't delete tb_next attribute")),
        Some(v) if v.is_none() => None,
        Some(v) => match v.downcast::<Traceback>() {
            Some(next) => Some(next.clone()),
            None => {
                let got = v.class(&vm.heap).name_str();
                return Err(vm.type_error(format!("expected traceback object or None, got '{got}'")));
            }
        },
    };
    let mut at = new.clone();
    while let Some(later) = at {
        if later.is(&t) {
            return Err(vm.value_error("traceback loop detected"));
        }
        at = later.next.get();
    }
    t.next.set(new);
    Ok(Value::NONE)
}

fn frame(vm: &mut Vm, a: Args<'_>) -> R {
    let t = this(vm, a)?;
    Ok(vm.traceback_frame(&t))
}

fn line(vm: &mut Vm, a: Args<'_>) -> R {
    let t = this(vm, a)?;
    let line = t.code.data.line(t.instruction as usize);
    Ok(line.and_then(|l| usize::try_from(l).ok()).map_or(Value::NONE, Value::from_len))
}

fn last_instruction(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::int_unchecked((this(vm, a)?.instruction * OFFSET_PER_WORD).into()))
}
