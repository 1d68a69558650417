//! Numbers as text: digits of ints in any base, shortest and fixed digits of floats, and the way back.
//!
//! Nothing here knows a VM: errors are plain data, which `builtins` puts into CPython's words.

pub mod float;
pub mod int;

pub use float::{
    FloatText, HexError, float_repr, format_float, hex as float_hex, integer_ratio, parse as parse_float, parse_hex,
};
pub use int::{DEFAULT_MAX_STR_DIGITS, Decimal, IntTextError, int_to_decimal, int_to_radix, parse_int, parse_word};

/// The text of a number that a program wrote: Unicode decimal digits as ASCII ones, white space as a space, and
/// anything else that is not ASCII as `?`, which no number has.
pub fn ascii_of_points(points: impl Iterator<Item = u32>) -> String {
    points
        .map(|p| match char::from_u32(p) {
            Some(c) if c.is_ascii() => c,
            Some(c) if rustpython_unicode::classify::is_space(c) => ' ',
            Some(c) => match decimal_digit(c) {
                Some(d) => (b'0' + d) as char,
                None => '?',
            },
            None => '?',
        })
        .collect()
}

/// The value of a decimal digit of any script (Unicode's Nd): their blocks are ten in a row, from 0.
pub fn decimal_digit(c: char) -> Option<u8> {
    use rustpython_unicode::classify::is_decimal;
    if c.is_ascii() {
        return c.to_digit(10).map(|d| d as u8);
    }
    if !is_decimal(c) {
        return None;
    }
    // Runs of digits may follow one another (the mathematical alphabets), so the value is the distance from the
    // start of the run, modulo ten.
    let mut start = c as u32;
    while char::from_u32(start - 1).is_some_and(is_decimal) {
        start -= 1;
    }
    Some(((c as u32 - start) % 10) as u8)
}

/// White space around numbers, as CPython's C functions see it.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c'])
}

/// The same for bytes, where only ASCII counts.
pub fn ascii_of_bytes(data: &[u8]) -> String {
    data.iter().map(|&b| if b.is_ascii() { b as char } else { '?' }).collect()
}
