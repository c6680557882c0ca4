//! Changes of many records: drafted with their exact number, run by a job that a lost client does not stop, told row by
//! row, undone for a day.
//!
//! Each record is read and changed as if by hand: through the gate, with an entry of its own. What a plain column held
//! before is kept for the undo, sealed under the house's key, for a day; it goes with the person when they are erased.
//! Sealed cells are not changed in bulk: nobody means the same name for a thousand people.

use std::sync::Arc;

use jiff::SignedDuration;
use kernel::{ActorId, FieldName, PurposeName, RecordId};
use model::{Kind, Object, Protect};
use seal::{Sealed, Shown, open_search, policy::Act, seal_search};
use serde::{Deserialize, Serialize};
use store::{Batch, BulkRow, Filter, Outcome, Store};

use crate::{Compare, Ctx, Edit, Error, House, ListAsk, Result, WrittenFilter, query::Filters};

/// How long a change can be undone.
pub const UNDO: SignedDuration = SignedDuration::from_hours(24);
/// How many records are read under one entry while it runs.
const CHUNK: usize = 100;
/// How many rows one statement takes.
const BATCH: usize = 500;
/// How many failed records are named.
const NAMED: i64 = 200;

/// What becomes of the records.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkAct {
    /// A field gets a value; an empty text empties it.
    Change(FieldName, String),
    /// They get another owner.
    Assign(ActorId),
    /// They are deleted. This is not undone.
    Delete,
}

impl std::fmt::Debug for BulkAct {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Change(..) => "Change(…)",
            Self::Assign(_) => "Assign(…)",
            Self::Delete => "Delete",
        })
    }
}

impl BulkAct {
    /// The right it needs.
    pub fn act(&self) -> Act {
        if *self == Self::Delete { Act::Delete } else { Act::Edit }
    }
}

/// Where a change of many records stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkState {
    /// Nothing was done yet.
    Drafted,
    /// The job is at work, or was stopped with the process and can be gone on with.
    Running,
    /// The job is through.
    Done,
    /// It is being undone.
    Undoing,
    /// It was undone.
    Undone,
}

impl BulkState {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Drafted, "drafted"),
        (Self::Running, "running"),
        (Self::Done, "done"),
        (Self::Undoing, "undoing"),
        (Self::Undone, "undone"),
    ];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("drafted", |(_, word)| word)
    }
}

/// A change of many records.
#[derive(Clone, Debug)]
pub struct Bulk {
    /// Its id.
    pub id: RecordId,
    /// Of which object the records are.
    pub object: Arc<Object>,
    /// What for.
    pub purpose: PurposeName,
    /// What becomes of them; none while it is drafted.
    pub act: Option<BulkAct>,
    /// Where it stands.
    pub state: BulkState,
    /// Records it is still to look at.
    pub todo: u64,
    /// Records that were changed.
    pub done: u64,
    /// Records that were changed back.
    pub undone: u64,
    /// Chosen records that are not the actor's to change: counted, not named.
    pub skipped: u64,
    /// Records that could not be changed, or changed back.
    pub failed: u64,
    /// Until when it can be undone.
    pub until: Option<jiff::Timestamp>,
}

impl Bulk {
    /// How many records were chosen.
    pub fn total(&self) -> u64 {
        self.todo + self.done + self.undone + self.skipped + self.failed
    }
}

#[derive(Default, Serialize, Deserialize)]
struct Body {
    act: Option<BulkAct>,
}

/// Whether a field can be changed in many records at once: it stands in a column of its own.
pub fn changes_many(object: &Object, name: &str) -> bool {
    object.field(name).is_some_and(|field| {
        let subject = matches!(&object.subject, model::Subject::About(link) if link.as_str() == name);
        field.protect == Protect::Disk && !matches!(field.kind, Kind::File) && !subject
    })
}

impl House {
    /// Drafts a change of the records that a list shows over all its pages, or of some of them. Their number is fixed here.
    pub async fn draft_bulk(
        &self,
        ctx: &Ctx,
        object: &str,
        ask: &ListAsk,
        some: Option<&[RecordId]>,
    ) -> Result<RecordId> {
        self.sweep_if_due(ctx.at).await?;
        let mut ask = ask.clone();
        let chosen;
        if let Some(some) = some {
            let value = some.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
            chosen = vec![WrittenFilter { field: "id".into(), compare: Compare::In, value }];
            ask = ListAsk { filters: chosen, q: None, ..ask };
        }
        let ids = self.matching(ctx, object, &ask, Act::View).await?;
        let grant = self.granted(ctx, &self.ask(ctx, object, Act::View, ask.purpose.as_deref()), &[]).await?;
        let id = self.new_record(ctx.at);
        let row = BulkRow {
            id,
            object: object.to_owned(),
            purpose: grant.purpose_name().to_string(),
            body: self.bulk_body(id, &Body::default()).await?,
            state: BulkState::Drafted.word().to_owned(),
            skipped: 0,
            done_at: None,
        };
        let mut batch = Batch::new("bulk.drafted");
        batch.push(Store::put_bulk(&row, ctx.actor.id, ctx.at));
        self.store.write(batch).await?;
        for some in ids.chunks(BATCH) {
            let mut batch = Batch::new("bulk.filled");
            batch.extend(some.iter().map(|record| Store::put_bulk_record(id, *record)));
            self.store.write(batch).await?;
        }
        Ok(id)
    }

    /// A change of many records, for the one who asked for it.
    pub async fn bulk(&self, ctx: &Ctx, id: RecordId) -> Result<Bulk> {
        let gone = || Error::Unknown("such change of records".into());
        let row = self.store.bulk(id, ctx.actor.id).await?.ok_or_else(gone)?;
        let text = open_search(&self.house_key().await?, id, &Sealed::from_stored(row.body))?;
        let body: Body = serde_json::from_slice(&text).map_err(|_| gone())?;
        let counts = self.store.bulk_outcomes(id).await?;
        let of = |word: &str| counts.iter().find(|(known, _)| known == word).map_or(0, |(_, n)| *n);
        let all: u64 = counts.iter().map(|(_, n)| n).sum();
        let (todo, done, undone) = (of("todo"), of("done"), of("undone"));
        let state = BulkState::ALL.into_iter().find(|(_, word)| *word == row.state).ok_or_else(gone)?.0;
        let undoable = state == BulkState::Done && body.act.as_ref().is_some_and(|act| *act != BulkAct::Delete);
        Ok(Bulk {
            id,
            object: self.catalog().object(&row.object).cloned().ok_or_else(gone)?,
            purpose: PurposeName::new(&row.purpose).map_err(|_| gone())?,
            act: body.act,
            state,
            todo,
            done,
            undone,
            skipped: row.skipped,
            failed: all - todo - done - undone,
            until: row.done_at.filter(|_| undoable).map(|at| at + UNDO).filter(|until| *until > ctx.at),
        })
    }

    /// How many of the chosen records the actor may do this to: the number that is told before it happens.
    pub async fn bulk_reach(&self, ctx: &Ctx, bulk: &Bulk, act: Act) -> Result<u64> {
        Ok(self.reachable(ctx, bulk, act).await?.map_or(0, |ids| ids.len() as u64))
    }

    /// The records that failed, with why: a stable word each.
    pub async fn bulk_failures(&self, ctx: &Ctx, id: RecordId) -> Result<Vec<(RecordId, String)>> {
        self.bulk(ctx, id).await?;
        Ok(self.store.bulk_failures(id, NAMED).await?)
    }

    /// Begins a drafted change, or goes on with one that was stopped. The work is done in a task of its own; what is
    /// returned can be awaited, and need not be.
    pub async fn run_bulk(
        self: &Arc<Self>,
        ctx: &Ctx,
        id: RecordId,
        act: BulkAct,
    ) -> Result<tokio::task::JoinHandle<Result<()>>> {
        let ctx = self.bound(ctx, id).await?;
        let bulk = self.bulk(&ctx, id).await?;
        if bulk.state == BulkState::Drafted {
            self.check_bulk(&ctx, &bulk, &act)?;
            let Some(reached) = self.reachable(&ctx, &bulk, act.act()).await? else {
                return Err(self.refuse(&ctx, &bulk.object.name, &[], act.act()).await);
            };
            let skipped = self.skip(&bulk, &reached).await?;
            let body = self.bulk_body(id, &Body { act: Some(act.clone()) }).await?;
            self.moved(id, BulkState::Drafted, BulkState::Running, Some(body), skipped).await?;
        } else if bulk.state != BulkState::Running || bulk.act.as_ref() != Some(&act) {
            return Err(Error::Conflict { version: 0 });
        }
        let house = Arc::clone(self);
        Ok(tokio::spawn(async move {
            house
                .each(&ctx, &bulk.object, id, "todo", |house, ctx, object, some| {
                    let act = act.clone();
                    Box::pin(async move { house.changed_some(&ctx, &object, &act, some).await })
                })
                .await?;
            house.ended(&ctx, id, BulkState::Running, BulkState::Done).await
        }))
    }

    /// Takes a change back: records that nobody has changed since get what they had.
    pub async fn undo_bulk(self: &Arc<Self>, ctx: &Ctx, id: RecordId) -> Result<tokio::task::JoinHandle<Result<()>>> {
        let ctx = self.bound(ctx, id).await?;
        let bulk = self.bulk(&ctx, id).await?;
        let (Some(_), Some(act)) = (bulk.until, bulk.act.clone()) else {
            return Err(Error::field("undo", "undo_late", "this can be undone for 24 hours"));
        };
        self.moved(id, BulkState::Done, BulkState::Undoing, None, 0).await?;
        let house = Arc::clone(self);
        Ok(tokio::spawn(async move {
            house
                .each(&ctx, &bulk.object, id, "done", |house, ctx, object, some| {
                    let act = act.clone();
                    Box::pin(async move { house.changed_back(&ctx, &object, &act, some).await })
                })
                .await?;
            house.ended(&ctx, id, BulkState::Undoing, BulkState::Undone).await
        }))
    }

    /// The circumstances of a change of many records: bound to the purpose it was drafted for.
    async fn bound(&self, ctx: &Ctx, id: RecordId) -> Result<Ctx> {
        Ok(Ctx { purpose: Some(self.bulk(ctx, id).await?.purpose), ..ctx.clone() })
    }

    fn check_bulk(&self, ctx: &Ctx, bulk: &Bulk, act: &BulkAct) -> Result<()> {
        let BulkAct::Change(name, text) = act else { return Ok(()) };
        let writable = self.writable(ctx, &bulk.object.name, Act::Edit);
        let at = bulk.object.fields().iter().position(|field| field.name == *name);
        let field = at.filter(|at| writable.contains(at) && changes_many(&bulk.object, name));
        let Some(field) = field.map(|at| &bulk.object.fields()[at]) else {
            return Err(Error::field(name.as_str(), "not_bulk", "this field is changed in one record at a time"));
        };
        if text.trim().is_empty() {
            return if field.required { Err(Error::field(name.as_str(), "required", "is required")) } else { Ok(()) };
        }
        match field.kind.parse(text) {
            Ok(_) => Ok(()),
            Err(invalid) => Err(Error::field(name.as_str(), invalid.code(), invalid.to_string())),
        }
    }

    /// Those of the chosen records that the actor may do this to; none if the actor may do it to no record at all.
    async fn reachable(&self, ctx: &Ctx, bulk: &Bulk, act: Act) -> Result<Option<Vec<RecordId>>> {
        let ctx = Ctx { purpose: Some(bulk.purpose.clone()), ..ctx.clone() };
        if !self.may(&ctx, &bulk.object.name, act) {
            return Ok(None);
        }
        let none = Filters::default();
        let ask = ListAsk::default();
        let mut reached = Vec::new();
        let mut after = RecordId::from_bytes([0; 16]);
        loop {
            let some = self.store.bulk_records(bulk.id, "todo", after, BATCH as i64).await?;
            let Some((last, ..)) = some.last() else { return Ok(Some(reached)) };
            after = *last;
            let grant = self.reach_of(&ctx, &bulk.object, &ask, &none, &[], act).await?;
            let ids = Filter::Ids(some.iter().map(|(id, ..)| *id).collect());
            reached.extend(self.store.ids(&grant, &[ids], BATCH as u64, ctx.at).await?);
        }
    }

    /// Takes out what is not the actor's to change, and counts it.
    async fn skip(&self, bulk: &Bulk, reached: &[RecordId]) -> Result<u64> {
        let reached: std::collections::HashSet<&RecordId> = reached.iter().collect();
        let mut skipped = 0;
        let mut after = RecordId::from_bytes([0; 16]);
        loop {
            let some = self.store.bulk_records(bulk.id, "todo", after, BATCH as i64).await?;
            let Some((last, ..)) = some.last() else { return Ok(skipped) };
            after = *last;
            let mut batch = Batch::new("bulk.skipped");
            batch.extend(
                some.iter()
                    .filter(|(id, ..)| !reached.contains(id))
                    .map(|(id, ..)| Store::skip_bulk_record(bulk.id, *id)),
            );
            skipped += batch.len() as u64;
            if !batch.is_empty() {
                self.store.write(batch).await?;
            }
        }
    }

    /// Goes through the records of one outcome, some at a time, and notes what became of them.
    async fn each<F>(
        self: &Arc<Self>,
        ctx: &Ctx,
        object: &Arc<Object>,
        id: RecordId,
        outcome: &str,
        work: F,
    ) -> Result<()>
    where
        F: Fn(Arc<Self>, Ctx, Arc<Object>, Rows) -> futures::future::BoxFuture<'static, Result<Vec<Outcome>>>,
    {
        let mut after = RecordId::from_bytes([0; 16]);
        loop {
            let some = self.store.bulk_records(id, outcome, after, CHUNK as i64).await?;
            let Some((last, ..)) = some.last() else { return Ok(()) };
            after = *last;
            // A long job is many acts, each at its own instant.
            let now = Ctx {
                purpose: ctx.purpose.clone(),
                emergency: ctx.emergency,
                ..self.ctx(Arc::clone(&ctx.actor), ctx.via)
            };
            let outcomes = work(Arc::clone(self), now, Arc::clone(object), some).await?;
            let mut batch = Batch::new("bulk.noted");
            batch.extend(outcomes.iter().map(|outcome| Store::put_outcome(id, outcome)));
            self.store.write(batch).await?;
        }
    }

    /// Reads what some records have, and changes each.
    async fn changed_some(&self, ctx: &Ctx, object: &Object, act: &BulkAct, some: Rows) -> Result<Vec<Outcome>> {
        let ids: Vec<String> = some.iter().map(|(id, ..)| id.to_string()).collect();
        let field = match act {
            BulkAct::Change(name, _) => vec![name.clone()],
            _ => Vec::new(),
        };
        // What may not be seen may be changed all the same; it cannot be put back then.
        let seen = field.iter().all(|name| {
            let at = object.fields().iter().position(|f| f.name == *name);
            at.is_some_and(|at| self.visible(ctx, &object.name).contains(&at))
        });
        let ask = ListAsk {
            fields: Some(if seen { field.clone() } else { Vec::new() }),
            filters: vec![WrittenFilter { field: "id".into(), compare: Compare::In, value: ids.join(",") }],
            limit: CHUNK as u64,
            ..ListAsk::default()
        };
        let page = self.list(ctx, &object.name, &ask).await?.page;
        let key = self.house_key().await?;
        let mut outcomes = Vec::with_capacity(some.len());
        for (record, ..) in some {
            let Some(row) = page.rows.iter().find(|row| row.id == record) else {
                outcomes.push(Outcome { record, outcome: "gone", version: None, before: None });
                continue;
            };
            let before = match act {
                BulkAct::Delete => None,
                BulkAct::Assign(_) => Some(row.owner.map_or_else(String::new, |owner| owner.to_string())),
                BulkAct::Change(name, _) => match page.value(row, name) {
                    Shown::Clear(value) => object.field(name).map(|field| field.kind.show(value)),
                    Shown::Empty if seen => Some(String::new()),
                    Shown::Empty | Shown::Masked(_) => None,
                },
            };
            let edit = match act {
                BulkAct::Delete => None,
                BulkAct::Assign(owner) => Some(Edit { owner: Some(Some(*owner)), ..Edit::default() }),
                BulkAct::Change(name, text) => {
                    Some(Edit { fields: vec![(name.clone(), text.clone())], ..Edit::default() })
                }
            };
            let done = match edit {
                None => self.delete(ctx, &object.name, record, row.version).await.map(|()| row.version),
                Some(edit) => {
                    let edit = Edit { version: row.version, ..edit };
                    self.change(ctx, &object.name, record, &edit).await.map(|written| written.version)
                }
            };
            let before = before.map(|text| seal_search(&key, record, text.as_bytes(), self.rng())).transpose()?;
            outcomes.push(match done {
                Ok(version) => {
                    Outcome { record, outcome: "done", version: Some(version), before: before.map(Sealed::into_bytes) }
                }
                Err(error) => Outcome { record, outcome: why(error)?, version: None, before: None },
            });
        }
        Ok(outcomes)
    }

    /// Gives some records back what they had, unless somebody changed them since.
    async fn changed_back(&self, ctx: &Ctx, object: &Object, act: &BulkAct, some: Rows) -> Result<Vec<Outcome>> {
        let key = self.house_key().await?;
        let mut outcomes = Vec::with_capacity(some.len());
        for (record, version, before) in some {
            let (Some(version), Some(before)) = (version, before) else {
                outcomes.push(Outcome { record, outcome: "not_kept", version, before: None });
                continue;
            };
            let text = open_search(&key, record, &Sealed::from_stored(before))?;
            let text = String::from_utf8_lossy(&text).into_owned();
            let edit = match act {
                BulkAct::Change(name, _) => Edit { fields: vec![(name.clone(), text)], ..Edit::default() },
                _ => Edit { owner: Some(text.parse().ok()), ..Edit::default() },
            };
            let outcome = match self.change(ctx, &object.name, record, &Edit { version, ..edit }).await {
                Ok(_) => "undone",
                Err(error) => why(error)?,
            };
            outcomes.push(Outcome { record, outcome, version: Some(version), before: None });
        }
        Ok(outcomes)
    }

    async fn ended(&self, ctx: &Ctx, id: RecordId, from: BulkState, to: BulkState) -> Result<()> {
        let now = self.ctx(Arc::clone(&ctx.actor), ctx.via).at;
        let mut batch = Batch::new("bulk.ended");
        batch.push(Store::move_bulk(id, from.word(), to.word(), None, 0));
        batch.push(Store::end_bulk(id, now));
        Ok(self.store.write(batch).await?)
    }

    async fn moved(
        &self,
        id: RecordId,
        from: BulkState,
        to: BulkState,
        body: Option<Vec<u8>>,
        skipped: u64,
    ) -> Result<()> {
        let mut batch = Batch::new("bulk.moved");
        batch.push(Store::move_bulk(id, from.word(), to.word(), body, skipped));
        match self.store.write(batch).await {
            // Somebody pressed twice: the first press is at work.
            Err(store::Error::Stale) => Err(Error::Conflict { version: 0 }),
            other => Ok(other?),
        }
    }

    async fn bulk_body(&self, id: RecordId, body: &Body) -> Result<Vec<u8>> {
        let text = serde_json::to_vec(body).map_err(|e| Error::Setup(e.to_string()))?;
        Ok(seal_search(&self.house_key().await?, id, &text, self.rng())?.into_bytes())
    }
}

type Rows = Vec<(RecordId, Option<i64>, Option<Vec<u8>>)>;

/// Why a record could not be changed, as a stable word; what stops the whole is passed on.
fn why(error: Error) -> Result<&'static str> {
    Ok(match error {
        Error::NotFound(_) => "gone",
        Error::Refused(_) | Error::NotForRole(_) => "refused",
        Error::Conflict { .. } => "conflict",
        Error::Taken => "taken",
        Error::Invalid(wrong) => wrong.first().map_or("invalid", |error| error.code),
        other => return Err(other),
    })
}
