//! Questions and answers. Each question is a plain structure that TOML and JSON can write; each answer carries the
//! rules it rests on.

mod act;
mod breach;
mod clock;
mod consent;
mod due;
mod duty;
mod notice;
mod retention;
mod several;
mod transfer;

use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Error, Moment, Result,
    calendar::Calendar,
    condition::Truth,
    library::Ground,
    moment::When,
    pack::Counting,
    period::{Period, Reckoned, weekday},
    text::{Said, Why},
};

pub use act::{IdentityAnswer, IdentityAsk, NextStep, RefusalAnswer, RefusalAsk, WhoAnswer, WhoAsk};
pub use breach::{BreachAnswer, BreachAsk, BreachDuty};
pub use consent::{ActAnswer, AgeAnswer, AgeAsk, AskAgain, ConsentAnswer, ConsentAsk, ConsentDuty};
pub use due::{ClockState, DueAnswer, DueAsk, Limit, Refused};
pub use duty::{StandingDuty, ThresholdAnswer, ThresholdAsk};
pub use notice::{NoticeAnswer, NoticeAsk, NoticeItem, NoticeTold};
pub use retention::{KeptItem, RecordItem, Rejected, RetentionAnswer, RetentionAsk, State};
pub use several::{Entry, SeveralAnswer, SeveralAsk};
pub use transfer::{Count, Flow, TransferAnswer, TransferAsk, TransferDuty};

/// Something that happened in a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// What: `identity_asked`, `extension_notice`, `persons_told`, …
    pub kind: String,
    /// When.
    pub at: Moment,
    /// What a message held (`["reasons"]`). Not stated: taken to hold what the law asks for, and the answer says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<Vec<String>>,
    /// The date a message named, where the law lets one name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}

impl FromStr for Event {
    type Err = Error;
    /// `KIND@TIME` or `KIND:CONTENT+CONTENT@TIME`; `KIND:@TIME` is a message that held nothing.
    fn from_str(text: &str) -> Result<Self> {
        let bad = || Error::BadEvent(text.chars().take(60).collect());
        let (what, at) = text.split_once('@').ok_or_else(bad)?;
        let (kind, contains) = match what.split_once(':') {
            Some((kind, list)) => (kind, Some(list.split('+').filter(|c| !c.is_empty()).map(str::to_owned).collect())),
            None => (what, None),
        };
        if kind.is_empty() {
            return Err(bad());
        }
        Ok(Self { kind: kind.to_owned(), at: at.parse()?, contains, until: None })
    }
}

impl Ground<'_> {
    /// Refuses events that no pack has a rule for: most likely they are misspelt.
    fn check_events(&self, events: &[Event]) -> Result<()> {
        match events.iter().find(|e| !self.library.events().contains(&e.kind)) {
            Some(event) => {
                Err(Error::UnknownEvent { event: event.kind.clone(), known: self.library.events().join(", ") })
            }
            None => Ok(()),
        }
    }

    /// The reasons that a reckoned period adds to its rule: how it was counted, and which days off moved it.
    fn reasons(&self, period: &Period, from: Date, out: i32, reckoned: &Reckoned, why: &mut Vec<Why>) -> Said {
        let mut said = period.unit.words(self.count(period));
        let end = weekday(reckoned.raw);
        said.en = format!("{from} + {}", said.en);
        said.zh = format!("{from}起{}", said.zh);
        if out > 0 {
            said.en.push_str(&format!(" + {out} days that do not count"));
            said.zh.push_str(&format!("，另加不计入的{out}日"));
        }
        if reckoned.end.day().is_none() {
            said.en.push_str(&format!(" → {}.", reckoned.end));
            said.zh.push_str(&format!("，至{}。", reckoned.end));
            if let Some((counting, _)) = self.counting(period) {
                why.push(self.counted(&period.counting, counting));
            }
            return said;
        }
        said.en.push_str(&format!(" → {}, a {}.", reckoned.raw, end.en));
        said.zh.push_str(&format!("，至{}（{}）。", reckoned.raw, end.zh));
        let Some((counting, rules)) = self.counting(period) else { return said };
        let calendar = rules.calendar;
        if reckoned.moved {
            let (off, off_zh) = days_off(calendar, reckoned.raw, reckoned.end.date());
            why.push(self.counted(&period.counting, counting).here(Said::new(
                format!("{} is a day off ({off}), so the period ends on {}.", reckoned.raw, reckoned.end),
                format!("{}为休息日（{off_zh}），期间顺延至{}。", reckoned.raw, reckoned.end),
            )));
        } else {
            why.push(self.counted(&period.counting, counting));
        }
        if reckoned.used_calendar {
            why.push(calendar_why(calendar, reckoned.end.date().year()));
        }
        if let Some(year) = reckoned.missing_year {
            why.push(missing_why(calendar, year));
        }
        said
    }

    fn counted(&self, name: &str, counting: &Counting) -> Why {
        self.why("counting", name, counting)
    }
}

/// Adds reasons that are not there yet: what a rule says alone is part of what it says with what it did here.
fn merge(why: &mut Vec<Why>, more: Vec<Why>) {
    for one in more {
        if !why.iter().any(|w| w.rule == one.rule && w.text.starts_with(&one.text)) {
            why.push(one);
        }
    }
}

fn days_off(calendar: &Calendar, from: Date, to: Date) -> (String, String) {
    let mut names: Vec<Said> = Vec::new();
    let mut day = from;
    while day < to {
        let name = calendar.holiday(day).map_or_else(|| weekday(day), |name| Said::new(name, name));
        if names.last() != Some(&name) {
            names.push(name);
        }
        match day.tomorrow() {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    let of = |part: fn(&Said) -> &str, between: &str| names.iter().map(part).collect::<Vec<_>>().join(between);
    (of(|n| &n.en, ", "), of(|n| &n.zh, "、"))
}

fn calendar_why(calendar: &Calendar, year: i16) -> Why {
    let source = calendar.source(year);
    Why {
        rule: format!("calendar/{}", calendar.id()),
        article: source.map_or_else(String::new, |s| s.article.clone()),
        status: source.map_or(crate::pack::Status::ToBeConfirmed, |s| s.status),
        heard: source.and_then(|s| s.heard),
        confirm: None,
        text: format!("Working days of {} in {year}.", calendar.name()),
        text_zh: Some(format!("{} {year}年的工作日。", calendar.id())),
    }
}

fn missing_why(calendar: &Calendar, year: i16) -> Why {
    Why {
        rule: format!("calendar/{}", calendar.id()),
        article: "no holidays known yet".into(),
        status: crate::pack::Status::OwnChoice,
        heard: None,
        confirm: None,
        text: format!(
            "The holidays of {year} in {} are not loaded: only weekends count as days off, and the date is provisional.",
            calendar.name()
        ),
        text_zh: Some(format!("尚未载入{} {year}年的节假日：仅周末按休息日计算，日期为暂定。", calendar.id())),
    }
}

/// Whether a rule applies, as answers tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Applies {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// It depends on facts that were not stated; act as if it did.
    Unknown,
}

impl Applies {
    fn of(truth: &Truth) -> Self {
        match truth {
            Truth::Yes => Self::Yes,
            Truth::No => Self::No,
            Truth::Unknown(_) => Self::Unknown,
        }
    }
}

fn needs(truth: &Truth) -> Vec<String> {
    match truth {
        Truth::Unknown(facts) => facts.clone(),
        _ => Vec::new(),
    }
}

/// Any question.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// When is an answer due?
    Due(DueAsk),
    /// What does a breach ask for?
    Breach(BreachAsk),
    /// What may be erased, what must be kept, until when?
    Retention(RetentionAsk),
    /// Who consents at that age?
    ConsentAge(AgeAsk),
    /// Is this consent valid, and when may one ask again?
    Consent(ConsentAsk),
    /// May this go abroad, and how?
    Transfer(TransferAsk),
    /// Which standing duties begin at these numbers?
    Threshold(ThresholdAsk),
    /// What must the notice tell?
    Notice(NoticeAsk),
    /// May this actor act for the person?
    Who(WhoAsk),
    /// Is the identity proven well enough, and what if not?
    Identity(IdentityAsk),
    /// May this refusal be sent?
    Refusal(RefusalAsk),
    /// Several laws at once: which leads?
    Several(SeveralAsk),
}

/// Any answer.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// To [`Ask::Due`].
    Due(Box<DueAnswer>),
    /// To [`Ask::Breach`].
    Breach(BreachAnswer),
    /// To [`Ask::Retention`].
    Retention(RetentionAnswer),
    /// To [`Ask::ConsentAge`].
    ConsentAge(AgeAnswer),
    /// To [`Ask::Consent`].
    Consent(ConsentAnswer),
    /// To [`Ask::Transfer`].
    Transfer(TransferAnswer),
    /// To [`Ask::Threshold`].
    Threshold(ThresholdAnswer),
    /// To [`Ask::Notice`].
    Notice(NoticeAnswer),
    /// To [`Ask::Who`].
    Who(WhoAnswer),
    /// To [`Ask::Identity`].
    Identity(IdentityAnswer),
    /// To [`Ask::Refusal`].
    Refusal(RefusalAnswer),
    /// To [`Ask::Several`].
    Several(SeveralAnswer),
}

impl crate::Library {
    /// Answers any question.
    pub fn answer(&self, ask: &Ask) -> Result<Answer> {
        Ok(match ask {
            Ask::Due(ask) => Answer::Due(Box::new(self.due(ask)?)),
            Ask::Breach(ask) => Answer::Breach(self.breach(ask)?),
            Ask::Retention(ask) => Answer::Retention(self.retention(ask)?),
            Ask::ConsentAge(ask) => Answer::ConsentAge(self.consent_age(ask)?),
            Ask::Consent(ask) => Answer::Consent(self.consent(ask)?),
            Ask::Transfer(ask) => Answer::Transfer(self.transfer(ask)?),
            Ask::Threshold(ask) => Answer::Threshold(self.threshold(ask)?),
            Ask::Notice(ask) => Answer::Notice(self.notice(ask)?),
            Ask::Who(ask) => Answer::Who(self.who(ask)?),
            Ask::Identity(ask) => Answer::Identity(self.identity(ask)?),
            Ask::Refusal(ask) => Answer::Refusal(self.refusal(ask)?),
            Ask::Several(ask) => Answer::Several(self.several(ask)?),
        })
    }
}

/// The day after a deadline: the first on which it is missed.
fn day_after(when: When) -> Result<Date> {
    Ok(when.date().tomorrow()?)
}
