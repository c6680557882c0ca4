//! How a record changed, what is done about it and next, and what colleagues are told.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::{FollowUp, Past};
use kernel::RecordId;
use model::Object;
use seal::Shown;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Answer, body,
    records::{Named, plain},
};
use crate::{
    app::{App, Client},
    problem::Problem,
};

/// `GET /api/v1/{object}/{id}/history`
pub async fn history(State(app): State<App>, Client(ctx): Client, Named { object, id }: Named) -> Answer<Response> {
    let history = app.house.history(&ctx, &object.name, id).await?;
    let changes: Vec<Value> = history.changes.iter().map(|change| past(&history.object, change)).collect();
    Ok(Json(json!({ "changes": changes })).into_response())
}

fn past(object: &Object, change: &Past) -> Value {
    let side = |pick: fn(&(usize, Shown, Shown)) -> &Shown| {
        let mut clear = Map::new();
        let mut masked = Map::new();
        for field in &change.fields {
            let definition = &object.fields()[field.0];
            match pick(field) {
                Shown::Clear(value) => _ = clear.insert(definition.name.to_string(), plain(&definition.kind, value)),
                Shown::Masked(mask) => _ = masked.insert(definition.name.to_string(), mask.as_str().into()),
                Shown::Empty => {}
            }
        }
        json!({ "fields": clear, "masked": masked })
    };
    let names: Vec<&str> = change.fields.iter().map(|(at, ..)| object.fields()[*at].name.as_str()).collect();
    json!({
        "entry": change.entry, "at": change.at.to_string(), "actor": change.actor, "act": change.act.word(),
        "changed": names, "before": side(|field| &field.1), "after": side(|field| &field.2),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Logged {
    kind: String,
    text: String,
    #[serde(default)]
    next: String,
    #[serde(default)]
    next_on: String,
}

/// `POST /api/v1/{object}/{id}/follow-ups`
pub async fn create(
    State(app): State<App>,
    Client(ctx): Client,
    Named { object, id }: Named,
    headers: HeaderMap,
    bytes: Bytes,
) -> Answer<Response> {
    let Logged { kind, text, next, next_on } = body(&headers, &bytes)?;
    let done = app.house.follow_up(&ctx, &object.name, id, &FollowUp { kind, text, next, next_on }).await?;
    let answer = json!({ "activity": done.activity, "task": done.task, "told": done.told });
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// `GET /api/v1/notices`
pub async fn notices(State(app): State<App>, Client(ctx): Client) -> Answer<Response> {
    let told = app.house.notices(&ctx).await?.into_iter().map(|notice| {
        json!({
            "id": notice.id, "reason": notice.reason.word(), "object": notice.object.to_string(),
            "record": notice.record, "by": notice.by, "at": notice.at.to_string(),
        })
    });
    Ok(Json(json!({ "notices": told.collect::<Vec<_>>() })).into_response())
}

/// `DELETE /api/v1/notices/{id}`
pub async fn put_aside(State(app): State<App>, Client(ctx): Client, Path(id): Path<String>) -> Answer<StatusCode> {
    let id: RecordId = id.parse().map_err(|_| Problem::from(domain::Error::Unknown("notice".into())))?;
    app.house.put_aside(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
