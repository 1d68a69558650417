//! Damaged sources: bytes of programs with pieces taken out, doubled, moved and put in.

use super::generate::Random;

/// Pieces of syntax to put where they may or may not belong.
const TOKENS: [&str; 56] = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    ";",
    ".",
    "=",
    ":=",
    "==",
    "->",
    "*",
    "**",
    "@",
    "...",
    "\\",
    "\\\n",
    "'",
    "\"",
    "\"\"\"",
    "f'",
    "f\"{",
    "t'{x",
    "rb'",
    "\n",
    "\n    ",
    "\n\t",
    "#",
    "\0",
    "\u{c}",
    "\u{feff}",
    "é",
    "½",
    "٣",
    "0x",
    "1e",
    "1_",
    "0777",
    "if ",
    "else:",
    "lambda ",
    "yield ",
    "await ",
    "async ",
    "def f(",
    "class ",
    "return ",
    "nonlocal x",
    "global a",
    "import *",
    "match x:\n case ",
    "except* ",
    "type X = ",
];

/// A source made of `bases` (which are not empty).
pub fn source(random: &mut Random, bases: &[String]) -> Vec<u8> {
    if random.below(12) == 0 {
        let length = random.below(200);
        return (0..length).map(|_| random.below(256) as u8).collect();
    }
    let base = random.below(bases.len());
    let mut bytes = excerpt(random, &bases[base]);
    for _ in 0..1 + random.below(4) {
        let (from, to) = range(random, bytes.len());
        match random.below(7) {
            0 => drop(bytes.drain(from..to)),
            1 => {
                let piece = bytes[from..to].to_vec();
                let at = random.below(bytes.len() + 1);
                bytes.splice(at..at, piece);
            }
            2 => bytes.insert(from, random.below(256) as u8),
            3 => bytes.truncate(to),
            4 => {
                let piece = TOKENS[random.below(TOKENS.len())].repeat([1, 1, 1, 2, 300][random.below(5)]);
                bytes.splice(from..from, piece.into_bytes());
            }
            _ => {
                let piece = TOKENS[random.below(TOKENS.len())];
                bytes.splice(from..to.min(from + 3), piece.bytes());
            }
        }
    }
    bytes
}

/// Some of a program's statements, so that most of what is compiled is near the damage.
fn excerpt(random: &mut Random, program: &str) -> Vec<u8> {
    let lines: Vec<&str> = program.split_inclusive('\n').collect();
    let starts: Vec<usize> = (0..lines.len()).filter(|&i| !lines[i].starts_with([' ', '\n', ')', ']', '}'])).collect();
    let first = random.below(starts.len());
    let from = starts[first];
    let to = starts.get(first + 1 + random.below(4)).copied().unwrap_or(lines.len());
    lines[from..to].concat().into_bytes()
}

/// A short range within `len`.
fn range(random: &mut Random, len: usize) -> (usize, usize) {
    let from = random.below(len + 1);
    (from, (from + random.below(20)).min(len))
}
