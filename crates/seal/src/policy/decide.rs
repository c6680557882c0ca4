//! Questions answered: partial evaluation with the record unknown, and what it leaves as conditions.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::{Hash, Hasher},
    sync::Arc,
};

use cedar_policy::{
    Authorizer, Context, Decision as CedarDecision, Effect, EntityTypeName, EntityUid, PartialEntities,
    PartialEntityUid, PartialRequest, PolicySet, Request,
};
use kernel::{Actor, Category, ObjectName, PurposeName};

use super::{
    Act, Ask, Condition, Decision, Policies, Purposes, Scope, SystemAct,
    cache::Like,
    compile::Met,
    entity::{self, Fault},
    grammar::Reader,
    rules::About,
    schema::Shape,
};

/// A question kept.
pub(super) struct AskKey {
    actor: Actor,
    object: ObjectName,
    act: Act,
    purpose: PurposeName,
    emergency: bool,
}

/// A question as asked.
struct Asked<'a>(&'a Actor, &'a Ask<'a>);

impl Hash for Asked<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0, self.1).hash(state);
    }
}

impl Like<AskKey> for Asked<'_> {
    fn is(&self, key: &AskKey) -> bool {
        let Ask { object, act, purpose, emergency } = self.1;
        *act == key.act
            && *emergency == key.emergency
            && **object == key.object
            && **purpose == key.purpose
            && *self.0 == key.actor
    }

    fn key(&self) -> AskKey {
        let Ask { object, act, purpose, emergency } = self.1;
        AskKey {
            actor: self.0.clone(),
            object: (*object).clone(),
            act: *act,
            purpose: (*purpose).clone(),
            emergency: *emergency,
        }
    }
}

/// A system act of an actor, kept.
pub(super) struct SystemKey(Actor, SystemAct);

struct SystemAsked<'a>(&'a Actor, SystemAct);

impl Hash for SystemAsked<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0, self.1).hash(state);
    }
}

impl Like<SystemKey> for SystemAsked<'_> {
    fn is(&self, key: &SystemKey) -> bool {
        self.1 == key.1 && *self.0 == key.0
    }

    fn key(&self) -> SystemKey {
        SystemKey(self.0.clone(), self.1)
    }
}

/// The actor as Cedar sees it, for the questions of one decision.
pub(super) struct Who {
    pub(super) uid: EntityUid,
    pub(super) entities: PartialEntities,
}

impl Policies {
    /// What the actor may do, on which records, at which levels. Kept for the next who asks the same.
    ///
    /// An object or purpose that is not defined allows nothing; so does a fault, which [`Policies::explain`] tells.
    pub fn decide(&self, actor: &Actor, ask: &Ask<'_>) -> Arc<Decision> {
        self.decisions.get(&Asked(actor, ask), || self.find(actor, ask).unwrap_or_else(|_| Decision::nothing()))
    }

    /// The policies that permit the actor a system act; `None` if it may not.
    pub fn system(&self, actor: &Actor, act: SystemAct) -> Option<Vec<String>> {
        let found = self.systems.get(&SystemAsked(actor, act), || self.find_system(actor, act).ok().flatten());
        found.as_ref().clone()
    }

    /// The purposes for which the actor's roles let it act on an object, in the order of preference: that of its
    /// roles, then that of each role's list. Purposes of emergency access are told by [`Policies::emergency_purposes`].
    pub fn purposes_for(&self, actor: &Actor, object: &ObjectName) -> Vec<PurposeName> {
        let mut found = Vec::new();
        let Some(shape) = self.world.shapes.get(object) else { return found };
        for role in actor.roles.iter().filter_map(|name| self.matrix.roles.get(name)) {
            if role.object(object).is_some_and(|rules| rules.scopes.values().any(|s| *s > Scope::None)) {
                add_purposes(shape, role.purposes(object), &mut found);
            }
        }
        found
    }

    /// The purposes for which the actor may read records of an object under emergency access.
    pub fn emergency_purposes(&self, actor: &Actor, object: &ObjectName) -> Vec<PurposeName> {
        let mut found = Vec::new();
        let Some(shape) = self.world.shapes.get(object) else { return found };
        for role in actor.roles.iter().filter_map(|name| self.matrix.roles.get(name)) {
            add_purposes(shape, &role.emergency, &mut found);
        }
        found
    }

    pub(super) fn who(&self, actor: &Actor) -> Result<Who, Fault> {
        let (uid, list) = entity::actor(actor)?;
        let entities = entity::entities(&self.world, list)?;
        Ok(Who { uid, entities: PartialEntities::from_concrete(entities, &self.world.schema)? })
    }

    /// The decision, found afresh.
    pub(super) fn find(&self, actor: &Actor, ask: &Ask<'_>) -> Result<Decision, Fault> {
        let Some(shape) = self.world.shapes.get(ask.object) else { return Ok(Decision::nothing()) };
        // The rule `definition/…` says the same; there is no need to ask it.
        if !shape.purposes.contains(ask.purpose) {
            return Ok(Decision::nothing());
        }
        let who = self.who(actor)?;
        let mut ids = BTreeSet::new();
        let part = |about| self.parts.get(&(about, shape.name.clone())).ok_or("an object has no policies");
        let of_act = part(About::Act(ask.act))?;
        let set = of_act.set(&actor.roles, &of_act.met(&actor.roles, ask, None))?;
        let context = entity::context(ask.purpose, ask.emergency)?;
        let rows = self.left(&who, shape, &set, ask.act.word(), context, &mut ids)?;
        let (mut masked, mut clear) = (BTreeMap::new(), BTreeMap::new());
        if rows == Condition::False {
            return Ok(Decision { rows, masked, clear, policies: Vec::new() });
        }
        let of_level = part(About::Level)?;
        // Categories that meet the same rules have the same answer.
        let mut same: HashMap<(Met, Option<&Category>), (Condition, Condition)> = HashMap::new();
        for category in &shape.categories {
            let met = of_level.met(&actor.roles, ask, Some(category));
            let key = (met.clone(), of_level.by_category.then_some(category));
            let (some, all) = match same.get(&key) {
                Some(found) => found.clone(),
                None => {
                    let set = of_level.set(&actor.roles, &met)?;
                    let mut own = BTreeSet::new();
                    let mut level = |action: &str| {
                        let context = entity::level_context(ask.purpose, ask.emergency, ask.act.word(), category)?;
                        self.left(&who, shape, &set, action, context, &mut own)
                    };
                    let some = level("see_masked")?.and(rows.clone());
                    let all = match &some {
                        Condition::False => Condition::False,
                        some => level("see_clear")?.and(some.clone()),
                    };
                    if some != Condition::False {
                        ids.append(&mut own);
                    }
                    same.entry(key).or_insert((some, all)).clone()
                }
            };
            if some != Condition::False {
                masked.insert(category.clone(), some);
            }
            if all != Condition::False {
                clear.insert(category.clone(), all);
            }
        }
        Ok(Decision { rows, masked, clear, policies: ids.into_iter().collect() })
    }

    /// What partial evaluation of these policies leaves of a record, as one condition:
    /// `(permit || permit …) && !(forbid || forbid …)`.
    fn left(
        &self,
        who: &Who,
        shape: &Shape,
        set: &PolicySet,
        action: &str,
        context: Context,
        ids: &mut BTreeSet<String>,
    ) -> Result<Condition, Fault> {
        if set.is_empty() {
            return Ok(Condition::False);
        }
        let schema = &self.world.schema;
        let request = PartialRequest::new(
            PartialEntityUid::from_concrete(who.uid.clone()),
            entity::action(action)?,
            PartialEntityUid::new(shape.entity.parse::<EntityTypeName>()?, None),
            Some(context),
            schema,
        )?;
        let response = set.tpe(&request, &who.entities, schema)?;
        let mut found = BTreeSet::new();
        let (mut permits, mut forbids) = (Vec::new(), Vec::new());
        for id in response.true_permits() {
            found.insert(id.to_string());
            permits.push(Condition::True);
        }
        for id in response.true_forbids() {
            found.insert(id.to_string());
            forbids.push(Condition::True);
        }
        for policy in response.residual_policies() {
            let condition = Reader::condition(shape, policy.to_pst()?.body().clauses())
                .map_err(|refusal| format!("`{}` on {}: {refusal}", policy.id(), shape.name))?;
            if condition != Condition::False {
                found.insert(policy.id().to_string());
            }
            match policy.effect() {
                Effect::Permit => permits.push(condition),
                Effect::Forbid => forbids.push(condition),
            }
        }
        let allowed = Condition::any(permits);
        if allowed == Condition::False {
            return Ok(allowed);
        }
        ids.append(&mut found);
        Ok(allowed.and(Condition::any(forbids).not()))
    }

    fn find_system(&self, actor: &Actor, act: SystemAct) -> Result<Option<Vec<String>>, Fault> {
        let (me, list) = entity::actor(actor)?;
        let system = entity::uid("System", entity::SYSTEM)?;
        let schema = Some(&self.world.schema);
        let request = Request::new(me, entity::action(act.word())?, system, Context::empty(), schema)?;
        let entities = entity::entities(&self.world, list)?;
        let set = self.system.whole(&actor.roles)?;
        let answer = Authorizer::new().is_authorized(&request, &set, &entities);
        let mut ids: Vec<String> = answer.diagnostics().reason().map(ToString::to_string).collect();
        ids.sort();
        Ok((answer.decision() == CedarDecision::Allow).then_some(ids))
    }
}

fn add_purposes(shape: &Shape, purposes: &Purposes, found: &mut Vec<PurposeName>) {
    let wanted = match purposes {
        Purposes::Any => &shape.purposes,
        Purposes::These(list) => list,
    };
    for purpose in wanted.iter().filter(|p| shape.purposes.contains(p)) {
        if !found.contains(purpose) {
            found.push(purpose.clone());
        }
    }
}
