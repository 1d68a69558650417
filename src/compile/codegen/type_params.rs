//! Type parameters and `type` statements.

use ruff_python_ast::{StmtTypeAlias, TypeParams};

use super::*;

impl<'a> Codegen<'a> {
    pub(super) fn enter_type_params(&mut self, name: &str, params: &'a TypeParams, first_line: i32) -> Done {
        let Some(scope) = self.table.of(params) else { return self.error(params.range, "type parameters without a scope") };
        self.enter(name, UnitKind::TypeParams, scope, first_line);
        Ok(())
    }

    pub(super) fn type_params(&mut self, params: &'a TypeParams) -> Done {
        self.unsupported(params.range, "a list of type parameters")
    }

    pub(super) fn type_alias(&mut self, stmt: &'a StmtTypeAlias, _loc: Loc) -> Done {
        self.unsupported(stmt.range, "a `type` statement")
    }
}
