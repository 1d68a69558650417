//! The patterns of a `match` statement: names bound once, no pattern after one that always matches.

use std::collections::BTreeSet;

use ruff_python_ast::{Expr, MatchCase, Number, Operator, Pattern, Singleton, UnaryOp};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashSet;

use crate::compile::source::Source;
use crate::compile::syntax_error::SyntaxError;

/// Checks the patterns of all cases.
pub fn check(source: &Source, cases: &[MatchCase]) -> Result<(), SyntaxError> {
    for (i, case) in cases.iter().enumerate() {
        let irrefutable = case.guard.is_some() || i + 1 == cases.len();
        let mut names = Names { source, bound: BTreeSet::new() };
        names.pattern(&case.pattern, irrefutable)?;
    }
    Ok(())
}

struct Names<'a> {
    source: &'a Source,
    bound: BTreeSet<&'a str>,
}

type Check = Result<(), SyntaxError>;

impl<'a> Names<'a> {
    fn fail<T>(&self, range: TextRange, msg: impl Into<String>) -> Result<T, SyntaxError> {
        Err(SyntaxError::new(self.source, range, msg))
    }

    fn bind(&mut self, name: &'a str, range: TextRange) -> Check {
        if name == "__debug__" {
            return self.fail(range, "cannot assign to __debug__");
        }
        if !self.bound.insert(name) {
            return self.fail(range, format!("multiple assignments to name '{name}' in pattern"));
        }
        Ok(())
    }

    /// `irrefutable`: whether the pattern may be one that always matches.
    fn pattern(&mut self, pattern: &'a Pattern, irrefutable: bool) -> Check {
        stacker::maybe_grow(super::STACK_RED_ZONE, super::STACK_SIZE, || match pattern {
            Pattern::MatchValue(value) => self.value(&value.value, "patterns"),
            Pattern::MatchSingleton(_) => Ok(()),
            Pattern::MatchSequence(sequence) => {
                let stars = sequence.patterns.iter().filter(|p| p.is_match_star());
                if stars.count() > 1 {
                    return self.fail(pattern.range(), "multiple starred names in sequence pattern");
                }
                sequence.patterns.iter().try_for_each(|part| self.pattern(part, true))
            }
            Pattern::MatchMapping(mapping) => {
                let mut keys = Vec::new();
                for key in &mapping.keys {
                    self.value(key, "mapping pattern keys")?;
                    let Some((value, shown)) = self.key(key) else {
                        continue;
                    };
                    if keys.contains(&value) {
                        let msg = format!("mapping pattern checks duplicate key ({shown})");
                        return self.fail(pattern.range(), msg);
                    }
                    keys.push(value);
                }
                mapping.patterns.iter().try_for_each(|part| self.pattern(part, true))?;
                match &mapping.rest {
                    Some(rest) => self.bind(rest, pattern.range()),
                    None => Ok(()),
                }
            }
            Pattern::MatchClass(class) => {
                let arguments = &class.arguments;
                let mut seen = FxHashSet::default();
                for keyword in &arguments.keywords {
                    let name = keyword.attr.as_str();
                    if name == "__debug__" {
                        return self.fail(keyword.pattern.range(), "cannot assign to __debug__");
                    }
                    if !seen.insert(name) {
                        let msg = format!("attribute name repeated in class pattern: {name}");
                        return self.fail(keyword.pattern.range(), msg);
                    }
                }
                arguments.patterns.iter().try_for_each(|part| self.pattern(part, true))?;
                let mut keywords = arguments.keywords.iter();
                keywords.try_for_each(|keyword| self.pattern(&keyword.pattern, true))
            }
            Pattern::MatchStar(star) => match &star.name {
                Some(name) => self.bind(name, pattern.range()),
                None => Ok(()),
            },
            Pattern::MatchAs(capture) => {
                if let Some(inner) = &capture.pattern {
                    self.pattern(inner, irrefutable)?;
                } else if !irrefutable {
                    let what = match &capture.name {
                        Some(name) => format!("name capture '{name}'"),
                        None => "wildcard".to_owned(),
                    };
                    let msg = format!("{what} makes remaining patterns unreachable");
                    return self.fail(pattern.range(), msg);
                }
                match &capture.name {
                    Some(name) => self.bind(name, pattern.range()),
                    None => Ok(()),
                }
            }
            Pattern::MatchOr(alternatives) => {
                let before = self.bound.clone();
                let mut first: Option<BTreeSet<&str>> = None;
                let last = alternatives.patterns.len().saturating_sub(1);
                for (i, alternative) in alternatives.patterns.iter().enumerate() {
                    self.bound.clone_from(&before);
                    self.pattern(alternative, irrefutable && i == last)?;
                    if first.get_or_insert_with(|| self.bound.clone()) != &self.bound {
                        let msg = "alternative patterns bind different names";
                        return self.fail(pattern.range(), msg);
                    }
                }
                Ok(())
            }
        })
    }

    /// A value to compare with: a literal, a number with a sign or an imaginary part, an attribute.
    fn value(&self, value: &Expr, what: &str) -> Check {
        match value {
            Expr::FString(_) => {
                let msg = format!("{what} may only match literals and attribute lookups");
                self.fail(value.range(), msg)
            }
            Expr::UnaryOp(operation) if !operation.operand.is_number_literal_expr() => {
                // CPython stops at the operator behind the number.
                let range = match &*operation.operand {
                    Expr::BinOp(inner) => {
                        let between = TextRange::new(inner.left.end(), inner.right.start());
                        let text = &self.source.text()[between];
                        let operator = TextSize::of(text.trim());
                        TextRange::at(between.start() + TextSize::of(text) - TextSize::of(text.trim_start()), operator)
                    }
                    operand => operand.range(),
                };
                self.fail(range, "invalid syntax")
            }
            _ => Ok(()),
        }
    }

    /// A key whose value is known, and how it is shown.
    fn key(&self, key: &Expr) -> Option<(Key, String)> {
        Some(match key {
            Expr::StringLiteral(literal) => {
                let text = literal.value.to_str().to_owned();
                let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
                let shown = format!("{quote}{text}{quote}");
                (Key::Text(text), shown)
            }
            Expr::BytesLiteral(literal) => {
                let bytes = literal.value.bytes().collect();
                (Key::Bytes(bytes), self.source.text()[key.range()].to_owned())
            }
            Expr::NumberLiteral(literal) => self.number(&literal.value, false, key.range())?,
            Expr::UnaryOp(operation) if operation.op == UnaryOp::USub => {
                let Expr::NumberLiteral(literal) = &*operation.operand else {
                    return None;
                };
                self.number(&literal.value, true, key.range())?
            }
            Expr::BinOp(operation) => {
                let (left, _) = self.key(&operation.left)?;
                let (right, _) = self.key(&operation.right)?;
                let (Key::Float(real), Key::Complex(zero, imaginary)) = (left, right) else { return None };
                let (real, sign) = (f64::from_bits(real), if operation.op == Operator::Sub { -1.0 } else { 1.0 });
                let imaginary = f64::from_bits(imaginary) * sign;
                (Key::complex(real + f64::from_bits(zero), imaginary), self.source.text()[key.range()].to_owned())
            }
            Expr::BooleanLiteral(literal) => {
                let shown = if literal.value { "True" } else { "False" };
                (Key::Float(f64::from(u8::from(literal.value)).to_bits()), shown.to_owned())
            }
            Expr::NoneLiteral(_) => (Key::Singleton(Singleton::None), "None".to_owned()),
            _ => return None,
        })
    }

    fn number(&self, number: &Number, negative: bool, range: TextRange) -> Option<(Key, String)> {
        let shown = self.source.text()[range].to_owned();
        let sign = if negative { -1.0 } else { 1.0 };
        let key = match number {
            // Exact for what fits a float; larger ints are told apart by their text.
            Number::Int(int) => match int.as_i32() {
                Some(value) => Key::Float((f64::from(value) * sign + 0.0).to_bits()),
                None => Key::Text(format!("{}{int}", if negative { "-" } else { "int " })),
            },
            Number::Float(value) => Key::Float((value * sign + 0.0).to_bits()),
            Number::Complex { real, imag } => Key::complex(real * sign, imag * sign),
        };
        Some((key, shown))
    }
}

/// The value of a key, so that keys equal in Python are equal.
#[derive(PartialEq)]
enum Key {
    Text(String),
    Bytes(Vec<u8>),
    Float(u64),
    /// Real and imaginary part; the latter is not 0.
    Complex(u64, u64),
    Singleton(Singleton),
}

impl Key {
    fn complex(real: f64, imaginary: f64) -> Key {
        let real = (real + 0.0).to_bits();
        if imaginary == 0.0 { Key::Float(real) } else { Key::Complex(real, imaginary.to_bits()) }
    }
}
