//! Carrying an installation between the two databases: rows of every table, by name of column, in the order of keys.
//!
//! From PostgreSQL into the three files: a backup's copy, or a move back. From the files into PostgreSQL: a restore, or a
//! move. Both sides have the tables' shape already, made by migrations and from definitions; what is carried are rows.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use futures::{StreamExt, stream::FuturesOrdered};
use rusqlite::Connection;
use tokio::sync::mpsc;

use crate::{
    Error, Result, Row, Sql,
    copy::{Parts, Progress},
    postgres::{self, Postgres},
    sqlite::{self, DATA, KEYS, LEDGER},
};

/// Rows in one transaction.
const CHUNK: usize = 1_000;

/// A table as both sides know it.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// `custos`, `keyring` or `ledger`.
    pub schema: &'static str,
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// The columns of its primary key.
    pub key: Vec<String>,
}

impl Table {
    /// Its name as counts and errors have it.
    pub(crate) fn called(&self) -> String {
        match self.schema {
            "custos" => self.name.clone(),
            schema => format!("{schema}.{}", self.name),
        }
    }

    /// What is read of it: everything, or of the keyring only what no copy is forbidden to hold.
    fn read(&self, with_keys: bool) -> Option<String> {
        if !with_keys && self.schema == "keyring" {
            return match self.name.as_str() {
                "secret" => None,
                "epoch" => {
                    let columns = self.columns.iter().map(|c| if c == "wrapped" { "''::bytea as wrapped" } else { c });
                    Some(columns.collect::<Vec<_>>().join(", "))
                }
                _ => Some(self.columns.join(", ")),
            };
        }
        Some(self.columns.join(", "))
    }
}

/// The tables of a folder, with what they are called on PostgreSQL.
pub(crate) fn tables(dir: &Path) -> Result<Vec<Table>> {
    let mut found = Vec::new();
    for (file, schema) in [(DATA, "custos"), (KEYS, "keyring"), (LEDGER, "ledger")] {
        let c = sqlite::connect(&dir.join(file))?;
        for name in crate::copy::tables(&c, "main")? {
            let mut columns = Vec::new();
            let mut key: Vec<(i64, String)> = Vec::new();
            let mut statement = c.prepare("select name, pk from pragma_table_info(?1)").map_err(sqlite::map)?;
            let mut rows = statement.query([&name]).map_err(sqlite::map)?;
            while let Some(row) = rows.next().map_err(sqlite::map)? {
                let column: String = row.get(0).map_err(sqlite::map)?;
                let at: i64 = row.get(1).map_err(sqlite::map)?;
                if at > 0 {
                    key.push((at, column.clone()));
                }
                columns.push(column);
            }
            key.sort();
            let key = key.into_iter().map(|(_, column)| column).collect();
            found.push(Table { schema, name, columns, key });
        }
    }
    Ok(found)
}

fn holes(n: usize) -> String {
    (1..=n).map(|at| format!("${at}")).collect::<Vec<_>>().join(", ")
}

/// Reads everything of one instant from PostgreSQL into a folder whose tables are there and empty. Says how many rows
/// each table had.
pub(crate) async fn out_of(
    db: &Postgres,
    to: &Path,
    parts: Parts,
    with_keys: bool,
    progress: &Progress,
) -> Result<BTreeMap<String, u64>> {
    let client = db.client().await?;
    // One instant for data, keyring and ledger, whatever others commit meanwhile. The snapshot is exported so that the
    // ledger, the largest table, is read beside the data by a second connection.
    client.batch_execute("begin isolation level repeatable read read only").await.map_err(postgres::map)?;
    let done = read_all(&client, db, to, parts, with_keys, progress).await;
    let ended = client.batch_execute("rollback").await.map_err(postgres::map);
    done.and_then(|rows| ended.map(|()| rows))
}

async fn read_all(
    client: &deadpool_postgres::Client,
    db: &Postgres,
    to: &Path,
    parts: Parts,
    with_keys: bool,
    progress: &Progress,
) -> Result<BTreeMap<String, u64>> {
    let row = client.query_one("select pg_export_snapshot()", &[]).await.map_err(postgres::map)?;
    let exported: String = row.try_get(0).map_err(postgres::map)?;
    let beside = db.client().await?;
    let begin = format!("begin isolation level repeatable read read only; set transaction snapshot '{exported}'");
    beside.batch_execute(&begin).await.map_err(postgres::map)?;
    let all = tables(to)?;
    let whole: u64 = {
        let sizes = "select coalesce(sum(reltuples), 0)::bigint from pg_class join pg_namespace n on n.oid = relnamespace \
                     where relkind = 'r' and n.nspname in ('custos', 'keyring', 'ledger')";
        let row = client.query_one(sizes, &[]).await.map_err(postgres::map)?;
        row.try_get::<_, i64>(0).map_err(postgres::map)?.unsigned_abs()
    };
    let done = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let (ledger, rest): (Vec<Table>, Vec<Table>) = all.into_iter().partition(|table| table.schema == "ledger");
    let rest: Vec<Table> = rest.into_iter().filter(|t| parts == Parts::All || t.schema == "keyring").collect();
    let tell = |n: u64| {
        let done = done.fetch_add(n, std::sync::atomic::Ordering::Relaxed) + n;
        progress(done, whole.max(done));
    };
    let (ours, theirs) = tokio::join!(
        read_tables(client, &rest, to, with_keys, &tell),
        read_tables(&beside, &ledger, to, with_keys, &tell)
    );
    let ended = beside.batch_execute("rollback").await.map_err(postgres::map);
    let (mut rows, theirs) = (ours?, theirs?);
    ended?;
    rows.extend(theirs);
    Ok(rows)
}

async fn read_tables(
    client: &deadpool_postgres::Client,
    tables: &[Table],
    to: &Path,
    with_keys: bool,
    tell: &(impl Fn(u64) + Sync),
) -> Result<BTreeMap<String, u64>> {
    let mut rows = BTreeMap::new();
    for table in tables {
        let Some(columns) = table.read(with_keys) else { continue };
        let sql = format!("select {columns} from {}.{} order by {}", table.schema, table.name, table.key.join(", "));
        let statement = client.prepare(&sql).await.map_err(postgres::map)?;
        let none: [Sql; 0] = [];
        let stream = client.query_raw(&statement, &none).await.map_err(postgres::map)?;
        let mut stream = std::pin::pin!(stream);
        let (send, receive) = mpsc::channel::<Vec<Row>>(4);
        let (file, into) = (to.to_owned(), table.clone());
        let writing = tokio::task::spawn_blocking(move || fill(&file, &into, receive));
        let mut chunk = Vec::with_capacity(CHUNK);
        let mut count = 0;
        while let Some(row) = stream.next().await {
            let row = row.map_err(postgres::map)?;
            let cells = (0..row.len()).map(|at| row.try_get::<_, Sql>(at).map_err(postgres::map));
            chunk.push(cells.collect::<Result<Row>>()?);
            count += 1;
            if chunk.len() == CHUNK {
                tell(CHUNK as u64);
                // A writer that failed says why when it is joined.
                if send.send(std::mem::take(&mut chunk)).await.is_err() {
                    break;
                }
            }
        }
        tell(chunk.len() as u64);
        drop(send.send(chunk).await);
        drop(send);
        writing.await.map_err(|_| Error::Closed)??;
        rows.insert(table.called(), count);
    }
    Ok(rows)
}

fn fill(dir: &Path, table: &Table, mut rows: mpsc::Receiver<Vec<Row>>) -> Result<()> {
    let file = match table.schema {
        "custos" => DATA,
        "keyring" => KEYS,
        _ => LEDGER,
    };
    let c = sqlite::connect(&dir.join(file))?;
    // A copy is flushed once, at its end.
    c.execute_batch("pragma synchronous = off; begin immediate").map_err(sqlite::map)?;
    let columns = table.columns.join(", ");
    let sql = format!("insert or replace into {} ({columns}) values ({})", table.name, holes(table.columns.len()));
    while let Some(chunk) = rows.blocking_recv() {
        for row in &chunk {
            sqlite::execute(&c, &sql, row)?;
        }
    }
    c.execute_batch("commit").map_err(sqlite::map)
}

/// Writes a folder's rows into PostgreSQL; goes on where a stop left it. The secrets under the root key, by which an
/// installation is known, are not among them: [`last`] writes them.
pub(crate) async fn into(db: &Postgres, from: &Path, progress: &Progress) -> Result<BTreeMap<String, u64>> {
    let all = tables(from)?;
    let mut rows = BTreeMap::new();
    let mut whole = 0;
    for table in all.iter().filter(|table| table.name != "secret" || table.schema != "keyring") {
        let n = count(from, table)?;
        whole += n;
        rows.insert(table.called(), n);
    }
    let mut done = 0;
    for table in all.iter().filter(|table| rows.contains_key(&table.called())) {
        write_table(db, from, table, &mut done, whole, progress).await?;
    }
    Ok(rows)
}

/// The secrets under the root key, which make the rows an installation.
pub(crate) async fn last(db: &Postgres, from: &Path) -> Result<()> {
    let nobody: Progress = Arc::new(|_, _| {});
    for table in tables(from)?.iter().filter(|table| table.schema == "keyring" && table.name == "secret") {
        write_table(db, from, table, &mut 0, 0, &nobody).await?;
    }
    Ok(())
}

async fn write_table(
    db: &Postgres,
    from: &Path,
    table: &Table,
    done: &mut u64,
    whole: u64,
    progress: &Progress,
) -> Result<()> {
    let mut client = db.client().await?;
    let columns = table.columns.join(", ");
    let name = format!("{}.{}", table.schema, table.name);
    let key = table.key.join(", ");
    let down = table.key.iter().map(|k| format!("{k} desc")).collect::<Vec<_>>().join(", ");
    let there =
        client.prepare(&format!("select {key} from {name} order by {down} limit 1")).await.map_err(postgres::map)?;
    let none: [Sql; 0] = [];
    let mut after: Option<Row> =
        match client.query_raw(&there, &none).await.map_err(postgres::map)?.boxed().next().await {
            Some(row) => {
                let row = row.map_err(postgres::map)?;
                Some((0..row.len()).map(|at| row.try_get::<_, Sql>(at).map_err(postgres::map)).collect::<Result<_>>()?)
            }
            None => None,
        };
    let insert =
        format!("insert into {name} ({columns}) values ({}) on conflict do nothing", holes(table.columns.len()));
    let insert = client.prepare(&insert).await.map_err(postgres::map)?;
    loop {
        let (dir, wanted, start) = (from.to_owned(), table.clone(), after.clone());
        let chunk = tokio::task::spawn_blocking(move || page(&dir, &wanted, start.as_deref()))
            .await
            .map_err(|_| Error::Closed)??;
        let Some(end) = chunk.last() else { return Ok(()) };
        after = Some(
            table
                .key
                .iter()
                .filter_map(|k| table.columns.iter().position(|c| c == k))
                .map(|at| end[at].clone())
                .collect(),
        );
        let tx = client.transaction().await.map_err(postgres::map)?;
        let mut sent: FuturesOrdered<_> = chunk.iter().map(|row| tx.execute_raw(&insert, row)).collect();
        while let Some(one) = sent.next().await {
            one.map_err(postgres::map)?;
        }
        drop(sent);
        tx.commit().await.map_err(postgres::map)?;
        *done += chunk.len() as u64;
        progress(*done, whole.max(*done));
    }
}

fn page(dir: &Path, table: &Table, after: Option<&[Sql]>) -> Result<Vec<Row>> {
    let c = open(dir, table)?;
    let (columns, key) = (table.columns.join(", "), table.key.join(", "));
    let from = match after {
        Some(_) => format!("where ({key}) > ({})", holes(table.key.len())),
        None => String::new(),
    };
    let sql = format!("select {columns} from {} {from} order by {key} limit {CHUNK}", table.name);
    sqlite::fetch(&c, &sql, after.unwrap_or_default())
}

fn count(dir: &Path, table: &Table) -> Result<u64> {
    let rows = sqlite::fetch(&open(dir, table)?, &format!("select count(*) from {}", table.name), &[])?;
    Ok(crate::Store::first_int(&rows)?.unwrap_or(0).unsigned_abs())
}

fn open(dir: &Path, table: &Table) -> Result<Connection> {
    sqlite::connect(&dir.join(match table.schema {
        "custos" => DATA,
        "keyring" => KEYS,
        _ => LEDGER,
    }))
}
