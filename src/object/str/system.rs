//! Texts of the system, such as paths and arguments: bytes that are mostly UTF-8.  A byte that is not becomes a lone
//! surrogate, and that the byte again (PEP 383, the `surrogateescape` of CPython's `os.fsdecode` and `os.fsencode`).

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use super::{Heap, Ref, Str};

/// The code point that stands for the byte 0; for those from 0x80 on it is a lone surrogate.
const ESCAPE: u32 = 0xdc00;

impl Str {
    /// A str from a text of the system.
    pub fn from_system(heap: &Heap, text: &OsStr) -> Ref<Str> {
        if let Some(text) = text.to_str() {
            return Str::new(heap, text);
        }
        let mut points = Vec::with_capacity(text.len());
        for chunk in text.as_bytes().utf8_chunks() {
            points.extend(chunk.valid().chars().map(u32::from));
            points.extend(chunk.invalid().iter().map(|byte| ESCAPE + u32::from(*byte)));
        }
        Str::from_points(heap, &points)
    }

    /// The text for the system; None if it has a surrogate that stands for no byte.
    pub fn to_system(&self) -> Option<OsString> {
        if let Some(text) = self.as_ascii() {
            return Some(text.into());
        }
        let mut bytes = Vec::with_capacity(self.len());
        for point in self.points() {
            match (char::from_u32(point), point.wrapping_sub(ESCAPE)) {
                (Some(c), _) => bytes.extend(c.encode_utf8(&mut [0; 4]).bytes()),
                (None, byte @ 0x80..=0xff) => bytes.push(byte as u8),
                _ => return None,
            }
        }
        Some(OsString::from_vec(bytes))
    }
}

/// A path as text without lone surrogates: as CPython prints it on standard error, with `\udcff` for the byte 0xff.
pub fn shown(path: &OsStr) -> String {
    let mut shown = String::with_capacity(path.len());
    for chunk in path.as_bytes().utf8_chunks() {
        shown.push_str(chunk.valid());
        shown.extend(chunk.invalid().iter().map(|byte| format!("\\u{:x}", ESCAPE + u32::from(*byte))));
    }
    shown
}

/// The path of which [`shown`] has made a text that no file has as its name.
pub fn unshown(shown: &str) -> PathBuf {
    let (mut bytes, mut rest) = (Vec::with_capacity(shown.len()), shown);
    while let Some(at) = rest.find("\\udc") {
        let byte = rest.get(at + 4..at + 6).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.extend(rest[..at].bytes());
        match byte {
            Some(byte) => bytes.push(byte),
            None => bytes.extend(b"\\udc"),
        }
        rest = &rest[at + if byte.is_some() { 6 } else { 4 }..];
    }
    bytes.extend(rest.bytes());
    OsString::from_vec(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::heap::Heap;

    #[test]
    fn bytes_that_are_no_utf8_come_back() {
        let heap = Heap::new();
        // Expected code points are those of `os.fsdecode` in CPython 3.13.
        let cases: [(&[u8], &[u32]); 5] = [
            (b"a.py", &[0x61, 0x2e, 0x70, 0x79]),
            ("\u{e9}\u{1f600}".as_bytes(), &[0xe9, 0x1f600]),
            (b"a\xffb\xfe", &[0x61, 0xdcff, 0x62, 0xdcfe]),
            // A surrogate in UTF-8, and a character that is cut short.
            (b"\xed\xb3\xbf", &[0xdced, 0xdcb3, 0xdcbf]),
            (b"\xf0\x9f\x98", &[0xdcf0, 0xdc9f, 0xdc98]),
        ];
        for (bytes, points) in cases {
            let text = Str::from_system(&heap, OsStr::from_bytes(bytes));
            assert_eq!(text.points().collect::<Vec<_>>(), points);
            assert_eq!(text.to_system().unwrap().as_bytes(), bytes);
            assert_eq!(unshown(&shown(OsStr::from_bytes(bytes))).as_os_str().as_bytes(), bytes);
        }
        assert_eq!(Str::from_points(&heap, &[0xd800]).to_system(), None);
        assert_eq!(Str::from_points(&heap, &[0xdc7f]).to_system(), None);
        assert_eq!(shown(OsStr::from_bytes(b"a\xff.py")), "a\\udcff.py");
        assert_eq!(unshown("\\udc\\udcg0").as_os_str(), "\\udc\\udcg0");
    }
}
