//! Statements other than definitions, `try` and `with`.

use ruff_python_ast::{Expr, Stmt, StmtFor, StmtIf, StmtReturn, StmtWhile};

use super::*;
use crate::compile::ir::intrinsic1;
use crate::compile::parse::raised;

impl<'a> Codegen<'a> {
    pub(super) fn stmts(&mut self, stmts: &'a [Stmt]) -> Done {
        stmts.iter().try_for_each(|stmt| self.nest(|codegen| codegen.stmt(stmt)))
    }

    fn stmt(&mut self, stmt: &'a Stmt) -> Done {
        let loc = self.loc_of(stmt);
        let range = stmt.range();
        match stmt {
            Stmt::FunctionDef(def) => self.function(def)?,
            Stmt::ClassDef(def) => self.class(def)?,
            Stmt::Return(stmt) => self.return_stmt(stmt, loc)?,
            Stmt::Delete(stmt) => self.exprs(&stmt.targets)?,
            Stmt::TypeAlias(stmt) => self.type_alias(stmt, loc)?,
            Stmt::Assign(stmt) => self.assign(stmt, loc)?,
            Stmt::AugAssign(stmt) => self.aug_assign(stmt, loc)?,
            Stmt::AnnAssign(stmt) => self.ann_assign(stmt, loc)?,
            Stmt::For(stmt) if stmt.is_async => self.async_for(stmt, loc, range)?,
            Stmt::For(stmt) => self.for_stmt(stmt, range)?,
            Stmt::While(stmt) => self.while_stmt(stmt, range)?,
            Stmt::If(stmt) => self.if_stmt(stmt)?,
            Stmt::With(with) => self.with(with, 0, range)?,
            Stmt::Match(stmt) => self.match_stmt(stmt)?,
            Stmt::Raise(stmt) => {
                self.exprs(raised(stmt))?;
                self.exprs(stmt.cause.as_deref())?;
                let n = u32::from(raised(stmt).is_some()) + u32::from(stmt.cause.is_some());
                self.emit(Op::RAISE_VARARGS, n, loc);
            }
            Stmt::Try(stmt) if !stmt.finalbody.is_empty() => self.try_finally(stmt, loc, range)?,
            Stmt::Try(stmt) if stmt.is_star => self.try_star(stmt, loc, range)?,
            Stmt::Try(stmt) => self.try_except(stmt, loc, range)?,
            Stmt::Assert(stmt) => {
                let end = self.label();
                self.jump_if(&stmt.test, end, true)?;
                self.emit(Op::LOAD_ASSERTION_ERROR, 0, loc);
                if let Some(message) = &stmt.msg {
                    self.expr(message)?;
                    self.emit(Op::CALL, 0, loc);
                }
                let test = self.loc_of(&*stmt.test);
                self.emit(Op::RAISE_VARARGS, 1, test);
                self.place(end);
            }
            Stmt::Import(stmt) => self.import(stmt, loc)?,
            Stmt::ImportFrom(stmt) => self.import_from(stmt, loc)?,
            Stmt::Global(_) | Stmt::Nonlocal(_) => {}
            Stmt::Expr(stmt) => self.expr_stmt(&stmt.value, loc)?,
            Stmt::Pass(_) => self.emit(Op::NOP, 0, loc),
            Stmt::Break(_) => self.break_or_continue(true, range)?,
            Stmt::Continue(_) => self.break_or_continue(false, range)?,
            Stmt::IpyEscapeCommand(_) => return self.unsupported(range, "an IPython escape command"),
        }
        Ok(())
    }

    fn expr_stmt(&mut self, value: &'a Expr, loc: Loc) -> Done {
        if self.interactive && self.units.len() == 1 {
            self.expr(value)?;
            self.emit(Op::CALL_INTRINSIC_1, intrinsic1::PRINT, loc);
            self.emit(Op::POP_TOP, 0, Loc::NONE);
            return Ok(());
        }
        if self.constant(value).is_some() {
            self.emit(Op::NOP, 0, loc);
            return Ok(());
        }
        self.expr(value)?;
        self.emit(Op::POP_TOP, 0, Loc::NONE);
        Ok(())
    }

    fn return_stmt(&mut self, stmt: &'a StmtReturn, mut loc: Loc) -> Done {
        if !matches!(self.current().kind, UnitKind::Function | UnitKind::AsyncFunction) {
            return self.error(stmt.range, "'return' outside function");
        }
        let scope = self.scope();
        if stmt.value.is_some() && scope.is_generator && scope.is_coroutine {
            return self.error(stmt.range, "'return' with value in async generator");
        }
        let line = loc.line;
        let folded = stmt.value.as_deref().and_then(|value| self.constant(value));
        if let Some(value) = &stmt.value {
            if folded.is_none() {
                self.expr(value)?;
            } else {
                loc = self.loc_of(&**value);
                self.emit(Op::NOP, 0, loc);
            }
        }
        let value_line = stmt.value.as_deref().map(|value| self.loc_of(value).line);
        if value_line != Some(line) {
            loc = self.loc(stmt.range);
            self.emit(Op::NOP, 0, loc);
        }
        let keep_top = stmt.value.is_some() && folded.is_none();
        self.unwind(&mut loc, keep_top, false, stmt.range)?;
        if !keep_top {
            self.load_const(folded.unwrap_or(Const::None), loc);
        }
        self.emit(Op::RETURN_VALUE, 0, loc);
        Ok(())
    }

    fn if_stmt(&mut self, stmt: &'a StmtIf) -> Done {
        let end = self.label();
        let mut test = Some(&*stmt.test);
        let mut body: &'a [Stmt] = &stmt.body;
        let mut rest = stmt.elif_else_clauses.iter();
        while let Some(condition) = test {
            let clause = rest.next();
            let next = if clause.is_some() { self.label() } else { end };
            self.jump_if(condition, next, false)?;
            self.stmts(body)?;
            let Some(clause) = clause else { break };
            self.emit_to(Op::JUMP_NO_INTERRUPT, end, Loc::NONE);
            self.place(next);
            test = clause.test.as_ref();
            body = &clause.body;
            if test.is_none() {
                self.stmts(body)?;
            }
        }
        self.place(end);
        Ok(())
    }

    fn while_stmt(&mut self, stmt: &'a StmtWhile, range: TextRange) -> Done {
        let (start, body, exit, anchor) = (self.label(), self.label(), self.label(), self.label());
        self.place(start);
        self.push_frame(Frame::While { start, exit }, range)?;
        self.jump_if(&stmt.test, anchor, false)?;
        self.place(body);
        self.stmts(&stmt.body)?;
        self.jump_if(&stmt.test, body, true)?;
        self.pop_frame();
        self.place(anchor);
        self.stmts(&stmt.orelse)?;
        self.place(exit);
        Ok(())
    }

    fn for_stmt(&mut self, stmt: &'a StmtFor, range: TextRange) -> Done {
        let (start, cleanup, exit) = (self.label(), self.label(), self.label());
        self.push_frame(Frame::For { start, exit }, range)?;
        self.iterable(&stmt.iter)?;
        let loc = self.loc_of(&*stmt.iter);
        self.emit(Op::GET_ITER, 0, loc);
        self.place(start);
        self.emit_to(Op::FOR_ITER, cleanup, loc);
        // keeps the line of a target that is on another line than the iterable
        let target = self.loc_of(&*stmt.target);
        self.emit(Op::NOP, 0, target);
        self.expr(&stmt.target)?;
        self.stmts(&stmt.body)?;
        self.emit_to(Op::JUMP, start, Loc::NONE);
        self.place(cleanup);
        self.emit(Op::END_FOR, 0, Loc::NONE);
        self.emit(Op::POP_TOP, 0, Loc::NONE);
        self.pop_frame();
        self.stmts(&stmt.orelse)?;
        self.place(exit);
        Ok(())
    }

    fn async_for(&mut self, stmt: &'a StmtFor, loc: Loc, range: TextRange) -> Done {
        self.check_async(range, "'async for' outside async function")?;
        let (start, except, exit) = (self.label(), self.label(), self.label());
        self.expr(&stmt.iter)?;
        let iter = self.loc_of(&*stmt.iter);
        self.emit(Op::GET_AITER, 0, iter);
        self.place(start);
        self.push_frame(Frame::For { start, exit }, range)?;
        self.emit_to(Op::SETUP_FINALLY, except, loc);
        self.emit(Op::GET_ANEXT, 0, loc);
        self.load_none(loc);
        self.yield_from(loc, true);
        self.emit(Op::POP_BLOCK, 0, loc);
        self.expr(&stmt.target)?;
        self.stmts(&stmt.body)?;
        self.emit_to(Op::JUMP, start, Loc::NONE);
        self.pop_frame();
        self.place(except);
        self.emit(Op::END_ASYNC_FOR, 0, iter);
        self.stmts(&stmt.orelse)?;
        self.place(exit);
        Ok(())
    }

    pub(super) fn check_async(&self, range: TextRange, message: &str) -> Done {
        if self.current().kind == UnitKind::AsyncFunction { Ok(()) } else { self.refuse(range, message) }
    }
}
