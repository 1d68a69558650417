//! Expressions.

use ruff_python_ast::{BoolOp, CmpOp, Expr, ExprCompare, ExprContext, Operator, UnaryOp};

use super::*;
use crate::compile::ir::intrinsic1;

/// NB_INPLACE_ADD - NB_ADD.
pub(super) const IN_PLACE: u32 = 13;

pub(super) fn binary_number(op: Operator) -> u32 {
    match op {
        Operator::Add => 0,
        Operator::BitAnd => 1,
        Operator::FloorDiv => 2,
        Operator::LShift => 3,
        Operator::MatMult => 4,
        Operator::Mult => 5,
        Operator::Mod => 6,
        Operator::BitOr => 7,
        Operator::Pow => 8,
        Operator::RShift => 9,
        Operator::Sub => 10,
        Operator::Div => 11,
        Operator::BitXor => 12,
    }
}

pub(super) fn access(context: ExprContext) -> Access {
    match context {
        ExprContext::Store => Access::Store,
        ExprContext::Del => Access::Delete,
        ExprContext::Load | ExprContext::Invalid => Access::Load,
    }
}

impl<'a> Codegen<'a> {
    pub(super) fn exprs(&mut self, exprs: impl IntoIterator<Item = &'a Expr>) -> Done {
        exprs.into_iter().try_for_each(|expr| self.expr(expr))
    }

    pub(super) fn expr(&mut self, expr: &'a Expr) -> Done {
        self.nest(|codegen| codegen.expr_here(expr))
    }

    fn expr_here(&mut self, expr: &'a Expr) -> Done {
        let loc = self.loc_of(expr);
        if let Some(value) = self.constant(expr) {
            self.load_const(value, loc);
            return Ok(());
        }
        match expr {
            Expr::BoolOp(e) => {
                let jump = if e.op == BoolOp::And { Op::POP_JUMP_IF_FALSE } else { Op::POP_JUMP_IF_TRUE };
                let end = self.label();
                let Some((last, first)) = e.values.split_last() else { return Ok(()) };
                for value in first {
                    self.expr(value)?;
                    self.emit(Op::COPY, 1, loc);
                    self.emit(Op::TO_BOOL, 0, loc);
                    self.emit_to(jump, end, loc);
                    self.emit(Op::POP_TOP, 0, loc);
                }
                self.expr(last)?;
                self.place(end);
            }
            Expr::Named(e) => {
                self.expr(&e.value)?;
                self.emit(Op::COPY, 1, loc);
                self.expr(&e.target)?;
            }
            Expr::BinOp(e) => {
                if e.op == Operator::Mod && self.percent_format(e, loc)? {
                    return Ok(());
                }
                self.expr(&e.left)?;
                self.expr(&e.right)?;
                self.emit(Op::BINARY_OP, binary_number(e.op), loc);
            }
            Expr::UnaryOp(e) => {
                if let (UnaryOp::Not, Expr::Compare(compare)) = (e.op, &*e.operand)
                    && let Some(inverse) = inverted(compare)
                {
                    let loc = self.loc_of(&*e.operand);
                    self.expr(&compare.left)?;
                    self.comparand(compare, 0)?;
                    self.compare_op(inverse, loc);
                    return Ok(());
                }
                self.expr(&e.operand)?;
                match e.op {
                    UnaryOp::Invert => self.emit(Op::UNARY_INVERT, 0, loc),
                    UnaryOp::USub => self.emit(Op::UNARY_NEGATIVE, 0, loc),
                    UnaryOp::UAdd => self.emit(Op::CALL_INTRINSIC_1, intrinsic1::UNARY_POSITIVE, loc),
                    UnaryOp::Not => {
                        self.emit(Op::TO_BOOL, 0, loc);
                        self.emit(Op::UNARY_NOT, 0, loc);
                    }
                }
            }
            Expr::Lambda(e) => self.lambda(e, loc)?,
            Expr::If(e) => {
                let (end, next) = (self.label(), self.label());
                self.jump_if(&e.test, next, false)?;
                self.expr(&e.body)?;
                self.emit_to(Op::JUMP_NO_INTERRUPT, end, Loc::NONE);
                self.place(next);
                self.expr(&e.orelse)?;
                self.place(end);
            }
            Expr::Dict(e) => self.dict(e, loc)?,
            Expr::Set(e) => self.sequence(e.elts.iter(), 0, display::Kind::Set, loc)?,
            Expr::List(e) => self.list(&e.elts, access(e.ctx), loc)?,
            Expr::Tuple(e) => self.tuple(&e.elts, access(e.ctx), loc)?,
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                self.comprehension(expr, loc)?;
            }
            Expr::Await(e) => {
                self.check_await(expr.range())?;
                self.expr(&e.value)?;
                self.emit(Op::GET_AWAITABLE, 0, loc);
                self.load_none(loc);
                self.yield_from(loc, true);
            }
            Expr::Yield(e) => {
                self.check_yield(expr.range(), "'yield' outside function")?;
                match &e.value {
                    Some(value) => self.expr(value)?,
                    None => self.load_none(loc),
                }
                self.yield_value(loc);
            }
            Expr::YieldFrom(e) => {
                self.check_yield(expr.range(), "'yield from' outside function")?;
                if self.current().kind == UnitKind::AsyncFunction {
                    return self.error(expr.range(), "'yield from' inside async function");
                }
                self.expr(&e.value)?;
                self.emit(Op::GET_YIELD_FROM_ITER, 0, loc);
                self.load_none(loc);
                self.yield_from(loc, false);
            }
            Expr::Compare(e) => self.compare(e, loc)?,
            Expr::Call(e) => self.call(e, loc)?,
            Expr::FString(e) => self.fstring(e, loc)?,
            Expr::TString(e) => self.tstring(e, loc)?,
            Expr::Attribute(e) => self.attribute(e, loc)?,
            Expr::Subscript(e) => self.subscript(e, loc)?,
            Expr::Starred(_) => {
                let message = match access_of(expr) {
                    Access::Store => "starred assignment target must be in a list or tuple",
                    _ => "can't use starred expression here",
                };
                return self.error(expr.range(), message);
            }
            Expr::Name(e) => {
                let access = access(e.ctx);
                self.check_name(&e.id, access, expr.range())?;
                self.name(&e.id, access, loc);
            }
            Expr::Slice(e) => {
                let parts = self.slice(e, loc)?;
                self.emit(Op::BUILD_SLICE, parts, loc);
            }
            Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_) => {}
            Expr::IpyEscapeCommand(_) => return self.unsupported(expr.range(), "an IPython escape command"),
        }
        Ok(())
    }

    fn check_yield(&self, range: TextRange, message: &str) -> Done {
        if self.scope().is_function_like() { Ok(()) } else { self.error(range, message) }
    }

    fn check_await(&self, range: TextRange) -> Done {
        if !self.scope().is_function_like() {
            return self.refuse(range, "'await' outside function");
        }
        match self.current().kind {
            UnitKind::AsyncFunction | UnitKind::Comprehension => Ok(()),
            _ => self.refuse(range, "'await' outside async function"),
        }
    }

    pub(super) fn yield_value(&mut self, loc: Loc) {
        let scope = self.scope();
        if scope.is_generator && scope.is_coroutine {
            self.emit(Op::CALL_INTRINSIC_1, intrinsic1::ASYNC_GEN_WRAP, loc);
        }
        self.emit(Op::YIELD_VALUE, 0, loc);
        self.emit(Op::RESUME, 1, loc);
    }

    /// Delegates to the iterator or awaitable below the None on top of the stack.
    pub(super) fn yield_from(&mut self, loc: Loc, awaits: bool) {
        let (send, fail, exit) = (self.label(), self.label(), self.label());
        self.place(send);
        self.emit_to(Op::SEND, exit, loc);
        self.emit_to(Op::SETUP_FINALLY, fail, loc);
        self.emit(Op::YIELD_VALUE, 1, loc);
        self.emit(Op::POP_BLOCK, 0, Loc::NONE);
        self.emit(Op::RESUME, if awaits { 3 } else { 2 }, loc);
        self.emit_to(Op::JUMP_NO_INTERRUPT, send, loc);
        self.place(fail);
        self.emit(Op::CLEANUP_THROW, 0, loc);
        self.place(exit);
        self.emit(Op::END_SEND, 0, loc);
    }

    fn compare_op(&mut self, op: CmpOp, loc: Loc) {
        let (op, arg) = match op {
            CmpOp::Lt => (Op::COMPARE_OP, CompareOp::Lt as u32),
            CmpOp::LtE => (Op::COMPARE_OP, CompareOp::Le as u32),
            CmpOp::Eq => (Op::COMPARE_OP, CompareOp::Eq as u32),
            CmpOp::NotEq => (Op::COMPARE_OP, CompareOp::Ne as u32),
            CmpOp::Gt => (Op::COMPARE_OP, CompareOp::Gt as u32),
            CmpOp::GtE => (Op::COMPARE_OP, CompareOp::Ge as u32),
            CmpOp::Is => (Op::IS_OP, 0),
            CmpOp::IsNot => (Op::IS_OP, 1),
            CmpOp::In => (Op::CONTAINS_OP, 0),
            CmpOp::NotIn => (Op::CONTAINS_OP, 1),
        };
        self.emit(op, arg, loc);
    }

    /// The i-th right operand.  A list or set display that is only searched becomes a constant.
    fn comparand(&mut self, compare: &'a ExprCompare, i: usize) -> Done {
        let expr = &compare.comparators[i];
        if i + 1 == compare.ops.len() && matches!(compare.ops[i], CmpOp::In | CmpOp::NotIn) {
            return self.iterable(expr);
        }
        self.expr(expr)
    }

    fn compare(&mut self, e: &'a ExprCompare, loc: Loc) -> Done {
        self.expr(&e.left)?;
        let last = e.ops.len() - 1;
        if last == 0 {
            self.comparand(e, 0)?;
            self.compare_op(e.ops[0], loc);
            return Ok(());
        }
        let (cleanup, end) = (self.label(), self.label());
        for i in 0..last {
            self.comparand(e, i)?;
            self.emit(Op::SWAP, 2, loc);
            self.emit(Op::COPY, 2, loc);
            self.compare_op(e.ops[i], loc);
            self.emit(Op::COPY, 1, loc);
            self.emit(Op::TO_BOOL, 0, loc);
            self.emit_to(Op::POP_JUMP_IF_FALSE, cleanup, loc);
            self.emit(Op::POP_TOP, 0, loc);
        }
        self.comparand(e, last)?;
        self.compare_op(e.ops[last], loc);
        self.emit_to(Op::JUMP_NO_INTERRUPT, end, Loc::NONE);
        self.place(cleanup);
        self.emit(Op::SWAP, 2, loc);
        self.emit(Op::POP_TOP, 0, loc);
        self.place(end);
        Ok(())
    }

    /// Jumps to `next` if the truth of `test` is `condition`.
    pub(super) fn jump_if(&mut self, test: &'a Expr, next: BlockId, condition: bool) -> Done {
        self.nest(|codegen| codegen.jump_if_here(test, next, condition))
    }

    fn jump_if_here(&mut self, test: &'a Expr, next: BlockId, condition: bool) -> Done {
        let mut loc = self.loc_of(test);
        let jump = if condition { Op::POP_JUMP_IF_TRUE } else { Op::POP_JUMP_IF_FALSE };
        match test {
            _ if self.constant(test).is_some() => {}
            Expr::UnaryOp(e) if e.op == UnaryOp::Not => {
                if !is_invertible(&e.operand) {
                    return self.jump_if(&e.operand, next, !condition);
                }
                loc = self.loc_of(&*e.operand);
            }
            Expr::BoolOp(e) => {
                let decides = e.op == BoolOp::Or;
                let inner = if decides == condition { next } else { self.label() };
                let Some((last, first)) = e.values.split_last() else { return Ok(()) };
                for value in first {
                    self.jump_if(value, inner, decides)?;
                }
                self.jump_if(last, next, condition)?;
                if inner != next {
                    self.place(inner);
                }
                return Ok(());
            }
            Expr::If(e) => {
                let (end, other) = (self.label(), self.label());
                self.jump_if(&e.test, other, false)?;
                self.jump_if(&e.body, next, condition)?;
                self.emit_to(Op::JUMP_NO_INTERRUPT, end, Loc::NONE);
                self.place(other);
                self.jump_if(&e.orelse, next, condition)?;
                self.place(end);
                return Ok(());
            }
            Expr::Compare(e) if e.ops.len() > 1 => {
                let (cleanup, end) = (self.label(), self.label());
                self.expr(&e.left)?;
                let last = e.ops.len() - 1;
                for i in 0..last {
                    self.comparand(e, i)?;
                    self.emit(Op::SWAP, 2, loc);
                    self.emit(Op::COPY, 2, loc);
                    self.compare_op(e.ops[i], loc);
                    self.emit(Op::TO_BOOL, 0, loc);
                    self.emit_to(Op::POP_JUMP_IF_FALSE, cleanup, loc);
                }
                self.comparand(e, last)?;
                self.compare_op(e.ops[last], loc);
                self.emit(Op::TO_BOOL, 0, loc);
                self.emit_to(jump, next, loc);
                self.emit_to(Op::JUMP_NO_INTERRUPT, end, Loc::NONE);
                self.place(cleanup);
                self.emit(Op::POP_TOP, 0, loc);
                if !condition {
                    self.emit_to(Op::JUMP_NO_INTERRUPT, next, Loc::NONE);
                }
                self.place(end);
                return Ok(());
            }
            _ => {}
        }
        self.expr(test)?;
        self.emit(Op::TO_BOOL, 0, loc);
        self.emit_to(jump, next, loc);
        Ok(())
    }
}

fn access_of(expr: &Expr) -> Access {
    match expr {
        Expr::Starred(e) => access(e.ctx),
        _ => Access::Load,
    }
}

/// The operator of `not (a op b)` as one operator; orderings and equality have none (they may be overloaded).
fn inverted(compare: &ExprCompare) -> Option<CmpOp> {
    match *compare.ops {
        [CmpOp::Is] => Some(CmpOp::IsNot),
        [CmpOp::IsNot] => Some(CmpOp::Is),
        [CmpOp::In] => Some(CmpOp::NotIn),
        [CmpOp::NotIn] => Some(CmpOp::In),
        _ => None,
    }
}

fn is_invertible(expr: &Expr) -> bool {
    matches!(expr, Expr::Compare(compare) if inverted(compare).is_some())
}
