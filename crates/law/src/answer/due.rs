//! When is an answer due?

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Event, clock, day_after, merge, needs};
use crate::{
    Error, Library, Result,
    condition::{Facts, Truth},
    library::Ground,
    moment::{Moment, When},
    pack::{Deadline, Role, Rule},
    period::{Reckoned, Start},
    text::{Said, Why, unconfirmed},
};

/// When is an answer due?
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueAsk {
    /// The pack: `gdpr`.
    pub pack: String,
    /// The version the matter was opened with; none: the edition of the day of receipt.
    #[serde(default)]
    pub version: Option<String>,
    /// The request kind: `access`.
    pub request: String,
    /// When it was received.
    pub received: Moment,
    /// The region of the establishment: `DE-BY`.
    #[serde(default)]
    pub region: Option<String>,
    /// What happened since.
    #[serde(default)]
    pub events: Vec<Event>,
    /// Facts and options of the pack.
    #[serde(default)]
    pub facts: Facts,
}

/// Whether the clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// It runs.
    Running,
    /// It stands still until an answer comes.
    Paused,
    /// It has not started: something is still missing.
    Waiting,
}

/// An event that has not the effect it was meant to have.
#[derive(Debug, Clone, Serialize)]
pub struct Refused {
    /// Its kind.
    pub event: String,
    /// The rule that refuses it.
    pub rule: String,
    /// Why.
    pub text: Said,
}

/// One of several limits for the same answer.
#[derive(Debug, Clone, Serialize)]
pub struct Limit {
    /// The rule.
    pub rule: String,
    /// Its end.
    pub due: When,
    /// Its end before days off moved it.
    pub raw: Date,
}

/// When an answer is due, and why.
#[derive(Debug, Clone, Serialize)]
pub struct DueAnswer {
    /// The date that counts now; none where the law names no number, or no such right exists yet.
    pub due: Option<When>,
    /// The date after an extension: possible, or in effect.
    pub extended_due: Option<When>,
    /// By when receipt must be acknowledged.
    pub confirm_by: Option<When>,
    /// By when the notice of an extension must be out.
    pub extension_notice_by: Option<When>,
    /// The safe date to work towards.
    pub earliest_internal: Option<Date>,
    /// A year of the calendar is missing, or the clock stands still.
    pub provisional: bool,
    /// The rules, in the order they were used.
    pub why: Vec<Why>,
    /// Whether the law gives this right on that day.
    pub active: bool,
    /// From when it does, if not yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live_from: Option<Date>,
    /// What the law says instead of, or beside, a number ("without undue delay").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promptly: Option<Said>,
    /// By when a refusal must leave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal_by: Option<When>,
    /// The date of a generous reading: a defence, not a plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outer_due: Option<When>,
    /// First day on which the answer is late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overdue_from: Option<Date>,
    /// Whether the clock runs.
    pub clock: ClockState,
    /// Events without effect.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Refused>,
    /// All limits for the answer; the earliest leads.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub limits: BTreeMap<String, Limit>,
    /// Facts that would make the answer surer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// Rules among the reasons that a lawyer has yet to confirm.
    pub to_be_confirmed: Vec<String>,
    /// The pack.
    pub pack: String,
    /// Its edition: the matter keeps it.
    pub version: String,
    /// The request kind by its own name.
    pub request: String,
    /// The region.
    pub region: String,
    /// The local date of receipt.
    pub received_on: Date,
}

impl Library {
    /// When is an answer due?
    pub fn due(&self, ask: &DueAsk) -> Result<DueAnswer> {
        let ground = self.ground(&ask.pack, ask.version.as_deref(), ask.region.as_deref(), ask.received, &ask.facts)?;
        ground.check_events(&ask.events)?;
        let pack = ground.pack;
        let Some((name, request)) = pack.request_kind(&ask.request, ground.on) else {
            let known = pack.request.keys().cloned().collect::<Vec<_>>().join(", ");
            return Err(Error::UnknownRequest { pack: pack.pack.clone(), request: ask.request.clone(), known });
        };
        let mut answer = DueAnswer {
            due: None,
            extended_due: None,
            confirm_by: None,
            extension_notice_by: None,
            earliest_internal: None,
            provisional: false,
            why: vec![ground.why("request", name, request)],
            active: true,
            live_from: None,
            promptly: None,
            refusal_by: None,
            outer_due: None,
            overdue_from: None,
            clock: ClockState::Running,
            refused: Vec::new(),
            limits: BTreeMap::new(),
            needs: Vec::new(),
            to_be_confirmed: Vec::new(),
            pack: pack.pack.clone(),
            version: pack.version.clone(),
            request: name.to_owned(),
            region: ground.calendar.id().to_owned(),
            received_on: ground.on,
        };
        if !pack.applies(ground.on) || !request.head().in_force(ground.on) {
            not_in_force(&mut answer, request.valid_from.filter(|from| *from > ground.on));
        } else {
            Reckoning { ground, name, ask, answer: &mut answer }.run()?;
        }
        answer.to_be_confirmed = unconfirmed(&answer.why);
        Ok(answer)
    }
}

fn not_in_force(answer: &mut DueAnswer, from: Option<Date>) {
    answer.active = false;
    answer.live_from = from;
    let said = match from {
        Some(from) => Said::new(
            format!("Not yet a right on {}: in force from {from}.", answer.received_on),
            format!("{}尚无此项权利：自{from}起施行。", answer.received_on),
        ),
        None => Said::new(
            format!("No longer in force on {}.", answer.received_on),
            format!("{}已不再有效。", answer.received_on),
        ),
    };
    if let Some(last) = answer.why.pop() {
        answer.why.push(last.here(said));
    }
}

struct Reckoning<'a> {
    ground: Ground<'a>,
    name: &'a str,
    ask: &'a DueAsk,
    answer: &'a mut DueAnswer,
}

/// A deadline rule worked out.
struct Worked<'a> {
    name: &'a str,
    rule: &'a Deadline,
    reckoned: Option<Reckoned>,
}

impl<'a> Reckoning<'a> {
    fn run(mut self) -> Result<()> {
        let start = Start::of(self.ask.received, self.ground.calendar)?;
        let mut clock_why = Vec::new();
        let run = clock::play(self.ground, self.name, start, &self.ask.events, &mut clock_why)?;
        self.answer.clock = run.state;
        self.answer.provisional = run.state != ClockState::Running;
        let answers = self.work(Role::Answer, run.start, run.out)?;
        let leads = answers
            .iter()
            .filter_map(|w| Some((w, w.reckoned.as_ref()?)))
            .min_by_key(|(_, reckoned)| reckoned.end)
            .map(|(worked, reckoned)| (worked.name, worked.rule, reckoned.clone()));
        for worked in &answers {
            match &worked.reckoned {
                Some(reckoned) => {
                    let rule = format!("{}/deadline.{}", self.ground.pack.pack, worked.name);
                    let limit = Limit { rule, due: reckoned.end, raw: reckoned.raw };
                    self.answer.limits.insert(worked.name.to_owned(), limit);
                }
                None => {
                    let rule = worked.rule;
                    let zh = rule.text_zh.clone().unwrap_or_else(|| rule.text.clone());
                    self.answer.promptly = Some(Said::new(rule.text.clone(), zh));
                    self.answer.why.push(self.ground.why("deadline", worked.name, rule));
                }
            }
        }
        if let Some((name, rule, reckoned)) = &leads {
            self.tell(name, rule, reckoned, run.start.date, run.out);
            if self.answer.limits.len() > 1
                && let Some(last) = self.answer.why.iter_mut().find(|w| w.rule.ends_with(&format!("deadline.{name}")))
            {
                last.text.push_str(" It is the strictest of several limits.");
            }
            self.answer.due = Some(reckoned.end);
            self.answer.earliest_internal = Some(self.earliest(rule, &run)?);
        }
        self.answer.why.append(&mut clock_why);
        self.single(Role::Confirm, start, 0, |answer, when| answer.confirm_by = Some(when))?;
        self.single(Role::Refusal, run.start, run.out, |answer, when| answer.refusal_by = Some(when))?;
        self.single(Role::Outer, run.start, run.out, |answer, when| answer.outer_due = Some(when))?;
        if let (true, Some((_, rule, _))) = (run.defence > 0, &leads)
            && let Some(period) = &rule.period
        {
            self.answer.outer_due = Some(self.ground.reckon(period, run.start, run.out + run.defence)?.end);
        }
        self.extend(run.start, run.out)?;
        self.answer.overdue_from = self.answer.due.map(day_after).transpose()?;
        Ok(())
    }

    /// The deadline rules of a role for this request, worked out.
    fn work(&mut self, role: Role, start: Start, out: i32) -> Result<Vec<Worked<'a>>> {
        let mut all = Vec::new();
        for (name, rule, truth) in self.ground.live(&self.ground.pack.deadline) {
            if rule.role != role || !rule.requests.iter().any(|r| r == self.name || r == "*") {
                continue;
            }
            if let Truth::Unknown(_) = truth {
                self.answer.needs.extend(needs(&truth));
            }
            let reckoned = match &rule.period {
                Some(period) => match &period.from {
                    Some(event) => match self.ask.events.iter().rfind(|e| e.kind == *event) {
                        Some(e) => Some(self.ground.reckon(period, Start::of(e.at, self.ground.calendar)?, 0)?),
                        // An extension that waits for its event is still an extension; a deadline is none yet.
                        None if role == Role::Extension => None,
                        None => continue,
                    },
                    None => Some(self.ground.reckon(period, start, out)?),
                },
                None => None,
            };
            all.push(Worked { name, rule, reckoned });
        }
        Ok(all)
    }

    fn single(&mut self, role: Role, start: Start, out: i32, put: fn(&mut DueAnswer, When)) -> Result<()> {
        let worked = self.work(role, start, out)?;
        let first = worked.iter().filter_map(|w| Some((w, w.reckoned.as_ref()?))).min_by_key(|(_, r)| r.end);
        if let Some((worked, reckoned)) = first {
            self.tell(worked.name, worked.rule, reckoned, start.date, out);
            put(self.answer, reckoned.end);
        } else if let Some(worked) = worked.first() {
            self.answer.why.push(self.ground.why("deadline", worked.name, worked.rule));
        }
        Ok(())
    }

    fn tell(&mut self, name: &str, rule: &Deadline, reckoned: &Reckoned, from: Date, out: i32) {
        let Some(period) = &rule.period else { return };
        let mut more = Vec::new();
        let said = self.ground.reasons(period, from, out, reckoned, &mut more);
        self.answer.why.push(self.ground.why("deadline", name, rule).here(said));
        merge(&mut self.answer.why, more);
        self.answer.provisional |= reckoned.missing_year.is_some();
    }

    /// The date to work towards: counted from the earliest date of receipt over the zones in play, never moved later.
    fn earliest(&self, rule: &Deadline, run: &clock::Running) -> Result<Date> {
        let Some(period) = &rule.period else { return Ok(run.start.date) };
        let start = match run.restarted {
            true => run.start,
            false => Start { date: self.ask.received.earliest_date(self.ground.calendar.zone()), at: run.start.at },
        };
        Ok(self.ground.reckon(period, start, run.out)?.safe)
    }

    fn extend(&mut self, start: Start, out: i32) -> Result<()> {
        let Some(due) = self.answer.due else { return Ok(()) };
        let Some(extension) = self.work(Role::Extension, start, out)?.into_iter().next() else { return Ok(()) };
        let zone = self.ground.calendar.zone();
        let separate = self.work(Role::ExtensionNotice, start, out)?;
        let notice_by = separate.iter().filter_map(|w| w.reckoned.as_ref()).map(|r| r.end).min().unwrap_or(due);
        self.answer.extension_notice_by = Some(notice_by);
        // An extension can only add time, whatever the days off do to the two dates.
        let possible = extension.reckoned.as_ref().map(|r| r.end.max(due));
        match &extension.reckoned {
            Some(reckoned) => self.tell(extension.name, extension.rule, &reckoned.clone(), start.date, out),
            None => self.answer.why.push(self.ground.why("deadline", extension.name, extension.rule)),
        }
        self.answer.extended_due = possible;
        let notices = self.ask.events.iter().filter(|e| e.kind == "extension_notice");
        for notice in notices {
            let lacking: Vec<&str> = match &notice.contains {
                Some(has) => extension.rule.contains.iter().filter(|c| !has.contains(c)).map(String::as_str).collect(),
                None => Vec::new(),
            };
            let named = notice.until.map(|u| When::end_of(u.date(zone), zone)).transpose()?;
            let text = if notice.at.date(zone) > notice_by.date() {
                self.answer.extended_due = None;
                Said::new(
                    format!("Sent after {notice_by}: the extension is invalid, and the answer stays due on {due}."),
                    format!("在{notice_by}之后发出：延期无效，答复期限仍为{due}。"),
                )
            } else if !lacking.is_empty() {
                let lacking = lacking.join(", ");
                Said::new(
                    format!("The notice lacks: {lacking}. Without it there is no extension."),
                    format!("通知缺少：{lacking}。缺少则不发生延期。"),
                )
            } else if let Some(end) = possible.or(named.map(|n| n.max(due))) {
                (self.answer.due, self.answer.extended_due) = (Some(end), Some(end));
                self.answer.earliest_internal = extension.reckoned.as_ref().map(|r| r.safe).or(Some(end.date()));
                let taken = match notice.contains {
                    None if !extension.rule.contains.is_empty() => {
                        format!(" It is taken to state: {}.", extension.rule.contains.join(", "))
                    }
                    _ => String::new(),
                };
                let said = Said::new(
                    format!("Notice given on {}: due on {end}.{taken}", notice.at.date(zone)),
                    format!("已于{}通知：期限为{end}。", notice.at.date(zone)),
                );
                let why = self.ground.why("deadline", extension.name, extension.rule).here(said);
                self.answer.why.push(why);
                continue;
            } else if let Some(event) = extension.rule.period.as_ref().and_then(|p| p.from.clone()) {
                self.answer.provisional = true;
                self.answer.clock = ClockState::Paused;
                let said = Said::new(
                    format!("Postponed; the new period runs from the event `{event}`. Until then {due} is shown."),
                    format!("已延期；新期间自事件`{event}`起算，此前仍显示{due}。"),
                );
                let why = self.ground.why("deadline", extension.name, extension.rule).here(said);
                self.answer.why.push(why);
                continue;
            } else {
                Said::new(
                    "The notice names no date until which it extends.".to_owned(),
                    "通知未写明延长至何日。".to_owned(),
                )
            };
            let rule = format!("{}/deadline.{}", self.ground.pack.pack, extension.name);
            self.answer.refused.push(Refused { event: notice.kind.clone(), rule, text });
        }
        Ok(())
    }
}
