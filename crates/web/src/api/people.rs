//! People and their bases.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use kernel::{BasisId, PersonId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, body, records::BasisBody};
use crate::{
    app::{App, Client},
    problem::Problem,
};

/// `GET /api/v1/people/{id}`
pub async fn get(State(app): State<App>, Client(ctx): Client, Path(id): Path<String>) -> Answer<Json<Value>> {
    let person = app.house.person(&ctx, parse(&id)?).await?;
    let bases: Vec<Value> = person
        .bases
        .iter()
        .map(|b| {
            json!({
                "id": b.id, "purpose": b.purpose, "law": b.law, "basis": b.basis,
                "since": b.since, "until": b.until, "ended_at": b.ended,
            })
        })
        .collect();
    Ok(Json(json!({
        "id": person.id,
        "live_purposes": person.live,
        "live_until": person.live_until,
        "restricted": person.restricted,
        "erased_at": person.erased,
        "gone_from_backups_by": person.gone_by,
        "bases": bases,
    })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Addition {
    #[serde(flatten)]
    basis: Flat,
    source: Option<String>,
}

/// `serde(flatten)` and `deny_unknown_fields` do not go together; the keys are few enough to name.
#[derive(Deserialize)]
struct Flat {
    purpose: String,
    law: String,
    basis: String,
    until: Option<jiff::Timestamp>,
    evidence: Option<String>,
}

/// `POST /api/v1/people/{id}/bases`
pub async fn add_basis(
    State(app): State<App>,
    Client(ctx): Client,
    Path(id): Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Answer<Response> {
    let sent: Addition = body(&headers, &bytes)?;
    let Flat { purpose, law, basis, until, evidence } = sent.basis;
    let draft = BasisBody { purpose, law, basis, until, evidence }.into();
    let made = app.house.add_basis(&ctx, parse(&id)?, &draft, sent.source.as_deref()).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": made }))).into_response())
}

/// `DELETE /api/v1/people/{id}/bases/{basis}`
pub async fn end_basis(
    State(app): State<App>,
    Client(ctx): Client,
    Path((id, basis)): Path<(String, String)>,
) -> Answer<StatusCode> {
    let basis: BasisId = basis.parse().map_err(|_| missing("basis"))?;
    app.house.end_basis(&ctx, parse(&id)?, basis).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) fn parse(id: &str) -> Answer<PersonId> {
    id.parse().map_err(|_| missing("person"))
}

fn missing(what: &str) -> Problem {
    domain::Error::Unknown(what.to_owned()).into()
}
