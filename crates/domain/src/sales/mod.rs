//! What a sales team does with records beyond reading and writing them.

mod conversion;
mod day;
mod figures;
mod forecast;
mod plan;
mod stages;
mod suppress;
mod withdrawal;

pub use conversion::{ConversionDraft, Converted};
pub use day::{Activity, Decided, FirstStep, InStage, STALLED_DAYS, Tally, Tasks, Watch};
pub use figures::{By, FigureAsk, FigureGroup, Key};
pub use forecast::{Forecast, LINE, Line, Quarter, Scope};
pub use plan::{ConversionPlan, Fate, FieldFate};
pub use stages::{Stay, needs as stage_needs};
pub use suppress::{FEWEST, TeamPeople, suppressed};

/// The object of people who are no contacts yet.
pub const LEAD: &str = "lead";
/// The object of people we deal with.
pub const CONTACT: &str = "contact";
/// The object of organisations.
pub const COMPANY: &str = "company";
/// The object of projects that our parts may be designed into.
pub const OPPORTUNITY: &str = "opportunity";

/// The lead's field that says how far it is, and its last words.
const STATUS: &str = "status";
const CONVERTED: &str = "converted";
const DISQUALIFIED: &str = "disqualified";
const REASON: &str = "disqualified_reason";
