//! The keyring's rows: wrapped keys only.

use jiff::Timestamp;
use kernel::PersonId;
use seal::{Epoch, Subject};

use crate::{Error, Result, Sql, Step, Store};

/// A subject's key as stored.
#[derive(Clone, Debug)]
pub struct WrappedKey {
    /// Whose.
    pub subject: Subject,
    /// Under which epoch.
    pub epoch: Epoch,
    /// The wrapped key.
    pub wrapped: Vec<u8>,
}

impl Store {
    /// A named secret under the root key, as wrapped.
    pub async fn secret(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let rows = self.query("select wrapped from keyring.secret where name = $1", vec![name.into()]).await?;
        rows.first().map(|row| row[0].blob().map(<[u8]>::to_vec)).transpose()
    }

    /// The step that stores a named secret for the first time.
    pub fn put_secret(name: &str, wrapped: Vec<u8>) -> Step {
        Step::new("insert into keyring.secret (name, wrapped) values ($1, $2)", vec![name.into(), wrapped.into()])
    }

    /// The epochs whose keys are not destroyed, oldest first, as wrapped by the root key.
    pub async fn epochs(&self) -> Result<Vec<(Epoch, Vec<u8>)>> {
        let rows = self
            .query("select number, wrapped from keyring.epoch where destroyed_at is null order by number", Vec::new())
            .await?;
        rows.iter().map(|row| Ok((epoch(&row[0])?, row[1].blob()?.to_vec()))).collect()
    }

    /// The step that adds an epoch.
    pub fn put_epoch(number: Epoch, wrapped: Vec<u8>, now: Timestamp) -> Step {
        Step::new(
            "insert into keyring.epoch (number, wrapped, created_at) values ($1, $2, $3)",
            vec![number.into(), wrapped.into(), now.into()],
        )
    }

    /// The step that destroys an epoch: its wrapped key is overwritten with nothing.
    pub fn destroy_epoch(number: Epoch, now: Timestamp) -> Step {
        Step::new(
            "update keyring.epoch set wrapped = $1, destroyed_at = $2 where number = $3",
            vec![Vec::<u8>::new().into(), now.into(), number.into()],
        )
        .present("epoch")
    }

    /// Destroyed or not, the highest epoch there ever was.
    pub async fn last_epoch(&self) -> Result<Epoch> {
        let rows = self.query("select number from keyring.epoch order by number desc limit 1", Vec::new()).await?;
        rows.first().map_or(Ok(0), |row| epoch(&row[0]))
    }

    /// A subject's key; `None` when it was destroyed or never made.
    pub async fn subject_key(&self, subject: Subject) -> Result<Option<WrappedKey>> {
        let rows = self
            .query("select epoch, wrapped from keyring.subject_key where subject = $1", vec![subject.into()])
            .await?;
        rows.first()
            .map(|row| Ok(WrappedKey { subject, epoch: epoch(&row[0])?, wrapped: row[1].blob()?.to_vec() }))
            .transpose()
    }

    /// The step that stores a new subject key.
    pub fn put_subject_key(key: &WrappedKey) -> Step {
        Step::new(
            "insert into keyring.subject_key (subject, epoch, wrapped) values ($1, $2, $3)",
            vec![key.subject.into(), key.epoch.into(), key.wrapped.clone().into()],
        )
    }

    /// The step that destroys a person's key. Nothing sealed under it opens again.
    pub fn destroy_key(person: PersonId) -> Step {
        Step::new("delete from keyring.subject_key where subject = $1", vec![person.into()])
    }

    /// Keys not wrapped under `current`, at most `limit`: what a rotation has left to do.
    pub async fn stale_keys(&self, current: Epoch, limit: i64) -> Result<Vec<WrappedKey>> {
        let rows = self
            .query(
                "select subject, epoch, wrapped from keyring.subject_key where epoch < $1 order by epoch limit $2",
                vec![current.into(), limit.into()],
            )
            .await?;
        rows.iter()
            .map(|row| {
                Ok(WrappedKey {
                    subject: row[0].id(|id| id)?,
                    epoch: epoch(&row[1])?,
                    wrapped: row[2].blob()?.to_vec(),
                })
            })
            .collect()
    }

    /// The step that re-wraps a key; does nothing if it was destroyed or re-wrapped in the meantime.
    pub fn rewrap(subject: Subject, from: Epoch, to: Epoch, wrapped: Vec<u8>) -> Step {
        Step::new(
            "update keyring.subject_key set epoch = $1, wrapped = $2 where subject = $3 and epoch = $4",
            vec![to.into(), wrapped.into(), subject.into(), from.into()],
        )
    }

    /// How many keys are wrapped under each epoch.
    pub async fn keys_by_epoch(&self) -> Result<Vec<(Epoch, u64)>> {
        let rows = self
            .backend
            .scan("select epoch, count(*) from keyring.subject_key group by epoch order by epoch".into(), Vec::new())
            .await?;
        rows.iter().map(|row| Ok((epoch(&row[0])?, row[1].int()?.unsigned_abs()))).collect()
    }
}

fn epoch(sql: &Sql) -> Result<Epoch> {
    u32::try_from(sql.int()?).map_err(|_| Error::Unexpected("an epoch"))
}
