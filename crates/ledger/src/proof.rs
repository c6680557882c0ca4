//! Proofs: one entry and the hashes from it to a signed root, for someone who has nothing else.

use std::{fmt, str::FromStr};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use tlog_tiles::{Hash, check_record, prove_record, record_hash};

use crate::{Entry, Error, Source, Verifier, anchor::Anchor, note::read_unverified};

/// First line of a proof ([C2SP tlog-proof](https://c2sp.org/tlog-proof)).
const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// A proof that an entry is in the ledger of a checkpoint. `Display` and `FromStr` are the C2SP text form, with the
/// entry's line as the extra data.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    /// The entry's place, from 0.
    pub seq: u64,
    /// The entry's line; `None` if retention removed it. Who kept a copy can put it in.
    pub entry: Option<Vec<u8>>,
    /// The hashes beside the way from the entry to the root, lowest first (RFC 6962 §2.1.1).
    pub path: Vec<Hash>,
    /// The signed checkpoint it leads to.
    pub checkpoint: String,
}

/// Makes the proof of an entry.
pub fn prove(source: &dyn Source, seq: u64) -> Result<Proof, Error> {
    let checkpoint = source.checkpoint()?.ok_or(Error::NoCheckpoint)?;
    let (size, root) = read_unverified(&checkpoint)?;
    if seq >= size {
        return Err(Error::NoEntry { seq, size });
    }
    let mut anchor = Anchor::find(source, size, root)?.ok_or(Error::Unanchored)?;
    let leaf = anchor.leaf(seq)?.map_err(|_| Error::Unanchored)?;
    let path = prove_record(size, seq, &anchor.reader()).map_err(|_| Error::Unanchored)?;
    let row = source.entries(seq, 1)?.into_iter().next().filter(|row| row.seq == seq);
    let entry = row.ok_or(Error::Unanchored)?.body;
    if entry.as_ref().is_some_and(|line| record_hash(line) != leaf) {
        return Err(Error::Unanchored);
    }
    Ok(Proof { seq, entry, path, checkpoint })
}

/// Checks a proof with nothing but the ledger's public key; returns the entry it is of.
pub fn check_proof(proof: &Proof, key: &Verifier) -> Result<Entry, Error> {
    let (size, root) = key.open(&proof.checkpoint)?;
    let line = proof.entry.as_deref().ok_or(Error::ProofWithoutEntry)?;
    check_record(&proof.path, size, root, proof.seq, record_hash(line)).map_err(|_| Error::ProofFails)?;
    Entry::parse(line)
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(line) = &self.entry {
            writeln!(f, "extra {}", BASE64_STANDARD.encode(line))?;
        }
        writeln!(f, "index {}", self.seq)?;
        for hash in &self.path {
            writeln!(f, "{hash}")?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for Proof {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (head, checkpoint) = text.split_once("\n\n").ok_or(Error::Proof("no checkpoint"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(Error::Proof("the first line is another"));
        }
        let entry = match lines.peek().and_then(|line| line.strip_prefix("extra ")) {
            Some(extra) => {
                lines.next();
                Some(BASE64_STANDARD.decode(extra).map_err(|_| Error::Proof("the extra data is not base64"))?)
            }
            None => None,
        };
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).ok_or(Error::Proof("no index"))?;
        let seq: u64 = index.parse().map_err(|_| Error::Proof("the index is not a number"))?;
        if seq.to_string() != index {
            return Err(Error::Proof("the index is not a number"));
        }
        let path: Vec<Hash> = lines
            .map(|line| Hash::parse_hash(line).map_err(|_| Error::Proof("a hash is not 32 bytes in base64")))
            .collect::<Result<_, _>>()?;
        if path.len() > 63 {
            return Err(Error::Proof("too many hashes"));
        }
        Ok(Self { seq, entry, path, checkpoint: checkpoint.to_owned() })
    }
}
