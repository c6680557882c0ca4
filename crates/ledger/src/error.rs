//! What can go wrong, short of a ledger that was tampered with (that is [`Wrong`]).

use std::path::PathBuf;

use crate::Wrong;

/// Whatever a [`Source`](crate::Source) says when it cannot answer.
pub type SourceError = Box<dyn std::error::Error + Send + Sync>;

/// Errors of this crate; never a personal value inside.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The verification found the ledger wrong.
    #[error(transparent)]
    Wrong(Box<Wrong>),
    /// An entry is too long for an entry bundle; name fewer records in it and write several.
    #[error("the entry has {bytes} bytes, {max} are allowed: write several entries", max = crate::MAX_LINE)]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// The time of an entry lies outside the years 0 to 9999, which RFC 3339 can write.
    #[error("the entry's time is outside the years 0 to 9999")]
    Year,
    /// A line is not an entry.
    #[error("not an entry: {what} (byte {at})")]
    NotAnEntry {
        /// What is wrong with it.
        what: &'static str,
        /// About where, counted from 1; 0 if it is the line as a whole.
        at: usize,
    },
    /// A line reads as an entry, but this program would have written it otherwise.
    #[error("the entry is not in canonical form")]
    NotCanonical,
    /// Stored bytes are not an edge.
    #[error("these bytes are not the edge of a ledger")]
    Edge,
    /// The origin cannot name a key.
    #[error("`{0}` cannot be the origin of a ledger: it must not be empty, nor contain spaces or `+`")]
    Origin(String),
    /// A verifier key does not read.
    #[error("not a verifier key: expected <origin>+<8 hex digits>+<base64>, one on a line")]
    VerifierKey,
    /// A checkpoint does not read.
    #[error("malformed checkpoint")]
    Checkpoint,
    /// A checkpoint bears no valid signature of the key.
    #[error("the checkpoint is not signed by the ledger's key")]
    Signature,
    /// The checkpoint is of another ledger.
    #[error("the checkpoint is of another ledger: its origin is `{0}`")]
    OtherOrigin(String),
    /// There is no checkpoint yet.
    #[error("the ledger has no checkpoint yet")]
    NoCheckpoint,
    /// There is no such entry.
    #[error("there is no entry {seq}: the ledger has {size}")]
    NoEntry {
        /// The entry asked for.
        seq: u64,
        /// How many there are.
        size: u64,
    },
    /// The tiles do not lead to the checkpoint, so that nothing can be proved.
    #[error("the ledger does not agree with its checkpoint: verify it")]
    Unanchored,
    /// A proof does not read.
    #[error("malformed proof: {0}")]
    Proof(&'static str),
    /// A proof does not hold.
    #[error("the proof does not hold: the entry is not in the ledger of this checkpoint")]
    ProofFails,
    /// A proof comes without its entry, whose body was pruned.
    #[error("the proof has no entry with it: put in the copy that you kept")]
    ProofWithoutEntry,
    /// The folder to export to is in use.
    #[error("{} is not empty: export to a new folder", .0.display())]
    FolderInUse(PathBuf),
    /// A file could not be read or written.
    #[error("{}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The source could not answer.
    #[error("could not read the ledger")]
    Source(#[source] SourceError),
}

impl From<Wrong> for Error {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(Box::new(wrong))
    }
}

impl From<SourceError> for Error {
    fn from(error: SourceError) -> Self {
        Self::Source(error)
    }
}
