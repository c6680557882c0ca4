//! The API under `/api/v1`: one file a resource.

pub mod conversions;
pub mod erasures;
pub mod figures;
pub mod followups;
pub mod law;
pub mod ledger;
pub mod me;
pub mod openapi;
pub mod people;
pub mod records;

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
};
use serde::de::DeserializeOwned;

use crate::problem::{Problem, Told};

/// The answer of an API handler.
pub type Answer<T> = Result<T, Problem>;

/// Reads a JSON body; unknown keys, wrong shapes and broken text are told with their place.
pub(crate) fn body<T: DeserializeOwned>(headers: &HeaderMap, bytes: &Bytes) -> Answer<T> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !(kind == "application/json" || kind.ends_with("+json")) {
        return Err(Problem(Told::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media_type",
            "send the body as application/json",
        )));
    }
    serde_json::from_slice(bytes).map_err(|e| {
        // serde's own words may quote the value; only the place and the class are told.
        let what = match e.classify() {
            serde_json::error::Category::Data => "the body has not the expected shape",
            serde_json::error::Category::Syntax => "the body is not JSON",
            serde_json::error::Category::Eof => "the body ends too early",
            serde_json::error::Category::Io => "the body could not be read",
        };
        let hint = shape_hint(&e.to_string());
        Problem::bad("bad_json", format!("{what} (line {}, column {}){hint}", e.line(), e.column()))
    })
}

/// The part of serde's message that names our own keys.
fn shape_hint(message: &str) -> String {
    if let Some(rest) = message.strip_prefix("unknown field `") {
        let known = rest.split_once("expected ").map_or("", |(_, known)| known);
        let known = known.split(" at line ").next().unwrap_or_default();
        return format!(": there is a key it does not know; it knows {known}");
    }
    if let Some(rest) = message.strip_prefix("missing field `") {
        return format!(": the key `{}` is missing", rest.split('`').next().unwrap_or_default());
    }
    String::new()
}

/// The version in `If-Match: "7"`.
pub(crate) fn if_match(headers: &HeaderMap) -> Answer<i64> {
    let Some(value) = headers.get(header::IF_MATCH) else {
        return Err(Problem(Told::new(
            StatusCode::PRECONDITION_REQUIRED,
            "if_match_missing",
            "send If-Match with the ETag of the record as you read it, so that no change is lost",
        )));
    };
    value
        .to_str()
        .ok()
        .and_then(|v| v.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok())
        .ok_or_else(|| Problem::bad("if_match_form", "If-Match takes one ETag as this API gave it, like \"7\""))
}

/// The ETag of a version.
pub(crate) fn etag(version: i64) -> String {
    format!("\"{version}\"")
}
