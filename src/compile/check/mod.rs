//! Errors that the tree alone shows: misplaced stars, `__debug__`, patterns, future imports, type scopes.
//!
//! What needs scopes (`global`, `return` outside function, ...) is not here but where the scopes are made.

mod future;
mod patterns;
mod warnings;

pub use warnings::{Warning, warnings};

use rustc_hash::FxHashSet;

use ruff_python_ast::visitor::source_order::{
    SourceOrderVisitor, TraversalSignal, walk_arguments, walk_except_handler, walk_expr, walk_keyword, walk_parameter,
    walk_stmt,
};
use ruff_python_ast::{
    AnyNodeRef, Arguments, Comprehension, ExceptHandler, Expr, ExprContext, Identifier, Keyword, MatchCase, Number,
    Parameter, Parameters, Stmt, TypeParam, TypeParams,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::parse::Parsed;
use super::source::Source;
use super::syntax;
use super::syntax_error::SyntaxError;

const STACK_RED_ZONE: usize = 128 * 1024;
const STACK_SIZE: usize = 4 * 1024 * 1024;
/// `sys.int_info.default_max_str_digits`.
const MAX_STR_DIGITS: usize = 4300;

/// The first error of the tree that needs no scopes.
pub fn check(source: &Source, parsed: &Parsed) -> Result<(), SyntaxError> {
    future::check(source, parsed.body())?;
    let mut checker = Checker {
        source,
        is_module: parsed.expression().is_none(),
        error: None,
        depth: 0,
        comprehension: None,
        type_place: None,
    };
    for stmt in parsed.body() {
        checker.visit_stmt(stmt);
    }
    if let Some(expression) = parsed.expression() {
        checker.visit_expr(expression);
    }
    checker.error.map_or(Ok(()), Err)
}

struct Checker<'a> {
    source: &'a Source,
    /// Not one expression.
    is_module: bool,
    /// The first error; nothing is looked at after it.
    error: Option<SyntaxError>,
    /// Functions and classes around.
    depth: usize,
    /// The comprehension directly around, where `yield` is not allowed.
    comprehension: Option<&'static str>,
    /// The type expression or annotation around, where `yield`, `await` and `:=` are not allowed.
    type_place: Option<&'static str>,
}

impl<'a> Checker<'a> {
    fn fail(&mut self, range: TextRange, msg: impl Into<String>) {
        if self.error.is_none() {
            self.error = Some(SyntaxError::new(self.source, range, msg));
        }
    }

    /// The same for what CPython's symbol table refuses.
    fn refuse(&mut self, range: TextRange, msg: impl Into<String>) {
        if self.error.is_none() {
            self.error = Some(SyntaxError::new(self.source, range, msg).of_symbols());
        }
    }

    fn bind(&mut self, name: &str, range: TextRange) {
        if name == "__debug__" {
            self.refuse(range, "cannot assign to __debug__");
        }
    }

    /// Visits an element of a display, call or subscript, where a star is allowed.
    fn element(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Starred(starred) => self.visit_expr(&starred.value),
            _ => self.visit_expr(expr),
        }
    }

    fn in_type_place(&mut self, place: &'static str, expr: &'a Expr) {
        let outer = self.type_place.replace(place);
        self.element(expr);
        self.type_place = outer;
    }

    fn in_comprehension(&mut self, kind: &'static str, parts: &[&'a Expr], clauses: &'a [Comprehension]) {
        // The first iterable is evaluated outside.
        if let Some(first) = clauses.first() {
            self.visit_expr(&first.iter);
        }
        let outer = (self.comprehension.replace(kind), self.type_place.take());
        for (i, clause) in clauses.iter().enumerate() {
            if i > 0 {
                self.visit_expr(&clause.iter);
            }
            self.visit_expr(&clause.target);
            clause.ifs.iter().for_each(|test| self.visit_expr(test));
        }
        parts.iter().for_each(|part| self.visit_expr(part));
        (self.comprehension, self.type_place) = outer;
    }

    /// An annotation, which is evaluated when it is asked for, also one that is never (a local variable's).
    fn annotation(&mut self, expr: &'a Expr) {
        self.in_type_place(self.type_place.unwrap_or("an annotation"), expr);
    }

    fn starred(&mut self, range: TextRange, context: ExprContext) {
        match context {
            ExprContext::Store => {
                self.fail(range, "starred assignment target must be in a list or tuple");
            }
            _ => self.fail(range, "can't use starred expression here"),
        }
    }

    /// Whether the leftmost operand or element is a `yield` without parentheses of its own.
    fn begins_with_bare_yield(&self, expr: &Expr) -> bool {
        let (first, parenthesized) = match expr {
            Expr::Tuple(display) => (display.elts.first(), display.parenthesized),
            Expr::Generator(generator) => (Some(&*generator.elt), generator.parenthesized),
            Expr::BoolOp(operation) => (operation.values.first(), false),
            Expr::BinOp(operation) => (Some(&*operation.left), false),
            Expr::Compare(comparison) => (Some(&*comparison.left), false),
            Expr::If(conditional) => (Some(&*conditional.body), false),
            _ => return false,
        };
        let Some(first @ (Expr::Yield(_) | Expr::YieldFrom(_))) = first else { return false };
        let before = &self.source.text()[TextRange::new(expr.start(), first.start())];
        before.matches('(').count() <= usize::from(parenthesized)
    }

    fn number(&mut self, range: TextRange, value: &Number) {
        let text = &self.source.text()[range];
        if !matches!(value, Number::Int(_)) || text.len() <= MAX_STR_DIGITS {
            return;
        }
        let digits = text.bytes().filter(|b| *b != b'_').count();
        let decimal = !text.starts_with("0x") && !text.starts_with("0X");
        let decimal = decimal && text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
        if decimal && digits > MAX_STR_DIGITS {
            self.fail(
                range,
                format!(
                    "Exceeds the limit ({MAX_STR_DIGITS} digits) for integer string conversion: \
                     value has {digits} digits; use sys.set_int_max_str_digits() to increase the limit - \
                     Consider hexadecimal for huge integer literals to avoid decimal conversion limits."
                ),
            );
            if let Some(error) = &mut self.error {
                (error.offset, error.end_offset) = (0, 0);
            }
        }
    }

    fn type_parameters(&mut self, params: &'a TypeParams) {
        let mut seen = FxHashSet::default();
        let mut default_seen = false;
        for param in &params.type_params {
            let (name, default): (&Identifier, &Option<Box<Expr>>) = match param {
                TypeParam::TypeVar(p) => (&p.name, &p.default),
                TypeParam::TypeVarTuple(p) => (&p.name, &p.default),
                TypeParam::ParamSpec(p) => (&p.name, &p.default),
            };
            self.bind(name, param.range());
            if !seen.insert(name.as_str()) {
                self.refuse(param.range(), format!("duplicate type parameter '{name}'"));
            }
            if default.is_none() && default_seen {
                let msg = format!("non-default type parameter '{name}' follows default type parameter");
                self.fail(param.range(), msg);
            }
            default_seen |= default.is_some();
            let (bound, default_place) = match param {
                TypeParam::TypeVar(p) => (p.bound.as_deref(), "a TypeVar default"),
                TypeParam::TypeVarTuple(_) => (None, "a TypeVarTuple default"),
                TypeParam::ParamSpec(_) => (None, "a ParamSpec default"),
            };
            if let Some(bound) = bound {
                let constraints = bound.is_tuple_expr();
                let place = if constraints { "a TypeVar constraint" } else { "a TypeVar bound" };
                self.in_type_place(place, bound);
            }
            if let Some(default) = default {
                self.in_type_place(default_place, default);
            }
        }
    }

    /// A statement whose body is a scope of its own.
    fn scope(&mut self, stmt: &'a Stmt) {
        let (decorators, type_params) = match stmt {
            Stmt::FunctionDef(def) => (&def.decorator_list, &def.type_params),
            Stmt::ClassDef(def) => (&def.decorator_list, &def.type_params),
            _ => return,
        };
        decorators.iter().for_each(|decorator| self.visit_decorator(decorator));
        let outer_place = self.type_place;
        if let Some(params) = type_params {
            self.type_parameters(params);
            self.type_place = Some("the definition of a generic");
        }
        let body = match stmt {
            Stmt::FunctionDef(def) => {
                let keyword = def.decorator_list.last().map_or(def.start(), |d| {
                    let text = &self.source.text()[d.end().to_usize()..];
                    d.end() + TextSize::new((text.len() - text.trim_start().len()) as u32)
                });
                self.bind(&def.name, TextRange::new(keyword, def.end().max(keyword)));
                self.visit_parameters(&def.parameters);
                if let Some(returns) = &def.returns {
                    self.annotation(returns);
                }
                &def.body
            }
            Stmt::ClassDef(def) => {
                self.bind(&def.name, def.range());
                if let Some(arguments) = &def.arguments {
                    self.visit_arguments(arguments);
                }
                &def.body
            }
            _ => return,
        };
        self.type_place = None;
        let comprehension = self.comprehension.take();
        self.depth += 1;
        body.iter().for_each(|stmt| self.visit_stmt(stmt));
        self.depth -= 1;
        self.comprehension = comprehension;
        self.type_place = outer_place;
    }
}

/// A parameter without the stars before it.
fn without_stars(parameter: &Parameter) -> TextRange {
    TextRange::new(parameter.name.start(), parameter.end())
}

impl<'a> SourceOrderVisitor<'a> for Checker<'a> {
    fn enter_node(&mut self, _: AnyNodeRef<'a>) -> TraversalSignal {
        if self.error.is_some() { TraversalSignal::Skip } else { TraversalSignal::Traverse }
    }

    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {
                stacker::maybe_grow(STACK_RED_ZONE, STACK_SIZE, || self.scope(stmt));
                return;
            }
            Stmt::TypeAlias(alias) => {
                if let Expr::Name(name) = &*alias.name {
                    self.bind(&name.id, alias.range());
                }
                if let Some(params) = &alias.type_params {
                    self.type_parameters(params);
                }
                self.in_type_place("a type alias", &alias.value);
                return;
            }
            Stmt::AnnAssign(assign) => {
                if let Expr::Name(name) = &*assign.target {
                    self.bind(&name.id, assign.range());
                }
                self.visit_expr(&assign.target);
                self.annotation(&assign.annotation);
                if let Some(value) = &assign.value {
                    self.visit_expr(value);
                }
                return;
            }
            Stmt::ImportFrom(import) => {
                let star = import.names.first().filter(|alias| alias.name.as_str() == "*");
                if let Some(star) = star.filter(|_| self.depth > 0) {
                    self.refuse(star.range(), "import * only allowed at module level");
                }
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name);
                    self.bind(name, import.range());
                }
            }
            Stmt::AugAssign(assign) if assign.target.is_attribute_expr() => {
                // CPython lets `x.__debug__ += 1` pass.
                if let Expr::Attribute(attribute) = &*assign.target {
                    self.visit_expr(&attribute.value);
                }
                self.visit_expr(&assign.value);
                return;
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name);
                    self.bind(name, import.range());
                }
            }
            Stmt::Match(statement) => {
                let result = patterns::check(self.source, &statement.cases);
                if let (Err(error), None) = (result, &self.error) {
                    self.error = Some(error);
                }
            }
            _ => {}
        }
        stacker::maybe_grow(STACK_RED_ZONE, STACK_SIZE, || walk_stmt(self, stmt));
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(name) = &inner.name {
            self.bind(name, inner.range);
        }
        walk_except_handler(self, handler);
    }

    fn visit_parameters(&mut self, parameters: &'a Parameters) {
        let mut seen = FxHashSet::default();
        for parameter in parameters {
            let name = parameter.name();
            if !seen.insert(name.as_str()) {
                let range = without_stars(parameter.as_parameter());
                self.refuse(range, format!("duplicate argument '{name}' in function definition"));
            }
        }
        for parameter in parameters {
            if let Some(default) = parameter.default() {
                self.visit_expr(default);
            }
        }
        for parameter in parameters {
            self.visit_parameter(parameter.as_parameter());
        }
    }

    fn visit_parameter(&mut self, parameter: &'a Parameter) {
        self.bind(&parameter.name, without_stars(parameter));
        match &parameter.annotation {
            Some(annotation) => self.annotation(annotation),
            None => walk_parameter(self, parameter),
        }
    }

    fn visit_arguments(&mut self, arguments: &'a Arguments) {
        if arguments.args.iter().any(Expr::is_starred_expr) {
            arguments.args.iter().for_each(|argument| self.element(argument));
            arguments.keywords.iter().for_each(|keyword| self.visit_keyword(keyword));
        } else {
            walk_arguments(self, arguments);
        }
    }

    fn visit_keyword(&mut self, keyword: &'a Keyword) {
        if let Some(name) = &keyword.arg {
            self.bind(name, keyword.range());
        }
        walk_keyword(self, keyword);
    }

    fn visit_match_case(&mut self, case: &'a MatchCase) {
        // The patterns have been checked with their statement.
        if let Some(guard) = &case.guard {
            self.visit_expr(guard);
        }
        case.body.iter().for_each(|stmt| self.visit_stmt(stmt));
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if self.error.is_some() {
            return;
        }
        stacker::maybe_grow(STACK_RED_ZONE, STACK_SIZE, || self.expr(expr));
    }
}

impl<'a> Checker<'a> {
    fn expr(&mut self, expr: &'a Expr) {
        let restricted = match expr {
            Expr::Yield(_) | Expr::YieldFrom(_) => Some("yield expression"),
            Expr::Await(_) => Some("await expression"),
            Expr::Named(_) => Some("named expression"),
            _ => None,
        };
        if let (Some(what), Some(place)) = (restricted, self.type_place) {
            self.refuse(expr.range(), format!("{what} cannot be used within {place}"));
        }
        match expr {
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                if let Some(kind) = self.comprehension {
                    self.refuse(expr.range(), format!("'yield' inside {kind}"));
                }
            }
            Expr::Starred(starred) => return self.starred(starred.range(), starred.ctx),
            _ if self.begins_with_bare_yield(expr) => {
                // The parser takes it; CPython's does not.
                let rule = if self.is_module { "file" } else { "eval" };
                let error = syntax::diagnose(self.source, rule);
                self.fail(expr.range(), "invalid syntax");
                if let Some(error) = error {
                    self.error = Some(error);
                }
            }
            Expr::Tuple(display) => return display.elts.iter().for_each(|e| self.element(e)),
            Expr::List(display) => return display.elts.iter().for_each(|e| self.element(e)),
            Expr::Set(display) => return display.elts.iter().for_each(|e| self.element(e)),
            Expr::ListComp(c) => {
                return self.in_comprehension("list comprehension", &[&c.elt], &c.generators);
            }
            Expr::SetComp(c) => {
                return self.in_comprehension("set comprehension", &[&c.elt], &c.generators);
            }
            Expr::Generator(c) => {
                return self.in_comprehension("generator expression", &[&c.elt], &c.generators);
            }
            Expr::DictComp(c) => {
                let parts: Vec<&Expr> = c.key.iter().map(|key| &**key).chain([&*c.value]).collect();
                return self.in_comprehension("dict comprehension", &parts, &c.generators);
            }
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.visit_parameters(parameters);
                }
                let outer = (self.comprehension.take(), self.type_place.take());
                self.visit_expr(&lambda.body);
                (self.comprehension, self.type_place) = outer;
                return;
            }
            Expr::Name(name) => match name.ctx {
                ExprContext::Store => self.bind(&name.id, name.range()),
                ExprContext::Del if name.id == "__debug__" => {
                    self.refuse(name.range(), "cannot delete __debug__");
                }
                _ => {}
            },
            Expr::Attribute(attribute) if attribute.ctx.is_store() => {
                self.bind(&attribute.attr, attribute.range());
            }
            Expr::NumberLiteral(literal) => self.number(literal.range(), &literal.value),
            _ => {}
        }
        walk_expr(self, expr);
    }
}
