//! What an actor may do, asked beforehand, so that a page offers only what will be granted.
//!
//! Asking is neither a read nor an attempt: nothing is recorded and nothing is opened. The act itself is judged again.

use kernel::{FieldName, ObjectName, PurposeName, PurposeSet, RecordId};
use model::Object;
use seal::{
    Ask, Fields,
    policy::{Act, SystemAct},
};

use crate::{Ctx, Error, House, Result, people::about};

impl House {
    /// Whether the actor may do this to some records of an object, for the purpose of the request.
    pub fn may(&self, ctx: &Ctx, object: &str, act: Act) -> bool {
        self.gate().grant(&Ask { fields: Fields::Nothing, ..self.ask(ctx, object, act, None) }).is_ok()
    }

    /// Whether the actor may filter and sort an object by this field.
    pub fn may_use(&self, ctx: &Ctx, object: &str, field: &FieldName) -> bool {
        let uses = std::slice::from_ref(field);
        self.gate().grant(&Ask { fields: Fields::Nothing, uses, ..self.ask(ctx, object, Act::View, None) }).is_ok()
    }

    /// Whether the actor may do this to one record.
    pub async fn may_here(&self, ctx: &Ctx, object: &str, id: RecordId, act: Act) -> Result<bool> {
        match self.gate().grant(&Ask { fields: Fields::Nothing, ..self.ask(ctx, object, act, None) }) {
            Ok(grant) => Ok(self.store.one(&grant, id, ctx.at).await?.is_some()),
            Err(_) => Ok(false),
        }
    }

    /// The refusal of a page or form that is not for the actor, on record.
    pub async fn refuse(&self, ctx: &Ctx, object: &ObjectName, records: &[RecordId], act: Act) -> Error {
        match self.record_refusal(ctx, Some(object), records, act.word()).await {
            Ok(()) => Error::NotForRole(act.word()),
            Err(error) => error,
        }
    }

    /// Whether the actor may do this to the system.
    pub fn may_system(&self, ctx: &Ctx, act: SystemAct) -> bool {
        self.rules().policies().system(ctx.eyes(), act).is_some()
    }

    /// The fields that the actor may fill in, by position in the object.
    pub fn writable(&self, ctx: &Ctx, object: &str, act: Act) -> Vec<usize> {
        let grant = self.gate().grant(&Ask { fields: Fields::All, ..self.ask(ctx, object, act, None) });
        grant.map_or_else(|_| Vec::new(), |grant| grant.shown().to_vec())
    }

    /// The fields that the actor may see on some record for the purpose of the request, by position in the object.
    pub fn visible(&self, ctx: &Ctx, object: &str) -> Vec<usize> {
        self.writable(ctx, object, Act::View)
    }

    /// The purposes that the actor may use an object for, the usual one first.
    pub fn usable_purposes(&self, ctx: &Ctx, object: &Object) -> Vec<PurposeName> {
        let rules = self.rules();
        let mut usable = rules.policies().purposes_for(ctx.eyes(), &object.name);
        if ctx.emergency {
            let more = rules.policies().emergency_purposes(ctx.eyes(), &object.name);
            usable.extend(more.into_iter().filter(|name| !usable.contains(name)).collect::<Vec<_>>());
        }
        usable
    }

    /// The same, as far as they are live on a record.
    pub fn live_purposes(&self, ctx: &Ctx, object: &Object, live: PurposeSet) -> Vec<PurposeName> {
        let catalog = self.catalog();
        let mut usable = self.usable_purposes(ctx, object);
        usable.retain(|name| catalog.purpose(name).is_some_and(|p| live.has(p.purpose)));
        usable
    }
}

impl House {
    /// The links that say whom a record of this object is about; they stay as they are once the record is made.
    pub fn subject_links(&self, object: &Object) -> Vec<FieldName> {
        about(&self.catalog(), object).into_iter().cloned().collect()
    }
}
