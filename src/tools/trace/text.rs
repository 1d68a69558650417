//! Columns for people: line, event, code, and what the event carries.

use super::{Fields, line_of};
use crate::monitor::{Event, EventRecord};

pub(super) fn line(event: Event, record: &EventRecord, fields: &Fields) -> String {
    let number = |l: Option<i32>| l.map_or_else(|| "-".to_owned(), |l| l.to_string());
    let more = match fields {
        Fields::None => String::new(),
        Fields::Offset(offset) => format!("at {offset}"),
        Fields::Value(value) => format!("-> {value}"),
        Fields::Call { callable, arg0 } if arg0 == "MISSING" => format!("{callable}()"),
        Fields::Call { callable, arg0 } => format!("{callable}({arg0})"),
        Fields::To(line) => format!("to {}", number(*line)),
        Fields::Exception { class, message } if message.is_empty() => class.clone(),
        // A message may have several lines, a record has one.
        Fields::Exception { class, message } => format!("{class}: {}", message.replace('\n', "\\n")),
    };
    let code = record.code().qualified_name();
    let text = format!("{:>5} {:<17} {code:<20} {more}", number(line_of(record)), event.name());
    format!("{}\n", text.trim_end())
}
