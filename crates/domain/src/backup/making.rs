//! Making backups, checking, listing and forgetting them; and how they stand.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use backup::{FORMAT, Forgotten, Manifest, Progress, Snapshot};
use jiff::{SignedDuration, Timestamp};
use kernel::JobId;
use ledger::Act as LedgerAct;
use seal::policy::SystemAct;
use serde::{Deserialize, Serialize};
use store::{Copied, Parts};

use super::{BackupSettings, Drilled, blocking, days};
use crate::{Ctx, Error, House, Result, Wording};

/// Percent of the stored data that is read back when a snapshot is made.
const READ_BACK: f64 = 5.0;
/// The folder in which a copy is made.
const COPY: &str = "backup.copy";

/// The last backup made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    /// Its snapshot.
    pub id: String,
    /// The instant it shows.
    pub at: Timestamp,
    /// Bytes of the copy.
    pub size: u64,
    /// Bytes it added to the repository.
    pub added: u64,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
}

/// What went wrong last, until the same goes well again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// When.
    pub at: Timestamp,
    /// In words.
    pub what: String,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State {
    pub last: Option<Last>,
    pub good: usize,
    pub size: u64,
    pub failure: Option<Failure>,
    pub drill: Option<Drilled>,
    pub drill_failure: Option<Failure>,
    /// A node that began the work that is due, and when; the others leave it to that one.
    #[serde(default)]
    pub begun: Option<(JobId, Timestamp)>,
}

/// How long the other nodes leave to one what it began: after this it may have died.
const CLAIM: SignedDuration = SignedDuration::from_mins(30);

/// How backups stand, for the operator's page.
#[derive(Clone, Debug)]
pub struct Standing {
    /// How they are made; none before `custos backup setup`.
    pub settings: Option<BackupSettings>,
    /// The last good one.
    pub last: Option<Last>,
    /// How many there are.
    pub good: usize,
    /// Bytes of the repository.
    pub size: u64,
    /// The last backup failed.
    pub failure: Option<Failure>,
    /// The last drill that passed.
    pub drill: Option<Drilled>,
    /// The last drill failed.
    pub drill_failure: Option<Failure>,
    /// The last good backup is older than two intervals, or there is none.
    pub stale: bool,
    /// None was ever restored, or not for two intervals of the drill.
    pub unproven: bool,
}

impl Standing {
    /// Whether somebody must act.
    pub fn is_red(&self) -> bool {
        self.stale || self.unproven || self.failure.is_some() || self.drill_failure.is_some()
    }
}

impl House {
    /// Makes a backup: a copy of one instant, checked, saved, read back.
    pub async fn back_up(&self, ctx: &Ctx, progress: Progress) -> Result<Last> {
        let policies = self.allow(ctx, SystemAct::BackUp).await?;
        let settings = self.need_backup_settings().await?;
        let _alone = alone(&self.data)?;
        let done = self.copy_and_save(ctx, &settings, progress).await;
        let (last, good, size) = match done {
            Ok(done) => done,
            Err(error) => {
                let failure = Failure { at: self.now(), what: error.to_string() };
                self.keep_state(|state| {
                    state.failure = Some(failure.clone());
                    true
                })
                .await?;
                return Err(error);
            }
        };
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::BackedUp);
        entry.why = Some(format!("snapshot:{}", short(&last.id)));
        entry.policies = policies;
        self.record(entry).await?;
        self.keep_state(|state| {
            (state.last, state.good, state.size, state.failure) = (Some(last.clone()), good, size, None);
            true
        })
        .await?;
        Ok(last)
    }

    async fn copy_and_save(
        &self,
        ctx: &Ctx,
        settings: &BackupSettings,
        progress: Progress,
    ) -> Result<(Last, usize, u64)> {
        let started = self.now();
        // What was erased before this copy must be known beside it: a restore of an older one asks the register.
        self.mirror_register().await?;
        let copy = Scratch::make(&self.data, COPY)?;
        let catalog = self.catalog();
        let objects: Vec<&model::Object> = catalog.objects().map(AsRef::as_ref).collect();
        let copied = self.store.copy(&objects, copy.path(), Parts::All, Arc::clone(&progress)).await?;
        manifest(&copied, ctx.at, self.database()).write(copy.path())?;
        // Checked while it is saved; it is called good when both are done.
        let (path, key) = (copy.path().to_owned(), self.ledger_key()?);
        let checked = tokio::spawn(async move { store::check_copy(&path, &copied, &key).await });
        let runtime = tokio::runtime::Handle::current();
        let (settings, at) = (settings.clone(), ctx.at);
        let (snapshot, good, size) = store::unhurried(move || {
            let repository = settings.open()?;
            let sound = || match runtime.block_on(checked) {
                Ok(done) => done.map_err(Error::from),
                Err(_) => Err(Error::Setup("the check of the copy was cut short: make another backup".into())),
            };
            let snapshot = repository.save(copy.path(), at, READ_BACK, &progress, sound)?;
            let good = repository.list()?.iter().filter(|s| s.good).count();
            Ok::<_, Error>((snapshot, good, repository.size()?))
        })
        .await??;
        let took_ms =
            i64::try_from((self.now() - started).total(jiff::Unit::Millisecond).unwrap_or(0.0) as i128).unwrap_or(0);
        let last = Last { id: snapshot.id, at: snapshot.at, size: snapshot.size, added: snapshot.added, took_ms };
        Ok((last, good, size))
    }

    /// The repository's snapshots, newest first.
    pub async fn backups(&self, ctx: &Ctx) -> Result<Vec<Snapshot>> {
        self.allow(ctx, SystemAct::BackUp).await?;
        let settings = self.need_backup_settings().await?;
        blocking(move || Ok(settings.open()?.list()?)).await
    }

    /// Forgets what the rule no longer keeps and frees its room.
    pub async fn forget_backups(&self, ctx: &Ctx, dry: bool, progress: Progress) -> Result<Forgotten> {
        self.allow(ctx, SystemAct::BackUp).await?;
        let settings = self.need_backup_settings().await?;
        let now = ctx.at;
        store::unhurried(move || Ok(settings.open()?.forget(&settings.keep(), now, dry, &progress)?)).await?
    }

    /// How backups stand.
    pub async fn backups_stand(&self, ctx: &Ctx) -> Result<Standing> {
        self.allow(ctx, SystemAct::BackUp).await?;
        let settings = self.backup_settings().await?;
        let state = self.backup_state().await?;
        let older = |at: Option<Timestamp>, than: SignedDuration| at.is_none_or(|at| at + than < ctx.at);
        let every = settings.as_ref().map_or(60, |s| i64::from(s.every_minutes));
        let drill = settings.as_ref().map_or(7, |s| s.drill_days);
        Ok(Standing {
            stale: older(state.last.as_ref().map(|l| l.at), SignedDuration::from_mins(2 * every)),
            unproven: older(state.drill.as_ref().map(|d| d.at), days(2 * drill)),
            settings,
            last: state.last,
            good: state.good,
            size: state.size,
            failure: state.failure,
            drill: state.drill,
            drill_failure: state.drill_failure,
        })
    }

    /// What is due of backups: the copy of the hour, forgetting after it, the drill of the week. What fails is told to the
    /// operators by mail, in the words of `wording`.
    pub async fn keep_backups(&self, wording: Wording) -> Result<()> {
        let Some(settings) = self.backup_settings().await? else { return Ok(()) };
        self.mirror_register_soon().await;
        let now = self.now();
        let us = JobId::new(now, self.rng());
        // Several nodes look each minute; the one that states first that it begins does the work.
        let ours = |state: &mut State| {
            let (copy, drill) = due(state, &settings, now);
            let free = state.begun.is_none_or(|(_, at)| at + CLAIM <= now);
            if (copy || drill) && free {
                state.begun = Some((us, now));
            }
            (copy || drill) && free
        };
        if !self.keep_state(ours).await? {
            return Ok(());
        }
        let done = self.keep_due_backups(&settings, wording).await;
        self.keep_state(|state| state.begun.take_if(|(by, _)| *by == us).is_some()).await?;
        match done {
            // Somebody does it by hand just now; the next minute sees it.
            Err(error) if is_busy(&error) => Ok(()),
            done => done,
        }
    }

    async fn keep_due_backups(&self, settings: &BackupSettings, wording: Wording) -> Result<()> {
        let ctx = self.job("backup", "backup")?;
        let state = self.backup_state().await?;
        let (copy, drill) = due(&state, settings, ctx.at);
        if copy {
            if let Err(error) = self.back_up(&ctx, backup::quiet()).await {
                // Once, not each hour.
                if state.failure.is_none() && !is_busy(&error) {
                    self.tell_operators("backup", wording, "/backups").await;
                }
                return Err(error);
            }
            // A target that only takes new files refuses this; the copy is made, and the drill is not put off.
            if let Err(error) = self.forget_backups(&ctx, false, backup::quiet()).await {
                tracing::warn!(target: "custos::backup", %error, "old backups could not be forgotten");
            }
        }
        if drill && let Err(error) = self.drill(&self.job("backup", "backup")?, None, backup::quiet()).await {
            if !is_busy(&error) {
                self.tell_operators("drill", wording, "/backups").await;
            }
            return Err(error);
        }
        Ok(())
    }
}

/// Whether other work in the data folder was in the way, which is no failure.
fn is_busy(error: &Error) -> bool {
    matches!(error, Error::Backup(backup::Error::Busy))
}

/// Whether a copy and a drill are due. A failure is not repeated every minute: a full disk would be filled again and
/// again.
fn due(state: &State, settings: &BackupSettings, now: Timestamp) -> (bool, bool) {
    let every = SignedDuration::from_mins(i64::from(settings.every_minutes));
    let tried = |went: Option<Timestamp>, failed: &Option<Failure>| went.max(failed.as_ref().map(|f| f.at));
    let copied = tried(state.last.as_ref().map(|l| l.at), &state.failure);
    let drilled = tried(state.drill.as_ref().map(|d| d.at), &state.drill_failure);
    let over = |at: Option<Timestamp>, wait: SignedDuration| at.is_none_or(|at| at + wait <= now);
    (over(copied, every), over(drilled, days(settings.drill_days)))
}

/// What a snapshot says of itself.
fn manifest(copied: &Copied, at: Timestamp, database: &str) -> Manifest {
    Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").into(),
        at,
        database: database.into(),
        rows: copied.rows.clone(),
        entries: copied.entries,
        checkpoint: copied.checkpoint.clone(),
        epoch: copied.epoch,
    }
}

/// The beginning of a snapshot's id, enough to name it.
pub(super) fn short(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}

/// Held while a copy or a drill works in the data folder, by whichever process: two would clear each other's scratch
/// folder. Let go when dropped, and by the system when the process dies.
pub(super) fn alone(data: &Path) -> Result<fs::File> {
    let path = data.join("backup.lock");
    let file = |source| Error::Backup(backup::Error::File { path: path.clone(), source });
    let lock = fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(file)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(fs::TryLockError::WouldBlock) => Err(Error::Backup(backup::Error::Busy)),
        Err(fs::TryLockError::Error(source)) => Err(file(source)),
    }
}

/// A folder of sealed files that is gone when the work is over; what a stop left is cleared by the next.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    pub(super) fn make(data: &Path, name: &str) -> Result<Self> {
        let path = data.join(name);
        let make = || -> std::io::Result<()> {
            if path.exists() {
                fs::remove_dir_all(&path)?;
            }
            fs::create_dir(&path)?;
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700))
        };
        make().map_err(|source| Error::Backup(backup::Error::File { path: path.clone(), source }))?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(target: "custos::backup", kind = ?error.kind(), "a scratch folder could not be removed");
        }
    }
}
