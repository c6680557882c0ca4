//! One small condition over a record's attributes: what is left of the policies once actor, purpose, object and act are
//! known.
//!
//! It has two interpreters: [`Condition::holds`] here, and the SQL one of the store. Both are two-valued: a comparison
//! with an attribute that the record lacks is *false*, whatever the operator, and `Not` turns that into true. In SQL:
//! `(x is not null and x <> ?)`, never a bare `x <> ?`, because under `not` SQL's third value would say something else.

use std::{collections::BTreeSet, fmt};

use super::{Attr, Literal, Op, Row};

/// What must be true of a record. Built by [`Condition::and`], [`Condition::or`] and [`Condition::not`], which keep it
/// small and its parts in one order, so that equal conditions are mostly equal values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// Every record.
    True,
    /// No record.
    False,
    /// The attribute is there and compares so.
    Compare {
        /// Which attribute.
        attr: Attr,
        /// How.
        op: Op,
        /// With what; of the attribute's type.
        value: Literal,
    },
    /// The attribute is there and is one of these; ascending, at least two.
    In {
        /// Which attribute.
        attr: Attr,
        /// The values.
        values: Vec<Literal>,
    },
    /// The set holds the value.
    Contains {
        /// [`Attr::LivePurposes`].
        attr: Attr,
        /// The purpose's name, as text.
        value: Literal,
    },
    /// The attribute is there.
    Has(Attr),
    /// All of these; at least two, none of them `And`, `True` or `False`.
    And(Vec<Condition>),
    /// One of these; at least two, none of them `Or`, `True` or `False`.
    Or(Vec<Condition>),
    /// Not this; never an `And`, `Or`, `Not`, `True` or `False`.
    Not(Box<Condition>),
}

impl Condition {
    /// A comparison, with yes/no spelt one way only.
    pub fn compare(attr: Attr, op: Op, value: Literal) -> Self {
        match (op, value) {
            (Op::Ne, Literal::Bool(yes)) => Self::Compare { attr, op: Op::Eq, value: Literal::Bool(!yes) },
            (op, value) => Self::Compare { attr, op, value },
        }
    }

    /// Membership in a list of any length.
    pub fn one_of(attr: Attr, values: impl IntoIterator<Item = Literal>) -> Self {
        let mut values: Vec<Literal> = values.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        match values.len() {
            0 => Self::False,
            1 => Self::compare(attr, Op::Eq, values.remove(0)),
            _ => Self::In { attr, values },
        }
    }

    /// That the purpose is live for the record's person.
    pub fn live(purpose: &str) -> Self {
        Self::Contains { attr: Attr::LivePurposes, value: Literal::Text(purpose.into()) }
    }

    /// That the record has the attribute.
    pub fn has(attr: Attr) -> Self {
        if attr.always() { Self::True } else { Self::Has(attr) }
    }

    /// Whether it is true of this record.
    pub fn holds(&self, row: &dyn Row) -> bool {
        match self {
            Self::True => true,
            Self::False => false,
            Self::Compare { attr, op, value } => row.get(attr).is_some_and(|have| op.holds(&have, value)),
            Self::In { attr, values } => row.get(attr).is_some_and(|have| values.binary_search(&have).is_ok()),
            Self::Contains { value: Literal::Text(purpose), .. } => row.live(purpose),
            Self::Contains { .. } => false,
            Self::Has(attr) => attr.always() || row.get(attr).is_some(),
            Self::And(parts) => parts.iter().all(|part| part.holds(row)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(row)),
            Self::Not(part) => !part.holds(row),
        }
    }

    /// The attributes it asks about.
    pub fn attrs(&self) -> BTreeSet<Attr> {
        let mut found = BTreeSet::new();
        self.atoms(&mut |atom| {
            if let Self::Compare { attr, .. } | Self::In { attr, .. } | Self::Contains { attr, .. } | Self::Has(attr) =
                atom
            {
                found.insert(attr.clone());
            }
        });
        found
    }

    /// How many nodes it has: a measure of what it costs.
    pub fn size(&self) -> usize {
        match self {
            Self::In { values, .. } => values.len(),
            Self::And(parts) | Self::Or(parts) => 1 + parts.iter().map(Self::size).sum::<usize>(),
            Self::Not(part) => 1 + part.size(),
            _ => 1,
        }
    }

    pub(super) fn atoms<'a>(&'a self, each: &mut impl FnMut(&'a Self)) {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.atoms(each)),
            Self::Not(part) => part.atoms(each),
            atom => each(atom),
        }
    }

    /// The attributes that a record surely has when this is true of it.
    pub(super) fn implied(&self) -> BTreeSet<Attr> {
        match self {
            Self::Compare { attr, .. } | Self::In { attr, .. } | Self::Has(attr) => BTreeSet::from([attr.clone()]),
            Self::And(parts) => parts.iter().flat_map(Self::implied).collect(),
            Self::Or(parts) => {
                let mut each = parts.iter().map(Self::implied);
                let first = each.next().unwrap_or_default();
                each.fold(first, |all, next| all.intersection(&next).cloned().collect())
            }
            _ => BTreeSet::new(),
        }
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::all([self, other])
    }

    /// Either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::any([self, other])
    }

    /// The opposite. Also spelt `!condition`.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "`Not` is implemented too; the word reads better in a chain")]
    pub fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Not(part) => *part,
            Self::And(parts) => Self::any(parts.into_iter().map(Self::not)),
            Self::Or(parts) => Self::all(parts.into_iter().map(Self::not)),
            Self::Compare { attr, op, value } if attr.always() => Self::compare(attr, op.opposite(), value),
            atom => Self::Not(Box::new(atom)),
        }
    }

    /// Of a denied comparison: its attribute, and the opposite comparison.
    fn opposite_of(&self) -> Option<(Attr, Self)> {
        match self {
            Self::Not(part) => match &**part {
                Self::Compare { attr, op, value } => {
                    Some((attr.clone(), Self::compare(attr.clone(), op.opposite(), value.clone())))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// All of these; `True` of none.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = BTreeSet::new();
        for part in parts {
            match part {
                Self::True => {}
                Self::False => return Self::False,
                Self::And(inner) => kept.extend(inner),
                other => {
                    kept.insert(other);
                }
            }
        }
        if kept.iter().any(|part| kept.contains(&part.clone().not())) {
            return Self::False;
        }
        // Of an attribute that is surely there, not `==` is `!=`.
        let there: BTreeSet<Attr> = kept.iter().flat_map(Self::implied).collect();
        let turn = |part: &Self| part.opposite_of().filter(|(attr, _)| there.contains(attr));
        if kept.iter().any(|part| turn(part).is_some()) {
            let turned: Vec<Self> = kept.iter().map(|p| turn(p).map_or_else(|| p.clone(), |(_, new)| new)).collect();
            return Self::all(turned);
        }
        // A comparison already says that its attribute is there, and an `Or` with a part that is demanded anyway
        // demands nothing more.
        let sure: BTreeSet<Attr> =
            kept.iter().filter(|part| !matches!(part, Self::Has(_))).flat_map(Self::implied).collect();
        let mut parts: Vec<Self> = kept
            .iter()
            .filter(|part| match part {
                Self::Has(attr) => !sure.contains(attr),
                Self::Or(either) => !either.iter().any(|one| kept.contains(one)),
                _ => true,
            })
            .cloned()
            .collect();
        match parts.len() {
            0 => Self::True,
            1 => parts.remove(0),
            _ => Self::And(parts),
        }
    }

    /// One of these; `False` of none.
    pub fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = BTreeSet::new();
        for part in parts {
            match part {
                Self::False => {}
                Self::True => return Self::True,
                Self::Or(inner) => kept.extend(inner),
                other => {
                    kept.insert(other);
                }
            }
        }
        if kept.iter().any(|part| kept.contains(&part.clone().not())) {
            return Self::True;
        }
        // Missing or `!=` is not `==`.
        let may_lack = |attr: &Attr| kept.contains(&Self::Not(Box::new(Self::Has(attr.clone()))));
        let turned = kept.iter().find_map(|part| match part {
            Self::Compare { attr, op, value } if may_lack(attr) => {
                let turned = Self::Not(Box::new(Self::compare(attr.clone(), op.opposite(), value.clone())));
                Some((part.clone(), Self::Not(Box::new(Self::Has(attr.clone()))), turned))
            }
            _ => None,
        });
        if let Some((one, other, turned)) = turned {
            kept.remove(&one);
            kept.remove(&other);
            kept.insert(turned);
            return Self::any(kept);
        }
        let absorbed: BTreeSet<Self> = kept
            .iter()
            .filter(|part| match part {
                Self::And(both) => !both.iter().any(|one| kept.contains(one)),
                Self::Compare { attr, .. } | Self::In { attr, .. } => !kept.contains(&Self::Has(attr.clone())),
                _ => true,
            })
            .cloned()
            .collect();
        let mut parts = merge_equalities(absorbed);
        match parts.len() {
            0 => Self::False,
            1 => parts.remove(0),
            _ => Self::Or(parts),
        }
    }

    /// Whether every record of which this is true has `other` true as well; `None` when there are too many cases to
    /// try. Exact otherwise: for each attribute, every value that either condition can tell from the rest is tried.
    pub fn implies(&self, other: &Self) -> Option<bool> {
        super::sample::every(&[self, other], |row| !self.holds(row) || other.holds(row))
    }
}

impl std::ops::Not for Condition {
    type Output = Self;
    fn not(self) -> Self {
        Condition::not(self)
    }
}

/// Turns `x == 1 || x in [2, 3]` into `x in [1, 2, 3]`.
fn merge_equalities(parts: BTreeSet<Condition>) -> Vec<Condition> {
    let mut lists: std::collections::BTreeMap<Attr, BTreeSet<Literal>> = Default::default();
    let mut rest = BTreeSet::new();
    for part in parts {
        match part {
            Condition::Compare { attr, op: Op::Eq, value } => {
                lists.entry(attr).or_default().insert(value);
            }
            Condition::In { attr, values } => lists.entry(attr).or_default().extend(values),
            other => {
                rest.insert(other);
            }
        }
    }
    rest.extend(lists.into_iter().map(|(attr, values)| Condition::one_of(attr, values)));
    rest.into_iter().collect()
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, parts: &[Condition], word: &str| {
            for (at, part) in parts.iter().enumerate() {
                if at > 0 {
                    write!(f, " {word} ")?;
                }
                if matches!(part, Condition::And(_) | Condition::Or(_)) {
                    write!(f, "({part})")?;
                } else {
                    write!(f, "{part}")?;
                }
            }
            Ok(())
        };
        match self {
            Self::True => f.write_str("always"),
            Self::False => f.write_str("never"),
            Self::Compare { attr: Attr::Restricted, op: Op::Eq, value: Literal::Bool(yes) } => {
                f.write_str(if *yes { "restricted" } else { "not restricted" })
            }
            Self::Compare { attr, op, value } => write!(f, "{attr} {} {value}", op.sign()),
            Self::In { attr, values } => {
                write!(f, "{attr} in [")?;
                for (at, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if at > 0 { ", " } else { "" })?;
                }
                f.write_str("]")
            }
            Self::Contains { attr, value } => write!(f, "{attr} contains {value}"),
            Self::Has(attr) => write!(f, "has {attr}"),
            Self::And(parts) => list(f, parts, "and"),
            Self::Or(parts) => list(f, parts, "or"),
            Self::Not(part) => write!(f, "not ({part})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{ActorId, FieldName};

    use super::*;

    fn field(name: &str, value: i64) -> Condition {
        Condition::compare(Attr::Field(FieldName::new(name).unwrap()), Op::Eq, Literal::Long(value))
    }

    fn has_not(value: i64) -> Condition {
        Condition::compare(Attr::Field(FieldName::new("a").unwrap()), Op::Ne, Literal::Long(value))
    }

    #[test]
    fn small_forms() {
        let (a, b) = (field("a", 1), field("b", 2));
        assert_eq!(a.clone().and(Condition::True), a);
        assert_eq!(a.clone().and(Condition::False), Condition::False);
        assert_eq!(a.clone().or(a.clone()), a);
        assert_eq!(a.clone().and(a.clone().not()), Condition::False);
        assert_eq!(a.clone().or(a.clone().not()), Condition::True);
        assert_eq!(a.clone().and(b.clone()), b.clone().and(a.clone()));
        assert_eq!(a.clone().and(a.clone().or(b.clone())), a, "absorbed");
        assert_eq!(a.clone().or(a.clone().and(b.clone())), a, "absorbed");
        assert_eq!(a.clone().and(b.clone()).not().not(), a.clone().and(b));
        assert_eq!(field("a", 1).or(field("a", 2)).to_string(), "a in [1, 2]");
        let has = Condition::has(Attr::Field(FieldName::new("a").unwrap()));
        assert_eq!(has.clone().and(field("a", 1)), field("a", 1));
        assert_eq!(has.clone().and(field("a", 1).not()).to_string(), "a != 1");
        assert_eq!(has.not().or(has_not(1)).not(), field("a", 1));
    }

    #[test]
    fn a_missing_attribute_compares_false_either_way() {
        struct Nothing;
        impl Row for Nothing {
            fn get(&self, _: &Attr) -> Option<Literal> {
                None
            }
            fn live(&self, _: &str) -> bool {
                false
            }
        }
        assert!(!Condition::compare(Attr::Owner, Op::Ne, Literal::User(ActorId::from_bytes([0; 16]))).holds(&Nothing));
        assert!(field("a", 1).not().holds(&Nothing));
    }

    #[test]
    fn implication() {
        assert_eq!(field("a", 1).implies(&field("a", 1).or(field("a", 2))), Some(true));
        assert_eq!(field("a", 1).or(field("a", 2)).implies(&field("a", 1)), Some(false));
        let least = |op, n| Condition::compare(Attr::Field(FieldName::new("a").unwrap()), op, Literal::Long(n));
        assert_eq!(least(Op::Gt, 3).implies(&least(Op::Ge, 4)), Some(true));
        assert_eq!(least(Op::Ge, 3).implies(&least(Op::Gt, 3)), Some(false));
    }
}
