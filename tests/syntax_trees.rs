//! Syntax trees there and back: a program, and the tree of the program, compile to the same code with the same places.

use std::path::Path;
use std::process::Command;

/// Compiles each file of a folder twice, and prints those where the codes differ.
const SCRIPT: &str = r#"
import posix, sys

def table(code):
    inner = [table(c) if hasattr(c, "co_code") else repr(c) for c in code.co_consts]
    names = code.co_names, code.co_varnames, code.co_cellvars, code.co_freevars, code.co_qualname, code.co_flags
    return code.co_name, code.co_firstlineno, names, code.co_code, list(code.co_positions()), inner

def content(path):
    file, text = posix.open(path, posix.O_RDONLY), b""
    while part := posix.read(file, 1 << 20):
        text += part
    posix.close(file)
    return text

same = 0
for name in sorted(posix.listdir(sys.argv[1])):
    if name.endswith(".py"):
        text = content(sys.argv[1] + "/" + name)
        tree = compile(text, name, "exec", 0x400)
        if table(compile(tree, name, "exec")) == table(compile(text, name, "exec")):
            same += 1
        else:
            print(name, "differs")
print(same, "are the same")
"#;

#[test]
fn a_tree_compiles_to_the_code_of_its_source() {
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let script = Path::new(env!("CARGO_TARGET_TMPDIR")).join("syntax_trees.py");
    std::fs::write(&script, SCRIPT).expect("a scratch file");
    let run = Command::new(env!("CARGO_BIN_EXE_execmon")).arg("run").args([&script, &programs]).output();
    let run = run.expect("the command runs");
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    let lines: Vec<&str> = said.lines().collect();
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    let [summary] = lines[..] else { panic!("{said}") };
    let count: usize = summary.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0);
    assert!(count >= 190, "{summary}");
}
