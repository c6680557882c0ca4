//! The ledger: every disclosure and every change as one line, in a Merkle tree that anyone can check.
//!
//! An [`Entry`] is a line of canonical JSON and a leaf of the tree (RFC 6962 hashes). The [`Edge`] is all a writer needs
//! in memory to append. A [`Signer`] signs the tree's head as a checkpoint. [`verify()`] re-derives everything from a
//! [`Source`] and names the first entry that was edited, cut, inserted or reordered; [`prove`] makes a proof for one
//! entry; [`export`] writes a folder that other people's tools can check ([C2SP tlog-tiles](https://c2sp.org/tlog-tiles)).
//!
//! Pure: no SQL, no HTTP, no clock. The one thing that touches a disk is the exported folder. What the ledger shows and
//! what it cannot is told in `docs/ledger.md`.

mod act;
mod anchor;
mod edge;
mod entry;
mod error;
mod folder;
pub mod memory;
mod note;
mod proof;
mod source;
mod verify;
mod wrong;

pub use act::{Act, Outcome};
pub use edge::{Edge, FullTile, TILE_BYTES, TILE_WIDTH};
pub use entry::{Entry, MAX_LINE, MAX_RECORDS, SealedPart};
pub use error::{Error, SourceError};
pub use folder::{Exported, Folder, export, verify_folder};
pub use note::{Signer, Verifier};
pub use proof::{Proof, check_proof, prove};
pub use source::{Copied, Row, Source};
pub use tlog_tiles::{Hash, record_hash};
pub use verify::verify;
pub use wrong::{Change, Report, Summary, Wrong};
