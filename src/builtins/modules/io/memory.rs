//! What the two files in memory have in common: their arguments, and the state by which they are pickled.

use super::base;
use crate::object::dict::Dict;
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// The size argument of `truncate`; None where the present place is meant.
pub fn size(vm: &mut Vm, v: Option<&Value>) -> R<Option<i64>> {
    match v.filter(|v| !v.is_none()) {
        Some(_) => base::signed_size(vm, v).map(Some),
        None => Ok(None),
    }
}

/// The `__dict__` of a file, copied; None where it is empty.
pub fn attributes(vm: &mut Vm, o: &Value) -> R {
    let name = vm.types().names.__dict__.clone();
    let found = vm.get_attr(o, &name)?;
    match found.downcast::<Dict>() {
        Some(d) if !d.is_empty() => {
            let copy = Dict::new(&vm.heap);
            d.copy_into(&vm.heap, &copy);
            Ok(copy.into())
        }
        _ => Ok(Value::NONE),
    }
}

/// The item of a state that is the `__dict__` of a file.
pub fn set_attributes(vm: &mut Vm, o: &Value, attributes: &Value, which: &str) -> R<()> {
    if attributes.is_none() {
        return Ok(());
    }
    let Some(d) = attributes.downcast::<Dict>() else {
        let got = vm.class_name(attributes);
        return Err(vm.type_error(format!("{which} item of state should be a dict, got a {got}")));
    };
    let name = vm.types().names.__dict__.clone();
    let own = vm.get_attr(o, &name)?;
    for (k, v) in d.items() {
        vm.set_item(&own, &k, v)?;
    }
    Ok(())
}

/// The item of a state that is the place in a file.
pub fn position(vm: &mut Vm, v: &Value, which: &str) -> R<usize> {
    if v.as_int().is_none() {
        let got = vm.class_name(v);
        return Err(vm.type_error(format!("{which} item of state must be an integer, not {got}")));
    }
    match usize::try_from(vm.index_i64(v)?) {
        Ok(n) => Ok(n),
        Err(_) => Err(vm.value_error("position value cannot be negative")),
    }
}
