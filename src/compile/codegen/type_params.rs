//! Type parameters and `type` statements: their bounds, defaults and values are functions, called when asked for.

use ruff_python_ast::{Expr, StmtTypeAlias, TypeParam, TypeParams};

use super::*;
use crate::compile::ir::{intrinsic1, intrinsic2};

impl<'a> Codegen<'a> {
    pub(super) fn enter_type_params(&mut self, name: &str, params: &'a TypeParams, first_line: i32) -> Done {
        let Some(scope) = self.table.of(params) else {
            return self.error(params.range, "type parameters without a scope");
        };
        self.enter(name, UnitKind::TypeParams, scope, first_line);
        Ok(())
    }

    /// Makes the type parameters, binds them, and pushes the tuple of them.
    pub(super) fn type_params(&mut self, params: &'a TypeParams) -> Done {
        let mut seen_default = false;
        for param in &params.type_params {
            let loc = self.loc_of(param);
            let name = super::super::scope::identifier(&param.name().id);
            self.check_name(&name, Access::Store, param.range())?;
            self.load_const(Const::from(&*name), loc);
            let (kind, starred) = match param {
                TypeParam::TypeVar(var) => {
                    match var.bound.as_deref() {
                        Some(bound) => {
                            self.evaluator(bound, &name, false)?;
                            let constraints = bound.is_tuple_expr();
                            let kind = if constraints {
                                intrinsic2::TYPEVAR_WITH_CONSTRAINTS
                            } else {
                                intrinsic2::TYPEVAR_WITH_BOUND
                            };
                            self.emit(Op::CALL_INTRINSIC_2, kind, loc);
                        }
                        None => self.emit(Op::CALL_INTRINSIC_1, intrinsic1::TYPEVAR, loc),
                    }
                    (None, false)
                }
                TypeParam::TypeVarTuple(_) => (Some(intrinsic1::TYPEVARTUPLE), true),
                TypeParam::ParamSpec(_) => (Some(intrinsic1::PARAMSPEC), false),
            };
            if let Some(kind) = kind {
                self.emit(Op::CALL_INTRINSIC_1, kind, loc);
            }
            if let Some(default) = param.default() {
                seen_default = true;
                self.evaluator(default, &name, starred)?;
                self.emit(Op::CALL_INTRINSIC_2, intrinsic2::SET_TYPEPARAM_DEFAULT, loc);
            } else if seen_default {
                let message = format!("non-default type parameter '{name}' follows default type parameter");
                return self.error(param.range(), message);
            }
            self.emit(Op::COPY, 1, loc);
            self.name(&name, Access::Store, loc);
        }
        let first = params.type_params.first().map_or(Loc::NONE, |first| self.loc_of(first));
        self.emit(Op::BUILD_TUPLE, params.type_params.len() as u32, first);
        Ok(())
    }

    /// The function that computes a bound or default.
    fn evaluator(&mut self, expr: &'a Expr, name: &str, allow_starred: bool) -> Done {
        let loc = self.loc_of(expr);
        let Some(scope) = self.table.of(expr) else {
            return self.error(expr.range(), "type parameter without a scope");
        };
        self.enter(name, UnitKind::TypeParams, scope, loc.line);
        match expr {
            Expr::Starred(starred) if allow_starred => {
                self.expr(&starred.value)?;
                self.emit(Op::UNPACK_SEQUENCE, 1, loc);
            }
            expr => self.expr(expr)?,
        }
        self.emit(Op::RETURN_VALUE, 0, loc);
        let unit = self.leave(true)?;
        self.make_closure(unit, 0, loc);
        Ok(())
    }

    pub(super) fn type_alias(&mut self, stmt: &'a StmtTypeAlias, loc: Loc) -> Done {
        let Expr::Name(name) = &*stmt.name else {
            return self.error(stmt.name.range(), "the name of a type alias must be a name");
        };
        self.check_name(&name.id, Access::Store, name.range)?;
        let text = super::super::scope::identifier(&name.id);
        match &stmt.type_params {
            None => {
                self.load_const(Const::from(&*text), loc);
                self.load_none(loc);
            }
            Some(params) => {
                self.enter_type_params(&format!("<generic parameters of {text}>"), params, loc.line)?;
                self.load_const(Const::from(&*text), loc);
                self.type_params(params)?;
            }
        }
        let Some(scope) = self.table.of(stmt) else { return self.error(stmt.range, "type alias without a scope") };
        self.enter(&text, UnitKind::Lambda, scope, loc.line);
        self.add_const(Const::None);
        self.expr(&stmt.value)?;
        self.emit(Op::RETURN_VALUE, 0, loc);
        let unit = self.leave(false)?;
        self.make_closure(unit, 0, loc);
        self.emit(Op::BUILD_TUPLE, 3, loc);
        self.emit(Op::CALL_INTRINSIC_1, intrinsic1::TYPEALIAS, loc);
        if stmt.type_params.is_some() {
            let unit = self.leave(false)?;
            self.make_closure(unit, 0, loc);
            self.emit(Op::PUSH_NULL, 0, loc);
            self.emit(Op::CALL, 0, loc);
        }
        self.name(&name.id, Access::Store, loc);
        Ok(())
    }
}
