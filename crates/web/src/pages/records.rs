//! The page of a record.

use axum::{extract::Path, response::IntoResponse};
use domain::{Compare, Error, Ground, ListAsk, Look, WrittenFilter};
use kernel::RecordId;
use model::{Field, Kind, Object, PurposeDef};
use seal::{
    Disclosed, DisclosedRow,
    policy::{Act, SystemAct},
};

use super::{
    Answer, Desk, Fault,
    address::{Pairs, address, without},
    cells::{self, Names},
    desk::list_path,
    lists,
    timeline::{self, Typed},
    words,
};
use crate::{
    api::records::pairs,
    ui::{self, Cell, Icon, Link, Page},
    view::{Detail, Group, Held, PurposeLine, Purposes, Record, Related, RelatedRow, Switch, Timeline, record},
};

/// `GET /{object}/{id}`
pub async fn show(desk: Desk, Path((object, id)): Path<(String, String)>) -> Answer {
    let id = record_id(&*desk.object(&object)?, &id)?;
    Ok(page(desk, &object, id, &Typed::default()).await?.into_response())
}

/// The page, with what was typed into its box of follow-ups.
pub async fn page(desk: Desk, object: &str, id: RecordId, typed: &Typed) -> Result<Page, Fault> {
    let page = desk.house().get(&desk.ctx, object, id, &Look::default()).await?;
    let seen = Seen::read(&desk, page).await?;
    let mut view = seen.filled(&desk)?;
    view.related = related(&desk, &seen.page.object, id).await?;
    view.timeline = timeline::filled(&desk, &seen.page.object, id, typed).await?;
    Ok(record(&desk.framed(format!("{}/{id}", list_path(&seen.page.object)), seen.page.entry), &view))
}

/// The id of a path; one that cannot be an id is answered as one that is not there.
pub fn record_id(definition: &Object, text: &str) -> Result<RecordId, Fault> {
    text.parse().map_err(|_| Error::NotFound(definition.name.clone()).into())
}

/// A record that was shown, with what belongs on its page.
struct Seen {
    page: Disclosed,
    names: Names,
    grounds: Vec<Ground>,
    may_edit: bool,
    may_reveal: bool,
    favourite: bool,
}

impl Seen {
    async fn read(desk: &Desk, page: Disclosed) -> Result<Self, Fault> {
        let names = cells::names(desk, &page).await?;
        let row = page.rows.first().ok_or_else(Fault::missing)?;
        let object = &page.object.name;
        let house = desk.house();
        let grounds = house.grounds(&desk.ctx, row).await?;
        let may_edit = desk.has_form(&page.object) && house.may_here(&desk.ctx, object, row.id, Act::Edit).await?;
        let may_reveal = house.may_here(&desk.ctx, object, row.id, Act::Reveal).await?;
        let favourite = house.favourites(&desk.ctx).await?.iter().any(|(_, id)| *id == row.id);
        Ok(Self { names, grounds, may_edit, may_reveal, favourite, page })
    }

    fn filled(&self, desk: &Desk) -> Result<Record, Fault> {
        let lang = desk.lang();
        let object = &self.page.object;
        let row = self.page.rows.first().ok_or_else(Fault::missing)?;
        let path = format!("{}/{}", list_path(object), row.id);
        let here = |tail: &str| address(&format!("{path}{tail}"), desk.purpose_pair());
        let held = row.restricted.then(|| Held { reason: lang.t("restricted-reason").to_owned(), until: None });
        Ok(Record {
            object: desk.label(&object.label).to_owned(),
            icon: Icon::named(&object.icon),
            back: back(desk, object, row.id),
            neighbours: neighbours(desk, &path),
            title: cells::row_title(&self.page, row),
            under: self.under(desk, row),
            purposes: row.person.is_some().then(|| self.purposes(desk)),
            used_for: self.used_for(desk, row, &path),
            held,
            groups: self.groups(desk, row, &path),
            related: Vec::new(),
            timeline: Timeline::default(),
            edit: self.may_edit.then(|| here("/edit")),
            favourite: Some(self.mark(desk, &path)),
            more: super::conversions::acts(desk, object, row)
                .into_iter()
                .chain(super::deals::acts(desk, object, row))
                .chain(more(desk, row, &path))
                .collect(),
            why: here("/why"),
            history: vec![lang.with(
                "history",
                &[("created", desk.day(row.created).into()), ("changed", desk.moment(row.updated).into())],
            )],
        })
    }

    /// The button that marks the record, or takes the mark away.
    fn mark(&self, desk: &Desk, path: &str) -> ui::Act {
        let (label, marked) = if self.favourite { ("favourite-off", "0") } else { ("favourite", "1") };
        ui::Act {
            label: desk.lang().t(label).to_owned(),
            action: format!("{path}/favourite"),
            fields: vec![("marked".into(), marked.into()), ("back".into(), desk.here())],
        }
    }

    /// What a record is known by besides its title: the first link, and who owns it.
    fn under(&self, desk: &Desk, row: &DisclosedRow) -> Vec<(String, Cell)> {
        let object = &self.page.object;
        let link = object.fields().iter().find(|field| matches!(field.kind, Kind::Link(_)));
        let mut under: Vec<(String, Cell)> = link
            .map(|field| {
                let cell = cells::cell(desk.lang(), &self.page, row, field, &self.names);
                (desk.label(&field.label).to_owned(), cell)
            })
            .into_iter()
            .collect();
        if let Some(owner) = row.owner.and_then(|owner| desk.house().name_of(owner)) {
            under.push((desk.lang().t("owner").to_owned(), Cell::clear(owner)));
        }
        under
    }

    fn used_for(&self, desk: &Desk, row: &DisclosedRow, path: &str) -> Switch {
        let live = desk.house().live_purposes(&desk.ctx, &self.page.object, row.live);
        let usual = live.first().map_or("", |name| name.as_str());
        let current = desk.ctx.purpose.as_ref().map_or(usual, |name| name.as_str()).to_owned();
        let list = desk.asked("in").map(|list| ("in", list.to_owned()));
        let mut switch = lists::switch(desk, &self.page.object, &current, |name| {
            address(path, [("purpose", name.to_owned())].into_iter().chain(list.clone()))
        });
        let names: Vec<String> =
            live.iter().map(|name| words::purpose(desk.lang(), &desk.house().catalog(), name)).collect();
        switch.items.retain(|item| names.contains(&item.link.label));
        switch
    }

    fn purposes(&self, desk: &Desk) -> Purposes {
        let lang = desk.lang();
        let catalog = desk.house().catalog();
        let line = |ground: &Ground| PurposeLine {
            label: words::purpose(lang, &catalog, &ground.purpose),
            live: ground.live,
            basis: words::basis(lang, &catalog, &ground.law, &ground.basis),
            since: desk.day(ground.since),
            until: ground.until.map(|until| desk.day(until)),
        };
        let live = || self.grounds.iter().filter(|ground| ground.live);
        let open = live().any(|ground| ground.until.is_none());
        let last = live().filter(|_| !open).max_by_key(|ground| ground.until);
        let period = |def: &PurposeDef| words::retention(lang, &def.retention);
        let mut laws: Vec<&str> = self.grounds.iter().map(|ground| ground.law.as_str()).collect();
        laws.sort_unstable();
        laws.dedup();
        Purposes {
            items: self.grounds.iter().map(line).collect(),
            kept_until: last
                .and_then(|ground| Some((desk.day(ground.until?), period(catalog.purpose(&ground.purpose)?)))),
            laws: laws
                .into_iter()
                .map(|law| catalog.law(law).map_or_else(|| law.to_owned(), |def| desk.label(&def.label).to_owned()))
                .collect(),
            source: None,
            href: None,
        }
    }

    fn groups(&self, desk: &Desk, row: &DisclosedRow, path: &str) -> Vec<Group> {
        let object = &self.page.object;
        let of_group = |group: Option<&str>| -> Vec<Detail> {
            self.page
                .fields
                .iter()
                .map(|at| &object.fields()[*at])
                .filter(|field| field.group.as_deref() == group)
                .map(|field| {
                    let cell = cells::cell(desk.lang(), &self.page, row, field, &self.names);
                    let asked = |tail: &str| {
                        let field = ("field", field.name.to_string());
                        address(&format!("{path}/{tail}"), desk.purpose_pair().into_iter().chain([field]))
                    };
                    Detail {
                        label: desk.label(&field.label).to_owned(),
                        reveal: (self.may_reveal && cell.is_masked()).then(|| asked("reveal")),
                        why: cell.is_masked().then(|| {
                            let why = address(&format!("{path}/why"), desk.purpose_pair());
                            format!("{why}#why-{}", field.name)
                        }),
                        code: cells::is_code(field),
                        cell,
                    }
                })
                .collect()
        };
        let named = object
            .groups
            .iter()
            .map(|group| Group { label: desk.label(&group.label).to_owned(), details: of_group(Some(&group.name)) });
        let bare = Group { label: desk.label(&object.label).to_owned(), details: of_group(None) };
        named.chain([bare]).filter(|group| !group.details.is_empty()).collect()
    }
}

/// The record before and after this one in the list it was opened from; which they are is asked when one goes there.
fn neighbours(desk: &Desk, path: &str) -> (Option<String>, Option<String>) {
    let Some(list) = desk.asked("in") else { return (None, None) };
    let to = |way: &str| {
        let pairs = desk.purpose_pair().into_iter().chain([("in", list.to_owned())]);
        Some(address(&format!("{path}/{way}"), pairs))
    };
    (to("previous"), to("next"))
}

/// The list a record was opened from, at its row.
fn back(desk: &Desk, object: &Object, id: RecordId) -> Link {
    let list: Pairs = desk.asked("in").and_then(|list| pairs(Some(list)).ok()).unwrap_or_default();
    let purpose = desk.purpose_pair().map(|(key, value)| (key.to_owned(), value));
    let all = without(&list, &["seen", "done"]).into_iter().chain(purpose).chain([("seen".to_owned(), id.to_string())]);
    Link::new(desk.label(&object.plural), format!("{}#r-{id}", address(&list_path(object), all)))
}

/// How many records a panel shows; the rest is in their list.
const FIRST: u64 = 5;

/// Panels of records that link to this one. They are not read before they are opened: `?open=contact.company` names each
/// that is, and each is a disclosure of its own.
async fn related(desk: &Desk, object: &Object, id: RecordId) -> Result<Vec<Related>, Fault> {
    let mut found = Vec::new();
    for other in desk.objects() {
        // What the other object's list is used for is its own usual purpose.
        let ctx = domain::Ctx { purpose: None, ..desk.ctx.clone() };
        let links = other.fields().iter().filter(|f| matches!(&f.kind, Kind::Link(to) if *to == object.name));
        let links: Vec<_> = links.filter(|field| desk.house().may_use(&ctx, &other.name, &field.name)).collect();
        let may_create = desk.has_form(&other) && desk.house().may(&ctx, &other.name, Act::Create);
        for field in &links {
            let by =
                |tail: &str| address(&format!("{}{tail}", list_path(&other)), [(field.name.as_str(), id.to_string())]);
            let plural = desk.label(&other.plural);
            let label = match links.len() {
                1 => plural.to_owned(),
                _ => format!("{plural} · {}", desk.label(&field.label)),
            };
            let key = format!("{}.{}", other.name, field.name);
            let open = desk.pairs.iter().any(|(name, value)| name == "open" && *value == key);
            let toggled = desk.pairs.iter().filter(|(name, value)| name != "open" || *value != key);
            let toggled = toggled.filter(|(name, _)| name != "done").cloned();
            let more = (!open).then(|| ("open".to_owned(), key.clone()));
            let toggle = address(&format!("{}/{id}", list_path(object)), toggled.chain(more));
            let mut panel = Related {
                label,
                icon: Icon::named(&other.icon),
                count: None,
                href: by(""),
                open: Some(format!("{toggle}#p-{}-{}", other.name, field.name)),
                new: may_create.then(|| Link::new(desk.new_label(&other), by("/new"))),
                rows: Vec::new(),
            };
            if open {
                let linked =
                    WrittenFilter { field: field.name.to_string(), compare: Compare::Eq, value: id.to_string() };
                let ask = ListAsk { filters: vec![linked], limit: FIRST, count: true, ..ListAsk::default() };
                let listed = desk.house().list(&ctx, &other.name, &ask).await?;
                let names = cells::names(desk, &listed.page).await?;
                panel.count = listed.count.map(|(n, _)| n);
                panel.rows =
                    listed.page.rows.iter().map(|row| opened(desk, &listed.page, row, field, &names)).collect();
            }
            found.push(panel);
        }
    }
    Ok(found)
}

/// A row of an opened panel: its title and what its list shows besides, the link back left out.
fn opened(desk: &Desk, page: &Disclosed, row: &DisclosedRow, link: &Field, names: &Names) -> RelatedRow {
    let object = &page.object;
    let fields = page.fields.iter().map(|at| &object.fields()[*at]);
    let told = fields.filter(|field| field.name != link.name && !object.title.contains(&field.name));
    let cells = told.map(|field| cells::cell(desk.lang(), page, row, field, names));
    RelatedRow {
        title: cells::row_title(page, row).to(format!("{}/{}", list_path(object), row.id)),
        cells: cells.filter(|cell| !cell.is_empty()).take(3).collect(),
    }
}

/// Further acts, the destroying one last.
fn more(desk: &Desk, row: &DisclosedRow, path: &str) -> Vec<Link> {
    let lang = desk.lang();
    let may = |act| desk.house().may_system(&desk.ctx, act);
    let mut more = Vec::new();
    if may(SystemAct::ReadLedger) {
        more.push(Link::new(lang.t("record-ledger"), address("/ledger", [("record", row.id.to_string())])));
    }
    if row.person.is_some() && may(SystemAct::ErasePerson) {
        more.push(Link::new(lang.t("erase-offer"), format!("{path}/erasure")));
    }
    more
}
