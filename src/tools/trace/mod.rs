//! Writes one line for each event, in the order in which they fire.

mod jsonl;
mod text;

use std::io::{self, Write};
use std::sync::Arc;

use parking_lot::Mutex;

use super::{Describe, Session};
use crate::monitor::{Action, Callback, Event, EventRecord, EventSet, Monitor, MonitorError, PayloadKind};

/// How events are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Columns for people.
    #[default]
    Text,
    /// One JSON object per line.
    JsonLines,
}

/// What is traced.
pub struct Options {
    /// Which events; BRANCH asks for both sides under one name.
    pub events: EventSet,
    /// How they are written.
    pub format: Format,
    /// Only code of this file; None: all code.
    pub file: Option<String>,
}

impl Options {
    /// All events that a trace shows unless asked: all but INSTRUCTION, branches by their sides.
    pub fn default_events() -> EventSet {
        EventSet::KNOWN & !(EventSet::INSTRUCTION | EventSet::BRANCH)
    }
}

/// A running trace.  Dropping it ends it; [`finish`](Trace::finish) also tells of errors in writing.
pub struct Trace {
    session: Session,
    sink: Arc<Mutex<Sink>>,
}

/// Where lines go, and the first error there: after it nothing is written.
struct Sink {
    to: Box<dyn Write + Send>,
    error: Option<io::Error>,
}

impl Sink {
    fn write(&mut self, line: &str) {
        if self.error.is_none()
            && let Err(e) = self.to.write_all(line.as_bytes())
        {
            self.error = Some(e);
        }
    }
}

/// Starts a trace with a tool id of its own.
///
/// # Errors
/// As [`Monitor::use_tool_id`]: the id is in use, or there is none such.
pub fn start(
    monitor: &Arc<Monitor>,
    tool: i32,
    options: Options,
    describe: Arc<dyn Describe>,
    to: Box<dyn Write + Send>,
) -> Result<Trace, MonitorError> {
    let session = Session::open(monitor, tool, "trace")?;
    let sink = Arc::new(Mutex::new(Sink { to, error: None }));
    let file: Option<Arc<str>> = options.file.map(Into::into);
    // BRANCH first, so that a side that is asked for as well keeps its own name.
    for event in options.events.iter().collect::<Vec<_>>().into_iter().rev() {
        let (sink, file, describe) = (Arc::clone(&sink), file.clone(), Arc::clone(&describe));
        let line = match options.format {
            Format::Text => text::line,
            Format::JsonLines => jsonl::line,
        };
        let callback = move |record: &EventRecord| {
            if file.as_ref().is_none_or(|f| **f == *record.code().file()) {
                let line = line(event, record, &Fields::new(record, &*describe));
                sink.lock().write(&line);
            }
            Action::CONTINUE
        };
        session.listen(event, Callback::from_fn(callback))?;
    }
    session.set_events(options.events)?;
    Ok(Trace { session, sink })
}

impl Trace {
    /// Ends the trace and passes on what is buffered; Err is the first error in writing.
    pub fn finish(self) -> io::Result<()> {
        drop(self.session);
        let mut sink = self.sink.lock();
        match sink.error.take() {
            Some(e) => Err(e),
            None => sink.to.flush(),
        }
    }
}

/// What an event tells beside code and line, as texts.
enum Fields {
    None,
    Offset(u32),
    Value(String),
    Call { callable: String, arg0: String },
    To(Option<i32>),
    Exception { class: String, message: String },
}

impl Fields {
    fn new(record: &EventRecord, describe: &dyn Describe) -> Fields {
        match record.event().payload() {
            PayloadKind::None if record.event() == Event::Instruction => Fields::Offset(record.offset),
            PayloadKind::None => Fields::None,
            PayloadKind::Value => Fields::Value(shortened(describe.value(record))),
            PayloadKind::Call => {
                Fields::Call { callable: describe.callable(record), arg0: shortened(describe.arg0(record)) }
            }
            PayloadKind::Destination => Fields::To(known_line(record.destination_line)),
            PayloadKind::Exception => {
                let (class, message) = describe.exception(record);
                Fields::Exception { class, message }
            }
        }
    }
}

/// The line that an event is written with.
fn line_of(record: &EventRecord) -> Option<i32> {
    known_line(if record.event() == Event::PyStart { record.code().first_line() } else { record.line })
}

fn known_line(line: i32) -> Option<i32> {
    (line >= 0).then_some(line)
}

/// Texts of values that are longer than this are cut.
const LONGEST: usize = 80;
const CUT: usize = 77;

fn shortened(text: String) -> String {
    if text.len() <= LONGEST || text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(CUT).chain("...".chars()).collect()
}

#[cfg(test)]
mod tests;
