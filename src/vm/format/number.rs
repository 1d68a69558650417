//! `format()` of int and float.

use dashu_int::IBig;

use super::spec::{FormatError, FormatSpec, error, unknown_kind};
use super::text::padding;
use crate::object::complex::Complex;
use crate::object::number_text::{self, Decimal, FloatText, IntTextError, int_to_decimal, int_to_radix};
use crate::object::str::StrBuilder;

/// The parts of a number between its padding.
struct Parts<'a> {
    negative: bool,
    prefix: &'a str,
    /// Digits before the point.
    whole: &'a str,
    /// Point, fraction, exponent, percent sign.
    rest: &'a str,
    /// Digits of a group.
    group: usize,
    /// Zeros may pad it (inf and nan are padded by spaces that look like zeros only).
    grouping: Option<char>,
}

/// Appends `value` in the format; `limit` is that of decimal digits.
pub fn format_int(
    out: &mut StrBuilder,
    value: &IBig,
    spec: &FormatSpec,
    class: &str,
    limit: usize,
) -> Result<(), FormatError> {
    let kind = char::from_u32(spec.kind).unwrap_or('\u{fffd}');
    if !matches!(kind, '\0' | 'b' | 'c' | 'd' | 'o' | 'x' | 'X' | 'n') {
        return unknown_kind(spec.kind, class);
    }
    if spec.precision.is_some() || spec.fraction_grouping.is_some() {
        return error("Precision not allowed in integer format specifier");
    }
    if spec.no_negative_zero {
        return error("Negative zero coercion (z) not allowed in integer format specifier");
    }
    if kind == 'c' {
        if spec.sign != '\0' {
            return error("Sign not allowed with integer format specifier 'c'");
        }
        if spec.alternate {
            return error("Alternate form (#) not allowed with integer format specifier 'c'");
        }
        if i64::try_from(value).is_err() {
            return Err(FormatError::Overflow("Python int too large to convert to C long".into()));
        }
        let Some(point) = u32::try_from(value).ok().filter(|&p| p <= 0x10ffff) else {
            return Err(FormatError::Overflow("%c arg not in range(0x110000)".into()));
        };
        // An int aligns right unless the program says otherwise, `c` left.
        let align = if spec.align_given { spec.align } else { '>' };
        let (left, right) = padding(1, spec.width, align);
        out.push_fill(spec.fill, left);
        out.push(point);
        out.push_fill(spec.fill, right);
        return Ok(());
    }
    let radix = match kind {
        'b' => 2,
        'o' => 8,
        'x' | 'X' => 16,
        _ => 10,
    };
    let (negative, mut digits) = if radix == 10 {
        let text = int_to_decimal(value, limit).map_err(|e| match e {
            IntTextError::TooLong { limit, digits } => FormatError::Value(IntTextError::too_long_text(limit, digits)),
            IntTextError::Invalid => FormatError::Value(String::new()),
        })?;
        match text.strip_prefix('-') {
            Some(t) => (true, t.to_string()),
            None => (false, text),
        }
    } else {
        int_to_radix(value, radix)
    };
    let prefix = match kind {
        _ if !spec.alternate => "",
        'b' => "0b",
        'o' => "0o",
        'x' => "0x",
        'X' => "0X",
        _ => "",
    };
    if kind == 'X' {
        digits.make_ascii_uppercase();
    }
    let group = if radix == 10 { 3 } else { 4 };
    let parts = Parts { negative, prefix, whole: &digits, rest: "", group, grouping: spec.grouping };
    lay_out(out, &parts, spec);
    Ok(())
}

/// Appends an int of a machine word in the commonest of formats (decimal, without grouping); false, and nothing done,
/// for others.
pub(super) fn format_small_int(out: &mut StrBuilder, value: i64, spec: &FormatSpec) -> bool {
    let plain = matches!(char::from_u32(spec.kind), Some('\0' | 'd'))
        && spec.grouping.is_none()
        && spec.precision.is_none()
        && spec.fraction_grouping.is_none()
        && !spec.no_negative_zero;
    if plain {
        let digits = Decimal::new(value);
        let whole = digits.as_str().trim_start_matches('-');
        lay_out(out, &Parts { negative: value < 0, prefix: "", whole, rest: "", group: 3, grouping: None }, spec);
    }
    plain
}

/// Appends `x` in the format.
pub fn format_float(out: &mut StrBuilder, x: f64, spec: &FormatSpec, class: &str) -> Result<(), FormatError> {
    let kind = char::from_u32(spec.kind).unwrap_or('\u{fffd}');
    if !matches!(kind, '\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%') {
        return unknown_kind(spec.kind, class);
    }
    put_float(out, x, spec, true)
}

/// Appends `z` in the format: both parts, padded as one.
pub fn format_complex(out: &mut StrBuilder, z: Complex, spec: &FormatSpec) -> Result<(), FormatError> {
    let kind = char::from_u32(spec.kind).unwrap_or('\u{fffd}');
    if !matches!(kind, '\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n') {
        return unknown_kind(spec.kind, "complex");
    }
    if spec.align == '=' && spec.fill == '0' as u32 {
        return error("Zero padding is not allowed in complex format specifier");
    }
    if spec.align == '=' {
        return error("'=' alignment flag is not allowed in complex format specifier");
    }
    let bare = FormatSpec { fill: ' ' as u32, align: '<', width: 0, ..spec.clone() };
    let signed = FormatSpec { sign: '+', ..bare.clone() };
    let mut text = StrBuilder::new();
    let imaginary_alone = kind == '\0' && z.re == 0.0 && z.re.is_sign_positive();
    let parens = kind == '\0' && !imaginary_alone;
    if parens {
        text.push_str("(");
    }
    if imaginary_alone {
        put_float(&mut text, z.im, &bare, false)?;
    } else {
        put_float(&mut text, z.re, &bare, false)?;
        put_float(&mut text, z.im, &signed, false)?;
    }
    text.push_str(if parens { "j)" } else { "j" });
    let (left, right) = padding(text.len(), spec.width, spec.align);
    out.push_fill(spec.fill, left);
    out.append(&text);
    out.push_fill(spec.fill, right);
    Ok(())
}

/// Appends `x`; `dot_zero` adds `.0` where the type-less format would look like an int.
fn put_float(out: &mut StrBuilder, x: f64, spec: &FormatSpec, dot_zero: bool) -> Result<(), FormatError> {
    let kind = char::from_u32(spec.kind).unwrap_or('\0');
    if spec.precision.is_some_and(|p| p > i32::MAX as usize) {
        return error("precision too big");
    }
    let precision = spec.precision.unwrap_or(6);
    let FloatText { mut text, finite } = match kind {
        '\0' => match spec.precision {
            None => number_text::format_float(x, 'r', 0, spec.alternate, dot_zero),
            Some(p) => number_text::format_float(x, 'g', p, spec.alternate, dot_zero),
        },
        'n' => number_text::format_float(x, 'g', precision, spec.alternate, false),
        '%' => {
            let mut t = number_text::format_float(x * 100.0, 'f', precision, spec.alternate, false);
            t.text.push('%');
            t
        }
        k => number_text::format_float(x, k, precision, spec.alternate, false),
    };
    let mut negative = x.is_sign_negative() && !x.is_nan();
    if spec.no_negative_zero && negative && finite {
        let mantissa = text.split(['e', 'E']).next().unwrap_or("");
        negative = mantissa.bytes().any(|b| matches!(b, b'1'..=b'9'));
    }
    let whole = text.bytes().take_while(u8::is_ascii_digit).count();
    if let Some(separator) = spec.fraction_grouping
        && text[whole..].starts_with('.')
    {
        let fraction = text[whole + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let (digits, tail) = text[whole + 1..].split_at(fraction);
        let mut grouped = String::new();
        for (i, c) in digits.chars().enumerate() {
            if i > 0 && i % 3 == 0 {
                grouped.push(separator);
            }
            grouped.push(c);
        }
        text = format!("{}.{grouped}{tail}", &text[..whole]);
    }
    let (digits, rest) = text.split_at(whole);
    let parts = Parts { negative, prefix: "", whole: digits, rest, group: 3, grouping: spec.grouping };
    lay_out(out, &parts, spec);
    Ok(())
}

fn lay_out(out: &mut StrBuilder, parts: &Parts<'_>, spec: &FormatSpec) {
    let sign = match spec.sign {
        _ if parts.negative => "-",
        '+' => "+",
        ' ' => " ",
        _ => "",
    };
    let outside = sign.len() + parts.prefix.len() + parts.rest.len();
    // Zeros that fill up are digits: they are grouped too.
    let min_digits = if spec.fill == '0' as u32 && spec.align == '=' { spec.width.saturating_sub(outside) } else { 0 };
    let whole: std::borrow::Cow<'_, str> =
        if parts.whole.is_empty() || (parts.grouping.is_none() && min_digits <= parts.whole.len()) {
            parts.whole.into()
        } else {
            group(parts.whole, parts.grouping, parts.group, min_digits).into()
        };
    let len = outside + whole.len();
    let (left, right) = padding(len, spec.width, spec.align);
    let middle = spec.align == '=';
    if !middle {
        out.push_fill(spec.fill, left);
    }
    out.push_str(sign);
    out.push_str(parts.prefix);
    if middle {
        out.push_fill(spec.fill, left);
    }
    out.push_str(&whole);
    out.push_str(parts.rest);
    out.push_fill(spec.fill, right);
}

/// Digits with a separator between groups, filled up with zeros to `min` characters.
fn group(digits: &str, separator: Option<char>, size: usize, min: usize) -> String {
    let Some(separator) = separator else {
        let zeros = min.saturating_sub(digits.len());
        return "0".repeat(zeros) + digits;
    };
    // Built from the right.
    let mut reversed: Vec<u8> = Vec::with_capacity(digits.len().max(min) * 4 / 3 + 1);
    let mut source = digits.bytes().rev();
    let mut left = digits.len();
    let mut min = min as isize;
    loop {
        let l = size.min(left.max(min.max(0) as usize).max(1));
        for _ in 0..l {
            reversed.push(source.next().unwrap_or(b'0'));
        }
        left = left.saturating_sub(l);
        min -= l as isize;
        if left == 0 && min <= 0 {
            break;
        }
        reversed.push(separator as u8);
        min -= 1;
    }
    reversed.iter().rev().map(|&b| b as char).collect()
}
