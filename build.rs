//! Makes `execmon.h` in OUT_DIR, a section by cbindgen for each file of src/capi; `tests/header.rs` compares it with the
//! committed one.  Sets the SONAME of the shared library, and how the linker lays out a release.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

// The list of events, so that the header has no second one.
#[allow(dead_code)]
#[path = "src/monitor/events.rs"]
mod events;

/// The sections of the header: a file of src/capi, and its title.
const SECTIONS: &[(&str, &str)] = &[
    ("status", "Statuses and drop functions"),
    ("version", "Version"),
    ("error", "Errors"),
    ("monitor", "Monitors"),
    ("code", "Code objects"),
    ("thread", "Thread states"),
    ("event", "Events"),
    ("callback", "Callbacks"),
    ("tool", "Tools"),
    ("hook", "Hooks"),
    ("fire", "Firing"),
    ("output", "Output"),
    ("interp", "Interpreters"),
    ("run", "Running"),
    ("frame", "Frames"),
    ("make", "Making values"),
    ("value", "Values"),
    ("operate", "Operations on values"),
    ("function", "Functions of the host"),
];

fn main() -> Result<(), Box<dyn Error>> {
    for path in ["src/capi", "src/monitor/events.rs", "cbindgen.toml", "layout.ld", "build.rs"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let root = env::var("CARGO_MANIFEST_DIR")?;
    let header = header(Path::new(&root), &env::var("CARGO_PKG_VERSION")?)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("execmon.h"), header)?;
    if env::var("CARGO_CFG_TARGET_OS")? == "linux" {
        let major = env::var("CARGO_PKG_VERSION_MAJOR")?;
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libexecmon.so.{major}");
    }
    // Another linker than the usual ones, which the flags may ask for, need not know such scripts.
    let has_usual_linker = !env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default().contains("-fuse-ld=");
    if env::var("PROFILE")? == "release" && env::var("TARGET")?.ends_with("-linux-gnu") && has_usual_linker {
        lay_out(&root);
    }
    Ok(())
}

/// Puts the functions that programs run next to one another (`benches/layout.py` finds them), and the command at a fixed
/// address, so that starting it need not write the addresses of its tables: both for less memory.
fn lay_out(root: &str) {
    for target in ["bins", "cdylib"] {
        println!("cargo::rustc-link-arg-{target}=-Wl,-T,{root}/layout.ld");
    }
    println!("cargo::rustc-link-arg-bins=-no-pie");
}

fn header(root: &Path, version: &str) -> Result<String, Box<dyn Error>> {
    let contract = fs::read_to_string(root.join("src/capi/contract.h"))?;
    let mut text = format!("{contract}\n#ifndef EXECMON_H\n#define EXECMON_H\n\n");
    text.push_str("#include <stddef.h>\n#include <stdint.h>\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n");
    // The handles come first, because the sections name each other's.
    let (mut handles, mut sections) = (heading("Handles"), String::new());
    for (file, title) in SECTIONS {
        sections.push_str(&heading(title));
        sections.push_str(&before(file, version)?);
        for item in section(root, file)?.split("\n\n") {
            let into = if is_handle(item) { &mut handles } else { &mut sections };
            writeln!(into, "{}\n", item.trim())?;
        }
    }
    text.push_str(&handles);
    text.push_str(sections.trim_end());
    text.push('\n');
    text.push_str("\n#ifdef __cplusplus\n}\n#endif\n\n#include \"execmon_fire.h\"\n\n#endif /* EXECMON_H */\n");
    Ok(text)
}

fn heading(title: &str) -> String {
    format!("\n/* {title} {} */\n\n", "-".repeat(110 - title.len()))
}

/// What cbindgen makes of one file of src/capi.
fn section(root: &Path, file: &str) -> Result<String, Box<dyn Error>> {
    let bindings = cbindgen::Builder::new()
        .with_config(cbindgen::Config::from_file(root.join("cbindgen.toml"))?)
        .with_src(root.join("src/capi").join(file).with_extension("rs"))
        .generate()?;
    let mut section = Vec::new();
    bindings.write(&mut section);
    let section = String::from_utf8(section)?;
    Ok(section.trim().lines().map(tidy).collect::<Vec<_>>().join("\n"))
}

/// Whether an item with its comment is the declaration of an opaque type.
fn is_handle(item: &str) -> bool {
    let declaration = item.lines().last().unwrap_or_default();
    declaration.starts_with("typedef struct") && declaration.ends_with(';')
}

/// One line as a person would write it: types by their names, as C++ and C both can, and negative numbers in parentheses.
fn tidy(line: &str) -> String {
    match line.split(' ').collect::<Vec<_>>()[..] {
        ["typedef", "struct" | "enum", ..] => line.to_owned(),
        ["#define", name, number] if number.starts_with('-') => format!("#define {name} ({number})"),
        _ => line.replace("struct execmon_", "execmon_").replace("enum execmon_", "execmon_"),
    }
}

/// What a section has that cbindgen cannot see.
fn before(file: &str, version: &str) -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    match file {
        "version" => {
            let parts: Vec<u32> = version.split('.').map(str::parse).collect::<Result<_, _>>()?;
            let number = parts.iter().fold(0, |number, part| number << 8 | part);
            writeln!(text, "/** The version of this header. */\n#define EXECMON_VERSION \"{version}\"\n")?;
            writeln!(text, "/** The version of this header as major << 16 | minor << 8 | patch. */")?;
            writeln!(text, "#define EXECMON_VERSION_NUMBER {number:#x}u\n")?;
        }
        "event" => {
            writeln!(text, "/**\n * The events.  Each is a bit, so that a set of events is a union.\n */\nenum {{")?;
            writeln!(text, "  /** No event. */\n  EXECMON_NO_EVENTS = 0,")?;
            for (bit, event) in events::Event::ALL.iter().enumerate() {
                let comma = if bit + 1 == events::Event::ALL.len() { "" } else { "," };
                writeln!(text, "  /** {} */", event.description())?;
                writeln!(text, "  EXECMON_EVENT_{} = 1 << {bit}{comma}", event.name())?;
            }
            text.push_str("};\n\n");
        }
        "run" => {
            writeln!(text, "/** As the length of a text: it ends at its NUL. */")?;
            writeln!(text, "#define EXECMON_NUL_TERMINATED SIZE_MAX\n")?;
        }
        "callback" => text.push_str(SENTINELS),
        _ => {}
    }
    Ok(text)
}

const SENTINELS: &str = "\
/**
 * Stands for the first argument of a call that has none: `event->arg0 == &EXECMON_MISSING`.
 */
extern const int EXECMON_MISSING;

/**
 * As an action (its value is 1): do not call for this tool, event, code object and location again until
 * execmon_restart_events.  Its address is the sentinel by which a callback in a host's own language asks for the same.
 */
extern const int EXECMON_DISABLE;

";
