//! Who may do what to which records, at which level: Cedar policies, compiled to one [`Condition`] per question.
//!
//! Three sources of rules: the role [`Matrix`] (`policies/roles.toml`, turned into Cedar templates), the house rules
//! (`policies/house.cedar`) and an expert's own policies. [`Policies::compile`] checks all of them against a schema
//! generated from the definitions and refuses whatever could leave more than a [`Condition`] of a record. A question
//! ([`Ask`]) is answered by type-aware partial evaluation with the record unknown; answers are cached.
//!
//! What this does not do: it never looks at a field's own purposes, nor at consent. The gate does, with what a
//! [`Decision`] allows.
//!
//! The shape of the schema is told in `docs/policy.md`.

mod ask;
mod cache;
mod compile;
mod condition;
mod decide;
mod entity;
mod explain;
mod export;
mod grammar;
mod impact;
mod matrix;
mod matrix_text;
mod row;
mod rules;
mod sample;
mod schema;
pub mod shipped;
#[cfg(feature = "testing")]
pub mod testing;

pub use ask::{Act, Ask, Decision, PolicyProblem, SystemAct};
pub use compile::Policies;
pub use condition::Condition;
pub use explain::{Explanation, Reason};
pub use export::{Export, Record};
pub use impact::{Effect, Impact, Scope as ImpactScope};
pub use matrix::{CategoryKey, Matrix, MatrixChange, ObjectKey, ObjectRules, Purposes, RoleRules, Scope};
pub use row::{Attr, Literal, Op, Row};
pub use sample::Sample;
