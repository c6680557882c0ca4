//! The pages of refusals and failures. A forbidden, a missing and an erased record give the same page.

use http::StatusCode;
use maud::html;

use crate::ui::{Icon, Page, Shell, button_link, framed};

/// What could not be done.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// 400, 401, 403, 404, 405, 409, 413, 422, 429 or 500; any other reads as 500.
    pub status: u16,
    /// What exactly, if there is more to say than the status: `Sorting by E-mail is not open to you.`
    pub detail: Option<String>,
    /// The request, for whoever is asked about it.
    pub request: Option<String>,
    /// The page of emergency access, offered with a 403.
    pub emergency: Option<String>,
}

/// Draws a refusal or failure.
pub fn problem(shell: &Shell, view: &Problem) -> Page {
    let status = StatusCode::from_u16(view.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let (title, help, icon) = match view.status {
        400 | 405 | 413 => ("error-bad", "error-bad-help", Icon::WarningTriangle),
        401 => ("error-signed-out", "error-signed-out-help", Icon::Key),
        403 => ("error-forbidden", "error-forbidden-help", Icon::Lock),
        404 => ("error-missing", "error-missing-help", Icon::PageSearch),
        409 => ("error-conflict", "error-conflict-help", Icon::WarningTriangle),
        422 => ("error-invalid", "error-invalid-help", Icon::WarningTriangle),
        429 => ("error-slow", "error-slow-help", Icon::Timer),
        503 => ("error-away", "error-away-help", Icon::Tools),
        _ => ("error-broken", "error-broken-help", Icon::Tools),
    };
    let body = html! {
        div.problem {
            div.emblem { (icon) }
            p.meta { (status.as_u16()) }
            h1 { (shell.t(title)) }
            @if let Some(detail) = &view.detail { p.strong { (detail) } }
            p { (shell.t(help)) }
            div.row {
                @if view.status == 401 {
                    (button_link("primary", None, shell.t("sign-in"), crate::ui::SIGN_IN, None))
                } @else {
                    (button_link("primary", Some(Icon::Home), shell.t("home-go"), "/", None))
                }
                @if let Some(href) = view.emergency.as_ref().filter(|_| view.status == 403) {
                    (button_link("secondary", None, shell.t("emergency"), href, None))
                }
            }
            @if let Some(request) = &view.request {
                p.meta { (shell.lang().rich("request-id", &[("id", html! { code { (request) } })])) }
            }
        }
    };
    framed(shell, shell.t(title), "error", body).with_status(status)
}
