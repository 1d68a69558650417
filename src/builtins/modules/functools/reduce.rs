//! `reduce`.

use crate::vm::native_args::{Signature, signature};
use crate::vm::{Args, R, Vm};

/// `reduce(function, iterable, /, initial=...)`.
pub fn reduce(vm: &mut Vm, a: Args<'_>) -> R {
    const PARAMETERS: Signature<3> = signature("reduce", ["", "", "initial"], 2);
    let [Some(function), Some(iterable), initial] = a.bind(vm, &PARAMETERS)? else {
        return Err(vm.type_error("reduce() takes at least 2 positional arguments"));
    };
    let Some(it) = vm.iter_opt(iterable)? else {
        return Err(vm.type_error("reduce() arg 2 must support iteration"));
    };
    let mut result = match initial {
        Some(v) => v.clone(),
        None => match vm.next(&it)? {
            Some(v) => v,
            None => return Err(vm.type_error("reduce() of empty iterable with no initial value")),
        },
    };
    while let Some(v) = vm.next(&it)? {
        result = vm.call(function, &[result, v])?;
    }
    Ok(result)
}
