//! The README tells the truth: its C program is the one in examples/, and what it names is there.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::oracle;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
}

/// The fenced blocks of a language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("\n```{language}\n");
    text.match_indices(&fence)
        .map(|(at, _)| {
            let block = &text[at + fence.len()..];
            &block[..block.find("\n```").expect("the fence is closed") + 1]
        })
        .collect()
}

#[test]
fn the_c_program_is_the_one_in_examples() {
    let readme = read("README.md");
    let programs = blocks(&readme, "c");
    assert_eq!(programs.len(), 1);
    assert!(programs[0] == read("examples/c/minimal.c"), "README.md and examples/c/minimal.c differ");
}

#[test]
fn commands_are_there() {
    let readme = read("README.md");
    let manifest = read("Cargo.toml");
    let commands: Vec<&str> = blocks(&readme, "sh").into_iter().flat_map(str::lines).collect();
    assert_eq!(commands.first(), Some(&"./run-example"), "the first command");
    assert_eq!(commands.get(1), Some(&"./run-tests"), "the second command");
    for command in commands {
        let words: Vec<&str> = command.split_whitespace().collect();
        match words[0] {
            "cargo" => {
                for pair in words.windows(2).filter(|pair| pair[0] == "--example") {
                    assert!(manifest.contains(&format!("name = \"{}\"", pair[1])), "{command}");
                }
            }
            "target/release/execmon" => {
                let help = std::process::Command::new(env!("CARGO_BIN_EXE_execmon"))
                    .args([words[1], "--help"])
                    .output()
                    .expect("the command runs");
                let help = String::from_utf8_lossy(&help.stdout).into_owned();
                for option in words.iter().filter_map(|word| word.strip_prefix('[')).filter(|w| w.starts_with("--")) {
                    let option = option.trim_end_matches(']');
                    assert!(help.contains(option), "`{command}`: no {option} in\n{help}");
                }
                assert!(help.contains("Usage"), "`{command}` is unknown");
            }
            script => assert_executable(script),
        }
    }
    assert_executable(".ci/run");
}

fn assert_executable(script: &str) {
    use std::os::unix::fs::PermissionsExt;
    let metadata = fs::metadata(root().join(script)).unwrap_or_else(|e| panic!("{script}: {e}"));
    assert!(metadata.permissions().mode() & 0o100 != 0, "{script} is not executable");
}

#[test]
fn files_that_are_named_exist() {
    // What stands in backquotes and has a slash or a known ending is a path from the root.
    let readme = read("README.md");
    let mut checked = 0;
    for word in readme.split('`').skip(1).step_by(2) {
        let is_path = word.contains('/') || word.ends_with(".md") || word.starts_with("LICENSE");
        if word.contains(char::is_whitespace) || word.starts_with("target/") || word.starts_with("--") || !is_path {
            continue;
        }
        assert!(root().join(word).exists(), "README.md names {word}");
        checked += 1;
    }
    assert!(checked > 20, "only {checked} paths were found");
}

#[test]
fn constructs_said_to_be_missing_are_refused() {
    let folder = std::env::temp_dir().join(format!("execmon-readme-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a temporary folder");
    let refused = [("import re\n", "ModuleNotFoundError")];
    for (number, (source, error)) in refused.iter().enumerate() {
        let script = folder.join(format!("refused_{number}.py"));
        fs::write(&script, source).expect("a script is written");
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_execmon")).arg("run").arg(&script).output();
        let run = run.expect("the command runs");
        let stderr = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(!run.status.success() && stderr.contains(error), "{source}\n{stderr}");
    }
    fs::remove_dir_all(&folder).expect("the temporary folder goes");
}

#[test]
fn the_library_in_python_runs_where_its_folder_is_in_sys_path() {
    let Some(python) = oracle::cpython("the_library_in_python") else { return };
    let program = "\
import sys
sys.path.append(sys.argv[1])
import collections, enum, functools, json, random, re, string, textwrap, typing
Colour = enum.Enum('Colour', 'RED GREEN')
Point = collections.namedtuple('Point', 'x y')
print(list(Colour), Point(1, 2)._replace(y=3), collections.Counter('abca').most_common(1))
print(json.dumps({'a': [1, None, 2.5]}), json.loads('[1, {\"b\": \"\\\\u00e9\"}]'))
print(re.sub(r'(\\w+) (\\w+)', r'\\2 \\1', 'hello world'), re.findall('[a-c]+', 'abxbcx'))
print(textwrap.fill('the quick brown fox', 10), string.Template('$x!').substitute(x='y'))
print(functools.reduce(lambda a, b: a * b, range(1, 6)), random.Random(7).randrange(1000))
def hinted(x: 'list[int]') -> typing.Optional[str]: ...
print(typing.get_type_hints(hinted))
";
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme-library.py");
    fs::write(&file, program).expect("a script is written");
    let run = |command: &mut std::process::Command, library: &str| {
        let run = command.arg(&file).arg(library).output().expect("it runs");
        let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
        assert!(run.status.success(), "{err}");
        out.into_owned()
    };
    let library = std::process::Command::new(&python)
        .args(["-c", "import os; print(os.path.dirname(os.__file__))"])
        .output()
        .expect("python runs");
    let library = String::from_utf8(library.stdout).expect("a path");
    let ours = run(std::process::Command::new(env!("CARGO_BIN_EXE_execmon")).arg("run"), library.trim());
    assert_eq!(ours, run(&mut std::process::Command::new(&python), library.trim()));
}
