//! An opportunity as a design: its stages, its part lines, what they come to.

use axum::{body::Bytes, extract::Path, response::IntoResponse};
use domain::{
    Compare, Error, FieldError, Forecast, LINE, Line, ListAsk, Look, OPPORTUNITY, Scope, Stay, WrittenFilter,
    stage_needs,
};
use kernel::{FieldName, RecordId};
use model::{Field, Kind, Object, Value};
use seal::{Disclosed, DisclosedRow, Shown, policy::Act};

use super::{
    Answer, Desk, Fault,
    address::{Pairs, address, see_other, value},
    cells::{self, Names},
    records::record_id,
    sheet::typed,
    words,
};
use crate::{
    Lang,
    ui::{Cell, Link},
    view::{Chart, Choice, Deal, FormField, Input, LineRow, Moving, Point, Series, StageStep, Trouble, deal, marks},
};

/// How many quarters a forecast shows.
pub const QUARTERS: usize = 8;

/// The acts on an opportunity beside those on any record, for its page.
pub fn acts(desk: &Desk, object: &Object, row: &DisclosedRow) -> Vec<Link> {
    if object.name.as_str() != OPPORTUNITY {
        return Vec::new();
    }
    vec![Link::new(desk.lang().t("deal-offer"), path(desk, row.id, "/design"))]
}

/// `GET /opportunity/{id}/design`
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let id = record_id(&*desk.object(OPPORTUNITY)?, &id)?;
    let (shell, view) = filled(&desk, id, &Pairs::new(), &[]).await?;
    Ok(deal(&shell, &view).into_response())
}

/// `POST /opportunity/{id}/stage`
pub async fn stage(desk: Desk, Path(id): Path<String>, body: Bytes) -> Answer {
    let object = desk.object(OPPORTUNITY)?;
    let id = record_id(&object, &id)?;
    let sent = typed(&body)?;
    let version = value(&sent, "version").and_then(|v| v.parse().ok()).unwrap_or(0);
    let stage = value(&sent, "stage").unwrap_or_default();
    let with: Vec<(FieldName, String)> = stage_needs(stage)
        .iter()
        .filter_map(|name| Some((FieldName::new(name).ok()?, value(&sent, name)?.to_owned())))
        .collect();
    match desk.house().move_stage(&desk.ctx, id, version, stage, &with).await {
        Ok(_) => {
            let done = desk.purpose_pair().into_iter().chain([("done", "changed".to_owned())]);
            Ok(see_other(&address(&format!("/{OPPORTUNITY}/{id}/design"), done)))
        }
        Err(Error::Invalid(wrong)) => {
            let (shell, view) = filled(&desk, id, &sent, &wrong).await?;
            Ok(deal(&shell, &view).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn path(desk: &Desk, id: RecordId, tail: &str) -> String {
    address(&format!("/{OPPORTUNITY}/{id}{tail}"), desk.purpose_pair())
}

async fn filled(
    desk: &Desk,
    id: RecordId,
    sent: &Pairs,
    wrong: &[FieldError],
) -> Result<(crate::ui::Shell, Deal), Fault> {
    let lang = desk.lang();
    let house = desk.house();
    let page = house.get(&desk.ctx, OPPORTUNITY, id, &Look::default()).await?;
    let row = page.rows.first().ok_or_else(Fault::missing)?;
    let object = &page.object;
    let now = match page.value(row, "stage") {
        Shown::Clear(Value::Text(stage)) => stage.clone(),
        _ => String::new(),
    };
    let stays = house.stages(&desk.ctx, id).await?;
    let may_edit = house.may_here(&desk.ctx, OPPORTUNITY, id, Act::Edit).await?;
    let mut view = Deal {
        back: Link::new(desk.label(&object.label), path(desk, id, "")),
        title: cells::row_title(&page, row),
        path: steps(desk, object, &stays, &now),
        moving: may_edit.then(|| moving(desk, &page, row, &now, sent, wrong)),
        lines: Vec::new(),
        totals: Vec::new(),
        add: None,
        charts: Vec::new(),
        notes: Vec::new(),
        troubles: wrong.iter().map(|error| trouble(desk, object, error)).collect(),
    };
    let lines = domain::Ctx { purpose: None, ..desk.ctx.clone() };
    if house.may(&lines, LINE, Act::View) {
        view.add = house.may(&lines, LINE, Act::Create).then(|| {
            Link::new(lang.t("deal-add"), address(&format!("/{LINE}/new"), [("opportunity", id.to_string())]))
        });
        add_lines(desk, &lines, id, &mut view).await?;
        if house.may_figure(&lines, LINE, &["annual_units", "unit_price"]) {
            let forecast = house.forecast(&lines, Scope { opportunity: Some(id), owner: None }, QUARTERS).await?;
            view.charts = charts(lang, &forecast);
            view.notes = notes(lang, &forecast);
        }
    }
    let mut shell = desk.recorded(page.entry);
    if !wrong.is_empty() {
        shell.here = path(desk, id, "/design");
    }
    Ok((shell, view))
}

/// The stages in their order, with the days spent in each.
fn steps(desk: &Desk, object: &Object, stays: &[Stay], now: &str) -> Vec<StageStep> {
    let lang = desk.lang();
    let choices = object.field("stage").map(|field| field.kind.choices().to_vec()).unwrap_or_default();
    let visited = |stage: &str| stays.iter().filter(|stay| stay.stage == stage).collect::<Vec<_>>();
    choices
        .iter()
        .filter(|choice| choice.value == now || choice.value != "lost" || !visited("lost").is_empty())
        .map(|choice| {
            let stays = visited(&choice.value);
            let days: i64 = stays.iter().map(|stay| stay.days(desk.ctx.at)).sum();
            StageStep {
                label: desk.label(&choice.label).to_owned(),
                days: match stays.is_empty() {
                    true => String::new(),
                    false => lang.with("deal-days", &[("n", days.into())]),
                },
                current: choice.value == now,
            }
        })
        .collect()
}

fn moving(desk: &Desk, page: &Disclosed, row: &DisclosedRow, now: &str, sent: &Pairs, wrong: &[FieldError]) -> Moving {
    let object = &page.object;
    let wanted = value(sent, "stage").unwrap_or(now);
    let choices = object.field("stage").map(|field| field.kind.choices().to_vec()).unwrap_or_default();
    let needed =
        |error: &FieldError| error.code == "stage_needs" || stage_needs(wanted).contains(&error.field.as_str());
    let needs = wrong.iter().filter(|error| needed(error)).filter_map(|error| object.field(&error.field));
    Moving {
        action: path(desk, row.id, "/stage"),
        version: value(sent, "version").map_or_else(|| row.version.to_string(), str::to_owned),
        stages: choices
            .iter()
            .map(|choice| Choice {
                value: choice.value.clone(),
                label: desk.label(&choice.label).to_owned(),
                chosen: choice.value == wanted,
            })
            .collect(),
        needs: needs.map(|field| need(desk, field, value(sent, &field.name).unwrap_or_default())).collect(),
    }
}

/// The box of something that a stage needs.
fn need(desk: &Desk, field: &Field, text: &str) -> FormField {
    let input = match &field.kind {
        Kind::Choice(choices) => Input::One(
            choices
                .iter()
                .map(|c| Choice {
                    value: c.value.clone(),
                    label: desk.label(&c.label).to_owned(),
                    chosen: c.value == text,
                })
                .collect(),
        ),
        Kind::Date => Input::Date(text.to_owned()),
        _ => Input::Line { kind: "text", value: text.to_owned(), max: Some(160) },
    };
    FormField {
        name: field.name.to_string(),
        label: desk.label(&field.label).to_owned(),
        required: true,
        input,
        error: Some(desk.lang().t("invalid-stage-needs").to_owned()),
        ..FormField::default()
    }
}

fn trouble(desk: &Desk, object: &Object, error: &FieldError) -> Trouble {
    let lang = desk.lang();
    let cure = words::cure(lang, &desk.house().catalog(), object, error, None);
    let label = words::field_label(lang, object, &error.field);
    let text = label.map_or_else(
        || cure.clone(),
        |label| lang.with("trouble", &[("field", label.into()), ("cure", cure.as_str().into())]),
    );
    Trouble { field: Some(error.field.clone()), text }
}

async fn add_lines(desk: &Desk, ctx: &domain::Ctx, id: RecordId, view: &mut Deal) -> Result<(), Fault> {
    let lang = desk.lang();
    let catalog = desk.house().catalog();
    let Some(object) = catalog.object(LINE) else { return Ok(()) };
    let filter = WrittenFilter { field: OPPORTUNITY.into(), compare: Compare::Eq, value: id.to_string() };
    let every: Vec<FieldName> =
        ["mpn", "annual_units", "share", "unit_price", "currency", "sop_date", "years", "probability"]
            .iter()
            .filter_map(|name| FieldName::new(name).ok())
            .filter(|name| desk.house().may_use(ctx, LINE, name))
            .collect();
    let ask = ListAsk { filters: vec![filter], fields: Some(every), limit: 200, ..ListAsk::default() };
    let listed = desk.house().list(ctx, LINE, &ask).await?.page;
    let mut totals: Vec<(String, i64)> = Vec::new();
    for row in &listed.rows {
        let number = |name: &str| match listed.value(row, name) {
            Shown::Clear(Value::Number(n)) => Some(*n),
            _ => None,
        };
        let currency = match listed.value(row, "currency") {
            Shown::Clear(Value::Text(code)) => code.clone(),
            _ => String::new(),
        };
        let yearly = number("annual_units").zip(number("unit_price")).map(|(units, price)| {
            let share = number("share").unwrap_or(100_000_000);
            let line = Line {
                annual_units: units,
                unit_price: price,
                share,
                probability: None,
                start: None,
                years: None,
                ramp: 1,
                currency: currency.clone(),
            };
            line.yearly()
        });
        if let Some(yearly) = yearly {
            match totals.iter_mut().find(|(known, _)| *known == currency) {
                Some((_, sum)) => *sum = sum.saturating_add(yearly),
                None => totals.push((currency.clone(), yearly)),
            }
        }
        let cell = |name: &str| match object.field(name) {
            Some(field) => cells::cell(lang, &listed, row, field, &Names::new()),
            None => Cell::empty(),
        };
        let year = yearly.map_or_else(Cell::empty, |sum| Cell::clear(lang.money(&currency, sum, 2)));
        view.lines.push(LineRow {
            part: cell("mpn").to(format!("/{LINE}/{}", row.id)),
            cells: vec![
                cell("annual_units"),
                cell("share"),
                cell("unit_price"),
                year,
                cell("sop_date"),
                cell("years"),
                cell("probability"),
            ],
        });
    }
    view.totals = totals.iter().map(|(currency, sum)| lang.money(currency, *sum, 2)).collect();
    Ok(())
}

/// A chart for each currency: the whole and the weighted worth of each quarter.
pub fn charts(lang: Lang, forecast: &Forecast) -> Vec<(String, Chart)> {
    let chart = |(currency, sums): (&String, &Vec<(i64, i64)>)| {
        let series = |key: &'static str, of: fn(&(i64, i64)) -> i64| Series {
            name: lang.t(key).to_owned(),
            points: sums
                .iter()
                .map(of)
                .map(|value| Point { value, text: lang.money(currency, value, 2), href: None })
                .collect(),
        };
        let mut chart = Chart {
            says: lang.with("forecast-says", &[("currency", currency.as_str().into())]),
            over: lang.t("quarter").to_owned(),
            columns: forecast.quarters.iter().map(ToString::to_string).collect(),
            series: vec![series("forecast-whole", |sum| sum.0), series("forecast-weighted", |sum| sum.1)],
            marks: Vec::new(),
            beside: true,
        };
        let whole = |value: i64| lang.short(value / 1_000_000);
        chart.marks = marks(chart.most() / 1_000_000)
            .into_iter()
            .map(|mark| (mark * 1_000_000, whole(mark * 1_000_000)))
            .collect();
        (currency.clone(), chart)
    };
    forecast.currencies.iter().filter(|(_, sums)| sums.iter().any(|sum| sum.0 > 0)).map(chart).collect()
}

/// What a forecast leaves out, and why.
pub fn notes(lang: Lang, forecast: &Forecast) -> Vec<String> {
    [("forecast-no-start", forecast.without_start), ("forecast-no-probability", forecast.without_probability)]
        .into_iter()
        .filter(|(_, n)| *n > 0)
        .map(|(key, n)| lang.with(key, &[("n", n.into())]))
        .collect()
}
