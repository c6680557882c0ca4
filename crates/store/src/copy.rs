//! A consistent copy of a living installation, and what a restore does to such a copy.
//!
//! The copy is a folder of the embedded database's three files, whichever database it was taken from. Data, keyring and
//! ledger in it are of one instant. Of the keyring only named columns are copied: wrapped epoch keys and the secrets
//! under the root key are never read, so no copy can hold them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use kernel::PersonId;
use ledger::Verifier;
use model::Object;
use rusqlite::{Connection, OpenFlags, backup::Backup};
use seal::Epoch;

use crate::{
    Error, Result, Store,
    backend::Backend,
    log,
    sqlite::{self, DATA, KEYS, LEDGER, Sqlite},
    transfer,
};

/// Told how far it is: done, of how much.
pub type Progress = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// Pages copied between two looks at the progress: a few milliseconds of work.
const PAGES: std::ffi::c_int = 2_000;

/// What was copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Rows of each table, as `keyring.subject_key`.
    pub rows: BTreeMap<String, u64>,
    /// Entries in the ledger.
    pub entries: u64,
    /// The checkpoint over them.
    pub checkpoint: Option<String>,
    /// The newest epoch that wraps keys.
    pub epoch: Epoch,
}

/// Which files a copy takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts {
    /// Data, keyring and ledger.
    All,
    /// Keyring and ledger alone: what has moved on since an older copy of the data.
    KeysAndLedger,
}

impl Store {
    /// Copies into an empty folder while others write: on SQLite they wait for the moment it takes to open three readers,
    /// on PostgreSQL not at all. `objects` are those whose tables are carried.
    pub async fn copy(&self, objects: &[&Object], to: &Path, parts: Parts, progress: Progress) -> Result<Copied> {
        let to = to.to_owned();
        match &self.backend {
            Backend::Sqlite(db) => {
                let db = Arc::clone(db);
                let (from, keys) = (Arc::clone(&db), to.join(KEYS));
                // Everybody who writes waits for this: at the usual priority.
                let pinned = blocking(move || {
                    sqlite::migrate_keys(&keys)?;
                    pin(from.dir(), &keys)
                })
                .await?;
                unhurried(move || copy_sqlite(&db, pinned, &to, parts, &progress)).await?
            }
            Backend::Postgres(db) => {
                shaped(objects, &to).await?;
                let rows = transfer::out_of(db, &to, parts, false, &progress).await?;
                unhurried(move || summed(&to, rows)).await?
            }
        }
    }
}

/// Makes a folder's empty tables.
pub(crate) async fn shaped(objects: &[&Object], to: &Path) -> Result<()> {
    let fresh = Store::open_folder(to)?;
    fresh.shape(objects).await?;
    fresh.settle().await
}

/// What a filled folder holds, with the counts of what it was filled from.
pub(crate) fn summed(to: &Path, rows: BTreeMap<String, u64>) -> Result<Copied> {
    let epoch = {
        let keys = sqlite::connect(&to.join(KEYS))?;
        number(&keys, "select coalesce(max(number), 0) from epoch where destroyed_at is null")?
    };
    let (entries, checkpoint) = head(&sqlite::connect(&to.join(LEDGER))?)?;
    for name in [DATA, KEYS, LEDGER] {
        settle(&to.join(name))?;
    }
    let epoch = Epoch::try_from(epoch).map_err(|_| Error::Unexpected("an epoch"))?;
    Ok(Copied { rows, entries, checkpoint, epoch })
}

pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Closed)?
}

/// Work nobody waits for at a screen, on a thread of its own of the lowest priority, so that requests go first. Threads
/// that it starts have that priority too; those of a pool that others started before have theirs.
///
/// # Errors
/// [`Error::Unavailable`] without a thread; [`Error::Closed`] if the work panicked.
pub async fn unhurried<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let (answer, wait) = tokio::sync::oneshot::channel();
    let thread = std::thread::Builder::new().name("custos-copy".into());
    thread
        .spawn(move || {
            // Elsewhere than on Linux it would be the whole process's. Where it is refused the work is done all the same.
            #[cfg(target_os = "linux")]
            let _ = rustix::process::setpriority_process(None, 19);
            drop(answer.send(work()));
        })
        .map_err(|e| Error::Unavailable(e.to_string()))?;
    wait.await.map_err(|_| Error::Closed)
}

/// Three readers that see one instant.
struct Pinned {
    data: Connection,
    keys: Connection,
    ledger: Connection,
}

/// Holds all three files' write locks for as long as it takes to open a read transaction on each.
fn pin(dir: &Path, keys_to: &Path) -> Result<Pinned> {
    let pinned = Pinned {
        data: sqlite::connect(&dir.join(DATA))?,
        keys: sqlite::connect(&dir.join(KEYS))?,
        ledger: sqlite::connect(&dir.join(LEDGER))?,
    };
    pinned.keys.execute("attach database ?1 as copy", [keys_to.to_string_lossy()]).map_err(sqlite::map)?;
    let held = sqlite::hold(dir)?;
    for reader in [&pinned.data, &pinned.keys, &pinned.ledger] {
        reader.execute_batch("begin").map_err(sqlite::map)?;
        reader.query_row("select count(*) from main.sqlite_schema", [], |_| Ok(())).map_err(sqlite::map)?;
    }
    held.execute_batch("rollback").map_err(sqlite::map)?;
    Ok(pinned)
}

fn copy_sqlite(db: &Sqlite, pinned: Pinned, to: &Path, parts: Parts, progress: &Progress) -> Result<Copied> {
    let size = |name: &str| fs::metadata(db.dir().join(name)).map_or(0, |m| m.len());
    let whole = size(LEDGER) + if parts == Parts::All { size(DATA) } else { 0 };
    let mut done = 0;
    let mut rows = BTreeMap::new();
    if parts == Parts::All {
        copy_file(&pinned.data, &to.join(DATA), &mut done, whole, progress)?;
        rows.extend(count(&pinned.data, "main", "")?);
    }
    for table in ["epoch", "subject_key"] {
        rows.insert(format!("keyring.{table}"), number(&pinned.keys, &format!("select count(*) from main.{table}"))?);
    }
    let epoch = number(&pinned.keys, "select coalesce(max(number), 0) from main.epoch where destroyed_at is null")?;
    copy_keys(&pinned.keys)?;
    copy_file(&pinned.ledger, &to.join(LEDGER), &mut done, whole, progress)?;
    rows.extend(count(&pinned.ledger, "main", "ledger.")?);
    let (entries, checkpoint) = head(&pinned.ledger)?;
    drop(pinned);
    for name in [DATA, KEYS, LEDGER].iter().filter(|name| to.join(name).exists()) {
        settle(&to.join(name))?;
    }
    let epoch = Epoch::try_from(epoch).map_err(|_| Error::Unexpected("an epoch"))?;
    Ok(Copied { rows, entries, checkpoint, epoch })
}

/// The online backup inside the reader's own transaction: however long it takes, it sees that one instant.
fn copy_file(from: &Connection, to: &Path, done: &mut u64, whole: u64, progress: &Progress) -> Result<()> {
    let page: u64 = number(from, "pragma main.page_size")?;
    let mut target = Connection::open(to).map_err(sqlite::map)?;
    let start = *done;
    let backup = Backup::new(from, &mut target).map_err(sqlite::map)?;
    loop {
        let step = backup.step(PAGES).map_err(sqlite::map)?;
        let at = backup.progress();
        let copied = u64::try_from(at.pagecount - at.remaining).unwrap_or(0);
        *done = start + copied * page;
        progress(*done, whole.max(*done));
        match step {
            rusqlite::backup::StepResult::Done => return Ok(()),
            rusqlite::backup::StepResult::More => {}
            _ => return Err(Error::Locked),
        }
    }
}

fn copy_keys(keys: &Connection) -> Result<()> {
    keys.execute_batch(
        "insert into copy.epoch (number, wrapped, created_at, destroyed_at) \
         select number, x'', created_at, destroyed_at from main.epoch order by number; \
         insert into copy.subject_key (subject, epoch, wrapped) \
         select subject, epoch, wrapped from main.subject_key order by subject; commit;",
    )
    .map_err(sqlite::map)
}

/// One plain file without a log beside it, flushed.
fn settle(path: &Path) -> Result<()> {
    let connection = Connection::open(path).map_err(sqlite::map)?;
    // Whoever made the tables may still be closing the file.
    connection.busy_timeout(sqlite::BUSY).map_err(sqlite::map)?;
    connection.query_row("pragma journal_mode = delete", [], |_| Ok(())).map_err(sqlite::map)?;
    drop(connection);
    fs::File::open(path)
        .and_then(|f| f.sync_all())
        .map_err(|_| Error::Unavailable("the copy could not be flushed".into()))
}

pub(crate) fn tables(c: &Connection, schema: &str) -> Result<Vec<String>> {
    let sql = format!(
        "select name from {schema}.sqlite_schema where type = 'table' and name not like 'sqlite_%' \
         and name <> 'refinery_schema_history' order by name"
    );
    let mut statement = c.prepare(&sql).map_err(sqlite::map)?;
    let names = statement.query_map([], |row| row.get(0)).map_err(sqlite::map)?;
    names.collect::<std::result::Result<_, _>>().map_err(sqlite::map)
}

fn count(c: &Connection, schema: &str, prefix: &str) -> Result<BTreeMap<String, u64>> {
    let rows = |name: String| {
        let n = number(c, &format!("select count(*) from {schema}.\"{name}\""))?;
        Ok((format!("{prefix}{name}"), n))
    };
    tables(c, schema)?.into_iter().map(rows).collect()
}

fn number(c: &Connection, sql: &str) -> Result<u64> {
    c.query_row(sql, [], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs).map_err(sqlite::map)
}

fn head(c: &Connection) -> Result<(u64, Option<String>)> {
    let mut statement = c.prepare("select size, checkpoint from main.head where one = 1").map_err(sqlite::map)?;
    let mut rows = statement.query([]).map_err(sqlite::map)?;
    match rows.next().map_err(sqlite::map)? {
        Some(row) => {
            let size: i64 = row.get(0).map_err(sqlite::map)?;
            Ok((size.unsigned_abs(), Some(row.get(1).map_err(sqlite::map)?)))
        }
        None => Ok((0, None)),
    }
}

/// Checks a copy against what was copied: every page, every foreign key, every count, and that the ledger's tree has the
/// root its checkpoint signs. `key` is the ledger's verifier key.
pub async fn check_copy(dir: &Path, copied: &Copied, key: &str) -> Result<()> {
    let (dir, copied, key) = (dir.to_owned(), copied.clone(), key.to_owned());
    unhurried(move || check(&dir, &copied, &key)).await?
}

fn check(dir: &Path, copied: &Copied, key: &str) -> Result<()> {
    let mut rows = BTreeMap::new();
    for (name, prefix) in [(DATA, ""), (KEYS, "keyring."), (LEDGER, "ledger.")] {
        let c = read_only(&dir.join(name))?;
        let said: String = c.query_row("pragma integrity_check(1)", [], |row| row.get(0)).map_err(sqlite::map)?;
        let orphans = c.prepare("pragma foreign_key_check").and_then(|mut s| s.exists([])).map_err(sqlite::map)?;
        if said != "ok" || orphans {
            return Err(Error::BadCopy("sound: pages are damaged"));
        }
        rows.extend(count(&c, "main", prefix)?);
        if name == KEYS {
            let kept = number(
                &c,
                "select (select count(*) from secret) + (select count(*) from epoch where length(wrapped) > 0)",
            )?;
            rows.remove("keyring.secret");
            if kept > 0 {
                return Err(Error::BadCopy("free of keys that open it"));
            }
        }
        if name == LEDGER && head(&c)? != (copied.entries, copied.checkpoint.clone()) {
            return Err(Error::BadCopy("the ledger that was copied"));
        }
        if name == LEDGER
            && let Some(checkpoint) = &copied.checkpoint
        {
            let edge = sqlite::fetch(&c, "select edge from head where one = 1", &[])?;
            let edge = log::edge_of(&edge, &sqlite::fetch(&c, "select hash from leaf order by seq", &[])?)?;
            let signed = Verifier::from_vkey(key)?.open(checkpoint)?;
            if signed != (edge.size(), edge.root()) || rows.get("ledger.entry") != Some(&edge.size()) {
                return Err(Error::BadCopy("the ledger its checkpoint signs"));
            }
        }
    }
    if rows != copied.rows {
        return Err(Error::BadCopy("as many rows as were copied"));
    }
    Ok(())
}

fn read_only(path: &Path) -> Result<Connection> {
    // `immutable`: no log or lock file is made beside it.
    let address = format!(
        "file:{}?immutable=1",
        path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23")
    );
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(address, flags).map_err(sqlite::map)?;
    // The check goes through every page in no order: mapped, as far as SQLite maps a file, none is copied.
    connection.execute_batch("pragma mmap_size = 1099511627776; pragma cache_size = -16000").map_err(sqlite::map)?;
    Ok(connection)
}

/// A restored folder whose files are still being put in order; nothing has opened it as an installation.
pub struct Folder {
    dir: PathBuf,
}

impl Folder {
    /// The folder.
    pub fn at(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    /// Takes over the ledger of a newer copy, which must continue this one's.
    pub async fn take_ledger(&self, newer: &Path) -> Result<()> {
        let (from, to) = (newer.join(LEDGER), self.dir.join(LEDGER));
        blocking(move || {
            let fresh = to.with_extension("newer");
            let moved = fs::copy(&from, &fresh).and_then(|_| fs::rename(&fresh, &to));
            moved.map_err(|_| Error::Unavailable("the ledger could not be copied: is there room?".into()))
        })
        .await
    }

    /// Takes over the keys of a newer copy: each key as it is wrapped there. A key that is gone there is gone here: keys
    /// vanish by erasure alone.
    pub async fn take_keys(&self, newer: &Path) -> Result<()> {
        let (from, to) = (newer.join(KEYS), self.dir.join(KEYS));
        blocking(move || {
            let c = sqlite::connect(&to)?;
            c.execute("attach database ?1 as newer", [from.to_string_lossy()]).map_err(sqlite::map)?;
            c.execute_batch(
                "begin immediate; \
                 insert into epoch (number, wrapped, created_at, destroyed_at) \
                 select number, x'', created_at, destroyed_at from newer.epoch where true \
                 on conflict (number) do update set destroyed_at = excluded.destroyed_at; \
                 insert into subject_key (subject, epoch, wrapped) \
                 select subject, epoch, wrapped from newer.subject_key where true \
                 on conflict (subject) do update set epoch = excluded.epoch, wrapped = excluded.wrapped \
                 where excluded.epoch > subject_key.epoch; \
                 delete from subject_key where subject not in (select subject from newer.subject_key); \
                 commit;",
            )
            .map_err(sqlite::map)
        })
        .await
    }

    /// Installs the keys that stand under the root key, as wrapped, and drops every key that none of these epochs opens.
    /// Sessions end: whoever was signed in when the copy was taken signs in again. And the backup's own settings go, so that
    /// a copy never writes into the repository and register it came from.
    pub async fn install(&self, secrets: Vec<(String, Vec<u8>)>, epochs: Vec<(Epoch, Vec<u8>)>) -> Result<()> {
        let dir = self.dir.clone();
        blocking(move || {
            let mut c = sqlite::connect_data(&dir)?;
            let tx = c.transaction().map_err(sqlite::map)?;
            for (name, wrapped) in &secrets {
                tx.execute("insert or replace into keyring.secret (name, wrapped) values (?1, ?2)", (name, wrapped))
                    .map_err(sqlite::map)?;
            }
            for (number, wrapped) in &epochs {
                tx.execute(
                    "update keyring.epoch set wrapped = ?1, destroyed_at = null where number = ?2",
                    (wrapped, number),
                )
                .map_err(sqlite::map)?;
            }
            let held = epochs.iter().map(|(n, _)| n.to_string()).collect::<Vec<_>>().join(", ");
            tx.execute_batch(&format!(
                "update keyring.epoch set destroyed_at = created_at where destroyed_at is null and length(wrapped) = 0; \
                 delete from keyring.subject_key where epoch not in ({held}); \
                 delete from session; delete from throttle; delete from meta where name in ('backup', 'backup_state');"
            ))
            .map_err(sqlite::map)?;
            tx.commit().map_err(sqlite::map)
        })
        .await
    }

    /// People who were not erased as far as this copy knows, and have no key: nothing of them opens any more.
    pub async fn closed(&self) -> Result<Vec<PersonId>> {
        let dir = self.dir.clone();
        blocking(move || {
            let c = sqlite::connect_data(&dir)?;
            let sql = "select id from person where erased_at is null \
                       and not exists (select 1 from keyring.subject_key where subject = person.id)";
            let mut statement = c.prepare(sql).map_err(sqlite::map)?;
            let ids = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).map_err(sqlite::map)?;
            ids.map(|id| {
                let id = id.map_err(sqlite::map)?;
                Ok(PersonId::from_bytes(id.try_into().map_err(|_| Error::Unexpected("16 bytes"))?))
            })
            .collect()
        })
        .await
    }
}
