//! String and bytes literals: from the source slice to code points or bytes.
//!
//! The tree of the parser holds UTF-8, which has no lone surrogates, so a literal that may contain one is decoded here.

use dashu_int::IBig;

use crate::code::constant::Text;

/// The code points of a str literal.  A lone surrogate is a code point of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    pub code_points: Vec<u32>,
}

/// What is wrong with a literal, in CPython's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiteralError(pub String);

/// A literal cut into its prefix and its body.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    pub raw: bool,
    pub bytes: bool,
    pub body: &'a str,
}

/// Cuts one literal, prefix and quotes included; `None` when it is not one.
pub fn parts(literal: &str) -> Option<Parts<'_>> {
    let quote_at = literal.find(['\'', '"'])?;
    let (prefix, quoted) = literal.split_at(quote_at);
    let quote = &quoted[..1];
    let triple = quoted.len() >= 6 && quoted.starts_with(&quote.repeat(3));
    let length = if triple { 3 } else { 1 };
    let body = quoted.get(length..quoted.len().checked_sub(length)?)?;
    Some(Parts { raw: prefix.contains(['r', 'R']), bytes: prefix.contains(['b', 'B']), body })
}

/// The value of an int literal of any base; the parser has checked it.
pub fn int(literal: &str) -> IBig {
    let digits = literal.replace('_', "").to_ascii_lowercase();
    let (digits, radix) = match digits.get(..2) {
        Some("0x") => (&digits[2..], 16),
        Some("0o") => (&digits[2..], 8),
        Some("0b") => (&digits[2..], 2),
        _ => (&*digits, 10),
    };
    IBig::from_str_radix(digits, radix).unwrap_or(IBig::ZERO)
}

/// What the parser puts for a lone surrogate, which it cannot hold.
const REPLACEMENT: char = '\u{fffd}';

/// The text of a str literal whose value the parser gives as `value`: where that may have lost a surrogate, the literal is
/// read again.
pub fn text(literal: &str, value: &str) -> Text {
    if !value.contains(REPLACEMENT) {
        return Text::from(value);
    }
    let decoded = parts(literal).and_then(|parts| decode_str(parts.body, parts.raw).ok());
    decoded.map_or_else(|| Text::from(value), |decoded| Text::from_code_points(decoded.code_points))
}

/// As [`text`], of the source between the fields of an f-string, where braces are doubled.
pub fn element_text(body: &str, value: &str) -> Text {
    if !value.contains(REPLACEMENT) {
        return Text::from(value);
    }
    let body = body.replace("{{", "{").replace("}}", "}");
    // Of a raw f-string, the value is what stands there.
    let decoded = if body == value { None } else { decode_str(&body, false).ok() };
    decoded.map_or_else(|| Text::from(value), |decoded| Text::from_code_points(decoded.code_points))
}

/// Decodes the body of a str literal, or a part of the text of an f-string (whose doubled braces are not halved here).
pub fn decode_str(body: &str, raw: bool) -> Result<Decoded, LiteralError> {
    let mut decoded = Decoded::default();
    if raw || !body.contains('\\') {
        decoded.code_points = body.chars().map(u32::from).collect();
        return Ok(decoded);
    }
    let mut reader = Reader { text: body, at: 0 };
    while let Some(c) = reader.next() {
        if c != '\\' {
            decoded.code_points.push(c.into());
            continue;
        }
        let start = reader.at - 1;
        let Some(escape) = reader.next() else {
            return Err(LiteralError(format!(
                "(unicode error) 'unicodeescape' codec can't decode byte 0x5c in position {}: \\ at end of string",
                reader.position(start)
            )));
        };
        let code = match escape {
            '\n' => continue,
            'x' => reader.unicode_hex(start, 2, "truncated \\xXX escape")?,
            'u' => reader.unicode_hex(start, 4, "truncated \\uXXXX escape")?,
            'U' => {
                let code = reader.unicode_hex(start, 8, "truncated \\UXXXXXXXX escape")?;
                if code > 0x0010_ffff {
                    return Err(reader.unicode_error(start, "illegal Unicode character"));
                }
                code
            }
            'N' => reader.named(start)?,
            '0'..='7' => reader.octal(escape),
            _ => match simple_escape(escape) {
                Some(c) => u32::from(c),
                None => {
                    decoded.code_points.push('\\'.into());
                    escape.into()
                }
            },
        };
        decoded.code_points.push(code);
    }
    Ok(decoded)
}

/// A backslash with what makes it no escape sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Escape {
    /// The character behind the backslash.
    Unknown(char),
    /// Three octal digits of a number beyond 0o377.
    Octal(String),
}

/// The first escape sequence of a literal's body, or of a part of the text of an f-string, that CPython warns of.
pub fn first_invalid_escape(text: &str, bytes: bool) -> Option<Escape> {
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        rest = &rest[at + 1..];
        let c = rest.chars().next()?;
        match c {
            '0'..='3' | '\n' | '\r' | 'x' => {}
            '4'..='7' => {
                let digits: String = rest.chars().take(3).take_while(|c| matches!(c, '0'..='7')).collect();
                if digits.len() == 3 {
                    return Some(Escape::Octal(digits));
                }
            }
            'N' | 'u' | 'U' if !bytes => {}
            c if simple_escape(c).is_some() => {}
            // CPython writes a backslash before what is not ASCII as an escape sequence itself, which nobody warns of.
            c if !c.is_ascii() => {}
            c => return Some(Escape::Unknown(c)),
        }
        rest = &rest[c.len_utf8()..];
    }
    None
}

/// Decodes the body of a bytes literal.
pub fn decode_bytes(body: &str, raw: bool) -> Result<Vec<u8>, LiteralError> {
    if !body.is_ascii() {
        let msg = "bytes can only contain ASCII literal characters";
        return Err(LiteralError(msg.to_owned()));
    }
    let mut bytes = Vec::with_capacity(body.len());
    let mut reader = Reader { text: body, at: 0 };
    while let Some(c) = reader.next() {
        if c != '\\' || raw {
            bytes.push(c as u8);
            continue;
        }
        let start = reader.at - 1;
        match reader.next() {
            None => bytes.push(b'\\'),
            Some('\n') => {}
            Some('x') => match reader.hex(2) {
                Some(code) => bytes.push(code as u8),
                None => {
                    return Err(LiteralError(format!("(value error) invalid \\x escape at position {start}")));
                }
            },
            Some(c @ '0'..='7') => bytes.push(reader.octal(c) as u8),
            Some(c) => match simple_escape(c) {
                Some(c) => bytes.push(c),
                None => bytes.extend([b'\\', c as u8]),
            },
        }
    }
    Ok(bytes)
}

fn simple_escape(c: char) -> Option<u8> {
    Some(match c {
        '\\' | '\'' | '"' => c as u8,
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 11,
        _ => return None,
    })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Reader<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let c = self.text[self.at..].chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// Up to `digits` hexadecimal digits; `None` when there are fewer.
    fn hex(&mut self, digits: usize) -> Option<u32> {
        let mut code: u32 = 0;
        for _ in 0..digits {
            let digit = self.peek()?.to_digit(16)?;
            code = (code << 4) | digit;
            self.at += 1;
        }
        Some(code)
    }

    fn unicode_hex(&mut self, start: usize, digits: usize, what: &str) -> Result<u32, LiteralError> {
        self.hex(digits).ok_or_else(|| self.unicode_error(start, what))
    }

    fn octal(&mut self, first: char) -> u32 {
        let mut code = first as u32 - '0' as u32;
        for _ in 0..2 {
            match self.peek().and_then(|c| c.to_digit(8)) {
                Some(digit) => code = code * 8 + digit,
                None => break,
            }
            self.at += 1;
        }
        code
    }

    fn named(&mut self, start: usize) -> Result<u32, LiteralError> {
        let malformed = "malformed \\N character escape";
        if self.peek() != Some('{') {
            return Err(self.unicode_error(start, malformed));
        }
        self.at += 1;
        let name_start = self.at;
        let Some(length) = self.text[self.at..].find('}') else {
            self.at = self.text.len();
            return Err(self.unicode_error(start, malformed));
        };
        self.at += length;
        if length == 0 {
            return Err(self.unicode_error(start, malformed));
        }
        let name = &self.text[name_start..self.at];
        self.at += 1;
        match unicode_names2::character(name) {
            Some(c) => Ok(c.into()),
            None => Err(self.unicode_error(start, "unknown Unicode character name")),
        }
    }

    /// A byte offset as CPython's decoder counts it: it sees each character beyond ASCII as a ten-byte escape.
    fn position(&self, at: usize) -> usize {
        self.text[..at].chars().map(|c| if c.is_ascii() { 1 } else { 10 }).sum()
    }

    fn unicode_error(&self, start: usize, what: &str) -> LiteralError {
        let first = self.position(start);
        let last = self.position(self.at).saturating_sub(1);
        LiteralError(format!(
            "(unicode error) 'unicodeescape' codec can't decode bytes in position {first}-{last}: {what}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(body: &str) -> String {
        let decoded = decode_str(body, false).unwrap();
        decoded.code_points.into_iter().map(|c| char::from_u32(c).unwrap()).collect()
    }

    #[test]
    fn escapes() {
        assert_eq!(decoded(r"a\n\t\\\'\x41\101\0\u00e9\U0001F600"), "a\n\t\\'AA\0é\u{1F600}");
        assert_eq!(decoded("a\\\nb"), "ab");
        assert_eq!(decoded(r"\N{LATIN SMALL LETTER A}"), "a");
        assert_eq!(decoded(r"\400"), "\u{100}");
        assert_eq!(first_invalid_escape(r"\n\d", false), Some(Escape::Unknown('d')));
        assert_eq!(first_invalid_escape(r"\377\477", false), Some(Escape::Octal("477".to_owned())));
        assert_eq!(first_invalid_escape(r"\N{DASH}", true), Some(Escape::Unknown('N')));
        assert_eq!(first_invalid_escape("\\\n\\\\d\\x41\\u1234", false), None);
        assert_eq!(decode_str(r"\d", true).unwrap().code_points.len(), 2);
    }

    #[test]
    fn surrogates() {
        assert_eq!(decode_str(r"\ud800\uDC00", false).unwrap().code_points, [0xd800, 0xdc00]);
        let text_of = |literal, value| text(literal, value).code_points();
        assert_eq!(text_of(r"'\ud800'", "\u{fffd}"), [0xd800]);
        assert_eq!(text_of(r"'\U0000dfffa'", "\u{fffd}a"), [0xdfff, 0x61]);
        assert_eq!(text_of(r"'\ufffd'", "\u{fffd}"), [0xfffd]);
        assert_eq!(element_text(r"{{\ud800", "{\u{fffd}").code_points(), [0x7b, 0xd800]);
        assert_eq!(element_text("\\n\u{fffd}}}", "\\n\u{fffd}}"), Text::from("\\n\u{fffd}}"));
    }

    #[test]
    fn bytes() {
        assert_eq!(decode_bytes(r"a\x00\377\n\q", false).unwrap(), b"a\x00\xff\n\\q");
        assert_eq!(decode_bytes(r"\777", false).unwrap(), [0xff]);
        assert!(decode_bytes("é", false).is_err());
    }

    #[test]
    fn cutting() {
        let cut = parts("Rb'''a'b'''").unwrap();
        assert!(cut.raw && cut.bytes);
        assert_eq!(cut.body, "a'b");
        assert_eq!(parts("''").unwrap().body, "");
        assert!(parts("x").is_none());
        assert!(parts("'").is_none());
    }
}
