//! Converting a lead, taking that back, and giving a lead up.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::{ConversionDraft, ConversionPlan, Converted, Fate};
use kernel::{PurposeName, RecordId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, body, etag, if_match, records::BasisBody};
use crate::{
    app::{App, Client},
    problem::Problem,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Conversion {
    contact: Option<RecordId>,
    company: Option<RecordId>,
    company_name: Option<String>,
    opportunity: Option<String>,
    #[serde(default)]
    purposes: Vec<PurposeName>,
    #[serde(default)]
    bases: Vec<BasisBody>,
}

/// `GET /api/v1/lead/{id}/conversion`
pub async fn plan(State(app): State<App>, Client(ctx): Client, Path(id): Path<String>) -> Answer<Json<Value>> {
    let plan = app.house.conversion_plan(&ctx, lead(&id)?, None).await?;
    Ok(Json(shown(&plan)))
}

/// `POST /api/v1/lead/{id}/conversion`
pub async fn create(
    State(app): State<App>,
    Client(ctx): Client,
    Path(id): Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Answer<Response> {
    let version = if_match(&headers)?;
    let sent: Conversion = body(&headers, &bytes)?;
    let draft = ConversionDraft {
        version,
        contact: sent.contact,
        company: sent.company,
        company_name: sent.company_name,
        opportunity: sent.opportunity,
        purposes: sent.purposes,
        bases: sent.bases.into_iter().map(Into::into).collect(),
    };
    let done = app.house.convert(&ctx, lead(&id)?, &draft).await?;
    Ok((StatusCode::CREATED, Json(converted(&done))).into_response())
}

/// `DELETE /api/v1/lead/{id}/conversion`
pub async fn delete(State(app): State<App>, Client(ctx): Client, Path(id): Path<String>) -> Answer<StatusCode> {
    app.house.take_conversion_back(&ctx, lead(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Disqualification {
    reason: String,
}

/// `POST /api/v1/lead/{id}/disqualification`
pub async fn disqualify(
    State(app): State<App>,
    Client(ctx): Client,
    Path(id): Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Answer<Response> {
    let version = if_match(&headers)?;
    let sent: Disqualification = body(&headers, &bytes)?;
    written(app.house.disqualify(&ctx, lead(&id)?, &sent.reason, version).await?)
}

/// `DELETE /api/v1/lead/{id}/disqualification`
pub async fn requalify(
    State(app): State<App>,
    Client(ctx): Client,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Answer<Response> {
    written(app.house.requalify(&ctx, lead(&id)?, if_match(&headers)?).await?)
}

fn written(done: domain::Written) -> Answer<Response> {
    let mut response = Json(json!({ "id": done.id, "version": done.version })).into_response();
    if let Ok(tag) = etag(done.version).parse() {
        response.headers_mut().insert(axum::http::header::ETAG, tag);
    }
    Ok(response)
}

fn lead(id: &str) -> Answer<RecordId> {
    id.parse().map_err(|_| Problem::from(domain::Error::Unknown("lead".into())))
}

fn converted(done: &Converted) -> Value {
    json!({
        "contact": done.contact, "company": done.company, "opportunity": done.opportunity, "undoable": done.undoable,
    })
}

fn shown(plan: &ConversionPlan) -> Value {
    let fate = |fate: &Fate| match fate {
        Fate::Carried(purposes) => json!({ "goes": true, "needed_for": purposes }),
        Fate::NotNeeded(purposes) => json!({ "goes": false, "why": "not_needed", "needed_for": purposes }),
        Fate::NoField => json!({ "goes": false, "why": "no_field" }),
        Fate::Masked => json!({ "goes": false, "why": "masked" }),
    };
    let fields: serde_json::Map<String, Value> =
        plan.fields.iter().map(|line| (line.field.to_string(), fate(&line.fate))).collect();
    let ids = |found: &[(RecordId, domain::Title)]| found.iter().map(|(id, _)| *id).collect::<Vec<_>>();
    json!({
        "version": plan.lead.rows.first().map(|row| row.version),
        "live_purposes": plan.live,
        "purposes": plan.chosen,
        "fields": fields,
        "contacts": ids(&plan.contacts),
        "companies": ids(&plan.companies),
        "conversion": plan.done.as_ref().map(converted),
        "entry": plan.lead.entry,
    })
}
