//! Erasing a person.

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Value, json};

use super::{Answer, people};
use crate::app::{App, Client};

/// `POST /api/v1/people/{id}/erasure`
pub async fn create(State(app): State<App>, Client(ctx): Client, Path(id): Path<String>) -> Answer<Json<Value>> {
    let erased = app.house.erase(&ctx, people::parse(&id)?).await?;
    Ok(Json(json!({
        "person": erased.person, "records": erased.records, "epoch": erased.epoch,
        "gone_from_backups_by": erased.gone_by,
    })))
}
