//! Where a ledger is read from.

use crate::{Entry, SourceError};

/// A stored entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its place in the ledger, from 0.
    pub seq: u64,
    /// Its line; `None` if retention removed it (its hash stays in the tree, see [`Act::Pruned`](crate::Act::Pruned)).
    pub body: Option<Vec<u8>>,
    /// What stands beside it to search by, where it is kept in a database.
    pub copied: Option<Copied>,
}

/// What a database keeps of an entry beside its line, to search by. It is not in the tree: a verification compares it
/// with the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// The entry's id, 16 bytes.
    pub id: Vec<u8>,
    /// When, in microseconds.
    pub at: i64,
    /// By whom, 16 bytes.
    pub actor: Vec<u8>,
    /// The act's word.
    pub act: String,
    /// On which object.
    pub object: Option<String>,
    /// The ids of its records, 16 bytes each.
    pub records: Vec<u8>,
}

impl Copied {
    /// What belongs beside this entry.
    pub fn of(entry: &Entry) -> Self {
        Self {
            id: entry.id.as_bytes().to_vec(),
            at: kernel::micros(entry.at),
            actor: entry.actor.as_bytes().to_vec(),
            act: entry.act.word().to_owned(),
            object: entry.object.as_ref().map(ToString::to_string),
            records: entry.records.iter().flat_map(|id| *id.as_bytes()).collect(),
        }
    }
}

/// A ledger to read: a database, an exported folder, memory.
///
/// All answers are of one moment: a database answers from one read transaction, or entries that arrive during a
/// verification look inserted.
pub trait Source {
    /// The newest signed checkpoint; `None` before the first entry.
    fn checkpoint(&self) -> Result<Option<String>, SourceError>;

    /// The stored [`Edge`](crate::Edge), as its bytes. It vouches for the entries after the last full tile; without it
    /// an edit there is found, but not named.
    fn edge(&self) -> Result<Option<Vec<u8>>, SourceError>;

    /// Rows with `seq` at or above `from`, in ascending order, about `limit` of them; empty only if there are none.
    fn entries(&self, from: u64, limit: usize) -> Result<Vec<Row>, SourceError>;

    /// The stored full tile `n` of `level`: 256 hashes, 8 192 bytes.
    fn tile(&self, level: u8, n: u64) -> Result<Option<Vec<u8>>, SourceError>;
}
