//! The conformance programs, what was recorded of them, and running them under `execmon trace`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::trace::{self, JumpShare};
use super::{oracle, wording};

const LIMIT: Duration = Duration::from_secs(60);

/// The folder of the conformance programs.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance")
}

/// One program `tests/conformance/NAME.py` with what CPython 3.13 was recorded to do.
pub struct Program {
    pub name: String,
    arguments: Vec<String>,
    /// Nothing for a program that says `# trace: none`.
    trace: Option<String>,
    stdout: String,
    stderr: String,
    status: i32,
}

/// How the instructions of a program run.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// With inline caches, which are filled the first time.
    Specialized,
    /// Without: every instruction goes its general way.
    General,
}

impl Form {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Form::Specialized => &[],
            Form::General => &["--no-specialization"],
        }
    }
}

/// What a run left behind.
struct Run {
    status: Option<i32>,
    stdout: String,
    stderr: String,
    trace: String,
}

impl Program {
    /// All programs, by name.  A program without a recording is an error.
    pub fn all() -> Result<Vec<Program>, String> {
        let entries = fs::read_dir(folder()).map_err(|error| error.to_string())?;
        let mut names: Vec<String> = entries
            .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(".py")?.to_owned()))
            .collect();
        names.sort();
        names.iter().map(|name| Program::read(name)).collect()
    }

    fn read(name: &str) -> Result<Program, String> {
        let source = fs::read_to_string(folder().join(format!("{name}.py"))).map_err(|error| error.to_string())?;
        let directive = |key: &str| {
            let mut header = source.lines().take_while(|line| line.starts_with('#'));
            header.find_map(|line| line.strip_prefix(&format!("# {key}: ")).map(str::to_owned))
        };
        let recorded = |kind: &str| fs::read_to_string(folder().join(format!("recorded/{name}.{kind}"))).ok();
        let required = |kind: &str| recorded(kind).ok_or(format!("{name}.{kind} is not recorded: run bless.py"));
        let has_trace = directive("trace").as_deref() != Some("none");
        Ok(Program {
            name: name.to_owned(),
            arguments: directive("args").unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
            trace: if has_trace { Some(required("trace.jsonl")?) } else { None },
            stdout: required("stdout")?,
            stderr: recorded("stderr").unwrap_or_default(),
            status: recorded("status")
                .map_or(Ok(0), |text| text.trim().parse().map_err(|_| "bad status".to_owned()))?,
        })
    }

    /// Runs the program under `execmon trace` and compares everything, and once more unwatched, where instructions take
    /// shorter ways; the error is text to print.
    pub fn check(&self, form: Form) -> Result<JumpShare, String> {
        let run = self.run(form, true).map_err(|error| format!("{}: {error}", self.name))?;
        let mut failures = self.differences(&run, "");
        let unwatched = self.run(form, false).map_err(|error| format!("{}: {error}", self.name))?;
        failures.extend(self.differences(&unwatched, "unwatched: "));
        let mut share = JumpShare::default();
        if let Some(recorded) = &self.trace {
            match trace::parse(&run.trace) {
                Err(error) => failures.push(error),
                Ok(ours) => {
                    let comparison = trace::compare(ours, trace::parse(recorded)?);
                    share = comparison.jumps;
                    failures.extend(comparison.difference);
                }
            }
        }
        if failures.is_empty() { Ok(share) } else { Err(format!("{}: {}", self.name, failures.join("\n"))) }
    }

    /// How what a run printed and its status differ from what is recorded.
    fn differences(&self, run: &Run, how: &str) -> Vec<String> {
        let mut failures = Vec::new();
        if run.status != Some(self.status) {
            failures.push(format!("{how}exit status {:?} instead of {}", run.status, self.status));
        }
        failures.extend(text_difference(&format!("{how}stdout"), &run.stdout, &self.stdout));
        failures.extend(text_difference(&format!("{how}stderr"), &without_directories(&run.stderr), &self.stderr));
        failures
    }

    fn run(&self, form: Form, watched: bool) -> std::io::Result<Run> {
        let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let file = |kind: &str| scratch.join(format!("conformance-{}-{form:?}.{kind}", self.name));
        let _ = fs::remove_file(file("trace"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_execmon"));
        if watched {
            command.args(["trace", "--format", "jsonl", "--output"]).arg(file("trace"));
        } else {
            command.arg("run");
        }
        let mut child = command
            .args(form.arguments())
            .arg(format!("{}.py", self.name))
            .args(&self.arguments)
            .current_dir(folder())
            .stdin(Stdio::null())
            .stdout(fs::File::create(file("stdout"))?)
            .stderr(fs::File::create(file("stderr"))?)
            .spawn()?;
        let status = oracle::wait(&mut child, LIMIT)?;
        let here = format!("{}/", folder().display());
        let read = |kind: &str| fs::read(file(kind)).map(|bytes| String::from_utf8_lossy(&bytes).replace(&here, ""));
        Ok(Run {
            status: status.code(),
            stdout: read("stdout")?,
            stderr: read("stderr")?,
            trace: read("trace").unwrap_or_default(),
        })
    }
}

/// A traceback with the directories taken out of its `File "..."` lines.
pub fn without_directories(text: &str) -> String {
    let mut written = String::new();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("  File \"").and_then(|rest| rest.split_once('"')) {
            Some((path, rest)) => {
                let name = path.rsplit('/').next().unwrap_or(path);
                written.push_str(&format!("  File \"{name}\"{rest}"));
            }
            None => written.push_str(line),
        }
    }
    written
}

/// The first line in which two texts differ, with the lines before it.
pub fn text_difference(what: &str, ours: &str, recorded: &str) -> Option<String> {
    let (ours, recorded) = (wording::of_ours(ours), wording::of_recording(recorded));
    if ours == recorded {
        return None;
    }
    let our_lines: Vec<&str> = ours.split('\n').collect();
    let recorded_lines: Vec<&str> = recorded.split('\n').collect();
    let at = our_lines.iter().zip(&recorded_lines).take_while(|(left, right)| left == right).count();
    let line = |lines: &[&str]| lines.get(at).map_or("(end)".to_owned(), |line| format!("{line:?}"));
    let before: String = recorded_lines[at.saturating_sub(3)..at].iter().map(|l| format!("    = {l:?}\n")).collect();
    Some(format!(
        "{what} differs at line {}\n{before}    ours:     {}\n    recorded: {}",
        at + 1,
        line(&our_lines),
        line(&recorded_lines),
    ))
}
