//! Which database, behind one set of calls.

use std::sync::Arc;

use crate::{Batch, Result, Row, Sql, log::Group, postgres::Postgres, sqlite::Sqlite};

/// Where the dialects differ: the words of a table's definition, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// An open database of either kind.
#[derive(Clone)]
pub(crate) enum Backend {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

impl Backend {
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// A read that touches few pages; SQLite answers it in the caller's thread.
    pub(crate) async fn point(&self, sql: &str, params: &[Sql]) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(db) => db.read(sql, params),
            Self::Postgres(db) => db.read(sql, params).await,
        }
    }

    /// A read that may take long; SQLite answers it in the blocking pool.
    pub(crate) async fn scan(&self, sql: String, params: Vec<Sql>) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(db) => {
                let db = Arc::clone(db);
                tokio::task::spawn_blocking(move || db.read(&sql, &params)).await.map_err(|_| crate::Error::Closed)?
            }
            Self::Postgres(db) => db.read(&sql, &params).await,
        }
    }

    pub(crate) async fn scan_ledger(&self, sql: String, params: Vec<Sql>) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(db) => {
                let db = Arc::clone(db);
                tokio::task::spawn_blocking(move || db.read_ledger(&sql, &params))
                    .await
                    .map_err(|_| crate::Error::Closed)?
            }
            Self::Postgres(db) => db.read(&sql, &params).await,
        }
    }

    pub(crate) async fn write(&self, batch: Batch) -> Result<()> {
        let name = batch.name;
        let steps = batch.len();
        let done = match self {
            Self::Sqlite(db) => db.write(batch).await,
            Self::Postgres(db) => db.write(batch).await,
        };
        tracing::trace!(target: "custos::store", transaction = name, steps, ok = done.is_ok());
        done
    }

    pub(crate) async fn define(&self, statements: Vec<String>) -> Result<()> {
        match self {
            Self::Sqlite(db) => db.define(statements).await,
            Self::Postgres(db) => db.define(statements).await,
        }
    }

    pub(crate) async fn append(&self, group: Group) -> Result<Group> {
        match self {
            Self::Sqlite(db) => db.append(group),
            Self::Postgres(db) => db.append(group).await,
        }
    }
}
