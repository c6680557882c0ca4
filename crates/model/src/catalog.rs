//! Every definition together: the one answer to "what may be stored, and why".

use std::{fmt, sync::Arc};

use kernel::{FieldName, Purpose, PurposeName, PurposeSet};

use crate::{CategoryDef, LawDef, Object, PurposeDef, RecipientDef, Subject, parse};

/// A definition as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The file's name, as errors say it.
    pub name: String,
    /// Its TOML text.
    pub text: String,
}

/// Something wrong with a definition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct Problem {
    /// The document.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and how to mend it.
    pub what: String,
}

/// Every object, purpose, category and law; immutable.
#[derive(Clone, PartialEq, Eq)]
pub struct Catalog {
    pub(crate) objects: Vec<Arc<Object>>,
    pub(crate) purposes: Vec<PurposeDef>,
    pub(crate) categories: Vec<CategoryDef>,
    pub(crate) laws: Vec<LawDef>,
    pub(crate) recipients: Vec<RecipientDef>,
}

impl Catalog {
    /// Reads and checks every document; either all hold together or every problem of all of them is told, in the order
    /// of documents and lines.
    ///
    /// `objects` are the shipped objects and an administrator's layers, in any order: a document with `name` is an
    /// object, one with `extend` adds fields to one.
    pub fn parse(purposes: &Document, objects: &[Document]) -> Result<Self, Vec<Problem>> {
        parse::catalog(purposes, objects)
    }

    /// The object of this name.
    pub fn object(&self, name: &str) -> Option<&Arc<Object>> {
        self.objects.iter().find(|o| o.name.as_str() == name)
    }

    /// Every object, by `order`, then by name.
    pub fn objects(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.objects.iter()
    }

    /// The purpose of this name.
    pub fn purpose(&self, name: &str) -> Option<&PurposeDef> {
        self.purposes.iter().find(|p| p.name.as_str() == name)
    }

    /// The purpose with this bit.
    pub fn purpose_of(&self, purpose: Purpose) -> Option<&PurposeDef> {
        self.purposes.iter().find(|p| p.purpose == purpose)
    }

    /// Every purpose, in the order of the document.
    pub fn purposes(&self) -> impl Iterator<Item = &PurposeDef> {
        self.purposes.iter()
    }

    /// The category of this name.
    pub fn category(&self, name: &str) -> Option<&CategoryDef> {
        self.categories.iter().find(|c| c.name.as_str() == name)
    }

    /// Every category, in the order of the document.
    pub fn categories(&self) -> impl Iterator<Item = &CategoryDef> {
        self.categories.iter()
    }

    /// The law of this name.
    pub fn law(&self, name: &str) -> Option<&LawDef> {
        self.laws.iter().find(|l| l.name == name)
    }

    /// Every law that purposes name, in the order of the document.
    pub fn laws(&self) -> impl Iterator<Item = &LawDef> {
        self.laws.iter()
    }

    /// The recipient of this name.
    pub fn recipient(&self, name: &str) -> Option<&RecipientDef> {
        self.recipients.iter().find(|r| r.name == name)
    }

    /// The names of the purposes in a set, in the order of the document.
    pub fn names_of(&self, set: PurposeSet) -> Vec<&PurposeName> {
        self.purposes.iter().filter(|p| set.has(p.purpose)).map(|p| &p.name).collect()
    }

    /// The links to follow from a record of this object to the record that *is* a person: none for a person's own
    /// object; `None` for an object about nobody.
    pub fn way_to_person(&self, object: &str) -> Option<Vec<FieldName>> {
        let mut way = Vec::new();
        let mut at = self.object(object)?;
        // A checked catalog has no circle of `about`; the bound only keeps this total.
        for _ in 0..=self.objects.len() {
            match &at.subject {
                Subject::Person => return Some(way),
                Subject::Nobody => return None,
                Subject::About(link) => {
                    way.push(link.clone());
                    at = match &at.field(link)?.kind {
                        crate::Kind::Link(to) => self.object(to)?,
                        _ => return None,
                    };
                }
            }
        }
        None
    }
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let objects: Vec<&str> = self.objects.iter().map(|o| o.name.as_str()).collect();
        f.debug_struct("Catalog").field("objects", &objects).finish_non_exhaustive()
    }
}
