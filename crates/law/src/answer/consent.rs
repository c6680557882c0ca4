//! Who consents, is the consent valid, and when may one ask again?

use std::collections::BTreeMap;

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

use super::{Applies, needs};
use crate::{
    Library, Result,
    condition::{Fact, Facts, Truth},
    library::Ground,
    moment::{Moment, day},
    pack::{ConsentEffect, Reached, Who},
    period::{Start, reckon},
    text::{Said, Why, unconfirmed},
};

/// Who consents at that age?
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeAsk {
    /// The pack.
    pub pack: String,
    /// The version the matter was opened with.
    #[serde(default)]
    pub version: Option<String>,
    /// The region.
    #[serde(default)]
    pub region: Option<String>,
    /// The day of birth.
    #[serde(deserialize_with = "day")]
    pub born: Date,
    /// The day of the consent.
    pub on: Moment,
    /// Facts and options of the pack.
    #[serde(default)]
    pub facts: Facts,
}

/// Who consents at that age.
#[derive(Debug, Clone, Serialize)]
pub struct AgeAnswer {
    /// Who; none: the law sets no age (or is not in force).
    pub who: Option<Who>,
    /// The first day of own consent without more.
    pub own_from: Option<Date>,
    /// The next day on which the answer changes.
    pub changes_on: Option<Date>,
    /// The rules.
    pub why: Vec<Why>,
    /// Rules that a lawyer has yet to confirm.
    pub to_be_confirmed: Vec<String>,
    /// The pack.
    pub pack: String,
    /// The region.
    pub region: String,
}

impl Library {
    /// Who consents at that age?
    pub fn consent_age(&self, ask: &AgeAsk) -> Result<AgeAnswer> {
        let ground = self.ground(&ask.pack, ask.version.as_deref(), ask.region.as_deref(), ask.on, &ask.facts)?;
        let mut answer = AgeAnswer {
            who: None,
            own_from: None,
            changes_on: None,
            why: Vec::new(),
            to_be_confirmed: Vec::new(),
            pack: ground.pack.pack.clone(),
            region: ground.calendar.id().to_owned(),
        };
        for (name, rule, _) in ground.live(&ground.pack.age) {
            let mut who = Who::Own;
            for band in &rule.bands {
                let reached = reached(ask.born, band.under, rule.reached)?;
                answer.own_from = answer.own_from.max(Some(reached));
                if ground.on < reached {
                    answer.changes_on = Some(answer.changes_on.map_or(reached, |c| c.min(reached)));
                    if who == Who::Own {
                        who = band.who;
                    }
                }
            }
            // Several rules: the one that protects most.
            answer.who = Some(answer.who.map_or(who, |old| stricter(old, who)));
            let said = match answer.own_from {
                Some(from) => Said::new(format!("Own consent from {from}."), format!("自{from}起可自行同意。")),
                None => Said::new("", ""),
            };
            answer.why.push(ground.why("age", name, rule).here(said));
        }
        answer.to_be_confirmed = unconfirmed(&answer.why);
        Ok(answer)
    }
}

fn stricter(a: Who, b: Who) -> Who {
    let rank = |who| match who {
        Who::Parent => 0,
        Who::OwnOptIn => 1,
        Who::Own => 2,
    };
    if rank(a) <= rank(b) { a } else { b }
}

/// The day on which an age is reached. Somebody born on 29 February reaches it on 1 March of a common year: the later
/// day protects the child.
fn reached(born: Date, age: i16, rule: Reached) -> Result<Date> {
    let birthday = born.checked_add(Span::new().years(age))?;
    let birthday = if birthday.day() == born.day() { birthday } else { birthday.tomorrow()? };
    Ok(match rule {
        Reached::Birthday => birthday,
        Reached::DayAfter => birthday.tomorrow()?,
    })
}

/// Is this consent valid?
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentAsk {
    /// The pack.
    pub pack: String,
    /// The version the matter was opened with.
    #[serde(default)]
    pub version: Option<String>,
    /// The region.
    #[serde(default)]
    pub region: Option<String>,
    /// The day of the consent.
    pub on: Moment,
    /// What each tick box is for: `[["newsletter", "share", "abroad"]]` is one box for three things.
    #[serde(default)]
    pub ticks: Vec<Vec<String>>,
    /// When the person refused or opted out, if ever.
    #[serde(default)]
    pub refused_at: Option<Moment>,
    /// When one wants to ask again.
    #[serde(default)]
    pub ask_again_at: Option<Moment>,
    /// How it was asked.
    #[serde(default)]
    pub facts: Facts,
}

/// Whether the consent carries one act.
#[derive(Debug, Clone, Serialize)]
pub struct ActAnswer {
    /// Whether it is valid for it; unknown: facts are missing.
    pub valid: Applies,
    /// Needs a consent of its own.
    pub separate: bool,
    /// Rules it fails.
    pub fails: Vec<String>,
    /// Facts that would tell.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
}

/// A duty beside consent.
#[derive(Debug, Clone, Serialize)]
pub struct ConsentDuty {
    /// What it says.
    pub text: Said,
    /// Whether it is kept, as far as the facts tell.
    pub kept: Applies,
}

/// When one may ask again after a no.
#[derive(Debug, Clone, Serialize)]
pub struct AskAgain {
    /// The first day.
    pub first_allowed: Date,
    /// Whether the day asked about is late enough.
    pub allowed: Option<bool>,
}

/// Whether a consent is valid.
#[derive(Debug, Clone, Serialize)]
pub struct ConsentAnswer {
    /// By act.
    pub acts: BTreeMap<String, ActAnswer>,
    /// How many separate consents the acts need.
    pub consents_needed: usize,
    /// Duties beside it, by rule.
    pub duties: BTreeMap<String, ConsentDuty>,
    /// When one may ask again.
    pub ask_again: Option<AskAgain>,
    /// The rules.
    pub why: Vec<Why>,
    /// Rules that a lawyer has yet to confirm.
    pub to_be_confirmed: Vec<String>,
    /// The pack.
    pub pack: String,
    /// The region.
    pub region: String,
}

/// The fact the engine fills itself: how many acts share the tick box.
const ACTS_IN_TICK: &str = "acts_in_tick";

impl Library {
    /// Is this consent valid?
    pub fn consent(&self, ask: &ConsentAsk) -> Result<ConsentAnswer> {
        let ground = self.ground(&ask.pack, ask.version.as_deref(), ask.region.as_deref(), ask.on, &ask.facts)?;
        let mut why: Vec<Why> = Vec::new();
        let mut acts = BTreeMap::new();
        for tick in &ask.ticks {
            let mut facts = ask.facts.clone();
            facts.insert(ACTS_IN_TICK.into(), Fact::Number(tick.len().try_into().unwrap_or(i64::MAX)));
            let ground = Ground { facts: &facts, ..ground };
            for act in tick {
                acts.insert(act.clone(), judge(ground, act, &mut why));
            }
        }
        let separate = acts.values().filter(|a: &&ActAnswer| a.separate).count();
        let consents_needed = separate + usize::from(acts.len() > separate);
        let mut duties = BTreeMap::new();
        let mut ask_again: Option<AskAgain> = None;
        for (name, rule, truth) in ground.live(&ground.pack.consent) {
            if rule.effect == ConsentEffect::Duty {
                let zh = rule.text_zh.clone().unwrap_or_else(|| rule.text.clone());
                let kept = match (&truth, rule.needs.is_empty()) {
                    (_, true) | (Truth::Unknown(_), _) => Applies::Unknown,
                    _ => Applies::of(&rule.needs.of(|fact| ground.fact(fact))),
                };
                duties.insert(name.to_owned(), ConsentDuty { text: Said::new(rule.text.clone(), zh), kept });
                push(&mut why, ground.why("consent", name, rule));
            }
            if let (Some(wait), Some(refused)) = (&rule.wait, ask.refused_at)
                && let Some((counting, rules)) = ground.counting(wait)
            {
                // A configured interval replaces the pack's, longer or shorter.
                let count = match wait.promised.as_deref().and_then(|name| ground.fact(name)) {
                    Some(Fact::Number(n)) => i32::try_from(n).unwrap_or(wait.count),
                    _ => wait.count,
                };
                let start = Start::day(refused.date(ground.calendar.zone()));
                // "At least" so long: the day on which the period ends is still too early.
                let first = reckon(rules, count, wait.unit, start, 0)?.end.date().tomorrow()?;
                let first = ask_again.map_or(first, |old| old.first_allowed.max(first));
                let allowed = ask.ask_again_at.map(|at| at.date(ground.calendar.zone()) >= first);
                ask_again = Some(AskAgain { first_allowed: first, allowed });
                let said = Said::new(
                    format!("Refused on {}: may be asked again from {first}.", start.date),
                    format!("{}已拒绝：自{first}起可再次询问。", start.date),
                );
                push(&mut why, ground.why("consent", name, rule).here(said));
                push(&mut why, ground.why("counting", &wait.counting, counting));
            }
        }
        Ok(ConsentAnswer {
            acts,
            consents_needed,
            duties,
            ask_again,
            to_be_confirmed: unconfirmed(&why),
            why,
            pack: ground.pack.pack.clone(),
            region: ground.calendar.id().to_owned(),
        })
    }
}

fn judge(ground: Ground<'_>, act: &str, why: &mut Vec<Why>) -> ActAnswer {
    let mut answer = ActAnswer { valid: Applies::Yes, separate: false, fails: Vec::new(), needs: Vec::new() };
    let matching = ground
        .live(&ground.pack.consent)
        .filter(|(_, r, _)| r.effect != ConsentEffect::Duty && r.acts.iter().any(|a| a == act || a == "*"));
    for (name, rule, applies) in matching {
        // A rule that asks how many acts share the box is the one that wants a consent of its own.
        answer.separate |=
            rule.needs.asks().any(|(fact, _)| fact == ACTS_IN_TICK) && !rule.acts.iter().any(|a| a == "*");
        let holds = rule.needs.of(|fact| ground.fact(fact));
        match (&applies, &holds) {
            (_, Truth::Yes) => {}
            (Truth::Yes, Truth::No) => {
                answer.valid = Applies::No;
                answer.fails.push(name.to_owned());
            }
            _ => {
                answer.needs.extend(needs(&applies));
                answer.needs.extend(needs(&holds));
                if answer.valid == Applies::Yes {
                    answer.valid = Applies::Unknown;
                }
            }
        }
        push(why, ground.why("consent", name, rule));
    }
    answer.needs.sort();
    answer.needs.dedup();
    answer
}

fn push(why: &mut Vec<Why>, one: Why) {
    match why.iter_mut().find(|w| w.rule == one.rule) {
        Some(old) if old.text.len() < one.text.len() => *old = one,
        Some(_) => {}
        None => why.push(one),
    }
}
