//! A record as conditions see it: attributes and their values.

use std::fmt;

use kernel::{ActorId, FieldName, RecordId, TeamId};
use smol_str::SmolStr;

/// An attribute of a record that a condition may ask about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attr {
    /// Who owns the record; may be absent.
    Owner,
    /// The team the record belongs to; may be absent.
    Team,
    /// The record's own id; always there.
    Id,
    /// The purposes live for the record's person; always there. Asked by `Condition::Contains` only.
    LivePurposes,
    /// Whether processing is restricted for the record's person; always there.
    Restricted,
    /// A field that is not personal and lies in a plain column; may be absent.
    Field(FieldName),
}

impl Attr {
    /// Whether every record has it.
    pub fn always(&self) -> bool {
        matches!(self, Self::Id | Self::LivePurposes | Self::Restricted)
    }
}

impl fmt::Display for Attr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Owner => "owner",
            Self::Team => "team",
            Self::Id => "id",
            Self::LivePurposes => "live_purposes",
            Self::Restricted => "restricted",
            Self::Field(name) => name,
        })
    }
}

/// A known value, as policies know it.
///
/// Numbers and money are millionths, dates are `yyyymmdd`, times are microseconds since 1970, all as [`Literal::Long`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Literal {
    /// Text, or the value of a choice.
    Text(SmolStr),
    /// A whole number.
    Long(i64),
    /// Yes or no.
    Bool(bool),
    /// A user, of [`Attr::Owner`].
    User(ActorId),
    /// A team, of [`Attr::Team`].
    Team(TeamId),
    /// A record, of [`Attr::Id`].
    Record(RecordId),
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Long(number) => write!(f, "{number}"),
            Self::Bool(yes) => write!(f, "{yes}"),
            Self::User(id) => write!(f, "user {id}"),
            Self::Team(id) => write!(f, "team {id}"),
            Self::Record(id) => write!(f, "record {id}"),
        }
    }
}

/// How two values compare; the four orders are for [`Literal::Long`] alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Op {
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
}

impl Op {
    /// The operator that says the opposite of a value that is there.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Eq => Self::Ne,
            Self::Ne => Self::Eq,
            Self::Lt => Self::Ge,
            Self::Le => Self::Gt,
            Self::Gt => Self::Le,
            Self::Ge => Self::Lt,
        }
    }

    /// The operator that says the same with its two sides exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
            same => same,
        }
    }

    /// Its sign, as Cedar and SQL (but for `==`) write it.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }

    pub(super) fn holds(self, left: &Literal, right: &Literal) -> bool {
        if std::mem::discriminant(left) != std::mem::discriminant(right) {
            return false;
        }
        match (self, left, right) {
            (Self::Eq, ..) => left == right,
            (Self::Ne, ..) => left != right,
            (Self::Lt, Literal::Long(a), Literal::Long(b)) => a < b,
            (Self::Le, Literal::Long(a), Literal::Long(b)) => a <= b,
            (Self::Gt, Literal::Long(a), Literal::Long(b)) => a > b,
            (Self::Ge, Literal::Long(a), Literal::Long(b)) => a >= b,
            _ => false,
        }
    }
}

/// A record as a condition sees it.
pub trait Row {
    /// The value of an attribute; `None` when the record has none. Not asked for [`Attr::LivePurposes`].
    fn get(&self, attr: &Attr) -> Option<Literal>;
    /// Whether the purpose is live for the record's person; true for every purpose when it is about nobody.
    fn live(&self, purpose: &str) -> bool;
}
