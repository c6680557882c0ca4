//! Purposes, categories and laws, as `purposes.toml` defines them.

use std::collections::BTreeMap;

use kernel::{Category, Purpose, PurposeName};

use crate::{Label, Retention};

/// A purpose of processing: why a field may exist at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurposeDef {
    /// Its name.
    pub name: PurposeName,
    /// Its bit, never reused.
    pub purpose: Purpose,
    /// Its label.
    pub label: Label,
    /// What it means, in words for the people whose data it uses.
    pub description: Label,
    /// For each law, the bases this purpose may stand on, the usual one first.
    pub bases: BTreeMap<String, Vec<String>>,
    /// Whether it needs consent under every law that knows consent as a basis.
    pub consent: Consent,
    /// How long it lasts.
    pub retention: Retention,
    /// Who receives data for it: names of [`RecipientDef`]s.
    pub recipients: Vec<String>,
    /// Its term in the W3C Data Privacy Vocabulary 2, e.g. `dpv:DirectMarketing`.
    pub dpv: String,
}

impl PurposeDef {
    /// The consent needed under one law: none where the law has no such basis (CCPA: notice and opt-out) or the purpose
    /// has others; where consent is the only basis, what the purpose demands, and at least `Needed`.
    pub fn consent_under(&self, law: &str) -> Consent {
        match self.bases.get(law) {
            Some(bases) if bases.iter().all(|b| b == "consent") => self.consent.max(Consent::Needed),
            _ => Consent::No,
        }
    }
}

/// What consent a purpose needs; ordered from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Consent {
    /// None: another basis carries it.
    No,
    /// Consent.
    Needed,
    /// Separate consent, for this one processing (PIPL arts. 23, 25, 26, 29, 39).
    Separate,
}

impl Consent {
    /// The word in definitions.
    pub fn word(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Needed => "needed",
            Self::Separate => "separate",
        }
    }
}

/// A category of data; levels are granted by category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryDef {
    /// Its name.
    pub name: Category,
    /// Its label.
    pub label: Label,
    /// The laws under which it is sensitive (GDPR art. 9, PIPL art. 28, CCPA §1798.140(ae)); sensitivity is a question
    /// of field *and* law.
    pub sensitive_in: Vec<String>,
    /// Whether its words identify by themselves, so that text of it must be kept in cells.
    pub direct: bool,
}

/// A law as far as purposes need it: which bases it knows. Its rules are in the regulation packs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawDef {
    /// Its name: `gdpr`, `pipl`, …
    pub name: String,
    /// Its label.
    pub label: Label,
    /// The bases it knows.
    pub bases: Vec<BasisDef>,
}

/// A lawful basis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasisDef {
    /// Its name: `consent`, `contract`, …
    pub name: String,
    /// Its label.
    pub label: Label,
    /// Where the law says so.
    pub article: String,
}

/// Who receives data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecipientDef {
    /// Its name: `own_staff`, …
    pub name: String,
    /// Its label.
    pub label: Label,
}
