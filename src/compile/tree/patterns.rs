//! The cases of `match` and their patterns.

use ruff_python_ast::{MatchCase, Pattern, Singleton};
use ruff_text_size::Ranged;

use super::{Builder, Field, Fields, list, name, optional_name};
use crate::code::constant::Const;

impl Builder<'_> {
    pub(super) fn case(&self, c: &MatchCase) -> Field {
        self.bare(
            "match_case",
            vec![
                ("pattern", self.pattern(&c.pattern)),
                ("guard", self.optional(c.guard.as_deref())),
                ("body", self.body(&c.body)),
            ],
        )
    }

    fn pattern(&self, p: &Pattern) -> Field {
        let patterns = |items: &[Pattern]| list(items, |p| self.pattern(p));
        let (kind, fields): (&str, Fields) = match p {
            Pattern::MatchValue(p) => ("MatchValue", vec![("value", self.expr(&p.value))]),
            Pattern::MatchSingleton(p) => {
                let value = match p.value {
                    Singleton::None => Const::None,
                    Singleton::True => Const::True,
                    Singleton::False => Const::False,
                };
                ("MatchSingleton", vec![("value", Field::Constant(value))])
            }
            Pattern::MatchSequence(p) => ("MatchSequence", vec![("patterns", patterns(&p.patterns))]),
            Pattern::MatchMapping(p) => (
                "MatchMapping",
                vec![
                    ("keys", self.exprs(&p.keys)),
                    ("patterns", patterns(&p.patterns)),
                    ("rest", optional_name(p.rest.as_ref())),
                ],
            ),
            Pattern::MatchClass(p) => (
                "MatchClass",
                vec![
                    ("cls", self.expr(&p.cls)),
                    ("patterns", patterns(&p.arguments.patterns)),
                    ("kwd_attrs", list(&p.arguments.keywords, |k| name(&k.attr))),
                    ("kwd_patterns", list(&p.arguments.keywords, |k| self.pattern(&k.pattern))),
                ],
            ),
            Pattern::MatchStar(p) => ("MatchStar", vec![("name", optional_name(p.name.as_ref()))]),
            Pattern::MatchAs(p) => {
                let inner = p.pattern.as_ref().map_or(Field::None, |p| self.pattern(p));
                ("MatchAs", vec![("pattern", inner), ("name", optional_name(p.name.as_ref()))])
            }
            Pattern::MatchOr(p) => ("MatchOr", vec![("patterns", patterns(&p.patterns))]),
        };
        self.node(kind, p.range(), fields)
    }
}
