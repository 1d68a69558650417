//! What `single` mode takes: one statement, or simple statements on one line.

use ruff_python_ast::{ExceptHandler, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::source::Source;
use super::syntax::tokens;
use super::syntax_error::{Stage, SyntaxError};

/// The first thing that is too much or too little in an interactive statement.
///
/// # Errors
/// `SyntaxError`, for no statement, for one on lines behind the first, and for a compound statement with its last suite on
/// the line of the clause and no newline behind it, which could go on.
pub fn check(source: &Source, body: &[Stmt]) -> Result<(), SyntaxError> {
    let text = source.text();
    let Some((first, rest)) = body.split_first() else { return Err(at_end(source)) };
    match (last_suite(first), rest.first()) {
        (Some(_), Some(second)) => {
            let start = second.start().to_usize();
            let token =
                tokens::tokenize(text).tokens.into_iter().find(|token| token.start == start && token.end > start);
            let end = token.map_or(start, |token| token.end);
            let range = TextRange::new(second.start(), TextSize::new(end as u32));
            Err(parse_error(source, range, "invalid syntax"))
        }
        (Some(suite), None) => {
            let start = suite.first().map_or(first.start(), Ranged::start);
            let line = source.line_start(source.line(start));
            // a `match` ends with the end of an indented block, whatever its cases are
            let inline = !first.is_match_stmt() && !text[TextRange::new(line, start)].trim().is_empty();
            match inline && !text[first.end().to_usize()..].contains('\n') {
                true => Err(at_end(source)),
                false => Ok(()),
            }
        }
        (None, _) => {
            let mut end = first.end();
            for next in rest {
                let between = &text[TextRange::new(end, next.start())];
                if between.replace("\\\n", "").contains('\n') {
                    let blank = between.len() - between.trim_start_matches([' ', '\t', ';']).len();
                    let start = end + TextSize::new(blank as u32);
                    let line = source.line(start);
                    let columns = source.line_text(line).trim_end_matches('\n').chars().count();
                    let mut error = parse_error(source, TextRange::empty(start), MULTIPLE);
                    error.end_offset = columns as i32 + 2;
                    return Err(error);
                }
                end = next.end();
            }
            Ok(())
        }
    }
}

const MULTIPLE: &str = "multiple statements found while compiling a single statement";

fn parse_error(source: &Source, range: TextRange, message: &str) -> SyntaxError {
    SyntaxError { stage: Stage::Parse, ..SyntaxError::new(source, range, message) }
}

/// The error where the text ends, of which CPython tells the line alone.
fn at_end(source: &Source) -> SyntaxError {
    let text = source.text();
    // the last newline is on the last line; there is none in an empty text
    let line = text.len().checked_sub(1).map_or(0, |last| source.line(TextSize::new(last as u32)));
    SyntaxError {
        line,
        offset: 0,
        end_line: line,
        end_offset: 0,
        text: Some(source.line_text(line).to_owned()),
        ..parse_error(source, TextRange::default(), "invalid syntax")
    }
}

/// The suite that ends a compound statement; `None` for a simple one.
fn last_suite(stmt: &Stmt) -> Option<&[Stmt]> {
    match stmt {
        Stmt::FunctionDef(def) => Some(&def.body),
        Stmt::ClassDef(def) => Some(&def.body),
        Stmt::With(with) => Some(&with.body),
        Stmt::If(test) => Some(test.elif_else_clauses.last().map_or(&test.body, |clause| &clause.body)),
        Stmt::For(each) => Some(if each.orelse.is_empty() { &each.body } else { &each.orelse }),
        Stmt::While(test) => Some(if test.orelse.is_empty() { &test.body } else { &test.orelse }),
        Stmt::Match(subject) => Some(subject.cases.last().map_or(&[], |case| &case.body)),
        Stmt::Try(attempt) => {
            let handler = attempt.handlers.last().map(|ExceptHandler::ExceptHandler(handler)| &handler.body);
            let suites = [Some(&attempt.finalbody), Some(&attempt.orelse), handler, Some(&attempt.body)];
            suites.into_iter().flatten().find(|suite| !suite.is_empty()).map(|suite| &**suite)
        }
        _ => None,
    }
}
