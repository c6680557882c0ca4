//! People: their bases, what is live, what ends, and erasure.
//!
//! A value lives as long as a purpose of its person lives. Live purposes stand on the person and, copied, on every
//! record about them; the sweep recomputes them when one ends and erases what lost its last purpose. Rows whose set is
//! stale are not read in between.

use std::sync::atomic::Ordering;

use jiff::Timestamp;
use kernel::{BasisId, PersonId, PurposeSet, RecordId, micros};
use ledger::{Act as LedgerAct, SealedPart};
use model::{Catalog, Object, PurposeDef, Subject};
use seal::{Epoch, Place, SubjectKey, object_subject, policy::SystemAct};
use store::{BasisRow, Batch, PersonRow, Store, WrappedKey};

use crate::{Ctx, Error, FieldError, House, Result, house::HOUSE};

/// A basis as it is stated when a person is added, or later.
#[derive(Clone, Debug, Default)]
pub struct BasisDraft {
    /// The purpose's name.
    pub purpose: String,
    /// Under which law: `gdpr`, `pipl`, `ccpa`, …
    pub law: String,
    /// Which of that law's grounds.
    pub basis: String,
    /// An agreed end.
    pub until: Option<Timestamp>,
    /// What proves it; demanded for consent.
    pub evidence: Option<String>,
}

/// A basis as it is shown to those who may read bases; its words only where asked for.
#[derive(Clone, Debug)]
pub struct Basis {
    /// Its id.
    pub id: BasisId,
    /// The purpose's name.
    pub purpose: String,
    /// Under which law.
    pub law: String,
    /// Which ground.
    pub basis: String,
    /// Live from.
    pub since: Timestamp,
    /// When it ends, by agreement or by the purpose's retention as things stand.
    pub until: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
}

/// What is known of a person besides records.
#[derive(Clone, Debug)]
pub struct Person {
    /// The person.
    pub id: PersonId,
    /// Names of live purposes.
    pub live: Vec<String>,
    /// When the next of them ends.
    pub live_until: Option<Timestamp>,
    /// Whether restricted.
    pub restricted: bool,
    /// When erased.
    pub erased: Option<Timestamp>,
    /// If erased: from then on nothing of the person opens from any backup.
    pub gone_by: Option<Timestamp>,
    /// Their bases, oldest first.
    pub bases: Vec<Basis>,
}

/// What erasing a person came to.
#[derive(Clone, Debug)]
pub struct Erased {
    /// The person.
    pub person: PersonId,
    /// How many records were emptied.
    pub records: usize,
    /// The epoch under which the destroyed key was wrapped: backups older than its destruction still hold the wrapped
    /// key, and stay closed from the day that epoch key is destroyed.
    pub epoch: Option<Epoch>,
    /// From then on nothing of the person opens from any backup.
    pub gone_by: Option<Timestamp>,
}

/// A person's bases, checked and ready to store.
pub(crate) struct NewPerson {
    pub row: PersonRow,
    pub key: SubjectKey,
    pub wrapped: WrappedKey,
    pub bases: Vec<BasisRow>,
}

/// The longest statement of source or evidence, in characters.
const MAX_WORDS: usize = 2_000;
/// People whose purposes are recomputed in one go.
const SWEEP: i64 = 200;

impl House {
    /// Checks the bases and the source stated for a new person, and makes their key.
    pub(crate) fn new_person_with(
        &self,
        ctx: &Ctx,
        source: Option<&str>,
        drafts: &[BasisDraft],
    ) -> std::result::Result<Result<NewPerson>, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let source = source.map(str::trim).filter(|s| !s.is_empty());
        match source {
            None => wrong.push(FieldError::new(
                "source",
                "source_missing",
                "say where the data came from, for example: trade fair 2026-10, form v3",
            )),
            Some(text) if text.chars().count() > MAX_WORDS => {
                wrong.push(FieldError::new("source", "too_long", format!("at most {MAX_WORDS} characters")));
            }
            Some(_) => {}
        }
        if drafts.is_empty() {
            wrong.push(FieldError::new(
                "bases",
                "basis_missing",
                "say what the data are used for and on which ground: at least one purpose with law and basis",
            ));
        }
        let catalog = self.catalog();
        for draft in drafts {
            wrong.extend(self.check_basis(&catalog, draft).err());
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(self.make_person(ctx, source.unwrap_or_default(), drafts))
    }

    fn make_person(&self, ctx: &Ctx, source: &str, drafts: &[BasisDraft]) -> Result<NewPerson> {
        let catalog = self.catalog();
        let id = self.new_person(ctx.at);
        let (key, epoch, wrapped) = self.keyring.new_subject_key(*id.as_bytes(), self.rng())?;
        let mut bases = Vec::with_capacity(drafts.len());
        for draft in drafts {
            bases.push(self.basis_row(&catalog, id, &key, draft, Some(source), ctx.at)?);
        }
        let mut row = PersonRow {
            id,
            laws: laws(&bases),
            live: PurposeSet::EMPTY,
            live_until: None,
            last_activity: ctx.at,
            restricted: false,
            created: ctx.at,
            erased: None,
        };
        (row.live, row.live_until) = live(&catalog, &bases, ctx.at, ctx.at);
        self.note_end(row.live_until);
        Ok(NewPerson { row, key, wrapped: WrappedKey { subject: *id.as_bytes(), epoch, wrapped }, bases })
    }

    pub(crate) fn check_basis(
        &self,
        catalog: &model::Catalog,
        draft: &BasisDraft,
    ) -> std::result::Result<(), FieldError> {
        let Some(purpose) = catalog.purpose(&draft.purpose) else {
            let known: Vec<&str> = catalog.purposes().map(|p| p.name.as_str()).collect();
            return Err(FieldError::new(
                "bases",
                "unknown_purpose",
                format!("there is no such purpose; there are {}", known.join(", ")),
            ));
        };
        let Some(allowed) = purpose.bases.get(&draft.law) else {
            let known: Vec<&str> = purpose.bases.keys().map(String::as_str).collect();
            return Err(FieldError::new(
                "bases",
                "unknown_law",
                format!("{} has no bases under this law; it has them under {}", purpose.name, known.join(", ")),
            ));
        };
        if !allowed.contains(&draft.basis) {
            return Err(FieldError::new(
                "bases",
                "basis_not_allowed",
                format!("{} under {} stands on {}", purpose.name, draft.law, allowed.join(", ")),
            ));
        }
        let evidence = draft.evidence.as_deref().map(str::trim).unwrap_or_default();
        if draft.basis == "consent" && evidence.is_empty() {
            return Err(FieldError::new(
                "bases",
                "evidence_missing",
                format!(
                    "consent for {} must be provable: say when, how and to which wording it was given",
                    purpose.name
                ),
            ));
        }
        if evidence.chars().count() > MAX_WORDS {
            return Err(FieldError::new("bases", "too_long", format!("evidence: at most {MAX_WORDS} characters")));
        }
        Ok(())
    }

    pub(crate) fn basis_row(
        &self,
        catalog: &model::Catalog,
        person: PersonId,
        key: &SubjectKey,
        draft: &BasisDraft,
        source: Option<&str>,
        now: Timestamp,
    ) -> Result<BasisRow> {
        let id = BasisId::new(now, self.rng());
        let purpose = catalog
            .purpose(&draft.purpose)
            .ok_or_else(|| Error::Unknown(format!("purpose `{}`", crate::records::short(&draft.purpose))))?;
        let words = |field: &str, text: Option<&str>| -> Result<Option<Vec<u8>>> {
            let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) else { return Ok(None) };
            let place = Place { object: "basis", record: RecordId::from_bytes(*id.as_bytes()), field };
            Ok(Some(key.seal(&place, text.as_bytes(), self.rng())?.into_bytes()))
        };
        Ok(BasisRow {
            id,
            person,
            purpose: purpose.purpose,
            law: draft.law.clone(),
            basis: draft.basis.clone(),
            since: now,
            until: draft.until,
            ended: None,
            source: words("source", source)?,
            evidence: words("evidence", draft.evidence.as_deref())?,
        })
    }

    /// A person and their bases, for those who may read them.
    pub async fn person(&self, ctx: &Ctx, id: PersonId) -> Result<Person> {
        let policies = self.allow(ctx, SystemAct::ReadBases).await?;
        self.sweep_if_due(ctx.at).await?;
        let row = self.store.person(id).await?.ok_or_else(no_person)?;
        let bases = self.store.bases(id).await?;
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Viewed);
        entry.why = Some("bases".into());
        entry.records = vec![RecordId::from_bytes(*id.as_bytes())];
        entry.policies = policies;
        entry.count = bases.len() as u64;
        self.record(entry).await?;
        let catalog = self.catalog();
        let gone_by = match row.erased {
            Some(at) => self.gone_from_backups(at).await?,
            None => None,
        };
        Ok(Person {
            id,
            live: names(&catalog, row.live),
            live_until: row.live_until,
            restricted: row.restricted,
            erased: row.erased,
            gone_by,
            bases: bases.iter().map(|basis| shown(&catalog, basis, row.last_activity)).collect(),
        })
    }

    /// Adds a basis to a person.
    pub async fn add_basis(
        &self,
        ctx: &Ctx,
        id: PersonId,
        draft: &BasisDraft,
        source: Option<&str>,
    ) -> Result<BasisId> {
        let policies = self.allow(ctx, SystemAct::ChangeBases).await?;
        let catalog = self.catalog();
        self.check_basis(&catalog, draft).map_err(|e| Error::Invalid(vec![e]))?;
        let person = self.store.person(id).await?.filter(|p| p.erased.is_none()).ok_or_else(no_person)?;
        let key = self.store.subject_key(*id.as_bytes()).await?.ok_or_else(no_person)?;
        let key = self.keyring.subject_key(key.epoch, key.subject, &key.wrapped)?;
        let basis = self.basis_row(&catalog, id, &key, draft, source, ctx.at)?;
        let basis_id = basis.id;
        let mut bases = self.store.bases(id).await?;
        let mut batch = Batch::new("basis.added");
        batch.push(Store::put_basis(&basis));
        bases.push(basis);
        self.set_live(&mut batch, &catalog, id, &bases, person.last_activity, ctx.at);
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::BasisAdded);
        entry.records = vec![RecordId::from_bytes(*id.as_bytes())];
        entry.purpose = catalog.purpose(&draft.purpose).map(|p| p.name.clone());
        entry.basis = Some(format!("{}:{}", draft.law, draft.basis));
        entry.policies = policies;
        self.commit(batch, &[entry]).await?;
        Ok(basis_id)
    }

    /// Ends a basis: withdrawn, objected to, or no longer so. What lost its last purpose is erased at once.
    pub async fn end_basis(&self, ctx: &Ctx, id: PersonId, basis: BasisId) -> Result<()> {
        let policies = self.allow(ctx, SystemAct::ChangeBases).await?;
        let catalog = self.catalog();
        let person = self.store.person(id).await?.filter(|p| p.erased.is_none()).ok_or_else(no_person)?;
        let mut bases = self.store.bases(id).await?;
        let ending = bases
            .iter_mut()
            .find(|b| b.id == basis && b.ended.is_none())
            .ok_or_else(|| Error::Unknown("basis of this person that has not ended".into()))?;
        ending.ended = Some(ctx.at);
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::BasisEnded);
        entry.records = vec![RecordId::from_bytes(*id.as_bytes())];
        entry.purpose = catalog.purpose_of(ending.purpose).map(|p| p.name.clone());
        entry.basis = Some(format!("{}:{}", ending.law, ending.basis));
        entry.policies = policies;
        let mut batch = Batch::new("basis.ended");
        batch.push(Store::end_basis(basis, ctx.at));
        self.set_live(&mut batch, &catalog, id, &bases, person.last_activity, ctx.at);
        self.commit(batch, &[entry]).await?;
        self.mirror_register_soon().await;
        self.expire(id, ctx.at).await
    }

    pub(crate) fn set_live(
        &self,
        batch: &mut Batch,
        catalog: &model::Catalog,
        person: PersonId,
        bases: &[BasisRow],
        last_activity: Timestamp,
        now: Timestamp,
    ) {
        let (set, until) = live(catalog, bases, last_activity, now);
        self.note_end(until);
        batch.extend(Store::set_live(person, set, until, last_activity, catalog.objects().map(AsRef::as_ref)));
    }

    /// The steps by which an activity counts for a person's retention.
    pub(crate) async fn touch(&self, batch: &mut Batch, person: PersonId, now: Timestamp) -> Result<()> {
        let bases = self.store.bases(person).await?;
        self.set_live(batch, &self.catalog(), person, &bases, now, now);
        Ok(())
    }

    pub(crate) fn note_end(&self, until: Option<Timestamp>) {
        if let Some(until) = until {
            self.next_end.fetch_min(micros(until), Ordering::Relaxed);
        }
    }

    /// Runs the sweep if a purpose has ended since it last ran: nothing is read on a purpose that ended.
    pub(crate) async fn sweep_if_due(&self, now: Timestamp) -> Result<()> {
        if micros(now) >= self.next_end.load(Ordering::Relaxed) {
            self.sweep().await?;
        }
        Ok(())
    }

    /// Recomputes the purposes of everybody for whom one ended, and erases what lost its last one.
    pub async fn sweep(&self) -> Result<u64> {
        let now = self.now();
        let mut done = 0;
        loop {
            let due = self.store.people_due(now, SWEEP).await?;
            for person in &due {
                let bases = self.store.bases(person.id).await?;
                let mut batch = Batch::new("purposes.recomputed");
                self.set_live(&mut batch, &self.catalog(), person.id, &bases, person.last_activity, now);
                self.store.write(batch).await?;
                self.expire(person.id, now).await?;
                done += 1;
            }
            if (due.len() as i64) < SWEEP {
                break;
            }
        }
        let next = self.store.next_end().await?.map_or(i64::MAX, micros);
        self.next_end.store(next, Ordering::Relaxed);
        Ok(done)
    }

    /// Erases the values of a person none of whose fields' purposes is live any more; the whole person if none is.
    pub(crate) async fn expire(&self, id: PersonId, now: Timestamp) -> Result<()> {
        let Some(person) = self.store.person(id).await?.filter(|p| p.erased.is_none()) else { return Ok(()) };
        let ctx = self.job("retention", "retention")?;
        if person.live.is_empty() {
            self.erase_now(&ctx, id, LedgerAct::Expired).await?;
            return Ok(());
        }
        let catalog = self.catalog();
        let mut batch = Batch::new("values.expired");
        let mut entries = Vec::new();
        let mut changed = Vec::new();
        for object in catalog.objects() {
            let dead: Vec<usize> = (0..object.fields().len())
                .filter(|at| {
                    let field = &object.fields()[*at];
                    field.is_personal() && field.purposes.and(person.live).is_empty()
                })
                .collect();
            if dead.is_empty() {
                continue;
            }
            for (record, full) in self.store.records_about(object, id, &dead).await? {
                if full.is_empty() {
                    continue;
                }
                let mut entry = ctx.entry(self.new_entry(now), LedgerAct::Expired);
                entry.at = now;
                entry.object = Some(object.name.clone());
                entry.records = vec![record];
                entry.count = 1;
                entry.clear = full.iter().map(|at| object.fields()[*at].name.clone()).collect();
                entry.why = Some("last_purpose_ended".into());
                entries.push(entry);
                batch.push(self.announce(&object.name, record, now));
                changed.push((std::sync::Arc::clone(object), record, full));
            }
            batch.extend(Store::empty_fields(object, id, &dead, now));
        }
        if !entries.is_empty() {
            self.commit(batch, &entries).await?;
            for (object, record, full) in changed {
                self.index.put(&object, vec![(record, full.into_iter().map(|at| (at, None)).collect())]);
            }
        }
        Ok(())
    }

    /// Erases a person: the key is destroyed, rows are emptied, the index forgets them.
    pub async fn erase(&self, ctx: &Ctx, id: PersonId) -> Result<Erased> {
        let policies = self.allow(ctx, SystemAct::ErasePerson).await?;
        let mut ctx = ctx.clone();
        ctx.purpose = None;
        let erased = self.erase_now(&ctx, id, LedgerAct::Erased).await?;
        tracing::info!(target: "custos::people", records = erased.records, policies = policies.len(), "person erased");
        Ok(erased)
    }

    pub(crate) async fn erase_now(&self, ctx: &Ctx, id: PersonId, act: LedgerAct) -> Result<Erased> {
        self.store.person(id).await?.filter(|p| p.erased.is_none()).ok_or_else(no_person)?;
        let epoch = self.store.subject_key(*id.as_bytes()).await?.map(|key| key.epoch);
        // Registered first: whatever stops us after this, the next start goes on.
        let mut entry = ctx.entry(self.new_entry(ctx.at), act);
        entry.records = vec![RecordId::from_bytes(*id.as_bytes())];
        entry.count = 1;
        entry.why = Some("person".into());
        let mut batch = Batch::new("erasure.begun");
        batch.extend(Store::begin_erasure(id, ctx.at));
        self.commit(batch, &[entry]).await?;
        let records = self.finish_erasure(id, ctx.at).await?;
        // In the register beside the escrow before anybody is told that it is done; if that is out of reach, the job
        // tries again, and says so in the log.
        self.mirror_register_soon().await;
        Ok(Erased { person: id, records, epoch, gone_by: self.gone_from_backups(ctx.at).await? })
    }

    pub(crate) async fn finish_erasure(&self, id: PersonId, now: Timestamp) -> Result<usize> {
        let mut batch = Batch::new("erasure.key_destroyed");
        batch.push(Store::destroy_key(id));
        self.store.write(batch).await?;
        let catalog = self.catalog();
        let mut batch = Batch::new("erasure.finished");
        let mut records = 0;
        for object in catalog.objects() {
            // Everything that could single the person out goes: every field of a record that is the person, and every
            // personal field of a record about them.
            let fields: Vec<usize> = (0..object.fields().len())
                .filter(|at| object.subject == Subject::Person || object.fields()[*at].is_personal())
                .collect();
            for (record, _) in self.store.records_about(object, id, &[]).await? {
                records += 1;
                batch.push(self.announce(&object.name, record, now));
                batch.push(Store::forget_before(record));
                self.index.remove(&object.name, record);
            }
            batch.extend(Store::empty_fields(object, id, &fields, now));
        }
        batch.extend(Store::set_live(id, PurposeSet::EMPTY, None, now, catalog.objects().map(AsRef::as_ref)));
        batch.extend(Store::finish_erasure(id, now));
        self.store.write(batch).await?;
        // The write-ahead log held the key and the cells; after this it does not.
        self.store.settle().await?;
        Ok(records)
    }

    /// Finishes erasures that a stop interrupted.
    pub(crate) async fn resume_erasures(&self) -> Result<()> {
        for person in self.store.unfinished_erasures().await? {
            self.finish_erasure(person, self.now()).await?;
        }
        Ok(())
    }

    /// Words sealed for an entry, under the key of the row's subject or, without one, the house's.
    pub(crate) fn sealed_words(
        &self,
        record: RecordId,
        key: Option<&(Epoch, seal::Subject, Vec<u8>)>,
        name: &str,
        words: &str,
    ) -> Result<Vec<SealedPart>> {
        let Some((epoch, subject, wrapped)) = key else { return Ok(Vec::new()) };
        let key = self.keyring.subject_key(*epoch, *subject, wrapped)?;
        let place = Place { object: "ledger", record, field: name };
        let words: String = words.chars().take(MAX_WORDS).collect();
        let sealed = key.seal(&place, words.as_bytes(), self.rng())?;
        Ok(vec![SealedPart {
            about: PersonId::from_bytes(*subject),
            name: name.to_owned(),
            bytes: sealed.into_bytes(),
        }])
    }

    /// The house's own key, for reasons and stored searches.
    pub(crate) async fn house_key(&self) -> Result<SubjectKey> {
        let subject = object_subject(HOUSE);
        let key = self
            .store
            .subject_key(subject)
            .await?
            .ok_or_else(|| Error::Setup("the house key is missing from the keyring".into()))?;
        Ok(self.keyring.subject_key(key.epoch, key.subject, &key.wrapped)?)
    }
}

/// What is live at `now` by these bases, and when the next of it ends.
pub(crate) fn live(
    catalog: &model::Catalog,
    bases: &[BasisRow],
    last_activity: Timestamp,
    now: Timestamp,
) -> (PurposeSet, Option<Timestamp>) {
    let mut set = PurposeSet::EMPTY;
    let mut next: Option<Timestamp> = None;
    for basis in bases {
        let Some(purpose) = catalog.purpose_of(basis.purpose) else { continue };
        if basis.ended.is_some_and(|ended| ended <= now) || basis.since > now {
            continue;
        }
        let end = end_of(purpose, basis, last_activity);
        if end.is_some_and(|end| end <= now) {
            continue;
        }
        set = set.with(basis.purpose);
        next = match (next, end) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    (set, next)
}

pub(crate) fn end_of(purpose: &PurposeDef, basis: &BasisRow, last_activity: Timestamp) -> Option<Timestamp> {
    let kept = purpose.retention.until(basis.since, last_activity);
    match (basis.until, kept) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn shown(catalog: &model::Catalog, basis: &BasisRow, last_activity: Timestamp) -> Basis {
    let purpose = catalog.purpose_of(basis.purpose);
    Basis {
        id: basis.id,
        purpose: purpose.map_or_else(|| basis.purpose.number().to_string(), |p| p.name.to_string()),
        law: basis.law.clone(),
        basis: basis.basis.clone(),
        since: basis.since,
        until: purpose.and_then(|p| end_of(p, basis, last_activity)),
        ended: basis.ended,
    }
}

/// The names of the purposes in a set.
pub fn names(catalog: &model::Catalog, set: PurposeSet) -> Vec<String> {
    catalog.purposes().filter(|p| set.has(p.purpose)).map(|p| p.name.to_string()).collect()
}

fn laws(bases: &[BasisRow]) -> String {
    let laws: std::collections::BTreeMap<&str, &str> =
        bases.iter().map(|basis| (basis.law.as_str(), "stated with the basis")).collect();
    serde_json::to_string(&laws).unwrap_or_default()
}

fn no_person() -> Error {
    Error::Unknown("person".into())
}

impl House {
    /// Whether the actor may see any record about a person, for any purpose: only then may another be made about them.
    pub(crate) async fn may_know(&self, ctx: &Ctx, person: PersonId) -> Result<bool> {
        let catalog = self.catalog();
        for object in catalog.objects().filter(|object| object.subject == Subject::Person) {
            for purpose in self.usable_purposes(ctx, object) {
                let ask = self.ask(ctx, &object.name, seal::policy::Act::View, None);
                let ask = seal::Ask { fields: seal::Fields::Nothing, purpose: Some(&purpose), ..ask };
                let Ok(grant) = self.gate().grant(&ask) else { continue };
                let theirs = store::Filter::Compare(store::Target::Person, store::Op::Eq, person.into());
                if !self.store.ids(&grant, &[theirs], 1, ctx.at).await?.is_empty() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

/// The links that say whom a record of this object is about, the first that is filled deciding: its `about`, then its
/// links to other objects whose records are persons (a call with a lead is the lead's as a call with a contact is
/// the contact's). None for an object about nobody, and for a person's own.
pub(crate) fn about<'a>(catalog: &Catalog, object: &'a Object) -> Vec<&'a kernel::FieldName> {
    let Subject::About(first) = &object.subject else { return Vec::new() };
    let person = |to: &kernel::ObjectName| catalog.object(to).is_some_and(|linked| linked.subject == Subject::Person);
    let others = object.fields().iter().filter(|field| field.name != *first);
    let others = others.filter(|field| matches!(&field.kind, model::Kind::Link(to) if person(to)));
    std::iter::once(first).chain(others.map(|field| &field.name)).collect()
}
