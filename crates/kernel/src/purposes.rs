//! A purpose as a bit, and sets of purposes as one word, so that they filter in SQL.

use std::fmt;

/// One purpose of the house, by the number its definition gives it (0 to 62).
///
/// The number is written in `purposes.toml` and never reused: it is stored in every record's set of live purposes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purpose(u8);

impl Purpose {
    /// The purpose with this number; `None` above 62, so that a set stays a non-negative 64-bit integer in SQL.
    pub const fn new(number: u8) -> Option<Self> {
        if number <= 62 { Some(Self(number)) } else { None }
    }

    /// Its number.
    pub const fn number(self) -> u8 {
        self.0
    }
}

impl fmt::Debug for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Purpose({})", self.0)
    }
}

/// A set of purposes, one bit each.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PurposeSet(u64);

impl PurposeSet {
    /// No purpose.
    pub const EMPTY: Self = Self(0);
    /// Every purpose there can be: the set of a record that is about nobody.
    pub const ALL: Self = Self((1 << 63) - 1);

    /// The stored form.
    pub const fn bits(self) -> i64 {
        self.0 as i64
    }

    /// The set of a stored value; the sign bit is ignored.
    pub const fn from_bits(bits: i64) -> Self {
        Self(bits as u64 & Self::ALL.0)
    }

    /// Whether the set holds the purpose.
    pub const fn has(self, purpose: Purpose) -> bool {
        self.0 & (1 << purpose.0) != 0
    }

    /// The set with the purpose.
    #[must_use]
    pub const fn with(self, purpose: Purpose) -> Self {
        Self(self.0 | (1 << purpose.0))
    }

    /// What both sets hold.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What either set holds.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What this set holds and the other does not.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether it holds nothing.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The purposes in it, by number.
    pub fn iter(self) -> impl Iterator<Item = Purpose> {
        (0..=62).map(Purpose).filter(move |p| self.has(*p))
    }
}

impl FromIterator<Purpose> for PurposeSet {
    fn from_iter<I: IntoIterator<Item = Purpose>>(purposes: I) -> Self {
        purposes.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl fmt::Debug for PurposeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Purpose::number)).finish()
    }
}
