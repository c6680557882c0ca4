//! `custos ledger`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::Subcommand;
use domain::{House, Inquiry};
use ledger::Report;
use serde_json::json;

use super::operator;
use crate::{
    machine::Place,
    out::{Misuse, Out},
};

/// The ledger.
#[derive(Subcommand)]
pub enum LedgerCommand {
    /// Newest entries
    List {
        /// How many
        #[arg(long, default_value_t = 20)]
        limit: u64,
        /// Naming this record or person
        #[arg(long)]
        record: Option<kernel::RecordId>,
        /// Fitting this text: act:revealed -actor:job about:7f3c field:email from:2026-10-01
        #[arg(long)]
        find: Option<String>,
    },
    /// Checks a file of entries with proofs, or one proof, with nothing but the verifier key (exit code 1 if it fails)
    Check {
        /// What was exported or proved
        file: PathBuf,
        /// The file with the verifier key; from whom you have it is what the check is worth
        #[arg(long)]
        key: PathBuf,
    },
    /// Re-derives everything; names the first entry that was edited, cut, inserted or reordered (exit code 1)
    #[command(
        after_help = "Examples:\n  custos ledger verify\n  custos ledger verify --trusted checkpoint.txt\n  custos ledger verify --folder exported --key exported/key"
    )]
    Verify {
        /// A checkpoint kept elsewhere, which this ledger must continue
        #[arg(long)]
        trusted: Option<PathBuf>,
        /// An exported folder instead of the installation
        #[arg(long, requires = "key")]
        folder: Option<PathBuf>,
        /// The file with the verifier key of that folder
        #[arg(long, requires = "folder")]
        key: Option<PathBuf>,
    },
    /// Prints a proof that an entry is in the ledger
    Prove {
        /// The entry's position
        seq: u64,
    },
    /// Writes the ledger as C2SP tlog-tiles files that outside tools verify
    Export {
        /// An empty or new folder
        dir: PathBuf,
    },
    /// Prints the verifier key
    Key,
}

impl LedgerCommand {
    /// Runs it.
    pub async fn run(&self, place: &Place, out: &Out) -> Result<ExitCode> {
        if let Self::Verify { folder: Some(folder), key: Some(key), .. } = self {
            let key = fs::read_to_string(key).with_context(|| format!("could not read {}", key.display()))?;
            return told(out, ledger::verify_folder(folder, key.trim()).map_err(Into::into));
        }
        if let Self::Verify { trusted, .. } = self {
            return verify(place, out, trusted.as_deref()).await;
        }
        if let Self::Check { file, key } = self {
            return check(out, file, key);
        }
        let (house, ctx) = operator(place, "ledger").await?;
        match self {
            Self::List { limit, record, find } => {
                let mut inquiry = Inquiry::default();
                inquiry.filter.limit = *limit;
                inquiry.filter.record = *record;
                if let Some(text) = find {
                    inquiry.read(text).map_err(|wrong| Misuse(format!("{}: {}", wrong.field, wrong.message)))?;
                }
                let found = house.inquire(&ctx, &inquiry).await?.entries;
                let mut lines = Vec::new();
                let mut rows = Vec::new();
                for one in &found {
                    let line = one.entry.to_line()?;
                    let mut entry: serde_json::Value = serde_json::from_slice(&line)?;
                    entry["seq"] = one.seq.into();
                    let e = &one.entry;
                    lines.push(format!(
                        "{:>8}  {}  {:<9} {:<16} {:<12} x{:<5} {}",
                        one.seq,
                        e.at,
                        e.actor_kind.word(),
                        e.act.word(),
                        e.object.as_ref().map_or("", |o| o.as_str()),
                        e.count,
                        e.purpose.as_ref().map_or("", |p| p.as_str()),
                    ));
                    rows.push(entry);
                }
                out.say(lines.join("\n"), &json!({ "entries": rows }))
            }
            Self::Verify { .. } | Self::Check { .. } => verify(place, out, None).await,
            Self::Prove { seq } => {
                let proof = house.prove(&ctx, *seq).await?.to_string();
                out.say(&proof, &json!({ "proof": proof }))
            }
            Self::Export { dir } => {
                let exported = house.export_ledger(&ctx, dir.clone()).await?;
                out.say(
                    format!("Wrote {} entries to {}.", exported.size, dir.display()),
                    &json!({ "folder": dir, "entries": exported.size }),
                )
            }
            Self::Key => {
                let key = house.ledger_key()?;
                out.say(&key, &json!({ "key": key }))
            }
        }
    }
}

/// Checks proofs offline: no installation is opened.
fn check(out: &Out, file: &Path, key: &Path) -> Result<ExitCode> {
    let read =
        |file: &Path| fs::read_to_string(file).map_err(|e| Misuse(format!("could not read {}: {e}", file.display())));
    let (text, key) = (read(file)?, read(key)?);
    let key = ledger::Verifier::from_vkey(key.trim())?;
    match checked(&text, &key) {
        Ok(entries) => out.say(
            format!("Proved: {entries} entries are in the ledger of this key."),
            &json!({ "holds": true, "entries": entries }),
        ),
        Err((seq, why)) => out.wrong(
            format!("NOT PROVED: entry {}: {why}", seq.map_or_else(|| "?".into(), |seq| seq.to_string())),
            &json!({ "holds": false, "seq": seq, "wrong": why }),
        ),
    }
}

/// How many entries are proved; else which is not, and why. What a file says of an entry beside its proof must be what
/// the proof says.
fn checked(text: &str, key: &ledger::Verifier) -> std::result::Result<usize, (Option<u64>, String)> {
    let proved = |seq: Option<u64>, proof: &str| {
        let proof: ledger::Proof = proof.parse().map_err(|e: ledger::Error| (seq, e.to_string()))?;
        let entry = ledger::check_proof(&proof, key).map_err(|e| (Some(proof.seq), e.to_string()))?;
        Ok((proof.seq, entry))
    };
    if !text.trim_start().starts_with('{') {
        return proved(None, text).map(|_| 1);
    }
    let file: serde_json::Value = serde_json::from_str(text).map_err(|e| (None, e.to_string()))?;
    let entries = file["entries"].as_array().ok_or((None, "there are no entries in it".to_owned()))?;
    for told in entries {
        let seq = told["seq"].as_u64();
        let (at, entry) = proved(seq, told["proof"].as_str().unwrap_or_default())?;
        let line = entry.to_line().map_err(|e| (seq, e.to_string()))?;
        let mut is: serde_json::Value = serde_json::from_slice(&line).map_err(|e| (seq, e.to_string()))?;
        is["seq"] = at.into();
        is["proof"] = told["proof"].clone();
        if is != *told {
            return Err((seq, "what the file says of it is not what was proved".into()));
        }
    }
    Ok(entries.len())
}

/// Verifies the ledger as it lies there: an open house would add entries of its own first.
async fn verify(place: &Place, out: &Out, trusted: Option<&Path>) -> Result<ExitCode> {
    let read =
        |file: &Path| fs::read_to_string(file).map_err(|e| Misuse(format!("could not read {}: {e}", file.display())));
    let trusted = trusted.map(read).transpose()?;
    let bar = out.bar(0, "verifying");
    let moving = bar.clone();
    let progress = move |done, of| {
        moving.set_length(of);
        moving.set_position(done);
    };
    let report = House::verify_at(&place.given()?, trusted, progress).await;
    bar.finish_and_clear();
    told(out, report)
}

fn told(out: &Out, report: Result<Report, domain::Error>) -> Result<ExitCode> {
    match report {
        Ok(report) => out.say(
            format!("The ledger holds: {} entries, every one where it was signed.", report.size),
            &json!({ "holds": true, "entries": report.size }),
        ),
        Err(domain::Error::Ledger(ledger::Error::Wrong(wrong))) => out.wrong(
            format!("THE LEDGER IS WRONG: {wrong}"),
            &json!({ "holds": false, "seq": wrong.seq(), "wrong": wrong.to_string() }),
        ),
        Err(error) => Err(error.into()),
    }
}
