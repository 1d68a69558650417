//! The walk over the tree that finds scopes and the names in them.

use std::collections::HashMap;

use ruff_python_ast::{
    Comprehension as For, ExceptHandler, Expr, ExprContext, FStringPart, InterpolatedStringElement, Parameters, Stmt,
    TypeParam, TypeParams,
};
use ruff_text_size::{Ranged, TextRange};

use super::analyze::{ScopeError, analyze};
use super::{Comprehension, Scope, ScopeId, ScopeKind, SymbolTable, key, mangle, uses};
use crate::compile::source::Source;
use crate::compile::syntax_error::SyntaxError;

/// How deep statements and expressions may nest.
pub const MAX_DEPTH: u32 = 10_000;

pub(super) type Done = Result<(), Failure>;

/// Why the walk ends.
pub(super) enum Failure {
    Error(ScopeError),
    TooDeep,
}

/// Builds the symbol table of a module's statements, or of one expression.
pub fn build(source: &Source, body: &[Stmt], expression: Option<&Expr>) -> Result<SymbolTable, SyntaxError> {
    let mut builder = Builder {
        table: SymbolTable { scopes: Vec::new(), by_node: HashMap::new() },
        current: ScopeId(0),
        class: None,
        iter_target: 0,
        iter_expression: 0,
        depth: 0,
    };
    builder.table.scopes.push(new_scope(ScopeKind::Module));
    let walk = |builder: &mut Builder| {
        builder.body(body)?;
        expression.map_or(Ok(()), |expression| builder.expr(expression))?;
        analyze(&mut builder.table).map_err(Failure::Error)
    };
    match walk(&mut builder) {
        Ok(()) => Ok(builder.table),
        Err(Failure::TooDeep) => Err(SyntaxError::too_deep(source.file())),
        Err(Failure::Error(error)) => Err(SyntaxError::new(source, error.range, error.message)),
    }
}

fn new_scope(kind: ScopeKind) -> Scope {
    Scope {
        kind,
        parent: None,
        symbols: Vec::new(),
        index: HashMap::new(),
        params: Vec::new(),
        children: Vec::new(),
        nested: false,
        is_generator: false,
        is_coroutine: false,
        comprehension: Comprehension::None,
        has_varargs: false,
        has_varkeywords: false,
        needs_class_closure: false,
        needs_class_dict: false,
        inlined: false,
        can_see_class: false,
        directives: Vec::new(),
    }
}

pub(super) struct Builder {
    table: SymbolTable,
    current: ScopeId,
    /// The class whose private names are mangled.
    class: Option<String>,
    /// Inside the target of a comprehension's `for`.
    iter_target: u32,
    /// Inside the iterable of a comprehension.
    iter_expression: u32,
    depth: u32,
}

pub(super) fn fail<T>(message: impl Into<String>, range: TextRange) -> Result<T, Failure> {
    Err(Failure::Error(ScopeError { message: message.into(), range }))
}

impl Builder {
    fn scope(&mut self) -> &mut Scope {
        &mut self.table.scopes[self.current.0]
    }

    fn nest(&mut self, visit: impl FnOnce(&mut Builder) -> Done) -> Done {
        if self.depth >= MAX_DEPTH {
            return Err(Failure::TooDeep);
        }
        self.depth += 1;
        let done = stacker::maybe_grow(64 * 1024, 1024 * 1024, || visit(self));
        self.depth -= 1;
        done
    }

    fn enter<T>(&mut self, kind: ScopeKind, node: &T) {
        let mut scope = new_scope(kind);
        let parent = &self.table.scopes[self.current.0];
        scope.parent = Some(self.current);
        scope.nested = parent.nested || parent.is_function_like();
        let id = ScopeId(self.table.scopes.len());
        self.table.scopes[self.current.0].children.push(id);
        self.table.scopes.push(scope);
        self.table.by_node.insert(key(node), id);
        self.current = id;
    }

    fn exit(&mut self) {
        self.current = self.table.get(self.current).parent.unwrap_or(ScopeId(0));
    }

    pub(super) fn define(&mut self, name: &str, bits: u32, range: TextRange) -> Done {
        self.define_in(self.current, name, bits, range)
    }

    fn define_in(&mut self, id: ScopeId, name: &str, bits: u32, range: TextRange) -> Done {
        let name = mangle(self.class.as_deref(), name);
        let in_target = self.iter_target > 0;
        let scope = &mut self.table.scopes[id.0];
        let old = scope.uses(&name);
        if bits & uses::PARAM != 0 && old & uses::PARAM != 0 {
            return fail(format!("duplicate argument '{name}' in function definition"), range);
        }
        if bits & uses::TYPE_PARAM != 0 && old & uses::TYPE_PARAM != 0 {
            return fail(format!("duplicate type parameter '{name}'"), range);
        }
        let mut bits = old | bits;
        if in_target {
            if bits & (uses::GLOBAL | uses::NONLOCAL) != 0 {
                let message = format!("comprehension inner loop cannot rebind assignment expression target '{name}'");
                return fail(message, range);
            }
            bits |= uses::COMP_ITER;
        }
        scope.symbol_mut(&name).uses = bits;
        if bits & uses::PARAM != 0 && old & uses::PARAM == 0 {
            scope.params.push(name);
        } else if bits & uses::GLOBAL != 0 && id != ScopeId(0) {
            self.table.scopes[0].symbol_mut(&name).uses |= uses::GLOBAL;
        }
        Ok(())
    }

    pub(super) fn body(&mut self, body: &[Stmt]) -> Done {
        body.iter().try_for_each(|stmt| self.nest(|b| b.stmt(stmt)))
    }

    pub(super) fn exprs<'a>(&mut self, exprs: impl IntoIterator<Item = &'a Expr>) -> Done {
        exprs.into_iter().try_for_each(|expr| self.expr(expr))
    }

    fn stmt(&mut self, stmt: &Stmt) -> Done {
        match stmt {
            Stmt::FunctionDef(def) => {
                self.define(&def.name, uses::LOCAL, stmt.range())?;
                self.defaults(&def.parameters)?;
                self.exprs(def.decorator_list.iter().map(|decorator| &decorator.expression))?;
                if let Some(params) = &def.type_params {
                    self.enter_type_params(params, false, &def.parameters)?;
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
                self.exprs(stmt.exc.as_deref())?;
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

    /// An annotated assignment.  The annotation itself belongs to the scope of `__annotate__`, which is not made yet;
    /// that of a complex target is evaluated where it stands.
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

    fn defaults(&mut self, params: &Parameters) -> Done {
        let positional = params.posonlyargs.iter().chain(&params.args);
        self.exprs(positional.chain(&params.kwonlyargs).filter_map(|param| param.default.as_deref()))
    }

    fn params(&mut self, params: &Parameters) -> Done {
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

    pub(super) fn expr(&mut self, expr: &Expr) -> Done {
        self.nest(|builder| builder.expr_here(expr))
    }

    fn expr_here(&mut self, expr: &Expr) -> Done {
        match expr {
            Expr::BoolOp(e) => self.exprs(&e.values),
            Expr::Named(e) => self.named(e, expr.range()),
            Expr::BinOp(e) => self.exprs([&*e.left, &*e.right]),
            Expr::UnaryOp(e) => self.expr(&e.operand),
            Expr::Lambda(e) => {
                if let Some(params) = &e.parameters {
                    self.defaults(params)?;
                }
                self.enter(ScopeKind::Function, e);
                let (target, iterable) =
                    (std::mem::take(&mut self.iter_target), std::mem::take(&mut self.iter_expression));
                if let Some(params) = &e.parameters {
                    self.params(params)?;
                }
                self.expr(&e.body)?;
                (self.iter_target, self.iter_expression) = (target, iterable);
                self.exit();
                Ok(())
            }
            Expr::If(e) => self.exprs([&*e.test, &*e.body, &*e.orelse]),
            Expr::Dict(e) => {
                for item in &e.items {
                    self.exprs(item.key.as_ref())?;
                    self.expr(&item.value)?;
                }
                Ok(())
            }
            Expr::Set(e) => self.exprs(&e.elts),
            Expr::List(e) => self.exprs(&e.elts),
            Expr::Tuple(e) => self.exprs(&e.elts),
            Expr::ListComp(e) => self.comprehension(Comprehension::List, &e.generators, [Some(&*e.elt), None], e),
            Expr::SetComp(e) => self.comprehension(Comprehension::Set, &e.generators, [Some(&*e.elt), None], e),
            Expr::DictComp(e) => {
                let parts = [Some(&*e.value), e.key.as_deref()];
                self.comprehension(Comprehension::Dict, &e.generators, parts, e)
            }
            Expr::Generator(e) => self.comprehension(Comprehension::Generator, &e.generators, [Some(&*e.elt), None], e),
            Expr::Await(e) => {
                self.scope().is_coroutine = true;
                self.expr(&e.value)
            }
            Expr::Yield(e) => {
                self.exprs(e.value.as_deref())?;
                self.yields(expr.range())
            }
            Expr::YieldFrom(e) => {
                self.expr(&e.value)?;
                self.yields(expr.range())
            }
            Expr::Compare(e) => {
                self.expr(&e.left)?;
                self.exprs(&e.comparators)
            }
            Expr::Call(e) => {
                self.expr(&e.func)?;
                self.exprs(&e.arguments.args)?;
                self.exprs(e.arguments.keywords.iter().map(|keyword| &keyword.value))
            }
            Expr::FString(e) => e.value.iter().try_for_each(|part| match part {
                FStringPart::Literal(_) => Ok(()),
                FStringPart::FString(string) => self.interpolated(&string.elements),
            }),
            Expr::TString(e) => e.value.iter().try_for_each(|part| self.interpolated(&part.elements)),
            Expr::Attribute(e) => self.expr(&e.value),
            Expr::Subscript(e) => self.exprs([&*e.value, &*e.slice]),
            Expr::Starred(e) => self.expr(&e.value),
            Expr::Slice(e) => self.exprs([&e.lower, &e.upper, &e.step].into_iter().flatten().map(|part| &**part)),
            Expr::Name(e) => {
                let load = e.ctx == ExprContext::Load;
                self.define(&e.id, if load { uses::USE } else { uses::LOCAL }, expr.range())?;
                if load && e.id.as_str() == "super" && self.scope().kind == ScopeKind::Function {
                    self.define("__class__", uses::USE, expr.range())?;
                }
                Ok(())
            }
            Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_)
            | Expr::IpyEscapeCommand(_) => Ok(()),
        }
    }

    fn interpolated(&mut self, elements: &[InterpolatedStringElement]) -> Done {
        for element in elements {
            if let InterpolatedStringElement::Interpolation(part) = element {
                self.expr(&part.expression)?;
                if let Some(spec) = &part.format_spec {
                    self.nest(|builder| builder.interpolated(&spec.elements))?;
                }
            }
        }
        Ok(())
    }

    fn yields(&mut self, range: TextRange) -> Done {
        let scope = self.scope();
        let what = match (scope.comprehension, scope.kind) {
            (Comprehension::None, ScopeKind::TypeVariable) => "yield expression cannot be used within a TypeVar bound",
            (Comprehension::None, ScopeKind::TypeAlias) => "yield expression cannot be used within a type alias",
            (Comprehension::None, ScopeKind::TypeParams) => {
                "yield expression cannot be used within the definition of a generic"
            }
            (Comprehension::None, _) => {
                scope.is_generator = true;
                return Ok(());
            }
            (Comprehension::List, _) => "'yield' inside list comprehension",
            (Comprehension::Set, _) => "'yield' inside set comprehension",
            (Comprehension::Dict, _) => "'yield' inside dict comprehension",
            (Comprehension::Generator, _) => "'yield' inside generator expression",
        };
        fail(what, range)
    }

    fn comprehension<T>(
        &mut self,
        kind: Comprehension,
        generators: &[For],
        parts: [Option<&Expr>; 2],
        node: &T,
    ) -> Done {
        let Some((outermost, rest)) = generators.split_first() else { return Ok(()) };
        self.iter_expression += 1;
        self.expr(&outermost.iter)?;
        self.iter_expression -= 1;
        self.enter(ScopeKind::Function, node);
        let saved = (std::mem::take(&mut self.iter_target), std::mem::take(&mut self.iter_expression));
        self.scope().is_coroutine = outermost.is_async;
        self.scope().comprehension = kind;
        self.define(".0", uses::PARAM, outermost.range())?;
        self.target(&outermost.target)?;
        self.exprs(&outermost.ifs)?;
        for inner in rest {
            self.target(&inner.target)?;
            self.iter_expression += 1;
            self.expr(&inner.iter)?;
            self.iter_expression -= 1;
            self.exprs(&inner.ifs)?;
            if inner.is_async {
                self.scope().is_coroutine = true;
            }
        }
        self.exprs(parts.into_iter().flatten())?;
        let is_generator = kind == Comprehension::Generator;
        self.scope().is_generator = is_generator;
        let is_async = self.scope().is_coroutine && !is_generator;
        (self.iter_target, self.iter_expression) = saved;
        self.exit();
        if is_async {
            self.scope().is_coroutine = true;
        }
        Ok(())
    }

    fn target(&mut self, target: &Expr) -> Done {
        self.iter_target += 1;
        self.expr(target)?;
        self.iter_target -= 1;
        Ok(())
    }

    /// `name := value`: in a comprehension the name belongs to the scope around all comprehensions.
    fn named(&mut self, named: &ruff_python_ast::ExprNamed, range: TextRange) -> Done {
        if self.iter_expression > 0 {
            let message = "assignment expression cannot be used in a comprehension iterable expression";
            return fail(message, range);
        }
        if let (true, Expr::Name(name)) = (self.scope().comprehension != Comprehension::None, &*named.target) {
            self.bind_outside(&name.id, name.range())?;
        }
        self.expr(&named.value)?;
        self.expr(&named.target)
    }

    fn bind_outside(&mut self, name: &str, range: TextRange) -> Done {
        let id = mangle(self.class.as_deref(), name);
        let mut at = Some(self.current);
        while let Some(scope_id) = at {
            let scope = self.table.get(scope_id);
            let old = scope.uses(&id);
            if scope.comprehension != Comprehension::None {
                if old & uses::COMP_ITER != 0 && old & uses::LOCAL != 0 {
                    let message =
                        format!("assignment expression cannot rebind comprehension iteration variable '{name}'");
                    return fail(message, range);
                }
                at = scope.parent;
                continue;
            }
            let here = match scope.kind {
                ScopeKind::Module => (uses::GLOBAL, uses::GLOBAL),
                ScopeKind::Function if old & uses::GLOBAL != 0 => (uses::GLOBAL, uses::LOCAL),
                ScopeKind::Function => (uses::NONLOCAL, uses::LOCAL),
                ScopeKind::Class => {
                    let message = "assignment expression within a comprehension cannot be used in a class body";
                    return fail(message, range);
                }
                ScopeKind::TypeParams | ScopeKind::TypeAlias | ScopeKind::TypeVariable => {
                    let place = match scope.kind {
                        ScopeKind::TypeParams => "within the definition of a generic",
                        ScopeKind::TypeAlias => "in a type alias",
                        _ => "in a TypeVar bound",
                    };
                    let message = format!("assignment expression within a comprehension cannot be used {place}");
                    return fail(message, range);
                }
            };
            self.define(name, here.0, range)?;
            self.scope().directives.push((id, range));
            return self.define_in(scope_id, name, here.1, range);
        }
        Ok(())
    }
}
