//! Generated programs: what they print and how they end must be what CPython 3.13 prints and how it ends.

#![no_main]

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::{fs, io};

use execmon::runtime::embed::{Output, Stream};
use execmon::runtime::{Config, Interpreter};
use libfuzzer_sys::fuzz_target;

#[path = "../../tests/support/generate/mod.rs"]
mod generate;
#[allow(dead_code)]
#[path = "../../tests/support/oracle.rs"]
mod oracle;
#[allow(dead_code)]
#[path = "../../tests/support/wording.rs"]
mod wording;

use generate::Random;
use oracle::Server;

/// Instructions that a program may run; those that need more are not compared.
const BUDGET: u64 = 20_000_000;
const MEMORY: usize = 1 << 30;

/// What a program writes to standard output.
#[derive(Clone, Default)]
struct Written(Rc<RefCell<Vec<u8>>>);

impl Output for Written {
    fn write(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        if stream == Stream::Stdout {
            self.0.borrow_mut().extend_from_slice(bytes);
        }
        Ok(())
    }

    fn flush(&self, _: Stream) -> io::Result<()> {
        Ok(())
    }
}

/// The CPython beside the fuzzer, and the file that it reads programs from.
struct Other {
    server: Server,
    file: PathBuf,
}

thread_local! {
    static OTHER: RefCell<Option<Other>> = const { RefCell::new(None) };
}

fn other() -> Other {
    let python = oracle::cpython("programs").expect("the target compares with CPython 3.13");
    let folder = std::env::temp_dir().join(format!("execmon-fuzz-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder for programs");
    Other { server: Server::start(&python).expect("CPython starts"), file: folder.join("program.py") }
}

/// Exit status and output; None of a program that has run too long.
fn run(file: &std::path::Path) -> Option<(i32, String)> {
    let written = Written::default();
    let config = Config {
        output: Rc::new(written.clone()),
        instruction_budget: Some(BUDGET),
        memory_ceiling: Some(MEMORY),
        ..Config::default()
    };
    let interpreter = Interpreter::new(config);
    let mut session = interpreter.session();
    let status = match session.run_file(file, &[]) {
        Ok(_) => 0,
        Err(failure) if failure.is_terminated || failure.message == "instruction budget exhausted" => return None,
        Err(failure) => failure.status,
    };
    drop(session);
    // What dies with the interpreter prints, too.
    drop(interpreter);
    let text = String::from_utf8_lossy(&written.0.borrow()).into_owned();
    Some((status, text))
}

fuzz_target!(|bytes: &[u8]| {
    let program = generate::program_of(Random::of_bytes(bytes));
    if std::env::var_os("EXECMON_FUZZ_SHOW").is_some() {
        println!("{program}");
        return;
    }
    OTHER.with_borrow_mut(|other_cell| {
        let other = other_cell.get_or_insert_with(other);
        fs::write(&other.file, &program).expect("the program can be written");
        let Some((status, text)) = run(&other.file) else { return };
        let Ok(theirs) = other.server.run(&other.file, false) else { return };
        let (ours, recorded) = (wording::of_ours(&text), wording::of_recording(&theirs.stdout));
        if Some(status) != theirs.status || ours != recorded {
            println!("{program}\n--- ours ({status})\n{ours}\n--- CPython ({:?})\n{recorded}", theirs.status);
            panic!("the program behaves differently");
        }
    });
});
