//! How much of a value an actor gets.

use serde::{Deserialize, Serialize};

/// How much of a value a grant discloses; ordered from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing, not even that there is a value.
    None,
    /// The value behind its field's mask.
    Masked,
    /// The value itself.
    Clear,
}

impl Level {
    /// The word of the glossary, as pages, API and ledger spell it.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Masked => "masked",
            Self::Clear => "clear",
        }
    }
}
