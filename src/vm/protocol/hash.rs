//! Hashes, and the operations of dicts and sets that need them.

use dashu_int::IBig;

use super::code;
use super::range;
use super::special::Special;
use crate::object::dict::Dict;
use crate::object::function::{BoundMethod, Code};
use crate::object::header::{Kind, Ref};
use crate::object::number::Int;
use crate::object::sequence::{Bytes, Range, Slice, Tuple};
use crate::object::set::Set;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// CPython's modulus for the hash of numbers: the Mersenne prime 2^61 - 1.
pub const MODULUS: u64 = (1 << 61) - 1;
const BITS: u32 = 61;
/// Hash of infinity.
pub const INF: u64 = 314_159;

/// -1 is CPython's mark of an error and no hash.
#[inline(always)]
fn fix(h: u64) -> u64 {
    if h == u64::MAX { u64::MAX - 1 } else { h }
}

/// The hash of a machine integer.
#[inline(always)]
pub fn hash_i64(i: i64) -> u64 {
    let m = i.unsigned_abs() % MODULUS;
    fix(if i < 0 { (m as i64).wrapping_neg() as u64 } else { m })
}

/// The hash of an integer of any size.
pub fn hash_big(i: &IBig) -> u64 {
    let m = i64::try_from(i % IBig::from(MODULUS)).unwrap_or(0);
    fix(m as u64)
}

/// The hash of a float; `address` stands for a NaN, which equals nothing.
pub fn hash_f64(x: f64, address: usize) -> u64 {
    if x.is_nan() {
        return hash_address(address);
    }
    if x.is_infinite() {
        return if x > 0.0 { INF } else { (INF as i64).wrapping_neg() as u64 };
    }
    let (mut m, mut e) = crate::vm::protocol::hash::frexp(x.abs());
    let mut h: u64 = 0;
    while m != 0.0 {
        h = ((h << 28) & MODULUS) | (h >> (BITS - 28));
        m *= 268_435_456.0;
        e -= 28;
        let y = m as u64;
        m -= y as f64;
        h += y;
        if h >= MODULUS {
            h -= MODULUS;
        }
    }
    let e = e.rem_euclid(BITS as i32) as u32;
    if e != 0 {
        h = ((h << e) & MODULUS) | (h >> (BITS - e));
    }
    fix(if x < 0.0 { (h as i64).wrapping_neg() as u64 } else { h })
}

/// Mantissa in [0.5, 1) and exponent of two.
pub fn frexp(x: f64) -> (f64, i32) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    let bits = x.to_bits();
    let e = ((bits >> 52) & 0x7ff) as i32;
    if e == 0 {
        let (m, e) = frexp(x * 18_014_398_509_481_984.0);
        return (m, e - 54);
    }
    (f64::from_bits((bits & !(0x7ff << 52)) | (1022 << 52)), e - 1022)
}

/// The hash of what is compared by identity.
#[inline(always)]
pub fn hash_address(p: usize) -> u64 {
    fix((p as u64).rotate_right(4))
}

/// CPython's tuple hash (a simplified xxHash) over the hashes of the items.
pub struct TupleHash {
    acc: u64,
    len: u64,
}

const XX1: u64 = 11_400_714_785_074_694_791;
const XX2: u64 = 14_029_467_366_897_019_727;
const XX5: u64 = 2_870_177_450_012_600_261;

impl TupleHash {
    #[allow(clippy::new_without_default)]
    pub fn new() -> TupleHash {
        TupleHash { acc: XX5, len: 0 }
    }

    pub fn add(&mut self, h: u64) {
        self.acc = self.acc.wrapping_add(h.wrapping_mul(XX2)).rotate_left(31).wrapping_mul(XX1);
        self.len += 1;
    }

    pub fn finish(self) -> u64 {
        match self.acc.wrapping_add(self.len ^ (XX5 ^ 3_527_539)) {
            u64::MAX => 1_546_275_796,
            h => h,
        }
    }
}

/// CPython's hash of a frozenset: does not depend on the order.
fn hash_set(s: &Set) -> u64 {
    let shuffle = |h: u64| ((h ^ 89_869_747) ^ (h << 16)).wrapping_mul(3_644_798_167);
    // CPython runs over all slots and takes the empty and deleted ones out again by parity; the sum is the same.
    let mut hash = 0;
    for (h, _) in s.items() {
        hash ^= shuffle(h);
    }
    hash ^= (s.len() as u64 + 1).wrapping_mul(1_927_868_237);
    hash ^= (hash >> 11) ^ (hash >> 25);
    hash = hash.wrapping_mul(69_069).wrapping_add(907_133_923);
    if hash == u64::MAX { 590_923_713 } else { hash }
}

/// Tables are checked against the ceiling each time they have got this many entries more; a power of two.
const GROWTH_STEP: usize = 1 << 16;
/// Bytes of an entry and its share of the index in a table that has just doubled.
const GROWTH_BYTES: usize = 80;

impl Vm {
    /// `hash(v)` as two's complement bits; never -1.
    #[inline]
    pub fn hash(&mut self, v: &Value) -> R<u64> {
        if let Some(s) = v.downcast::<Str>()
            && s.ty().is(&self.types().str)
        {
            return Ok(s.hash());
        }
        if let Some(i) = v.as_small_int() {
            return Ok(hash_i64(i));
        }
        self.hash_slow(v)
    }

    fn hash_slow(&mut self, v: &Value) -> R<u64> {
        let name = self.types().names.__hash__.clone();
        match self.special(v, &name)? {
            Special::Direct => self.direct_hash(v),
            Special::Default => Ok(hash_address(v.bits() as usize)),
            Special::Missing => Err(self.unhashable(v)),
            Special::Method(m) if m.is_none() => Err(self.unhashable(v)),
            Special::Method(m) => {
                let result = self.call_slot(&m, std::slice::from_ref(v))?;
                match result.as_int() {
                    Some(Int::Small(i)) => Ok(fix(i as u64)),
                    Some(Int::Big(b)) => Ok(i64::try_from(b).map_or_else(|_| hash_big(b), |i| fix(i as u64))),
                    None => Err(self.type_error("__hash__ method should return an integer")),
                }
            }
        }
    }

    #[cold]
    fn unhashable(&mut self, v: &Value) -> crate::vm::Exc {
        let name = self.class_name(v);
        self.type_error(format!("unhashable type: '{name}'"))
    }

    /// The hash that the built-in class of `v` gives, whatever a subclass says.
    pub fn direct_hash(&mut self, v: &Value) -> R<u64> {
        if let Some(i) = v.as_int() {
            return Ok(match i {
                Int::Small(i) => hash_i64(i),
                Int::Big(b) => hash_big(b),
            });
        }
        if let Some(x) = v.as_float() {
            return Ok(hash_f64(x, v.bits() as usize));
        }
        if v.is_none() {
            return Ok(0xfca8_6420);
        }
        match v.kind() {
            Some(Kind::Str) => Ok(v.downcast::<Str>().map_or(0, |s| s.hash())),
            Some(Kind::Bytes) => Ok(v.downcast::<Bytes>().map_or(0, |b| hash_bytes(&b.data))),
            Some(Kind::Tuple) => {
                let Some(t) = v.downcast::<Tuple>() else { return Ok(0) };
                self.check_stack("")?;
                self.hash_items(t)
            }
            Some(Kind::Set) => {
                let Some(s) = v.downcast::<Set>() else { return Ok(0) };
                if !s.ty().is_subclass(&self.types().frozenset) {
                    return Err(self.unhashable(v));
                }
                if s.hash.get() == 0 {
                    s.hash.set(hash_set(s));
                }
                Ok(s.hash.get())
            }
            Some(Kind::Range) => {
                let Some(r) = v.downcast::<Range>().cloned() else { return Ok(0) };
                let len = range::length(&r.start, &r.stop, &r.step);
                let one = IBig::from(1);
                let none = || Value::NONE;
                let len_value = crate::object::number::BigInt::value(&self.heap, len.clone());
                let items = if len == IBig::from(0) {
                    [len_value, none(), none()]
                } else if len == one {
                    [len_value, r.start.clone(), none()]
                } else {
                    [len_value, r.start.clone(), r.step.clone()]
                };
                self.hash_items(&items)
            }
            Some(Kind::Slice) => {
                let Some(s) = v.downcast::<Slice>().cloned() else { return Ok(0) };
                let mut h = TupleHash::new();
                for v in [&s.start, &s.stop, &s.step] {
                    h.add(self.hash(v)?);
                }
                // Unlike a tuple's, it does not end with the length.
                Ok(if h.acc == u64::MAX { 1_546_275_796 } else { h.acc })
            }
            Some(Kind::BoundMethod) => {
                let Some(m) = v.downcast::<BoundMethod>().cloned() else { return Ok(0) };
                Ok(fix(hash_address(m.receiver.bits() as usize) ^ self.hash(&m.function)?))
            }
            Some(Kind::Code) => Ok(v.downcast::<Code>().map_or(0, |code| code::hash(code))),
            Some(Kind::List | Kind::Dict | Kind::Cell) => Err(self.unhashable(v)),
            _ => Ok(hash_address(v.bits() as usize)),
        }
    }

    fn hash_items(&mut self, items: &[Value]) -> R<u64> {
        let mut h = TupleHash::new();
        for v in items {
            h.add(self.hash(v)?);
        }
        Ok(h.finish())
    }

    /// The value of a key of a dict.
    pub fn dict_get(&mut self, d: &Ref<Dict>, key: &Value) -> R<Option<Value>> {
        let hash = self.hash(key)?;
        Ok(self.dict_find(d, hash, key)?.and_then(|p| d.value_at(p)))
    }

    /// Position of a key whose hash is known.
    #[inline]
    pub fn dict_find(&mut self, d: &Ref<Dict>, hash: u64, key: &Value) -> R<Option<usize>> {
        d.find(hash, key, |k| self.eq(k, key))
    }

    /// `d[key] = value`.
    pub fn dict_set(&mut self, d: &Ref<Dict>, key: Value, value: Value) -> R<()> {
        let hash = self.hash(&key)?;
        self.dict_set_hashed(d, hash, key, value)
    }

    /// `d[key] = value` where the hash is known.
    pub fn dict_set_hashed(&mut self, d: &Ref<Dict>, hash: u64, key: Value, value: Value) -> R<()> {
        match self.dict_find(d, hash, &key)? {
            Some(p) => drop(d.replace_at(p, value)),
            None => {
                self.check_growth(d.len())?;
                d.insert_new(&self.heap, hash, key, value);
            }
        }
        Ok(())
    }

    /// Asks now and then whether a table of `len` entries may double, so that native loops end in MemoryError.
    #[inline]
    fn check_growth(&mut self, len: usize) -> R<()> {
        if len & (GROWTH_STEP - 1) != 0 || len == 0 { Ok(()) } else { self.check_memory(len.checked_mul(GROWTH_BYTES)) }
    }

    /// Takes a key out of a dict; its value, if it was there.
    pub fn dict_remove(&mut self, d: &Ref<Dict>, key: &Value) -> R<Option<Value>> {
        let hash = self.hash(key)?;
        Ok(self.dict_find(d, hash, key)?.map(|p| d.remove_at(p).1))
    }

    /// Adds to a set; false if an equal key was there.
    pub fn set_add(&mut self, s: &Ref<Set>, key: Value) -> R<bool> {
        let hash = self.hash(&key)?;
        self.set_add_hashed(s, hash, key)
    }

    /// Adds to a set a key whose hash is known.
    pub fn set_add_hashed(&mut self, s: &Ref<Set>, hash: u64, key: Value) -> R<bool> {
        self.check_growth(s.len())?;
        let k = key.clone();
        let heap: *const crate::object::heap::Heap = &*self.heap;
        // SAFETY: the heap is boxed and lives as long as the VM, which is borrowed for the whole call.
        s.add(unsafe { &*heap }, hash, key, |c| self.eq(c, &k))
    }

    /// `key in s`.
    pub fn set_contains(&mut self, s: &Ref<Set>, key: &Value) -> R<bool> {
        let hash = self.hash(key)?;
        self.set_contains_hashed(s, hash, key)
    }

    pub fn set_contains_hashed(&mut self, s: &Ref<Set>, hash: u64, key: &Value) -> R<bool> {
        s.contains(hash, key, |c| self.eq(c, key))
    }

    /// Takes a key out of a set; whether it was there.
    pub fn set_remove(&mut self, s: &Ref<Set>, key: &Value) -> R<bool> {
        let hash = self.hash(key)?;
        self.set_remove_hashed(s, hash, key)
    }

    pub fn set_remove_hashed(&mut self, s: &Ref<Set>, hash: u64, key: &Value) -> R<bool> {
        Ok(s.remove(hash, key, |c| self.eq(c, key))?.is_some())
    }
}

/// FNV-1a with a final mix; not randomised.
fn hash_bytes(data: &[u8]) -> u64 {
    if data.is_empty() {
        return 0;
    }
    let mut h = 0xcbf2_9ce4_8422_2325u64;
    for &b in data {
        h = (h ^ b as u64).wrapping_mul(0x100_0000_01b3);
    }
    fix(h ^ (h >> 32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_hash_as_in_cpython() {
        assert_eq!(hash_i64(-1) as i64, -2);
        assert_eq!(hash_i64(1 << 61), 1);
        assert_eq!(hash_big(&(IBig::from(1) << 100)), 549_755_813_888);
        assert_eq!(hash_f64(1.5, 0), 1_152_921_504_606_846_977);
        assert_eq!(hash_f64(-2.0, 0) as i64, -2);
        assert_eq!(hash_f64(1e300, 0), 1_224_995_262_755_759_164);
    }
}
