//! Constants.

use std::fmt::Write as _;

use dashu_int::IBig;

use super::{Done, Unwritable, Writer};
use crate::code::constant::{Const, Text};

/// Ints of so many bits and more are written in hexadecimal, for which there is no limit of digits.
const DECIMAL_BITS: usize = 64;

impl Writer {
    pub(super) fn literal(&mut self, value: &Const) -> Done {
        match value {
            Const::None => self.put("None"),
            Const::True => self.put("True"),
            Const::False => self.put("False"),
            Const::Ellipsis => self.put("..."),
            Const::Int(n) => {
                let text = match dashu_int::ops::BitTest::bit_len(n) {
                    bits if bits < DECIMAL_BITS => n.to_string(),
                    _ if *n < IBig::ZERO => format!("-0x{:x}", -n),
                    _ => format!("0x{n:x}"),
                };
                self.put(&text);
            }
            Const::Float(x) => self.put(&float(*x)),
            Const::Complex { re, im } if re.to_bits() == 0 => {
                let text = format!("{}j", float(*im));
                self.put(&text);
            }
            Const::Complex { re, im } => {
                let sign = if im.is_sign_negative() { "-" } else { "+" };
                let text = format!("{} {sign} {}j", float(*re), float(im.abs()));
                self.put(&text);
            }
            Const::Str(text) => {
                // As `repr` shows it, because an annotation may be kept as text.
                let points = text.code_points();
                let quote =
                    if points.contains(&u32::from('\'')) && !points.contains(&u32::from('"')) { '"' } else { '\'' };
                self.text.push(quote);
                self.characters(text, quote, false);
                self.text.push(quote);
            }
            Const::Bytes(bytes) => {
                self.put("b\"");
                for &b in bytes {
                    match b {
                        b'"' | b'\\' => self.text.extend(['\\', char::from(b)]),
                        b' '..=b'~' => self.text.push(char::from(b)),
                        _ => write!(self.text, "\\x{b:02x}").unwrap_or_default(),
                    }
                }
                self.put("\"");
            }
            Const::Tuple(items) => {
                self.put("(");
                for item in items {
                    self.literal(item)?;
                    self.put(", ");
                }
                self.put(")");
            }
            Const::FrozenSet(_) | Const::Code(_) => {
                return Err(Unwritable::Unsupported("compile() of a frozenset in a syntax tree".to_owned()));
            }
        }
        Ok(())
    }

    /// The characters of a str, between quotes or the fields of an f-string.
    pub(super) fn characters(&mut self, text: &Text, quote: char, in_fstring: bool) {
        for point in text.code_points() {
            match char::from_u32(point) {
                Some(c) if c == quote || c == '\\' => self.text.extend(['\\', c]),
                Some(c @ ('{' | '}')) if in_fstring => write!(self.text, "\\x{:02x}", c as u32).unwrap_or_default(),
                Some(c) if c >= ' ' && c != '\u{7f}' => self.text.push(c),
                _ if point < 0x100 => write!(self.text, "\\x{point:02x}").unwrap_or_default(),
                _ => write!(self.text, "\\u{point:04x}").unwrap_or_default(),
            }
        }
    }
}

fn float(x: f64) -> String {
    if x.is_nan() {
        "(1e999 - 1e999)".to_owned()
    } else if x.is_infinite() {
        if x > 0.0 { "1e999" } else { "-1e999" }.to_owned()
    } else {
        format!("{x:?}")
    }
}
