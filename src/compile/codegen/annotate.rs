//! The `__annotate__` functions: annotations are evaluated when they are asked for (PEP 649).

use dashu_int::IBig;
use ruff_python_ast::{StmtAnnAssign, StmtFunctionDef};

use super::*;
use crate::compile::annotations::{self, CONDITIONAL, Variable};

/// The formats above this one (`VALUE_WITH_FAKE_GLOBALS`) are not for the compiler's functions.
const LAST_FORMAT: i32 = 2;

impl<'a> Codegen<'a> {
    /// Pushes the function of a definition's annotations; false if it has none.
    pub(super) fn function_annotations(&mut self, def: &'a StmtFunctionDef, loc: Loc) -> Result<bool, SyntaxError> {
        let all = annotations::parameters(def);
        if all.is_empty() || !self.annotated {
            return Ok(false);
        }
        let Some(scope) = self.table.of(&*def.parameters) else {
            return self.error(def.range, "annotations without a scope");
        };
        let body = self.begin_annotate(scope, loc);
        self.place(body);
        for (name, annotation) in &all {
            let name = mangle(self.current().class.as_deref(), name);
            self.load_const(Const::from(&*name), loc);
            self.annotation(annotation)?;
        }
        self.emit(Op::BUILD_MAP, all.len() as u32, loc);
        self.end_annotate(loc, loc)?;
        Ok(true)
    }

    /// Remembers which annotations of a module or class body are conditional, and makes the set that they go into.
    pub(super) fn begin_annotations(&mut self, variables: &[Variable<'a>], loc: Loc) {
        let mut conditional = false;
        for (i, v) in variables.iter().enumerate().filter(|(_, v)| v.is_conditional && self.annotated) {
            self.conditional_annotations.insert(std::ptr::from_ref(v.assign).addr(), i as u32);
            conditional = true;
        }
        if conditional {
            self.emit(Op::BUILD_SET, 0, loc);
            self.conditional_set(Access::Store, loc);
        }
    }

    /// Stores the function of a module's or class's annotations under `name`; `at` is where it is made.
    pub(super) fn store_annotations(&mut self, variables: &[Variable<'a>], name: &str, at: Loc) -> Done {
        let Some(first) = variables.first().filter(|_| self.annotated) else { return Ok(()) };
        let loc = self.loc_of(&*first.assign.annotation);
        let Some(scope) = self.table.of(first.assign) else {
            return self.error(first.assign.range, "annotations without a scope");
        };
        let body = self.begin_annotate(scope, loc);
        self.place(body);
        self.emit(Op::BUILD_MAP, 0, loc);
        for (i, v) in variables.iter().enumerate() {
            let here = self.loc_of(&*v.assign.annotation);
            let skip = v.is_conditional.then(|| self.label());
            if let Some(skip) = skip {
                self.load_const(Const::Int(IBig::from(i)), here);
                self.name(CONDITIONAL, Access::Load, here);
                self.emit(Op::CONTAINS_OP, 0, here);
                self.emit_to(Op::POP_JUMP_IF_FALSE, skip, here);
            }
            self.annotation(&v.assign.annotation)?;
            self.emit(Op::COPY, 2, here);
            let key = mangle(self.current().class.as_deref(), v.name);
            self.load_const(Const::from(&*key), here);
            self.emit(Op::STORE_SUBSCR, 0, here);
            if let Some(skip) = skip {
                self.place(skip);
            }
        }
        self.end_annotate(loc, at)?;
        self.name(name, Access::Store, at);
        Ok(())
    }

    /// The statement of a conditional annotation runs.
    pub(super) fn note_annotation(&mut self, assign: &StmtAnnAssign, loc: Loc) -> bool {
        let Some(&i) = self.conditional_annotations.get(&std::ptr::from_ref(assign).addr()) else { return false };
        self.conditional_set(Access::Load, loc);
        self.load_const(Const::Int(IBig::from(i)), loc);
        self.emit(Op::SET_ADD, 1, loc);
        self.emit(Op::POP_TOP, 0, loc);
        true
    }

    /// The set of a module is a global; that of a class is in a cell, where its namespace does not show it.
    fn conditional_set(&mut self, access: Access, loc: Loc) {
        if self.scope().kind == ScopeKind::Module {
            return self.name(CONDITIONAL, access, loc);
        }
        let index = self.deref_index(CONDITIONAL, false);
        let op = if access == Access::Store { Op::STORE_DEREF } else { Op::LOAD_DEREF };
        self.emit(op, index, loc);
    }

    fn begin_annotate(&mut self, scope: ScopeId, loc: Loc) -> BlockId {
        self.enter("__annotate__", UnitKind::Function, scope, loc.line);
        let unit = &mut self.unit().unit;
        (unit.arg_count, unit.pos_only_count) = (1, 1);
        for name in &mut unit.varnames {
            if name == ".format" {
                *name = "format".to_owned();
            }
        }
        let body = self.label();
        self.emit(Op::LOAD_FAST, 0, loc);
        self.load_const(Const::Int(IBig::from(LAST_FORMAT)), loc);
        self.emit(Op::COMPARE_OP, CompareOp::Gt as u32 | crate::compile::ir::COMPARE_TO_BOOL, loc);
        self.emit_to(Op::POP_JUMP_IF_FALSE, body, loc);
        self.name("NotImplementedError", Access::Load, loc);
        self.emit(Op::RAISE_VARARGS, 1, loc);
        body
    }

    /// The function's last line is `loc`; it is made at `at`.
    fn end_annotate(&mut self, loc: Loc, at: Loc) -> Done {
        self.emit(Op::RETURN_VALUE, 0, loc);
        let unit = self.leave(false)?;
        self.make_closure(unit, 0, at);
        Ok(())
    }

    /// One annotation: its value, or its text where a future import says so.
    fn annotation(&mut self, annotation: &'a Expr) -> Done {
        let loc = self.loc_of(annotation);
        if self.text_annotations {
            let text = &self.source.text()[annotation.range()];
            self.load_const(Const::from(text), loc);
            return Ok(());
        }
        match annotation {
            Expr::Starred(starred) => {
                self.expr(&starred.value)?;
                self.emit(Op::UNPACK_SEQUENCE, 1, loc);
                Ok(())
            }
            annotation => self.expr(annotation),
        }
    }
}
