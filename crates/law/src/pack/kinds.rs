//! The small words of a pack: statuses, units of choice, outcomes.

use serde::{Deserialize, Serialize};

use crate::condition::{Condition, Fact, FactKind};

/// How sure a rule is, and on whose word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Read in the law or an official notice.
    Law,
    /// An authority's guideline.
    Guideline,
    /// A technical or recommended standard.
    Standard,
    /// Chosen by this pack's authors where the law leaves it open.
    OwnChoice,
    /// Not read in a source: a lawyer has to confirm it.
    ToBeConfirmed,
}

/// Where an unconfirmed fact comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heard {
    /// General knowledge.
    Memory,
    /// A law firm's or guide's summary.
    Secondary,
}

/// A month without such a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clamp {
    /// The last day of the month.
    #[default]
    LastDay,
    /// The first of the next month.
    NextMonth,
}

/// A last day that is a day off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Roll {
    /// Stays.
    #[default]
    None,
    /// Moves to the next working day.
    NextWorkingDay,
}

/// What a deadline is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The answer.
    Answer,
    /// The acknowledgement.
    Confirm,
    /// The answer after an extension; counted from the same start.
    Extension,
    /// The notice of an extension, where it is not due with the answer.
    ExtensionNotice,
    /// The letter that refuses.
    Refusal,
    /// A reading that may be defended but not relied on.
    Outer,
}

/// What an event does to the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The days between do not count.
    Pause,
    /// The period begins anew when it ends.
    Restart,
    /// The strict date stays; a suspension is kept as a defence.
    Note,
    /// Nothing: said, because others would expect something.
    None,
}

/// How a pause is measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseDays {
    /// Both the first and the last day are left out of the count.
    #[default]
    BothOut,
    /// The days from one to the other.
    Difference,
}

/// How sure one must be of who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Asking is forbidden.
    Forbidden,
    /// Only on reasonable doubt.
    OnDoubt,
    /// Reasonably sure.
    Reasonable,
    /// Reasonably highly sure.
    ReasonablyHigh,
    /// Must always be checked.
    Required,
}

/// What becomes of somebody acting for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentEffect {
    /// May act.
    Accept,
    /// This law has no such rule; another (national) law may.
    ElsewhereDecided,
    /// May not act.
    Refuse,
}

/// What a consent rule does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentEffect {
    /// Without it the consent is invalid.
    #[default]
    Invalid,
    /// A duty beside the consent.
    Duty,
    /// Consent is the condition of the act itself.
    Required,
}

/// An age band: below `under`, `who` decides.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Younger than this.
    pub under: i16,
    /// Who consents.
    pub who: Who,
}

/// Who consents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// A parent or guardian.
    Parent,
    /// The young person, but must opt in.
    OwnOptIn,
    /// The person.
    Own,
}

/// The day on which an age is reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reached {
    /// The birthday.
    #[default]
    Birthday,
    /// The day after it.
    DayAfter,
}

/// One thing a notice must tell.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its name.
    pub id: String,
    /// The citation.
    pub article: String,
    /// What must be told.
    pub text: String,
    /// The same in Chinese.
    #[serde(default)]
    pub text_zh: Option<String>,
    /// When it must be told.
    #[serde(default)]
    pub when: Condition,
    /// Where an unconfirmed item was heard.
    #[serde(default)]
    pub heard: Option<Heard>,
}

/// Kinds of standing duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyKind {
    /// A record to keep.
    Record,
    /// An assessment to make.
    Assessment,
    /// An audit.
    Audit,
    /// A filing with an authority.
    Filing,
    /// Something to publish.
    Publication,
    /// A representative to name.
    Representative,
    /// Something else to do.
    Other,
}

/// What a transfer comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// May go.
    Free,
    /// May go with one of the mechanisms.
    Mechanism,
    /// May go after the authority's assessment.
    Assessment,
    /// May not go.
    Blocked,
    /// A duty besides, whatever the way.
    Always,
}

/// When a counter begins anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resets {
    /// On 1 January.
    CalendarYear,
    /// Never.
    Never,
}

/// Where a retention period starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Starts {
    /// With the end of the calendar year of the record.
    EndOfCalendarYear,
    /// With the end of the fiscal year of the record.
    EndOfFiscalYear,
    /// With the event itself.
    Event,
}

/// A fact the pack asks for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactDef {
    /// Its kind.
    pub kind: FactKind,
    /// The question to put to a person.
    pub text: String,
    /// The same in Chinese.
    #[serde(default)]
    pub text_zh: Option<String>,
    /// What holds when nobody says otherwise; none: unknown.
    #[serde(default)]
    pub default: Option<Fact>,
    /// A choice of the administrator, not a fact of the case.
    #[serde(default)]
    pub option: bool,
}
