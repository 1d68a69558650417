//! `with` statements.

use ruff_python_ast::StmtWith;

use super::*;

impl<'a> Codegen<'a> {
    /// The managers from `at` on, and the body.
    pub(super) fn with(&mut self, stmt: &'a StmtWith, at: usize, range: TextRange) -> Done {
        let is_async = stmt.is_async;
        if is_async {
            self.check_async(range, "'async with' outside async function")?;
        }
        let item = &stmt.items[at];
        let (handler, exit, cleanup, suppress) = (self.label(), self.label(), self.label(), self.label());
        self.expr(&item.context_expr)?;
        let loc = self.loc_of(&item.context_expr);
        if is_async {
            self.emit(Op::BEFORE_ASYNC_WITH, 0, loc);
            self.emit(Op::GET_AWAITABLE, 1, loc);
            self.load_none(loc);
            self.yield_from(loc, true);
        } else {
            self.emit(Op::BEFORE_WITH, 0, loc);
        }
        self.emit_to(Op::SETUP_WITH, handler, loc);
        self.push_frame(Frame::With { loc, is_async }, range)?;
        match &item.optional_vars {
            Some(target) => self.expr(target)?,
            None => self.emit(Op::POP_TOP, 0, loc),
        }
        if at + 1 == stmt.items.len() {
            self.stmts(&stmt.body)?;
        } else {
            self.nest(|codegen| codegen.with(stmt, at + 1, range))?;
        }
        self.pop_frame();
        self.emit(Op::POP_BLOCK, 0, if is_async { loc } else { Loc::NONE });
        self.call_exit_with_nones(loc, is_async);
        self.emit(Op::POP_TOP, 0, loc);
        self.emit_to(Op::JUMP, exit, loc);
        self.place(handler);
        self.emit_to(Op::SETUP_CLEANUP, cleanup, loc);
        self.emit(Op::PUSH_EXC_INFO, 0, loc);
        self.emit(Op::WITH_EXCEPT_START, 0, loc);
        if is_async {
            self.emit(Op::GET_AWAITABLE, 2, loc);
            self.load_none(loc);
            self.yield_from(loc, true);
        }
        self.emit(Op::TO_BOOL, 0, Loc::NONE);
        self.emit_to(Op::POP_JUMP_IF_TRUE, suppress, Loc::NONE);
        self.emit(Op::RERAISE, 2, Loc::NONE);
        self.place(suppress);
        self.emit(Op::POP_TOP, 0, Loc::NONE);
        self.emit(Op::POP_BLOCK, 0, Loc::NONE);
        self.emit(Op::POP_EXCEPT, 0, Loc::NONE);
        self.emit(Op::POP_TOP, 0, Loc::NONE);
        self.emit(Op::POP_TOP, 0, Loc::NONE);
        let after = self.label();
        self.emit_to(Op::JUMP_NO_INTERRUPT, after, Loc::NONE);
        self.place(cleanup);
        self.pop_except_and_reraise(Loc::NONE);
        self.place(after);
        self.place(exit);
        Ok(())
    }

    /// `exit(None, None, None)`, awaited if asynchronous; leaves the result.
    pub(super) fn call_exit_with_nones(&mut self, loc: Loc, is_async: bool) {
        for _ in 0..3 {
            self.load_none(loc);
        }
        self.emit(Op::CALL, 2, loc);
        if is_async {
            self.emit(Op::GET_AWAITABLE, 2, loc);
            self.load_none(loc);
            self.yield_from(loc, true);
        }
    }
}
