//! Records of every object: list, get, create, change, delete, reveal, explain.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequestParts, Path, RawQuery, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use domain::{BUILT_IN, BasisDraft, Compare, Draft, Edit, FieldError, ListAsk, Look, WrittenFilter, page_size};
use jiff::Timestamp;
use kernel::{ActorId, FieldName, PersonId, RecordId, TeamId};
use model::Object;
use seal::{Disclosed, DisclosedRow, Shown};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Answer, body, etag, if_match};
use crate::{
    app::{App, Client},
    problem::{Problem, Told},
};

/// Keys of a list's query that are not fields.
const RESERVED: &[&str] = &["sort", "fields", "limit", "cursor", "q", "purpose", "count"];

/// `GET /api/v1/{object}`
pub async fn list(
    State(app): State<App>,
    Client(ctx): Client,
    Path(object): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer<Response> {
    let pairs = pairs(query.as_deref())?;
    let definition = app.house.catalog().object(&object).cloned().ok_or_else(|| unknown(&object))?;
    let ask = list_ask(&definition, &pairs)?;
    let listed = app.house.list(&ctx, &object, &ask).await?;
    let rows: Vec<Value> = listed.page.rows.iter().map(|row| record(&listed.page, row)).collect();
    let mut answer = json!({
        "records": rows,
        "next": listed.next,
        "purpose": listed.purpose,
        "entry": listed.page.entry,
    });
    if let Some((n, more)) = listed.count {
        answer["count"] = n.into();
        answer["more_than_counted"] = more.into();
    }
    if let Some((done, total)) = listed.filling {
        answer["index_filling"] = json!({ "done": done, "total": total });
    }
    Ok(Json(answer).into_response())
}

/// `GET /api/v1/{object}/{id}`
pub async fn get(
    State(app): State<App>,
    Client(ctx): Client,
    Named { object, id }: Named,
    RawQuery(query): RawQuery,
) -> Answer<Response> {
    let pairs = pairs(query.as_deref())?;
    let mut look = Look::default();
    for (name, value) in &pairs {
        match name.as_str() {
            "fields" => look.fields = Some(fields(&object, value)?),
            "purpose" => look.purpose = Some(purpose(&object, value)?),
            _ => return Err(unknown_key(name, &["fields", "purpose"])),
        }
    }
    let page = app.house.get(&ctx, &object.name, id, &look).await?;
    one(StatusCode::OK, &page)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Creation {
    #[serde(default)]
    fields: BTreeMap<String, Value>,
    source: Option<String>,
    #[serde(default)]
    bases: Vec<BasisBody>,
    person: Option<PersonId>,
    owner: Option<ActorId>,
    team: Option<TeamId>,
}

/// A basis as programs state it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BasisBody {
    /// The purpose.
    pub purpose: String,
    /// Under which law.
    pub law: String,
    /// Which ground.
    pub basis: String,
    /// An agreed end.
    pub until: Option<Timestamp>,
    /// What proves it.
    pub evidence: Option<String>,
}

impl From<BasisBody> for BasisDraft {
    fn from(body: BasisBody) -> Self {
        let BasisBody { purpose, law, basis, until, evidence } = body;
        Self { purpose, law, basis, until, evidence }
    }
}

/// `POST /api/v1/{object}`
pub async fn create(
    State(app): State<App>,
    Client(ctx): Client,
    Path(object): Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Answer<Response> {
    let definition = app.house.catalog().object(&object).cloned().ok_or_else(|| unknown(&object))?;
    let sent: Creation = body(&headers, &bytes)?;
    let draft = Draft {
        fields: texts(&definition, sent.fields)?,
        owner: sent.owner,
        team: sent.team,
        source: sent.source,
        bases: sent.bases.into_iter().map(Into::into).collect(),
        person: sent.person,
    };
    let key = headers.get("idempotency-key").map(|v| v.as_bytes().to_vec());
    if key.as_ref().is_some_and(|k| k.is_empty() || k.len() > 255) {
        return Err(Problem::bad("idempotency_key", "Idempotency-Key takes 1 to 255 characters"));
    }
    let (written, again) = app.house.create_once(&ctx, &object, &draft, key.as_deref(), &bytes).await?;
    let page = app.house.get(&ctx, &object, written, &Look::default()).await;
    let status = if again { StatusCode::OK } else { StatusCode::CREATED };
    let mut response = match page {
        Ok(page) => one(status, &page)?,
        // Made, but not for this client to see: it gets the id alone.
        Err(domain::Error::NotFound(_) | domain::Error::Refused(_)) => {
            (status, Json(json!({ "id": written }))).into_response()
        }
        Err(error) => return Err(error.into()),
    };
    if let Ok(place) = format!("/api/v1/{object}/{written}").parse() {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Alteration {
    #[serde(default)]
    fields: BTreeMap<String, Value>,
    #[serde(default, deserialize_with = "present")]
    owner: Option<Option<ActorId>>,
    #[serde(default, deserialize_with = "present")]
    team: Option<Option<TeamId>>,
}

/// A key that is there, null or not, is told from one that is not.
fn present<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(d: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(d).map(Some)
}

/// `PATCH /api/v1/{object}/{id}`
pub async fn change(
    State(app): State<App>,
    Client(ctx): Client,
    Named { object, id }: Named,
    headers: HeaderMap,
    bytes: Bytes,
) -> Answer<Response> {
    let version = if_match(&headers)?;
    let sent: Alteration = body(&headers, &bytes)?;
    let edit = Edit { fields: texts(&object, sent.fields)?, owner: sent.owner, team: sent.team, version };
    app.house.change(&ctx, &object.name, id, &edit).await?;
    let page = app.house.get(&ctx, &object.name, id, &Look::default()).await?;
    one(StatusCode::OK, &page)
}

/// `DELETE /api/v1/{object}/{id}`
pub async fn delete(
    State(app): State<App>,
    Client(ctx): Client,
    Named { object, id }: Named,
    headers: HeaderMap,
) -> Answer<StatusCode> {
    app.house.delete(&ctx, &object.name, id, if_match(&headers)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revelation {
    fields: Vec<String>,
    reason: String,
}

/// `POST /api/v1/{object}/{id}/reveal`
pub async fn reveal(
    State(app): State<App>,
    Client(ctx): Client,
    Named { object, id }: Named,
    headers: HeaderMap,
    bytes: Bytes,
) -> Answer<Response> {
    let sent: Revelation = body(&headers, &bytes)?;
    if sent.reason.trim().is_empty() {
        return Err(field_problem("reason", "required", "say in words what the value is needed for"));
    }
    let look = Look {
        fields: Some(fields(&object, &sent.fields.join(","))?),
        reveal: true,
        reason: Some(sent.reason),
        ..Look::default()
    };
    let page = app.house.get(&ctx, &object.name, id, &look).await?;
    one(StatusCode::OK, &page)
}

/// `GET /api/v1/{object}/{id}/explanation`
pub async fn explain(
    State(app): State<App>,
    Client(ctx): Client,
    Named { object, id }: Named,
    RawQuery(query): RawQuery,
) -> Answer<Response> {
    let mut actor = None;
    let mut purpose = None;
    for (name, value) in pairs(query.as_deref())? {
        match name.as_str() {
            "actor" => {
                let id = value.parse::<ActorId>().map_err(|_| field_problem("actor", "link_form", "an actor's id"))?;
                actor = Some(id);
            }
            "purpose" => purpose = Some(self::purpose(&object, &value)?),
            _ => return Err(unknown_key(&name, &["actor", "purpose"])),
        }
    }
    let told = app.house.explain(&ctx, actor, &object.name, id, purpose.as_deref()).await?;
    Ok(Json(explanation(&told)).into_response())
}

/// The JSON of an explanation.
pub fn explanation(told: &domain::Explained) -> Value {
    json!({
        "allowed": told.allowed,
        "purpose": told.purpose,
        "purpose_live": told.purpose_live,
        "permitted_by": told.permitted_by,
        "forbidden_by": told.forbidden_by,
        "levels": told.levels.iter().map(|(category, level)| (category.to_string(), level.word()))
            .collect::<BTreeMap<_, _>>(),
    })
}

/// What a list's query asks for.
pub fn list_ask(definition: &Object, pairs: &[(String, String)]) -> Answer<ListAsk> {
    let mut ask = ListAsk::default();
    for (key, value) in pairs {
        match key.as_str() {
            "sort" => {
                ask.sort = Some(match value.strip_prefix('-') {
                    Some(name) => (name.to_owned(), true),
                    None => (value.clone(), false),
                });
            }
            "fields" => ask.fields = Some(fields(definition, value)?),
            "limit" => ask.limit = page_size(Some(value))?,
            "cursor" => {
                ask.after = Some(value.parse().map_err(|_| {
                    field_problem("cursor", "cursor_form", "a cursor is what the page before gave as `next`")
                })?);
            }
            "q" => ask.q = Some(value.clone()),
            "purpose" => ask.purpose = Some(purpose(definition, value)?),
            "count" => {
                ask.count = match value.as_str() {
                    "true" => true,
                    "false" => false,
                    _ => return Err(field_problem("count", "yes_no_form", "say true or false")),
                };
            }
            _ => {
                let (name, compare) = key.split_once('.').unwrap_or((key, "eq"));
                if definition.field(name).is_none() && !BUILT_IN.contains(&name) {
                    return Err(unknown_key(key, RESERVED));
                }
                let compare = Compare::parse(compare).ok_or_else(|| {
                    let all: Vec<&str> = Compare::ALL.iter().map(|(w, _)| *w).collect();
                    field_problem(name, "unknown_compare", &format!("compare with one of {}", all.join(", ")))
                })?;
                ask.filters.push(WrittenFilter { field: name.to_owned(), compare, value: value.clone() });
            }
        }
    }
    Ok(ask)
}

/// A purpose of the object; another word is refused even where a token's own purpose would prevail over it.
fn purpose(definition: &Object, word: &str) -> Answer<String> {
    if definition.purposes.iter().any(|known| known.as_str() == word) {
        return Ok(word.to_owned());
    }
    let known: Vec<&str> = definition.purposes.iter().map(|p| p.as_str()).collect();
    Err(field_problem("purpose", "unknown_purpose", &format!("{} is kept for {}", definition.name, known.join(", "))))
}

/// The decoded pairs of a query; broken percent-encoding or UTF-8 is refused, not guessed at.
pub fn pairs(query: Option<&str>) -> Answer<Vec<(String, String)>> {
    let Some(query) = query else { return Ok(Vec::new()) };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decoded(key)?, decoded(value)?))
        })
        .collect()
}

fn decoded(text: &str) -> Answer<String> {
    let bad = || Problem::bad("query_encoding", "the query is not percent-encoded UTF-8");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(b) = rest.next() {
        match b {
            b'+' => bytes.push(b' '),
            b'%' => {
                let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16));
                let (high, low) = (digit().ok_or_else(bad)?, digit().ok_or_else(bad)?);
                bytes.push(u8::try_from(high * 16 + low).map_err(|_| bad())?);
            }
            b => bytes.push(b),
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| bad())?;
    if text.contains('\0') { Err(bad()) } else { Ok(text) }
}

fn fields(definition: &Object, names: &str) -> Answer<Vec<FieldName>> {
    names
        .split(',')
        .map(str::trim)
        .filter(|n| !n.is_empty())
        .map(|name| {
            definition
                .field(name)
                .map(|f| f.name.clone())
                .ok_or_else(|| field_problem("fields", "unknown_field", "there is no such field on this object"))
        })
        .collect()
}

/// JSON values as the texts that kinds parse; a nested value is refused.
fn texts(definition: &Object, sent: BTreeMap<String, Value>) -> Answer<Vec<(FieldName, String)>> {
    let mut out = Vec::with_capacity(sent.len());
    let mut wrong = Vec::new();
    for (name, value) in sent {
        let Some(field) = definition.field(&name) else {
            let shown: String = name.chars().filter(|c| c.is_ascii_graphic()).take(48).collect();
            wrong.push(FieldError::new(shown, "unknown_field", format!("{} has no such field", definition.name)));
            continue;
        };
        let text = match value {
            Value::Null => String::new(),
            Value::String(text) => text,
            Value::Bool(yes) => yes.to_string(),
            Value::Number(n) => n.to_string(),
            Value::Array(items) if items.iter().all(Value::is_string) => {
                items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")
            }
            Value::Array(_) | Value::Object(_) => {
                wrong.push(FieldError::new(name, "nested", "takes a text, number, yes/no or null"));
                continue;
            }
        };
        out.push((field.name.clone(), text));
    }
    if wrong.is_empty() { Ok(out) } else { Err(domain::Error::Invalid(wrong).into()) }
}

/// The record that a path names: `/{object}/{id}`, or `/{object}/{id}/…`.
pub struct Named {
    /// What it is one of.
    pub object: Arc<Object>,
    /// Its id.
    pub id: RecordId,
}

impl FromRequestParts<App> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        let path = Path::<(String, String)>::from_request_parts(parts, app).await;
        let Path((object, id)) = path.map_err(|_| unknown(""))?;
        let object = app.house.catalog().object(&object).cloned().ok_or_else(|| unknown(&object))?;
        // An id that cannot be one is answered as one that is not there.
        let id = id.parse().map_err(|_| domain::Error::NotFound(object.name.clone()))?;
        Ok(Self { object, id })
    }
}

fn one(status: StatusCode, page: &Disclosed) -> Answer<Response> {
    let row = page.rows.first().ok_or_else(|| domain::Error::NotFound(page.object.name.clone()))?;
    let mut response = (status, Json(record(page, row))).into_response();
    if let Ok(tag) = etag(row.version).parse() {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// The JSON of a disclosed record, field by field: clear values under `fields`, masks under `masked`.
pub fn record(page: &Disclosed, row: &DisclosedRow) -> Value {
    let mut clear = Map::new();
    let mut masked = Map::new();
    for (at, shown) in page.fields.iter().zip(&row.values) {
        let field = &page.object.fields()[*at];
        match shown {
            Shown::Clear(value) => _ = clear.insert(field.name.to_string(), plain(&field.kind, value)),
            Shown::Masked(mask) => _ = masked.insert(field.name.to_string(), mask.as_str().into()),
            Shown::Empty => {}
        }
    }
    json!({
        "id": row.id,
        "object": page.object.name,
        "version": row.version,
        "person": row.person,
        "owner": row.owner,
        "team": row.team,
        "created_at": row.created,
        "updated_at": row.updated,
        "fields": clear,
        "masked": masked,
        "entry": page.entry,
    })
}

pub(super) fn plain(kind: &model::Kind, value: &model::Value) -> Value {
    match value {
        model::Value::YesNo(yes) => (*yes).into(),
        model::Value::Many(all) => all.clone().into(),
        // Millionths that are whole are JSON integers; others keep their decimals as text, exactly.
        model::Value::Number(n) if n % 1_000_000 == 0 => (n / 1_000_000).into(),
        _ => kind.show(value).into(),
    }
}

fn unknown(object: &str) -> Problem {
    let name: String = object.chars().filter(|c| c.is_ascii_graphic()).take(48).collect();
    domain::Error::Unknown(format!("object `{name}`")).into()
}

fn unknown_key(key: &str, known: &[&str]) -> Problem {
    let shown: String = key.chars().filter(|c| c.is_ascii_graphic()).take(48).collect();
    field_problem(&shown, "unknown_key", &format!("is neither a field of this object nor one of {}", known.join(", ")))
}

fn field_problem(field: &str, code: &'static str, message: &str) -> Problem {
    Problem(Told::from(domain::Error::field(field, code, message)))
}
