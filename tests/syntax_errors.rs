//! Broken programs get the error CPython gives them.
//!
//! The programs are in tests/golden/syntax/programs.txt, CPython's answers in expected.jsonl, recorded by bless.py.

use execmon::compile::source::Source;
use execmon::compile::{Mode, build};
use serde_json::{Value, json};

fn golden(name: &str) -> String {
    let path = format!("{}/tests/golden/syntax/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// Programs whose error is known to differ.
const DIFFERENT: [&str; 11] = [
    // CPython 3.13 takes a newline in the format specifier of a single-quoted f-string; the parser does not.
    "f'{x:\n}'",
    // The place of `return` is found later than the misplaced star.
    "return *a",
    // The second star is shown, where CPython shows the whole target.
    "*a, *b = c",
    "[*a, *b] = c",
    "*a, *b, = 1",
    "for *a, *b in x: pass",
    // Two errors, found in another order.
    "def f(): [x async for x in await y]",
    // Python 3.14 evaluates annotations in a scope of their own, where CPython 3.13 is still outside a function.
    "def f(x: (yield 1)): pass",
    "def f() -> (yield 1): pass",
    "x: (yield 1) = 1",
    "def g():\n x: (yield 1) = 1",
];

#[test]
fn errors_equal_cpython() {
    let programs = golden("programs.txt");
    let programs: Vec<&str> = programs.strip_suffix('\n').unwrap().split("\n----\n").collect();
    let expected = golden("expected.jsonl");
    let expected: Vec<Value> = expected.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(programs.len(), expected.len());
    let mut report = String::new();
    for (program, expected) in programs.iter().zip(&expected) {
        let source = Source::from_text("t.py", format!("{program}\n")).unwrap();
        let got = match build(&source, Mode::Exec) {
            Ok(_) => Value::Null,
            Err(e) => json!([e.kind.name(), e.msg, e.line, e.offset, e.end_line, e.end_offset, format!("{e}\n")]),
        };
        let unsupported = got[1].as_str().is_some_and(|message| message.ends_with("is not supported yet"));
        if got != *expected && !unsupported && !DIFFERENT.contains(program) {
            report += &format!("{program}\n   want {expected}\n   got  {got}\n");
        }
    }
    assert!(report.is_empty(), "{report}");
}

/// Where CPython 3.13 cannot be asked: 3.14 evaluates annotations in a scope of their own, and refuses in those of local
/// variables, which it never evaluates, what it refuses in the others.
#[test]
fn annotations_are_scopes() {
    let message = |program: &str| {
        let source = Source::from_text("t.py", format!("{program}\n")).unwrap();
        build(&source, Mode::Exec).map_or_else(|error| error.msg.to_string(), |_| String::new())
    };
    for (expression, what) in [("(yield)", "yield"), ("await y", "await"), ("(a := 1)", "named")] {
        let refused = format!("{what} expression cannot be used within an annotation");
        for place in
            ["x: @", "def f():\n x: @", "async def f():\n x: @", "class A:\n x: @", "a.b: @", "def f(x: @): pass"]
        {
            assert_eq!(message(&place.replace('@', expression)), refused, "{place}");
        }
    }
    for allowed in ["x: (lambda: (yield))", "x: (lambda: (a := 1))", "def f():\n x: [a for a in b]"] {
        assert_eq!(message(allowed), "", "{allowed}");
    }
}

#[test]
fn random_text_is_compiled_or_an_error() {
    const PIECES: [&str; 66] = [
        "(", ")", "[", "]", "{", "}", "f'", "f\"", "'", "\"", "'''", "f'''", "\\", "\n", " ", "\t", ":", "=", "if ",
        "else", "x", "1", "é", "日", "…", "\u{0}", "\r", "#", "lambda ", "*", "**", ",", "!", "{{", "}}", "\\N{",
        "\\u", "def ", "class ", "match ", "case ", "except", "try:", "\n ", "\n  ", "\n\t", "b'", "0x", "1_", "1e",
        "\u{feff}", "\u{c}", "t'", "rb'", "yield ", "await ", "for ", " in ", "print ", ":=", "->", "@", "import ",
        "from ", "as ", "del ",
    ];
    let mut seed: u64 = 0x1234_5678;
    let mut next = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let shown = |error: execmon::compile::syntax_error::SyntaxError| assert!(!error.to_string().is_empty());
    for _ in 0..4000 {
        let count = next() % 14 + 1;
        let text: String = (0..count).map(|_| PIECES[(next() % PIECES.len() as u64) as usize]).collect();
        let bytes: Vec<u8> = text.bytes().map(|b| if next() % 9 == 0 { next() as u8 } else { b }).collect();
        Source::from_bytes("t.py", &bytes).map(drop).unwrap_or_else(shown);
        match Source::from_text("t.py", text) {
            Err(error) => shown(error),
            Ok(source) => {
                build(&source, Mode::Exec).map(drop).unwrap_or_else(shown);
                build(&source, Mode::Eval).map(drop).unwrap_or_else(shown);
            }
        }
    }
}
