//! For those who run the machine: alive, ready, counters. No personal data.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use seal::policy::SystemAct;

use crate::{
    api::Answer,
    app::{App, Client},
};

/// `GET /healthz`: the process runs.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers. Says how far the search index is; an index that is still filling is no reason
/// not to serve.
pub async fn readyz(State(app): State<App>) -> Response {
    match app.house.alive().await {
        Ok(()) => match app.house.index_progress() {
            Ok(()) => (StatusCode::OK, "ready\n".to_owned()).into_response(),
            Err((done, total)) => (StatusCode::OK, format!("ready; search index {done} of {total}\n")).into_response(),
        },
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n".to_owned()).into_response(),
    }
}

/// `GET /metrics`: Prometheus text, for a token whose role may see metrics.
pub async fn metrics(State(app): State<App>, Client(ctx): Client) -> Answer<Response> {
    app.house.allow(&ctx, SystemAct::SeeMetrics).await?;
    let (done, total) = app.house.index_progress().err().unwrap_or((1, 1));
    let text = app.metrics.text(&[
        ("index_records_done", done, "Records in the search index, while it fills; 1 of 1 once filled."),
        ("index_records_total", total, "Records the search index will hold."),
    ]);
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
