//! Questions and answers.

use std::{collections::BTreeMap, fmt, str::FromStr};

use kernel::{Category, Level, ObjectName, PurposeName};

use super::{Condition, Row};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$item])* $variant),+ }

        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in policies, the matrix and the ledger.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }

        impl FromStr for $name {
            /// The words there are.
            type Err = String;
            fn from_str(word: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|a| a.word() == word).ok_or_else(|| {
                    let all: Vec<&str> = Self::ALL.iter().map(|a| a.word()).collect();
                    format!("`{word}` is not one of {}", all.join(", "))
                })
            }
        }
    };
}

words! {
    /// What is done to records.
    Act {
        /// Know that it exists and see it, field by field at the level of each category.
        View = "view",
        /// Make one. The condition is asked of the record as it would be.
        Create = "create",
        /// Change one.
        Edit = "edit",
        /// Remove one.
        Delete = "delete",
        /// Make many from a file. The condition is asked of each record as it would be.
        Import = "import",
        /// Take them out of the house as a file.
        Export = "export",
        /// See masked values clear, one record at a time, for a reason stated in words.
        Reveal = "reveal",
    }
}

words! {
    /// What is done to the system itself, not to records.
    SystemAct {
        /// Read entries of the ledger.
        ReadLedger = "read_ledger",
        /// Verify the ledger, get proofs and export it.
        VerifyLedger = "verify_ledger",
        /// Make, change and close accounts; put them into roles and teams.
        ManageUsers = "manage_users",
        /// Change the role matrix and expert policies.
        ManageRoles = "manage_roles",
        /// Change object definitions.
        ManageObjects = "manage_objects",
        /// Rotate keys.
        ManageKeys = "manage_keys",
        /// Make, check and forget backups, and see how they stand.
        BackUp = "back_up",
        /// Make and revoke other actors' tokens.
        ManageTokens = "manage_tokens",
        /// Read metrics.
        SeeMetrics = "see_metrics",
        /// Read a person's bases, laws and restrictions.
        ReadBases = "read_bases",
        /// Change them.
        ChangeBases = "change_bases",
        /// Erase a person.
        ErasePerson = "erase_person",
        /// Open emergency access. Granted through the matrix key `emergency`, which also says for what purposes.
        EmergencyAccess = "emergency_access",
        /// Ask why anybody may see something; everybody may ask for themselves.
        ExplainAny = "explain_any",
    }
}

/// A question: may the actor do this, for this purpose?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ask<'a> {
    /// To records of this object.
    pub object: &'a ObjectName,
    /// What.
    pub act: Act,
    /// What for.
    pub purpose: &'a PurposeName,
    /// Whether under emergency access.
    pub emergency: bool,
}

/// The answer, for every record at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The records on which the act is allowed.
    pub rows: Condition,
    /// For each category that the object's fields have: on which of those records its values may be seen masked at
    /// least. Already `and`ed with `rows`. A category whose condition is `False` is left out.
    pub masked: BTreeMap<Category, Condition>,
    /// The same for seeing them clear; implies `masked`.
    pub clear: BTreeMap<Category, Condition>,
    /// The ids of the policies that can decide it for one record or another, in order.
    pub policies: Vec<String>,
}

impl Decision {
    /// Nothing on nothing.
    pub fn nothing() -> Self {
        Self { rows: Condition::False, masked: BTreeMap::new(), clear: BTreeMap::new(), policies: Vec::new() }
    }

    /// This decision as far as another allows the same: the rows and levels of both.
    #[must_use]
    pub fn within(&self, other: &Self) -> Self {
        let both = |of: &BTreeMap<Category, Condition>, with: &BTreeMap<Category, Condition>| {
            let met = |(name, condition): (&Category, &Condition)| {
                let with = with.get(name).cloned().unwrap_or(Condition::False);
                (name.clone(), condition.clone().and(with))
            };
            of.iter().map(met).collect()
        };
        Self {
            rows: self.rows.clone().and(other.rows.clone()),
            masked: both(&self.masked, &other.masked),
            clear: both(&self.clear, &other.clear),
            policies: self.policies.clone(),
        }
    }

    /// The level at which a category's values of this record may be seen.
    pub fn level(&self, category: &Category, row: &dyn Row) -> Level {
        let holds = |of: &BTreeMap<Category, Condition>| of.get(category).is_some_and(|c| c.holds(row));
        match (holds(&self.clear), holds(&self.masked)) {
            (true, _) => Level::Clear,
            (false, true) => Level::Masked,
            (false, false) => Level::None,
        }
    }

    /// The highest level at which a category's values of any record may be seen: below it, filtering, sorting and
    /// grouping by them is out of the question.
    pub fn best(&self, category: &Category) -> Level {
        if self.clear.contains_key(category) {
            Level::Clear
        } else if self.masked.contains_key(category) {
            Level::Masked
        } else {
            Level::None
        }
    }
}

/// Something wrong with the matrix or a policy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PolicyProblem {
    /// The file, or `expert/ID`.
    pub place: String,
    /// The line, from 1, if it is known.
    pub line: Option<usize>,
    /// What is wrong and how to mend it.
    pub what: String,
}

impl fmt::Display for PolicyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.place, self.what),
            None => write!(f, "{}: {}", self.place, self.what),
        }
    }
}

impl std::error::Error for PolicyProblem {}

impl PolicyProblem {
    pub(super) fn new(place: impl Into<String>, line: Option<usize>, what: impl Into<String>) -> Self {
        Self { place: place.into(), line, what: what.into() }
    }
}
