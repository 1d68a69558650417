//! What coverage found out, as plain data.

use std::collections::BTreeMap;

use serde::Serialize;

/// Coverage of several files, in the order of their paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub files: Vec<FileReport>,
    /// Whether branches were measured.
    pub branches: bool,
}

/// Coverage of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileReport {
    /// The file, as its code objects name it.
    pub path: String,
    /// Every line that can run (1-based), and whether it did.
    pub lines: BTreeMap<u32, bool>,
    /// Every way out of every line that has several, in order; empty unless branches were measured.
    pub branches: Vec<Branch>,
    /// Every code object, the module's among them.
    pub functions: Vec<Function>,
}

/// One way out of a line that has several: from its line to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The line of the condition or loop head.
    pub line: u32,
    /// The line where it continues; None where that has none.
    pub to_line: Option<u32>,
    /// None: the line was never reached.
    pub taken: Option<bool>,
}

/// One code object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    pub line: u32,
    /// Whether any of its lines ran.
    pub ran: bool,
}

/// Sums over a file or a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    pub lines: usize,
    pub executed_lines: usize,
    pub branches: usize,
    pub taken_branches: usize,
}

impl Totals {
    pub fn missed_lines(&self) -> usize {
        self.lines - self.executed_lines
    }

    pub fn missed_branches(&self) -> usize {
        self.branches - self.taken_branches
    }

    /// Executed lines and taken branches among all, in percent, rounded down so that only a full measure is 100.
    pub fn percent(&self) -> u32 {
        let all = self.lines + self.branches;
        let done = self.executed_lines + self.taken_branches;
        (done * 100).checked_div(all).map_or(100, |percent| percent as u32)
    }
}

impl std::ops::Add for Totals {
    type Output = Totals;
    fn add(self, other: Totals) -> Totals {
        Totals {
            lines: self.lines + other.lines,
            executed_lines: self.executed_lines + other.executed_lines,
            branches: self.branches + other.branches,
            taken_branches: self.taken_branches + other.taken_branches,
        }
    }
}

impl FileReport {
    /// The lines that can run and did not.
    pub fn missed_lines(&self) -> impl Iterator<Item = u32> + '_ {
        self.lines.iter().filter(|(_, ran)| !**ran).map(|(&line, _)| line)
    }

    /// The lines that ran.
    pub fn executed_lines(&self) -> impl Iterator<Item = u32> + '_ {
        self.lines.iter().filter(|(_, ran)| **ran).map(|(&line, _)| line)
    }

    /// The ways that were not taken out of lines that were reached.
    pub fn partial_branches(&self) -> impl Iterator<Item = &Branch> {
        self.branches.iter().filter(|b| b.taken == Some(false))
    }

    pub fn totals(&self) -> Totals {
        Totals {
            lines: self.lines.len(),
            executed_lines: self.executed_lines().count(),
            branches: self.branches.len(),
            taken_branches: self.branches.iter().filter(|b| b.taken == Some(true)).count(),
        }
    }
}

impl Report {
    /// Gives a file another path, such as one without `..` in it.
    pub fn rename(&mut self, from: &str, to: &str) {
        self.files.iter_mut().filter(|f| f.path == from).for_each(|f| f.path = to.to_owned());
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
    }

    pub fn totals(&self) -> Totals {
        self.files.iter().map(FileReport::totals).fold(Totals::default(), |a, b| a + b)
    }
}
