//! `from __future__ import`: where it may stand, and which features there are.

use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_python_ast::{Expr, Stmt, StmtImportFrom};
use ruff_text_size::Ranged;

use crate::compile::source::Source;
use crate::compile::syntax_error::SyntaxError;

const FEATURES: [&str; 10] = [
    "nested_scopes",
    "generators",
    "division",
    "absolute_import",
    "with_statement",
    "print_function",
    "unicode_literals",
    "barry_as_FLUFL",
    "generator_stop",
    "annotations",
];

/// Checks the future imports of a module.
pub fn check(source: &Source, body: &[Stmt]) -> Result<(), SyntaxError> {
    let mut head = body.len();
    for (i, stmt) in body.iter().enumerate() {
        match stmt {
            Stmt::ImportFrom(import) if is_future(import) => {
                for alias in &import.names {
                    feature(source, import, alias.name.as_str())?;
                }
            }
            Stmt::Expr(statement) if i == 0 && is_docstring(&statement.value) => {}
            _ => {
                head = i;
                break;
            }
        }
    }
    let mut late = Late(None);
    late.visit_body(&body[head..]);
    match late.0 {
        None => Ok(()),
        Some(import) => {
            let msg = "from __future__ imports must occur at the beginning of the file";
            Err(SyntaxError::new(source, import.range(), msg).of_symbols())
        }
    }
}

fn is_future(import: &StmtImportFrom) -> bool {
    import.level == 0 && import.module.as_ref().is_some_and(|name| name == "__future__")
}

fn is_docstring(expr: &Expr) -> bool {
    expr.is_string_literal_expr()
}

fn feature(source: &Source, import: &StmtImportFrom, name: &str) -> Result<(), SyntaxError> {
    if FEATURES.contains(&name) {
        return Ok(());
    }
    let msg = match name {
        "braces" => "not a chance".to_owned(),
        _ => format!("future feature {name} is not defined"),
    };
    let mut error = SyntaxError::new(source, import.range(), msg).of_symbols();
    // CPython gives the start alone, and always the first column.
    (error.offset, error.end_line, error.end_offset) = (1, error.line, 0);
    Err(error)
}

/// The first future import among statements that come too late for it.
struct Late<'a>(Option<&'a StmtImportFrom>);

impl<'a> StatementVisitor<'a> for Late<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            _ if self.0.is_some() => {}
            Stmt::ImportFrom(import) if is_future(import) => self.0 = Some(import),
            _ => walk_stmt(self, stmt),
        }
    }
}
