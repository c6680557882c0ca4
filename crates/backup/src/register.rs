//! The register of erasures, restrictions and ended bases: what a restore must do again.
//!
//! A file of lines beside the escrow, apart from every backup. It names people by their ids, which lead nowhere once
//! they are erased. Each line carries a keyed digest over itself and the one before, so that a changed or removed line
//! shows; a line that a stop left half written is cut off by the next append. That lines were cut off its end, or the
//! file removed, shows by the [`Tip`] that the escrow keeps.

use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use kernel::{BasisId, PersonId};
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

const FILE: &str = "register";

/// What happened to a person that a backup from before does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The person was erased.
    Erased,
    /// A basis ended: consent withdrawn, objected to, no longer so.
    Ended(BasisId),
    /// Processing was restricted.
    Restricted,
    /// A restriction was lifted.
    Unrestricted,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Line {
    /// What happened.
    pub what: What,
    /// To whom.
    pub person: PersonId,
    /// When.
    pub at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(flatten)]
    line: Line,
    mac: String,
}

/// How far the register went: kept in the escrow, so that a register that was cut off is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tip {
    /// Its lines.
    pub lines: usize,
    /// The digest of the last.
    mac: String,
}

/// The register in a folder.
pub struct Register {
    path: PathBuf,
}

impl Register {
    /// The register of an escrow's folder; the file need not be there yet.
    pub fn at(dir: &Path) -> Self {
        Self { path: dir.join(FILE) }
    }

    /// Its lines, oldest first. `mac` is a keyed digest; a line it does not agree with is [`Error::Register`].
    pub fn read(&self, mac: impl Fn(&[u8]) -> [u8; 32]) -> Result<Vec<Line>> {
        Ok(self.parsed(mac)?.lines)
    }

    /// The same of a register that went as far as `tip` at least: one that does not is [`Error::RegisterCut`].
    pub fn read_beyond(&self, tip: &Tip, mac: impl Fn(&[u8]) -> [u8; 32]) -> Result<Vec<Line>> {
        let parsed = self.parsed(mac)?;
        let reached = tip.lines == 0 || parsed.macs.get(tip.lines - 1) == Some(&tip.mac);
        if reached { Ok(parsed.lines) } else { Err(Error::RegisterCut { kept: tip.lines, there: parsed.lines.len() }) }
    }

    /// How far it goes now.
    pub fn tip(&self, mac: impl Fn(&[u8]) -> [u8; 32]) -> Result<Tip> {
        let parsed = self.parsed(mac)?;
        Ok(Tip { lines: parsed.lines.len(), mac: parsed.macs.last().cloned().unwrap_or_default() })
    }

    fn parsed(&self, mac: impl Fn(&[u8]) -> [u8; 32]) -> Result<Parsed> {
        match fs::read(&self.path) {
            Ok(bytes) => parse(&bytes, &mac),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => parse(&[], &mac),
            Err(e) => Err(Error::file(&self.path)(e)),
        }
    }

    /// Appends the lines that are not in it yet, durably; says how many.
    pub fn append(&self, lines: &[Line], mac: impl Fn(&[u8]) -> [u8; 32]) -> Result<usize> {
        let file = || Error::file(&self.path);
        let mut out = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&self.path)
            .map_err(file())?;
        // Several nodes may share the folder.
        out.lock().map_err(file())?;
        let mut bytes = Vec::new();
        out.read_to_end(&mut bytes).map_err(file())?;
        let known = parse(&bytes, &mac)?;
        let mut last = known.last;
        let mut text = Vec::new();
        let mut added = 0;
        let mut there: BTreeSet<&Line> = known.lines.iter().collect();
        for line in lines {
            if !there.insert(line) {
                continue;
            }
            let sealed = chained(&last, line, &mac)?;
            let stored = Stored { line: line.clone(), mac: hex(&sealed) };
            serde_json::to_writer(&mut text, &stored)
                .map_err(|e| Error::File { path: self.path.clone(), source: e.into() })?;
            text.push(b'\n');
            last = sealed;
            added += 1;
        }
        if added > 0 || known.whole < bytes.len() as u64 {
            out.set_len(known.whole).map_err(file())?;
            out.seek(SeekFrom::Start(known.whole)).map_err(file())?;
            out.write_all(&text).map_err(file())?;
            out.sync_all().map_err(file())?;
            if let Some(dir) = self.path.parent() {
                File::open(dir).and_then(|d| d.sync_all()).map_err(file())?;
            }
        }
        Ok(added)
    }
}

struct Parsed {
    lines: Vec<Line>,
    macs: Vec<String>,
    last: [u8; 32],
    /// Bytes up to the end of the last whole line.
    whole: u64,
}

fn parse(bytes: &[u8], mac: &impl Fn(&[u8]) -> [u8; 32]) -> Result<Parsed> {
    let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    let mut parsed = Parsed { lines: Vec::new(), macs: Vec::new(), last: [0; 32], whole: whole as u64 };
    for (at, text) in bytes[..whole].split(|b| *b == b'\n').filter(|l| !l.is_empty()).enumerate() {
        let wrong = || Error::Register(at + 1);
        let stored: Stored = serde_json::from_slice(text).map_err(|_| wrong())?;
        let sealed = chained(&parsed.last, &stored.line, mac)?;
        if hex(&sealed) != stored.mac {
            return Err(wrong());
        }
        parsed.last = sealed;
        parsed.lines.push(stored.line);
        parsed.macs.push(stored.mac);
    }
    Ok(parsed)
}

fn chained(last: &[u8; 32], line: &Line, mac: &impl Fn(&[u8]) -> [u8; 32]) -> Result<[u8; 32]> {
    let mut bytes = last.to_vec();
    serde_json::to_writer(&mut bytes, line).map_err(|_| Error::Register(0))?;
    Ok(mac(&bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
