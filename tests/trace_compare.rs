//! Tests of the comparison itself that `tests/conformance.rs` relies on.

mod support;

use support::program::{text_difference, without_directories};
use support::trace::{compare, parse};
use support::wording::{of_ours, of_recording};

const LINE: &str = r#"{"event": "LINE", "code": "f", "line": 3}"#;
const OTHER_LINE: &str = r#"{"event": "LINE", "code": "f", "line": 4}"#;

fn exception(event: &str, line: &str, message: &str) -> String {
    format!(
        r#"{{"event": "{event}", "code": "f", "line": {line}, "exception": {{"type": "E", "message": "{message}"}}}}"#
    )
}

fn branch(event: &str, line: u32) -> String {
    format!(r#"{{"event": "{event}", "code": "f", "line": {line}, "to_line": 9}}"#)
}

fn difference(ours: &[&str], recorded: &[&str]) -> Option<String> {
    compare(parse(&ours.join("\n")).unwrap(), parse(&recorded.join("\n")).unwrap()).difference
}

fn percent(ours: &[String], recorded: &[String]) -> f64 {
    compare(parse(&ours.join("\n")).unwrap(), parse(&recorded.join("\n")).unwrap()).jumps.percent()
}

#[test]
fn equal_traces_have_no_difference() {
    assert_eq!(difference(&[LINE, OTHER_LINE], &[LINE, OTHER_LINE]), None);
    assert_eq!(difference(&[], &[]), None);
}

#[test]
fn the_first_difference_is_shown_with_what_is_around_it() {
    let text = difference(&[LINE, LINE, OTHER_LINE], &[LINE, OTHER_LINE]).unwrap();
    assert!(text.starts_with("first difference at plain event 2\n"), "{text}");
    assert!(text.contains("= "), "{text}");
    assert!(text.contains("ours    :      2     3 LINE"), "{text}");
    assert!(text.contains("recorded:      2     4 LINE"), "{text}");
}

#[test]
fn a_trace_that_ends_early_or_late_differs() {
    assert!(difference(&[LINE], &[LINE, LINE]).unwrap().contains("ours    : (end of the trace)"));
    assert!(difference(&[LINE, LINE], &[LINE]).unwrap().contains("recorded: (end of the trace)"));
}

#[test]
fn the_line_of_handled_and_reraise_is_not_compared_but_their_presence_is() {
    for event in ["EXCEPTION_HANDLED", "RERAISE"] {
        let (ours, recorded) = (exception(event, "3", "m"), exception(event, "null", "m"));
        assert_eq!(difference(&[&ours], &[&recorded]), None);
        assert!(difference(&[], &[&recorded]).is_some());
        assert!(difference(&[&exception(event, "3", "other")], &[&recorded]).is_some());
    }
    for event in ["RAISE", "PY_UNWIND", "PY_THROW", "STOP_ITERATION"] {
        assert!(difference(&[&exception(event, "3", "m")], &[&exception(event, "null", "m")]).is_some());
    }
}

#[test]
fn every_value_of_an_event_is_compared() {
    let call = |callable: &str, arg0: &str| {
        format!(r#"{{"event": "CALL", "code": "f", "line": 1, "callable": "{callable}", "arg0": "{arg0}"}}"#)
    };
    assert_eq!(difference(&[&call("g", "1")], &[&call("g", "1")]), None);
    assert!(difference(&[&call("g", "1")], &[&call("h", "1")]).is_some());
    assert!(difference(&[&call("g", "1")], &[&call("g", "2")]).is_some());
    let value = |value: &str| format!(r#"{{"event": "PY_RETURN", "code": "f", "line": 1, "value": "{value}"}}"#);
    assert!(difference(&[&value("1")], &[&value("1.0")]).is_some());
}

#[test]
fn jumps_and_instructions_do_not_decide() {
    let jump = branch("JUMP", 1);
    let instruction = r#"{"event": "INSTRUCTION", "code": "f", "line": 1, "offset": 4}"#;
    assert_eq!(difference(&[&jump, LINE, instruction], &[LINE]), None);
}

#[test]
fn both_sides_of_a_branch_count_as_a_branch() {
    let ours = [branch("BRANCH_LEFT", 1), branch("BRANCH_RIGHT", 2)];
    assert_eq!(percent(&ours, &[branch("BRANCH", 1), branch("BRANCH", 2)]), 100.0);
    assert_eq!(percent(&[branch("JUMP", 1)], &[branch("BRANCH", 1)]), 0.0);
}

#[test]
fn the_second_measure_aligns_what_can_be_aligned() {
    let many = |lines: &[u32]| lines.iter().map(|&line| branch("BRANCH", line)).collect::<Vec<_>>();
    assert_eq!(percent(&[], &[]), 100.0);
    assert_eq!(percent(&[], &many(&[1])), 0.0);
    // One more event in the middle of four: eight of nine stand in the common subsequence.
    let share = percent(&many(&[1, 2, 9, 3, 4]), &many(&[1, 2, 3, 4]));
    assert!((share - 800.0 / 9.0).abs() < 1e-9, "{share}");
    // Of two that change places one can stay.
    assert_eq!(percent(&many(&[1, 2]), &many(&[2, 1])), 50.0);
}

#[test]
fn a_line_that_is_no_event_of_the_format_is_an_error() {
    for bad in [
        "",
        "{",
        "[]",
        r#"{"code": "f", "line": 1}"#,
        r#"{"event": "LINES", "code": "f", "line": 1}"#,
        r#"{"event": "LINE", "line": 1, "code": "f"}"#,
        r#"{"event": "LINE", "code": "f", "line": 1, "value": "1"}"#,
        r#"{"event": "PY_RETURN", "code": "f", "line": 1}"#,
    ] {
        let text = format!("{LINE}\n{bad}\n{LINE}");
        let error = parse(&text).expect_err(bad);
        assert!(error.starts_with("line 2 of the trace"), "{error}");
    }
}

#[test]
fn the_old_wording_is_replaced_in_recordings_only() {
    let (old, new) = (exception("RAISE", "1", "integer modulo by zero"), exception("RAISE", "1", "division by zero"));
    assert_eq!(difference(&[&new], &[&old]), None);
    assert!(difference(&[&old], &[&new]).is_some());
    assert_eq!(of_recording("float divmod() and float division by zero"), "division by zero and division by zero");
    assert_eq!(of_recording("0.0 cannot be raised to a negative power"), "zero to a negative power");
}

#[test]
fn what_only_the_new_wording_says_is_taken_from_ours() {
    assert_eq!(of_ours("too many values to unpack (expected 2, got 13)!"), "too many values to unpack (expected 2)!");
    for kept in ["not enough values to unpack (expected 2, got 1)", "values to unpack (expected at least 2, got 1)"] {
        assert_eq!(of_ours(kept), kept);
    }
    assert_eq!(of_ours("cannot use 'list' as a dict key (unhashable type: 'list')"), "unhashable type: 'list'");
    assert_eq!(of_ours("cannot use 'a' as a set element (unhashable type: 'b') x"), "unhashable type: 'b' x");
    assert_eq!(of_ours("cannot use 'x' and so on"), "cannot use 'x' and so on");
    assert_eq!(of_ours("'int' is not a container or iterable"), "'int' is not iterable");
    assert_eq!(of_ours("protocol (missed __exit__ method)"), "protocol");
}

#[test]
fn texts_are_compared_by_line_and_tracebacks_without_directories() {
    assert_eq!(text_difference("stdout", "a\nb\n", "a\nb\n"), None);
    let text = text_difference("stdout", "a\nx\n", "a\nb\n").unwrap();
    assert!(text.contains("line 2") && text.contains("\"x\"") && text.contains("\"b\""), "{text}");
    assert!(text_difference("stdout", "a\n", "a").is_some());
    assert!(text_difference("stdout", "", "a\n").is_some());
    let traceback = "Traceback:\n  File \"/some/where/x.py\", line 1, in f\n    open(\"/a/b\")\n";
    let stripped = "Traceback:\n  File \"x.py\", line 1, in f\n    open(\"/a/b\")\n";
    assert_eq!(without_directories(traceback), stripped);
    assert_eq!(without_directories(stripped), stripped);
}
