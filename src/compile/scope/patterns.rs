//! Names bound by patterns.

use ruff_python_ast::Pattern;
use ruff_text_size::Ranged;

use super::uses;
use super::visit::{Builder, Done};

impl Builder {
    pub(super) fn pattern(&mut self, pattern: &Pattern) -> Done {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.pattern_here(pattern))
    }

    fn pattern_here(&mut self, pattern: &Pattern) -> Done {
        let range = pattern.range();
        match pattern {
            Pattern::MatchValue(value) => self.expr(&value.value),
            Pattern::MatchSingleton(_) => Ok(()),
            Pattern::MatchSequence(sequence) => sequence.patterns.iter().try_for_each(|p| self.pattern(p)),
            Pattern::MatchMapping(mapping) => {
                self.exprs(&mapping.keys)?;
                mapping.patterns.iter().try_for_each(|p| self.pattern(p))?;
                mapping.rest.as_ref().map_or(Ok(()), |name| self.define(name, uses::LOCAL, range))
            }
            Pattern::MatchClass(class) => {
                self.expr(&class.cls)?;
                class.arguments.patterns.iter().try_for_each(|p| self.pattern(p))?;
                class.arguments.keywords.iter().try_for_each(|keyword| self.pattern(&keyword.pattern))
            }
            Pattern::MatchStar(star) => star.name.as_ref().map_or(Ok(()), |name| self.define(name, uses::LOCAL, range)),
            Pattern::MatchAs(binding) => {
                binding.pattern.as_ref().map_or(Ok(()), |p| self.pattern(p))?;
                binding.name.as_ref().map_or(Ok(()), |name| self.define(name, uses::LOCAL, range))
            }
            Pattern::MatchOr(or) => or.patterns.iter().try_for_each(|p| self.pattern(p)),
        }
    }
}
