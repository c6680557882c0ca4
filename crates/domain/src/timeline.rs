//! What happened to a record: what was done about it, and how it changed.

use std::sync::Arc;

use kernel::{FieldName, RecordId};
use ledger::Entry;
use model::{Kind, Object};
use seal::{Ask, disclose_past, object_subject, policy::Act};

pub use seal::PastChange as Past;

use crate::{Compare, Ctx, Error, House, Listed, Result, WrittenFilter, records::ListAsk};

/// The object whose records tell what was or will be done: calls, notes, tasks.
pub const ACTIVITY: &str = "activity";
/// How many activities a timeline shows.
const ACTIVITIES: u64 = 50;
/// How many changes a timeline shows.
const CHANGES: u64 = 50;

/// How a record changed.
#[derive(Debug)]
pub struct History {
    /// Its object.
    pub object: Arc<Object>,
    /// Its changes, newest first.
    pub changes: Vec<Past>,
}

impl House {
    /// How a record changed, with old and new values at the level at which the actor sees the present ones.
    pub async fn history(&self, ctx: &Ctx, object: &str, id: RecordId) -> Result<History> {
        self.sweep_if_due(ctx.at).await?;
        let ask = Ask { ..self.ask(ctx, object, Act::View, None) };
        let grant = self.granted(ctx, &ask, &[id]).await?;
        let object = Arc::clone(grant.object());
        let Some(row) = self.store.one(&grant, id, ctx.at).await? else {
            self.record_refusal(ctx, Some(&object.name), &[id], "not_reached").await?;
            return Err(Error::NotFound(object.name.clone()));
        };
        let lines = self.store.history(id, CHANGES).await?;
        let changes = lines.iter().map(|line| Ok(Entry::parse(line)?)).collect::<Result<Vec<_>>>()?;
        let key = match &row.key {
            Some(key) => Some(key.clone()),
            // No cell of this row is sealed, its past values are: under its person's key or the object's.
            None => {
                let subject = row.person.map_or_else(|| object_subject(&object.name), |person| *person.as_bytes());
                self.store.subject_key(subject).await?.map(|key| (key.epoch, key.subject, key.wrapped))
            }
        };
        let at = self.circumstances(ctx);
        let changes = disclose_past(grant, &row, key, changes, &self.keyring, self.store.as_ref(), at).await?;
        Ok(History { object, changes })
    }

    /// The field by which activities are linked to records of this object, if they are and the actor may look for it.
    pub fn activity_link(&self, ctx: &Ctx, object: &str) -> Option<FieldName> {
        let catalog = self.catalog();
        let activity = catalog.object(ACTIVITY)?;
        let ctx = self.suited(ctx, ACTIVITY);
        let field = activity.fields().iter().find(|f| matches!(&f.kind, Kind::Link(to) if to.as_str() == object))?;
        self.may_use(&ctx, ACTIVITY, &field.name).then(|| field.name.clone())
    }

    /// What was and will be done about a record, newest first; none where the actor may not see activities or none are
    /// linked to such records.
    pub async fn activities(&self, ctx: &Ctx, object: &str, id: RecordId) -> Result<Option<Listed>> {
        let Some(link) = self.activity_link(ctx, object) else { return Ok(None) };
        let ask = ListAsk {
            fields: self.activity_fields(ctx),
            filters: vec![WrittenFilter { field: link.to_string(), compare: Compare::Eq, value: id.to_string() }],
            sort: Some(("created_at".into(), true)),
            limit: ACTIVITIES,
            ..ListAsk::default()
        };
        Ok(Some(self.list(&self.suited(ctx, ACTIVITY), ACTIVITY, &ask).await?))
    }

    /// Every field of activities that the actor may see: a timeline shows more than the columns of a list.
    fn activity_fields(&self, ctx: &Ctx) -> Option<Vec<FieldName>> {
        let ctx = self.suited(ctx, ACTIVITY);
        let grant = self.gate().grant(&self.ask(&ctx, ACTIVITY, Act::View, None)).ok()?;
        let fields = grant.object().fields();
        Some(grant.shown().iter().map(|at| fields[*at].name.clone()).collect())
    }
}
