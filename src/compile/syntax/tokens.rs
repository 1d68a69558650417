//! The tokens of a source text as CPython's tokenizer cuts them, with its errors.
//!
//! Used only for programs that the parser has rejected: which error CPython reports, and where, depends on its
//! tokens (an indent is one, a comment is none, an error token ends the input).

mod numbers;
mod strings;

use std::borrow::Cow;

use crate::compile::syntax_error::ErrorKind;

/// What a token is.  Operators and keywords are told apart by their text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Name,
    Number,
    String,
    /// The prefix and opening quotes of an f-string or t-string.
    FStart,
    FMiddle,
    FEnd,
    Op,
    Newline,
    Indent,
    Dedent,
    End,
}

/// A token: what it is, its byte range, and how many brackets are open after it.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
    pub level: usize,
}

/// Where an error of the tokenizer is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the character that ends at this byte offset; no end is reported.
    Before(usize),
    /// The same, with an end column of zero.
    BeforeNoEnd(usize),
    /// The same, with an end column of -1.
    BeforeOpenEnd(usize),
    /// The character that starts at this byte offset, with an end column of zero.
    OpenEnd(usize),
    /// At this byte offset, counted from zero, with an end column of -1.
    Indentation(usize),
    /// The line of the character that ends at this byte offset, without columns.
    Line(usize),
    /// A byte range.
    Range(usize, usize),
    /// From a byte offset up to the character that ends at the other.
    To(usize, usize),
}

/// An error of the tokenizer.
#[derive(Clone, Debug)]
pub struct TokenError {
    pub kind: ErrorKind,
    pub msg: Cow<'static, str>,
    pub place: Place,
    /// A hard error is reported even when the parser failed at an earlier token.
    pub hard: bool,
}

/// An open bracket.
#[derive(Clone, Copy, Debug)]
pub struct Bracket {
    pub at: usize,
    pub line: usize,
    pub open: u8,
}

/// The result of tokenizing: the tokens up to the end or the first error.
#[derive(Debug)]
pub struct Tokens {
    pub tokens: Vec<Token>,
    pub error: Option<TokenError>,
    /// Brackets still open where tokenizing stopped.
    pub open: Vec<Bracket>,
    /// Tokenizing stopped inside an f-string: CPython does not see such an error from afar.
    pub in_fstring: bool,
    /// The input ended inside brackets or after a line continuation.
    pub end_of_input: bool,
}

/// CPython's limits.
const MAX_BRACKETS: usize = 200;
const MAX_INDENTS: usize = 100;
const MAX_FSTRINGS: usize = 150;
const MAX_FSTRING_NESTING: i32 = 3;

/// An f-string being tokenized.
struct FString {
    letter: char,
    quote: u8,
    quotes: usize,
    raw: bool,
    start: usize,
    depth: i32,
    expr_depth: i32,
    in_spec: bool,
    in_text: bool,
}

struct Tokenizer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    line: usize,
    tokens: Vec<Token>,
    brackets: Vec<Bracket>,
    /// Column and alternate column (tabs count one) of each open block.
    indents: Vec<(usize, usize)>,
    fstrings: Vec<FString>,
    end_of_input: bool,
}

type Step<T> = Result<T, TokenError>;

/// Tokenizes `text` (only `\n` line endings).
pub fn tokenize(text: &str) -> Tokens {
    let mut tokenizer = Tokenizer {
        text,
        bytes: text.as_bytes(),
        at: 0,
        line: 1,
        tokens: Vec::new(),
        brackets: Vec::new(),
        indents: vec![(0, 0)],
        fstrings: Vec::new(),
        end_of_input: false,
    };
    let error = tokenizer.run().err();
    Tokens {
        tokens: tokenizer.tokens,
        error,
        in_fstring: !tokenizer.fstrings.is_empty(),
        open: tokenizer.brackets,
        end_of_input: tokenizer.end_of_input,
    }
}

fn is_name_start(b: u8) -> bool {
    b.is_ascii_alphabetic() || b == b'_' || b >= 0x80
}

fn is_name_part(b: u8) -> bool {
    is_name_start(b) || b.is_ascii_digit()
}

impl Tokenizer<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn push(&mut self, kind: Kind, start: usize) {
        let level = self.brackets.len();
        self.tokens.push(Token { kind, start, end: self.at, level });
    }

    fn error<T>(&self, msg: impl Into<Cow<'static, str>>) -> Step<T> {
        self.error_at(Place::Before(self.at), msg)
    }

    fn error_at<T>(&self, place: Place, msg: impl Into<Cow<'static, str>>) -> Step<T> {
        Err(TokenError { kind: ErrorKind::Syntax, msg: msg.into(), place, hard: true })
    }

    fn soft<T>(&self, kind: ErrorKind, place: Place, msg: &'static str) -> Step<T> {
        Err(TokenError { kind, msg: Cow::Borrowed(msg), place, hard: false })
    }

    fn run(&mut self) -> Step<()> {
        let mut line_begins = true;
        loop {
            if self.fstrings.last().is_some_and(|f| f.in_text) {
                self.fstring_text()?;
                continue;
            }
            if line_begins && self.brackets.is_empty() && self.fstrings.is_empty() {
                line_begins = false;
                self.indentation()?;
            }
            while matches!(self.peek(0), b' ' | b'\t' | b'\x0c') {
                self.at += 1;
            }
            let comment = self.at;
            if self.peek(0) == b'#' {
                while self.at < self.bytes.len() && self.peek(0) != b'\n' {
                    self.at += 1;
                }
            }
            let start = self.at;
            if start >= self.bytes.len() {
                return self.end();
            }
            match self.bytes[start] {
                b'\n' => {
                    self.at += 1;
                    let blank = self
                        .tokens
                        .last()
                        .is_none_or(|t| matches!(t.kind, Kind::Newline | Kind::Indent | Kind::Dedent));
                    if self.brackets.is_empty() && !blank {
                        // CPython's newline token includes the comment before it.
                        self.push(Kind::Newline, comment);
                    }
                    line_begins = self.brackets.is_empty() && self.fstrings.is_empty();
                    self.line += 1;
                }
                b'\\' => self.continuation()?,
                b if is_name_start(b) => self.name()?,
                b'0'..=b'9' => self.number()?,
                b'.' if self.peek(1).is_ascii_digit() => self.number()?,
                b'\'' | b'"' => self.string(start)?,
                _ => self.operator()?,
            }
        }
    }

    fn end(&mut self) -> Step<()> {
        if !self.brackets.is_empty() {
            self.end_of_input = true;
            return self.soft(ErrorKind::Syntax, Place::BeforeOpenEnd(self.at), "unexpected EOF while parsing");
        }
        let start = self.at;
        if self.tokens.last().is_some_and(|t| !matches!(t.kind, Kind::Newline | Kind::Dedent)) {
            self.tokens.push(Token { kind: Kind::Newline, start, end: start + 1, level: 0 });
        }
        for _ in 1..self.indents.len() {
            self.push(Kind::Dedent, start);
        }
        self.push(Kind::End, start);
        Ok(())
    }

    /// The whitespace that starts a line, when the line is not blank.
    fn indentation(&mut self) -> Step<()> {
        let line_start = self.at;
        let (mut col, mut alt) = (0, 0);
        loop {
            match self.peek(0) {
                b' ' => (col, alt) = (col + 1, alt + 1),
                b'\t' => (col, alt) = ((col / 8 + 1) * 8, alt + 1),
                b'\x0c' => (col, alt) = (0, 0),
                b'\\' if self.peek(1) == b'\n' && self.at + 2 < self.bytes.len() => {
                    self.at += 1;
                    self.line += 1;
                }
                _ => break,
            }
            self.at += 1;
        }
        if self.at >= self.bytes.len() || matches!(self.peek(0), b'#' | b'\n') {
            return Ok(());
        }
        let line_end = self.text[self.at..].find('\n').map_or(self.text.len(), |i| self.at + i);
        let tabs = Place::BeforeNoEnd(line_start + 1);
        let inconsistent = "inconsistent use of tabs and spaces in indentation";
        let (top, top_alt) = *self.indents.last().unwrap_or(&(0, 0));
        if col == top {
            if alt != top_alt {
                return self.soft(ErrorKind::Tab, tabs, inconsistent);
            }
        } else if col > top {
            if self.indents.len() >= MAX_INDENTS {
                let place = Place::BeforeOpenEnd(self.at);
                return self.soft(ErrorKind::Indentation, place, "too many levels of indentation");
            }
            if alt <= top_alt {
                return self.soft(ErrorKind::Tab, tabs, inconsistent);
            }
            self.indents.push((col, alt));
            self.push(Kind::Indent, line_start);
        } else {
            while self.indents.last().is_some_and(|&(top, _)| col < top) {
                self.indents.pop();
                self.push(Kind::Dedent, line_start);
            }
            let (top, top_alt) = *self.indents.last().unwrap_or(&(0, 0));
            if col != top {
                // CPython reports it before it hands out any of the dedents.
                while self.tokens.last().is_some_and(|t| t.kind == Kind::Dedent) {
                    self.tokens.pop();
                }
                let place = Place::BeforeOpenEnd((line_end + 1).min(self.text.len()));
                return self.soft(ErrorKind::Indentation, place, "unindent does not match any outer indentation level");
            }
            if alt != top_alt {
                return self.soft(ErrorKind::Tab, tabs, inconsistent);
            }
        }
        Ok(())
    }

    fn continuation(&mut self) -> Step<()> {
        self.at += 1;
        if self.peek(0) != b'\n' || self.at >= self.bytes.len() {
            if self.at >= self.bytes.len() {
                self.end_of_input = true;
            }
            let next = self.bytes.len().min(self.at + 1);
            let place = Place::BeforeNoEnd(next);
            return self.soft(ErrorKind::Syntax, place, "unexpected character after line continuation character");
        }
        self.at += 1;
        self.line += 1;
        if self.at >= self.bytes.len() {
            self.end_of_input = true;
            let place = Place::BeforeOpenEnd(self.at);
            return self.soft(ErrorKind::Syntax, place, "unexpected EOF while parsing");
        }
        Ok(())
    }

    fn name(&mut self) -> Step<()> {
        let start = self.at;
        while is_name_part(self.peek(0)) {
            self.at += 1;
        }
        let name = &self.text[start..self.at];
        if matches!(self.peek(0), b'\'' | b'"') && strings::is_string_prefix(name) {
            return self.string(start);
        }
        if !name.is_ascii() {
            self.check_identifier(start)?;
        }
        self.push(Kind::Name, start);
        Ok(())
    }

    fn check_identifier(&mut self, start: usize) -> Step<()> {
        let name = &self.text[start..self.at];
        for (i, c) in name.char_indices() {
            let fits = if i == 0 { is_identifier_start(c) } else { is_identifier_part(c) };
            if !fits {
                self.at = start + i + c.len_utf8();
                let code = u32::from(c);
                return if rustpython_unicode::classify::is_printable(c) {
                    self.error(format!("invalid character '{c}' (U+{code:04X})"))
                } else {
                    self.error(format!("invalid non-printable character U+{code:04X}"))
                };
            }
        }
        Ok(())
    }

    fn operator(&mut self) -> Step<()> {
        let start = self.at;
        let c = self.peek(0);
        match c {
            b'(' | b'[' | b'{' => return self.open_bracket(c),
            b')' | b']' | b'}' => return self.close_bracket(c),
            _ => {}
        }
        if !c.is_ascii_graphic() {
            self.at += 1;
            return self.error(format!("invalid non-printable character U+{c:04X}"));
        }
        if c == b':'
            && let Some(f) = self.fstrings.last_mut()
            && f.expr_depth >= 0
            && f.depth - 1 == f.expr_depth
        {
            f.in_text = true;
            f.in_spec = true;
            self.at += 1;
            self.push(Kind::Op, start);
            return Ok(());
        }
        const THREE: [&str; 5] = ["...", "**=", "//=", "<<=", ">>="];
        const TWO: [&str; 20] = [
            "!=", "%=", "&=", "**", "*=", "+=", "-=", "->", "//", "/=", ":=", "<<", "<=", "<>", "==", ">=", ">>", "@=",
            "^=", "|=",
        ];
        let rest = &self.bytes[start..];
        self.at += if THREE.iter().any(|op| rest.starts_with(op.as_bytes())) {
            3
        } else if TWO.iter().any(|op| rest.starts_with(op.as_bytes())) {
            2
        } else {
            1
        };
        self.push(Kind::Op, start);
        Ok(())
    }

    fn open_bracket(&mut self, open: u8) -> Step<()> {
        let start = self.at;
        self.at += 1;
        if self.brackets.len() >= MAX_BRACKETS {
            return self.error("too many nested parentheses");
        }
        self.brackets.push(Bracket { at: start, line: self.line, open });
        if let Some(f) = self.fstrings.last_mut() {
            f.depth += 1;
        }
        self.push(Kind::Op, start);
        Ok(())
    }

    fn close_bracket(&mut self, close: u8) -> Step<()> {
        let start = self.at;
        self.at += 1;
        let ch = close as char;
        if let Some(f) = self.fstrings.last()
            && f.depth == 0
            && close == b'}'
        {
            return self.error(format!("{}-string: single '}}' is not allowed", f.letter));
        }
        let Some(bracket) = self.brackets.pop() else {
            return self.error(format!("unmatched '{ch}'"));
        };
        let pairs = [(b'(', b')'), (b'[', b']'), (b'{', b'}')];
        if !pairs.contains(&(bracket.open, close)) {
            if let Some(f) = self.fstrings.last()
                && bracket.open == b'{'
                && f.depth - 1 == f.expr_depth
            {
                return self.error(format!("{}-string: unmatched '{ch}'", f.letter));
            }
            let line = match bracket.line == self.line {
                true => String::new(),
                false => format!(" on line {}", bracket.line),
            };
            let open = bracket.open as char;
            return self.error(format!("closing parenthesis '{ch}' does not match opening parenthesis '{open}'{line}"));
        }
        let mut in_text = false;
        if let Some(f) = self.fstrings.last_mut() {
            f.depth -= 1;
            if f.depth < 0 {
                let letter = f.letter;
                return self.error(format!("{letter}-string: unmatched '{ch}'"));
            }
            if close == b'}' && f.depth == f.expr_depth {
                f.expr_depth -= 1;
                in_text = true;
            }
        }
        self.push(Kind::Op, start);
        if let Some(f) = self.fstrings.last_mut().filter(|_| in_text) {
            f.in_text = true;
        }
        Ok(())
    }
}

fn is_identifier_start(c: char) -> bool {
    c == '_' || rustpython_unicode::identifier::is_xid_start(c)
}

fn is_identifier_part(c: char) -> bool {
    rustpython_unicode::identifier::is_xid_continue(c)
}
