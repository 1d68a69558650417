//! Tools of the host and of the program on one monitor.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::monitor::{Action, Callback, Event, EventSet};
use crate::vm::output::Capture;

fn interpreter() -> (Session, Capture) {
    let capture = Capture::default();
    (Interpreter::new(Config { output: Rc::new(capture.clone()), ..Config::default() }).session(), capture)
}

fn said(capture: &Capture) -> String {
    String::from_utf8(capture.buffers.borrow()[0].clone()).unwrap()
}

fn mask(events: impl Into<EventSet>) -> i64 {
    i64::from(events.into().0)
}

const TOOL: &[u8] = b"
import sys
M = sys.monitoring
E = M.events
lines = []
def on_line(code, line):
    lines.append((code.co_name, line))
def f():
    a = 1
    return a
M.use_tool_id(3, 'program')
M.register_callback(3, E.LINE, on_line)
M.set_local_events(3, f.__code__, E.LINE)
";

#[test]
fn a_tool_of_the_host_and_one_of_the_program_watch_the_same_code() {
    let (mut py, capture) = interpreter();
    py.run_source("m", TOOL).unwrap();
    let hits = Arc::new(AtomicUsize::new(0));
    let counted = hits.clone();
    let callback = Callback::from_fn(move |record| {
        assert_eq!(record.code().name(), "f", "events of callbacks must not fire");
        counted.fetch_add(1, Ordering::Relaxed);
        Action::DISABLE
    });
    py.interpreter().monitor().use_tool_id(4, "host").unwrap();
    py.interpreter().monitor().register_callback(4, mask(Event::Line), Some(callback)).unwrap();
    py.interpreter().monitor().set_events(4, mask(Event::Line)).unwrap();
    py.call("m", "f", &[]).unwrap();
    py.call("m", "f", &[]).unwrap();
    assert_eq!(hits.load(Ordering::Relaxed), 2, "the host's tool disabled each line after its first event");
    py.interpreter().monitor().set_events(4, 0).unwrap();
    py.run_source("m", b"print(lines, M.get_tool(4))").unwrap();
    assert_eq!(said(&capture), "[('f', 9), ('f', 10), ('f', 9), ('f', 10)] host\n");
}

#[test]
fn a_program_puts_back_a_callback_of_the_host() {
    let (mut py, capture) = interpreter();
    let hits = Arc::new(AtomicUsize::new(0));
    let counted = hits.clone();
    let callback = Callback::from_fn(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        Action::CONTINUE
    });
    py.interpreter().monitor().register_callback(3, mask(Event::Line), Some(callback)).unwrap();
    py.run_source("m", b"import sys\nM = sys.monitoring\nold = M.register_callback(3, M.events.LINE, print)\n")
        .unwrap();
    let source =
        b"print(type(old).__name__, M.register_callback(3, M.events.LINE, old) is print)\nM.use_tool_id(3, 'x')\n";
    py.run_source("m", source).unwrap();
    py.run_source("m", b"M.set_events(3, M.events.LINE)\na = 1\nb = 2\nM.set_events(3, 0)\n").unwrap();
    assert_eq!(hits.load(Ordering::Relaxed), 3);
    assert_eq!(said(&capture), "host_callback True\n");
}

#[test]
fn a_callable_that_another_thread_unregisters_dies_at_home() {
    let (mut py, capture) = interpreter();
    py.run_source("m", TOOL).unwrap();
    let source = b"
class Noisy:
    def __call__(self, code, line): pass
    def __del__(self): print('gone')
M.register_callback(3, E.LINE, Noisy())
";
    py.run_source("m", source).unwrap();
    assert_eq!(said(&capture), "");
    let monitor = py.interpreter().monitor().clone();
    std::thread::spawn(move || monitor.free_tool_id(3).unwrap()).join().unwrap();
    assert_eq!(said(&capture), "", "its finalizer must not run on the other thread");
    py.run_source("m", b"len('')").unwrap();
    assert_eq!(said(&capture), "gone\n");
}

#[test]
fn callables_that_outlive_their_interpreter_are_not_called() {
    let (mut py, _) = interpreter();
    py.run_source("m", TOOL).unwrap();
    let monitor = py.interpreter().monitor().clone();
    drop(py);
    let thread = monitor.new_thread_state();
    let code = monitor
        .register_code(crate::monitor::CodeSpec {
            name: "foreign".into(),
            qualified_name: "foreign".into(),
            file: "foreign".into(),
            first_line: 1,
            locations: vec![crate::monitor::Location::new(0, 1, EventSet::LINE)],
            host: std::ptr::null_mut(),
            arming: crate::monitor::Arming::Bytes,
        })
        .unwrap();
    monitor.set_events(3, mask(Event::Line)).unwrap();
    monitor.renew(&code).unwrap();
    monitor.fire(&thread, &code, 0, Event::Line, &crate::monitor::Payload::NONE).unwrap();
    monitor.free_tool_id(3).unwrap();
}

#[test]
fn code_that_has_filled_its_caches_can_be_watched() {
    let (mut py, capture) = interpreter();
    let source = b"
import sys
class A:
    def __init__(self): self.x = 1
def f(a):
    a.x = a.x + len('ab')
    return max(a.x, 1)
for _ in range(100): f(A())
M = sys.monitoring
M.use_tool_id(3, 'late')
seen = []
M.register_callback(3, M.events.LINE, lambda code, line: seen.append(line))
M.set_events(3, M.events.LINE)
f(A())
M.set_events(3, 0)
print(seen)
";
    py.run_source("m", source).unwrap();
    assert_eq!(said(&capture), "[14, 4, 6, 7, 15]\n");
}

#[test]
fn one_location_stands_for_a_line_that_is_reached_in_several_ways() {
    let (mut py, capture) = interpreter();
    let source = b"
import sys
def f(n):
    for i in range(n):
        if i % 3 == 0:
            continue
        if i % 3 == 1:
            pass
        else:
            pass
M = sys.monitoring
M.use_tool_id(3, 'once')
seen = []
def once(code, line):
    seen.append(line)
    return M.DISABLE
M.register_callback(3, M.events.LINE, once)
M.set_local_events(3, f.__code__, M.events.LINE)
f(7)
print(seen)
seen.clear()
f(7)
M.restart_events()
f(1)
print(seen)
";
    py.run_source("m", source).unwrap();
    // The head of the loop twice: where its iterable is made, and where it is asked for the next item.
    assert_eq!(said(&capture), "[4, 5, 6, 4, 7, 8, 10]\n[4, 5, 6, 4]\n");
}

#[test]
fn an_entry_that_was_armed_before_fires_once_when_events_are_switched_on_again() {
    let (mut py, capture) = interpreter();
    let source = b"
import sys
M = sys.monitoring
M.use_tool_id(3, 'calls')
seen = []
M.register_callback(3, M.events.PY_START, lambda code, offset: seen.append(code.co_name))
def f(): pass
for _ in range(3):
    M.set_events(3, M.events.PY_START)
    f()
    M.set_events(3, 0)
f()
print(seen)
";
    py.run_source("m", source).unwrap();
    assert_eq!(said(&capture), "['f', 'f', 'f']\n");
}

#[test]
fn what_a_failing_native_call_has_switched_on_counts_at_the_next_instruction() {
    let (mut py, capture) = interpreter();
    let source = b"
import sys
from _functools import partial
M = sys.monitoring
E = M.events
lines = []
M.use_tool_id(3, 'program')
M.register_callback(3, E.LINE, lambda code, line: lines.append(line))
def f(*spread):
    try:
        list(*spread, map(partial(M.set_events, 3), [E.LINE, 1 << 40]))
    except OverflowError:
        a = 1
    b = 2
    M.set_events(3, 0)
f()
print(lines)
lines.clear()
def g():
    try:
        list(map(partial(M.set_events, 3), [E.LINE, 1 << 40]))
    except OverflowError:
        a = 1
    M.set_events(3, 0)
g()
print(lines)
";
    py.run_source("m", source).unwrap();
    assert_eq!(said(&capture), "[12, 13, 14, 15]\n[22, 23, 24]\n");
}

#[test]
fn a_call_that_sets_call_has_no_c_return_whoever_else_watches_it() {
    let (mut py, capture) = interpreter();
    let source = b"
import sys
M = sys.monitoring
E = M.events
seen = []
M.use_tool_id(3, 'program')
for name in ('CALL', 'C_RETURN'):
    M.register_callback(3, getattr(E, name), lambda c, o, f, a, name=name: seen.append((name, f.__name__)))
M.use_tool_id(4, 'other')
M.register_callback(4, E.C_RETURN, lambda *a: None)
M.set_events(4, E.CALL | E.C_RETURN | E.C_RAISE)
M.set_events(3, E.CALL | E.C_RETURN | E.C_RAISE)
len('')
M.set_events(3, 0)
print(seen)
";
    py.run_source("m", source).unwrap();
    assert_eq!(said(&capture), "[('CALL', 'len'), ('C_RETURN', 'len'), ('CALL', 'set_events')]\n");
}

#[test]
fn an_error_of_a_c_raise_callback_has_what_the_call_raised_as_context() {
    let (mut py, capture) = interpreter();
    let source = b"
import sys
M = sys.monitoring
E = M.events
def bad(*args):
    raise KeyError('of the callback')
M.use_tool_id(3, 'program')
M.register_callback(3, E.C_RAISE, bad)
def f():
    try:
        len(5)
    except Exception as e:
        return repr(e), repr(e.__context__)
M.set_local_events(3, f.__code__, E.CALL)
print(f())
";
    py.run_source("m", source).unwrap();
    let expected = "(\"KeyError('of the callback')\", 'TypeError(\"object of type \\\'int\\\' has no len()\")')\n";
    assert_eq!(said(&capture), expected);
}

#[test]
fn behind_a_bound_method_c_return_depends_on_the_form_of_the_call_as_in_cpython() {
    let (mut py, capture) = interpreter();
    let source = b"
import sys
M = sys.monitoring
E = M.events
class C:
    def m(self): pass
seen = []
method = type(C().m)(len, [1, 2])
M.use_tool_id(3, 'program')
for name in ('CALL', 'C_RETURN', 'C_RAISE'):
    M.register_callback(3, getattr(E, name), lambda c, o, f, a, name=name: seen.append(name))
def f():
    method()
    method(*[])
    C().m(*[])
M.set_local_events(3, f.__code__, E.CALL)
f()
print(seen)
";
    py.run_source("m", source).unwrap();
    let expected = "['CALL', 'C_RETURN', 'CALL', 'CALL', 'C_RETURN', 'CALL']\n";
    assert_eq!(said(&capture), expected);
}

/// What a trace writes, to be read while it runs.
#[derive(Clone, Default)]
struct Written(Arc<parking_lot::Mutex<Vec<u8>>>);

impl std::io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_trace_tells_the_values_of_its_interpreter_and_of_nobody_else() {
    use crate::monitor::{Arming, CodeSpec, Location, Payload};
    use crate::tools::trace::{Format, Options, start};
    let (mut py, _) = interpreter();
    let written = Written::default();
    let options =
        Options { events: EventSet::PY_RETURN | EventSet::CALL | EventSet::RAISE, format: Format::Text, file: None };
    let (monitor, describe) = (py.interpreter().monitor().clone(), Arc::new(py.describe()));
    let trace = start(&monitor, 4, options, describe.clone(), Box::new(written.clone())).unwrap();
    py.run_source("m", b"def f(x): return x + 1\nf(41)\n").unwrap();
    // Another host on the same monitor, whose values are anything but Python's.
    let spec = CodeSpec {
        name: "foreign".into(),
        qualified_name: "foreign".into(),
        file: "foreign".into(),
        first_line: 1,
        locations: vec![Location::new(0, 1, EventSet::PY_RETURN | EventSet::CALL)],
        host: std::ptr::null_mut(),
        arming: Arming::Bytes,
    };
    let (code, thread) = (monitor.register_code(spec).unwrap(), monitor.new_thread_state());
    let junk = std::ptr::without_provenance(0x10);
    monitor.fire(&thread, &code, 0, Event::PyReturn, &Payload::value(junk)).unwrap();
    monitor.fire_call(&thread, &code, 0, &Payload::call(junk, Some(junk))).unwrap();
    monitor.fire_other(&thread, &code, 0, Event::Raise, &Payload::value(junk)).unwrap();
    let text = String::from_utf8(written.0.lock().clone()).unwrap();
    let (ours, foreign): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| !line.contains("foreign"));
    assert!(ours.iter().any(|line| line.contains("42")), "{text}");
    assert_eq!((foreign.len(), foreign.iter().filter(|line| line.contains("<?>")).count()), (3, 3), "{text}");
    // The tool ends after the interpreter, and somewhere else.
    drop(py);
    std::thread::spawn(move || drop((trace, describe))).join().unwrap();
}

#[test]
fn instruction_does_not_swallow_the_line_of_what_carries_no_location_of_its_own() {
    let (mut py, capture) = interpreter();
    let source = b"
import sys
M = sys.monitoring
E = M.events
def f(n):
    for p in [2, 3, 5, 7, 11]:
        if p * p > n:
            break
        while n % p == 0:
            n //= p
    if n > 1:
        return n
lines = []
M.use_tool_id(3, 'program')
M.register_callback(3, E.LINE, lambda code, line: lines.append(line))
M.register_callback(3, E.INSTRUCTION, lambda code, offset: None)
def watched(events):
    lines.clear()
    M.set_local_events(3, f.__code__, events)
    f(35)
    return lines[:]
alone = watched(E.LINE)
print(alone == watched(E.LINE | E.INSTRUCTION), alone)
";
    py.run_source("m", source).unwrap();
    let expected = "True [6, 7, 9, 6, 7, 9, 6, 7, 9, 10, 9, 6, 7, 8, 11, 12]\n";
    assert_eq!(said(&capture), expected);
}

#[test]
fn a_local_set_counts_at_the_next_entry_of_code_that_has_run_before() {
    let (mut py, capture) = interpreter();
    let source = b"
import sys
M = sys.monitoring
E = M.events
def f():
    a = 1
    return a
f()
seen = []
M.use_tool_id(3, 'program')
M.register_callback(3, E.LINE, lambda *args: seen.append('line'))
M.register_callback(3, E.PY_START, lambda *args: seen.append('start'))
for events in E.LINE, 0, E.PY_START, E.LINE | E.PY_START, E.LINE:
    seen.clear()
    M.set_local_events(3, f.__code__, events)
    f()
    print(seen)
";
    py.run_source("m", source).unwrap();
    let expected = "['line', 'line']\n[]\n['start']\n['start', 'line', 'line']\n['line', 'line']\n";
    assert_eq!(said(&capture), expected);
}
