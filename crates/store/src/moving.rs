//! Moving an installation to the other database: standing still, carrying over, and marking the old place as left.

use std::{collections::BTreeMap, path::Path};

use model::Object;
use rusqlite::Connection;

use crate::{
    Error, Result, Store,
    backend::Backend,
    copy::{Copied, Parts, Progress, blocking, shaped, summed},
    postgres, sqlite, transfer,
};

/// The fact by which an installation says that it has moved.
const MOVED: &str = "moved";

/// While it is held nobody writes to the installation. Dropped, everything is as it was.
pub struct Still(Held);

enum Held {
    Sqlite(Connection),
    Postgres(deadpool_postgres::Client),
}

impl Store {
    /// Where the installation moved to, if it has.
    pub async fn moved(&self) -> Result<Option<String>> {
        self.meta(MOVED).await
    }

    /// Keeps everybody from writing. Serving processes refuse writes meanwhile, which is why they are stopped first.
    pub async fn still(&self) -> Result<Still> {
        match &self.backend {
            Backend::Sqlite(db) => {
                let dir = db.dir().to_owned();
                blocking(move || Ok(Still(Held::Sqlite(sqlite::hold(&dir)?)))).await
            }
            Backend::Postgres(db) => {
                let client = db.client().await?;
                client.batch_execute("begin").await.map_err(postgres::map)?;
                let tables = "select format('%I.%I', schemaname, tablename) from pg_tables \
                              where schemaname in ('custos', 'keyring', 'ledger') order by 1";
                let rows = client.query(tables, &[]).await.map_err(postgres::map)?;
                let names: Vec<String> =
                    rows.iter().map(|row| row.try_get(0).map_err(postgres::map)).collect::<Result<_>>()?;
                let lock = format!("lock table {} in share mode", names.join(", "));
                client.batch_execute(&lock).await.map_err(postgres::map)?;
                Ok(Still(Held::Postgres(client)))
            }
        }
    }

    /// Carries a folder's rows into this PostgreSQL database, which holds nothing or what a stopped move left; checks the
    /// counts. It is no installation before [`Store::take_secrets`].
    pub async fn take_over(&self, objects: &[&Object], from: &Path, progress: Progress) -> Result<()> {
        let Backend::Postgres(db) = &self.backend else { return Err(Error::Unexpected("PostgreSQL")) };
        self.shape(objects).await?;
        let rows = transfer::into(db, from, &progress).await?;
        for (table, n) in rows {
            let name = if table.contains('.') { table } else { format!("custos.{table}") };
            let there = self.backend.scan(format!("select count(*) from {name}"), Vec::new()).await?;
            if Self::first_int(&there)?.map(i64::unsigned_abs) != Some(n) {
                return Err(Error::Folder(format!(
                    "{name} has other rows than the installation it is filled from: move into a fresh database"
                )));
            }
        }
        Ok(())
    }

    /// The last step of [`Store::take_over`]: from here on it is the installation.
    pub async fn take_secrets(&self, from: &Path) -> Result<()> {
        let Backend::Postgres(db) = &self.backend else { return Err(Error::Unexpected("PostgreSQL")) };
        self.define(vec![format!("delete from custos.meta where name = '{MOVED}'")]).await?;
        transfer::last(db, from).await
    }

    /// Carries this PostgreSQL installation into an empty folder, keys and all.
    pub async fn carry_to(&self, objects: &[&Object], to: &Path, progress: Progress) -> Result<Copied> {
        let Backend::Postgres(db) = &self.backend else { return Err(Error::Unexpected("PostgreSQL")) };
        shaped(objects, to).await?;
        let rows: BTreeMap<String, u64> = transfer::out_of(db, to, Parts::All, true, &progress).await?;
        let to = to.to_owned();
        blocking(move || {
            // A move that was stopped after its mark carries the mark along.
            let c = sqlite::connect(&to.join(sqlite::DATA))?;
            c.execute("delete from meta where name = ?1", [MOVED]).map_err(sqlite::map)?;
            drop(c);
            summed(&to, rows)
        })
        .await
    }
}

impl Still {
    /// Marks the place as left, and lets go.
    pub async fn leave(self, to: &'static str) -> Result<()> {
        match self.0 {
            Held::Sqlite(connection) => {
                blocking(move || {
                    connection
                        .execute("insert or replace into meta (name, body) values (?1, ?2)", (MOVED, to))
                        .and_then(|_| connection.execute_batch("commit"))
                        .map_err(sqlite::map)
                })
                .await
            }
            Held::Postgres(client) => {
                let sql = format!(
                    "insert into custos.meta (name, body) values ('{MOVED}', '{to}') \
                     on conflict (name) do update set body = excluded.body; commit"
                );
                client.batch_execute(&sql).await.map_err(postgres::map)
            }
        }
    }
}
