//! `unicode_escape` and `raw_unicode_escape`: text as the escape sequences of Python's literals.

use super::Unit;

/// Appends a code point as `unicode_escape` writes it.
pub fn put(out: &mut Vec<u8>, p: u32) {
    match p {
        0x09 => out.extend(b"\\t"),
        0x0a => out.extend(b"\\n"),
        0x0d => out.extend(b"\\r"),
        0x5c => out.extend(b"\\\\"),
        0x20..=0x7e => out.push(p as u8),
        _ => out.extend(super::escape(p).into_bytes()),
    }
}

/// Appends a code point as `raw_unicode_escape` writes it: Latin-1 is not escaped, not even the backslash.
pub fn put_raw(out: &mut Vec<u8>, p: u32) {
    match p {
        0..=0xff => out.push(p as u8),
        _ => out.extend(super::escape(p).into_bytes()),
    }
}

/// Bytes as `repr` shows them between single quotes.
pub fn encode_bytes(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    for &b in data {
        match b {
            b'\'' => out.extend(b"\\'"),
            _ => put(&mut out, b.into()),
        }
    }
    out
}

/// The bytes that the escape sequences of a bytes literal stand for; an unknown one stands for itself, and the warning of
/// the first such comes along.
///
/// # Errors
/// The message of CPython's ValueError.
pub fn decode_bytes(data: &[u8], errors: &str) -> Result<(Vec<u8>, Option<String>), String> {
    let mut out = Vec::with_capacity(data.len());
    let mut warning = None;
    let mut warn = |what: &str, written: &[u8]| {
        let written = String::from_utf8_lossy(written);
        let text =
            format!("b\"\\{written}\" is an invalid {what} sequence. Such sequences will not work in the future. ");
        warning.get_or_insert(text);
    };
    let mut i = 0;
    while let Some(&byte) = data.get(i) {
        let rest = &data[i + 1..];
        i += 1;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let Some(&kind) = rest.first() else { return Err("Trailing \\ in string".to_owned()) };
        i += 1;
        match kind {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(kind),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'v' => out.push(11),
            b'0'..=b'7' => {
                let digits = rest.iter().take(3).take_while(|d| matches!(d, b'0'..=b'7'));
                let (value, n) = digits.fold((0u32, 0), |(v, n), d| (v * 8 + u32::from(d - b'0'), n + 1));
                out.push(value as u8);
                if value > 0xff {
                    warn("octal escape", &rest[..n]);
                }
                i += n - 1;
            }
            b'x' => {
                let digits = rest[1..].iter().take(2).map_while(|d| char::from(*d).to_digit(16));
                let (value, n) = digits.fold((0, 0), |(v, n), d| (v * 16 + d, n + 1));
                i += n;
                match (n, errors) {
                    (2, _) => out.push(value as u8),
                    (_, "strict") => return Err(format!("invalid \\x escape at position {}", i - 2 - n)),
                    (_, "replace") => out.push(b'?'),
                    (_, "ignore") => {}
                    _ => return Err(format!("decoding error; unknown error handling code: {errors}")),
                }
            }
            _ => {
                out.extend([b'\\', kind]);
                warn("escape", &[kind]);
            }
        }
    }
    Ok((out, warning))
}

/// What stands at the start of `data` in `unicode_escape`.
pub(super) fn unit(data: &[u8]) -> Unit {
    if data[0] != b'\\' {
        return Unit::Point(data[0].into(), 1);
    }
    let Some(&kind) = data.get(1) else { return Unit::Short(1, "\\ at end of string") };
    let p = match kind {
        b'\n' => return Unit::Nothing(2),
        b'\\' | b'\'' | b'"' => kind,
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        b'0'..=b'7' => {
            let digits = data[1..].iter().take(3).take_while(|d| matches!(d, b'0'..=b'7'));
            let (p, n) = digits.fold((0, 1), |(p, n), d| (p * 8 + u32::from(d - b'0'), n + 1));
            return Unit::Point(p, n);
        }
        b'x' => return hex(data, 2, "truncated \\xXX escape"),
        b'u' => return hex(data, 4, "truncated \\uXXXX escape"),
        b'U' => return hex(data, 8, "truncated \\UXXXXXXXX escape"),
        b'N' => return named(data),
        // No escape sequence: the backslash is one of the text.
        _ => b'\\',
    };
    let length = if p == b'\\' && kind != b'\\' { 1 } else { 2 };
    Unit::Point(p.into(), length)
}

/// What stands at the start of `data` in `raw_unicode_escape`.
pub(super) fn raw_unit(data: &[u8]) -> Unit {
    match (data[0], data.get(1)) {
        (b'\\', Some(b'u')) => hex(data, 4, "truncated \\uXXXX escape"),
        (b'\\', Some(b'U')) => match hex(data, 8, "truncated \\UXXXXXXXX escape") {
            Unit::Bad(n @ 10, _) => Unit::Bad(n, "\\Uxxxxxxxx out of range"),
            unit => unit,
        },
        // A backslash behind another does not begin an escape sequence.
        (b'\\', Some(&other)) => Unit::Pair(b'\\'.into(), other.into()),
        // It may be the first byte of an escape sequence; if nothing follows, it is itself.
        (b'\\', None) => Unit::ShortPoint(b'\\'.into()),
        (byte, _) => Unit::Point(byte.into(), 1),
    }
}

/// A backslash, a letter and so many hexadecimal digits.
fn hex(data: &[u8], count: usize, reason: &'static str) -> Unit {
    let mut p = 0u32;
    for i in 2..2 + count {
        match data.get(i).map(|&d| char::from(d).to_digit(16)) {
            None => return Unit::Short(i, reason),
            Some(None) => return Unit::Bad(i, reason),
            Some(Some(digit)) => p = p << 4 | digit,
        }
    }
    match p {
        0..=0x10ffff => Unit::Point(p, 2 + count),
        _ => Unit::Bad(2 + count, "illegal Unicode character"),
    }
}

/// `\N{NAME}`.
fn named(data: &[u8]) -> Unit {
    const MALFORMED: &str = "malformed \\N character escape";
    match data.get(2) {
        None => return Unit::Short(2, MALFORMED),
        Some(b'{') => {}
        Some(_) => return Unit::Bad(2, MALFORMED),
    }
    let Some(end) = data.iter().position(|&b| b == b'}') else { return Unit::Short(data.len(), MALFORMED) };
    if end == 3 {
        return Unit::Bad(3, MALFORMED);
    }
    let found = std::str::from_utf8(&data[3..end]).ok().and_then(unicode_names2::character);
    match found {
        Some(c) => Unit::Point(c.into(), end + 1),
        None => Unit::Bad(end + 1, "unknown Unicode character name"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_cut_where_cpython_cuts_them() {
        assert_eq!(unit(b"\\x4"), Unit::Short(3, "truncated \\xXX escape"));
        assert_eq!(unit(b"\\x4g"), Unit::Bad(3, "truncated \\xXX escape"));
        assert_eq!(unit(b"\\U00110000"), Unit::Bad(10, "illegal Unicode character"));
        assert_eq!(unit(b"\\1234"), Unit::Point(0o123, 4));
        assert_eq!(unit(b"\\d"), Unit::Point(0x5c, 1));
        assert_eq!(unit(b"\\\\d"), Unit::Point(0x5c, 2));
        assert_eq!(unit(b"\\N{DIGIT ONE}"), Unit::Point(0x31, 13));
        assert_eq!(raw_unit(b"\\\\u0041"), Unit::Pair(0x5c, 0x5c));
        assert_eq!(raw_unit(b"\\u0041"), Unit::Point(0x41, 6));
    }

    #[test]
    fn what_is_escaped_comes_back() {
        for p in (0..0x200).chain([0xd800, 0xffff, 0x10000, 0x10ffff]) {
            let mut out = Vec::new();
            put(&mut out, p);
            assert_eq!(unit(&out), Unit::Point(p, out.len()));
        }
    }
}
