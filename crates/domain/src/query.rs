//! Filters as people and programs write them, and what they become: SQL on plain columns, a blind hash for an exact
//! sealed value, the in-memory index for parts of sealed text.

use kernel::{FieldName, RecordId};
use model::{Field, Kind, Object, Protect, Value};
use seal::Keyring;
use store::{Filter, Op, Sql, Target, plain};

use crate::{Error, FieldError, Result, index::Match};

/// How a filter compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// One of several, separated by commas.
    In,
    /// Contains the text.
    Contains,
    /// Starts with the text.
    Starts,
    /// Has no value (`true`) or any (`false`).
    Empty,
}

impl Compare {
    /// Every comparison with its word in addresses.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("eq", Self::Eq),
        ("ne", Self::Ne),
        ("lt", Self::Lt),
        ("le", Self::Le),
        ("gt", Self::Gt),
        ("ge", Self::Ge),
        ("in", Self::In),
        ("contains", Self::Contains),
        ("starts", Self::Starts),
        ("empty", Self::Empty),
    ];

    /// The comparison of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(w, _)| *w == word).map(|(_, c)| *c)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, c)| *c == self).map_or("eq", |(w, _)| w)
    }
}

/// One filter as written.
#[derive(Clone, PartialEq, Eq)]
pub struct Written {
    /// A field, or one of `id`, `owner`, `team`, `created_at`, `updated_at`.
    pub field: String,
    /// How.
    pub compare: Compare,
    /// With what.
    pub value: String,
}

impl std::fmt::Debug for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}=…", self.field, self.compare.word())
    }
}

/// Columns that every object has beside its fields.
pub const BUILT_IN: &[&str] = &["id", "owner", "team", "created_at", "updated_at"];

/// What a list's filters come to.
#[derive(Default)]
pub(crate) struct Filters {
    /// For the database.
    pub sql: Vec<Filter>,
    /// Fields looked at, for the gate.
    pub uses: Vec<FieldName>,
    /// Blind hashes to tell from their coincidences: field position and exact key.
    pub sieves: Vec<(usize, String)>,
    /// Parts of sealed text, for the index: field position, how, text.
    pub text: Vec<(usize, Match, String)>,
}

pub(crate) fn target(object: &Object, name: &str) -> Option<Target> {
    Some(match name {
        "id" => Target::Id,
        "owner" => Target::Owner,
        "team" => Target::Team,
        "created_at" => Target::Created,
        "updated_at" => Target::Updated,
        _ => Target::Field(object.fields().iter().position(|f| f.name.as_str() == name)?),
    })
}

/// Turns written filters into what answers them; every one that cannot be is reported.
pub(crate) fn filters(
    object: &Object,
    written: &[Written],
    keyring: &Keyring,
    bits: impl Fn(&str) -> u32,
) -> Result<Filters> {
    let mut out = Filters::default();
    let mut wrong = Vec::new();
    for filter in written {
        if let Err(error) = one(object, filter, keyring, &bits, &mut out) {
            wrong.push(error);
        }
    }
    if wrong.is_empty() { Ok(out) } else { Err(Error::Invalid(wrong)) }
}

fn one(
    object: &Object,
    written: &Written,
    keyring: &Keyring,
    bits: &impl Fn(&str) -> u32,
    out: &mut Filters,
) -> std::result::Result<(), FieldError> {
    let bad = |code, message: &str| FieldError::new(&written.field, code, message);
    let Some(target) = target(object, &written.field) else {
        return Err(bad("unknown_field", &format!("{} has no such field to filter by", object.name)));
    };
    let field = match target {
        Target::Field(at) => Some((at, &object.fields()[at])),
        _ => None,
    };
    if let Some((_, field)) = field {
        out.uses.push(field.name.clone());
    }
    if written.compare == Compare::Empty {
        let empty = match written.value.as_str() {
            "true" | "1" | "" => true,
            "false" | "0" => false,
            _ => return Err(bad("yes_no_form", "say true or false")),
        };
        out.sql.push(match field {
            Some((at, field)) if field.protect == Protect::Cell => Filter::EmptyCell(at, empty),
            _ => Filter::Empty(target, empty),
        });
        return Ok(());
    }
    if let Some((at, field)) = field
        && matches!(written.compare, Compare::Contains | Compare::Starts)
    {
        if !field.find.text() {
            return Err(bad("not_searchable", "this field cannot be searched by a part of its value; use eq or in"));
        }
        let how = if written.compare == Compare::Starts { Match::Starts } else { Match::Contains };
        out.text.push((at, how, written.value.clone()));
        return Ok(());
    }
    if let Some((at, field)) = field
        && field.protect == Protect::Cell
    {
        return sealed(object, written, keyring, bits, out, at, field);
    }
    let value = |text: &str| value(field.map(|(_, f)| f), target, text).map_err(|(code, m)| bad(code, &m));
    let op = match written.compare {
        Compare::Eq => Op::Eq,
        Compare::Ne => Op::Ne,
        Compare::Lt => Op::Lt,
        Compare::Le => Op::Le,
        Compare::Gt => Op::Gt,
        Compare::Ge => Op::Ge,
        Compare::In => {
            let values: Vec<Sql> = written.value.split(',').map(value).collect::<std::result::Result<_, _>>()?;
            if values.len() > 200 {
                return Err(bad("too_many", "at most 200 values"));
            }
            out.sql.push(Filter::In(target, values));
            return Ok(());
        }
        Compare::Contains | Compare::Starts | Compare::Empty => {
            return Err(bad("not_searchable", "use eq, ne, lt, le, gt, ge or in here"));
        }
    };
    out.sql.push(Filter::Compare(target, op, value(&written.value)?));
    Ok(())
}

fn sealed(
    object: &Object,
    written: &Written,
    keyring: &Keyring,
    bits: &impl Fn(&str) -> u32,
    out: &mut Filters,
    at: usize,
    field: &Field,
) -> std::result::Result<(), FieldError> {
    let bad = |code, message: &str| FieldError::new(&written.field, code, message);
    if written.compare != Compare::Eq {
        return Err(bad("sealed_compare", "a sealed field takes eq, contains, starts or empty"));
    }
    let parsed = field.kind.parse(&written.value);
    if field.find.exact()
        && let Ok(value) = &parsed
        && let Some(key) = field.kind.exact_key(value)
    {
        let hash = keyring.blind(&object.name, &field.name, &key, bits(&field.name));
        out.sql.push(Filter::Blind(at, hash));
        out.sieves.push((at, key));
        return Ok(());
    }
    if field.find.text() {
        out.text.push((at, Match::Equals, written.value.clone()));
        return Ok(());
    }
    match parsed {
        Err(invalid) => Err(bad(invalid.code(), &invalid.to_string())),
        Ok(_) => Err(bad("not_searchable", "this sealed field cannot be searched")),
    }
}

fn value(field: Option<&Field>, target: Target, text: &str) -> std::result::Result<Sql, (&'static str, String)> {
    let text = text.trim();
    match field {
        Some(field) => match (&field.kind, field.kind.parse(text)) {
            (Kind::ManyChoice(_), _) => Err(("not_searchable", "filter this field with empty only".into())),
            (_, Ok(value)) => Ok(plain(&value)),
            (_, Err(invalid)) => Err((invalid.code(), invalid.to_string())),
        },
        None => match target {
            Target::Created | Target::Updated => match Kind::Time.parse(text) {
                Ok(Value::Time(at)) => Ok(at.into()),
                _ => Err(("time_form", "write the time as 2026-11-23T14:08:00Z".into())),
            },
            _ => text
                .parse::<RecordId>()
                .map(Into::into)
                .map_err(|_| ("link_form", "write the id as it stands in the address".into())),
        },
    }
}
