//! Assignments, subscripts and slices.

use ruff_python_ast::{Expr, ExprContext, ExprSlice, ExprSubscript, StmtAnnAssign, StmtAssign, StmtAugAssign};

use super::expr::{IN_PLACE, access, binary_number};
use super::*;

/// `a:b`, which needs no slice object.
fn two_part_slice(expr: &Expr) -> Option<&ExprSlice> {
    expr.as_slice_expr().filter(|slice| slice.step.is_none())
}

impl<'a> Codegen<'a> {
    /// The parts of a slice; returns how many there are.
    pub(super) fn slice(&mut self, slice: &'a ExprSlice, loc: Loc) -> Result<u32, SyntaxError> {
        for part in [&slice.lower, &slice.upper] {
            match part {
                Some(part) => self.expr(part)?,
                None => self.load_none(loc),
            }
        }
        let Some(step) = &slice.step else { return Ok(2) };
        self.expr(step)?;
        Ok(3)
    }

    pub(super) fn subscript(&mut self, e: &'a ExprSubscript, loc: Loc) -> Done {
        self.expr(&e.value)?;
        if let Some(slice) = two_part_slice(&e.slice)
            && e.ctx != ExprContext::Del
        {
            let at = self.loc(slice.range);
            self.slice(slice, at)?;
            let op = if e.ctx == ExprContext::Store { Op::STORE_SLICE } else { Op::BINARY_SLICE };
            self.emit(op, 0, loc);
            return Ok(());
        }
        self.expr(&e.slice)?;
        let op = match access(e.ctx) {
            Access::Load => Op::BINARY_SUBSCR,
            Access::Store => Op::STORE_SUBSCR,
            Access::Delete => Op::DELETE_SUBSCR,
        };
        self.emit(op, 0, loc);
        Ok(())
    }

    pub(super) fn assign(&mut self, stmt: &'a StmtAssign, loc: Loc) -> Done {
        self.expr(&stmt.value)?;
        for (i, target) in stmt.targets.iter().enumerate() {
            if i + 1 < stmt.targets.len() {
                self.emit(Op::COPY, 1, loc);
            }
            self.expr(target)?;
        }
        Ok(())
    }

    pub(super) fn aug_assign(&mut self, stmt: &'a StmtAugAssign, loc: Loc) -> Done {
        let target = &*stmt.target;
        let at = self.loc_of(target);
        match target {
            Expr::Attribute(e) => {
                self.expr(&e.value)?;
                self.emit(Op::COPY, 1, at);
                let name = self.name_index(&e.attr.id);
                let there = self.attribute_loc(at, e);
                self.emit(Op::LOAD_ATTR, name << 1, there);
            }
            Expr::Subscript(e) => {
                self.expr(&e.value)?;
                if let Some(slice) = two_part_slice(&e.slice) {
                    let slice_loc = self.loc(slice.range);
                    self.slice(slice, slice_loc)?;
                    for _ in 0..3 {
                        self.emit(Op::COPY, 3, at);
                    }
                    self.emit(Op::BINARY_SLICE, 0, at);
                } else {
                    self.expr(&e.slice)?;
                    self.emit(Op::COPY, 2, at);
                    self.emit(Op::COPY, 2, at);
                    self.emit(Op::BINARY_SUBSCR, 0, at);
                }
            }
            Expr::Name(e) => {
                self.check_name(&e.id, Access::Store, e.range)?;
                self.name(&e.id, Access::Load, at);
            }
            _ => return self.error(target.range(), "illegal expression for augmented assignment"),
        }
        self.expr(&stmt.value)?;
        self.emit(Op::BINARY_OP, IN_PLACE + binary_number(stmt.op), loc);
        match target {
            Expr::Attribute(e) => {
                let there = self.attribute_loc(at, e);
                self.emit(Op::SWAP, 2, there);
                let name = self.name_index(&e.attr.id);
                self.emit(Op::STORE_ATTR, name, there);
            }
            Expr::Subscript(e) if two_part_slice(&e.slice).is_some() => {
                for depth in [4, 3, 2] {
                    self.emit(Op::SWAP, depth, at);
                }
                self.emit(Op::STORE_SLICE, 0, at);
            }
            Expr::Subscript(_) => {
                self.emit(Op::SWAP, 3, at);
                self.emit(Op::SWAP, 2, at);
                self.emit(Op::STORE_SUBSCR, 0, at);
            }
            Expr::Name(e) => self.name(&e.id, Access::Store, at),
            _ => {}
        }
        Ok(())
    }

    /// An annotated assignment.  The annotation of a simple name is not evaluated here (PEP 649): it belongs into the
    /// `__annotate__` function of the scope.
    pub(super) fn ann_assign(&mut self, stmt: &'a StmtAnnAssign, loc: Loc) -> Done {
        if let Some(value) = &stmt.value {
            self.expr(value)?;
            self.expr(&stmt.target)?;
        }
        match &*stmt.target {
            Expr::Name(name) => {
                self.check_name(&name.id, Access::Store, name.range)?;
                let noted = self.note_annotation(stmt, loc);
                if !noted && stmt.value.is_none() && !self.scope().is_function_like() {
                    // its line is still a line of the program
                    self.emit(Op::NOP, 0, loc);
                }
            }
            Expr::Attribute(e) => {
                self.check_name(&e.attr, Access::Store, e.range)?;
                if stmt.value.is_none() {
                    self.discard(&e.value)?;
                }
            }
            Expr::Subscript(e) => {
                if stmt.value.is_none() {
                    self.discard(&e.value)?;
                    match &*e.slice {
                        Expr::Slice(slice) => {
                            let parts = [&slice.lower, &slice.upper, &slice.step];
                            parts.into_iter().flatten().try_for_each(|part| self.discard(part))?;
                        }
                        index => self.discard(index)?,
                    }
                }
            }
            other => return self.error(other.range(), "illegal target for annotation"),
        }
        if !stmt.simple && !self.scope().is_function_like() {
            self.discard(&stmt.annotation)?;
        }
        Ok(())
    }

    fn discard(&mut self, expr: &'a Expr) -> Done {
        let loc = self.loc_of(expr);
        self.expr(expr)?;
        self.emit(Op::POP_TOP, 0, loc);
        Ok(())
    }
}
