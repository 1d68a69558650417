//! Prints the stack IR of the files whose names are on standard input, one name a line: a line `file NAME`, then the
//! dump or a line `error MESSAGE`.  `tests/oracle/dis_compare.py` compares it with CPython's `dis`.

use std::io::{BufRead, BufWriter, Write};

use execmon::compile::{Mode, build, dump, source::Source};

fn main() -> std::io::Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    for name in std::io::stdin().lock().lines() {
        let name = name?;
        writeln!(out, "file {name}")?;
        let bytes = std::fs::read(&name)?;
        let unit = Source::from_bytes(name.as_str(), &bytes).and_then(|source| build(&source, Mode::Exec));
        match unit {
            Ok(unit) => write!(out, "{}", dump(&unit))?,
            Err(error) => writeln!(out, "error {}:{} {}", error.line, error.offset, error.msg.replace('\n', " "))?,
        }
    }
    out.flush()
}
