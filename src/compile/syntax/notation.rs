//! Reads the notation of `grammar.rs` into rules.

use rustc_hash::FxHashMap;

use super::tokens::Kind;

/// One part of an alternative.
#[derive(Debug)]
pub enum Part {
    /// An operator, keyword or soft keyword with this text.
    Text(String),
    Kind(Kind),
    Word(Word),
    Rule(usize),
    /// The rule, when what it reads is of the kind.
    RuleOfKind(usize, String),
    Group(Vec<Alternative>),
    Optional(Vec<Alternative>),
    Star(Box<Part>),
    Plus(Box<Part>),
    Separated(String, Box<Part>),
    Ahead(Box<Part>),
    NotAhead(Box<Part>),
    Cut,
    Forced(String),
}

/// A terminal that is more than a kind of token.
#[derive(Clone, Copy, Debug)]
pub enum Word {
    /// An identifier that is no keyword.
    Name,
    SoftKeyword,
    Imaginary,
    /// A number that is not imaginary.
    Real,
}

/// A part, and the name it is bound to for the report.
#[derive(Debug)]
pub struct Item {
    pub part: Part,
    pub binding: Option<u8>,
}

/// What to report when an alternative matches.
#[derive(Debug)]
pub struct Report {
    pub how: String,
    pub first: Option<u8>,
    pub second: Option<u8>,
    pub message: String,
}

#[derive(Debug)]
pub struct Alternative {
    pub items: Vec<Item>,
    pub report: Option<Report>,
}

#[derive(Debug)]
pub struct Rule {
    /// What an expression read by this rule is called; empty for no node of its own.
    pub kind: String,
    /// Tried only in the second pass.
    pub invalid: bool,
    /// CPython memoizes the rule.
    pub shared_memo: bool,
    pub alternatives: Vec<Alternative>,
}

/// The rules that CPython memoizes, which shows in what it reports.
const MEMOIZED: [&str; 21] = [
    "block",
    "expression",
    "star_expression",
    "disjunction",
    "conjunction",
    "inversion",
    "bitwise_or",
    "bitwise_xor",
    "bitwise_and",
    "shift_expr",
    "sum",
    "term",
    "factor",
    "await_primary",
    "primary",
    "strings",
    "fstring",
    "arguments",
    "star_target",
    "target_with_star_atom",
    "del_target",
];

/// The rules, and where to find them by name.
#[derive(Debug)]
pub struct Grammar {
    pub rules: Vec<Rule>,
    pub names: FxHashMap<String, usize>,
}

/// Reads a grammar.  `Err` names what is wrong with the text: it is a constant, and a test reads it.
pub fn read(text: &str) -> Result<Grammar, String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        match lines.last_mut() {
            Some(rule) if line.starts_with(' ') => rule.extend([" ", line.trim_start()]),
            _ => lines.push(line.to_owned()),
        }
    }
    let mut names = FxHashMap::default();
    let mut heads = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let (head, body) = line.split_once(" = ").ok_or_else(|| format!("no rule: {line}"))?;
        let (name, kind) = head.split_once(' ').unwrap_or((head, ""));
        if names.insert(name.to_owned(), index).is_some() {
            return Err(format!("rule {name} is there twice"));
        }
        heads.push((name, kind, body));
    }
    let mut rules = Vec::new();
    for (name, kind, body) in heads {
        let mut reader = Reader { text: body, names: &names };
        let alternatives = reader.alternatives().map_err(|e| format!("rule {name}: {e} at {}", reader.text))?;
        if !reader.text.is_empty() {
            return Err(format!("rule {name}: left over: {}", reader.text));
        }
        let invalid = name.starts_with("invalid_");
        rules.push(Rule { kind: kind.to_owned(), invalid, shared_memo: MEMOIZED.contains(&name), alternatives });
    }
    Ok(Grammar { rules, names })
}

struct Reader<'a> {
    text: &'a str,
    names: &'a FxHashMap<String, usize>,
}

impl<'a> Reader<'a> {
    fn eat(&mut self, prefix: &str) -> bool {
        match self.text.strip_prefix(prefix) {
            Some(rest) => {
                self.text = rest;
                true
            }
            None => false,
        }
    }

    fn until(&mut self, end: char) -> Result<&'a str, String> {
        let (word, rest) = self.text.split_once(end).ok_or(format!("no {end}"))?;
        self.text = rest;
        Ok(word)
    }

    fn alternatives(&mut self) -> Result<Vec<Alternative>, String> {
        let mut list = vec![self.alternative()?];
        while self.eat(" / ") {
            list.push(self.alternative()?);
        }
        Ok(list)
    }

    fn alternative(&mut self) -> Result<Alternative, String> {
        let mut items = Vec::new();
        let mut report = None;
        loop {
            if self.eat("{") {
                report = Some(self.report()?);
            } else {
                items.push(self.item()?);
            }
            if self.text.starts_with(" / ") || !self.eat(" ") {
                return Ok(Alternative { items, report });
            }
        }
    }

    fn report(&mut self) -> Result<Report, String> {
        let head = self.until('"')?;
        let mut message = String::new();
        loop {
            let part = self.until('"')?;
            match part.strip_suffix('\\') {
                Some(part) => message.extend([part, "\""]),
                None => {
                    message.push_str(part);
                    break;
                }
            }
        }
        if !self.eat("}") {
            return Err("no }".to_owned());
        }
        let mut words = head.split_whitespace();
        let how = words.next().unwrap_or_default().to_owned();
        let mut name = || words.next().and_then(|w| w.bytes().next());
        Ok(Report { how, first: name(), second: name(), message })
    }

    fn item(&mut self) -> Result<Item, String> {
        let binding = match self.text.as_bytes() {
            [name @ (b'a' | b'b'), b':', ..] => Some(*name),
            _ => None,
        };
        if binding.is_some() {
            self.text = &self.text[2..];
        }
        Ok(Item { part: self.part()?, binding })
    }

    fn part(&mut self) -> Result<Part, String> {
        if self.eat("&&'") {
            return Ok(Part::Forced(self.until('\'')?.to_owned()));
        }
        if self.eat("&") {
            return Ok(Part::Ahead(Box::new(self.part()?)));
        }
        if self.eat("!") {
            return Ok(Part::NotAhead(Box::new(self.part()?)));
        }
        if self.eat("~") {
            return Ok(Part::Cut);
        }
        let part = self.primary()?;
        if self.eat("*") {
            return Ok(Part::Star(Box::new(part)));
        }
        if self.eat("+") {
            return Ok(Part::Plus(Box::new(part)));
        }
        if self.text.starts_with('.')
            && let Part::Text(separator) = part
        {
            self.text = &self.text[1..];
            let inner = self.primary()?;
            if !self.eat("+") {
                return Err("no + after a separated part".to_owned());
            }
            return Ok(Part::Separated(separator, Box::new(inner)));
        }
        Ok(part)
    }

    fn primary(&mut self) -> Result<Part, String> {
        if self.eat("'") {
            return Ok(Part::Text(self.until('\'')?.to_owned()));
        }
        if self.eat("\"") {
            return Ok(Part::Text(self.until('"')?.to_owned()));
        }
        for (open, close) in [("(", ")"), ("[", "]")] {
            if self.eat(open) {
                let inner = self.alternatives()?;
                if !self.eat(close) {
                    return Err(format!("no {close}"));
                }
                return Ok(if open == "(" { Part::Group(inner) } else { Part::Optional(inner) });
            }
        }
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = self.text.find(|c| !is_word(c)).unwrap_or(self.text.len());
        let (word, rest) = self.text.split_at(end);
        self.text = rest;
        let part = match word {
            "NAME" => Part::Word(Word::Name),
            "SOFT_KEYWORD" => Part::Word(Word::SoftKeyword),
            "IMAGINARY" => Part::Word(Word::Imaginary),
            "REAL" => Part::Word(Word::Real),
            "NUMBER" => Part::Kind(Kind::Number),
            "STRING" => Part::Kind(Kind::String),
            "FSTART" => Part::Kind(Kind::FStart),
            "FMIDDLE" => Part::Kind(Kind::FMiddle),
            "FEND" => Part::Kind(Kind::FEnd),
            "NEWLINE" => Part::Kind(Kind::Newline),
            "INDENT" => Part::Kind(Kind::Indent),
            "DEDENT" => Part::Kind(Kind::Dedent),
            "END" => Part::Kind(Kind::End),
            _ => {
                let rule = *self.names.get(word).ok_or(format!("no rule {word}"))?;
                if self.eat("@") {
                    let end = self.text.find(|c| !is_word(c)).unwrap_or(self.text.len());
                    let (kind, rest) = self.text.split_at(end);
                    self.text = rest;
                    return Ok(Part::RuleOfKind(rule, kind.to_owned()));
                }
                Part::Rule(rule)
            }
        };
        Ok(part)
    }
}
