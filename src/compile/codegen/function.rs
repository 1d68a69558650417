//! Functions and lambdas.

use ruff_python_ast::{Decorator, ExprLambda, Parameters, StmtFunctionDef};

use super::*;
use crate::compile::ir::{function_attribute, intrinsic1, intrinsic2};

impl<'a> Codegen<'a> {
    /// The decorators' values; returns the first line of the definition.
    pub(super) fn decorators(&mut self, decorators: &'a [Decorator], own: i32) -> Result<i32, SyntaxError> {
        self.exprs(decorators.iter().map(|decorator| &decorator.expression))?;
        Ok(decorators.first().map_or(own, |first| self.loc_of(&first.expression).line))
    }

    pub(super) fn apply_decorators(&mut self, decorators: &'a [Decorator]) {
        for decorator in decorators.iter().rev() {
            let loc = self.loc_of(&decorator.expression);
            self.emit(Op::CALL, 0, loc);
        }
    }

    pub(super) fn function(&mut self, def: &'a StmtFunctionDef) -> Done {
        let loc = self.definition_loc(def.range, def.decorator_list.last().map(|last| last.range));
        let first_line = self.decorators(&def.decorator_list, loc.line)?;
        self.check_name(&def.name, Access::Store, def.name.range)?;
        let attributes = self.defaults(&def.parameters, loc)?;
        match &def.type_params {
            None => self.function_body(def, attributes, first_line, loc)?,
            Some(params) => {
                let passed = (attributes & 3).count_ones();
                if passed == 2 {
                    self.emit(Op::SWAP, 2, loc);
                }
                let name = format!("<generic parameters of {}>", def.name);
                self.enter_type_params(&name, params, first_line)?;
                self.unit().unit.arg_count = passed;
                self.type_params(params)?;
                for i in 0..passed {
                    self.emit(Op::LOAD_FAST, i, loc);
                }
                self.function_body(def, attributes, first_line, loc)?;
                self.emit(Op::SWAP, 2, loc);
                self.emit(Op::CALL_INTRINSIC_2, intrinsic2::SET_FUNCTION_TYPE_PARAMS, loc);
                let unit = self.leave(false)?;
                self.make_closure(unit, 0, loc);
                if passed > 0 {
                    self.emit(Op::SWAP, passed + 1, loc);
                    self.emit(Op::CALL, passed - 1, loc);
                } else {
                    self.emit(Op::PUSH_NULL, 0, loc);
                    self.emit(Op::CALL, 0, loc);
                }
            }
        }
        self.apply_decorators(&def.decorator_list);
        self.name(&def.name, Access::Store, loc);
        Ok(())
    }

    /// Pushes the defaults; returns the [`function_attribute`] bits of what was pushed.
    fn defaults(&mut self, params: &'a Parameters, loc: Loc) -> Result<u32, SyntaxError> {
        let mut attributes = 0;
        let positional = params.posonlyargs.iter().chain(&params.args);
        let defaults: Vec<&'a Expr> = positional.filter_map(|param| param.default.as_deref()).collect();
        if !defaults.is_empty() {
            let n = defaults.len() as u32;
            self.exprs(defaults)?;
            self.emit(Op::BUILD_TUPLE, n, loc);
            attributes |= function_attribute::DEFAULTS;
        }
        let mut names = Vec::new();
        for param in &params.kwonlyargs {
            if let Some(default) = &param.default {
                let name = mangle(self.current().class.as_deref(), &param.parameter.name);
                names.push(Const::from(&*name));
                self.expr(default)?;
            }
        }
        if !names.is_empty() {
            let n = names.len() as u32;
            self.load_const(Const::Tuple(names.into()), loc);
            self.emit(Op::BUILD_CONST_KEY_MAP, n, loc);
            attributes |= function_attribute::KW_DEFAULTS;
        }
        Ok(attributes)
    }

    fn set_params(&mut self, params: &Parameters) -> Done {
        for param in params.iter() {
            self.check_name(param.name(), Access::Store, param.as_parameter().range)?;
        }
        let unit = &mut self.unit().unit;
        unit.pos_only_count = params.posonlyargs.len() as u32;
        unit.arg_count = unit.pos_only_count + params.args.len() as u32;
        unit.kw_only_count = params.kwonlyargs.len() as u32;
        Ok(())
    }

    fn function_body(&mut self, def: &'a StmtFunctionDef, attributes: u32, first_line: i32, loc: Loc) -> Done {
        let mut attributes = attributes;
        if self.function_annotations(def, loc)? {
            attributes |= function_attribute::ANNOTATE;
        }
        let kind = if def.is_async { UnitKind::AsyncFunction } else { UnitKind::Function };
        let Some(scope) = self.table.of(def) else { return self.error(def.range, "function without a scope") };
        let name = super::super::scope::identifier(&def.name.id);
        self.enter(&name, kind, scope, first_line);
        let (docstring, body) = self.docstring(&def.body);
        if let Some((text, _)) = docstring {
            self.add_const(Const::Str(text));
            self.unit().unit.flags |= flags::HAS_DOCSTRING;
        }
        self.set_params(&def.parameters)?;
        let suspends = self.scope().is_generator || self.scope().is_coroutine;
        if suspends {
            self.push_frame(Frame::StopIteration, def.range)?;
        }
        self.stmts(body)?;
        if suspends {
            self.wrap_stop_iteration();
            self.pop_frame();
        }
        let unit = self.leave(true)?;
        self.make_closure(unit, attributes, loc);
        Ok(())
    }

    /// A StopIteration that leaves the body of a generator becomes a RuntimeError.
    pub(super) fn wrap_stop_iteration(&mut self) {
        let handler = self.label();
        let setup = Instr { op: Op::SETUP_CLEANUP, arg: 0, target: Some(handler), loc: Loc::NONE, except: None };
        let sequence = &mut self.unit().sequence;
        sequence.instrs.insert(0, setup);
        for label in &mut sequence.labels {
            *label = label.saturating_add(1);
        }
        self.load_none(Loc::NONE);
        self.emit(Op::RETURN_VALUE, 0, Loc::NONE);
        self.place(handler);
        self.emit(Op::CALL_INTRINSIC_1, intrinsic1::STOPITERATION_ERROR, Loc::NONE);
        self.emit(Op::RERAISE, 1, Loc::NONE);
    }

    pub(super) fn lambda(&mut self, lambda: &'a ExprLambda, loc: Loc) -> Done {
        let attributes = match &lambda.parameters {
            Some(params) => self.defaults(params, loc)?,
            None => 0,
        };
        let Some(scope) = self.table.of(lambda) else { return self.error(lambda.range, "lambda without a scope") };
        self.enter("<lambda>", UnitKind::Lambda, scope, loc.line);
        self.add_const(Const::None);
        if let Some(params) = &lambda.parameters {
            self.set_params(params)?;
        }
        self.expr(&lambda.body)?;
        let unit = if self.scope().is_generator {
            self.leave(false)?
        } else {
            let at = self.loc_of(&*lambda.body);
            self.emit(Op::RETURN_VALUE, 0, at);
            self.leave(true)?
        };
        self.make_closure(unit, attributes, loc);
        Ok(())
    }

    /// Pushes the function of a finished unit.
    pub(super) fn make_closure(&mut self, unit: Unit, attributes: u32, loc: Loc) {
        let mut attributes = attributes;
        if !unit.freevars.is_empty() {
            for name in &unit.freevars {
                let free = self.scope().place(name) != Place::Cell && self.place_of(name) == Place::Free;
                let index = self.deref_index(name, free);
                self.emit(Op::LOAD_CLOSURE, index, loc);
            }
            self.emit(Op::BUILD_TUPLE, unit.freevars.len() as u32, loc);
            attributes |= function_attribute::CLOSURE;
        }
        // the body of a `finally` is compiled more than once: equal code is one object
        let outer = self.unit();
        let nested = &mut outer.unit.nested;
        let there = outer.nested_index.entry(unit.place()).or_default();
        let found = there.iter().copied().find(|&other| nested[other as usize].same(&unit));
        let index = found.unwrap_or_else(|| {
            nested.push(unit);
            let new = nested.len() as u32 - 1;
            there.push(new);
            new
        });
        self.load_const(Const::Code(index), loc);
        self.emit(Op::MAKE_FUNCTION, 0, loc);
        let pushed_last_first = [
            function_attribute::CLOSURE,
            function_attribute::ANNOTATE,
            function_attribute::KW_DEFAULTS,
            function_attribute::DEFAULTS,
        ];
        for bit in pushed_last_first {
            if attributes & bit != 0 {
                self.emit(Op::SET_FUNCTION_ATTRIBUTE, bit, loc);
            }
        }
    }
}
