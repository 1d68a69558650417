//! Broken programs get the error CPython gives them.
//!
//! The programs are in tests/golden/syntax/programs.txt, CPython's answers in expected.jsonl, recorded by bless.py.

use execmon::compile::parse::parse_module;
use execmon::compile::source::Source;

fn golden(name: &str) -> String {
    let path = format!("{}/tests/golden/syntax/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn errors_equal_cpython() {
    let programs = golden("programs.txt");
    let programs: Vec<&str> = programs
        .strip_suffix('\n')
        .unwrap()
        .split("\n----\n")
        .collect();
    let expected = golden("expected.jsonl");
    let expected: Vec<serde_json::Value> = expected
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(programs.len(), expected.len());
    let (mut same_message, mut same_place, mut same_display) = (0, 0, 0);
    let mut report = String::new();
    for (program, expected) in programs.iter().zip(&expected) {
        let source = Source::from_text("t.py", format!("{program}\n")).unwrap();
        let got = match parse_module(&source) {
            Ok(_) => serde_json::Value::Null,
            Err(e) => serde_json::json!([
                e.kind.name(),
                e.msg,
                e.line,
                e.offset,
                e.end_line,
                e.end_offset,
                format!("{e}\n")
            ]),
        };
        let part = |value: &serde_json::Value, range: std::ops::Range<usize>| {
            range
                .map(|i| value[i].to_string())
                .collect::<Vec<_>>()
                .join(" ")
        };
        let message = part(&got, 0..3) == part(expected, 0..3);
        let place = message && part(&got, 3..6) == part(expected, 3..6);
        let display = got[6] == expected[6];
        same_message += usize::from(message);
        same_place += usize::from(place);
        same_display += usize::from(display);
        if !(place && display) {
            report += &format!("{program}\n   want {expected}\n   got  {got}\n");
        }
    }
    let all = programs.len();
    println!("{report}");
    println!(
        "{same_message} messages, {same_place} places, {same_display} displays of {all} equal"
    );
    assert!(same_message * 100 >= all * 90, "{same_message} of {all}");
}
