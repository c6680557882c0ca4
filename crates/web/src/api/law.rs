//! What privacy laws ask for: the same answers as `custos law`, under `/api/v1/law`.

use std::sync::OnceLock;

use axum::{
    Json,
    body::Bytes,
    extract::Path,
    http::{HeaderMap, StatusCode},
};
use law::{Ask, Library};
use serde_json::{Map, Value};

use super::{Answer, body};
use crate::{
    app::Client,
    problem::{Problem, Told},
};

/// The shipped packs, read at the first question; a test of `law` holds that they load.
pub(crate) fn library() -> Result<&'static Library, law::Error> {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    if let Some(library) = LIBRARY.get() {
        return Ok(library);
    }
    let loaded = Library::shipped()?;
    Ok(LIBRARY.get_or_init(|| loaded))
}

/// `GET /api/v1/law/packs`
pub async fn packs(_: Client) -> Answer<Json<Value>> {
    json(&library().map_err(problem)?.pack_lines())
}

/// `GET /api/v1/law/packs/{pack}`
pub async fn pack(_: Client, Path(pack): Path<String>) -> Answer<Json<Value>> {
    json(&library().and_then(|library| library.show(&pack, None)).map_err(problem)?)
}

/// `POST /api/v1/law/{question}`
pub async fn ask(_: Client, Path(question): Path<String>, headers: HeaderMap, bytes: Bytes) -> Answer<Json<Value>> {
    let sent: Value = body(&headers, &bytes)?;
    let asked = Value::Object(Map::from_iter([(question, sent)]));
    // The words of a wrong question name its own keys; nothing personal belongs into one.
    let asked: Ask = serde_json::from_value(asked).map_err(|e| {
        Problem(Told::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_question", format!("the question does not read: {e}")))
    })?;
    json(&library().and_then(|library| library.answer(&asked)).map_err(problem)?)
}

fn json<T: serde::Serialize>(answer: &T) -> Answer<Json<Value>> {
    serde_json::to_value(answer).map(Json).map_err(|_| {
        Problem(Told::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the answer could not be written"))
    })
}

pub(crate) fn problem(error: law::Error) -> Problem {
    let (status, code) = match &error {
        law::Error::UnknownPack { .. } => (StatusCode::NOT_FOUND, "not_found"),
        law::Error::Forbidden { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "question_forbidden"),
        _ => (StatusCode::UNPROCESSABLE_ENTITY, "bad_question"),
    };
    Problem(Told::new(status, code, error.to_string()))
}
