//! Cedar's view of actors and records.

use std::collections::{BTreeMap, HashMap, HashSet};

use cedar_policy::{Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, RestrictedExpression};
use kernel::{Actor, RecordId, TeamId};

use super::{
    Attr, Literal, Row,
    schema::{Shape, World},
};

/// Why Cedar would not take something: a fault of this module, answered with "no".
pub(super) type Fault = Box<dyn std::error::Error + Send + Sync>;

/// The one resource of system acts.
pub(super) const SYSTEM: &str = "custos";

pub(super) fn uid(ty: &str, id: &str) -> Result<EntityUid, Fault> {
    Ok(EntityUid::from_type_name_and_id(ty.parse::<EntityTypeName>()?, EntityId::new(id)))
}

pub(super) fn action(word: &str) -> Result<EntityUid, Fault> {
    uid("Action", word)
}

/// The actor, its roles and its teams.
pub(super) fn actor(actor: &Actor) -> Result<(EntityUid, Vec<Entity>), Fault> {
    let me = uid("Actor", &actor.id.to_string())?;
    let team = |id: &TeamId| uid("Team", &id.to_string());
    let mut attrs =
        HashMap::from([("kind".to_owned(), RestrictedExpression::new_string(actor.kind.word().to_owned()))]);
    let subtree: Vec<EntityUid> = actor.subtree.iter().map(team).collect::<Result<_, _>>()?;
    attrs.insert(
        "subtree".to_owned(),
        RestrictedExpression::new_set(subtree.iter().cloned().map(RestrictedExpression::new_entity_uid)),
    );
    let mut teams: HashSet<EntityUid> = subtree.into_iter().collect();
    if let Some(own) = &actor.team {
        attrs.insert("team".to_owned(), RestrictedExpression::new_entity_uid(team(own)?));
        teams.insert(team(own)?);
    }
    let roles: HashSet<EntityUid> = actor.roles.iter().map(|r| uid("Role", r)).collect::<Result<_, _>>()?;
    // Teams are entities of their own here, with no ancestors, so that nothing about them is unknown.
    let mut entities = vec![Entity::new(me.clone(), attrs, roles.clone())?];
    entities.extend(teams.into_iter().chain(roles).map(Entity::with_uid));
    Ok((me, entities))
}

/// A record, with every attribute that policies know.
pub(super) fn record(world: &World, shape: &Shape, id: &EntityUid, row: &dyn Row) -> Result<Entity, Fault> {
    let live = world.purposes.iter().filter(|p| row.live(p));
    let mut attrs = HashMap::from([(
        "live_purposes".to_owned(),
        RestrictedExpression::new_set(live.map(|p| RestrictedExpression::new_string(p.to_string()))),
    )]);
    let restricted = row.get(&Attr::Restricted) == Some(Literal::Bool(true));
    attrs.insert("restricted".to_owned(), RestrictedExpression::new_bool(restricted));
    let named = [Attr::Owner, Attr::Team].into_iter().chain(shape.fields.keys().cloned().map(Attr::Field));
    for attr in named {
        let value = match row.get(&attr) {
            None => continue,
            Some(Literal::Text(text)) => RestrictedExpression::new_string(text.to_string()),
            Some(Literal::Long(number)) => RestrictedExpression::new_long(number),
            Some(Literal::Bool(yes)) => RestrictedExpression::new_bool(yes),
            Some(Literal::User(id)) => RestrictedExpression::new_entity_uid(uid("Actor", &id.to_string())?),
            Some(Literal::Team(id)) => RestrictedExpression::new_entity_uid(uid("Team", &id.to_string())?),
            Some(Literal::Record(_)) => continue,
        };
        attrs.insert(attr.to_string(), value);
    }
    Ok(Entity::new(id.clone(), attrs, HashSet::new())?)
}

pub(super) fn record_uid(shape: &Shape, id: Option<RecordId>) -> Result<EntityUid, Fault> {
    let id = id.unwrap_or(RecordId::from_bytes([0; 16]));
    uid(&shape.entity, &id.to_string())
}

/// The id of a row, if it tells.
pub(super) fn id_of(row: &dyn Row) -> Option<RecordId> {
    match row.get(&Attr::Id) {
        Some(Literal::Record(id)) => Some(id),
        _ => None,
    }
}

/// Entities checked against the schema, with its actions.
pub(super) fn entities(world: &World, list: Vec<Entity>) -> Result<Entities, Fault> {
    let mut seen = BTreeMap::new();
    for entity in list {
        seen.insert(entity.uid().to_string(), entity);
    }
    Ok(Entities::from_entities(seen.into_values(), Some(&world.schema))?)
}

/// The context of a row act.
pub(super) fn context(purpose: &str, emergency: bool) -> Result<Context, Fault> {
    Ok(Context::from_pairs(pairs(purpose, emergency))?)
}

/// The context of a level.
pub(super) fn level_context(purpose: &str, emergency: bool, act: &str, category: &str) -> Result<Context, Fault> {
    let more = [("act", act), ("category", category)];
    let more = more.map(|(key, word)| (key.to_owned(), RestrictedExpression::new_string(word.to_owned())));
    Ok(Context::from_pairs(pairs(purpose, emergency).into_iter().chain(more))?)
}

fn pairs(purpose: &str, emergency: bool) -> [(String, RestrictedExpression); 2] {
    [
        ("purpose".to_owned(), RestrictedExpression::new_string(purpose.to_owned())),
        ("emergency".to_owned(), RestrictedExpression::new_bool(emergency)),
    ]
}
