//! What the compiler warns of: escape sequences that are none, statements that leave a `finally` block and swallow an
//! exception (PEP 765), and expressions that can hardly be meant as they stand.

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, walk_expr, walk_f_string, walk_stmt, walk_t_string};
use ruff_python_ast::{
    BytesLiteral, CmpOp, Expr, ExprCompare, ExprContext, ExprSubscript, FString, InterpolatedStringElement, Number,
    Stmt, StringLiteral, TString,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{STACK_RED_ZONE, STACK_SIZE};
use crate::compile::literal::{self, Escape};
use crate::compile::source::Source;
use crate::compile::syntax_error::SyntaxError;

/// A `SyntaxWarning`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    pub message: String,
    /// What is raised instead where such warnings are errors; its line is the warning's.
    pub error: SyntaxError,
}

/// The warnings of a module or an expression, in the order in which CPython's passes find them.
pub fn warnings(source: &Source, body: &[Stmt], expression: Option<&Expr>) -> Vec<Warning> {
    let mut finder =
        Finder { source, escapes: Vec::new(), left: Vec::new(), meant: Vec::new(), place: Place::default() };
    finder.visit_body(body);
    if let Some(expression) = expression {
        finder.visit_expr(expression);
    }
    let Finder { mut escapes, left, meant, .. } = finder;
    escapes.extend(left);
    escapes.extend(meant);
    escapes
}

/// What surrounds a place in the tree.
#[derive(Clone, Copy, Default)]
struct Place {
    in_finally: bool,
    /// A loop lies between the statement and the `finally` block, or there is no such block.
    in_loop: bool,
    /// The f-string or t-string around is a raw one.
    raw: bool,
}

struct Finder<'a> {
    source: &'a Source,
    escapes: Vec<Warning>,
    /// `finally` blocks that are left.
    left: Vec<Warning>,
    /// Expressions that are not meant.
    meant: Vec<Warning>,
    place: Place,
}

impl<'a> Finder<'a> {
    fn warning(&self, range: TextRange, message: String) -> Warning {
        Warning { error: SyntaxError::new(self.source, range, message.as_str()), message }
    }

    fn leaves(&mut self, range: TextRange, statement: &str) {
        let warning = self.warning(range, format!("'{statement}' in a 'finally' block"));
        self.left.push(warning);
    }

    fn suspect(&mut self, range: TextRange, message: String) {
        let warning = self.warning(range, message);
        self.meant.push(warning);
    }

    /// Warns of the first escape sequence of a literal's text that is none; `at` is the literal.
    fn escape(&mut self, text: &str, bytes: bool, at: TextRange) {
        let Some(escape) = literal::first_invalid_escape(text, bytes) else { return };
        let (what, written) = match escape {
            Escape::Unknown(c) => ("escape", c.to_string()),
            Escape::Octal(digits) => ("octal escape", digits),
        };
        let is = format!("\"\\{written}\" is an invalid {what} sequence.");
        let instead = format!("Did you mean \"\\\\{written}\"? A raw string is also an option.");
        self.escapes.push(Warning {
            message: format!("{is} Such sequences will not work in the future. {instead}"),
            error: SyntaxError::new(self.source, at, format!("{is} {instead}")),
        });
    }

    fn literal(&mut self, range: TextRange) {
        let Some(parts) = literal::parts(&self.source.text()[range]) else { return };
        if !parts.raw {
            self.escape(parts.body, parts.bytes, range);
        }
    }

    fn within(&mut self, place: Place, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.place, place);
        visit(self);
        self.place = outer;
    }

    /// `is` with a literal, of which there may be several objects that are equal.
    fn compare(&mut self, compare: &ExprCompare) {
        let mut left = compare.left.as_ref();
        for (op, right) in compare.ops.iter().zip(&compare.comparators) {
            let (op, instead) = match op {
                CmpOp::Is => ("is", "=="),
                CmpOp::IsNot => ("is not", "!="),
                _ => {
                    left = right;
                    continue;
                }
            };
            if let Some(kind) = literal_kind(left).or_else(|| literal_kind(right)) {
                let message = format!("\"{op}\" with '{kind}' literal. Did you mean \"{instead}\"?");
                return self.suspect(compare.range(), message);
            }
            left = right;
        }
    }

    fn subscript(&mut self, subscript: &ExprSubscript) {
        let value = &*subscript.value;
        let cannot = matches!(
            value,
            Expr::Set(_)
                | Expr::SetComp(_)
                | Expr::Generator(_)
                | Expr::Lambda(_)
                | Expr::NoneLiteral(_)
                | Expr::EllipsisLiteral(_)
                | Expr::NumberLiteral(_)
                | Expr::BooleanLiteral(_)
                | Expr::Name(_)
        );
        if cannot && let Some(kind) = kind(value) {
            let message = format!("'{kind}' object is not subscriptable; perhaps you missed a comma?");
            self.suspect(subscript.range(), message);
        }
        let Some(index) = kind(&subscript.slice).filter(|kind| !matches!(*kind, "int" | "bool")) else { return };
        let sequence = matches!(
            value,
            Expr::StringLiteral(_)
                | Expr::BytesLiteral(_)
                | Expr::Tuple(_)
                | Expr::List(_)
                | Expr::ListComp(_)
                | Expr::FString(_)
        );
        if sequence && let Some(kind) = kind(value) {
            let message =
                format!("{kind} indices must be integers or slices, not {index}; perhaps you missed a comma?");
            self.suspect(subscript.range(), message);
        }
    }

    fn expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Compare(compare) => self.compare(compare),
            Expr::Call(call) if !matches!(*call.func, Expr::Lambda(_)) => {
                if let Some(kind) = kind(&call.func) {
                    let message = format!("'{kind}' object is not callable; perhaps you missed a comma?");
                    self.suspect(call.range(), message);
                }
            }
            Expr::Subscript(subscript) if subscript.ctx == ExprContext::Load => self.subscript(subscript),
            Expr::Lambda(_) => return self.within(Place::default(), |f| walk_expr(f, expr)),
            _ => {}
        }
        walk_expr(self, expr);
    }
}

impl<'a> SourceOrderVisitor<'a> for Finder<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let Place { in_finally, in_loop, raw } = self.place;
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {
                return self.within(Place::default(), |f| walk_stmt(f, stmt));
            }
            Stmt::For(loop_) => {
                self.visit_expr(&loop_.target);
                self.visit_expr(&loop_.iter);
                self.within(Place { in_finally, in_loop: true, raw }, |f| f.visit_body(&loop_.body));
                return self.visit_body(&loop_.orelse);
            }
            Stmt::While(loop_) => {
                self.visit_expr(&loop_.test);
                self.within(Place { in_finally, in_loop: true, raw }, |f| f.visit_body(&loop_.body));
                return self.visit_body(&loop_.orelse);
            }
            Stmt::Try(stmt) => {
                self.visit_body(&stmt.body);
                for handler in &stmt.handlers {
                    self.visit_except_handler(handler);
                }
                self.visit_body(&stmt.orelse);
                let place = Place { in_finally: true, in_loop: false, raw };
                return self.within(place, |f| f.visit_body(&stmt.finalbody));
            }
            Stmt::Return(stmt) if in_finally => self.leaves(stmt.range(), "return"),
            Stmt::Break(stmt) if in_finally && !in_loop => self.leaves(stmt.range(), "break"),
            Stmt::Continue(stmt) if in_finally && !in_loop => self.leaves(stmt.range(), "continue"),
            Stmt::Assert(stmt) if stmt.test.as_tuple_expr().is_some_and(|test| !test.elts.is_empty()) => {
                let message = "assertion is always true, perhaps remove parentheses?".to_owned();
                self.suspect(stmt.range(), message);
            }
            _ => {}
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        stacker::maybe_grow(STACK_RED_ZONE, STACK_SIZE, || self.expr(expr));
    }

    fn visit_string_literal(&mut self, string: &'a StringLiteral) {
        self.literal(string.range);
    }

    fn visit_bytes_literal(&mut self, bytes: &'a BytesLiteral) {
        self.literal(bytes.range);
    }

    fn visit_f_string(&mut self, string: &'a FString) {
        let raw = string.flags.prefix().is_raw();
        self.within(Place { raw, ..self.place }, |f| walk_f_string(f, string));
    }

    fn visit_t_string(&mut self, string: &'a TString) {
        let raw = string.flags.prefix().is_raw();
        self.within(Place { raw, ..self.place }, |f| walk_t_string(f, string));
    }

    fn visit_interpolated_string_element(&mut self, element: &'a InterpolatedStringElement) {
        match element {
            InterpolatedStringElement::Literal(text) => {
                if !self.place.raw {
                    // With what follows, which a backslash at the end refers to.
                    let mut range = text.range;
                    let all = self.source.text();
                    if all[range].ends_with('\\') && all[range.end().to_usize()..].starts_with(['{', '}']) {
                        range = TextRange::new(range.start(), range.end() + TextSize::new(1));
                    }
                    self.escape(&all[range], false, text.range);
                }
            }
            InterpolatedStringElement::Interpolation(field) => {
                self.visit_expr(&field.expression);
                for element in field.format_spec.iter().flat_map(|spec| &spec.elements) {
                    self.visit_interpolated_string_element(element);
                }
            }
        }
    }
}

/// The name of the type of a literal that `is` should not be asked of.
fn literal_kind(expr: &Expr) -> Option<&'static str> {
    match expr {
        Expr::NoneLiteral(_) | Expr::BooleanLiteral(_) | Expr::EllipsisLiteral(_) => None,
        Expr::Tuple(tuple) => tuple.elts.iter().all(is_constant).then_some("tuple"),
        expr if is_constant(expr) => kind(expr),
        _ => None,
    }
}

fn is_constant(expr: &Expr) -> bool {
    match expr {
        Expr::Tuple(tuple) => tuple.elts.iter().all(is_constant),
        expr => expr.is_literal_expr(),
    }
}

/// The name of the type that an expression certainly has.
fn kind(expr: &Expr) -> Option<&'static str> {
    Some(match expr {
        Expr::Tuple(_) => "tuple",
        Expr::List(_) | Expr::ListComp(_) => "list",
        Expr::Dict(_) | Expr::DictComp(_) => "dict",
        Expr::Set(_) | Expr::SetComp(_) => "set",
        Expr::Generator(_) => "generator",
        Expr::Lambda(_) => "function",
        Expr::FString(_) | Expr::StringLiteral(_) => "str",
        Expr::Name(name) if name.id == "__debug__" => "bool",
        Expr::TString(_) => "string.templatelib.Template",
        Expr::BytesLiteral(_) => "bytes",
        Expr::BooleanLiteral(_) => "bool",
        Expr::NoneLiteral(_) => "NoneType",
        Expr::EllipsisLiteral(_) => "ellipsis",
        Expr::NumberLiteral(number) => match number.value {
            Number::Int(_) => "int",
            Number::Float(_) => "float",
            Number::Complex { .. } => "complex",
        },
        _ => return None,
    })
}
