//! Rules that experts write in Cedar, and the versions of every policy.

use axum::{body::Bytes, extract::Path};
use domain::PolicyVersion;

use super::{back, drawn, line, roles, troubles};
use crate::{
    pages::{
        Answer, Desk, Fault,
        address::{Pairs, address, see_other, value},
        sheet::typed,
    },
    ui::Link,
    view::{FormField, Grid, Input, Office, Part, Sheet, Td, Trouble},
};

const PAGE: &str = "/admin/rules";
const MATRIX: &str = "matrix";

/// `GET /admin/rules`
pub async fn list(desk: Desk) -> Answer {
    let name = desk.asked("name").unwrap_or_default().to_owned();
    let rules = desk.house().expert_policies(&desk.ctx).await?;
    let text = rules.iter().find(|(id, _)| *id == name).map_or("", |(_, text)| text).to_owned();
    let view = everything(&desk, &name, &text, Vec::new()).await?;
    drawn(&desk, view)
}

/// `POST /admin/rules/review`
pub async fn review(desk: Desk, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let (name, text) = named(&sent);
    match desk.house().review_policy(&desk.ctx, name, text).await {
        Ok(told) => {
            let mut hidden = vec![("name".to_owned(), name.to_owned()), ("version".into(), told.version.to_string())];
            hidden.extend(text.map(|text| ("text".to_owned(), text.to_owned())));
            let leave = if name == MATRIX { roles::PAGE } else { PAGE };
            drawn(&desk, roles::reviewed(&desk, &told, PAGE, hidden, leave))
        }
        Err(error) => {
            let wrong = troubles(&desk, error)?;
            let view = everything(&desk, name, text.unwrap_or_default(), wrong).await?;
            drawn(&desk, view)
        }
    }
}

/// `POST /admin/rules`
pub async fn save(desk: Desk, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let (name, text) = named(&sent);
    let seen = value(&sent, "version").and_then(|version| version.parse().ok()).ok_or_else(Fault::missing)?;
    match desk.house().put_policy(&desk.ctx, name, text, Some(seen)).await {
        Ok(()) if name == MATRIX => Ok(see_other(&format!("{}?done=changed", roles::PAGE))),
        Ok(()) => Ok(see_other(&format!("{PAGE}?done=changed"))),
        Err(error) => {
            let wrong = troubles(&desk, error)?;
            let view = everything(&desk, name, text.unwrap_or_default(), wrong).await?;
            drawn(&desk, view)
        }
    }
}

/// `GET /admin/history/{id}`
pub async fn history(desk: Desk, Path(id): Path<String>) -> Answer {
    let lang = desk.lang();
    let versions = desk.house().policy_history(&desk.ctx, &id).await?;
    let leave = if id == MATRIX { ("roles", roles::PAGE) } else { ("rules", PAGE) };
    let row = |version: &PolicyVersion| {
        vec![
            Td::Text(version.version.to_string()),
            Td::Text(desk.moment(version.at)),
            Td::Text(desk.name(version.by)),
            Td::Link(Link::new(
                lang.t("open"),
                address(&format!("/admin/history/{id}"), [("version", version.version.to_string())]),
            )),
        ]
    };
    let grid = Grid {
        heading: lang.t("versions").to_owned(),
        columns: ["version", "ledger-when", "ledger-who", "act"].map(|key| lang.t(key).to_owned()).into(),
        rows: versions.iter().map(row).collect(),
        empty: lang.t("history-none").to_owned(),
    };
    let mut parts = vec![Part::Grid(grid)];
    let wanted = desk.asked("version").and_then(|version| version.parse::<i64>().ok());
    if let Some(version) = versions.iter().find(|version| Some(version.version) == wanted) {
        let mut hidden = vec![("name".to_owned(), id.clone())];
        if !version.body.is_empty() {
            hidden.push(("text".to_owned(), version.body.clone()));
        }
        parts.push(Part::Copy {
            label: lang.with("version-n", &[("n", version.version.into())]),
            lines: version.body.lines().map(str::to_owned).collect(),
            help: lang.t("version-help").to_owned(),
        });
        parts.push(Part::Desk(Box::new(Sheet {
            heading: lang.t("restore").to_owned(),
            help: Some(lang.t("restore-help").to_owned()),
            action: format!("{PAGE}/review"),
            hidden,
            button: lang.t("review").to_owned(),
            ..Sheet::default()
        })));
    }
    if id == MATRIX {
        parts.push(Part::Desk(Box::new(Sheet {
            heading: lang.t("restore-shipped").to_owned(),
            help: Some(lang.t("restore-shipped-help").to_owned()),
            action: format!("{PAGE}/review"),
            hidden: vec![("name".to_owned(), id.clone())],
            button: lang.t("review").to_owned(),
            ..Sheet::default()
        })));
    }
    drawn(
        &desk,
        Office { heading: lang.t("versions").to_owned(), back: back(lang, Some(leave)), parts, ..Office::default() },
    )
}

/// Name and text of a policy; no text removes it.
fn named(sent: &Pairs) -> (&str, Option<&str>) {
    let text = value(sent, "text").filter(|text| !text.trim().is_empty());
    (value(sent, "name").unwrap_or_default().trim(), text.filter(|_| value(sent, "remove").is_none()))
}

async fn everything(desk: &Desk, name: &str, text: &str, wrong: Vec<Trouble>) -> Result<Office, Fault> {
    let lang = desk.lang();
    let rules = desk.house().expert_policies(&desk.ctx).await?;
    let row = |(id, _): &(String, String)| {
        vec![
            Td::Link(Link::new(id.clone(), address(PAGE, [("name", id.clone())]))),
            Td::Link(Link::new(lang.t("versions"), format!("/admin/history/{id}"))),
        ]
    };
    let grid = Grid {
        heading: lang.t("rules").to_owned(),
        columns: vec![lang.t("name").to_owned(), lang.t("versions").to_owned()],
        rows: rules.iter().map(row).collect(),
        empty: lang.t("rules-none").to_owned(),
    };
    let known = rules.iter().any(|(id, _)| id == name);
    let form = Sheet {
        heading: lang.t(if known { "rule-edit-one" } else { "rule-new" }).to_owned(),
        help: Some(lang.t("rule-help").to_owned()),
        action: format!("{PAGE}/review"),
        fields: vec![
            line("name", lang.t("name"), "text", if name == MATRIX { "" } else { name }),
            FormField {
                name: "text".into(),
                label: "Cedar".into(),
                required: true,
                input: Input::Long { value: text.to_owned() },
                ..FormField::default()
            },
        ],
        button: lang.t("review").to_owned(),
        other: known.then(|| ("remove".to_owned(), "yes".to_owned(), lang.t("remove").to_owned())),
        ..Sheet::default()
    };
    Ok(Office {
        heading: lang.t("rules").to_owned(),
        back: back(lang, None),
        under: Some(lang.t("rules-about").to_owned()),
        troubles: wrong,
        parts: vec![Part::Grid(grid), Part::Desk(Box::new(form))],
        ..Office::default()
    })
}
