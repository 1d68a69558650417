//! The walk over the tree that finds scopes and the names in them.

use ruff_python_ast::{Comprehension as For, Expr, ExprContext, FStringPart, InterpolatedStringElement, Stmt};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashMap;

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

/// Builds the symbol table of a module's statements, or of one expression; `annotated` says whether annotations have
/// scopes.
pub fn build(
    source: &Source,
    body: &[Stmt],
    expression: Option<&Expr>,
    annotated: bool,
) -> Result<SymbolTable, SyntaxError> {
    let mut builder = Builder {
        table: SymbolTable { scopes: Vec::new(), by_node: FxHashMap::default() },
        current: ScopeId(0),
        class: None,
        annotated,
        iter_target: 0,
        iter_expression: 0,
        depth: 0,
    };
    builder.table.scopes.push(new_scope(ScopeKind::Module));
    let walk = |builder: &mut Builder| {
        builder.body(body)?;
        builder.annotations(body)?;
        expression.map_or(Ok(()), |expression| builder.expr(expression))?;
        analyze(&mut builder.table).map_err(Failure::Error)
    };
    match walk(&mut builder) {
        Ok(()) => Ok(builder.table),
        Err(Failure::TooDeep) => Err(SyntaxError::too_deep(source.file())),
        Err(Failure::Error(error)) => Err(SyntaxError::new(source, error.range, error.message).of_symbols()),
    }
}

fn new_scope(kind: ScopeKind) -> Scope {
    Scope {
        kind,
        parent: None,
        symbols: Vec::new(),
        index: FxHashMap::default(),
        params: Vec::new(),
        children: Vec::new(),
        nested: false,
        is_generator: false,
        is_coroutine: false,
        comprehension: Comprehension::None,
        has_varargs: false,
        has_varkeywords: false,
        class_cells: Vec::new(),
        inlined: false,
        can_see_class: false,
        directives: Vec::new(),
    }
}

pub(super) struct Builder {
    pub(super) table: SymbolTable,
    pub(super) current: ScopeId,
    /// The class whose private names are mangled.
    pub(super) class: Option<String>,
    /// Annotations have scopes.
    pub(super) annotated: bool,
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
    pub(super) fn scope(&mut self) -> &mut Scope {
        &mut self.table.scopes[self.current.0]
    }

    pub(super) fn nest(&mut self, visit: impl FnOnce(&mut Builder) -> Done) -> Done {
        if self.depth >= MAX_DEPTH {
            return Err(Failure::TooDeep);
        }
        self.depth += 1;
        let done = stacker::maybe_grow(64 * 1024, 1024 * 1024, || visit(self));
        self.depth -= 1;
        done
    }

    pub(super) fn enter<T>(&mut self, kind: ScopeKind, node: &T) {
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

    pub(super) fn exit(&mut self) {
        self.current = self.table.get(self.current).parent.unwrap_or(ScopeId(0));
    }

    pub(super) fn define(&mut self, name: &str, bits: u32, range: TextRange) -> Done {
        self.define_in(self.current, name, bits, range)
    }

    pub(super) fn define_in(&mut self, id: ScopeId, name: &str, bits: u32, range: TextRange) -> Done {
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
                let target = std::mem::take(&mut self.iter_target);
                if let Some(params) = &e.parameters {
                    self.params(params)?;
                }
                self.expr(&e.body)?;
                self.iter_target = target;
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

    pub(super) fn interpolated(&mut self, elements: &[InterpolatedStringElement]) -> Done {
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
        let what = match scope.comprehension {
            Comprehension::None => {
                scope.is_generator = true;
                return Ok(());
            }
            Comprehension::List => "'yield' inside list comprehension",
            Comprehension::Set => "'yield' inside set comprehension",
            Comprehension::Dict => "'yield' inside dict comprehension",
            Comprehension::Generator => "'yield' inside generator expression",
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
        let saved = std::mem::take(&mut self.iter_target);
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
        self.iter_target = saved;
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
                ScopeKind::TypeParams | ScopeKind::TypeAlias | ScopeKind::TypeVariable | ScopeKind::Annotations => {
                    let place = match scope.kind {
                        ScopeKind::TypeParams => "within the definition of a generic",
                        ScopeKind::TypeAlias => "in a type alias",
                        ScopeKind::Annotations => "in an annotation",
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
