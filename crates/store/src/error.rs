//! What a database can answer other than rows.

/// Errors of storage. SQL text and values never appear in them.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another change came first: the row's version is not the one that was read.
    #[error("the record was changed by somebody else in the meantime")]
    Stale,
    /// A step expected rows that are not there.
    #[error("what the change refers to is not there: {0}")]
    Missing(&'static str),
    /// A unique value is taken.
    #[error("a value that must be unique is taken already")]
    Taken,
    /// The disk or the quota is full; nothing was written.
    #[error("the disk is full: make room, then try again; nothing was written")]
    Full,
    /// The database is locked or busy for longer than the time allowed.
    #[error("the database is locked by another program; try again")]
    Locked,
    /// The database cannot be reached or opened.
    #[error("the database cannot be opened: {0}")]
    Unavailable(String),
    /// The folder holds no Custos data, or holds one where none may be.
    #[error("{0}")]
    Folder(String),
    /// The stored bytes are damaged.
    #[error("the database file is damaged: restore the last backup")]
    Damaged,
    /// A copy is not what was copied.
    #[error(
        "the copy is not {0}; it was not kept. Make another; if that fails too, look after the disk and the memory"
    )]
    BadCopy(&'static str),
    /// A stored value has not the shape this version expects.
    #[error("a stored value is not {0}")]
    Unexpected(&'static str),
    /// A migration failed; the database is as it was before it.
    #[error("could not bring the database up to date: {0}")]
    Migration(String),
    /// The ledger's own error.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// A key did not open.
    #[error(transparent)]
    Seal(#[from] Box<seal::Error>),
    /// Anything else the database said, by its code only.
    #[error("the database refused: code {0}")]
    Refused(String),
    /// The store is shutting down.
    #[error("the store is closed")]
    Closed,
}

impl From<seal::Error> for Error {
    fn from(error: seal::Error) -> Self {
        Self::Seal(Box::new(error))
    }
}

/// The result of the store's operations.
pub type Result<T> = std::result::Result<T, Error>;
