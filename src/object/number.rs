//! Integers beyond the value word, and floats that do not fit it.

use dashu_int::IBig;

use super::header::{Kind, Object, Ref};
use super::heap::Heap;
use super::value::Value;

/// The payload of `int` objects: integers outside 63 bits, and instances of subclasses of `int`.
pub struct BigInt {
    pub value: IBig,
}

// SAFETY: owns no values.
unsafe impl Object for BigInt {
    const KIND: Kind = Kind::BigInt;
    const CONTAINER: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
}

impl BigInt {
    /// The int as a value: in the word if it fits.
    pub fn value(heap: &Heap, value: IBig) -> Value {
        match i64::try_from(&value).ok().and_then(Value::small_int) {
            Some(v) => v,
            None => heap.alloc(&heap.types().int, BigInt { value }).into(),
        }
    }

    pub fn from_i64(heap: &Heap, i: i64) -> Value {
        Value::small_int(i).unwrap_or_else(|| BigInt::value(heap, IBig::from(i)))
    }

    /// A size that a program has said, which need not be that of anything in memory.
    pub fn from_size(heap: &Heap, n: usize) -> Value {
        match i64::try_from(n) {
            Ok(n) => BigInt::from_i64(heap, n),
            Err(_) => BigInt::value(heap, IBig::from(n)),
        }
    }

    pub fn from_i128(heap: &Heap, i: i128) -> Value {
        match i64::try_from(i) {
            Ok(i) => BigInt::from_i64(heap, i),
            Err(_) => BigInt::value(heap, IBig::from(i)),
        }
    }
}

/// The payload of `float` objects: floats outside the middle range, and instances of subclasses of `float`.
pub struct Float {
    pub value: f64,
}

// SAFETY: owns no values.
unsafe impl Object for Float {
    const KIND: Kind = Kind::Float;
    const CONTAINER: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
}

impl Float {
    /// The float as a value: in the word if it fits.
    #[inline]
    pub fn value(heap: &Heap, value: f64) -> Value {
        match Value::flonum(value) {
            Some(v) => v,
            None => heap.alloc(&heap.types().float, Float { value }).into(),
        }
    }
}

/// What an `int` (or `bool`, or an instance of a subclass) is worth.
pub enum Int<'a> {
    Small(i64),
    Big(&'a IBig),
}

impl Int<'_> {
    pub fn to_big(&self) -> IBig {
        match self {
            Int::Small(i) => IBig::from(*i),
            Int::Big(b) => (*b).clone(),
        }
    }

    /// The number where it fits 64 bits.
    pub fn to_i64(&self) -> Option<i64> {
        match self {
            Int::Small(i) => Some(*i),
            Int::Big(b) => i64::try_from(*b).ok(),
        }
    }
}

impl Value {
    /// The integer of an `int`, `bool`, or instance of a subclass of `int`.
    #[inline]
    pub fn as_int(&self) -> Option<Int<'_>> {
        if let Some(i) = self.as_small_int() {
            return Some(Int::Small(i));
        }
        if let Some(b) = self.as_bool() {
            return Some(Int::Small(b as i64));
        }
        self.downcast::<BigInt>().map(|b| match i64::try_from(&b.value) {
            Ok(i) if Value::small_int(i).is_some() => Int::Small(i),
            _ => Int::Big(&b.value),
        })
    }

    /// The number of a `float` or instance of a subclass.
    #[inline]
    pub fn as_float(&self) -> Option<f64> {
        self.as_flonum().or_else(|| self.downcast::<Float>().map(|f| f.value))
    }

    /// The class of the value.
    #[inline]
    pub fn class<'a>(&'a self, heap: &'a Heap) -> &'a Ref<super::types::Type> {
        let t = heap.types();
        match self.header() {
            Some(h) => h.ty(),
            None if self.is_small_int() => &t.int,
            None if self.is_flonum() => &t.float,
            None if self.is_none() => &t.none_type,
            None if self.as_bool().is_some() => &t.bool,
            None if self.is_not_implemented() => &t.not_implemented_type,
            None => &t.ellipsis,
        }
    }
}
