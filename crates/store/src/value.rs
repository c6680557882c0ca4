//! The four shapes in which values cross the wall to a database, alike for both.

use jiff::Timestamp;
use kernel::{micros, timestamp};

use crate::{Error, Result};

/// A value bound or fetched. UUIDs are 16-byte blobs, instants microseconds, dates ISO text, booleans 0 or 1.
#[derive(Clone, PartialEq)]
pub enum Sql {
    /// No value.
    Null,
    /// An integer, a boolean, an instant.
    Int(i64),
    /// Text or a date.
    Text(String),
    /// Bytes or a UUID.
    Blob(Vec<u8>),
}

impl std::fmt::Debug for Sql {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Values never reach a log, whatever they are.
        f.write_str(match self {
            Self::Null => "Null",
            Self::Int(_) => "Int(…)",
            Self::Text(_) => "Text(…)",
            Self::Blob(_) => "Blob(…)",
        })
    }
}

/// A fetched row.
pub type Row = Vec<Sql>;

macro_rules! from {
    ($($from:ty => |$v:ident| $to:expr),+ $(,)?) => {$(
        impl From<$from> for Sql {
            fn from($v: $from) -> Self {
                $to
            }
        }
    )+};
}

from! {
    i64 => |v| Self::Int(v),
    u32 => |v| Self::Int(i64::from(v)),
    bool => |v| Self::Int(i64::from(v)),
    String => |v| Self::Text(v),
    &str => |v| Self::Text(v.to_owned()),
    Vec<u8> => |v| Self::Blob(v),
    &[u8] => |v| Self::Blob(v.to_vec()),
    [u8; 16] => |v| Self::Blob(v.to_vec()),
    [u8; 32] => |v| Self::Blob(v.to_vec()),
    Timestamp => |v| Self::Int(micros(v)),
    kernel::RecordId => |v| Self::Blob(v.as_bytes().to_vec()),
    kernel::PersonId => |v| Self::Blob(v.as_bytes().to_vec()),
    kernel::ActorId => |v| Self::Blob(v.as_bytes().to_vec()),
    kernel::TeamId => |v| Self::Blob(v.as_bytes().to_vec()),
    kernel::BasisId => |v| Self::Blob(v.as_bytes().to_vec()),
    kernel::EntryId => |v| Self::Blob(v.as_bytes().to_vec()),
    kernel::SessionId => |v| Self::Blob(v.as_bytes().to_vec()),
    kernel::TokenId => |v| Self::Blob(v.as_bytes().to_vec()),
    kernel::JobId => |v| Self::Blob(v.as_bytes().to_vec()),
}

impl<T: Into<Sql>> From<Option<T>> for Sql {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl Sql {
    /// The integer, or an error that names the column's use.
    pub fn int(&self) -> Result<i64> {
        match self {
            Self::Int(v) => Ok(*v),
            _ => Err(Error::Unexpected("an integer")),
        }
    }

    /// The text.
    pub fn text(&self) -> Result<&str> {
        match self {
            Self::Text(v) => Ok(v),
            _ => Err(Error::Unexpected("a text")),
        }
    }

    /// The bytes.
    pub fn blob(&self) -> Result<&[u8]> {
        match self {
            Self::Blob(v) => Ok(v),
            _ => Err(Error::Unexpected("bytes")),
        }
    }

    /// The instant.
    pub fn instant(&self) -> Result<Timestamp> {
        self.int().map(timestamp)
    }

    /// The boolean.
    pub fn flag(&self) -> Result<bool> {
        self.int().map(|v| v != 0)
    }

    /// Whether there is no value.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// `None` for null, else what `read` makes of it.
    pub fn opt<T>(&self, read: impl FnOnce(&Self) -> Result<T>) -> Result<Option<T>> {
        if self.is_null() { Ok(None) } else { read(self).map(Some) }
    }

    /// An id of 16 bytes.
    pub fn id<T>(&self, make: impl FnOnce([u8; 16]) -> T) -> Result<T> {
        let bytes = self.blob()?.try_into().map_err(|_| Error::Unexpected("16 bytes"))?;
        Ok(make(bytes))
    }
}
