//! From source text to code.

pub mod anchors;
mod annotations;
pub mod check;
mod codegen;
mod dump;
mod flow;
pub mod ir;
pub mod literal;
mod lower;
pub mod parse;
mod scope;
mod single;
pub mod source;
pub mod syntax;
pub mod syntax_error;
pub mod tree;
pub mod written;

pub use dump::dump;

use std::rc::Rc;

use crate::code::CodeData;
use check::Warning;
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
    build_with_warnings(source, mode, true).map(|(unit, _)| unit)
}

/// The same without the functions that compute annotations: what a compiler that evaluates annotations where they stand
/// makes of a source from which they have been taken out.
///
/// # Errors
/// As for [`build`].
pub fn build_without_annotations(source: &Source, mode: Mode) -> Result<Unit, SyntaxError> {
    build_with_warnings(source, mode, false).map(|(unit, _)| unit)
}

fn build_with_warnings(source: &Source, mode: Mode, annotated: bool) -> Result<(Unit, Vec<Warning>), SyntaxError> {
    if mode == Mode::Eval {
        let parsed = parse::parse_expression(source)?;
        let Some(expression) = parsed.expression() else {
            return Err(SyntaxError::new(source, ruff_text_size::TextRange::default(), "invalid syntax"));
        };
        check::check(source, &parsed)?;
        let table = scope::build(source, &[], Some(expression), annotated)?;
        let unit = codegen::expression(source, &table, expression)?;
        return Ok((unit, check::warnings(source, &[], Some(expression))));
    }
    let parsed = parse::parse_module(source)?;
    if mode == Mode::Single && !source.is_written() {
        single::check(source, parsed.body())?;
    }
    check::check(source, &parsed)?;
    let table = scope::build(source, parsed.body(), None, annotated)?;
    let unit = codegen::module(source, &table, parsed.body(), mode == Mode::Single, annotated)?;
    Ok((unit, check::warnings(source, parsed.body(), None)))
}

/// Compiles a source to a code object.
///
/// # Errors
/// As for [`build`].
pub fn compile(source: &Source, mode: Mode) -> Result<Rc<CodeData>, SyntaxError> {
    compile_with_warnings(source, mode).map(|(code, _)| code)
}

/// The same, with what the compiler warns of.
///
/// # Errors
/// As for [`build`].
pub fn compile_with_warnings(source: &Source, mode: Mode) -> Result<(Rc<CodeData>, Vec<Warning>), SyntaxError> {
    let (unit, warnings) = build_with_warnings(source, mode, true)?;
    match lower::lower(&unit) {
        Ok(code) => Ok((code, warnings)),
        Err(e) => {
            let start = source.line_start(e.loc.line.max(1) as u32);
            let message = format!("{} not supported yet", e.what);
            Err(SyntaxError::new(source, ruff_text_size::TextRange::empty(start), message))
        }
    }
}
