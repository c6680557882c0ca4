//! Every route of the product, in one list. A route's file is its path.

use std::time::Instant;

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{MethodRouter, any, get},
};

use tower_http::{CompressionLevel, compression::CompressionLayer};

use crate::{api, app::App, health, pages, problem::Problem};

/// The largest body of a request, in bytes, but for uploads.
const MAX_BODY: usize = 1 << 20;

macro_rules! api {
    ($($path:literal { $($method:ident $handler:path),+ $(,)? })+) => {
        /// Every path of the API and the methods it takes.
        pub const API: &[(&str, &[&str])] = &[$(($path, &[$(stringify!($method)),+])),+];

        fn api() -> Router<App> {
            Router::new()
                $(.route($path, MethodRouter::new()$(.$method($handler))+))+
                .route("/api/{*rest}", any(api_missing))
                .method_not_allowed_fallback(api_method)
        }
    };
}

/// The paths of the API that strangers may read.
pub const OPEN_API: &[&str] = &["/api/v1/openapi.json"];

api! {
    "/api/v1/openapi.json" { get api::openapi::get }
    "/api/v1/me" { get api::me::get }
    "/api/v1/notices" { get api::followups::notices }
    "/api/v1/notices/{id}" { delete api::followups::put_aside }
    "/api/v1/ledger" { get api::ledger::list }
    "/api/v1/ledger/export" { get api::ledger::export }
    "/api/v1/ledger/checkpoint" { get api::ledger::checkpoint }
    "/api/v1/ledger/{seq}/proof" { get api::ledger::proof }
    "/api/v1/law/packs" { get api::law::packs }
    "/api/v1/law/packs/{pack}" { get api::law::pack }
    "/api/v1/law/{question}" { post api::law::ask }
    "/api/v1/people/{id}" { get api::people::get }
    "/api/v1/people/{id}/bases" { post api::people::add_basis }
    "/api/v1/people/{id}/bases/{basis}" { delete api::people::end_basis }
    "/api/v1/people/{id}/erasure" { post api::erasures::create }
    "/api/v1/forecast" { get api::figures::forecast }
    "/api/v1/opportunity/{id}/stages" { get api::figures::stages }
    "/api/v1/{object}/figures" { get api::figures::groups }
    "/api/v1/lead/{id}/conversion" {
        get api::conversions::plan, post api::conversions::create, delete api::conversions::delete
    }
    "/api/v1/lead/{id}/disqualification" { post api::conversions::disqualify, delete api::conversions::requalify }
    "/api/v1/{object}" { get api::records::list, post api::records::create }
    "/api/v1/{object}/{id}" { get api::records::get, patch api::records::change, delete api::records::delete }
    "/api/v1/{object}/{id}/reveal" { post api::records::reveal }
    "/api/v1/{object}/{id}/explanation" { get api::records::explain }
    "/api/v1/{object}/{id}/history" { get api::followups::history }
    "/api/v1/{object}/{id}/follow-ups" { post api::followups::create }
}

/// Every route.
pub fn router(app: App) -> Router {
    Router::new()
        .merge(api())
        .merge(pages::routes(&app))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .fallback(pages::missing)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn_with_state(app.clone(), observed))
        .layer(middleware::from_fn(guarded))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(is_page))
        .with_state(app)
}

async fn api_missing() -> Problem {
    domain::Error::Unknown("such address in this API; see /api/v1/openapi.json".into()).into()
}

async fn api_method() -> Problem {
    Problem(crate::problem::Told::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method",
        "this address does not take this method; see /api/v1/openapi.json",
    ))
}

/// Counts and times each answer, by route template.
async fn observed(State(app): State<App>, path: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = path.map_or_else(|| "none".to_owned(), |p| p.as_str().to_owned());
    let response = next.run(request).await;
    app.metrics.answered(method.as_str(), &route, response.status().as_u16(), started.elapsed());
    response
}

/// Whether an answer is a page or part of one. Compressing what others chose together with what is secret tells the secret
/// by its length (BREACH): pages hold no token, and cookies are `SameSite=Strict`, so that nobody else can ask for them.
fn is_page(_: StatusCode, _: axum::http::Version, headers: &axum::http::HeaderMap, _: &axum::http::Extensions) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    ["text/html", "text/css", "text/javascript", "image/svg"].iter().any(|page| media.starts_with(page))
}

/// Headers that hold for every answer, and the refusal of changes that another site sends on a user's behalf.
async fn guarded(request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    if !api && request.method() == Method::POST && foreign(&request) {
        return (StatusCode::FORBIDDEN, "this form was sent from another site and was refused").into_response();
    }
    let mut response = next.run(request).await;
    // A body that was too large or not text is refused by the framework in plain words; programs get their own form.
    if api
        && response.status().is_client_error()
        && response.headers().get(header::CONTENT_TYPE).is_none_or(|v| !v.as_bytes().ends_with(b"json"))
    {
        let status = response.status();
        let detail = match status {
            StatusCode::PAYLOAD_TOO_LARGE => "the body is larger than 1 MiB",
            _ => "the request could not be read",
        };
        response = Problem(crate::problem::Told::new(status, "request", detail)).into_response();
    }
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-security-policy", CSP),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()"),
        ("strict-transport-security", "max-age=31536000"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    // Nothing personal rests in a cache; assets say otherwise themselves.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// What a page may load: itself, and nothing inline.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                   form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Whether a browser says that another site sent this form. Cookies are `SameSite=Strict` besides.
fn foreign(request: &Request) -> bool {
    let text = |name: HeaderName| request.headers().get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(header::ORIGIN) else { return false };
    // HTTP/2 names the host in the address.
    let host = text(header::HOST).or_else(|| request.uri().authority().map(|authority| authority.as_str()));
    host.is_none() || origin.split("://").nth(1) != host
}
