//! `list.sort` and `sorted`: keys, the short ways for keys of one built-in class, and `timsort` for the rest.

use std::cmp::Ordering;

use crate::builtins::timsort;
use crate::object::header::Ref;
use crate::object::sequence::{List, Tuple};
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::protocol::compare::compare_strs;
use crate::vm::{R, Vm};

/// The order in which `keys` are sorted.
fn sorted_order(vm: &mut Vm, keys: &[Value], order: &mut [usize]) -> R<()> {
    if let Some(ints) = keys.iter().map(Value::as_small_int).collect::<Option<Vec<_>>>() {
        order.sort_by_key(|&i| ints[i]);
        return Ok(());
    }
    if let Some(floats) = keys.iter().map(|k| k.as_flonum()).collect::<Option<Vec<_>>>()
        && !floats.iter().any(|x| x.is_nan())
    {
        order.sort_by(|&i, &j| floats[i].partial_cmp(&floats[j]).unwrap_or(Ordering::Equal));
        return Ok(());
    }
    let class = vm.types().str.clone();
    if let Some(strs) =
        keys.iter().map(|k| k.downcast::<Str>().filter(|s| s.ty().is(&class))).collect::<Option<Vec<&Ref<Str>>>>()
    {
        order.sort_by(|&i, &j| compare_strs(strs[i], strs[j]));
        return Ok(());
    }
    let tuple = &vm.types().tuple;
    if let Some(rows) = keys
        .iter()
        .map(|k| k.downcast::<Tuple>().filter(|t| t.ty().is(tuple)).map(|t| &t[..]))
        .collect::<Option<Vec<&[Value]>>>()
        && let Some(columns) = columns(&rows, &class)
    {
        order.sort_by(|&i, &j| {
            let items = rows[i].iter().zip(rows[j]);
            columns.iter().zip(items).fold(Ordering::Equal, |o, (column, (a, b))| o.then_with(|| column.compare(a, b)))
        });
        return Ok(());
    }
    let one_class = keys.windows(2).all(|pair| pair[0].class(&vm.heap).is(pair[1].class(&vm.heap)));
    timsort::sort(order, &mut |i, j| {
        // As in CPython, which asks both sides only where that has given no answer.
        if one_class && let Some(less) = vm.own_less(&keys[i], &keys[j])? {
            return Ok(less);
        }
        vm.less(&keys[i], &keys[j])
    })
}

/// What stands at one place of all keys: values that are ordered without asking anyone.
enum Column {
    Ints,
    Floats,
    Strs,
}

impl Column {
    fn of(rows: &[&[Value]], i: usize, str: &Ref<Type>) -> Option<Column> {
        let mut values = rows.iter().map(|row| &row[i]);
        let first = values.clone().next()?;
        if first.is_small_int() {
            values.all(Value::is_small_int).then_some(Column::Ints)
        } else if first.is_flonum() {
            // No NaN is a flonum.
            values.all(Value::is_flonum).then_some(Column::Floats)
        } else {
            let is_str = |v: &Value| v.downcast::<Str>().is_some_and(|s| s.ty().is(str));
            values.all(is_str).then_some(Column::Strs)
        }
    }

    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        match self {
            Column::Ints => a.as_small_int().cmp(&b.as_small_int()),
            Column::Floats => a.as_flonum().partial_cmp(&b.as_flonum()).unwrap_or(Ordering::Equal),
            Column::Strs => match (a.downcast::<Str>(), b.downcast::<Str>()) {
                (Some(a), Some(b)) => compare_strs(a, b),
                _ => Ordering::Equal,
            },
        }
    }
}

/// The columns of tuples of one length; None where there is one that may have to run code.
fn columns(rows: &[&[Value]], str: &Ref<Type>) -> Option<Vec<Column>> {
    let width = rows.first()?.len();
    if rows.iter().any(|row| row.len() != width) {
        return None;
    }
    (0..width).map(|i| Column::of(rows, i, str)).collect()
}

/// `list.sort(key=key, reverse=reverse)`.
pub fn sort_list(vm: &mut Vm, list: &Ref<List>, key: Option<&Value>, reverse: bool) -> R<()> {
    // As in CPython the list looks empty while it is sorted, so that code that runs meanwhile can do no harm.
    let items = list.edit(&vm.heap, std::mem::take);
    let mut order: Vec<usize> = (0..items.len()).collect();
    if reverse {
        order.reverse();
    }
    let result = match key {
        Some(f) => make_keys(vm, f, &items).and_then(|keys| sorted_order(vm, &keys, &mut order)),
        None => sorted_order(vm, &items, &mut order),
    };
    // What the death of the keys does to the list counts as well.
    if vm.heap.has_pending() {
        vm.run_finalizers();
    }
    if reverse {
        order.reverse();
    }
    let mut items: Vec<Option<Value>> = items.into_iter().map(Some).collect();
    let sorted: Vec<Value> = order.into_iter().filter_map(|i| items[i].take()).collect();
    let put = list.edit(&vm.heap, |l| std::mem::replace(l, sorted));
    let modified = put.capacity() > 0;
    drop(put);
    result?;
    if modified { Err(vm.value_error("list modified during sort")) } else { Ok(()) }
}

fn make_keys(vm: &mut Vm, f: &Value, items: &[Value]) -> R<Vec<Value>> {
    items.iter().map(|v| vm.call(f, std::slice::from_ref(v))).collect()
}
