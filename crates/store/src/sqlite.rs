//! SQLite: one writer thread, the ledger's file with a connection of its own, readers in the caller's own thread.
//!
//! Three files in the data folder: `custos.db`, `keys.db` (attached as `keyring`), `ledger.db`. A read costs a few
//! microseconds, less than handing it to another thread would; long scans go to the blocking pool.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};

use rusqlite::{Connection, OpenFlags, config::DbConfig, types::ValueRef};
use tokio::sync::oneshot;

use crate::{Batch, Error, Result, Row, Sql, Step, log::Group};

mod migrations {
    pub mod data {
        refinery::embed_migrations!("../../migrations/data");
    }
    pub mod keyring {
        refinery::embed_migrations!("../../migrations/keyring");
    }
    pub mod ledger {
        refinery::embed_migrations!("../../migrations/ledger");
    }
}

pub(crate) const DATA: &str = "custos.db";
pub(crate) const KEYS: &str = "keys.db";
pub(crate) const LEDGER: &str = "ledger.db";
/// How long a connection waits for another process (the operator's command line) to let go.
pub(crate) const BUSY: std::time::Duration = std::time::Duration::from_secs(10);
const IDLE_READERS: usize = 16;

type Work = Box<dyn FnOnce(&mut Connection) + Send>;

/// An open data folder.
pub(crate) struct Sqlite {
    dir: PathBuf,
    readers: Mutex<Vec<Connection>>,
    ledger_readers: Mutex<Vec<Connection>>,
    writer: mpsc::Sender<Work>,
    /// The ledger's own connection; the ledger's thread is the only one that appends.
    appender: Mutex<Connection>,
}

impl Sqlite {
    /// Opens the folder's databases, making and migrating them as needed.
    pub(crate) fn open(dir: &Path) -> Result<Arc<Self>> {
        migrate(&dir.join(DATA), |c| migrations::data::migrations::runner().run(c).map(drop))?;
        migrate(&dir.join(KEYS), |c| migrations::keyring::migrations::runner().run(c).map(drop))?;
        migrate(&dir.join(LEDGER), |c| migrations::ledger::migrations::runner().run(c).map(drop))?;
        let writer = spawn("custos-writer", connect_writer(dir)?)?;
        let appender = Mutex::new(connect_ledger(dir)?);
        let store =
            Self { dir: dir.to_owned(), readers: Mutex::default(), ledger_readers: Mutex::default(), writer, appender };
        Ok(Arc::new(store))
    }

    /// The data folder.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// A short read in the caller's thread: at most a few pages.
    pub(crate) fn read(&self, sql: &str, params: &[Sql]) -> Result<Vec<Row>> {
        with(&self.readers, || connect_data(&self.dir), |c| fetch(c, sql, params))
    }

    /// A short read of the ledger.
    pub(crate) fn read_ledger(&self, sql: &str, params: &[Sql]) -> Result<Vec<Row>> {
        with(&self.ledger_readers, || connect_ledger(&self.dir), |c| fetch(c, sql, params))
    }

    /// A transaction on the data, after one on the keyring where the batch has steps for both.
    ///
    /// SQLite commits each attached file by itself, so that a reader, or a start after a crash, could meet a record
    /// whose key is not there yet. Keys therefore go first; one whose record did not follow opens nothing and harms
    /// nothing.
    pub(crate) async fn write(&self, batch: Batch) -> Result<()> {
        on(&self.writer, move |c| {
            let (keys, data): (Vec<Step>, Vec<Step>) = batch.steps.into_iter().partition(of_keyring);
            if keys.is_empty() || data.is_empty() {
                return transact(c, &keys).and_then(|()| transact(c, &data));
            }
            transact(c, &keys)?;
            let done = transact(c, &data);
            if done.is_err() {
                let made = keys.iter().filter(|step| step.sql.starts_with("insert into keyring.subject_key"));
                let gone = "delete from keyring.subject_key where subject = $1";
                let gone: Vec<Step> = made.map(|step| Step::new(gone, vec![step.params[0].clone()])).collect();
                transact(c, &gone)?;
            }
            done
        })
        .await
    }

    /// Statements that change the shape of tables, in one transaction.
    pub(crate) async fn define(&self, statements: Vec<String>) -> Result<()> {
        on(&self.writer, move |c| {
            let tx = c.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(map)?;
            for statement in &statements {
                tx.execute_batch(statement).map_err(map)?;
            }
            tx.commit().map_err(map)
        })
        .await
    }

    /// Appends a group of entries durably, in the caller's thread: the ledger's own (see `log.rs`).
    pub(crate) fn append(&self, group: Group) -> Result<Group> {
        let mut appender = self.appender.lock().unwrap_or_else(PoisonError::into_inner);
        let tx = appender.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(map)?;
        let (group, statements) = group.sequence(|sql, params| fetch(&tx, sql, params))?;
        for (sql, params) in &statements {
            execute(&tx, sql, params)?;
        }
        tx.commit().map_err(map)?;
        Ok(group)
    }

    /// Closes idle readers.
    pub(crate) fn rest(&self) {
        for readers in [&self.readers, &self.ledger_readers] {
            readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    /// Flushes the write-ahead logs into the database files, so that a copy of the folder is small and whole.
    pub(crate) async fn checkpoint(&self) -> Result<()> {
        let flush = |c: &Connection| c.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())).map_err(map);
        on(&self.writer, move |c| flush(c)).await?;
        flush(&self.appender.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn of_keyring(step: &Step) -> bool {
    step.sql.contains(" keyring.")
}

fn transact(c: &mut Connection, steps: &[Step]) -> Result<()> {
    if steps.is_empty() {
        return Ok(());
    }
    let tx = c.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(map)?;
    for step in steps {
        let rows = execute(&tx, &step.sql, &step.params)?;
        step.expect.check(rows)?;
    }
    tx.commit().map_err(map)
}

/// Makes an empty keyring file.
pub(crate) fn migrate_keys(path: &Path) -> Result<()> {
    migrate(path, |c| migrations::keyring::migrations::runner().run(c).map(drop))
}

fn migrate(path: &Path, run: impl FnOnce(&mut Connection) -> std::result::Result<(), refinery::Error>) -> Result<()> {
    let mut connection = connect(path)?;
    run(&mut connection).map_err(|e| Error::Migration(e.to_string()))
}

pub(crate) fn connect(path: &Path) -> Result<Connection> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(|e| match map(e) {
        Error::Refused(code) => {
            Error::Unavailable(format!("{} ({code}): does the folder exist, and may it be written?", path.display()))
        }
        other => other,
    })?;
    connection.busy_timeout(BUSY).map_err(map)?;
    connection.set_prepared_statement_cache_capacity(256);
    // A plan depends on its statement alone; without this a new value in a range prepares it again, each time.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(map)?;
    // secure_delete: a value that is overwritten or deleted does not linger in free pages.
    connection
        .execute_batch(
            "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; \
             pragma secure_delete = on; pragma temp_store = memory; pragma cache_size = -2000; \
             pragma mmap_size = 268435456;",
        )
        .map_err(map)?;
    Ok(connection)
}

pub(crate) fn connect_data(dir: &Path) -> Result<Connection> {
    let connection = connect(&dir.join(DATA))?;
    let keys = dir.join(KEYS);
    connection.execute("attach database ?1 as keyring", [keys.to_string_lossy()]).map_err(map)?;
    connection.execute_batch("pragma keyring.synchronous = full; pragma keyring.secure_delete = on;").map_err(map)?;
    Ok(connection)
}

/// The one connection that writes data and keys. An import comes back to the same pages again and again: they are kept, and
/// flushed from the log into the files less often, than a reader needs.
fn connect_writer(dir: &Path) -> Result<Connection> {
    let connection = connect_data(dir)?;
    connection
        .execute_batch(
            "pragma cache_size = -16000; pragma keyring.cache_size = -8000; pragma wal_autocheckpoint = 4000;",
        )
        .map_err(map)?;
    Ok(connection)
}

/// A connection that holds the write locks of all three files until it ends its transaction.
///
/// A writer of ours takes keyring and data before, never after, the ledger, and none holds one file while it waits for
/// another, so the locks cannot deadlock.
pub(crate) fn hold(dir: &Path) -> Result<Connection> {
    let connection = connect_data(dir)?;
    connection.execute("attach database ?1 as ledger", [dir.join(LEDGER).to_string_lossy()]).map_err(map)?;
    connection.execute_batch("begin immediate").map_err(map)?;
    Ok(connection)
}

/// The ledger's file under the name `ledger`, so that its statements read the same as on PostgreSQL.
fn connect_ledger(dir: &Path) -> Result<Connection> {
    let connection = connect(Path::new(":memory:"))?;
    let file = dir.join(LEDGER);
    connection.execute("attach database ?1 as ledger", [file.to_string_lossy()]).map_err(map)?;
    connection
        .execute_batch(
            "pragma ledger.synchronous = full; pragma ledger.cache_size = -4000; pragma wal_autocheckpoint = 4000;",
        )
        .map_err(map)?;
    Ok(connection)
}

fn spawn(name: &str, mut connection: Connection) -> Result<mpsc::Sender<Work>> {
    let (sender, receiver) = mpsc::channel::<Work>();
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || {
            while let Ok(work) = receiver.recv() {
                work(&mut connection);
            }
        })
        .map_err(|e| Error::Unavailable(e.to_string()))?;
    Ok(sender)
}

async fn on<T: Send + 'static>(
    channel: &mpsc::Sender<Work>,
    work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
) -> Result<T> {
    let (answer, wait) = oneshot::channel();
    let work: Work = Box::new(move |c| {
        // A caller who went away leaves the work done: nothing waits for a lost client.
        drop(answer.send(work(c)));
    });
    channel.send(work).map_err(|_| Error::Closed)?;
    wait.await.map_err(|_| Error::Closed)?
}

fn with<T>(
    pool: &Mutex<Vec<Connection>>,
    make: impl FnOnce() -> Result<Connection>,
    work: impl FnOnce(&Connection) -> Result<T>,
) -> Result<T> {
    let taken = pool.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let connection = match taken {
        Some(connection) => connection,
        None => make()?,
    };
    let result = work(&connection);
    let mut idle = pool.lock().unwrap_or_else(PoisonError::into_inner);
    if idle.len() < IDLE_READERS {
        idle.push(connection);
    }
    result
}

fn bind(statement: &mut rusqlite::CachedStatement<'_>, params: &[Sql]) -> Result<()> {
    for (at, param) in params.iter().enumerate() {
        let at = at + 1;
        match param {
            Sql::Null => statement.raw_bind_parameter(at, rusqlite::types::Null),
            Sql::Int(v) => statement.raw_bind_parameter(at, v),
            Sql::Text(v) => statement.raw_bind_parameter(at, v),
            Sql::Blob(v) => statement.raw_bind_parameter(at, v),
        }
        .map_err(map)?;
    }
    Ok(())
}

pub(crate) fn fetch(connection: &Connection, sql: &str, params: &[Sql]) -> Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql).map_err(map)?;
    bind(&mut statement, params)?;
    let width = statement.column_count();
    let mut rows = statement.raw_query();
    let mut out = Vec::new();
    while let Some(row) = rows.next().map_err(map)? {
        let mut cells = Vec::with_capacity(width);
        for at in 0..width {
            cells.push(match row.get_ref(at).map_err(map)? {
                ValueRef::Null => Sql::Null,
                ValueRef::Integer(v) => Sql::Int(v),
                ValueRef::Real(_) => return Err(Error::Unexpected("one of integer, text, bytes")),
                ValueRef::Text(v) => Sql::Text(String::from_utf8(v.to_vec()).map_err(|_| Error::Damaged)?),
                ValueRef::Blob(v) => Sql::Blob(v.to_vec()),
            });
        }
        out.push(cells);
    }
    Ok(out)
}

pub(crate) fn execute(connection: &Connection, sql: &str, params: &[Sql]) -> Result<u64> {
    let mut statement = connection.prepare_cached(sql).map_err(map)?;
    bind(&mut statement, params)?;
    statement.raw_execute().map(|n| n as u64).map_err(map)
}

/// SQLite's codes in words one can act on. The message is left out: it may quote a statement.
pub(crate) fn map(error: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode as Code;
    match error.sqlite_error() {
        Some(e) => match e.code {
            Code::DiskFull => Error::Full,
            // Beyond a limit on the size of files, or no room for the index of the log: the same to whoever waits.
            Code::SystemIoFailure if matches!(e.extended_code, 778 | 4874) => Error::Full,
            Code::DatabaseBusy | Code::DatabaseLocked => Error::Locked,
            Code::DatabaseCorrupt | Code::NotADatabase => Error::Damaged,
            Code::CannotOpen | Code::PermissionDenied | Code::ReadOnly => {
                Error::Unavailable("does the folder exist, and may it be written?".into())
            }
            Code::ConstraintViolation if matches!(e.extended_code, 1555 | 2067) => Error::Taken,
            _ => Error::Refused(format!("sqlite {}", e.extended_code)),
        },
        None => {
            tracing::debug!(target: "custos::store", kind = %std::any::type_name_of_val(&error), "unmapped SQLite error");
            Error::Refused("sqlite".into())
        }
    }
}
