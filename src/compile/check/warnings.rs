//! What the compiler warns of: statements that leave a `finally` block and swallow an exception (PEP 765).

use ruff_python_ast::Stmt;
use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_text_size::{Ranged, TextRange};

use crate::compile::source::Source;

/// A `SyntaxWarning`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// 1-based.
    pub line: u32,
    pub message: String,
}

/// The warnings of a module, in the order of the source.
pub fn warnings(source: &Source, body: &[Stmt]) -> Vec<Warning> {
    let mut finder = Finder { source, found: Vec::new(), place: Place::default() };
    finder.visit_body(body);
    finder.found
}

/// What surrounds a statement within its function.
#[derive(Clone, Copy, Default)]
struct Place {
    in_finally: bool,
    /// A loop lies between the statement and the `finally` block, or there is no such block.
    in_loop: bool,
}

struct Finder<'a> {
    source: &'a Source,
    found: Vec<Warning>,
    place: Place,
}

impl Finder<'_> {
    fn warn(&mut self, range: TextRange, statement: &str) {
        let line = self.source.line(range.start());
        self.found.push(Warning { line, message: format!("'{statement}' in a 'finally' block") });
    }

    fn within(&mut self, place: Place, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.place, place);
        visit(self);
        self.place = outer;
    }
}

impl<'a> StatementVisitor<'a> for Finder<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let Place { in_finally, in_loop } = self.place;
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => self.within(Place::default(), |f| walk_stmt(f, stmt)),
            Stmt::For(loop_) => {
                self.within(Place { in_finally, in_loop: true }, |f| f.visit_body(&loop_.body));
                self.visit_body(&loop_.orelse);
            }
            Stmt::While(loop_) => {
                self.within(Place { in_finally, in_loop: true }, |f| f.visit_body(&loop_.body));
                self.visit_body(&loop_.orelse);
            }
            Stmt::Try(stmt) => {
                self.visit_body(&stmt.body);
                for handler in &stmt.handlers {
                    self.visit_except_handler(handler);
                }
                self.visit_body(&stmt.orelse);
                self.within(Place { in_finally: true, in_loop: false }, |f| f.visit_body(&stmt.finalbody));
            }
            Stmt::Return(stmt) if in_finally => self.warn(stmt.range(), "return"),
            Stmt::Break(stmt) if in_finally && !in_loop => self.warn(stmt.range(), "break"),
            Stmt::Continue(stmt) if in_finally && !in_loop => self.warn(stmt.range(), "continue"),
            stmt => walk_stmt(self, stmt),
        }
    }
}
