//! The committed `include/execmon.h` is the one that src/capi gives.  Bless: EXECMON_BLESS=1 cargo test --test header

use std::path::Path;

#[test]
fn the_header_is_fresh() {
    let fresh = include_str!(concat!(env!("OUT_DIR"), "/execmon.h"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("include/execmon.h");
    if std::env::var_os("EXECMON_BLESS").is_some() {
        std::fs::write(&path, fresh).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let at = fresh.lines().zip(committed.lines()).position(|(fresh, committed)| fresh != committed);
    let hint = "bless it: EXECMON_BLESS=1 cargo test --test header";
    assert!(committed == fresh, "include/execmon.h is stale from line {:?}; {hint}", at.map(|line| line + 1));
}

#[test]
fn every_function_is_documented_with_the_threads_that_may_call_it() {
    let header = include_str!(concat!(env!("OUT_DIR"), "/execmon.h"));
    let lines: Vec<&str> = header.lines().collect();
    let mut exports = 0;
    for (at, line) in lines.iter().enumerate() {
        if line.starts_with(char::is_alphabetic)
            && !line.starts_with("typedef")
            && line.contains(" execmon_") | line.contains(" *execmon_")
            && line.contains('(')
        {
            exports += 1;
            assert_eq!(lines[at - 1], " */", "{line}");
            let begin = lines[..at].iter().rposition(|line| line.starts_with("/**")).expect("a comment begins");
            let comment = lines[begin..at].join(" ").to_lowercase();
            assert!(comment.contains("thread"), "which threads may call it?  {line}");
        }
    }
    assert!(exports > 90, "{exports}");
}
