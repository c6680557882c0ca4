//! Roles: the list, and a role's page of matrix, review, members and history.

use std::collections::BTreeSet;

use axum::{body::Bytes, extract::Path};
use domain::{MOST_TOLD, Review, Right, Shift};
use kernel::{ActorId, RoleName};

use super::{back, drawn, matrix, troubles};
use crate::{
    pages::{
        Answer, Desk, Fault,
        address::{see_other, value},
        sheet::typed,
    },
    ui::{Act, Link, Tone},
    view::{Grid, Office, Part, Sheet, Td, Trouble},
};

/// Where roles are.
pub const PAGE: &str = "/admin/roles";
/// The policy that the role matrix is.
const MATRIX: &str = "matrix";
/// So many people are named before the rest is a number.
const NAMED: usize = 5;

/// `GET /admin/roles`
pub async fn list(desk: Desk) -> Answer {
    let lang = desk.lang();
    let members = desk.house().members(&desk.ctx).await?;
    let rules = desk.house().rules();
    let row = |(name, role): (&RoleName, &seal::policy::RoleRules)| {
        let machine = domain::MACHINE_ROLES.contains(&name.as_str());
        let members = members.get(name).copied().unwrap_or_default();
        vec![
            Td::Link(Link::new(desk.label(&role.label), format!("{PAGE}/{name}"))),
            Td::Text(if machine { lang.t("role-machine").to_owned() } else { members.to_string() }),
            Td::Code(name.to_string()),
        ]
    };
    let grid = Grid {
        heading: lang.t("roles").to_owned(),
        columns: ["role", "members", "name"].map(|key| lang.t(key).to_owned()).into(),
        rows: rules.matrix().roles.iter().map(row).collect(),
        empty: String::new(),
    };
    let history = Link::new(lang.t("versions"), "/admin/history/matrix");
    drawn(
        &desk,
        Office {
            heading: lang.t("roles").to_owned(),
            back: back(lang, None),
            under: Some(lang.t("roles-about").to_owned()),
            links: vec![history],
            parts: vec![Part::Grid(grid)],
            ..Office::default()
        },
    )
}

/// `GET /admin/roles/{role}`
pub async fn show(desk: Desk, Path(role): Path<String>) -> Answer {
    let view = of_role(&desk, &role, Vec::new()).await?;
    drawn(&desk, view)
}

/// `POST /admin/roles/{role}/review`
pub async fn review(desk: Desk, Path(role): Path<String>, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let name = known(&desk, &role)?;
    let rules = desk.house().rules();
    let edited = matrix::edited(&desk, rules.matrix(), &name, &sent)?;
    let text = edited.to_toml();
    match desk.house().review_policy(&desk.ctx, MATRIX, Some(&text)).await {
        Ok(told) => {
            let role = format!("{PAGE}/{name}");
            let hidden = vec![("text".to_owned(), text), ("version".to_owned(), told.version.to_string())];
            drawn(&desk, reviewed(&desk, &told, &role, hidden, &role))
        }
        Err(error) => {
            let wrong = troubles(&desk, error)?;
            let view = of_role(&desk, &role, wrong).await?;
            drawn(&desk, view)
        }
    }
}

/// `POST /admin/roles/{role}`
pub async fn save(desk: Desk, Path(role): Path<String>, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let name = known(&desk, &role)?;
    let text = value(&sent, "text").ok_or_else(Fault::missing)?;
    let seen = value(&sent, "version").and_then(|version| version.parse().ok()).ok_or_else(Fault::missing)?;
    match desk.house().put_policy(&desk.ctx, MATRIX, Some(text), Some(seen)).await {
        Ok(()) => Ok(see_other(&format!("{PAGE}/{name}?done=changed"))),
        Err(error) => {
            let wrong = troubles(&desk, error)?;
            let view = of_role(&desk, &role, wrong).await?;
            drawn(&desk, view)
        }
    }
}

fn known(desk: &Desk, role: &str) -> Result<RoleName, Fault> {
    let name = RoleName::new(role).map_err(|_| Fault::missing())?;
    let rules = desk.house().rules();
    if rules.matrix().roles.contains_key(&name) { Ok(name) } else { Err(Fault::missing()) }
}

async fn of_role(desk: &Desk, role: &str, wrong: Vec<Trouble>) -> Result<Office, Fault> {
    let lang = desk.lang();
    let members = desk.house().members(&desk.ctx).await?;
    let name = known(desk, role)?;
    let rules = desk.house().rules();
    let role = rules.matrix().roles.get(&name).ok_or_else(Fault::missing)?;
    let form = Sheet {
        heading: lang.t("matrix").to_owned(),
        help: Some(lang.t("matrix-help").to_owned()),
        action: format!("{PAGE}/{name}/review"),
        fields: matrix::fields(desk, role),
        grid: Some(matrix::grid(desk, role)),
        button: lang.t("review").to_owned(),
        ..Sheet::default()
    };
    let mut parts = Vec::new();
    if !domain::MACHINE_ROLES.contains(&name.as_str()) {
        let label = lang.with("try-as", &[("whom", desk.label(&role.label).into())]);
        let act =
            Act { label, action: "/admin/tries".into(), fields: vec![("whose".to_owned(), format!("role:{name}"))] };
        parts.push(Part::Grid(Grid {
            heading: lang.t("try").to_owned(),
            columns: vec![lang.t("act").to_owned(), lang.t("what-for").to_owned()],
            rows: vec![vec![Td::Act(act), Td::Text(lang.t("try-help").to_owned())]],
            empty: String::new(),
        }));
    }
    parts.insert(0, Part::Desk(Box::new(form)));
    let count = members.get(&name).copied().unwrap_or_default();
    let about = role.about.clone().filter(|_| !lang.is_zh()).unwrap_or_default();
    Ok(Office {
        heading: lang.with("role-heading", &[("role", desk.label(&role.label).into())]),
        back: back(lang, Some(("roles", PAGE))),
        under: Some(format!("{}{}{about}", lang.with("members-n", &[("n", count.into())]), lang.gap())),
        links: vec![Link::new(lang.t("versions"), "/admin/history/matrix")],
        troubles: wrong,
        parts,
    })
}

/// What saving would do, with the form that does it.
pub fn reviewed(desk: &Desk, told: &Review, action: &str, hidden: Vec<(String, String)>, leave: &str) -> Office {
    let lang = desk.lang();
    let mut parts = Vec::new();
    let (mut gain, mut lose): (BTreeSet<&ActorId>, BTreeSet<&ActorId>) = Default::default();
    for shift in &told.shifts {
        gain.extend(&shift.gain);
        lose.extend(&shift.lose);
    }
    let summary = lang.with(
        "review-sum",
        &[("gain", gain.len().into()), ("lose", lose.len().into()), ("people", told.people.into())],
    );
    parts.push(Part::Note(if lose.is_empty() { Tone::Accent } else { Tone::Warn }, summary));
    if !told.cells.is_empty() {
        let rows = told.cells.iter().map(|cell| {
            vec![
                Td::Text(matrix::place(desk, &cell.place)),
                Td::Text(matrix::word(desk, &cell.from)),
                Td::Text(matrix::word(desk, &cell.to)),
            ]
        });
        parts.push(Part::Grid(Grid {
            heading: lang.t("review-cells").to_owned(),
            columns: ["review-cell", "conflict-was", "review-to"].map(|key| lang.t(key).to_owned()).into(),
            rows: rows.collect(),
            empty: String::new(),
        }));
    }
    let rows = told.shifts.iter().map(|shift| {
        vec![
            Td::Text(right(desk, &shift.right)),
            Td::Text(side(desk, shift, &shift.gain, shift.gained)),
            Td::Text(side(desk, shift, &shift.lose, shift.lost)),
        ]
    });
    parts.push(Part::Grid(Grid {
        heading: lang.t("review-effect").to_owned(),
        columns: ["review-right", "review-gain", "review-lose"].map(|key| lang.t(key).to_owned()).into(),
        rows: rows.collect(),
        empty: lang.t("review-nobody").to_owned(),
    }));
    parts.push(Part::Desk(Box::new(Sheet {
        action: action.to_owned(),
        hidden,
        help: Some(lang.t("review-help").to_owned()),
        button: lang.t("save").to_owned(),
        ..Sheet::default()
    })));
    Office {
        heading: lang.t("review").to_owned(),
        back: Some(Link::new(lang.t("discard"), leave)),
        parts,
        ..Office::default()
    }
}

/// `3 people, 412 records: Ana, Li, …`
fn side(desk: &Desk, shift: &Shift, people: &BTreeSet<ActorId>, records: u64) -> String {
    let lang = desk.lang();
    if people.is_empty() {
        return lang.t("review-none").to_owned();
    }
    let mut names: Vec<String> = people.iter().take(NAMED).map(|id| desk.name(*id)).collect();
    if people.len() > NAMED {
        names.push("…".to_owned());
    }
    let names = names.join(lang.t("list-comma"));
    let people = lang.with("people-n", &[("n", people.len().into())]);
    if shift.right.object().is_none() {
        return lang.with("review-side-system", &[("people", people.into()), ("names", names.into())]);
    }
    let key = if records >= MOST_TOLD { "review-side-many" } else { "review-side" };
    lang.with(key, &[("people", people.into()), ("n", records.into()), ("names", names.into())])
}

/// A right in words.
fn right(desk: &Desk, right: &Right) -> String {
    let lang = desk.lang();
    let catalog = desk.house().catalog();
    let plural = |name: &kernel::ObjectName| {
        catalog.object(name).map_or_else(|| name.to_string(), |object| desk.label(&object.plural).to_owned())
    };
    let of = |key: &str, object: &kernel::ObjectName, category: &kernel::Category| {
        let label = catalog.category(category).map_or_else(|| category.to_string(), |c| desk.label(&c.label).into());
        lang.with(key, &[("object", plural(object).into()), ("category", label.into())])
    };
    match right {
        Right::Act(object, act) => {
            lang.with("right-act", &[("act", matrix::act(lang, *act).into()), ("object", plural(object).into())])
        }
        Right::Masked(object, category) => of("right-masked", object, category),
        Right::Clear(object, category) => of("right-clear", object, category),
        Right::System(act) => matrix::system(lang, *act),
    }
}
