//! Names in statements, parameters and type parameters.

use ruff_python_ast::{ExceptHandler, Expr, Parameters, Stmt, TypeParam, TypeParams};
use ruff_text_size::{Ranged, TextRange};

use crate::compile::annotations;

use super::visit::{Builder, Done, fail};
use super::{ScopeKind, mangle, uses};
use crate::compile::parse::raised;

impl Builder {
    pub(super) fn stmt(&mut self, stmt: &Stmt) -> Done {
        match stmt {
            Stmt::FunctionDef(def) => {
                self.define(&def.name, uses::LOCAL, stmt.range())?;
                self.defaults(&def.parameters)?;
                self.exprs(def.decorator_list.iter().map(|decorator| &decorator.expression))?;
                if let Some(params) = &def.type_params {
                    self.enter_type_params(params, false, &def.parameters)?;
                }
                let annotations = annotations::parameters(def);
                if self.annotated && !annotations.is_empty() {
                    self.enter_annotate(
                        &*def.parameters,
                        false,
                        annotations.into_iter().map(|(_, annotation)| annotation),
                    )?;
                }
                self.enter(ScopeKind::Function, def);
                self.scope().is_coroutine = def.is_async;
                self.params(&def.parameters)?;
                self.body(&def.body)?;
                self.exit();
                if def.type_params.is_some() {
                    self.exit();
                }
            }
            Stmt::ClassDef(def) => {
                self.define(&def.name, uses::LOCAL, stmt.range())?;
                self.exprs(def.decorator_list.iter().map(|decorator| &decorator.expression))?;
                let outer = self.class.clone();
                if let Some(params) = &def.type_params {
                    self.class = Some(def.name.to_string());
                    self.enter_type_params(params, true, &Parameters::default())?;
                }
                if let Some(arguments) = &def.arguments {
                    self.exprs(&arguments.args)?;
                    self.exprs(arguments.keywords.iter().map(|keyword| &keyword.value))?;
                }
                self.enter(ScopeKind::Class, def);
                self.class = Some(def.name.to_string());
                if def.type_params.is_some() {
                    self.define("__type_params__", uses::LOCAL, stmt.range())?;
                    self.define(".type_params", uses::USE, stmt.range())?;
                }
                self.body(&def.body)?;
                self.annotations(&def.body)?;
                self.exit();
                if def.type_params.is_some() {
                    self.exit();
                }
                self.class = outer;
            }
            Stmt::TypeAlias(alias) => {
                self.expr(&alias.name)?;
                if let Some(params) = &alias.type_params {
                    self.enter_type_params(params, false, &Parameters::default())?;
                }
                self.enter_annotation(ScopeKind::TypeAlias, alias)?;
                self.expr(&alias.value)?;
                self.exit();
                if alias.type_params.is_some() {
                    self.exit();
                }
            }
            Stmt::Return(stmt) => return self.exprs(stmt.value.as_deref()),
            Stmt::Delete(stmt) => return self.exprs(&stmt.targets),
            Stmt::Assign(stmt) => {
                self.exprs(&stmt.targets)?;
                return self.expr(&stmt.value);
            }
            Stmt::AugAssign(stmt) => {
                self.expr(&stmt.target)?;
                return self.expr(&stmt.value);
            }
            Stmt::AnnAssign(assign) => return self.annotated(assign),
            Stmt::For(stmt) => {
                self.expr(&stmt.target)?;
                self.expr(&stmt.iter)?;
                self.body(&stmt.body)?;
                self.body(&stmt.orelse)?;
                if stmt.is_async {
                    self.scope().is_coroutine = true;
                }
            }
            Stmt::While(stmt) => {
                self.expr(&stmt.test)?;
                self.body(&stmt.body)?;
                self.body(&stmt.orelse)?;
            }
            Stmt::If(stmt) => {
                self.expr(&stmt.test)?;
                self.body(&stmt.body)?;
                for clause in &stmt.elif_else_clauses {
                    self.exprs(clause.test.as_ref())?;
                    self.body(&clause.body)?;
                }
            }
            Stmt::With(stmt) => {
                for item in &stmt.items {
                    self.expr(&item.context_expr)?;
                    self.exprs(item.optional_vars.as_deref())?;
                }
                self.body(&stmt.body)?;
                if stmt.is_async {
                    self.scope().is_coroutine = true;
                }
            }
            Stmt::Match(stmt) => {
                self.expr(&stmt.subject)?;
                for case in &stmt.cases {
                    self.pattern(&case.pattern)?;
                    self.exprs(case.guard.as_deref())?;
                    self.body(&case.body)?;
                }
            }
            Stmt::Raise(stmt) => {
                self.exprs(raised(stmt))?;
                return self.exprs(stmt.cause.as_deref());
            }
            Stmt::Try(stmt) => {
                self.body(&stmt.body)?;
                self.body(&stmt.orelse)?;
                for ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
                    self.exprs(handler.type_.as_deref())?;
                    if let Some(name) = &handler.name {
                        self.define(name, uses::LOCAL, handler.range())?;
                    }
                    self.body(&handler.body)?;
                }
                self.body(&stmt.finalbody)?;
            }
            Stmt::Assert(stmt) => {
                self.expr(&stmt.test)?;
                return self.exprs(stmt.msg.as_deref());
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let full = alias.name.as_str();
                    let name =
                        alias.asname.as_ref().map_or(full.split('.').next().unwrap_or(full), |name| name.as_str());
                    self.define(name, uses::IMPORT, alias.range())?;
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name);
                    if name.as_str() != "*" {
                        self.define(name, uses::IMPORT, alias.range())?;
                    } else if self.scope().kind != ScopeKind::Module {
                        return fail("import * only allowed at module level", stmt.range());
                    }
                }
            }
            Stmt::Global(global) => {
                let names = global.names.iter().map(|name| name.as_str());
                return self.directive(names, uses::GLOBAL, "global", stmt.range());
            }
            Stmt::Nonlocal(nonlocal) => {
                let names = nonlocal.names.iter().map(|name| name.as_str());
                return self.directive(names, uses::NONLOCAL, "nonlocal", stmt.range());
            }
            Stmt::Expr(stmt) => return self.expr(&stmt.value),
            Stmt::Pass(_) | Stmt::Break(_) | Stmt::Continue(_) | Stmt::IpyEscapeCommand(_) => {}
        }
        Ok(())
    }

    /// The annotated names of a module or class body whose other names have been visited.
    pub(super) fn annotations(&mut self, body: &[Stmt]) -> Done {
        let variables = annotations::variables(body);
        let Some(first) = variables.first().filter(|_| self.annotated) else { return Ok(()) };
        let conditional = variables.iter().any(|v| v.is_conditional);
        // In a class it is a cell of its own, which the function's use makes.
        if conditional && self.scope().kind == ScopeKind::Module {
            self.define(annotations::CONDITIONAL, uses::LOCAL | uses::USE, TextRange::default())?;
        }
        self.enter_annotate(first.assign, conditional, variables.iter().map(|v| &*v.assign.annotation))
    }

    /// The scope of an `__annotate__` function, which belongs to `node`.
    fn enter_annotate<'a, T>(&mut self, node: &T, conditional: bool, all: impl Iterator<Item = &'a Expr>) -> Done {
        self.enter_annotation(ScopeKind::Annotations, node)?;
        self.define(".format", uses::PARAM, TextRange::default())?;
        self.define("NotImplementedError", uses::USE, TextRange::default())?;
        if conditional {
            self.define(annotations::CONDITIONAL, uses::USE, TextRange::default())?;
        }
        for annotation in all {
            match annotation {
                Expr::Starred(starred) => self.expr(&starred.value)?,
                annotation => self.expr(annotation)?,
            }
        }
        self.exit();
        Ok(())
    }

    /// An annotated assignment.  The annotation itself belongs to the scope of `__annotate__`; that of a complex target is evaluated where it stands.
    fn annotated(&mut self, assign: &ruff_python_ast::StmtAnnAssign) -> Done {
        match &*assign.target {
            Expr::Name(name) => {
                let id = mangle(self.class.as_deref(), &name.id);
                let old = self.scope().uses(&id);
                let module = self.scope().kind == ScopeKind::Module;
                if old & (uses::GLOBAL | uses::NONLOCAL) != 0 && !module && assign.simple {
                    let kind = if old & uses::GLOBAL != 0 { "global" } else { "nonlocal" };
                    return fail(format!("annotated name '{}' can't be {kind}", name.id), assign.range());
                }
                if assign.simple {
                    self.define(&name.id, uses::ANNOTATED | uses::LOCAL, assign.target.range())?;
                } else if assign.value.is_some() {
                    self.define(&name.id, uses::LOCAL, assign.target.range())?;
                }
            }
            target => self.expr(target)?,
        }
        if !assign.simple && !self.scope().is_function_like() {
            self.expr(&assign.annotation)?;
        }
        self.exprs(assign.value.as_deref())
    }

    fn directive<'a>(&mut self, names: impl Iterator<Item = &'a str>, bit: u32, word: &str, range: TextRange) -> Done {
        for name in names {
            let id = mangle(self.class.as_deref(), name);
            let old = self.scope().uses(&id);
            let message = if old & uses::PARAM != 0 {
                format!("name '{name}' is parameter and {word}")
            } else if old & uses::USE != 0 {
                format!("name '{name}' is used prior to {word} declaration")
            } else if old & uses::ANNOTATED != 0 {
                format!("annotated name '{name}' can't be {word}")
            } else if old & uses::LOCAL != 0 {
                format!("name '{name}' is assigned to before {word} declaration")
            } else {
                self.define(name, bit, range)?;
                self.scope().directives.push((id, range));
                continue;
            };
            return fail(message, range);
        }
        Ok(())
    }

    pub(super) fn defaults(&mut self, params: &Parameters) -> Done {
        let positional = params.posonlyargs.iter().chain(&params.args);
        self.exprs(positional.chain(&params.kwonlyargs).filter_map(|param| param.default.as_deref()))
    }

    pub(super) fn params(&mut self, params: &Parameters) -> Done {
        for param in params.posonlyargs.iter().chain(&params.args).chain(&params.kwonlyargs) {
            self.define(&param.parameter.name, uses::PARAM, param.parameter.range())?;
        }
        if let Some(param) = &params.vararg {
            self.define(&param.name, uses::PARAM, param.range())?;
            self.scope().has_varargs = true;
        }
        if let Some(param) = &params.kwarg {
            self.define(&param.name, uses::PARAM, param.range())?;
            self.scope().has_varkeywords = true;
        }
        Ok(())
    }

    fn enter_annotation<T>(&mut self, kind: ScopeKind, node: &T) -> Done {
        let outer = self.scope();
        let sees_class = outer.kind == ScopeKind::Class || outer.can_see_class;
        self.enter(kind, node);
        self.scope().can_see_class = sees_class;
        if sees_class {
            self.define("__classdict__", uses::USE, TextRange::default())?;
        }
        Ok(())
    }

    fn enter_type_params(&mut self, params: &TypeParams, is_class: bool, args: &Parameters) -> Done {
        let range = params.range();
        self.enter_annotation(ScopeKind::TypeParams, params)?;
        if is_class {
            self.define(".type_params", uses::LOCAL, range)?;
            self.define(".type_params", uses::USE, range)?;
            self.define(".generic_base", uses::LOCAL, range)?;
            self.define(".generic_base", uses::USE, range)?;
        }
        let mut positional = args.posonlyargs.iter().chain(&args.args);
        if positional.any(|param| param.default.is_some()) {
            self.define(".defaults", uses::PARAM, range)?;
        }
        if args.kwonlyargs.iter().any(|param| param.default.is_some()) {
            self.define(".kwdefaults", uses::PARAM, range)?;
        }
        for param in &params.type_params {
            self.type_param(param)?;
        }
        Ok(())
    }

    fn type_param(&mut self, param: &TypeParam) -> Done {
        let name = param.name();
        if name.as_str() == "__classdict__" {
            return fail(format!("reserved name '{name}' cannot be used for type parameter"), param.range());
        }
        self.define(name, uses::TYPE_PARAM | uses::LOCAL, param.range())?;
        let bound = match param {
            TypeParam::TypeVar(var) => var.bound.as_deref(),
            _ => None,
        };
        for expr in bound.into_iter().chain(param.default()) {
            self.enter_annotation(ScopeKind::TypeVariable, expr)?;
            self.expr(expr)?;
            self.exit();
        }
        Ok(())
    }
}
