//! `custos ledger`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::Subcommand;
use domain::{EntryFilter, House};
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
        let (house, ctx) = operator(place, "ledger").await?;
        match self {
            Self::List { limit, record } => {
                let filter = EntryFilter { limit: *limit, record: *record, ..EntryFilter::default() };
                let found = house.entries(&ctx, &filter).await?;
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
            Self::Verify { .. } => verify(place, out, None).await,
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
