//! Language, theme, density, single keys: kept in cookies, drawn by the server.

use axum::{body::Bytes, http::header, response::Response};

use super::{
    Fault,
    address::{local, see_other, value},
    session,
    sheet::typed,
};

/// `POST /preferences`
pub async fn create(body: Bytes) -> Result<Response, Fault> {
    let sent = typed(&body)?;
    let mut response = see_other(value(&sent, "back").and_then(local).unwrap_or("/"));
    for (name, word) in &sent {
        if let Some(cookie) = session::kept(name, word) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    Ok(response)
}
