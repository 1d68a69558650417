//! The digits of base 64 (RFC 4648, RFC 2152).

/// Each by its value.
pub const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const NO_DIGIT: u8 = 64;
/// The value of each byte as a digit.
const VALUES: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut i = 0;
    while i < DIGITS.len() {
        values[DIGITS[i] as usize] = i as u8;
        i += 1;
    }
    values
};

/// The value of a byte as a digit; None if it is none.
#[inline]
pub fn value(byte: u8) -> Option<u8> {
    Some(VALUES[usize::from(byte)]).filter(|v| *v != NO_DIGIT)
}
