//! `translate` and `maketrans`.

use rustc_hash::FxHashMap;

use super::{str_arg, this};
use crate::object::dict::Dict;
use crate::object::str::{Str, StrBuilder};
use crate::object::value::Value;
use crate::vm::native::{Def, def};
use crate::vm::{Args, R, Vm};

pub const METHODS: &[Def] = &[def("translate", 2, 2, translate)];
pub const STATIC: &[Def] = &[def("maketrans", 1, 3, maketrans)];

fn translate(vm: &mut Vm, a: Args<'_>) -> R {
    let s = this(vm, a)?.clone();
    let table = &a.pos[1];
    let lookup_error = vm.types().LookupError.clone();
    let mut out = StrBuilder::with_capacity(s.len());
    // Each code point is asked for once.
    let mut known: FxHashMap<u32, Option<Value>> = Default::default();
    for p in s.points() {
        let found = match known.get(&p) {
            Some(v) => v.clone(),
            None => {
                let key = Value::int_unchecked(p as i64);
                let item = match table.downcast::<Dict>().filter(|d| d.ty().is(&vm.types().dict)) {
                    // What is not there needs no exception to say so.
                    Some(d) => vm.dict_get(&d.clone(), &key),
                    None => vm.get_item(table, &key).map(Some),
                };
                let found = match item {
                    Ok(v) => v,
                    Err(e) if vm.is_exception(&e, &lookup_error) => None,
                    Err(e) => return Err(e),
                };
                known.insert(p, found.clone());
                found
            }
        };
        match found {
            None => out.push(p),
            Some(v) if v.is_none() => {}
            Some(v) => {
                if let Some(i) = v.as_int() {
                    match i.to_i64().filter(|i| (0..=0x10ffff).contains(i)) {
                        Some(i) => out.push(i as u32),
                        None => return Err(vm.value_error("character mapping must be in range(0x110000)")),
                    }
                } else if let Some(t) = v.downcast::<Str>() {
                    vm.check_memory((out.len() + t.len()).checked_mul(4))?;
                    out.push_ref(t);
                } else {
                    return Err(vm.type_error("character mapping must return integer, None or str"));
                }
            }
        }
    }
    Ok(out.finish(&vm.heap).into())
}

fn maketrans(vm: &mut Vm, a: Args<'_>) -> R {
    let table = Dict::new(&vm.heap);
    let Some(to) = a.get(1) else {
        let Some(source) = a.pos[0].downcast::<Dict>() else {
            return Err(vm.type_error("if you give only one argument to maketrans it must be a dict"));
        };
        for (k, v) in source.items() {
            let key = if k.as_int().is_some() {
                k
            } else if let Some(s) = k.downcast::<Str>() {
                match s.len() {
                    1 => Value::int_unchecked(s.point(0).unwrap_or(0) as i64),
                    _ => return Err(vm.value_error("string keys in translate table must be of length 1")),
                }
            } else {
                return Err(vm.type_error("keys in translate table must be strings or integers"));
            };
            vm.dict_set(&table, key, v)?;
        }
        return Ok(table.into());
    };
    let to = str_arg(vm, to, "maketrans() argument 2 must be str")?;
    let deleted = match a.get(2) {
        Some(v) => Some(str_arg(vm, v, "maketrans() argument 3 must be str")?),
        None => None,
    };
    let Some(from) = a.pos[0].downcast::<Str>() else {
        return Err(vm.type_error("first maketrans argument must be a string if there is a second argument"));
    };
    if from.len() != to.len() {
        return Err(vm.value_error("the first two maketrans arguments must have equal length"));
    }
    for (x, y) in from.points().zip(to.points()) {
        vm.dict_set(&table, Value::int_unchecked(x as i64), Value::int_unchecked(y as i64))?;
    }
    if let Some(deleted) = deleted {
        for p in deleted.points() {
            vm.dict_set(&table, Value::int_unchecked(p as i64), Value::NONE)?;
        }
    }
    Ok(table.into())
}
