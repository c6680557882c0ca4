//! The ledger: search, checkpoint, proofs.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::header,
    response::{IntoResponse, Response},
};
use domain::{Inquiry, Proven, Sequenced};
use serde_json::{Value, json};

use super::{Answer, records::pairs};
use crate::{
    app::{App, Client},
    problem::Problem,
};

/// `GET /api/v1/ledger`
pub async fn list(State(app): State<App>, Client(ctx): Client, RawQuery(query): RawQuery) -> Answer<Json<Value>> {
    let found = app.house.inquire(&ctx, &inquiry(&pairs(query.as_deref())?)?).await?;
    let entries = found.entries.iter().map(told).collect::<Answer<Vec<_>>>()?;
    Ok(Json(json!({ "entries": entries, "next": found.next })))
}

/// An entry with its position.
fn told(one: &Sequenced) -> Answer<Value> {
    let line = one.entry.to_line().map_err(domain::Error::from)?;
    let mut entry: Value = serde_json::from_slice(&line).unwrap_or(Value::Null);
    entry["seq"] = one.seq.into();
    Ok(entry)
}

/// What a query of the ledger asks for.
pub fn inquiry(pairs: &[(String, String)]) -> Answer<Inquiry> {
    let mut inquiry = Inquiry::default();
    inquiry.filter.limit = 50;
    for (key, value) in pairs {
        let invalid = |wrong| Problem::from(domain::Error::Invalid(vec![wrong]));
        match key.as_str() {
            "q" => inquiry.read(value).map_err(invalid)?,
            "cursor" => {
                let bad = || domain::Error::field("cursor", "form", "what the page before gave as `next`");
                inquiry.filter.before = Some(value.parse().map_err(|_| bad())?);
            }
            "limit" => inquiry.filter.limit = domain::page_size(Some(value))?,
            "act" if value.starts_with('-') => inquiry.add("act", &value[1..], true).map_err(invalid)?,
            key => inquiry.add(key, value, false).map_err(invalid)?,
        }
    }
    Ok(inquiry)
}

/// `GET /api/v1/ledger/export`
pub async fn export(State(app): State<App>, Client(ctx): Client, RawQuery(query): RawQuery) -> Answer<Json<Value>> {
    let inquiry = inquiry(&pairs(query.as_deref())?)?;
    Ok(Json(file(&app, &app.house.export_inquiry(&ctx, &inquiry).await?)?))
}

/// Entries with their proofs as a file that `custos ledger check` verifies, and others by the published forms.
pub fn file(app: &App, proven: &[Proven]) -> Answer<Value> {
    let entries = proven.iter().map(|one| {
        let mut entry = told(&one.one)?;
        entry["proof"] = one.proof.to_string().into();
        Ok(entry)
    });
    Ok(json!({
        "form": "custos.example/ledger-entries@v1",
        "key": app.house.ledger_key()?,
        "checkpoint": proven.first().map(|one| &one.proof.checkpoint),
        "entries": entries.collect::<Answer<Vec<_>>>()?,
    }))
}

/// `GET /api/v1/ledger/checkpoint`
pub async fn checkpoint(State(app): State<App>, Client(ctx): Client) -> Answer<Response> {
    let (_, checkpoint) = app.house.ledger_head(&ctx).await?;
    let text = checkpoint.ok_or_else(|| Problem::from(domain::Error::Unknown("checkpoint yet".into())))?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

/// `GET /api/v1/ledger/{seq}/proof`
pub async fn proof(State(app): State<App>, Client(ctx): Client, Path(seq): Path<String>) -> Answer<Response> {
    let seq = seq.parse().map_err(|_| Problem::from(domain::Error::Unknown("entry".into())))?;
    let proof = app.house.prove(&ctx, seq).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], proof.to_string()).into_response())
}
