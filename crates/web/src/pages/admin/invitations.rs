//! The page that an invitation or a reset leads to: a new password, once.

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::IntoResponse,
};

use crate::{
    app::App,
    pages::{
        Answer,
        address::{see_other, value},
        desk::Visit,
        sheet::typed,
    },
    ui::{SIGN_IN, Shell},
    view::{FormField, Input, Office, Part, Sheet, Trouble, lobby},
};

/// `GET /invitation/{secret}`
pub async fn show(State(app): State<App>, visit: Visit, Path(secret): Path<String>) -> Answer {
    app.house.invitation_good(&secret).await?;
    let shell = visit.shell(&app);
    Ok(lobby(&shell, &form(&shell, &secret, None)).into_response())
}

/// `POST /invitation/{secret}`
pub async fn accept(State(app): State<App>, visit: Visit, Path(secret): Path<String>, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    match app.house.accept_invitation(&secret, value(&sent, "password").unwrap_or_default()).await {
        Ok(()) => Ok(see_other(SIGN_IN)),
        Err(domain::Error::Invalid(wrong)) => {
            let shell = visit.shell(&app);
            let code = wrong.first().map_or("other", |wrong| wrong.code);
            let text = shell.lang().invalid(code, Some("1000"));
            let text = text.unwrap_or_else(|| shell.t("invalid-other").to_owned());
            Ok(lobby(&shell, &form(&shell, &secret, Some(text))).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn form(shell: &Shell, secret: &str, error: Option<String>) -> Office {
    let field = FormField {
        name: "password".into(),
        label: shell.t("password-new").to_owned(),
        help: Some(shell.t("password-help").to_owned()),
        required: true,
        input: Input::Line { kind: "password", value: String::new(), max: Some(1_000) },
        autocomplete: Some("new-password"),
        error: error.clone(),
        ..FormField::default()
    };
    let sheet = Sheet {
        action: format!("/invitation/{secret}"),
        fields: vec![field],
        button: shell.t("save").to_owned(),
        ..Sheet::default()
    };
    Office {
        heading: shell.t("password-set").to_owned(),
        troubles: error.map(|text| Trouble { field: Some("password".into()), text }).into_iter().collect(),
        parts: vec![Part::Desk(Box::new(sheet))],
        ..Office::default()
    }
}
