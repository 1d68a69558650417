//! Constants as they would stand in a program's source.

use std::fmt::Write;

use super::constant::{Const, Text};

/// The literal of a constant; `code` gives the text of the nested code object of a number.
pub(super) fn constant_text(c: &Const, code: &dyn Fn(u32) -> String) -> String {
    let list = |items: &[Const]| items.iter().map(|c| constant_text(c, code)).collect::<Vec<_>>().join(", ");
    match c {
        Const::None => "None".into(),
        Const::True => "True".into(),
        Const::False => "False".into(),
        Const::Ellipsis => "...".into(),
        Const::Int(n) => n.to_string(),
        Const::Float(x) => float(*x),
        Const::Complex { re: 0.0, im } => format!("{}j", float(*im)),
        Const::Complex { re, im } => format!("({}{}{}j)", float(*re), if *im < 0.0 { "" } else { "+" }, float(*im)),
        Const::Str(text) => str_text(text),
        Const::Bytes(bytes) => format!("b{}", quoted(bytes.iter().map(|&b| b.into()), |b| (0x20..0x7f).contains(&b))),
        Const::Tuple(items) if items.len() == 1 => format!("({},)", list(items)),
        Const::Tuple(items) => format!("({})", list(items)),
        Const::FrozenSet(items) => format!("frozenset({{{}}})", list(items)),
        Const::Code(n) => code(*n),
    }
}

fn float(x: f64) -> String {
    if x.is_finite() { format!("{x:?}") } else { x.to_string().to_lowercase() }
}

fn str_text(text: &Text) -> String {
    quoted(text.code_points().into_iter(), |p| !char::from_u32(p).is_none_or(char::is_control))
}

/// Between quotes, escaped where a code point is not `printable`.
fn quoted(points: impl Iterator<Item = u32> + Clone, printable: impl Fn(u32) -> bool) -> String {
    let has = |quote: char| points.clone().any(|p| p == u32::from(quote));
    let quote = if has('\'') && !has('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for p in points {
        match char::from_u32(p) {
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(c) if c == quote || c == '\\' => out.extend(['\\', c]),
            Some(c) if printable(p) => out.push(c),
            _ => {
                let _ = match p {
                    0..=0xff => write!(out, "\\x{p:02x}"),
                    0x100..=0xffff => write!(out, "\\u{p:04x}"),
                    _ => write!(out, "\\U{p:08x}"),
                };
            }
        }
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_literals() {
        let text = |c: Const| constant_text(&c, &|n| format!("<code {n}>"));
        assert_eq!(text("it's\n\u{1f600}\u{7f}".into()), "\"it's\\n\u{1f600}\\x7f\"");
        assert_eq!(text(Const::Str(Text::from_code_points(vec![0xd800]))), "'\\ud800'");
        assert_eq!(text(Const::Bytes(Box::new([b'a', 0, 0xff, b'\'']))), "b\"a\\x00\\xff'\"");
        assert_eq!(text(Const::Tuple(Box::new([Const::None]))), "(None,)");
        let floats = [Const::Float(1.5), Const::Float(f64::INFINITY), Const::Complex { re: 0.0, im: -2.0 }];
        assert_eq!(text(Const::Tuple(Box::new(floats))), "(1.5, inf, -2.0j)");
        assert_eq!(text(Const::FrozenSet(Box::new([Const::True, Const::Code(3)]))), "frozenset({True, <code 3>})");
    }
}
