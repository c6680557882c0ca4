//! What the first page tells: tasks, projects that stand still, the pipeline, what was won, what was done. Each figure
//! carries the filters of the list it counts, so that the list shows the same records.

use jiff::{ToSpan, civil::Date};
use kernel::{ActorId, FieldName, TeamId};
use ledger::Act as LedgerAct;
use seal::{
    Ask, Fields,
    policy::{Act, SystemAct},
};
use store::EntryFilter;

use super::{
    OPPORTUNITY, Scope,
    figures::{By, DAY, FigureAsk, FigureGroup},
    forecast::RUNNING,
};
use crate::{Compare, Ctx, House, Result, WrittenFilter, timeline::ACTIVITY};

/// A project without activity for so many days stands still.
pub const STALLED_DAYS: i32 = 30;
/// How many weeks of activity are shown.
pub const WEEKS: i64 = 13;
/// The stages before a design is won.
const OPEN: [&str; 3] = ["inquiry", "sample", "design_in"];
/// The stages from there on.
const WON: [&str; 4] = ["design_win", "ramp", "production", "end_of_life"];

/// A number of records, and the list of them.
#[derive(Clone, Debug)]
pub struct Tally {
    /// The object.
    pub object: &'static str,
    /// The filters of the list.
    pub filters: Vec<WrittenFilter>,
    /// How many.
    pub count: u64,
}

/// Open tasks by their dates.
#[derive(Clone, Debug)]
pub struct Tasks {
    /// Past their date.
    pub late: Tally,
    /// Due today.
    pub today: Tally,
    /// Due in the seven days after.
    pub week: Tally,
}

/// The opportunities of one stage.
#[derive(Clone, Debug)]
pub struct InStage {
    /// The stage.
    pub stage: String,
    /// How many, and their list.
    pub tally: Tally,
    /// Their amounts, by currency, in millionths.
    pub amounts: Vec<(String, i64)>,
}

/// What was decided in the last twelve months.
#[derive(Clone, Debug)]
pub struct Decided {
    /// Designs won.
    pub won: Tally,
    /// Lost.
    pub lost: Tally,
}

impl Decided {
    /// The share won, in percent; none if nothing was decided.
    pub fn rate(&self) -> Option<u64> {
        let all = self.won.count + self.lost.count;
        (all > 0).then(|| (self.won.count * 100 + all / 2) / all)
    }
}

/// What was done, week by week.
#[derive(Clone, Debug)]
pub struct Activity {
    /// The first day of each week, oldest first.
    pub weeks: Vec<Date>,
    /// Kind of activity and how many in each week.
    pub kinds: Vec<(String, Vec<u64>)>,
    /// How many by each team.
    pub teams: Vec<(Option<TeamId>, u64)>,
    /// The list of all of it.
    pub all: Tally,
}

/// A step of an administrator's first week and whether it was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstStep {
    /// Its word.
    pub word: &'static str,
    /// Whether it was.
    pub done: bool,
}

/// What a privacy officer watches.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    /// Masked values shown in clear in the last seven days, by purpose.
    pub reveals: Vec<(String, u64)>,
    /// Since when.
    pub since: Option<jiff::Timestamp>,
    /// People one of whose purposes ends in the next thirty days.
    pub ending: u64,
}

fn eq(field: &str, value: impl ToString) -> WrittenFilter {
    filter(field, Compare::Eq, value)
}

fn filter(field: &str, compare: Compare, value: impl ToString) -> WrittenFilter {
    WrittenFilter { field: field.into(), compare, value: value.to_string() }
}

fn today(ctx: &Ctx) -> Date {
    jiff::tz::TimeZone::UTC.to_datetime(ctx.at).date()
}

impl House {
    /// Whether the actor may count records of an object by these fields; asking is no attempt.
    pub fn may_figure(&self, ctx: &Ctx, object: &str, fields: &[&str]) -> bool {
        let uses: Vec<FieldName> = fields.iter().filter_map(|name| FieldName::new(name).ok()).collect();
        let ask = Ask { fields: Fields::Nothing, uses: &uses, ..self.ask(ctx, object, Act::View, None) };
        self.gate().grant(&ask).is_ok()
    }

    async fn tally(&self, ctx: &Ctx, object: &'static str, filters: Vec<WrittenFilter>) -> Result<Tally> {
        let ask = FigureAsk { filters: filters.clone(), ..FigureAsk::default() };
        let count = self.figures(ctx, object, &ask).await?.iter().map(|group| group.count).sum();
        Ok(Tally { object, filters, count })
    }

    /// Open tasks.
    pub async fn tasks(&self, ctx: &Ctx, owner: Option<ActorId>) -> Result<Option<Tasks>> {
        if !self.may_figure(ctx, ACTIVITY, &["kind", "done", "due"]) {
            return Ok(None);
        }
        let today = today(ctx);
        let of = |more: Vec<WrittenFilter>| {
            let open = [eq("kind", "task"), eq("done", "no")];
            Scope { owner, opportunity: None }.filters("id").into_iter().chain(open).chain(more).collect::<Vec<_>>()
        };
        let week = today.saturating_add(7.days());
        let later = vec![filter("due", Compare::Gt, today), filter("due", Compare::Le, week)];
        Ok(Some(Tasks {
            late: self.tally(ctx, ACTIVITY, of(vec![filter("due", Compare::Lt, today)])).await?,
            today: self.tally(ctx, ACTIVITY, of(vec![eq("due", today)])).await?,
            week: self.tally(ctx, ACTIVITY, of(later)).await?,
        }))
    }

    /// Opportunities that are neither won nor lost and without activity for [`STALLED_DAYS`].
    pub async fn stalled(&self, ctx: &Ctx, owner: Option<ActorId>) -> Result<Option<Tally>> {
        if !self.may_figure(ctx, OPPORTUNITY, &["stage", "last_activity"]) {
            return Ok(None);
        }
        let mut filters = Scope { owner, opportunity: None }.filters("id");
        filters.push(filter("stage", Compare::In, OPEN.join(",")));
        let since = today(ctx).saturating_sub(STALLED_DAYS.days());
        filters.push(filter("last_activity", Compare::Lt, since));
        self.tally(ctx, OPPORTUNITY, filters).await.map(Some)
    }

    /// Opportunities by stage, lost ones apart: how many, and their amounts by currency.
    pub async fn pipeline(&self, ctx: &Ctx, owner: Option<ActorId>) -> Result<Option<Vec<InStage>>> {
        let amounts = self.may_figure(ctx, OPPORTUNITY, &["stage", "currency", "amount"]);
        if !amounts && !self.may_figure(ctx, OPPORTUNITY, &["stage"]) {
            return Ok(None);
        }
        let scope = Scope { owner, opportunity: None }.filters("id");
        let ask = FigureAsk {
            filters: scope.clone(),
            by: if amounts { vec![By::column("stage"), By::column("currency")] } else { vec![By::column("stage")] },
            sum: if amounts { super::forecast::fields(&["amount"])? } else { Vec::new() },
        };
        let groups = self.figures(ctx, OPPORTUNITY, &ask).await?;
        let in_stage = |stage: &&str| {
            let mine: Vec<&FigureGroup> = groups.iter().filter(|g| g.keys[0].text() == *stage).collect();
            let amounts = mine.iter().filter_map(|group| match (group.keys.get(1), group.sums.first()) {
                (Some(currency), Some(sum)) if *sum != 0 => Some((currency.text().to_owned(), *sum)),
                _ => None,
            });
            InStage {
                stage: (*stage).to_owned(),
                tally: Tally {
                    object: OPPORTUNITY,
                    filters: scope.iter().cloned().chain([eq("stage", stage)]).collect(),
                    count: mine.iter().map(|group| group.count).sum(),
                },
                amounts: amounts.collect(),
            }
        };
        Ok(Some(RUNNING.iter().map(in_stage).collect()))
    }

    /// What was decided in the last twelve months, by the day it was to be decided.
    pub async fn decided(&self, ctx: &Ctx, owner: Option<ActorId>) -> Result<Option<Decided>> {
        if !self.may_figure(ctx, OPPORTUNITY, &["stage", "expected_close"]) {
            return Ok(None);
        }
        let today = today(ctx);
        let of = |stages: &[&str]| {
            let mut filters = Scope { owner, opportunity: None }.filters("id");
            filters.push(filter("stage", Compare::In, stages.join(",")));
            filters.push(filter("expected_close", Compare::Ge, today.saturating_sub(12.months())));
            filters.push(filter("expected_close", Compare::Le, today));
            filters
        };
        Ok(Some(Decided {
            won: self.tally(ctx, OPPORTUNITY, of(&WON)).await?,
            lost: self.tally(ctx, OPPORTUNITY, of(&["lost"])).await?,
        }))
    }

    /// What was done in the last weeks, from Monday to Sunday.
    pub async fn activity(&self, ctx: &Ctx, owner: Option<ActorId>) -> Result<Option<Activity>> {
        if !self.may_figure(ctx, ACTIVITY, &["kind", "happened"]) {
            return Ok(None);
        }
        let today = today(ctx);
        let monday = today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
        let first = monday.saturating_sub((WEEKS - 1).weeks());
        let begin = |day: Date| day.to_zoned(jiff::tz::TimeZone::UTC).map_or(ctx.at, |zoned| zoned.timestamp());
        let (from, to) = (begin(first), begin(monday.saturating_add(1.weeks())));
        let mut filters = Scope { owner, opportunity: None }.filters("id");
        filters.push(filter("happened", Compare::Ge, from));
        filters.push(filter("happened", Compare::Lt, to));
        let span = By::Span { column: "happened".into(), from: kernel::micros(from), days: 7 };
        let ask = FigureAsk {
            filters: filters.clone(),
            by: vec![By::column("kind"), span, By::column("team")],
            sum: Vec::new(),
        };
        let groups = self.figures(ctx, ACTIVITY, &ask).await?;
        let catalog = self.catalog();
        let choices = catalog.object(ACTIVITY).and_then(|o| o.field("kind")).map(|f| f.kind.choices().to_vec());
        let weeks = usize::try_from(WEEKS).unwrap_or(0);
        let mut kinds: Vec<(String, Vec<u64>)> =
            choices.unwrap_or_default().into_iter().map(|choice| (choice.value, vec![0; weeks])).collect();
        let mut teams: Vec<(Option<TeamId>, u64)> = Vec::new();
        for group in &groups {
            let [kind, week, team] = group.keys.as_slice() else { continue };
            let at = week.number().and_then(|n| usize::try_from(n).ok());
            if let Some((_, counts)) = kinds.iter_mut().find(|(name, _)| name == kind.text())
                && let Some(count) = at.and_then(|at| counts.get_mut(at))
            {
                *count += group.count;
            }
            match teams.iter_mut().find(|(known, _)| *known == team.team()) {
                Some((_, count)) => *count += group.count,
                None => teams.push((team.team(), group.count)),
            }
        }
        kinds.retain(|(_, counts)| counts.iter().any(|n| *n > 0));
        teams.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let count = groups.iter().map(|group| group.count).sum();
        Ok(Some(Activity {
            weeks: (0..WEEKS).map(|n| first.saturating_add(n.weeks())).collect(),
            kinds,
            teams,
            all: Tally { object: ACTIVITY, filters, count },
        }))
    }

    /// An administrator's first week; nothing once every step was taken.
    pub async fn first_week(&self, ctx: &Ctx) -> Result<Vec<FirstStep>> {
        if !self.may_system(ctx, SystemAct::ManageUsers) {
            return Ok(Vec::new());
        }
        let accounts = self.store.accounts().await?.len();
        let catalog = self.catalog();
        let mut imported = false;
        for object in catalog.objects().filter(|object| object.name.as_str() == "contact") {
            imported = self.store.rows(object).await? > 0;
        }
        let verified = EntryFilter { act: Some(LedgerAct::Verified.word().into()), limit: 1, ..EntryFilter::default() };
        let steps = [
            ("users", accounts > 1),
            ("roles", !self.store.policies().await?.is_empty()),
            ("import", imported),
            ("verify", !self.store.entries(&verified).await?.is_empty()),
        ]
        .map(|(word, done)| FirstStep { word, done });
        Ok(if steps.iter().all(|step| step.done) { Vec::new() } else { steps.to_vec() })
    }

    /// What a privacy officer watches; looking at the ledger for it is an entry.
    pub async fn watch(&self, ctx: &Ctx) -> Result<Option<Watch>> {
        let officer = [SystemAct::ReadLedger, SystemAct::ReadBases].iter().all(|act| self.may_system(ctx, *act));
        if !officer {
            return Ok(None);
        }
        let since = kernel::timestamp(kernel::micros(ctx.at) - 7 * DAY);
        let found = self
            .entries(
                ctx,
                &EntryFilter {
                    act: Some(LedgerAct::Revealed.word().into()),
                    from: Some(since),
                    limit: 1_000,
                    ..EntryFilter::default()
                },
            )
            .await?;
        let mut reveals: Vec<(String, u64)> = Vec::new();
        // The reason that was given stands in an entry of its own beside the disclosure: it is not counted twice.
        for entry in found.iter().map(|found| &found.entry).filter(|entry| entry.why.as_deref() != Some("reason_given"))
        {
            let purpose = entry.purpose.as_ref().map(ToString::to_string).unwrap_or_default();
            match reveals.iter_mut().find(|(known, _)| *known == purpose) {
                Some((_, n)) => *n += 1,
                None => reveals.push((purpose, 1)),
            }
        }
        reveals.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        let until = kernel::timestamp(kernel::micros(ctx.at) + 30 * DAY);
        let ending = self.store.people_ending(ctx.at, until).await?;
        Ok(Some(Watch { reveals, since: Some(since), ending }))
    }

    /// The order of the first page's blocks as the actor arranged them; a leading `-` hides one.
    pub async fn home_order(&self, ctx: &Ctx) -> Result<Vec<String>> {
        let text = self.store.home_order(ctx.actor.id).await?.unwrap_or_default();
        Ok(text.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect())
    }

    /// Arranges them.
    pub async fn arrange_home(&self, ctx: &Ctx, order: &[String]) -> Result<()> {
        let mut batch = store::Batch::new("home.arranged");
        batch.push(store::Store::set_home_order(ctx.actor.id, &order.join(",")));
        Ok(self.store.write(batch).await?)
    }
}
