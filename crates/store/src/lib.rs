//! Storage: the only crate that names a database.
//!
//! SQLite in a folder, or PostgreSQL. One SQL for both; records' statements are made from definitions and grants. What
//! is fetched stays sealed: nothing here opens a cell.

mod accounts;
mod backend;
mod batch;
mod bulk;
mod condition;
mod copy;
mod error;
mod figures;
mod history;
mod keys;
mod lists;
mod log;
mod mail;
mod moving;
mod notices;
mod people;
mod postgres;
mod records;
mod register;
mod sales;
mod settings;
mod shape;
mod sqlite;
mod staff;
mod transfer;
mod value;

use std::path::Path;

use backend::{Backend, Dialect};

pub use accounts::{Account, Login, SessionRow, TokenRow};
pub use batch::{Batch, Step};
pub use bulk::{BulkRow, Outcome};
pub use copy::{Copied, Folder, Parts, Progress, check_copy, unhurried};
pub use error::{Error, Result};
pub use figures::By;
pub use history::{EntryFilter, Snapshot};
pub use keys::WrappedKey;
pub use lists::{Sum, TotalRow, ViewRow};
pub use mail::MailRow;
pub use moving::Still;
pub use notices::NoticeRow;
pub use people::{BasisRow, PersonRow};
pub use records::{Change, Filter, NewRow, Op, Page, Sort, Target, delete, insert, plain, set_blind, update};
pub use sales::ConversionRow;
pub use settings::PolicyVersion;
pub use staff::{InvitationRow, SecondFactorRow};
pub use value::{Row, Sql};

/// An open store.
pub struct Store {
    pub(crate) backend: Backend,
    pub(crate) log: log::LogCell,
}

impl Store {
    /// Opens the data folder's own database, making it if the folder is empty.
    pub fn open_folder(dir: &Path) -> Result<Self> {
        Ok(Self { backend: Backend::Sqlite(sqlite::Sqlite::open(dir)?), log: log::LogCell::new() })
    }

    /// Connects to PostgreSQL.
    pub async fn connect(url: &str) -> Result<Self> {
        Ok(Self { backend: Backend::Postgres(postgres::Postgres::open(url).await?), log: log::LogCell::new() })
    }

    /// Which database it is, for people: `SQLite` or `PostgreSQL`.
    pub fn database(&self) -> &'static str {
        match self.dialect() {
            Dialect::Sqlite => "SQLite",
            Dialect::Postgres => "PostgreSQL",
        }
    }

    /// A named transaction: every step or none.
    pub async fn write(&self, batch: Batch) -> Result<()> {
        self.backend.write(batch).await
    }

    /// Whether the database answers.
    pub async fn alive(&self) -> Result<()> {
        self.backend.point("select 1 from meta limit 1", &[]).await.map(drop)
    }

    /// Leaves the files small and whole before the process ends.
    pub async fn settle(&self) -> Result<()> {
        match &self.backend {
            Backend::Sqlite(db) => db.checkpoint().await,
            Backend::Postgres(_) => Ok(()),
        }
    }

    /// Gives back the memory that a reading of much took: idle connections with their caches. New ones are made as needed.
    pub fn rest(&self) {
        if let Backend::Sqlite(db) = &self.backend {
            db.rest();
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.backend.dialect()
    }

    pub(crate) async fn query(&self, sql: &str, params: Vec<Sql>) -> Result<Vec<Row>> {
        self.backend.point(sql, &params).await
    }

    pub(crate) async fn define(&self, statements: Vec<String>) -> Result<()> {
        self.backend.define(statements).await
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({})", self.database())
    }
}
