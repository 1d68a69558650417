//! `_count_elements`, the loop of `Counter`.

use crate::code::BinaryOp;
use crate::object::dict::Dict;
use crate::object::header::Ref;
use crate::object::value::Value;
use crate::vm::{Args, R, Vm};

/// `mapping[item] += 1` for each item, where a missing one counts as 0.
pub fn count_elements(vm: &mut Vm, a: Args<'_>) -> R {
    let (mapping, iterable) = (&a.pos[0], &a.pos[1]);
    let one = Value::int_unchecked(1);
    let plain = plain_dict(vm, mapping);
    let get = vm.intern("get");
    let it = vm.iter(iterable)?;
    while let Some(key) = vm.next(&it)? {
        match &plain {
            Some(d) => {
                let hash = vm.hash(&key)?;
                let old = vm.dict_find(d, hash, &key)?.and_then(|p| d.value_at(p));
                let new = match old {
                    Some(n) => vm.binary(BinaryOp::Add, &n, &one)?,
                    None => one.clone(),
                };
                vm.dict_set_hashed(d, hash, key, new)?;
            }
            None => {
                let old = vm.call_method(mapping, &get, &[key.clone(), Value::int_unchecked(0)])?;
                let new = vm.binary(BinaryOp::Add, &old, &one)?;
                vm.set_item(mapping, &key, new)?;
            }
        }
    }
    Ok(Value::NONE)
}

/// The dict, where its class has `get` and `__setitem__` of `dict`.
fn plain_dict(vm: &Vm, mapping: &Value) -> Option<Ref<Dict>> {
    let d = mapping.downcast::<Dict>()?;
    let own = mapping.class(&vm.heap);
    let same = ["get", "__setitem__"].iter().all(|n| {
        let n = vm.intern(n);
        matches!((own.lookup(&n), vm.types().dict.lookup(&n)), (Some(a), Some(b)) if a.is(&b))
    });
    same.then(|| d.clone())
}
