//! What can go wrong with a backup, in words one can act on.

use std::path::PathBuf;

use rustic_core::RusticError;

/// Errors of repository, escrow and register. Paths and ids stand in them, never keys or passwords.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The password does not open the repository.
    #[error("the password does not open this repository")]
    WrongPassword,
    /// There is no repository.
    #[error("there is no backup repository at {0}: make one with `custos backup setup`")]
    NoRepository(String),
    /// No such snapshot.
    #[error("the repository has no good snapshot `{0}`: `custos backup list` shows them")]
    NoSnapshot(String),
    /// Files of the repository are damaged or missing.
    #[error(
        "the repository is damaged: {0}. `custos backup verify` says how far; `custos backup repair` mends what can be"
    )]
    Damaged(String),
    /// The repository refused or failed.
    #[error("the repository failed: {0}")]
    Repository(String),
    /// The escrow does not open.
    #[error("the escrow does not open with this passphrase or identity")]
    WrongPassphrase,
    /// There is no escrow.
    #[error("there is no escrow at {0}: without it, or the installation itself, a backup stays closed")]
    NoEscrow(PathBuf),
    /// The escrow's bytes make no sense.
    #[error("the escrow is damaged: {0}")]
    EscrowDamaged(String),
    /// A recipient or identity is not one.
    #[error("{0}")]
    Age(String),
    /// Another copy or drill works in the same data folder.
    #[error("another backup or drill is at work on this data folder: wait until it has ended")]
    Busy,
    /// A line of the register was changed or cut out.
    #[error("line {0} of the erasure register was changed, or lines before it were removed")]
    Register(usize),
    /// The register does not go as far as the escrow says.
    #[error(
        "the erasure register has {there} lines and had {kept} or more: lines were removed, or the file is another. Bring it back from its own copy; `--give-up` restores without, and whoever was erased since the snapshot may be in it"
    )]
    RegisterCut {
        /// Lines it had.
        kept: usize,
        /// Lines it has.
        there: usize,
    },
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// The result of what this crate does.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}

impl From<Box<RusticError>> for Error {
    fn from(error: Box<RusticError>) -> Self {
        if error.is_incorrect_password() {
            return Self::WrongPassword;
        }
        let full = error.display_log();
        // The library's text has several paragraphs; the first says what happened, the last why.
        let words: Vec<&str> = full.split_whitespace().collect();
        let short: String = words.join(" ").chars().take(400).collect();
        let lower = short.to_lowercase();
        if ["cryptograph", "does not match", "not found in index", "deserializ", "missing"]
            .iter()
            .any(|w| lower.contains(w))
        {
            Self::Damaged(short)
        } else {
            Self::Repository(short)
        }
    }
}
