//! Boards: a list with a column for each value of a choice; and moving a card to another.

use axum::{body::Bytes, extract::Path, response::IntoResponse};
use domain::{Edit, Error, Group, ListAsk, Look, groups_by, sums_up};
use kernel::{FieldName, RecordId};
use model::{Field, Kind, Object};
use seal::{Disclosed, DisclosedRow, Shown, policy::Act};

use super::{
    Answer, Desk, Fault,
    address::{Pairs, address, see_other, value},
    asked::{Asked, PLACE},
    cells::{self, Names},
    desk::list_path,
    filters, lists, records,
    sheet::typed,
    views,
};
use crate::{
    ui::{self, Link, Message, Tone},
    view::{Board, BoardColumn, Card, Move, Switch, SwitchItem, board, move_card},
};

/// How many cards a column shows.
const CARDS: u64 = 50;
/// The most columns of a board.
const COLUMNS: usize = 20;
/// How many values stand under a card's title.
const LINES: usize = 3;

/// Table, board and calendar, as far as the object has fields for them.
pub fn layouts(desk: &Desk, asked: &Asked) -> Vec<SwitchItem> {
    let lang = desk.lang();
    let now = asked.layout("layout").unwrap_or("table");
    let item = |word: &str, label: &'static str| SwitchItem {
        link: Link::new(
            lang.t(label),
            asked.anew(&[("layout", (word != "table").then(|| word.to_owned())), ("by", None), ("month", None)]),
        ),
        current: now == word,
    };
    let mut all = vec![item("table", "layout-table")];
    if choices(desk, &asked.definition).next().is_some() {
        all.push(item("board", "layout-board"));
    }
    if super::calendars::days(desk, &asked.definition).next().is_some() {
        all.push(item("calendar", "layout-calendar"));
    }
    all
}

/// The fields that a board can have columns by.
fn choices<'a>(desk: &'a Desk, object: &'a Object) -> impl Iterator<Item = &'a Field> {
    let fits = |field: &&Field| {
        matches!(field.kind, Kind::Choice(_)) && groups_by(object, &field.name) && field.choices().len() <= COLUMNS
    };
    object.fields().iter().filter(fits).filter(|field| desk.house().may_use(&desk.ctx, &object.name, &field.name))
}

/// `GET /{object}?layout=board`
pub async fn show(desk: &Desk, asked: &Asked) -> Answer {
    let object = &asked.definition;
    let by = asked.layout("by").unwrap_or_default();
    let all: Vec<&Field> = choices(desk, object).collect();
    // What must be filled in is what records go through: a stage, a state.
    let usual = all.iter().find(|field| field.required).or(all.first());
    let by = *all.iter().find(|field| field.name.as_str() == by).or(usual).ok_or_else(Fault::missing)?;
    let shown = shown(desk, object, by);
    let amount: Vec<FieldName> = shown
        .iter()
        .filter(|name| sums_up(object, name) && desk.house().may_use(&desk.ctx, &object.name, name))
        .take(1)
        .cloned()
        .collect();
    let groups = desk.house().totals(&desk.ctx, &object.name, &asked.ask, Some(&by.name), &amount).await?;
    let mut shell = desk.shell();
    shell.messages.extend(moved(desk, asked, by));
    let mut columns = Vec::new();
    let mut purpose = String::new();
    let keys = by.choices().iter().map(|choice| Some(choice.value.clone())).chain([None]);
    for key in keys {
        let none = Group { key: key.clone(), count: 0, sums: Vec::new() };
        let group = groups.iter().find(|group| group.key == key).unwrap_or(&none);
        if group.count == 0 && key.is_none() {
            continue;
        }
        let mut column = BoardColumn {
            label: lists::group_label(desk, object, &by.name, key.as_deref()),
            key: key.clone().unwrap_or_default(),
            count: group.count,
            sums: group.sums.iter().map(|sum| lists::amount(desk, object, sum, sum.sum)).collect(),
            ..BoardColumn::default()
        };
        if group.count > 0 {
            let ask = ListAsk {
                fields: Some(shown.clone()),
                limit: CARDS,
                count: false,
                after: None,
                before: None,
                ..lists::only(asked, &by.name, group)
            };
            let listed = desk.house().list(&desk.ctx, &object.name, &ask).await?;
            let names = cells::names(desk, &listed.page).await?;
            shell.recorded = desk.recorded(listed.page.entry).recorded;
            purpose = listed.purpose.to_string();
            column.cards =
                listed.page.rows.iter().map(|row| card(desk, asked, by, &listed.page, row, &names)).collect();
            let (key, value) = match &key {
                Some(key) => (by.name.to_string(), key.clone()),
                None => (format!("{}.empty", by.name), "true".to_owned()),
            };
            column.all =
                (group.count > CARDS).then(|| asked.anew(&[("layout", None), ("by", None), (&key, Some(value))]));
        }
        columns.push(column);
    }
    let chips = asked.chips(desk).await?;
    let may = |act| desk.has_form(object) && desk.house().may(&desk.ctx, &object.name, act);
    let may_move = may(Act::Edit)
        && desk
            .house()
            .writable(&desk.ctx, &object.name, Act::Edit)
            .iter()
            .any(|at| object.fields()[*at].name == by.name);
    let view = Board {
        title: desk.label(&object.plural).to_owned(),
        views: views::menu(desk, asked),
        layouts: layouts(desk, asked),
        by: by_switch(desk, asked, &all, by),
        purpose: lists::switch(desk, object, &purpose, |name| asked.anew(&[("purpose", Some(name.to_owned()))])),
        clear: (!chips.is_empty()).then(|| asked.cleared()),
        chips,
        filter: filters::form(desk, asked),
        columns,
        moves: may_move,
        sent: vec![("field".into(), by.name.to_string()), ("query".into(), asked.query())],
        new: may(Act::Create).then(|| Link::new(desk.new_label(object), format!("{}/new", list_path(object)))),
    };
    Ok(board(&shell, &view).into_response())
}

/// The fields that a layout can be laid out by, `by` among them now.
pub fn by_switch(desk: &Desk, asked: &Asked, all: &[&Field], by: &Field) -> Switch {
    let item = |field: &&Field| SwitchItem {
        link: Link::new(desk.label(&field.label), asked.anew(&[("by", Some(field.name.to_string()))])),
        current: field.name == by.name,
    };
    Switch { current: desk.label(&by.label).to_owned(), items: all.iter().map(item).collect() }
}

/// The fields of a card: title, first link, first amount, first day, next step, as far as they may be seen.
fn shown(desk: &Desk, object: &Object, by: &Field) -> Vec<FieldName> {
    let visible = desk.house().visible(&desk.ctx, &object.name);
    let fields: Vec<&Field> = visible.iter().map(|at| &object.fields()[*at]).collect();
    let first =
        |fits: &dyn Fn(&Field) -> bool| fields.iter().copied().find(|field| field.name != by.name && fits(field));
    let mut names: Vec<FieldName> =
        object.title.iter().filter(|name| fields.iter().any(|f| f.name == **name)).cloned().collect();
    let link = first(&|field| matches!(field.kind, Kind::Link(_)));
    let amount = first(&|field| matches!(field.kind, Kind::Money { .. }));
    let currency = amount.and_then(|field| match &field.kind {
        Kind::Money { currency } => first(&|other| other.name.as_str() == currency.as_str()),
        _ => None,
    });
    let step = first(&|field| field.name.as_str() == "next_step");
    let day = first(&|field| matches!(field.kind, Kind::Date) && field.column);
    for field in [link, amount, currency, step, day].into_iter().flatten() {
        if !names.contains(&field.name) {
            names.push(field.name.clone());
        }
    }
    names
}

fn card(desk: &Desk, asked: &Asked, by: &Field, page: &Disclosed, row: &DisclosedRow, names: &Names) -> Card {
    let object = &page.object;
    let id = row.id.to_string();
    let path = format!("{}/{id}", list_path(object));
    let currency = |name: &FieldName| {
        object
            .fields()
            .iter()
            .any(|f| matches!(&f.kind, Kind::Money { currency } if currency.as_str() == name.as_str()))
    };
    let fields = page.fields.iter().map(|at| &object.fields()[*at]);
    let fields = fields.filter(|field| !object.title.contains(&field.name) && !currency(&field.name));
    let lines = fields.map(|field| cells::cell(desk.lang(), page, row, field, names));
    let days = (desk.ctx.at.as_second() - row.updated.as_second()) / 86_400;
    let carried = lists::carried(desk, asked);
    let to = carried.iter().cloned().chain([("field".to_owned(), by.name.to_string())]);
    Card {
        version: row.version,
        title: cells::row_title(page, row).to(address(&path, carried.iter().cloned())),
        lines: lines.filter(|cell| !cell.is_empty()).take(LINES).collect(),
        age: desk.lang().with("board-days", &[("n", days.into())]),
        to: address(&format!("{path}/move"), to),
        moved: desk.asked("moved").is_some_and(|moved| moved.starts_with(&id)),
        id,
    }
}

/// What came of a move: that it is done, with its undo, or why it was not.
fn moved(desk: &Desk, asked: &Asked, by: &Field) -> Option<Message> {
    let lang = desk.lang();
    let told = desk.asked("moved")?;
    let wrong = match told {
        "refused" => Some("board-refused"),
        "conflict" => Some("board-conflict"),
        "gone" => Some("board-gone"),
        "invalid" => Some("board-invalid"),
        _ => None,
    };
    if let Some(key) = wrong {
        return Some(Message::new(Tone::Danger, lang.t(key)));
    }
    let mut parts = told.split(':');
    let (id, version, from) = (parts.next()?.parse::<RecordId>().ok()?, parts.next()?, parts.next()?);
    let known = from.is_empty() || by.choices().iter().any(|choice| choice.value == from);
    let undo = known.then(|| ui::Act {
        label: lang.t("undo").to_owned(),
        action: format!("{}/{id}/move", list_path(&asked.definition)),
        fields: vec![
            ("field".into(), by.name.to_string()),
            ("query".into(), asked.query()),
            ("version".into(), version.to_owned()),
            ("to".into(), from.to_owned()),
        ],
    });
    Some(Message { undo, ..Message::new(Tone::Ok, lang.t("board-moved")) })
}

/// `GET /{object}/{id}/move?field=…`: where a card can go, as a page.
pub async fn choose(desk: Desk, Path((object, id)): Path<(String, String)>) -> Answer {
    let definition = desk.object(&object)?;
    let id = records::record_id(&definition, &id)?;
    let by = field(&desk, &definition, desk.asked("field").unwrap_or_default())?;
    let mut fields: Vec<FieldName> = definition.title.clone();
    fields.push(by.name.clone());
    let page = desk.house().get(&desk.ctx, &object, id, &Look { fields: Some(fields), ..Look::default() }).await?;
    let row = page.rows.first().ok_or_else(Fault::missing)?;
    let now = match page.value(row, &by.name) {
        Shown::Clear(value) => by.kind.show(value),
        _ => String::new(),
    };
    let list = desk.asked("in").unwrap_or_default().to_owned();
    let back = address(&list_path(&definition), crate::api::records::pairs(Some(&list))?);
    let view = Move {
        object: desk.label(&definition.label).to_owned(),
        back: Link::new(desk.label(&definition.plural), back),
        action: format!("{}/{id}/move", list_path(&definition)),
        sent: vec![
            ("field".into(), by.name.to_string()),
            ("query".into(), list),
            ("version".into(), row.version.to_string()),
        ],
        title: cells::row_title(&page, row),
        columns: by
            .choices()
            .iter()
            .map(|choice| (choice.value.clone(), desk.label(&choice.label).to_owned(), choice.value == now))
            .collect(),
    };
    Ok(move_card(&desk.recorded(page.entry), &view).into_response())
}

/// `POST /{object}/{id}/move`: moves a card; a refused move leads back too, and says why.
pub async fn create(desk: Desk, Path((object, id)): Path<(String, String)>, body: Bytes) -> Answer {
    let definition = desk.object(&object)?;
    let id = records::record_id(&definition, &id)?;
    let sent = typed(&body)?;
    let by = field(&desk, &definition, value(&sent, "field").unwrap_or_default())?;
    let to = value(&sent, "to").unwrap_or_default().to_owned();
    let version = value(&sent, "version").and_then(|v| v.parse().ok()).unwrap_or(0);
    let look = Look { fields: Some(vec![by.name.clone()]), ..Look::default() };
    let told = match desk.house().get(&desk.ctx, &object, id, &look).await {
        Ok(page) => {
            let was = page.rows.first().map(|row| page.value(row, &by.name));
            let was = match was {
                Some(Shown::Clear(value)) => by.kind.show(value),
                _ => String::new(),
            };
            let edit = Edit { fields: vec![(by.name.clone(), to)], version, ..Edit::default() };
            match desk.house().change(&desk.ctx, &object, id, &edit).await {
                Ok(written) => format!("{id}:{}:{was}", written.version),
                Err(error) => told(error)?.to_owned(),
            }
        }
        Err(error) => told(error)?.to_owned(),
    };
    let query = crate::api::records::pairs(value(&sent, "query"))?;
    let left: Pairs = query.into_iter().filter(|(key, _)| !PLACE.contains(&key.as_str())).collect();
    Ok(see_other(&address(&list_path(&definition), left.into_iter().chain([("moved".to_owned(), told)]))))
}

/// Why a card was not moved, as a word of the address; what is no answer to the move is passed on.
fn told(error: Error) -> Result<&'static str, Fault> {
    Ok(match error {
        Error::NotFound(_) => "gone",
        Error::Refused(_) | Error::NotForRole(_) => "refused",
        Error::Conflict { .. } => "conflict",
        Error::Invalid(_) | Error::Taken => "invalid",
        other => return Err(other.into()),
    })
}

fn field<'a>(desk: &Desk, object: &'a Object, name: &str) -> Result<&'a Field, Fault> {
    let may = desk.has_form(object);
    object
        .field(name)
        .filter(|field| may && matches!(field.kind, Kind::Choice(_)) && groups_by(object, &field.name))
        .ok_or_else(Fault::missing)
}
