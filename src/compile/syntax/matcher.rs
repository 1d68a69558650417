//! Matches tokens against the grammar, twice as CPython does, until a rule reports a mistake.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::notation::{Alternative, Grammar, Part, Rule, Word};
use super::report::Found;
use super::tokens::{Kind, Token, Tokens};

/// What a rule has read.
#[derive(Debug)]
pub struct Node {
    /// What it is called in messages, with `_` for spaces; `""` for a group of nodes, `"token"` for one token.
    pub kind: String,
    /// The first token, and the one after the last.
    pub start: usize,
    pub end: usize,
    pub parts: Vec<Rc<Node>>,
}

/// Why matching stopped before the end.
#[derive(Debug)]
pub enum Stop {
    /// A rule reported this.
    Found(Found),
    /// A token was asked for past the tokenizer's error.
    TokenError,
    /// The program is nested deeper than the matcher follows.
    TooDeep,
}

/// `Ok(None)` when the part does not match.
type Match = Result<Option<Rc<Node>>, Stop>;

/// CPython's limit on the nesting of rules.
const MAX_DEPTH: usize = 6000;
/// Stack to keep, and to allocate when less is left.
const STACK_RED_ZONE: usize = 128 * 1024;
const STACK_SIZE: usize = 4 * 1024 * 1024;

/// The words that are no names.
pub const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

const SOFT_KEYWORDS: [&str; 4] = ["_", "case", "match", "type"];

type Memo = FxHashMap<(usize, usize, bool), (Option<Rc<Node>>, usize)>;

pub struct Matcher<'a> {
    grammar: &'a Grammar,
    pub text: &'a str,
    pub tokens: &'a [Token],
    has_error: bool,
    at: usize,
    /// How many tokens have been looked at.
    pub fill: usize,
    second_pass: bool,
    depth: usize,
    memo: Memo,
}

impl<'a> Matcher<'a> {
    pub fn new(grammar: &'a Grammar, text: &'a str, tokens: &'a Tokens) -> Matcher<'a> {
        Matcher {
            grammar,
            text,
            tokens: &tokens.tokens,
            has_error: tokens.error.is_some(),
            at: 0,
            fill: 0,
            second_pass: false,
            depth: 0,
            memo: FxHashMap::default(),
        }
    }

    /// Matches all tokens against the rule `name`; whether they match.
    pub fn pass(&mut self, name: &str, second_pass: bool) -> Result<bool, Stop> {
        self.at = 0;
        self.second_pass = second_pass;
        self.depth = 0;
        self.memo.clear();
        match self.grammar.names.get(name) {
            Some(&rule) => Ok(self.rule(rule)?.is_some()),
            None => Ok(false),
        }
    }

    /// The text of token `index`.
    pub fn token_text(&self, index: usize) -> &'a str {
        self.tokens.get(index).map_or("", |t| self.text.get(t.start..t.end).unwrap_or(""))
    }

    fn token(&mut self) -> Result<Token, Stop> {
        self.fill = self.fill.max((self.at + 1).min(self.tokens.len()));
        match self.tokens.get(self.at) {
            Some(token) => Ok(*token),
            None if self.has_error => Err(Stop::TokenError),
            None => {
                let at = self.text.len();
                Ok(Token { kind: Kind::End, start: at, end: at, level: 0 })
            }
        }
    }

    /// Whether the coming token is this operator or word.
    fn at_text(&mut self, text: &str) -> Result<bool, Stop> {
        let token = self.token()?;
        let fits = matches!(token.kind, Kind::Op | Kind::Name);
        Ok(fits && self.token_text(self.at) == text)
    }

    /// The index of the coming token.
    pub fn position(&self) -> usize {
        self.at
    }

    fn node(&self, kind: &str, start: usize, parts: Vec<Rc<Node>>) -> Rc<Node> {
        Rc::new(Node { kind: kind.to_owned(), start, end: self.at, parts })
    }

    fn take(&mut self, kind: &str) -> Match {
        self.at += 1;
        Ok(Some(self.node(kind, self.at - 1, Vec::new())))
    }

    fn rule(&mut self, index: usize) -> Match {
        if self.depth >= MAX_DEPTH {
            return Err(Stop::TooDeep);
        }
        let start = self.at;
        // CPython remembers what these rules read whether or not mistakes were looked for.
        let shared = self.grammar.rules[index].shared_memo;
        let key = (index, start, self.second_pass && !shared);
        if let Some((node, end)) = self.memo.get(&key) {
            self.at = *end;
            return Ok(node.clone());
        }
        self.depth += 1;
        let found = stacker::maybe_grow(STACK_RED_ZONE, STACK_SIZE, || self.rule_alternatives(index))?;
        self.depth -= 1;
        if found.is_none() {
            self.at = start;
        } else if self.depth == 1 {
            // A statement of the module is never read again.
            self.memo.clear();
        }
        self.memo.insert(key, (found.clone(), self.at));
        Ok(found)
    }

    fn rule_alternatives(&mut self, index: usize) -> Match {
        let grammar = self.grammar;
        let rule = &grammar.rules[index];
        if rule.invalid && !self.second_pass {
            return Ok(None);
        }
        let plain = grammar.names.get("expression_without_invalid") == Some(&index);
        let second_pass = self.second_pass;
        if plain {
            self.second_pass = false;
        }
        let found = self.alternatives(&rule.alternatives, Some(rule));
        self.second_pass = second_pass;
        found
    }

    fn alternatives(&mut self, list: &'a [Alternative], rule: Option<&Rule>) -> Match {
        let start = self.at;
        for alternative in list {
            let mut cut = false;
            if let Some(node) = self.alternative(alternative, rule, &mut cut)? {
                return Ok(Some(node));
            }
            self.at = start;
            if cut {
                break;
            }
        }
        Ok(None)
    }

    fn alternative(&mut self, alternative: &'a Alternative, rule: Option<&Rule>, cut: &mut bool) -> Match {
        let start = self.at;
        let mut parts: Vec<Rc<Node>> = Vec::new();
        let mut bound: [Option<Rc<Node>>; 2] = [None, None];
        for item in &alternative.items {
            let before = self.at;
            let Some(node) = self.part(&item.part, cut)? else {
                return Ok(None);
            };
            if let Some(name) = item.binding {
                bound[usize::from(name - b'a')] = Some(node.clone());
            }
            if self.at > before {
                parts.push(node);
            }
        }
        let [a, b] = bound;
        if let Some(report) = &alternative.report {
            return match self.report(report, a.as_deref(), b.as_deref()) {
                Some(found) => Err(Stop::Found(found)),
                None if report.how.starts_with("unless:") => Ok(Some(self.node("", start, parts))),
                None => Ok(None),
            };
        }
        if let Some(a) = a {
            return Ok(Some(a));
        }
        let kind = rule.map_or("", |rule| rule.kind.as_str());
        let forced = kind.strip_suffix('!');
        if parts.len() == 1 && forced.is_none() && kind != "@strings" {
            return Ok(parts.pop());
        }
        Ok(Some(match forced.unwrap_or(kind) {
            "@first" => parts.swap_remove(0),
            "@last" => self.last_named(start, parts),
            "@strings" => {
                self.check_strings(start, self.at)?;
                let is_f = (start..self.at).any(|i| self.tokens[i].kind == Kind::FStart);
                self.node(if is_f { "f-string_expression" } else { "literal" }, start, parts)
            }
            kind => self.node(kind, start, parts),
        }))
    }

    /// The node of an atom with trailers: called as its last trailer.
    fn last_named(&self, start: usize, parts: Vec<Rc<Node>>) -> Rc<Node> {
        let mut last = parts.last();
        while let Some(node) = last
            && node.kind.is_empty()
        {
            last = node.parts.last();
        }
        let kind = last.map_or(String::new(), |node| node.kind.clone());
        self.node(&kind, start, parts)
    }

    fn part(&mut self, part: &'a Part, cut: &mut bool) -> Match {
        let start = self.at;
        match part {
            Part::Text(text) => {
                if !self.at_text(text)? {
                    return Ok(None);
                }
                self.take(match text.as_str() {
                    "True" | "False" | "None" => text,
                    "..." => "ellipsis",
                    _ => "token",
                })
            }
            Part::Kind(kind) => {
                let token = self.token()?;
                if token.kind != *kind {
                    return Ok(None);
                }
                self.take(match kind {
                    Kind::Number | Kind::String => "literal",
                    _ => "token",
                })
            }
            Part::Word(word) => {
                let token = self.token()?;
                let text = self.token_text(self.at);
                let fits = match word {
                    Word::Name => token.kind == Kind::Name && !KEYWORDS.contains(&text),
                    // CPython compares as many characters as the name has.
                    Word::SoftKeyword => token.kind == Kind::Name && SOFT_KEYWORDS.iter().any(|w| w.starts_with(text)),
                    Word::Imaginary => token.kind == Kind::Number && text.ends_with(['j', 'J']),
                    Word::Real => token.kind == Kind::Number && !text.ends_with(['j', 'J']),
                };
                if !fits {
                    return Ok(None);
                }
                self.take(if token.kind == Kind::Name { "name" } else { "literal" })
            }
            Part::Rule(rule) => self.rule(*rule),
            Part::RuleOfKind(rule, kind) => Ok(self.rule(*rule)?.filter(|node| node.kind == *kind)),
            Part::Group(list) => self.alternatives(list, None),
            Part::Optional(list) => Ok(Some(match self.alternatives(list, None)? {
                Some(node) => node,
                None => self.node("", start, Vec::new()),
            })),
            Part::Star(inner) => self.repeat(inner, None, 0),
            Part::Plus(inner) => self.repeat(inner, None, 1),
            Part::Separated(separator, inner) => self.repeat(inner, Some(separator), 1),
            Part::Ahead(inner) | Part::NotAhead(inner) => {
                let found = self.part(inner, cut)?.is_some();
                self.at = start;
                let wanted = matches!(part, Part::Ahead(_));
                Ok((found == wanted).then(|| self.node("", start, Vec::new())))
            }
            Part::Cut => {
                *cut = true;
                Ok(Some(self.node("", start, Vec::new())))
            }
            Part::Forced(text) => {
                if self.at_text(text)? {
                    return self.take("token");
                }
                let node = Node { kind: String::new(), start, end: start + 1, parts: Vec::new() };
                Err(Stop::Found(self.on(&node, &node, format!("expected '{text}'"))))
            }
        }
    }

    fn repeat(&mut self, inner: &'a Part, separator: Option<&str>, least: usize) -> Match {
        let start = self.at;
        let mut parts = Vec::new();
        loop {
            let before = self.at;
            if let Some(separator) = separator
                && !parts.is_empty()
            {
                if !self.at_text(separator)? {
                    break;
                }
                self.at += 1;
            }
            match self.part(inner, &mut false)? {
                Some(node) if self.at > before => parts.push(node),
                _ => {
                    self.at = before;
                    break;
                }
            }
        }
        if parts.len() < least {
            self.at = start;
            return Ok(None);
        }
        if parts.len() == 1 && parts[0].end == self.at && parts[0].start == start {
            return Ok(parts.pop());
        }
        Ok(Some(self.node("", start, parts)))
    }
}
