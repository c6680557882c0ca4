//! Stages of an opportunity: what each needs before a project may stand in it, and since when it stood where.

use jiff::Timestamp;
use kernel::{ActorId, FieldName, RecordId};
use model::{Object, Value};
use seal::{Ask, Fields, Stored, policy::Act};
use store::{Step, Store};

use super::{LINE, OPPORTUNITY, conversion::position};
use crate::{Ctx, Error, FieldError, House, Look, Result, writing::Values};

/// The field that says when something was last done about an opportunity.
const LAST_ACTIVITY: &str = "last_activity";
/// The field that says in which stage an opportunity is.
const STAGE: &str = "stage";

/// What an opportunity must have to stand in a stage. Later stages need what earlier ones did, where it still means
/// something; `lost` needs its reason alone.
const NEEDS: [(&str, &[&str]); 7] = [
    ("sample", &["application"]),
    ("design_in", &["application", "sop_date"]),
    ("design_win", &["application", "sop_date", "expected_close"]),
    ("ramp", &["application", "sop_date"]),
    ("production", &["sop_date"]),
    ("end_of_life", &["end_date"]),
    ("lost", &["loss_reason"]),
];

/// The fields that a stage needs.
pub fn needs(stage: &str) -> &'static [&'static str] {
    NEEDS.iter().find(|(name, _)| *name == stage).map_or(&[], |(_, fields)| *fields)
}

/// A stage that an opportunity was or is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The stage.
    pub stage: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when; none for the present one.
    pub until: Option<Timestamp>,
    /// Who moved it there.
    pub actor: ActorId,
}

impl Stay {
    /// Whole days in the stage so far.
    pub fn days(&self, now: Timestamp) -> i64 {
        self.until.unwrap_or(now).duration_since(self.since).as_hours() / 24
    }
}

impl House {
    /// What a change or a new record lacks for its stage. What the record holds already is looked at for being there
    /// alone: no value is opened.
    pub(crate) async fn stage_lacks(
        &self,
        ctx: &Ctx,
        object: &Object,
        id: Option<RecordId>,
        values: &Values,
    ) -> Result<Vec<FieldError>> {
        let Some(stage) = moved_to(object, values) else { return Ok(Vec::new()) };
        let mut missing: Vec<FieldName> = Vec::new();
        for name in needs(stage) {
            let Some(at) = object.fields().iter().position(|f| f.name.as_str() == *name) else { continue };
            match values.get(&at) {
                Some(Some(_)) => {}
                _ => missing.push(object.fields()[at].name.clone()),
            }
        }
        let given: Vec<usize> = values.keys().copied().collect();
        if let (Some(id), false) = (id, missing.is_empty()) {
            let ask = Ask { fields: Fields::Named(&missing), ..self.ask(ctx, &object.name, Act::Edit, None) };
            let grant = self.granted(ctx, &ask, &[id]).await?;
            let row = self.reached(ctx, &grant, id).await?;
            let there: Vec<FieldName> = grant
                .shown()
                .iter()
                .zip(&row.cells)
                // A value that this change empties is not there any more.
                .filter(|(at, cell)| !matches!(cell, Stored::Null) && !given.contains(at))
                .map(|(at, _)| object.fields()[*at].name.clone())
                .collect();
            missing.retain(|name| !there.contains(name));
        }
        let lacks = |name: &FieldName| {
            FieldError::new(name.as_str(), "stage_needs", format!("is needed for the stage {stage}"))
        };
        Ok(missing.iter().map(lacks).collect())
    }

    /// What follows from writing these values: a move is noted, an opportunity hears of what was done about it.
    pub(crate) fn follow_steps(&self, ctx: &Ctx, object: &Object, id: RecordId, values: &Values) -> Vec<Step> {
        let stage = moved_to(object, values);
        let noted = stage.map(|stage| Store::put_stage(self.new_record(ctx.at), id, stage, ctx.actor.id, ctx.at));
        noted.into_iter().chain(self.heard(object, values)).collect()
    }

    /// The step by which an opportunity knows the day of its last activity: what is yet to be done is none.
    fn heard(&self, object: &Object, values: &Values) -> Option<Step> {
        if object.name.as_str() != crate::timeline::ACTIVITY {
            return None;
        }
        let value = |name: &str| {
            let at = object.fields().iter().position(|f| f.name.as_str() == name)?;
            values.get(&at)?.as_ref()
        };
        let (Some(Value::Link(deal)), Some(Value::Time(at))) = (value(OPPORTUNITY), value("happened")) else {
            return None;
        };
        let catalog = self.catalog();
        let deals = catalog.object(OPPORTUNITY)?;
        let field = position(deals, LAST_ACTIVITY).ok()?;
        let day = jiff::tz::TimeZone::UTC.to_datetime(*at).date();
        Some(Store::push_date(deals, field, *deal, &day.to_string()))
    }

    /// Where an opportunity stood and how long, oldest first, for whoever may see its stage.
    pub async fn stages(&self, ctx: &Ctx, id: RecordId) -> Result<Vec<Stay>> {
        let look = Look { fields: Some(vec![super::conversion::name(STAGE)?]), ..Look::default() };
        self.get(ctx, OPPORTUNITY, id, &look).await?;
        let moves = self.store.stages(id).await?;
        let mut stays: Vec<Stay> = Vec::with_capacity(moves.len());
        for (stage, actor, at) in moves {
            match stays.last_mut() {
                Some(last) if last.stage == stage => continue,
                Some(last) => last.until = Some(at),
                None => {}
            }
            stays.push(Stay { stage, since: at, until: None, actor });
        }
        Ok(stays)
    }

    /// Gives the lines of an opportunity to whom the opportunity was given.
    pub(crate) fn lines_follow(
        &self,
        object: &Object,
        id: RecordId,
        owner: Option<Option<ActorId>>,
        team: Option<Option<kernel::TeamId>>,
    ) -> Result<Option<Step>> {
        let catalog = self.catalog();
        let (true, Some(line)) = (object.name.as_str() == OPPORTUNITY, catalog.object(LINE)) else { return Ok(None) };
        if owner.is_none() && team.is_none() {
            return Ok(None);
        }
        Ok(Some(Store::hand_over(line, position(line, OPPORTUNITY)?, id, owner, team)))
    }

    /// Moves an opportunity to a stage, with what the stage needs and it lacked.
    pub async fn move_stage(
        &self,
        ctx: &Ctx,
        id: RecordId,
        version: i64,
        stage: &str,
        with: &[(FieldName, String)],
    ) -> Result<crate::Written> {
        if stage.is_empty() {
            return Err(Error::field(STAGE, "required", "choose a stage"));
        }
        let mut fields = vec![(super::conversion::name(STAGE)?, stage.to_owned())];
        fields.extend(with.iter().filter(|(_, text)| !text.trim().is_empty()).cloned());
        self.change(ctx, OPPORTUNITY, id, &crate::Edit { fields, version, ..crate::Edit::default() }).await
    }
}

/// The stage that these values move an opportunity to.
fn moved_to<'a>(object: &Object, values: &'a Values) -> Option<&'a str> {
    if object.name.as_str() != OPPORTUNITY {
        return None;
    }
    let at = object.fields().iter().position(|f| f.name.as_str() == STAGE)?;
    match values.get(&at)? {
        Some(Value::Text(stage)) => Some(stage),
        _ => None,
    }
}
