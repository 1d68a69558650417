//! CPython 3.13, where the machine has one, and the scripts that use it.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

/// Path of a script in `tests/oracle/`.
pub fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle").join(name)
}

/// Path of a CPython 3.13, as bless.py finds it; where there is none, says that `test` is skipped.
pub fn cpython(test: &str) -> Option<String> {
    let output = Command::new("python3").arg(script("bless.py")).arg("--python").output();
    match output {
        Ok(output) if output.status.success() => Some(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
        _ => {
            println!("{test}: skipped, no CPython 3.13 found");
            None
        }
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
