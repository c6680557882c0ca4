//! What does a breach ask for, and by when?

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Applies, Event, merge, needs};
use crate::{
    Library, Result,
    condition::{Facts, Truth},
    moment::{Moment, When},
    pack::Rule,
    period::Start,
    text::{Said, Why, unconfirmed},
};

/// What does a breach ask for?
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreachAsk {
    /// The pack.
    pub pack: String,
    /// The version the matter was opened with.
    #[serde(default)]
    pub version: Option<String>,
    /// The region.
    #[serde(default)]
    pub region: Option<String>,
    /// When it became known.
    pub known: Moment,
    /// What happened since: `persons_told`, `assessed`, `handling_ended`, …
    #[serde(default)]
    pub events: Vec<Event>,
    /// What is known of it.
    #[serde(default)]
    pub facts: Facts,
}

/// One duty after a breach.
#[derive(Debug, Clone, Serialize)]
pub struct BreachDuty {
    /// To whom.
    pub to: String,
    /// By when; none: at once, or waiting for an event.
    pub due: Option<When>,
    /// The same instant in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_utc: Option<Timestamp>,
    /// The generous end where the law says "about".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outer_due: Option<When>,
    /// At once, without a number.
    pub at_once: bool,
    /// The event it waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<String>,
    /// Whether it applies.
    pub applies: Applies,
    /// Facts that would tell.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// What the message must hold.
    pub contains: Vec<String>,
    /// A year of the calendar is missing.
    pub provisional: bool,
}

/// The duties after a breach under one law.
#[derive(Debug, Clone, Serialize)]
pub struct BreachAnswer {
    /// The earliest date of all duties.
    pub due: Option<When>,
    /// Duties by rule.
    pub duties: BTreeMap<String, BreachDuty>,
    /// Rules that do not apply, and why not.
    pub not_owed: BTreeMap<String, Said>,
    /// A year of the calendar is missing.
    pub provisional: bool,
    /// The rules.
    pub why: Vec<Why>,
    /// Rules that a lawyer has yet to confirm.
    pub to_be_confirmed: Vec<String>,
    /// The pack.
    pub pack: String,
    /// Its edition.
    pub version: String,
    /// The region.
    pub region: String,
    /// The local time at which it became known.
    pub known: Moment,
}

impl Library {
    /// What does a breach ask for?
    pub fn breach(&self, ask: &BreachAsk) -> Result<BreachAnswer> {
        let ground = self.ground(&ask.pack, ask.version.as_deref(), ask.region.as_deref(), ask.known, &ask.facts)?;
        ground.check_events(&ask.events)?;
        let start = Start::of(ask.known, ground.calendar)?;
        let mut why = Vec::new();
        let (mut duties, mut not_owed) = (BTreeMap::new(), BTreeMap::new());
        for (name, rule) in &ground.pack.breach {
            let rule = rule.get_ref();
            let head = rule.head();
            if !head.covers(ground.calendar.id()) {
                continue;
            }
            if !head.in_force(ground.on) {
                let span = |d: Option<jiff::civil::Date>| d.map_or_else(|| "…".into(), |d| d.to_string());
                let (from, to) = (span(head.valid_from), span(head.valid_to));
                let said = Said::new(
                    format!("Not in force on {} (valid {from} to {to}): {}", ground.on, rule.text),
                    format!("{}无效（有效期{from}至{to}）。", ground.on),
                );
                not_owed.insert(name.clone(), said);
                continue;
            }
            let truth = head.when.of(|fact| ground.fact(fact));
            if truth == Truth::No {
                let when = head.when.text().join(" or ");
                let said =
                    Said::new(format!("Applies only if {when}: {}", rule.text), format!("仅在以下情形适用：{when}。"));
                not_owed.insert(name.clone(), said);
                continue;
            }
            let mut duty = BreachDuty {
                to: rule.to.clone(),
                due: None,
                due_utc: None,
                outer_due: None,
                at_once: rule.period.is_none(),
                waits_for: None,
                applies: Applies::of(&truth),
                needs: needs(&truth),
                contains: rule.contains.clone(),
                provisional: false,
            };
            let mut reason = ground.why("breach", name, rule);
            let mut more = Vec::new();
            if let Some(period) = &rule.period {
                let from = match &period.from {
                    None => Some(start),
                    Some(event) => {
                        let found = ask.events.iter().rfind(|e| e.kind == *event);
                        found.map(|e| Start::of(e.at, ground.calendar)).transpose()?
                    }
                };
                match from {
                    Some(from) => {
                        let reckoned = ground.reckon(period, from, 0)?;
                        reason = reason.here(ground.reasons(period, from.date, 0, &reckoned, &mut more));
                        duty.due = Some(reckoned.end);
                        duty.due_utc = reckoned.end.day().is_none().then(|| reckoned.end.until());
                        duty.provisional = reckoned.missing_year.is_some();
                        if let Some(outer) = &rule.outer {
                            duty.outer_due = Some(ground.reckon(outer, from, 0)?.end);
                        }
                    }
                    None => duty.waits_for.clone_from(&period.from),
                }
            }
            why.push(reason);
            merge(&mut why, more);
            duties.insert(name.clone(), duty);
        }
        Ok(BreachAnswer {
            due: duties.values().filter_map(|d| d.due).min(),
            provisional: duties.values().any(|d| d.provisional),
            duties,
            not_owed,
            to_be_confirmed: unconfirmed(&why),
            why,
            pack: ground.pack.pack.clone(),
            version: ground.pack.version.clone(),
            region: ground.calendar.id().to_owned(),
            known: ask.known,
        })
    }
}
