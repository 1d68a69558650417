//! Runs every program of `tests/conformance/` under `execmon trace` and compares output, exit status, traceback and
//! event trace with what CPython 3.13 was recorded to do, and what an unwatched run prints as well; one test for each program, and one more (`general::NAME`) with
//! specialisation off.
//!
//! The programs of `tests/differs/`, which behave otherwise here than in CPython, are run as well.
//!
//! Where a CPython 3.13 is on the machine, two more tests record again and fail when a recording is stale, and test the
//! tools of the oracle themselves.

mod support;

use std::process::{Command, ExitCode};
use std::sync::{Arc, Mutex};

use libtest_mimic::{Arguments, Failed, Trial};
use support::difference::Difference;
use support::oracle;
use support::program::{Form, Program};
use support::trace::JumpShare;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let found = Program::all().and_then(|programs| Ok((programs, Difference::all()?)));
    let (programs, differences) = match found {
        Ok(found) => found,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let shares = Arc::new(Mutex::new(Vec::new()));
    let programs: Vec<Arc<Program>> = programs.into_iter().map(Arc::new).collect();
    let mut trials: Vec<Trial> = programs.iter().map(|program| trial(program, Arc::clone(&shares))).collect();
    trials.extend(programs.iter().map(general_trial));
    trials.extend(
        differences
            .into_iter()
            .map(|difference| Trial::test(format!("differs::{}", difference.name), move || Ok(difference.check()?))),
    );
    trials.push(Trial::test("recordings_are_current", recordings_are_current));
    trials.push(Trial::test("oracle_tools", oracle_tools));
    let conclusion = libtest_mimic::run(&arguments, trials);
    if !arguments.list {
        print_second_measure(&shares.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
    }
    conclusion.exit_code()
}

fn trial(program: &Arc<Program>, shares: Arc<Mutex<Vec<(String, JumpShare)>>>) -> Trial {
    let program = Arc::clone(program);
    Trial::test(program.name.clone(), move || {
        let share = program.check(Form::Specialized)?;
        shares.lock().map_err(|_| "another test panicked")?.push((program.name.clone(), share));
        Ok(())
    })
}

/// The same program without inline caches: what is specialised must not change an event.
fn general_trial(program: &Arc<Program>) -> Trial {
    let program = Arc::clone(program);
    Trial::test(format!("general::{}", program.name), move || {
        program.check(Form::General)?;
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

/// Records again and compares with what is committed.
fn recordings_are_current() -> Result<(), Failed> {
    let Some(python) = oracle::cpython("recordings_are_current") else {
        return Ok(());
    };
    let output = Command::new(python).arg(oracle::script("bless.py")).arg("--check").output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stdout);
    let stale: Vec<&str> = said.lines().filter(|line| line.contains("stale")).collect();
    Err(format!("{}\n{}", stale.join("\n"), String::from_utf8_lossy(&output.stderr)).into())
}

/// The tests of the recorder and of the comparison in Python.
fn oracle_tools() -> Result<(), Failed> {
    let Some(python) = oracle::cpython("oracle_tools") else {
        return Ok(());
    };
    let output = Command::new(python).arg(oracle::script("test_tools.py")).output()?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned().into()) }
}
