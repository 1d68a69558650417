//! The codecs that are native, with the standard error handlers; all other encodings come from the registry, which
//! Python code fills.
//!
//! [`encode()`] and [`decode()`] serve `str.encode`, `bytes.decode`, `str(bytes, ...)` and `_codecs`; [`incremental`] the text
//! streams.

pub mod charmap;
mod decode;
mod encode;
pub mod errors;
pub mod escapes;
pub mod incremental;
pub mod registry;
pub mod utf7;

pub use decode::{decode, decode_part};
pub use encode::{encode, encode_part};

use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// A codec and the name that its errors carry.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Codec {
    Utf8 {
        signature: bool,
    },
    Latin1,
    Ascii,
    /// Units of 2 or 4 bytes; without a byte order a mark is written, and read.
    Wide {
        bytes: usize,
        order: Option<Order>,
    },
    /// The escape sequences of literals; `raw`: only `\\u` and `\\U`.
    Escape {
        raw: bool,
    },
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Order {
    Little,
    Big,
}

impl Codec {
    /// The native codec of this name.
    pub fn find(name: &str) -> Option<Codec> {
        let name = name.to_ascii_lowercase().replace(['-', ' '], "_");
        Some(match name.as_str() {
            "utf_8" | "utf8" | "u8" | "utf" | "cp65001" => Codec::Utf8 { signature: false },
            "utf_8_sig" => Codec::Utf8 { signature: true },
            "latin_1" | "latin1" | "latin" | "iso_8859_1" | "iso8859_1" | "8859" | "cp819" | "l1" | "iso8859" => {
                Codec::Latin1
            }
            "ascii" | "us_ascii" | "646" | "ansi_x3.4_1968" => Codec::Ascii,
            "utf_16" | "utf16" | "u16" => Codec::Wide { bytes: 2, order: None },
            "utf_16_le" | "utf_16le" => Codec::Wide { bytes: 2, order: Some(Order::Little) },
            "utf_16_be" | "utf_16be" => Codec::Wide { bytes: 2, order: Some(Order::Big) },
            "utf_32" | "utf32" | "u32" => Codec::Wide { bytes: 4, order: None },
            "utf_32_le" | "utf_32le" => Codec::Wide { bytes: 4, order: Some(Order::Little) },
            "utf_32_be" | "utf_32be" => Codec::Wide { bytes: 4, order: Some(Order::Big) },
            "unicode_escape" => Codec::Escape { raw: false },
            "raw_unicode_escape" => Codec::Escape { raw: true },
            _ => return None,
        })
    }

    /// The name that its errors carry.
    pub fn name(self) -> &'static str {
        match self {
            Codec::Utf8 { .. } => "utf-8",
            Codec::Latin1 => "latin-1",
            Codec::Ascii => "ascii",
            Codec::Escape { raw: false } => "unicodeescape",
            Codec::Escape { raw: true } => "rawunicodeescape",
            Codec::Wide { bytes: 2, order: None } => "utf-16",
            Codec::Wide { bytes: 2, order: Some(Order::Little) } => "utf-16-le",
            Codec::Wide { bytes: 2, order: Some(Order::Big) } => "utf-16-be",
            Codec::Wide { order: None, .. } => "utf-32",
            Codec::Wide { order: Some(Order::Little), .. } => "utf-32-le",
            Codec::Wide { order: Some(Order::Big), .. } => "utf-32-be",
        }
    }

    /// Whether the codec has bytes for a code point.
    fn encodes(self, p: u32) -> bool {
        match self {
            Codec::Latin1 => p <= 0xff,
            Codec::Ascii => p <= 0x7f,
            Codec::Escape { .. } => true,
            _ => !(0xd800..0xe000).contains(&p),
        }
    }

    fn encode_reason(self) -> &'static str {
        match self {
            Codec::Latin1 => "ordinal not in range(256)",
            Codec::Ascii => "ordinal not in range(128)",
            _ => "surrogates not allowed",
        }
    }

    /// Appends the bytes of a code point; surrogates as if they were characters (`surrogatepass`).
    fn put(self, out: &mut Vec<u8>, p: u32) {
        match self {
            Codec::Latin1 | Codec::Ascii => out.push(p as u8),
            Codec::Escape { raw: false } => escapes::put(out, p),
            Codec::Escape { raw: true } => escapes::put_raw(out, p),
            Codec::Utf8 { .. } => match p {
                0..=0x7f => out.push(p as u8),
                0x80..=0x7ff => out.extend([0xc0 | (p >> 6) as u8, 0x80 | (p & 0x3f) as u8]),
                0x800..=0xffff => {
                    out.extend([0xe0 | (p >> 12) as u8, 0x80 | (p >> 6 & 0x3f) as u8, 0x80 | (p & 0x3f) as u8])
                }
                _ => out.extend([
                    0xf0 | (p >> 18) as u8,
                    0x80 | (p >> 12 & 0x3f) as u8,
                    0x80 | (p >> 6 & 0x3f) as u8,
                    0x80 | (p & 0x3f) as u8,
                ]),
            },
            Codec::Wide { bytes: 2, order } => {
                let mut unit = |u: u16| match order {
                    Some(Order::Big) => out.extend(u.to_be_bytes()),
                    _ => out.extend(u.to_le_bytes()),
                };
                if p > 0xffff {
                    let q = p - 0x10000;
                    unit(0xd800 | (q >> 10) as u16);
                    unit(0xdc00 | (q & 0x3ff) as u16);
                } else {
                    unit(p as u16);
                }
            }
            Codec::Wide { order, .. } => match order {
                Some(Order::Big) => out.extend(p.to_be_bytes()),
                _ => out.extend(p.to_le_bytes()),
            },
        }
    }
}

/// An `encoding` or `errors` argument.
pub fn name_arg(vm: &mut Vm, v: Option<&Value>, function: &str, name: &str, default: &str) -> R<String> {
    let Some(v) = v else { return Ok(default.into()) };
    match v.downcast::<Str>() {
        Some(s) => Ok(s.to_string_lossy().into_owned()),
        None => {
            let got = vm.argument_class(v);
            Err(vm.type_error(format!("{function}() argument '{name}' must be str, not {got}")))
        }
    }
}

/// `\xNN`, `\uNNNN` or `\UNNNNNNNN`.
fn escape(p: u32) -> String {
    match p {
        0..=0xff => format!("\\x{p:02x}"),
        0x100..=0xffff => format!("\\u{p:04x}"),
        _ => format!("\\U{p:08x}"),
    }
}

/// What stands at a place of encoded data.
#[derive(Debug, PartialEq)]
enum Unit {
    Point(u32, usize),
    /// Two code points of a byte each.
    Pair(u32, u32),
    /// So many bytes that stand for nothing.
    Nothing(usize),
    /// The last byte, which may begin something longer, and is this code point if nothing follows.
    ShortPoint(u32),
    /// So many bytes are wrong, and why.
    Bad(usize, &'static str),
    /// The data ends after so many bytes of a character; why that is wrong, if nothing follows.
    Short(usize, &'static str),
}

fn utf8_unit(data: &[u8]) -> Unit {
    let first = data[0];
    let (len, low, high) = match first {
        0..=0x7f => return Unit::Point(first as u32, 1),
        0xc2..=0xdf => (2, 0x80, 0xbf),
        0xe0 => (3, 0xa0, 0xbf),
        0xed => (3, 0x80, 0x9f),
        0xe1..=0xef => (3, 0x80, 0xbf),
        0xf0 => (4, 0x90, 0xbf),
        0xf4 => (4, 0x80, 0x8f),
        0xf1..=0xf3 => (4, 0x80, 0xbf),
        _ => return Unit::Bad(1, "invalid start byte"),
    };
    let mut p = first as u32 & (0x7f >> len);
    for i in 1..len {
        let (low, high) = if i == 1 { (low, high) } else { (0x80, 0xbf) };
        match data.get(i) {
            None => return Unit::Short(i, "unexpected end of data"),
            Some(b) if (low..=high).contains(b) => p = p << 6 | (*b as u32 & 0x3f),
            Some(_) => return Unit::Bad(i, "invalid continuation byte"),
        }
    }
    Unit::Point(p, len)
}

fn utf16_unit(data: &[u8], order: Order) -> Unit {
    let unit = |i: usize| {
        let b = [*data.get(i)?, *data.get(i + 1)?];
        Some(if order == Order::Big { u16::from_be_bytes(b) } else { u16::from_le_bytes(b) } as u32)
    };
    match (unit(0), unit(2)) {
        (None, _) => Unit::Short(data.len(), "truncated data"),
        (Some(high @ 0xd800..=0xdbff), Some(low @ 0xdc00..=0xdfff)) => {
            Unit::Point(0x10000 + ((high - 0xd800) << 10 | (low - 0xdc00)), 4)
        }
        (Some(0xd800..=0xdbff), None) => Unit::Short(data.len(), "unexpected end of data"),
        (Some(0xd800..=0xdbff), Some(_)) => Unit::Bad(2, "illegal UTF-16 surrogate"),
        (Some(0xdc00..=0xdfff), _) => Unit::Bad(2, "illegal encoding"),
        (Some(p), _) => Unit::Point(p, 2),
    }
}

fn utf32_unit(data: &[u8], order: Order) -> Unit {
    let Some(&[a, b, c, d]) = data.first_chunk::<4>() else {
        return Unit::Short(data.len(), "truncated data");
    };
    let p = if order == Order::Big { u32::from_be_bytes([a, b, c, d]) } else { u32::from_le_bytes([a, b, c, d]) };
    match p {
        0xd800..=0xdfff => Unit::Bad(4, "code point in surrogate code point range(0xd800, 0xe000)"),
        0..=0x10ffff => Unit::Point(p, 4),
        _ => Unit::Bad(4, "code point not in range(0x110000)"),
    }
}

impl Codec {
    fn unit(self, data: &[u8]) -> Unit {
        match self {
            Codec::Utf8 { .. } => utf8_unit(data),
            Codec::Latin1 => Unit::Point(data[0] as u32, 1),
            Codec::Escape { raw: false } => escapes::unit(data),
            Codec::Escape { raw: true } => escapes::raw_unit(data),
            Codec::Ascii if data[0] < 0x80 => Unit::Point(data[0] as u32, 1),
            Codec::Ascii => Unit::Bad(1, "ordinal not in range(128)"),
            Codec::Wide { bytes: 2, order } => utf16_unit(data, order.unwrap_or(Order::Little)),
            Codec::Wide { order, .. } => utf32_unit(data, order.unwrap_or(Order::Little)),
        }
    }

    /// A surrogate as `surrogatepass` reads it: the code point and its bytes.
    fn surrogate(self, data: &[u8]) -> Option<(u32, usize)> {
        let (p, n) = match (self, data) {
            (Codec::Utf8 { .. }, &[0xed, b @ 0xa0..=0xbf, c @ 0x80..=0xbf, ..]) => {
                (0xd000 | (b as u32 & 0x3f) << 6 | (c as u32 & 0x3f), 3)
            }
            (Codec::Wide { bytes: 2, order }, &[a, b, ..]) => {
                let u = if order == Some(Order::Big) { u16::from_be_bytes([a, b]) } else { u16::from_le_bytes([a, b]) };
                (u as u32, 2)
            }
            (Codec::Wide { bytes: 4, order }, &[a, b, c, d, ..]) => {
                let w = [a, b, c, d];
                (if order == Some(Order::Big) { u32::from_be_bytes(w) } else { u32::from_le_bytes(w) }, 4)
            }
            _ => return None,
        };
        (0xd800..0xe000).contains(&p).then_some((p, n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_as_they_are_written() {
        assert_eq!(Codec::find("UTF-8"), Some(Codec::Utf8 { signature: false }));
        assert_eq!(Codec::find("ISO-8859-1"), Some(Codec::Latin1));
        assert_eq!(Codec::find("utf_16_be").map(Codec::name), Some("utf-16-be"));
        assert_eq!(Codec::find("cp1252"), None);
    }

    #[test]
    fn every_code_point_comes_back_from_every_wide_codec() {
        for name in ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"] {
            let codec = Codec::find(name).unwrap();
            for p in [0x41, 0xe9, 0x20ac, 0xffff, 0x10000, 0x1f600, 0x10ffff] {
                let mut out = Vec::new();
                codec.put(&mut out, p);
                assert_eq!(codec.unit(&out), Unit::Point(p, out.len()), "{name} {p:x}");
            }
            let mut out = Vec::new();
            codec.put(&mut out, 0xdc80);
            assert_eq!(codec.surrogate(&out), Some((0xdc80, out.len())), "{name}");
            assert!(matches!(codec.unit(&out), Unit::Bad(..)), "{name}");
        }
    }

    #[test]
    fn bad_utf8_is_cut_where_cpython_cuts_it() {
        assert_eq!(utf8_unit(b"\xff"), Unit::Bad(1, "invalid start byte"));
        assert_eq!(utf8_unit(b"\xe2\x82"), Unit::Short(2, "unexpected end of data"));
        assert_eq!(utf8_unit(b"\xe2\x28\xa1"), Unit::Bad(1, "invalid continuation byte"));
        assert_eq!(utf8_unit(b"\xf0\x9f\x98x"), Unit::Bad(3, "invalid continuation byte"));
        assert_eq!(utf8_unit(b"\xed\xa0\x80"), Unit::Bad(1, "invalid continuation byte"));
    }
}
