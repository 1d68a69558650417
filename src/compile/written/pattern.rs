//! Patterns.

use super::expression::{ATOM, Around};
use super::{Done, Field, Node, Unwritable, Writer, child};

impl Writer {
    /// A pattern; one that is `nested` has brackets where it is an alternative or has a name.
    pub(super) fn pattern(&mut self, n: &Node, nested: bool, around: Around<'_>) -> Done {
        let moved = around.is_some_and(|(outer, starts, ends)| {
            starts && outer.start() != n.start() || ends && outer.end() != n.end()
        });
        let is_open = n.kind == "MatchOr" || n.kind == "MatchAs" && n.field("pattern").node().is_some();
        let bracketed = (nested && is_open || moved) && n.kind != "MatchStar";
        if bracketed {
            self.put("(");
        }
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.within(n, |w| w.pattern_itself(n)))?;
        if bracketed {
            self.put(")");
        }
        Ok(())
    }

    fn capture(&mut self, name: &Field) -> Done {
        match name.text() {
            Some(name) => self.identifier(name),
            None => {
                self.put("_");
                Ok(())
            }
        }
    }

    fn pattern_itself(&mut self, n: &Node) -> Done {
        let patterns = || n.field("patterns").nodes();
        match n.kind.as_str() {
            "MatchValue" => self.expr(child(n, "value")?, 0, None)?,
            "MatchSingleton" => {
                let value = n.field("value").constant().ok_or_else(|| super::missing("value", n))?;
                self.literal(value)?;
            }
            "MatchSequence" => {
                self.put("[");
                self.commas(patterns(), |w, p| w.pattern(p, true, None))?;
                self.put("]");
            }
            "MatchMapping" => {
                self.put("{");
                self.commas(n.field("keys").nodes().zip(patterns()), |w, (key, p)| {
                    w.expr(key, 0, None)?;
                    w.put(": ");
                    w.pattern(p, true, None)
                })?;
                if let Some(rest) = n.field("rest").text() {
                    self.put(if patterns().next().is_some() { ", **" } else { "**" });
                    self.identifier(rest)?;
                }
                self.put("}");
            }
            "MatchClass" => {
                self.expr(child(n, "cls")?, ATOM, None)?;
                self.put("(");
                let mut first = true;
                let keywords = n.field("kwd_attrs").items().iter().map(Some).zip(n.field("kwd_patterns").nodes());
                for (name, p) in patterns().map(|p| (None, p)).chain(keywords) {
                    if !std::mem::take(&mut first) {
                        self.put(", ");
                    }
                    if let Some(name) = name.and_then(Field::text) {
                        self.identifier(name)?;
                        self.put("=");
                    }
                    self.pattern(p, true, None)?;
                }
                self.put(")");
            }
            "MatchStar" => {
                self.put("*");
                self.capture(n.field("name"))?;
            }
            "MatchAs" => match n.field("pattern").node() {
                Some(inner) => {
                    self.pattern(inner, true, Some((n, true, false)))?;
                    self.put(" as ");
                    self.name(n, "name")?;
                }
                None => self.capture(n.field("name"))?,
            },
            "MatchOr" => {
                let count = n.field("patterns").items().len();
                for (i, p) in patterns().enumerate() {
                    if i > 0 {
                        self.put(" | ");
                    }
                    self.pattern(p, true, Some((n, i == 0, i + 1 == count)))?;
                }
            }
            other => return Err(Unwritable::Invalid(format!("unexpected pattern {other}"))),
        }
        Ok(())
    }
}
