//! The blocks of the first page and how its reader arranges them. Figures are counted through the gate, each an entry;
//! each opens the list of what it counts, with the same filters.

use axum::{body::Bytes, response::IntoResponse};
use domain::{Compare, InStage, Scope, Tally, WrittenFilter};
use kernel::{ActorId, RoleName};
use seal::policy::SystemAct;

use super::{
    Answer, Desk, Fault,
    address::{address, see_other, value},
    deals,
    sheet::typed,
    words,
};
use crate::{
    Lang,
    ui::{self, Icon, Link, State},
    view::{Block, Body, Chart, Figure, FunnelRow, Point, Series, Switches, marks},
};

/// Every block, in the order of a page that nobody arranged.
const BLOCKS: [&str; 9] = ["steps", "people", "day", "watch", "stalled", "pipeline", "forecast", "decided", "activity"];

/// The blocks for this reader.
pub async fn all(desk: &Desk) -> Result<Vec<Block>, Fault> {
    let arranging = desk.asked("arrange").is_some();
    let order = arranged(&desk.house().home_order(&desk.ctx).await?);
    let mut blocks = Vec::new();
    for (name, hidden) in &order {
        if *hidden && !arranging {
            continue;
        }
        // A hidden block is not counted: nothing of it is shown.
        let made = if *hidden { empty(desk, name) } else { block(desk, name).await? };
        if let Some(mut block) = made {
            block.hidden = *hidden;
            if arranging {
                block.moves = moves(desk.lang(), name, *hidden);
            }
            blocks.push(block);
        }
    }
    Ok(blocks)
}

/// Whose figures, for those who lead others.
pub fn whose(desk: &Desk) -> Switches {
    let lang = desk.lang();
    if !leads(desk) {
        return Switches::default();
    }
    let team = owner(desk).is_none();
    let link = |key: &'static str, me: bool| {
        let me = me.then(|| ("whose", "me".to_owned()));
        Link::new(lang.t(key), address("/", me))
    };
    Switches {
        label: lang.t("whose").to_owned(),
        links: vec![(link("whose-team", false), team), (link("whose-me", true), !team)],
    }
}

/// `POST /home/order`
pub async fn order(desk: Desk, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let name = value(&sent, "block").unwrap_or_default();
    let mut order = arranged(&desk.house().home_order(&desk.ctx).await?);
    let Some(at) = order.iter().position(|(known, _)| *known == name) else { return Err(Fault::missing()) };
    match value(&sent, "move") {
        Some("up") if at > 0 => order.swap(at, at - 1),
        Some("down") if at + 1 < order.len() => order.swap(at, at + 1),
        Some("hide") => order[at].1 = true,
        Some("show") => order[at].1 = false,
        _ => {}
    }
    let kept: Vec<String> =
        order.iter().map(|(name, hidden)| if *hidden { format!("-{name}") } else { (*name).to_owned() }).collect();
    desk.house().arrange_home(&desk.ctx, &kept).await?;
    Ok(see_other("/?arrange=1").into_response())
}

/// The blocks in a reader's order; new ones come last.
fn arranged(kept: &[String]) -> Vec<(&'static str, bool)> {
    let known = |word: &String| {
        let name = word.strip_prefix('-').unwrap_or(word);
        BLOCKS.iter().find(|known| **known == name).map(|known| (*known, word.starts_with('-')))
    };
    let mut order: Vec<(&'static str, bool)> = kept.iter().filter_map(known).collect();
    for name in BLOCKS {
        if !order.iter().any(|(known, _)| *known == name) {
            order.push((name, false));
        }
    }
    order
}

fn moves(lang: Lang, name: &str, hidden: bool) -> Vec<ui::Act> {
    let act = |key: &'static str, word: &str| ui::Act {
        label: lang.t(key).to_owned(),
        action: "/home/order".into(),
        fields: vec![("block".into(), name.to_owned()), ("move".into(), word.to_owned())],
    };
    let hide = if hidden { act("block-show", "show") } else { act("block-hide", "hide") };
    vec![act("block-up", "up"), act("block-down", "down"), hide]
}

/// Whether the reader sees more than their own: whoever may import, or reaches teams below.
fn leads(desk: &Desk) -> bool {
    let manager = |role: &RoleName| role.as_str() == "sales_manager";
    desk.ctx.actor.subtree.len() > 1 || desk.ctx.actor.roles.iter().any(manager)
}

/// Whose records the figures are of: one's own, unless one leads and did not choose oneself.
fn owner(desk: &Desk) -> Option<ActorId> {
    (!leads(desk) || desk.asked("whose") == Some("me")).then_some(desk.ctx.actor.id)
}

/// The list of what a tally counts.
fn list(object: &str, filters: &[WrittenFilter]) -> String {
    let pair = |filter: &WrittenFilter| {
        let key = match filter.compare {
            Compare::Eq => filter.field.clone(),
            other => format!("{}.{}", filter.field, other.word()),
        };
        (key, filter.value.clone())
    };
    address(&format!("/{object}"), filters.iter().map(pair))
}

fn point(lang: Lang, tally: &Tally) -> Point {
    let n = i64::try_from(tally.count).unwrap_or(i64::MAX);
    Point { value: n, text: lang.number(n), href: Some(list(tally.object, &tally.filters)) }
}

fn head(desk: &Desk, name: &'static str) -> Option<(String, Icon)> {
    let (key, icon) = match name {
        "steps" => ("home-steps", Icon::CheckCircle),
        "people" => ("home-people", Icon::User),
        "day" => ("home-day", Icon::Calendar),
        "watch" => ("home-watch", Icon::Eye),
        "stalled" => ("home-stalled", Icon::Clock),
        "pipeline" => ("home-pipeline", Icon::GraphUp),
        "forecast" => ("forecast", Icon::GraphUp),
        "decided" => ("home-decided", Icon::Check),
        "activity" => ("home-activity", Icon::ChatLines),
        _ => return None,
    };
    Some((desk.lang().t(key).to_owned(), icon))
}

fn empty(desk: &Desk, name: &'static str) -> Option<Block> {
    let (label, icon) = head(desk, name)?;
    let body = Body::Figures(Vec::new());
    Some(Block { name, label, icon, body, note: None, moves: Vec::new(), hidden: true })
}

async fn block(desk: &Desk, name: &'static str) -> Result<Option<Block>, Fault> {
    let Some((label, icon)) = head(desk, name) else { return Ok(None) };
    let filled = match name {
        "steps" => steps(desk).await?,
        "people" => people(desk).await?,
        "day" => day(desk).await?,
        "watch" => watch(desk).await?,
        "stalled" => stalled(desk).await?,
        "pipeline" => pipeline(desk).await?,
        "forecast" => forecast(desk).await?,
        "decided" => decided(desk).await?,
        _ => activity(desk).await?,
    };
    Ok(filled.map(|(body, note)| Block { name, label, icon, body, note, moves: Vec::new(), hidden: false }))
}

type Filled = Result<Option<(Body, Option<String>)>, Fault>;

async fn day(desk: &Desk) -> Filled {
    let lang = desk.lang();
    // To do is what oneself has to do, whoever else one leads.
    let Some(tasks) = desk.house().tasks(&desk.ctx, Some(desk.ctx.actor.id)).await? else { return Ok(None) };
    let figure = |key: &'static str, tally: &Tally, state: State| Figure {
        label: lang.t(key).to_owned(),
        point: point(lang, tally),
        state: Some(state),
    };
    let calm = |tally: &Tally, state: State| if tally.count > 0 { state } else { State::Done };
    let figures = vec![
        figure("day-late", &tasks.late, calm(&tasks.late, State::Late)),
        figure("day-today", &tasks.today, calm(&tasks.today, State::Soon)),
        figure("day-week", &tasks.week, State::OnTime),
    ];
    Ok(Some((Body::Figures(figures), None)))
}

async fn stalled(desk: &Desk) -> Filled {
    let lang = desk.lang();
    let Some(tally) = desk.house().stalled(&desk.ctx, owner(desk)).await? else { return Ok(None) };
    let state = if tally.count > 0 { State::Soon } else { State::Done };
    let figure = Figure { label: lang.t("stalled-deals").to_owned(), point: point(lang, &tally), state: Some(state) };
    let note = lang.with("stalled-note", &[("n", domain::STALLED_DAYS.into())]);
    Ok(Some((Body::Figures(vec![figure]), Some(note))))
}

async fn pipeline(desk: &Desk) -> Filled {
    let lang = desk.lang();
    let Some(stages) = desk.house().pipeline(&desk.ctx, owner(desk)).await? else { return Ok(None) };
    let catalog = desk.house().catalog();
    let field = catalog.object(domain::OPPORTUNITY).and_then(|object| object.field("stage"));
    let label = |stage: &InStage| {
        let choice = field.and_then(|f| f.kind.choices().iter().find(|c| c.value == stage.stage));
        choice.map_or_else(|| stage.stage.clone(), |choice| desk.label(&choice.label).to_owned())
    };
    let row = |stage: &InStage| FunnelRow {
        label: label(stage),
        point: point(lang, &stage.tally),
        amounts: stage
            .amounts
            .iter()
            .map(|(currency, sum)| format!("{currency} {}", lang.short(sum / 1_000_000)))
            .collect(),
    };
    Ok(Some((Body::Funnel(stages.iter().map(row).collect()), None)))
}

async fn forecast(desk: &Desk) -> Filled {
    let lang = desk.lang();
    let house = desk.house();
    let fields = ["annual_units", "unit_price", "share", "probability"];
    if !house.may_figure(&desk.ctx, domain::LINE, &fields)
        || !house.may_figure(&desk.ctx, domain::OPPORTUNITY, &["probability"])
    {
        return Ok(None);
    }
    let scope = Scope { owner: owner(desk), opportunity: None };
    let forecast = house.forecast(&desk.ctx, scope, deals::QUARTERS).await?;
    let notes = deals::notes(lang, &forecast);
    let charts = deals::charts(lang, &forecast);
    let none = lang.t("forecast-empty").to_owned();
    Ok(Some((Body::Charts(charts, none), (!notes.is_empty()).then(|| notes.join(lang.gap())))))
}

async fn decided(desk: &Desk) -> Filled {
    let lang = desk.lang();
    let Some(decided) = desk.house().decided(&desk.ctx, owner(desk)).await? else { return Ok(None) };
    let rate = decided.rate();
    let text = rate.map_or_else(|| "–".to_owned(), |rate| format!("{rate} %"));
    let figure = |key: &'static str, point: Point| Figure { label: lang.t(key).to_owned(), point, state: None };
    let rate = Point { value: i64::try_from(rate.unwrap_or(0)).unwrap_or(0), text, href: None };
    let figures = vec![
        figure("decided-rate", rate),
        figure("decided-won", point(lang, &decided.won)),
        figure("decided-lost", point(lang, &decided.lost)),
    ];
    Ok(Some((Body::Figures(figures), Some(lang.t("decided-note").to_owned()))))
}

async fn activity(desk: &Desk) -> Filled {
    let lang = desk.lang();
    let Some(activity) = desk.house().activity(&desk.ctx, owner(desk)).await? else { return Ok(None) };
    let catalog = desk.house().catalog();
    let field = catalog.object(domain::ACTIVITY).and_then(|object| object.field("kind"));
    let label = |kind: &str| {
        let choice = field.and_then(|f| f.kind.choices().iter().find(|c| c.value == kind));
        choice.map_or_else(|| kind.to_owned(), |choice| desk.label(&choice.label).to_owned())
    };
    let series = activity.kinds.iter().map(|(kind, counts)| Series {
        name: label(kind),
        points: counts
            .iter()
            .map(|n| Point { value: i64::try_from(*n).unwrap_or(0), text: n.to_string(), href: None })
            .collect(),
    });
    let mut chart = Chart {
        says: lang.with("activity-says", &[("n", activity.all.count.into())]),
        over: lang.t("week-from").to_owned(),
        columns: activity.weeks.iter().map(|day| format!("{:02}-{:02}", day.month(), day.day())).collect(),
        series: series.collect(),
        marks: Vec::new(),
        beside: false,
    };
    chart.marks = marks(chart.most()).into_iter().map(|mark| (mark, lang.number(mark))).collect();
    let teams = activity.teams.iter().filter(|_| activity.teams.len() > 1).map(|(team, n)| {
        let name = team.and_then(|team| desk.house().team_name(team)).unwrap_or_else(|| "–".into());
        format!("{name} {n}")
    });
    let teams: Vec<String> = teams.collect();
    let note = (!teams.is_empty()).then(|| {
        let all = teams.join(lang.t("list-comma"));
        lang.with("activity-teams", &[("teams", all.into())])
    });
    let charts = if chart.series.is_empty() { Vec::new() } else { vec![(String::new(), chart)] };
    Ok(Some((Body::Charts(charts, lang.t("activity-empty").to_owned()), note)))
}

/// How many contacts each team has, for those who see no contact; small groups are withheld.
async fn people(desk: &Desk) -> Filled {
    let lang = desk.lang();
    let Some(teams) = desk.house().people_by_team(&desk.ctx).await? else { return Ok(None) };
    let row = |(team, n): &(Option<kernel::TeamId>, Option<u64>)| {
        let name = team.and_then(|team| desk.house().team_name(team)).unwrap_or_else(|| "–".to_owned());
        let value = n.and_then(|n| i64::try_from(n).ok()).unwrap_or(0);
        let text = n.map_or_else(|| lang.t("withheld").to_owned(), |_| lang.number(value));
        FunnelRow { label: name, point: Point { value, text, href: None }, amounts: Vec::new() }
    };
    let note = lang.with("people-note", &[("n", domain::FEWEST.into())]);
    Ok((!teams.is_empty()).then(|| (Body::Funnel(teams.iter().map(row).collect()), Some(note))))
}

async fn steps(desk: &Desk) -> Filled {
    let lang = desk.lang();
    let steps = desk.house().first_week(&desk.ctx).await?;
    if steps.is_empty() {
        return Ok(None);
    }
    let lines = steps.iter().map(|step| {
        let key = match step.word {
            "users" => "step-users",
            "roles" => "step-roles",
            "import" => "step-import",
            _ => "step-verify",
        };
        let reads = desk.house().may_system(&desk.ctx, SystemAct::ReadLedger);
        let href = if step.word == "verify" && reads { "/ledger" } else { "" };
        (step.done, Link::new(lang.t(key), href))
    });
    Ok(Some((Body::Steps(lines.collect()), Some(lang.t("steps-note").to_owned()))))
}

async fn watch(desk: &Desk) -> Filled {
    let lang = desk.lang();
    let Some(watch) = desk.house().watch(&desk.ctx).await? else { return Ok(None) };
    let catalog = desk.house().catalog();
    let since = watch.since.map(|since| super::desk::civil(since).date().to_string()).unwrap_or_default();
    let href = address("/ledger", [("act", "revealed"), ("from", since.as_str())]);
    let figure = |label: String, n: u64, href: Option<String>| {
        let value = i64::try_from(n).unwrap_or(i64::MAX);
        Figure { label, point: Point { value, text: lang.number(value), href }, state: None }
    };
    let total: u64 = watch.reveals.iter().map(|(_, n)| n).sum();
    let mut figures = vec![figure(lang.t("watch-reveals").to_owned(), total, Some(href))];
    figures.extend(watch.reveals.iter().map(|(purpose, n)| {
        let purpose = words::purpose(lang, &catalog, purpose);
        figure(lang.with("watch-for", &[("purpose", purpose.into())]), *n, None)
    }));
    figures.push(figure(lang.t("watch-ending").to_owned(), watch.ending, None));
    Ok(Some((Body::Figures(figures), Some(lang.t("watch-note").to_owned()))))
}
