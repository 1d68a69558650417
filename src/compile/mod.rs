//! From source text to code.

pub mod anchors;
pub mod check;
mod codegen;
mod dump;
mod flow;
pub mod ir;
pub mod literal;
mod lower;
pub mod parse;
mod scope;
pub mod source;
pub mod syntax;
pub mod syntax_error;

pub use dump::dump;

use std::rc::Rc;

use crate::code::CodeData;
use ir::Unit;
use source::Source;
use syntax_error::SyntaxError;

/// What the source is, as the third argument of Python's `compile`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A module.
    Exec,
    /// One expression, whose value the code returns.
    Eval,
    /// A statement of an interactive session: values of expression statements are printed.
    Single,
}

/// Compiles a source to the stack IR.
///
/// # Errors
/// What Python raises for the source: `SyntaxError` and its relatives, or `RecursionError` for a tree that is too deep.
/// A construct that is not compiled yet is a `SyntaxError` that names it.
pub fn build(source: &Source, mode: Mode) -> Result<Unit, SyntaxError> {
    if mode == Mode::Eval {
        let parsed = parse::parse_expression(source)?;
        let Some(expression) = parsed.expression() else {
            return Err(SyntaxError::new(source, ruff_text_size::TextRange::default(), "invalid syntax"));
        };
        check::check(source, &parsed)?;
        let table = scope::build(source, &[], Some(expression))?;
        return codegen::expression(source, &table, expression);
    }
    let parsed = parse::parse_module(source)?;
    check::check(source, &parsed)?;
    let table = scope::build(source, parsed.body(), None)?;
    codegen::module(source, &table, parsed.body(), mode == Mode::Single)
}

/// Compiles a source to a code object.
///
/// # Errors
/// As for [`build`].
pub fn compile(source: &Source, mode: Mode) -> Result<Rc<CodeData>, SyntaxError> {
    let unit = build(source, mode)?;
    lower::lower(&unit).map_err(|e| {
        let start = source.line_start(e.loc.line.max(1) as u32);
        SyntaxError::new(source, ruff_text_size::TextRange::empty(start), format!("{} not supported yet", e.what))
    })
}
