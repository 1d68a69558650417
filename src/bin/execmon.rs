use execmon::compile::{Mode, compile, source::Source};
fn main() {
    let file = std::env::args().nth(1).unwrap_or_default();
    let bytes = std::fs::read(&file).unwrap_or_default();
    let source = Source::from_bytes(file.as_str(), &bytes).unwrap_or_else(|e| panic!("{e}"));
    match compile(&source, Mode::Exec) {
        Ok(code) => print!("{}", execmon::code::disassemble::disassemble(&code, &|_, _| None)),
        Err(e) => println!("{e}"),
    }
}
