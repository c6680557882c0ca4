//! What Custos does: records, people, bases, sign-in, import, retention, jobs.
//!
//! [`House`] is the running system. Every act takes a [`Ctx`]: who asks, by what way, when. Nothing here knows HTTP, and
//! nothing here names a database.

mod accounts;
mod audit;
mod backup;
mod bulk;
mod ctx;
mod customs;
pub mod demo;
mod directory;
mod emergency;
mod error;
mod export;
mod favourites;
mod followups;
mod grounds;
mod house;
pub mod import;
mod importing;
mod index;
mod inquiry;
mod jobs;
mod mail;
mod may;
mod neighbours;
mod notices;
mod passwords;
mod people;
mod query;
mod records;
mod roles;
mod rules;
mod sales;
mod same;
mod searches;
mod second;
mod seeding;
mod staff;
mod timeline;
mod titles;
mod totals;
mod tries;
mod views;
mod writing;

pub use accounts::{FreshSession, MIN_PASSWORD, NewToken, NewUser, SignedIn};
pub use audit::{Recent, Sequenced};
pub use backup::{
    BackupSettings, Bring, Drilled, Failure, KEEP_EPOCH_DAYS, Keys, Last, ROTATE_DAYS, Restored, Standing, bring_back,
    gone_by, move_house, partial_of, password,
};
pub use bulk::{Bulk, BulkAct, BulkState, UNDO, changes_many};
pub use ctx::Ctx;
pub use customs::FieldDraft;
pub use emergency::{EMERGENCY, Explained, Unseen};
pub use error::{Error, FieldError, Result};
pub use export::{Csv, Export, MAX_EXPORT, Xlsx};
pub use followups::{FollowUp, FollowedUp, NextStep};
pub use grounds::Ground;
pub use house::{House, Setup, Shipped};
pub use importing::{ImportAsk, Imported};
pub use inquiry::{Inquired, Inquiry, MOST_EXPORTED, Proven};
pub use jobs::{Rotated, ready};
pub use mail::{MailSettings, Outgoing, Security, Wording};
pub use notices::{Notice, Reason};
pub use people::{Basis, BasisDraft, Erased, Person, names as purpose_names};
pub use query::{BUILT_IN, Compare, Written as WrittenFilter};
pub use records::{ListAsk, Listed, Look, MAX_COUNT, MAX_PAGE, page_size};
pub use roles::{MACHINE_ROLES, MOST_TOLD, Review, Right, Shift};
pub use rules::{Plan, Rules};
pub use sales::{
    Activity, By, ConversionDraft, ConversionPlan, Converted, Decided, FEWEST, Fate, FieldFate, FigureAsk, FigureGroup,
    FirstStep, Forecast, InStage, Key, LINE, Line, OPPORTUNITY, Quarter, STALLED_DAYS, Scope, Stay, Tally, Tasks,
    TeamPeople, Watch, stage_needs, suppressed,
};
pub use searches::StoredSearch;
pub use second::Enrolment;
pub use seeding::{DEMO_PASSWORD, Seeded};
pub use staff::{Colleague, Invitation, OpenSession};
pub use timeline::{ACTIVITY, History, Past};
pub use titles::Title;
pub use totals::{Group, GroupSum, groups_by, sums_up};
pub use views::{View, ViewDraft};
pub use writing::{Draft, Edit, Written};

/// Repository and escrow, for commands that work on them before an installation is there.
pub use ::backup::{Opener, Progress, Recipients, Repository, Snapshot, new_identity};
/// Which entries of the ledger to find.
pub use store::EntryFilter;
/// An account, a token and a saved policy, as they are kept.
pub use store::{Account, PolicyVersion, TokenRow};
