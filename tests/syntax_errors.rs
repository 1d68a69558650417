//! Broken programs get the error CPython gives them.
//!
//! The programs are in tests/golden/syntax/programs.txt, CPython's answers in expected.jsonl, recorded by bless.py.

use execmon::compile::check::check;
use execmon::compile::parse::parse_module;
use execmon::compile::source::Source;
use serde_json::{Value, json};

fn golden(name: &str) -> String {
    let path = format!("{}/tests/golden/syntax/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// Errors that are found where scopes and code are made, not by the parser or the checks of the tree.
const LATER: [&str; 20] = [
    "'return' outside function",
    "'yield' outside function",
    "'await' outside",
    "'async with' outside",
    "'async for' outside",
    "'break' outside loop",
    "'continue' not properly in loop",
    "'break', 'continue' and 'return' cannot appear",
    "'return' with value in async generator",
    "'yield from'",
    "asynchronous comprehension outside",
    "assignment expression cannot",
    "assignment expression within",
    "annotated name",
    "default 'except:' must be last",
    "keyword argument repeated",
    "multiple starred expressions in assignment",
    "name 'x' is ",
    "no binding for nonlocal",
    "nonlocal ",
];

/// Programs whose error is known to differ.
const DIFFERENT: [&str; 2] = [
    // CPython 3.13 takes a newline in the format specifier of a single-quoted f-string; the parser does not.
    "f'{x:\n}'",
    // The place of `return` is found later than the misplaced star.
    "return *a",
];

#[test]
fn errors_equal_cpython() {
    let programs = golden("programs.txt");
    let programs: Vec<&str> = programs
        .strip_suffix('\n')
        .unwrap()
        .split("\n----\n")
        .collect();
    let expected = golden("expected.jsonl");
    let expected: Vec<Value> = expected
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(programs.len(), expected.len());
    let mut report = String::new();
    for (program, expected) in programs.iter().zip(&expected) {
        let source = Source::from_text("t.py", format!("{program}\n")).unwrap();
        let checked = parse_module(&source).and_then(|parsed| check(&source, &parsed));
        let got = match checked {
            Ok(()) => Value::Null,
            Err(e) => json!([
                e.kind.name(),
                e.msg,
                e.line,
                e.offset,
                e.end_line,
                e.end_offset,
                format!("{e}\n")
            ]),
        };
        let message = expected[1].as_str().unwrap_or_default();
        let later = LATER.iter().any(|start| message.starts_with(start)) && got.is_null();
        if got != *expected && !later && !DIFFERENT.contains(program) {
            report += &format!("{program}\n   want {expected}\n   got  {got}\n");
        }
    }
    assert!(report.is_empty(), "{report}");
}
