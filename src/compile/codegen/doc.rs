//! Docstrings.

use ruff_python_ast::{Expr, Stmt};

use super::*;
use crate::code::constant::Text;

impl<'a> Codegen<'a> {
    /// The docstring of a body with its location, and the statements after it.
    pub(super) fn docstring(&mut self, body: &'a [Stmt]) -> (Option<(Text, Loc)>, &'a [Stmt]) {
        if let Some((Stmt::Expr(first), rest)) = body.split_first()
            && let Expr::StringLiteral(_) = &*first.value
            && let Some(Const::Str(text)) = self.constant(&first.value)
        {
            let loc = self.loc_of(&*first.value);
            return (Some((clean(&text), loc)), rest);
        }
        (None, body)
    }
}

/// Removes the indentation that all lines but the first share, and that of the first line.
fn clean(text: &Text) -> Text {
    let points = expand_tabs(&text.code_points());
    let is = |c: char| move |&p: &u32| p == u32::from(c);
    let indent = |line: &[u32]| line.iter().take_while(|p| is(' ')(p)).count();
    let mut lines = points.split(is('\n'));
    let first = lines.next().unwrap_or_default();
    let rest: Vec<&[u32]> = lines.collect();
    let margin = rest.iter().filter(|line| indent(line) < line.len()).map(|line| indent(line)).min().unwrap_or(0);
    let mut out = first[indent(first)..].to_vec();
    for line in rest {
        out.push(u32::from('\n'));
        out.extend_from_slice(&line[margin.min(indent(line))..]);
    }
    Text::from_code_points(out)
}

fn expand_tabs(points: &[u32]) -> Vec<u32> {
    let mut out = Vec::with_capacity(points.len());
    let mut column = 0;
    for &point in points {
        match char::from_u32(point) {
            Some('\t') => {
                let width = 8 - column % 8;
                out.extend(std::iter::repeat_n(u32::from(' '), width));
                column += width;
            }
            Some('\n' | '\r') => {
                out.push(point);
                column = 0;
            }
            _ => {
                out.push(point);
                column += 1;
            }
        }
    }
    out
}
