//! The one door to the parser crate: source text to syntax tree, or a `SyntaxError`.

use ruff_python_ast::PythonVersion;
use ruff_python_ast::{Expr, Stmt};
use ruff_python_parser::{Mode, ParseOptions};

use super::source::Source;
use super::syntax;
use super::syntax_error::SyntaxError;

/// A parsed module.
#[derive(Debug)]
pub struct Parsed {
    parsed: ruff_python_parser::Parsed<ruff_python_ast::Mod>,
}

impl Parsed {
    /// The statements of the module.
    pub fn body(&self) -> &[Stmt] {
        match self.parsed.syntax() {
            ruff_python_ast::Mod::Module(module) => &module.body,
            ruff_python_ast::Mod::Expression(_) => &[],
        }
    }

    /// The expression, when parsed by [`parse_expression`].
    pub fn expression(&self) -> Option<&Expr> {
        match self.parsed.syntax() {
            ruff_python_ast::Mod::Module(_) => None,
            ruff_python_ast::Mod::Expression(expression) => Some(&expression.body),
        }
    }
}

/// Parses a module (`exec` mode).
pub fn parse_module(source: &Source) -> Result<Parsed, SyntaxError> {
    parse(source, Mode::Module)
}

/// Parses one expression (`eval` mode).
pub fn parse_expression(source: &Source) -> Result<Parsed, SyntaxError> {
    parse(source, Mode::Expression)
}

fn parse(source: &Source, mode: Mode) -> Result<Parsed, SyntaxError> {
    let rule = if mode == Mode::Module { "file" } else { "eval" };
    let options = ParseOptions::from(mode).with_target_version(PythonVersion::PY314);
    let parsed = ruff_python_parser::parse_unchecked(source.text(), options);
    let parsed = Parsed { parsed };
    let errors = parsed.parsed.errors().iter().map(|error| error.location);
    let unsupported = parsed
        .parsed
        .unsupported_syntax_errors()
        .iter()
        .map(|error| error.range);
    if let Some(location) = errors.chain(unsupported).next() {
        return Err(syntax::diagnose(source, rule)
            .unwrap_or_else(|| SyntaxError::new(source, location, "invalid syntax")));
    }
    Ok(parsed)
}
