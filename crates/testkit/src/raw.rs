//! The databases as somebody with a hand on the machine has them: no gate, no keys.

use std::path::{Path, PathBuf};

use rusqlite::types::ValueRef;

use crate::TestHouse;

/// A way into an installation's tables beside the product. The data's tables have no prefix, the others `keyring.` and
/// `ledger.`, on both databases.
pub enum Raw {
    /// A data folder.
    Folder(PathBuf),
    /// A PostgreSQL address.
    Postgres(String),
}

impl Raw {
    /// Into this installation.
    pub fn of(app: &TestHouse) -> Self {
        match &app.database {
            Some(url) => Self::Postgres(url.clone()),
            None => Self::Folder(app.dir.path().to_owned()),
        }
    }

    /// Into a data folder.
    pub fn folder(dir: &Path) -> Self {
        Self::Folder(dir.to_owned())
    }

    /// Runs statements.
    pub async fn exec(&self, sql: &str) {
        match self {
            Self::Folder(dir) => connect(dir).execute_batch(sql).expect("a statement that runs"),
            Self::Postgres(url) => postgres(url).await.batch_execute(sql).await.expect("a statement that runs"),
        }
    }

    /// The rows of a query, every cell as text: bytes as hex on both databases, nothing as `-`.
    pub async fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        match self {
            Self::Folder(dir) => {
                let connection = connect(dir);
                let mut statement = connection.prepare(sql).expect("a query");
                let width = statement.column_count();
                let mut rows = statement.query([]).expect("rows");
                let mut out = Vec::new();
                while let Some(row) = rows.next().expect("a row") {
                    out.push((0..width).map(|at| text(row.get_ref(at).expect("a cell"))).collect());
                }
                out
            }
            Self::Postgres(url) => {
                let messages = postgres(url).await.simple_query(sql).await.expect("a query");
                let rows = messages.iter().filter_map(|message| match message {
                    tokio_postgres::SimpleQueryMessage::Row(row) => Some(row),
                    _ => None,
                });
                let cell = |cell: Option<&str>| cell.map_or("-".into(), |c| c.trim_start_matches("\\x").to_owned());
                rows.map(|row| (0..row.len()).map(|at| cell(row.get(at))).collect()).collect()
            }
        }
    }

    /// The first cell of the first row.
    pub async fn one(&self, sql: &str) -> String {
        self.rows(sql).await.into_iter().next().and_then(|row| row.into_iter().next()).unwrap_or_else(|| "-".into())
    }

    /// How many rows a table (with a condition) has.
    pub async fn count(&self, from: &str) -> u64 {
        self.one(&format!("select count(*) from {from}")).await.parse().expect("a number")
    }

    /// Every table with its columns: `schema.table.column`, the schemas named as the product names them.
    pub async fn columns(&self) -> Vec<String> {
        let mut found = Vec::new();
        match self {
            Self::Folder(_) => {
                for (schema, prefix) in [("main", "data"), ("keyring", "keyring"), ("ledger", "ledger")] {
                    let tables = self
                        .rows(&format!("select name from {schema}.sqlite_schema where type = 'table' order by name"))
                        .await;
                    for table in tables.iter().map(|row| &row[0]) {
                        let sql = format!("select name from pragma_table_info('{table}', '{schema}')");
                        found.extend(self.rows(&sql).await.iter().map(|row| format!("{prefix}.{table}.{}", row[0])));
                    }
                }
            }
            Self::Postgres(_) => {
                let sql = "select case table_schema when 'custos' then 'data' else table_schema end, table_name, \
                           column_name from information_schema.columns \
                           where table_schema not in ('pg_catalog', 'information_schema')";
                found.extend(self.rows(sql).await.iter().map(|row| row.join(".")));
            }
        }
        found.sort();
        found
    }

    /// Every cell of every table, as text: `schema.table.column` and the cell.
    pub async fn dump(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let mut tables: Vec<(String, Vec<String>)> = Vec::new();
        for column in self.columns().await {
            let (table, name) = column.rsplit_once('.').expect("a column");
            match tables.last_mut() {
                Some((last, columns)) if last == table => columns.push(name.to_owned()),
                _ => tables.push((table.to_owned(), vec![name.to_owned()])),
            }
        }
        for (table, columns) in tables {
            let place = table.strip_prefix("data.").unwrap_or(&table);
            for row in self.rows(&format!("select {} from {place}", columns.join(", "))).await {
                found.extend(columns.iter().zip(row).map(|(column, cell)| (format!("{table}.{column}"), cell)));
            }
        }
        found
    }

    /// An id as a literal of this database.
    pub fn id(&self, bytes: &[u8; 16]) -> String {
        match self {
            Self::Folder(_) => self.bytes(bytes),
            Self::Postgres(_) => format!("'{}'", hex(bytes)),
        }
    }

    /// Bytes as a literal of this database.
    pub fn bytes(&self, bytes: &[u8]) -> String {
        match self {
            Self::Folder(_) => format!("x'{}'", hex(bytes)),
            Self::Postgres(_) => format!("'\\x{}'::bytea", hex(bytes)),
        }
    }
}

fn connect(dir: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(dir.join("custos.db")).expect("the data file");
    connection.busy_timeout(std::time::Duration::from_secs(10)).expect("a timeout");
    for (name, file) in [("keyring", "keys.db"), ("ledger", "ledger.db")] {
        let file = dir.join(file);
        let sql = format!("attach database ?1 as {name}");
        connection.execute(&sql, [file.to_string_lossy()]).expect("a file beside it");
    }
    connection
}

async fn postgres(url: &str) -> tokio_postgres::Client {
    let mut config: tokio_postgres::Config = url.parse().expect("an address");
    config.options("-c search_path=custos");
    let (client, connection) = config.connect(tokio_postgres::NoTls).await.expect("PostgreSQL");
    tokio::spawn(connection);
    client
}

fn text(cell: ValueRef<'_>) -> String {
    match cell {
        ValueRef::Null => "-".into(),
        ValueRef::Integer(n) => n.to_string(),
        ValueRef::Real(n) => n.to_string(),
        ValueRef::Text(t) => String::from_utf8_lossy(t).into_owned(),
        ValueRef::Blob(b) => hex(b),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
