//! The filter form of a list. What is personal in it goes behind a handle, the rest into the address.

use axum::{body::Bytes, extract::Path};
use domain::{Compare, StoredSearch};
use model::{Field, Kind, Protect};

use super::{
    Answer, Desk, Fault,
    address::{Pairs, address, see_other, value},
    asked::{Asked, ME, MY_TEAM},
    desk::list_path,
    sheet::{candidates, typed},
};
use crate::view::{Choice, FilterField, FilterForm, FilterInput};

/// Longer lists of choices (countries) are offered only where the field is a column.
const LONG: usize = 40;
/// How many records a typed title may stand for.
const SEVERAL: u64 = 50;

/// Whether a value of this field may identify somebody and stays out of addresses: ids and choices do not.
pub fn is_private(field: &Field) -> bool {
    let told = matches!(
        field.kind,
        Kind::Choice(_) | Kind::ManyChoice(_) | Kind::Link(_) | Kind::YesNo | Kind::Date | Kind::Time
    );
    field.is_personal() && !told
}

/// `POST /{object}/filter`
pub async fn create(desk: Desk, Path(object): Path<String>, body: Bytes) -> Answer {
    let asked = Asked::read(&desk, &object).await?;
    let sent = typed(&body)?;
    let mut open = asked.unfiltered();
    let mut kept =
        StoredSearch { object: Some(asked.definition.name.clone()), q: asked.ask.q.clone(), ..StoredSearch::default() };
    for field in fields(&desk, &asked) {
        let on_now = || {
            let keys = [field.name.to_string(), format!("{}.in", field.name)];
            asked.pairs.iter().filter(move |(key, _)| keys.contains(key)).cloned()
        };
        let emptiness = matches!(value(&sent, &format!("{}.op", field.name)), Some("empty" | "filled"));
        let untouched = value(&sent, &field.name).is_none_or(|text| text.trim().is_empty()) && !emptiness;
        if matches!(field.kind, Kind::Link(_)) && untouched {
            // The box of a link does not say what is on: the chip does, and takes it off.
            open.extend(on_now());
        }
        for (key, text) in written(&desk, field, &sent).await? {
            if is_private(field) { kept.filters.push((key, text)) } else { open.push((key, text)) }
        }
    }
    for key in ["owner", "team"] {
        let Some(text) = value(&sent, key).filter(|text| !text.is_empty()) else { continue };
        let not = key == "owner" && value(&sent, "owner.op") == Some("ne");
        let key = match (not, text) {
            (true, _) => "owner.ne".to_owned(),
            (false, MY_TEAM) => "team.in".to_owned(),
            (false, _) => key.to_owned(),
        };
        open.push((key, text.to_owned()));
    }
    for key in ["updated_at.ge", "updated_at.le"] {
        if let Some(text) = value(&sent, key).filter(|text| !text.is_empty()) {
            open.push((key.to_owned(), edge(text, &key[key.len() - 2..])));
        }
    }
    if kept.q.is_some() || !kept.filters.is_empty() {
        open.push(("q".into(), desk.house().keep_search(&desk.ctx, &kept).await?.to_string()));
    } else {
        open.extend(asked.dropped());
    }
    Ok(see_other(&asked.href(open)))
}

/// What was typed for one field, as filters.
async fn written(desk: &Desk, field: &Field, sent: &Pairs) -> Result<Pairs, Fault> {
    let name = field.name.as_str();
    let text = value(sent, name).map(str::trim).filter(|text| !text.is_empty());
    let mut found = Vec::new();
    match value(sent, &format!("{name}.op")) {
        Some("empty") => return Ok(vec![(format!("{name}.empty"), "true".into())]),
        Some("filled") => return Ok(vec![(format!("{name}.empty"), "false".into())]),
        _ => {}
    }
    match (&field.kind, text) {
        (Kind::Number { .. } | Kind::Money { .. } | Kind::Date | Kind::Time, _) => {
            for end in ["ge", "le"] {
                let key = format!("{name}.{end}");
                if let Some(text) = value(sent, &key).map(str::trim).filter(|text| !text.is_empty()) {
                    found.push((key, if matches!(field.kind, Kind::Time) { edge(text, end) } else { text.to_owned() }));
                }
            }
        }
        (Kind::Link(to), Some(text)) => {
            let ids = match text.parse::<kernel::RecordId>() {
                Ok(id) => vec![id],
                Err(_) => candidates(desk, to, text, SEVERAL).await?.into_iter().map(|(id, _)| id).collect(),
            };
            let one = |id: &kernel::RecordId| id.to_string();
            found.push(match &ids[..] {
                // Nothing is called so: the list says that nothing matches.
                [] => (name.to_owned(), kernel::RecordId::from_bytes([0; 16]).to_string()),
                [id] => (name.to_owned(), one(id)),
                several => (format!("{name}.in"), several.iter().map(one).collect::<Vec<_>>().join(",")),
            });
        }
        (_, Some(text)) => {
            let op = value(sent, &format!("{name}.op")).and_then(Compare::parse).unwrap_or(Compare::Eq);
            let op = ops(field).into_iter().find(|known| *known == op).or_else(|| ops(field).first().copied());
            found.push(match op {
                None | Some(Compare::Eq) => (name.to_owned(), text.to_owned()),
                Some(op) => (format!("{name}.{}", op.word()), text.to_owned()),
            });
        }
        (_, None) => {}
    }
    Ok(found)
}

/// The first or last instant of a day, as filters on instants take it.
pub fn edge(day: &str, end: &str) -> String {
    match end {
        "ge" => format!("{day}T00:00:00Z"),
        _ => format!("{day}T23:59:59.999999Z"),
    }
}

/// The comparisons a field takes, the most useful first.
fn ops(field: &Field) -> Vec<Compare> {
    let mut ops = Vec::new();
    match field.kind {
        Kind::Choice(_) => ops.extend([Compare::Eq, Compare::Ne]),
        Kind::YesNo | Kind::Link(_) => ops.push(Compare::Eq),
        _ => {
            if field.find.text() {
                ops.extend([Compare::Contains, Compare::Starts]);
            }
            if field.find.exact() || field.find.text() || field.protect == Protect::Disk {
                ops.push(Compare::Eq);
            }
            if field.protect == Protect::Disk {
                ops.push(Compare::Ne);
            }
        }
    }
    ops
}

/// The fields offered: those the actor may filter by, columns first.
fn fields<'a>(desk: &Desk, asked: &'a Asked) -> Vec<&'a Field> {
    let object = &asked.definition;
    let useful = |field: &&Field| match &field.kind {
        Kind::ManyChoice(_) | Kind::File => false,
        Kind::Text { .. } | Kind::LongText { .. } | Kind::Email | Kind::Phone | Kind::Url => !ops(field).is_empty(),
        Kind::Choice(choices) => field.protect == Protect::Disk && (field.column || choices.len() <= LONG),
        _ => field.protect == Protect::Disk,
    };
    let mut fields: Vec<&Field> = object.fields().iter().filter(useful).collect();
    fields.retain(|field| desk.house().may_use(&desk.ctx, &object.name, &field.name));
    fields.sort_by_key(|field| !(field.column || object.title.contains(&field.name)));
    fields
}

/// The form, with what is on.
pub fn form(desk: &Desk, asked: &Asked) -> Option<FilterForm> {
    let object = &asked.definition;
    let lang = desk.lang();
    let mut offered: Vec<FilterField> = fields(desk, asked)
        .into_iter()
        .map(|field| FilterField {
            name: field.name.to_string(),
            label: desk.label(&field.label).to_owned(),
            ops: chosen_ops(desk, asked, field),
            input: input(desk, asked, field),
        })
        .collect();
    if offered.is_empty() {
        return None;
    }
    let not = !on(asked, "owner.ne").is_empty();
    let owner = if not { on(asked, "owner.ne") } else { on(asked, "owner") };
    let op =
        |value: &str, text: &'static str, chosen| Choice { value: value.into(), label: lang.t(text).into(), chosen };
    offered.push(FilterField {
        name: "owner".into(),
        label: lang.t("owner").to_owned(),
        ops: vec![op("eq", "op-is", !not), op("ne", "op-is-not", not)],
        input: FilterInput::Choice(owners(desk, owner)),
    });
    if desk.ctx.actor.team.is_some() || !desk.ctx.actor.subtree.is_empty() {
        let team = |value: &str, label: String, chosen| Choice { value: value.to_owned(), label, chosen };
        let mut teams = vec![team(MY_TEAM, lang.t("my-team").to_owned(), on(asked, "team.in") == MY_TEAM)];
        teams.extend(desk.ctx.actor.subtree.iter().filter_map(|id| {
            let text = id.to_string();
            let chosen = on(asked, "team") == text;
            Some(team(&text, desk.house().team_name(*id)?, chosen))
        }));
        offered.push(FilterField {
            name: "team".into(),
            label: lang.t("team").to_owned(),
            ops: Vec::new(),
            input: FilterInput::Choice(teams),
        });
    }
    let day = |key| on(asked, key).chars().take(10).collect();
    offered.push(FilterField {
        name: "updated_at".into(),
        label: lang.t("updated-at").to_owned(),
        ops: Vec::new(),
        input: FilterInput::Range { date: true, from: day("updated_at.ge"), to: day("updated_at.le") },
    });
    let link = |key: &str| {
        let name = key.strip_suffix(".in").unwrap_or(key);
        object.field(name).is_some_and(|field| matches!(field.kind, Kind::Link(_)))
    };
    let links = asked.pairs.iter().filter(|(key, _)| link(key)).cloned();
    Some(FilterForm {
        action: address(
            &format!("{}/filter", list_path(object)),
            asked.said(asked.sent_along().into_iter().chain(links).collect()),
        ),
        reset: asked.cleared(),
        open: false,
        fields: offered,
    })
}

/// How a field is compared now, among the ways it can be.
fn chosen_ops(desk: &Desk, asked: &Asked, field: &Field) -> Vec<Choice> {
    let lang = desk.lang();
    let name = field.name.as_str();
    let key = |word: &str| format!("{name}.{word}");
    let emptiness = on(asked, &key("empty"));
    let word = |op: Compare| match op {
        Compare::Contains => "op-contains",
        Compare::Starts => "op-starts",
        Compare::Ne => "op-is-not",
        _ => "op-is",
    };
    let range = matches!(field.kind, Kind::Number { .. } | Kind::Money { .. } | Kind::Date | Kind::Time);
    let choice = |value: &str, text: &'static str, chosen| Choice {
        value: value.to_owned(),
        label: lang.t(text).to_owned(),
        chosen,
    };
    let mut all: Vec<Choice> = if range {
        vec![choice("between", "op-between", false)]
    } else {
        ops(field).into_iter().map(|op| choice(op.word(), word(op), !on(asked, &key(op.word())).is_empty())).collect()
    };
    all.push(choice("empty", "op-empty", emptiness == "true"));
    all.push(choice("filled", "op-filled", emptiness == "false"));
    all
}

/// The value of a filter that is on, as it stands in the address or is kept.
fn on<'a>(asked: &'a Asked, key: &str) -> &'a str {
    value(&asked.pairs, key).or_else(|| value(&asked.kept.filters, key)).unwrap_or_default()
}

fn input(desk: &Desk, asked: &Asked, field: &Field) -> FilterInput {
    let name = field.name.as_str();
    let of = |word: &str| on(asked, &format!("{name}.{word}"));
    match &field.kind {
        Kind::Choice(choices) => FilterInput::Choice(
            choices
                .iter()
                .map(|choice| Choice {
                    value: choice.value.clone(),
                    label: desk.label(&choice.label).to_owned(),
                    chosen: on(asked, name) == choice.value || of("ne") == choice.value,
                })
                .collect(),
        ),
        Kind::YesNo => FilterInput::YesNo(match on(asked, name) {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => None,
        }),
        Kind::Number { .. } | Kind::Money { .. } | Kind::Date | Kind::Time => {
            let date = matches!(field.kind, Kind::Date | Kind::Time);
            let end = |text: &str| if date { text.chars().take(10).collect() } else { text.to_owned() };
            FilterInput::Range { date, from: end(of("ge")), to: end(of("le")) }
        }
        // A link is typed by title; which record is on stands among the chips.
        Kind::Link(_) => FilterInput::Text { value: String::new() },
        _ => {
            let words = ["contains", "starts", "eq", "ne"];
            let now = words.iter().map(|word| of(word)).find(|text| !text.is_empty());
            FilterInput::Text { value: now.unwrap_or_else(|| on(asked, name)).to_owned() }
        }
    }
}

/// Whose records: one's own first.
fn owners(desk: &Desk, chosen: &str) -> Vec<Choice> {
    let me = desk.ctx.actor.id;
    let choice =
        |id: kernel::ActorId, label: String| Choice { chosen: id.to_string() == chosen, value: id.to_string(), label };
    let mine = Choice { value: ME.to_owned(), label: desk.lang().t("me").to_owned(), chosen: chosen == ME };
    let mut all = vec![mine];
    all.extend(desk.house().colleagues().into_iter().filter(|(id, _)| *id != me).map(|(id, name)| choice(id, name)));
    all
}
