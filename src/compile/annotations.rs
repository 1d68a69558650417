//! Which annotations belong to the `__annotate__` function of a module, class or function (PEP 649).

use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_python_ast::{Expr, Stmt, StmtAnnAssign, StmtFunctionDef};

/// The name that holds the indices of the conditional annotations whose statements have run.
pub const CONDITIONAL: &str = "__conditional_annotations__";

/// An annotated name of a module or class body.
pub struct Variable<'a> {
    pub assign: &'a StmtAnnAssign,
    pub name: &'a str,
    /// It stands in an `if`, a loop or the like: it counts once its statement has run.
    pub is_conditional: bool,
}

/// The annotated names of a body in the order of the source, without those of nested definitions.
pub fn variables(body: &[Stmt]) -> Vec<Variable<'_>> {
    let mut collector = Collector { found: Vec::new(), is_conditional: false };
    collector.visit_body(body);
    collector.found
}

struct Collector<'a> {
    found: Vec<Variable<'a>>,
    is_conditional: bool,
}

impl<'a> StatementVisitor<'a> for Collector<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
            Stmt::AnnAssign(assign) => {
                if let (true, Expr::Name(name)) = (assign.simple, &*assign.target) {
                    self.found.push(Variable { assign, name: &name.id, is_conditional: self.is_conditional });
                }
            }
            stmt => {
                let outer = std::mem::replace(&mut self.is_conditional, true);
                walk_stmt(self, stmt);
                self.is_conditional = outer;
            }
        }
    }
}

/// The annotations of a function with the names of their parameters; `return` is the last.
pub fn parameters(def: &StmtFunctionDef) -> Vec<(&str, &Expr)> {
    let params = &def.parameters;
    // CPython's order: the positional-only ones come second.
    let positional = params.args.iter().chain(&params.posonlyargs).map(|p| &p.parameter);
    let keyword_only = params.kwonlyargs.iter().map(|p| &p.parameter);
    positional
        .chain(params.vararg.as_deref())
        .chain(keyword_only)
        .chain(params.kwarg.as_deref())
        .filter_map(|p| Some((p.name.as_str(), p.annotation.as_deref()?)))
        .chain(def.returns.as_deref().map(|returns| ("return", returns)))
        .collect()
}

/// Whether a module says `from __future__ import annotations`.
pub fn are_text(body: &[Stmt]) -> bool {
    body.iter().any(|stmt| match stmt {
        Stmt::ImportFrom(import) => {
            import.module.as_ref().is_some_and(|module| module == "__future__")
                && import.names.iter().any(|alias| alias.name.as_str() == "annotations")
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::source::Source;
    use crate::compile::{Mode, build};

    #[test]
    fn the_set_of_a_class_is_a_cell_and_no_name_of_its_namespace() {
        let text = "class A:\n if 1:\n  x: int\nclass B:\n x: int\nif 1:\n y: int\n";
        let source = Source::from_text("annotations.py", text).expect("it is text");
        let module = build(&source, Mode::Exec).expect("it compiles");
        let class = |name: &str| module.nested.iter().find(|unit| unit.name == name).expect("it is a class");
        let holds = |names: &[String]| names.iter().any(|name| name == CONDITIONAL);
        assert!(holds(&class("A").cellvars) && !holds(&class("A").names));
        assert!(!holds(&class("B").cellvars));
        assert!(holds(&module.names) && module.cellvars.is_empty());
    }
}
