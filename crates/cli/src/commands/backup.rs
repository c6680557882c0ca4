//! `custos backup`.

use std::{
    fs,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use domain::{
    BackupSettings, Bring, Drilled, KEEP_EPOCH_DAYS, Keys, Opener, Progress, ROTATE_DAYS, Recipients, Repository,
    bring_back, partial_of, password,
};
use indicatif::ProgressBar;
use serde_json::json;

use super::operator;
use crate::{
    machine::Place,
    out::{Misuse, Out},
};

/// Backups.
#[derive(Subcommand)]
pub enum Backup {
    /// Says where backups go and who can open the escrow; makes the repository
    #[command(
        after_help = "Examples:\n  custos backup identity --out /media/safe/identity\n  custos backup setup --repo /backup/custos --password-file /etc/custos/backup --escrow /escrow/custos --recipient age1…"
    )]
    Setup(Setup),
    /// Makes an identity that opens escrows, and prints the recipient to write them for
    Identity {
        /// The new file; keep it away from the server
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Makes a backup now; safe while serving
    Create,
    /// The snapshots, newest first
    List(Where),
    /// Checks the repository; with --read the stored data too
    Verify {
        #[command(flatten)]
        place: Where,
        /// How many percent of the stored data are read
        #[arg(long, value_name = "PERCENT")]
        read: Option<f64>,
    },
    /// Brings a snapshot back into a new folder
    #[command(
        after_help = "Examples:\n  custos backup restore --to /srv/custos --repo /backup/custos --password-file pass --escrow /escrow/custos --identity identity\n  custos backup restore 1a2b3c4d --to /srv/yesterday --data /srv/custos"
    )]
    Restore(Restore),
    /// Restores the newest snapshot into a scratch folder, opens and checks it, and says how long it took
    Drill(Open),
    /// Forgets snapshots beyond 24 hours, 7 days, 5 weeks, 12 months and frees their room
    Forget {
        /// Says what would go, and leaves it
        #[arg(long)]
        dry_run: bool,
    },
    /// Mends a damaged repository as far as it can be, and says what it did
    Repair(Where),
    /// How backups stand
    Status,
}

/// Where backups go.
#[derive(Args)]
pub struct Setup {
    /// The repository: a folder on another disk or machine
    #[arg(long, value_name = "PATH")]
    repo: String,
    /// The file with its password
    #[arg(long, value_name = "FILE")]
    password_file: PathBuf,
    /// The folder for the escrow of keys and the erasure register, apart from data and repository
    #[arg(long, value_name = "DIR")]
    escrow: PathBuf,
    /// A public key (age1…) the escrow is written for; may be repeated
    #[arg(long, value_name = "KEY")]
    recipient: Vec<String>,
    /// A passphrase instead: the file must stay on this machine
    #[arg(long, value_name = "FILE", conflicts_with = "recipient", required_unless_present = "recipient")]
    passphrase_file: Option<PathBuf>,
    /// Minutes between backups
    #[arg(long, value_name = "MINUTES", default_value_t = 60)]
    every: u32,
    /// Days between epochs
    #[arg(long, value_name = "DAYS", default_value_t = ROTATE_DAYS)]
    rotate: u32,
    /// Days that an old epoch's key is kept: after them no older backup opens by its own keys
    #[arg(long, value_name = "DAYS", default_value_t = KEEP_EPOCH_DAYS)]
    keep_epochs: u32,
    /// Days between drills
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    drill: u32,
}

/// A repository, if not the one that is set up.
#[derive(Args)]
pub struct Where {
    /// The repository, if not the one that is set up
    #[arg(long, value_name = "PATH", requires = "password_file")]
    repo: Option<String>,
    /// The file with its password
    #[arg(long, value_name = "FILE", requires = "repo")]
    password_file: Option<PathBuf>,
}

/// What opens an escrow.
#[derive(Args)]
pub struct Open {
    /// The file with the identity that opens the escrow
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// The file with the escrow's passphrase
    #[arg(long, value_name = "FILE", conflicts_with = "identity")]
    passphrase_file: Option<PathBuf>,
}

/// A restore.
#[derive(Args)]
pub struct Restore {
    /// The snapshot: the beginning of its id
    #[arg(default_value = "latest")]
    snapshot: String,
    /// The new folder; it gets a root key of its own
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// A fresh PostgreSQL database to restore into; the folder then has the root key alone
    #[arg(long, value_name = "URL")]
    to_database: Option<String>,
    #[command(flatten)]
    place: Where,
    /// The escrow's folder, if the installation in --data is gone
    #[arg(long, value_name = "DIR", requires = "repo")]
    escrow: Option<PathBuf>,
    #[command(flatten)]
    open: Open,
    /// Goes on although keys of people are missing; their data stay closed for ever
    #[arg(long)]
    give_up: bool,
}

impl Backup {
    /// Runs it.
    pub async fn run(&self, place: &Place, out: &Out) -> Result<ExitCode> {
        match self {
            Self::Setup(setup) => setup.run(place, out).await,
            Self::Identity { out: file } => identity(file, out),
            Self::Create => {
                let (house, ctx) = operator(place, "backup").await?;
                let bar = out.bytes("copying and saving");
                let made = house.back_up(&ctx, moving(&bar)).await?;
                bar.finish_and_clear();
                out.say(
                    format!("Snapshot {} of {}: {} bytes, {} new.", head(&made.id), made.at, made.size, made.added),
                    &json!({ "snapshot": made.id, "at": made.at, "size": made.size, "added": made.added, "took_ms": made.took_ms }),
                )
            }
            Self::List(at) => {
                let repository = at.open(place).await?;
                let found = off(move || Ok(repository.list()?)).await?;
                let mut lines = Vec::new();
                let mut rows = Vec::new();
                for one in &found {
                    let good = if one.good { "good" } else { "UNFINISHED" };
                    lines.push(format!("{}  {:.0}  {:>12} bytes  {good}", head(&one.id), one.at, one.size));
                    rows.push(
                        json!({ "id": one.id, "at": one.at, "size": one.size, "added": one.added, "good": one.good }),
                    );
                }
                out.say(lines.join("\n"), &json!({ "snapshots": rows }))
            }
            Self::Verify { place: at, read } => {
                let repository = at.open(place).await?;
                let bar = out.bytes("reading");
                let (read, tell) = (*read, moving(&bar));
                let done = off(move || Ok(repository.verify(read, &tell))).await?;
                bar.finish_and_clear();
                match done {
                    Ok(()) => out.say("The repository is whole.", &json!({ "whole": true })),
                    Err(error) => out.wrong(format!("{error}"), &json!({ "whole": false, "wrong": error.to_string() })),
                }
            }
            Self::Restore(restore) => restore.run(place, out).await,
            Self::Drill(open) => {
                let (house, ctx) = operator(place, "backup").await?;
                let bar = out.bytes("restoring");
                let done = house.drill(&ctx, open.opener(), moving(&bar)).await?;
                bar.finish_and_clear();
                out.say(drilled(&done), &serde_json::to_value(&done)?)
            }
            Self::Forget { dry_run } => {
                let (house, ctx) = operator(place, "backup").await?;
                let bar = out.bytes("freeing");
                let done = house.forget_backups(&ctx, *dry_run, moving(&bar)).await?;
                bar.finish_and_clear();
                let word = if *dry_run { "would be forgotten" } else { "forgotten" };
                out.say(
                    format!("{} snapshots kept, {} {word}.", done.kept, done.forgotten.len()),
                    &json!({ "kept": done.kept, "forgotten": done.forgotten, "dry_run": dry_run }),
                )
            }
            Self::Repair(at) => {
                let repository = at.open(place).await?;
                let bar = out.bytes("mending");
                let tell = moving(&bar);
                let did = off(move || Ok(repository.repair(&tell)?)).await?;
                bar.finish_and_clear();
                out.say(did.join("\n"), &json!({ "did": did }))
            }
            Self::Status => status(place, out).await,
        }
    }
}

impl Setup {
    async fn run(&self, place: &Place, out: &Out) -> Result<ExitCode> {
        let (house, ctx) = operator(place, "backup").await?;
        let recipients = match &self.passphrase_file {
            Some(file) => Recipients::PassphraseFile(absolute(file)?),
            None => Recipients::Keys(self.recipient.clone()),
        };
        let repo = if self.repo.contains("://") || self.repo.contains("opendal:") {
            self.repo.clone()
        } else {
            absolute(Path::new(&self.repo))?.to_string_lossy().into_owned()
        };
        let settings = BackupSettings {
            repo,
            password_file: absolute(&self.password_file)?,
            escrow: absolute(&self.escrow)?,
            recipients,
            every_minutes: self.every,
            rotate_days: self.rotate,
            keep_epoch_days: self.keep_epochs,
            drill_days: self.drill,
        };
        house.set_up_backups(&ctx, &settings).await?;
        out.say(
            format!(
                "Backups go to {} every {} minutes while `custos serve` runs; keys and register to {}.\nTry it: custos backup create, custos backup drill",
                settings.repo,
                settings.every_minutes,
                settings.escrow.display()
            ),
            &serde_json::to_value(&settings)?,
        )
    }
}

impl Where {
    async fn open(&self, place: &Place) -> Result<Arc<Repository>> {
        let (repo, file) = match (&self.repo, &self.password_file) {
            (Some(repo), Some(file)) => (repo.clone(), file.clone()),
            _ => {
                let house = place.open().await?;
                let settings = house.backup_settings().await?;
                let settings =
                    settings.context("no backups are set up here: run `custos backup setup`, or name --repo")?;
                (settings.repo, settings.password_file)
            }
        };
        off(move || Ok(Arc::new(Repository::open(&repo, password(&file)?)?))).await
    }
}

impl Open {
    fn opener(&self) -> Option<Opener> {
        match (&self.identity, &self.passphrase_file) {
            (Some(file), _) => Some(Opener::IdentityFile(file.clone())),
            (None, Some(file)) => Some(Opener::PassphraseFile(file.clone())),
            (None, None) => None,
        }
    }
}

impl Restore {
    async fn run(&self, place: &Place, out: &Out) -> Result<ExitCode> {
        let living = match (&self.escrow, self.open.opener()) {
            (Some(_), Some(_)) => None,
            (Some(_), None) => {
                return Err(Misuse("say what opens the escrow: --identity or --passphrase-file".into()).into());
            }
            (None, _) => {
                Some(place.open().await.context("without --escrow the keys come from the installation in --data")?)
            }
        };
        let repository = self.place.open(place).await?;
        let keys = match (&living, &self.escrow, self.open.opener()) {
            (Some(house), ..) => Keys::Living(house),
            (None, Some(dir), Some(opener)) => Keys::Escrow { dir: dir.clone(), opener },
            _ => return Err(Misuse("name the escrow".into()).into()),
        };
        let to = absolute(&self.to)?;
        let setup = place.restoring(&to, &partial_of(&to), self.to_database.clone())?;
        let bar = out.bytes("restoring");
        let bring = Bring { repository, snapshot: self.snapshot.clone(), keys, setup, give_up: self.give_up };
        let done = bring_back(bring, moving(&bar)).await?;
        bar.finish_and_clear();
        out.say(
            format!(
                "Restored snapshot {} of {} to {}.\nDone again: {} people erased, {} bases ended, {} restrictions. Given up: {}.\nThe ledger holds {} entries, verified from the first.\nNext: custos serve --data {2}; then custos backup setup, which a restored installation does not keep.",
                head(&done.snapshot),
                done.at,
                to.display(),
                done.erased,
                done.ended,
                done.restricted,
                done.lost,
                done.entries
            ),
            &json!({
                "snapshot": done.snapshot, "at": done.at, "to": to, "erased": done.erased, "ended": done.ended,
                "restricted": done.restricted, "given_up": done.lost, "entries": done.entries,
            }),
        )
    }
}

async fn status(place: &Place, out: &Out) -> Result<ExitCode> {
    let (house, ctx) = operator(place, "backup").await?;
    let stand = house.backups_stand(&ctx).await?;
    let mut lines = Vec::new();
    match &stand.last {
        Some(last) => lines.push(format!("last good backup: {} ({})", last.at, head(&last.id))),
        None => lines.push("there is no backup".into()),
    }
    lines.push(format!("{} good snapshots, {} bytes", stand.good, stand.size));
    match &stand.drill {
        Some(drill) => lines.push(drilled(drill)),
        None => lines.push("never restored: custos backup drill".into()),
    }
    for failure in [&stand.failure, &stand.drill_failure].into_iter().flatten() {
        lines.push(format!("FAILED {}: {}", failure.at, failure.what));
    }
    if stand.settings.is_none() {
        lines.push("NOT SET UP: custos backup setup".into());
    }
    if stand.stale {
        lines.push("STALE: the last good backup is too old".into());
    }
    if stand.unproven && stand.drill.is_some() {
        lines.push("UNPROVEN: the last drill is too old".into());
    }
    let body = json!({
        "last": stand.last, "good": stand.good, "size": stand.size, "drill": stand.drill, "failure": stand.failure,
        "drill_failure": stand.drill_failure, "stale": stand.stale, "unproven": stand.unproven,
    });
    if stand.is_red() { out.wrong(lines.join("\n"), &body) } else { out.say(lines.join("\n"), &body) }
}

fn drilled(done: &Drilled) -> String {
    format!(
        "Drill of {}: snapshot {} served after {} ms, its data {} s old; {} entries of the ledger verified, {} records opened{}.",
        done.at,
        head(&done.snapshot),
        done.recovery_ms,
        done.point_ms / 1000,
        done.entries,
        done.opened,
        if done.with_escrow {
            ", the escrow too"
        } else {
            "; the escrow was not opened: name --identity to prove it too"
        }
    )
}

fn identity(file: &Path, out: &Out) -> Result<ExitCode> {
    let (text, recipient) = domain::new_identity();
    let mut target = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .with_context(|| format!("could not make {}", file.display()))?;
    target.write_all(text.as_bytes())?;
    target.sync_all()?;
    out.say(&recipient, &json!({ "recipient": recipient, "file": file }))
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).with_context(|| format!("{} is no path", path.display()))
}

fn head(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}

fn moving(bar: &ProgressBar) -> Progress {
    let bar = bar.clone();
    Arc::new(move |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    })
}

/// Work on files, away from the threads that answer.
async fn off<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await?
}
