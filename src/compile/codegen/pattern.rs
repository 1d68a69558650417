//! `match` statements.

use ruff_python_ast::StmtMatch;

use super::*;

impl<'a> Codegen<'a> {
    pub(super) fn match_stmt(&mut self, stmt: &'a StmtMatch) -> Done {
        self.unsupported(stmt.range, "a `match` statement")
    }
}
