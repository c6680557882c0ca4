//! The ledger: search, checkpoint, proofs.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::header,
    response::{IntoResponse, Response},
};
use domain::EntryFilter;
use serde_json::{Value, json};

use super::{Answer, records::pairs};
use crate::{
    app::{App, Client},
    problem::Problem,
};

/// `GET /api/v1/ledger`
pub async fn list(State(app): State<App>, Client(ctx): Client, RawQuery(query): RawQuery) -> Answer<Json<Value>> {
    let filter = filter(&pairs(query.as_deref())?)?;
    let found = app.house.entries(&ctx, &filter).await?;
    let next = if found.len() as u64 == filter.limit { found.last().map(|e| e.seq) } else { None };
    let mut entries = Vec::with_capacity(found.len());
    for one in &found {
        let line = one.entry.to_line().map_err(domain::Error::from)?;
        let mut entry: Value = serde_json::from_slice(&line).unwrap_or(Value::Null);
        entry["seq"] = one.seq.into();
        entries.push(entry);
    }
    Ok(Json(json!({ "entries": entries, "next": next })))
}

/// What a query of the ledger asks for.
pub fn filter(pairs: &[(String, String)]) -> Answer<EntryFilter> {
    let mut filter = EntryFilter { limit: 50, ..EntryFilter::default() };
    for (key, value) in pairs {
        let bad = |what: &str| Problem::from(domain::Error::field(key.as_str(), "form", what));
        match key.as_str() {
            "actor" => filter.actor = Some(value.parse().map_err(|_| bad("an actor's id"))?),
            "record" => filter.record = Some(value.parse().map_err(|_| bad("a record's or person's id"))?),
            "act" => match value.strip_prefix('-') {
                Some(act) => filter.not_act = Some(known_act(act).ok_or_else(|| bad("an act, like viewed"))?),
                None => filter.act = Some(known_act(value).ok_or_else(|| bad("an act, like viewed"))?),
            },
            "object" => filter.object = Some(value.clone()),
            "from" => filter.from = Some(value.parse().map_err(|_| bad("a time like 2026-11-23T14:08:00Z"))?),
            "to" => filter.to = Some(value.parse().map_err(|_| bad("a time like 2026-11-23T14:08:00Z"))?),
            "cursor" => filter.before = Some(value.parse().map_err(|_| bad("what the page before gave as `next`"))?),
            "limit" => filter.limit = domain::page_size(Some(value))?,
            _ => {
                return Err(bad("is not one of actor, record, act, object, from, to, cursor, limit"));
            }
        }
    }
    Ok(filter)
}

fn known_act(word: &str) -> Option<String> {
    ledger::Act::parse(word).map(|act| act.word().to_owned())
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
