//! One value of a record, changed where it stands in a list: a form of one box, which is a page of its own too.

use axum::{body::Bytes, extract::Path, response::IntoResponse};
use domain::{Edit, Error, Look};
use kernel::RecordId;
use model::Object;
use seal::policy::Act;

use super::{
    Answer, Desk, Fault,
    address::{Pairs, address, see_other, value, without},
    asked::PLACE,
    cells,
    desk::list_path,
    forms, records,
    sheet::{Sheet, typed},
};
use crate::{
    ui::Link,
    view::{Form, form},
};

/// Whether a list offers to change this field in place.
pub fn changes(desk: &Desk, object: &Object, at: usize, writable: &[usize]) -> bool {
    let field = &object.fields()[at];
    let subject = desk.house().subject_links(object).contains(&field.name);
    let box_fits = !matches!(field.kind, model::Kind::File | model::Kind::LongText { .. } | model::Kind::Money { .. });
    desk.has_form(object) && !subject && box_fits && writable.contains(&at)
}

/// `GET /{object}/{id}/cell?field=…`
pub async fn show(desk: Desk, Path((object, id)): Path<(String, String)>) -> Answer {
    let definition = desk.object(&object)?;
    let id = records::record_id(&definition, &id)?;
    let at = asked(&desk, &definition)?;
    let look = Look { fields: Some(vec![definition.fields()[at].name.clone()]), ..Look::default() };
    let page = desk.house().get(&desk.ctx, &object, id, &look).await?;
    let row = page.rows.first().ok_or_else(Fault::missing)?;
    if !desk.house().may_here(&desk.ctx, &object, id, Act::Edit).await? {
        return Err(desk.house().refuse(&desk.ctx, &definition.name, &[id], Act::Edit).await.into());
    }
    let names = cells::names(&desk, &page).await?;
    let sheet = Sheet::of(&page, row, &[at], &names, &desk.house().subject_links(&page.object));
    Ok(form(&desk.recorded(page.entry), &drawn(&desk, &sheet, id, row.version)).into_response())
}

/// `POST /{object}/{id}/cell?field=…`
pub async fn change(desk: Desk, Path((object, id)): Path<(String, String)>, body: Bytes) -> Answer {
    let definition = desk.object(&object)?;
    let id = records::record_id(&definition, &id)?;
    let at = asked(&desk, &definition)?;
    let sent = typed(&body)?;
    let version = value(&sent, "version").and_then(|v| v.parse().ok()).unwrap_or(0);
    let mut sheet = Sheet::sent_back(definition, &[at], &sent);
    let taken = sheet.take(&desk, &sent).await?;
    let changed = sheet.changed(taken);
    let back = |done: &str| see_other(&list_at(&desk, &sheet.definition, id, done));
    if changed.is_empty() {
        return Ok(back("same"));
    }
    let edit = Edit { fields: changed.clone(), version, ..Edit::default() };
    let wrong = match desk.house().change(&desk.ctx, &object, id, &edit).await {
        Ok(_) => return Ok(back("changed")),
        Err(Error::Conflict { .. }) => return forms::met(&desk, sheet, id, changed).await,
        Err(Error::Invalid(wrong)) => wrong,
        Err(Error::Taken) => {
            sheet.trouble(desk.lang().t("invalid-unique"));
            Vec::new()
        }
        Err(other) => return Err(other.into()),
    };
    sheet.wrong(&desk, &wrong);
    let view = drawn(&desk, &sheet, id, version);
    Ok(form(&desk.framing(view.action.clone()), &view).into_response())
}

/// The field that the address names, if it can be changed here.
fn asked(desk: &Desk, object: &Object) -> Result<usize, Fault> {
    let name = desk.asked("field").unwrap_or_default();
    let writable = desk.house().writable(&desk.ctx, &object.name, Act::Edit);
    let at = object.fields().iter().position(|field| field.name.as_str() == name);
    at.filter(|at| changes(desk, object, *at, &writable)).ok_or_else(Fault::missing)
}

fn drawn(desk: &Desk, sheet: &Sheet, id: RecordId, version: i64) -> Form {
    let object = &sheet.definition;
    let pairs = ["field", "in", "purpose"].into_iter().filter_map(|key| Some((key, desk.asked(key)?)));
    Form {
        heading: desk.lang().with("edit-object", &[("object", desk.inside(&object.label).into())]),
        back: Link::new(desk.label(&object.plural), list_at(desk, object, id, "")),
        action: address(&format!("{}/{id}/cell", list_path(object)), pairs),
        version: Some(version.to_string()),
        carried: sheet.carried(),
        groups: sheet.groups(desk),
        origin: None,
        troubles: sheet.troubles(),
        and_new: false,
    }
}

/// The list it was opened from, at the record's row.
fn list_at(desk: &Desk, object: &Object, id: RecordId, done: &str) -> String {
    let list: Pairs = crate::api::records::pairs(desk.asked("in")).unwrap_or_default();
    let done = (!done.is_empty()).then(|| ("done".to_owned(), done.to_owned()));
    let seen = ("seen".to_owned(), id.to_string());
    // Which page of the list it was stays: only what has passed goes.
    let passed: Vec<&str> = PLACE.iter().copied().filter(|key| !matches!(*key, "cursor" | "before" | "at")).collect();
    let all = without(&list, &passed).into_iter().chain([seen]).chain(done);
    format!("{}#r-{id}", address(&list_path(object), all))
}
