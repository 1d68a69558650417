//! From a matched mistake to the words and the place CPython reports.

use std::rc::Rc;

use super::matcher::{Matcher, Node, Stop};
use super::notation::Report;
use super::tokens::{Kind, Place};
use crate::compile::literal;
use crate::compile::syntax_error::ErrorKind;

/// A mistake found by a rule.
#[derive(Debug)]
pub struct Found {
    pub kind: ErrorKind,
    pub msg: String,
    pub place: Place,
    /// Where the last token begins that had been read: on a later line than the error's, that line is given without its
    /// newline.
    pub read_to: usize,
}

impl Found {
    fn syntax(place: Place, msg: impl Into<String>) -> Found {
        Found { kind: ErrorKind::Syntax, msg: msg.into(), place, read_to: 0 }
    }
}

impl Matcher<'_> {
    fn start_of(&self, node: &Node) -> usize {
        self.tokens.get(node.start).map_or(self.text.len(), |t| t.start)
    }

    fn end_of(&self, node: &Node) -> usize {
        match node.end.checked_sub(1).and_then(|last| self.tokens.get(last)) {
            Some(token) => token.end,
            None => self.text.len(),
        }
    }

    /// A mistake from the start of `a` to the end of `b`.
    pub fn on(&self, a: &Node, b: &Node, msg: impl Into<String>) -> Found {
        Found::syntax(Place::Range(self.start_of(a), self.end_of(b)), msg)
    }

    /// The place of the last token that was looked at.
    pub fn last_place(&self, fill: usize) -> Place {
        let Some(token) = fill.checked_sub(1).and_then(|last| self.tokens.get(last)) else {
            return Place::Range(0, 0);
        };
        match token.kind {
            Kind::Indent | Kind::Dedent if token.end < self.text.len() => Place::Indentation(token.end),
            Kind::Indent | Kind::Dedent | Kind::End => Place::BeforeOpenEnd(token.end),
            _ => Place::Range(token.start, token.end),
        }
    }

    /// What `report` says of the bound nodes; `None` when it does not apply after all.
    pub fn report(&self, report: &Report, a: Option<&Node>, b: Option<&Node>) -> Option<Found> {
        let nothing = Node { kind: String::new(), start: 0, end: 0, parts: Vec::new() };
        let a = a.unwrap_or(&nothing);
        let b = b.unwrap_or(a);
        let message = || report.message.replacen("%s", &a.kind.replace('_', " "), 1);
        match report.how.split_once(':').unwrap_or((&report.how, "")) {
            ("on", _) => Some(self.on(a, a, message())),
            ("span", _) => Some(self.on(a, b, message())),
            ("from", _) => {
                let end = self.tokens.get(self.fill.wrapping_sub(1)).map_or(0, |t| t.end);
                Some(Found::syntax(Place::To(self.start_of(a), end), message()))
            }
            ("last", _) => Some(Found::syntax(self.last_place(self.fill), message())),
            ("next", _) => {
                let next = self.tokens.get(self.position())?;
                Some(Found::syntax(Place::Range(next.start, next.end), message()))
            }
            ("indent", _) => {
                let line = self.text[..self.start_of(a)].matches('\n').count() + 1;
                Some(Found {
                    kind: ErrorKind::Indentation,
                    msg: report.message.replace("%d", &line.to_string()),
                    place: self.last_place(self.fill),
                    read_to: 0,
                })
            }
            ("target", sort) => {
                let target = self.invalid_target(a, sort)?;
                let name = target.kind.replace('_', " ");
                Some(self.on(target, target, report.message.replace("%s", &name)))
            }
            ("pair", _) => Some(Found::syntax(Place::BeforeNoEnd(self.end_of(a)), message())),
            ("legacy", _) => {
                let name = self.legacy_statement(a)?;
                Some(self.on(a, b, report.message.replace("%s", name)))
            }
            ("comma", _) => {
                // a group is what is in it, but its parenthesis has been read
                let last = self.position().checked_sub(1)?;
                if self.legacy_statement(a).is_some() || self.tokens.get(last)?.level == 0 {
                    return None;
                }
                Some(self.on(a, b, message()))
            }
            ("genexp", _) => {
                let last = self.last_argument(a)?;
                let place = Place::Range(self.tokens.get(last)?.start, self.end_of(b));
                Some(Found::syntax(place, message()))
            }
            ("args", _) => {
                let unpacking = if self.unpacks_keywords(a) { " unpacking" } else { "" };
                let msg = report.message.clone() + unpacking;
                Some(Found::syntax(self.last_place(self.fill), msg))
            }
            ("unless", "adjacent") => self.separated_conversion(a, b),
            ("unless", "character") => self.unknown_conversion(a),
            _ => None,
        }
    }

    /// `print` or `exec` used as a statement.
    fn legacy_statement(&self, node: &Node) -> Option<&'static str> {
        let is_name = node.kind == "name" && node.end == node.start + 1;
        match self.token_text(node.start) {
            "print" if is_name => Some("print"),
            "exec" if is_name => Some("exec"),
            _ => None,
        }
    }

    /// The first part of `node` that cannot be a target.
    fn invalid_target<'n>(&self, node: &'n Node, sort: &str) -> Option<&'n Node> {
        match node.kind.as_str() {
            "name" | "attribute" | "subscript" => None,
            "list" | "tuple" => expressions(&node.parts).find_map(|part| self.invalid_target(part, sort)),
            "starred" if sort == "del" => Some(node),
            "starred" => self.invalid_target(node.parts.last()?, sort),
            "comparison" if sort == "for" => {
                let left = node.parts.first()?;
                match self.token_text(left.end) {
                    "in" => self.invalid_target(left, sort),
                    _ => None,
                }
            }
            _ => Some(node),
        }
    }

    /// The first token of the last argument, when there are several.
    fn last_argument(&self, args: &Node) -> Option<usize> {
        let level = self.tokens.get(args.start.checked_sub(1)?)?.level;
        let comma =
            (args.start..args.end).rev().find(|&i| self.tokens[i].level == level && self.token_text(i) == ",")?;
        Some(comma + 1)
    }

    fn unpacks_keywords(&self, args: &Node) -> bool {
        let Some(level) = args.start.checked_sub(1).map(|i| self.tokens[i].level) else {
            return false;
        };
        (args.start..args.end).any(|i| {
            self.token_text(i) == "**" && self.tokens[i].level == level && matches!(self.token_text(i - 1), "(" | ",")
        })
    }

    /// The mark and the name of a conversion with something between them.
    fn separated_conversion(&self, mark: &Node, name: &Node) -> Option<Found> {
        // CPython 3.13 spells it so.
        let msg = "f-string: conversion type must come right after the exclamanation mark";
        (self.end_of(mark) != self.start_of(name)).then(|| self.on(mark, name, msg))
    }

    /// A conversion, of which the last token is the name, that there is not.
    fn unknown_conversion(&self, conversion: &Node) -> Option<Found> {
        let name = Node { kind: String::new(), start: conversion.end - 1, end: conversion.end, parts: Vec::new() };
        let text = self.token_text(name.start);
        let msg = format!("f-string: invalid conversion character '{text}': expected 's', 'r', or 'a'");
        (!matches!(text, "s" | "r" | "a")).then(|| self.on(&name, &name, msg))
    }

    /// Decodes the string literals among the tokens from `start` to `end`.
    pub fn check_strings(&self, start: usize, end: usize) -> Result<(), Stop> {
        let mut sorts = [false, false];
        // The f-strings that are open: whether they are raw, and the first mistake in their text, which is told at their end.
        let mut open: Vec<(bool, Option<String>)> = Vec::new();
        for index in start..end {
            let token = self.tokens[index];
            let at_token = Place::Range(token.start, token.end);
            match token.kind {
                Kind::String => {
                    let Some(parts) = literal::parts(self.token_text(index)) else {
                        continue;
                    };
                    sorts[usize::from(parts.bytes)] = true;
                    let decoded = match parts.bytes {
                        true => literal::decode_bytes(parts.body, parts.raw).map(drop),
                        false => literal::decode_str(parts.body, parts.raw).map(drop),
                    };
                    decoded.map_err(|e| Stop::Found(Found::syntax(at_token, e.0)))?;
                }
                Kind::FStart => {
                    sorts[0] = true;
                    open.push((self.token_text(index).contains(['r', 'R']), None));
                }
                Kind::FMiddle => {
                    if let Some((false, mistake @ None)) = open.last_mut() {
                        let text = self.token_text(index).replace("{{", "{").replace("}}", "}");
                        *mistake = literal::decode_str(&text, false).err().map(|e| e.0);
                    }
                }
                Kind::FEnd => {
                    if let Some((_, Some(mistake))) = open.pop() {
                        return Err(Stop::Found(Found::syntax(at_token, mistake)));
                    }
                }
                _ => {}
            }
        }
        if sorts == [true, true] {
            let msg = "cannot mix bytes and nonbytes literals";
            return Err(Stop::Found(Found::syntax(self.last_place(self.fill), msg)));
        }
        Ok(())
    }
}

/// The expressions among `parts`, looking through groups.
fn expressions(parts: &[Rc<Node>]) -> Box<dyn Iterator<Item = &Node> + '_> {
    Box::new(parts.iter().flat_map(|part| match part.kind.as_str() {
        "" => expressions(&part.parts),
        "token" => Box::new(std::iter::empty()),
        _ => Box::new(std::iter::once(&**part)) as Box<dyn Iterator<Item = &Node>>,
    }))
}
