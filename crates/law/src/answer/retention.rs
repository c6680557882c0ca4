//! What may be erased, what must be kept, and until when?

use std::collections::BTreeMap;

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::merge;
use crate::{
    Error, Library, Result,
    condition::Facts,
    library::Ground,
    moment::{Moment, day, day_or_none},
    pack::{Hold, Retention, Rule, Starts, within},
    period::{Period, Unit},
    text::{Said, Why, unconfirmed},
};

/// What may be erased, and what must be kept?
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionAsk {
    /// The privacy law under which erasure is asked.
    pub pack: String,
    /// The version the matter was opened with.
    #[serde(default)]
    pub version: Option<String>,
    /// The region.
    #[serde(default)]
    pub region: Option<String>,
    /// When it was asked.
    pub asked: Moment,
    /// The records.
    pub records: Vec<RecordItem>,
    /// Facts and options of the pack.
    #[serde(default)]
    pub facts: Facts,
}

/// One record, or one kind of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordItem {
    /// Its kind: `invoice`, `voucher`, `marketing`, …
    pub record: String,
    /// Its date, or that of its start event.
    #[serde(deserialize_with = "day")]
    pub date: Date,
    /// Legal orders whose duties are invoked for it; none: the region's own.
    #[serde(default)]
    pub orders: Vec<String>,
    /// The end of the fiscal year it belongs to; none: the calendar year.
    #[serde(default, deserialize_with = "day_or_none", skip_serializing_if = "Option::is_none")]
    pub fiscal_year_end: Option<Date>,
    /// A litigation hold lies on it.
    #[serde(default)]
    pub litigation: bool,
}

/// What becomes of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Erased now.
    Erased,
    /// Only stored: `restricted` or `storage_only`, as the law calls it.
    #[serde(untagged)]
    Held(String),
}

/// A duty that does not count here.
#[derive(Debug, Clone, Serialize)]
pub struct Rejected {
    /// The rule.
    pub rule: String,
    /// Its legal order.
    pub order: String,
    /// Why it does not count.
    pub text: Said,
}

/// What becomes of one record.
#[derive(Debug, Clone, Serialize)]
pub struct KeptItem {
    /// Its state.
    pub state: State,
    /// Held until this day, the day included; none with a state of holding: without end.
    pub until: Option<Date>,
    /// At the latest erased on this day.
    pub erase_by: Option<Date>,
    /// A minimum runs longer than a maximum: counsel decides.
    pub conflict: bool,
    /// The ground is of a lower rank than the privacy law names: counsel decides.
    pub counsel: bool,
    /// Duties that do not count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<Rejected>,
}

/// What becomes of the records.
#[derive(Debug, Clone, Serialize)]
pub struct RetentionAnswer {
    /// By kind of record.
    pub records: BTreeMap<String, KeptItem>,
    /// What the letter must hold for the part that is refused.
    pub refusal_contains: Vec<String>,
    /// What is owed after the erasure.
    pub follow_up: Vec<String>,
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
}

impl Library {
    /// What may be erased, and what must be kept?
    pub fn retention(&self, ask: &RetentionAsk) -> Result<RetentionAnswer> {
        let ground = self.ground(&ask.pack, ask.version.as_deref(), ask.region.as_deref(), ask.asked, &ask.facts)?;
        let mut why = Vec::new();
        let mut records = BTreeMap::new();
        for item in &ask.records {
            let kept = self.keep(ground, item, &mut why)?;
            let mut key = item.record.clone();
            // Two invoices are two lines.
            for n in 2.. {
                if !records.contains_key(&key) {
                    break;
                }
                key = format!("{} ({n})", item.record);
            }
            records.insert(key, kept);
        }
        let held = records.values().any(|k: &KeptItem| k.state != State::Erased);
        let mut refusal_contains = Vec::new();
        let erasure = |requests: &[String]| requests.iter().any(|r| r == "delete" || r == "*");
        for (name, rule, _) in ground.live(&ground.pack.refusal).filter(|(_, r, _)| held && erasure(&r.requests)) {
            refusal_contains.extend(rule.contains.iter().cloned());
            why.push(ground.why("refusal", name, rule));
        }
        let mut follow_up = Vec::new();
        if let Some((name, request)) = ground.pack.request_kind("delete", ground.on) {
            follow_up.clone_from(&request.follow_up);
            why.push(ground.why("request", name, request));
        }
        Ok(RetentionAnswer {
            records,
            refusal_contains,
            follow_up,
            to_be_confirmed: unconfirmed(&why),
            why,
            pack: ground.pack.pack.clone(),
            version: ground.pack.version.clone(),
            region: ground.calendar.id().to_owned(),
        })
    }

    fn keep(&self, ground: Ground<'_>, item: &RecordItem, why: &mut Vec<Why>) -> Result<KeptItem> {
        let region = ground.calendar.id();
        let country = region.split('-').next().unwrap_or(region);
        let own = [region, country, ground.pack.order.as_str()];
        let invoked = |order: &str| match item.orders.is_empty() {
            true => own.contains(&order),
            false => item.orders.iter().any(|o| o == order),
        };
        let mut kept = KeptItem {
            state: State::Erased,
            until: None,
            erase_by: None,
            conflict: false,
            counsel: false,
            rejected: Vec::new(),
        };
        let mut known = false;
        let mut endless = item.litigation;
        let mut holding: Option<String> = None;
        for pack in self.packs() {
            for (name, rule) in &pack.retention {
                let rule = rule.get_ref();
                if !rule.records.contains(&item.record) {
                    continue;
                }
                known = true;
                if !rule.head().in_force(ground.on) || !invoked(&rule.order) {
                    continue;
                }
                let reason = Why::new(&pack.pack, "retention", name, rule.head());
                let hold = accepting(ground, &rule.order);
                for period in rule.min.iter().chain(&rule.max) {
                    let counting = pack.counting.get(&period.counting).map(Spanned::get_ref);
                    let told = counting.map(|c| Why::new(&pack.pack, "counting", &period.counting, c.head()));
                    merge(why, told.into_iter().collect());
                }
                // A maximum is a duty to erase; no privacy law needs to accept it first.
                if let Some(max) = &rule.max {
                    let end = end_of(rule, max, item)?;
                    kept.erase_by = Some(kept.erase_by.map_or(end, |old| old.min(end)));
                    why.push(reason.clone().here(until_text("at most until", "最长至", end)));
                }
                if rule.min.is_none() && !rule.permanent {
                    continue;
                }
                let Some((hold_name, hold)) = hold else {
                    let text = self.reject(ground, &rule.order, why);
                    kept.rejected.push(Rejected { rule: reason.rule, order: rule.order.clone(), text });
                    continue;
                };
                let end = rule.min.as_ref().map(|min| end_of(rule, min, item)).transpose()?;
                match end {
                    Some(end) if end < ground.on => {
                        why.push(reason.here(until_text("was to be kept until", "应保存至", end)));
                        continue;
                    }
                    Some(end) => {
                        kept.until = Some(kept.until.map_or(end, |old| old.max(end)));
                        why.push(reason.here(until_text("kept until", "保存至", end)));
                    }
                    None => {
                        endless = true;
                        why.push(reason);
                    }
                }
                kept.counsel |= rule.counsel;
                why.push(ground.why("hold", hold_name, hold));
                holding = Some(hold.state.clone());
            }
        }
        if item.litigation {
            known = true;
            holding = holding.or_else(|| ground.live(&ground.pack.hold).map(|(_, hold, _)| hold.state.clone()).next());
        }
        if !known && !ERASABLE.contains(&item.record.as_str()) {
            let mut all: Vec<&str> = self
                .packs()
                .flat_map(|p| p.retention.values())
                .flat_map(|r| &r.get_ref().records)
                .map(String::as_str)
                .collect();
            all.extend(ERASABLE);
            all.sort_unstable();
            all.dedup();
            return Err(Error::UnknownRecord { record: item.record.clone(), known: all.join(", ") });
        }
        if let Some(state) = holding {
            kept.state = State::Held(state);
        }
        if endless {
            kept.until = None;
        }
        kept.conflict = kept.erase_by.is_some_and(|by| endless || kept.until.is_some_and(|until| until > by));
        kept.counsel |= kept.conflict;
        Ok(kept)
    }

    fn reject(&self, ground: Ground<'_>, order: &str, why: &mut Vec<Why>) -> Said {
        if let Some((name, hold, _)) = ground.live(&ground.pack.hold).next() {
            why.push(ground.why("hold", name, hold));
        }
        Said::new(
            format!("A duty under the law of {order} is no ground to refuse an erasure under {}.", ground.pack.name),
            format!("{order}法下的保存义务不构成拒绝依{}删除的理由。", ground.pack.name_zh),
        )
    }
}

/// Kinds of data that no law orders to keep; everything else must be known to some rule.
const ERASABLE: &[&str] = &["marketing", "profile"];

fn accepting<'a>(ground: Ground<'a>, order: &str) -> Option<(&'a str, &'a Hold)> {
    ground
        .live(&ground.pack.hold)
        .find(|(_, hold, _)| hold.orders.iter().any(|accepted| within(order, accepted)))
        .map(|(name, hold, _)| (name, hold))
}

fn until_text(en: &str, zh: &str, end: Date) -> Said {
    Said::new(format!("Here: {en} {end}."), format!("本例：{zh}{end}。"))
}

/// The last day of a retention period.
fn end_of(rule: &Retention, period: &Period, item: &RecordItem) -> Result<Date> {
    let start = match rule.starts {
        Starts::EndOfCalendarYear => item.date.last_of_year(),
        Starts::EndOfFiscalYear => item.fiscal_year_end.unwrap_or_else(|| item.date.last_of_year()),
        Starts::Event => item.date,
    };
    let span = match period.unit {
        Unit::Years => Span::new().years(period.count),
        Unit::Months => Span::new().months(period.count),
        Unit::CalendarDays | Unit::BusinessDays => Span::new().days(period.count),
        Unit::Hours => Span::new().days((period.count + 23) / 24),
    };
    let end = start.checked_add(span)?;
    // A year that ends with a month's last day ends so again (28 February + 4 years is the 29th).
    let whole = rule.starts != Starts::Event && start == start.last_of_month();
    Ok(if whole { end.last_of_month() } else { end })
}
