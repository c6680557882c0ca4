//! Which standing duties begin at these numbers?

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Applies, Event, merge, needs};
use crate::{
    Library, Result,
    condition::{Facts, Truth},
    library::Ground,
    moment::{Moment, When},
    pack::{Duty, DutyKind, Rule},
    period::{Period, Start},
    text::{Said, Why, unconfirmed},
};

/// Which standing duties begin at these numbers?
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThresholdAsk {
    /// The pack.
    pub pack: String,
    /// The version the matter was opened with.
    #[serde(default)]
    pub version: Option<String>,
    /// The region.
    #[serde(default)]
    pub region: Option<String>,
    /// The day asked about.
    pub on: Moment,
    /// Numbers and circumstances.
    #[serde(default)]
    pub facts: Facts,
    /// When things were reached or done: `reached`, `done`, …
    #[serde(default)]
    pub events: Vec<Event>,
}

/// A standing duty.
#[derive(Debug, Clone, Serialize)]
pub struct StandingDuty {
    /// Its kind.
    pub kind: DutyKind,
    /// Whether it applies.
    pub applies: Applies,
    /// What it says.
    pub text: Said,
    /// By when.
    pub due: Option<When>,
    /// Due again, counted from the event `done`, or the length of the cycle in words.
    pub next: Option<When>,
    /// How often.
    pub cycle: Option<Said>,
    /// How long its papers are kept.
    pub keep: Option<Said>,
    /// What the document must hold.
    pub contains: Vec<String>,
    /// Facts that would tell.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
}

/// The standing duties at these numbers.
#[derive(Debug, Clone, Serialize)]
pub struct ThresholdAnswer {
    /// Duties that apply or may apply, by rule.
    pub duties: BTreeMap<String, StandingDuty>,
    /// Duties that do not, and from when they would.
    pub not_owed: BTreeMap<String, Said>,
    /// A year of the calendar is missing.
    pub provisional: bool,
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
    /// Which standing duties begin at these numbers?
    pub fn threshold(&self, ask: &ThresholdAsk) -> Result<ThresholdAnswer> {
        let ground = self.ground(&ask.pack, ask.version.as_deref(), ask.region.as_deref(), ask.on, &ask.facts)?;
        let mut answer = ThresholdAnswer {
            duties: BTreeMap::new(),
            not_owed: BTreeMap::new(),
            provisional: false,
            why: Vec::new(),
            to_be_confirmed: Vec::new(),
            pack: ground.pack.pack.clone(),
            region: ground.calendar.id().to_owned(),
        };
        for (name, rule, truth) in ground.rules(&ground.pack.duty) {
            if truth == Truth::No {
                let when = rule.when.text().join(" or ");
                let said =
                    Said::new(format!("Applies only if {when}: {}", rule.text), format!("仅在以下情形适用：{when}。"));
                answer.not_owed.insert(name.to_owned(), said);
                continue;
            }
            let duty = standing(ground, name, rule, &truth, ask, &mut answer)?;
            answer.duties.insert(name.to_owned(), duty);
        }
        for (name, rule) in &ground.pack.duty {
            let head = rule.get_ref().head();
            if let Some(from) = head.valid_from.filter(|from| *from > ground.on) {
                let said = Said::new(format!("In force from {from}: {}", head.text), format!("自{from}起施行。"));
                answer.not_owed.insert(name.clone(), said);
            }
        }
        answer.to_be_confirmed = unconfirmed(&answer.why);
        Ok(answer)
    }
}

fn standing(
    ground: Ground<'_>,
    name: &str,
    rule: &Duty,
    truth: &Truth,
    ask: &ThresholdAsk,
    answer: &mut ThresholdAnswer,
) -> Result<StandingDuty> {
    let event = |kind: &str| ask.events.iter().rfind(|e| e.kind == kind);
    let mut reason = ground.why("duty", name, rule);
    let mut more = Vec::new();
    let mut due = rule.by.map(|by: Date| When::end_of(by, ground.calendar.zone())).transpose()?;
    if let Some(period) = &rule.period
        && let Some(reached) = event(period.from.as_deref().unwrap_or("reached"))
    {
        let start = Start::of(reached.at, ground.calendar)?;
        let reckoned = ground.reckon(period, start, 0)?;
        reason = reason.here(ground.reasons(period, start.date, 0, &reckoned, &mut more));
        answer.provisional |= reckoned.missing_year.is_some();
        due = Some(due.map_or(reckoned.end, |d| d.min(reckoned.end)));
    }
    let next = match (&rule.cycle, event("done")) {
        (Some(cycle), Some(done)) => {
            let start = Start::of(done.at, ground.calendar)?;
            let reckoned = ground.reckon(cycle, start, 0)?;
            reason = reason.here(ground.reasons(cycle, start.date, 0, &reckoned, &mut more));
            Some(reckoned.end)
        }
        _ => None,
    };
    answer.why.push(reason);
    merge(&mut answer.why, more);
    let words = |period: &Option<Period>| period.as_ref().map(|p| p.unit.words(p.count));
    Ok(StandingDuty {
        kind: rule.kind,
        applies: Applies::of(truth),
        text: Said::new(rule.text.clone(), rule.text_zh.clone().unwrap_or_else(|| rule.text.clone())),
        due,
        next,
        cycle: words(&rule.cycle),
        keep: words(&rule.keep),
        contains: rule.contains.clone(),
        needs: needs(truth),
    })
}
