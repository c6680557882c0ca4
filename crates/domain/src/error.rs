//! What the domain can answer other than what was asked for.

use kernel::{FieldName, ObjectName, PurposeName};

/// One thing wrong with what was sent, at one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field, or another part of the request: `source`, `bases`, `cursor`.
    pub field: String,
    /// A stable code: a key of the locales too.
    pub code: &'static str,
    /// What to do about it, in English; never the value.
    pub message: String,
}

impl FieldError {
    /// A field error.
    pub fn new(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { field: field.into(), code, message: message.into() }
    }
}

/// Errors of the domain. A variant is something the reader can act on; ids and names in it, never values.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such record, or the actor may not know of it: the two are not told apart.
    #[error("there is no such {0}")]
    NotFound(ObjectName),
    /// There is no such object, route or thing.
    #[error("there is no {0}")]
    Unknown(String),
    /// The policy refuses the act.
    #[error("{0}")]
    Refused(seal::Error),
    /// The system act is not for this actor.
    #[error("this is not for your role: {0}")]
    NotForRole(&'static str),
    /// What was sent cannot be taken; every reason at once.
    #[error("{}", .0.iter().map(|e| format!("{}: {}", e.field, e.message)).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<FieldError>),
    /// The record was changed by somebody else since it was read; here is its version now.
    #[error("the record was changed by somebody else; its version is now {version}")]
    Conflict {
        /// The version in the database.
        version: i64,
    },
    /// A unique value is taken.
    #[error("a value that must be unique is taken already")]
    Taken,
    /// The Idempotency-Key was used for another request.
    #[error("this Idempotency-Key was used for a different request")]
    KeyReused,
    /// Nobody is signed in, or the session or token has ended.
    #[error("sign in first: there is no valid session or token")]
    SignedOut,
    /// Address and password do not belong together (or the account may not sign in: the two look alike).
    #[error("e-mail address and password do not belong together")]
    WrongPassword,
    /// Too many failed attempts.
    #[error("too many attempts: wait {seconds} s")]
    Throttled {
        /// How long.
        seconds: i64,
    },
    /// The definitions or policies offered do not load; every reason at once.
    #[error("{}", .0.join("\n"))]
    Rules(Vec<String>),
    /// An addition would lose data and was not told to.
    #[error("this would lose data: {}", .0.join("; "))]
    LosesData(Vec<String>),
    /// No purpose is named and none can be taken.
    #[error("{0} serves no purpose of this role")]
    NoPurpose(ObjectName),
    /// A file could not be read.
    #[error("{0}")]
    File(String),
    /// The in-memory index is not filled yet.
    #[error("the search index is still filling: {done} of {total}")]
    Filling {
        /// Records indexed.
        done: u64,
        /// Records there are.
        total: u64,
    },
    /// Starting or running cannot go on.
    #[error("{0}")]
    Setup(String),
    /// The database does not take part at the moment: locked, full or out of reach. Nothing was written.
    #[error("{0}")]
    Unavailable(String),
    /// Storage.
    #[error(transparent)]
    Store(store::Error),
    /// Keys and disclosure.
    #[error(transparent)]
    Seal(seal::Error),
    /// Repository, escrow or register of backups.
    #[error(transparent)]
    Backup(#[from] backup::Error),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Taken => Self::Taken,
            error @ (store::Error::Full | store::Error::Locked | store::Error::Unavailable(_)) => {
                Self::Unavailable(error.to_string())
            }
            other => Self::Store(other),
        }
    }
}

impl From<seal::Error> for Error {
    fn from(error: seal::Error) -> Self {
        match error {
            seal::Error::UnknownObject(name) => Self::Unknown(format!("object `{name}`")),
            seal::Error::UnknownField { field, object } => {
                Self::Invalid(vec![FieldError::new(&field, "unknown_field", format!("{object} has no such field"))])
            }
            refused @ (seal::Error::Refused { .. }
            | seal::Error::FieldRefused { .. }
            | seal::Error::PurposeRefused { .. }) => Self::Refused(refused),
            other => Self::Seal(other),
        }
    }
}

impl Error {
    /// One field's error.
    pub fn field(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, code, message)])
    }

    /// That a value may not be written because none of the field's purposes is live for the person.
    pub fn no_live_purpose(field: &FieldName, needed: &[PurposeName]) -> FieldError {
        let needed: Vec<&str> = needed.iter().map(|p| p.as_str()).collect();
        FieldError::new(
            field.as_str(),
            "no_live_purpose",
            format!("needs a live purpose of the person: one of {}", needed.join(", ")),
        )
    }
}

/// The result of the domain's operations.
pub type Result<T> = std::result::Result<T, Error>;
