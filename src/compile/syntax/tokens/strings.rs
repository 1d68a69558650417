//! String literals, and the text of f-strings and t-strings between their replacement fields.

use super::{FString, Kind, MAX_FSTRING_NESTING, MAX_FSTRINGS, Place, Step, Tokenizer};

impl Tokenizer<'_> {
    /// A string literal whose prefix (perhaps empty) starts at `start` and whose quote is the next byte.
    pub(super) fn string(&mut self, start: usize) -> Step<()> {
        let prefix = self.text[start..self.at].to_ascii_lowercase();
        let quote = self.peek(0);
        let quotes = if self.peek(1) == quote && self.peek(2) == quote { 3 } else { 1 };
        self.at += quotes;
        if let Some(letter) = prefix.chars().find(|c| matches!(c, 'f' | 't')) {
            if self.fstrings.len() + 1 >= MAX_FSTRINGS {
                return self.error("too many nested f-strings");
            }
            self.push(Kind::FStart, start);
            self.fstrings.push(FString {
                letter,
                quote,
                quotes,
                raw: prefix.contains('r'),
                start,
                depth: 0,
                expr_depth: -1,
                in_spec: false,
                in_text: true,
            });
            return Ok(());
        }
        let mut escaped_quote = false;
        loop {
            let c = self.peek(0);
            if self.at >= self.bytes.len() || (quotes == 1 && c == b'\n') {
                return self.unterminated(start, quote, quotes, escaped_quote);
            }
            self.at += 1;
            match c {
                b'\\' => {
                    escaped_quote |= self.peek(0) == quote;
                    if self.peek(0) == b'\n' {
                        self.line += 1;
                    }
                    if self.at < self.bytes.len() {
                        self.at += 1;
                    }
                }
                b'\n' => self.line += 1,
                _ if c == quote => {
                    if quotes == 1 {
                        break;
                    }
                    if self.peek(0) == quote && self.peek(1) == quote {
                        self.at += 2;
                        break;
                    }
                }
                _ => {}
            }
        }
        self.push(Kind::String, start);
        Ok(())
    }

    fn unterminated(&self, start: usize, quote: u8, quotes: usize, escaped: bool) -> Step<()> {
        if let Some(f) = self.fstrings.last() {
            // The quote that was meant to end the f-string: its replacement field is the open one.
            if f.quote == quote && f.quotes == quotes {
                let msg = format!("{}-string: expecting '}}'", f.letter);
                return self.error_at(Place::Before(start + 1), msg);
            }
        }
        let place = Place::Before(start + 1);
        if quotes == 3 {
            let line = self.line - usize::from(self.text.ends_with('\n') && self.line > 1);
            return self
                .error_at(place, format!("unterminated triple-quoted string literal (detected at line {line})"));
        }
        let at_end = self.at >= self.bytes.len() && self.text.ends_with('\n') && self.line > 1;
        let line = self.line - usize::from(at_end);
        let hint = if escaped { "; perhaps you escaped the end quote?" } else { "" };
        self.error_at(place, format!("unterminated string literal (detected at line {line}){hint}"))
    }

    /// Text of an f-string up to a replacement field, its end, or a format specifier's end.
    pub(super) fn fstring_text(&mut self) -> Step<()> {
        let start = self.at;
        let mut named_escape = false;
        loop {
            let Some(f) = self.fstrings.last_mut() else {
                return Ok(());
            };
            let c = self.bytes.get(self.at).copied().unwrap_or(0);
            let next = self.bytes.get(self.at + 1).copied().unwrap_or(0);
            let in_spec = f.in_spec && f.expr_depth >= 0;
            if self.at >= self.bytes.len() || (f.quotes == 1 && c == b'\n') {
                if in_spec && c == b'\n' {
                    f.in_text = false;
                    f.in_spec = false;
                    break;
                }
                let mut line = self.line;
                if f.quotes == 3 && self.text.ends_with('\n') {
                    line -= 1;
                }
                let triple = if f.quotes == 3 { "triple-quoted " } else { "" };
                let (letter, start) = (f.letter, f.start);
                return self.error_at(
                    Place::Before(start + 1),
                    format!("unterminated {triple}{letter}-string literal (detected at line {line})"),
                );
            }
            if c == f.quote && (f.quotes == 1 || (next == c && self.bytes.get(self.at + 2).copied() == Some(c))) {
                let quotes = f.quotes;
                if self.at > start {
                    self.push(Kind::FMiddle, start);
                }
                let end = self.at;
                self.at += quotes;
                self.fstrings.pop();
                self.push(Kind::FEnd, end);
                return Ok(());
            }
            match c {
                b'{' if next != b'{' || in_spec => {
                    f.expr_depth += 1;
                    if f.expr_depth >= MAX_FSTRING_NESTING {
                        let letter = f.letter;
                        return self.error(format!("{letter}-string: expressions nested too deeply"));
                    }
                    f.in_text = false;
                    break;
                }
                b'}' if named_escape => named_escape = false,
                b'}' if next == b'}' && !in_spec && f.depth == 0 => self.at += 1,
                b'}' => {
                    f.in_text = false;
                    break;
                }
                b'{' => self.at += 1,
                b'\\' if !matches!(next, b'{' | b'}') => {
                    if next == b'\n' {
                        self.line += 1;
                    }
                    if !f.raw && next == b'N' && self.bytes.get(self.at + 2) == Some(&b'{') {
                        named_escape = true;
                        self.at += 1;
                    }
                    if self.at + 1 < self.bytes.len() {
                        self.at += 1;
                    }
                }
                b'\n' => self.line += 1,
                _ => {}
            }
            self.at += 1;
        }
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        if self.at > start {
            self.push(Kind::FMiddle, start);
        }
        // The bracket that stopped the text is an operator of the replacement field.
        if self.peek(0) == b'{' || self.peek(0) == b'}' {
            return self.operator();
        }
        Ok(())
    }
}

/// Whether `name`, directly before a quote, is the prefix of a string literal.
pub(super) fn is_string_prefix(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let prefixes = ["r", "u", "b", "f", "t", "br", "rb", "fr", "rf", "tr", "rt"];
    prefixes.contains(&name.as_str())
}
