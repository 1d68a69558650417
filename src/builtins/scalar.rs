//! Machine numbers as bytes: the items of `memoryview` and `struct`, by their format codes.

use crate::object::complex::Complex;
use crate::object::number::{BigInt, Float};
use crate::object::sequence::Bytes;
use crate::object::value::Value;
use crate::vm::{Exc, Vm};

/// The widest item, in bytes: two floats of 64 bits.
pub const WIDEST: usize = 16;

/// The bytes of an item of a format code in the sizes of the machine; None for what is no number.
pub fn native_size(code: u8) -> Option<usize> {
    Some(match code {
        b'b' | b'B' | b'c' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' | b'q' | b'Q' | b'n' | b'N' | b'd' | b'P' => 8,
        _ => return None,
    })
}

/// The item whose bytes these are, the lowest first; at most [`WIDEST`].
pub fn unpack(vm: &Vm, code: u8, b: &[u8]) -> Value {
    let mut wide = [0; 8];
    let n = b.len().min(8);
    wide[..n].copy_from_slice(&b[..n]);
    let unsigned = u64::from_le_bytes(wide);
    let signed = match n {
        0 => 0,
        n => {
            let shift = 64 - 8 * n as u32;
            ((unsigned << shift) as i64) >> shift
        }
    };
    match code {
        b'c' => Bytes::new(&vm.heap, b.to_vec()).into(),
        b'?' => Value::bool(unsigned != 0),
        b'f' => Float::value(&vm.heap, f32::from_bits(unsigned as u32).into()),
        b'd' => Float::value(&vm.heap, f64::from_bits(unsigned)),
        b'e' => Float::value(&vm.heap, half_to_f64(unsigned as u16)),
        b'F' | b'D' => {
            let (re, im) = b.split_at(b.len() / 2);
            let part = |b: &[u8]| match *b {
                [a, b, c, d] => f32::from_le_bytes([a, b, c, d]).into(),
                _ => f64::from_le_bytes(b.try_into().unwrap_or_default()),
            };
            Complex::value(&vm.heap, Complex { re: part(re), im: part(im) })
        }
        b'b' | b'h' | b'i' | b'l' | b'q' | b'n' => BigInt::from_i64(&vm.heap, signed),
        _ => BigInt::from_i128(&vm.heap, unsigned.into()),
    }
}

/// Why a value has no bytes of a format.
pub enum Misfit {
    /// It is no number of the kind.
    Type,
    /// It is too large, or not one byte long.
    Range,
    /// A method of it raised.
    Raised(Exc),
}

impl From<Exc> for Misfit {
    fn from(e: Exc) -> Misfit {
        Misfit::Raised(e)
    }
}

/// The lowest and the highest integer of `size` bytes.
pub fn limits(signed: bool, size: usize) -> (i128, i128) {
    let bits = 8 * size as u32;
    if signed { (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) } else { (0, (1 << bits) - 1) }
}

/// Whether the integers of a code have a sign.
pub fn is_signed(code: u8) -> bool {
    code.is_ascii_lowercase()
}

/// The bytes of an item of `size` bytes, the lowest first.  Where a float is too large for 32 bits, they are infinity's.
pub fn pack(vm: &mut Vm, code: u8, size: usize, v: &Value, out: &mut [u8; WIDEST]) -> Result<(), Misfit> {
    let mut put = |at: usize, bytes: &[u8]| out[at..at + bytes.len()].copy_from_slice(bytes);
    match code {
        b'c' => match v.downcast::<Bytes>() {
            Some(b) if b.data.len() == 1 => put(0, &b.data),
            Some(_) => return Err(Misfit::Range),
            None => return Err(Misfit::Type),
        },
        b'?' => put(0, &[vm.truth(v)?.into()]),
        b'e' | b'f' | b'd' => {
            let Some(x) = vm.float_of_object(v)? else { return Err(Misfit::Type) };
            match code {
                b'd' => put(0, &x.to_le_bytes()),
                b'f' => {
                    put(0, &(x as f32).to_le_bytes());
                    single(x).ok_or(Misfit::Range)?;
                }
                _ => put(0, &half_of_f64(x).ok_or(Misfit::Range)?.to_le_bytes()),
            }
        }
        b'F' | b'D' => {
            let z = match (v.as_complex(), v) {
                (Some(z), _) => z,
                (None, v) => Complex { re: vm.float_of_object(v)?.ok_or(Misfit::Type)?, im: 0.0 },
            };
            for (i, x) in [z.re, z.im].into_iter().enumerate() {
                match code {
                    b'F' => put(4 * i, &single(x).ok_or(Misfit::Range)?.to_le_bytes()),
                    _ => put(8 * i, &x.to_le_bytes()),
                }
            }
        }
        _ => {
            let Some(i) = vm.index_opt(v)? else { return Err(Misfit::Type) };
            let (low, high) = match code {
                // Addresses may be written as negative numbers.
                b'P' => (i64::MIN.into(), u64::MAX.into()),
                _ => limits(is_signed(code), size),
            };
            let n = i.as_int().and_then(|i| i128::try_from(&i.to_big()).ok());
            let n = n.filter(|n| (low..=high).contains(n)).ok_or(Misfit::Range)?;
            put(0, &n.to_le_bytes()[..size]);
        }
    }
    Ok(())
}

/// A float of 32 bits; None where it is too large for one.
fn single(x: f64) -> Option<f32> {
    let narrow = x as f32;
    (narrow.is_finite() || !x.is_finite()).then_some(narrow)
}

fn half_to_f64(bits: u16) -> f64 {
    let (exponent, fraction) = ((bits >> 10) & 31, f64::from(bits & 1023));
    let magnitude = match exponent {
        0 => fraction / 1024.0 * 2f64.powi(-14),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        e => (1.0 + fraction / 1024.0) * 2f64.powi(i32::from(e) - 15),
    };
    if bits >> 15 == 1 { -magnitude } else { magnitude }
}

/// A float of 16 bits, rounded half to even; None where it is too large for one.
fn half_of_f64(x: f64) -> Option<u16> {
    let sign = u16::from(x.is_sign_negative()) << 15;
    let x = x.abs();
    if x.is_nan() {
        return Some(sign | 0x7e00);
    }
    if x.is_infinite() {
        return Some(sign | 0x7c00);
    }
    // Steps between neighbours, by the exponent; the smallest are those of the subnormal numbers.
    let exponent = if x == 0.0 { -14 } else { ((x.to_bits() >> 52) as i32 - 1023).max(-14) };
    if exponent > 15 {
        return None;
    }
    let steps = x / 2f64.powi(exponent - 10);
    let rounded = steps.round_ties_even() as u32;
    // What is rounded up to the next power of two has the next exponent, as the carry of this sum.
    let bits = (((exponent + 14) as u32) << 10) + rounded;
    (bits < 0x7c00).then_some(sign | bits as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_come_back_and_round_to_even() {
        for bits in 0..0x7c00u16 {
            assert_eq!(half_of_f64(half_to_f64(bits)), Some(bits), "{bits:#x}");
            assert_eq!(half_of_f64(half_to_f64(bits | 0x8000)), Some(bits | 0x8000));
        }
        assert_eq!(half_of_f64(65519.0), Some(0x7bff));
        assert_eq!(half_of_f64(65520.0), None);
        assert_eq!(half_of_f64(1e300), None);
        assert_eq!(half_of_f64(2f64.powi(-25)), Some(0));
        assert_eq!(half_of_f64(2f64.powi(-25) * 1.5), Some(1));
        assert_eq!(half_of_f64(1.0 + 1.0 / 2048.0), Some(0x3c00));
        assert_eq!(half_of_f64(1.0 + 3.0 / 2048.0), Some(0x3c02));
        assert_eq!(half_of_f64(f64::NEG_INFINITY), Some(0xfc00));
    }

    #[test]
    fn limits_are_those_of_the_machine_words() {
        assert_eq!(limits(true, 1), (-128, 127));
        assert_eq!(limits(false, 8), (0, u64::MAX.into()));
        assert_eq!(limits(true, 8), (i64::MIN.into(), i64::MAX.into()));
    }
}
