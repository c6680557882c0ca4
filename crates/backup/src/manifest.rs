//! What a snapshot says of itself, in `manifest.json` beside its files.

use std::{collections::BTreeMap, fs, path::Path};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Error, Result, write_whole};

/// The version of a snapshot's layout: three SQLite files and this one.
pub const FORMAT: u32 = 1;
const FILE: &str = "manifest.json";

/// What was copied, and the checkpoint of the ledger it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The layout's version.
    pub format: u32,
    /// The version of Custos that made it.
    pub version: String,
    /// The instant the copy shows.
    pub at: Timestamp,
    /// The database it was copied from.
    pub database: String,
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
    /// Entries in the ledger.
    pub entries: u64,
    /// The signed note over them; none for a ledger without entries.
    pub checkpoint: Option<String>,
    /// The newest epoch whose key wraps keys in it.
    pub epoch: u32,
}

impl Manifest {
    /// Writes it into a snapshot's folder.
    pub fn write(&self, dir: &Path) -> Result<()> {
        let text = serde_json::to_vec_pretty(self).map_err(|e| Error::Damaged(e.to_string()))?;
        write_whole(&dir.join(FILE), &text)
    }

    /// Reads a restored folder's.
    pub fn read(dir: &Path) -> Result<Self> {
        let path = dir.join(FILE);
        let text = fs::read(&path).map_err(Error::file(&path))?;
        let read: Self =
            serde_json::from_slice(&text).map_err(|_| Error::Damaged("its manifest cannot be read".into()))?;
        if read.format > FORMAT {
            return Err(Error::Damaged(format!(
                "its layout is version {}, this Custos reads up to {FORMAT}: restore with a newer one",
                read.format
            )));
        }
        Ok(read)
    }
}
