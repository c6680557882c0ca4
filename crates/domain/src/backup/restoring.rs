//! Bringing a backup back, and the drill that proves it can be done.
//!
//! Data come from the snapshot asked for. Keyring and ledger come from the newest place there is: the living
//! installation, else the newest good snapshot. A key that is gone there stays gone, so that whoever was erased in
//! between does not return; the ledger goes on instead of being set back. Then what the register knows is done again,
//! before anything can open the folder: until the last step it has another name.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use backup::{Escrow, Line, Manifest, Opener, Progress, Register, Repository, Snapshot, What, quiet};
use jiff::Timestamp;
use kernel::{PersonId, RecordId, fill_array};
use ledger::{Act as LedgerAct, Signer};
use seal::{Epoch, KEY_LEN, Keyring, RootKey, epoch_name, policy::SystemAct};
use serde::{Deserialize, Serialize};
use store::{Batch, Copied, Folder, Parts, Store};
use zeroize::Zeroizing;

use super::{
    blocking,
    making::{Failure, Scratch, alone, short},
    moving::{fresh, verified},
    restrictions,
};
use crate::{
    Ctx, Error, House, Result, Setup,
    house::{INDEX_KEY, LEDGER_KEY},
};

/// Where the keys come from.
pub enum Keys<'a> {
    /// The escrow alone: the machine is gone.
    Escrow {
        /// Its folder, the register beside it.
        dir: PathBuf,
        /// What opens it.
        opener: Opener,
    },
    /// The living installation.
    Living(&'a House),
}

/// What to bring back, and where to.
pub struct Bring<'a> {
    /// From here.
    pub repository: Arc<Repository>,
    /// This snapshot: the beginning of its id, or `latest`.
    pub snapshot: String,
    /// With these keys.
    pub keys: Keys<'a>,
    /// As this installation: an empty or new folder, with a root key of its own.
    pub setup: Setup,
    /// Goes on although people's keys are missing without an erasure on record, whose data stay closed for ever, or
    /// although the register was cut off, so that somebody erased may be back.
    pub give_up: bool,
}

/// What a restore came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The snapshot.
    pub snapshot: String,
    /// The instant its data show.
    pub at: Timestamp,
    /// People erased again.
    pub erased: usize,
    /// Bases ended again.
    pub ended: usize,
    /// Restrictions placed or lifted again.
    pub restricted: usize,
    /// People whose keys no epoch at hand opens, given up.
    pub lost: usize,
    /// Entries in the ledger, verified from the first.
    pub entries: u64,
}

/// The folder of what a restore takes from a newer place than its snapshot.
const NEWER: &str = "newer";
/// The folder of a drill.
const DRILL: &str = "backup.drill";

/// What a drill measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drilled {
    /// When.
    pub at: Timestamp,
    /// Which snapshot.
    pub snapshot: String,
    /// How long it took until it could have been served, in milliseconds.
    pub recovery_ms: i64,
    /// How old its data were, in milliseconds.
    pub point_ms: i64,
    /// Entries of the ledger verified.
    pub entries: u64,
    /// Searchable values opened.
    pub opened: u64,
    /// Whether the escrow was opened for it, not only the living keys.
    pub with_escrow: bool,
}

/// The name under which a restore works until it is whole.
pub fn partial_of(to: &Path) -> PathBuf {
    let mut name = to.file_name().map_or_else(|| OsString::from("custos"), OsString::from);
    name.push(".partial");
    to.with_file_name(name)
}

/// Brings a snapshot back. Whoever stops it in between starts it again: it goes on where it was.
pub async fn bring_back(bring: Bring<'_>, progress: Progress) -> Result<Restored> {
    let to = bring.setup.data.clone();
    refuse_living(&to)?;
    let (escrow, lines) = match &bring.keys {
        Keys::Living(house) => (house.escrow(None, None).await?, house.register_lines().await?),
        Keys::Escrow { dir, opener } => {
            let (dir, opener, give_up) = (dir.clone(), opener.clone(), bring.give_up);
            blocking(move || {
                let escrow = Escrow::open(&dir, &opener)?;
                let keyring = keyring(&escrow)?;
                let (register, mac) = (Register::at(&dir), |bytes: &[u8]| keyring.digest("register", bytes));
                let lines = match escrow.register.as_ref().filter(|_| !give_up) {
                    Some(tip) => register.read_beyond(tip, mac)?,
                    None => register.read(mac)?,
                };
                Ok((escrow, lines))
            })
            .await?
        }
    };
    let signer = signer(&escrow)?;
    let partial = partial_of(&to);
    let repository = Arc::clone(&bring.repository);
    let (into, wanted) = (partial.clone(), bring.snapshot.clone());
    let (snapshot, newest) = blocking(move || {
        clear_logs(&into)?;
        let snapshot = repository.find(&wanted)?;
        let newest = repository.find("latest")?;
        repository.restore(&snapshot, None, &into, &progress)?;
        Ok((snapshot, newest))
    })
    .await?;
    let manifest = Manifest::read(&partial)?;
    let copied = copied(&manifest);
    store::check_copy(&partial, &copied, &signer.verifier_key()).await?;
    let folder = Folder::at(&partial);
    take_newer(&bring, &snapshot, &newest, &folder, &partial, &signer).await?;
    let gone: BTreeSet<PersonId> = folder.closed().await?.into_iter().collect();
    let (secrets, epochs) = wrapped(&escrow, &bring.setup)?;
    folder.install(secrets, epochs).await?;
    let erased: BTreeSet<PersonId> =
        lines.iter().filter(|line| line.what == What::Erased).map(|line| line.person).chain(gone).collect();
    let lost: Vec<PersonId> = folder.closed().await?.into_iter().filter(|p| !erased.contains(p)).collect();
    if !lost.is_empty() && !bring.give_up {
        return Err(Error::Setup(format!(
            "{} people of this snapshot have no key that the escrow opens, and no erasure on record: the escrow is not the \
             newest one, or the snapshot is older than its keys. Take the newest escrow; or give those people up with \
             --give-up",
            lost.len()
        )));
    }
    let (database, shipped) = (bring.setup.database.clone(), bring.setup.shipped.clone());
    let mut done = again(bring.setup, &partial, &erased, &lost, &lines, &snapshot).await?;
    let store = Store::open_folder(&partial)?;
    done.entries = verified(&store, signer.verifier()?, manifest.checkpoint.clone()).await?;
    if let Some(url) = database {
        carry_on(&store, &shipped, &partial, &url).await?;
    }
    drop(store);
    fs::remove_file(partial.join("manifest.json")).ok();
    fs::rename(&partial, &to).map_err(|source| backup::Error::File { path: to, source })?;
    Ok(done)
}

/// Refuses a folder with anything in it.
fn refuse_living(to: &Path) -> Result<()> {
    if fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Error::Setup(format!(
            "{} is not empty: a restore goes to a new folder, so that nothing living is overwritten",
            to.display()
        )));
    }
    Ok(())
}

/// Removes what a stopped restore left beside the databases: their files are brought back to the snapshot's content,
/// and a log of the stopped work must not be played over them.
fn clear_logs(partial: &Path) -> Result<()> {
    let Ok(entries) = fs::read_dir(partial) else { return Ok(()) };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name == NEWER {
            fs::remove_dir_all(entry.path()).map_err(|source| backup::Error::File { path: entry.path(), source })?;
        } else if ["-wal", "-shm", "-journal", ".newer"].iter().any(|end| name.ends_with(end)) {
            fs::remove_file(entry.path()).map_err(|source| backup::Error::File { path: entry.path(), source })?;
        }
    }
    Ok(())
}

/// Keyring and ledger from the newest place that has them.
async fn take_newer(
    bring: &Bring<'_>,
    snapshot: &Snapshot,
    newest: &Snapshot,
    folder: &Folder,
    partial: &Path,
    signer: &Signer,
) -> Result<()> {
    let scratch = match &bring.keys {
        Keys::Living(house) => {
            let scratch = Scratch::make(partial, NEWER)?;
            let catalog = house.catalog();
            let objects: Vec<&model::Object> = catalog.objects().map(AsRef::as_ref).collect();
            house.store.copy(&objects, scratch.path(), Parts::KeysAndLedger, quiet()).await?;
            scratch
        }
        Keys::Escrow { .. } if newest.id != snapshot.id => {
            let scratch = Scratch::make(partial, NEWER)?;
            let (repository, newest, to) = (Arc::clone(&bring.repository), newest.clone(), scratch.path().to_owned());
            blocking(move || Ok(repository.restore(&newest, None, &to, &quiet())?)).await?;
            let manifest = Manifest::read(scratch.path())?;
            store::check_copy(scratch.path(), &copied(&manifest), &signer.verifier_key()).await?;
            scratch
        }
        Keys::Escrow { .. } => return Ok(()),
    };
    folder.take_ledger(scratch.path()).await?;
    Ok(folder.take_keys(scratch.path()).await?)
}

fn copied(manifest: &Manifest) -> Copied {
    Copied {
        rows: manifest.rows.clone(),
        entries: manifest.entries,
        checkpoint: manifest.checkpoint.clone(),
        epoch: manifest.epoch,
    }
}

fn keyring(escrow: &Escrow) -> Result<Keyring> {
    let index = escrow.secret(INDEX_KEY).ok_or_else(incomplete)?;
    let epochs = escrow.epochs.iter().map(|e| (e.number, Zeroizing::new(e.key))).collect();
    Ok(Keyring::new(epochs, index)?)
}

fn signer(escrow: &Escrow) -> Result<Signer> {
    Ok(Signer::new(&escrow.origin, *escrow.secret(LEDGER_KEY).ok_or_else(incomplete)?)?)
}

fn incomplete() -> Error {
    Error::Backup(backup::Error::EscrowDamaged("a secret is missing in it".into()))
}

type Wrapped = (Vec<(String, Vec<u8>)>, Vec<(Epoch, Vec<u8>)>);

/// The escrow's keys under the root key of the new installation.
fn wrapped(escrow: &Escrow, setup: &Setup) -> Result<Wrapped> {
    let rng = setup.rng.as_ref();
    let secrets = escrow
        .secrets
        .iter()
        .map(|(name, key)| Ok((name.clone(), setup.root.wrap(name, key, rng)?)))
        .collect::<Result<_>>()?;
    let epochs = escrow
        .epochs
        .iter()
        .map(|epoch| Ok((epoch.number, setup.root.wrap(&epoch_name(epoch.number), &epoch.key, rng)?)))
        .collect::<Result<_>>()?;
    Ok((secrets, epochs))
}

/// Opens the restored folder and does again what happened since; nothing is served from it meanwhile.
async fn again(
    setup: Setup,
    partial: &Path,
    erased: &BTreeSet<PersonId>,
    lost: &[PersonId],
    lines: &[Line],
    snapshot: &Snapshot,
) -> Result<Restored> {
    let house = House::open(Setup { data: partial.to_owned(), database: None, ..setup }).await?;
    let ctx = house.command("backup", "operator")?;
    let mut done = Restored {
        snapshot: snapshot.id.clone(),
        at: snapshot.at,
        erased: 0,
        ended: 0,
        restricted: 0,
        lost: lost.len(),
        entries: 0,
    };
    for person in erased.iter().chain(lost) {
        if house.store.person(*person).await?.is_some_and(|p| p.erased.is_none()) {
            house.erase_now(&ctx, *person, LedgerAct::Erased).await?;
            done.erased += 1;
        }
    }
    for line in lines {
        if let What::Ended(basis) = line.what
            && house.store.bases(line.person).await?.iter().any(|b| b.id == basis && b.ended.is_none())
            && house.store.person(line.person).await?.is_some_and(|p| p.erased.is_none())
        {
            house.end_basis(&ctx, line.person, basis).await?;
            done.ended += 1;
        }
    }
    for (person, on) in restrictions(lines) {
        if house.store.person(person).await?.is_some_and(|p| p.erased.is_none() && p.restricted != on) {
            house.restrict(&ctx, person, on).await?;
            done.restricted += 1;
        }
    }
    let mut entry = ctx.entry(house.new_entry(house.now()), LedgerAct::Restored);
    entry.why = Some(format!("snapshot:{}:{:.0}", short(&snapshot.id), snapshot.at));
    entry.count = (done.erased + done.ended + done.restricted) as u64;
    house.record(entry).await?;
    house.settle().await?;
    Ok(done)
}

/// Carries a restored folder into a fresh PostgreSQL database; the folder keeps nothing but its root key.
async fn carry_on(store: &Store, shipped: &crate::Shipped, partial: &Path, url: &str) -> Result<()> {
    let rules = crate::rules::Rules::load(store, shipped).await?;
    let catalog = rules.catalog();
    let objects: Vec<&model::Object> = catalog.objects().map(AsRef::as_ref).collect();
    let new = Store::connect(url).await?;
    fresh(&new, store).await?;
    new.take_over(&objects, partial, quiet()).await?;
    new.take_secrets(partial).await?;
    for name in ["custos.db", "keys.db", "ledger.db"] {
        let path = partial.join(name);
        fs::remove_file(&path).map_err(|source| backup::Error::File { path, source })?;
    }
    clear_logs(partial)
}

impl House {
    /// Restricts a person's data to storage, or lifts that.
    pub async fn restrict(&self, ctx: &Ctx, person: PersonId, on: bool) -> Result<()> {
        let policies = self.allow(ctx, SystemAct::ChangeBases).await?;
        let known = self.store.person(person).await?.filter(|p| p.erased.is_none());
        known.ok_or_else(|| Error::Unknown("person".into()))?;
        let catalog = self.catalog();
        let mut batch = Batch::new("person.restricted");
        batch.extend(Store::set_restricted(person, on, catalog.objects().map(AsRef::as_ref)));
        let act = if on { LedgerAct::Restricted } else { LedgerAct::Unrestricted };
        let mut entry = ctx.entry(self.new_entry(ctx.at), act);
        entry.records = vec![RecordId::from_bytes(*person.as_bytes())];
        entry.policies = policies;
        self.commit(batch, &[entry]).await?;
        self.mirror_register_soon().await;
        Ok(())
    }

    /// The register as this installation knows it: the file beside the escrow where there is one, and the database.
    pub(super) async fn register_lines(&self) -> Result<Vec<Line>> {
        let mut lines = Vec::new();
        if let Some(settings) = self.backup_settings().await? {
            self.mirror_register().await?;
            let keyring = Arc::clone(&self.keyring);
            lines =
                blocking(move || Ok(Register::at(&settings.escrow).read(|bytes| keyring.digest("register", bytes))?))
                    .await?;
        }
        for (person, at) in self.store.erasures().await? {
            lines.push(Line { what: What::Erased, person, at });
        }
        Ok(lines)
    }

    /// Restores the newest backup into a scratch folder, opens it, checks it and throws it away. With an opener, the
    /// escrow is proven too; a server that writes for public keys cannot do that by itself.
    pub async fn drill(&self, ctx: &Ctx, opener: Option<Opener>, progress: Progress) -> Result<Drilled> {
        let policies = self.allow(ctx, SystemAct::BackUp).await?;
        let _alone = alone(&self.data)?;
        match self.rehearse(opener, progress).await {
            Ok(drilled) => {
                let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Verified);
                entry.why = Some(format!("drill:{}", short(&drilled.snapshot)));
                entry.count = drilled.entries;
                entry.policies = policies;
                self.record(entry).await?;
                self.keep_state(|state| {
                    (state.drill, state.drill_failure) = (Some(drilled.clone()), None);
                    true
                })
                .await?;
                Ok(drilled)
            }
            Err(error) => {
                let failure = Failure { at: self.now(), what: error.to_string() };
                self.keep_state(|state| {
                    state.drill_failure = Some(failure.clone());
                    true
                })
                .await?;
                Err(error)
            }
        }
    }

    async fn rehearse(&self, opener: Option<Opener>, progress: Progress) -> Result<Drilled> {
        let settings = self.need_backup_settings().await?;
        let started = self.now();
        let scratch = Scratch::make(&self.data, DRILL)?;
        let opened = settings.clone();
        let repository = Arc::new(blocking(move || opened.open()).await?);
        let with_escrow = opener.is_some();
        let keys = match opener {
            Some(opener) => Keys::Escrow { dir: settings.escrow, opener },
            None => Keys::Living(self),
        };
        let root = Zeroizing::new(fill_array::<KEY_LEN>(self.rng()));
        let setup = || Setup {
            data: scratch.path().join("restored"),
            database: None,
            root: RootKey::new(*root),
            clock: Arc::clone(&self.clock),
            rng: Arc::clone(&self.rng),
            shipped: self.shipped.clone(),
        };
        let bring = Bring { repository, snapshot: "latest".into(), keys, setup: setup(), give_up: false };
        // Restoring opens the store of a house, which may drill: the cycle ends here.
        let restored = Box::pin(bring_back(bring, progress)).await?;
        let house = House::open(setup()).await?;
        let ready = self.now();
        house.fill_index().await?;
        let opened = house.index.filled();
        for (person, _) in self.store.erasures().await? {
            if house.store.subject_key(*person.as_bytes()).await?.is_some() {
                return Err(Error::Setup("an erased person opens from the restored backup".into()));
            }
        }
        let ms = |from: Timestamp, to: Timestamp| to.duration_since(from).as_millis() as i64;
        Ok(Drilled {
            at: ready,
            snapshot: restored.snapshot,
            recovery_ms: ms(started, ready),
            point_ms: ms(restored.at, started),
            entries: restored.entries,
            opened,
            with_escrow,
        })
    }
}
