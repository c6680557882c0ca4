//! Style sheet, modules and mark.

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};

use super::Fault;
use crate::ui::assets;

/// `GET /assets/{file}`
pub async fn show(Path(file): Path<String>) -> Result<Response, Fault> {
    let asset = assets::find(&file).ok_or_else(Fault::missing)?;
    let headers = [(header::CONTENT_TYPE, asset.media), (header::CACHE_CONTROL, assets::CACHE_CONTROL)];
    Ok((headers, asset.body).into_response())
}
