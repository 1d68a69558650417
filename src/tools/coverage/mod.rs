//! Which lines and branches ran.  Every location is asked once: its callback disables it, so code that has been seen runs
//! at full speed.

mod json;
mod lcov;
mod report;
mod text;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use parking_lot::Mutex;

use super::Session;
use crate::monitor::{
    Action, Callback, Code, Event, EventRecord, EventSet, Location, Monitor, MonitorError, NO_LOCATION,
};

pub use report::{Branch, FileReport, Function, Report, Side, Totals};

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
    codes: HashMap<CodeKey, CodeSeen>,
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
        let mut codes: Vec<(&CodeKey, &CodeSeen)> = self.codes.iter().collect();
        codes.sort_by_key(|(key, _)| (key.first_line, key.qualified_name.clone(), key.locations));
        for (key, code) in codes {
            let mut ran = false;
            for (i, (location, fired)) in code.locations.iter().zip(&code.fired).enumerate() {
                if location.line > 0 && location.events.contains(EventSet::LINE) {
                    let hit = fired.contains(EventSet::LINE);
                    *report.lines.entry(location.line as u32).or_default() |= hit;
                    ran |= hit;
                }
                if branches && location.line > 0 && location.events.expand_branch().intersects(EventSet::BRANCHES) {
                    report.branches.extend(code.branch(i, *fired));
                }
            }
            let line = u32::try_from(key.first_line).unwrap_or(0);
            report.functions.push(Function { name: key.qualified_name.to_string(), line, ran });
        }
        report.number_branches();
        report
    }
}

impl CodeSeen {
    /// Both sides of the branch at a location.
    fn branch(&self, location: usize, fired: EventSet) -> [Branch; 2] {
        let at = self.locations[location];
        // The head of a loop that enters the body by a jump of its own.
        let left = if at.left as usize == location { at.jump } else { at.left };
        let reached = fired.intersects(EventSet::BRANCHES);
        let side = |side, event: EventSet, to: u32| Branch {
            line: at.line as u32,
            block: 0,
            side,
            to_line: self.line_at(to),
            taken: reached.then(|| fired.contains(event)),
        };
        [side(Side::Left, EventSet::BRANCH_LEFT, left), side(Side::Right, EventSet::BRANCH_RIGHT, at.right)]
    }

    /// The line where a branch continues: that of the first location from its destination on that has one.
    fn line_at(&self, location: u32) -> Option<u32> {
        if location == NO_LOCATION {
            return None;
        }
        let rest = self.locations.get(location as usize..)?;
        rest.first().and_then(|l| u32::try_from(l.line).ok()).filter(|&l| l > 0)
    }
}

#[cfg(test)]
mod tests;
