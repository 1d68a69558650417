//! How many random inputs a test takes, and which, as the environment says.

/// The number in a variable of the environment.
pub fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// `count` seeds from `EXECMON_FUZZ_SEED` on.
pub fn seeds(count: u64) -> std::ops::Range<u64> {
    let first = number("EXECMON_FUZZ_SEED", 0);
    first..first + count
}
