//! The pages: each handler asks the domain, fills a view and draws it.

use axum::{Router, http::StatusCode, response::IntoResponse};

use crate::app::App;

/// Every page's route.
pub fn routes() -> Router<App> {
    Router::new()
}

/// Any address there is nothing at.
pub async fn missing() -> impl IntoResponse {
    StatusCode::NOT_FOUND
}
