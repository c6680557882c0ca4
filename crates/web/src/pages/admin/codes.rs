//! Setting up the second factor, and giving it when signing in.

use axum::{body::Bytes, extract::State, response::IntoResponse};
use maud::{Markup, html};
use qrcodegen::{QrCode, QrCodeEcc};

use super::{account, done, drawn, troubles};
use crate::{
    app::App,
    pages::{
        Answer, Desk, Fault,
        address::{address, local, see_other, value},
        desk::Visit,
        sheet::typed,
    },
    ui::{Link, SIGN_IN, Shell},
    view::{FormField, Input, Office, Part, Sheet, Trouble, lobby},
};

/// Where the code is asked for when signing in.
pub const PAGE: &str = "/sign-in/code";

/// `GET /account/codes`
pub async fn begin(desk: Desk) -> Answer {
    let view = enrolment(&desk, Vec::new()).await?;
    drawn(&desk, view)
}

/// `POST /account/codes`
pub async fn finish(desk: Desk, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    match desk.house().finish_codes(&desk.ctx, value(&sent, "code").unwrap_or_default()).await {
        Ok(codes) => recovery(&desk, codes),
        Err(error) => {
            let wrong = troubles(&desk, error)?;
            let view = enrolment(&desk, wrong).await?;
            drawn(&desk, view)
        }
    }
}

/// `POST /account/recovery`
pub async fn renew(desk: Desk, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let password = value(&sent, "password").unwrap_or_default();
    match desk.house().renew_recovery(&desk.ctx, password, &desk.peer()).await {
        Ok(codes) => recovery(&desk, codes),
        Err(error) => {
            let lang = desk.lang();
            let view = Office {
                heading: lang.t("recovery-renew").to_owned(),
                back: Some(Link::new(lang.t("account-own"), "/account")),
                troubles: troubles(&desk, error)?,
                parts: vec![Part::Desk(Box::new(Sheet {
                    action: "/account/recovery".into(),
                    fields: vec![account::password_field(&desk, "password", "password-now", "current-password")],
                    button: lang.t("recovery-renew").to_owned(),
                    ..Sheet::default()
                }))],
                ..Office::default()
            };
            drawn(&desk, view)
        }
    }
}

fn recovery(desk: &Desk, codes: Vec<String>) -> Answer {
    let lang = desk.lang();
    let view = Office {
        heading: lang.t("recovery-codes").to_owned(),
        back: Some(Link::new(lang.t("account-own"), "/account")),
        parts: vec![Part::Copy {
            label: lang.t("recovery-codes").to_owned(),
            lines: codes,
            help: lang.t("recovery-help").to_owned(),
        }],
        ..Office::default()
    };
    done(desk, lang.t("second-done").to_owned(), view)
}

async fn enrolment(desk: &Desk, wrong: Vec<Trouble>) -> Result<Office, Fault> {
    let lang = desk.lang();
    let begun = desk.house().begin_codes(&desk.ctx).await?;
    let mut parts = Vec::new();
    if let Ok(code) = QrCode::encode_text(&begun.url, QrCodeEcc::Medium) {
        parts.push(Part::Picture(picture(&code, lang.t("second-picture"))));
    }
    parts.push(Part::Copy {
        label: lang.t("second-key").to_owned(),
        lines: vec![grouped(&begun.key)],
        help: lang.t("second-key-help").to_owned(),
    });
    parts.push(Part::Desk(Box::new(Sheet {
        action: "/account/codes".into(),
        fields: vec![code_field(lang.t("code"))],
        button: lang.t("second-check").to_owned(),
        ..Sheet::default()
    })));
    Ok(Office {
        heading: lang.t("second-set-up").to_owned(),
        back: Some(Link::new(lang.t("account-own"), "/account")),
        troubles: wrong,
        parts,
        ..Office::default()
    })
}

/// Groups of four, as people read keys.
fn grouped(key: &str) -> String {
    let chars: Vec<char> = key.chars().collect();
    chars.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn code_field(label: &str) -> FormField {
    FormField {
        name: "code".into(),
        label: label.to_owned(),
        required: true,
        input: Input::Line { kind: "text", value: String::new(), max: Some(20) },
        autocomplete: Some("one-time-code"),
        ..FormField::default()
    }
}

fn picture(code: &QrCode, label: &str) -> Markup {
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        for x in 0..size {
            if code.get_module(x, y) {
                path += &format!("M{x} {y}h1v1h-1z");
            }
        }
    }
    html! {
        svg role="img" aria-label=(label) viewBox={ "0 0 " (size) " " (size) } shape-rendering="crispEdges" {
            path d=(path) fill="currentColor" {}
        }
    }
}

/// `GET /sign-in/code`
pub async fn ask(State(app): State<App>, visit: Visit) -> Answer {
    let sent = visit.pairs()?;
    let next = value(&sent, "next").and_then(local).unwrap_or("/").to_owned();
    let shell = visit.shell(&app);
    Ok(lobby(&shell, &step(&shell, &next, None)).into_response())
}

/// `POST /sign-in/code`
pub async fn give(State(app): State<App>, visit: Visit, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let next = value(&sent, "next").and_then(local).unwrap_or("/").to_owned();
    let secret = visit.secret().unwrap_or_default();
    match app.house.second_step(secret, value(&sent, "code").unwrap_or_default(), &visit.peer).await {
        Ok(()) => Ok(see_other(&next)),
        Err(wrong @ (domain::Error::WrongPassword | domain::Error::Throttled { .. })) => {
            let shell = visit.shell(&app);
            let text = match wrong {
                domain::Error::Throttled { seconds } => shell.lang().with("sign-in-wait", &[("n", seconds.into())]),
                _ => shell.t("code-wrong").to_owned(),
            };
            Ok(lobby(&shell, &step(&shell, &next, Some(text))).into_response())
        }
        Err(domain::Error::SignedOut) => Ok(see_other(&address(SIGN_IN, [("next", next)]))),
        Err(other) => Err(other.into()),
    }
}

fn step(shell: &Shell, next: &str, error: Option<String>) -> Office {
    let field =
        FormField { help: Some(shell.t("code-help").to_owned()), error: error.clone(), ..code_field(shell.t("code")) };
    let sheet = Sheet {
        action: PAGE.into(),
        hidden: vec![("next".to_owned(), next.to_owned())],
        fields: vec![field],
        button: shell.t("sign-in").to_owned(),
        ..Sheet::default()
    };
    Office {
        heading: shell.t("second-step").to_owned(),
        troubles: error.map(|text| Trouble { field: Some("code".into()), text }).into_iter().collect(),
        parts: vec![Part::Desk(Box::new(sheet))],
        ..Office::default()
    }
}
