//! What can go wrong at the gate and with keys.

use kernel::{FieldName, ObjectName, PurposeName};

/// Everything this crate refuses or fails at. Names and ids only, never a value.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy gives the actor nothing on this object for this act and purpose.
    #[error("no policy lets this actor {act} {object} for {purpose}")]
    Refused {
        /// What was asked.
        act: &'static str,
        /// On what.
        object: ObjectName,
        /// What for.
        purpose: PurposeName,
    },
    /// A field was asked for, filtered, sorted or written that the actor may not use for this purpose.
    #[error("{object}.{field} may not be used here: the role or the purpose does not cover it")]
    FieldRefused {
        /// The object.
        object: ObjectName,
        /// The field.
        field: FieldName,
    },
    /// The object serves no such purpose.
    #[error("{object} is not used for {purpose}")]
    PurposeRefused {
        /// The object.
        object: ObjectName,
        /// The purpose.
        purpose: String,
    },
    /// There is no such object.
    #[error("there is no object `{0}`")]
    UnknownObject(String),
    /// The object has no such field.
    #[error("{object} has no field `{field}`")]
    UnknownField {
        /// The object.
        object: ObjectName,
        /// The field as asked for.
        field: String,
    },
    /// Rows that the grant does not cover were offered for disclosure: a defect, and nothing is disclosed.
    #[error("rows outside the grant were offered for disclosure")]
    OutsideGrant,
    /// A cell or key did not open: altered, moved, or sealed under a key that is gone.
    #[error("a sealed value of {object}.{field} does not open: altered, moved, or its key is gone")]
    DoesNotOpen {
        /// The object.
        object: ObjectName,
        /// The field.
        field: FieldName,
    },
    /// A wrapped key did not open under the key above it.
    #[error("a key does not open under the key above it: wrong root key, or the keyring was altered")]
    WrongKey,
    /// The epoch of a wrapped key is not in the keyring (destroyed or never restored).
    #[error("epoch key {0} is not in the keyring")]
    NoEpoch(u32),
    /// The ledger could not be written; nothing was disclosed.
    #[error("could not write the ledger; nothing was disclosed")]
    Ledger(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Stored bytes are not an envelope this version knows.
    #[error("stored bytes are not an envelope this version knows")]
    BadEnvelope,
}

/// The result of this crate's operations.
pub type Result<T> = std::result::Result<T, Error>;
