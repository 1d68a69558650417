//! Numbers of every base, with the errors of digits and of what stands behind them.

use super::{Kind, Place, Step, Tokenizer, is_name_part, is_name_start};

impl Tokenizer<'_> {
    pub(super) fn number(&mut self) -> Step<()> {
        let start = self.at;
        let next = self.peek(1).to_ascii_lowercase();
        if self.peek(0) == b'0' && matches!(next, b'x' | b'o' | b'b') {
            self.at += 2;
            self.based_number(next)?;
        } else {
            self.decimal_number(start)?;
        }
        self.push(Kind::Number, start);
        Ok(())
    }

    fn based_number(&mut self, letter: u8) -> Step<()> {
        let (name, base) = match letter {
            b'x' => ("hexadecimal", 16),
            b'o' => ("octal", 8),
            _ => ("binary", 2),
        };
        loop {
            if self.peek(0) == b'_' {
                self.at += 1;
            }
            let c = self.peek(0);
            if !(c as char).is_digit(base) {
                if c.is_ascii_digit() {
                    self.at += 1;
                    return self.error(format!("invalid digit '{}' in {name} literal", c as char));
                }
                return self.error(format!("invalid {name} literal"));
            }
            while (self.peek(0) as char).is_digit(base) {
                self.at += 1;
            }
            let c = self.peek(0);
            if c.is_ascii_digit() {
                self.at += 1;
                return self.error(format!("invalid digit '{}' in {name} literal", c as char));
            }
            if c != b'_' {
                break;
            }
        }
        self.end_of_number(name)
    }

    fn decimal_number(&mut self, start: usize) -> Step<()> {
        let mut zeros_end = None;
        if self.peek(0) == b'0' {
            loop {
                if self.peek(0) == b'_' {
                    self.at += 1;
                    if !self.peek(0).is_ascii_digit() {
                        return self.error("invalid decimal literal");
                    }
                }
                if self.peek(0) != b'0' {
                    break;
                }
                self.at += 1;
            }
            zeros_end = self.peek(0).is_ascii_digit().then_some(self.at);
        }
        self.digits()?;
        let mut float = false;
        if self.peek(0) == b'.' {
            float = true;
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(0), b'e' | b'E') {
            let sign = usize::from(matches!(self.peek(1), b'+' | b'-'));
            if self.peek(1 + sign).is_ascii_digit() {
                float = true;
                self.at += 1 + sign;
                self.digits()?;
            } else if sign == 1 {
                self.at += 2;
                return self.error("invalid decimal literal");
            } else {
                // The rest of the word decides: `1else` is a number and a keyword.
                let rest = &self.bytes[self.at..];
                return match rest.starts_with(b"else") {
                    true => Ok(()),
                    false => self.error("invalid decimal literal"),
                };
            }
        }
        if matches!(self.peek(0), b'j' | b'J') {
            self.at += 1;
            return self.end_of_number("imaginary");
        }
        if let Some(zeros_end) = zeros_end
            && !float
        {
            return self.error_at(
                Place::Range(start, zeros_end),
                "leading zeros in decimal integer literals are not permitted; \
                 use an 0o prefix for octal integers",
            );
        }
        self.end_of_number("decimal")
    }

    fn digits(&mut self) -> Step<()> {
        while self.peek(0).is_ascii_digit() {
            self.at += 1;
            if self.peek(0) == b'_' {
                self.at += 1;
                if !self.peek(0).is_ascii_digit() {
                    return self.error("invalid decimal literal");
                }
            }
        }
        Ok(())
    }

    /// A letter right after a number is an error, unless it starts one of the keywords that may follow.
    fn end_of_number(&mut self, name: &str) -> Step<()> {
        const WORDS: [&[u8]; 5] = [b"and", b"else", b"for", b"or", b"not"];
        const PREFIXES: [&[u8]; 3] = [b"if", b"in", b"is"];
        let rest = &self.bytes[self.at..];
        let is_word = |word: &&[u8]| rest.starts_with(word) && !rest.get(word.len()).is_some_and(|&b| is_name_part(b));
        let follows = WORDS.iter().any(is_word) || PREFIXES.iter().any(|word| rest.starts_with(word));
        // A character beyond ASCII is left to the identifier that it starts.
        if follows || !is_name_start(self.peek(0)) || self.peek(0) >= 0x80 {
            return Ok(());
        }
        self.error(format!("invalid {name} literal"))
    }
}
