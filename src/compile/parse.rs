//! The one door to the parser crate: source text to syntax tree, or a `SyntaxError`.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, walk_expr, walk_pattern, walk_stmt};
use ruff_python_ast::{AnyNodeRef, Expr, Mod, Pattern, PythonVersion, Stmt, StmtRaise};
use ruff_python_parser::{Mode, ParseError, ParseErrorType, ParseOptions};

use super::source::Source;
use super::syntax;
use super::syntax_error::{Stage, SyntaxError};

/// The deepest tree the compiler takes, in nodes from the root; CPython gives up between 5,000 and 10,000.
const MAX_DEPTH: usize = 6000;
/// CPython's limits on open brackets and open blocks.
const MAX_BRACKETS: usize = 200;
const MAX_INDENTS: usize = 99;
/// A logical line with fewer tokens cannot hold a tree deep enough to care about.
const SHORT_LINE: usize = 500;

/// Stack to keep, and to allocate when less is left, while a visitor recurses.
const STACK_RED_ZONE: usize = 128 * 1024;
const STACK_SIZE: usize = 4 * 1024 * 1024;
/// Stack that dropping one level of a tree takes, generously, and the most to allocate for dropping.
const DROP_STACK: usize = 2048;
const MAX_DROP_STACK: usize = 1 << 30;

/// A parsed module or expression.
#[derive(Debug)]
pub struct Parsed {
    /// `None` only while being dropped.
    parsed: Option<ruff_python_parser::Parsed<Mod>>,
    depth: usize,
}

impl Parsed {
    /// The statements of the module; empty when an expression was parsed.
    pub fn body(&self) -> &[Stmt] {
        match self.parsed.as_ref().map(|parsed| parsed.syntax()) {
            Some(Mod::Module(module)) => &module.body,
            _ => &[],
        }
    }

    /// The expression, when parsed by [`parse_expression`].
    pub fn expression(&self) -> Option<&Expr> {
        match self.parsed.as_ref().map(|parsed| parsed.syntax()) {
            Some(Mod::Expression(expression)) => Some(&expression.body),
            _ => None,
        }
    }

    /// The depth of the tree when it is worth knowing (some logical line is long); else a small bound.
    pub fn depth(&self) -> usize {
        self.depth
    }
}

impl Drop for Parsed {
    fn drop(&mut self) {
        let parsed = self.parsed.take();
        let stack = self.depth.saturating_mul(DROP_STACK);
        if stack > MAX_DROP_STACK {
            // Dropping recurses; a tree this deep is leaked rather than allowed to end the process.
            std::mem::forget(parsed);
        } else if self.depth > SHORT_LINE {
            stacker::grow(stack + STACK_RED_ZONE, || drop(parsed));
        }
    }
}

/// Parses a module (`exec` mode).
///
/// The tree is at most 6,000 nodes deep: recursive visitors use `stacker::maybe_grow`.
pub fn parse_module(source: &Source) -> Result<Parsed, SyntaxError> {
    parse(source, Mode::Module)
}

/// Parses one expression (`eval` mode).
pub fn parse_expression(source: &Source) -> Result<Parsed, SyntaxError> {
    parse(source, Mode::Expression)
}

fn parse(source: &Source, mode: Mode) -> Result<Parsed, SyntaxError> {
    let rule = if mode == Mode::Module { "file" } else { "eval" };
    let options = ParseOptions::from(mode).with_target_version(PythonVersion::PY314);
    let parsed = ruff_python_parser::parse_unchecked(source.text(), options);
    let shape = Shape::of(&parsed);
    let depth = match shape.may_be_deep {
        true => tree_depth(parsed.syntax()),
        false => SHORT_LINE,
    };
    let parsed = Parsed { parsed: Some(parsed), depth };
    let Some(inner) = &parsed.parsed else {
        return Ok(parsed);
    };
    let errors = inner.errors().iter().filter(|error| !is_bare_raise(error, source.text()));
    let errors = errors.map(|error| error.location);
    let unsupported = inner.unsupported_syntax_errors();
    let unsupported = unsupported.iter().map(|error| error.range);
    if let Some(location) = errors.chain(unsupported).next() {
        return Err(syntax::diagnose(source, rule).unwrap_or_else(|| SyntaxError {
            stage: Stage::Parse,
            ..SyntaxError::new(source, location, "invalid syntax")
        }));
    }
    if !source.is_written()
        && (shape.beyond_limits || mixes_indentation(source.text()))
        && let Some(error) = syntax::token_error(source)
    {
        return Err(error);
    }
    if depth > MAX_DEPTH {
        return Err(SyntaxError::too_deep(source.file()));
    }
    Ok(parsed)
}

/// The parser crate wants an expression between `raise` and `;`, and makes up a name without letters (see [`raised`]).
fn is_bare_raise(error: &ParseError, text: &str) -> bool {
    let at = error.location.start().to_usize();
    matches!(error.error, ParseErrorType::ExpectedExpression)
        && text[at..].starts_with(';')
        && text[..at].trim_end_matches([' ', '\t', '\u{c}']).strip_suffix("raise").is_some_and(|before| {
            !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.' || !c.is_ascii())
        })
}

/// The exception of a `raise` statement.
pub fn raised(statement: &StmtRaise) -> Option<&Expr> {
    statement.exc.as_deref().filter(|exc| !matches!(exc, Expr::Name(name) if name.id.is_empty()))
}

/// What the tokens tell of a program without a look at its tree.
struct Shape {
    may_be_deep: bool,
    /// Over a limit that only CPython's tokenizer has.
    beyond_limits: bool,
}

impl Shape {
    fn of(parsed: &ruff_python_parser::Parsed<Mod>) -> Shape {
        let (mut brackets, mut most_brackets) = (0usize, 0);
        let (mut indents, mut most_indents) = (0usize, 0);
        let (mut line, mut longest_line) = (0usize, 0);
        let (mut fstrings, mut fstring_braces) = (0usize, false);
        for token in parsed.tokens().iter() {
            line += 1;
            match token.kind() {
                TokenKind::Newline => {
                    longest_line = longest_line.max(line);
                    line = 0;
                }
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                    brackets += 1;
                    most_brackets = most_brackets.max(brackets);
                    fstring_braces |= fstrings > 0 && brackets > 2;
                }
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                    brackets = brackets.saturating_sub(1);
                }
                TokenKind::Indent => {
                    indents += 1;
                    most_indents = most_indents.max(indents);
                }
                TokenKind::Dedent => indents = indents.saturating_sub(1),
                TokenKind::FStringStart | TokenKind::TStringStart => fstrings += 1,
                TokenKind::FStringEnd | TokenKind::TStringEnd => {
                    fstrings = fstrings.saturating_sub(1);
                }
                _ => {}
            }
        }
        Shape {
            may_be_deep: longest_line.max(line) > SHORT_LINE || most_indents > MAX_INDENTS,
            beyond_limits: most_brackets > MAX_BRACKETS || most_indents > MAX_INDENTS || fstring_braces,
        }
    }
}

/// Whether some line is indented with both tabs and spaces: the parser is not as strict there as CPython.
fn mixes_indentation(text: &str) -> bool {
    text.contains('\t')
        && text.lines().any(|line| {
            let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
            indent.contains('\t') && indent.contains(' ')
        })
}

/// The number of nodes on the longest way from the root.
fn tree_depth(tree: &Mod) -> usize {
    let mut visitor = Depth { at: 0, most: 0 };
    AnyNodeRef::from(tree).visit_source_order(&mut visitor);
    visitor.most
}

struct Depth {
    at: usize,
    most: usize,
}

impl Depth {
    fn enter(&mut self, walk: impl FnOnce(&mut Depth)) {
        self.at += 1;
        self.most = self.most.max(self.at);
        stacker::maybe_grow(STACK_RED_ZONE, STACK_SIZE, || walk(self));
        self.at -= 1;
    }
}

impl<'a> SourceOrderVisitor<'a> for Depth {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        self.enter(|visitor| walk_stmt(visitor, stmt));
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        self.enter(|visitor| walk_expr(visitor, expr));
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        self.enter(|visitor| walk_pattern(visitor, pattern));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let source = Source::from_text("t.py", text).unwrap();
        parse_module(&source).unwrap_err().msg
    }

    fn parses(text: &str) {
        let source = Source::from_text("t.py", text).unwrap();
        let parsed = parse_module(&source).unwrap();
        assert!(!parsed.body().is_empty());
    }

    #[test]
    fn brackets_beyond_the_limit() {
        parses(&format!("{}1{}", "(".repeat(200), ")".repeat(200)));
        for n in [201, 10_000, 100_000] {
            let text = format!("{}1{}", "(".repeat(n), ")".repeat(n));
            assert_eq!(error(&text), "too many nested parentheses");
            assert_eq!(error(&"[".repeat(n)), "too many nested parentheses");
        }
    }

    #[test]
    fn deep_trees_are_errors() {
        let too_deep = "maximum recursion depth exceeded during compilation";
        for n in [10_000, 100_000] {
            for text in [
                format!("{}1", "-".repeat(n)),
                format!("a{}", ".b".repeat(n)),
                format!("a{}", "()".repeat(n)),
                format!("1{}", "+1".repeat(n)),
                format!("1{}", "**1".repeat(n)),
                format!("{}1", "not ".repeat(n)),
                format!("{}1", "lambda:".repeat(n)),
                format!("{}1", "a if b else ".repeat(n)),
            ] {
                assert_eq!(error(&text), too_deep, "{}", &text[..20]);
                // The same with an error at the end: the tree is dropped all the same.
                if n == 10_000 {
                    assert_eq!(error(&format!("{text} )")), "unmatched ')'");
                    error(&format!("{text} x = 3"));
                }
            }
        }
    }

    #[test]
    fn long_is_not_deep() {
        parses(&format!("1{}", "+1".repeat(2000)));
        parses(&format!("x = [{}]", "1, ".repeat(100_000)));
        parses(&format!("if a: b\n{}", "elif a: b\n".repeat(10_000)));
        parses(&format!("x = 1{}", " and 1".repeat(10_000)));
        let source = Source::from_text("t.py", format!("x = '{}'", "a".repeat(10_000_000)));
        assert!(parse_module(&source.unwrap()).is_ok());
    }

    #[test]
    fn indentation_limit() {
        let mut text = String::new();
        for i in 0..120 {
            text += &format!("{}if a:\n", " ".repeat(i));
        }
        text += &format!("{}pass\n", " ".repeat(120));
        assert_eq!(error(&text), "too many levels of indentation");
    }

    #[test]
    fn form_feeds() {
        parses("\u{c}x = 1\nif x:\n  y = 2\n\u{c}z = 3\n  \u{c}w = 4\n");
    }

    #[test]
    fn expressions() {
        let source = Source::from_text("t.py", "a + b\n").unwrap();
        assert!(parse_expression(&source).unwrap().expression().is_some());
        let source = Source::from_text("t.py", "a = b\n").unwrap();
        assert_eq!(parse_expression(&source).unwrap_err().msg, "invalid syntax");
    }
}
