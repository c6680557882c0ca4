//! A lead becomes a contact of a company, and an opportunity where there is one: in one transaction, on record, under the
//! one key of its person.

use kernel::{BasisId, FieldName, PersonId, PurposeName, RecordId};
use ledger::{Act as LedgerAct, Entry};
use model::{Object, Value};
use seal::{Ask, Fields, Grant, SealedRow, Shown, Stored, SubjectKey, policy::Act};
use store::{BasisRow, Batch, Change, ConversionRow, Store};

use super::{COMPANY, CONTACT, CONVERTED, Fate, LEAD, OPPORTUNITY, STATUS};
use crate::{
    BasisDraft, Ctx, Draft, Error, FieldError, House, Look, Result,
    writing::{Amid, Prepared, parse},
};

/// How a lead is to be converted.
#[derive(Clone, Debug, Default)]
pub struct ConversionDraft {
    /// The lead's version that was read.
    pub version: i64,
    /// A contact that is this human already, instead of a new one.
    pub contact: Option<RecordId>,
    /// A company that is there already.
    pub company: Option<RecordId>,
    /// The name of a company to make instead.
    pub company_name: Option<String>,
    /// The name of an opportunity to make; none makes none.
    pub opportunity: Option<String>,
    /// What the contact is for: purposes live for the person, or stated in `bases`.
    pub purposes: Vec<PurposeName>,
    /// Purposes that are not live yet, each on its own ground.
    pub bases: Vec<BasisDraft>,
}

/// What a conversion came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Converted {
    /// The contact.
    pub contact: RecordId,
    /// The company.
    pub company: RecordId,
    /// The opportunity, if one was made.
    pub opportunity: Option<RecordId>,
    /// Whether it can be taken back: the contact was made, not linked.
    pub undoable: bool,
}

impl Converted {
    pub(super) fn of(row: ConversionRow) -> Self {
        let ConversionRow { contact, company, opportunity, contact_made, .. } = row;
        Self { contact, company, opportunity, undoable: contact_made }
    }
}

/// A conversion in the making: what its one transaction brings.
struct Making<'a> {
    house: &'a House,
    ctx: &'a Ctx,
    draft: &'a ConversionDraft,
    lead: &'a SealedRow,
    amid: Amid,
    made: Vec<(&'static str, Prepared)>,
}

impl House {
    /// Converts a lead. Only values that the contact's purposes need go along, still under the person's own key; a
    /// purpose that was not live needs its own ground. Linking a contact who is there already makes two people one:
    /// the lead's values that the contact's person has no purpose for are gone, with the key they were under.
    pub async fn convert(&self, ctx: &Ctx, lead: RecordId, draft: &ConversionDraft) -> Result<Converted> {
        self.sweep_if_due(ctx.at).await?;
        let status = name(STATUS)?;
        let grant = self.lead_grant(ctx, lead, std::slice::from_ref(&status)).await?;
        let row = self.reached(ctx, &grant, lead).await?;
        if row.version != draft.version {
            return Err(Error::Conflict { version: row.version });
        }
        let before = match row.cells.first() {
            Some(Stored::Plain(Value::Text(text))) => text.clone(),
            _ => String::new(),
        };
        if before == CONVERTED {
            return Err(Error::field(STATUS, "converted_already", "this lead was converted already"));
        }
        let person = row.person.ok_or_else(|| Error::NotFound(grant.object().name.clone()))?;
        let bases = self.stated_bases(ctx, person, draft).await?;
        let amid = Amid { made: Vec::new(), bases };
        let mut making = Making { house: self, ctx, draft, lead: &row, amid, made: Vec::new() };
        let company = making.company().await?;
        let (contact, carried) = match draft.contact {
            Some(contact) => (contact, Vec::new()),
            None => making.contact(person, company).await?,
        };
        let opportunity = making.opportunity(company, contact).await?;
        let Making { amid, made, .. } = making;

        let mut batch = Batch::new("lead.converted");
        let mut entries: Vec<Entry> = Vec::new();
        for basis in &amid.bases {
            batch.push(Store::put_basis(basis));
            entries.push(self.basis_entry(ctx, person, basis, LedgerAct::BasisAdded));
        }
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Converted);
        entry.purpose = Some(grant.purpose_name().clone());
        entry.object = Some(grant.object().name.clone());
        entry.records = vec![lead];
        entry.count = 1;
        entry.clear = carried;
        entry.policies = grant.policies().to_vec();
        entries.push(entry);
        let object = std::sync::Arc::clone(grant.object());
        let mut cells = vec![(position(&object, STATUS)?, Stored::Plain(Value::Text(CONVERTED.into())))];
        let mut blind = Vec::new();
        let mut gone = None;
        let mut emptied = Vec::new();
        if let Some(contact) = draft.contact {
            let merged = self.same_human(ctx, &row, person, contact).await?;
            if let Some(merged) = merged {
                emptied = (0..object.fields().len()).filter(|at| object.fields()[*at].find.text()).collect();
                cells.extend(merged.cells);
                blind = merged.blind;
                gone = Some((person, merged.to));
            }
        }
        batch.push(store::update(&Change {
            object: &object,
            id: lead,
            version: draft.version,
            at: ctx.at,
            cells,
            blind,
            owner: None,
            team: None,
        }));
        batch.push(self.announce(&object.name, lead, ctx.at));
        let texts: Vec<_> = made
            .into_iter()
            .map(|(object, made)| {
                batch.extend(made.steps);
                entries.push(made.entry);
                (object, made.written.id, made.texts)
            })
            .collect();
        batch.push(Store::put_conversion(&ConversionRow {
            id: self.new_record(ctx.at),
            lead,
            contact,
            company,
            opportunity,
            contact_made: draft.contact.is_none(),
            company_made: draft.company.is_none(),
            bases: amid.bases.iter().map(|basis| basis.id.to_string()).collect::<Vec<_>>().join(","),
            status: before,
            actor: ctx.actor.id,
            at: ctx.at,
        }));
        match &gone {
            None => self.live_with(ctx, &mut batch, person, amid.bases).await?,
            Some((from, to)) => {
                batch.push(Store::rehome(&object, lead, *to.id.as_bytes(), to));
                batch.extend(Store::begin_erasure(*from, ctx.at));
                let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Merged);
                entry.records = [*from, to.id].map(|id| RecordId::from_bytes(*id.as_bytes())).to_vec();
                entry.count = 2;
                entry.policies = grant.policies().to_vec();
                entries.push(entry);
            }
        }
        self.committed(ctx, &grant, lead, batch, &entries).await?;
        let catalog = self.catalog();
        for (object, id, texts) in texts {
            if let Some(object) = catalog.object(object) {
                self.indexed(object, id, texts);
            }
        }
        if let Some((from, _)) = gone {
            // What of the lead is still there is read back by whoever looks; the index forgets it now.
            self.index.put(&object, vec![(lead, emptied.into_iter().map(|at| (at, None)).collect())]);
            self.finish_erasure(from, ctx.at).await?;
        }
        Ok(Converted { contact, company, opportunity, undoable: draft.contact.is_none() })
    }

    pub(super) async fn lead_grant(&self, ctx: &Ctx, lead: RecordId, fields: &[FieldName]) -> Result<Grant> {
        let ask = Ask { fields: Fields::Named(fields), ..self.ask(ctx, LEAD, Act::Edit, None) };
        self.granted(ctx, &ask, &[lead]).await
    }

    /// Commits; a lead that somebody else changed meanwhile is a conflict.
    pub(super) async fn committed(
        &self,
        ctx: &Ctx,
        grant: &Grant,
        lead: RecordId,
        batch: Batch,
        entries: &[Entry],
    ) -> Result<()> {
        match self.commit(batch, entries).await {
            Err(Error::Store(store::Error::Stale)) => {
                Err(Error::Conflict { version: self.reached(ctx, grant, lead).await?.version })
            }
            done => done,
        }
    }

    /// The steps that set what is live for a person with these bases besides those stored.
    async fn live_with(&self, ctx: &Ctx, batch: &mut Batch, person: PersonId, more: Vec<BasisRow>) -> Result<()> {
        let all = [self.store.bases(person).await?, more].concat();
        self.set_live(batch, &self.catalog(), person, &all, ctx.at, ctx.at);
        Ok(())
    }

    pub(super) fn basis_entry(&self, ctx: &Ctx, person: PersonId, basis: &BasisRow, act: LedgerAct) -> Entry {
        let mut entry = ctx.entry(self.new_entry(ctx.at), act);
        entry.records = vec![RecordId::from_bytes(*person.as_bytes())];
        entry.purpose = self.catalog().purpose_of(basis.purpose).map(|p| p.name.clone());
        entry.basis = Some(format!("{}:{}", basis.law, basis.basis));
        entry
    }

    /// The new bases, checked; every purpose of the contact must be live by now or stated.
    async fn stated_bases(&self, ctx: &Ctx, person: PersonId, draft: &ConversionDraft) -> Result<Vec<BasisRow>> {
        let catalog = self.catalog();
        let known = self.store.person(person).await?.filter(|p| p.erased.is_none());
        let key = self.store.subject_key(*person.as_bytes()).await?;
        let (Some(known), Some(key)) = (known, key) else {
            return Err(Error::field("person", "no_person", "there is no such person"));
        };
        let mut wrong = Vec::new();
        if draft.contact.is_some() && !draft.bases.is_empty() {
            wrong.push(FieldError::new(
                "bases",
                "bases_of_other",
                "the contact's own bases hold; what is missing there is added there",
            ));
        }
        if draft.contact.is_none() && draft.purposes.is_empty() {
            wrong.push(FieldError::new("bases", "basis_missing", "say what the contact is for"));
        }
        wrong.extend(draft.bases.iter().filter_map(|basis| self.check_basis(&catalog, basis).err()));
        for name in &draft.purposes {
            let live = catalog.purpose(name).is_some_and(|p| known.live.has(p.purpose));
            if !live && !draft.bases.iter().any(|basis| basis.purpose == name.as_str()) {
                let what = format!("{name} is not live for this person: state its law and basis");
                wrong.push(FieldError::new("bases", "purpose_without_basis", what));
            }
        }
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let key = self.keyring.subject_key(key.epoch, key.subject, &key.wrapped)?;
        let row = |basis: &BasisDraft| self.basis_row(&catalog, person, &key, basis, None, ctx.at);
        draft.bases.iter().map(row).collect()
    }

    /// The lead sealed anew under the key of the contact's person, if that is another person so far. Values for which
    /// that person has no live purpose, and those the actor sees masked, are left out: they end with the lead's own key.
    async fn same_human(
        &self,
        ctx: &Ctx,
        lead: &SealedRow,
        from: PersonId,
        contact: RecordId,
    ) -> Result<Option<Merged>> {
        let catalog = self.catalog();
        let ask = Ask { fields: Fields::Nothing, ..self.ask(ctx, CONTACT, Act::Edit, None) };
        let grant = self.granted(ctx, &ask, &[contact]).await?;
        let row = self.reached(ctx, &grant, contact).await?;
        let to = row.person.ok_or_else(|| Error::NotFound(grant.object().name.clone()))?;
        if to == from {
            return Ok(None);
        }
        for object in catalog.objects() {
            let mine = self.store.records_about(object, from, &[]).await?;
            if mine.iter().any(|(id, _)| *id != lead.id) {
                let what = "there are more records about the lead's person: they would be lost";
                return Err(Error::field(CONTACT, "person_has_more", what));
            }
        }
        let person = self.store.person(to).await?.filter(|p| p.erased.is_none());
        let key = self.store.subject_key(*to.as_bytes()).await?;
        let (Some(to), Some(key)) = (person, key) else {
            return Err(Error::field("person", "no_person", "there is no such person"));
        };
        let key = self.keyring.subject_key(key.epoch, key.subject, &key.wrapped)?;
        let page = self.get(ctx, LEAD, lead.id, &Look::default()).await?;
        let shown = page.rows.first().ok_or_else(|| Error::NotFound(page.object.name.clone()))?;
        let mut merged = Merged { to, cells: Vec::new(), blind: Vec::new() };
        for (at, field) in page.object.fields().iter().enumerate() {
            if field.name.as_str() == STATUS {
                continue;
            }
            let kept = match page.value(shown, &field.name) {
                Shown::Clear(value) if !field.purposes.and(merged.to.live).is_empty() => Some(value),
                _ => None,
            };
            merged.put(self, &page.object, at, lead.id, kept, &key)?;
        }
        Ok(Some(merged))
    }
}

/// A lead's cells under another person's key.
struct Merged {
    to: store::PersonRow,
    cells: Vec<(usize, Stored)>,
    blind: Vec<(usize, Option<i64>)>,
}

impl Merged {
    fn put(
        &mut self,
        house: &House,
        object: &Object,
        at: usize,
        id: RecordId,
        value: Option<&Value>,
        key: &SubjectKey,
    ) -> Result<()> {
        let field = &object.fields()[at];
        let stored = match value {
            Some(value) => house.stored(object, field, id, value, key)?,
            None => Stored::Null,
        };
        self.cells.push((at, stored));
        if field.find.exact() && field.protect == model::Protect::Cell {
            self.blind.push((at, value.and_then(|value| house.hash(object, field, value))));
        }
        Ok(())
    }
}

impl Making<'_> {
    /// A record of this transaction. It belongs to whom the lead belongs.
    async fn make(
        &mut self,
        object: &'static str,
        fields: Vec<(FieldName, String)>,
        person: Option<PersonId>,
    ) -> Result<RecordId> {
        let owner = self.lead.owner.or(Some(self.ctx.actor.id));
        let draft = Draft { owner, team: self.lead.team, person, ..Draft::default() };
        let names: Vec<FieldName> = fields.iter().map(|(name, _)| name.clone()).collect();
        // What the lead is used for need not be one of this object's purposes.
        let mut ctx = self.ctx.clone();
        let catalog = self.house.catalog();
        let serves = |name: &PurposeName| catalog.object(object).is_some_and(|o| o.purposes.contains(name));
        if !ctx.purpose.as_ref().is_none_or(serves) && ctx.actor.kind == kernel::ActorKind::User {
            ctx.purpose = None;
        }
        let ask = Ask { fields: Fields::Named(&names), ..self.house.ask(&ctx, object, Act::Create, None) };
        let grant = self.house.granted(&ctx, &ask, &[]).await?;
        let (values, wrong) = parse(grant.object(), &fields);
        let made = self.house.prepare_amid(&ctx, &grant, &draft, values, wrong, LedgerAct::Created, &self.amid).await?;
        let id = made.written.id;
        self.amid.made.push(id);
        self.made.push((object, made));
        Ok(id)
    }

    async fn company(&mut self) -> Result<RecordId> {
        let text = self.draft.company_name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        match (self.draft.company, text) {
            (Some(company), _) => Ok(company),
            (None, Some(text)) => self.make(COMPANY, vec![(name("legal_name")?, text.to_owned())], None).await,
            (None, None) => Err(Error::field(COMPANY, "required", "choose a company or name a new one")),
        }
    }

    /// The contact, with those values of the lead that its purposes need: they are disclosed for it, and no others.
    async fn contact(&mut self, person: PersonId, company: RecordId) -> Result<(RecordId, Vec<FieldName>)> {
        let catalog = self.house.catalog();
        let missing = || Error::Unknown("object".into());
        let lead = catalog.object(LEAD).ok_or_else(missing)?;
        let contact = catalog.object(CONTACT).ok_or_else(missing)?;
        let set = self.house.purpose_set(&self.draft.purposes);
        let ask = Ask { fields: Fields::All, ..self.house.ask(self.ctx, LEAD, Act::View, None) };
        let seen = self.house.granted(self.ctx, &ask, &[self.lead.id]).await?.shown().to_vec();
        let carried: Vec<FieldName> = lead
            .fields()
            .iter()
            .enumerate()
            .filter(|(at, field)| {
                seen.contains(at)
                    && field.name.as_str() != COMPANY
                    && matches!(self.house.fate(contact, field, set), Fate::Carried(_))
            })
            .map(|(_, field)| field.name.clone())
            .collect();
        let look = Look { fields: Some(carried.clone()), ..Look::default() };
        let page = self.house.get(self.ctx, LEAD, self.lead.id, &look).await?;
        let row = page.rows.first().ok_or_else(|| Error::NotFound(page.object.name.clone()))?;
        let mut fields = vec![(name(COMPANY)?, company.to_string())];
        for field in carried {
            if let (Shown::Clear(value), Some(definition)) = (page.value(row, &field), page.object.field(&field)) {
                fields.push((field, definition.kind.show(value)));
            }
        }
        let carried = fields.iter().skip(1).map(|(name, _)| name.clone()).collect();
        Ok((self.make(CONTACT, fields, Some(person)).await?, carried))
    }

    async fn opportunity(&mut self, company: RecordId, contact: RecordId) -> Result<Option<RecordId>> {
        let Some(text) = self.draft.opportunity.as_deref().map(str::trim).filter(|name| !name.is_empty()) else {
            return Ok(None);
        };
        let fields = vec![
            (name("name")?, text.to_owned()),
            (name("stage")?, "inquiry".to_owned()),
            (name(COMPANY)?, company.to_string()),
            (name(CONTACT)?, contact.to_string()),
        ];
        Ok(Some(self.make(OPPORTUNITY, fields, None).await?))
    }
}

pub(super) fn name(text: &str) -> Result<FieldName> {
    FieldName::new(text).map_err(|e| Error::Setup(e.to_string()))
}

pub(super) fn position(object: &Object, field: &str) -> Result<usize> {
    let at = object.fields().iter().position(|f| f.name.as_str() == field);
    at.ok_or_else(|| Error::Setup(format!("object {} has no field {field}", object.name)))
}

/// The ids of a list kept as text.
pub(super) fn ids(text: &str) -> Vec<BasisId> {
    text.split(',').filter_map(|id| id.parse().ok()).collect()
}
