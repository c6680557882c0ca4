//! The list of an object.

use std::sync::Arc;

use axum::{extract::Path, http::StatusCode, response::IntoResponse};
use domain::{Compare, ListAsk, Listed, StoredSearch, Title, WrittenFilter};
use kernel::RecordId;
use model::{Field, Kind, Object};
use seal::policy::Act;

use super::{
    Answer, Desk, Fault,
    address::{Pairs, address, query, value, without},
    cells::{self, Names},
    desk::list_path,
    filters, words,
};
use crate::{
    api::records::list_ask,
    problem::{Problem, Told},
    ui::{Cell, Icon, Link, Message, Tone},
    view::{Chip, Column, Direction, List, Pager, Row, Switch, SwitchItem, list},
};

/// How many rows a page has unless the address says otherwise.
const PAGE: u64 = 50;
/// With more columns than these, owner and last change are left to the record's page.
const WIDE: usize = 4;
/// How many records a filter names before it counts the rest.
const NAMED: usize = 2;
/// Columns that stay on a phone's card beside the title.
const ON_CARD: usize = 3;
/// Keys that say which page of a list it is.
pub const PLACE: &[&str] = &["cursor", "before", "at", "seen", "done"];

/// `GET /{object}`
pub async fn show(desk: Desk, Path(object): Path<String>) -> Answer {
    let asked = Asked::read(&desk, &object).await?;
    let listed = desk.house().list(&desk.ctx, &object, &asked.ask).await?;
    let names = cells::names(&desk, &listed.page).await?;
    let chips = asked.chips(&desk).await?;
    let mut shell = desk.recorded(listed.page.entry);
    if let Some((done, total)) = listed.filling {
        let percent = done * 100 / total.max(1);
        shell.messages.push(Message::new(Tone::Warn, desk.lang().with("search-filling", &[("n", percent.into())])));
    }
    Ok(list(&shell, &filled(&desk, &asked, &listed, &names, chips)).into_response())
}

/// What a list's address asks for.
pub struct Asked {
    /// The object.
    pub definition: Arc<Object>,
    /// What the domain is asked.
    pub ask: ListAsk,
    /// The query, without what has passed.
    pub pairs: Pairs,
    /// What a handle in it names.
    pub kept: StoredSearch,
}

impl Asked {
    /// Reads the address. A filter on a personal text in it is refused: such a filter is kept behind a handle.
    pub async fn read(desk: &Desk, object: &str) -> Result<Self, Fault> {
        let definition = desk.object(object)?;
        let pairs = without(&desk.pairs, &["done", "seen"]);
        let kept = match value(&pairs, "q") {
            Some(handle) => kept(desk, &definition, handle).await?,
            None => StoredSearch::default(),
        };
        let dropped: Vec<&str> = pairs.iter().filter(|(key, _)| key == "drop").map(|(_, v)| v.as_str()).collect();
        let open = without(&pairs, &["q", "drop", "before", "at"]);
        for (key, _) in &open {
            let name = key.split('.').next().unwrap_or_default();
            if definition.field(name).is_some_and(filters::is_private) && !key.ends_with(".empty") {
                return Err(Problem(Told::new(StatusCode::UNPROCESSABLE_ENTITY, "personal_address", "")).into());
            }
        }
        let sealed = kept.filters.iter().filter(|(key, _)| !dropped.contains(&key.as_str())).cloned();
        let all: Pairs = open.into_iter().chain(sealed).collect();
        let mut ask = list_ask(&definition, &all)?;
        ask.q = kept.q.clone().filter(|_| !dropped.contains(&"q"));
        ask.count = true;
        if value(&pairs, "limit").is_none() {
            ask.limit = PAGE;
        }
        if let Some(before) = value(&pairs, "before") {
            let bad = || domain::Error::field("before", "cursor_form", "a record's id");
            ask.before = Some(before.parse().map_err(|_| bad())?);
        }
        Ok(Self { definition, ask, pairs, kept })
    }

    /// The address of the same list with these keys replaced.
    fn with(&self, changed: &[(&str, Option<String>)]) -> String {
        let keys: Vec<&str> = changed.iter().map(|(key, _)| *key).collect();
        let new = changed.iter().filter_map(|(key, v)| Some(((*key).to_owned(), v.clone()?)));
        address(&list_path(&self.definition), without(&self.pairs, &keys).into_iter().chain(new))
    }

    /// From the first page on, with these keys replaced.
    fn anew(&self, changed: &[(&str, Option<String>)]) -> String {
        let mut all: Vec<(&str, Option<String>)> = PLACE.iter().map(|key| (*key, None)).collect();
        all.extend(changed.iter().cloned());
        self.with(&all)
    }

    /// The filters that are on, in words.
    async fn chips(&self, desk: &Desk) -> Result<Vec<Chip>, Fault> {
        let mut chips = Vec::new();
        if let Some(q) = &self.ask.q {
            chips.push(Chip {
                text: desk.lang().with("chip-search", &[("text", q.as_str().into())]),
                without: self.drop("q"),
            });
        }
        for filter in &self.ask.filters {
            let key = key_of(filter);
            let plain = [key.clone(), filter.field.clone()];
            let in_address = self.pairs.iter().any(|(k, v)| plain.contains(k) && *v == filter.value);
            let away = if in_address {
                let left = self
                    .pairs
                    .iter()
                    .filter(|(k, v)| !PLACE.contains(&k.as_str()) && !(plain.contains(k) && *v == filter.value));
                address(&list_path(&self.definition), left.map(|(k, v)| (k, v)))
            } else {
                self.drop(&self.kept.filters.iter().find(|(k, _)| plain.contains(k)).map_or(key, |(k, _)| k.clone()))
            };
            chips.push(Chip { text: self.chip(desk, filter).await?, without: away });
        }
        Ok(chips)
    }

    /// The list without a filter that stands behind the handle.
    fn drop(&self, key: &str) -> String {
        let mut left = without(&self.pairs, PLACE);
        left.push(("drop".into(), key.to_owned()));
        address(&list_path(&self.definition), left)
    }

    async fn chip(&self, desk: &Desk, filter: &WrittenFilter) -> Result<String, Fault> {
        let lang = desk.lang();
        let label = words::field_label(lang, &self.definition, &filter.field).unwrap_or_else(|| filter.field.clone());
        let shown = self.shown(desk, filter).await?;
        let key = match (filter.compare, filter.value.as_str()) {
            (Compare::Empty, "false" | "0") => "chip-filled",
            (Compare::Empty, _) => "chip-empty",
            (Compare::Eq, _) => "chip-is",
            (Compare::Ne, _) => "chip-is-not",
            (Compare::In, _) => "chip-one-of",
            (Compare::Contains, _) => "chip-contains",
            (Compare::Starts, _) => "chip-starts",
            (Compare::Ge | Compare::Gt, _) => "chip-from",
            (Compare::Le | Compare::Lt, _) => "chip-to",
        };
        Ok(lang.with(key, &[("field", label.into()), ("value", shown.into())]))
    }

    /// The value of a filter as people read it.
    async fn shown(&self, desk: &Desk, filter: &WrittenFilter) -> Result<String, Fault> {
        let lang = desk.lang();
        if filter.field == "owner" {
            let all: Vec<String> = filter.value.split(',').filter_map(|id| Some(desk.name(id.parse().ok()?))).collect();
            return Ok(all.join(lang.t("list-comma")));
        }
        match self.definition.field(&filter.field) {
            Some(Field { kind: Kind::Link(to), .. }) => {
                let ids: Vec<RecordId> = filter.value.split(',').filter_map(|id| id.parse().ok()).take(20).collect();
                let titles = desk.house().titles(&desk.ctx, to, ids).await?;
                let mut all: Vec<String> = titles.into_values().map(|title: Title| title.text).collect();
                all.sort();
                let more = all.len().saturating_sub(NAMED);
                all.truncate(NAMED);
                Ok(match (all.join(lang.t("list-comma")), more) {
                    (none, _) if none.is_empty() => "–".into(),
                    (names, 0) => names,
                    (names, n) => lang.with("and-more", &[("names", names.into()), ("n", n.into())]),
                })
            }
            Some(field) => {
                let one = |text: &str| match field.kind.parse(text) {
                    Ok(model::Value::Time(at)) => desk.day(at),
                    Ok(value) => field.kind.display(&value, lang.is_zh()),
                    Err(_) => text.to_owned(),
                };
                let many = filter.compare == Compare::In;
                let all: Vec<String> =
                    if many { filter.value.split(',').map(one).collect() } else { vec![one(&filter.value)] };
                Ok(all.join(lang.t("list-comma")))
            }
            None => Ok(filter.value.parse().map_or_else(|_| filter.value.clone(), |at| desk.day(at))),
        }
    }
}

fn key_of(filter: &WrittenFilter) -> String {
    format!("{}.{}", filter.field, filter.compare.word())
}

/// What a handle names, if it is one of this object.
async fn kept(desk: &Desk, definition: &Object, handle: &str) -> Result<StoredSearch, Fault> {
    let id = handle.parse().map_err(|_| Fault::missing())?;
    let kept = desk.house().kept_search(&desk.ctx, id).await?;
    let fits = kept.object.as_ref().is_none_or(|object| *object == definition.name);
    if fits { Ok(kept) } else { Err(Fault::missing()) }
}

fn filled(desk: &Desk, asked: &Asked, listed: &Listed, names: &Names, chips: Vec<Chip>) -> List {
    let definition = &asked.definition;
    let plural = desk.label(&definition.plural).to_owned();
    let path = list_path(definition);
    let shown = Columns::of(listed);
    let view = if chips.is_empty() { "list-all" } else { "list-some" };
    let may_create = desk.has_form(definition) && desk.house().may(&desk.ctx, &definition.name, Act::Create);
    List {
        view: desk.lang().with(view, &[("objects", desk.inside(&definition.plural).into())]),
        title: plural,
        icon: Icon::named(&definition.icon),
        purpose: switch(desk, definition, &listed.purpose, |name| asked.anew(&[("purpose", Some(name.to_owned()))])),
        clear: (!chips.is_empty()).then(|| {
            address(&path, asked.pairs.iter().filter(|(key, _)| matches!(key.as_str(), "sort" | "purpose")).cloned())
        }),
        chips,
        filter: filters::form(desk, asked),
        columns: shown.columns(desk, asked),
        rows: rows(desk, asked, listed, names, &shown),
        pager: pager(asked, listed),
        new: may_create.then(|| Link::new(desk.new_label(definition), format!("{path}/new"))),
        import: None,
        export: None,
    }
}

/// The purposes that the actor may use an object for, as links.
pub fn switch(desk: &Desk, definition: &Object, current: &str, href: impl Fn(&str) -> String) -> Switch {
    let catalog = desk.house().catalog();
    let item = |name: &kernel::PurposeName| SwitchItem {
        link: Link::new(words::purpose(desk.lang(), &catalog, name), href(name)),
        current: name.as_str() == current,
    };
    Switch {
        current: words::purpose(desk.lang(), &catalog, current),
        items: desk.house().usable_purposes(&desk.ctx, definition).iter().map(item).collect(),
    }
}

/// The columns of a page: the title, then the fields by position, then what every record has.
struct Columns {
    fields: Vec<usize>,
    built_in: bool,
}

impl Columns {
    fn of(listed: &Listed) -> Self {
        let object = &listed.page.object;
        let all = &listed.page.fields;
        let money = |name: &str| {
            all.iter()
                .any(|at| matches!(&object.fields()[*at].kind, Kind::Money { currency } if currency.as_str() == name))
        };
        let fields: Vec<usize> = all
            .iter()
            .copied()
            .filter(|at| {
                let field = &object.fields()[*at];
                // The title has its own column, and a currency stands beside its amount.
                !object.title.contains(&field.name) && !money(&field.name)
            })
            .collect();
        let built_in = fields.len() + 1 <= WIDE;
        Self { fields, built_in }
    }

    fn columns(&self, desk: &Desk, asked: &Asked) -> Vec<Column> {
        let lang = desk.lang();
        let object = &asked.definition;
        let sorted = |name: &str| match (&asked.ask.sort, name) {
            (Some((by, down)), _) if by == name => Some(if *down { Direction::Down } else { Direction::Up }),
            (None, "updated_at") => Some(Direction::Down),
            _ => None,
        };
        let next = |name: &str| {
            let sort = match sorted(name) {
                None => Some(name.to_owned()),
                Some(Direction::Up) => Some(format!("-{name}")),
                Some(Direction::Down) => None,
            };
            asked.anew(&[("sort", sort)])
        };
        let of_field = |field: &Field| Column {
            label: desk.label(&field.label).to_owned(),
            sort: sortable(desk, asked, field).then(|| next(&field.name)),
            sorted: sorted(&field.name),
            number: cells::is_number(field),
            code: cells::is_code(field),
            phone: false,
        };
        let named: Vec<&Field> = object.title.iter().filter_map(|name| object.field(name)).collect();
        let mut title = named.first().map(|field| of_field(field)).unwrap_or_default();
        if named.len() > 1 {
            title.label = lang.t("name").to_owned();
        }
        let mut columns = vec![Column { phone: true, ..title }];
        columns.extend(self.fields.iter().map(|at| of_field(&object.fields()[*at])));
        for column in columns.iter_mut().skip(1).take(ON_CARD) {
            column.phone = true;
        }
        if self.built_in {
            let built_in = |label: &'static str, sort: &str| Column {
                label: lang.t(label).to_owned(),
                sort: Some(next(sort)),
                sorted: sorted(sort),
                ..Column::default()
            };
            columns.push(Column { sort: None, ..built_in("owner", "owner") });
            columns.push(built_in("updated-at", "updated_at"));
        }
        columns
    }
}

/// Whether a list may be sorted by a field: what it holds is comparable and may be read in clear.
fn sortable(desk: &Desk, asked: &Asked, field: &Field) -> bool {
    let kept = match field.protect {
        model::Protect::Disk => !matches!(field.kind, Kind::Link(_) | Kind::ManyChoice(_) | Kind::File),
        model::Protect::Cell => field.find.text(),
    };
    kept && desk.house().may_use(&desk.ctx, &asked.definition.name, &field.name)
}

fn rows(desk: &Desk, asked: &Asked, listed: &Listed, names: &Names, shown: &Columns) -> Vec<Row> {
    let page = &listed.page;
    let lang = desk.lang();
    // The record knows which list it was opened from, so that the way back leads to its row.
    let list = query(without(&asked.pairs, &["purpose"]));
    let carried: Pairs = desk
        .purpose_pair()
        .map(|(key, value)| (key.to_owned(), value))
        .into_iter()
        .chain((!list.is_empty()).then(|| ("in".to_owned(), list)))
        .collect();
    let seen = desk.asked("seen");
    page.rows
        .iter()
        .map(|row| {
            let mut cells = vec![cells::row_title(page, row)];
            cells.extend(shown.fields.iter().map(|at| cells::cell(lang, page, row, &page.object.fields()[*at], names)));
            if shown.built_in {
                cells.push(
                    row.owner.and_then(|owner| desk.house().name_of(owner)).map_or_else(Cell::empty, Cell::clear),
                );
                cells.push(Cell::clear(desk.day(row.updated)));
            }
            let id = row.id.to_string();
            Row {
                href: address(&format!("{}/{id}", list_path(&page.object)), carried.iter().cloned()),
                cells,
                opened: seen == Some(id.as_str()),
                id,
            }
        })
        .collect()
}

fn pager(asked: &Asked, listed: &Listed) -> Pager {
    let rows = listed.page.rows.len() as u64;
    let first = value(&asked.pairs, "at").and_then(|at| at.parse::<u64>().ok());
    let fresh = value(&asked.pairs, "cursor").is_none() && value(&asked.pairs, "before").is_none();
    let first = if fresh { Some(1) } else { first };
    let turn = |key: &str, other: &str, record: Option<RecordId>, at: Option<u64>| {
        let record = record?;
        let at = at.map(|at| at.to_string());
        Some(asked.with(&[(key, Some(record.to_string())), (other, None), ("at", at)]))
    };
    let (total, over) = listed.count.map_or((None, false), |(n, over)| (Some(n), over));
    Pager {
        range: first.filter(|_| rows > 0).map(|first| (first, first + rows - 1)),
        total,
        over,
        previous: turn("before", "cursor", listed.previous, first.map(|at| at.saturating_sub(asked.ask.limit).max(1))),
        next: turn("cursor", "before", listed.next, first.map(|at| at + rows)),
    }
}
