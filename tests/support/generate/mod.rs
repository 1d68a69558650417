//! Random programs: statements composed without regard for sense, which end soon, print what they do, and die of nothing.
//!
//! A program is a function of its choices.  Loops are bounded, numbers are kept small, values that print an address are
//! never printed, and what may raise stands where its exception is caught and printed.

mod control;
pub mod grammar;
mod random;

use std::sync::OnceLock;

use grammar::Grammar;
pub use random::Random;

/// What every program begins with: exceptions, a context manager, an iterator and a generator to build from, and what
/// calls and prints.
const PRELUDE: &str = include_str!("../grammar/prelude.py");
const COMMON: &str = include_str!("../grammar/common.txt");

/// The families that are written as grammars: `item` is one piece of a program, `prelude` what such pieces need.
const GRAMMARS: [&str; 7] = [
    include_str!("../grammar/numbers.txt"),
    include_str!("../grammar/text.txt"),
    include_str!("../grammar/containers.txt"),
    include_str!("../grammar/classes.txt"),
    include_str!("../grammar/calls.txt"),
    include_str!("../grammar/exceptions.txt"),
    include_str!("../grammar/generators.txt"),
];

fn grammars() -> &'static [Grammar<'static>] {
    static GRAMMARS_READ: OnceLock<Vec<Grammar<'static>>> = OnceLock::new();
    GRAMMARS_READ.get_or_init(|| GRAMMARS.iter().map(|text| Grammar::new(&[COMMON, text])).collect())
}

/// The program of a seed.
pub fn program(seed: u64) -> String {
    program_of(Random::new(seed))
}

/// The program of a stream of choices.
pub fn program_of(mut random: Random) -> String {
    // Every other program is one of control flow, where compilers differ most.
    let family = random.below(2 * GRAMMARS.len());
    match grammars().get(family) {
        Some(grammar) => PRELUDE.to_owned() + &items(grammar, &mut random),
        None => PRELUDE.to_owned() + &control::section(random),
    }
}

/// Pieces of one family.
fn items(grammar: &Grammar, random: &mut Random) -> String {
    let (mut text, mut serial) = (String::new(), 0);
    if grammar.has("prelude") {
        text.push_str(&grammar.expand("prelude", random, 0, &mut serial));
        text.push('\n');
    }
    for item in 1..=4 + random.below(8) {
        if !random.has_more() {
            break;
        }
        text.push_str("\n\n");
        text.push_str(&grammar.expand("item", random, item, &mut serial));
        text.push('\n');
    }
    text
}
