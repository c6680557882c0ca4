//! Administration in the browser. Each page asks the domain, which judges again whether it is for the actor.

pub mod account;
pub mod codes;
pub mod fields;
pub mod invitations;
pub mod mail;
pub mod matrix;
pub mod purposes;
pub mod roles;
pub mod rules;
pub mod teams;
pub mod tokens;
pub mod tries;
pub mod users;

use axum::response::IntoResponse;
use domain::{Ctx, Error};
use seal::policy::SystemAct;

use super::{Answer, Desk, Fault, address::Pairs};
use crate::{
    Lang,
    ui::{Link, Message, Tone},
    view::{Choice, FormField, Grid, Input, Office, Part, Td, Trouble, office},
};

/// What there is to administer, with the act that opens it.
const ROOMS: &[(&str, &str, &str, SystemAct)] = &[
    ("users", "users-about", "/admin/users", SystemAct::ManageUsers),
    ("teams", "teams-about", "/admin/teams", SystemAct::ManageUsers),
    ("roles", "roles-about", "/admin/roles", SystemAct::ManageRoles),
    ("rules", "rules-about", "/admin/rules", SystemAct::ManageRoles),
    ("objects", "objects-about", "/admin/objects", SystemAct::ManageObjects),
    ("purposes", "purposes-about", "/admin/purposes", SystemAct::ManageObjects),
    ("mail", "mail-about", "/admin/mail", SystemAct::ManageUsers),
    ("tokens", "tokens-about", "/admin/tokens", SystemAct::ManageTokens),
];

/// Whether there is anything here for the actor.
pub fn any(desk: &Desk) -> bool {
    ROOMS.iter().any(|(.., act)| desk.house().may_system(&desk.ctx, *act))
}

/// `GET /admin`
pub async fn show(desk: Desk) -> Answer {
    let lang = desk.lang();
    let mut rows = Vec::new();
    for (name, about, href, act) in ROOMS {
        if desk.house().may_system(&desk.ctx, *act) {
            rows.push(vec![Td::Link(Link::new(lang.t(name), *href)), Td::Text(lang.t(about).to_owned())]);
        }
    }
    if rows.is_empty() {
        desk.house().allow(&desk.ctx, SystemAct::ManageUsers).await?;
    }
    let grid = Grid {
        heading: lang.t("administration").to_owned(),
        columns: vec![lang.t("name").to_owned(), lang.t("what-for").to_owned()],
        rows,
        ..Grid::default()
    };
    drawn(
        &desk,
        Office { heading: lang.t("administration").to_owned(), parts: vec![Part::Grid(grid)], ..Office::default() },
    )
}

/// Draws a page of administration.
fn drawn(desk: &Desk, view: Office) -> Answer {
    Ok(office(&desk.shell(), &view).into_response())
}

/// The same with a word on what was just done, when the answer cannot be gone to by an address.
fn done(desk: &Desk, text: String, view: Office) -> Answer {
    let mut shell = desk.shell();
    shell.messages.push(Message::new(Tone::Ok, text));
    Ok(office(&shell, &view).into_response())
}

/// The way back to the overview, or to one of its rooms.
fn back(lang: Lang, room: Option<(&'static str, &str)>) -> Option<Link> {
    Some(match room {
        Some((name, href)) => Link::new(lang.t(name), href),
        None => Link::new(lang.t("administration"), "/admin"),
    })
}

/// What is wrong with what was sent, for the page to be shown again; anything else goes its usual way.
fn troubles(desk: &Desk, error: Error) -> Result<Vec<Trouble>, Fault> {
    let lang = desk.lang();
    match error {
        Error::Invalid(wrong) => Ok(wrong
            .iter()
            .map(|wrong| Trouble {
                field: Some(wrong.field.clone()),
                text: lang.invalid(wrong.code, None).unwrap_or_else(|| lang.t("invalid-other").to_owned()),
            })
            .collect()),
        Error::Rules(reasons) => Ok(reasons.into_iter().map(|text| Trouble { field: None, text }).collect()),
        Error::WrongPassword => {
            Ok(vec![Trouble { field: Some("password".into()), text: lang.t("password-wrong").to_owned() }])
        }
        Error::Conflict { .. } => Ok(vec![Trouble { field: None, text: lang.t("policy-stale").to_owned() }]),
        Error::LosesData(losses) => Ok(losses.into_iter().map(|text| Trouble { field: None, text }).collect()),
        other => Err(other.into()),
    }
}

/// The values of a key that may be sent several times.
fn values(sent: &Pairs, key: &str) -> Vec<String> {
    sent.iter().filter(|(name, _)| name == key).map(|(_, value)| value.clone()).collect()
}

/// One line of a form.
fn line(name: &str, label: &str, kind: &'static str, value: &str) -> FormField {
    FormField {
        name: name.into(),
        label: label.into(),
        required: true,
        input: Input::Line { kind, value: value.into(), max: Some(200) },
        ..FormField::default()
    }
}

/// One of some values.
fn one(name: &str, label: &str, required: bool, choices: Vec<Choice>) -> FormField {
    FormField { name: name.into(), label: label.into(), required, input: Input::One(choices), ..FormField::default() }
}

/// The roles that people have, as choices; those of jobs and commands are nobody's.
fn role_choices(desk: &Desk, chosen: &[String]) -> Vec<Choice> {
    let rules = desk.house().rules();
    let for_people = desk.house().roles_for_people();
    let of = |(name, role): (&kernel::RoleName, &seal::policy::RoleRules)| Choice {
        value: name.to_string(),
        label: desk.label(&role.label).to_owned(),
        chosen: chosen.iter().any(|one| one == name.as_str()),
    };
    rules.matrix().roles.iter().filter(|(name, _)| for_people.contains(name)).map(of).collect()
}

/// The teams as choices, each below its parent.
fn team_choices(desk: &Desk, chosen: Option<kernel::TeamId>, without: Option<kernel::TeamId>) -> Vec<Choice> {
    let below = without.map(|team| desk.house().team_subtree(team)).unwrap_or_default();
    let tree = teams::tree(desk).into_iter().filter(|(id, ..)| !below.contains(id));
    tree.map(|(id, depth, name)| Choice {
        value: id.to_string(),
        label: format!("{}{name}", "— ".repeat(depth)),
        chosen: chosen == Some(id),
    })
    .collect()
}

/// The languages of the interface.
fn language_choices(chosen: &str) -> Vec<Choice> {
    let of =
        |lang: Lang| Choice { value: lang.tag().into(), label: lang.own_name().into(), chosen: lang.tag() == chosen };
    Lang::ALL.map(of).into()
}

/// A team as it was sent: none when nothing was chosen.
fn team_sent(text: &str) -> Result<Option<kernel::TeamId>, Fault> {
    Ok(if text.is_empty() { None } else { Some(text.parse().map_err(|_| Fault::missing())?) })
}

/// Refuses a page that is not for the actor, on record, before anything of it is put together.
async fn entered(desk: &Desk, act: SystemAct) -> Result<(), Fault> {
    let ctx: &Ctx = &desk.ctx;
    desk.house().allow(ctx, act).await?;
    Ok(())
}
