//! E-mail: the server mail leaves by, a message to try it, and what is on its way.

use axum::body::Bytes;
use domain::{MailSettings, Outgoing, Security};
use seal::policy::SystemAct;

use super::{back, drawn, line, one, troubles};
use crate::{
    pages::{
        Answer, Desk, Fault,
        address::{see_other, value},
        sheet::typed,
    },
    ui::State,
    view::{Choice, FormField, Grid, Input, Office, Part, Sheet, Td, Trouble},
};

const PAGE: &str = "/admin/mail";

/// `GET /admin/mail`
pub async fn show(desk: Desk) -> Answer {
    super::entered(&desk, SystemAct::ManageUsers).await?;
    let settings = desk.house().mail_settings().await?.map(|(settings, _)| settings);
    let view = everything(&desk, settings, Vec::new()).await?;
    drawn(&desk, view)
}

/// `POST /admin/mail`
pub async fn change(desk: Desk, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let text = |key: &str| value(&sent, key).unwrap_or_default().trim().to_owned();
    let settings = MailSettings {
        host: text("host"),
        port: text("port").parse().unwrap_or_default(),
        security: match text("security").as_str() {
            "starttls" => Security::StartTls,
            "none" => Security::None,
            _ => Security::Tls,
        },
        user: text("user"),
        from: text("from"),
        public: text("public").trim_end_matches('/').to_owned(),
    };
    match desk.house().set_mail(&desk.ctx, &settings, value(&sent, "password").unwrap_or_default()).await {
        Ok(()) => Ok(see_other(&format!("{PAGE}?done=changed"))),
        Err(error) => {
            let wrong = troubles(&desk, error)?;
            let view = everything(&desk, Some(settings), wrong).await?;
            drawn(&desk, view)
        }
    }
}

/// `POST /admin/mail/test`
pub async fn test(desk: Desk) -> Answer {
    let lang = desk.lang();
    let (subject, body) = (lang.t("mail-test-subject"), lang.t("mail-test-body"));
    desk.house().post_mail(&desk.ctx, desk.ctx.actor.id, "test", subject, body).await?;
    Ok(see_other(PAGE))
}

async fn everything(desk: &Desk, settings: Option<MailSettings>, wrong: Vec<Trouble>) -> Result<Office, Fault> {
    let lang = desk.lang();
    let there = settings.is_some();
    let origin = desk.origin();
    let now = settings.unwrap_or_else(|| MailSettings { port: 465, public: origin, ..MailSettings::default() });
    let security = [
        (Security::Tls, "tls", "mail-tls"),
        (Security::StartTls, "starttls", "mail-starttls"),
        (Security::None, "none", "mail-plain"),
    ]
    .map(|(kind, value, label)| Choice {
        value: value.into(),
        label: lang.t(label).to_owned(),
        chosen: now.security == kind,
    });
    let optional = |field: FormField| FormField { required: false, ..field };
    let mut fields = vec![
        line("host", lang.t("mail-host"), "text", &now.host),
        line("port", lang.t("mail-port"), "number", &now.port.to_string()),
        one("security", lang.t("mail-security"), true, security.into()),
        optional(line("user", lang.t("mail-user"), "text", &now.user)),
        FormField {
            name: "password".into(),
            label: lang.t("password").to_owned(),
            help: Some(lang.t("mail-password-help").to_owned()),
            input: Input::Line { kind: "password", value: String::new(), max: Some(1_000) },
            autocomplete: Some("new-password"),
            ..FormField::default()
        },
        line("from", lang.t("mail-from"), "email", &now.from),
        FormField {
            help: Some(lang.t("mail-public-help").to_owned()),
            ..line("public", lang.t("mail-public"), "url", &now.public)
        },
    ];
    for field in &mut fields {
        let told = wrong.iter().find(|trouble| trouble.field.as_deref() == Some(&field.name));
        field.error = told.map(|trouble| trouble.text.clone());
    }
    let form = Sheet {
        heading: lang.t("mail-server").to_owned(),
        action: PAGE.into(),
        fields,
        button: lang.t("save").to_owned(),
        ..Sheet::default()
    };
    let mut parts = vec![Part::Desk(Box::new(form))];
    if there {
        parts.push(Part::Desk(Box::new(Sheet {
            heading: lang.t("mail-test").to_owned(),
            help: Some(lang.t("mail-test-help").to_owned()),
            action: format!("{PAGE}/test"),
            button: lang.t("mail-test").to_owned(),
            ..Sheet::default()
        })));
    }
    let row = |one: &Outgoing| {
        let (state, word) = match (one.sent, one.given_up, one.tries) {
            (Some(_), ..) => (State::Done, "mail-sent"),
            (None, true, _) => (State::Late, "mail-given-up"),
            (None, false, 0) => (State::OnTime, "mail-waiting"),
            (None, false, _) => (State::Soon, "mail-again"),
        };
        vec![
            Td::Text(desk.moment(one.made)),
            Td::Text(desk.name(one.actor)),
            Td::Code(one.kind.clone()),
            Td::State(state, lang.t(word).to_owned()),
            Td::Code(one.failed.clone().unwrap_or_default()),
        ]
    };
    let outgoing = desk.house().outgoing(&desk.ctx).await?;
    let columns = ["ledger-when", "mail-to", "what-for", "state", "mail-why"];
    parts.push(Part::Grid(Grid {
        heading: lang.t("mail-outgoing").to_owned(),
        columns: columns.map(|key| lang.t(key).to_owned()).into(),
        rows: outgoing.iter().map(row).collect(),
        empty: lang.t("mail-none").to_owned(),
    }));
    Ok(Office {
        heading: lang.t("mail").to_owned(),
        back: back(lang, None),
        under: Some(lang.t("mail-about").to_owned()),
        troubles: wrong,
        parts,
        ..Office::default()
    })
}
