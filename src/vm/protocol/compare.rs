//! Comparison and membership.

use std::cmp::Ordering;

use dashu_int::IBig;

use super::special::Special;
use super::{dict_view, range};
use crate::code::operators::CompareOp;
use crate::object::dict::Dict;
use crate::object::function::{BoundMethod, Cell, Code, Native};
use crate::object::header::{Kind, Ref};
use crate::object::number::Int;
use crate::object::sequence::{Bytes, List, Range, Slice, Tuple};
use crate::object::set::Set;
use crate::object::str::{Chars, Str};
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::vm::{Exc, R, Vm};

/// Orders an int and a float exactly; None for a NaN.
pub fn compare_int_float(i: &Int<'_>, x: f64) -> Option<Ordering> {
    if x.is_nan() {
        return None;
    }
    if x.is_infinite() {
        return Some(if x > 0.0 { Ordering::Less } else { Ordering::Greater });
    }
    if let Int::Small(i) = i
        && i.unsigned_abs() < 1 << 53
    {
        return (*i as f64).partial_cmp(&x);
    }
    let whole = IBig::try_from(x.trunc()).unwrap_or_default();
    let fraction = x - x.trunc();
    Some(i.to_big().cmp(&whole).then(0.0f64.partial_cmp(&fraction).unwrap_or(Ordering::Equal)))
}

/// Orders two numbers (int, bool, float and their subclasses); None where one is no number; Some(None) for a NaN.
pub fn compare_numbers(a: &Value, b: &Value) -> Option<Option<Ordering>> {
    if let (Some(a), Some(b)) = (a.as_small_int(), b.as_small_int()) {
        return Some(Some(a.cmp(&b)));
    }
    match (a.as_int(), b.as_int()) {
        (Some(Int::Small(a)), Some(Int::Small(b))) => Some(Some(a.cmp(&b))),
        (Some(a), Some(b)) => Some(Some(a.to_big().cmp(&b.to_big()))),
        (Some(a), None) => b.as_float().map(|b| compare_int_float(&a, b)),
        (None, Some(b)) => a.as_float().map(|a| compare_int_float(&b, a).map(Ordering::reverse)),
        (None, None) => match (a.as_float(), b.as_float()) {
            (Some(a), Some(b)) => Some(a.partial_cmp(&b)),
            _ => None,
        },
    }
}

/// Orders two strs by code points.
pub fn compare_strs(a: &Str, b: &Str) -> Ordering {
    match (a.chars(), b.chars()) {
        (Chars::Ascii(a), Chars::Ascii(b)) => match (a.as_bytes(), b.as_bytes()) {
            ([a], [b]) => a.cmp(b),
            (a, b) => a.cmp(b),
        },
        _ => a.points().cmp(b.points()),
    }
}

fn answer(op: CompareOp, o: Option<Ordering>) -> Value {
    Value::bool(match o {
        Some(o) => op.holds(o),
        None => op == CompareOp::Ne,
    })
}

impl Vm {
    /// `a == b` as a bool.
    #[inline]
    pub fn eq(&mut self, a: &Value, b: &Value) -> R<bool> {
        if let (Some(x), Some(y)) = (a.as_small_int(), b.as_small_int()) {
            return Ok(x == y);
        }
        if let (Some(x), Some(y)) = (a.downcast::<Str>(), b.downcast::<Str>())
            && x.ty().is(&self.types().str)
            && y.ty().is(&self.types().str)
        {
            return Ok(**x == **y);
        }
        self.compare_bool(CompareOp::Eq, a, b)
    }

    /// `a is b or a == b`, as containers compare.
    #[inline]
    pub fn eq_or_is(&mut self, a: &Value, b: &Value) -> R<bool> {
        Ok(a.is(b) || self.eq(a, b)?)
    }

    /// `a op b` as a bool.
    pub fn compare_bool(&mut self, op: CompareOp, a: &Value, b: &Value) -> R<bool> {
        let v = self.compare(op, a, b)?;
        match v.as_bool() {
            Some(b) => Ok(b),
            None => self.truth(&v),
        }
    }

    /// `a op b` of two strs of class `str`; None for others.
    #[inline]
    pub fn compare_strs(&self, op: CompareOp, a: &Value, b: &Value) -> Option<bool> {
        let (x, y) = (a.downcast::<Str>()?, b.downcast::<Str>()?);
        let str = &self.types().str;
        if !x.ty().is(str) || !y.ty().is(str) {
            return None;
        }
        Some(match op {
            // Two interned strs are equal only if they are one.
            CompareOp::Eq => x.is(y) || (!(x.is_interned() && y.is_interned()) && **x == **y),
            CompareOp::Ne => !x.is(y) && ((x.is_interned() && y.is_interned()) || **x != **y),
            _ => op.holds(compare_strs(x, y)),
        })
    }

    /// `a op b`.
    pub fn compare(&mut self, op: CompareOp, a: &Value, b: &Value) -> R {
        if let (Some(x), Some(y)) = (a.as_small_int(), b.as_small_int()) {
            return Ok(Value::bool(op.holds(x.cmp(&y))));
        }
        if let (Some(x), Some(y)) = (a.as_flonum(), b.as_flonum()) {
            return Ok(answer(op, x.partial_cmp(&y)));
        }
        if let Some(holds) = self.compare_strs(op, a, b) {
            return Ok(Value::bool(holds));
        }
        let (ta, tb) = (a.class(&self.heap), b.class(&self.heap));
        if !ta.has(type_flags::HEAP)
            && !tb.has(type_flags::HEAP)
            && let Some(order) = compare_numbers(a, b)
        {
            return Ok(answer(op, order));
        }
        self.check_stack(" in comparison")?;
        let mut reflected_tried = false;
        let (ta, tb) = (a.class(&self.heap), b.class(&self.heap));
        if !ta.is(tb) && tb.is_subclass(ta) {
            reflected_tried = true;
            let v = self.compare_method(op.swapped(), b, a)?;
            if !v.is_not_implemented() {
                return Ok(v);
            }
        }
        let v = self.compare_method(op, a, b)?;
        if !v.is_not_implemented() {
            return Ok(v);
        }
        if !reflected_tried {
            return self.compare_after_left(op, a, b);
        }
        self.compare_by_default(op, a, b)
    }

    /// `a op b` where the method of the class of `a` has answered NotImplemented, and that of `b` was not asked.
    pub(in crate::vm) fn compare_after_left(&mut self, op: CompareOp, a: &Value, b: &Value) -> R {
        let v = self.compare_method(op.swapped(), b, a)?;
        if v.is_not_implemented() { self.compare_by_default(op, a, b) } else { Ok(v) }
    }

    /// `a op b` where neither class knows.
    fn compare_by_default(&mut self, op: CompareOp, a: &Value, b: &Value) -> R {
        match op {
            CompareOp::Eq => Ok(Value::bool(a.is(b))),
            CompareOp::Ne => Ok(Value::bool(!a.is(b))),
            _ => {
                let (x, y) = (self.class_name(a), self.class_name(b));
                Err(self.type_error(format!("'{}' not supported between instances of '{x}' and '{y}'", op.symbol())))
            }
        }
    }

    /// What `a.__lt__(b)` answers as a bool; None where it does not know.
    pub fn own_less(&mut self, a: &Value, b: &Value) -> R<Option<bool>> {
        let v = self.compare_method(CompareOp::Lt, a, b)?;
        if v.is_not_implemented() { Ok(None) } else { self.truth(&v).map(Some) }
    }

    /// The special method of a comparison.
    pub(in crate::vm) fn comparison_name(&self, op: CompareOp) -> &Ref<Str> {
        let names = &self.types().names;
        match op {
            CompareOp::Lt => &names.__lt__,
            CompareOp::Le => &names.__le__,
            CompareOp::Eq => &names.__eq__,
            CompareOp::Ne => &names.__ne__,
            CompareOp::Gt => &names.__gt__,
            CompareOp::Ge => &names.__ge__,
        }
    }

    /// What the special method of `a` answers; NotImplemented where there is none.
    fn compare_method(&mut self, op: CompareOp, a: &Value, b: &Value) -> R {
        let name = self.comparison_name(op).clone();
        // What a descriptor raises instead of giving the method is lost, as in CPython.
        let Ok(method) = self.special(a, &name) else { return Ok(Value::NOT_IMPLEMENTED) };
        match method {
            Special::Direct => self.direct_compare(op, a, b),
            Special::Default => self.object_compare(op, a, b),
            Special::Missing => Ok(Value::NOT_IMPLEMENTED),
            Special::Method(m) => self.call_slot(&m, &[a.clone(), b.clone()]),
        }
    }

    /// The comparison of `object`: identity, and `!=` as the opposite of the object's own `==`.
    pub fn object_compare(&mut self, op: CompareOp, a: &Value, b: &Value) -> R {
        match op {
            CompareOp::Eq if a.is(b) => Ok(Value::TRUE),
            CompareOp::Ne => {
                let v = self.compare_method(CompareOp::Eq, a, b)?;
                if v.is_not_implemented() { Ok(v) } else { Ok(Value::bool(!self.truth(&v)?)) }
            }
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    /// The comparison of the built-in class of `a`, whatever a subclass says.
    pub fn direct_compare(&mut self, op: CompareOp, a: &Value, b: &Value) -> R {
        if a.as_int().is_some() && b.as_int().is_none() {
            // An int does not know floats: their reflected methods do.
            return Ok(Value::NOT_IMPLEMENTED);
        }
        if a.as_int().is_some() || a.as_float().is_some() {
            return Ok(compare_numbers(a, b).map_or(Value::NOT_IMPLEMENTED, |o| answer(op, o)));
        }
        let Some(kind) = a.kind() else {
            return self.identity_compare(op, a, b);
        };
        if b.kind() != Some(kind) && kind != Kind::Opaque {
            return if op == CompareOp::Eq && a.is(b) { Ok(Value::TRUE) } else { Ok(Value::NOT_IMPLEMENTED) };
        }
        match kind {
            Kind::Str => {
                let (Some(x), Some(y)) = (a.downcast::<Str>(), b.downcast::<Str>()) else {
                    return Ok(Value::NOT_IMPLEMENTED);
                };
                Ok(match op {
                    CompareOp::Eq => Value::bool(**x == **y),
                    CompareOp::Ne => Value::bool(**x != **y),
                    _ => Value::bool(op.holds(compare_strs(x, y))),
                })
            }
            Kind::Bytes => {
                let (Some(x), Some(y)) = (a.downcast::<Bytes>(), b.downcast::<Bytes>()) else {
                    return Ok(Value::NOT_IMPLEMENTED);
                };
                Ok(Value::bool(op.holds(x.data.cmp(&y.data))))
            }
            Kind::Tuple => {
                let (Some(x), Some(y)) = (a.downcast::<Tuple>().cloned(), b.downcast::<Tuple>().cloned()) else {
                    return Ok(Value::NOT_IMPLEMENTED);
                };
                self.compare_sequences(op, &|i| x.get(i).cloned(), &|i| y.get(i).cloned(), &|| (x.len(), y.len()))
            }
            Kind::List => {
                let (Some(x), Some(y)) = (a.downcast::<List>().cloned(), b.downcast::<List>().cloned()) else {
                    return Ok(Value::NOT_IMPLEMENTED);
                };
                if x.len() != y.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
                    return Ok(Value::bool(op == CompareOp::Ne));
                }
                self.compare_sequences(op, &|i| x.get(i), &|i| y.get(i), &|| (x.len(), y.len()))
            }
            Kind::Dict => match op {
                CompareOp::Eq | CompareOp::Ne => {
                    let (Some(x), Some(y)) = (a.downcast::<Dict>().cloned(), b.downcast::<Dict>().cloned()) else {
                        return Ok(Value::NOT_IMPLEMENTED);
                    };
                    Ok(Value::bool(self.dict_equal(&x, &y)? == (op == CompareOp::Eq)))
                }
                _ => Ok(Value::NOT_IMPLEMENTED),
            },
            Kind::Set => {
                let (Some(x), Some(y)) = (a.downcast::<Set>().cloned(), b.downcast::<Set>().cloned()) else {
                    return Ok(Value::NOT_IMPLEMENTED);
                };
                self.compare_sets(op, &x, &y)
            }
            Kind::Range => {
                let (Some(x), Some(y)) = (a.downcast::<Range>(), b.downcast::<Range>()) else {
                    return Ok(Value::NOT_IMPLEMENTED);
                };
                match op {
                    CompareOp::Eq | CompareOp::Ne => Ok(Value::bool(range::equal(x, y) == (op == CompareOp::Eq))),
                    _ => Ok(Value::NOT_IMPLEMENTED),
                }
            }
            Kind::Slice => {
                let (Some(x), Some(y)) = (a.downcast::<Slice>().cloned(), b.downcast::<Slice>().cloned()) else {
                    return Ok(Value::NOT_IMPLEMENTED);
                };
                let items = |s: &Slice| [s.start.clone(), s.stop.clone(), s.step.clone()];
                let (x, y) = (items(&x), items(&y));
                self.compare_sequences(op, &|i| x.get(i).cloned(), &|i| y.get(i).cloned(), &|| (3, 3))
            }
            Kind::Cell => {
                let (Some(x), Some(y)) = (a.downcast::<Cell>(), b.downcast::<Cell>()) else {
                    return Ok(Value::NOT_IMPLEMENTED);
                };
                match (x.value.get(), y.value.get()) {
                    (Some(x), Some(y)) => self.compare(op, &x, &y),
                    // An empty cell is less than any other.
                    (x, y) => Ok(Value::bool(op.holds(x.is_some().cmp(&y.is_some())))),
                }
            }
            Kind::Code if matches!(op, CompareOp::Eq | CompareOp::Ne) => {
                let (Some(x), Some(y)) = (a.downcast::<Code>().cloned(), b.downcast::<Code>().cloned()) else {
                    return Ok(Value::NOT_IMPLEMENTED);
                };
                Ok(Value::bool(self.code_equal(&x, &y)? == (op == CompareOp::Eq)))
            }
            Kind::BoundMethod if matches!(op, CompareOp::Eq | CompareOp::Ne) => {
                let (Some(x), Some(y)) = (a.downcast::<BoundMethod>().cloned(), b.downcast::<BoundMethod>().cloned())
                else {
                    return Ok(Value::NOT_IMPLEMENTED);
                };
                let same = x.receiver.is(&y.receiver) && self.eq(&x.function, &y.function)?;
                Ok(Value::bool(same == (op == CompareOp::Eq)))
            }
            Kind::Native if matches!(op, CompareOp::Eq | CompareOp::Ne) => {
                let (Some(x), Some(y)) = (a.downcast::<Native>(), b.downcast::<Native>()) else {
                    return Ok(Value::NOT_IMPLEMENTED);
                };
                let same = a.is(b)
                    || (x.def.entry == y.def.entry
                        && matches!((&x.bound, &y.bound), (Some(p), Some(q)) if p.is(q))
                        && x.def.name == y.def.name);
                Ok(Value::bool(same == (op == CompareOp::Eq)))
            }
            _ => self.identity_compare(op, a, b),
        }
    }

    fn identity_compare(&mut self, op: CompareOp, a: &Value, b: &Value) -> R {
        Ok(match op {
            CompareOp::Eq if a.is(b) => Value::TRUE,
            CompareOp::Ne if a.is(b) => Value::FALSE,
            _ => Value::NOT_IMPLEMENTED,
        })
    }

    /// Compares item by item; the sequences may change meanwhile, so lengths and items are asked for each time.
    fn compare_sequences(
        &mut self,
        op: CompareOp,
        x: &dyn Fn(usize) -> Option<Value>,
        y: &dyn Fn(usize) -> Option<Value>,
        lens: &dyn Fn() -> (usize, usize),
    ) -> R {
        let mut i = 0;
        while let (Some(p), Some(q)) = (x(i), y(i)) {
            if !self.eq_or_is(&p, &q)? {
                if x(i).is_none() || y(i).is_none() {
                    // The comparison has shortened one of them.
                    break;
                }
                return match op {
                    CompareOp::Eq => Ok(Value::FALSE),
                    CompareOp::Ne => Ok(Value::TRUE),
                    _ => self.compare(op, &p, &q),
                };
            }
            i += 1;
        }
        let (m, n) = lens();
        Ok(Value::bool(op.holds(m.cmp(&n))))
    }

    /// Whether two dicts have equal keys with equal values.
    pub fn dict_equal(&mut self, x: &Ref<Dict>, y: &Ref<Dict>) -> R<bool> {
        if x.len() != y.len() {
            return Ok(false);
        }
        let mut i = 0;
        while i < x.positions() {
            if let Some((hash, key, value)) = x.entry(i) {
                let Some(other) = self.dict_find(y, hash, &key)?.and_then(|p| y.value_at(p)) else {
                    return Ok(false);
                };
                if !self.eq_or_is(&value, &other)? {
                    return Ok(false);
                }
            }
            i += 1;
        }
        Ok(true)
    }

    fn compare_sets(&mut self, op: CompareOp, x: &Ref<Set>, y: &Ref<Set>) -> R {
        let (m, n) = (x.len(), y.len());
        Ok(Value::bool(match op {
            CompareOp::Eq => m == n && self.is_subset(x, y)?,
            CompareOp::Ne => !(m == n && self.is_subset(x, y)?),
            CompareOp::Le => self.is_subset(x, y)?,
            CompareOp::Ge => self.is_subset(y, x)?,
            CompareOp::Lt => m < n && self.is_subset(x, y)?,
            CompareOp::Gt => m > n && self.is_subset(y, x)?,
        }))
    }

    /// Whether every key of `x` is in `y`.
    pub fn is_subset(&mut self, x: &Ref<Set>, y: &Ref<Set>) -> R<bool> {
        if x.len() > y.len() {
            return Ok(false);
        }
        let mut position = 0;
        while let Some((next, hash, key)) = x.next(position) {
            position = next;
            if !self.set_contains_hashed(y, hash, &key)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// `item in container`.
    pub fn contains(&mut self, container: &Value, item: &Value) -> R<bool> {
        let name = self.types().names.__contains__.clone();
        match self.special(container, &name)? {
            Special::Direct => self.direct_contains(container, item),
            Special::Default | Special::Missing => self.contains_by_iteration(container, item),
            Special::Method(m) if m.is_none() => {
                let name = self.class_name(container);
                Err(self.type_error(format!("'{name}' object is not a container")))
            }
            Special::Method(m) => {
                let v = self.call_slot(&m, &[container.clone(), item.clone()])?;
                self.truth(&v)
            }
        }
    }

    /// `item in container` by the built-in class's own rule.
    pub fn direct_contains(&mut self, container: &Value, item: &Value) -> R<bool> {
        match container.kind() {
            Some(Kind::Dict) => {
                let Some(d) = container.downcast::<Dict>() else { return Ok(false) };
                let hash = self.hash(item)?;
                Ok(self.dict_find(d, hash, item)?.is_some())
            }
            Some(Kind::Set) => {
                let Some(s) = container.downcast::<Set>() else { return Ok(false) };
                self.set_contains_or_frozen(s, item)
            }
            Some(Kind::List) => {
                let Some(l) = container.downcast::<List>() else { return Ok(false) };
                let mut i = 0;
                while let Some(v) = l.get(i) {
                    if self.eq_or_is(&v, item)? {
                        return Ok(true);
                    }
                    i += 1;
                }
                Ok(false)
            }
            Some(Kind::Tuple) => {
                let Some(t) = container.downcast::<Tuple>() else { return Ok(false) };
                for v in t.iter() {
                    if self.eq_or_is(v, item)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Some(Kind::Str) => {
                let Some(s) = container.downcast::<Str>() else { return Ok(false) };
                let Some(part) = item.downcast::<Str>() else {
                    let name = self.class_name(item);
                    return Err(self.type_error(format!("'in <string>' requires string as left operand, not {name}")));
                };
                Ok(str_contains(s, part))
            }
            Some(Kind::Bytes) => {
                let Some(data) = container.downcast::<Bytes>() else { return Ok(false) };
                if let Some(part) = self.bytes_of(item)? {
                    return Ok(part.is_empty() || data.data.windows(part.len()).any(|w| *w == *part));
                }
                let index = self.index_opt(item)?;
                match index.as_ref().and_then(|i| i.as_int()).map(|i| i.to_i64()) {
                    Some(Some(b @ 0..=255)) => Ok(data.data.contains(&(b as u8))),
                    Some(_) => Err(self.value_error("byte must be in range(0, 256)")),
                    None => {
                        let name = self.class_name(item);
                        Err(self.type_error(format!("a bytes-like object is required, not '{name}'")))
                    }
                }
            }
            // Ints of any size, but not of a subclass, which may compare as it likes.
            Some(Kind::Range) if item.as_bool().is_some() || item.class(&self.heap).is(&self.types().int) => {
                let Some(r) = container.downcast::<Range>() else { return Ok(false) };
                Ok(range::contains_int(r, item))
            }
            Some(Kind::Opaque) if dict_view::is_view(container) => dict_view::contains(self, container, item),
            _ => self.contains_by_iteration(container, item),
        }
    }

    /// A set that is looked for in a set counts as the frozenset of its keys.
    pub fn set_contains_or_frozen(&mut self, s: &Ref<Set>, item: &Value) -> R<bool> {
        match self.hash(item) {
            Ok(hash) => self.set_contains_hashed(s, hash, item),
            Err(e) => {
                let key = frozen_key(self, item, e)?;
                self.set_contains(s, &key)
            }
        }
    }

    fn contains_by_iteration(&mut self, container: &Value, item: &Value) -> R<bool> {
        let it = match self.iter_opt(container)? {
            Some(it) => it,
            None => {
                let name = self.class_name(container);
                return Err(self.type_error(format!("argument of type '{name}' is not iterable")));
            }
        };
        while let Some(v) = self.next(&it)? {
            if self.eq_or_is(&v, item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn str_contains(s: &Str, part: &Str) -> bool {
    if part.is_empty() {
        return true;
    }
    if part.len() > s.len() || part.width() > s.width() {
        return false;
    }
    match (s.as_ascii(), part.as_ascii()) {
        (Some(s), Some(p)) => match p.as_bytes() {
            &[byte] => s.as_bytes().contains(&byte),
            _ => s.contains(p),
        },
        _ => {
            let hay: Vec<u32> = s.points().collect();
            let needle: Vec<u32> = part.points().collect();
            hay.windows(needle.len()).any(|w| w == needle)
        }
    }
}

/// A frozenset with the keys of a set that was looked for in a set; the error of hashing it otherwise.
pub fn frozen_key(vm: &mut Vm, item: &Value, e: Exc) -> R {
    match item.downcast::<Set>() {
        Some(s) if vm.is_exception(&e, &vm.types().TypeError) => {
            let class = vm.types().frozenset.clone();
            let frozen = Set::new(&vm.heap, &class);
            frozen.copy_from(&vm.heap, s);
            Ok(frozen.into())
        }
        _ => Err(e),
    }
}
