//! Every record that a few conditions can tell apart: a small finite world in which questions about all records have
//! exact answers.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{ActorId, RecordId, TeamId};
use smol_str::SmolStr;

use super::{Attr, Condition, Literal, Row};

/// More cases than this are not tried.
const MOST: usize = 50_000;

/// One record of the small world.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    values: BTreeMap<Attr, Literal>,
    live: BTreeSet<SmolStr>,
}

impl Row for Sample {
    fn get(&self, attr: &Attr) -> Option<Literal> {
        self.values.get(attr).cloned()
    }

    fn live(&self, purpose: &str) -> bool {
        self.live.contains(purpose)
    }
}

/// Whether `test` is true of every record that the conditions can tell apart; `None` when there are too many.
pub(super) fn every(conditions: &[&Condition], mut test: impl FnMut(&Sample) -> bool) -> Option<bool> {
    let (attrs, purposes) = dimensions(conditions);
    let cases = attrs
        .values()
        .map(Vec::len)
        .chain(purposes.iter().map(|_| 2))
        .try_fold(1usize, |n, m| n.checked_mul(m).filter(|n| *n <= MOST))?;
    for mut case in 0..cases {
        let mut sample = Sample::default();
        for (attr, values) in &attrs {
            if let Some(value) = &values[case % values.len()] {
                sample.values.insert(attr.clone(), value.clone());
            }
            case /= values.len();
        }
        for purpose in &purposes {
            if case % 2 == 1 {
                sample.live.insert(purpose.clone());
            }
            case /= 2;
        }
        if !test(&sample) {
            return Some(false);
        }
    }
    Some(true)
}

type Values = BTreeMap<Attr, Vec<Option<Literal>>>;

/// For each attribute the values worth trying, for each purpose that it is named.
fn dimensions(conditions: &[&Condition]) -> (Values, BTreeSet<SmolStr>) {
    let mut named: BTreeMap<Attr, BTreeSet<Literal>> = BTreeMap::new();
    let mut purposes = BTreeSet::new();
    for condition in conditions {
        condition.atoms(&mut |atom| match atom {
            Condition::Compare { attr, value, .. } => {
                named.entry(attr.clone()).or_default().insert(value.clone());
            }
            Condition::In { attr, values } => named.entry(attr.clone()).or_default().extend(values.iter().cloned()),
            Condition::Has(attr) => {
                named.entry(attr.clone()).or_default();
            }
            Condition::Contains { value: Literal::Text(purpose), .. } => {
                purposes.insert(purpose.clone());
            }
            _ => {}
        });
    }
    let values = named
        .into_iter()
        .map(|(attr, named)| {
            let mut tried: BTreeSet<Literal> = named.iter().flat_map(around).collect();
            if tried.is_empty() {
                tried.insert(Literal::Long(0));
            }
            let absent = (!attr.always()).then_some(None);
            let values = absent.into_iter().chain(tried.into_iter().map(Some)).collect();
            (attr, values)
        })
        .collect();
    (values, purposes)
}

/// The value itself and its neighbours: for things without order, one that no policy can name.
fn around(value: &Literal) -> Vec<Literal> {
    let other = match value {
        Literal::Long(n) => {
            return vec![Literal::Long(n.saturating_sub(1)), value.clone(), Literal::Long(n.saturating_add(1))];
        }
        Literal::Bool(yes) => Literal::Bool(!yes),
        Literal::Text(_) => Literal::Text("\u{0}none of them".into()),
        Literal::User(_) => Literal::User(ActorId::from_bytes([0xff; 16])),
        Literal::Team(_) => Literal::Team(TeamId::from_bytes([0xff; 16])),
        Literal::Record(_) => Literal::Record(RecordId::from_bytes([0xff; 16])),
    };
    vec![value.clone(), other]
}
