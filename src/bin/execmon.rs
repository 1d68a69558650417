//! The command: runs, traces, measures and disassembles Python scripts.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use execmon::code::disassemble::disassemble;
use execmon::compile::source::Source;
use execmon::compile::{Mode, compile};
use execmon::monitor::{COVERAGE_ID, Event, EventSet};
use execmon::runtime::{Config, Failure, Interpreter, script_file, script_folder, shown_path};
use execmon::tools::{coverage, trace};

/// Stack of the thread that runs the program: native functions that call back nest on it.
const STACK: usize = 256 << 20;
/// The exit status for a wrong command line, as clap's.
const USAGE: u8 = 2;
/// CPython's exit status when standard output cannot be flushed at the end.
const CANNOT_FLUSH: u8 = 120;
/// The tool id of traces: one without a name of its own, so that the program may use those that have one.
const TRACE_ID: i32 = 4;

/// A Python interpreter whose execution can be watched.
#[derive(Parser)]
#[command(name = "execmon", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a script
    Run {
        #[command(flatten)]
        program: Program,
    },
    /// Run a script and write the events that its code fires
    Trace {
        /// How events are written
        #[arg(long, value_enum, default_value_t = TraceFormat::Text)]
        format: TraceFormat,
        /// Events to write, separated by commas [default: all but INSTRUCTION]
        #[arg(long, value_delimiter = ',', value_name = "EVENTS", value_parser = event)]
        events: Vec<Event>,
        /// Write to this file instead of standard error
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        program: Program,
    },
    /// Run a script and report which lines of it and of the modules beside it ran
    Cover {
        /// Form of the report
        #[arg(long, value_enum, default_value_t = CoverFormat::Text)]
        format: CoverFormat,
        /// Measure branches as well
        #[arg(long)]
        branch: bool,
        /// Write the report to this file instead of standard output
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        program: Program,
    },
    /// Print the instructions of a script
    Dis {
        /// The script
        script: PathBuf,
    },
}

#[derive(Args)]
struct Program {
    /// Never fill inline caches: for tests, which compare this with the specialised run
    #[arg(long, hide = true)]
    no_specialization: bool,
    /// The script, and what it gets in sys.argv
    #[arg(required = true, num_args = 1.., trailing_var_arg = true, value_names = ["SCRIPT", "ARGS"])]
    script: Vec<OsString>,
}

#[derive(Clone, Copy, ValueEnum)]
enum TraceFormat {
    /// Columns for people
    Text,
    /// One JSON object per event
    Jsonl,
}

#[derive(Clone, Copy, ValueEnum)]
enum CoverFormat {
    /// Annotated source and a table
    Text,
    /// An lcov tracefile
    Lcov,
    /// A JSON object
    Json,
}

fn event(name: &str) -> Result<Event, String> {
    Event::from_name(name.trim()).ok_or_else(|| {
        let names: Vec<&str> = Event::ALL.iter().map(|e| e.name()).collect();
        format!("no such event; the events are {}", names.join(", "))
    })
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let run = move || match cli.command {
        Command::Run { program } => program.run(),
        Command::Trace { format, events, output, program } => program.trace(format, events, output.as_deref()),
        Command::Cover { format, branch, output, program } => program.cover(format, branch, output.as_deref()),
        Command::Dis { script } => dis(&script),
    };
    use_one_arena();
    let thread = std::thread::Builder::new().name("main".into()).stack_size(STACK).spawn(run);
    match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(status)) => ExitCode::from(status),
        Ok(Err(_)) => ExitCode::FAILURE,
        Err(e) => ExitCode::from(complain(&format!("can't start a thread: {e}"), 1)),
    }
}

/// Lets the C library's allocator use its first arena in all threads: the others grow page by page, with a system call
/// each, and the program runs in a thread of its own for the sake of its stack.
fn use_one_arena() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: `mallopt` takes any numbers, and there is no other thread yet.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 1);
    }
}

fn complain(text: &str, status: u8) -> u8 {
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(io::stderr(), "execmon: {text}");
    status
}

impl Program {
    fn script(&self) -> &Path {
        self.script.first().map_or(Path::new(""), Path::new)
    }

    fn interpreter(&self) -> Interpreter {
        let interpreter = Interpreter::new(Config { specialization: !self.no_specialization, ..Config::default() });
        interrupt::on_ctrl_c(interpreter.interrupt_handle());
        interpreter
    }

    /// Runs the script; `stop` ends what watches it, before anything else of the program may run.
    fn execute<T>(&self, interpreter: &Interpreter, stop: impl FnOnce() -> T) -> (Result<(), Failure>, T) {
        let mut session = interpreter.session();
        let result = session.execute_file(self.script(), self.script.get(1..).unwrap_or_default());
        let stopped = stop();
        (result.map_err(|e| session.explain(e)), stopped)
    }

    fn run(&self) -> u8 {
        let interpreter = self.interpreter();
        let (result, ()) = self.execute(&interpreter, || ());
        end(interpreter, result)
    }

    fn trace(&self, format: TraceFormat, events: Vec<Event>, output: Option<&Path>) -> u8 {
        let to: Box<dyn Write + Send> = match open(output) {
            Ok(Some(file)) => Box::new(file),
            Ok(None) => Box::new(io::stderr()),
            Err(status) => return status,
        };
        let interpreter = self.interpreter();
        let options = trace::Options {
            events: if events.is_empty() { trace::Options::default_events() } else { EventSet::from_iter(events) },
            format: match format {
                TraceFormat::Text => trace::Format::Text,
                TraceFormat::Jsonl => trace::Format::JsonLines,
            },
            file: Some(shown_path(&script_file(self.script()))),
        };
        let describe = std::sync::Arc::new(interpreter.session().describe());
        let trace = match trace::start(interpreter.monitor(), TRACE_ID, options, describe, to) {
            Ok(trace) => trace,
            Err(e) => return complain(&e.to_string(), 1),
        };
        let (result, written) = self.execute(&interpreter, || trace.finish());
        let status = end(interpreter, result);
        match written {
            Ok(()) => status,
            Err(e) => complain(&format!("can't write the trace: {e}"), 1),
        }
    }

    fn cover(&self, format: CoverFormat, branches: bool, output: Option<&Path>) -> u8 {
        let mut to: Box<dyn Write> = match open(output) {
            Ok(Some(file)) => Box::new(file),
            Ok(None) => Box::new(io::stdout()),
            Err(status) => return status,
        };
        let interpreter = self.interpreter();
        let main = shown_path(&script_file(self.script()));
        let folder = script_folder(self.script());
        let filter = {
            let (main, folder) = (main.clone(), folder.clone());
            move |file: &str| file == main || Path::new(file).starts_with(&folder)
        };
        let options = coverage::Options { branches };
        let started = coverage::start(interpreter.monitor(), COVERAGE_ID, options, Some(Box::new(filter)));
        let coverage = match started {
            Ok(coverage) => std::rc::Rc::new(coverage),
            Err(e) => return complain(&e.to_string(), 1),
        };
        let declared = coverage.clone();
        interpreter.set_code_observer(Some(std::rc::Rc::new(move |code| declared.declare_code(code))));
        let (result, mut report) = self.execute(&interpreter, || coverage.report());
        interpreter.set_code_observer(None);
        drop(coverage);
        let status = end(interpreter, result);
        let name = script_file(self.script()).file_name().map(OsString::from).unwrap_or_default();
        report.rename(&main, &shown_path(&folder.join(name)));
        let text = match format {
            CoverFormat::Text => report.to_text(&shown_path(&folder), &|file| std::fs::read_to_string(file).ok()),
            CoverFormat::Lcov => report.to_lcov(),
            CoverFormat::Json => report.to_json(),
        };
        match to.write_all(text.as_bytes()).and_then(|()| to.flush()) {
            Ok(()) => status,
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => CANNOT_FLUSH,
            Err(e) => complain(&format!("can't write the report: {e}"), 1),
        }
    }
}

/// Reports a failure, shuts the interpreter down and gives the exit status.
fn end(interpreter: Interpreter, result: Result<(), Failure>) -> u8 {
    let mut session = interpreter.session();
    let mut status = match result {
        Ok(()) => 0,
        Err(failure) => session.report(&failure),
    };
    if session.flush().is_err() {
        status = i32::from(CANNOT_FLUSH);
    }
    session.shutdown();
    // The process ends: the system takes all memory back at once.
    std::mem::forget(session);
    std::mem::forget(interpreter);
    status as u8
}

fn open(output: Option<&Path>) -> Result<Option<BufWriter<File>>, u8> {
    let Some(path) = output else { return Ok(None) };
    match File::create(path) {
        Ok(file) => Ok(Some(BufWriter::new(file))),
        Err(e) => Err(complain(&format!("can't write '{}': {e}", path.display()), USAGE)),
    }
}

fn dis(script: &Path) -> u8 {
    let file = script_file(script);
    let bytes = match std::fs::read(&file) {
        Ok(bytes) => bytes,
        Err(e) => return complain(&format!("can't open file '{}': {e}", file.display()), USAGE),
    };
    let code = Source::from_bytes(shown_path(&file), &bytes).and_then(|source| compile(&source, Mode::Exec));
    let text = match code {
        Ok(code) => disassemble(&code, &|_, _| None),
        Err(e) => {
            let _ = writeln!(io::stderr(), "{e}");
            return 1;
        }
    };
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => 0,
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => CANNOT_FLUSH,
        Err(e) => complain(&e.to_string(), 1),
    }
}

/// Ctrl-C.
mod interrupt {
    use std::sync::OnceLock;

    use execmon::runtime::InterruptHandle;

    static HANDLE: OnceLock<InterruptHandle> = OnceLock::new();

    extern "C" fn on_signal(_: libc::c_int) {
        // One atomic operation: safe in a signal handler.
        if let Some(handle) = HANDLE.get() {
            handle.interrupt();
        }
    }

    /// Makes the first Ctrl-C raise KeyboardInterrupt in the program; the second ends the process, because native code
    /// may never come to look.
    pub fn on_ctrl_c(handle: InterruptHandle) {
        if HANDLE.set(handle).is_err() {
            return;
        }
        // SAFETY: a zeroed sigaction is valid (no flags, an empty mask), and the handler is async-signal-safe.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = on_signal as *const () as usize;
            action.sa_flags = libc::SA_RESETHAND;
            libc::sigaction(libc::SIGINT, &action, std::ptr::null_mut());
        }
    }
}
