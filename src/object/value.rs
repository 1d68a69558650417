//! The value word: eight bytes that are a small integer, a float, a singleton or a counted pointer to a heap object.
//!
//! | low bits | meaning |
//! |---|---|
//! | `1` | integer of 63 bits, shifted left by one |
//! | `10` | float whose exponent is in the middle range, less an offset and rotated by three bits (like the "flonum" of Ruby) |
//! | `100` | `None`, `False`, `True`, `Ellipsis`, `NotImplemented` |
//! | `000` | pointer to a [`Header`], never null in a `Value` |
//!
//! The word zero is no `Value`: in a register it stands for "unbound", in `Option<Value>` for `None`.

use std::num::NonZeroU64;
use std::ptr::NonNull;

use super::header::{Header, Kind, Object, Ref};
use super::types::type_flags;

/// An owned reference to a Python object, or an immediate.
///
/// Cloning counts up, dropping counts down; the last drop frees the object at once (as in CPython) except where
/// freeing it would run Python code, which the heap hands to the VM.  Not `Send`: it belongs to its interpreter.
#[repr(transparent)]
pub struct Value(NonZeroU64);

/// Smallest and largest integer that is kept in the word.
pub const SMALL_INT_MIN: i64 = -(1 << 62);
pub const SMALL_INT_MAX: i64 = (1 << 62) - 1;

const TAG_SPECIAL: u64 = 0b100;
/// 0.0 has no exponent in the middle range; it takes the word of the smallest float that has, which is left to the heap.
const FLONUM_ZERO: u64 = 0b10;

const fn special_bits(n: u64) -> u64 {
    (n << 3) | TAG_SPECIAL
}

const fn special(n: u64) -> Value {
    // The tag makes it non-zero.
    match NonZeroU64::new(special_bits(n)) {
        Some(bits) => Value(bits),
        None => unreachable!(),
    }
}

/// The word of `None`.
pub const NONE_BITS: u64 = special_bits(0);

impl Value {
    pub const NONE: Value = special(0);
    pub const FALSE: Value = special(1);
    pub const TRUE: Value = special(2);
    pub const ELLIPSIS: Value = special(3);
    pub const NOT_IMPLEMENTED: Value = special(4);

    /// The word itself.
    #[inline(always)]
    pub const fn bits(&self) -> u64 {
        self.0.get()
    }

    /// Takes over the reference that `bits` holds.
    ///
    /// # Safety
    /// `bits` came from [`Value::into_bits`] (or is an immediate) and is not used again as an owner.
    #[inline(always)]
    pub const unsafe fn from_bits(bits: u64) -> Value {
        // SAFETY: no value word is zero; the caller hands one over.
        Value(unsafe { NonZeroU64::new_unchecked(bits) })
    }

    /// Gives up ownership without counting down.
    #[inline(always)]
    pub fn into_bits(self) -> u64 {
        let bits = self.0.get();
        std::mem::forget(self);
        bits
    }

    #[inline(always)]
    pub const fn bool(b: bool) -> Value {
        if b { Value::TRUE } else { Value::FALSE }
    }

    /// The integer as a word, where it fits 63 bits.
    #[inline(always)]
    pub const fn small_int(i: i64) -> Option<Value> {
        if i >= SMALL_INT_MIN && i <= SMALL_INT_MAX { Some(Value::int_unchecked(i)) } else { None }
    }

    /// For integers that are known to fit: lengths, indices, code points.
    #[inline(always)]
    pub const fn int_unchecked(i: i64) -> Value {
        debug_assert!(i >= SMALL_INT_MIN && i <= SMALL_INT_MAX);
        match NonZeroU64::new(((i as u64) << 1) | 1) {
            Some(bits) => Value(bits),
            None => unreachable!(),
        }
    }

    /// For lengths and indices of things in memory, which fit by far.
    #[inline(always)]
    pub const fn from_len(n: usize) -> Value {
        Value::int_unchecked(n as i64)
    }

    /// The float as a word, where its exponent is in the middle range (about 1e-77 to 1e77, and 0.0).
    #[inline(always)]
    pub fn flonum(f: f64) -> Option<Value> {
        encode_flonum(f).map(|bits| {
            // SAFETY: an encoded float carries the flonum tag and owns nothing.
            unsafe { Value::from_bits(bits) }
        })
    }

    #[inline(always)]
    pub const fn is_small_int(&self) -> bool {
        self.bits() & 1 == 1
    }

    #[inline(always)]
    pub const fn as_small_int(&self) -> Option<i64> {
        if self.is_small_int() { Some((self.bits() as i64) >> 1) } else { None }
    }

    #[inline(always)]
    pub const fn is_flonum(&self) -> bool {
        self.bits() & 3 == 2
    }

    #[inline(always)]
    pub fn as_flonum(&self) -> Option<f64> {
        if self.is_flonum() { Some(decode_flonum(self.bits())) } else { None }
    }

    #[inline(always)]
    pub const fn is_none(&self) -> bool {
        self.bits() == special_bits(0)
    }

    #[inline(always)]
    pub const fn is_true(&self) -> bool {
        self.bits() == special_bits(2)
    }

    #[inline(always)]
    pub const fn is_false(&self) -> bool {
        self.bits() == special_bits(1)
    }

    #[inline(always)]
    pub const fn as_bool(&self) -> Option<bool> {
        if self.is_true() {
            Some(true)
        } else if self.is_false() {
            Some(false)
        } else {
            None
        }
    }

    #[inline(always)]
    pub const fn is_not_implemented(&self) -> bool {
        self.bits() == special_bits(4)
    }

    /// Whether the word points to a heap object.
    #[inline(always)]
    pub const fn is_heap(&self) -> bool {
        self.bits() & 7 == 0
    }

    /// The header of a heap object.
    #[inline(always)]
    pub fn header(&self) -> Option<&Header> {
        if self.is_heap() {
            // SAFETY: a word with the pointer tag points to a live object that this reference keeps alive.
            Some(unsafe { &*(self.bits() as *const Header) })
        } else {
            None
        }
    }

    #[inline(always)]
    pub fn header_ptr(&self) -> Option<NonNull<Header>> {
        if self.is_heap() { NonNull::new(self.bits() as *mut Header) } else { None }
    }

    /// The kind of a heap object; `None` for immediates.
    #[inline(always)]
    pub fn kind(&self) -> Option<Kind> {
        self.header().map(Header::kind)
    }

    /// The object as a `T`, where it is one (subclasses of the built-in type share its kind).
    #[inline(always)]
    pub fn downcast<T: Object>(&self) -> Option<&Ref<T>> {
        match self.header() {
            Some(h) if h.kind() == T::KIND => {
                // SAFETY: the kind says that the object is a `T`, and `Ref<T>` has the representation of the pointer.
                Some(unsafe { &*(self as *const Value as *const Ref<T>) })
            }
            _ => None,
        }
    }

    /// Like [`Value::downcast`], consuming.
    #[inline(always)]
    pub fn downcast_owned<T: Object>(self) -> Result<Ref<T>, Value> {
        match self.kind() {
            Some(k) if k == T::KIND => {
                // SAFETY: as in `downcast`; the count is handed over.
                Ok(unsafe { Ref::from_raw(NonNull::new_unchecked(self.into_bits() as *mut _)) })
            }
            _ => Err(self),
        }
    }

    /// Whether this is a value of a built-in class that is no descriptor, whatever its value: a number, a text, a
    /// container.
    pub fn is_plain(&self) -> bool {
        use Kind::*;
        self.header().is_none_or(|h| {
            matches!(h.kind(), BigInt | Float | Str | Bytes | Tuple | List | Dict | Set | Range | Slice)
                && !h.ty().has(type_flags::HEAP | type_flags::IMMUTABLE)
        })
    }

    /// Python's `is`.
    #[inline(always)]
    pub const fn is(&self, other: &Value) -> bool {
        self.bits() == other.bits()
    }
}

impl Clone for Value {
    #[inline(always)]
    fn clone(&self) -> Value {
        if let Some(h) = self.header() {
            h.increment();
        }
        Value(self.0)
    }
}

impl Drop for Value {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(h) = self.header_ptr() {
            // SAFETY: this reference was counted and is given up here.
            unsafe { Header::decrement(h) }
        }
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(i) = self.as_small_int() {
            write!(f, "{i}")
        } else if let Some(x) = self.as_flonum() {
            write!(f, "{x:?}")
        } else if let Some(h) = self.header() {
            write!(f, "<{:?} at {:p}>", h.kind(), h)
        } else {
            f.write_str(match self.bits() >> 3 {
                0 => "None",
                1 => "False",
                2 => "True",
                3 => "Ellipsis",
                _ => "NotImplemented",
            })
        }
    }
}

/// The bits of the smallest float of the middle range, whose own word stands for 0.0.
const FLONUM_OFFSET: u64 = 0x3000_0000_0000_0000;

/// The word of a float whose exponent is in the middle range.
#[inline(always)]
pub fn encode_flonum(f: f64) -> Option<u64> {
    let bits = f.to_bits();
    // The exponent's top three bits are 011 or 100, and 000 or 001 without the offset: the rotation brings the sign and
    // the two that are 0 to where the tag goes.
    let rotated = bits.wrapping_sub(FLONUM_OFFSET).rotate_left(3);
    if rotated & 0b11 == 0 && rotated != 0 {
        Some(rotated | 0b10)
    } else if bits == 0 {
        Some(FLONUM_ZERO)
    } else {
        None
    }
}

/// The float of a word that carries the flonum tag.
#[inline(always)]
pub fn decode_flonum(word: u64) -> f64 {
    if word == FLONUM_ZERO {
        return 0.0;
    }
    f64::from_bits(word.wrapping_sub(0b10).rotate_right(3).wrapping_add(FLONUM_OFFSET))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_of_the_middle_range_come_back_bit_for_bit() {
        for f in [0.0, 1.0, -1.0, 0.1, -2.5, 1e70, -1e-70, std::f64::consts::PI, f64::from_bits(0x3000_0000_0000_0001)]
        {
            let word = encode_flonum(f).unwrap();
            assert_eq!(word & 3, 2);
            assert_eq!(decode_flonum(word).to_bits(), f.to_bits());
        }
        for f in [-0.0, f64::NAN, f64::INFINITY, 1e300, 5e-324, f64::from_bits(0x3000_0000_0000_0000)] {
            assert_eq!(encode_flonum(f), None, "{f:?}");
        }
    }

    #[test]
    fn small_integers_keep_their_value_up_to_63_bits() {
        for i in [0, 1, -1, SMALL_INT_MIN, SMALL_INT_MAX] {
            assert_eq!(Value::small_int(i).unwrap().as_small_int(), Some(i));
        }
        assert!(Value::small_int(SMALL_INT_MAX + 1).is_none());
        assert!(Value::small_int(SMALL_INT_MIN - 1).is_none());
    }
}
