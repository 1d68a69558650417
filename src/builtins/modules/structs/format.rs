//! Formats of `struct`: what stands where.

use crate::builtins::scalar;

/// Items of one kind that stand one behind the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Where the first starts, in bytes.
    pub offset: usize,
    pub code: u8,
    /// Bytes of each: of `s` and `p`, of the whole string.
    pub size: usize,
    /// How many values; padding has none.
    pub count: usize,
}

/// A format that was understood.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Format {
    pub fields: Vec<Field>,
    /// In bytes.
    pub size: usize,
    pub big_endian: bool,
    /// Sizes and places are those of the machine.
    pub native: bool,
    /// How many values it takes and gives.
    pub values: usize,
}

/// The size of an item, and what its place is a multiple of; None where the code is not known.
fn layout(code: u8, native: bool) -> Option<(usize, usize)> {
    Some(match code {
        b'x' | b's' | b'p' => (1, 1),
        b'F' => (8, if native { 4 } else { 1 }),
        b'D' => (16, if native { 8 } else { 1 }),
        b'n' | b'N' | b'P' if !native => return None,
        b'l' | b'L' if !native => (4, 1),
        code => {
            let size = scalar::native_size(code)?;
            (size, if native { size } else { 1 })
        }
    })
}

impl Format {
    /// Understands a format; the error's text where it is none.
    pub fn parse(text: &[u8]) -> Result<Format, &'static str> {
        const TOO_LONG: &str = "total struct size too long";
        if text.contains(&0) {
            return Err("embedded null character");
        }
        let (native, big_endian, items) = match text {
            [b'@', rest @ ..] => (true, false, rest),
            [b'=' | b'<', rest @ ..] => (false, false, rest),
            [b'>' | b'!', rest @ ..] => (false, true, rest),
            rest => (true, false, rest),
        };
        let mut format = Format { big_endian, native, ..Format::default() };
        let mut rest = items;
        while let [c, after @ ..] = rest {
            rest = after;
            if c.is_ascii_whitespace() || *c == 0x0b {
                continue;
            }
            let (mut code, mut count) = (*c, 1);
            if code.is_ascii_digit() {
                count = usize::from(code - b'0');
                loop {
                    let [next, after @ ..] = rest else {
                        return Err("repeat count given without format specifier");
                    };
                    rest = after;
                    if !next.is_ascii_digit() {
                        code = *next;
                        break;
                    }
                    let digit = usize::from(next - b'0');
                    let more = count.checked_mul(10).and_then(|n| n.checked_add(digit));
                    count = more.filter(|n| isize::try_from(*n).is_ok()).ok_or(TOO_LONG)?;
                }
            }
            let (size, alignment) = layout(code, native).ok_or("bad char in struct format")?;
            let offset = format.size.checked_next_multiple_of(alignment).ok_or(TOO_LONG)?;
            let end = count.checked_mul(size).and_then(|n| n.checked_add(offset));
            format.size = end.filter(|n| isize::try_from(*n).is_ok()).ok_or(TOO_LONG)?;
            match code {
                b'x' => {}
                b's' | b'p' => {
                    format.fields.push(Field { offset, code, size: count, count: 1 });
                    format.values += 1;
                }
                _ if count > 0 => {
                    format.fields.push(Field { offset, code, size, count });
                    format.values += count;
                }
                _ => {}
            }
        }
        Ok(format)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(text: &str) -> Result<usize, &'static str> {
        Format::parse(text.as_bytes()).map(|f| f.size)
    }

    #[test]
    fn items_are_aligned_in_native_formats_only() {
        assert_eq!(size("ci"), Ok(8));
        assert_eq!(size("<ci"), Ok(5));
        assert_eq!(size("xh"), Ok(4));
        assert_eq!(size("c0i"), Ok(4));
        assert_eq!(size("hq"), Ok(16));
        assert_eq!((size("l"), size("=l")), (Ok(8), Ok(4)));
        assert_eq!(size(" 3s  2x\t"), Ok(5));
    }

    #[test]
    fn what_is_no_format_is_refused() {
        assert_eq!(size("3"), Err("repeat count given without format specifier"));
        assert_eq!(size("3 i"), Err("bad char in struct format"));
        assert_eq!(size("<n"), Err("bad char in struct format"));
        assert_eq!(size("9223372036854775807i"), Err("total struct size too long"));
        assert_eq!(size("99999999999999999999s"), Err("total struct size too long"));
        assert_eq!(size("i\0"), Err("embedded null character"));
    }

    #[test]
    fn strings_are_one_value_each() {
        let f = Format::parse(b"2h0s4x3pc").unwrap();
        assert_eq!((f.values, f.size), (5, 12));
    }
}
