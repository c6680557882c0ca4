//! Emergency access: for people, for a stated reason, for a short time, with word to the privacy officer; and the
//! question why somebody may see something.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use kernel::{Actor, ActorId, Category, Level, PersonId, RecordId};
use ledger::{Act as LedgerAct, SealedPart};
use seal::{
    Ask, Fields, Place, object_subject,
    policy::{self, Act, SystemAct},
};
use store::{Batch, Store};

use crate::{Ctx, Error, Ground, House, Result, house::HOUSE, records::short};

/// How long an emergency access stays open.
pub const EMERGENCY: SignedDuration = SignedDuration::from_mins(30);
/// The least a reason says, in characters.
const LEAST_REASON: usize = 10;

/// An emergency access nobody has taken note of yet.
#[derive(Clone, Debug)]
pub struct Unseen {
    /// Its id.
    pub id: RecordId,
    /// Who opened it.
    pub actor: ActorId,
    /// From.
    pub since: Timestamp,
    /// To.
    pub until: Timestamp,
}

/// Why an actor may see a record, or may not.
#[derive(Clone, Debug)]
pub struct Explained {
    /// Whether they may.
    pub allowed: bool,
    /// For which purpose.
    pub purpose: String,
    /// Whether that purpose is live for the record's person.
    pub purpose_live: bool,
    /// Ids and words of the policies that permit.
    pub permitted_by: Vec<String>,
    /// Ids and words of the policies that forbid.
    pub forbidden_by: Vec<String>,
    /// The level of each category on this record.
    pub levels: BTreeMap<Category, Level>,
    /// The policies that give each category its level, as ids and words.
    pub given_by: BTreeMap<Category, Vec<String>>,
    /// The grounds on which the person's data are used; none for a record about nobody.
    pub grounds: Vec<Ground>,
    /// The purposes live for the record's person, and until when the next is.
    pub live: Vec<String>,
    /// When the next of them ends.
    pub live_until: Option<Timestamp>,
}

impl House {
    /// Opens emergency access for the actor, half an hour long.
    pub async fn open_emergency(&self, ctx: &Ctx, reason: &str) -> Result<Timestamp> {
        let policies = self.allow(ctx, SystemAct::EmergencyAccess).await?;
        let reason = reason.trim();
        if reason.chars().count() < LEAST_REASON {
            return Err(Error::field("reason", "reason_short", "say in a sentence what the emergency is"));
        }
        let id = self.new_record(ctx.at);
        let place = Place { object: "emergency", record: id, field: "reason" };
        let words: String = reason.chars().take(2_000).collect();
        let sealed = self.house_key().await?.seal(&place, words.as_bytes(), self.rng())?;
        let until = ctx.at + EMERGENCY;
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::EmergencyOpened);
        entry.policies = policies;
        entry.records = vec![id];
        entry.sealed = vec![SealedPart {
            about: PersonId::from_bytes(object_subject(HOUSE)),
            name: "reason".into(),
            bytes: sealed.as_bytes().to_vec(),
        }];
        let mut batch = Batch::new("emergency.opened");
        batch.push(Store::put_emergency(id, ctx.actor.id, sealed.into_bytes(), ctx.at, until));
        self.commit(batch, &[entry]).await?;
        // The log reaches whoever watches the machine; the privacy officer's home shows it until noted.
        tracing::warn!(target: "custos::emergency", id = %id, "emergency access was opened");
        Ok(until)
    }

    /// Emergency accesses the privacy officer has not taken note of.
    pub async fn emergencies(&self, ctx: &Ctx) -> Result<Vec<Unseen>> {
        self.allow(ctx, SystemAct::ReadLedger).await?;
        let rows = self.store.emergencies_unseen().await?;
        Ok(rows.into_iter().map(|(id, actor, since, until)| Unseen { id, actor, since, until }).collect())
    }

    /// The privacy officer takes note of one.
    pub async fn note_emergency(&self, ctx: &Ctx, id: RecordId) -> Result<()> {
        self.allow(ctx, SystemAct::ReadBases).await?;
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::EmergencyClosed);
        entry.records = vec![id];
        entry.why = Some("noted".into());
        let mut batch = Batch::new("emergency.noted");
        batch.push(Store::see_emergency(id, ctx.actor.id));
        match self.commit(batch, &[entry]).await {
            Err(Error::Store(store::Error::Missing(_))) => Err(Error::Unknown("emergency access to note".into())),
            other => other,
        }
    }

    /// Why an actor (oneself, or with leave anybody) may see a record, or may not.
    ///
    /// Who asks about another actor needs the right to explain anybody; who asks about a record they may not know of
    /// is told that there is none.
    pub async fn explain(
        &self,
        ctx: &Ctx,
        actor: Option<ActorId>,
        object: &str,
        id: RecordId,
        purpose: Option<&str>,
    ) -> Result<Explained> {
        let other = actor.filter(|a| *a != ctx.actor.id);
        if other.is_some() {
            self.allow(ctx, SystemAct::ExplainAny).await?;
        }
        let subject: Actor = match other {
            Some(actor) => self.actor(actor).await?,
            None => (*ctx.actor).clone(),
        };
        let rules = self.rules();
        let definition =
            rules.catalog().object(object).ok_or_else(|| Error::Unknown(format!("object `{}`", short(object))))?;
        let name = &definition.name;
        let usable = rules.policies().purposes_for(&subject, name);
        let bound = ctx.purpose.as_ref().filter(|_| other.is_none());
        let purpose = match (bound, purpose) {
            (Some(bound), _) => bound.clone(),
            (None, Some(wanted)) => definition
                .purposes
                .iter()
                .find(|p| p.as_str() == wanted)
                .cloned()
                .ok_or_else(|| Error::field("purpose", "unknown_purpose", "the object serves no such purpose"))?,
            (None, None) => {
                usable.first().or(definition.purposes.first()).cloned().ok_or_else(|| Error::NoPurpose(name.clone()))?
            }
        };
        let reach = if other.is_some() {
            true
        } else {
            let ask = Ask { fields: Fields::Nothing, ..self.ask(ctx, object, Act::View, Some(&purpose)) };
            match self.gate().grant(&ask) {
                Ok(grant) => self.store.one(&grant, id, ctx.at).await?.is_some(),
                Err(_) => false,
            }
        };
        // The row's plain attributes are needed to judge by; nothing of it is opened or disclosed.
        let job = self.job("explain", "index")?;
        let ask = Ask { purpose: Some(&purpose), ..self.ask(&job, object, Act::View, None) };
        let grant = self.gate().grant(&ask)?;
        let row = if reach { self.store.one(&grant, id, ctx.at).await? } else { None };
        let Some(row) = row else {
            self.record_refusal(ctx, Some(name), &[id], "not_reached").await?;
            return Err(Error::NotFound(name.clone()));
        };
        let emergency = ctx.emergency && other.is_none();
        let ask = policy::Ask { object: name, act: Act::View, purpose: &purpose, emergency };
        let seen = row.seen(&grant);
        let told = rules.policies().explain(&subject, &ask, &seen);
        let decision = rules.policies().decide(&subject, &ask);
        let levels = rules
            .catalog()
            .categories()
            .map(|category| (category.name.clone(), decision.level(&category.name, &seen)))
            .filter(|(_, level)| *level > Level::None)
            .collect();
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Viewed);
        entry.why = Some("explanation".into());
        entry.object = Some(name.clone());
        entry.records = vec![id];
        self.record(entry).await?;
        let words = |reasons: &[policy::Reason]| reasons.iter().map(|r| format!("{}: {}", r.policy, r.words)).collect();
        let given_by = told.levels.iter().map(|(category, (_, reasons))| (category.clone(), words(reasons))).collect();
        let grounds = match row.person {
            Some(person) => self.grounds_of(person, ctx.at).await?,
            None => Vec::new(),
        };
        Ok(Explained {
            given_by,
            grounds,
            allowed: told.allowed,
            purpose_live: catalog_live(rules.catalog(), &purpose, row.live),
            purpose: purpose.to_string(),
            permitted_by: words(&told.permitted_by),
            forbidden_by: words(&told.forbidden_by),
            levels,
            live: crate::people::names(rules.catalog(), row.live),
            live_until: row.live_until,
        })
    }
}

fn catalog_live(catalog: &model::Catalog, purpose: &str, live: kernel::PurposeSet) -> bool {
    catalog.purpose(purpose).is_some_and(|p| live.has(p.purpose))
}
