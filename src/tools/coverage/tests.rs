//! Coverage of a foreign host's code, and the three forms of its report.

use std::ptr;

use super::*;
use crate::monitor::{Arming, CodeSpec, Payload, ThreadState};

struct Host {
    monitor: Arc<Monitor>,
    thread: ThreadState,
}

/// Lines 1 (with a branch to 2 or 3), 2 and 3 (with a branch back to 2, by a jump, or to an end without line).
fn locations() -> Vec<Location> {
    vec![
        Location::new(0, 1, EventSet::LINE),
        Location::new(2, 1, EventSet::BRANCH).branch(2, 3),
        Location::new(4, 2, EventSet::LINE),
        Location::new(6, 3, EventSet::LINE),
        Location::new(8, 3, EventSet::BRANCH).branch(5, 6),
        Location::new(10, 3, EventSet::JUMP).jump(2),
        Location::new(12, -1, EventSet::PY_RETURN),
    ]
}

fn spec(file: &str, name: &str) -> CodeSpec {
    CodeSpec {
        name: name.into(),
        qualified_name: name.into(),
        file: file.into(),
        first_line: 1,
        locations: locations(),
        host: ptr::null_mut(),
        arming: Arming::Bytes,
    }
}

impl Host {
    fn new() -> Host {
        let monitor = Monitor::new();
        Host { thread: monitor.new_thread_state(), monitor }
    }

    fn code(&self, file: &str, name: &str) -> Arc<Code> {
        self.monitor.register_code(spec(file, name)).unwrap()
    }

    fn start(&self, branches: bool, filter: Option<Filter>) -> Coverage {
        start(&self.monitor, crate::monitor::COVERAGE_ID, Options { branches }, filter).unwrap()
    }

    fn fire(&self, code: &Arc<Code>, event: Event, location: u32) {
        self.monitor.fire(&self.thread, code, location, event, &Payload::NONE).unwrap();
    }
}

/// Line 1 and its left side ran in `/p/a.py`; `/p/b.py` was declared only.
fn measured(branches: bool) -> Report {
    let host = Host::new();
    let coverage = host.start(branches, None);
    let code = host.code("/p/a.py", "f");
    host.fire(&code, Event::Line, 0);
    host.fire(&code, Event::BranchLeft, 1);
    host.fire(&code, Event::Line, 2);
    coverage.declare("/p/b.py", "<module>", 1, &locations());
    coverage.finish()
}

#[test]
fn lines_and_branches_that_ran_and_that_did_not() {
    let report = measured(true);
    let [a, b] = &report.files[..] else { panic!("two files") };
    assert_eq!(a.executed_lines().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(a.missed_lines().collect::<Vec<_>>(), [3]);
    let branches: Vec<_> = a.branches.iter().map(|b| (b.line, b.to_line, b.taken)).collect();
    assert_eq!(branches, [(1, Some(2), Some(true)), (1, Some(3), Some(false)), (3, None, None), (3, Some(2), None)]);
    assert_eq!(b.executed_lines().count(), 0);
    assert_eq!(report.totals(), Totals { lines: 6, executed_lines: 2, branches: 8, taken_branches: 1 });
}

#[test]
fn each_location_is_asked_once() {
    let host = Host::new();
    let coverage = host.start(true, None);
    let code = host.code("/p/a.py", "f");
    host.monitor.renew(&code).unwrap();
    let armed = || code.armed()[0].load(std::sync::atomic::Ordering::Relaxed);
    assert_ne!(armed(), 0);
    host.fire(&code, Event::Line, 0);
    assert_eq!(armed(), 0);
    assert_eq!(coverage.report().files[0].executed_lines().collect::<Vec<_>>(), [1]);
}

#[test]
fn refused_files_are_not_measured() {
    let host = Host::new();
    let coverage = host.start(false, Some(Box::new(|file| file.starts_with("/p/"))));
    host.fire(&host.code("/q/a.py", "f"), Event::Line, 0);
    coverage.declare("/q/b.py", "f", 1, &locations());
    coverage.declare_code(&host.code("/p/c.py", "f"));
    let report = coverage.finish();
    assert_eq!(report.files.iter().map(|f| &f.path[..]).collect::<Vec<_>>(), ["/p/c.py"]);
    assert!(report.files[0].branches.is_empty());
}

#[test]
fn the_same_source_compiled_again_is_the_same_code() {
    let host = Host::new();
    let coverage = host.start(true, None);
    host.fire(&host.code("/p/a.py", "f"), Event::BranchLeft, 1);
    host.fire(&host.code("/p/a.py", "f"), Event::BranchRight, 1);
    let report = coverage.finish();
    assert!(report.files[0].branches[..2].iter().all(|b| b.taken == Some(true)));
    assert_eq!(report.files[0].functions.len(), 1);
}

#[test]
fn branches_are_ways_between_lines() {
    let host = Host::new();
    let coverage = host.start(true, None);
    // `while a and b` on line 1 with its condition copied to the bottom: no copy alone goes both ways.
    let locations = [
        Location::new(0, 1, EventSet::LINE),
        Location::new(2, 1, EventSet::BRANCH).branch(2, 6),
        Location::new(4, 1, EventSet::BRANCH).branch(3, 6),
        Location::new(6, 2, EventSet::LINE),
        Location::new(8, 1, EventSet::BRANCH).branch(5, 6),
        Location::new(10, 1, EventSet::BRANCH).branch(6, 3),
        Location::new(12, 3, EventSet::LINE),
        // One way out of line 3, so no branch.
        Location::new(14, 3, EventSet::BRANCH).branch(6, 8),
        Location::new(16, 4, EventSet::LINE),
    ];
    let spec = CodeSpec { locations: locations.to_vec(), ..spec("/p/a.py", "f") };
    let code = host.monitor.register_code(spec).unwrap();
    host.fire(&code, Event::BranchLeft, 1);
    host.fire(&code, Event::BranchLeft, 2);
    host.fire(&code, Event::BranchRight, 4);
    let branches: Vec<_> = coverage.finish().files[0].branches.iter().map(|b| (b.line, b.to_line, b.taken)).collect();
    assert_eq!(branches, [(1, Some(2), Some(true)), (1, Some(3), Some(true))]);
}

#[test]
fn the_return_that_a_compiler_adds_is_a_way_out() {
    let host = Host::new();
    let coverage = host.start(true, None);
    let locations = [
        Location::new(0, 1, EventSet::LINE),
        Location::new(2, 1, EventSet::BRANCH).branch(2, 3),
        Location::new(4, 2, EventSet::LINE),
        Location::new(6, 1, EventSet::PY_RETURN),
    ];
    coverage.declare("/p/a.py", "f", 1, &locations);
    let branches: Vec<_> = coverage.finish().files[0].branches.iter().map(|b| (b.line, b.to_line)).collect();
    assert_eq!(branches, [(1, None), (1, Some(2))]);
}

#[test]
fn lcov() {
    let expected = "TN:\nSF:/p/a.py\nFN:1,f\nFNDA:1,f\nFNF:1\nFNH:1\nBRDA:1,0,0,1\nBRDA:1,0,1,0\nBRDA:3,0,0,-\n\
        BRDA:3,0,1,-\nBRF:4\nBRH:1\nDA:1,1\nDA:2,1\nDA:3,0\nLF:3\nLH:2\nend_of_record\n\
        TN:\nSF:/p/b.py\nFNF:0\nFNH:0\nBRDA:1,0,0,-\nBRDA:1,0,1,-\nBRDA:3,0,0,-\nBRDA:3,0,1,-\nBRF:4\nBRH:0\n\
        DA:1,0\nDA:2,0\nDA:3,0\nLF:3\nLH:0\nend_of_record\n";
    assert_eq!(measured(true).to_lcov(), expected);
    assert!(!measured(false).to_lcov().contains("BR"));
}

#[test]
fn json() {
    let value: serde_json::Value = serde_json::from_str(&measured(true).to_json()).unwrap();
    let a = &value["files"][0];
    assert_eq!(a["executed_lines"], serde_json::json!([1, 2]));
    assert_eq!(a["missed_lines"], serde_json::json!([3]));
    let branch = serde_json::json!({"line": 1, "to_line": 3, "taken": false});
    assert_eq!(a["branches"][1], branch);
    assert_eq!(a["functions"], serde_json::json!([{"name": "f", "line": 1, "executed": true}]));
    assert_eq!(value["totals"]["executed_lines"], 2);
    let value: serde_json::Value = serde_json::from_str(&measured(false).to_json()).unwrap();
    assert!(value["files"][0].get("branches").is_none());
}

#[test]
fn text_with_source_and_without() {
    let source = |path: &str| (path == "/p/a.py").then(|| "if x:\n    y\nwhile z: pass\n\n# end\n".to_owned());
    let expected = "\
a.py
====
    1 ~ if x:    # never to 3
    2 >     y
    3 ! while z: pass
    4
    5   # end

b.py
====
(source not found; missed lines: 1, 2, 3)

File    Lines  Missed  Branches  Missed  Cover
----------------------------------------------
a.py        3       1         4       3    42%
b.py        3       3         4       4     0%
----------------------------------------------
Total       6       4         8       7    21%
";
    assert_eq!(measured(true).to_text("/p", &source), expected);
    let lines_only = measured(false).summary("/p");
    assert_eq!(lines_only.lines().next(), Some("File    Lines  Missed  Cover"));
    assert!(lines_only.ends_with("Total       6       4    33%\n"));
}
