//! Traces of a foreign host's code: what is written for every kind of event.

use std::ffi::c_void;
use std::ptr;

use super::*;
use crate::monitor::{Arming, Code, CodeSpec, Group, Location, MISSING, Payload, ThreadState};

/// Values are addresses of texts.
struct Texts;

fn text(at: *const c_void) -> String {
    // SAFETY: every value in these tests is the address of a `&'static str`.
    unsafe { *at.cast::<&'static str>() }.to_owned()
}

fn value(text: &'static &'static str) -> *const c_void {
    ptr::from_ref(text).cast()
}

impl Describe for Texts {
    fn value(&self, record: &EventRecord) -> String {
        text(record.payload().value)
    }
    fn arg0(&self, record: &EventRecord) -> String {
        let arg0 = record.payload().arg0;
        if arg0 == MISSING.as_ptr() { "MISSING".to_owned() } else { text(arg0) }
    }
    fn callable(&self, record: &EventRecord) -> String {
        text(record.payload().callable)
    }
    fn exception(&self, record: &EventRecord) -> (String, String) {
        ("Oops".to_owned(), text(record.payload().value))
    }
}

/// A sink that can be read while the trace owns it.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Host {
    monitor: Arc<Monitor>,
    thread: ThreadState,
    code: Arc<Code>,
    written: Shared,
}

impl Host {
    fn new() -> Host {
        let monitor = Monitor::new();
        let at = |offset, line| Location::new(offset, line, EventSet::LOCAL).branch(1, 2).jump(2);
        let code = monitor.register_code(CodeSpec {
            name: "f".into(),
            qualified_name: "C.f".into(),
            file: "a.py".into(),
            first_line: 10,
            locations: vec![at(0, 11), at(2, 12), at(4, -1)],
            host: ptr::null_mut(),
            arming: Arming::Bytes,
        });
        Host { thread: monitor.new_thread_state(), code: code.unwrap(), monitor, written: Shared::default() }
    }

    fn start(&self, events: EventSet, format: Format, file: Option<&str>) -> Trace {
        let options = Options { events, format, file: file.map(str::to_owned) };
        start(&self.monitor, 3, options, Arc::new(Texts), Box::new(self.written.clone())).unwrap()
    }

    fn fire(&self, event: Event, location: u32, payload: Payload) {
        let Host { monitor, thread, code, .. } = self;
        match event.group() {
            Group::Other => monitor.fire_other(thread, code, location, event, &payload).unwrap(),
            Group::Ancillary => {
                let tools = monitor.ancillary_tools(code, location).unwrap();
                monitor.fire_ancillary(thread, code, location, event, &payload, tools).unwrap();
            }
            _ => monitor.fire(thread, code, location, event, &payload).unwrap(),
        }
    }

    fn lines(&self) -> Vec<String> {
        let bytes = std::mem::take(&mut *self.written.0.lock());
        String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect()
    }
}

#[test]
fn every_event_has_the_keys_of_the_format() {
    let host = Host::new();
    let trace = host.start(Options::default_events() | EventSet::INSTRUCTION, Format::JsonLines, Some("a.py"));
    let none = Payload::NONE;
    host.fire(Event::PyStart, 0, none);
    host.fire(Event::Line, 1, none);
    host.fire(Event::Instruction, 2, none);
    host.fire(Event::PyReturn, 0, Payload::value(value(&"'x'")));
    host.fire(Event::Call, 1, Payload::call(value(&"print"), None));
    host.fire(Event::CReturn, 1, Payload::call(value(&"print"), Some(value(&"1"))));
    host.fire(Event::Jump, 1, none);
    host.fire(Event::BranchLeft, 0, none);
    host.fire(Event::Raise, 2, Payload::value(value(&"bad\n\"é\"")));
    trace.finish().unwrap();
    assert_eq!(
        host.lines(),
        [
            r#"{"event": "PY_START", "code": "C.f", "line": 10}"#,
            r#"{"event": "LINE", "code": "C.f", "line": 12}"#,
            r#"{"event": "INSTRUCTION", "code": "C.f", "line": null, "offset": 4}"#,
            r#"{"event": "PY_RETURN", "code": "C.f", "line": 11, "value": "'x'"}"#,
            r#"{"event": "CALL", "code": "C.f", "line": 12, "callable": "print", "arg0": "MISSING"}"#,
            r#"{"event": "C_RETURN", "code": "C.f", "line": 12, "callable": "print", "arg0": "1"}"#,
            r#"{"event": "JUMP", "code": "C.f", "line": 12, "to_line": null}"#,
            r#"{"event": "BRANCH_LEFT", "code": "C.f", "line": 11, "to_line": 12}"#,
            r#"{"event": "RAISE", "code": "C.f", "line": null, "exception": {"type": "Oops", "message": "bad\n\"\u00e9\""}}"#,
        ]
    );
}

#[test]
fn branch_is_written_under_the_name_that_was_asked_for() {
    let host = Host::new();
    let trace = host.start(EventSet::BRANCH | EventSet::BRANCH_RIGHT, Format::JsonLines, None);
    host.fire(Event::BranchLeft, 0, Payload::NONE);
    host.fire(Event::BranchRight, 0, Payload::NONE);
    drop(trace);
    assert_eq!(
        host.lines(),
        [
            r#"{"event": "BRANCH", "code": "C.f", "line": 11, "to_line": 12}"#,
            r#"{"event": "BRANCH_RIGHT", "code": "C.f", "line": 11, "to_line": null}"#,
        ]
    );
}

#[test]
fn c_return_alone_is_traced_without_calls() {
    let host = Host::new();
    let _trace = host.start(EventSet::C_RETURN, Format::Text, None);
    host.fire(Event::Call, 1, Payload::call(value(&"len"), None));
    host.fire(Event::CReturn, 1, Payload::call(value(&"len"), None));
    assert_eq!(host.lines(), ["   12 C_RETURN          C.f                  len()"]);
}

#[test]
fn other_files_are_left_out_and_a_finished_trace_is_silent() {
    let host = Host::new();
    let trace = host.start(EventSet::LINE, Format::Text, Some("b.py"));
    host.fire(Event::Line, 0, Payload::NONE);
    trace.finish().unwrap();
    assert!(host.lines().is_empty());
    let trace = host.start(EventSet::LINE, Format::Text, Some("a.py"));
    host.fire(Event::Line, 0, Payload::NONE);
    trace.finish().unwrap();
    host.fire(Event::Line, 0, Payload::NONE);
    assert_eq!(host.lines(), ["   11 LINE              C.f"]);
}

#[test]
fn the_tool_id_must_be_free() {
    let host = Host::new();
    let _first = host.start(EventSet::LINE, Format::Text, None);
    let options = Options { events: EventSet::LINE, format: Format::Text, file: None };
    let second = start(&host.monitor, 3, options, Arc::new(Texts), Box::new(io::sink()));
    assert_eq!(second.err(), Some(MonitorError::ToolInUse(3)));
}

#[test]
fn an_error_in_writing_is_told_at_the_end() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let host = Host::new();
    let options = Options { events: EventSet::LINE, format: Format::Text, file: None };
    let trace = start(&host.monitor, 3, options, Arc::new(Texts), Box::new(Full)).unwrap();
    host.fire(Event::Line, 0, Payload::NONE);
    assert_eq!(trace.finish().unwrap_err().kind(), io::ErrorKind::StorageFull);
}

#[test]
fn long_values_are_cut_by_characters() {
    let exact = "é".repeat(80);
    assert_eq!(shortened(exact.clone()), exact);
    assert_eq!(shortened("é".repeat(81)), format!("{}...", "é".repeat(77)));
}
