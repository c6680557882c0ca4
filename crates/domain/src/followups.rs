//! Follow-ups: what was done about a record and what comes next, in one save; what is open, done, put off.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use kernel::{ActorId, FieldName, RecordId};
use ledger::Act as LedgerAct;
use model::{Kind, Value};
use seal::{Shown, policy::Act};
use store::Batch;

use crate::{
    ACTIVITY, Compare, Ctx, Draft, Edit, Error, FieldError, House, Look, Result, Title, WrittenFilter, notices::Reason,
    records::ListAsk, writing::Prepared,
};

/// The longest subject of an activity that is cut from its text.
const SUBJECT: usize = 120;
/// How many open tasks of a list's records are looked through for their next steps.
const OPEN: u64 = 1_000;

/// What was done about a record, and what is to be done next.
#[derive(Clone, Debug, Default)]
pub struct FollowUp {
    /// How: `call`, `meeting`, `note`, … ; a `task` alone is only what comes next.
    pub kind: String,
    /// What was said. May name colleagues: `@Li Na`.
    pub text: String,
    /// The next step in words, if there is one.
    pub next: String,
    /// Its day: `2026-12-01`.
    pub next_on: String,
}

/// What a follow-up came to.
#[derive(Clone, Debug)]
pub struct FollowedUp {
    /// The activity that was logged.
    pub activity: RecordId,
    /// The task of the next step.
    pub task: Option<RecordId>,
    /// The colleagues who were told.
    pub told: Vec<ActorId>,
}

/// The next step of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextStep {
    /// The task.
    pub task: RecordId,
    /// What is to be done, as far as the viewer may see it.
    pub title: Title,
    /// By when.
    pub due: Date,
}

impl House {
    /// Logs what was done about a record and sets the next step: two activities, one transaction. Colleagues named in
    /// the text are told.
    pub async fn follow_up(&self, ctx: &Ctx, object: &str, id: RecordId, what: &FollowUp) -> Result<FollowedUp> {
        self.sweep_if_due(ctx.at).await?;
        let Some(link) = self.activity_link(ctx, object) else {
            return Err(Error::Unknown("follow-up of such records".into()));
        };
        let text = what.text.trim();
        let (next, next_on) = (what.next.trim(), what.next_on.trim());
        let mut wrong = Vec::new();
        if text.is_empty() {
            wrong.push(FieldError::new("text", "required", "say what was done"));
        }
        if next.is_empty() != next_on.is_empty() {
            let (field, say) =
                if next.is_empty() { ("next", "say what is to be done") } else { ("next_on", "say by when") };
            wrong.push(FieldError::new(field, "required", say));
        }
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let mut links = self.links_of(ctx, object, id).await?;
        links.push((link, id.to_string()));
        let (subject, body) = split(text);
        let ctx = &self.suited(ctx, ACTIVITY);
        let mut fields = vec![("kind", what.kind.clone()), ("subject", subject), ("happened", ctx.at.to_string())];
        fields.extend(body.map(|body| ("body", body)));
        let done = self.drafted(ctx, &links, &fields).await.map_err(named)?;
        let task = if next.is_empty() {
            None
        } else {
            let fields = [("kind", "task".to_owned()), ("subject", next.to_owned()), ("due", next_on.to_owned())];
            Some(self.drafted(ctx, &links, &fields).await.map_err(named_next)?)
        };
        let told = self.mentioned(ctx, text);
        let mut batch = Batch::new("follow_up.logged");
        let activity = done.written.id;
        batch.extend(told.iter().map(|to| self.notice(ctx, *to, Reason::Mention, ACTIVITY, activity)));
        let mut entries = Vec::new();
        let mut indexed = Vec::new();
        let next = task.as_ref().map(|task| task.written.id);
        for Prepared { written, steps, entry, texts } in std::iter::once(done).chain(task) {
            batch.extend(steps);
            entries.push(entry);
            indexed.push((written.id, texts));
        }
        self.commit(batch, &entries).await?;
        if let Some(definition) = self.catalog().object(ACTIVITY) {
            for (id, texts) in indexed {
                self.indexed(definition, id, texts);
            }
        }
        Ok(FollowedUp { activity, task: next, told })
    }

    async fn drafted(&self, ctx: &Ctx, links: &[(FieldName, String)], fields: &[(&str, String)]) -> Result<Prepared> {
        let mut all = links.to_vec();
        all.extend(named_fields(fields)?);
        let draft = Draft { fields: all, ..Draft::default() };
        self.prepare(ctx, ACTIVITY, &draft, Act::Create, LedgerAct::Created).await
    }

    /// What else an activity about a record belongs to: a contact's company. Never another person.
    async fn links_of(&self, ctx: &Ctx, object: &str, id: RecordId) -> Result<Vec<(FieldName, String)>> {
        let catalog = self.catalog();
        let (Some(from), Some(activity)) = (catalog.object(object), catalog.object(ACTIVITY)) else {
            return Ok(Vec::new());
        };
        let people = crate::people::about(&catalog, activity);
        let to = |field: &model::Field| match &field.kind {
            Kind::Link(to) => Some(to.clone()),
            _ => None,
        };
        let mut pairs: Vec<(FieldName, FieldName)> = Vec::new();
        let kept = activity.fields().iter().filter(|field| !people.contains(&&field.name));
        for field in kept {
            let Some(target) = to(field).filter(|target| target.as_str() != object) else { continue };
            let same = from.fields().iter().find(|own| to(own).as_ref() == Some(&target));
            pairs.extend(same.map(|own| (own.name.clone(), field.name.clone())));
        }
        let grant = self.gate().grant(&self.ask(ctx, object, Act::View, None));
        let visible: Vec<FieldName> = grant.map_or_else(
            |_| Vec::new(),
            |grant| grant.shown().iter().map(|at| from.fields()[*at].name.clone()).collect(),
        );
        pairs.retain(|(own, _)| visible.contains(own));
        let fields = pairs.iter().map(|(own, _)| own.clone()).collect();
        // Read even where there is nothing to copy: what may not be seen cannot be followed up.
        let page = self.get(ctx, object, id, &Look { fields: Some(fields), ..Look::default() }).await?;
        let row = page.rows.first().ok_or_else(|| Error::NotFound(from.name.clone()))?;
        let linked = pairs.into_iter().filter_map(|(own, field)| match page.value(row, &own) {
            Shown::Clear(Value::Link(id)) => Some((field, id.to_string())),
            _ => None,
        });
        Ok(linked.collect())
    }

    /// The colleagues whom a text names, the writer left out: `@` and a name as the directory has it.
    fn mentioned(&self, ctx: &Ctx, text: &str) -> Vec<ActorId> {
        let mut colleagues = self.colleagues();
        // Longer names first: `@Li Nan` does not name Li Na.
        colleagues.sort_by_key(|(_, name)| std::cmp::Reverse(name.chars().count()));
        let mut told = Vec::new();
        for rest in text.split(['@', '＠']).skip(1) {
            let named = colleagues.iter().find(|(_, name)| {
                let head: String = rest.chars().take(name.chars().count()).collect();
                !name.is_empty() && head.to_lowercase() == name.to_lowercase()
            });
            if let Some((actor, _)) = named.filter(|(actor, _)| *actor != ctx.actor.id && !told.contains(actor)) {
                told.push(*actor);
            }
        }
        told
    }

    /// Says that an activity is done, or is not after all.
    pub async fn done(&self, ctx: &Ctx, activity: RecordId, version: i64, done: bool) -> Result<()> {
        self.set(ctx, activity, version, &[("done", done.to_string())]).await
    }

    /// Keeps an activity at the top of its timelines, or no longer.
    pub async fn pin(&self, ctx: &Ctx, activity: RecordId, version: i64, pinned: bool) -> Result<()> {
        self.set(ctx, activity, version, &[("pinned", pinned.to_string())]).await
    }

    /// Puts an activity off: it is due, and reminded of, so many days from today.
    pub async fn snooze(&self, ctx: &Ctx, activity: RecordId, version: i64, days: i64) -> Result<()> {
        if !(1..=365).contains(&days) {
            return Err(Error::field("days", "days_form", "a number of days from 1 to 365"));
        }
        let at = ctx.at + SignedDuration::from_hours(24 * days);
        let day = TimeZone::UTC.to_datetime(at).date();
        self.set(ctx, activity, version, &[("due", day.to_string())]).await
    }

    async fn set(&self, ctx: &Ctx, activity: RecordId, version: i64, fields: &[(&str, String)]) -> Result<()> {
        let ctx = &self.suited(ctx, ACTIVITY);
        let fields = named_fields(fields)?;
        self.change(ctx, ACTIVITY, activity, &Edit { fields, version, ..Edit::default() }).await?;
        Ok(())
    }

    /// The next step of each of these records that has one: the open task that is due first. One disclosure for all of
    /// them; nothing where the actor may not see activities.
    pub async fn next_steps(&self, ctx: &Ctx, object: &str, ids: &[RecordId]) -> Result<HashMap<RecordId, NextStep>> {
        let mut found = HashMap::new();
        let Some(link) = self.activity_link(ctx, object).filter(|_| !ids.is_empty()) else { return Ok(found) };
        let ctx = self.suited(ctx, ACTIVITY);
        let due = FieldName::new("due").map_err(|e| Error::Setup(e.to_string()))?;
        let done = FieldName::new("done").map_err(|e| Error::Setup(e.to_string()))?;
        if ![&due, &done].into_iter().all(|field| self.may_use(&ctx, ACTIVITY, field)) {
            return Ok(found);
        }
        let filter = |field: &str, compare, value: &str| WrittenFilter {
            field: field.to_owned(),
            compare,
            value: value.to_owned(),
        };
        let all = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let title = self.catalog().object(ACTIVITY).map(|o| o.title.clone()).unwrap_or_default();
        let ask = ListAsk {
            fields: Some(title.into_iter().chain([link.clone(), due.clone(), done.clone()]).collect()),
            filters: vec![filter(&link, Compare::In, &all), filter("due", Compare::Empty, "false")],
            sort: Some(("due".into(), false)),
            limit: OPEN,
            ..ListAsk::default()
        };
        let page = self.list(&ctx, ACTIVITY, &ask).await?.page;
        for row in &page.rows {
            let open = !matches!(page.value(row, &done), Shown::Clear(Value::YesNo(true)));
            if let (true, Shown::Clear(Value::Link(to)), Shown::Clear(Value::Date(due))) =
                (open, page.value(row, &link), page.value(row, &due))
            {
                let step = || NextStep { task: row.id, title: Title::of(&page, row), due: *due };
                found.entry(*to).or_insert_with(step);
            }
        }
        Ok(found)
    }

    /// The day of an instant, as due dates are compared with it.
    pub fn day_of(at: Timestamp) -> Date {
        TimeZone::UTC.to_datetime(at).date()
    }
}

/// Fields of an activity by their names.
fn named_fields(fields: &[(&str, String)]) -> Result<Vec<(FieldName, String)>> {
    let mut named = Vec::with_capacity(fields.len());
    for (name, text) in fields {
        named.push((FieldName::new(name).map_err(|e| Error::Setup(e.to_string()))?, text.clone()));
    }
    Ok(named)
}

/// A text's first line as the subject, and the whole as the body where the subject is not all of it.
fn split(text: &str) -> (String, Option<String>) {
    let first = text.lines().next().unwrap_or_default().trim();
    if first.chars().count() <= SUBJECT {
        return (first.to_owned(), (first != text).then(|| text.to_owned()));
    }
    let cut: String = first.chars().take(SUBJECT - 1).collect();
    (format!("{}…", cut.trim_end()), Some(text.to_owned()))
}

/// Errors of an activity's fields, told of the boxes of the follow-up they came from.
fn named(error: Error) -> Error {
    rename(error, &[("subject", "text"), ("body", "text")])
}

fn named_next(error: Error) -> Error {
    rename(error, &[("subject", "next"), ("due", "next_on")])
}

fn rename(error: Error, names: &[(&str, &str)]) -> Error {
    let Error::Invalid(mut wrong) = error else { return error };
    for one in &mut wrong {
        if let Some((_, box_)) = names.iter().find(|(field, _)| one.field == *field) {
            one.field = (*box_).to_owned();
        }
    }
    Error::Invalid(wrong)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_short_line_is_its_own_subject() {
        assert_eq!(split("Called, wants samples"), ("Called, wants samples".into(), None));
        let two = "Called\nWants samples";
        assert_eq!(split(two), ("Called".into(), Some(two.into())));
        let long = "x".repeat(300);
        let (subject, body) = split(&long);
        assert_eq!(subject.chars().count(), 120);
        assert_eq!(body.as_deref(), Some(long.as_str()));
    }
}
