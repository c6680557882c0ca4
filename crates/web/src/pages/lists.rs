//! The list of an object.

use axum::{extract::Path, response::IntoResponse};
use domain::{Group, GroupSum, ListAsk, Listed, groups_by, sums_up};
use kernel::{FieldName, RecordId};
use model::{Field, Kind, Object};
use seal::{DisclosedRow, policy::Act};

use super::{
    Answer, Desk, Fault,
    address::{Pairs, address, value, without},
    asked::{Asked, PLACE},
    boards, bulks, calendars,
    cells::{self, Names},
    columns,
    desk::list_path,
    exports, filters, values, views, words,
};
use crate::{
    ui::{Cell, Icon, Link, Message, Tone},
    view::{Column, Direction, List, Pager, Row, RowGroup, Switch, SwitchItem, list},
};

/// With more columns than these, owner and last change are left to the record's page unless they are asked for.
const WIDE: usize = 4;
/// Columns that stay on a phone's card beside the title.
const ON_CARD: usize = 3;
/// How many rows of a group are shown before its own list.
const IN_GROUP: u64 = 10;
/// The most groups that are drawn.
const GROUPS: usize = 20;

/// `GET /{object}`
pub async fn show(desk: Desk, Path(object): Path<String>) -> Answer {
    let asked = Asked::read(&desk, &object).await?;
    match asked.layout("layout") {
        Some("board") => return boards::show(&desk, &asked).await,
        Some("calendar") => return calendars::show(&desk, &asked).await,
        _ => {}
    }
    let by = asked.layout("group").filter(|by| groups_by(&asked.definition, by)).map(str::to_owned);
    match by {
        Some(by) => grouped(&desk, &asked, &by).await,
        None => plain(&desk, &asked).await,
    }
}

async fn plain(desk: &Desk, asked: &Asked) -> Answer {
    let object = &asked.definition.name;
    let listed = desk.house().list(&desk.ctx, object, &asked.ask).await?;
    let names = cells::names(desk, &listed.page).await?;
    let shown = Columns::of(asked, &listed);
    let sums = if asked.layout("totals").is_some() {
        let all = desk.house().totals(&desk.ctx, object, &asked.ask, None, &summed(desk, asked, &shown)).await?;
        all.into_iter().next().map(|group| group.sums)
    } else {
        None
    };
    let mut shell = desk.recorded(listed.page.entry);
    shell.messages.extend(filling(desk, &listed));
    let mut view = framed(desk, asked, &listed.purpose, &shown, asked.chips(desk).await?);
    view.rows = rows(desk, asked, &listed, &names, &shown);
    view.pager = pager(asked, &listed);
    if let Some(sums) = sums {
        Columns::foot(desk, &asked.definition, &mut view.columns, &sums);
    }
    Ok(list(&shell, &view).into_response())
}

/// The rows of each group in the order of its choices, the first few of each: each group is a list of its own.
async fn grouped(desk: &Desk, asked: &Asked, by: &str) -> Answer {
    let object = &asked.definition.name;
    let shown = Columns::named(asked, desk);
    let sums = summed(desk, asked, &shown);
    let mut groups = desk.house().totals(&desk.ctx, object, &asked.ask, Some(by), &sums).await?;
    sort(&asked.definition, by, &mut groups);
    let mut shell = desk.shell();
    let mut view = None;
    let mut drawn = Vec::new();
    let mut total = 0;
    for group in groups.iter().take(GROUPS) {
        total += group.count;
        let ask = ListAsk { limit: IN_GROUP, count: false, after: None, before: None, ..only(asked, by, group) };
        let listed = desk.house().list(&desk.ctx, object, &ask).await?;
        let names = cells::names(desk, &listed.page).await?;
        shell.recorded = desk.recorded(listed.page.entry).recorded;
        let key = if group.key.is_some() { by.to_owned() } else { format!("{by}.empty") };
        let value = group.key.clone().unwrap_or_else(|| "true".into());
        drawn.push(RowGroup {
            label: group_label(desk, &asked.definition, by, group.key.as_deref()),
            count: group.count,
            sums: group.sums.iter().map(|sum| told(desk, &asked.definition, sum)).collect(),
            all: (group.count > IN_GROUP).then(|| asked.anew(&[("group", None), (&key, Some(value))])),
            rows: rows(desk, asked, &listed, &names, &shown),
        });
        if view.is_none() {
            view = Some(framed(desk, asked, &listed.purpose, &shown, asked.chips(desk).await?));
        }
    }
    let mut view = match view {
        Some(view) => view,
        None => return Box::pin(plain(desk, asked)).await,
    };
    view.groups = drawn;
    view.pager = Pager { total: Some(total), ..Pager::default() };
    Ok(list(&shell, &view).into_response())
}

/// What a list of one group alone is asked.
pub fn only(asked: &Asked, by: &str, group: &Group) -> ListAsk {
    let compare = if group.key.is_some() { domain::Compare::Eq } else { domain::Compare::Empty };
    let value = group.key.clone().unwrap_or_else(|| "true".into());
    let mut ask = asked.ask.clone();
    ask.filters.push(domain::WrittenFilter { field: by.to_owned(), compare, value });
    ask
}

/// Groups in the order of the choices, rows without a value last.
pub fn sort(object: &Object, by: &str, groups: &mut [Group]) {
    let place = |key: &Option<String>| match key {
        None => usize::MAX,
        Some(key) => object
            .field(by)
            .and_then(|field| field.choices().iter().position(|choice| choice.value == *key))
            .unwrap_or(usize::MAX - 1),
    };
    groups.sort_by_key(|group| (place(&group.key), std::cmp::Reverse(group.count)));
}

/// A group's value as people read it.
pub fn group_label(desk: &Desk, object: &Object, by: &str, key: Option<&str>) -> String {
    let lang = desk.lang();
    match (key, object.field(by)) {
        (None, _) => lang.t("group-none").to_owned(),
        (Some(key), None) => key.parse().ok().and_then(|id| desk.house().name_of(id)).unwrap_or_else(|| "–".into()),
        (Some(key), Some(field)) => {
            field.kind.parse(key).map_or_else(|_| key.to_owned(), |value| field.kind.display(&value, lang.is_zh()))
        }
    }
}

/// A sum in words: `Amount: €1.2M`, or with the average in a table's foot.
pub fn told(desk: &Desk, object: &Object, sum: &GroupSum) -> String {
    let label = words::field_label(desk.lang(), object, &sum.field).unwrap_or_default();
    let amount = amount(desk, object, sum, sum.sum);
    desk.lang().with("group-sum", &[("field", label.into()), ("amount", amount.into())])
}

/// A sum as an amount of its currency.
pub fn amount(desk: &Desk, object: &Object, sum: &GroupSum, millionths: i128) -> String {
    let n = i64::try_from(millionths).unwrap_or(i64::MAX);
    let lang = desk.lang();
    match (object.field(&sum.field).map(|field| &field.kind), &sum.currency) {
        (Some(Kind::Money { .. }), Some(code)) => lang.money(code, n, 2),
        (Some(Kind::Number { decimals, .. }), _) => lang.decimal(n, *decimals),
        _ => lang.decimal(n, 2),
    }
}

/// That the index is filling.
pub fn filling(desk: &Desk, listed: &Listed) -> Option<Message> {
    let (done, total) = listed.filling?;
    let percent = done * 100 / total.max(1);
    Some(Message::new(Tone::Warn, desk.lang().with("search-filling", &[("n", percent.into())])))
}

/// Everything around the rows.
fn framed(desk: &Desk, asked: &Asked, purpose: &str, shown: &Columns, chips: Vec<crate::view::Chip>) -> List {
    let definition = &asked.definition;
    let path = list_path(definition);
    let may_create = desk.has_form(definition) && desk.house().may(&desk.ctx, &definition.name, Act::Create);
    List {
        views: views::menu(desk, asked),
        title: desk.label(&definition.plural).to_owned(),
        icon: Icon::named(&definition.icon),
        purpose: switch(desk, definition, purpose, |name| asked.anew(&[("purpose", Some(name.to_owned()))])),
        clear: (!chips.is_empty()).then(|| asked.cleared()),
        chips,
        filter: filters::form(desk, asked),
        shape: columns::shape(desk, asked),
        columns: shown.columns(desk, asked),
        layouts: boards::layouts(desk, asked),
        bulk: bulks::offered(desk, asked),
        rows: Vec::new(),
        groups: Vec::new(),
        pager: Pager::default(),
        new: may_create.then(|| Link::new(desk.new_label(definition), format!("{path}/new"))),
        import: None,
        export: exports::offered(desk, asked),
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

/// A column beside the title.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// A field, by position in the object.
    Field(usize),
    /// Who owns it.
    Owner,
    /// Its team.
    Team,
    /// When it was made.
    Created,
    /// When it was last changed.
    Updated,
}

impl Shown {
    /// Columns that every record has, with their names in addresses and their labels.
    pub const BUILT_IN: [(&'static str, &'static str, Self); 4] = [
        ("owner", "owner", Self::Owner),
        ("team", "team", Self::Team),
        ("created_at", "created-at", Self::Created),
        ("updated_at", "updated-at", Self::Updated),
    ];
}

/// The columns of a page beside the title.
pub struct Columns(Vec<Shown>);

impl Columns {
    /// Those named in the address, or the fields by position and then what every record has.
    fn of(asked: &Asked, listed: &Listed) -> Self {
        Self::among(asked, &listed.page.fields)
    }

    /// The same where no page was read yet.
    pub fn named(asked: &Asked, desk: &Desk) -> Self {
        let object = &asked.definition;
        let visible = desk.house().visible(&desk.ctx, &object.name);
        let usual = |at: &usize| asked.columns.is_some() || object.fields()[*at].column;
        Self::among(asked, &visible.into_iter().filter(usual).collect::<Vec<_>>())
    }

    fn among(asked: &Asked, all: &[usize]) -> Self {
        let object = &asked.definition;
        let at = |name: &str| all.iter().copied().find(|at| object.fields()[*at].name.as_str() == name);
        if let Some(names) = &asked.columns {
            let built_in =
                |name: &str| Shown::BUILT_IN.iter().find(|(word, ..)| *word == name).map(|(.., shown)| *shown);
            let one = |name: &String| at(name).map(Shown::Field).or_else(|| built_in(name));
            let mut found: Vec<Shown> = Vec::new();
            for shown in names.iter().filter(|name| !in_title(object, name)).filter_map(one) {
                if !found.contains(&shown) {
                    found.push(shown);
                }
            }
            return Self(found);
        }
        let money = |name: &str| {
            all.iter()
                .any(|at| matches!(&object.fields()[*at].kind, Kind::Money { currency } if currency.as_str() == name))
        };
        let mut found: Vec<Shown> = all
            .iter()
            .filter(|at| {
                let name = &object.fields()[**at].name;
                // The title has its own column, and a currency stands beside its amount.
                !in_title(object, name) && !money(name)
            })
            .map(|at| Shown::Field(*at))
            .collect();
        if found.len() < WIDE {
            found.extend([Shown::Owner, Shown::Updated]);
        }
        Self(found)
    }

    /// Their names in addresses.
    pub fn names<'a>(&self, object: &'a Object) -> Vec<&'a str> {
        let built_in =
            |shown: &Shown| Shown::BUILT_IN.into_iter().find(|(.., b)| b == shown).map_or("", |(word, ..)| word);
        self.0
            .iter()
            .map(|shown| match shown {
                Shown::Field(at) => object.fields()[*at].name.as_str(),
                other => built_in(other),
            })
            .collect()
    }

    fn fields(&self) -> impl Iterator<Item = usize> {
        self.0.iter().filter_map(|shown| match shown {
            Shown::Field(at) => Some(*at),
            _ => None,
        })
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
        let writable = desk.house().writable(&desk.ctx, &object.name, Act::Edit);
        let may_edit = desk.house().may(&desk.ctx, &object.name, Act::Edit);
        let of_field = |field: &Field| Column {
            name: field.name.to_string(),
            label: desk.label(&field.label).to_owned(),
            sort: sortable(desk, asked, field).then(|| next(&field.name)),
            sorted: sorted(&field.name),
            number: cells::is_number(field),
            code: cells::is_code(field),
            ..Column::default()
        };
        let named: Vec<&Field> = object.title.iter().filter_map(|name| object.field(name)).collect();
        let mut title = named.first().map(|field| of_field(field)).unwrap_or_default();
        if named.len() > 1 {
            title.label = lang.t("name").to_owned();
        }
        let mut columns = vec![Column { phone: true, ..title }];
        columns.extend(self.0.iter().map(|shown| match shown {
            Shown::Field(at) => Column {
                edits: may_edit && values::changes(desk, object, *at, &writable),
                ..of_field(&object.fields()[*at])
            },
            other => {
                let (word, label, _) =
                    Shown::BUILT_IN.into_iter().find(|(.., b)| b == other).unwrap_or(Shown::BUILT_IN[0]);
                let times = matches!(other, Shown::Created | Shown::Updated);
                Column {
                    label: lang.t(label).to_owned(),
                    sort: times.then(|| next(word)),
                    sorted: sorted(word),
                    ..Column::default()
                }
            }
        }));
        for column in columns.iter_mut().skip(1).take(ON_CARD) {
            column.phone = true;
        }
        columns
    }

    /// Puts sums and averages under their columns.
    fn foot(desk: &Desk, object: &Object, columns: &mut [Column], sums: &[GroupSum]) {
        for column in columns {
            let of = sums.iter().filter(|sum| sum.field.as_str() == column.name);
            let text = |sum: &GroupSum| {
                let (total, average) = (amount(desk, object, sum, sum.sum), amount(desk, object, sum, sum.average()));
                desk.lang().with("foot-sum", &[("sum", total.into()), ("average", average.into())])
            };
            column.foot = of.map(text).collect();
        }
    }
}

/// The numbers among the columns that the reader may sum up.
fn summed(desk: &Desk, asked: &Asked, shown: &Columns) -> Vec<FieldName> {
    let object = &asked.definition;
    let names = shown.fields().map(|at| object.fields()[at].name.clone());
    names.filter(|name| sums_up(object, name) && desk.house().may_use(&desk.ctx, &object.name, name)).collect()
}

fn in_title(object: &Object, name: &str) -> bool {
    object.title.iter().any(|part| part.as_str() == name)
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
    let carried = carried(desk, asked);
    let seen = desk.asked("seen");
    let cell = |row: &DisclosedRow, shown: &Shown| match shown {
        Shown::Field(at) => cells::cell(lang, page, row, &page.object.fields()[*at], names),
        Shown::Owner => row.owner.and_then(|id| desk.house().name_of(id)).map_or_else(Cell::empty, Cell::clear),
        Shown::Team => row.team.and_then(|id| desk.house().team_name(id)).map_or_else(Cell::empty, Cell::clear),
        Shown::Created => Cell::clear(desk.day(row.created)),
        Shown::Updated => Cell::clear(desk.day(row.updated)),
    };
    page.rows
        .iter()
        .map(|row| {
            let id = row.id.to_string();
            Row {
                href: address(&format!("{}/{id}", list_path(&page.object)), carried.iter().cloned()),
                cells: std::iter::once(cells::row_title(page, row))
                    .chain(shown.0.iter().map(|s| cell(row, s)))
                    .collect(),
                opened: seen == Some(id.as_str()),
                id,
            }
        })
        .collect()
}

/// What a link to a record takes along: the record knows which list it was opened from, so that the way back leads to its
/// row, and on to the next.
pub fn carried(desk: &Desk, asked: &Asked) -> Pairs {
    let list = asked.query();
    let purpose = desk.purpose_pair().map(|(key, value)| (key.to_owned(), value));
    // A list that asks for nothing in particular is one too.
    let list = ("in".to_owned(), if list.is_empty() { "view=".to_owned() } else { list });
    purpose.into_iter().chain([list]).collect()
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

/// `GET /{object}/{id}/next`, `GET /{object}/{id}/previous`: the neighbour in the list the record was opened from.
pub async fn next(desk: Desk, Path((object, id)): Path<(String, String)>) -> Answer {
    neighbour(&desk, &object, &id, false).await
}

/// See [`next`].
pub async fn previous(desk: Desk, Path((object, id)): Path<(String, String)>) -> Answer {
    neighbour(&desk, &object, &id, true).await
}

async fn neighbour(desk: &Desk, object: &str, id: &str, back: bool) -> Answer {
    let list = crate::api::records::pairs(desk.asked("in"))?;
    let list = without(&list, PLACE);
    let asked = Asked::of(desk, object, &list).await?;
    let id: RecordId = id.parse().map_err(|_| Fault::missing())?;
    let found = desk.house().neighbour(&desk.ctx, object, &asked.ask, id, back).await?;
    let done = found.is_none().then(|| ("done".to_owned(), "end".to_owned()));
    let path = format!("{}/{}", list_path(&asked.definition), found.unwrap_or(id));
    Ok(super::address::see_other(&address(&path, carried(desk, &asked).into_iter().chain(done))))
}
