//! Figures: records counted and summed in groups, forecasts, and where an opportunity stood.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use domain::{By, FigureAsk, Key, Scope};
use kernel::{FieldName, RecordId};
use serde_json::{Value, json};

use super::{
    Answer,
    records::{list_ask, pairs},
};
use crate::{
    app::{App, Client},
    problem::Problem,
};

/// How many quarters a forecast has unless asked otherwise, and at most.
const QUARTERS: usize = 8;
const MOST: usize = 40;

/// `GET /api/v1/{object}/figures`
pub async fn groups(
    State(app): State<App>,
    Client(ctx): Client,
    Path(object): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer<Json<Value>> {
    let missing = || Problem::from(domain::Error::Unknown("object of this name".into()));
    let definition = app.house.catalog().object(&object).cloned().ok_or_else(missing)?;
    let (own, filters): (Vec<_>, Vec<_>) =
        pairs(query.as_deref())?.into_iter().partition(|(key, _)| matches!(key.as_str(), "by" | "sum"));
    let mut ask = FigureAsk { filters: list_ask(&definition, &filters)?.filters, ..FigureAsk::default() };
    for (key, value) in &own {
        for name in value.split(',').filter(|name| !name.is_empty()) {
            match key.as_str() {
                "by" => ask.by.push(By::column(name)),
                _ => ask.sum.push(FieldName::new(name).map_err(|_| missing())?),
            }
        }
    }
    let groups = app.house.figures(&ctx, &object, &ask).await?;
    let id = |id: [u8; 16]| json!(RecordId::from_bytes(id));
    let key = |key: &Key| match key {
        Key::None => Value::Null,
        Key::Text(text) => json!(text),
        Key::Number(n) => json!(n),
        Key::Id(bytes) => id(*bytes),
    };
    let rows: Vec<Value> = groups
        .iter()
        .map(|group| {
            json!({
                "keys": group.keys.iter().map(key).collect::<Vec<_>>(),
                "count": group.count,
                "sums": group.sums.iter().map(|sum| exact(*sum)).collect::<Vec<_>>(),
            })
        })
        .collect();
    Ok(Json(json!({ "groups": rows })))
}

/// `GET /api/v1/forecast`
pub async fn forecast(State(app): State<App>, Client(ctx): Client, RawQuery(query): RawQuery) -> Answer<Json<Value>> {
    let mut scope = Scope::default();
    let mut quarters = QUARTERS;
    let wrong = |key: &str| {
        Problem::from(domain::Error::field(key, "form", "owner and opportunity take ids, quarters 1 to 40"))
    };
    for (key, value) in pairs(query.as_deref())? {
        match key.as_str() {
            "owner" => scope.owner = Some(value.parse().map_err(|_| wrong("owner"))?),
            "opportunity" => scope.opportunity = Some(value.parse().map_err(|_| wrong("opportunity"))?),
            "quarters" => {
                quarters = value.parse().ok().filter(|n| (1..=MOST).contains(n)).ok_or_else(|| wrong("quarters"))?;
            }
            _ => return Err(wrong("query")),
        }
    }
    let forecast = app.house.forecast(&ctx, scope, quarters).await?;
    let currencies: serde_json::Map<String, Value> = forecast
        .currencies
        .iter()
        .map(|(currency, sums)| {
            let sums: Vec<Value> = sums
                .iter()
                .map(|(whole, weighted)| json!({ "whole": exact(*whole), "weighted": exact(*weighted) }))
                .collect();
            (currency.clone(), json!(sums))
        })
        .collect();
    Ok(Json(json!({
        "quarters": forecast.quarters.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "currencies": currencies,
        "counted": forecast.counted,
        "without_start": forecast.without_start,
        "without_probability": forecast.without_probability,
    })))
}

/// `GET /api/v1/opportunity/{id}/stages`
pub async fn stages(State(app): State<App>, Client(ctx): Client, Path(id): Path<String>) -> Answer<Json<Value>> {
    let id: RecordId = id.parse().map_err(|_| Problem::from(domain::Error::Unknown("opportunity".into())))?;
    let stays = app.house.stages(&ctx, id).await?;
    let stays: Vec<Value> = stays
        .iter()
        .map(|stay| {
            json!({
                "stage": stay.stage, "since": stay.since, "until": stay.until, "days": stay.days(ctx.at),
                "actor": stay.actor,
            })
        })
        .collect();
    Ok(Json(json!({ "stages": stays })))
}

/// A number of millionths as exact decimal text.
fn exact(millionths: i64) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let (whole, part) = (millionths.unsigned_abs() / 1_000_000, millionths.unsigned_abs() % 1_000_000);
    let text = format!("{sign}{whole}.{part:06}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
