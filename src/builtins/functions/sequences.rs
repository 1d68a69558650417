//! Functions on iterables: `all`, `any`, `iter`, `len`, `next`, `sorted`.

use crate::builtins::list::SORT;
use crate::builtins::sort::sort_list;
use crate::object::dict::Dict;
use crate::object::header::Kind;
use crate::object::iter::{Iter, IterState};
use crate::object::number::BigInt;
use crate::object::sequence::{List, Tuple};
use crate::object::str::Str;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw, def_resume};
use crate::vm::{Args, R, Vm};

pub const TABLE: &[Def] = &[
    def("all", 1, 1, all),
    def("any", 1, 1, any),
    def("iter", 1, 2, iter),
    def("len", 1, 1, len),
    def_resume("next", 1, 2, next),
    def_kw("sorted", 0, ANY, sorted),
];

fn all(vm: &mut Vm, a: Args<'_>) -> R {
    let it = vm.iter(&a.pos[0])?;
    while let Some(v) = vm.next(&it)? {
        if !vm.truth(&v)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}

fn any(vm: &mut Vm, a: Args<'_>) -> R {
    let it = vm.iter(&a.pos[0])?;
    while let Some(v) = vm.next(&it)? {
        if vm.truth(&v)? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

fn iter(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(sentinel) = a.get(1) else {
        return vm.iter(&a.pos[0]);
    };
    if !vm.is_callable(&a.pos[0]) {
        return Err(vm.type_error("iter(v, w): v must be callable"));
    }
    let class = vm.types().callable_iterator.clone();
    Ok(vm.new_iter(&class, IterState::Callable { callable: a.pos[0].clone(), sentinel: sentinel.clone() }))
}

fn len(vm: &mut Vm, a: Args<'_>) -> R {
    let v = &a.pos[0];
    if let Some(h) = v.header()
        && !h.ty().has(type_flags::HEAP | type_flags::IMMUTABLE)
    {
        // The commonest, without asking the class.
        let n = match h.kind() {
            Kind::List => v.downcast::<List>().map(|l| l.len()),
            Kind::Str => v.downcast::<Str>().map(|s| s.len()),
            Kind::Tuple => v.downcast::<Tuple>().map(|t| t.len()),
            Kind::Dict => v.downcast::<Dict>().map(|d| d.len()),
            _ => None,
        };
        if let Some(n) = n {
            return Ok(Value::from_len(n));
        }
    }
    let n = vm.len(v)?;
    Ok(BigInt::from_size(&vm.heap, n))
}

fn next(vm: &mut Vm, a: Args<'_>) -> R {
    let it = &a.pos[0];
    let stop = vm.types().StopIteration.clone();
    let result = match it.downcast::<Iter>() {
        Some(i) if it.kind() == Some(Kind::Iter) && !crate::builtins::dict::methods::is_heap_class(it) => {
            match vm.advance_raw(i) {
                Ok(Some(v)) => Ok(v),
                Ok(None) if a.pos.len() > 1 => return Ok(a.pos[1].clone()),
                Ok(None) => Err(vm.exception(&stop, vec![])),
                Err(e) => Err(e),
            }
        }
        _ => {
            // The method itself, not `Vm::next`: its StopIteration carries a value.
            let name = vm.types().names.__next__.clone();
            match vm.call_special(it, &name, &[]) {
                Ok(Some(v)) => Ok(v),
                Ok(None) => {
                    let name = vm.class_name(it);
                    return Err(vm.type_error(format!("'{name}' object is not an iterator")));
                }
                Err(e) => Err(e),
            }
        }
    };
    match (result, a.get(1)) {
        (Err(e), Some(default)) if vm.is_exception(&e, &stop) => Ok(default.clone()),
        (result, _) => result,
    }
}

fn sorted(vm: &mut Vm, a: Args<'_>) -> R {
    let [iterable] = a.pos else {
        return Err(vm.type_error(format!("sorted expected 1 argument, got {}", a.pos.len())));
    };
    let items = vm.collect(iterable)?;
    let [key, reverse] = a.rest().bind(vm, &SORT)?;
    let list = List::new(&vm.heap, items);
    let reverse = match reverse {
        Some(r) => vm.truth(r)?,
        None => false,
    };
    sort_list(vm, &list, key.filter(|k| !k.is_none()), reverse)?;
    Ok(list.into())
}
