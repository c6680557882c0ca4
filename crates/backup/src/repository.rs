//! The repository of snapshots: restic's format, version 2, written by `rustic_core`.
//!
//! No call here waits for another: everything blocks, and callers put it on a thread that may. Writers need no lock:
//! files are written under another name and renamed, a snapshot's file comes last, and what a prune gives up it only
//! marks, to be removed a day later.

use std::{
    fmt, fs,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{Timestamp, tz::TimeZone};
use rustic_backend::BackendOptions;
use rustic_core::{
    BackupOptions, CheckOptions, ConfigOptions, Credentials, KeepOptions, KeyOptions, LocalDestination, LsOptions,
    OpenStatus, PathList, ProgressBars, ProgressType, PruneOptions, ReadSubsetOption, RepairIndexOptions,
    RepairSnapshotsOptions, RepositoryOptions, RestoreOptions, RusticProgress, SnapshotOptions, StringList,
    repofile::SnapshotFile,
};
use zeroize::Zeroizing;

use crate::{Error, Result};

/// The path that a snapshot's files have inside the repository.
const INSIDE: &str = "/custos";
const HOST: &str = "custos";
/// The tag of snapshots that were read back.
const GOOD: &str = "good";

/// Told how far it is: done, of how much, in bytes.
pub type Progress = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// Nobody watches.
pub fn quiet() -> Progress {
    Arc::new(|_, _| {})
}

/// An open repository.
pub struct Repository {
    place: String,
    /// Deriving the key from the password takes a second on purpose; it is done once.
    credentials: Credentials,
}

/// One snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its id.
    pub id: String,
    /// The instant it shows.
    pub at: Timestamp,
    /// Bytes of its files.
    pub size: u64,
    /// Bytes it added to the repository.
    pub added: u64,
    /// Whether it passed every check when it was made.
    pub good: bool,
    tree: String,
}

/// How many of the newest hours, days, weeks and months keep a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Hours.
    pub hours: u32,
    /// Days.
    pub days: u32,
    /// Weeks.
    pub weeks: u32,
    /// Months.
    pub months: u32,
}

impl Default for Keep {
    fn default() -> Self {
        Self { hours: 24, days: 7, weeks: 5, months: 12 }
    }
}

/// What forgetting came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// Snapshots kept.
    pub kept: usize,
    /// Ids of those forgotten.
    pub forgotten: Vec<String>,
}

type Open = rustic_core::Repository<OpenStatus>;

impl Repository {
    /// Makes a repository; refuses a place that holds one.
    pub fn init(place: &str, password: Zeroizing<String>) -> Result<Self> {
        let config = ConfigOptions::default().set_version(2_u32);
        let made = raw(place, &quiet())?.init(&Credentials::password(&*password), &KeyOptions::default(), &config)?;
        Ok(Self { place: place.to_owned(), credentials: Credentials::Masterkey(made.key()) })
    }

    /// Whether the place holds one, whatever its password.
    pub fn exists(place: &str) -> Result<bool> {
        Ok(raw(place, &quiet())?.config_id()?.is_some())
    }

    /// Opens one.
    pub fn open(place: &str, password: Zeroizing<String>) -> Result<Self> {
        if !Self::exists(place)? {
            return Err(Error::NoRepository(place.to_owned()));
        }
        let opened = raw(place, &quiet())?.open(&Credentials::password(&*password))?;
        Ok(Self { place: place.to_owned(), credentials: Credentials::Masterkey(opened.key()) })
    }

    /// Where it is.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Saves a folder as a snapshot that shows `at`; waits for `sound`, which tells whether what was saved is what it
    /// should be and may find that out meanwhile; reads a part of it back, and only then calls it good.
    ///
    /// Memory bounds the read-back, not the size of the folder: `sample` percent of the packs, chosen by chance.
    pub fn save<E: From<Error>>(
        &self,
        dir: &Path,
        at: Timestamp,
        sample: f64,
        progress: &Progress,
        sound: impl FnOnce() -> std::result::Result<(), E>,
    ) -> std::result::Result<Snapshot, E> {
        let made = self.saved(dir, at, progress)?;
        if let Err(error) = sound() {
            drop(self.opened(progress)?.delete_snapshots(&[made.id]).map_err(Error::from));
            return Err(error);
        }
        Ok(self.proven(made, at, sample, progress)?)
    }

    fn saved(&self, dir: &Path, at: Timestamp, progress: &Progress) -> Result<SnapshotFile> {
        let repository = self.opened(progress)?.to_indexed_ids()?;
        let start = SnapshotOptions::default()
            .host(HOST.to_owned())
            .command("custos backup create".to_owned())
            .time(at.to_zoned(TimeZone::UTC))
            .to_snapshot()?;
        let options = BackupOptions::default().as_path(std::path::PathBuf::from(INSIDE));
        let source = PathList::from_string(&text(dir)?)?;
        Ok(repository.backup(&options, &source, start)?)
    }

    fn proven(&self, made: SnapshotFile, at: Timestamp, sample: f64, progress: &Progress) -> Result<Snapshot> {
        let repository = self.opened(progress)?;
        let check = CheckOptions::default().read_data(true).read_data_subset(ReadSubsetOption::Percentage(sample));
        repository.check_with_trees(check, vec![made.tree])?.is_ok().map_err(damaged)?;
        let mut good = made.clone();
        good.add_tags(vec![tag(GOOD)]);
        good.original = Some(made.id);
        repository.save_snapshots(vec![good])?;
        // On a target that only takes appends the first file stays; `list` shows the good one in its place.
        drop(repository.delete_snapshots(&[made.id]));
        self.list()?
            .into_iter()
            .find(|s| s.good && s.tree == made.tree.to_string() && s.at == at)
            .ok_or_else(|| Error::Damaged("the snapshot just written is not there".into()))
    }

    /// Its snapshots, newest first. One that failed a check, or whose making was stopped, is not good.
    pub fn list(&self) -> Result<Vec<Snapshot>> {
        let mut found: Vec<Snapshot> = self.files()?.iter().map(shown).collect();
        found.sort_by(|a, b| (b.at, b.good, &b.id).cmp(&(a.at, a.good, &a.id)));
        let mut listed: Vec<Snapshot> = Vec::new();
        for one in found {
            if !listed.iter().any(|known| known.tree == one.tree && known.at == one.at) {
                listed.push(one);
            }
        }
        Ok(listed)
    }

    /// A good snapshot by the beginning of its id, or `latest`.
    pub fn find(&self, id: &str) -> Result<Snapshot> {
        let mut good = self.list()?.into_iter().filter(|s| s.good);
        let found = if id == "latest" { good.next() } else { good.find(|s| !id.is_empty() && s.id.starts_with(id)) };
        found.ok_or_else(|| Error::NoSnapshot(id.to_owned()))
    }

    /// Checks the whole repository; with `sample`, reads that many percent of the stored data.
    pub fn verify(&self, sample: Option<f64>, progress: &Progress) -> Result<()> {
        let mut options = CheckOptions::default();
        if let Some(percent) = sample {
            let all = if percent >= 100.0 { ReadSubsetOption::All } else { ReadSubsetOption::Percentage(percent) };
            options = options.read_data(true).read_data_subset(all);
        }
        let found = self.opened(progress)?.check(options)?;
        match found.0.first() {
            Some((_, first)) if found.is_ok().is_err() => {
                let first: String = first.to_string().chars().take(300).collect();
                Err(Error::Damaged(format!("{} findings, the first: {first}", found.0.len())))
            }
            _ => Ok(()),
        }
    }

    /// Writes a snapshot's files, or one of them, into a folder; goes on where a stop left it.
    pub fn restore(&self, snapshot: &Snapshot, only: Option<&str>, to: &Path, progress: &Progress) -> Result<()> {
        let repository = self.opened(progress)?.to_indexed()?;
        let inside = only.map_or_else(|| INSIDE.to_owned(), |file| format!("{INSIDE}/{file}"));
        let node = repository.node_from_snapshot_path(&format!("{}:{inside}", snapshot.id), |_| true)?;
        fs::create_dir_all(to).map_err(Error::file(to))?;
        let target = only.map_or_else(|| to.to_owned(), |file| to.join(file));
        let to = LocalDestination::new(&text(&target)?, true, !node.is_dir())?;
        // What lies there is read and compared: after a stop its size and time prove nothing.
        let options = RestoreOptions::default().verify_existing(true).no_ownership(true);
        let nodes = repository.ls(&node, &LsOptions::default())?;
        let plan = repository.prepare_restore(&options, nodes.clone(), &to, false)?;
        repository.restore(plan, &options, nodes, &to)?;
        Ok(())
    }

    /// Forgets snapshots by a rule, then frees what only they held. Unfinished snapshots of more than a day go too.
    pub fn forget(&self, keep: &Keep, now: Timestamp, dry: bool, progress: &Progress) -> Result<Forgotten> {
        let repository = self.opened(progress)?;
        let (good, rest): (Vec<_>, Vec<_>) =
            repository.get_all_snapshots()?.into_iter().partition(|s| s.tags.contains(GOOD));
        let day = jiff::SignedDuration::from_hours(24);
        let mut gone: Vec<_> = rest.into_iter().filter(|s| s.time.timestamp() < now - day).map(|s| s.id).collect();
        let number = |n: u32| Some(i32::try_from(n).unwrap_or(i32::MAX));
        let rule = KeepOptions::default()
            .keep_last(1)
            .keep_hourly(number(keep.hours))
            .keep_daily(number(keep.days))
            .keep_weekly(number(keep.weeks))
            .keep_monthly(number(keep.months));
        let mut kept = 0;
        for judged in rule.apply(good, &now.to_zoned(TimeZone::UTC))? {
            if judged.keep {
                kept += 1;
            } else {
                gone.push(judged.snapshot.id);
            }
        }
        let forgotten = gone.iter().map(ToString::to_string).collect();
        if !dry {
            if !gone.is_empty() {
                repository.delete_snapshots(&gone)?;
            }
            let options = PruneOptions::default();
            let plan = repository.prune_plan(&options)?;
            repository.prune(&options, plan)?;
        }
        Ok(Forgotten { kept, forgotten })
    }

    /// Rebuilds the index from the packs that are there and takes out of snapshots what is lost. The words say what it
    /// did; snapshots it had to change are not good any more.
    pub fn repair(&self, progress: &Progress) -> Result<Vec<String>> {
        let mut did = Vec::new();
        let before = self.files()?.len();
        let repository = self.opened(progress)?;
        repository.repair_index(&RepairIndexOptions::default(), false)?;
        did.push("index rebuilt from the packs that are there".to_owned());
        let repository = repository.to_indexed()?;
        let all = repository.get_all_snapshots()?;
        let mut options = RepairSnapshotsOptions::default();
        options.delete = true;
        options.tag = vec![tag("repaired")];
        repository.repair_snapshots(&options, all, false)?;
        let mut after = self.files()?;
        after.retain(|s| s.tags.contains("repaired"));
        if !after.is_empty() {
            let repository = self.opened(progress)?;
            let ids: Vec<_> = after.iter().map(|s| s.id).collect();
            for snapshot in &mut after {
                snapshot.remove_tags(&[tag(GOOD)]);
            }
            repository.save_snapshots(after.clone())?;
            repository.delete_snapshots(&ids)?;
        }
        did.push(format!("{} of {before} snapshots had lost parts and are not good any more", after.len()));
        Ok(did)
    }

    /// Bytes it takes.
    pub fn size(&self) -> Result<u64> {
        let files = raw(&self.place, &quiet())?.infos_files()?;
        Ok(files.repo.iter().map(|kind| kind.size).sum())
    }

    fn files(&self) -> Result<Vec<SnapshotFile>> {
        Ok(self.opened(&quiet())?.get_all_snapshots()?)
    }

    fn opened(&self, progress: &Progress) -> Result<Open> {
        Ok(raw(&self.place, progress)?.open(&self.credentials)?)
    }
}

fn raw(place: &str, progress: &Progress) -> Result<rustic_core::Repository<()>> {
    let backends = BackendOptions::default().repository(place).to_backends()?;
    // The cache would lie in the user's home and save nothing on a local folder.
    let options = RepositoryOptions::default().no_cache(true);
    Ok(rustic_core::Repository::new_with_progress(&options, &backends, Bars(Arc::clone(progress)))?)
}

impl fmt::Debug for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Repository({})", self.place)
    }
}

fn shown(file: &SnapshotFile) -> Snapshot {
    let (size, added) = file.summary.as_ref().map_or((0, 0), |s| (s.total_bytes_processed, s.data_added_packed));
    Snapshot {
        id: file.id.to_string(),
        at: file.time.timestamp(),
        size,
        added,
        good: file.tags.contains(GOOD),
        tree: file.tree.to_string(),
    }
}

fn tag(word: &str) -> StringList {
    let mut tags = StringList::default();
    tags.add(word.to_owned());
    tags
}

fn damaged(_: Box<rustic_core::RusticError>) -> Error {
    Error::Damaged("what was just written does not read back".into())
}

fn text(path: &Path) -> Result<String> {
    let wrong = || std::io::Error::new(std::io::ErrorKind::InvalidInput, "the path is not UTF-8");
    path.to_str().map(str::to_owned).ok_or_else(|| Error::file(path)(wrong()))
}

/// Hands the bytes of long work on to whoever watches.
struct Bars(Progress);

impl fmt::Debug for Bars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bars")
    }
}

impl ProgressBars for Bars {
    fn progress(&self, kind: ProgressType, _: &str) -> rustic_core::Progress {
        match kind {
            ProgressType::Bytes => {
                rustic_core::Progress::new(Bar { tell: Arc::clone(&self.0), state: Mutex::new((0, 0)) })
            }
            ProgressType::Spinner | ProgressType::Counter => rustic_core::Progress::hidden(),
        }
    }
}

struct Bar {
    tell: Progress,
    state: Mutex<(u64, u64)>,
}

impl Bar {
    fn change(&self, change: impl FnOnce(&mut (u64, u64))) {
        let now = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            change(&mut state);
            *state
        };
        (self.tell)(now.0, now.1);
    }
}

impl fmt::Debug for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bar")
    }
}

impl RusticProgress for Bar {
    fn is_hidden(&self) -> bool {
        false
    }

    fn set_length(&self, len: u64) {
        self.change(|state| state.1 = len);
    }

    fn set_title(&self, _: &str) {}

    fn inc(&self, inc: u64) {
        self.change(|state| state.0 += inc);
    }

    fn finish(&self) {}
}
