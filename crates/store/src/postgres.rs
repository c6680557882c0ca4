//! PostgreSQL 15 or later: a pool, prepared statements, and the same SQL as SQLite gets.
//!
//! Native types (uuid, timestamptz, date, boolean, bytea) are turned into the four shapes of [`Sql`] here, by the type
//! the server names for each parameter and column.

use std::{error::Error as StdError, sync::Arc};

use bytes::{BufMut, BytesMut};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use futures::TryStreamExt;
use tokio_postgres::{
    Config, NoTls,
    error::SqlState,
    types::{FromSql, IsNull, ToSql, Type, to_sql_checked},
};

use crate::{Batch, Error, Result, Row, Sql, log::Group};

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

/// Advisory locks, one number each: "custos" and what it guards.
const LOCK_LEDGER: i64 = 0x6375_7374_6f73_0001;
const LOCK_SHAPE: i64 = 0x6375_7374_6f73_0002;
/// Microseconds from 1970-01-01 to PostgreSQL's epoch, 2000-01-01.
const EPOCH_SHIFT: i64 = 946_684_800_000_000;
const POOL: usize = 16;

/// A pool on one database.
pub(crate) struct Postgres {
    pool: Pool,
}

impl Postgres {
    /// Connects, makes the schemas and brings them up to date.
    pub(crate) async fn open(url: &str) -> Result<Arc<Self>> {
        let mut config: Config = url.parse().map_err(|_| {
            Error::Unavailable("the database address is not of the form postgres://user@host/name".into())
        })?;
        let far = |host: &tokio_postgres::config::Host| match host {
            tokio_postgres::config::Host::Tcp(name) => {
                name != "localhost" && name.parse::<std::net::IpAddr>().map_or(true, |ip| !ip.is_loopback())
            }
            tokio_postgres::config::Host::Unix(_) => false,
        };
        if config.get_hosts().iter().any(far) {
            return Err(Error::Unavailable(
                "the connection to PostgreSQL is not encrypted, so it must stay on this machine: use a socket, \
                 localhost, or a TLS tunnel that ends on localhost"
                    .into(),
            ));
        }
        config.application_name("custos");
        config.options("-c search_path=custos");
        let manager =
            Manager::from_config(config.clone(), NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let pool = Pool::builder(manager).max_size(POOL).build().map_err(|e| Error::Unavailable(e.to_string()))?;
        let store = Self { pool };
        store.migrate(&config).await?;
        Ok(Arc::new(store))
    }

    async fn migrate(&self, config: &Config) -> Result<()> {
        let (mut client, connection) = config.connect(NoTls).await.map_err(map)?;
        let driver = tokio::spawn(connection);
        client.execute("select pg_advisory_lock($1)", &[&LOCK_SHAPE]).await.map_err(map)?;
        for schema in ["custos", "keyring", "ledger"] {
            client
                .batch_execute(&format!("create schema if not exists {schema}; set search_path to {schema}"))
                .await
                .map_err(map)?;
            let done = match schema {
                "custos" => migrations::data::migrations::runner().run_async(&mut client).await,
                "keyring" => migrations::keyring::migrations::runner().run_async(&mut client).await,
                _ => migrations::ledger::migrations::runner().run_async(&mut client).await,
            };
            done.map_err(|e| Error::Migration(e.to_string()))?;
        }
        drop(client);
        drop(driver.await);
        Ok(())
    }

    pub(crate) async fn client(&self) -> Result<deadpool_postgres::Client> {
        let client = self.pool.get().await.map_err(|e| match e {
            deadpool_postgres::PoolError::Backend(e) => map(e),
            other => Error::Unavailable(other.to_string()),
        })?;
        Ok(client)
    }

    /// A read of the data and the keyring.
    pub(crate) async fn read(&self, sql: &str, params: &[Sql]) -> Result<Vec<Row>> {
        let client = self.client().await?;
        let statement = client.prepare_cached(sql).await.map_err(map)?;
        let rows = client.query_raw(&statement, params).await.map_err(map)?;
        collect(rows).await
    }

    /// A named transaction.
    pub(crate) async fn write(&self, batch: Batch) -> Result<()> {
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(map)?;
        for step in &batch.steps {
            let statement = tx.prepare_cached(&step.sql).await.map_err(map)?;
            let rows = tx.execute_raw(&statement, &step.params).await.map_err(map)?;
            step.expect.check(rows)?;
        }
        tx.commit().await.map_err(map)
    }

    /// Statements that change the shape of tables.
    pub(crate) async fn define(&self, statements: Vec<String>) -> Result<()> {
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(map)?;
        tx.execute("select pg_advisory_xact_lock($1)", &[&LOCK_SHAPE]).await.map_err(map)?;
        for statement in &statements {
            tx.batch_execute(statement).await.map_err(map)?;
        }
        tx.commit().await.map_err(map)
    }

    /// Appends a group of entries; one sequencer at a time over all nodes.
    pub(crate) async fn append(&self, group: Group) -> Result<Group> {
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(map)?;
        tx.execute("select pg_advisory_xact_lock($1)", &[&LOCK_LEDGER]).await.map_err(map)?;
        // `sequence` is synchronous and shared with SQLite; what it may look up is fetched before it runs.
        let mut found: Vec<(String, Vec<Row>)> = Vec::new();
        let read = async |sql: &str, params: &[Sql]| {
            let statement = tx.prepare_cached(sql).await.map_err(map)?;
            collect(tx.query_raw(&statement, params).await.map_err(map)?).await
        };
        let size = read(crate::log::SIZE, &[]).await?;
        if group.stale(&size)? {
            for sql in [crate::log::EDGE, crate::log::LEAVES] {
                found.push((sql.to_owned(), read(sql, &[]).await?));
            }
        }
        found.push((crate::log::SIZE.to_owned(), size));
        if let Some((sql, params)) = group.known_query() {
            let rows = read(&sql, &params).await?;
            found.push((sql, rows));
        }
        let (group, statements) = group.sequence(|sql, _| {
            let rows = found.iter().find(|(known, _)| known == sql);
            rows.map(|(_, rows)| rows.clone()).ok_or(Error::Unexpected("a statement that was read before"))
        })?;
        for (sql, params) in &statements {
            let statement = tx.prepare_cached(sql).await.map_err(map)?;
            tx.execute_raw(&statement, params).await.map_err(map)?;
        }
        tx.commit().await.map_err(map)?;
        Ok(group)
    }
}

async fn collect(rows: tokio_postgres::RowStream) -> Result<Vec<Row>> {
    let mut rows = std::pin::pin!(rows);
    let mut out = Vec::new();
    while let Some(row) = rows.try_next().await.map_err(map)? {
        let cells = (0..row.len()).map(|at| row.try_get::<_, Sql>(at).map_err(map)).collect::<Result<Row>>()?;
        out.push(cells);
    }
    Ok(out)
}

type BoxError = Box<dyn StdError + Sync + Send>;

impl ToSql for Sql {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, BoxError> {
        let wrong = || -> BoxError { format!("a value does not fit a column of type {}", ty.name()).into() };
        match self {
            Self::Null => return Ok(IsNull::Yes),
            Self::Int(v) => match *ty {
                Type::INT8 => out.put_i64(*v),
                Type::INT4 => out.put_i32(i32::try_from(*v)?),
                Type::INT2 => out.put_i16(i16::try_from(*v)?),
                Type::BOOL => out.put_u8(u8::from(*v != 0)),
                Type::TIMESTAMPTZ => out.put_i64(*v - EPOCH_SHIFT),
                _ => return Err(wrong()),
            },
            Self::Text(v) => match *ty {
                Type::TEXT | Type::VARCHAR => out.put_slice(v.as_bytes()),
                Type::DATE => {
                    let date: jiff::civil::Date = v.parse().map_err(|_| wrong())?;
                    let days = (date - jiff::civil::date(2000, 1, 1)).get_days();
                    out.put_i32(days);
                }
                _ => return Err(wrong()),
            },
            Self::Blob(v) => match *ty {
                Type::BYTEA => out.put_slice(v),
                Type::UUID if v.len() == 16 => out.put_slice(v),
                _ => return Err(wrong()),
            },
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Sql {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> std::result::Result<Self, BoxError> {
        Ok(match *ty {
            Type::INT8 => Self::Int(i64::from_be_bytes(raw.try_into()?)),
            Type::INT4 => Self::Int(i32::from_be_bytes(raw.try_into()?).into()),
            Type::INT2 => Self::Int(i16::from_be_bytes(raw.try_into()?).into()),
            Type::BOOL => Self::Int((raw.first() == Some(&1)).into()),
            Type::TIMESTAMPTZ => Self::Int(i64::from_be_bytes(raw.try_into()?) + EPOCH_SHIFT),
            Type::DATE => {
                let days = i32::from_be_bytes(raw.try_into()?);
                let date = jiff::civil::date(2000, 1, 1).checked_add(jiff::Span::new().days(days))?;
                Self::Text(date.to_string())
            }
            Type::BYTEA | Type::UUID => Self::Blob(raw.to_vec()),
            Type::TEXT | Type::VARCHAR | Type::NAME => Self::Text(std::str::from_utf8(raw)?.to_owned()),
            _ => return Err(format!("a column of type {} is not expected", ty.name()).into()),
        })
    }

    fn from_sql_null(_: &Type) -> std::result::Result<Self, BoxError> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// PostgreSQL's states in words one can act on; the message is left out, it may quote values.
pub(crate) fn map(error: tokio_postgres::Error) -> Error {
    match error.code() {
        Some(code) if *code == SqlState::UNIQUE_VIOLATION => Error::Taken,
        Some(code) if *code == SqlState::DISK_FULL => Error::Full,
        Some(code) if *code == SqlState::LOCK_NOT_AVAILABLE || *code == SqlState::T_R_DEADLOCK_DETECTED => {
            Error::Locked
        }
        Some(code) if *code == SqlState::DATA_CORRUPTED || *code == SqlState::INDEX_CORRUPTED => Error::Damaged,
        Some(code) if *code == SqlState::INVALID_CATALOG_NAME => {
            Error::Unavailable("the database named in the address does not exist".into())
        }
        Some(code) => Error::Refused(format!("postgres {}", code.code())),
        None if error.is_closed() => Error::Unavailable("the connection to PostgreSQL was closed".into()),
        // The driver says what it could not convert in words only; values are not among them.
        None if error.to_string().contains("serializing") => Error::Refused(error.to_string()),
        None => Error::Unavailable("PostgreSQL does not answer".into()),
    }
}
