//! The filter form of a list. What is personal in it goes behind a handle, the rest into the address.

use axum::{body::Bytes, extract::Path};
use domain::{Compare, ListAsk, StoredSearch};
use model::{Field, Kind, Protect};

use super::{
    Answer, Desk, Fault,
    address::{Pairs, address, see_other, value, without},
    desk::list_path,
    lists::{Asked, PLACE},
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
    let mut open: Pairs =
        without(&desk.pairs, PLACE).into_iter().filter(|(key, _)| key == "sort" || key == "purpose").collect();
    let mut kept =
        StoredSearch { object: Some(asked.definition.name.clone()), q: asked.ask.q.clone(), ..StoredSearch::default() };
    for field in fields(&desk, &asked) {
        let on_now = || {
            let keys = [field.name.to_string(), format!("{}.in", field.name)];
            desk.pairs.iter().filter(move |(key, _)| keys.contains(key)).cloned()
        };
        if matches!(field.kind, Kind::Link(_)) && value(&sent, &field.name).is_none_or(|text| text.trim().is_empty()) {
            // The box of a link does not say what is on: the chip does, and takes it off.
            open.extend(on_now());
        }
        for (key, text) in written(&desk, field, &sent).await? {
            if is_private(field) { kept.filters.push((key, text)) } else { open.push((key, text)) }
        }
    }
    for (name, end) in [("owner", "eq"), ("updated_at", "ge"), ("updated_at", "le")] {
        let key = if end == "eq" { name.to_owned() } else { format!("{name}.{end}") };
        if let Some(text) = value(&sent, &key).filter(|text| !text.is_empty()) {
            open.push((key, if name == "owner" { text.to_owned() } else { edge(text, end) }));
        }
    }
    if kept.q.is_some() || !kept.filters.is_empty() {
        open.push(("q".into(), desk.house().keep_search(&desk.ctx, &kept).await?.to_string()));
    }
    Ok(see_other(&address(&list_path(&asked.definition), open)))
}

/// What was typed for one field, as filters.
async fn written(desk: &Desk, field: &Field, sent: &Pairs) -> Result<Pairs, Fault> {
    let name = field.name.as_str();
    let text = value(sent, name).map(str::trim).filter(|text| !text.is_empty());
    let mut found = Vec::new();
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
fn edge(day: &str, end: &str) -> String {
    match end {
        "ge" => format!("{day}T00:00:00Z"),
        _ => format!("{day}T23:59:59.999999Z"),
    }
}

/// The comparisons a text field takes, the most useful first.
fn ops(field: &Field) -> Vec<Compare> {
    let mut ops = Vec::new();
    if field.find.text() {
        ops.extend([Compare::Contains, Compare::Starts]);
    }
    if field.find.exact() || field.find.text() || field.protect == Protect::Disk {
        ops.push(Compare::Eq);
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
            input: input(desk, &asked.ask, field),
        })
        .collect();
    if offered.is_empty() {
        return None;
    }
    offered.push(FilterField {
        name: "owner".into(),
        label: lang.t("owner").to_owned(),
        input: FilterInput::Choice(owners(desk, on(&asked.ask, "owner", Compare::Eq))),
    });
    let day = |compare| on(&asked.ask, "updated_at", compare).chars().take(10).collect();
    offered.push(FilterField {
        name: "updated_at".into(),
        label: lang.t("updated-at").to_owned(),
        input: FilterInput::Range { date: true, from: day(Compare::Ge), to: day(Compare::Le) },
    });
    let stay = |key: &str| matches!(key, "sort" | "purpose");
    let link = |key: &str| {
        let name = key.strip_suffix(".in").unwrap_or(key);
        object.field(name).is_some_and(|field| matches!(field.kind, Kind::Link(_)))
    };
    let kept = |key: &str| stay(key) || link(key) || matches!(key, "q" | "drop");
    let kept = asked.pairs.iter().filter(|(key, _)| kept(key)).cloned();
    Some(FilterForm {
        action: address(&format!("{}/filter", list_path(object)), kept),
        reset: address(&list_path(object), asked.pairs.iter().filter(|(key, _)| stay(key)).cloned()),
        open: false,
        fields: offered,
    })
}

/// The value of a filter that is on.
fn on<'a>(ask: &'a ListAsk, field: &str, compare: Compare) -> &'a str {
    ask.filters.iter().find(|f| f.field == field && f.compare == compare).map_or("", |f| f.value.as_str())
}

fn input(desk: &Desk, ask: &ListAsk, field: &Field) -> FilterInput {
    let lang = desk.lang();
    let name = field.name.as_str();
    match &field.kind {
        Kind::Choice(choices) => FilterInput::Choice(
            choices
                .iter()
                .map(|choice| Choice {
                    value: choice.value.clone(),
                    label: desk.label(&choice.label).to_owned(),
                    chosen: on(ask, name, Compare::Eq) == choice.value,
                })
                .collect(),
        ),
        Kind::YesNo => FilterInput::YesNo(match on(ask, name, Compare::Eq) {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => None,
        }),
        Kind::Number { .. } | Kind::Money { .. } | Kind::Date | Kind::Time => {
            let date = matches!(field.kind, Kind::Date | Kind::Time);
            let end = |compare| {
                let text = on(ask, name, compare);
                if date { text.chars().take(10).collect() } else { text.to_owned() }
            };
            FilterInput::Range { date, from: end(Compare::Ge), to: end(Compare::Le) }
        }
        // A link is typed by title; which record is on stands among the chips.
        Kind::Link(_) => FilterInput::Text { ops: Vec::new(), value: String::new() },
        _ => {
            let now = ask.filters.iter().find(|f| f.field == name);
            let ops = ops(field).into_iter().map(|op| Choice {
                value: op.word().to_owned(),
                label: match op {
                    Compare::Contains => lang.t("op-contains"),
                    Compare::Starts => lang.t("op-starts"),
                    _ => lang.t("op-is"),
                }
                .to_owned(),
                chosen: now.is_some_and(|f| f.compare == op),
            });
            FilterInput::Text { ops: ops.collect(), value: now.map_or_else(String::new, |f| f.value.clone()) }
        }
    }
}

/// Whose records: one's own first.
fn owners(desk: &Desk, chosen: &str) -> Vec<Choice> {
    let me = desk.ctx.actor.id;
    let choice =
        |id: kernel::ActorId, label: String| Choice { chosen: id.to_string() == chosen, value: id.to_string(), label };
    let mut all = vec![choice(me, desk.lang().t("me").to_owned())];
    all.extend(desk.house().colleagues().into_iter().filter(|(id, _)| *id != me).map(|(id, name)| choice(id, name)));
    all
}
