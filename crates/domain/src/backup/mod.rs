//! Backups: settings, the escrow and the register beside it. Making one is in `making.rs`, bringing one back in
//! `restoring.rs`, the coming and going of epochs in `epochs.rs`, moving to the
//! other database in `moving.rs`.

mod epochs;
mod making;
mod moving;
mod restoring;

use std::{collections::BTreeMap, path::PathBuf};

use backup::{EpochKey, Escrow, Keep, Line, Recipients, Register, Repository, What};
use jiff::{SignedDuration, Timestamp};
use kernel::PersonId;
use ledger::Act as LedgerAct;
use seal::{epoch_name, policy::SystemAct};
use serde::{Deserialize, Serialize};
use store::{Batch, Store};
use zeroize::Zeroizing;

use crate::{
    Ctx, Error, House, Result,
    house::{INDEX_KEY, LEDGER_KEY, ORIGIN},
};

pub use epochs::gone_by;
pub use making::{Failure, Last, Standing};
pub use moving::move_house;
pub use restoring::{Bring, Drilled, Keys, Restored, bring_back, partial_of};

const SETTINGS: &str = "backup";
const STATE: &str = "backup_state";

/// How backups are made; one document for the installation, whichever node makes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupSettings {
    /// The repository: a folder, or an address of OpenDAL where that is built in.
    pub repo: String,
    /// The file with its password.
    pub password_file: PathBuf,
    /// The folder of the escrow and the register: on another medium than data and repository.
    pub escrow: PathBuf,
    /// Whom the escrow is written for.
    pub recipients: Recipients,
    /// Minutes between backups.
    pub every_minutes: u32,
    /// Days between epochs.
    pub rotate_days: u32,
    /// Days that an epoch's key is kept after the next epoch began.
    pub keep_epoch_days: u32,
    /// Days between drills.
    pub drill_days: u32,
}

/// The days of [`BackupSettings::rotate_days`] and [`BackupSettings::keep_epoch_days`] where nothing else is set.
pub const ROTATE_DAYS: u32 = 7;
/// See [`ROTATE_DAYS`].
pub const KEEP_EPOCH_DAYS: u32 = 35;

impl BackupSettings {
    /// How much is kept: 24 hours, 7 days, 5 weeks, 12 months.
    pub fn keep(&self) -> Keep {
        Keep::default()
    }

    /// Opens the repository.
    pub fn open(&self) -> Result<Repository> {
        Ok(Repository::open(&self.repo, password(&self.password_file)?)?)
    }
}

/// Reads a repository's password.
pub fn password(file: &std::path::Path) -> Result<Zeroizing<String>> {
    let read = std::fs::read_to_string(file).map_err(|source| backup::Error::File { path: file.to_owned(), source })?;
    let read = Zeroizing::new(read);
    let password = read.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(Error::Setup(format!("{} holds no password", file.display())));
    }
    Ok(Zeroizing::new(password.to_owned()))
}

impl House {
    /// How backups are made here; `None` until `custos backup setup`.
    pub async fn backup_settings(&self) -> Result<Option<BackupSettings>> {
        let text = self.store.meta(SETTINGS).await?;
        text.map(|text| {
            serde_json::from_str(&text).map_err(|_| Error::Setup("the backup settings cannot be read".into()))
        })
        .transpose()
    }

    pub(super) async fn need_backup_settings(&self) -> Result<BackupSettings> {
        self.backup_settings()
            .await?
            .ok_or_else(|| Error::Setup("no backups are set up: run `custos backup setup`".into()))
    }

    /// Sets up backups: makes the repository if there is none, writes escrow and register.
    pub async fn set_up_backups(&self, ctx: &Ctx, settings: &BackupSettings) -> Result<()> {
        let policies = self.allow(ctx, SystemAct::BackUp).await?;
        settings.recipients.check()?;
        let least = [
            ("--every", settings.every_minutes),
            ("--rotate", settings.rotate_days),
            ("--keep-epochs", settings.keep_epoch_days),
            ("--drill", settings.drill_days),
        ];
        if let Some((option, _)) = least.iter().find(|(_, n)| *n == 0) {
            return Err(Error::Setup(format!("{option} is at least 1")));
        }
        let opened = settings.clone();
        blocking(move || {
            if Repository::exists(&opened.repo)? {
                return opened.open().map(drop);
            }
            Repository::init(&opened.repo, password(&opened.password_file)?)?;
            Ok(())
        })
        .await?;
        std::fs::create_dir_all(&settings.escrow)
            .map_err(|source| backup::Error::File { path: settings.escrow.clone(), source })?;
        self.write_escrow(settings, None, None).await?;
        let text = serde_json::to_string(settings).map_err(|e| Error::Setup(e.to_string()))?;
        let mut batch = Batch::new("backup.set_up");
        batch.push(Store::set_meta(SETTINGS, &text));
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::SettingChanged);
        entry.why = Some("backup".into());
        entry.policies = policies;
        self.commit(batch, &[entry]).await?;
        self.mirror_register().await?;
        Ok(())
    }

    /// Writes the escrow anew, to the settings' place and recipients.
    pub async fn renew_escrow(&self, ctx: &Ctx) -> Result<()> {
        self.allow(ctx, SystemAct::BackUp).await?;
        self.write_escrow(&self.need_backup_settings().await?, None, None).await
    }

    /// The escrow's content as things stand, with an epoch about to be made and without those about to go.
    pub(super) async fn escrow(&self, coming: Option<EpochKey>, going: Option<&[u32]>) -> Result<Escrow> {
        let mut secrets = Vec::new();
        for name in [INDEX_KEY, LEDGER_KEY] {
            let wrapped = self.store.secret(name).await?.ok_or_else(|| Error::Setup("a secret is missing".into()))?;
            secrets.push((name.to_owned(), *self.root.unwrap(name, &wrapped)?));
        }
        let made: BTreeMap<u32, Timestamp> =
            self.store.epoch_times().await?.into_iter().map(|(number, made, _)| (number, made)).collect();
        let mut epochs = Vec::new();
        for (number, wrapped) in self.store.epochs().await? {
            if going.is_some_and(|going| going.contains(&number)) {
                continue;
            }
            let key = self.root.unwrap(&epoch_name(number), &wrapped)?;
            epochs.push(EpochKey { number, key: *key, made: made.get(&number).copied().unwrap_or_default() });
        }
        epochs.extend(coming);
        let origin = self.store.meta(ORIGIN).await?.unwrap_or_default();
        Ok(Escrow { origin, written: self.now(), secrets, epochs, register: None })
    }

    pub(super) async fn write_escrow(
        &self,
        settings: &BackupSettings,
        coming: Option<EpochKey>,
        going: Option<&[u32]>,
    ) -> Result<()> {
        let mut escrow = self.escrow(coming, going).await?;
        let (settings, keyring) = (settings.clone(), std::sync::Arc::clone(&self.keyring));
        blocking(move || {
            let register = Register::at(&settings.escrow);
            escrow.register = Some(register.tip(|bytes| keyring.digest("register", bytes))?);
            Ok(escrow.write(&settings.escrow, &settings.recipients)?)
        })
        .await
    }

    /// Brings the register beside the escrow up to what the database knows; says how many lines were new.
    ///
    /// It is derived and not noted down by whoever erases, so that nobody can forget to. Called after each erasure,
    /// before its answer, and every minute for what other nodes did or an escrow that was out of reach.
    pub async fn mirror_register(&self) -> Result<usize> {
        let Some(settings) = self.backup_settings().await? else { return Ok(0) };
        let mut lines: Vec<Line> = Vec::new();
        for (person, at) in self.store.erasures().await? {
            lines.push(Line { what: What::Erased, person, at });
        }
        for (person, basis, at) in self.store.ended_bases().await? {
            lines.push(Line { what: What::Ended(basis), person, at });
        }
        let restricted = self.store.restricted_people().await?;
        let at = settings.escrow.clone();
        let keyring = std::sync::Arc::clone(&self.keyring);
        let now = self.now();
        let added = blocking(move || {
            let mac = |bytes: &[u8]| keyring.digest("register", bytes);
            let register = Register::at(&at);
            let known = restrictions(&register.read(mac)?);
            for person in &restricted {
                if known.get(person) != Some(&true) {
                    lines.push(Line { what: What::Restricted, person: *person, at: now });
                }
            }
            for (person, on) in known {
                if on && !restricted.contains(&person) {
                    lines.push(Line { what: What::Unrestricted, person, at: now });
                }
            }
            Ok(register.append(&lines, mac)?)
        })
        .await?;
        if added > 0 {
            self.write_escrow(&settings, None, None).await?;
        }
        Ok(added)
    }

    /// The same where a failure must not undo what was done: it is said in the log and tried again each minute.
    pub(crate) async fn mirror_register_soon(&self) {
        if let Err(error) = self.mirror_register().await {
            tracing::error!(target: "custos::backup", %error, "the erasure register beside the escrow is behind");
        }
    }

    pub(super) async fn backup_state(&self) -> Result<making::State> {
        Ok(state(self.store.meta(STATE).await?.as_deref()))
    }

    /// Changes how backups stand; `change` says whether there is anything to change, and is asked again where another
    /// node was faster. Says whether it was done.
    pub(super) async fn keep_state(&self, change: impl Fn(&mut making::State) -> bool) -> Result<bool> {
        loop {
            let text = self.store.meta(STATE).await?;
            let mut state = state(text.as_deref());
            if !change(&mut state) {
                return Ok(false);
            }
            let new = serde_json::to_string(&state).map_err(|e| Error::Setup(e.to_string()))?;
            let mut batch = Batch::new("backup.state");
            batch.push(Store::swap_meta(STATE, text.as_deref(), &new));
            match self.store.write(batch).await {
                Err(store::Error::Stale) => {}
                done => return done.map(|()| true).map_err(Error::from),
            }
        }
    }
}

/// What is known of how backups stand; nothing, if another version wrote what this one cannot read.
fn state(text: Option<&str>) -> making::State {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// Who is restricted by the last line about them.
pub(super) fn restrictions(lines: &[Line]) -> BTreeMap<PersonId, bool> {
    let mut known = BTreeMap::new();
    for line in lines {
        match line.what {
            What::Restricted => known.insert(line.person, true),
            What::Unrestricted => known.insert(line.person, false),
            What::Erased | What::Ended(_) => None,
        };
    }
    known
}

pub(super) fn days(n: u32) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(n))
}

/// Work on files, on a thread that may wait.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Setup("the work on the backup was cut short".into()))?
}
