//! Users: inviting, roles, leaving.

use axum::{body::Bytes, extract::Path};
use domain::{Colleague, Invitation, NewUser};
use kernel::{ActorId, RoleName};

use super::{back, done, drawn, language_choices, line, one, role_choices, team_choices, team_sent, troubles, values};
use crate::{
    Lang,
    pages::{
        Answer, Desk, Fault,
        address::{Pairs, see_other, value},
        desk::{civil, short},
        sheet::typed,
    },
    ui::{Act, Link, State, Tone},
    view::{Choice, FormField, Grid, Input, Office, Part, Sheet, Td, Trouble},
};

const PAGE: &str = "/admin/users";

/// `GET /admin/users`
pub async fn list(desk: Desk) -> Answer {
    let view = everybody(&desk, &Pairs::new(), Vec::new()).await?;
    drawn(&desk, view)
}

/// `POST /admin/users`
pub async fn invite(desk: Desk, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let text = |key: &str| value(&sent, key).unwrap_or_default().trim().to_owned();
    let roles = values(&sent, "roles").iter().filter_map(|role| RoleName::new(role).ok()).collect();
    let user = NewUser {
        name: text("name"),
        email: text("email"),
        password: String::new(),
        roles,
        team: team_sent(&text("team"))?,
        language: text("language"),
    };
    match desk.house().invite(&desk.ctx, &user).await {
        Ok(invitation) => told(&desk, &invitation, "invite", "invited").await,
        Err(error) => {
            let wrong = troubles(&desk, error)?;
            let view = everybody(&desk, &sent, wrong).await?;
            drawn(&desk, view)
        }
    }
}

/// `GET /admin/users/{id}`
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let id = actor(&id)?;
    let view = somebody(&desk, id, Vec::new()).await?;
    drawn(&desk, view)
}

/// `POST /admin/users/{id}`
pub async fn change(desk: Desk, Path(id): Path<String>, body: Bytes) -> Answer {
    let id = actor(&id)?;
    let sent = typed(&body)?;
    let text = |key: &str| value(&sent, key).unwrap_or_default();
    let mut account = desk.house().account(&desk.ctx, id).await?;
    account.team = team_sent(text("team"))?;
    account.language = text("language").to_owned();
    account.disabled = text("closed") == "true";
    let roles: Vec<RoleName> = values(&sent, "roles").iter().filter_map(|role| RoleName::new(role).ok()).collect();
    match desk.house().change_staff(&desk.ctx, &account, &roles).await {
        Ok(()) => Ok(see_other(&format!("{PAGE}/{id}?done=changed"))),
        Err(error) => {
            let wrong = troubles(&desk, error)?;
            let view = somebody(&desk, id, wrong).await?;
            drawn(&desk, view)
        }
    }
}

/// `POST /admin/users/{id}/link`
pub async fn link(desk: Desk, Path(id): Path<String>) -> Answer {
    let invitation = desk.house().reset_link(&desk.ctx, actor(&id)?).await?;
    told(&desk, &invitation, "reset", "reset-made").await
}

/// `POST /admin/users/{id}/sessions`
pub async fn end_sessions(desk: Desk, Path(id): Path<String>) -> Answer {
    let id = actor(&id)?;
    desk.house().sign_out_everywhere(&desk.ctx, id).await?;
    Ok(see_other(&format!("{PAGE}/{id}?done=changed")))
}

/// `POST /admin/users/{id}/second`
pub async fn reset_second(desk: Desk, Path(id): Path<String>) -> Answer {
    let id = actor(&id)?;
    desk.house().reset_second(&desk.ctx, id).await?;
    Ok(see_other(&format!("{PAGE}/{id}?done=changed")))
}

/// `POST /admin/users/{id}/handover`
pub async fn hand_over(desk: Desk, Path(id): Path<String>, body: Bytes) -> Answer {
    let id = actor(&id)?;
    let sent = typed(&body)?;
    let to = value(&sent, "to").and_then(|to| to.parse().ok());
    let to = to.ok_or_else(|| Fault::from(domain::Error::field("to", "required", "somebody")))?;
    let handed = desk.house().hand_over(&desk.ctx, id, to).await?;
    let view = somebody(&desk, id, Vec::new()).await?;
    done(&desk, desk.lang().with("handed-over", &[("n", handed.into())]), view)
}

fn actor(id: &str) -> Result<ActorId, Fault> {
    id.parse().map_err(|_| Fault::missing())
}

/// The link of an invitation: mailed where there is a server for it, else told this once.
async fn told(desk: &Desk, invitation: &Invitation, kind: &str, message: &'static str) -> Answer {
    let lang = desk.lang();
    if let Some((settings, _)) = desk.house().mail_settings().await? {
        let account = desk.house().account(&desk.ctx, invitation.actor).await?;
        let theirs = Lang::of_tag(&account.language).unwrap_or(lang);
        let link = format!("{}/invitation/{}", settings.public, invitation.secret);
        let until = format!("{} UTC", theirs.moment(civil(invitation.expires)));
        let body = theirs.with("mail-link-body", &[("link", link.into()), ("until", until.into())]);
        let subject = theirs.t("mail-link-subject");
        desk.house().post_mail(&desk.ctx, invitation.actor, kind, subject, &body).await?;
        return Ok(see_other(&format!("{PAGE}/{}?done=mailed", invitation.actor)));
    }
    let view = Office {
        heading: lang.t("users").to_owned(),
        back: back(lang, Some(("users", PAGE))),
        parts: vec![Part::Copy {
            label: lang.t("invitation-link").to_owned(),
            lines: vec![format!("{}/invitation/{}", desk.origin(), invitation.secret)],
            help: lang.with("invitation-help", &[("until", desk.moment(invitation.expires).into())]),
        }],
        ..Office::default()
    };
    done(desk, lang.t(message).to_owned(), view)
}

async fn everybody(desk: &Desk, sent: &Pairs, wrong: Vec<Trouble>) -> Result<Office, Fault> {
    let lang = desk.lang();
    let staff = desk.house().staff(&desk.ctx).await?;
    let text = |key: &str| value(sent, key).unwrap_or_default();
    let rules = desk.house().rules();
    let row = |one: &Colleague| {
        let label = |role: &RoleName| rules.matrix().roles.get(role).map(|r| desk.label(&r.label).to_owned());
        let roles: Vec<String> = one.roles.iter().filter_map(label).collect();
        let (state, word) = state(one.account.disabled);
        let name = one.name.clone().unwrap_or_else(|| short(&one.account.actor));
        vec![
            Td::Link(Link::new(name, format!("{PAGE}/{}", one.account.actor))),
            Td::Text(one.email.clone().unwrap_or_default()),
            Td::Text(roles.join(lang.t("list-comma"))),
            Td::Text(one.account.team.and_then(|team| desk.house().team_name(team)).unwrap_or_default()),
            Td::Text(lang.t(if one.second { "yes" } else { "no" }).to_owned()),
            Td::State(state, lang.t(word).to_owned()),
        ]
    };
    let grid = Grid {
        heading: lang.with("users-n", &[("n", staff.len().into())]),
        columns: ["name", "email", "roles", "team", "second-factor", "state"].map(|key| lang.t(key).to_owned()).into(),
        rows: staff.iter().map(row).collect(),
        empty: String::new(),
    };
    let language = if text("language").is_empty() { lang.tag() } else { text("language") };
    let team = text("team").parse().ok();
    let form = Sheet {
        heading: lang.t("invite").to_owned(),
        help: Some(lang.t("invite-help").to_owned()),
        action: PAGE.into(),
        fields: vec![
            line("name", lang.t("name"), "text", text("name")),
            line("email", lang.t("email"), "email", text("email")),
            FormField {
                name: "roles".into(),
                label: lang.t("roles").to_owned(),
                required: true,
                input: Input::Many(role_choices(desk, &values(sent, "roles"))),
                ..FormField::default()
            },
            one("team", lang.t("team"), false, team_choices(desk, team, None)),
            one("language", lang.t("language"), true, language_choices(language)),
        ],
        button: lang.t("invite").to_owned(),
        ..Sheet::default()
    };
    Ok(Office {
        heading: lang.t("users").to_owned(),
        back: back(lang, None),
        troubles: wrong,
        parts: vec![Part::Grid(grid), Part::Desk(Box::new(form))],
        ..Office::default()
    })
}

fn state(closed: bool) -> (State, &'static str) {
    if closed { (State::Hold, "account-closed") } else { (State::Done, "account-open") }
}

async fn somebody(desk: &Desk, id: ActorId, wrong: Vec<Trouble>) -> Result<Office, Fault> {
    let lang = desk.lang();
    let staff = desk.house().staff(&desk.ctx).await?;
    let one_of = staff.iter().find(|one| one.account.actor == id).ok_or_else(Fault::missing)?;
    let owned = desk.house().responsible_for(&desk.ctx, id).await?;
    let account = &one_of.account;
    let roles: Vec<String> = one_of.roles.iter().map(ToString::to_string).collect();
    let facts = vec![
        (lang.t("name").to_owned(), one_of.name.clone().unwrap_or_default()),
        (lang.t("email").to_owned(), one_of.email.clone().unwrap_or_default()),
        (lang.t("state").to_owned(), lang.t(state(account.disabled).1).to_owned()),
        (lang.t("sessions-open").to_owned(), one_of.sessions.to_string()),
        (lang.t("second-factor").to_owned(), lang.t(if one_of.second { "yes" } else { "no" }).to_owned()),
        (lang.t("account-since").to_owned(), desk.day(account.created)),
    ];
    let change = Sheet {
        heading: lang.t("account-rights").to_owned(),
        help: Some(lang.t("account-rights-help").to_owned()),
        action: format!("{PAGE}/{id}"),
        fields: vec![
            FormField {
                name: "roles".into(),
                label: lang.t("roles").to_owned(),
                required: true,
                input: Input::Many(role_choices(desk, &roles)),
                ..FormField::default()
            },
            one("team", lang.t("team"), false, team_choices(desk, account.team, None)),
            one("language", lang.t("language"), true, language_choices(&account.language)),
            FormField {
                name: "closed".into(),
                label: lang.t("account-close").to_owned(),
                required: true,
                input: Input::YesNo(Some(account.disabled)),
                ..FormField::default()
            },
        ],
        button: lang.t("save").to_owned(),
        ..Sheet::default()
    };
    let act = |label: &'static str, tail: &str| {
        Td::Act(Act { label: lang.t(label).to_owned(), action: format!("{PAGE}/{id}/{tail}"), fields: Vec::new() })
    };
    let row =
        |label: &'static str, help: &'static str, tail: &str| vec![act(label, tail), Td::Text(lang.t(help).to_owned())];
    let mut acts = vec![
        row("reset-link", "reset-link-help", "link"),
        row("sign-out-everywhere", "sign-out-everywhere-help", "sessions"),
    ];
    if one_of.second {
        acts.push(row("second-reset", "second-reset-help", "second"));
    }
    let acts = Grid {
        heading: lang.t("account-acts").to_owned(),
        columns: vec![lang.t("act").to_owned(), lang.t("what-for").to_owned()],
        rows: acts,
        empty: String::new(),
    };
    let mut parts = vec![
        Part::Facts { heading: lang.t("account").to_owned(), facts },
        Part::Desk(Box::new(change)),
        Part::Grid(acts),
    ];
    if owned.is_empty() {
        parts.push(Part::Note(Tone::Accent, lang.t("owns-nothing").to_owned()));
    } else {
        let catalog = desk.house().catalog();
        let told = |(object, n): &(kernel::ObjectName, u64)| {
            let label = catalog.object(object).map_or("", |object| desk.label(&object.plural));
            format!("{label} {n}")
        };
        let told: Vec<String> = owned.iter().map(told).collect();
        let heirs = staff.iter().filter(|other| other.account.actor != id && !other.account.disabled);
        let heirs = heirs.map(|other| Choice {
            value: other.account.actor.to_string(),
            label: other.name.clone().unwrap_or_else(|| short(&other.account.actor)),
            chosen: false,
        });
        parts.push(Part::Desk(Box::new(Sheet {
            heading: lang.t("hand-over").to_owned(),
            help: Some(lang.with("hand-over-help", &[("what", told.join(lang.t("list-comma")).into())])),
            action: format!("{PAGE}/{id}/handover"),
            fields: vec![one("to", lang.t("hand-over-to"), true, heirs.collect())],
            button: lang.t("hand-over").to_owned(),
            danger: true,
            ..Sheet::default()
        })));
    }
    Ok(Office {
        heading: lang.with("user-heading", &[("id", short(&id).into())]),
        back: back(lang, Some(("users", PAGE))),
        troubles: wrong,
        parts,
        ..Office::default()
    })
}
