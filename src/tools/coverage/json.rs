//! The report as one JSON object.

use serde::Serialize;

use super::report::{FileReport, Report, Totals};

#[derive(Serialize)]
struct Document<'a> {
    files: Vec<File<'a>>,
    totals: Totals,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    executed_lines: Vec<u32>,
    missed_lines: Vec<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    branches: Option<Vec<Branch>>,
    functions: Vec<Function<'a>>,
    totals: Totals,
}

#[derive(Serialize)]
struct Branch {
    line: u32,
    to_line: Option<u32>,
    /// Null: the line was never reached.
    taken: Option<bool>,
}

#[derive(Serialize)]
struct Function<'a> {
    name: &'a str,
    line: u32,
    executed: bool,
}

impl Report {
    /// The report as a JSON object with a final newline.
    pub fn to_json(&self) -> String {
        let files = self.files.iter().map(|f| file(f, self.branches)).collect();
        let document = Document { files, totals: self.totals() };
        let text = serde_json::to_string_pretty(&document);
        // Plain data with text keys: there is nothing that could fail.
        text.map(|t| t + "\n").unwrap_or_default()
    }
}

fn file(f: &FileReport, branches: bool) -> File<'_> {
    let branch = |b: &super::Branch| Branch { line: b.line, to_line: b.to_line, taken: b.taken };
    File {
        path: &f.path,
        executed_lines: f.executed_lines().collect(),
        missed_lines: f.missed_lines().collect(),
        branches: branches.then(|| f.branches.iter().map(branch).collect()),
        functions: f.functions.iter().map(|f| Function { name: &f.name, line: f.line, executed: f.ran }).collect(),
        totals: f.totals(),
    }
}
