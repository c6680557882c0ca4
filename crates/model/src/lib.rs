//! What is stored and why: object definitions, parsed, checked and compared.
//!
//! A definition says which fields an object has, what category each belongs to, which purposes need it, how it is
//! masked and how it is kept. It holds no SQL, expression, condition or script. Nothing here touches a disk or a
//! database: documents come in as text, a [`Catalog`] goes out, or every [`Problem`] of every document at once.
//!
//! Values ([`Value`]) are plaintext. They are not `Serialize`, and their `Debug` prints the kind alone.

mod catalog;
mod check;
mod compare;
mod kind;
mod label;
mod lists;
mod mask;
pub mod names;
mod object;
mod parse;
mod purpose;
mod retention;
mod shipped;

pub use catalog::{Catalog, Document, Problem};
pub use check::Check;
pub use compare::{Aspect, Change, What};
pub use kind::{Choice, Column, Invalid, Kind, Value, phone};
pub use label::Label;
pub use mask::Mask;
pub use object::{Field, Find, Group, Object, Protect, Subject};
pub use parse::keys;
pub use purpose::{BasisDef, CategoryDef, Consent, LawDef, PurposeDef, RecipientDef};
pub use retention::{Anchor, BadRetention, Retention};
pub use shipped::shipped;
