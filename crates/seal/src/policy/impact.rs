//! What a change of policies gives and takes, to be shown before it is saved.

use std::{collections::BTreeSet, fmt};

use kernel::{Actor, ActorId, Category, ObjectName, PurposeName};

use super::{Act, Ask, Condition, Decision, Policies, SystemAct};

/// What is gained or lost.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// An act on records.
    Act(ObjectName, PurposeName, Act),
    /// Seeing a category masked at least while viewing.
    Masked(ObjectName, PurposeName, Category),
    /// Seeing a category clear while viewing.
    Clear(ObjectName, PurposeName, Category),
    /// A system act.
    System(SystemAct),
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Every record allowed before is allowed still, and others are.
    Gains,
    /// No record is allowed that was not, and some are no longer.
    Loses,
    /// Some are gained and some lost, or too much changed to tell.
    Changes,
}

/// One thing that one actor gains or loses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impact {
    /// Whose.
    pub actor: ActorId,
    /// What.
    pub scope: Scope,
    /// Which way.
    pub effect: Effect,
    /// On which records before.
    pub before: Condition,
    /// On which records after.
    pub after: Condition,
}

impl fmt::Display for Impact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self.effect {
            Effect::Gains => "gains",
            Effect::Loses => "loses",
            Effect::Changes => "changes",
        };
        write!(f, "{} {verb} ", self.actor)?;
        match &self.scope {
            Scope::Act(object, purpose, act) => write!(f, "{act} {object} for {purpose}")?,
            Scope::Masked(object, purpose, category) => write!(f, "masked {category} of {object} for {purpose}")?,
            Scope::Clear(object, purpose, category) => write!(f, "clear {category} of {object} for {purpose}")?,
            Scope::System(act) => return write!(f, "{act}"),
        }
        write!(f, ": {} → {}", self.before, self.after)
    }
}

impl Impact {
    /// What the actors gain and lose when `new` replaces `old`; pure, and exact but where it says [`Effect::Changes`].
    pub fn of(old: &Policies, new: &Policies, actors: &[Actor]) -> Vec<Self> {
        Self::among(old, new, actors, None)
    }

    /// The same for some objects alone, for whoever knows that no other is touched.
    pub fn among(old: &Policies, new: &Policies, actors: &[Actor], only: Option<&BTreeSet<ObjectName>>) -> Vec<Self> {
        let mut found = Vec::new();
        let mut objects: BTreeSet<&ObjectName> = old.world.shapes.keys().chain(new.world.shapes.keys()).collect();
        objects.retain(|object| only.is_none_or(|only| only.contains(*object)));
        let purposes: BTreeSet<&PurposeName> = old.world.purposes.iter().chain(&new.world.purposes).collect();
        for actor in actors {
            for act in SystemAct::ALL {
                let may = |p: &Policies| {
                    if p.system(actor, *act).is_some() { Condition::True } else { Condition::False }
                };
                found.extend(compare(actor, Scope::System(*act), &may(old), &may(new)));
            }
            for object in &objects {
                let (was, is) = (old.purposes_for(actor, object), new.purposes_for(actor, object));
                // A purpose that the roles do not name for the object is refused before any policy is asked.
                for purpose in purposes.iter().filter(|purpose| was.contains(purpose) || is.contains(purpose)) {
                    for act in Act::ALL {
                        let ask = Ask { object, act: *act, purpose, emergency: false };
                        let nothing = || std::sync::Arc::new(Decision::nothing());
                        let before = if was.contains(purpose) { old.decide(actor, &ask) } else { nothing() };
                        let after = if is.contains(purpose) { new.decide(actor, &ask) } else { nothing() };
                        let scope = Scope::Act((*object).clone(), PurposeName::clone(purpose), *act);
                        found.extend(compare(actor, scope, &before.rows, &after.rows));
                        if *act == Act::View {
                            levels(actor, object, purpose, &before, &after, &mut found);
                        }
                    }
                }
            }
        }
        found
    }
}

fn levels(
    actor: &Actor,
    object: &ObjectName,
    purpose: &PurposeName,
    before: &Decision,
    after: &Decision,
    found: &mut Vec<Impact>,
) {
    let never = Condition::False;
    let categories: BTreeSet<&Category> = before.masked.keys().chain(after.masked.keys()).collect();
    for category in categories {
        for clear in [false, true] {
            let of = |d: &Decision| {
                let map = if clear { &d.clear } else { &d.masked };
                map.get(category).unwrap_or(&never).clone()
            };
            let place = (object.clone(), purpose.clone(), category.clone());
            let scope =
                if clear { Scope::Clear(place.0, place.1, place.2) } else { Scope::Masked(place.0, place.1, place.2) };
            found.extend(compare(actor, scope, &of(before), &of(after)));
        }
    }
}

fn compare(actor: &Actor, scope: Scope, before: &Condition, after: &Condition) -> Option<Impact> {
    if before == after {
        return None;
    }
    let effect = match (before.implies(after), after.implies(before)) {
        (Some(true), Some(true)) => return None,
        (Some(true), _) => Effect::Gains,
        (_, Some(true)) => Effect::Loses,
        _ => Effect::Changes,
    };
    Some(Impact { actor: actor.id, scope, effect, before: before.clone(), after: after.clone() })
}
