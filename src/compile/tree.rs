//! The syntax tree as plain data, by the names of Python's `ast`: what `compile(..., PyCF_ONLY_AST)` gives is made of it.

mod parameters;
mod patterns;
mod text;

use dashu_int::IBig;
use ruff_python_ast::{
    Alias, Arguments, Comprehension, Decorator, ExceptHandler, Expr, ExprContext, FStringPart, Identifier, Keyword,
    Number, Stmt, WithItem,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::Mode;
use super::literal;
use super::parse::{parse_expression, parse_module, raised};
use super::source::Source;
use super::syntax_error::SyntaxError;
use crate::code::constant::{Const, Text};

/// A node: its class, its fields in their order, and its place.
pub struct Node {
    pub kind: String,
    pub fields: Vec<(&'static str, Field)>,
    /// Lines from 1, columns in UTF-8 bytes: line, column, end line, end column.
    pub place: Option<[u32; 4]>,
}

/// What a field holds.
pub enum Field {
    None,
    Node(Box<Node>),
    List(Vec<Field>),
    /// A name, or a text that is none of the program's constants.
    Text(String),
    Int(i64),
    Constant(Const),
}

/// The tree of a source.
pub fn tree(source: &Source, mode: Mode) -> Result<Node, SyntaxError> {
    let b = Builder { source };
    let (kind, body) = match mode {
        Mode::Eval => {
            let parsed = parse_expression(source)?;
            ("Expression", parsed.expression().map_or(Field::None, |e| b.expr(e)))
        }
        Mode::Exec => ("Module", b.body(parse_module(source)?.body())),
        Mode::Single => ("Interactive", b.body(parse_module(source)?.body())),
    };
    let mut fields = vec![("body", body)];
    if mode == Mode::Exec {
        fields.push(("type_ignores", Field::List(Vec::new())));
    }
    Ok(Node { kind: kind.to_owned(), fields, place: None })
}

const STACK_RED_ZONE: usize = 128 * 1024;
const STACK_SIZE: usize = 4 * 1024 * 1024;

struct Builder<'a> {
    source: &'a Source,
}

type Fields = Vec<(&'static str, Field)>;

fn plain(kind: String) -> Field {
    Field::Node(Box::new(Node { kind, fields: Vec::new(), place: None }))
}

fn context(ctx: ExprContext) -> Field {
    plain(format!("{ctx:?}"))
}

fn name(id: &Identifier) -> Field {
    Field::Text(id.id.to_string())
}

fn optional_name(id: Option<&Identifier>) -> Field {
    id.map_or(Field::None, name)
}

fn list<T>(items: impl IntoIterator<Item = T>, f: impl FnMut(T) -> Field) -> Field {
    Field::List(items.into_iter().map(f).collect())
}

impl Builder<'_> {
    fn place(&self, range: TextRange) -> [u32; 4] {
        let (start, end) = (self.source.position(range.start()), self.source.position(range.end()));
        [start.line, start.byte_column, end.line, end.byte_column]
    }

    fn node(&self, kind: &str, range: TextRange, fields: Fields) -> Field {
        Field::Node(Box::new(Node { kind: kind.to_owned(), fields, place: Some(self.place(range)) }))
    }

    fn bare(&self, kind: &str, fields: Fields) -> Field {
        Field::Node(Box::new(Node { kind: kind.to_owned(), fields, place: None }))
    }

    fn body(&self, body: &[Stmt]) -> Field {
        list(body, |s| self.stmt(s))
    }

    fn exprs<'e>(&self, items: impl IntoIterator<Item = &'e Expr>) -> Field {
        list(items, |e| self.expr(e))
    }

    fn optional(&self, e: Option<&Expr>) -> Field {
        e.map_or(Field::None, |e| self.expr(e))
    }

    fn stmt(&self, s: &Stmt) -> Field {
        stacker::maybe_grow(STACK_RED_ZONE, STACK_SIZE, || self.statement(s))
    }

    fn expr(&self, e: &Expr) -> Field {
        stacker::maybe_grow(STACK_RED_ZONE, STACK_SIZE, || self.expression(e))
    }

    /// The range without the decorators, which the parser counts to a definition.
    fn without_decorators(&self, range: TextRange, decorators: &[Decorator]) -> TextRange {
        let Some(last) = decorators.last() else { return range };
        let mut at = last.range.end();
        let text = self.source.text();
        loop {
            let rest = &text[usize::from(at)..usize::from(range.end())];
            let skipped = rest.len() - rest.trim_start().len();
            let comment = rest[skipped..].strip_prefix('#').map(|c| c.find('\n').unwrap_or(c.len()) + 1);
            at += TextSize::new((skipped + comment.unwrap_or(0)) as u32);
            if comment.is_none() {
                return TextRange::new(at.min(range.end()), range.end());
            }
        }
    }

    fn statement(&self, s: &Stmt) -> Field {
        let range = s.range();
        let none = || ("type_comment", Field::None);
        let (kind, fields): (&str, Fields) = match s {
            Stmt::FunctionDef(d) => {
                let kind = if d.is_async { "AsyncFunctionDef" } else { "FunctionDef" };
                let fields = vec![
                    ("name", name(&d.name)),
                    ("args", self.parameters(Some(&d.parameters))),
                    ("body", self.body(&d.body)),
                    ("decorator_list", self.exprs(d.decorator_list.iter().map(|d| &d.expression))),
                    ("returns", self.optional(d.returns.as_deref())),
                    none(),
                    ("type_params", self.type_params(d.type_params.as_deref())),
                ];
                return self.node(kind, self.without_decorators(range, &d.decorator_list), fields);
            }
            Stmt::ClassDef(d) => {
                let (bases, keywords) = self.arguments(d.arguments.as_deref());
                let fields = vec![
                    ("name", name(&d.name)),
                    ("bases", bases),
                    ("keywords", keywords),
                    ("body", self.body(&d.body)),
                    ("decorator_list", self.exprs(d.decorator_list.iter().map(|d| &d.expression))),
                    ("type_params", self.type_params(d.type_params.as_deref())),
                ];
                return self.node("ClassDef", self.without_decorators(range, &d.decorator_list), fields);
            }
            Stmt::Return(s) => ("Return", vec![("value", self.optional(s.value.as_deref()))]),
            Stmt::Delete(s) => ("Delete", vec![("targets", self.exprs(&s.targets))]),
            Stmt::TypeAlias(s) => (
                "TypeAlias",
                vec![
                    ("name", self.expr(&s.name)),
                    ("type_params", self.type_params(s.type_params.as_deref())),
                    ("value", self.expr(&s.value)),
                ],
            ),
            Stmt::Assign(s) => {
                ("Assign", vec![("targets", self.exprs(&s.targets)), ("value", self.expr(&s.value)), none()])
            }
            Stmt::AugAssign(s) => (
                "AugAssign",
                vec![
                    ("target", self.expr(&s.target)),
                    ("op", plain(format!("{:?}", s.op))),
                    ("value", self.expr(&s.value)),
                ],
            ),
            Stmt::AnnAssign(s) => (
                "AnnAssign",
                vec![
                    ("target", self.expr(&s.target)),
                    ("annotation", self.expr(&s.annotation)),
                    ("value", self.optional(s.value.as_deref())),
                    ("simple", Field::Int(s.simple.into())),
                ],
            ),
            Stmt::For(s) => (
                if s.is_async { "AsyncFor" } else { "For" },
                vec![
                    ("target", self.expr(&s.target)),
                    ("iter", self.expr(&s.iter)),
                    ("body", self.body(&s.body)),
                    ("orelse", self.body(&s.orelse)),
                    none(),
                ],
            ),
            Stmt::While(s) => (
                "While",
                vec![("test", self.expr(&s.test)), ("body", self.body(&s.body)), ("orelse", self.body(&s.orelse))],
            ),
            Stmt::If(s) => {
                // Clauses from the last one on: each `elif` is an `if` in the `else` of the one before.
                let mut orelse = Field::List(Vec::new());
                for clause in s.elif_else_clauses.iter().rev() {
                    orelse = match &clause.test {
                        None => self.body(&clause.body),
                        Some(test) => {
                            let fields =
                                vec![("test", self.expr(test)), ("body", self.body(&clause.body)), ("orelse", orelse)];
                            let whole = TextRange::new(clause.range.start(), range.end());
                            Field::List(vec![self.node("If", whole, fields)])
                        }
                    };
                }
                ("If", vec![("test", self.expr(&s.test)), ("body", self.body(&s.body)), ("orelse", orelse)])
            }
            Stmt::With(s) => (
                if s.is_async { "AsyncWith" } else { "With" },
                vec![("items", list(&s.items, |i| self.with_item(i))), ("body", self.body(&s.body)), none()],
            ),
            Stmt::Match(s) => {
                ("Match", vec![("subject", self.expr(&s.subject)), ("cases", list(&s.cases, |c| self.case(c)))])
            }
            Stmt::Raise(s) => {
                ("Raise", vec![("exc", self.optional(raised(s))), ("cause", self.optional(s.cause.as_deref()))])
            }
            Stmt::Try(s) => (
                if s.is_star { "TryStar" } else { "Try" },
                vec![
                    ("body", self.body(&s.body)),
                    ("handlers", list(&s.handlers, |h| self.handler(h))),
                    ("orelse", self.body(&s.orelse)),
                    ("finalbody", self.body(&s.finalbody)),
                ],
            ),
            Stmt::Assert(s) => ("Assert", vec![("test", self.expr(&s.test)), ("msg", self.optional(s.msg.as_deref()))]),
            Stmt::Import(s) => ("Import", vec![("names", list(&s.names, |n| self.alias(n)))]),
            Stmt::ImportFrom(s) => (
                "ImportFrom",
                vec![
                    ("module", optional_name(s.module.as_ref())),
                    ("names", list(&s.names, |n| self.alias(n))),
                    ("level", Field::Int(s.level.into())),
                ],
            ),
            Stmt::Global(s) => ("Global", vec![("names", list(&s.names, name))]),
            Stmt::Nonlocal(s) => ("Nonlocal", vec![("names", list(&s.names, name))]),
            Stmt::Expr(s) => ("Expr", vec![("value", self.expr(&s.value))]),
            Stmt::Pass(_) | Stmt::IpyEscapeCommand(_) => ("Pass", vec![]),
            Stmt::Break(_) => ("Break", vec![]),
            Stmt::Continue(_) => ("Continue", vec![]),
        };
        self.node(kind, range, fields)
    }

    fn expression(&self, e: &Expr) -> Field {
        let range = e.range();
        let (kind, fields): (&str, Fields) = match e {
            Expr::BoolOp(e) => {
                ("BoolOp", vec![("op", plain(format!("{:?}", e.op))), ("values", self.exprs(&e.values))])
            }
            Expr::Named(e) => ("NamedExpr", vec![("target", self.expr(&e.target)), ("value", self.expr(&e.value))]),
            Expr::BinOp(e) => (
                "BinOp",
                vec![
                    ("left", self.expr(&e.left)),
                    ("op", plain(format!("{:?}", e.op))),
                    ("right", self.expr(&e.right)),
                ],
            ),
            Expr::UnaryOp(e) => {
                ("UnaryOp", vec![("op", plain(format!("{:?}", e.op))), ("operand", self.expr(&e.operand))])
            }
            Expr::Lambda(e) => {
                ("Lambda", vec![("args", self.parameters(e.parameters.as_deref())), ("body", self.expr(&e.body))])
            }
            Expr::If(e) => (
                "IfExp",
                vec![("test", self.expr(&e.test)), ("body", self.expr(&e.body)), ("orelse", self.expr(&e.orelse))],
            ),
            Expr::Dict(e) => (
                "Dict",
                vec![
                    ("keys", list(&e.items, |i| self.optional(i.key.as_ref()))),
                    ("values", self.exprs(e.items.iter().map(|i| &i.value))),
                ],
            ),
            Expr::Set(e) => ("Set", vec![("elts", self.exprs(&e.elts))]),
            Expr::ListComp(e) => ("ListComp", self.comprehension(&e.elt, &e.generators)),
            Expr::SetComp(e) => ("SetComp", self.comprehension(&e.elt, &e.generators)),
            Expr::Generator(e) => ("GeneratorExp", self.comprehension(&e.elt, &e.generators)),
            Expr::DictComp(e) => (
                "DictComp",
                vec![
                    ("key", self.optional(e.key.as_deref())),
                    ("value", self.expr(&e.value)),
                    ("generators", list(&e.generators, |g| self.generator(g))),
                ],
            ),
            Expr::Await(e) => ("Await", vec![("value", self.expr(&e.value))]),
            Expr::Yield(e) => ("Yield", vec![("value", self.optional(e.value.as_deref()))]),
            Expr::YieldFrom(e) => ("YieldFrom", vec![("value", self.expr(&e.value))]),
            Expr::Compare(e) => (
                "Compare",
                vec![
                    ("left", self.expr(&e.left)),
                    ("ops", list(&e.ops, |op| plain(format!("{op:?}")))),
                    ("comparators", self.exprs(&e.comparators)),
                ],
            ),
            Expr::Call(e) => {
                let (args, keywords) = self.arguments(Some(&e.arguments));
                ("Call", vec![("func", self.expr(&e.func)), ("args", args), ("keywords", keywords)])
            }
            Expr::FString(e) => {
                let mut values = Vec::new();
                for part in e.value.as_slice() {
                    match part {
                        FStringPart::Literal(l) => {
                            let text = literal::text(self.source_of(l.range), &l.value);
                            self.add_text(&mut values, text, l.range);
                        }
                        FStringPart::FString(f) => self.elements(&mut values, &f.elements, false),
                    }
                }
                ("JoinedStr", vec![("values", Field::List(values))])
            }
            Expr::TString(e) => {
                let mut values = Vec::new();
                e.value.as_slice().iter().for_each(|t| self.elements(&mut values, &t.elements, true));
                ("TemplateStr", vec![("values", Field::List(values))])
            }
            Expr::StringLiteral(l) => {
                let mut parts =
                    l.value.as_slice().iter().map(|part| literal::text(self.source_of(part.range), &part.value));
                let first = parts.next().unwrap_or_else(|| Text::from(""));
                let text = parts.fold(first, |text, part| text.concat(&part));
                let unicode = self.source_of(range).starts_with(['u', 'U']);
                let kind = if unicode { Field::Text("u".to_owned()) } else { Field::None };
                ("Constant", vec![("value", Field::Constant(Const::Str(text))), ("kind", kind)])
            }
            Expr::BytesLiteral(l) => ("Constant", constant(Const::Bytes(l.value.bytes().collect()))),
            Expr::NumberLiteral(n) => (
                "Constant",
                constant(match &n.value {
                    Number::Int(i) => {
                        Const::Int(i.as_u64().map_or_else(|| literal::int(self.source_of(range)), IBig::from))
                    }
                    Number::Float(x) => Const::Float(*x),
                    Number::Complex { real, imag } => Const::Complex { re: *real, im: *imag },
                }),
            ),
            Expr::BooleanLiteral(b) => ("Constant", constant(if b.value { Const::True } else { Const::False })),
            Expr::NoneLiteral(_) | Expr::IpyEscapeCommand(_) => ("Constant", constant(Const::None)),
            Expr::EllipsisLiteral(_) => ("Constant", constant(Const::Ellipsis)),
            Expr::Attribute(e) => {
                ("Attribute", vec![("value", self.expr(&e.value)), ("attr", name(&e.attr)), ("ctx", context(e.ctx))])
            }
            Expr::Subscript(e) => (
                "Subscript",
                vec![("value", self.expr(&e.value)), ("slice", self.expr(&e.slice)), ("ctx", context(e.ctx))],
            ),
            Expr::Starred(e) => ("Starred", vec![("value", self.expr(&e.value)), ("ctx", context(e.ctx))]),
            Expr::Name(e) => ("Name", vec![("id", Field::Text(e.id.to_string())), ("ctx", context(e.ctx))]),
            Expr::List(e) => ("List", vec![("elts", self.exprs(&e.elts)), ("ctx", context(e.ctx))]),
            Expr::Tuple(e) => ("Tuple", vec![("elts", self.exprs(&e.elts)), ("ctx", context(e.ctx))]),
            Expr::Slice(e) => (
                "Slice",
                vec![
                    ("lower", self.optional(e.lower.as_deref())),
                    ("upper", self.optional(e.upper.as_deref())),
                    ("step", self.optional(e.step.as_deref())),
                ],
            ),
        };
        self.node(kind, range, fields)
    }

    fn comprehension(&self, elt: &Expr, generators: &[Comprehension]) -> Fields {
        vec![("elt", self.expr(elt)), ("generators", list(generators, |g| self.generator(g)))]
    }

    fn generator(&self, g: &Comprehension) -> Field {
        self.bare(
            "comprehension",
            vec![
                ("target", self.expr(&g.target)),
                ("iter", self.expr(&g.iter)),
                ("ifs", self.exprs(&g.ifs)),
                ("is_async", Field::Int(g.is_async.into())),
            ],
        )
    }

    /// Positional arguments and keywords of a call or class.
    fn arguments(&self, arguments: Option<&Arguments>) -> (Field, Field) {
        let Some(arguments) = arguments else { return (Field::List(vec![]), Field::List(vec![])) };
        if let ([Expr::Generator(g)], []) = (&arguments.args[..], &arguments.keywords[..])
            && !g.parenthesized
        {
            // The parentheses of the call are those of the generator.
            let fields = self.comprehension(&g.elt, &g.generators);
            let only = self.node("GeneratorExp", arguments.range, fields);
            return (Field::List(vec![only]), Field::List(vec![]));
        }
        (self.exprs(&arguments.args[..]), list(&arguments.keywords, |k| self.keyword(k)))
    }

    fn keyword(&self, k: &Keyword) -> Field {
        self.node("keyword", k.range, vec![("arg", optional_name(k.arg.as_ref())), ("value", self.expr(&k.value))])
    }

    fn alias(&self, n: &Alias) -> Field {
        self.node("alias", n.range, vec![("name", name(&n.name)), ("asname", optional_name(n.asname.as_ref()))])
    }

    fn with_item(&self, i: &WithItem) -> Field {
        self.bare(
            "withitem",
            vec![
                ("context_expr", self.expr(&i.context_expr)),
                ("optional_vars", self.optional(i.optional_vars.as_deref())),
            ],
        )
    }

    fn handler(&self, h: &ExceptHandler) -> Field {
        let ExceptHandler::ExceptHandler(h) = h;
        self.node(
            "ExceptHandler",
            h.range,
            vec![
                ("type", self.optional(h.type_.as_deref())),
                ("name", optional_name(h.name.as_ref())),
                ("body", self.body(&h.body)),
            ],
        )
    }

    fn source_of(&self, range: TextRange) -> &str {
        &self.source.text()[range]
    }
}

fn constant(value: Const) -> Fields {
    vec![("value", Field::Constant(value)), ("kind", Field::None)]
}
