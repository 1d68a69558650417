//! One JSON object per event.  Keys and their order are a published format.

use std::fmt::Write;

use super::{Fields, line_of};
use crate::monitor::{Event, EventRecord};

/// `event` is what was asked for: BRANCH, where the record has a side of it.
pub(super) fn line(event: Event, record: &EventRecord, fields: &Fields) -> String {
    let code = string(record.code().qualified_name());
    let mut out = format!("{{\"event\": \"{event}\", \"code\": {code}, \"line\": {}", number(line_of(record)));
    // Writing to a String cannot fail.
    let _ = match fields {
        Fields::None => Ok(()),
        Fields::Offset(offset) => write!(out, ", \"offset\": {offset}"),
        Fields::Value(value) => write!(out, ", \"value\": {}", string(value)),
        Fields::Call { callable, arg0 } => {
            write!(out, ", \"callable\": {}, \"arg0\": {}", string(callable), string(arg0))
        }
        Fields::To(line) => write!(out, ", \"to_line\": {}", number(*line)),
        Fields::Exception { class, message } => {
            let (class, message) = (string(class), string(message));
            write!(out, ", \"exception\": {{\"type\": {class}, \"message\": {message}}}")
        }
    };
    out.push_str("}\n");
    out
}

fn number(line: Option<i32>) -> String {
    line.map_or_else(|| "null".to_owned(), |l| l.to_string())
}

/// A JSON string in ASCII, as Python's `json` writes it: two traces that are equal are equal bytes.
fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::string;

    #[test]
    fn strings_are_ascii_json() {
        assert_eq!(string("a\"b\\c\n\t\u{8}\u{c}\r\u{1}\u{7f}"), r#""a\"b\\c\n\t\b\f\r\u0001\u007f""#);
        assert_eq!(string("é😀"), r#""\u00e9\ud83d\ude00""#);
        let text = "\u{0}é😀\"\\/\u{2028}";
        assert_eq!(serde_json::from_str::<String>(&string(text)).unwrap(), text);
    }
}
