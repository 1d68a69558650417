//! The members of tracebacks.

use crate::object::exception::Traceback;
use crate::object::header::Ref;
use crate::object::value::Value;
use crate::vm::{Args, R, Vm};

fn this(vm: &mut Vm, a: Args<'_>) -> R<Ref<Traceback>> {
    match a.get(0).and_then(|v| v.downcast::<Traceback>()) {
        Some(t) => Ok(t.clone()),
        None => Err(vm.type_error("expected a traceback")),
    }
}

fn set_next(vm: &mut Vm, a: Args<'_>) -> R {
    let t = this(vm, a)?;
    match a.get(1).filter(|v| !v.is_none()).map(|v| v.downcast::<Traceback>().cloned()) {
        None => t.next.set(None),
        Some(None) => return Err(vm.type_error("expected traceback object or None")),
        Some(Some(next)) => {
            let mut walk = Some(next.clone());
            while let Some(n) = walk {
                if n.is(&t) {
                    return Err(vm.value_error("traceback loop detected"));
                }
                walk = n.next.get();
            }
            t.next.set(Some(next));
        }
    }
    Ok(Value::NONE)
}

pub fn install(vm: &mut Vm) {
    let class = vm.types().traceback.clone();
    vm.add_getset(
        &class,
        "tb_next",
        |vm, a| Ok(this(vm, a)?.next.get().map_or(Value::NONE, Value::from)),
        Some(set_next),
    );
    vm.add_getset(
        &class,
        "tb_lineno",
        |vm, a| {
            let t = this(vm, a)?;
            let line = t.code.data.line(t.instruction as usize);
            Ok(line.map_or(Value::NONE, |l| Value::int_unchecked(l as i64)))
        },
        None,
    );
    vm.add_getset(&class, "tb_lasti", |vm, a| Ok(Value::from_len(this(vm, a)?.instruction as usize)), None);
}
