//! What colleagues tell each other about records: a notice holds ids alone, its text opens through the gate.

use jiff::Timestamp;
use kernel::{ActorId, ObjectName, RecordId};
use store::{Batch, NoticeRow, Store};

use crate::{Ctx, Error, House, Result};

/// How many notices an inbox shows.
const MOST: i64 = 50;

/// Why somebody is to look at a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A colleague named them in a follow-up.
    Mention,
}

impl Reason {
    /// Every reason.
    pub const ALL: &'static [Self] = &[Self::Mention];

    /// Its stable word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mention => "mention",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.word() == word)
    }
}

/// A notice.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Its id.
    pub id: RecordId,
    /// Why.
    pub reason: Reason,
    /// The object of the record it leads to.
    pub object: ObjectName,
    /// That record.
    pub record: RecordId,
    /// Who caused it.
    pub by: Option<ActorId>,
    /// When.
    pub at: Timestamp,
}

impl House {
    /// The actor's own notices that are not put aside, newest first. They say nothing of the records but their ids.
    pub async fn notices(&self, ctx: &Ctx) -> Result<Vec<Notice>> {
        let rows = self.store.notices(ctx.actor.id, MOST).await?;
        let read = |row: NoticeRow| {
            let object = ObjectName::new(&row.object).ok()?;
            let NoticeRow { id, record, by, at, .. } = row;
            Some(Notice { id, reason: Reason::parse(&row.kind)?, object, record, by, at })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// Puts one of the actor's own notices aside.
    pub async fn put_aside(&self, ctx: &Ctx, notice: RecordId) -> Result<()> {
        let mut batch = Batch::new("notice.put_aside");
        batch.push(Store::see_notice(notice, ctx.actor.id, ctx.at));
        match self.store.write(batch).await {
            Err(store::Error::Missing(_)) => Err(Error::Unknown("notice".into())),
            done => Ok(done?),
        }
    }

    /// The step that tells a colleague to look at a record.
    pub(crate) fn notice(&self, ctx: &Ctx, to: ActorId, reason: Reason, object: &str, record: RecordId) -> store::Step {
        Store::put_notice(&NoticeRow {
            id: self.new_record(ctx.at),
            actor: to,
            kind: reason.word().into(),
            object: object.into(),
            record,
            by: (ctx.actor.kind == kernel::ActorKind::User).then_some(ctx.actor.id),
            at: ctx.at,
        })
    }
}
