//! Search over everything the reader may see. What was typed stands behind a handle, never in an address.

use axum::{body::Bytes, response::IntoResponse};
use domain::{ListAsk, StoredSearch, Title};
use kernel::RecordId;
use model::{Kind, Object};
use seal::{Disclosed, DisclosedRow};

use super::{
    Answer, Desk, Fault,
    address::{address, see_other, value},
    cells::{self, Names},
    desk::list_path,
    sheet::typed,
};
use crate::{
    ui::Icon,
    view::{Related, RelatedRow, Search, search},
};

/// How many hits of an object are shown before its list.
const FIRST: u64 = 5;
/// How many values stand beside a hit's title.
const BESIDE: usize = 2;

/// `POST /search`
pub async fn create(desk: Desk, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let text = value(&sent, "q").unwrap_or_default().trim();
    if text.is_empty() {
        return Ok(see_other("/"));
    }
    let kept = StoredSearch { q: Some(text.to_owned()), ..StoredSearch::default() };
    let handle = desk.house().keep_search(&desk.ctx, &kept).await?;
    Ok(see_other(&address("/search", [("q", handle.to_string())])))
}

/// `GET /search?q=…`
pub async fn show(desk: Desk) -> Answer {
    let handle = desk.asked("q").and_then(|q| q.parse().ok()).ok_or_else(Fault::missing)?;
    let text = desk.house().kept_search(&desk.ctx, handle).await?.q.ok_or_else(Fault::missing)?;
    let mut view = Search { text, ..Search::default() };
    for object in desk.objects() {
        if object.fields().iter().any(|field| field.find.text()) {
            view.groups.extend(hits(&desk, &object, handle, &view.text).await?);
        }
    }
    if let Err((done, total)) = desk.house().index_progress() {
        view.filled = u8::try_from(done * 100 / total.max(1)).ok();
    }
    Ok(search(&desk.shell(), &view).into_response())
}

/// What was found of one object; nothing if there is nothing.
async fn hits(desk: &Desk, object: &Object, handle: RecordId, text: &str) -> Result<Option<Related>, Fault> {
    let ask = ListAsk { q: Some(text.to_owned()), limit: FIRST, count: true, ..ListAsk::default() };
    let listed = desk.house().list(&desk.ctx, &object.name, &ask).await?;
    if listed.page.rows.is_empty() {
        return Ok(None);
    }
    let names = cells::names(desk, &listed.page).await?;
    Ok(Some(Related {
        open: None,
        label: desk.label(&object.plural).to_owned(),
        icon: Icon::named(&object.icon),
        count: listed.count.map(|(n, _)| n),
        href: address(&list_path(object), [("q", handle.to_string())]),
        new: None,
        rows: listed.page.rows.iter().map(|row| hit(desk, &listed.page, row, &names)).collect(),
    }))
}

fn hit(desk: &Desk, page: &Disclosed, row: &DisclosedRow, names: &Names) -> RelatedRow {
    let title = cells::title(&Title::of(page, row));
    let title = if title.is_empty() { cells::row_title(page, row) } else { title };
    // Links tell most: which company a person is of.
    let mut fields: Vec<_> = page.fields.iter().map(|at| &page.object.fields()[*at]).collect();
    fields.retain(|field| !page.object.title.contains(&field.name));
    fields.sort_by_key(|field| !matches!(field.kind, Kind::Link(_)));
    let cells = fields.into_iter().map(|field| cells::cell(desk.lang(), page, row, field, names));
    RelatedRow {
        title: title.to(format!("{}/{}", list_path(&page.object), row.id)),
        cells: cells.filter(|cell| !cell.is_empty()).take(BESIDE).collect(),
    }
}
