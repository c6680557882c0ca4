//! Notices: who is to look at which record, and why. Ids only.

use jiff::Timestamp;
use kernel::{ActorId, RecordId};

use crate::{Result, Step, Store};

/// A notice to one colleague.
#[derive(Clone, Debug)]
pub struct NoticeRow {
    /// Its id.
    pub id: RecordId,
    /// Whom it is for.
    pub actor: ActorId,
    /// Why, as a stable word.
    pub kind: String,
    /// The object of the record it leads to.
    pub object: String,
    /// That record.
    pub record: RecordId,
    /// Who caused it.
    pub by: Option<ActorId>,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// The step that makes a notice.
    pub fn put_notice(row: &NoticeRow) -> Step {
        Step::new(
            "insert into notice (id, actor, kind, object, record, by_actor, at) values ($1, $2, $3, $4, $5, $6, $7)",
            vec![
                row.id.into(),
                row.actor.into(),
                row.kind.as_str().into(),
                row.object.as_str().into(),
                row.record.into(),
                row.by.into(),
                row.at.into(),
            ],
        )
    }

    /// The notices an actor has not put aside, newest first.
    pub async fn notices(&self, actor: ActorId, limit: i64) -> Result<Vec<NoticeRow>> {
        let rows = self
            .query(
                "select id, kind, object, record, by_actor, at from notice where actor = $1 and seen_at is null \
                 order by at desc, id desc limit $2",
                vec![actor.into(), limit.into()],
            )
            .await?;
        rows.iter()
            .map(|row| {
                Ok(NoticeRow {
                    id: row[0].id(RecordId::from_bytes)?,
                    actor,
                    kind: row[1].text()?.to_owned(),
                    object: row[2].text()?.to_owned(),
                    record: row[3].id(RecordId::from_bytes)?,
                    by: row[4].opt(|v| v.id(ActorId::from_bytes))?,
                    at: row[5].instant()?,
                })
            })
            .collect()
    }

    /// The step that puts a notice of this actor aside.
    pub fn see_notice(id: RecordId, actor: ActorId, now: Timestamp) -> Step {
        Step::new(
            "update notice set seen_at = $1 where id = $2 and actor = $3 and seen_at is null",
            vec![now.into(), id.into(), actor.into()],
        )
        .present("a notice that is not put aside yet")
    }
}
