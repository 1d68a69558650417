//! Which error a program gets that the parser has rejected: CPython's words and place.
//!
//! The parser stops at its own idea of the first error.  CPython's depends on its tokens and on the order of its
//! rules, so a rejected program (and no other) is read a second time with a grammar that follows them.

pub mod grammar;
pub mod matcher;
pub mod notation;
pub mod report;
pub mod tokens;

use once_cell::race::OnceBox;

use super::source::Source;
use super::syntax_error::{ErrorKind, Stage, SyntaxError};
use matcher::{Matcher, Stop};
use notation::Grammar;
use report::Found;
use tokens::{Kind, Place, Tokens};

/// Programs with more tokens are not read again: their error is the tokenizer's or the parser's.
const MAX_TOKENS: usize = 400_000;
/// Stack for dropping 6,000 nested nodes.
const DROP_STACK: usize = 6 << 20;

/// The error CPython reports for `source`; `None` when its grammar finds none.
///
/// `rule` is the start rule, `"file"` or `"eval"`.
pub fn diagnose(source: &Source, rule: &str) -> Option<SyntaxError> {
    let tokens = tokens::tokenize(source.text());
    if tokens.tokens.len() > MAX_TOKENS {
        return tokens.error.is_some().then(|| place(source, token_error_of(&tokens)));
    }
    // The matcher's nodes are dropped recursively, up to the depth that it follows.
    let found = stacker::maybe_grow(DROP_STACK, 2 * DROP_STACK, || find(source.text(), &tokens, rule))?;
    Some(place(source, found))
}

/// The tokenizer's error alone, for limits that the parser does not have.
pub fn token_error(source: &Source) -> Option<SyntaxError> {
    let tokens = tokens::tokenize(source.text());
    tokens.error.as_ref()?;
    Some(place(source, token_error_of(&tokens)))
}

fn grammar() -> Option<&'static Grammar> {
    static GRAMMAR: OnceBox<Result<Grammar, String>> = OnceBox::new();
    GRAMMAR.get_or_init(|| Box::new(notation::read(&grammar::text()))).as_ref().ok()
}

fn find(text: &str, tokens: &Tokens, rule: &str) -> Option<Found> {
    let mut matcher = Matcher::new(grammar()?, text, tokens);
    let mut stop = matcher.pass(rule, false);
    let first_fill = matcher.fill;
    if !matches!(stop, Ok(true) | Err(Stop::TokenError | Stop::TooDeep)) {
        match matcher.pass(rule, true) {
            Ok(_) if stop.is_ok() => {
                return Some(generic(&matcher, tokens, first_fill));
            }
            Ok(_) => {}
            second => stop = second,
        }
    }
    match stop {
        Ok(_) => None,
        Err(Stop::TooDeep) => tokens.error.as_ref().filter(|error| error.hard).map(|_| token_error_of(tokens)),
        Err(Stop::TokenError) => Some(token_error_of(tokens)),
        Err(Stop::Found(found)) => {
            let found = Found { read_to: last_read(tokens, matcher.fill), ..found };
            Some(rest_of_source(&matcher, tokens, matcher.fill, found))
        }
    }
}

fn generic(matcher: &Matcher, tokens: &Tokens, fill: usize) -> Found {
    let last = fill.checked_sub(1).and_then(|i| tokens.tokens.get(i)).map(|t| t.kind);
    let (kind, msg) = match last {
        Some(Kind::Indent) => (ErrorKind::Indentation, "unexpected indent"),
        Some(Kind::Dedent) => (ErrorKind::Indentation, "unexpected unindent"),
        _ => (ErrorKind::Syntax, "invalid syntax"),
    };
    let place = match last {
        Some(Kind::End) => Place::Line(matcher.text.len()),
        _ => matcher.last_place(fill),
    };
    let found = Found { kind, msg: msg.to_owned(), place, read_to: last_read(tokens, matcher.fill) };
    match kind {
        ErrorKind::Syntax => rest_of_source(matcher, tokens, matcher.fill, found),
        _ => found,
    }
}

/// A hard error of the tokenizer anywhere, and a bracket left open on an earlier line, come before what a rule found.
fn rest_of_source(matcher: &Matcher, tokens: &Tokens, fill: usize, found: Found) -> Found {
    let Some(error) = &tokens.error else {
        return found;
    };
    if tokens.in_fstring {
        return found;
    }
    if error.hard {
        return token_error_of(tokens);
    }
    if let Some(bracket) = tokens.open.last() {
        let at = fill.checked_sub(1).and_then(|i| tokens.tokens.get(i)).map_or(0, |t| t.start);
        let line = matcher.text[..at].matches('\n').count() + 1;
        if line > bracket.line {
            return never_closed(bracket);
        }
    }
    found
}

/// The last byte of the last of the tokens read.
fn last_read(tokens: &Tokens, fill: usize) -> usize {
    let last = fill.checked_sub(1).and_then(|i| tokens.tokens.get(i)).filter(|t| t.kind != Kind::End);
    last.map_or(0, |t| t.end.saturating_sub(1).max(t.start))
}

fn never_closed(bracket: &tokens::Bracket) -> Found {
    Found {
        kind: ErrorKind::Syntax,
        msg: format!("'{}' was never closed", bracket.open as char),
        place: Place::OpenEnd(bracket.at),
        read_to: usize::MAX,
    }
}

fn token_error_of(tokens: &Tokens) -> Found {
    match (&tokens.error, tokens.open.last()) {
        (Some(error), Some(bracket)) if !error.hard && tokens.end_of_input => never_closed(bracket),
        (Some(error), _) => {
            // The tokenizer gives the line without its newline.
            let read_to = if error.hard { usize::MAX } else { 0 };
            Found { kind: error.kind, msg: error.msg.to_string(), place: error.place, read_to }
        }
        (None, _) => {
            let msg = "invalid syntax".to_owned();
            Found { kind: ErrorKind::Syntax, msg, place: Place::Range(0, 0), read_to: 0 }
        }
    }
}

/// A place in the source with the columns CPython gives it.
fn place(source: &Source, found: Found) -> SyntaxError {
    let at = |byte: usize| {
        let position = source.position_of(byte);
        (position.line, position.column as i32 + 1)
    };
    // Just past a character: the column of that character, on its line even when it is the newline.
    let before = |byte: usize| match byte.checked_sub(1) {
        None => (u32::from(!source.text().is_empty()), 0),
        Some(last) => {
            let mut last = last;
            while !source.text().is_char_boundary(last) {
                last -= 1;
            }
            at(last)
        }
    };
    let ((line, offset), (end_line, end_offset)) = match found.place {
        Place::Before(byte) => (before(byte), before(byte)),
        Place::BeforeNoEnd(byte) => (before(byte), (before(byte).0, 0)),
        Place::BeforeOpenEnd(byte) => (before(byte), (before(byte).0, -1)),
        Place::Indentation(byte) => ((at(byte).0, at(byte).1 - 1), (at(byte).0, -1)),
        Place::Line(byte) => ((before(byte).0, 0), (before(byte).0, 0)),
        Place::OpenEnd(byte) => (at(byte), (at(byte).0, 0)),
        Place::Range(start, end) => {
            let (line, column) = at(start);
            // A newline token ends on its own line.
            let ends_line = end > start && source.text().as_bytes().get(end - 1) == Some(&b'\n');
            let past_end = end > source.text().len();
            let end = match (ends_line, past_end) {
                (true, _) => (at(end - 1).0, at(end - 1).1 + 1),
                (_, true) => (line, column + 1),
                _ => at(end),
            };
            // CPython measures the end column on the first line.
            let width = source.line_text(line).trim_end_matches('\n').chars().count() as i32;
            let end = match end.0 > line {
                true => (end.0, end.1.min(width + 1)),
                false => end,
            };
            ((line, column), end)
        }
        Place::To(start, end) => (at(start), before(end)),
    };
    let mut text = source.line_text(line);
    if found.read_to > source.text().len() || at(found.read_to).0 > line {
        text = text.trim_end_matches('\n');
    }
    SyntaxError {
        kind: found.kind,
        stage: Stage::Parse,
        msg: found.msg,
        file: source.file().clone(),
        line,
        offset: offset.max(0) as u32,
        end_line,
        end_offset,
        text: Some(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_can_be_read() {
        let grammar = notation::read(&grammar::text()).unwrap();
        assert!(grammar.names.contains_key("file") && grammar.names.contains_key("eval"));
        assert!(grammar.names.contains_key("lambda_params") && grammar.names.contains_key("params"));
    }

    /// What CPython reports is the parser's to find first, so the grammar must take what the parser takes.
    #[test]
    fn the_grammar_takes_valid_programs() {
        for text in [
            "def f(a, /, b: int = 1, *c: *T, d, **e) -> int: return lambda x, *y, z=1, **w: (yield)\n",
            "match x:\n    case [1, *_, {'a': b, **r}] | C(d, e=-1+2j) as f if g: pass\n    case _: pass\n",
            "try:\n    pass\nexcept A, B:\n    pass\nelse:\n    pass\nfinally:\n    pass\n",
            "try:\n    pass\nexcept* (A, B) as c:\n    pass\n",
            "type X[T: int = str, *U = *V, **P] = list[T]\n",
            "with (a as b, c as (d, *e),): pass\nwith a, b as c.d[0]: pass\n",
            "x: int = f'{a!r:{b}>{c}} {{}} {d=}' 'e' rf'\\{f}' if True else None\n",
            "async def f():\n    async for a, *b in c: await d\n    return [e async for e in g if h]\n",
            "@a.b(c)\nclass D[T](E, *f, g=h, **i):\n    'doc'; x, *y = z = 1,; del x[0], y.z\n",
            "if (a := b) and not c is not d or e not in f: pass\nelif g: pass\nelse: pass\n",
            "print(*a, b, *c, d=1, **e)\nx[1:2, ::3, *y]\na.b[c] @= ~d ** -e\n",
            "global_ = {**a, 'b': c, **d}, {*e, f}, {g: h for g, h in i}, (j for j in k)\n",
            "while True:\n    try:\n        break\n    finally:\n        continue\n",
        ] {
            let source = Source::from_text("t.py", text).unwrap();
            assert!(crate::compile::parse::parse_module(&source).is_ok(), "{text}");
            assert_eq!(diagnose(&source, "file"), None, "{text}");
        }
    }
}
