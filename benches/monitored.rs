//! Runs a script's `main()` several times under a tool, for `benches/instructions.py` to count instructions.
//!
//!     monitored none|registered|off|disabled|lines|unheard|counting SCRIPT [WARMING [PASSES]]
//!
//! The first WARMING calls, two, warm up; the next PASSES, four, are made through `measured_pass`, where valgrind counts.
//! Four, because what malloc does in the first of them depends on what the mode has left behind in the heap.
//!
//! * none: no tool.
//! * registered: a tool with a callback for every event, and no event set.
//! * off: the same, whose events were set during the first call and are not any more.
//! * disabled: a tool with all local events, whose callbacks return DISABLE.  Branches have one callback for both sides:
//!   of a branch that only ever goes one way, DISABLE from a callback of that side would leave the other one armed.
//! * lines: a tool with LINE alone, whose callback returns DISABLE: coverage of lines.
//! * unheard: a tool with all local events and no callback.
//! * counting: a tool with all local events, whose callbacks count; not compared, it shows that events do fire.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use execmon::monitor::{Action, Callback, Event, EventSet, Monitor, MonitorError};
use execmon::runtime::{Config, Interpreter};

const TOOL: i32 = 3;

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    None,
    Registered,
    Off,
    Disabled,
    Lines,
    Unheard,
    Counting,
}

/// All events that a location can have, with those that follow CALL.
fn local_events() -> EventSet {
    EventSet::LOCAL | EventSet::ANCILLARY
}

fn watch(monitor: &Monitor, mode: Mode, fired: &Arc<AtomicU64>) -> Result<(), MonitorError> {
    if mode == Mode::None {
        return Ok(());
    }
    monitor.use_tool_id(TOOL, "benchmark")?;
    let is_side = |event: Event| matches!(event, Event::BranchLeft | Event::BranchRight);
    let wanted = |event: Event| match mode {
        Mode::Lines => event == Event::Line,
        Mode::Unheard => false,
        _ => !is_side(event),
    };
    for event in Event::ALL.iter().filter(|event| wanted(**event)) {
        let fired = Arc::clone(fired);
        // DISABLE from C_RETURN and C_RAISE would be an error: CALL's covers them.
        let disables = matches!(mode, Mode::Disabled | Mode::Lines) && event.can_disable();
        let callback = Callback::from_fn(move |_| {
            fired.fetch_add(1, Ordering::Relaxed);
            if disables { Action::DISABLE } else { Action::CONTINUE }
        });
        monitor.register_callback(TOOL, i64::from(event.set().0), Some(callback))?;
    }
    let events = match mode {
        Mode::None | Mode::Registered => EventSet::NO_EVENTS,
        Mode::Lines => EventSet::LINE,
        _ => local_events(),
    };
    monitor.set_events(TOOL, i64::from(events.0))
}

/// What valgrind counts, by this name.
#[unsafe(no_mangle)]
#[inline(never)]
fn measured_pass(passes: u32, pass: &mut dyn FnMut()) {
    for _ in 0..passes {
        pass();
    }
}

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let mode = match args.next().as_deref() {
        Some("none") => Mode::None,
        Some("registered") => Mode::Registered,
        Some("off") => Mode::Off,
        Some("disabled") => Mode::Disabled,
        Some("lines") => Mode::Lines,
        Some("unheard") => Mode::Unheard,
        Some("counting") => Mode::Counting,
        _ => return complain("usage: monitored MODE SCRIPT [WARMING [PASSES]]"),
    };
    let Some(script) = args.next() else {
        return complain("a script is missing");
    };
    let mut number = |otherwise: u32| args.next().map_or(Ok(otherwise), |text| text.parse());
    let (Ok(warming), Ok(passes)) = (number(2), number(4)) else {
        return complain("the passes are no number");
    };
    let source = match std::fs::read(&script) {
        Ok(source) => source,
        Err(e) => return complain(&format!("{script}: {e}")),
    };
    let interpreter = Interpreter::new(Config::default());
    let fired = Arc::new(AtomicU64::new(0));
    if let Err(failure) = interpreter.session().run_source("workload", &source) {
        return complain(&failure.traceback);
    }
    if let Err(e) = watch(interpreter.monitor(), mode, &fired) {
        return complain(&e.to_string());
    }
    let mut failed = None;
    let mut pass = || {
        if let Err(failure) = interpreter.session().call("workload", "main", &[]) {
            failed = Some(failure.traceback);
        }
    };
    for warmed in 0..warming {
        pass();
        if warmed == 0 && mode == Mode::Off && interpreter.monitor().set_events(TOOL, 0).is_err() {
            return complain("the events cannot be switched off");
        }
    }
    let before = fired.load(Ordering::Relaxed);
    measured_pass(passes, &mut pass);
    if let Some(text) = failed {
        return complain(&text);
    }
    println!("{} {}", before, fired.load(Ordering::Relaxed) - before);
    ExitCode::SUCCESS
}

fn complain(text: &str) -> ExitCode {
    eprintln!("monitored: {text}");
    ExitCode::FAILURE
}
