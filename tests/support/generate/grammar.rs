//! Text from rules: what the families of programs other than control flow are written in.
//!
//! A grammar is a list of rules, each a name at the margin with a colon, and its alternatives, each after `  - `; the
//! further lines of an alternative are indented by four spaces, and `# ` at the margin begins a comment.  In an alternative,
//! `$name` is replaced by one of that rule's, chosen at random; when the text has grown deep, by the first, which must
//! therefore end.  `$n` is the number of the item, and `$@` of the line of output, by which a difference is found.  Lines
//! that come from a rule keep the indentation of the line that it stands in.

use std::collections::HashMap;

use super::random::Random;

/// Nested rules beyond which the first alternative is taken.
const DEPTH: usize = 9;

pub struct Grammar<'a> {
    rules: HashMap<&'a str, Vec<String>>,
}

impl<'a> Grammar<'a> {
    /// The rules of several texts; of two rules with one name, the later is used.
    ///
    /// # Panics
    /// If a text is not a grammar, or names a rule that is not there.
    pub fn new(texts: &[&'a str]) -> Self {
        let mut rules: HashMap<&str, Vec<String>> = HashMap::new();
        for text in texts {
            let mut name = "";
            for line in text.lines().filter(|line| !line.starts_with("# ")) {
                if let Some(alternative) = line.strip_prefix("  -") {
                    let alternatives = rules.get_mut(name).expect("a rule has a name");
                    alternatives.push(alternative.strip_prefix(' ').unwrap_or(alternative).to_owned());
                } else if line.is_empty() || line.starts_with("    ") {
                    // An empty line between alternatives belongs to none that one could see.
                    if let Some(last) = rules.get_mut(name).and_then(|alternatives| alternatives.last_mut()) {
                        last.push('\n');
                        last.push_str(line.get(4..).unwrap_or(""));
                    }
                } else {
                    name = line.strip_suffix(':').unwrap_or_else(|| panic!("no rule: {line}"));
                    rules.insert(name, Vec::new());
                }
            }
        }
        let grammar = Grammar { rules };
        for (name, alternatives) in &grammar.rules {
            assert!(!alternatives.is_empty(), "{name} has no alternatives");
            for reference in alternatives.iter().flat_map(|text| references(text)) {
                let known = reference.is_empty() || reference == "n" || grammar.rules.contains_key(reference);
                assert!(known, "{name} names {reference}, which is no rule");
            }
        }
        grammar
    }

    pub fn has(&self, rule: &str) -> bool {
        self.rules.contains_key(rule)
    }

    /// A text of `rule`; `item` is its number and `serial` counts the lines of output.
    pub fn expand(&self, rule: &str, random: &mut Random, item: usize, serial: &mut usize) -> String {
        let mut out = String::new();
        Expansion { grammar: self, random, item, serial, out: &mut out }.rule(rule, 0);
        out
    }
}

/// The names after `$` in an alternative; empty where none follows.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split('$').skip(1).map(name_at)
}

fn name_at(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit()).unwrap_or(text.len())]
}

struct Expansion<'a> {
    grammar: &'a Grammar<'a>,
    random: &'a mut Random,
    item: usize,
    serial: &'a mut usize,
    out: &'a mut String,
}

impl Expansion<'_> {
    fn rule(&mut self, name: &str, depth: usize) {
        let alternatives = &self.grammar.rules[name];
        let chosen = if depth > DEPTH { 0 } else { self.random.below(alternatives.len()) };
        let line_start = self.out.rfind('\n').map_or(0, |at| at + 1);
        let margin: String = self.out[line_start..].chars().take_while(|c| *c == ' ').collect();
        for (number, line) in alternatives[chosen].split('\n').enumerate() {
            if number > 0 {
                self.out.push('\n');
                if !line.is_empty() {
                    self.out.push_str(&margin);
                }
            }
            self.line(line, depth);
        }
    }

    fn line(&mut self, line: &str, depth: usize) {
        let mut parts = line.split('$');
        self.out.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let name = name_at(part);
            let rest = &part[name.len()..];
            match name {
                "n" => self.out.push_str(&self.item.to_string()),
                "" if rest.starts_with('@') => {
                    *self.serial += 1;
                    self.out.push_str(&self.serial.to_string());
                }
                "" => self.out.push('$'),
                _ => self.rule(name, depth + 1),
            }
            self.out.push_str(rest.strip_prefix('@').filter(|_| name.is_empty()).unwrap_or(rest));
        }
    }
}
