//! Tracebacks are printed as CPython prints them.
//!
//! The programs are in tests/golden/traceback/programs.txt; bless.py there records the frames and the text.

use execmon::code::traceback_text::{Frame, Lines, Link, Section, format_chain};
use execmon::compile::anchors::PythonSyntax;
use serde_json::Value;

struct Program<'a>(&'a str);

impl Lines for Program<'_> {
    fn line(&self, file: &str, line: u32) -> Option<String> {
        let text = self.0.split('\n').nth(line as usize - 1)?;
        (file == "t.py").then(|| text.to_owned())
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn frame(value: &Value) -> Frame {
    let number = |i: usize| value[i].as_u64().map(|n| n as u32);
    Frame {
        file: text(&value[0]),
        name: text(&value[1]),
        line: number(2).unwrap(),
        end_line: number(3).unwrap_or(0),
        column: number(4),
        end_column: number(5),
    }
}

fn list<T>(value: &Value, read: impl Fn(&Value) -> T) -> Option<Vec<T>> {
    value.as_array().map(|items| items.iter().map(read).collect())
}

fn chain(value: &Value) -> Vec<Section> {
    list(value, |section| Section {
        link: match section["link"].as_str() {
            Some("cause") => Some(Link::Cause),
            Some("context") => Some(Link::Context),
            _ => None,
        },
        frames: list(&section["frames"], frame),
        type_name: text(&section["type_name"]),
        message: text(&section["message"]),
        display: section["display"].as_str().map(str::to_owned),
        notes: list(&section["notes"], text).unwrap_or_default(),
        group: list(&section["group"], chain),
    })
    .unwrap()
}

#[test]
fn text_equals_cpython() {
    let golden = |name: &str| {
        let path = format!("{}/tests/golden/traceback/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    };
    let programs = golden("programs.txt");
    let programs: Vec<&str> = programs.strip_suffix('\n').unwrap().split("\n----\n").collect();
    let expected = golden("expected.jsonl");
    let expected: Vec<Value> = expected.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(programs.len(), expected.len());
    let mut different = 0;
    for (program, recorded) in programs.iter().zip(&expected) {
        let got = format_chain(&chain(&recorded[0]), &Program(program), &PythonSyntax);
        let want = text(&recorded[1]);
        if got != want {
            different += 1;
            println!("{program}\n--- want\n{want}--- got\n{got}");
        }
    }
    assert_eq!(different, 0, "of {}", programs.len());
}
