//! `o[k]`, and the arithmetic of slices.

use super::special::Special;
use super::{list_slice, range};
use crate::object::dict::Dict;
use crate::object::header::{Kind, Ref};
use crate::object::sequence::{Bytes, List, Range, Slice, Tuple};
use crate::object::str::{self, Chars, Str};
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// A slice fitted to a length: `count` items from `start` at distances of `step`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    pub start: i64,
    pub stop: i64,
    pub step: i64,
    pub count: usize,
}

impl Bounds {
    /// The positions, in order.
    pub fn positions(self) -> impl Iterator<Item = usize> {
        (0..self.count as i64).map(move |i| (self.start + i * self.step) as usize)
    }

    /// The items of `all`, which has the length that the slice was fitted to.
    pub fn items(self, all: &[Value]) -> Vec<Value> {
        let start = self.start as usize;
        match self.step {
            _ if self.count == 0 => Vec::new(),
            1 => all[start..start + self.count].to_vec(),
            -1 => all[start + 1 - self.count..=start].iter().rev().cloned().collect(),
            _ => self.positions().map(|i| all[i].clone()).collect(),
        }
    }

    /// The same positions upwards.
    pub fn ascending(self) -> Bounds {
        if self.step > 0 || self.count == 0 {
            return self;
        }
        let start = self.start + (self.count as i64 - 1) * self.step;
        Bounds { start, stop: self.start + 1, step: -self.step, count: self.count }
    }
}

impl Vm {
    /// Start, stop and step of a slice, before they are fitted to a length.
    pub fn slice_parts(&mut self, s: &Slice) -> R<(i64, i64, i64)> {
        let step = if s.step.is_none() { 1 } else { self.index_clamped(&s.step)?.max(-i64::MAX) };
        if step == 0 {
            return Err(self.value_error("slice step cannot be zero"));
        }
        let start = match &s.start {
            v if v.is_none() => {
                if step < 0 {
                    i64::MAX
                } else {
                    0
                }
            }
            v => self.index_clamped(v)?,
        };
        let stop = match &s.stop {
            v if v.is_none() => {
                if step < 0 {
                    i64::MIN
                } else {
                    i64::MAX
                }
            }
            v => self.index_clamped(v)?,
        };
        Ok((start, stop, step))
    }

    /// A slice fitted to a length.  Runs Python code (`__index__`): ask for the length afterwards.
    pub fn slice_bounds(&mut self, s: &Slice, len: impl FnOnce() -> usize) -> R<Bounds> {
        let (start, stop, step) = self.slice_parts(s)?;
        Ok(fit(start, stop, step, len()))
    }

    /// `o[k]`.
    pub fn get_item(&mut self, o: &Value, k: &Value) -> R {
        let name = self.types().names.__getitem__.clone();
        match self.special(o, &name)? {
            Special::Direct => self.direct_get_item(o, k),
            Special::Method(m) => self.call_slot(&m, &[o.clone(), k.clone()]),
            Special::Default | Special::Missing => match o.downcast::<Type>().cloned() {
                Some(class) => self.get_class_item(&class, k),
                None => self.not_subscriptable(o),
            },
        }
    }

    /// `C[k]` of a class whose metaclass has no `__getitem__`.
    fn get_class_item(&mut self, class: &Ref<Type>, k: &Value) -> R {
        if class.is(&self.types().type_) {
            // `type[int]`: what the method would be inherited by is every class.
            let name = self.intern("__class_getitem__");
            let list = self.types().list.clone();
            let Some(f) = list.dict.get_str(&name) else { return self.not_subscriptable(class.as_value()) };
            return self.call_unbound(&f, class.as_value(), std::slice::from_ref(k));
        }
        let name = self.types().names.__class_getitem__.clone();
        match self.get_attr_opt(class.as_value(), &name)? {
            Some(f) if !f.is_none() => self.call(&f, std::slice::from_ref(k)),
            _ => Err(self.type_error(format!("type '{}' is not subscriptable", class.name_str()))),
        }
    }

    fn not_subscriptable(&mut self, o: &Value) -> R {
        let name = self.class_name(o);
        Err(self.type_error(format!("'{name}' object is not subscriptable")))
    }

    /// `o[k]` of the built-in class, whatever a subclass says.
    pub fn direct_get_item(&mut self, o: &Value, k: &Value) -> R {
        match o.kind() {
            Some(Kind::List) => {
                let Some(l) = o.downcast::<List>() else { return self.not_subscriptable(o) };
                if let Some(s) = k.downcast::<Slice>() {
                    let b = self.slice_bounds(s, || l.len())?;
                    self.check_memory(b.count.checked_mul(8))?;
                    let items = b.items(&l.items.borrow());
                    return Ok(List::new(&self.heap, items).into());
                }
                let i = self.sequence_index(k, "list indices must be integers or slices")?;
                let at = if i < 0 { i + l.len() as i64 } else { i };
                match usize::try_from(at).ok().and_then(|i| l.get(i)) {
                    Some(v) => Ok(v),
                    None => Err(self.index_error("list index out of range")),
                }
            }
            Some(Kind::Tuple) => {
                let Some(t) = o.downcast::<Tuple>() else { return self.not_subscriptable(o) };
                if let Some(s) = k.downcast::<Slice>() {
                    let b = self.slice_bounds(s, || t.len())?;
                    if b.count == t.len() && b.step == 1 && t.ty().is(&self.types().tuple) {
                        return Ok(o.clone());
                    }
                    return Ok(Tuple::new(&self.heap, b.items(t)).into());
                }
                let i = self.sequence_index(k, "tuple indices must be integers or slices")?;
                let at = if i < 0 { i + t.len() as i64 } else { i };
                match usize::try_from(at).ok().and_then(|i| t.get(i)) {
                    Some(v) => Ok(v.clone()),
                    None => Err(self.index_error("tuple index out of range")),
                }
            }
            Some(Kind::Dict) => {
                let Some(d) = o.downcast::<Dict>() else { return self.not_subscriptable(o) };
                if let Some(v) = self.dict_get(d, k)? {
                    return Ok(v);
                }
                if !d.ty().is(&self.types().dict) {
                    let name = self.types().names.__missing__.clone();
                    if let Some(m) = self.lookup_special(o, &name)? {
                        return self.call_slot(&m, &[o.clone(), k.clone()]);
                    }
                }
                Err(self.key_error(k))
            }
            Some(Kind::Str) => {
                let Some(s) = o.downcast::<Str>() else { return self.not_subscriptable(o) };
                if let Some(slice) = k.downcast::<Slice>() {
                    let b = self.slice_bounds(slice, || s.len())?;
                    return Ok(self.str_slice(s, b));
                }
                let i = self.sequence_index(k, "string indices must be integers")?;
                let at = if i < 0 { i + s.len() as i64 } else { i };
                match usize::try_from(at).ok().and_then(|i| s.point(i)) {
                    Some(p) => Ok(Str::from_point(&self.heap, p).into()),
                    None => Err(self.index_error("string index out of range")),
                }
            }
            Some(Kind::Bytes) => {
                let Some(d) = o.downcast::<Bytes>() else { return self.not_subscriptable(o) };
                if let Some(s) = k.downcast::<Slice>() {
                    let b = self.slice_bounds(s, || d.data.len())?;
                    let part: Vec<u8> = b.positions().filter_map(|i| d.data.get(i).copied()).collect();
                    return Ok(Bytes::new(&self.heap, part).into());
                }
                let i = self.sequence_index(k, "byte indices must be integers or slices")?;
                let at = if i < 0 { i + d.data.len() as i64 } else { i };
                match usize::try_from(at).ok().and_then(|i| d.data.get(i)) {
                    Some(&b) => Ok(Value::from_len(b as usize)),
                    None => Err(self.index_error("index out of range")),
                }
            }
            Some(Kind::Range) => {
                let Some(r) = o.downcast::<Range>() else { return self.not_subscriptable(o) };
                range::get_item(self, &r.clone(), k)
            }
            Some(Kind::Type) => {
                let Some(class) = o.downcast::<Type>().cloned() else { return self.not_subscriptable(o) };
                self.get_class_item(&class, k)
            }
            _ => self.not_subscriptable(o),
        }
    }

    /// An index; `words` start the TypeError for what is none.
    fn sequence_index(&mut self, k: &Value, words: &str) -> R<i64> {
        if let Some(i) = k.as_small_int() {
            return Ok(i);
        }
        let Some(i) = self.index_opt(k)? else {
            let name = self.class_name(k);
            let quoted = if words.starts_with("string") { format!("'{name}'") } else { name };
            return Err(self.type_error(format!("{words}, not {quoted}")));
        };
        match i.as_int().and_then(|i| i.to_i64()) {
            Some(i) => Ok(i),
            None => {
                let name = self.class_name(k);
                Err(self.index_error(format!("cannot fit '{name}' into an index-sized integer")))
            }
        }
    }

    fn str_slice(&mut self, s: &Ref<Str>, b: Bounds) -> Value {
        if b.count == s.len() && b.step == 1 && s.ty().is(&self.types().str) {
            return s.to_value();
        }
        if let (Chars::Ascii(text), 1) = (s.chars(), b.step) {
            let start = b.start as usize;
            return match text.get(start..start + b.count) {
                Some(part) => Str::new(&self.heap, part).into(),
                None => Str::new(&self.heap, "").into(),
            };
        }
        str::slice_step(&self.heap, s, b.start as usize, b.step, b.count).into()
    }

    /// `o[k] = v`.
    pub fn set_item(&mut self, o: &Value, k: &Value, v: Value) -> R<()> {
        let name = self.types().names.__setitem__.clone();
        match self.special(o, &name)? {
            Special::Direct => self.direct_set_item(o, k, v),
            Special::Method(m) => self.call_slot(&m, &[o.clone(), k.clone(), v]).map(drop),
            Special::Default | Special::Missing => self.no_item_assignment(o, "assignment"),
        }
    }

    fn no_item_assignment(&mut self, o: &Value, what: &str) -> R<()> {
        let name = self.class_name(o);
        Err(self.type_error(format!("'{name}' object does not support item {what}")))
    }

    /// CPython has other words where a class has any of the slots of sequences, as those made by Python code have, and
    /// the key is an index.
    fn no_item_deletion(&mut self, o: &Value, k: &Value) -> R<()> {
        let class = o.class(&self.heap);
        let names = &self.types().names;
        let is_sequence = class.has(type_flags::HEAP)
            || [&names.__len__, &names.__contains__].iter().any(|name| class.lookup(name).is_some());
        let is_index = k.as_int().is_some() || k.class(&self.heap).lookup(&names.__index__).is_some();
        if !(is_sequence && is_index) {
            return self.no_item_assignment(o, "deletion");
        }
        self.index_i64(k)?;
        let name = self.class_name(o);
        Err(self.type_error(format!("'{name}' object doesn't support item deletion")))
    }

    /// `o[k] = v` of the built-in class.
    pub fn direct_set_item(&mut self, o: &Value, k: &Value, v: Value) -> R<()> {
        match o.kind() {
            Some(Kind::Dict) => {
                let Some(d) = o.downcast::<Dict>() else { return self.no_item_assignment(o, "assignment") };
                self.dict_set(d, k.clone(), v)
            }
            Some(Kind::List) => {
                let Some(l) = o.downcast::<List>() else { return self.no_item_assignment(o, "assignment") };
                if let Some(s) = k.downcast::<Slice>() {
                    return list_slice::set_slice(self, l, s, &v);
                }
                let i = self.sequence_index(k, "list indices must be integers or slices")?;
                let at = if i < 0 { i + l.len() as i64 } else { i };
                let old = match usize::try_from(at)
                    .ok()
                    .and_then(|i| l.items.borrow_mut().get_mut(i).map(|slot| std::mem::replace(slot, v)))
                {
                    Some(old) => old,
                    None => return Err(self.index_error("list assignment index out of range")),
                };
                drop(old);
                Ok(())
            }
            _ => self.no_item_assignment(o, "assignment"),
        }
    }

    /// `del o[k]`.
    pub fn del_item(&mut self, o: &Value, k: &Value) -> R<()> {
        let name = self.types().names.__delitem__.clone();
        match self.special(o, &name)? {
            Special::Direct => self.direct_del_item(o, k),
            Special::Method(m) => self.call_slot(&m, &[o.clone(), k.clone()]).map(drop),
            Special::Default | Special::Missing => self.no_item_deletion(o, k),
        }
    }

    /// `del o[k]` of the built-in class.
    pub fn direct_del_item(&mut self, o: &Value, k: &Value) -> R<()> {
        match o.kind() {
            Some(Kind::Dict) => {
                let Some(d) = o.downcast::<Dict>() else { return self.no_item_deletion(o, k) };
                match self.dict_remove(d, k)? {
                    Some(_) => Ok(()),
                    None => Err(self.key_error(k)),
                }
            }
            Some(Kind::List) => {
                let Some(l) = o.downcast::<List>() else { return self.no_item_deletion(o, k) };
                if let Some(s) = k.downcast::<Slice>() {
                    return list_slice::del_slice(self, l, s);
                }
                let i = self.sequence_index(k, "list indices must be integers or slices")?;
                let n = l.len();
                let at = if i < 0 { i + n as i64 } else { i };
                match usize::try_from(at).ok().filter(|&i| i < n) {
                    Some(i) => {
                        let old = l.edit(&self.heap, |items| items.remove(i));
                        drop(old);
                        Ok(())
                    }
                    None => Err(self.index_error("list assignment index out of range")),
                }
            }
            _ => self.no_item_deletion(o, k),
        }
    }
}

/// CPython's `PySlice_AdjustIndices`.
pub fn fit(start: i64, stop: i64, step: i64, len: usize) -> Bounds {
    let n = len as i64;
    let (low, high) = if step < 0 { (-1, n - 1) } else { (0, n) };
    let clamp = |i: i64| if i < 0 { i.saturating_add(n).max(low) } else { i.min(high) };
    let (start, stop) = (clamp(start), clamp(stop));
    let count = if step < 0 {
        if stop < start { (start - stop - 1) / -step + 1 } else { 0 }
    } else if start < stop {
        (stop - start - 1) / step + 1
    } else {
        0
    };
    Bounds { start, stop, step, count: count as usize }
}
