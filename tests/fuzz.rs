//! Random input: generated programs must do what CPython 3.13 does with them, and no bytes may upset the compiler.
//!
//! The runs here are short; longer ones, and others:
//!
//!     EXECMON_FUZZ_PROGRAMS=2000 EXECMON_FUZZ_SOURCES=100000 EXECMON_FUZZ_SEED=1000 cargo test --test fuzz
//!
//! A failure names the seed; the program of a seed stays in the target folder (`tmp/fuzz/SEED.py`).

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use execmon::compile::source::Source;
use execmon::compile::{Mode, compile};
use support::generate::grammar::Grammar;
use support::generate::{self, Random};
use support::oracle::{Run, Server};
use support::program::{text_difference, without_directories};
use support::seeds::{number, seeds};
use support::{mutate, oracle, trace};

const PROGRAMS: u64 = 80;
const SOURCES: u64 = 1500;
/// What a program may take, and a source.
const LIMIT: Duration = Duration::from_secs(60);

/// Runs a program under `execmon trace`.
fn run(program: &Path) -> Result<Run, String> {
    let file = |end: &str| program.with_extension(format!("ours.{end}"));
    let create = |end: &str| fs::File::create(file(end)).map_err(|error| error.to_string());
    let mut child = Command::new(env!("CARGO_BIN_EXE_execmon"))
        .args(["trace", "--format", "jsonl", "--output"])
        .arg(file("trace"))
        .arg(program.file_name().unwrap_or_default())
        .current_dir(program.parent().unwrap_or(Path::new(".")))
        .stdin(Stdio::null())
        .stdout(create("stdout")?)
        .stderr(create("stderr")?)
        .spawn()
        .map_err(|error| error.to_string())?;
    let status = oracle::wait(&mut child, LIMIT).map_err(|error| error.to_string())?;
    let read = |end: &str| String::from_utf8_lossy(&fs::read(file(end)).unwrap_or_default()).into_owned();
    let run = Run { status: status.code(), stdout: read("stdout"), stderr: read("stderr"), trace: read("trace") };
    for end in ["stdout", "stderr", "trace"] {
        let _ = fs::remove_file(file(end));
    }
    Ok(run)
}

/// What is written of exceptions that nobody handles has the address of the object that raised them.
fn without_addresses(text: &str) -> String {
    let mut parts = text.split(" at 0x");
    let mut written = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        written.push_str(" at 0x");
        written.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    written
}

/// Runs the program of a seed under both; the error says how they differ.
fn compare(server: &mut Server, folder: &Path, seed: u64) -> Result<trace::JumpShare, String> {
    let program = folder.join(format!("{seed}.py"));
    fs::write(&program, generate::program(seed)).map_err(|error| error.to_string())?;
    let ours = run(&program).map_err(|error| format!("{}: {error}", program.display()))?;
    let theirs = server.run(&program, true).map_err(|error| format!("{}: {error}", program.display()))?;
    let mut differences = Vec::new();
    if ours.status != theirs.status {
        differences.push(format!("exit status {:?} instead of {:?}", ours.status, theirs.status));
    }
    differences.extend(text_difference("stdout", &ours.stdout, &theirs.stdout));
    let stderr = |text: &str| without_addresses(&without_directories(text));
    differences.extend(text_difference("stderr", &stderr(&ours.stderr), &stderr(&theirs.stderr)));
    let comparison = trace::compare(trace::parse(&ours.trace)?, trace::parse(&theirs.trace)?);
    differences.extend(comparison.difference);
    if !differences.is_empty() {
        return Err(format!("{}: {}", program.display(), differences.join("\n")));
    }
    let _ = fs::remove_file(&program);
    Ok(comparison.jumps)
}

#[test]
fn generated_programs_do_what_cpython_does() {
    let Some(python) = oracle::cpython("generated_programs_do_what_cpython_does") else { return };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
    fs::create_dir_all(&folder).unwrap();
    let mut server = Server::start(&python).unwrap();
    let mut jumps = trace::JumpShare::default();
    let mut failures = Vec::new();
    for seed in seeds(number("EXECMON_FUZZ_PROGRAMS", PROGRAMS)) {
        match compare(&mut server, &folder, seed) {
            Ok(share) => {
                jumps.aligned += share.aligned;
                jumps.total += share.total;
            }
            Err(failure) => failures.push(failure),
        }
    }
    println!("JUMP/BRANCH: {} of {} aligned", jumps.aligned, jumps.total);
    assert!(failures.is_empty(), "{} programs differ\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn lines_of_a_rule_keep_the_indentation_of_its_place() {
    let grammar = Grammar::new(&["a:\n  - if x:\n        $b\n", "b:\n  - y$n\n    $c\nc:\n  - '$@' $\n"]);
    assert_eq!(grammar.expand("a", &mut Random::new(1), 7, &mut 4), "if x:\n    y7\n    '5' $");
}

#[test]
fn rules_that_nest_without_end_end() {
    let grammar = Grammar::new(&["a:\n  - x\n  - ($a)\n"]);
    let text = grammar.expand("a", &mut Random::of_bytes(&[1; 1000]), 0, &mut 0);
    assert!(text.starts_with("((") && text.len() < 100, "{text}");
}

/// Programs to damage: those of the conformance tests, and generated ones.
fn bases() -> Vec<String> {
    let mut files: Vec<PathBuf> = fs::read_dir(support::program::folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "py"))
        .collect();
    files.sort();
    let mut bases: Vec<String> = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    bases.extend((0..10).map(generate::program));
    bases
}

#[test]
fn no_bytes_upset_the_compiler() {
    let bases = bases();
    let seeds = seeds(number("EXECMON_FUZZ_SOURCES", SOURCES));
    let (done, progress) = mpsc::channel();
    let last = seeds.end;
    let compiler = std::thread::spawn(move || {
        let mut compiled = 0;
        for seed in seeds {
            let bytes = mutate::source(&mut Random::new(seed), &bases);
            let result = Source::from_bytes("fuzz.py", &bytes).and_then(|source| compile(&source, Mode::Exec));
            match result {
                Ok(_) => compiled += 1,
                Err(error) => assert!(!error.msg.is_empty(), "seed {seed}: an error without a message"),
            }
            done.send(seed).unwrap();
        }
        compiled
    });
    let mut next = last.saturating_sub(number("EXECMON_FUZZ_SOURCES", SOURCES));
    while next < last {
        match progress.recv_timeout(LIMIT) {
            Ok(seed) => next = seed + 1,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("seed {next}: still compiling after {LIMIT:?}"),
            Err(mpsc::RecvTimeoutError::Disconnected) => panic!("seed {next}: the compiler panicked"),
        }
    }
    let compiled = compiler.join().unwrap();
    println!("{compiled} of the sources compile");
    assert!(compiled > 0, "every source is damaged beyond use");
}
