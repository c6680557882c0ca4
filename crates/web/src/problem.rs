//! The one table from what went wrong to what a client is told (RFC 9457), and the one place it is logged.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{Error, FieldError};
use serde_json::{Value, json};

/// An error on its way to a program. Pages turn the same [`Told`] into HTML.
#[derive(Debug)]
pub struct Problem(pub Told);

/// What a client is told.
#[derive(Debug, Clone)]
pub struct Told {
    /// The status.
    pub status: StatusCode,
    /// A stable word: the last part of the problem's type, and a key of the locales.
    pub code: &'static str,
    /// One sentence, in English, that says what to do; never a value.
    pub detail: String,
    /// Errors by field.
    pub fields: Vec<FieldError>,
    /// The version now, of a record that somebody else changed.
    pub version: Option<i64>,
    /// How long to wait, in seconds.
    pub retry_after: Option<i64>,
}

impl Told {
    /// Something simple.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), fields: Vec::new(), version: None, retry_after: None }
    }
}

impl From<Error> for Told {
    fn from(error: Error) -> Self {
        let told = |status, code| Self::new(status, code, error.to_string());
        match &error {
            Error::NotFound(_) => told(StatusCode::NOT_FOUND, "not_found"),
            Error::Unknown(_) => told(StatusCode::NOT_FOUND, "not_found"),
            Error::Refused(seal::Error::PurposeRefused { .. }) | Error::NoPurpose(_) => {
                told(StatusCode::FORBIDDEN, "purpose_refused")
            }
            Error::Refused(_) => told(StatusCode::FORBIDDEN, "refused"),
            Error::NotForRole(_) => told(StatusCode::FORBIDDEN, "not_for_role"),
            Error::Invalid(fields) => {
                Self { fields: fields.clone(), ..told(StatusCode::UNPROCESSABLE_ENTITY, "invalid") }
            }
            Error::Conflict { version } => Self { version: Some(*version), ..told(StatusCode::CONFLICT, "conflict") },
            Error::Taken => told(StatusCode::CONFLICT, "taken"),
            Error::KeyReused => told(StatusCode::UNPROCESSABLE_ENTITY, "key_reused"),
            Error::SignedOut => told(StatusCode::UNAUTHORIZED, "signed_out"),
            Error::WrongPassword => told(StatusCode::UNAUTHORIZED, "wrong_password"),
            Error::Throttled { seconds } => {
                Self { retry_after: Some(*seconds), ..told(StatusCode::TOO_MANY_REQUESTS, "throttled") }
            }
            Error::Rules(_) => told(StatusCode::UNPROCESSABLE_ENTITY, "rules"),
            Error::LosesData(_) => told(StatusCode::CONFLICT, "loses_data"),
            Error::File(_) => told(StatusCode::UNPROCESSABLE_ENTITY, "file"),
            Error::Filling { .. } => Self { retry_after: Some(1), ..told(StatusCode::SERVICE_UNAVAILABLE, "filling") },
            Error::Ledger(ledger::Error::NoEntry { .. }) => told(StatusCode::NOT_FOUND, "not_found"),
            Error::Unavailable(_) => {
                tracing::error!(target: "custos::web", %error, "storage does not take part");
                Self { retry_after: Some(5), ..told(StatusCode::SERVICE_UNAVAILABLE, "unavailable") }
            }
            Error::Seal(seal::Error::Ledger(source)) => {
                tracing::error!(target: "custos::web", error = %source, "the ledger cannot be written");
                told(StatusCode::SERVICE_UNAVAILABLE, "ledger_down")
            }
            Error::Store(_) | Error::Seal(_) | Error::Ledger(_) | Error::Backup(_) | Error::Setup(_) => {
                tracing::error!(target: "custos::web", %error, "a request failed");
                Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal",
                    "something went wrong here; the operator's log has it under this request's id",
                )
            }
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(error.into())
    }
}

impl From<Told> for Problem {
    fn from(told: Told) -> Self {
        Self(told)
    }
}

impl Problem {
    /// A malformed request.
    pub fn bad(code: &'static str, detail: impl Into<String>) -> Self {
        Self(Told::new(StatusCode::BAD_REQUEST, code, detail))
    }

    /// The body, as `application/problem+json` has it.
    pub fn body(&self) -> Value {
        let told = &self.0;
        let mut body = json!({
            "type": format!("/problems/{}", told.code),
            "title": told.status.canonical_reason().unwrap_or("Error"),
            "status": told.status.as_u16(),
            "detail": told.detail,
        });
        if !told.fields.is_empty() {
            body["errors"] =
                told.fields.iter().map(|e| json!({ "field": e.field, "code": e.code, "detail": e.message })).collect();
        }
        if let Some(version) = told.version {
            body["version"] = version.into();
        }
        body
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.0.status, Json(self.body())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.0.retry_after
            && let Ok(value) = HeaderValue::try_from(seconds.to_string())
        {
            headers.insert(header::RETRY_AFTER, value);
        }
        if self.0.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
