//! Ids: UUIDv7 (RFC 9562 §5.7) in types of their own, so that no id is mistaken for another.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Rng, fill_array};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh id: 48 bits of time, the rest from `rng`.
            pub fn new(now: Timestamp, rng: &dyn Rng) -> Self {
                let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &fill_array::<10>(rng)).into_uuid())
            }

            /// The id of these 16 bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The id of a stored value; `None` unless it has 16 bytes.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                Uuid::from_slice(bytes).ok().map(Self)
            }

            /// Its 16 bytes, big-endian, as stored.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0.as_hyphenated(), f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0.as_hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }
    )+};
}

ids! {
    /// A record of any object.
    RecordId,
    /// A person (the data subject), behind any number of records.
    PersonId,
    /// A user, token, job or operator who acts.
    ActorId,
    /// A team, a node of the tree of teams.
    TeamId,
    /// A row of a person's bases.
    BasisId,
    /// An entry of the ledger.
    EntryId,
    /// One HTTP request or command, as its ledger entries and log lines name it.
    RequestId,
    /// A signed-in session.
    SessionId,
    /// An API token.
    TokenId,
    /// A background job.
    JobId,
}
