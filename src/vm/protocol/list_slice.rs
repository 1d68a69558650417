//! Assignment to and deletion of slices of lists.

use super::subscript::{Bounds, fit};
use crate::object::header::{Kind, Ref};
use crate::object::sequence::{List, Slice, drop_backwards};
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// `list[slice] = v`.
pub fn set_slice(vm: &mut Vm, list: &Ref<List>, s: &Ref<Slice>, v: &Value) -> R<()> {
    let (start, stop, step) = vm.slice_parts(s)?;
    if step != 1
        && let Some(source) = v.downcast::<List>()
        && !source.is(list)
        && !source.ty().has(type_flags::HEAP)
    {
        return set_stepped(vm, list, fit(start, stop, step, list.len()), &source.items.borrow());
    }
    let items = match vm.iter_opt(v)? {
        Some(_) if v.kind() == Some(Kind::List) || v.kind() == Some(Kind::Tuple) => vm.collect(v)?,
        Some(it) => vm.collect(&it)?,
        None => return Err(vm.type_error("must assign iterable to extended slice")),
    };
    let b = fit(start, stop, step, list.len());
    if step == 1 {
        let low = b.start as usize;
        let high = low.max(b.stop.max(0) as usize);
        vm.check_memory(items.len().checked_mul(8))?;
        let old: Vec<Value> = list.edit(&vm.heap, |l| l.splice(low..high, items).collect());
        drop_backwards(old);
        return Ok(());
    }
    set_stepped(vm, list, b, &items)
}

/// Replaces the items of an extended slice.
fn set_stepped(vm: &mut Vm, list: &Ref<List>, b: Bounds, items: &[Value]) -> R<()> {
    if items.len() != b.count {
        let n = items.len();
        return Err(
            vm.value_error(format!("attempt to assign sequence of size {n} to extended slice of size {}", b.count))
        );
    }
    // What dies must not find the list borrowed; immediates do not die.
    let mut old = Vec::new();
    let mut target = list.items.borrow_mut();
    for (i, v) in b.positions().zip(items) {
        let before = std::mem::replace(&mut target[i], v.clone());
        if before.is_heap() {
            old.push(before);
        }
    }
    drop(target);
    drop(old);
    Ok(())
}

/// `del list[slice]`.
pub fn del_slice(vm: &mut Vm, list: &Ref<List>, s: &Ref<Slice>) -> R<()> {
    let b = vm.slice_bounds(s, || list.len())?.ascending();
    let old: Vec<Value> = list.edit(&vm.heap, |l| {
        if b.step == 1 {
            let start = b.start as usize;
            return l.drain(start..start + b.count).collect();
        }
        let mut gone = Vec::with_capacity(b.count);
        let mut kept = Vec::with_capacity(l.len() - b.count);
        let mut next = b.positions().peekable();
        for (i, v) in std::mem::take(l).into_iter().enumerate() {
            if next.peek() == Some(&i) {
                next.next();
                gone.push(v);
            } else {
                kept.push(v);
            }
        }
        *l = kept;
        gone
    });
    if b.step == 1 {
        drop_backwards(old);
    }
    Ok(())
}
