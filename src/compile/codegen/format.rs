//! `'...' % (a, b)` with simple fields becomes what the f-string would be.

use ruff_python_ast::{Expr, ExprBinOp};

use super::*;
use crate::code::constant::Text;

/// A part of a format: a literal, or a field's conversion and format.
enum Part {
    Literal(String),
    Field(u32, Option<String>),
}

/// Digits of a width or precision, as CPython's tree optimizer takes them.
const MAX_DIGITS: usize = 2;

/// The parts, or None when a field is more than `%s`, `%r`, `%a` with a width and precision.
fn parse(format: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            literal.push(c);
            continue;
        }
        if chars.peek() == Some(&'%') {
            chars.next();
            literal.push('%');
            continue;
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(std::mem::take(&mut literal)));
        }
        let mut left = false;
        while chars.next_if_eq(&'-').is_some() {
            left = true;
        }
        if matches!(chars.peek(), Some('+' | ' ' | '#' | '0')) {
            return None;
        }
        let mut digits = || -> Option<String> {
            let mut digits = String::new();
            while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            (digits.len() <= MAX_DIGITS).then_some(digits)
        };
        let width = digits()?;
        let mut spec = String::new();
        let number: u32 = width.parse().unwrap_or(0);
        if !left && number > 0 {
            spec.push('>');
        }
        if !width.is_empty() {
            spec.push_str(&number.to_string());
        }
        if chars.next_if_eq(&'.').is_some() {
            let mut digits = String::new();
            while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            if digits.len() > MAX_DIGITS {
                return None;
            }
            spec.push_str(&format!(".{}", digits.parse().unwrap_or(0u32)));
        }
        let conversion = match chars.next()? {
            's' => 1,
            'r' => 2,
            'a' => 3,
            _ => return None,
        };
        parts.push(Part::Field(conversion, (!spec.is_empty()).then_some(spec)));
    }
    if !literal.is_empty() {
        parts.push(Part::Literal(literal));
    }
    Some(parts)
}

impl<'a> Codegen<'a> {
    /// Emits the operation if it is such a format; false if it is not.
    pub(super) fn percent_format(&mut self, e: &'a ExprBinOp, loc: Loc) -> Result<bool, SyntaxError> {
        let Expr::Tuple(tuple) = &*e.right else { return Ok(false) };
        if tuple.elts.iter().any(Expr::is_starred_expr) || self.constant(&e.right).is_some() {
            return Ok(false);
        }
        let Some(Const::Str(Text::Utf8(format))) = self.constant(&e.left) else { return Ok(false) };
        let Some(parts) = parse(&format) else { return Ok(false) };
        let fields = parts.iter().filter(|part| matches!(part, Part::Field(..))).count();
        if fields != tuple.elts.len() {
            return Ok(false);
        }
        let mut values = tuple.elts.iter();
        let n = parts.len();
        let join = n > STACK_GUIDELINE;
        if join {
            self.load_const(Const::from(""), loc);
            let join = self.name_index("join");
            self.emit(Op::LOAD_ATTR, join << 1 | 1, loc);
            self.emit(Op::BUILD_LIST, 0, loc);
        }
        for part in parts {
            match part {
                Part::Literal(text) => self.load_const(Const::from(&*text), Loc::NONE),
                Part::Field(conversion, spec) => {
                    let Some(value) = values.next() else { return Ok(true) };
                    let at = self.loc_of(value);
                    self.expr(value)?;
                    self.emit(Op::CONVERT_VALUE, conversion, at);
                    match spec {
                        Some(spec) => {
                            self.load_const(Const::from(&*spec), at);
                            self.emit(Op::FORMAT_WITH_SPEC, 0, at);
                        }
                        None => self.emit(Op::FORMAT_SIMPLE, 0, at),
                    }
                }
            }
            if join {
                self.emit(Op::LIST_APPEND, 1, loc);
            }
        }
        if join {
            self.emit(Op::CALL, 1, loc);
        } else if n != 1 {
            self.emit(Op::BUILD_STRING, n as u32, loc);
        }
        Ok(true)
    }
}
