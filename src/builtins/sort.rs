//! Sorting: stable, with as few comparisons as a merge sort needs, and safe whatever the comparison does.

use crate::object::header::Ref;
use crate::object::sequence::List;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::protocol::compare::compare_strs;
use crate::vm::{R, Vm};

/// Runs shorter than this are made by insertion.
const RUN: usize = 24;

/// Sorts positions so that `less` holds from left to right.  An error ends it; the positions are then still all there.
pub fn merge_sort(order: &mut [usize], less: &mut dyn FnMut(usize, usize) -> R<bool>) -> R<()> {
    let n = order.len();
    let mut runs = Vec::new();
    let mut start = 0;
    while start < n {
        let end = next_run(order, start, less)?;
        runs.push((start, end));
        start = end;
    }
    let mut buffer = Vec::with_capacity(n);
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len() / 2 + 1);
        for pair in runs.chunks(2) {
            match *pair {
                [(a, b), (_, c)] => {
                    merge(&mut order[a..c], b - a, &mut buffer, less)?;
                    merged.push((a, c));
                }
                [one] => merged.push(one),
                _ => {}
            }
        }
        runs = merged;
    }
    Ok(())
}

/// Finds or makes a sorted run from `start`; returns its end.
fn next_run(order: &mut [usize], start: usize, less: &mut dyn FnMut(usize, usize) -> R<bool>) -> R<usize> {
    let n = order.len();
    let mut end = start + 1;
    if end < n {
        if less(order[end], order[start])? {
            end += 1;
            while end < n && less(order[end], order[end - 1])? {
                end += 1;
            }
            // Strictly descending: turning it round keeps equal items in order.
            order[start..end].reverse();
        } else {
            end += 1;
            while end < n && !less(order[end], order[end - 1])? {
                end += 1;
            }
        }
    }
    let want = n.min(start + RUN);
    while end < want {
        let item = order[end];
        let (mut low, mut high) = (start, end);
        while low < high {
            let middle = low + (high - low) / 2;
            if less(item, order[middle])? { high = middle } else { low = middle + 1 }
        }
        order[low..=end].rotate_right(1);
        end += 1;
    }
    Ok(end)
}

fn merge(
    part: &mut [usize],
    middle: usize,
    buffer: &mut Vec<usize>,
    less: &mut dyn FnMut(usize, usize) -> R<bool>,
) -> R<()> {
    if middle == part.len() || !less(part[middle], part[middle - 1])? {
        return Ok(());
    }
    buffer.clear();
    let (mut i, mut j) = (0, middle);
    while i < middle && j < part.len() {
        if less(part[j], part[i])? {
            buffer.push(part[j]);
            j += 1;
        } else {
            buffer.push(part[i]);
            i += 1;
        }
    }
    buffer.extend_from_slice(&part[i..middle]);
    buffer.extend_from_slice(&part[j..]);
    part.copy_from_slice(buffer);
    Ok(())
}

/// The order in which `keys` are sorted.
fn sorted_order(vm: &mut Vm, keys: &[Value], order: &mut [usize]) -> R<()> {
    if let Some(ints) = keys.iter().map(Value::as_small_int).collect::<Option<Vec<_>>>() {
        order.sort_by_key(|&i| ints[i]);
        return Ok(());
    }
    if let Some(floats) = keys.iter().map(|k| k.as_flonum()).collect::<Option<Vec<_>>>()
        && !floats.iter().any(|x| x.is_nan())
    {
        order.sort_by(|&i, &j| floats[i].partial_cmp(&floats[j]).unwrap_or(std::cmp::Ordering::Equal));
        return Ok(());
    }
    let class = vm.types().str.clone();
    if let Some(strs) =
        keys.iter().map(|k| k.downcast::<Str>().filter(|s| s.ty().is(&class))).collect::<Option<Vec<&Ref<Str>>>>()
    {
        order.sort_by(|&i, &j| compare_strs(strs[i], strs[j]));
        return Ok(());
    }
    merge_sort(order, &mut |i, j| vm.less(&keys[i], &keys[j]))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_items_keep_their_order() {
        let keys: Vec<u64> = (0..5000u64).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58).collect();
        let mut order: Vec<usize> = (0..keys.len()).collect();
        merge_sort(&mut order, &mut |i, j| Ok(keys[i] < keys[j])).unwrap();
        assert!(order.windows(2).all(|w| (keys[w[0]], w[0]) < (keys[w[1]], w[1])));
    }

    #[test]
    fn a_comparison_that_lies_loses_nothing() {
        let mut n = 0u64;
        let mut order: Vec<usize> = (0..1000).collect();
        merge_sort(&mut order, &mut |_, _| {
            n = n.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            Ok(n >> 63 == 0)
        })
        .unwrap();
        order.sort_unstable();
        assert!(order.into_iter().eq(0..1000));
    }

    #[test]
    fn sorted_input_takes_one_pass() {
        let mut count = 0;
        let mut order: Vec<usize> = (0..1000).collect();
        merge_sort(&mut order, &mut |i, j| {
            count += 1;
            Ok(i < j)
        })
        .unwrap();
        assert_eq!(count, 999);
    }
}
