//! Chance that repeats: SplitMix64 (Steele, Lea, Flood 2014), the same on every machine. Not for secrets.

/// A stream of numbers.
pub(super) struct Chance(u64);

impl Chance {
    /// The stream of one record.
    pub fn of(seed: u64, stream: u64, index: usize) -> Self {
        let mut chance = Self(seed ^ stream.wrapping_mul(0xA076_1D64_78BD_642F));
        let base = chance.next();
        Self(base ^ (index as u64).wrapping_mul(0xE703_7ED1_A0B4_28DB))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 below `end`; 0 if `end` is 0. The bias of 2⁻³² does not matter here.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// A number of the range.
    pub fn between(&mut self, from: usize, to: usize) -> usize {
        from + self.below(to.saturating_sub(from) + 1)
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    /// One of a list that is not empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// A number below `end` that no other `index` below `end` gets: multiplication by a prime is a permutation as long as
/// the prime does not divide `end`.
pub(super) fn scatter(seed: u64, index: usize, end: usize) -> usize {
    const PRIME: u128 = 2_305_843_009_213_693_951;
    let start = Chance(seed).next() >> 1;
    ((index as u128 * PRIME + u128::from(start)) % end as u128) as usize
}
