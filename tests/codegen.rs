//! The stack IR of small programs, one golden file for each family of constructs, and CPython as the oracle.
//!
//! `EXECMON_BLESS=1 cargo test --test codegen` rewrites the golden files.  The oracle tests run where a CPython 3.13 is found
//! (`tests/oracle/find.py`).

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use execmon::compile::syntax_error::{ErrorKind, SyntaxError};
use execmon::compile::{Mode, build, build_without_annotations, dump, source::Source};
use support::oracle;

fn compile(text: &str) -> Result<execmon::compile::ir::Unit, SyntaxError> {
    build(&Source::from_text("test.py", text)?, Mode::Exec)
}

fn golden_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/codegen")
}

fn programs() -> Vec<PathBuf> {
    let entries = fs::read_dir(golden_dir()).expect("the folder of golden files");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "py"));
    paths.sort();
    paths
}

#[test]
fn golden_files_hold() {
    let programs = programs();
    assert!(programs.len() >= 12, "a golden file for each family of constructs");
    let mut wrong = Vec::new();
    for program in programs {
        let text = fs::read_to_string(&program).expect("a program");
        let source = Source::from_text("golden.py", text).expect("source text");
        let got = dump(&build(&source, Mode::Exec).expect("the program compiles"));
        let expected = program.with_extension("ir");
        if std::env::var_os("EXECMON_BLESS").is_some() {
            fs::write(&expected, &got).expect("the golden file is written");
        }
        if fs::read_to_string(&expected).ok().as_deref() != Some(&got) {
            wrong.push(program);
        }
    }
    assert!(wrong.is_empty(), "differs from the golden file (EXECMON_BLESS=1 rewrites it): {wrong:?}");
}

/// Compares our code of the files with CPython's; `name` is that of a file for the dump.
fn compare(name: &str, paths: &[PathBuf], at_least: &str) {
    let Some(python) = oracle::cpython(name) else { return };
    let mut dumped = String::new();
    for path in paths {
        let bytes = fs::read(path).expect("a source file");
        dumped += &format!("file {}\n", path.display());
        let unit =
            Source::from_bytes("test.py", &bytes).and_then(|source| build_without_annotations(&source, Mode::Exec));
        dumped += &match unit {
            Ok(unit) => dump(&unit),
            Err(error) => format!("error {}:{} {}\n", error.line, error.offset, error.msg.replace('\n', " ")),
        };
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&file, dumped).expect("the dump is written");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/dis_compare.py");
    let options = ["--dumped", "--show", "5", "--at-least", at_least];
    let run = Command::new(python).arg(script).arg(file).args(options).args(paths).output().expect("python runs");
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}\n{}", String::from_utf8_lossy(&run.stderr));
    assert!(said.contains("code objects equal"), "{said}");
}

fn python_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            python_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            found.push(path);
        }
    }
}

#[test]
fn golden_programs_are_as_cpython_compiles_them() {
    compare("golden.dump", &programs(), "100");
}

#[test]
fn a_sample_of_the_standard_library_is_as_cpython_compiles_it() {
    let Some(python) = oracle::cpython("a_sample_of_the_standard_library") else { return };
    let lib = Command::new(python).args(["-c", "import os; print(os.path.dirname(os.__file__))"]).output();
    let lib = String::from_utf8(lib.expect("python runs").stdout).expect("a path");
    let lib = Path::new(lib.trim());
    let folders = ["asyncio", "collections", "concurrent", "email", "importlib", "json", "logging", "unittest", "xml"];
    let mut paths = Vec::new();
    folders.iter().for_each(|name| python_files(&lib.join(name), &mut paths));
    assert!(paths.len() > 50, "the standard library");
    compare("library.dump", &paths, "99.9");
}

#[test]
fn scope_errors_have_cpythons_words_and_places() {
    let cases = [
        ("def f(a, a): pass\n", "duplicate argument 'a' in function definition", (1, 10)),
        ("def f():\n    x = 1\n    global x\n", "name 'x' is assigned to before global declaration", (3, 5)),
        ("def f():\n    print(x)\n    global x\n", "name 'x' is used prior to global declaration", (3, 5)),
        ("def f(x):\n    global x\n", "name 'x' is parameter and global", (2, 5)),
        ("def f():\n    nonlocal x\n", "no binding for nonlocal 'x' found", (2, 5)),
        ("nonlocal x\n", "nonlocal declaration not allowed at module level", (1, 1)),
        (
            "class C:\n    [a := 1 for _ in b]\n",
            "assignment expression within a comprehension cannot be used in a class body",
            (2, 6),
        ),
        ("[i := 0 for i in j]\n", "assignment expression cannot rebind comprehension iteration variable 'i'", (1, 2)),
        ("return 1\n", "'return' outside function", (1, 1)),
        ("break\n", "'break' outside loop", (1, 1)),
        ("continue\n", "'continue' not properly in loop", (1, 1)),
        ("yield 1\n", "'yield' outside function", (1, 1)),
        ("def f():\n    await x\n", "'await' outside async function", (2, 5)),
        ("try:\n    pass\nexcept:\n    pass\nexcept A:\n    pass\n", "default 'except:' must be last", (3, 1)),
        ("a, *b, *c = d\n", "multiple starred expressions in assignment", (1, 8)),
        (
            "match x:\n    case y:\n        pass\n    case 1:\n        pass\n",
            "name capture 'y' makes remaining patterns unreachable",
            (2, 10),
        ),
    ];
    for (text, message, place) in cases {
        let error = compile(text).expect_err(text);
        assert_eq!((error.msg.as_str(), (error.line, error.offset)), (message, place), "{text}");
    }
}

#[test]
fn deep_trees_end_in_an_error_or_in_code() {
    let sum = format!("x = {}1\n", "a + ".repeat(3000));
    compile(&sum).expect("a long sum compiles");
    let deep = format!("x = {}a\n", "-".repeat(50_000));
    assert_eq!(compile(&deep).expect_err("too deep").kind, ErrorKind::Recursion);
    let constant = format!("x = {}1\n", "-".repeat(50_000));
    assert_eq!(compile(&constant).expect_err("too deep").kind, ErrorKind::Recursion);
}

#[test]
fn lone_surrogates_survive() {
    use execmon::code::constant::{Const, Text};
    let unit = compile("x = 'a\\ud800' '\\ufffd'\n").expect("it compiles");
    let expected = Text::from_code_points(vec![0x61, 0xd800, 0xfffd]);
    assert!(unit.consts.iter().any(|value| matches!(value, Const::Str(text) if *text == expected)));
    let unit = compile("x = f'{y}a\\ud800{{'\n").expect("it compiles");
    let expected = Text::from_code_points(vec![0x61, 0xd800, 0x7b]);
    assert!(unit.consts.iter().any(|value| matches!(value, Const::Str(text) if *text == expected)));
}

#[test]
fn eval_and_single_modes() {
    let unit = |text, mode| build(&Source::from_text("x", text).expect("source"), mode).expect("it compiles");
    assert!(dump(&unit("a + 1", Mode::Eval)).contains("RETURN_VALUE"));
    let single = dump(&unit("a\n", Mode::Single));
    assert!(single.contains("CALL_INTRINSIC_1 1"), "{single}");
}
