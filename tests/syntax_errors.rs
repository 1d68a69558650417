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
const DIFFERENT: [&str; 10] = [
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
