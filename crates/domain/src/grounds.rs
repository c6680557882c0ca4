//! On which grounds a person's data are used, told to whoever was shown the record; and what an erasure will reach.

use jiff::Timestamp;
use kernel::{ObjectName, PersonId, PurposeName, RecordId};
use ledger::Act as LedgerAct;
use seal::{DisclosedRow, object_subject, policy::SystemAct};

use crate::{Ctx, Error, House, Result, house::HOUSE, people::end_of};

/// A ground on which a person's data are, or were, used. Never the words of source or evidence.
#[derive(Clone, Debug)]
pub struct Ground {
    /// What for.
    pub purpose: PurposeName,
    /// Under which law.
    pub law: String,
    /// Which of its grounds.
    pub basis: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when, as things stand; none if nothing ends it by itself.
    pub until: Option<Timestamp>,
    /// Whether it is live.
    pub live: bool,
}

impl House {
    /// The grounds for using a record that was just shown: part of that disclosure, and of its entry. Live ones first.
    pub async fn grounds(&self, ctx: &Ctx, shown: &DisclosedRow) -> Result<Vec<Ground>> {
        match shown.person {
            Some(person) => self.grounds_of(person, ctx.at).await,
            None => Ok(Vec::new()),
        }
    }

    pub(crate) async fn grounds_of(&self, person: PersonId, now: Timestamp) -> Result<Vec<Ground>> {
        let Some(row) = self.store.person(person).await? else { return Ok(Vec::new()) };
        let catalog = self.catalog();
        let mut grounds: Vec<Ground> = Vec::new();
        for basis in self.store.bases(person).await? {
            let Some(purpose) = catalog.purpose_of(basis.purpose) else { continue };
            let until = [basis.ended, end_of(purpose, &basis, row.last_activity)].into_iter().flatten().min();
            grounds.push(Ground {
                purpose: purpose.name.clone(),
                law: basis.law.clone(),
                basis: basis.basis.clone(),
                since: basis.since,
                until,
                live: basis.since <= now && until.is_none_or(|until| until > now),
            });
        }
        grounds.sort_by_key(|ground| !ground.live);
        Ok(grounds)
    }

    /// The person a record is about, for those who may erase people; they need not see the record itself.
    pub async fn person_behind_record(&self, ctx: &Ctx, object: &str, id: RecordId) -> Result<PersonId> {
        self.allow(ctx, SystemAct::ErasePerson).await?;
        let catalog = self.catalog();
        let definition = catalog.object(object).ok_or_else(|| Error::Unknown("object of this name".into()))?;
        let gone = || Error::NotFound(definition.name.clone());
        let person = self.store.person_of(definition, id).await?.ok_or_else(gone)?;
        self.store.person(person).await?.filter(|p| p.erased.is_none()).ok_or_else(gone)?;
        Ok(person)
    }

    /// How many records of each object an erasure would empty.
    pub async fn erasure_reach(&self, ctx: &Ctx, person: PersonId) -> Result<Vec<(ObjectName, u64)>> {
        self.allow(ctx, SystemAct::ErasePerson).await?;
        let catalog = self.catalog();
        let mut reach = Vec::new();
        for object in catalog.objects() {
            let n = self.store.records_about(object, person, &[]).await?.len() as u64;
            if n > 0 {
                reach.push((object.name.clone(), n));
            }
        }
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Counted);
        entry.records = vec![RecordId::from_bytes(*person.as_bytes())];
        entry.count = reach.iter().map(|(_, n)| n).sum();
        entry.why = Some("erasure".into());
        self.record(entry).await?;
        Ok(reach)
    }

    /// Records, sealed under the house's key, why a person is about to be erased.
    pub async fn give_erasure_reason(&self, ctx: &Ctx, person: PersonId, reason: &str) -> Result<()> {
        let policies = self.allow(ctx, SystemAct::ErasePerson).await?;
        let record = RecordId::from_bytes(*person.as_bytes());
        let key = self.store.subject_key(object_subject(HOUSE)).await?.map(|key| (key.epoch, key.subject, key.wrapped));
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Erased);
        entry.records = vec![record];
        entry.why = Some("reason_given".into());
        entry.policies = policies;
        entry.sealed = self.sealed_words(record, key.as_ref(), "reason", reason)?;
        self.record(entry).await
    }
}
