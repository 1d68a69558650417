//! CPython 3.13, where the machine has one, and the scripts that use it.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Path of a script in `tests/oracle/`.
pub fn script(name: &str) -> PathBuf {
    // The fuzz targets, whose package lies in this one's folder, use it, too.
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = package.ancestors().map(|folder| folder.join("tests/oracle")).find(|folder| folder.is_dir());
    folder.unwrap_or_else(|| package.join("tests/oracle")).join(name)
}

/// Set, and neither empty nor `0`, where a test that needs CPython must not be skipped.
const REQUIRED: &str = "EXECMON_REQUIRE_CPYTHON";

/// Path of a CPython 3.13, as find.py finds it; where there is none, says that `test` is skipped.
///
/// # Panics
/// If there is none and `EXECMON_REQUIRE_CPYTHON` is set.
pub fn cpython(test: &str) -> Option<String> {
    let output = Command::new("python3").arg(script("find.py")).output();
    if let Ok(output) = output
        && output.status.success()
    {
        return Some(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let required = std::env::var(REQUIRED).is_ok_and(|value| !value.is_empty() && value != "0");
    assert!(!required, "{test}: no CPython 3.13 found, and {REQUIRED} is set");
    // Not by a macro, whose output the harness keeps from whoever looks at tests that pass.
    let _ = writeln!(io::stderr(), "{test}: SKIPPED, no CPython 3.13 found");
    None
}

/// What a run of a program left behind.
pub struct Run {
    /// The exit status; None of a process that a signal has ended.
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    /// Events as JSON Lines; empty where they were not asked for.
    pub trace: String,
}

/// A CPython that runs one program after another, without a start for each: `tests/oracle/serve.py`.
pub struct Server {
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Server {
    pub fn start(python: &str) -> io::Result<Server> {
        let mut process = Command::new(python)
            .arg("-B")
            .arg(script("serve.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let ends = process.stdin.take().zip(process.stdout.take());
        let (requests, answers) = ends.ok_or_else(|| io::Error::other("no pipes"))?;
        Ok(Server { process, requests, answers: BufReader::new(answers) })
    }

    /// Runs a program, whose folder is where its output is kept meanwhile.
    pub fn run(&mut self, program: &Path, with_trace: bool) -> io::Result<Run> {
        let output = program.with_extension("cpython");
        let kind = if with_trace { "trace" } else { "run" };
        writeln!(self.requests, "{}\t{}\t{kind}", program.display(), output.display())?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        let status = answer.trim().parse::<i32>();
        let status = status.map_err(|_| io::Error::other(format!("CPython's server answers {answer:?}")))?;
        let read = |end: &str| {
            let path = output.with_extension(format!("cpython.{end}"));
            let text = fs::read(&path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            let _ = fs::remove_file(path);
            text.unwrap_or_default()
        };
        Ok(Run {
            status: (status >= 0).then_some(status),
            stdout: read("stdout"),
            stderr: read("stderr"),
            trace: read("trace"),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It would end with its input, too, but not before what it runs.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Waits for a process; kills it and is an error when it takes longer than `limit`.
pub fn wait(child: &mut Child, limit: Duration) -> io::Result<ExitStatus> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if started.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Err(io::Error::other(format!("still running after {limit:?}")));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
