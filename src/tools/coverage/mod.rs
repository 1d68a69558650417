//! Which lines and branches ran.  Every location is asked once: its callback disables it, so code that has been seen runs
//! at full speed.

mod json;
mod lcov;
mod report;
mod text;

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use parking_lot::Mutex;

use super::Session;
use crate::monitor::{
    Action, Callback, Code, Event, EventRecord, EventSet, Location, Monitor, MonitorError, NO_LOCATION,
};

pub use report::{Branch, FileReport, Function, Report, Totals};

/// What is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Branches as well as lines.
    pub branches: bool,
}

/// Running coverage.  Dropping it ends it; what was seen can be read at any time.
pub struct Coverage {
    session: Session,
    seen: Arc<Mutex<Seen>>,
    options: Options,
}

/// Says which code objects are measured, by file.
pub type Filter = Box<dyn Fn(&str) -> bool + Send + Sync>;

struct Seen {
    filter: Option<Filter>,
    files: BTreeMap<Box<str>, File>,
}

/// What a file has and what of it ran.
#[derive(Default)]
struct File {
    codes: FxHashMap<CodeKey, CodeSeen>,
}

/// A code object, as it can be known again when the same source is compiled again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct CodeKey {
    first_line: i32,
    qualified_name: Box<str>,
    /// How many locations: tells apart most code objects of one line and name, such as two lambdas.
    locations: usize,
}

struct CodeSeen {
    locations: Box<[Location]>,
    /// Which of LINE, BRANCH_LEFT and BRANCH_RIGHT have fired, by location.
    fired: Box<[EventSet]>,
}

/// Starts coverage with a tool id of its own.  Code of files that `filter` refuses is not measured (None: all is).
///
/// # Errors
/// As [`Monitor::use_tool_id`]: the id is in use, or there is none such.
pub fn start(
    monitor: &Arc<Monitor>,
    tool: i32,
    options: Options,
    filter: Option<Filter>,
) -> Result<Coverage, MonitorError> {
    let session = Session::open(monitor, tool, "coverage")?;
    let seen = Arc::new(Mutex::new(Seen { filter, files: BTreeMap::new() }));
    let events = EventSet::LINE | if options.branches { EventSet::BRANCHES } else { EventSet::NO_EVENTS };
    for event in events.iter() {
        let seen = Arc::clone(&seen);
        let callback = move |record: &EventRecord| {
            seen.lock().fired(record, event);
            Action::DISABLE
        };
        session.listen(event, Callback::from_fn(callback))?;
    }
    session.set_events(events)?;
    Ok(Coverage { session, seen, options })
}

impl Coverage {
    /// Tells of code that may never run, so that its lines count as missed.  `locations` are those that it has, or would
    /// have, when it is registered.
    pub fn declare(&self, file: &str, qualified_name: &str, first_line: i32, locations: &[Location]) {
        let mut seen = self.seen.lock();
        if seen.wants(file) {
            seen.code(file, qualified_name, first_line, locations);
        }
    }

    /// The same for registered code.
    pub fn declare_code(&self, code: &Code) {
        self.declare(code.file(), code.qualified_name(), code.first_line(), code.locations());
    }

    /// What has been seen so far.
    pub fn report(&self) -> Report {
        let seen = self.seen.lock();
        let files = seen.files.iter().map(|(path, file)| file.report(path, self.options.branches)).collect();
        Report { files, branches: self.options.branches }
    }

    /// Ends the measurement and says what was seen.
    pub fn finish(self) -> Report {
        let report = self.report();
        drop(self.session);
        report
    }
}

impl Seen {
    fn wants(&self, file: &str) -> bool {
        self.filter.as_ref().is_none_or(|f| f(file))
    }

    fn fired(&mut self, record: &EventRecord, event: Event) {
        let code = record.code();
        if !self.wants(code.file()) {
            return;
        }
        let entry = self.code(code.file(), code.qualified_name(), code.first_line(), code.locations());
        if let Some(fired) = entry.fired.get_mut(record.location as usize) {
            *fired |= event.set();
        }
    }

    fn code(&mut self, file: &str, qualified_name: &str, first_line: i32, locations: &[Location]) -> &mut CodeSeen {
        if !self.files.contains_key(file) {
            self.files.insert(file.into(), File::default());
        }
        let file = self.files.get_mut(file).expect("the entry was made above");
        let key = CodeKey { first_line, qualified_name: qualified_name.into(), locations: locations.len() };
        file.codes.entry(key).or_insert_with(|| CodeSeen {
            locations: locations.into(),
            fired: locations.iter().map(|_| EventSet::NO_EVENTS).collect(),
        })
    }
}

impl File {
    fn report(&self, path: &str, branches: bool) -> FileReport {
        let mut report = FileReport { path: path.to_owned(), ..FileReport::default() };
        let mut ways = Ways::default();
        let mut codes: Vec<(&CodeKey, &CodeSeen)> = self.codes.iter().collect();
        codes.sort_by_key(|(key, _)| (key.first_line, key.qualified_name.clone(), key.locations));
        for (key, code) in codes {
            let mut ran = false;
            for (i, (location, fired)) in code.locations.iter().zip(&code.fired).enumerate() {
                let Some(line) = line_of(location) else { continue };
                if location.events.contains(EventSet::LINE) {
                    let hit = fired.contains(EventSet::LINE);
                    *report.lines.entry(line).or_default() |= hit;
                    ran |= hit;
                }
                if branches && location.events.expand_branch().intersects(EventSet::BRANCHES) {
                    ways.add(line, code.left(i, line), fired.contains(EventSet::BRANCH_LEFT));
                    ways.add(line, code.right(i, line), fired.contains(EventSet::BRANCH_RIGHT));
                }
            }
            let line = u32::try_from(key.first_line).unwrap_or(0);
            report.functions.push(Function { name: key.qualified_name.to_string(), line, ran });
        }
        report.branches = ways.into_branches();
        report
    }
}

fn line_of(location: &Location) -> Option<u32> {
    u32::try_from(location.line).ok().filter(|&line| line > 0)
}

impl CodeSeen {
    fn left(&self, location: usize, from: u32) -> Option<u32> {
        let at = self.locations[location];
        let to = match at.left {
            // The head of a loop that does more before its body begins: it jumps there, or stores the item first.
            l if l as usize == location && at.jump != NO_LOCATION => at.jump,
            l if l as usize == location => l + 1,
            l => l,
        };
        self.line_at(to, from, true)
    }

    fn right(&self, location: usize, from: u32) -> Option<u32> {
        self.line_at(self.locations[location].right, from, false)
    }

    /// The line where execution continues at a location, or behind what stands there of the line `from` and only leads on;
    /// None where it leaves the code.  `falls` says that the location is behind the branch: the rest of the line (the
    /// targets of a loop) is passed, until another branch of the line decides.
    fn line_at(&self, mut at: u32, from: u32, falls: bool) -> Option<u32> {
        // A jump that leads to itself is an endless loop, not a destination.
        for _ in 0..self.locations.len() {
            let location = self.locations.get(at as usize)?;
            let line = line_of(location);
            let elsewhere = line.is_some_and(|line| line != from);
            if location.events.expand_branch().intersects(EventSet::BRANCHES) {
                return line;
            }
            // The return that a compiler adds has the line of what came before it, but it is a way out.
            if location.events.contains(EventSet::PY_RETURN) {
                return line.filter(|_| elsewhere);
            }
            // `break` and `continue` are lines of their own; other jumps are not, whatever line they have.
            let is_jump = location.jump != NO_LOCATION;
            if elsewhere && (!is_jump || location.events.contains(EventSet::LINE)) {
                return line;
            }
            at = match location.jump {
                NO_LOCATION if falls => at + 1,
                NO_LOCATION => return line,
                to => to,
            };
        }
        None
    }
}

/// The ways out of lines, by line and destination.  A compiler may copy a condition (to the bottom of a loop) and make
/// several branches of one (`a and b`): what counts is where a line can lead.
#[derive(Default)]
struct Ways {
    taken: BTreeMap<(u32, Option<u32>), bool>,
}

impl Ways {
    /// What stays on the line is no way out of it.
    fn add(&mut self, line: u32, to: Option<u32>, taken: bool) {
        if to != Some(line) {
            *self.taken.entry((line, to)).or_default() |= taken;
        }
    }

    /// A line with one way out has no branch.
    fn into_branches(self) -> Vec<Branch> {
        let mut lines: BTreeMap<u32, Vec<(Option<u32>, bool)>> = BTreeMap::new();
        for ((line, to), taken) in self.taken {
            lines.entry(line).or_default().push((to, taken));
        }
        let several = lines.into_iter().filter(|(_, ways)| ways.len() > 1);
        let branches = several.flat_map(|(line, ways)| {
            let reached = ways.iter().any(|(_, taken)| *taken);
            ways.into_iter().map(move |(to_line, taken)| Branch { line, to_line, taken: reached.then_some(taken) })
        });
        branches.collect()
    }
}

#[cfg(test)]
mod tests;
