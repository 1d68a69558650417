//! Source text: from bytes to a string the parser takes, and from byte offsets to lines and columns.

use std::sync::Arc;

use ruff_text_size::TextSize;

use super::syntax_error::{ErrorKind, SyntaxError};

/// The text of one compilation unit with its file name and the starts of its lines.
///
/// The text is UTF-8, has no BOM, no NUL, and only `\n` line endings, as CPython's tokenizer sees it.
#[derive(Clone, Debug)]
pub struct Source {
    file: Arc<str>,
    text: String,
    /// Byte offset of the start of each line; never empty, the first is 0.
    line_starts: Vec<u32>,
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
    pub fn from_text(
        file: impl Into<Arc<str>>,
        text: impl Into<String>,
    ) -> Result<Source, SyntaxError> {
        let file = file.into();
        let text = normalize_newlines(text.into());
        if u32::try_from(text.len()).is_err() {
            return Err(SyntaxError::without_location(ErrorKind::Memory, &file, ""));
        }
        let mut line_starts = vec![0];
        line_starts.extend(
            text.bytes()
                .zip(1..)
                .filter(|(b, _)| *b == b'\n')
                .map(|(_, i)| i),
        );
        let source = Source {
            file,
            text,
            line_starts,
        };
        Ok(source)
    }

    /// Source from the bytes of a file.
    pub fn from_bytes(file: impl Into<Arc<str>>, bytes: &[u8]) -> Result<Source, SyntaxError> {
        let text = String::from_utf8_lossy(bytes).into_owned();
        Source::from_text(file, text)
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
        let end = self
            .line_starts
            .get(index + 1)
            .map_or(self.text.len(), |&e| e as usize);
        &self.text[start as usize..end]
    }

    /// The 1-based line of a byte offset.  An offset past the end is on the last line.
    pub fn line(&self, offset: TextSize) -> u32 {
        self.line_starts
            .partition_point(|&start| start <= u32::from(offset)) as u32
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
        let mut at = offset.to_usize().min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let line = self.line(TextSize::new(at as u32));
        let start = self.line_start(line).to_usize();
        Position {
            line,
            column: self.text[start..at].chars().count() as u32,
            byte_column: (at - start) as u32,
        }
    }
}

fn normalize_newlines(text: String) -> String {
    if !text.contains('\r') {
        return text;
    }
    text.replace("\r\n", "\n").replace('\r', "\n")
}
