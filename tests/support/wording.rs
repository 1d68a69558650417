//! How CPython 3.13's messages are brought together with the wording of 3.14.
//!
//! The language is 3.14, the recordings are made by 3.13.  Where the new wording follows from the old one, the old
//! text is replaced in the recording; where the new wording says more than the old one, what it says more is taken
//! away from ours.  `tests/oracle/wording.py` has the same two tables.

/// 3.13's text in a recording, 3.14's text.
const REPLACED_IN_RECORDING: &[(&str, &str)] = &[
    ("integer division or modulo by zero", "division by zero"),
    ("integer modulo by zero", "division by zero"),
    ("float floor division by zero", "division by zero"),
    ("float division by zero", "division by zero"),
    ("float modulo by zero", "division by zero"),
    ("float divmod()", "division by zero"),
    ("0.0 cannot be raised to a negative power", "zero to a negative power"),
    ("0.0 to a negative or complex power", "zero to a negative or complex power"),
    (" (missed __exit__ method)", ""),
    (" (missed __aexit__ method)", ""),
    (
        "complex() can't take second arg if first is a string",
        "complex() argument 'real' must be a real number, not str",
    ),
];

/// 3.14's text in ours, what 3.13 can say of it.
const REPLACED_IN_OURS: &[(&str, &str)] = &[
    ("is not a container or iterable", "is not iterable"),
    (" (missed __enter__ method)", ""),
    (" (missed __exit__ method)", ""),
    (" (missed __aenter__ method)", ""),
    (" (missed __aexit__ method)", ""),
];

/// Text of a 3.13 recording, in the wording to compare by.
pub fn of_recording(text: &str) -> String {
    without_finally_warnings(&awaited(&replace_all(text, REPLACED_IN_RECORDING)))
}

/// Text of ours, in the wording to compare by.
pub fn of_ours(text: &str) -> String {
    let text = without_unhashable_use(&without_unpacked_count(&replace_all(text, REPLACED_IN_OURS)));
    let text = short_of_escapes(&text);
    without_finally_warnings(&text)
}

fn replace_all(text: &str, table: &[(&str, &str)]) -> String {
    table.iter().fold(text.to_owned(), |text, (old, new)| text.replace(old, new))
}

/// Standard error without the warnings of PEP 765, which are 3.14's, and the lines of source below them.
fn without_finally_warnings(text: &str) -> String {
    let mut written = String::new();
    let mut lines = text.split_inclusive('\n');
    while let Some(line) = lines.next() {
        if line.contains(": SyntaxWarning: '") && line.trim_end().ends_with("' in a 'finally' block") {
            lines.next();
        } else {
            written.push_str(line);
        }
    }
    written
}

/// `object int can't be used in 'await' expression` to `'int' object can't be awaited`.
fn awaited(text: &str) -> String {
    rewrite(text, "object ", |rest| {
        let (class, rest) = rest.split_once(" can't be used in 'await' expression")?;
        let is_name = class.bytes().all(|b| b == b'_' || b == b'.' || b.is_ascii_alphanumeric());
        is_name.then(|| (format!("'{class}' object can't be awaited"), rest))
    })
}

/// `too many values to unpack (expected 2, got 3)` to `too many values to unpack (expected 2)`.
fn without_unpacked_count(text: &str) -> String {
    rewrite(text, "too many values to unpack (expected ", |rest| {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let got = rest[digits..].strip_prefix(", got ")?;
        let close = got.find(')').filter(|&at| got[..at].bytes().all(|b| b.is_ascii_digit()))?;
        Some((format!("too many values to unpack (expected {}", &rest[..digits]), &got[close..]))
    })
}

/// `cannot use 'list' as a dict key (unhashable type: 'list')` to `unhashable type: 'list'`.
fn without_unhashable_use(text: &str) -> String {
    rewrite(text, "cannot use '", |rest| {
        let (_, after) = rest.split_once("' as a ")?;
        let after = after.strip_prefix("dict key (").or_else(|| after.strip_prefix("set element ("))?;
        let kind = after.strip_prefix("unhashable type: '")?;
        let (kind, rest) = kind.split_once("')")?;
        Some((format!("unhashable type: '{kind}'"), rest))
    })
}

/// `"\d" is an invalid escape sequence. Such sequences ...` to `invalid escape sequence '\d'`.
fn short_of_escapes(text: &str) -> String {
    rewrite(text, ": SyntaxWarning: \"", |rest| {
        let (escape, rest) = rest.split_once("\" is an invalid ")?;
        let (kind, rest) = rest.split_once("escape sequence. Such sequences will not work in the future. ")?;
        let (_, rest) = rest.split_once("? A raw string is also an option.")?;
        Some((format!(": SyntaxWarning: invalid {kind}escape sequence '{escape}'"), rest))
    })
}

/// Replaces what follows each `start` as `change` says: what to write, and the rest of the text.
fn rewrite<'t>(text: &'t str, start: &str, change: impl Fn(&'t str) -> Option<(String, &'t str)>) -> String {
    let mut written = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(start) {
        written.push_str(before);
        match change(after) {
            Some((new, remaining)) => {
                written.push_str(&new);
                rest = remaining;
            }
            None => {
                written.push_str(start);
                rest = after;
            }
        }
    }
    written + rest
}
