//! A rendered page and the headers every page is sent with.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use maud::Markup;

/// What a page may load and do: its own style sheet, modules, pictures and forms; nothing inline, nothing foreign,
/// no frame around it.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The headers of every page, refusals included. `no-store` keeps personal data out of browser and proxy caches.
pub const SECURITY_HEADERS: [(HeaderName, HeaderValue); 8] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY)),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::VARY, HeaderValue::from_static("Cookie, HX-Request")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), browsing-topics=()"),
    ),
];

/// A rendered page, ready to be sent.
#[derive(Debug)]
pub struct Page {
    /// 200, or the status of a refusal.
    pub status: StatusCode,
    html: String,
}

impl Page {
    /// A page of finished HTML.
    pub fn new(status: StatusCode, html: Markup) -> Self {
        Self { status, html: html.into_string() }
    }

    /// The HTML.
    pub fn html(&self) -> &str {
        &self.html
    }

    /// The same page with another status: a form sent back with 422, say.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response =
            (self.status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], self.html).into_response();
        response.headers_mut().extend(SECURITY_HEADERS);
        response
    }
}
