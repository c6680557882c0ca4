//! Keys, sealed values, the gate and disclosure: the wall between stored and plain.
//!
//! Three states of a value, no way back and no shortcut: [`Sealed`] (anyone may hold it), granted (a [`Grant`] names
//! actor, purpose, rows and fields), [`Disclosed`] (plain, recorded). [`Gate::grant`] alone makes grants; [`disclose`]
//! alone spends them, after the ledger entry is durable.

mod disclose;
mod error;
mod gate;
mod keyring;
mod past;
pub mod policy;
mod sealed;
mod search;

pub use disclose::{
    Circumstances, Disclosed, DisclosedRow, MAX_RECORDS, Recorder, SealedRow, Shown, Sieve, Stored, count, disclose,
    known, ledger_act, literal, sieve, tally,
};
pub use error::{Error, Result};
pub use gate::{Ask, Fields, Gate, Grant};
pub use keyring::{
    Epoch, KEY_LEN, Keyring, RootKey, Subject, SubjectKey, blind_bits, blind_fits, epoch_name, object_subject,
};
pub use past::{PastChange, disclose_past, past_name};
pub use sealed::{Place, Sealed};
pub use search::{open_search, seal_search};
