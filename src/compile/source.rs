//! Source text: from bytes to a string the parser takes, and from byte offsets to lines and columns.

use std::rc::Rc;
use std::sync::Arc;

use ruff_text_size::{TextRange, TextSize};

use super::syntax_error::{ErrorKind, SyntaxError};
use super::written::{Mark, Written};

/// The text of one compilation unit with its file name and the starts of its lines.
///
/// The text is UTF-8, has no BOM, no NUL, and only `\n` line endings, as CPython's tokenizer sees it.
#[derive(Clone, Debug)]
pub struct Source {
    file: Arc<str>,
    text: String,
    /// Byte offset of the start of each line; never empty, the first is 0.
    line_starts: Vec<u32>,
    /// Where the text has been written for a tree: what the tree says of its places.
    written: Option<Rc<Places>>,
}

/// The places that a tree gives its nodes, by where they begin and end in the text that was written for it.
#[derive(Debug, Default)]
pub struct Places {
    /// By offset.
    marks: Vec<Mark>,
    /// Texts that stand for that from an offset on.
    said: Vec<(u32, String)>,
}

/// A place in a [`Source`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// 1-based.
    pub line: u32,
    /// 0-based, in code points.
    pub column: u32,
    /// 0-based, in UTF-8 bytes: the unit of `co_positions()`.
    pub byte_column: u32,
}

impl Source {
    /// Source from text, as `compile(str, ...)` takes it.  A NUL is a `SyntaxError`; `\r\n` and `\r` become `\n`.
    pub fn from_text(file: impl Into<Arc<str>>, text: impl Into<String>) -> Result<Source, SyntaxError> {
        let file = file.into();
        let text = normalize_newlines(text.into());
        if text.contains('\0') {
            let msg = "source code string cannot contain null bytes";
            return Err(SyntaxError::without_location(ErrorKind::Syntax, &file, msg));
        }
        if u32::try_from(text.len()).is_err() {
            return Err(SyntaxError::without_location(ErrorKind::Memory, &file, ""));
        }
        let mut line_starts = vec![0];
        line_starts.extend(text.bytes().zip(1..).filter(|(b, _)| *b == b'\n').map(|(_, i)| i));
        Ok(Source { file, text, line_starts, written: None })
    }

    /// The same with a newline at its end, which CPython adds to what is compiled as statements.
    pub fn with_last_newline(mut self) -> Source {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
            self.line_starts.push(self.text.len() as u32);
        }
        self
    }

    /// The text that was written for a tree.
    pub fn written(file: impl Into<Arc<str>>, written: Written) -> Result<Source, SyntaxError> {
        let Written { text, marks, said } = written;
        let source = Source::from_text(file, text)?;
        Ok(Source { written: Some(Rc::new(Places { marks, said })), ..source })
    }

    /// Whether there is no text but that which was written for a tree.
    pub fn is_written(&self) -> bool {
        self.written.is_some()
    }

    /// The text of an expression as the program has it.
    pub fn said(&self, range: TextRange) -> &str {
        let said = self.written.as_deref().map(|w| &w.said).into_iter().flatten();
        let start = u32::from(range.start());
        said.into_iter().find(|(at, _)| *at == start).map_or_else(|| &self.text[range], |(_, text)| text)
    }

    /// Source from the bytes of a file: honours a BOM and a coding cookie (PEP 263).
    ///
    /// UTF-8, Latin-1 and ASCII are the encodings there are; any other is a `SyntaxError`, as is text that is not in
    /// the declared encoding.
    pub fn from_bytes(file: impl Into<Arc<str>>, bytes: &[u8]) -> Result<Source, SyntaxError> {
        let file = file.into();
        let (text, bom) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
            Some(rest) => (rest, true),
            None => (bytes, false),
        };
        if let Some(nul) = text.iter().position(|&b| b == 0) {
            return Err(null_byte(&file, &text[..nul]));
        }
        let problem = |encoding: &str| {
            let msg = format!("encoding problem: {encoding}");
            Err(SyntaxError::without_location(ErrorKind::Syntax, &file, msg))
        };
        let cookie = coding_cookie(text);
        let decoded = match cookie.as_deref() {
            None | Some("utf-8") => match String::from_utf8(text.to_vec()) {
                Ok(text) => text,
                Err(error) => {
                    let at = error.utf8_error().valid_up_to();
                    return Err(invalid_utf8(&file, text, at, cookie.is_some()));
                }
            },
            Some(encoding) if bom => return problem(&format!("{encoding} with BOM")),
            Some("iso-8859-1") => text.iter().map(|&b| char::from(b)).collect(),
            Some("ascii" | "us-ascii") if text.is_ascii() => text.iter().map(|&b| char::from(b)).collect(),
            Some(encoding) => return problem(encoding),
        };
        Source::from_text(file, decoded)
    }

    /// The encoding that a source declares and [`Source::from_bytes`] does not know.
    pub fn foreign_encoding(bytes: &[u8]) -> Option<String> {
        let known = |cookie: &str| matches!(cookie, "utf-8" | "iso-8859-1" | "ascii" | "us-ascii");
        coding_cookie(bytes).filter(|cookie| !bytes.starts_with(b"\xef\xbb\xbf") && !known(cookie))
    }

    /// The file name given at creation.
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number of lines; a text that ends in a newline has an empty last one.
    pub fn line_count(&self) -> u32 {
        self.line_starts.len() as u32
    }

    /// The text of the 1-based `line` with its newline; empty when there is no such line.
    pub fn line_text(&self, line: u32) -> &str {
        let Some(index) = (line as usize).checked_sub(1) else {
            return "";
        };
        let Some(&start) = self.line_starts.get(index) else {
            return "";
        };
        let end = self.line_starts.get(index + 1).map_or(self.text.len(), |&e| e as usize);
        &self.text[start as usize..end]
    }

    /// The line from 1 and the column in bytes of a byte offset.
    pub fn line_and_column(&self, offset: TextSize) -> (u32, u32) {
        self.place(offset, false)
    }

    /// The same of an offset where something ends.
    pub fn end_line_and_column(&self, offset: TextSize) -> (u32, u32) {
        self.place(offset, true)
    }

    fn place(&self, offset: TextSize, is_end: bool) -> (u32, u32) {
        let at = u32::from(offset);
        let Some(written) = &self.written else {
            let line = self.line(offset);
            return (line, at.saturating_sub(u32::from(self.line_start(line))));
        };
        // What no node begins or ends at is where the last one before it did.
        let before = &written.marks[..written.marks.partition_point(|mark| mark.at <= at)];
        let here = before.iter().rev().take_while(|mark| mark.at == at).find(|mark| mark.is_end == is_end);
        here.or(before.last()).map_or((1, 0), |mark| mark.place)
    }

    /// The 1-based line of a byte offset in the text.  An offset past the end is on the last line.
    pub fn line(&self, offset: TextSize) -> u32 {
        self.line_starts.partition_point(|&start| start <= u32::from(offset)) as u32
    }

    /// The byte offset where the 1-based `line` starts; the end of the text when there is no such line.
    pub fn line_start(&self, line: u32) -> TextSize {
        let start = self.line_starts.get((line as usize).wrapping_sub(1));
        TextSize::new(start.copied().unwrap_or(self.text.len() as u32))
    }

    /// [`Source::position`] of a plain byte offset.
    pub fn position_of(&self, offset: usize) -> Position {
        self.position(TextSize::new(offset.min(self.text.len()) as u32))
    }

    /// Line and columns of a byte offset, which is moved down to a character boundary within the text if it is not one.
    pub fn position(&self, offset: TextSize) -> Position {
        if self.written.is_some() {
            let (line, column) = self.line_and_column(offset);
            return Position { line, column, byte_column: column };
        }
        let mut at = offset.to_usize().min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let line = self.line(TextSize::new(at as u32));
        let start = self.line_start(line).to_usize();
        Position { line, column: self.text[start..at].chars().count() as u32, byte_column: (at - start) as u32 }
    }
}

fn normalize_newlines(text: String) -> String {
    if !text.contains('\r') {
        return text;
    }
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The encoding named by a comment in the first two lines, with CPython's spelling of the two it knows itself.
fn coding_cookie(bytes: &[u8]) -> Option<String> {
    let mut rest = bytes;
    for _ in 0..2 {
        let end = rest.iter().position(|&b| b == b'\n' || b == b'\r').unwrap_or(rest.len());
        let (line, behind) = rest.split_at(end);
        let behind = behind.strip_prefix(b"\r").unwrap_or(behind);
        rest = behind.strip_prefix(b"\n").unwrap_or(behind);
        let text = line.trim_ascii_start();
        let blank = text.iter().all(|b| matches!(b, b' ' | b'\t' | 0x0c));
        if !blank && text[0] != b'#' {
            return None;
        }
        if let Some(name) = cookie_in_comment(text) {
            return Some(name);
        }
    }
    None
}

fn cookie_in_comment(comment: &[u8]) -> Option<String> {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    for at in 0..comment.len() {
        let Some(rest) = comment[at..].strip_prefix(b"coding") else {
            continue;
        };
        if !matches!(rest.first(), Some(b':' | b'=')) {
            continue;
        }
        let rest = rest[1..].trim_ascii_start();
        let end = rest.iter().position(|&b| !is_name(b)).unwrap_or(rest.len());
        if end > 0 {
            return Some(encoding_name(&rest[..end]));
        }
    }
    None
}

fn encoding_name(name: &[u8]) -> String {
    let given = String::from_utf8_lossy(name).into_owned();
    let plain = given.to_ascii_lowercase().replace('_', "-");
    let is = |known: &str| plain == known || plain.strip_prefix(known).is_some_and(|r| r.starts_with('-'));
    if is("utf-8") {
        "utf-8".to_owned()
    } else if ["latin-1", "iso-8859-1", "iso-latin-1"].into_iter().any(is)
        || ["latin", "latin1", "l1", "cp819", "8859", "iso8859", "iso8859-1"].contains(&plain.as_str())
    {
        "iso-8859-1".to_owned()
    } else {
        given
    }
}

/// The 1-based line that holds byte `at`, and the line's bytes before and from `at`.
fn line_around(bytes: &[u8], at: usize) -> (u32, &[u8], &[u8]) {
    let start = bytes[..at].iter().rposition(|&b| b == b'\n').map_or(0, |i| i + 1);
    let rest = &bytes[at..];
    let end = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
    let line = bytes[..start].iter().filter(|&&b| b == b'\n').count();
    (line as u32 + 1, &bytes[start..at], &rest[..end])
}

fn null_byte(file: &Arc<str>, before: &[u8]) -> SyntaxError {
    let msg = "source code cannot contain null bytes";
    let mut error = SyntaxError::without_location(ErrorKind::Syntax, file, msg);
    let (line, text, _) = line_around(before, before.len());
    error.line = line;
    error.end_line = line;
    error.text = Some(String::from_utf8_lossy(text).into_owned());
    error
}

fn invalid_utf8(file: &Arc<str>, bytes: &[u8], at: usize, declared: bool) -> SyntaxError {
    let (line, before, from) = line_around(bytes, at);
    let byte = bytes[at];
    if !declared {
        let msg = format!(
            "Non-UTF-8 code starting with '\\x{byte:02x}' in file {file} on line {line}, but no encoding declared; \
             see https://peps.python.org/pep-0263/ for details"
        );
        return SyntaxError::without_location(ErrorKind::Syntax, file, msg);
    }
    let reason = match byte {
        0x80..=0xc1 | 0xf5.. => "invalid start byte",
        _ if at + 1 == bytes.len() => "unexpected end of data",
        _ => "invalid continuation byte",
    };
    let msg = format!("(unicode error) 'utf-8' codec can't decode byte 0x{byte:02x} in position 0: {reason}");
    let mut error = SyntaxError::without_location(ErrorKind::Syntax, file, msg);
    let column = String::from_utf8_lossy(before).chars().count() as u32;
    error.line = line;
    error.end_line = line;
    error.offset = column.max(1);
    error.end_offset = column.max(1) as i32 + 1;
    let text = String::from_utf8_lossy(before) + String::from_utf8_lossy(from);
    error.text = Some(text.into_owned());
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(bytes: &[u8]) -> String {
        Source::from_bytes("t.py", bytes).unwrap_err().msg
    }

    #[test]
    fn encodings() {
        let text = |bytes: &[u8]| Source::from_bytes("t.py", bytes).unwrap().text().to_owned();
        assert_eq!(text(b"\xef\xbb\xbfx = 1\r\ny\rz"), "x = 1\ny\nz");
        assert!(text(b"# coding: latin-1\n'\xe9'").contains('\u{e9}'));
        assert!(text(b"#!x\n# -*- coding: Latin_1-unix -*-\n'\xe9'").contains('\u{e9}'));
        assert_eq!(text(b"# vim: fileencoding=us-ascii\n1").len(), 30);
        assert!(text("x = 1\n# coding: foo\n'\u{e9}'".as_bytes()).contains('\u{e9}'));
    }

    #[test]
    fn encoding_errors() {
        assert!(message(b"a=1\nx='\xff'").starts_with(
            "Non-UTF-8 code starting with '\\xff' in file t.py on line 2, but no encoding declared; see https"
        ));
        assert_eq!(message(b"# coding: foo\n"), "encoding problem: foo");
        assert_eq!(message(b"# coding: ascii\n'\xe9'"), "encoding problem: ascii");
        assert_eq!(message(b"\xef\xbb\xbf# coding: latin-1\n"), "encoding problem: iso-8859-1 with BOM");
        let error = Source::from_bytes("t.py", b"# coding: utf-8\nx = \"\xff\"\n").unwrap_err();
        assert_eq!(error.line, 2);
        assert_eq!(error.msg, "(unicode error) 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte");
    }

    #[test]
    fn null_bytes() {
        let error = Source::from_bytes("t.py", b"x = 1\0\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "  File \"t.py\", line 1\n    x = 1\nSyntaxError: source code cannot contain null bytes"
        );
    }

    #[test]
    fn positions() {
        let source = Source::from_text("t.py", "a\n\u{e9}b\n").unwrap();
        let at = |offset| source.position_of(offset);
        assert_eq!(at(4), Position { line: 2, column: 1, byte_column: 2 });
        assert_eq!(at(3), Position { line: 2, column: 0, byte_column: 0 });
        assert_eq!(at(99), Position { line: 3, column: 0, byte_column: 0 });
        assert_eq!(source.line_text(2), "\u{e9}b\n");
        assert_eq!(source.line_text(0), "");
        assert_eq!(source.line_text(9), "");
        assert_eq!(source.line_count(), 3);
    }
}
