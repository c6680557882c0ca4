//! Randomness is handed in, never fetched.

/// A source of cryptographically strong random bytes; `cli` passes the operating system's, tests a seeded one.
pub trait Rng: Send + Sync {
    /// Fills `bytes` completely.
    fn fill(&self, bytes: &mut [u8]);
}

/// `N` fresh random bytes.
pub fn fill_array<const N: usize>(rng: &dyn Rng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill(&mut bytes);
    bytes
}
