//! Backups as files: the repository that holds snapshots, the escrow that holds keys, the register of what a restore
//! must do again.
//!
//! What comes in is a folder of files and what goes out is a folder of files: this crate knows no database and opens no
//! value. The repository is restic's format, version 2, so that Debian's own `restic` reads it when we are gone; the
//! escrow is an `age` file, so that `age` opens it. Neither ever holds what the other holds: the repository no key that
//! opens, the escrow no data.

mod error;
mod escrow;
mod files;
mod manifest;
mod register;
mod repository;

pub use error::{Error, Result};
pub use escrow::{EpochKey, Escrow, Opener, Recipients, new_identity};
pub use files::write_whole;
pub use manifest::{FORMAT, Manifest};
pub use register::{Line, Register, Tip, What};
pub use repository::{Forgotten, Keep, Progress, Repository, Snapshot, quiet};
