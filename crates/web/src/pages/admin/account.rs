//! One's own account: password, sessions, second factor.

use axum::body::Bytes;
use domain::OpenSession;

use super::{drawn, troubles};
use crate::{
    pages::{
        Answer, Desk, Fault,
        address::{see_other, value},
        sheet::typed,
    },
    ui::{Act, Link, State, Tone},
    view::{FormField, Grid, Input, Office, Part, Sheet, Td, Trouble},
};

const PAGE: &str = "/account";

/// `GET /account`
pub async fn show(desk: Desk) -> Answer {
    let view = everything(&desk, Vec::new()).await?;
    drawn(&desk, view)
}

/// `POST /account/password`
pub async fn password(desk: Desk, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let text = |key: &str| value(&sent, key).unwrap_or_default();
    let done = desk.house().change_password(&desk.ctx, text("password"), text("new"), &desk.peer()).await;
    answered(&desk, done).await
}

/// `POST /account/sessions`
pub async fn end_sessions(desk: Desk) -> Answer {
    desk.house().end_other_sessions(&desk.ctx).await?;
    Ok(see_other(&format!("{PAGE}?done=changed")))
}

/// `POST /account/codes/removal`
pub async fn drop_codes(desk: Desk, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let password = value(&sent, "password").unwrap_or_default();
    let done = desk.house().drop_codes(&desk.ctx, password, &desk.peer()).await;
    answered(&desk, done).await
}

async fn answered(desk: &Desk, done: domain::Result<()>) -> Answer {
    match done {
        Ok(()) => Ok(see_other(&format!("{PAGE}?done=changed"))),
        Err(error) => {
            let wrong = troubles(desk, error)?;
            let view = everything(desk, wrong).await?;
            drawn(desk, view)
        }
    }
}

/// A box for a password that one knows.
pub fn password_field(desk: &Desk, name: &str, label: &'static str, fill: &'static str) -> FormField {
    FormField {
        name: name.into(),
        label: desk.lang().t(label).to_owned(),
        required: true,
        input: Input::Line { kind: "password", value: String::new(), max: Some(1_000) },
        autocomplete: Some(fill),
        ..FormField::default()
    }
}

async fn everything(desk: &Desk, wrong: Vec<Trouble>) -> Result<Office, Fault> {
    let lang = desk.lang();
    let sessions = desk.house().own_sessions(&desk.ctx).await?;
    let codes = desk.house().own_codes(&desk.ctx).await?;
    let row = |session: &OpenSession| {
        vec![
            Td::Text(desk.moment(session.created)),
            Td::Text(desk.moment(session.seen)),
            Td::Text(desk.moment(session.expires)),
            if session.this {
                Td::State(State::Done, lang.t("session-this").to_owned())
            } else {
                Td::Text(lang.t("session-other").to_owned())
            },
        ]
    };
    let grid = Grid {
        heading: lang.t("sessions-open").to_owned(),
        columns: ["session-since", "last-used", "good-until", "state"].map(|key| lang.t(key).to_owned()).into(),
        rows: sessions.iter().map(row).collect(),
        empty: String::new(),
    };
    let mut parts = vec![Part::Grid(grid)];
    if sessions.len() > 1 {
        let act = Act {
            label: lang.t("sign-out-elsewhere").to_owned(),
            action: format!("{PAGE}/sessions"),
            fields: Vec::new(),
        };
        parts.push(Part::Grid(Grid {
            heading: lang.t("account-acts").to_owned(),
            columns: vec![lang.t("act").to_owned()],
            rows: vec![vec![Td::Act(act)]],
            empty: String::new(),
        }));
    }
    let mut links = Vec::new();
    match codes {
        None => {
            parts.push(Part::Note(Tone::Warn, lang.t("second-none").to_owned()));
            links.push(Link::new(lang.t("second-set-up"), format!("{PAGE}/codes")));
        }
        Some(left) => {
            parts.push(Part::Note(Tone::Ok, lang.with("second-there", &[("n", left.into())])));
            let sheet = |heading: &'static str, help: &'static str, tail: &str, danger| {
                Part::Desk(Box::new(Sheet {
                    heading: lang.t(heading).to_owned(),
                    help: Some(lang.t(help).to_owned()),
                    action: format!("{PAGE}/{tail}"),
                    fields: vec![password_field(desk, "password", "password-now", "current-password")],
                    button: lang.t(heading).to_owned(),
                    danger,
                    ..Sheet::default()
                }))
            };
            // Two boxes for the same password would have one id: each form has a page's worth of room of its own.
            if desk.asked("remove").is_some() {
                parts.push(sheet("second-remove", "second-remove-help", "codes/removal", true));
            } else {
                parts.push(sheet("recovery-renew", "recovery-renew-help", "recovery", false));
                links.push(Link::new(lang.t("second-remove"), format!("{PAGE}?remove=codes")));
            }
        }
    }
    if codes.is_none() {
        parts.push(Part::Desk(Box::new(Sheet {
            heading: lang.t("password-change").to_owned(),
            help: Some(lang.t("password-help").to_owned()),
            action: format!("{PAGE}/password"),
            fields: vec![
                password_field(desk, "password", "password-now", "current-password"),
                password_field(desk, "new", "password-new", "new-password"),
            ],
            button: lang.t("password-change").to_owned(),
            ..Sheet::default()
        })));
    }
    Ok(Office {
        heading: lang.t("account-own").to_owned(),
        back: Some(Link::new(lang.t("home"), "/")),
        links,
        troubles: wrong,
        parts,
        ..Office::default()
    })
}
