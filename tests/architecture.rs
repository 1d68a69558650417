//! The rooms of `src/` and who may use whom: reads the paths in the sources and fails on any that the table does not allow.
//!
//! A room uses another where it names `crate::room` (the command: `execmon::room`), in a `use` or anywhere else.  Unit
//! tests (files named `tests.rs` or `*_tests.rs`, their folders, and inline `mod tests`) may use what they like.

use std::collections::{BTreeMap, BTreeSet};
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

/// A function in an `impl` block that is no trait's.
#[derive(Debug, PartialEq)]
struct Inherent {
    of: String,
    name: String,
    /// It can be called with a point.
    is_method: bool,
}

/// The inherent functions of a source.
fn inherent_functions(code: &str) -> Vec<Inherent> {
    let (mut found, mut of) = (Vec::new(), None);
    let lines: Vec<&str> = code.lines().collect();
    for (number, line) in lines.iter().enumerate() {
        if line.starts_with("impl") && line.ends_with('{') {
            let path = after_generics(&line["impl".len()..]);
            let target = path.split(['<', ' ']).next().unwrap_or_default();
            let is_inherent = !line.contains(" for ");
            of = is_inherent.then(|| target.rsplit("::").next().unwrap_or_default().to_owned());
        } else if line.starts_with('}') {
            of = None;
        } else if let (Some(of), Some(at)) = (&of, line.find("fn "))
            && line.len() - line.trim_start().len() == 4
        {
            // Long parameters stand on lines of their own.
            let signature = lines[number..lines.len().min(number + 2)].concat();
            let first =
                signature.split_once('(').map_or("", |(_, rest)| rest.split([',', ')']).next().unwrap_or_default());
            let is_method = first.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "self");
            found.push(Inherent { of: of.clone(), name: name(&line[at + "fn ".len()..]), is_method });
        }
    }
    found
}

/// What stands behind the generic parameters with which a text may begin.
fn after_generics(text: &str) -> &str {
    if !text.starts_with('<') {
        return text.trim_start();
    }
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        depth += match c {
            '<' => 1,
            '>' if !text[..at].ends_with('-') => -1,
            _ => 0,
        };
        if depth == 0 {
            return text[at + 1..].trim_start();
        }
    }
    ""
}

/// The names behind a keyword, such as `struct`, at any place of a source.
fn declared(code: &str, keyword: &str) -> Vec<String> {
    let is_word = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    code.match_indices(keyword)
        .filter(|(at, _)| is_word(*at))
        .map(|(at, _)| name(&code[at + keyword.len()..]))
        .collect()
}

fn calls(code: &str, called: &Inherent) -> bool {
    let Inherent { of, name, is_method } = called;
    let forms = [format!("{of}::{name}"), format!(".{name}")];
    forms.iter().take(if *is_method { 2 } else { 1 }).any(|form| {
        let ends = |at: usize| code[at + form.len()..].starts_with(['(', ':']);
        code.match_indices(form.as_str()).any(|(at, _)| ends(at))
    })
}

/// A source of a room, without its tests.
struct Source {
    file: String,
    room: String,
    code: String,
}

fn room_sources() -> Vec<Source> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    let read = |path: &PathBuf| {
        let file = path.strip_prefix(&src).expect("it was found there").to_string_lossy().into_owned();
        let room = file.split_once('/')?.0.to_owned();
        let text = fs::read_to_string(path).expect("a source is UTF-8");
        (!is_test(&file)).then(|| Source { file, room, code: code(&text) })
    };
    files.iter().filter_map(read).collect()
}

#[test]
fn no_room_calls_what_a_later_room_has_added_to_a_type() {
    // Such a call names no path.  A method counts as added where its type is another room's; by its name it is told from
    // others where no room that the caller may use declares a function of that name.
    let sources = room_sources();
    let may_use = |room: &str, other: &str| {
        room == other || ROOMS.iter().any(|(name, allowed)| *name == room && allowed.contains(&other))
    };
    // The rooms that declare a name.
    let declaring = |keywords: &[&str]| {
        let mut rooms: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for source in &sources {
            for name in keywords.iter().flat_map(|keyword| declared(&source.code, keyword)) {
                rooms.entry(name).or_default().insert(&source.room);
            }
        }
        rooms
    };
    let (types, functions) = (declaring(&["struct ", "enum ", "union "]), declaring(&["fn "]));
    let mut wrong = String::new();
    for adder in &sources {
        for added in inherent_functions(&adder.code) {
            let Some(homes) = types.get(&added.of).filter(|homes| homes.len() == 1) else { continue };
            let home = homes.first().expect("there is one");
            if may_use(home, &adder.room) {
                continue;
            }
            let others = &functions[&added.name];
            for caller in &sources {
                let reaches = |room: &str| may_use(&caller.room, room);
                if reaches(home)
                    && !reaches(&adder.room)
                    && !others.iter().any(|other| reaches(other))
                    && calls(&caller.code, &added)
                {
                    let Inherent { of, name, .. } = &added;
                    let _ = writeln!(wrong, "src/{} calls {of}::{name} of src/{}", caller.file, adder.file);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn methods_are_found_with_their_types() {
    let code = "impl Vm {\n    pub fn a(&mut self) {\n        fn inner() {}\n    }\n}\nimpl<T: Fn() -> u8> super::Ref<T> {\n    \
                fn b() {}\n}\nimpl Display for Vm {\n    fn fmt() {}\n}\n";
    let inherent = |of: &str, name: &str, is_method| Inherent { of: of.to_owned(), name: name.to_owned(), is_method };
    let (a, b) = (inherent("Vm", "a", true), inherent("Ref", "b", false));
    assert!(calls("x.a(1)", &a) && calls("Vm::a(x)", &a) && calls("Ref::b()", &b));
    assert!(!calls("x.about(1) + y.a", &a) && !calls("x.b()", &b));
    assert_eq!(inherent_functions(code), [a, b]);
    assert_eq!(declared("pub struct A;\nstruct B {}\nmy_struct C", "struct "), ["A", "B"]);
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
