//! Refusals and failures on their way to a reader: told in words, in the reader's language, never with a value.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::{FieldName, ObjectName, RequestId};
use seal::policy::SystemAct;

use super::{
    desk::{Desk, Visit},
    words,
};
use crate::{
    app::App,
    problem::{Problem, Told},
    ui::Page,
    view,
};

/// The answer of a page's handler.
pub type Answer = Result<Response, Fault>;

/// Why a page is not shown.
#[derive(Debug)]
pub enum Fault {
    /// Told on a page.
    Told(Box<Undressed>),
    /// Gone elsewhere, to sign in most likely.
    Away(Box<Response>),
}

/// What is to be told, on its way to the layer that knows the reader.
#[derive(Clone, Debug)]
pub struct Undressed {
    told: Told,
    /// The field that was refused.
    field: Option<(ObjectName, FieldName)>,
}

impl From<domain::Error> for Fault {
    fn from(error: domain::Error) -> Self {
        let field = match &error {
            domain::Error::Refused(seal::Error::FieldRefused { object, field }) => {
                Some((object.clone(), field.clone()))
            }
            _ => None,
        };
        Self::Told(Box::new(Undressed { told: error.into(), field }))
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::Told(Box::new(Undressed { told: problem.0, field: None }))
    }
}

impl Fault {
    /// There is no such page or record.
    pub fn missing() -> Self {
        domain::Error::Unknown("such page".into()).into()
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        match self {
            Self::Away(response) => *response,
            Self::Told(undressed) => {
                let mut response = undressed.told.status.into_response();
                response.extensions_mut().insert(*undressed);
                response
            }
        }
    }
}

/// Draws every refusal and failure of the pages, also those that the framework makes in plain words.
pub async fn dressed(State(app): State<App>, request: Request, next: Next) -> Response {
    let (headers, uri) = (request.headers().clone(), request.uri().clone());
    let mut response = next.run(request).await;
    let status = response.status();
    if let Some(undressed) = response.extensions_mut().remove::<Undressed>() {
        return drawn(&app, &headers, &uri, undressed).await;
    }
    let page = response.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/html"));
    if page || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    drawn(&app, &headers, &uri, Undressed { told: Told::new(status, "request", ""), field: None }).await
}

/// `GET` anything else.
pub async fn missing(State(app): State<App>, request: Request) -> Response {
    let told = Told::new(StatusCode::NOT_FOUND, "not_found", "");
    drawn(&app, request.headers(), request.uri(), Undressed { told, field: None }).await
}

async fn drawn(app: &App, headers: &HeaderMap, uri: &Uri, undressed: Undressed) -> Response {
    let visit = Visit::read(headers, uri);
    let desk = Desk::open(app, visit.clone()).await.ok();
    let shell = match &desk {
        Some(desk) => desk.shell(),
        None => visit.shell(app),
    };
    let told = undressed.told;
    let request = told.status.is_server_error().then(|| {
        let id = RequestId::new(app.house.now(), app.house.rng());
        tracing::error!(target: "custos::web", request = %id, code = told.code, "a page could not be shown");
        id.to_string()
    });
    let emergency = desk.as_ref().filter(|desk| desk.house().may_system(&desk.ctx, SystemAct::EmergencyAccess));
    let view = view::Problem {
        status: told.status.as_u16(),
        detail: words::detail(app, shell.lang(), &told, undressed.field.as_ref()),
        request,
        emergency: emergency.map(|_| "/emergency".to_owned()),
    };
    // A visitor without a session sees no more of what is or is not there than that.
    let page: Page = view::problem(&shell, &view);
    let mut response = page.with_status(told.status).into_response();
    if let Some(seconds) = told.retry_after
        && let Ok(value) = HeaderValue::try_from(seconds.to_string())
    {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}
