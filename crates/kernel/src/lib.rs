//! The words every other crate speaks: ids, time, chance, levels, purposes, names.
//!
//! No I/O, no async, no globals. Time and randomness are passed in ([`Clock`], [`Rng`]), so that a test can move
//! both and nothing below `cli` reads the machine's own.

mod actor;
mod chance;
mod ids;
mod level;
mod names;
mod purposes;
mod time;

pub use actor::{Actor, ActorKind, Via};
pub use chance::{Rng, fill_array};
pub use ids::{ActorId, BasisId, EntryId, JobId, PersonId, RecordId, RequestId, SessionId, TeamId, TokenId};
pub use level::Level;
pub use names::{BadName, Category, FieldName, ObjectName, PurposeName, RoleName};
pub use purposes::{Purpose, PurposeSet};
pub use time::{Clock, micros, timestamp};
