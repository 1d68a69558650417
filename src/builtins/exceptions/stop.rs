//! `StopIteration`, `SystemExit`, `AttributeError`, `NameError`: exceptions with a member or two.

use super::{add_init, keywords, members, no_keywords, set_args, this};
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::vm::exceptions::field;
use crate::vm::{Args, R, Vm};

pub(super) fn install(vm: &mut Vm) {
    let t = vm.types();
    let (stop, exit, attribute, name) =
        (t.StopIteration.clone(), t.SystemExit.clone(), t.AttributeError.clone(), t.NameError.clone());
    add_init(vm, &stop, stop_init);
    members!(vm, &stop, "value" => field::STOP_VALUE);
    add_init(vm, &exit, exit_init);
    members!(vm, &exit, "code" => field::EXIT_CODE);
    add_init(vm, &attribute, attribute_init);
    members!(vm, &attribute, "name" => field::ATTRIBUTE_NAME, "obj" => field::ATTRIBUTE_OBJ);
    add_init(vm, &name, name_init);
    members!(vm, &name, "name" => field::NAME);
}

fn stop_init(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    no_keywords(vm, a, &x.ty().name_str())?;
    set_args(vm, &x, a);
    x.set_field(field::STOP_VALUE, Some(a.get(1).cloned().unwrap_or(Value::NONE)));
    Ok(Value::NONE)
}

/// The code is the one argument, or the tuple of all.
fn exit_init(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    no_keywords(vm, a, &x.ty().name_str())?;
    set_args(vm, &x, a);
    let code = match &a.pos[1..] {
        [] => Value::NONE,
        [one] => one.clone(),
        all => Tuple::new(&vm.heap, all.to_vec()).into(),
    };
    x.set_field(field::EXIT_CODE, Some(code));
    Ok(Value::NONE)
}

fn attribute_init(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    let [name, obj] = keywords(vm, a, "AttributeError", ["name", "obj"])?;
    set_args(vm, &x, a);
    x.fields.set(vec![name, obj]);
    Ok(Value::NONE)
}

fn name_init(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    let [name] = keywords(vm, a, "NameError", ["name"])?;
    set_args(vm, &x, a);
    x.fields.set(vec![name]);
    Ok(Value::NONE)
}
