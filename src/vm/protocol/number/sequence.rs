//! `+`, `*` and `%` of str, bytes, tuple and list.

use crate::code::BinaryOp;
use crate::object::buffer::ByteArray;
use crate::object::header::{Kind, Ref};
use crate::object::sequence::{Bytes, List, Tuple};
use crate::object::str::{self, Str};
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// Whether `*` with an int repeats it.
pub(super) fn is_sequence(v: &Value) -> bool {
    match v.kind() {
        Some(Kind::Str | Kind::Bytes | Kind::List | Kind::Tuple) => true,
        Some(Kind::Opaque) => v.opaque::<ByteArray>().is_some(),
        _ => false,
    }
}

impl Vm {
    pub(super) fn sequence_binary(&mut self, op: BinaryOp, a: &Value, b: &Value) -> R<Option<Value>> {
        match op {
            BinaryOp::Add => {
                if let (Some(x), Some(y)) = (a.downcast::<Str>(), b.downcast::<Str>()) {
                    return self.str_concat(x, y).map(|s| Some(s.into()));
                }
                if let (Some(x), Some(y)) = (a.downcast::<List>(), b.downcast::<List>()) {
                    self.check_memory((x.len() + y.len()).checked_mul(8))?;
                    let mut items = Vec::with_capacity(x.len() + y.len());
                    items.extend(x.items.borrow().iter().cloned());
                    items.extend(y.items.borrow().iter().cloned());
                    return Ok(Some(List::new(&self.heap, items).into()));
                }
                if let (Some(x), Some(y)) = (a.downcast::<Tuple>(), b.downcast::<Tuple>()) {
                    self.check_memory((x.len() + y.len()).checked_mul(16))?;
                    let items: Vec<Value> = x.iter().chain(y.iter()).cloned().collect();
                    return Ok(Some(Tuple::new(&self.heap, items).into()));
                }
                if let Some(x) = a.downcast::<Bytes>()
                    && let Some(y) = self.bytes_of(b)?
                {
                    self.check_memory(x.data.len().checked_add(y.len()))?;
                    return Ok(Some(Bytes::new(&self.heap, [&x.data[..], &y[..]].concat()).into()));
                }
                if let Some(x) = a.opaque::<ByteArray>()
                    && let Some(y) = self.bytes_of(b)?
                {
                    self.check_memory(x.len().checked_add(y.len()))?;
                    let mut data = x.to_vec();
                    data.extend_from_slice(&y);
                    return Ok(Some(ByteArray::value(&self.heap, data)));
                }
                Ok(None)
            }
            BinaryOp::Mul => match (is_sequence(a), is_sequence(b)) {
                (true, false) if b.as_int().is_some() => self.repeat(a, b).map(Some),
                (false, true) if a.as_int().is_some() => self.repeat(b, a).map(Some),
                _ => Ok(None),
            },
            BinaryOp::Mod => {
                if let Some(s) = a.downcast::<Str>() {
                    let s = s.clone();
                    return self.percent_str(&s, b).map(|s| Some(s.into()));
                }
                if let Some(s) = a.downcast::<Bytes>() {
                    let s = s.clone();
                    return self.percent_bytes(&s, b).map(|s| Some(s.into()));
                }
                if let Some(array) = a.opaque::<ByteArray>() {
                    let s = Bytes::new(&self.heap, array.to_vec());
                    let made = self.percent_bytes(&s, b)?;
                    return Ok(Some(ByteArray::value(&self.heap, made.data.to_vec())));
                }
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    /// Concatenation under the memory ceiling.
    pub fn str_concat(&mut self, x: &Ref<Str>, y: &Ref<Str>) -> R<Ref<Str>> {
        let bytes = (x.len() + y.len()).checked_mul(x.width().max(y.width()).bytes());
        if bytes.is_none_or(|b| b > 4096) {
            self.check_memory(bytes)?;
        }
        let exact = &self.types().str;
        if y.is_empty() && x.ty().is(exact) {
            return Ok(x.clone());
        }
        if x.is_empty() && y.ty().is(exact) {
            return Ok(y.clone());
        }
        Ok(str::concat(&self.heap, x, y))
    }

    /// How often to repeat: an int, cut at 0; OverflowError where it is no length of either sign.
    fn repeat_count(&mut self, n: &Value) -> R<usize> {
        match n.as_int().and_then(|i| i.to_i64()) {
            Some(i) => Ok(i.max(0) as usize),
            None => Err(self.overflow_error("cannot fit 'int' into an index-sized integer")),
        }
    }

    /// `sequence * n` for an int `n`.
    fn repeat(&mut self, sequence: &Value, n: &Value) -> R {
        let n = self.repeat_count(n)?;
        if let Some(s) = sequence.downcast::<Str>() {
            if n == 1 && s.ty().is(&self.types().str) {
                return Ok(sequence.clone());
            }
            self.check_memory(s.len().checked_mul(s.width().bytes()).and_then(|b| b.checked_mul(n)))?;
            return Ok(str::repeat(&self.heap, s, n).into());
        }
        if let Some(s) = sequence.downcast::<Bytes>() {
            if n == 1 && s.ty().is(&self.types().bytes) {
                return Ok(sequence.clone());
            }
            self.check_memory(s.data.len().checked_mul(n))?;
            return Ok(Bytes::new(&self.heap, s.data.repeat(n)).into());
        }
        if let Some(s) = sequence.opaque::<ByteArray>() {
            self.check_memory(s.len().checked_mul(n))?;
            return Ok(ByteArray::value(&self.heap, s.read(|data| data.repeat(n))));
        }
        if let Some(s) = sequence.downcast::<List>() {
            let items = self.repeat_items(&s.to_vec(), n)?;
            return Ok(List::new(&self.heap, items).into());
        }
        if let Some(s) = sequence.downcast::<Tuple>() {
            if n == 1 && s.ty().is(&self.types().tuple) {
                return Ok(sequence.clone());
            }
            let s = s.clone();
            let items = self.repeat_items(&s, n)?;
            return Ok(Tuple::new(&self.heap, items).into());
        }
        Err(self.system_error("repeat of what is no sequence"))
    }

    fn repeat_items(&mut self, items: &[Value], n: usize) -> R<Vec<Value>> {
        let total = items.len().checked_mul(n);
        self.check_memory(total.and_then(|t| t.checked_mul(8)))?;
        let mut all = Vec::with_capacity(total.unwrap_or(0));
        if let [one] = items {
            all.resize(n, one.clone());
            return Ok(all);
        }
        for _ in 0..if items.is_empty() { 0 } else { n } {
            all.extend_from_slice(items);
        }
        Ok(all)
    }

    /// `a * b` where one is a sequence and the other has `__index__`; None where that is not so.
    pub(super) fn repeat_by_index(&mut self, a: &Value, b: &Value) -> R<Option<Value>> {
        let (sequence, n) = match (is_sequence(a), is_sequence(b)) {
            (true, false) => (a, b),
            (false, true) => (b, a),
            _ => return Ok(None),
        };
        let name = self.types().names.__index__.clone();
        if n.class(&self.heap).lookup(&name).is_none() {
            return Ok(None);
        }
        let n = self.index(n)?;
        self.repeat(sequence, &n).map(Some)
    }
}
