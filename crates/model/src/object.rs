//! Objects and their fields, as checked.

use kernel::{Category, FieldName, ObjectName, PurposeName, PurposeSet};

use crate::{Choice, Kind, Label, Mask, names};

/// A kind of record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its name in SQL, API and ledger.
    pub name: ObjectName,
    /// What one of it is called.
    pub label: Label,
    /// What many are called.
    pub plural: Label,
    /// An Iconoir icon name.
    pub icon: String,
    /// Whose data a record of it is.
    pub subject: Subject,
    /// The fields that name a record, joined by [`Object::title_of`].
    pub title: Vec<FieldName>,
    /// The purposes a request on it may have; the first is the one of a page or call that states none.
    pub purposes: Vec<PurposeName>,
    /// Its place in menus; smaller comes first.
    pub order: i64,
    /// The groups its fields are shown in, in order.
    pub groups: Vec<Group>,
    pub(crate) fields: Vec<Field>,
}

impl Object {
    /// Its fields, in the order of the definition; an administrator's fields follow.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name.as_str() == name)
    }

    /// The title of a record, from the shown (clear or masked) values of its title fields in the definition's order.
    ///
    /// A person's two names join as people write them: 王 + 晓明 is 王晓明, Lovelace + Ada is Ada Lovelace. The titles
    /// of other objects are joined by a space. Empty parts are left out.
    pub fn title_of(&self, parts: &[&str]) -> String {
        match (&self.subject, parts) {
            (Subject::Person, [family, given]) => names::join(family, given),
            _ => {
                let parts: Vec<&str> = parts.iter().copied().filter(|p| !p.is_empty()).collect();
                parts.join(" ")
            }
        }
    }
}

/// Whose data a record is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// One row is about one natural person, who has a key of their own.
    Person,
    /// The record is about the person whom the record behind this link is about; about nobody while the link is empty.
    About(FieldName),
    /// The record is about no one person; what it seals is sealed under the object's key.
    Nobody,
}

/// A group of fields on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name, as fields refer to it.
    pub name: String,
    /// Its heading.
    pub label: Label,
}

/// A field: what is stored and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in SQL, API and ledger.
    pub name: FieldName,
    /// Its label.
    pub label: Label,
    /// A sentence for whoever fills it in.
    pub help: Option<Label>,
    /// What values it takes.
    pub kind: Kind,
    /// The category of data it belongs to.
    pub category: Category,
    /// The purposes that need it; [`PurposeSet::ALL`] when it is not personal.
    pub purposes: PurposeSet,
    /// How it is shown to an actor with the level `masked`.
    pub mask: Mask,
    /// How it is kept.
    pub protect: Protect,
    /// How it can be found by value.
    pub find: Find,
    /// Whether a record must have a value.
    pub required: bool,
    /// Whether no two records may have the same value.
    pub unique: bool,
    /// The group it is shown in.
    pub group: Option<String>,
    /// Why it is not personal, when its category is `not_personal`.
    pub because: Option<String>,
    /// Whether the default list shows it.
    pub column: bool,
    /// The document that defines it: a shipped file or an administrator's layer.
    pub origin: String,
}

impl Field {
    /// Whether its values say something about a person.
    pub fn is_personal(&self) -> bool {
        self.category.is_personal()
    }

    /// Its choices, if it is a choice or many-choice.
    pub fn choices(&self) -> &[Choice] {
        match &self.kind {
            Kind::Choice(choices) | Kind::ManyChoice(choices) => choices,
            _ => &[],
        }
    }
}

/// How a value is kept. Either way it is disclosed only through a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protect {
    /// As a ciphertext of its own.
    Cell,
    /// As a plain, typed column.
    Disk,
}

impl Protect {
    /// The word in definitions.
    pub fn word(self) -> &'static str {
        match self {
            Self::Cell => "cell",
            Self::Disk => "disk",
        }
    }
}

/// How a field can be found by value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Find {
    /// Not at all; a plain column can still be filtered and sorted.
    None,
    /// By its exact value, through a keyed hash (sealed fields only).
    Exact,
    /// By any part of it, through the in-memory index (sealed) or the column itself (plain).
    Text,
    /// Both: looked up exactly (duplicates, senders) and typed into the search box.
    Both,
}

impl Find {
    /// The word in definitions.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Exact => "exact",
            Self::Text => "text",
            Self::Both => "both",
        }
    }

    /// Whether the exact value can be looked up.
    pub fn exact(self) -> bool {
        matches!(self, Self::Exact | Self::Both)
    }

    /// Whether any part of the value can be searched for.
    pub fn text(self) -> bool {
        matches!(self, Self::Text | Self::Both)
    }
}
