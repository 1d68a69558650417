//! What compilation reports instead of code: the data of Python's `SyntaxError` and its relatives.

use std::fmt::{self, Write};
use std::sync::Arc;

use ruff_text_size::TextRange;

use super::source::Source;

/// The exception class a [`SyntaxError`] is raised as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    Syntax,
    Indentation,
    Tab,
    /// The tree is deeper than the compiler follows; raised as `RecursionError`, without a location.
    Recursion,
    /// The source is larger than the parser's offsets; raised as `MemoryError`, without a location.
    Memory,
}

impl ErrorKind {
    /// The name of the exception class.
    pub fn name(self) -> &'static str {
        match self {
            ErrorKind::Syntax => "SyntaxError",
            ErrorKind::Indentation => "IndentationError",
            ErrorKind::Tab => "TabError",
            ErrorKind::Recursion => "RecursionError",
            ErrorKind::Memory => "MemoryError",
        }
    }
}

/// Who found the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The parser, which has the source.
    Parse,
    /// The compiler behind it: CPython's has the tree alone, and takes the line from the file.
    Compile,
    /// The compiler's symbol table (with which CPython's looks at `__future__`, `__debug__` and where `await` stands): the
    /// place is set on the exception, and is not in its `args`.
    Symbols,
}

/// An error found while compiling, with the attributes of Python's `SyntaxError`.
///
/// `Display` gives what CPython's `traceback` module prints for it (without a final newline).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    pub kind: ErrorKind,
    pub stage: Stage,
    pub msg: String,
    pub file: Arc<str>,
    /// 1-based; 0 when the error has no place in the source (then `file` is not shown either).
    pub line: u32,
    /// 1-based column in code points; 0 when only the line is known.
    pub offset: u32,
    /// 1-based line of the end; 0 when unknown.
    pub end_line: u32,
    /// 1-based column in code points just past the end; 0 or -1 when CPython gives none.
    pub end_offset: i32,
    /// The source line, with its line ending if it has one and the tokenizer had not gone on to the next line; `None`
    /// when not known.
    pub text: Option<String>,
}

impl SyntaxError {
    /// An error of the compiler, of `kind`, covering the byte range `range` of `source`.
    pub fn at(kind: ErrorKind, source: &Source, range: TextRange, msg: impl Into<String>) -> SyntaxError {
        let start = source.position(range.start());
        let end = source.position(range.end());
        SyntaxError {
            kind,
            stage: Stage::Compile,
            msg: msg.into(),
            file: source.file().clone(),
            line: start.line,
            offset: start.column + 1,
            end_line: end.line,
            end_offset: end.column as i32 + 1,
            text: (!source.is_written()).then(|| source.line_text(start.line).to_owned()),
        }
    }

    /// A plain `SyntaxError` covering `range`.
    pub fn new(source: &Source, range: TextRange, msg: impl Into<String>) -> SyntaxError {
        SyntaxError::at(ErrorKind::Syntax, source, range, msg)
    }

    /// The same error, of the symbol table.
    pub fn of_symbols(self) -> SyntaxError {
        SyntaxError { stage: Stage::Symbols, ..self }
    }

    /// An error that has no place in the source.
    pub fn without_location(kind: ErrorKind, file: &Arc<str>, msg: impl Into<String>) -> SyntaxError {
        SyntaxError {
            kind,
            stage: Stage::Parse,
            msg: msg.into(),
            file: file.clone(),
            line: 0,
            offset: 0,
            end_line: 0,
            end_offset: 0,
            text: None,
        }
    }

    /// A `SyntaxError` for a construct of the language that the compiler does not handle yet.
    /// `construct` is its name, such as "a `match` statement".
    pub fn unsupported(source: &Source, range: TextRange, construct: &str) -> SyntaxError {
        SyntaxError::new(source, range, format!("{construct} is not supported yet"))
    }

    /// The error of a tree nested deeper than the compiler follows.
    pub fn too_deep(file: &Arc<str>) -> SyntaxError {
        SyntaxError::without_location(ErrorKind::Recursion, file, "maximum recursion depth exceeded during compilation")
    }
}

impl std::error::Error for SyntaxError {}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            writeln!(f, "  File \"{}\", line {}", self.file, self.line)?;
            if let Some(text) = &self.text {
                self.fmt_line(f, text)?;
            }
        }
        write!(f, "{}: {}", self.kind.name(), self.msg)
    }
}

impl SyntaxError {
    /// The source line without its indentation, and the carets below it.
    fn fmt_line(&self, f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
        let rtext = text.trim_end_matches('\n');
        let ltext = rtext.trim_start_matches([' ', '\n', '\x0c']);
        if self.offset == 0 {
            return writeln!(f, "    {ltext}");
        }
        writeln!(f, "    {ltext}")?;
        let spaces = (rtext.chars().count() - ltext.chars().count()) as i64;
        let offset = i64::from(self.offset);
        let mut end_offset = match self.end_offset {
            0 => offset,
            end => i64::from(end),
        };
        if self.end_line != self.line {
            end_offset = rtext.chars().count() as i64 + 1;
        }
        if offset == end_offset || end_offset == -1 {
            end_offset = offset + 1;
        }
        let colno = offset - 1 - spaces;
        let end_colno = end_offset - 1 - spaces;
        if colno >= 0 {
            f.write_str("    ")?;
            for c in ltext.chars().take(colno as usize) {
                f.write_char(if c.is_whitespace() { c } else { ' ' })?;
            }
            for _ in colno..end_colno {
                f.write_char('^')?;
            }
            f.write_char('\n')?;
        }
        Ok(())
    }
}
