//! Where the carets of a traceback change from `~` to `^`: the operator, subscript or call of a segment.

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextSize};

use super::parse::parse_module;
use super::source::Source;
use crate::code::traceback_text::{Anchors, Syntax};

/// Segments longer than this (bytes) get plain carets: they are parsed each time a traceback is printed.
const MAX_SEGMENT: usize = 100_000;

/// The syntax of the language, for the formatter of tracebacks.
#[derive(Clone, Copy, Debug, Default)]
pub struct PythonSyntax;

impl Syntax for PythonSyntax {
    fn anchors(&self, segment: &str) -> Option<Anchors> {
        if segment.len() > MAX_SEGMENT {
            return None;
        }
        // In parentheses a segment may have several lines, which then count from 2.
        let source = Source::from_text("", format!("(\n{segment}\n)")).ok()?;
        let parsed = parse_module(&source).ok()?;
        let [Stmt::Expr(statement)] = parsed.body() else {
            return None;
        };
        let lines: Vec<Vec<char>> = segment.lines().map(|l| l.chars().collect()).collect();
        let cursor = Cursor { source: &source, lines: &lines };
        match &*statement.value {
            Expr::BinOp(operation) => cursor.operator(operation.left.end(), operation.right.start()),
            Expr::Subscript(subscript) => cursor.bracket(subscript.value.end(), '[', subscript.end()),
            Expr::Call(call) => cursor.bracket(call.func.end(), '(', call.end()),
            _ => None,
        }
    }

    fn is_whole_call(&self, text: &str, start: usize, end: usize) -> bool {
        if text.len() > MAX_SEGMENT {
            return false;
        }
        let lines = text.lines().count() as u32;
        let Ok(source) = Source::from_text("", text) else {
            return false;
        };
        let Ok(parsed) = parse_module(&source) else {
            return false;
        };
        let call = match parsed.body().first() {
            None => return true,
            Some(Stmt::Return(statement)) => match statement.value.as_deref() {
                Some(Expr::Call(call)) if call.func.is_name_expr() => call,
                _ => return false,
            },
            Some(Stmt::Assign(statement)) => match (&*statement.value, &statement.targets[..]) {
                (Expr::Call(call), [Expr::Name(_)]) => call,
                _ => return false,
            },
            _ => return false,
        };
        // CPython compares the byte columns of its tree with these character columns.
        let (first, last) = (source.position(call.start()), source.position(call.end()));
        first.line == 1 && last.line == lines && first.byte_column as usize == start && last.byte_column as usize == end
    }
}

/// Walks over the characters of a segment.
struct Cursor<'a> {
    source: &'a Source,
    lines: &'a [Vec<char>],
}

type Place = (usize, usize);

impl Cursor<'_> {
    /// The place in the segment of an offset in the parenthesized source.
    fn place(&self, offset: TextSize) -> Option<Place> {
        let position = self.source.position(offset);
        Some(((position.line as usize).checked_sub(2)?, position.column as usize))
    }

    /// `place`, or the start of the next line that has characters when it is past the end of its line.
    fn valid(&self, (mut line, mut column): Place) -> Option<Place> {
        while column >= self.lines.get(line)?.len() {
            (line, column) = (line + 1, 0);
        }
        Some((line, column))
    }

    /// The first character from `place` on that is wanted, outside comments and past line continuations.
    fn find(&self, place: Place, wanted: impl Fn(char) -> bool) -> Option<Place> {
        let (mut line, mut column) = self.valid(place)?;
        loop {
            let c = self.lines[line][column];
            (line, column) = match c {
                '\\' | '#' => self.valid((line + 1, 0))?,
                _ if wanted(c) => return Some((line, column)),
                _ => self.valid((line, column + 1))?,
            };
        }
    }

    fn operator(&self, left_end: TextSize, right_start: TextSize) -> Option<Anchors> {
        let (line, column) = self.find(self.place(left_end)?, |c| !c.is_whitespace() && c != ')')?;
        let mut right_column = column + 1;
        let second = self.lines[line].get(right_column);
        let in_operator = (line, right_column) < self.place(right_start)?;
        if second.is_some_and(|c| !c.is_whitespace() && !matches!(c, '\\' | '#')) && in_operator {
            right_column += 1;
        }
        Some(Anchors { left_line: line, left_column: column, right_line: line, right_column })
    }

    fn bracket(&self, before: TextSize, open: char, end: TextSize) -> Option<Anchors> {
        let (left_line, left_column) = self.find(self.place(before)?, |c| c == open)?;
        let (right_line, right_column) = self.place(end)?;
        Some(Anchors { left_line, left_column, right_line, right_column })
    }
}
