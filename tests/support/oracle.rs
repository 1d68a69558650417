//! CPython 3.13, where the machine has one, and the scripts that use it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

/// Path of a script in `tests/oracle/`.
pub fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle").join(name)
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
