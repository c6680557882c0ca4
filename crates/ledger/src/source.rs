//! Where a ledger is read from.

use crate::SourceError;

/// A stored entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its place in the ledger, from 0.
    pub seq: u64,
    /// Its line; `None` if retention removed it (its hash stays in the tree, see [`Act::Pruned`](crate::Act::Pruned)).
    pub body: Option<Vec<u8>>,
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
