//! What converting a lead would come to: which values go along, which stay and why, and who may be there already.

use kernel::{FieldName, PurposeName, PurposeSet, RecordId};
use model::{Field, Object};
use seal::{Disclosed, Shown};

use super::{COMPANY, CONTACT, LEAD};
use crate::{Compare, Ctx, Error, House, ListAsk, Look, Result, Title, WrittenFilter};

/// What becomes of one value of the lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It goes to the contact, because these purposes of the contact need it.
    Carried(Vec<PurposeName>),
    /// A contact has no such field.
    NoField,
    /// No purpose that the contact will serve needs it; these would.
    NotNeeded(Vec<PurposeName>),
    /// The reader sees it masked: only who may see a value may carry it.
    Masked,
}

/// A field of the lead that has a value, and what becomes of it.
#[derive(Clone, Debug)]
pub struct FieldFate {
    /// The field of the lead.
    pub field: FieldName,
    /// What becomes of its value.
    pub fate: Fate,
}

/// What a conversion would do.
#[derive(Debug)]
pub struct ConversionPlan {
    /// The lead, as it was disclosed for this.
    pub lead: Disclosed,
    /// The purposes that a contact may serve and that are live for this person now.
    pub live: Vec<PurposeName>,
    /// The purposes that the contact would serve.
    pub chosen: Vec<PurposeName>,
    /// Every value of the lead and its fate.
    pub fields: Vec<FieldFate>,
    /// Contacts with the same e-mail or phone that the reader may see.
    pub contacts: Vec<(RecordId, Title)>,
    /// Companies that may be the lead's.
    pub companies: Vec<(RecordId, Title)>,
    /// The name of the lead's company, as far as the reader may see it.
    pub company_name: String,
    /// The contact, company and opportunity of a conversion that stands.
    pub done: Option<super::Converted>,
}

/// At most so many possible matches are shown.
const OFFERED: u64 = 5;

impl House {
    /// What converting a lead would do. `chosen` are the purposes that the contact shall serve; none takes those that
    /// are live and that the reader works for. Reading it is a view of the lead, on record.
    pub async fn conversion_plan(
        &self,
        ctx: &Ctx,
        lead: RecordId,
        chosen: Option<&[PurposeName]>,
    ) -> Result<ConversionPlan> {
        let page = self.get(ctx, LEAD, lead, &Look::default()).await?;
        let catalog = self.catalog();
        let contact = catalog.object(CONTACT).ok_or_else(|| Error::Unknown("object of contacts".into()))?;
        let row = page.rows.first().ok_or_else(|| Error::NotFound(page.object.name.clone()))?;
        let live: Vec<PurposeName> = contact
            .purposes
            .iter()
            .filter(|name| catalog.purpose(name).is_some_and(|p| row.live.has(p.purpose)))
            .cloned()
            .collect();
        let mine = self.usable_purposes(ctx, contact);
        let chosen: Vec<PurposeName> = match chosen {
            Some(chosen) => chosen.to_vec(),
            None => live.iter().filter(|name| mine.contains(name)).cloned().collect(),
        };
        let set = self.purpose_set(&chosen);
        let mut fields = Vec::new();
        for at in &page.fields {
            let field = &page.object.fields()[*at];
            let fate = match page.value(row, &field.name) {
                Shown::Empty => continue,
                Shown::Masked(_) => Fate::Masked,
                Shown::Clear(_) => self.fate(contact, field, set),
            };
            fields.push(FieldFate { field: field.name.clone(), fate });
        }
        let text = |name: &str| match page.value(row, name) {
            Shown::Clear(value) => page.object.field(name).map(|f| f.kind.show(value)).unwrap_or_default(),
            Shown::Masked(_) | Shown::Empty => String::new(),
        };
        let company_name = text("company_name");
        let contacts = self.same_people(ctx, &["email", "mobile", "phone"].map(|name| (name, text(name)))).await?;
        let companies = self.same_companies(ctx, &text("company"), &company_name).await?;
        let done = self.store.conversion(lead).await?.map(super::Converted::of);
        Ok(ConversionPlan { live, chosen, fields, contacts, companies, company_name, done, lead: page })
    }

    pub(super) fn purpose_set(&self, names: &[PurposeName]) -> PurposeSet {
        let catalog = self.catalog();
        names.iter().filter_map(|name| Some(catalog.purpose(name)?.purpose)).collect()
    }

    /// What becomes of a clear value of this field of the lead at a contact that serves these purposes.
    pub(super) fn fate(&self, contact: &Object, field: &Field, chosen: PurposeSet) -> Fate {
        let same = |other: &&Field| std::mem::discriminant(&other.kind) == std::mem::discriminant(&field.kind);
        let Some(to) = contact.field(&field.name).filter(same) else { return Fate::NoField };
        let catalog = self.catalog();
        let needing = to.purposes.and(chosen);
        match needing.is_empty() && to.is_personal() {
            true => Fate::NotNeeded(catalog.names_of(to.purposes).into_iter().cloned().collect()),
            false => Fate::Carried(catalog.names_of(needing).into_iter().cloned().collect()),
        }
    }

    /// Contacts that have one of these values, as far as the actor may see them; others look as if there were none.
    async fn same_people(&self, ctx: &Ctx, values: &[(&str, String)]) -> Result<Vec<(RecordId, Title)>> {
        let mut found: Vec<(RecordId, Title)> = Vec::new();
        for (field, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
            let filter = WrittenFilter { field: (*field).into(), compare: Compare::Eq, value: value.clone() };
            found.extend(self.titled(ctx, CONTACT, ListAsk { filters: vec![filter], ..ListAsk::default() }).await?);
        }
        found.sort_by_key(|(id, _)| *id);
        found.dedup_by_key(|(id, _)| *id);
        Ok(found)
    }

    /// The company that the lead names by link, or those whose name holds the name it gives.
    async fn same_companies(&self, ctx: &Ctx, linked: &str, name: &str) -> Result<Vec<(RecordId, Title)>> {
        if !linked.is_empty() {
            let filter = WrittenFilter { field: "id".into(), compare: Compare::Eq, value: linked.to_owned() };
            return self.titled(ctx, COMPANY, ListAsk { filters: vec![filter], ..ListAsk::default() }).await;
        }
        // "Starway Ltd." and "Starway Electronics" may be one: the first word finds both.
        let first = name.split_whitespace().next().unwrap_or_default();
        for text in [name.trim(), first] {
            if text.chars().count() < 2 {
                continue;
            }
            let found = self.titled(ctx, COMPANY, ListAsk { q: Some(text.to_owned()), ..ListAsk::default() }).await?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    async fn titled(&self, ctx: &Ctx, object: &str, ask: ListAsk) -> Result<Vec<(RecordId, Title)>> {
        let catalog = self.catalog();
        let title = catalog.object(object).map(|o| o.title.clone()).unwrap_or_default();
        // The purpose chosen for the lead need not be one of the other object's.
        let mut ctx = ctx.clone();
        let serves = |name: &PurposeName| catalog.object(object).is_some_and(|o| o.purposes.contains(name));
        if ctx.actor.kind == kernel::ActorKind::User && !ctx.purpose.as_ref().is_none_or(serves) {
            ctx.purpose = None;
        }
        let ask = ListAsk { fields: Some(title), limit: OFFERED, ..ask };
        match self.list(&ctx, object, &ask).await {
            Ok(listed) => Ok(listed.page.rows.iter().map(|row| (row.id, Title::of(&listed.page, row))).collect()),
            // A role that may not look for such people is told of none.
            Err(Error::Refused(_)) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}
