//! What a verification says.

use std::fmt;

use jiff::Timestamp;
use kernel::EntryId;
use tlog_tiles::Hash;

use crate::{Act, Entry, Error};

/// What a verification that found nothing wrong has looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// How many entries the ledger has; each was checked.
    pub size: u64,
    /// The root of its tree, as signed.
    pub root: Hash,
    /// How many of the entries had their bodies removed by retention; the ledger accounts for each.
    pub pruned: u64,
    /// The size of the trusted checkpoint that the ledger was found to continue, if there was one.
    pub continues: Option<u64>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} entries, nothing edited, cut, inserted or reordered; root {}", self.size, self.root)?;
        if self.pruned > 0 {
            write!(f, "; {} bodies removed by retention", self.pruned)?;
        }
        if let Some(size) = self.continues {
            write!(f, "; continues the trusted checkpoint of {size} entries")?;
        }
        Ok(())
    }
}

/// What stands at the place of a wrong entry, as far as it reads. It may be forged in every part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Its id.
    pub id: EntryId,
    /// Its time.
    pub at: Timestamp,
    /// Its act.
    pub act: Act,
}

impl Summary {
    pub(crate) fn read(line: &[u8]) -> Option<Self> {
        Entry::read(line).ok().map(|entry| Self { id: entry.id, at: entry.at, act: entry.act })
    }
}

/// What was done to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is not what was written.
    Edited,
    /// It is gone.
    Cut,
    /// It was never written here.
    Inserted,
    /// It was written at another place.
    Reordered {
        /// Where.
        belongs_at: u64,
    },
}

/// What a verification found wrong first.
#[derive(Debug)]
pub enum Wrong {
    /// The first wrong entry.
    Entry {
        /// What was done to it.
        change: Change,
        /// Its place, from 0.
        seq: u64,
        /// What stands there now, where it reads.
        found: Option<Summary>,
    },
    /// Entries were changed together with the hashes above them; the first wrong one is among these.
    Range {
        /// First of them.
        from: u64,
        /// One after the last.
        until: u64,
    },
    /// An entry is what was signed, but not a canonical entry.
    Malformed {
        /// Its place, from 0.
        seq: u64,
        /// Why it does not read.
        why: Box<Error>,
    },
    /// An entry is what was signed, but what stands beside it in the database, to search by, is not what it says.
    Copied {
        /// Its place, from 0.
        seq: u64,
    },
    /// More bodies are missing than retention says it removed.
    Missing {
        /// The first missing body that no later entry accounts for.
        seq: u64,
        /// How many.
        bodies: u64,
    },
    /// Entries lie beyond the signed checkpoint, which is older than they are or was put back.
    Unsigned {
        /// The first of them.
        from: u64,
    },
    /// There are entries, but no checkpoint that the key signed.
    Checkpoint(Box<Error>),
    /// The ledger is shorter than it once was: entries from this one on were cut.
    Shorter {
        /// Its size, and so the first entry cut.
        size: u64,
        /// The size of the trusted checkpoint.
        trusted: u64,
    },
    /// The ledger does not continue the trusted checkpoint: its past was rewritten and signed anew.
    Forked {
        /// The size of the trusted checkpoint; the first wrong entry is before it.
        trusted: u64,
    },
    /// All entries are right, but a stored tile is not.
    Tile {
        /// Its level.
        level: u8,
        /// Its place in the level.
        n: u64,
    },
    /// All entries are right, but the stored edge is not.
    Edge,
}

impl Wrong {
    /// The place of the first wrong entry, where an entry is wrong and it is known which.
    pub fn seq(&self) -> Option<u64> {
        match *self {
            Self::Entry { seq, .. }
            | Self::Malformed { seq, .. }
            | Self::Copied { seq }
            | Self::Missing { seq, .. } => Some(seq),
            Self::Unsigned { from } => Some(from),
            Self::Shorter { size, .. } => Some(size),
            Self::Range { .. } | Self::Checkpoint(_) | Self::Forked { .. } | Self::Tile { .. } | Self::Edge => None,
        }
    }
}

impl std::error::Error for Wrong {}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry { change, seq, found } => {
                match change {
                    Change::Edited => write!(f, "entry {seq} was edited")?,
                    Change::Cut => write!(f, "entry {seq} was cut")?,
                    Change::Inserted => write!(f, "entry {seq} was inserted")?,
                    Change::Reordered { belongs_at } => {
                        write!(f, "entry {seq} was reordered: what stands there was written as entry {belongs_at}")?;
                    }
                }
                match found {
                    Some(found) => write!(f, " (now: {}, {}, {})", found.id, found.at, found.act.word()),
                    None => Ok(()),
                }
            }
            Self::Range { from, until } => write!(
                f,
                "entries were changed together with the hashes above them: the first is one of {from} to {}",
                until.saturating_sub(1)
            ),
            Self::Copied { seq } => write!(
                f,
                "entry {seq} is as it was signed, but the columns it is found by were changed: a search for it would miss it"
            ),
            Self::Malformed { seq, why } => write!(f, "entry {seq} is as it was signed, but {why}"),
            Self::Missing { seq, bodies } => {
                write!(f, "the body of entry {seq} is missing and no entry says it was pruned ({bodies} such)")
            }
            Self::Unsigned { from } => write!(f, "entry {from} and those after it lie beyond the signed checkpoint"),
            Self::Checkpoint(error) => write!(f, "the ledger has no good checkpoint: {error}"),
            Self::Shorter { size, trusted } => {
                write!(f, "entry {size} was cut: the ledger has {size} entries, the trusted checkpoint {trusted}")
            }
            Self::Forked { trusted } => write!(
                f,
                "the ledger does not continue the trusted checkpoint: an entry before {trusted} was changed and signed anew"
            ),
            Self::Tile { level, n } => write!(f, "all entries are right, but tile {n} of level {level} is not"),
            Self::Edge => write!(f, "all entries are right, but the stored edge is not"),
        }
    }
}
