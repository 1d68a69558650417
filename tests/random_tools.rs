//! Three tools whose callbacks disable, restart and change sets at random see in execmon what they see in CPython 3.13.
//!
//!     EXECMON_FUZZ_PROGRAMS=500 EXECMON_FUZZ_SEED=1000 cargo test --test random_tools
//!
//! runs more. A failure names the seed; the program of a seed stays in the target folder (`tmp/random_tools/SEED.py`).

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use support::generate;
use support::oracle;
use support::program::text_difference;
use support::seeds::{number, seeds};

const PROGRAMS: u64 = 40;

/// What the tools print of a program.
fn seen(interpreter: &mut Command, program: &Path, seed: u64) -> Result<String, String> {
    let output = interpreter
        .arg(oracle::script("random_tools.py"))
        .arg(program)
        .arg(seed.to_string())
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    match output.status.success() {
        true => Ok(text),
        false => Err(format!("{}\n{text}{}", output.status, String::from_utf8_lossy(&output.stderr))),
    }
}

fn compare(python: &str, program: &Path, seed: u64) -> Result<usize, String> {
    fs::write(program, generate::program(seed)).map_err(|error| error.to_string())?;
    let theirs = seen(&mut Command::new(python), program, seed)?;
    let ours = seen(Command::new(env!("CARGO_BIN_EXE_execmon")).arg("run"), program, seed)?;
    match text_difference("log", &ours, &theirs) {
        Some(difference) => Err(format!("{}: {difference}", program.display())),
        None => Ok(theirs.lines().count()),
    }
}

#[test]
fn tools_that_act_at_random_see_what_they_see_in_cpython() {
    let Some(python) = oracle::cpython("tools_that_act_at_random_see_what_they_see_in_cpython") else { return };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("random_tools");
    fs::create_dir_all(&folder).unwrap();
    let mut failures = Vec::new();
    let mut lines = 0;
    let programs = number("EXECMON_FUZZ_PROGRAMS", PROGRAMS);
    for seed in seeds(programs) {
        let program = folder.join(format!("{seed}.py"));
        match compare(&python, &program, seed) {
            Ok(count) => {
                lines += count;
                let _ = fs::remove_file(&program);
            }
            Err(failure) => failures.push(failure),
        }
    }
    println!("{lines} lines");
    assert!(failures.is_empty(), "{} programs differ\n{}", failures.len(), failures.join("\n\n"));
    assert!(lines as u64 > 50 * programs, "the tools saw only {lines} lines");
}
