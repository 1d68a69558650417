use execmon::compile::check::check;
use execmon::compile::parse::parse_module;
use execmon::compile::source::Source;
use serde_json::{Value, json};
#[test]
fn mutants() {
    let all: Vec<(String, Value)> =
        serde_json::from_str(&std::fs::read_to_string("/tmp/p/mut.json").unwrap()).unwrap();
    let mut out = Vec::new();
    for (program, want) in all {
        let got = match Source::from_text("t.py", format!("{program}\n")) {
            Ok(source) => match parse_module(&source).and_then(|p| check(&source, &p)) {
                Ok(()) => Value::Null,
                Err(e) => json!([
                    e.kind.name(),
                    e.msg,
                    e.line,
                    e.offset,
                    e.end_line,
                    e.end_offset
                ]),
            },
            Err(e) => json!([
                e.kind.name(),
                e.msg,
                e.line,
                e.offset,
                e.end_line,
                e.end_offset
            ]),
        };
        out.push(json!([program, want, got]));
    }
    std::fs::write("/tmp/p/mut_out.json", serde_json::to_string(&out).unwrap()).unwrap();
}
