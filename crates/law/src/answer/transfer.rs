//! May data go abroad, and how? Totals are counted by rules, not by the asker.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use super::needs;
use crate::{
    Library, Result,
    condition::{Fact, Facts, Truth},
    library::Ground,
    moment::{Moment, When},
    pack::{Outcome, Resets},
    period::Start,
    text::{Said, Why, unconfirmed},
};

/// May data go abroad?
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferAsk {
    /// The pack of the place the data leaves.
    pub pack: String,
    /// The version the matter was opened with.
    #[serde(default)]
    pub version: Option<String>,
    /// The region it leaves.
    #[serde(default)]
    pub region: Option<String>,
    /// When it would leave.
    pub on: Moment,
    /// Facts of the case.
    #[serde(default)]
    pub facts: Facts,
    /// Flows so far, this one included, for the totals; none: totals are stated as facts.
    #[serde(default)]
    pub flows: Vec<Flow>,
}

/// A number of persons whose data left on a day.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// When.
    pub on: Moment,
    /// How many persons.
    pub persons: i64,
    /// Facts of this flow (`sensitive`, `contract_needed`, …).
    #[serde(default)]
    pub facts: Facts,
}

/// A total.
#[derive(Debug, Clone, Serialize)]
pub struct Count {
    /// The number.
    pub value: i64,
    /// Counted since.
    pub since: Option<Date>,
    /// Begins anew on.
    pub resets_on: Option<Date>,
}

/// A duty besides.
#[derive(Debug, Clone, Serialize)]
pub struct TransferDuty {
    /// What it says.
    pub text: Said,
    /// By when, if it runs from the day of the transfer.
    pub due: Option<When>,
    /// Facts that would tell whether it applies.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
}

/// Whether data may go abroad, and how.
#[derive(Debug, Clone, Serialize)]
pub struct TransferAnswer {
    /// What it comes to; none: no rule decides on these facts.
    pub outcome: Option<Outcome>,
    /// The rule that decides.
    pub decided_by: Option<String>,
    /// May go now as it is.
    pub may_go: bool,
    /// The mechanisms that would do.
    pub mechanisms: Vec<String>,
    /// Whether it counts toward the totals.
    pub counted: bool,
    /// Totals by fact.
    pub counters: BTreeMap<String, Count>,
    /// Rules that might decide otherwise if these facts were stated.
    pub needs: Vec<String>,
    /// Duties besides.
    pub duties: BTreeMap<String, TransferDuty>,
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
    /// May data go abroad?
    pub fn transfer(&self, ask: &TransferAsk) -> Result<TransferAnswer> {
        let stated = self.ground(&ask.pack, ask.version.as_deref(), ask.region.as_deref(), ask.on, &ask.facts)?;
        let mut why = Vec::new();
        let mut facts = ask.facts.clone();
        let counters = count(stated, ask, &mut facts, &mut why)?;
        // Checks the facts of the flows' own words too.
        let ground = Ground { facts: &facts, ..stated };
        let mut answer = TransferAnswer {
            outcome: None,
            decided_by: None,
            may_go: false,
            mechanisms: Vec::new(),
            counted: true,
            counters,
            needs: Vec::new(),
            duties: BTreeMap::new(),
            why: Vec::new(),
            to_be_confirmed: Vec::new(),
            pack: ground.pack.pack.clone(),
            region: ground.calendar.id().to_owned(),
        };
        let mut deciding: Vec<_> = ground.live(&ground.pack.transfer).collect();
        deciding.sort_by_key(|(_, rule, _)| rule.order);
        for (name, rule, truth) in deciding {
            let zh = rule.text_zh.clone().unwrap_or_else(|| rule.text.clone());
            if rule.outcome == Outcome::Always {
                let due = match &rule.period {
                    Some(period) if period.from.is_none() => {
                        Some(ground.reckon(period, Start::of(ask.on, ground.calendar)?, 0)?.end)
                    }
                    _ => None,
                };
                let duty = TransferDuty { text: Said::new(rule.text.clone(), zh), due, needs: needs(&truth) };
                answer.duties.insert(name.to_owned(), duty);
                why.push(ground.why("transfer", name, rule));
            } else if answer.outcome.is_none() {
                why.push(ground.why("transfer", name, rule));
                match truth {
                    Truth::Yes => {
                        answer.outcome = Some(rule.outcome);
                        answer.may_go = rule.outcome == Outcome::Free;
                        answer.mechanisms.clone_from(&rule.mechanisms);
                        answer.counted = !rule.uncounted;
                        answer.decided_by = Some(name.to_owned());
                    }
                    _ => answer.needs.extend(needs(&truth)),
                }
            }
        }
        // An open question above the deciding rule: nothing may go before it is answered.
        answer.may_go &= answer.needs.is_empty();
        answer.needs.sort();
        answer.needs.dedup();
        answer.to_be_confirmed = unconfirmed(&why);
        answer.why = why;
        Ok(answer)
    }
}

/// Fills the counter facts from the flows.
fn count(
    ground: Ground<'_>,
    ask: &TransferAsk,
    facts: &mut Facts,
    why: &mut Vec<Why>,
) -> Result<BTreeMap<String, Count>> {
    let mut counters = BTreeMap::new();
    for (name, rule, _) in ground.live(&ground.pack.counter) {
        let year = ground.on.year();
        let (since, resets_on) = match rule.resets {
            Resets::CalendarYear => (Some(date(year, 1, 1)), Some(date(year, 1, 1).last_of_year().tomorrow()?)),
            Resets::Never => (None, None),
        };
        let value = if ask.flows.is_empty() {
            match ground.fact(&rule.fills) {
                Some(Fact::Number(n)) => n,
                _ => continue,
            }
        } else {
            let mut total = 0i64;
            for flow in &ask.flows {
                let on = flow.on.date(ground.calendar.zone());
                // The case's own facts are about the case; a flow brings its own, and shares only the options.
                let option = |name: &str| ground.pack.fact.get(name).is_some_and(|f| f.get_ref().option);
                let mut own: Facts =
                    ask.facts.iter().filter(|(n, _)| option(n)).map(|(n, f)| (n.clone(), f.clone())).collect();
                own.extend(flow.facts.clone());
                let flow_ground = ground.library.ground(
                    &ground.pack.pack,
                    Some(&ground.pack.version),
                    Some(ground.calendar.id()),
                    flow.on,
                    &own,
                )?;
                let exempt = flow_ground.live(&ground.pack.transfer).any(|(_, r, t)| r.uncounted && t == Truth::Yes);
                let counts = rule.of.of(|fact| flow_ground.fact(fact)).possible();
                if counts && !exempt && on <= ground.on && since.is_none_or(|s| s <= on) {
                    total = total.saturating_add(flow.persons);
                }
            }
            facts.insert(rule.fills.clone(), Fact::Number(total));
            total
        };
        let said = match since {
            Some(since) => Said::new(format!("Here: {value} since {since}."), format!("本例：自{since}起{value}。")),
            None => Said::new(format!("Here: {value}."), format!("本例：{value}。")),
        };
        why.push(ground.why("counter", name, rule).here(said));
        counters.insert(rule.fills.clone(), Count { value, since, resets_on });
    }
    Ok(counters)
}
