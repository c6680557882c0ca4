//! Teams: a tree.

use axum::{body::Bytes, extract::Path};
use kernel::TeamId;

use super::{back, drawn, line, one, team_choices, team_sent, troubles};
use crate::{
    pages::{
        Answer, Desk, Fault,
        address::{see_other, value},
        sheet::typed,
    },
    ui::Act,
    view::{Grid, Office, Part, Sheet, Td, Trouble},
};

const PAGE: &str = "/admin/teams";

/// `GET /admin/teams`
pub async fn list(desk: Desk) -> Answer {
    super::entered(&desk, seal::policy::SystemAct::ManageUsers).await?;
    drawn(&desk, everything(&desk, Vec::new()))
}

/// `POST /admin/teams`
pub async fn create(desk: Desk, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let text = |key: &str| value(&sent, key).unwrap_or_default();
    let made = desk.house().add_team(&desk.ctx, text("name"), team_sent(text("parent"))?).await;
    answered(&desk, made.map(|_| ()))
}

/// `POST /admin/teams/{id}`
pub async fn change(desk: Desk, Path(id): Path<String>, body: Bytes) -> Answer {
    let id = id.parse().map_err(|_| Fault::missing())?;
    let sent = typed(&body)?;
    let text = |key: &str| value(&sent, key).unwrap_or_default();
    let parent = team_sent(text("parent"))?;
    answered(&desk, desk.house().change_team(&desk.ctx, id, text("name"), parent).await)
}

/// `POST /admin/teams/{id}/removal`
pub async fn remove(desk: Desk, Path(id): Path<String>) -> Answer {
    let id = id.parse().map_err(|_| Fault::missing())?;
    answered(&desk, desk.house().drop_team(&desk.ctx, id).await)
}

/// `GET /admin/teams/{id}`
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    super::entered(&desk, seal::policy::SystemAct::ManageUsers).await?;
    let lang = desk.lang();
    let id: TeamId = id.parse().map_err(|_| Fault::missing())?;
    let all = desk.house().teams();
    let (_, parent, name) = all.into_iter().find(|(team, ..)| *team == id).ok_or_else(Fault::missing)?;
    let form = Sheet {
        heading: lang.t("team").to_owned(),
        action: format!("{PAGE}/{id}"),
        fields: vec![
            line("name", lang.t("name"), "text", &name),
            one("parent", lang.t("team-above"), false, team_choices(&desk, parent, Some(id))),
        ],
        button: lang.t("save").to_owned(),
        ..Sheet::default()
    };
    drawn(
        &desk,
        Office {
            heading: lang.t("team").to_owned(),
            back: back(lang, Some(("teams", PAGE))),
            parts: vec![Part::Desk(Box::new(form))],
            ..Office::default()
        },
    )
}

fn answered(desk: &Desk, done: domain::Result<()>) -> Answer {
    match done {
        Ok(()) => Ok(see_other(&format!("{PAGE}?done=changed"))),
        Err(error) => drawn(desk, everything(desk, troubles(desk, error)?)),
    }
}

/// The teams, each after its parent, with how deep it stands.
pub(super) fn tree(desk: &Desk) -> Vec<(TeamId, usize, String)> {
    let mut all = desk.house().teams();
    all.sort_by(|a, b| a.2.cmp(&b.2));
    let mut found = Vec::new();
    let mut open: Vec<(Option<TeamId>, usize)> = vec![(None, 0)];
    while let Some((parent, depth)) = open.pop() {
        if let Some(id) = parent
            && let Some((.., name)) = all.iter().find(|(team, ..)| *team == id)
        {
            found.push((id, depth - 1, name.clone()));
        }
        let below = all.iter().rev().filter(|(_, of, _)| *of == parent);
        open.extend(below.map(|(id, ..)| (Some(*id), depth + 1)));
    }
    found
}

fn everything(desk: &Desk, wrong: Vec<Trouble>) -> Office {
    let lang = desk.lang();
    let row = |(id, depth, name): (TeamId, usize, String)| {
        let act =
            Act { label: lang.t("remove").to_owned(), action: format!("{PAGE}/{id}/removal"), fields: Vec::new() };
        let link = crate::ui::Link::new(format!("{}{name}", "— ".repeat(depth)), format!("{PAGE}/{id}"));
        vec![Td::Link(link), Td::Act(act)]
    };
    let grid = Grid {
        heading: lang.t("teams").to_owned(),
        columns: vec![lang.t("name").to_owned(), lang.t("act").to_owned()],
        rows: tree(desk).into_iter().map(row).collect(),
        empty: lang.t("teams-none").to_owned(),
    };
    let form = Sheet {
        heading: lang.t("team-new").to_owned(),
        action: PAGE.into(),
        fields: vec![
            line("name", lang.t("name"), "text", ""),
            one("parent", lang.t("team-above"), false, team_choices(desk, None, None)),
        ],
        button: lang.t("add").to_owned(),
        ..Sheet::default()
    };
    Office {
        heading: lang.t("teams").to_owned(),
        back: back(lang, None),
        under: Some(lang.t("teams-about").to_owned()),
        troubles: wrong,
        parts: vec![Part::Grid(grid), Part::Desk(Box::new(form))],
        ..Office::default()
    }
}
