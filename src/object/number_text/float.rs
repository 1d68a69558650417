//! Floats to digits and back.

/// Digits of a float that is to be laid out: `0.d1d2d3... * 10 ** point`.
struct Digits {
    digits: String,
    point: i32,
}

/// The digits of `{:e}` text: mantissa digits, and the place of the point.
fn digits_of(exponential: &str) -> Digits {
    let (mantissa, exponent) = exponential.split_once('e').unwrap_or((exponential, "0"));
    Digits { digits: mantissa.replace('.', ""), point: exponent.parse::<i32>().unwrap_or(0) + 1 }
}

/// The shortest digits that read back as `x` (finite, not negative).
fn shortest(x: f64) -> Digits {
    if x == 0.0 {
        return Digits { digits: "0".into(), point: 1 };
    }
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(x);
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut point = whole.len() as i32 + exponent.parse::<i32>().unwrap_or(0);
    let all = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0');
    point -= (all.len() - digits.len()) as i32;
    Digits { digits: digits.trim_end_matches('0').to_string(), point }
}

fn exponent_text(e: i32, upper: bool) -> String {
    let (mark, sign) = (if upper { 'E' } else { 'e' }, if e < 0 { '-' } else { '+' });
    format!("{mark}{sign}{:02}", e.abs())
}

fn fixed(d: &Digits) -> String {
    let n = d.digits.len() as i32;
    if d.point <= 0 {
        format!("0.{}{}", "0".repeat(-d.point as usize), d.digits)
    } else if d.point >= n {
        format!("{}{}", d.digits, "0".repeat((d.point - n) as usize))
    } else {
        format!("{}.{}", &d.digits[..d.point as usize], &d.digits[d.point as usize..])
    }
}

fn scientific(d: &Digits, upper: bool) -> String {
    let (first, rest) = d.digits.split_at(1);
    let dot = if rest.is_empty() { "" } else { "." };
    format!("{first}{dot}{rest}{}", exponent_text(d.point - 1, upper))
}

/// `repr(x)`.
pub fn float_repr(x: f64) -> String {
    if x.is_nan() {
        return "nan".into();
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x.is_infinite() {
        return format!("{sign}inf");
    }
    let d = shortest(x.abs());
    if (-3..=16).contains(&d.point) {
        let mut text = fixed(&d);
        if d.point >= d.digits.len() as i32 {
            text.push_str(".0");
        }
        return format!("{sign}{text}");
    }
    format!("{sign}{}", scientific(&d, false))
}

/// The text of the magnitude of a float, without sign, for `format()` and `%`.
pub struct FloatText {
    pub text: String,
    /// Inf and NaN are not padded with zeros and not grouped.
    pub finite: bool,
}

/// A finite `x` of at least 0 with `places` decimals, correctly rounded (half to even), where the arithmetic fits 128
/// bits: the double is `mantissa * 2^exponent`, so the digits are `mantissa * 10^places / 2^-exponent`.
fn exact_places(x: f64, places: usize) -> Option<String> {
    /// 53 bits of mantissa and 10^20 fit.
    const MOST: usize = 20;
    if places > MOST {
        return None;
    }
    let bits = x.to_bits();
    let (mantissa, exponent) = match (bits >> 52) as i32 {
        0 => (bits, -1074),
        e => (bits & ((1 << 52) - 1) | 1 << 52, e - 1075),
    };
    let scaled = mantissa as u128 * 10u128.pow(places as u32);
    let digits = match exponent {
        0.. => scaled.checked_mul(1u128.checked_shl(exponent as u32).filter(|_| exponent < 127)?)?,
        -126..0 => {
            let (down, half) = (-exponent as u32, 1u128 << (-exponent - 1));
            let (whole, rest) = (scaled >> down, scaled & ((1u128 << down) - 1));
            whole + (rest > half || (rest == half && whole & 1 == 1)) as u128
        }
        // Less than half of the last place.
        _ => 0,
    };
    let mut text = digits.to_string();
    if places > 0 {
        if text.len() <= places {
            text.insert_str(0, &"0".repeat(places + 1 - text.len()));
        }
        text.insert(text.len() - places, '.');
    }
    Some(text)
}

/// The magnitude of `x` as presentation type `kind` (`e E f F g G r`; `r` is the shortest) with `precision`; `alternate` keeps
/// the point and trailing zeros.  `dot_zero` adds `.0` to what would look like an int (`r`, and the type-less format).
pub fn format_float(x: f64, kind: char, precision: usize, alternate: bool, dot_zero: bool) -> FloatText {
    let upper = kind.is_ascii_uppercase();
    if !x.is_finite() {
        let text = if x.is_nan() { "nan" } else { "inf" };
        return FloatText { text: if upper { text.to_uppercase() } else { text.into() }, finite: false };
    }
    let x = x.abs();
    let mut text = match kind.to_ascii_lowercase() {
        'f' => {
            // Digits beyond those that a double has are zeros (and std takes no more than 65,535).
            let places = precision.min(1100);
            let mut text = exact_places(x, places).unwrap_or_else(|| format!("{x:.places$}"));
            text.push_str(&"0".repeat(precision - places));
            if alternate && precision == 0 { text + "." } else { text }
        }
        'e' => {
            let places = precision.min(1100);
            let text = format!("{x:.places$e}");
            let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let dot = if alternate && precision == 0 { "." } else { "" };
            let zeros = "0".repeat(precision - places);
            format!("{mantissa}{dot}{zeros}{}", exponent_text(exponent.parse().unwrap_or(0), upper))
        }
        'r' => {
            let d = shortest(x);
            let mut text = if (-3..=16).contains(&d.point) { fixed(&d) } else { scientific(&d, upper) };
            if alternate && !dot_zero && !text.contains('.') {
                let at = text.find(['e', 'E']).unwrap_or(text.len());
                text.insert(at, '.');
            }
            text
        }
        _ => {
            let precision = precision.max(1);
            let mut d = digits_of(&format!("{x:.*e}", precision.min(1100) - 1));
            if alternate {
                let missing = precision - d.digits.len();
                d.digits.push_str(&"0".repeat(missing));
            } else {
                let kept = d.digits.trim_end_matches('0').len().max(1);
                d.digits.truncate(kept);
            }
            // The type-less format (`dot_zero`) needs one place for its `.0`.
            let limit = if dot_zero { precision as i32 - 1 } else { precision as i32 };
            let mut text = if d.point > -4 && d.point <= limit { fixed(&d) } else { scientific(&d, upper) };
            if alternate && !text.contains('.') {
                let at = text.find(['e', 'E']).unwrap_or(text.len());
                text.insert(at, '.');
            }
            text
        }
    };
    if dot_zero && !text.contains(['.', 'e', 'E']) {
        text.push_str(".0");
    }
    FloatText { text, finite: true }
}

/// Parses a float literal in ASCII: white space around it, a sign, `inf`, `infinity`, `nan`, single underscores between
/// digits.
pub fn parse(text: &str) -> Option<f64> {
    let text = super::trim(text);
    let bytes = text.as_bytes();
    let mut clean = String::with_capacity(text.len());
    for (i, &b) in bytes.iter().enumerate() {
        if b == b'_' {
            let digit = |j: Option<usize>| j.and_then(|j| bytes.get(j)).is_some_and(u8::is_ascii_digit);
            if !digit(i.checked_sub(1)) || !digit(Some(i + 1)) {
                return None;
            }
        } else {
            clean.push(b as char);
        }
    }
    let unsigned = clean.strip_prefix(['+', '-']).unwrap_or(&clean);
    if unsigned.starts_with(['+', '-']) || unsigned.is_empty() {
        return None;
    }
    let word = unsigned.to_ascii_lowercase();
    let number = match word.as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        w if w.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'+' | b'-')) => w.parse().ok()?,
        _ => return None,
    };
    Some(if clean.starts_with('-') { -number } else { number })
}

/// `float.hex`.
pub fn hex(x: f64) -> String {
    if !x.is_finite() {
        return float_repr(x);
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    let bits = x.to_bits();
    let (fraction, biased) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7ff) as i32);
    if biased == 0 && fraction == 0 {
        return format!("{sign}0x0.0p+0");
    }
    let (lead, exponent) = if biased == 0 { (0, -1022) } else { (1, biased - 1023) };
    format!("{sign}0x{lead}.{fraction:013x}p{exponent:+}")
}

/// Why a text is no hexadecimal float.
#[derive(Debug, PartialEq, Eq)]
pub enum HexError {
    Invalid,
    TooLarge,
}

/// `float.fromhex`: correctly rounded, ties to even.
pub fn parse_hex(text: &str) -> Result<f64, HexError> {
    let text = super::trim(text);
    let (negative, body) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let lower = body.to_ascii_lowercase();
    let signed = |x: f64| if negative { -x } else { x };
    match lower.as_str() {
        "inf" | "infinity" => return Ok(signed(f64::INFINITY)),
        "nan" => return Ok(signed(f64::NAN)),
        _ => {}
    }
    let body = lower.strip_prefix("0x").unwrap_or(&lower);
    let (mantissa, exponent) = match body.split_once('p') {
        Some((m, e)) => {
            let digits = e.strip_prefix(['+', '-']).unwrap_or(e);
            if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Err(HexError::Invalid);
            }
            let size: i64 = digits.parse().unwrap_or(i64::MAX / 4).min(i64::MAX / 4);
            (m, if e.starts_with('-') { -size } else { size })
        }
        None => (body, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(HexError::Invalid);
    }
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return Ok(signed(0.0));
    }
    // The number is 0.significant * 2 ** (4 * places + exponent).
    let places = whole.len() as i64 - (digits.len() - significant.len()) as i64;
    let top = u64::from_str_radix(&significant[..significant.len().min(15)], 16).unwrap_or(0);
    let rest = significant.get(15..).unwrap_or("");
    let mut bits = top << 1 | rest.bytes().any(|b| b != b'0') as u64;
    // The value of the lowest bit of `bits`.
    let mut low = 4 * (places - significant.len().min(15) as i64) + exponent - 1;
    let length = 64 - bits.leading_zeros() as i64;
    if length.saturating_add(low) > 1024 {
        return Err(HexError::TooLarge);
    }
    let drop = (length - 53).max((-1074i64).saturating_sub(low));
    if drop > 64 {
        return Ok(signed(0.0));
    }
    if drop > 0 {
        let wide = bits as u128;
        let half = 1u128 << (drop - 1);
        let rest = wide & ((1u128 << drop) - 1);
        bits = (wide >> drop) as u64;
        if rest > half || (rest == half && bits & 1 == 1) {
            bits += 1;
        }
        low += drop;
    }
    let half = (low / 2) as i32;
    let x = bits as f64 * 2f64.powi(half) * 2f64.powi(low as i32 - half);
    if x.is_infinite() { Err(HexError::TooLarge) } else { Ok(signed(x)) }
}

/// Mantissa and exponent of two with `x == mantissa * 2 ** exponent` exactly, the mantissa odd or 0.
pub fn integer_ratio(x: f64) -> (i64, i32) {
    let bits = x.to_bits();
    let biased = (bits >> 52 & 0x7ff) as i32;
    let fraction = (bits & ((1 << 52) - 1)) as i64;
    let (mut m, mut e) = if biased == 0 { (fraction, -1074) } else { (fraction | 1 << 52, biased - 1075) };
    if m == 0 {
        return (0, 0);
    }
    let zeros = m.trailing_zeros();
    m >>= zeros;
    e += zeros as i32;
    (if x < 0.0 { -m } else { m }, e)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repr_lays_the_shortest_digits_out_as_cpython_does() {
        for (x, want) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (1e16, "1e+16"),
            (9999999999999998.0, "9999999999999998.0"),
            (1e-4, "0.0001"),
            (1e-5, "1e-05"),
            (1.5e300, "1.5e+300"),
            (5e-324, "5e-324"),
            (123456789012345680.0, "1.2345678901234568e+17"),
            (f64::INFINITY, "inf"),
            (-1e22, "-1e+22"),
        ] {
            assert_eq!(float_repr(x), want);
        }
    }

    #[test]
    fn literals_are_read_as_cpython_reads_them() {
        for (t, want) in
            [(" 1.5 ", 1.5), ("1_0.0_1", 10.01), (".5", 0.5), ("5.", 5.0), ("-inf", f64::NEG_INFINITY), ("1e5", 1e5)]
        {
            assert_eq!(parse(t), Some(want), "{t:?}");
        }
        for t in ["", ".", "1__0", "_1", "1_", "1_.0", "0x10", "+-1", "1e", "infi", "e5", "1 2"] {
            assert_eq!(parse(t), None, "{t:?}");
        }
    }

    #[test]
    fn hexadecimal_floats_come_back() {
        for x in [0.1, 1.0, -2.5, 5e-324, 1.7976931348623157e308, 0.0, 1e-310] {
            assert_eq!(parse_hex(&hex(x)), Ok(x));
        }
        assert_eq!(hex(0.1), "0x1.999999999999ap-4");
        assert_eq!(parse_hex("0x.8p1"), Ok(1.0));
        assert_eq!(parse_hex("10"), Ok(16.0));
        assert_eq!(parse_hex("0x1.00000000000008p0"), Ok(1.0));
        assert_eq!(parse_hex("0x1.000000000000080000001p0"), Ok(1.0000000000000002));
        assert_eq!(parse_hex("0x1p1024"), Err(HexError::TooLarge));
        assert_eq!(parse_hex("0x1p-2000"), Ok(0.0));
        assert_eq!(parse_hex("0xg"), Err(HexError::Invalid));
    }

    #[test]
    fn ratios_are_exact() {
        assert_eq!(integer_ratio(0.5), (1, -1));
        assert_eq!(integer_ratio(-6.0), (-3, 1));
        assert_eq!(integer_ratio(0.0), (0, 0));
    }

    #[test]
    fn places_by_integers_are_those_of_the_library() {
        let mut bits = 0x9e37_79b9_7f4a_7c15u64;
        for i in 0..200_000u32 {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            // Mostly numbers of everyday size, and ties among them.
            let x = match i % 4 {
                0 => (bits >> 40) as f64 / 8.0,
                1 => (bits >> 34) as f64 / 1024.0,
                2 => (bits >> 11) as f64 * 2f64.powi(-((bits & 63) as i32)),
                _ => f64::from_bits(bits & !(1 << 63)),
            };
            if !x.is_finite() {
                continue;
            }
            let places = (bits >> 20) as usize % 9;
            if let Some(text) = exact_places(x, places) {
                assert_eq!(text, format!("{x:.places$}"), "{x:?} {places}");
            }
        }
    }
}
