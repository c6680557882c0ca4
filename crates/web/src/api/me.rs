//! Who the token is, and emergency access.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use super::Answer;
use crate::app::{App, Client};

/// `GET /api/v1/me`
pub async fn get(State(app): State<App>, Client(ctx): Client) -> Answer<Json<Value>> {
    let rules = app.house.rules();
    let objects: Vec<Value> = rules
        .catalog()
        .objects()
        .filter_map(|object| {
            let purposes = rules.policies().purposes_for(&ctx.actor, &object.name);
            (!purposes.is_empty()).then(|| json!({ "object": object.name, "purposes": purposes }))
        })
        .collect();
    Ok(Json(json!({
        "actor": ctx.actor.id,
        "kind": ctx.actor.kind.word(),
        "roles": ctx.actor.roles,
        "team": ctx.actor.team,
        "purpose": ctx.purpose,
        "objects": objects,
    })))
}
