//! Asking the ledger: filters as fields or as text (`act:revealed -actor:job about:7f3c`), and what was found as a file
//! that whoever gets it can check without us.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use kernel::{ActorKind, FieldName, ObjectName, PurposeName};
use ledger::{Act as LedgerAct, Entry, Proof};
use seal::policy::SystemAct;
use store::EntryFilter;

use crate::{Ctx, FieldError, House, Result, Sequenced};

/// Entries looked through in one step, and steps in one request; what lies further back is reached by the next page.
const STEP: u64 = 500;
const STEPS: usize = 40;
/// The most entries of one file.
pub const MOST_EXPORTED: u64 = 1_000;
/// The least of an id that is told, in hexadecimal digits.
const LEAST_ID: usize = 4;

/// What is asked of the ledger.
#[derive(Clone, Debug, Default)]
pub struct Inquiry {
    /// What the database answers by itself.
    pub filter: EntryFilter,
    /// What is asked of each entry besides.
    tests: Vec<(bool, Test)>,
}

#[derive(Clone, Debug)]
enum Test {
    Kind(ActorKind),
    Actor(String),
    Act(LedgerAct),
    Object(ObjectName),
    About(String),
    Purpose(PurposeName),
    Field(FieldName),
}

impl Test {
    fn holds(&self, entry: &Entry) -> bool {
        match self {
            Self::Kind(kind) => entry.actor_kind == *kind,
            Self::Actor(id) => is_of(&entry.actor.to_string(), id),
            Self::Act(act) => entry.act == *act,
            Self::Object(object) => entry.object.as_ref() == Some(object),
            Self::About(id) => entry.records.iter().any(|record| is_of(&record.to_string(), id)),
            Self::Purpose(purpose) => entry.purpose.as_ref() == Some(purpose),
            Self::Field(field) => entry.clear.contains(field) || entry.masked.contains(field),
        }
    }
}

/// Whether an id begins or ends with these digits: pages tell the ends of ids, programs whole ones.
fn is_of(id: &str, digits: &str) -> bool {
    let id: String = id.chars().filter(|c| *c != '-').collect();
    id.starts_with(digits) || id.ends_with(digits)
}

impl Inquiry {
    /// Adds one condition: `actor`, `act`, `object`, `about` (or `record`), `purpose`, `field`, `from`, `to`.
    pub fn add(&mut self, key: &str, value: &str, not: bool) -> std::result::Result<(), FieldError> {
        let wrong = |what: &str| FieldError::new(key, "form", what.to_owned());
        let test = match key {
            "from" | "to" if !not => {
                let at = instant(value, key == "to").ok_or_else(|| wrong("a day like 2026-11-23, or a time"))?;
                let place = if key == "from" { &mut self.filter.from } else { &mut self.filter.to };
                *place = Some(at);
                return Ok(());
            }
            "actor" => match [ActorKind::User, ActorKind::Token, ActorKind::Job, ActorKind::Operator]
                .into_iter()
                .find(|kind| kind.word() == value)
            {
                Some(kind) => Test::Kind(kind),
                None => match value.parse() {
                    Ok(id) if !not && self.filter.actor.is_none() => {
                        self.filter.actor = Some(id);
                        return Ok(());
                    }
                    _ => Test::Actor(digits(value).ok_or_else(|| wrong("user, token, job, operator, or an id"))?),
                },
            },
            "act" => {
                let act = LedgerAct::parse(value).ok_or_else(|| wrong("an act, like viewed"))?;
                let place = if not { &mut self.filter.not_act } else { &mut self.filter.act };
                if place.is_none() {
                    *place = Some(act.word().to_owned());
                    return Ok(());
                }
                Test::Act(act)
            }
            "object" => {
                let name = ObjectName::new(value).map_err(|_| wrong("an object, like contact"))?;
                if !not && self.filter.object.is_none() {
                    self.filter.object = Some(name.to_string());
                    return Ok(());
                }
                Test::Object(name)
            }
            "about" | "record" => match value.parse() {
                Ok(id) if !not && self.filter.record.is_none() => {
                    self.filter.record = Some(id);
                    return Ok(());
                }
                _ => Test::About(digits(value).ok_or_else(|| wrong("an id, or at least 4 digits of its end"))?),
            },
            "purpose" => Test::Purpose(PurposeName::new(value).map_err(|_| wrong("a purpose, like quoting"))?),
            "field" => Test::Field(FieldName::new(value).map_err(|_| wrong("a field, like email"))?),
            _ => return Err(wrong("is not one of actor, act, object, about, purpose, field, from, to")),
        };
        self.tests.push((not, test));
        Ok(())
    }

    /// Adds the conditions of a text: words of `key:value`, with `-` before those that must not hold.
    pub fn read(&mut self, text: &str) -> std::result::Result<(), FieldError> {
        for word in text.split_whitespace() {
            let (not, word) = word.strip_prefix('-').map_or((false, word), |word| (true, word));
            let Some((key, value)) = word.split_once(':') else {
                return Err(FieldError::new("q", "inquiry_word", "write key:value, as act:revealed"));
            };
            self.add(key, value, not)?;
        }
        Ok(())
    }

    fn holds(&self, entry: &Entry) -> bool {
        self.tests.iter().all(|(not, test)| test.holds(entry) != *not)
    }
}

/// Digits of an id, without dashes.
fn digits(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| *c != '-').collect::<String>().to_ascii_lowercase();
    (plain.len() >= LEAST_ID && plain.bytes().all(|b| b.is_ascii_hexdigit())).then_some(plain)
}

/// A time, or the beginning of a day; as an end, the end of that day.
fn instant(text: &str, end: bool) -> Option<Timestamp> {
    if let Ok(at) = text.parse() {
        return Some(at);
    }
    let day: Date = text.parse().ok()?;
    let day = if end { day.checked_add(1.day()).ok()? } else { day };
    Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// What was found.
#[derive(Debug)]
pub struct Inquired {
    /// The entries, newest first.
    pub entries: Vec<Sequenced>,
    /// Where to go on, if there may be more.
    pub next: Option<u64>,
}

/// An entry with the proof that it is in the ledger.
#[derive(Debug)]
pub struct Proven {
    /// The entry.
    pub one: Sequenced,
    /// Its proof.
    pub proof: Proof,
}

impl House {
    /// Entries that answer an inquiry, newest first; looking at them is an entry.
    pub async fn inquire(&self, ctx: &Ctx, inquiry: &Inquiry) -> Result<Inquired> {
        let policies = self.allow(ctx, SystemAct::ReadLedger).await?;
        let found = self.looked_up(inquiry, inquiry.filter.limit).await?;
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Viewed);
        entry.why = Some("ledger".into());
        entry.count = found.entries.len() as u64;
        entry.policies = policies;
        entry.records = inquiry.filter.record.into_iter().collect();
        self.record(entry).await?;
        Ok(found)
    }

    async fn looked_up(&self, inquiry: &Inquiry, limit: u64) -> Result<Inquired> {
        let mut filter = inquiry.filter.clone();
        if inquiry.tests.is_empty() {
            filter.limit = limit;
            let entries = self.found(&filter).await?;
            let next = (entries.len() as u64 == limit).then(|| entries.last().map(|one| one.seq)).flatten();
            return Ok(Inquired { entries, next });
        }
        let mut entries = Vec::new();
        filter.limit = STEP;
        for _ in 0..STEPS {
            let step = self.found(&filter).await?;
            let whole = step.len() as u64 == STEP;
            for one in step {
                filter.before = Some(one.seq);
                if inquiry.holds(&one.entry) {
                    entries.push(one);
                    if entries.len() as u64 == limit {
                        return Ok(Inquired { entries, next: filter.before });
                    }
                }
            }
            if !whole {
                return Ok(Inquired { entries, next: None });
            }
        }
        Ok(Inquired { entries, next: filter.before })
    }

    /// The same with a proof of each, up to [`MOST_EXPORTED`], for somebody outside; the file is on record. All proofs
    /// lead to one checkpoint.
    pub async fn export_inquiry(&self, ctx: &Ctx, inquiry: &Inquiry) -> Result<Vec<Proven>> {
        self.allow(ctx, SystemAct::VerifyLedger).await?;
        let policies = self.allow(ctx, SystemAct::ReadLedger).await?;
        let found = self.looked_up(inquiry, MOST_EXPORTED).await?.entries;
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Exported);
        entry.why = Some("ledger".into());
        entry.count = found.len() as u64;
        entry.policies = policies;
        entry.records = inquiry.filter.record.into_iter().collect();
        self.record(entry).await?;
        self.over(move |source| {
            let prove = |one: Sequenced| Ok(Proven { proof: ledger::prove(source, one.seq)?, one });
            found.into_iter().map(prove).collect()
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_conditions_and_nonsense_is_refused() {
        let mut inquiry = Inquiry::default();
        inquiry.read("act:revealed -actor:job about:7f3c from:2026-10-01 to:2026-10-31 field:email").unwrap();
        assert_eq!(inquiry.filter.act.as_deref(), Some("revealed"));
        assert_eq!(inquiry.filter.from.unwrap().to_string(), "2026-10-01T00:00:00Z");
        assert_eq!(inquiry.filter.to.unwrap().to_string(), "2026-11-01T00:00:00Z");
        assert_eq!(inquiry.tests.len(), 3);
        for bad in ["Ada", "who:ada", "about:xyz", "about:7f", "act:stolen", "from:yesterday", "-to:2026-10-01"] {
            assert!(Inquiry::default().read(bad).is_err(), "{bad}");
        }
    }
}
