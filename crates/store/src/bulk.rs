//! Changes of many records: what was asked for, and what became of each row.

use jiff::Timestamp;
use kernel::{ActorId, RecordId};

use crate::{Result, Step, Store};

/// A change of many records as stored.
#[derive(Clone, Debug)]
pub struct BulkRow {
    /// Its id.
    pub id: RecordId,
    /// Of which object the records are.
    pub object: String,
    /// What for.
    pub purpose: String,
    /// What is to become of them, sealed.
    pub body: Vec<u8>,
    /// Where it stands.
    pub state: String,
    /// Chosen records that were not the actor's to change.
    pub skipped: u64,
    /// When its job ended.
    pub done_at: Option<Timestamp>,
}

/// What became of one record.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The record.
    pub record: RecordId,
    /// A stable word.
    pub outcome: &'static str,
    /// Its version after the change.
    pub version: Option<i64>,
    /// What it was before, sealed.
    pub before: Option<Vec<u8>>,
}

impl Store {
    /// An actor's change of many records.
    pub async fn bulk(&self, id: RecordId, actor: ActorId) -> Result<Option<BulkRow>> {
        let rows = self
            .query(
                "select object, purpose, body, state, skipped, done_at from bulk where id = $1 and actor = $2",
                vec![id.into(), actor.into()],
            )
            .await?;
        rows.first()
            .map(|row| {
                Ok(BulkRow {
                    id,
                    object: row[0].text()?.to_owned(),
                    purpose: row[1].text()?.to_owned(),
                    body: row[2].blob()?.to_vec(),
                    state: row[3].text()?.to_owned(),
                    skipped: row[4].int()?.unsigned_abs(),
                    done_at: row[5].opt(|v| v.instant())?,
                })
            })
            .transpose()
    }

    /// How many of its records have each outcome.
    pub async fn bulk_outcomes(&self, id: RecordId) -> Result<Vec<(String, u64)>> {
        let rows = self
            .query("select outcome, count(*) from bulk_row where bulk = $1 group by outcome", vec![id.into()])
            .await?;
        rows.iter().map(|row| Ok((row[0].text()?.to_owned(), row[1].int()?.unsigned_abs()))).collect()
    }

    /// Its records with this outcome, by id, after one: record, version after the change, what it was before.
    pub async fn bulk_records(
        &self,
        id: RecordId,
        outcome: &str,
        after: RecordId,
        limit: i64,
    ) -> Result<Vec<(RecordId, Option<i64>, Option<Vec<u8>>)>> {
        let rows = self
            .query(
                "select record, version, before from bulk_row where bulk = $1 and outcome = $2 and record > $3 \
                 order by record limit $4",
                vec![id.into(), outcome.into(), after.into(), limit.into()],
            )
            .await?;
        rows.iter()
            .map(|row| {
                Ok((
                    row[0].id(RecordId::from_bytes)?,
                    row[1].opt(|v| v.int())?,
                    row[2].opt(|v| v.blob().map(<[u8]>::to_vec))?,
                ))
            })
            .collect()
    }

    /// Its records that failed, with why.
    pub async fn bulk_failures(&self, id: RecordId, limit: i64) -> Result<Vec<(RecordId, String)>> {
        let rows = self
            .query(
                "select record, outcome from bulk_row where bulk = $1 and outcome not in ('todo', 'done', 'undone') \
                 order by record limit $2",
                vec![id.into(), limit.into()],
            )
            .await?;
        rows.iter().map(|row| Ok((row[0].id(RecordId::from_bytes)?, row[1].text()?.to_owned()))).collect()
    }

    /// The step that drafts a change of many records.
    pub fn put_bulk(row: &BulkRow, actor: ActorId, now: Timestamp) -> Step {
        Step::new(
            "insert into bulk (id, actor, object, purpose, body, state, skipped, at) \
             values ($1, $2, $3, $4, $5, $6, 0, $7)",
            vec![
                row.id.into(),
                actor.into(),
                row.object.as_str().into(),
                row.purpose.as_str().into(),
                row.body.clone().into(),
                row.state.as_str().into(),
                now.into(),
            ],
        )
    }

    /// The step that adds a record to it.
    pub fn put_bulk_record(id: RecordId, record: RecordId) -> Step {
        Step::new(
            "insert into bulk_row (bulk, record, outcome) values ($1, $2, 'todo') on conflict do nothing",
            vec![id.into(), record.into()],
        )
    }

    /// The step that takes a record out of it: not this actor's to change.
    pub fn skip_bulk_record(id: RecordId, record: RecordId) -> Step {
        Step::new("delete from bulk_row where bulk = $1 and record = $2", vec![id.into(), record.into()])
    }

    /// The step that moves it on from one state to the next; only from there, so that nothing runs twice.
    pub fn move_bulk(id: RecordId, from: &str, to: &str, body: Option<Vec<u8>>, skipped: u64) -> Step {
        Step::new(
            "update bulk set state = $1, body = coalesce($2, body), skipped = skipped + $3 where id = $4 and state = $5",
            vec![
                to.into(),
                body.into(),
                i64::try_from(skipped).unwrap_or(i64::MAX).into(),
                id.into(),
                from.into(),
            ],
        )
        .fresh()
    }

    /// The step that notes when its job ended.
    pub fn end_bulk(id: RecordId, now: Timestamp) -> Step {
        Step::new("update bulk set done_at = $1 where id = $2", vec![now.into(), id.into()])
    }

    /// The step that notes what became of a record.
    pub fn put_outcome(id: RecordId, outcome: &Outcome) -> Step {
        Step::new(
            "update bulk_row set outcome = $1, version = $2, before = $3 where bulk = $4 and record = $5",
            vec![
                outcome.outcome.into(),
                outcome.version.into(),
                outcome.before.clone().into(),
                id.into(),
                outcome.record.into(),
            ],
        )
    }

    /// The step that forgets what a record was before: its person was erased.
    pub fn forget_before(record: RecordId) -> Step {
        Step::new("update bulk_row set before = null where record = $1", vec![record.into()])
    }

    /// The steps that forget what records were before a day ago, and whole changes after a month.
    pub fn sweep_bulk(day_before: Timestamp, month_before: Timestamp) -> Vec<Step> {
        vec![
            Step::new(
                "update bulk_row set before = null where before is not null \
                 and bulk in (select id from bulk where done_at < $1)",
                vec![day_before.into()],
            ),
            Step::new(
                "delete from bulk_row where bulk in (select id from bulk where at < $1)",
                vec![month_before.into()],
            ),
            Step::new("delete from bulk where at < $1", vec![month_before.into()]),
        ]
    }
}
