//! The command from outside: exit statuses, what it prints for bad input, and the forms of traces and reports.
//!
//! The golden files in `tests/golden/cli/` are written anew by `EXECMON_BLESS=1 cargo test --test cli`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/cli")
}

/// A folder of this test's own, empty.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder.canonicalize().unwrap()
}

/// Runs the command in a folder.
fn execmon(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_execmon")).args(args).current_dir(folder).output().unwrap()
}

/// Writes `script.py` and runs it.
fn run(name: &str, source: impl AsRef<[u8]>) -> Output {
    let folder = scratch(name);
    fs::write(folder.join("script.py"), source).unwrap();
    execmon(&folder, &["run", "script.py"])
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn status(output: &Output) -> i32 {
    output.status.code().expect("ended by a signal")
}

/// Compares with a golden file, or writes it where that is asked for.  The golden folder's own path is taken out.
fn assert_golden(file: &str, text: &str) {
    let text = text.replace(&format!("{}/", golden().display()), "");
    let path = golden().join(file);
    if std::env::var_os("EXECMON_BLESS").is_some() {
        fs::write(&path, text).unwrap();
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(text == expected, "{file} differs (EXECMON_BLESS=1 writes it anew):\n{text}");
}

#[test]
fn the_exit_status_is_the_scripts() {
    for (name, source, expected, said) in [
        ("plain", "x = 1", 0, ""),
        ("none", "import sys; sys.exit()", 0, ""),
        ("number", "import sys; sys.exit(7)", 7, ""),
        ("negative", "import sys; sys.exit(-1)", 255, ""),
        ("true", "import sys; sys.exit(True)", 1, ""),
        ("text", "import sys; sys.exit('bye')", 1, "bye\n"),
        ("tuple", "raise SystemExit((1, 2))", 1, "(1, 2)\n"),
        ("interrupt", "raise KeyboardInterrupt", 130, "KeyboardInterrupt\n"),
        ("error", "raise ValueError('no')", 1, "ValueError: no\n"),
    ] {
        let output = run(&format!("status_{name}"), source);
        assert_eq!(status(&output), expected, "{source}");
        assert!(stderr(&output).ends_with(said), "{source}: {}", stderr(&output));
        if expected == 0 {
            assert_eq!(stderr(&output), "", "{source}");
        }
    }
}

#[test]
fn an_uncaught_exception_prints_its_traceback() {
    let output = run("traceback", "def f(x):\n    return 1 / x\n\nprint('before')\nf(0)\n");
    let file = scratch("unused").parent().unwrap().join("traceback/script.py");
    assert_eq!((status(&output), stdout(&output).as_str()), (1, "before\n"));
    let expected = format!(
        "Traceback (most recent call last):\n  File \"{0}\", line 5, in <module>\n    f(0)\n    ~^^^\n  \
         File \"{0}\", line 2, in f\n    return 1 / x\n           ~~^~~\nZeroDivisionError: division by zero\n",
        file.display()
    );
    assert_eq!(stderr(&output), expected);
}

#[test]
fn everything_behind_the_script_is_the_scripts() {
    let folder = scratch("arguments");
    fs::write(folder.join("a.py"), "import sys\nprint(sys.argv)\n").unwrap();
    let output = execmon(&folder, &["run", "a.py", "--help", "-x", "--", "--format", "é"]);
    assert_eq!(stdout(&output), "['a.py', '--help', '-x', '--', '--format', 'é']\n");
    let output = execmon(&folder, &["trace", "--events", "RAISE", "a.py", "--events", "LINE"]);
    assert_eq!((stdout(&output).as_str(), stderr(&output).as_str()), ("['a.py', '--events', 'LINE']\n", ""));
}

#[test]
fn names_and_arguments_need_not_be_utf8() {
    use std::os::unix::ffi::OsStrExt;
    fn bytes(text: &[u8]) -> &OsStr {
        OsStr::from_bytes(text)
    }
    let folder = scratch("bytes").join(bytes(b"f\xf6lder"));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("beside.py"), "print(ascii(__file__)[-22:])\n").unwrap();
    let source = "import sys, beside\nprint(ascii(sys.argv), ascii(sys.path[0])[-11:], ascii(__file__)[-20:])\n1 / 0\n";
    fs::write(folder.join(bytes(b"a\xff.py")), source).unwrap();
    let run = |command: &[&str], arguments: &[&[u8]]| {
        let arguments = arguments.iter().map(|argument| bytes(argument));
        let mut process = Command::new(env!("CARGO_BIN_EXE_execmon"));
        process.current_dir(&folder).args(command).args(arguments).output().unwrap()
    };
    // What CPython 3.13 prints.
    let output = run(&["run"], &[b"a\xff.py", b"\xfe\xc3\xa9"]);
    let expected = [r"f\udcf6lder/beside.py'", r"['a\udcff.py', '\udcfe\xe9'] \udcf6lder' dcf6lder/a\udcff.py'"];
    assert_eq!(stdout(&output).lines().collect::<Vec<_>>(), expected, "{}", stderr(&output));
    let traceback = "/a\\udcff.py\", line 3, in <module>\n    1 / 0\n    ~~^~~\nZeroDivisionError: division by zero\n";
    assert!(stderr(&output).ends_with(traceback), "{}", stderr(&output));
    let missing = run(&["run"], &[b"no\xff.py"]);
    let message = "\\udcf6lder/no\\udcff.py': [Errno 2] No such file or directory\n";
    assert!(stderr(&missing).ends_with(message), "{}", stderr(&missing));
    // The tools know the file again by which its code is named.
    let traced = run(&["trace", "--events", "LINE"], &[b"a\xff.py"]);
    assert_eq!(stderr(&traced).lines().filter(|line| line.contains(" LINE ")).count(), 3, "{}", stderr(&traced));
}

#[test]
fn a_script_that_cannot_be_opened() {
    let folder = scratch("open");
    fs::create_dir(folder.join("empty")).unwrap();
    let at = folder.display();
    for command in ["run", "trace", "cover"] {
        let output = execmon(&folder, &[command, "no.py"]);
        let expected = format!("execmon: can't open file '{at}/no.py': [Errno 2] No such file or directory\n");
        assert_eq!((status(&output), stderr(&output)), (2, expected), "{command}");
        let output = execmon(&folder, &[command, "empty"]);
        let expected = format!("execmon: can't find '__main__' module in '{at}/empty'\n");
        assert_eq!((status(&output), stderr(&output)), (1, expected), "{command}");
    }
    fs::write(folder.join("empty/__main__.py"), "print(__name__, __file__)").unwrap();
    let output = execmon(&folder, &["run", "empty"]);
    assert_eq!(stdout(&output), format!("__main__ {at}/empty/__main__.py\n"));
}

#[test]
fn sources_that_cannot_be_compiled() {
    let deep = |open: &str, close: &str| format!("x = {}1{}\n", open.repeat(10_000), close.repeat(10_000));
    let unary = format!("x = {}1\n", "-".repeat(10_000));
    for (name, source, last) in [
        ("utf8", b"x = 1\ny = '\xff'\n".to_vec(), "SyntaxError: Non-UTF-8 code starting with '\\xff' in file"),
        ("nul", b"x = 1\n\0\n".to_vec(), "SyntaxError: source code cannot contain null bytes"),
        ("syntax", b"def f(:\n".to_vec(), "SyntaxError: invalid syntax"),
        ("indentation", b"if 1:\nx\n".to_vec(), "IndentationError: expected an indented block after 'if' statement"),
        ("parentheses", deep("(", ")").into_bytes(), "SyntaxError: too many nested parentheses"),
        ("unary", unary.into_bytes(), "RecursionError: maximum recursion depth exceeded during compilation"),
    ] {
        let output = run(&format!("source_{name}"), source);
        assert_eq!(status(&output), 1, "{name}");
        let said = stderr(&output);
        assert!(said.lines().last().is_some_and(|l| l.starts_with(last)), "{name}: {said}");
    }
}

#[test]
fn a_long_line_is_no_problem() {
    let text = format!("x = '{}'\nprint(len(x))\n", "a".repeat(10_000_000));
    let output = run("long_line", text);
    assert_eq!((status(&output), stdout(&output).as_str()), (0, "10000000\n"));
}

#[test]
fn endless_recursion_is_caught_and_the_program_goes_on() {
    let source = "
class A:
    def __repr__(self): return repr(self)
    def __getattr__(self, name): return getattr(self, name + 'x')
def f(n): return f(n + 1)
for attempt in (lambda: f(0), lambda: repr(A()), lambda: A().x, lambda: sorted([1, 2], key=lambda x: f(x))):
    try:
        attempt()
    except RecursionError as error:
        print(error)
f(0)
";
    let output = run("recursion", source);
    assert_eq!(stdout(&output), "maximum recursion depth exceeded\n".repeat(4));
    assert_eq!(status(&output), 1);
    let said = stderr(&output);
    assert!(said.contains("  [Previous line repeated 99"), "{said}");
    assert!(said.ends_with("RecursionError: maximum recursion depth exceeded\n"), "{said}");
}

#[test]
fn what_no_machine_has_room_for_is_a_memory_error() {
    let source = "
for attempt in (
    lambda: 'x' * 10**12,
    lambda: [0] * 10**12,
    lambda: (0,) * 10**12,
    lambda: b'x' * 10**13,
    lambda: 1 << 10**13,
    lambda: 'x'.ljust(10**13),
    lambda: list(range(10**12)),
):
    try:
        attempt()
        print('?')
    except MemoryError:
        print('MemoryError')
print(len('x' * 10**6))
";
    let output = run("memory", source);
    assert_eq!(stdout(&output), "MemoryError\n".repeat(7) + "1000000\n", "{}", stderr(&output));
    assert_eq!(status(&output), 0);
}

#[test]
fn output_that_nobody_reads_ends_the_program() {
    let folder = scratch("pipe");
    fs::write(folder.join("a.py"), "while True:\n    print('x' * 1000)\n").unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_execmon"))
        .args(["run", "a.py"])
        .current_dir(&folder)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(started.elapsed() < Duration::from_secs(30), "still running");
        std::thread::sleep(Duration::from_millis(10));
    }
    let output = child.wait_with_output().unwrap();
    assert!(stderr(&output).ends_with("BrokenPipeError: [Errno 32] Broken pipe\n"), "{}", stderr(&output));
}

#[test]
#[cfg(unix)]
fn an_interrupt_is_a_keyboard_interrupt() {
    let folder = scratch("interrupt");
    let source = "
print('ready', flush=True)
try:
    while True: pass
except KeyboardInterrupt:
    print('interrupted')
";
    fs::write(folder.join("a.py"), source).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_execmon"))
        .args(["run", "a.py"])
        .current_dir(&folder)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut ready = [0; 6];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut ready).unwrap();
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), "interrupted\n"));
}

#[test]
fn finalizers_run_at_the_end() {
    let source = "
class Closing:
    def __init__(self, name): self.name = name
    def __del__(self): print('closing', self.name)
def lines():
    try:
        yield 1
    finally:
        print('generator closed')
a = Closing('a')
g = lines()
next(g)
print('end')
";
    let output = run("finalizers", source);
    let mut said: Vec<String> = stdout(&output).lines().map(str::to_owned).collect();
    assert_eq!(said.remove(0), "end");
    said.sort();
    assert_eq!(said, ["closing a", "generator closed"]);
}

#[test]
fn modules_come_from_the_scripts_folder() {
    let folder = scratch("modules");
    fs::create_dir_all(folder.join("app/pack/sub")).unwrap();
    let write = |file: &str, text: &str| fs::write(folder.join("app").join(file), text).unwrap();
    write(
        "main.py",
        "import pack, pack.sub.leaf as leaf, sys\nprint(leaf.who, leaf.up, pack.__path__ == [sys.path[0] + '/pack'])\n\
        for name in ('pack.none', 'pack.bad', 'loop', 'late'):\n    try:\n        __import__(name)\n    except ImportError as e:\n        \
        print(type(e).__name__, e)\nprint('pack.bad' in sys.modules, 'loop' in sys.modules)\n",
    );
    write("pack/__init__.py", "level = 'top'\n");
    write("pack/bad.py", "from . import nowhere\n");
    write("pack/sub/__init__.py", "");
    write("pack/sub/leaf.py", "from .. import level as up\nfrom . import __name__ as who\n");
    write("loop.py", "import back\nvalue = 1\n");
    write("back.py", "from loop import value\n");
    write("late.py", "import missing.part\n");
    let output = execmon(&folder, &["run", "app/main.py"]);
    let at = format!("{}/app", folder.display());
    let expected = format!(
        "pack.sub top True\nModuleNotFoundError No module named 'pack.none'\nImportError cannot import name 'nowhere' from \
         'pack' ({at}/pack/__init__.py)\nImportError cannot import name 'value' from partially initialized module 'loop' \
         (most likely due to a circular import) ({at}/loop.py)\nModuleNotFoundError No module named 'missing'\nFalse False\n"
    );
    assert_eq!((stdout(&output), stderr(&output)), (expected, String::new()));
}

#[test]
fn traces_have_their_forms() {
    for (form, file) in [("text", "shop.trace.txt"), ("jsonl", "shop.trace.jsonl")] {
        let output = execmon(&golden(), &["trace", "--format", form, "shop.py"]);
        assert_eq!((status(&output), stdout(&output).as_str()), (0, "no price for 'gold'\ncheap\n"));
        assert_golden(file, &stderr(&output));
    }
    let some = execmon(&golden(), &["trace", "--events", "RAISE,BRANCH", "--format", "jsonl", "shop.py"]);
    let events: Vec<serde_json::Value> =
        stderr(&some).lines().map(|l| serde_json::from_str(l).expect("one JSON object per line")).collect();
    assert!(events.iter().all(|e| e["event"] == "RAISE" || e["event"] == "BRANCH"), "{events:?}");
    assert!(events.iter().any(|e| e["event"] == "RAISE" && e["exception"]["type"] == "KeyError"), "{events:?}");
}

#[test]
fn a_trace_goes_to_the_file_that_is_named() {
    let folder = scratch("trace_output");
    let file = folder.join("trace.jsonl");
    let to = file.to_str().unwrap();
    let output = execmon(&golden(), &["trace", "--format=jsonl", "--output", to, "shop.py"]);
    assert_eq!((status(&output), stderr(&output).as_str()), (0, ""));
    assert_golden("shop.trace.jsonl", &fs::read_to_string(&file).unwrap());
    let output = execmon(&golden(), &["trace", "--output", "/nowhere/at/all", "shop.py"]);
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).starts_with("execmon: can't write '/nowhere/at/all'"), "{}", stderr(&output));
}

#[test]
fn an_unknown_event_is_refused_with_the_names_that_there_are() {
    let output = execmon(&golden(), &["trace", "--events", "LINE,LINES", "shop.py"]);
    assert_eq!(status(&output), 2);
    let said = stderr(&output);
    assert!(said.contains("'LINES'") && said.contains("PY_START, PY_RESUME") && said.contains("BRANCH"), "{said}");
    assert_eq!(stdout(&output), "");
}

#[test]
fn reports_have_their_forms() {
    for (form, file) in [("text", "shop.cover.txt"), ("lcov", "shop.cover.lcov"), ("json", "shop.cover.json")] {
        let folder = scratch(&format!("report_{form}"));
        let to = folder.join("report");
        let to = to.to_str().unwrap();
        let output = execmon(&golden(), &["cover", "--branch", "--format", form, "--output", to, "shop.py"]);
        assert_eq!((status(&output), stderr(&output).as_str()), (0, ""));
        assert_eq!(stdout(&output), "no price for 'gold'\ncheap\n");
        assert_golden(file, &fs::read_to_string(to).unwrap());
    }
    let lines = execmon(&golden(), &["cover", "shop.py"]);
    let said = stdout(&lines);
    assert!(said.contains("    6 !         return 0\n"), "{said}");
    assert!(!said.contains("Branches"), "{said}");
}

/// The ways are those that coverage.py 7 reports of this program under CPython 3.13.
#[test]
fn branches_lead_to_the_lines_that_run_next() {
    let output = execmon(&golden(), &["cover", "--branch", "--format", "json", "ways.py"]);
    assert_eq!((status(&output), stderr(&output).as_str()), (0, ""));
    // The script has printed a line in front of the report.
    let report = stdout(&output);
    let report: serde_json::Value = serde_json::from_str(&report[report.find('{').unwrap()..]).unwrap();
    let number = |v: &serde_json::Value| v.as_i64().unwrap_or(-1);
    let ways: Vec<(i64, i64, Option<bool>)> = report["files"][0]["branches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| (number(&b["line"]), number(&b["to_line"]), b["taken"].as_bool()))
        .collect();
    let (taken, missed, never) = (Some(true), Some(false), None);
    let expected = [
        // A chained comparison.
        (2, 3, taken),
        (2, 4, missed),
        // A loop with targets to unpack, one in it, and `break`.
        (8, 9, taken),
        (8, 14, taken),
        (9, 8, taken),
        (9, 10, taken),
        (10, 11, taken),
        (10, 12, taken),
        // Patterns.
        (19, 20, missed),
        (19, 21, taken),
        (21, 22, taken),
        (21, 23, taken),
        (23, 24, taken),
        (23, 25, missed),
        // What nobody called: `taken` is null.
        (29, -1, never),
        (29, 30, never),
    ];
    assert_eq!(ways, expected);
}

#[test]
fn a_report_is_made_of_a_failing_script_too() {
    let folder = scratch("report_failing");
    fs::write(folder.join("a.py"), "x = 1\nif x:\n    raise ValueError(x)\nprint(x)\n").unwrap();
    let output = execmon(&folder, &["cover", "a.py"]);
    assert_eq!(status(&output), 1);
    assert!(stderr(&output).ends_with("ValueError: 1\n"));
    assert!(stdout(&output).contains("    4 ! print(x)\n"), "{}", stdout(&output));
}

#[test]
fn the_example_runs_and_is_covered() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/exprc");
    let output = execmon(&folder, &["cover", "--branch", "main.py"]);
    let said = stdout(&output);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert!(said.contains("4 of 8 programs ran to their end\n"), "{said}");
    for module in ["codegen", "errors", "lexer", "machine", "main", "nodes", "optimizer", "parser"] {
        assert!(said.contains(&format!("\n{module}.py\n")), "{module} is missing");
    }
}

#[test]
fn dis_prints_instructions_with_lines() {
    let output = execmon(&golden(), &["dis", "stock.py"]);
    let said = stdout(&output);
    assert_eq!(status(&output), 0);
    for part in ["Disassembly of <module>", "Disassembly of price", "Disassembly of restock", "FOR_ITER", "\n    5 *"] {
        assert!(said.contains(part), "{part} is missing:\n{said}");
    }
}

#[test]
fn help_and_version() {
    let folder = golden();
    let output = execmon(&folder, &["--help"]);
    assert_eq!(status(&output), 0);
    for command in ["run", "trace", "cover", "dis"] {
        assert!(stdout(&output).contains(&format!("\n  {command} ")), "{}", stdout(&output));
        assert_eq!(status(&execmon(&folder, &[command, "--help"])), 0);
    }
    assert_eq!(stdout(&execmon(&folder, &["--version"])), format!("execmon {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(status(&execmon(&folder, &[])), 2);
    assert_eq!(status(&execmon(&folder, &["run"])), 2);
    assert_eq!(status(&execmon(&folder, &["run", "--nonsense", "shop.py"])), 2);
}
