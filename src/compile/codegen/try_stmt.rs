//! `try` statements.

use ruff_python_ast::{ExceptHandler, StmtTry};

use super::*;
use crate::compile::ir::intrinsic2;

impl<'a> Codegen<'a> {
    pub(super) fn try_finally(&mut self, stmt: &'a StmtTry, loc: Loc, range: TextRange) -> Done {
        let (end, exit, cleanup) = (self.label(), self.label(), self.label());
        self.emit_to(Op::SETUP_FINALLY, end, loc);
        self.push_frame(Frame::FinallyTry(&stmt.finalbody), range)?;
        match (stmt.handlers.is_empty(), stmt.is_star) {
            (true, _) => self.stmts(&stmt.body)?,
            (false, false) => self.try_except(stmt, loc, range)?,
            (false, true) => self.try_star(stmt, loc, range)?,
        }
        self.emit(Op::POP_BLOCK, 0, Loc::NONE);
        self.pop_frame();
        self.stmts(&stmt.finalbody)?;
        self.emit_to(Op::JUMP_NO_INTERRUPT, exit, Loc::NONE);
        self.place(end);
        self.push_frame(Frame::FinallyEnd, range)?;
        self.emit_to(Op::SETUP_CLEANUP, cleanup, Loc::NONE);
        self.emit(Op::PUSH_EXC_INFO, 0, Loc::NONE);
        self.stmts(&stmt.finalbody)?;
        self.pop_frame();
        self.emit(Op::RERAISE, 0, Loc::NONE);
        self.place(cleanup);
        self.pop_except_and_reraise(Loc::NONE);
        self.place(exit);
        Ok(())
    }

    pub(super) fn try_except(&mut self, stmt: &'a StmtTry, loc: Loc, range: TextRange) -> Done {
        let (mut except, end, cleanup) = (self.label(), self.label(), self.label());
        self.emit_to(Op::SETUP_FINALLY, except, loc);
        self.push_frame(Frame::TryExcept, range)?;
        self.stmts(&stmt.body)?;
        self.pop_frame();
        self.emit(Op::POP_BLOCK, 0, Loc::NONE);
        self.stmts(&stmt.orelse)?;
        self.emit_to(Op::JUMP_NO_INTERRUPT, end, Loc::NONE);
        self.place(except);
        self.emit_to(Op::SETUP_CLEANUP, cleanup, Loc::NONE);
        self.emit(Op::PUSH_EXC_INFO, 0, Loc::NONE);
        self.push_frame(Frame::ExceptionHandler, range)?;
        for (i, ExceptHandler::ExceptHandler(handler)) in stmt.handlers.iter().enumerate() {
            let loc = self.loc_of(handler);
            if handler.type_.is_none() && i + 1 < stmt.handlers.len() {
                return self.error(handler.range, "default 'except:' must be last");
            }
            except = self.label();
            if let Some(class) = &handler.type_ {
                self.expr(class)?;
                self.emit(Op::CHECK_EXC_MATCH, 0, loc);
                self.emit_to(Op::POP_JUMP_IF_FALSE, except, loc);
            }
            let name = handler.name.as_ref().map(|name| name.to_string());
            match &name {
                Some(name) => {
                    self.check_name(name, Access::Store, handler.range)?;
                    let cleanup_end = self.label();
                    self.name(name, Access::Store, loc);
                    self.emit_to(Op::SETUP_CLEANUP, cleanup_end, loc);
                    self.push_frame(Frame::HandlerCleanup(Some(name.clone())), range)?;
                    self.stmts(&handler.body)?;
                    self.pop_frame();
                    self.emit(Op::POP_BLOCK, 0, Loc::NONE);
                    self.emit(Op::POP_BLOCK, 0, Loc::NONE);
                    self.emit(Op::POP_EXCEPT, 0, Loc::NONE);
                    self.unbind(name, Loc::NONE);
                    self.emit_to(Op::JUMP_NO_INTERRUPT, end, Loc::NONE);
                    self.place(cleanup_end);
                    self.unbind(name, Loc::NONE);
                    self.emit(Op::RERAISE, 1, Loc::NONE);
                }
                None => {
                    self.emit(Op::POP_TOP, 0, loc);
                    self.push_frame(Frame::HandlerCleanup(None), range)?;
                    self.stmts(&handler.body)?;
                    self.pop_frame();
                    self.emit(Op::POP_BLOCK, 0, Loc::NONE);
                    self.emit(Op::POP_EXCEPT, 0, Loc::NONE);
                    self.emit_to(Op::JUMP_NO_INTERRUPT, end, Loc::NONE);
                }
            }
            self.place(except);
        }
        self.pop_frame();
        self.emit(Op::RERAISE, 0, Loc::NONE);
        self.place(cleanup);
        self.pop_except_and_reraise(Loc::NONE);
        self.place(end);
        Ok(())
    }

    /// `except*`: each clause takes its part of the group; what is left and what the clauses raise is raised together.
    pub(super) fn try_star(&mut self, stmt: &'a StmtTry, loc: Loc, range: TextRange) -> Done {
        let (mut except, orelse, end) = (self.label(), self.label(), self.label());
        let (cleanup, reraise_star, reraise) = (self.label(), self.label(), self.label());
        self.emit_to(Op::SETUP_FINALLY, except, loc);
        self.push_frame(Frame::TryExcept, range)?;
        self.stmts(&stmt.body)?;
        self.pop_frame();
        self.emit(Op::POP_BLOCK, 0, Loc::NONE);
        self.emit_to(Op::JUMP_NO_INTERRUPT, orelse, Loc::NONE);
        self.place(except);
        self.emit_to(Op::SETUP_CLEANUP, cleanup, Loc::NONE);
        self.emit(Op::PUSH_EXC_INFO, 0, Loc::NONE);
        self.push_frame(Frame::ExceptionGroupHandler, range)?;
        for (i, ExceptHandler::ExceptHandler(handler)) in stmt.handlers.iter().enumerate() {
            let loc = self.loc_of(handler);
            except = self.label();
            let (with_error, no_match, cleanup_end) = (self.label(), self.label(), self.label());
            if i == 0 {
                self.emit(Op::BUILD_LIST, 0, loc);
                self.emit(Op::COPY, 2, loc);
            }
            if let Some(class) = &handler.type_ {
                self.expr(class)?;
                self.emit(Op::CHECK_EG_MATCH, 0, loc);
                self.emit(Op::COPY, 1, loc);
                self.emit_to(Op::POP_JUMP_IF_NONE, no_match, loc);
            }
            let name = handler.name.as_ref().map(|name| name.to_string());
            match &name {
                Some(name) => self.name(name, Access::Store, loc),
                None => self.emit(Op::POP_TOP, 0, loc),
            }
            self.emit_to(Op::SETUP_CLEANUP, cleanup_end, loc);
            self.push_frame(Frame::HandlerCleanup(name.clone()), range)?;
            self.stmts(&handler.body)?;
            self.pop_frame();
            self.emit(Op::POP_BLOCK, 0, Loc::NONE);
            if let Some(name) = &name {
                self.unbind(name, Loc::NONE);
            }
            self.emit_to(Op::JUMP_NO_INTERRUPT, except, Loc::NONE);
            self.place(cleanup_end);
            if let Some(name) = &name {
                self.unbind(name, Loc::NONE);
            }
            self.emit(Op::LIST_APPEND, 3, Loc::NONE);
            self.emit(Op::POP_TOP, 0, Loc::NONE);
            self.emit_to(Op::JUMP_NO_INTERRUPT, with_error, Loc::NONE);
            self.place(except);
            self.emit(Op::NOP, 0, Loc::NONE);
            self.emit_to(Op::JUMP_NO_INTERRUPT, with_error, Loc::NONE);
            self.place(no_match);
            self.emit(Op::POP_TOP, 0, loc);
            self.place(with_error);
            if i + 1 == stmt.handlers.len() {
                self.emit(Op::LIST_APPEND, 1, Loc::NONE);
                self.emit_to(Op::JUMP_NO_INTERRUPT, reraise_star, Loc::NONE);
            }
        }
        self.pop_frame();
        self.place(reraise_star);
        self.emit(Op::CALL_INTRINSIC_2, intrinsic2::PREP_RERAISE_STAR, Loc::NONE);
        self.emit(Op::COPY, 1, Loc::NONE);
        self.emit_to(Op::POP_JUMP_IF_NOT_NONE, reraise, Loc::NONE);
        self.emit(Op::POP_TOP, 0, Loc::NONE);
        self.emit(Op::POP_BLOCK, 0, Loc::NONE);
        self.emit(Op::POP_EXCEPT, 0, Loc::NONE);
        self.emit_to(Op::JUMP_NO_INTERRUPT, end, Loc::NONE);
        self.place(reraise);
        self.emit(Op::POP_BLOCK, 0, Loc::NONE);
        self.emit(Op::SWAP, 2, Loc::NONE);
        self.emit(Op::POP_EXCEPT, 0, Loc::NONE);
        self.emit(Op::RERAISE, 0, Loc::NONE);
        self.place(cleanup);
        self.pop_except_and_reraise(Loc::NONE);
        self.place(orelse);
        self.stmts(&stmt.orelse)?;
        self.place(end);
        Ok(())
    }
}
