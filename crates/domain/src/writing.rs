//! Writing records: create, change, delete. Checked in whole, written in one transaction with its ledger entry.

use std::collections::BTreeMap;

use kernel::{ActorId, FieldName, Level, PersonId, PurposeSet, RecordId, TeamId};
use ledger::{Act as LedgerAct, Entry, SealedPart};
use model::{Catalog, Field, Kind, Object, Protect, Subject, Value};
use seal::{
    Ask, Fields, Grant, Place, SealedRow, Stored, SubjectKey, literal, object_subject, past_name,
    policy::{Act, Attr, Literal, Row as PolicyRow},
};
use store::{BasisRow, Batch, Change, NewRow, Store};

use crate::{
    Ctx, Error, FieldError, House, Result, index,
    people::{BasisDraft, about, live},
};

/// A record to be made.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Fields and their texts; an empty text is no value.
    pub fields: Vec<(FieldName, String)>,
    /// Who owns it; the actor if nobody is named.
    pub owner: Option<ActorId>,
    /// Its team; the actor's if none is named.
    pub team: Option<TeamId>,
    /// Where the data of a new person came from.
    pub source: Option<String>,
    /// What a new person's data are used for, and on which grounds.
    pub bases: Vec<BasisDraft>,
    /// A person there is already, instead of a new one.
    pub person: Option<PersonId>,
}

/// A change of a record.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// Fields and their new texts; an empty text empties.
    pub fields: Vec<(FieldName, String)>,
    /// A new owner.
    pub owner: Option<Option<ActorId>>,
    /// A new team.
    pub team: Option<Option<TeamId>>,
    /// The version that was read.
    pub version: i64,
}

/// What was made: its id and version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// The record.
    pub id: RecordId,
    /// Its version now.
    pub version: i64,
    /// The person it is about.
    pub person: Option<PersonId>,
}

/// A record prepared for insertion; several of them make one transaction of an import.
pub(crate) struct Prepared {
    pub written: Written,
    pub steps: Vec<store::Step>,
    pub entry: Entry,
    pub texts: index::Texts,
}

/// What else the same transaction brings, on which a record in it may rest.
#[derive(Default)]
pub(crate) struct Amid {
    /// Records made in it: links may point at them.
    pub made: Vec<RecordId>,
    /// Bases stated in it for the person the record is about; the transaction also sets what is live.
    pub bases: Vec<BasisRow>,
}

/// A parsed value, or none: by the field's position.
pub(crate) type Values = BTreeMap<usize, Option<Value>>;

impl House {
    /// Makes a record.
    pub async fn create(&self, ctx: &Ctx, object: &str, draft: &Draft) -> Result<Written> {
        self.made(ctx, object, draft, None).await
    }

    /// Makes a record under an Idempotency-Key: the same key and request give the record made before, and `true`.
    pub async fn create_once(
        &self,
        ctx: &Ctx,
        object: &str,
        draft: &Draft,
        key: Option<&[u8]>,
        request: &[u8],
    ) -> Result<(RecordId, bool)> {
        let Some(key) = key else { return Ok((self.create(ctx, object, draft).await?.id, false)) };
        let key = self.keyring.digest("idempotency.key", &[ctx.actor.id.as_bytes(), key].concat());
        let request = self.keyring.digest("idempotency.request", &[object.as_bytes(), b"\0", request].concat());
        if let Some(made) = self.made_before(key, request, object).await? {
            return Ok((made, true));
        }
        match self.made(ctx, object, draft, Some((key, request))).await {
            Ok(written) => Ok((written.id, false)),
            // Two requests with one key at once: the other one won.
            Err(Error::Taken) => match self.made_before(key, request, object).await? {
                Some(made) => Ok((made, true)),
                None => Err(Error::Taken),
            },
            Err(error) => Err(error),
        }
    }

    async fn made_before(&self, key: [u8; 32], request: [u8; 32], object: &str) -> Result<Option<RecordId>> {
        match self.store.idempotent(key).await? {
            Some((was, name, record)) if was == request && name == object => Ok(Some(record)),
            Some(_) => Err(Error::KeyReused),
            None => Ok(None),
        }
    }

    async fn made(
        &self,
        ctx: &Ctx,
        object: &str,
        draft: &Draft,
        once: Option<([u8; 32], [u8; 32])>,
    ) -> Result<Written> {
        self.sweep_if_due(ctx.at).await?;
        let made = self.prepare(ctx, object, draft, Act::Create, LedgerAct::Created).await?;
        let mut batch = Batch::new("record.created");
        batch.extend(made.steps);
        if let Some((key, request)) = once {
            batch.push(Store::put_idempotent(key, request, object, made.written.id, ctx.at));
        }
        self.commit(batch, std::slice::from_ref(&made.entry)).await?;
        if let Some(object) = self.catalog().object(object) {
            self.indexed(object, made.written.id, made.texts);
        }
        Ok(made.written)
    }

    /// Checks a draft and says what to write; nothing is written yet.
    pub(crate) async fn prepare(
        &self,
        ctx: &Ctx,
        object: &str,
        draft: &Draft,
        act: Act,
        word: LedgerAct,
    ) -> Result<Prepared> {
        let names: Vec<FieldName> = draft.fields.iter().map(|(name, _)| name.clone()).collect();
        let ask = Ask { fields: Fields::Named(&names), ..self.ask(ctx, object, act, None) };
        let grant = self.granted(ctx, &ask, &[]).await?;
        let (values, wrong) = parse(grant.object(), &draft.fields);
        self.prepare_values(ctx, &grant, draft, values, wrong, word).await
    }

    /// The same for values that are parsed already; `wrong` is what was found wrong so far.
    pub(crate) async fn prepare_values(
        &self,
        ctx: &Ctx,
        grant: &Grant,
        draft: &Draft,
        values: Values,
        wrong: Vec<FieldError>,
        word: LedgerAct,
    ) -> Result<Prepared> {
        self.prepare_amid(ctx, grant, draft, values, wrong, word, &Amid::default()).await
    }

    /// The same for a record that is written together with others.
    #[expect(clippy::too_many_arguments, reason = "the one above, and what the transaction brings besides")]
    pub(crate) async fn prepare_amid(
        &self,
        ctx: &Ctx,
        grant: &Grant,
        draft: &Draft,
        values: Values,
        mut wrong: Vec<FieldError>,
        word: LedgerAct,
        amid: &Amid,
    ) -> Result<Prepared> {
        let act = grant.act();
        let definition = std::sync::Arc::clone(grant.object());
        for (at, field) in definition.fields().iter().enumerate().filter(|(_, f)| f.required) {
            if values.get(&at).is_none_or(Option::is_none) && !wrong.iter().any(|e| e.field == field.name.as_str()) {
                wrong.push(FieldError::new(field.name.as_str(), "required", "is required"));
            }
        }
        wrong.extend(self.check_links(ctx, &definition, &values, &amid.made).await?);
        if word != LedgerAct::Imported {
            // A file brings what was; what is made here holds what its stage needs.
            wrong.extend(self.stage_lacks(ctx, &definition, None, &values).await?);
        }

        // Whose data it is: a new person, one there is already, the person behind a link, or nobody.
        let mut steps = Vec::new();
        let mut bases_words = None;
        let (person, live, live_until, restricted, key, subject) = match &definition.subject {
            Subject::Person if draft.person.is_none() => {
                match self.new_person_with(ctx, draft.source.as_deref(), &draft.bases) {
                    Err(errors) => {
                        wrong.extend(errors);
                        return Err(Error::Invalid(wrong));
                    }
                    Ok(made) => {
                        let made = made?;
                        bases_words = made.bases.first().map(|b| format!("{}:{}", b.law, b.basis));
                        steps.push(Store::put_subject_key(&made.wrapped));
                        steps.push(Store::put_person(&made.row));
                        steps.extend(made.bases.iter().map(Store::put_basis));
                        let row = made.row;
                        (Some(row.id), row.live, row.live_until, false, made.key, *row.id.as_bytes())
                    }
                }
            }
            _ => {
                let person = match (&definition.subject, draft.person) {
                    (Subject::Person, Some(person)) if self.may_know(ctx, person).await? => Some(person),
                    // Somebody the actor may not know is answered as somebody who is not there.
                    (Subject::Person, Some(_)) => {
                        return Err(Error::field("person", "no_person", "there is no such person"));
                    }
                    _ => self.person_behind(&definition, &values).await?,
                };
                match person {
                    Some(id) => {
                        let row = self.store.person(id).await?.filter(|p| p.erased.is_none());
                        let key = self.store.subject_key(*id.as_bytes()).await?;
                        let (Some(row), Some(key)) = (row, key) else {
                            return Err(Error::field("person", "no_person", "there is no such person"));
                        };
                        let key = self.keyring.subject_key(key.epoch, key.subject, &key.wrapped)?;
                        let (now, until) = match amid.bases.as_slice() {
                            [] => (row.live, row.live_until),
                            more => {
                                let all = [self.store.bases(id).await?, more.to_vec()].concat();
                                live(&self.catalog(), &all, ctx.at, ctx.at)
                            }
                        };
                        (Some(id), now, until, row.restricted, key, *id.as_bytes())
                    }
                    None => {
                        let subject = object_subject(&definition.name);
                        let key =
                            self.store.subject_key(subject).await?.ok_or_else(|| {
                                Error::Setup(format!("the key of object {} is missing", definition.name))
                            })?;
                        let key = self.keyring.subject_key(key.epoch, key.subject, &key.wrapped)?;
                        (None, PurposeSet::ALL, None, false, key, subject)
                    }
                }
            }
        };
        wrong.extend(self.dead_purposes(&definition, &values, live));
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }

        let id = self.new_record(ctx.at);
        let owner = draft.owner.or((ctx.actor.kind == kernel::ActorKind::User).then_some(ctx.actor.id));
        let team = draft.team.or(ctx.actor.team);
        let row = Made { id, owner, team, live, restricted, definition: &definition, values: &values, grant };
        if !grant.reaches(&row) {
            self.record_refusal(ctx, Some(&definition.name), &[], act.word()).await?;
            return Err(Error::Refused(seal::Error::refused(act.word(), &definition.name, grant.purpose_name())));
        }
        self.may_write(grant, &definition, &values, &row)?;

        let mut cells = Vec::new();
        let mut blind = Vec::new();
        let mut texts = Vec::new();
        for (at, value) in values.iter().filter_map(|(at, v)| Some((*at, v.as_ref()?))) {
            let field = &definition.fields()[at];
            let stored = self.stored(&definition, field, id, value, &key)?;
            cells.push((at, stored));
            if let Some(hash) = self.hash(&definition, field, value) {
                blind.push((at, hash));
            }
            if field.find.text() {
                texts.push((at, index::text(&field.kind, &field.kind.show(value))));
            }
        }
        steps.push(store::insert(&NewRow {
            object: &definition,
            id,
            person,
            subject,
            owner,
            team,
            live,
            live_until,
            restricted,
            at: ctx.at,
            cells,
            blind,
        }));
        if let Some(person) = person
            && bases_words.is_none()
            && amid.bases.is_empty()
        {
            let mut touch = Batch::new("touch");
            self.touch(&mut touch, person, ctx.at).await?;
            steps.extend(touch.into_steps());
        }
        steps.extend(self.follow_steps(ctx, &definition, id, &values));
        steps.push(self.announce(&definition.name, id, ctx.at));
        let mut entry = ctx.entry(self.new_entry(ctx.at), word);
        entry.purpose = Some(grant.purpose_name().clone());
        entry.basis = bases_words;
        entry.object = Some(definition.name.clone());
        entry.records = vec![id];
        entry.count = 1;
        entry.clear =
            values.iter().filter(|(_, v)| v.is_some()).map(|(at, _)| definition.fields()[*at].name.clone()).collect();
        entry.policies = grant.policies().to_vec();
        Ok(Prepared { written: Written { id, version: 1, person }, steps, entry, texts })
    }

    /// Changes a record.
    pub async fn change(&self, ctx: &Ctx, object: &str, id: RecordId, edit: &Edit) -> Result<Written> {
        self.sweep_if_due(ctx.at).await?;
        let names: Vec<FieldName> = edit.fields.iter().map(|(name, _)| name.clone()).collect();
        let ask = Ask { fields: Fields::Named(&names), ..self.ask(ctx, object, Act::Edit, None) };
        let grant = self.granted(ctx, &ask, &[id]).await?;
        let definition = std::sync::Arc::clone(grant.object());
        let row = self.reached(ctx, &grant, id).await?;
        if row.version != edit.version {
            return Err(Error::Conflict { version: row.version });
        }
        let (values, mut wrong) = parse(&definition, &edit.fields);
        for (at, value) in &values {
            let field = &definition.fields()[*at];
            if field.required && value.is_none() {
                wrong.push(FieldError::new(field.name.as_str(), "required", "is required"));
            }
        }
        for link in about(&self.catalog(), &definition) {
            // The cells are sealed under the key of the person the record is about; another person is another record.
            if values.keys().any(|at| definition.fields()[*at].name == *link) {
                let what = "cannot be changed; make a new record instead";
                wrong.push(FieldError::new(link.as_str(), "subject_fixed", what));
            }
        }
        wrong.extend(self.check_links(ctx, &definition, &values, &[]).await?);
        wrong.extend(self.stage_lacks(ctx, &definition, Some(id), &values).await?);
        wrong.extend(self.dead_purposes(&definition, &values, row.live));
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        self.may_write(&grant, &definition, &values, &row.seen(&grant))?;
        let subject = row.person.map_or_else(|| object_subject(&definition.name), |p| *p.as_bytes());
        let (epoch, subject, wrapped) = match &row.key {
            Some(key) => key.clone(),
            None => {
                let key = self
                    .store
                    .subject_key(subject)
                    .await?
                    .ok_or_else(|| Error::Setup(format!("the key of object {} is missing", definition.name)))?;
                (key.epoch, key.subject, key.wrapped)
            }
        };
        let key = self.keyring.subject_key(epoch, subject, &wrapped)?;
        let mut cells = Vec::new();
        let mut blind = Vec::new();
        let mut sealed = Vec::new();
        let mut texts = Vec::new();
        for (at, value) in &values {
            let field = &definition.fields()[*at];
            if let Some(old) = self.old_part(&definition, field, &row, &grant, *at, &key, subject)? {
                sealed.push(old);
            }
            let stored = match value {
                None => Stored::Null,
                Some(value) => self.stored(&definition, field, id, value, &key)?,
            };
            if let Some(value) = value {
                let bytes = match &stored {
                    Stored::Cell(cell) => cell.as_bytes().to_vec(),
                    _ => self.ledger_cell(&definition, field, id, value, &key)?,
                };
                sealed.push(part(subject, field, "new", &bytes));
            }
            cells.push((*at, stored));
            if field.find.exact() && field.protect == Protect::Cell {
                blind.push((*at, value.as_ref().and_then(|v| self.hash(&definition, field, v))));
            }
            if field.find.text() {
                let text = value.as_ref().and_then(|v| index::text(&field.kind, &field.kind.show(v)));
                texts.push((*at, text));
            }
        }
        let mut batch = Batch::new("record.changed");
        batch.push(store::update(&Change {
            object: &definition,
            id,
            version: edit.version,
            at: ctx.at,
            cells,
            blind,
            owner: edit.owner,
            team: edit.team,
        }));
        if let Some(person) = row.person {
            self.touch(&mut batch, person, ctx.at).await?;
        }
        batch.extend(self.follow_steps(ctx, &definition, id, &values));
        batch.extend(self.lines_follow(&definition, id, edit.owner, edit.team)?);
        batch.push(self.announce(&definition.name, id, ctx.at));
        let moved = edit.owner.is_some() || edit.team.is_some();
        let word = if moved && values.is_empty() { LedgerAct::Assigned } else { LedgerAct::Changed };
        let mut entry = ctx.entry(self.new_entry(ctx.at), word);
        entry.purpose = Some(grant.purpose_name().clone());
        entry.object = Some(definition.name.clone());
        entry.records = vec![id];
        entry.count = 1;
        entry.clear = values.keys().map(|at| definition.fields()[*at].name.clone()).collect();
        entry.policies = grant.policies().to_vec();
        entry.sealed = sealed;
        match self.commit(batch, &[entry]).await {
            Ok(()) => {}
            Err(Error::Store(store::Error::Stale)) => {
                let now = self.reached(ctx, &grant, id).await?;
                return Err(Error::Conflict { version: now.version });
            }
            Err(error) => return Err(error),
        }
        self.indexed(&definition, id, texts);
        Ok(Written { id, version: edit.version + 1, person: row.person })
    }

    /// Deletes a record. The last record of a person takes the person with it.
    pub async fn delete(&self, ctx: &Ctx, object: &str, id: RecordId, version: i64) -> Result<()> {
        self.sweep_if_due(ctx.at).await?;
        let ask = Ask { fields: Fields::Nothing, ..self.ask(ctx, object, Act::Delete, None) };
        let grant = self.granted(ctx, &ask, &[id]).await?;
        let definition = std::sync::Arc::clone(grant.object());
        let row = self.reached(ctx, &grant, id).await?;
        if row.version != version {
            return Err(Error::Conflict { version: row.version });
        }
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Deleted);
        entry.purpose = Some(grant.purpose_name().clone());
        entry.object = Some(definition.name.clone());
        entry.records = vec![id];
        entry.count = 1;
        entry.policies = grant.policies().to_vec();
        let mut batch = Batch::new("record.deleted");
        batch.push(store::delete(&definition, id, version));
        batch.push(Store::drop_stages(id));
        batch.push(self.announce(&definition.name, id, ctx.at));
        match self.commit(batch, &[entry]).await {
            Ok(()) => {}
            Err(Error::Store(store::Error::Stale)) => {
                let now = self.reached(ctx, &grant, id).await?;
                return Err(Error::Conflict { version: now.version });
            }
            Err(error) => return Err(error),
        }
        self.index.remove(&definition.name, id);
        if definition.subject == Subject::Person
            && let Some(person) = row.person
            && !self.has_person_records(person).await?
        {
            self.erase_now(ctx, person, LedgerAct::Erased).await?;
        }
        Ok(())
    }

    /// Brings a record this process wrote into its own index; the change feed need not.
    pub(crate) fn indexed(&self, object: &Object, id: RecordId, texts: index::Texts) {
        self.index.put(object, vec![(id, texts)]);
        self.index.own(&object.name, id);
    }

    async fn has_person_records(&self, person: PersonId) -> Result<bool> {
        let catalog = self.catalog();
        for object in catalog.objects().filter(|o| o.subject == Subject::Person) {
            if !self.store.records_about(object, person, &[]).await?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The row a writing grant reaches, or the same answer as for a record that is not there.
    pub(crate) async fn reached(&self, ctx: &Ctx, grant: &Grant, id: RecordId) -> Result<SealedRow> {
        if let Some(row) = self.store.one(grant, id, ctx.at).await? {
            return Ok(row);
        }
        let name = grant.object().name.clone();
        self.record_refusal(ctx, Some(&name), &[id], "not_reached").await?;
        Err(Error::NotFound(name))
    }

    /// Links must point at records the actor may know of.
    async fn check_links(
        &self,
        ctx: &Ctx,
        object: &Object,
        values: &Values,
        made: &[RecordId],
    ) -> Result<Vec<FieldError>> {
        let mut wrong = Vec::new();
        for (at, value) in values {
            let field = &object.fields()[*at];
            let (Kind::Link(to), Some(Value::Link(id))) = (&field.kind, value) else { continue };
            if made.contains(id) {
                continue;
            }
            let ask = Ask { fields: Fields::Nothing, ..self.ask(ctx, to, Act::View, None) };
            let known = match self.gate().grant(&ask) {
                Ok(grant) => self.store.one(&grant, *id, ctx.at).await?.is_some(),
                Err(_) => false,
            };
            if !known {
                wrong.push(FieldError::new(field.name.as_str(), "no_such_record", format!("there is no such {to}")));
            }
        }
        Ok(wrong)
    }

    async fn person_behind(&self, object: &Object, values: &Values) -> Result<Option<PersonId>> {
        let catalog = self.catalog();
        for link in about(&catalog, object) {
            let Some(at) = object.fields().iter().position(|field| field.name == *link) else { continue };
            if let (Kind::Link(to), Some(Some(Value::Link(id)))) = (&object.fields()[at].kind, values.get(&at))
                && let Some(linked) = catalog.object(to)
                && let Some(person) = self.store.person_of(linked, *id).await?
            {
                return Ok(Some(person));
            }
        }
        Ok(None)
    }

    /// Fields none of whose purposes is live: they may not be written.
    fn dead_purposes(&self, object: &Object, values: &Values, live: PurposeSet) -> Vec<FieldError> {
        let catalog = self.catalog();
        values
            .iter()
            .filter(|(_, value)| value.is_some())
            .map(|(at, _)| &object.fields()[*at])
            .filter(|field| field.is_personal() && field.purposes.and(live).is_empty())
            .map(|field| Error::no_live_purpose(&field.name, &purposes_of(&catalog, field)))
            .collect()
    }

    fn may_write(&self, grant: &Grant, object: &Object, values: &Values, row: &dyn PolicyRow) -> Result<()> {
        for at in values.keys() {
            let field = &object.fields()[*at];
            if grant.level(field, row) == Level::None {
                return Err(Error::Refused(seal::Error::FieldRefused {
                    object: object.name.clone(),
                    field: field.name.clone(),
                }));
            }
        }
        Ok(())
    }

    pub(crate) fn stored(
        &self,
        object: &Object,
        field: &Field,
        id: RecordId,
        value: &Value,
        key: &SubjectKey,
    ) -> Result<Stored> {
        Ok(match field.protect {
            Protect::Disk => Stored::Plain(value.clone()),
            Protect::Cell => {
                let place = Place { object: &object.name, record: id, field: &field.name };
                Stored::Cell(key.seal(&place, &field.kind.encode(value), self.rng())?)
            }
        })
    }

    /// A plain column's value as the ledger keeps it: sealed, bound to the same place.
    fn ledger_cell(
        &self,
        object: &Object,
        field: &Field,
        id: RecordId,
        value: &Value,
        key: &SubjectKey,
    ) -> Result<Vec<u8>> {
        let place = Place { object: &object.name, record: id, field: &field.name };
        Ok(key.seal(&place, &field.kind.encode(value), self.rng())?.into_bytes())
    }

    #[expect(clippy::too_many_arguments, reason = "one caller, and every part is needed to seal the old value")]
    fn old_part(
        &self,
        object: &Object,
        field: &Field,
        row: &SealedRow,
        grant: &Grant,
        at: usize,
        key: &SubjectKey,
        subject: seal::Subject,
    ) -> Result<Option<SealedPart>> {
        let Some(cell) = grant.columns().iter().position(|column| *column == at) else { return Ok(None) };
        let bytes = match &row.cells[cell] {
            Stored::Null => return Ok(None),
            Stored::Cell(sealed) => sealed.as_bytes().to_vec(),
            Stored::Plain(value) => self.ledger_cell(object, field, row.id, value, key)?,
        };
        Ok(Some(part(subject, field, "old", &bytes)))
    }

    pub(crate) fn hash(&self, object: &Object, field: &Field, value: &Value) -> Option<i64> {
        if !field.find.exact() || field.protect != Protect::Cell {
            return None;
        }
        let key = field.kind.exact_key(value)?;
        Some(self.keyring.blind(&object.name, &field.name, &key, self.blind_bits(&object.name, &field.name)))
    }
}

fn part(subject: seal::Subject, field: &Field, which: &str, bytes: &[u8]) -> SealedPart {
    SealedPart { about: PersonId::from_bytes(subject), name: past_name(&field.name, which), bytes: bytes.to_vec() }
}

/// Parses texts by field; every one that does not parse is reported.
pub(crate) fn parse(object: &Object, fields: &[(FieldName, String)]) -> (Values, Vec<FieldError>) {
    let mut values = Values::new();
    let mut wrong = Vec::new();
    for (name, text) in fields {
        let Some(at) = object.fields().iter().position(|f| f.name == *name) else {
            wrong.push(FieldError::new(name.as_str(), "unknown_field", format!("{} has no such field", object.name)));
            continue;
        };
        if text.trim().is_empty() {
            values.insert(at, None);
            continue;
        }
        match object.fields()[at].kind.parse(text) {
            Ok(value) => _ = values.insert(at, Some(value)),
            Err(invalid) => wrong.push(FieldError::new(name.as_str(), invalid.code(), invalid.to_string())),
        }
    }
    (values, wrong)
}

fn purposes_of(catalog: &Catalog, field: &Field) -> Vec<kernel::PurposeName> {
    catalog.purposes().filter(|p| field.purposes.has(p.purpose)).map(|p| p.name.clone()).collect()
}

/// A record about to be made, as conditions see it.
struct Made<'a> {
    id: RecordId,
    owner: Option<ActorId>,
    team: Option<TeamId>,
    live: PurposeSet,
    restricted: bool,
    definition: &'a Object,
    values: &'a Values,
    grant: &'a Grant,
}

impl PolicyRow for Made<'_> {
    fn get(&self, attr: &Attr) -> Option<Literal> {
        match attr {
            Attr::Owner => self.owner.map(Literal::User),
            Attr::Team => self.team.map(Literal::Team),
            Attr::Id => Some(Literal::Record(self.id)),
            Attr::Restricted => Some(Literal::Bool(self.restricted)),
            Attr::LivePurposes => None,
            Attr::Field(name) => {
                let at = self.definition.fields().iter().position(|f| f.name == *name)?;
                literal(self.values.get(&at)?.as_ref()?)
            }
        }
    }

    fn live(&self, purpose: &str) -> bool {
        self.grant.catalog().purpose(purpose).is_some_and(|p| self.live.has(p.purpose))
    }
}
