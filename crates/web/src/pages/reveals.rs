//! Asking for a masked value in clear: the purpose is said first, the value stands on the answer to the form alone.

use axum::{body::Bytes, extract::Path, http::StatusCode, response::IntoResponse};
use domain::Look;
use kernel::RecordId;
use model::{Field, Object};
use seal::{Disclosed, policy::Act};

use super::{
    Answer, Desk, Fault,
    address::{address, value},
    cells::{self, Names},
    desk::{list_path, short},
    records::record_id,
    sheet::typed,
    words,
};
use crate::{
    ui::{Cell, Link, Message, Tone},
    view::{Choice, Reveal, reveal},
};

/// `GET /{object}/{id}/reveal?field=…`
pub async fn show(desk: Desk, Path((object, id)): Path<(String, String)>) -> Answer {
    let definition = desk.object(&object)?;
    let id = record_id(&definition, &id)?;
    let field = field(&desk, &definition)?;
    let page = masked(&desk, &definition, id, field).await?;
    Ok(reveal(&desk.recorded(page.entry), &filled(&desk, &page, id, field)).into_response())
}

/// `POST /{object}/{id}/reveal?field=…`
pub async fn create(desk: Desk, Path((object, id)): Path<(String, String)>, body: Bytes) -> Answer {
    let definition = desk.object(&object)?;
    let id = record_id(&definition, &id)?;
    let field = field(&desk, &definition)?;
    let sent = typed(&body)?;
    let why = ["why", "words"].into_iter().filter_map(|key| value(&sent, key)).find(|text| !text.trim().is_empty());
    let Some(why) = why else {
        let page = masked(&desk, &definition, id, field).await?;
        let mut shell = desk.recorded(page.entry);
        shell.messages.push(Message::new(Tone::Danger, desk.lang().t("reveal-unsaid")));
        let view = filled(&desk, &page, id, field);
        return Ok(reveal(&shell, &view).with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
    };
    let look = Look {
        fields: Some(vec![field.name.clone()]),
        reveal: true,
        reason: Some(why.trim().to_owned()),
        ..Look::default()
    };
    let page = desk.house().get(&desk.ctx, &object, id, &look).await?;
    Ok(reveal(&desk.recorded(page.entry), &filled(&desk, &page, id, field)).into_response())
}

/// The value behind its mask, for those who may ask for it in clear.
async fn masked(desk: &Desk, definition: &Object, id: RecordId, field: &Field) -> Result<Disclosed, Fault> {
    let look = Look { fields: Some(vec![field.name.clone()]), ..Look::default() };
    let page = desk.house().get(&desk.ctx, &definition.name, id, &look).await?;
    if !desk.house().may_here(&desk.ctx, &definition.name, id, Act::Reveal).await? {
        return Err(desk.house().refuse(&desk.ctx, &definition.name, &[id], Act::Reveal).await.into());
    }
    Ok(page)
}

fn field<'a>(desk: &Desk, definition: &'a Object) -> Result<&'a Field, Fault> {
    desk.asked("field").and_then(|name| definition.field(name)).ok_or_else(Fault::missing)
}

fn filled(desk: &Desk, page: &Disclosed, id: RecordId, field: &Field) -> Reveal {
    let lang = desk.lang();
    let path = format!("{}/{id}", list_path(&page.object));
    let cell = match page.rows.first() {
        Some(row) => cells::cell(lang, page, row, field, &Names::new()),
        None => Cell::empty(),
    };
    let catalog = desk.house().catalog();
    let live = page.rows.first().map(|row| desk.house().live_purposes(&desk.ctx, &page.object, row.live));
    let sentence = |name: &kernel::PurposeName| {
        let text = words::need(lang, &catalog, name);
        Choice { value: text.clone(), label: text, chosen: false }
    };
    let asked = desk.purpose_pair().into_iter().chain([("field", field.name.to_string())]);
    Reveal {
        back: Link::new(desk.label(&page.object.label), address(&path, desk.purpose_pair())),
        title: Cell::clear(format!("{} {}", desk.label(&page.object.label), short(&id))),
        label: desk.label(&field.label).to_owned(),
        cell,
        action: address(&format!("{path}/reveal"), asked),
        sentences: live.unwrap_or_default().iter().map(sentence).collect(),
    }
}
