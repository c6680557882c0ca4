//! Taking a conversion back, and giving a lead up.

use jiff::SignedDuration;
use kernel::RecordId;
use ledger::Act as LedgerAct;
use model::{Kind, Value};
use seal::{Ask, Fields, Stored, policy::Act};
use store::{Batch, Change, Store};

use super::{
    COMPANY, CONTACT, DISQUALIFIED, LEAD, OPPORTUNITY, REASON, STATUS,
    conversion::{ids, name, position},
};
use crate::{Ctx, Edit, Error, House, Result, Written};

/// How long a conversion can be taken back.
const UNDO: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The status of a lead that was given up and taken up again.
const AGAIN: &str = "contacted";

impl House {
    /// Takes a conversion back: what it made is deleted, what it stated ends, the lead is what it was. Only within a
    /// week, as long as nothing made by it was changed and nothing else links to it.
    pub async fn take_conversion_back(&self, ctx: &Ctx, lead: RecordId) -> Result<()> {
        self.sweep_if_due(ctx.at).await?;
        let grant = self.lead_grant(ctx, lead, &[name(STATUS)?]).await?;
        let row = self.reached(ctx, &grant, lead).await?;
        let done = self
            .store
            .conversion(lead)
            .await?
            .ok_or_else(|| Error::Unknown("conversion of this lead that stands".into()))?;
        let late = ctx.at.duration_since(done.at) > UNDO;
        if !done.contact_made || late {
            return Err(Error::field(STATUS, "conversion_final", "this conversion cannot be taken back any more"));
        }
        let mut made: Vec<(&str, RecordId)> = vec![(CONTACT, done.contact)];
        made.extend(done.opportunity.map(|id| (OPPORTUNITY, id)));
        made.extend(done.company_made.then_some((COMPANY, done.company)));
        let all: Vec<RecordId> = made.iter().map(|(_, id)| *id).chain([lead]).collect();
        let catalog = self.catalog();
        let mut batch = Batch::new("lead.conversion_withdrawn");
        let mut entries = Vec::new();
        for (object, id) in &made {
            let ask = Ask { fields: Fields::Nothing, ..self.ask(ctx, object, Act::Edit, None) };
            let grant = self.granted(ctx, &ask, &[*id]).await?;
            let row = self.reached(ctx, &grant, *id).await?;
            if row.version != 1 || self.is_linked_elsewhere(object, *id, &all).await? {
                let what = "what the conversion made was used since: delete it by hand if it is wrong";
                return Err(Error::field(*object, "conversion_used", what));
            }
            batch.push(store::delete(grant.object(), *id, 1));
            batch.push(Store::drop_stages(*id));
            batch.push(self.announce(object, *id, ctx.at));
            let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Deleted);
            entry.purpose = Some(grant.purpose_name().clone());
            entry.object = Some(grant.object().name.clone());
            entry.records = vec![*id];
            entry.count = 1;
            entry.policies = grant.policies().to_vec();
            entry.why = Some("conversion_withdrawn".into());
            entries.push(entry);
        }
        if let Some(person) = row.person {
            let mut bases = self.store.bases(person).await?;
            let stated = ids(&done.bases);
            for basis in bases.iter_mut().filter(|b| stated.contains(&b.id) && b.ended.is_none()) {
                basis.ended = Some(ctx.at);
                batch.push(Store::end_basis(basis.id, ctx.at));
                entries.push(self.basis_entry(ctx, person, basis, LedgerAct::BasisEnded));
            }
            self.set_live(&mut batch, &catalog, person, &bases, ctx.at, ctx.at);
        }
        let object = std::sync::Arc::clone(grant.object());
        batch.push(store::update(&Change {
            object: &object,
            id: lead,
            version: row.version,
            at: ctx.at,
            cells: vec![(position(&object, STATUS)?, Stored::Plain(Value::Text(done.status.clone())))],
            blind: Vec::new(),
            owner: None,
            team: None,
        }));
        batch.push(self.announce(LEAD, lead, ctx.at));
        batch.push(Store::undo_conversion(done.id, ctx.at));
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Withdrawn);
        entry.purpose = Some(grant.purpose_name().clone());
        entry.object = Some(object.name.clone());
        entry.records = vec![lead];
        entry.count = 1;
        entry.policies = grant.policies().to_vec();
        entry.why = Some("conversion".into());
        entries.push(entry);
        self.committed(ctx, &grant, lead, batch, &entries).await?;
        for (object, id) in made {
            self.index.remove(object, id);
        }
        match row.person {
            Some(person) => self.expire(person, ctx.at).await,
            None => Ok(()),
        }
    }

    /// Whether a record that the conversion did not make links to this one.
    async fn is_linked_elsewhere(&self, object: &str, id: RecordId, but: &[RecordId]) -> Result<bool> {
        let catalog = self.catalog();
        for other in catalog.objects() {
            for (at, field) in other.fields().iter().enumerate() {
                let links = matches!(&field.kind, Kind::Link(to) if to.as_str() == object);
                if links && self.store.is_linked(other, at, id, but).await? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Gives a lead up, for a reason that is one of the field's choices.
    pub async fn disqualify(&self, ctx: &Ctx, lead: RecordId, reason: &str, version: i64) -> Result<Written> {
        if reason.trim().is_empty() {
            return Err(Error::field(REASON, "required", "say why"));
        }
        self.set_status(ctx, lead, DISQUALIFIED, reason, version).await
    }

    /// Takes a lead up again that was given up.
    pub async fn requalify(&self, ctx: &Ctx, lead: RecordId, version: i64) -> Result<Written> {
        self.set_status(ctx, lead, AGAIN, "", version).await
    }

    async fn set_status(&self, ctx: &Ctx, lead: RecordId, to: &str, reason: &str, version: i64) -> Result<Written> {
        if self.store.conversion(lead).await?.is_some() {
            // Only after the gate has let the actor know of the lead may its state be told.
            let grant = self.lead_grant(ctx, lead, &[name(STATUS)?]).await?;
            self.reached(ctx, &grant, lead).await?;
            return Err(Error::field(STATUS, "converted_already", "this lead was converted already"));
        }
        let fields = vec![(name(STATUS)?, to.to_owned()), (name(REASON)?, reason.to_owned())];
        self.change(ctx, LEAD, lead, &Edit { fields, version, ..Edit::default() }).await
    }
}
