//! Where a generator's choices come from.

/// A stream of choices: of a seed, by a small random number generator (xorshift64*), so that a seed means the same program
/// everywhere; or the bytes of a fuzzer, so that it can steer what is generated.
pub struct Random(Kind);

enum Kind {
    Seed(u64),
    /// The bytes, how many are used up; then 0 for ever after: the first of all choices.
    Bytes(Vec<u8>, usize),
}

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(Kind::Seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1))
    }

    pub fn of_bytes(bytes: &[u8]) -> Self {
        Random(Kind::Bytes(bytes.to_vec(), 0))
    }

    /// False where every further choice is the first one.
    pub fn has_more(&self) -> bool {
        match &self.0 {
            Kind::Seed(_) => true,
            Kind::Bytes(bytes, used) => *used < bytes.len(),
        }
    }

    /// A number below `limit`, which is not 0.
    pub fn below(&mut self, limit: usize) -> usize {
        match &mut self.0 {
            Kind::Seed(state) => {
                *state ^= *state >> 12;
                *state ^= *state << 25;
                *state ^= *state >> 27;
                ((state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize) % limit
            }
            Kind::Bytes(bytes, used) => {
                let mut next = || {
                    *used += 1;
                    usize::from(bytes.get(*used - 1).copied().unwrap_or(0))
                };
                let number = if limit > 256 { next() << 8 | next() } else { next() };
                number % limit
            }
        }
    }

    /// True in `percent` of 100 cases; false when there are no more choices, so that whoever asks again and again ends.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.has_more() && self.below(100) < percent
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}
