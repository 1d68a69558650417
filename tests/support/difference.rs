//! The known differences from CPython 3.13: each program of `tests/differs/` says in its docstring why it behaves otherwise
//! here, and what the two print.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::oracle;
use super::program::text_difference;

const LIMIT: Duration = Duration::from_secs(20);
/// The lines of the docstring behind which the output of each stands, indented.
const CPYTHON: &str = "CPython 3.13 prints:";
const EXECMON: &str = "execmon prints:";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differs")
}

/// One program `tests/differs/NAME.py` with what its docstring says.
pub struct Difference {
    pub name: String,
    cpython: String,
    execmon: String,
}

/// The indented lines behind a heading.
fn section(docstring: &str, heading: &str) -> Option<String> {
    let (_, behind) = docstring.split_once(&format!("\n{heading}\n"))?;
    let lines = behind.lines().take_while(|line| line.starts_with("    "));
    Some(lines.map(|line| format!("{}\n", line.trim_start_matches("    "))).collect())
}

impl Difference {
    /// All of them, by name.  One without a reason or without both outputs is an error.
    pub fn all() -> Result<Vec<Difference>, String> {
        let entries = fs::read_dir(folder()).map_err(|error| error.to_string())?;
        let mut names: Vec<String> = entries
            .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(".py")?.to_owned()))
            .collect();
        names.sort();
        names.iter().map(|name| Difference::read(name)).collect()
    }

    fn read(name: &str) -> Result<Difference, String> {
        let source = fs::read_to_string(folder().join(format!("{name}.py"))).map_err(|error| error.to_string())?;
        let docstring = source.strip_prefix("\"\"\"").and_then(|rest| rest.split_once("\"\"\"")).map(|(text, _)| text);
        let docstring = docstring.ok_or(format!("{name}: no docstring"))?;
        if docstring.starts_with(char::is_whitespace) || docstring.starts_with(CPYTHON) {
            return Err(format!("{name}: no reason"));
        }
        let output = |heading| section(docstring, heading).ok_or(format!("{name}: nothing behind `{heading}`"));
        Ok(Difference { name: name.to_owned(), cpython: output(CPYTHON)?, execmon: output(EXECMON)? })
    }

    /// Runs the program here, and in CPython 3.13 where there is one; the error is text to print.
    pub fn check(&self) -> Result<(), String> {
        if self.cpython == self.execmon {
            return Err(format!("{}: there is no difference: make it a conformance program", self.name));
        }
        let ours = self.run(Command::new(env!("CARGO_BIN_EXE_execmon")).arg("run"), "execmon")?;
        let mut failures: Vec<String> =
            text_difference("what execmon prints", &ours, &self.execmon).into_iter().collect();
        if let Some(python) = oracle::cpython(&format!("differs::{}", self.name)) {
            let theirs = self.run(&mut Command::new(python), "cpython")?;
            failures.extend(text_difference("what CPython prints", &theirs, &self.cpython));
        }
        if failures.is_empty() { Ok(()) } else { Err(format!("{}: {}", self.name, failures.join("\n"))) }
    }

    fn run(&self, command: &mut Command, which: &str) -> Result<String, String> {
        let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("differs-{}.{which}", self.name));
        let failed = |error: std::io::Error| format!("{}: {error}", self.name);
        let mut child = command
            .arg(folder().join(format!("{}.py", self.name)))
            // One of the differences is that nobody asks for it.
            .env("TZ", "EST5")
            .stdin(Stdio::null())
            .stdout(fs::File::create(&scratch).map_err(failed)?)
            .spawn()
            .map_err(failed)?;
        oracle::wait(&mut child, LIMIT).map_err(failed)?;
        fs::read_to_string(&scratch).map_err(failed)
    }
}
