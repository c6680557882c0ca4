//! Privacy laws as data, and the engine that answers from them.
//!
//! A pack (`regulations/*.toml`) holds one law: request kinds, deadlines, who may act, consent, notices, breaches,
//! standing duties, transfers, retention, each rule with its article, its validity and how sure it is. A calendar
//! (`regulations/calendars/*.toml`) holds the working days of a country and its regions. [`Library`] loads both and
//! answers questions; every answer carries the rules it rests on.
//!
//! No law is written in Rust: adding one is adding a file. No clock is read: every question states its times.

mod answer;
mod calendar;
mod check;
mod condition;
mod error;
mod holiday;
mod library;
mod moment;
mod open;
pub mod pack;
mod period;
mod scenario;
mod shipped;
mod show;
mod text;

pub use answer::*;
pub use calendar::{Calendar, Calendars, Source};
pub use condition::{Condition, Fact, FactKind, Facts, Truth};
pub use error::{Error, Problem, Result};
pub use library::{File, Files, Library};
pub use moment::{Moment, When};
pub use open::{OpenPoint, open_points_page};
pub use pack::{Heard, Pack, Status};
pub use period::{Period, Reckoned, Rules, Start, Unit, reckon};
pub use scenario::{CaseResult, Report};
pub use shipped::shipped_scenarios;
pub use show::{PackLine, RuleView, readable};
pub use text::{Said, Why};
