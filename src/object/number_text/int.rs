//! Ints to digits and back.

use dashu_int::ops::BitTest;
use dashu_int::{IBig, UBig};

/// The limit of decimal digits of `int(text)` and `str(int)` at the start (`sys.set_int_max_str_digits`).
pub const DEFAULT_MAX_STR_DIGITS: usize = 4300;

/// Why a text is no int, or an int has no text.
#[derive(Debug, PartialEq, Eq)]
pub enum IntTextError {
    /// Not a literal of that base.
    Invalid,
    /// More decimal digits than the limit; how many, where it is known.
    TooLong { limit: usize, digits: Option<usize> },
}

impl IntTextError {
    /// CPython's words for [`IntTextError::TooLong`].
    pub fn too_long_text(limit: usize, digits: Option<usize>) -> String {
        let value = digits.map(|d| format!(": value has {d} digits")).unwrap_or_default();
        format!(
            "Exceeds the limit ({limit} digits) for integer string conversion{value}; use sys.set_int_max_str_digits() to \
             increase the limit"
        )
    }
}

/// Parses an int literal in ASCII: white space around it, a sign, a base prefix (where `base` is 0 or has that prefix),
/// single underscores between digits.  `base` is 0 or 2..=36; `limit` 0 is no limit.
pub fn parse_int(text: &str, base: u32, limit: usize) -> Result<IBig, IntTextError> {
    let text = super::trim(text);
    let (negative, text) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let prefix = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 0,
    };
    let mut body = text;
    let mut radix = base;
    let mut zero_only = false;
    if base == 0 {
        if prefix != 0 {
            radix = prefix;
            body = &text[2..];
        } else {
            radix = 10;
            // `0` may be written with more zeros, but no other number may start with one.
            zero_only = text.starts_with('0');
        }
    } else if prefix == base {
        body = &text[2..];
    }
    // An underscore may stand between a prefix and the first digit.
    if body.len() < text.len() && body.starts_with('_') {
        body = &body[1..];
    }
    let mut digits = String::with_capacity(body.len());
    let mut after_digit = false;
    for c in body.chars() {
        match c {
            '_' if after_digit => after_digit = false,
            c if c.is_digit(radix) => {
                digits.push(c);
                after_digit = true;
            }
            _ => return Err(IntTextError::Invalid),
        }
    }
    if !after_digit || (zero_only && digits.bytes().any(|b| b != b'0')) {
        return Err(IntTextError::Invalid);
    }
    if limit > 0 && !radix.is_power_of_two() && digits.len() > limit {
        return Err(IntTextError::TooLong { limit, digits: Some(digits.len()) });
    }
    let magnitude = match u64::from_str_radix(&digits, radix) {
        Ok(n) if digits.len() < 19 => UBig::from(n),
        _ => UBig::from_str_radix(&digits, radix).map_err(|_| IntTextError::Invalid)?,
    };
    let value = IBig::from(magnitude);
    Ok(if negative { -value } else { value })
}

/// The value of up to 18 decimal digits with a sign, and nothing else: what most texts of ints are.
pub fn parse_word(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        digits => (false, digits),
    };
    if !(1..=18).contains(&digits.len()) {
        return None;
    }
    let mut n: i64 = 0;
    for b in digits {
        if !b.is_ascii_digit() {
            return None;
        }
        n = n * 10 + i64::from(b - b'0');
    }
    Some(if negative { -n } else { n })
}

/// The decimal digits of a machine word, with a sign, in memory of its own.
pub struct Decimal {
    text: [u8; 20],
    start: usize,
}

impl Decimal {
    pub fn new(n: i64) -> Decimal {
        let mut d = Decimal { text: [b'0'; 20], start: 20 };
        let mut rest = n.unsigned_abs();
        loop {
            d.start -= 1;
            d.text[d.start] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if n < 0 {
            d.start -= 1;
            d.text[d.start] = b'-';
        }
        d
    }

    pub fn as_str(&self) -> &str {
        // SAFETY: `new` has written ASCII from `start` on.
        unsafe { std::str::from_utf8_unchecked(&self.text[self.start..]) }
    }
}

/// Decimal digits with a sign; `limit` 0 is no limit.
pub fn int_to_decimal(value: &IBig, limit: usize) -> Result<String, IntTextError> {
    // A number of d digits has at least 3.32 (d - 1) bits: small ones need not be counted.
    if limit > 0 && value.bit_len() as f64 > (limit as f64 - 1.0) * 3.32 {
        // Far above the limit the digits are not made at all.
        if value.bit_len() as f64 / 3.33 > limit as f64 + 1.0 {
            return Err(IntTextError::TooLong { limit, digits: None });
        }
        let text = value.to_string();
        if text.trim_start_matches('-').len() > limit {
            return Err(IntTextError::TooLong { limit, digits: None });
        }
        return Ok(text);
    }
    Ok(value.to_string())
}

/// Digits in base 2, 8, 10 or 16 (lower case) without prefix, and whether the number is negative.
pub fn int_to_radix(value: &IBig, radix: u8) -> (bool, String) {
    let negative = *value < IBig::ZERO;
    let magnitude = value.clone().into_parts().1;
    (negative, magnitude.in_radix(radix).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_digits_and_digits_words() {
        for n in [0, 7, -1, 10, 1234567890, -999_999_999_999_999_999, 999_999_999_999_999_999] {
            assert_eq!(Decimal::new(n).as_str(), n.to_string());
            assert_eq!(parse_word(&n.to_string()), Some(n));
        }
        for n in [i64::MIN, i64::MAX] {
            assert_eq!(Decimal::new(n).as_str(), n.to_string());
            assert_eq!(parse_word(&n.to_string()), None);
        }
        for text in ["", "-", "+1", " 1", "1_0", "--1", "1000000000000000000"] {
            assert_eq!(parse_word(text), None, "{text:?}");
        }
        assert_eq!(parse_word("-000000000000000012"), Some(-12));
    }

    #[test]
    fn literals_are_read_as_cpython_reads_them() {
        let ok = |t: &str, base| parse_int(t, base, 4300).ok().map(|i| i.to_string());
        assert_eq!(ok(" -12\n", 10).as_deref(), Some("-12"));
        assert_eq!(ok("1_000", 10).as_deref(), Some("1000"));
        assert_eq!(ok("0x_ff", 0).as_deref(), Some("255"));
        assert_eq!(ok("0xff", 16).as_deref(), Some("255"));
        assert_eq!(ok("0b1", 16).as_deref(), Some("177"));
        assert_eq!(ok("z", 36).as_deref(), Some("35"));
        assert_eq!(ok("00", 0).as_deref(), Some("0"));
        for (t, base) in
            [("", 10), ("1__0", 10), ("_1", 10), ("1_", 10), ("012", 0), ("0x", 16), ("- 1", 10), ("2", 2), ("+-1", 10)]
        {
            assert_eq!(ok(t, base), None, "{t:?} base {base}");
        }
        let long = "1".repeat(4301);
        assert_eq!(parse_int(&long, 10, 4300), Err(IntTextError::TooLong { limit: 4300, digits: Some(4301) }));
        assert!(parse_int(&long, 16, 4300).is_ok());
        assert!(parse_int(&long[1..], 10, 4300).is_ok());
    }

    #[test]
    fn printing_stops_at_the_limit() {
        let ten = IBig::from(10);
        assert!(int_to_decimal(&(ten.pow(4300) - IBig::ONE), 4300).is_ok());
        assert!(int_to_decimal(&ten.pow(4300), 4300).is_err());
        assert!(int_to_decimal(&ten.pow(4300), 0).is_ok());
        assert!(int_to_decimal(&ten.pow(100_000), 4300).is_err());
        assert_eq!(int_to_radix(&(-255).into(), 16), (true, "ff".into()));
    }
}
