//! Erasing a person: what goes, a reason, a word to type.

use axum::{body::Bytes, extract::Path, response::IntoResponse};
use kernel::{PersonId, RecordId};
use model::Object;

use super::{
    Answer, Desk, Fault,
    address::{see_other, value},
    desk::{list_path, short},
    records::record_id,
    sheet::typed,
};
use crate::{
    ui::{Cell, Link},
    view::{Erase, Trouble, erase},
};

/// `GET /{object}/{id}/erasure`
pub async fn show(desk: Desk, Path((object, id)): Path<(String, String)>) -> Answer {
    let definition = desk.object(&object)?;
    let id = record_id(&definition, &id)?;
    let person = desk.house().person_behind_record(&desk.ctx, &object, id).await?;
    let view = filled(&desk, &definition, id, person).await?;
    Ok(erase(&desk.shell(), &view).into_response())
}

/// `POST /{object}/{id}/erasure`
pub async fn create(desk: Desk, Path((object, id)): Path<(String, String)>, body: Bytes) -> Answer {
    let definition = desk.object(&object)?;
    let id = record_id(&definition, &id)?;
    let person = desk.house().person_behind_record(&desk.ctx, &object, id).await?;
    let sent = typed(&body)?;
    let text = |name: &str| value(&sent, name).unwrap_or_default().trim();
    let lang = desk.lang();
    let mut troubles = Vec::new();
    let mut trouble = |field: &str, text: &str| {
        troubles.push(Trouble { field: Some(field.to_owned()), text: text.to_owned() });
    };
    if text("reason").is_empty() {
        trouble("reason", lang.t("erase-unsaid"));
    }
    if text("word") != short(&id) {
        trouble("word", &lang.with("erase-word", &[("word", short(&id).into())]));
    }
    if !troubles.is_empty() {
        let view =
            Erase { troubles, reason: text("reason").to_owned(), ..filled(&desk, &definition, id, person).await? };
        return Ok(erase(&desk.shell(), &view).into_response());
    }
    desk.house().give_erasure_reason(&desk.ctx, person, text("reason")).await?;
    desk.house().erase(&desk.ctx, person).await?;
    Ok(see_other("/?done=erased"))
}

async fn filled(desk: &Desk, definition: &Object, id: RecordId, person: PersonId) -> Result<Erase, Fault> {
    let catalog = desk.house().catalog();
    let reach = desk.house().erasure_reach(&desk.ctx, person).await?;
    let label = desk.label(&definition.label);
    let path = format!("{}/{id}", list_path(definition));
    let gone = desk.house().gone_from_backups(desk.ctx.at).await?;
    Ok(Erase {
        back: Link::new(label, path.clone()),
        title: Cell::clear(format!("{label} {}", short(&id))),
        action: format!("{path}/erasure"),
        goes: reach
            .into_iter()
            .filter_map(|(name, n)| Some((desk.label(&catalog.object(&name)?.plural).to_owned(), n)))
            .collect(),
        stays: vec![desk.lang().t("erase-stays-entries").to_owned()],
        backups: gone.map(|at| desk.day(at)),
        hold: None,
        word: short(&id),
        reason: String::new(),
        troubles: Vec::new(),
    })
}
