//! The tracefile format of lcov (geninfo(1)).

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use super::report::{FileReport, Report};

impl Report {
    /// The report as an lcov tracefile.  Lines and functions count 1 or 0: how often they ran is not measured.
    pub fn to_lcov(&self) -> String {
        let mut out = String::new();
        for file in &self.files {
            // Writing to a String cannot fail.
            let _ = section(&mut out, file, self.branches);
        }
        out
    }
}

fn section(out: &mut String, file: &FileReport, branches: bool) -> fmt::Result {
    writeln!(out, "TN:\nSF:{}", file.path)?;
    let functions = functions(file);
    for (name, (line, _)) in &functions {
        writeln!(out, "FN:{line},{name}")?;
    }
    for (name, (_, ran)) in &functions {
        writeln!(out, "FNDA:{},{name}", u8::from(*ran))?;
    }
    writeln!(out, "FNF:{}\nFNH:{}", functions.len(), functions.values().filter(|(_, ran)| *ran).count())?;
    let totals = file.totals();
    if branches {
        let (mut line, mut number) = (0, 0);
        for b in &file.branches {
            number = if b.line == line { number + 1 } else { 0 };
            line = b.line;
            let taken = match b.taken {
                None => "-",
                Some(false) => "0",
                Some(true) => "1",
            };
            writeln!(out, "BRDA:{line},0,{number},{taken}")?;
        }
        writeln!(out, "BRF:{}\nBRH:{}", totals.branches, totals.taken_branches)?;
    }
    for (line, ran) in &file.lines {
        writeln!(out, "DA:{line},{}", u8::from(*ran))?;
    }
    writeln!(out, "LF:{}\nLH:{}\nend_of_record", totals.lines, totals.executed_lines)
}

/// The functions by a name that is theirs alone in the file, which lcov wants; the module's code is no function.
fn functions(file: &FileReport) -> BTreeMap<String, (u32, bool)> {
    let mut all = BTreeMap::new();
    for f in file.functions.iter().filter(|f| f.name != "<module>") {
        let mut name = f.name.clone();
        let mut n = 1;
        while all.contains_key(&name) {
            n += 1;
            name = format!("{}#{n}", f.name);
        }
        all.insert(name, (f.line, f.ran));
    }
    all
}
