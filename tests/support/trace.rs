//! Event traces as JSON Lines, and their comparison by the rules of the trace format.
//!
//! The same rules as `tests/oracle/compare.py`, for machines without CPython.

use std::fmt::Write as _;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::wording;

const CONTEXT: usize = 5;

/// One event of a trace.
#[derive(Clone, Debug)]
pub struct Event {
    /// Line number in the file of the trace, from 1.
    number: usize,
    fields: Map<String, Value>,
}

impl Event {
    fn name(&self) -> &str {
        self.fields["event"].as_str().unwrap_or_default()
    }

    fn is_jump(&self) -> bool {
        matches!(self.name(), "JUMP" | "BRANCH" | "BRANCH_LEFT" | "BRANCH_RIGHT")
    }

    /// What takes part in the comparison of plain events.
    fn comparable(&self) -> Map<String, Value> {
        let mut fields = self.fields.clone();
        if matches!(self.name(), "EXCEPTION_HANDLED" | "RERAISE") {
            fields.remove("line");
        }
        fields
    }

    /// What takes part in the comparison of jumps: kind, code, line, destination.
    fn jump(&self) -> (bool, &Value, &Value, &Value) {
        let field = |key| self.fields.get(key).unwrap_or(&Value::Null);
        (self.name() == "JUMP", field("code"), field("line"), field("to_line"))
    }

    fn reworded(mut self, change: fn(&str) -> String) -> Self {
        for key in ["value", "arg0"] {
            if let Some(Value::String(text)) = self.fields.get_mut(key) {
                *text = change(text);
            }
        }
        if let Some(Value::String(text)) = self.fields.get_mut("exception").and_then(|e| e.get_mut("message")) {
            *text = change(text);
        }
        self
    }

    fn show(&self) -> String {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let mut shown = format!(
            "{:6} {:>5} {:<18} {}",
            self.number,
            if self.fields["line"].is_null() { "-".to_owned() } else { self.fields["line"].to_string() },
            self.name(),
            text(&self.fields["code"]),
        );
        for (key, value) in &self.fields {
            if !matches!(key.as_str(), "event" | "code" | "line") {
                let _ = write!(shown, " {key}={}", text(value));
            }
        }
        shown
    }
}

/// The keys that an event must have, in this order; nothing for a name that is no event.
fn keys_of(event: &str) -> Option<&'static [&'static str]> {
    Some(match event {
        "PY_START" | "LINE" | "PY_RESUME" => &["event", "code", "line"],
        "PY_RETURN" | "PY_YIELD" => &["event", "code", "line", "value"],
        "CALL" | "C_RETURN" | "C_RAISE" => &["event", "code", "line", "callable", "arg0"],
        "JUMP" | "BRANCH" | "BRANCH_LEFT" | "BRANCH_RIGHT" => &["event", "code", "line", "to_line"],
        "RAISE" | "RERAISE" | "EXCEPTION_HANDLED" | "PY_UNWIND" | "PY_THROW" | "STOP_ITERATION" => {
            &["event", "code", "line", "exception"]
        }
        "INSTRUCTION" => &["event", "code", "line", "offset"],
        _ => return None,
    })
}

/// Reads a trace; the error names the line that is no event of the format.
pub fn parse(text: &str) -> Result<Vec<Event>, String> {
    let mut events = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let bad = |why: String| format!("line {} of the trace: {why}: {line}", index + 1);
        let fields: Map<String, Value> = serde_json::from_str(line).map_err(|error| bad(error.to_string()))?;
        let name = fields.get("event").and_then(Value::as_str).unwrap_or_default();
        let expected = keys_of(name).ok_or_else(|| bad("no event".to_owned()))?;
        let keys = keys_in_order(line).map_err(|error| bad(error.to_string()))?;
        if keys != expected {
            return Err(bad(format!("keys {keys:?} instead of {expected:?}")));
        }
        events.push(Event { number: index + 1, fields });
    }
    Ok(events)
}

/// The keys of a JSON object as they stand in its text.
fn keys_in_order(object: &str) -> serde_json::Result<Vec<String>> {
    struct Keys;
    impl<'de> Visitor<'de> for Keys {
        type Value = Vec<String>;

        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut keys = Vec::new();
            while let Some((key, IgnoredAny)) = map.next_entry()? {
                keys.push(key);
            }
            Ok(keys)
        }
    }
    serde_json::Deserializer::from_str(object).deserialize_map(Keys)
}

/// The second measure: how well JUMP and BRANCH events can be aligned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JumpShare {
    /// Events, of both sides together, that stand in a common subsequence.
    pub aligned: usize,
    /// Events of both sides together.
    pub total: usize,
}

impl JumpShare {
    /// Percentage of aligned events; 100 where there are none.
    pub fn percent(self) -> f64 {
        if self.total == 0 { 100.0 } else { 100.0 * self.aligned as f64 / self.total as f64 }
    }
}

/// What a comparison found.
#[derive(Debug)]
pub struct Comparison {
    /// The first difference of the plain events with its context, as text to print.
    pub difference: Option<String>,
    /// Does not decide.
    pub jumps: JumpShare,
}

/// Compares a trace of ours with a recording of CPython 3.13.
pub fn compare(ours: Vec<Event>, recorded: Vec<Event>) -> Comparison {
    let reword = |events: Vec<Event>, change: fn(&str) -> String| -> (Vec<Event>, Vec<Event>) {
        events
            .into_iter()
            .filter(|event| event.name() != "INSTRUCTION")
            .map(|event| event.reworded(change))
            .partition(Event::is_jump)
    };
    let (our_jumps, ours) = reword(ours, wording::of_ours);
    let (recorded_jumps, recorded) = reword(recorded, wording::of_recording);

    let longest = ours.len().max(recorded.len());
    let first = (0..longest).find(|&at| ours.get(at).map(Event::comparable) != recorded.get(at).map(Event::comparable));
    let our_keys: Vec<_> = our_jumps.iter().map(Event::jump).collect();
    let recorded_keys: Vec<_> = recorded_jumps.iter().map(Event::jump).collect();
    let total = our_keys.len() + recorded_keys.len();
    let aligned = total - edit_distance(&our_keys, &recorded_keys);
    Comparison { difference: first.map(|at| describe(&ours, &recorded, at)), jumps: JumpShare { aligned, total } }
}

fn describe(ours: &[Event], recorded: &[Event], at: usize) -> String {
    let mut text = format!("first difference at plain event {}\n", at + 1);
    for event in &recorded[at.saturating_sub(CONTEXT).min(recorded.len())..at.min(recorded.len())] {
        let _ = writeln!(text, "         = {}", event.show());
    }
    for (mark, side) in [("ours    ", ours), ("recorded", recorded)] {
        if at >= side.len() {
            let _ = writeln!(text, "{mark}: (end of the trace)");
        }
        for event in side.iter().skip(at).take(CONTEXT + 1) {
            let _ = writeln!(text, "{mark}: {}", event.show());
        }
    }
    text
}

/// Insertions plus deletions that make `left` into `right` (Myers' O(ND) algorithm).
fn edit_distance<T: PartialEq>(left: &[T], right: &[T]) -> usize {
    let size = left.len() + right.len();
    // Furthest x on each diagonal x - y, which runs from -size - 1 to size + 1.
    let mut furthest = vec![0_usize; 2 * size + 3];
    let middle = size + 1;
    for distance in 0..=size {
        for step in 0..=distance {
            let diagonal = middle - distance + 2 * step;
            let down = step == 0 || (step != distance && furthest[diagonal - 1] < furthest[diagonal + 1]);
            let mut x = if down { furthest[diagonal + 1] } else { furthest[diagonal - 1] + 1 };
            // y = x - (diagonal - middle), never negative on a reachable diagonal.
            let mut y = x + middle - diagonal;
            while x < left.len() && y < right.len() && left[x] == right[y] {
                x += 1;
                y += 1;
            }
            furthest[diagonal] = x;
            if x >= left.len() && y >= right.len() {
                return distance;
            }
        }
    }
    size
}
