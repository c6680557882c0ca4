//! Search and commands. What is typed is sent as a form and kept nowhere; prefixes: `>` commands, `@` people, `#` parts.

use axum::{body::Bytes, response::IntoResponse};
use domain::ListAsk;
use kernel::RecordId;
use model::{Kind, Object, Subject};
use seal::policy::{Act, SystemAct};

use super::{
    Answer, Desk, Fault,
    address::value,
    cells,
    desk::{list_path, short},
    sheet::typed,
};
use crate::{
    ui::{Cell, Icon},
    view::{Palette, PaletteGroup, PaletteItem, palette},
};

/// How many hits of an object are offered.
const HITS: u64 = 5;
/// How many records opened last, and favourites, are offered.
const RECENT: usize = 8;
/// How many commands are offered beside records.
const COMMANDS: usize = 8;

/// `GET /palette`: nothing typed.
pub async fn show(desk: Desk) -> Answer {
    let mut view = Palette::default();
    let marked: Vec<_> = desk.house().favourites(&desk.ctx).await?.into_iter().take(RECENT).collect();
    let recent = desk.house().recent(&desk.ctx, RECENT).await?;
    let recent: Vec<_> = recent.into_iter().map(|r| (r.object, r.record)).filter(|r| !marked.contains(r)).collect();
    let known = known(&desk, marked.iter().chain(&recent)).await?;
    for (label, list) in [("palette-favourites", &marked), ("palette-recent", &recent)] {
        let items =
            list.iter().filter_map(|(_, id)| known.iter().find(|(known, _)| known == id)).map(|(_, i)| i.clone());
        push(&mut view, desk.lang().t(label), items.collect());
    }
    push(&mut view, desk.lang().t("palette-commands"), commands(&desk, ""));
    Ok(palette(&desk.shell(), &view).into_response())
}

/// `POST /palette`: what was typed, and what there is for it.
pub async fn create(desk: Desk, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let text = value(&sent, "q").unwrap_or_default().trim();
    if text.is_empty() {
        return show(desk).await;
    }
    let mut view = Palette { text: text.to_owned(), ..Palette::default() };
    // A Chinese input method gives full-width signs.
    let (only, rest) = match text.chars().next() {
        Some('>' | '》' | '＞') => (Some('>'), text.chars().skip(1).collect::<String>()),
        Some('@' | '＠') => (Some('@'), text.chars().skip(1).collect()),
        Some('#' | '＃') => (Some('#'), text.chars().skip(1).collect()),
        _ => (None, text.to_owned()),
    };
    let rest = rest.trim();
    if only != Some('>') && enough(rest) {
        for object in desk.objects() {
            let wanted = match only {
                Some('@') => object.subject == Subject::Person,
                Some('#') => is_part(&object),
                _ => object.fields().iter().any(|field| field.find.text()),
            };
            // Asked for every object alike: leaving one out would tell by the time it takes what hidden records hold.
            if wanted {
                push(&mut view, desk.label(&object.plural), hits(&desk, &object, rest).await?);
            }
        }
        if let Err((done, total)) = desk.house().index_progress() {
            view.filled = u8::try_from(done * 100 / total.max(1)).ok();
        }
    }
    if matches!(only, None | Some('>')) {
        push(&mut view, desk.lang().t("palette-commands"), commands(&desk, rest));
    }
    Ok(palette(&desk.shell(), &view).into_response())
}

fn push(view: &mut Palette, label: &str, items: Vec<PaletteItem>) {
    if !items.is_empty() {
        view.groups.push(PaletteGroup { label: label.to_owned(), items });
    }
}

/// Two letters or one Han character: less finds everything, and each finding is on record.
fn enough(text: &str) -> bool {
    text.chars().count() > 1 || text.chars().any(|c| ('\u{3400}'..='\u{9fff}').contains(&c))
}

/// Whether records are called by a code: part numbers.
fn is_part(object: &Object) -> bool {
    object.title.first().and_then(|name| object.field(name)).is_some_and(cells::is_code)
}

/// Records that fit what was typed, with what they belong to.
async fn hits(desk: &Desk, object: &Object, text: &str) -> Result<Vec<PaletteItem>, Fault> {
    let visible = desk.house().visible(&desk.ctx, &object.name);
    let link = visible.iter().map(|at| &object.fields()[*at]).find(|field| matches!(field.kind, Kind::Link(_)));
    let seen = |name: &kernel::FieldName| visible.iter().any(|at| object.fields()[*at].name == *name);
    let mut fields: Vec<_> = object.title.iter().filter(|name| seen(name)).cloned().collect();
    fields.extend(
        link.map(|field| field.name.clone()).filter(|name| !fields.contains(name)).into_iter().collect::<Vec<_>>(),
    );
    let ask = ListAsk { q: Some(text.to_owned()), fields: Some(fields), limit: HITS, ..ListAsk::default() };
    let page = desk.house().list(&desk.ctx, &object.name, &ask).await?.page;
    let names = cells::names(desk, &page).await?;
    Ok(page
        .rows
        .iter()
        .map(|row| PaletteItem {
            icon: Icon::named(&object.icon),
            title: cells::row_title(&page, row),
            beside: link
                .map(|field| plain(cells::cell(desk.lang(), &page, row, field, &names)))
                .filter(|c| !c.is_empty()),
            href: format!("{}/{}", list_path(object), row.id),
            key: None,
        })
        .collect())
}

/// A cell that leads nowhere: the whole line is the link.
fn plain(cell: Cell) -> Cell {
    if cell.is_masked() { Cell::masked(cell.text()) } else { Cell::clear(cell.text()) }
}

/// What these records are called now, as far as the reader may still see it: one disclosure for each object.
async fn known<'a>(
    desk: &Desk,
    records: impl Iterator<Item = &'a (kernel::ObjectName, RecordId)> + Clone,
) -> Result<Vec<(RecordId, PaletteItem)>, Fault> {
    let mut found = Vec::new();
    for object in desk.objects() {
        let ids = records.clone().filter(|(name, _)| *name == object.name).map(|(_, id)| *id);
        for (id, title) in desk.house().titles(&desk.ctx, &object.name, ids).await? {
            let cell = cells::title(&title);
            let item = PaletteItem {
                icon: Icon::named(&object.icon),
                title: if cell.is_empty() { Cell::clear(short(&id)) } else { cell },
                beside: Some(Cell::clear(desk.label(&object.label))),
                href: format!("{}/{id}", list_path(&object)),
                key: None,
            };
            found.push((id, item));
        }
    }
    Ok(found)
}

/// What can be done, as far as its name holds what was typed.
fn commands(desk: &Desk, text: &str) -> Vec<PaletteItem> {
    let lang = desk.lang();
    let mut all: Vec<(String, String, Icon)> = Vec::new();
    for object in desk.objects() {
        let path = list_path(&object);
        let plural = desk.label(&object.plural);
        all.push((lang.with("palette-go", &[("place", plural.into())]), path.clone(), Icon::named(&object.icon)));
        if desk.has_form(&object) && desk.house().may(&desk.ctx, &object.name, Act::Create) {
            all.push((desk.new_label(&object), format!("{path}/new"), Icon::Plus));
        }
        all.push((
            lang.with("list-mine", &[("objects", desk.inside(&object.plural).into())]),
            format!("{path}?view=mine"),
            Icon::named(&object.icon),
        ));
    }
    let mut place = |label: &'static str, href: &str, icon| {
        all.push((lang.with("palette-go", &[("place", lang.t(label).into())]), href.to_owned(), icon));
    };
    place("home", "/", Icon::Home);
    if desk.house().may_system(&desk.ctx, SystemAct::ReadLedger) {
        place("ledger", "/ledger", Icon::Ledger);
    }
    if desk.house().may_system(&desk.ctx, SystemAct::ReadBases) {
        place("law-nav", "/law", Icon::Calendar);
    }
    let wanted: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
    all.into_iter()
        .filter(|(label, ..)| {
            let label = label.to_lowercase();
            wanted.iter().all(|word| label.contains(word))
        })
        .take(COMMANDS)
        .map(|(label, href, icon)| PaletteItem { icon, title: Cell::clear(label), beside: None, href, key: None })
        .collect()
}

/// `POST /{object}/{id}/favourite`: marks a record, or takes the mark away.
pub async fn mark(
    desk: Desk,
    axum::extract::Path((object, id)): axum::extract::Path<(String, String)>,
    body: Bytes,
) -> Answer {
    let definition = desk.object(&object)?;
    let id = super::records::record_id(&definition, &id)?;
    let sent = typed(&body)?;
    let marked = value(&sent, "marked") != Some("0");
    desk.house().mark_favourite(&desk.ctx, &object, id, marked).await?;
    let here = value(&sent, "back").and_then(super::address::local).map(str::to_owned);
    Ok(super::address::see_other(&here.unwrap_or_else(|| format!("{}/{id}", list_path(&definition)))))
}
