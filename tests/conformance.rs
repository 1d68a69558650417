//! Runs every program of `tests/conformance/` under `execmon trace` and compares output, exit status, traceback and
//! event trace with what CPython 3.13 was recorded to do; one test for each program.
//!
//! Where a CPython 3.13 is on the machine, one more test records again and fails when a recording is stale.

mod support;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::{Arc, Mutex};

use libtest_mimic::{Arguments, Failed, Trial};
use support::program::Program;
use support::trace::JumpShare;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let programs = match Program::all() {
        Ok(programs) => programs,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let shares = Arc::new(Mutex::new(Vec::new()));
    let mut trials: Vec<Trial> = programs.into_iter().map(|program| trial(program, Arc::clone(&shares))).collect();
    trials.push(Trial::test("recordings_are_current", recordings_are_current));
    let conclusion = libtest_mimic::run(&arguments, trials);
    if !arguments.list {
        print_second_measure(&shares.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
    }
    conclusion.exit_code()
}

fn trial(program: Program, shares: Arc<Mutex<Vec<(String, JumpShare)>>>) -> Trial {
    Trial::test(program.name.clone(), move || {
        let share = program.check()?;
        shares.lock().map_err(|_| "another test panicked")?.push((program.name, share));
        Ok(())
    })
}

/// Reports JUMP and BRANCH, which do not decide, over the programs that passed.
fn print_second_measure(shares: &[(String, JumpShare)]) {
    let mut all = JumpShare::default();
    for (name, share) in shares {
        all.aligned += share.aligned;
        all.total += share.total;
        if share.aligned != share.total {
            println!("JUMP/BRANCH of {name}: {:.1} % aligned", share.percent());
        }
    }
    println!("JUMP/BRANCH of {} programs: {:.1} % of {} aligned", shares.len(), all.percent(), all.total);
}

/// `bless.py --check` under whatever Python 3 there is; skipped where no CPython 3.13 is found.
fn recordings_are_current() -> Result<(), Failed> {
    const NO_ORACLE: i32 = 2;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/bless.py");
    let Ok(output) = Command::new("python3").arg(script).arg("--check").output() else {
        println!("recordings_are_current: skipped, no python3");
        return Ok(());
    };
    match output.status.code() {
        Some(0) => Ok(()),
        Some(NO_ORACLE) => {
            println!("recordings_are_current: skipped, no CPython 3.13");
            Ok(())
        }
        _ => {
            let said = String::from_utf8_lossy(&output.stdout);
            let stale: Vec<&str> = said.lines().filter(|line| line.contains("stale")).collect();
            Err(format!("{}\n{}", stale.join("\n"), String::from_utf8_lossy(&output.stderr)).into())
        }
    }
}
