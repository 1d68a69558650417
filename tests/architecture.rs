//! The rooms of `src/` and who may use whom: reads the paths in the sources and fails on any that the table does not allow.
//!
//! A room uses another where it names `crate::room` (the command: `execmon::room`), in a `use` or anywhere else.  Unit
//! tests (files named `tests.rs` or `*_tests.rs`, their folders, and inline `mod tests`) may use what they like.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Every room with the rooms that it may name besides itself, lowest first.
const ROOMS: &[(&str, &[&str])] = &[
    ("monitor", &[]),
    ("code", &[]),
    ("compile", &["code"]),
    ("object", &["code"]),
    ("vm", &["monitor", "code", "object"]),
    ("builtins", &["monitor", "code", "compile", "object", "vm"]),
    ("runtime", &["monitor", "code", "compile", "object", "vm", "builtins"]),
    ("tools", &["monitor"]),
    ("capi", &["monitor", "runtime", "tools"]),
    ("bin", &["runtime", "tools"]),
];

/// Paths that the table does not allow and the code has all the same: file, room, why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("runtime/describe.rs", "tools", "implements the trait by which tools describe values; tools must not know a VM"),
    ("bin/execmon.rs", "monitor", "names events on its command line, in the core's own types"),
    ("bin/execmon.rs", "compile", "`dis` compiles without running"),
    ("bin/execmon.rs", "code", "`dis` prints what was compiled"),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("src/ can be read") {
        let path = entry.expect("src/ can be read").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn is_test(file: &str) -> bool {
    file.split('/').any(|part| {
        let part = part.trim_end_matches(".rs");
        part == "tests" || part.ends_with("_tests")
    })
}

/// The code of a source: its text without comments, string contents that name no path, and the unit tests at its end.
fn code(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    text.lines().map(|line| line.split("//").next().unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// The rooms that a source names after `crate::` or `execmon::`, also in braces (`crate::{code, object::Value}`).
fn rooms_named(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for root in ["crate::", "execmon::"] {
        for (at, _) in code.match_indices(root) {
            if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let path = &code[at + root.len()..];
            match path.strip_prefix('{') {
                Some(list) => rooms.extend(first_names(list)),
                None => rooms.push(name(path)),
            }
        }
    }
    rooms
}

fn name(path: &str) -> String {
    path.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The first segment of each path of a `use` list, up to its closing brace.
fn first_names(list: &str) -> Vec<String> {
    let (mut depth, mut names, mut start) = (0, Vec::new(), 0);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(name(&list[start..at]));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn known(room: &str) -> bool {
    ROOMS.iter().any(|(name, _)| *name == room)
}

#[test]
fn rooms_use_only_the_rooms_they_may() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    files.sort();
    let mut wrong = String::new();
    let mut used = vec![false; EXCEPTIONS.len()];
    for path in &files {
        let file = path.strip_prefix(&src).expect("it was found there").to_string_lossy().replace('\\', "/");
        let Some((room, _)) = file.split_once('/') else {
            assert_eq!(file, "lib.rs", "a source outside the rooms");
            continue;
        };
        let allowed = ROOMS.iter().find(|(name, _)| *name == room);
        let (_, allowed) = allowed.unwrap_or_else(|| panic!("src/{room}/ is not in the table of rooms"));
        if is_test(&file) {
            continue;
        }
        let text = fs::read_to_string(path).expect("a source is UTF-8");
        let mut named = rooms_named(&code(&text));
        named.sort();
        named.dedup();
        for other in named.iter().filter(|other| known(other) && *other != room) {
            if let Some(i) = EXCEPTIONS.iter().position(|(f, r, _)| *f == file && r == other) {
                used[i] = true;
            } else if !allowed.contains(&other.as_str()) {
                let _ = writeln!(wrong, "src/{file} uses crate::{other}, which {room} may not");
            }
        }
    }
    for (exception, _) in EXCEPTIONS.iter().zip(used).filter(|(_, used)| !used) {
        let _ = writeln!(wrong, "the exception {exception:?} is not needed any more");
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn paths_are_found_wherever_they_stand() {
    let named = |text: &str| rooms_named(&code(text));
    assert_eq!(named("use crate::{code::Op, object::{self, value::Value}};"), ["code", "object"]);
    assert_eq!(named("fn f() -> crate::vm::R { crate::vm::go(crate::compile::x) }"), ["vm", "vm", "compile"]);
    assert_eq!(named("use execmon::tools::trace;"), ["tools"]);
    assert_eq!(named("// crate::vm\nother_crate::vm(); /// crate::vm"), [""; 0]);
    assert_eq!(named("use crate::code;\n#[cfg(test)]\nmod tests {\nuse crate::vm;\n}"), ["code"]);
}

#[test]
fn one_room_writes_live_bytecode() {
    // The rule that `vm/instrument` is the only adapter between bytecode and `monitor` and the only writer of opcodes:
    // what arms code is named nowhere else in the VM.
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src.join("vm"), &mut files);
    for path in files {
        let text = code(&fs::read_to_string(&path).expect("a source is UTF-8"));
        let is_adapter = path.ends_with("instrument.rs");
        assert!(is_adapter || !text.contains("Arming"), "{} uses the core's Arming", path.display());
    }
}
