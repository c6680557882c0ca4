//! Why: which policies decide about one record, in words.
//!
//! The answer comes from Cedar's own authorizer over every policy and the whole record, not from the compiled
//! condition: it is a second opinion, and a test holds the two together.

use std::{collections::BTreeMap, fmt};

use cedar_policy::{Authorizer, Context, Decision as CedarDecision, Entities, EntityUid, Request};
use kernel::{Actor, Category, Level};

use super::{
    Ask, Condition, Policies, Row,
    entity::{self, Fault},
};

/// A policy that decides, and what it says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {
    /// Its id.
    pub policy: String,
    /// In words.
    pub words: String,
}

/// Why an actor may, or may not, do something to one record.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Explanation {
    /// Whether it may.
    pub allowed: bool,
    /// The policies that permit it.
    pub permitted_by: Vec<Reason>,
    /// The policies that forbid it; one is enough.
    pub forbidden_by: Vec<Reason>,
    /// For each category that the object's fields have, the level and the policies that give or take it.
    pub levels: BTreeMap<Category, (Level, Vec<Reason>)>,
    /// On which records the actor may do it at all.
    pub rows: String,
    /// What went wrong, if something did; then nothing is allowed.
    pub trouble: Option<String>,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, what: &str, reasons: &[Reason]| {
            reasons.iter().try_for_each(|r| writeln!(f, "  {what} {}: {}", r.policy, r.words))
        };
        if let Some(trouble) = &self.trouble {
            return writeln!(f, "refused: {trouble}");
        }
        writeln!(f, "{}", if self.allowed { "allowed" } else { "refused" })?;
        list(f, "permitted by", &self.permitted_by)?;
        list(f, "forbidden by", &self.forbidden_by)?;
        if self.permitted_by.is_empty() && self.forbidden_by.is_empty() {
            writeln!(f, "  nothing permits it")?;
        }
        for (category, (level, reasons)) in &self.levels {
            writeln!(f, "{category}: {}", level.word())?;
            list(f, "by", reasons)?;
        }
        writeln!(f, "records: {}", self.rows)
    }
}

impl Policies {
    /// Why the actor may or may not do this to the record.
    pub fn explain(&self, actor: &Actor, ask: &Ask<'_>, row: &dyn Row) -> Explanation {
        let fault = |error: Fault| Explanation {
            rows: "never".into(),
            trouble: Some(error.to_string()),
            ..Explanation::default()
        };
        self.explained(actor, ask, row).unwrap_or_else(fault)
    }

    fn explained(&self, actor: &Actor, ask: &Ask<'_>, row: &dyn Row) -> Result<Explanation, Fault> {
        let shape = self.world.shapes.get(ask.object).ok_or_else(|| format!("there is no object {}", ask.object))?;
        if !self.world.knows_purpose(ask.purpose) {
            return Err(format!("there is no purpose {}", ask.purpose).into());
        }
        let mut decision = self.decide(actor, ask);
        if decision.rows == Condition::False {
            // Found afresh, in case it is a fault that the cache holds as "nothing".
            decision = self.find(actor, ask)?.into();
        }
        let (me, mut list) = entity::actor(actor)?;
        let record = entity::record_uid(shape, entity::id_of(row))?;
        list.push(entity::record(&self.world, shape, &record, row)?);
        let entities = entity::entities(&self.world, list)?;
        let asked = |action: &str, context: Context| self.asked(&me, action, &record, context, &entities);
        let (allowed, reasons) = asked(ask.act.word(), entity::context(ask.purpose, ask.emergency)?)?;
        let mut answer = Explanation { allowed, rows: decision.rows.to_string(), ..Explanation::default() };
        if allowed {
            answer.permitted_by = reasons;
        } else {
            answer.forbidden_by = reasons;
        }
        for category in &shape.categories {
            let context = || entity::level_context(ask.purpose, ask.emergency, ask.act.word(), category);
            let (masked, mut reasons) = asked("see_masked", context()?)?;
            let (clear, more) = asked("see_clear", context()?)?;
            let level = match (allowed && masked, clear) {
                (false, _) => Level::None,
                (true, false) => Level::Masked,
                (true, true) => Level::Clear,
            };
            if masked {
                reasons.extend(more);
            }
            reasons.sort();
            reasons.dedup();
            answer.levels.insert(category.clone(), (level, reasons));
        }
        Ok(answer)
    }

    /// Cedar's own answer over everything, and the policies that determine it.
    pub(super) fn asked(
        &self,
        me: &EntityUid,
        action: &str,
        record: &EntityUid,
        context: Context,
        entities: &Entities,
    ) -> Result<(bool, Vec<Reason>), Fault> {
        let schema = Some(&self.world.schema);
        let request = Request::new(me.clone(), entity::action(action)?, record.clone(), context, schema)?;
        let answer = Authorizer::new().is_authorized(&request, &self.all, entities);
        let reason = |id: String| {
            let words = self.words.get(&id).cloned().unwrap_or_default();
            Reason { policy: id, words }
        };
        let mut reasons: Vec<Reason> = answer.diagnostics().reason().map(|id| reason(id.to_string())).collect();
        reasons.sort();
        Ok((answer.decision() == CedarDecision::Allow, reasons))
    }
}
