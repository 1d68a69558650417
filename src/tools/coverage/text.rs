//! The report for people: annotated source, then a table of sums.

use std::fmt::Write;

use super::report::{Branch, FileReport, Report, Totals};

/// Marks in front of source lines.
const RAN: char = '>';
const PARTIAL: char = '~';
const MISSED: char = '!';

impl Report {
    /// The report as text.  Paths lose the prefix `root`; `source` gives the text of a file, None if it cannot be had.
    pub fn to_text(&self, root: &str, source: &dyn Fn(&str) -> Option<String>) -> String {
        let mut out = String::new();
        for file in &self.files {
            out.push_str(&annotated(file, root, source));
            out.push('\n');
        }
        out.push_str(&self.summary(root));
        out
    }

    /// The table of sums.
    pub fn summary(&self, root: &str) -> String {
        let rows: Vec<(&str, Totals)> = self.files.iter().map(|f| (shown(&f.path, root), f.totals())).collect();
        let width = rows.iter().map(|(path, _)| path.chars().count()).max().unwrap_or(0).max("Total".len());
        let mut out = format!("{:<width$}   Lines  Missed", "File");
        if self.branches {
            out.push_str("  Branches  Missed");
        }
        out.push_str("  Cover\n");
        let rule = "-".repeat(out.len() - 1);
        let row = |name: &str, t: Totals| {
            let mut line = format!("{name:<width$}  {:>6}  {:>6}", t.lines, t.missed_lines());
            if self.branches {
                let _ = write!(line, "  {:>8}  {:>6}", t.branches, t.missed_branches());
            }
            format!("{line}  {:>4}%\n", t.percent())
        };
        let _ = writeln!(out, "{rule}");
        rows.iter().for_each(|(path, totals)| out.push_str(&row(path, *totals)));
        let _ = writeln!(out, "{rule}");
        out + &row("Total", self.totals())
    }
}

fn shown<'a>(path: &'a str, root: &str) -> &'a str {
    match path.strip_prefix(root) {
        Some(rest) if !root.is_empty() => rest.trim_start_matches('/'),
        _ => path,
    }
}

fn annotated(file: &FileReport, root: &str, source: &dyn Fn(&str) -> Option<String>) -> String {
    let path = shown(&file.path, root);
    let mut out = format!("{path}\n{}\n", "=".repeat(path.chars().count()));
    let Some(text) = source(&file.path) else {
        let missed: Vec<String> = file.missed_lines().map(|l| l.to_string()).collect();
        let _ = writeln!(out, "(source not found; missed lines: {})", missed.join(", "));
        return out;
    };
    for (line, text) in (1..).zip(text.lines()) {
        let notes: Vec<String> = file.partial_branches().filter(|b| b.line == line).map(note).collect();
        let mark = match file.lines.get(&line) {
            Some(false) => MISSED,
            _ if !notes.is_empty() => PARTIAL,
            Some(true) => RAN,
            None => ' ',
        };
        let mut row = format!("{line:>5} {mark} {text}");
        if !notes.is_empty() {
            let _ = write!(row, "    # {}", notes.join(", "));
        }
        let _ = writeln!(out, "{}", row.trim_end());
    }
    out
}

fn note(b: &Branch) -> String {
    match b.to_line {
        Some(to) => format!("never to {to}"),
        None => "never out".to_owned(),
    }
}
