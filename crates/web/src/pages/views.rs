//! Views of a list: saved, changed, dropped.

use axum::{body::Bytes, extract::Path};
use domain::ViewDraft;
use kernel::RecordId;

use super::{
    Answer, Desk, Fault,
    address::{Pairs, address, see_other, value},
    asked::Asked,
    desk::list_path,
    sheet::typed,
};
use crate::{
    api::records::pairs,
    ui::Link,
    view::{SwitchItem, ViewMenu},
};

/// `POST /{object}/views`: saves what the list shows under a name.
pub async fn create(desk: Desk, Path(object): Path<String>, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let asked = of_form(&desk, &object, &sent).await?;
    let team = value(&sent, "share").and(desk.ctx.actor.team);
    let draft = ViewDraft { name: value(&sent, "name").unwrap_or_default().to_owned(), team, ..held(&asked) };
    let id = desk.house().add_view(&desk.ctx, &object, &draft).await?;
    Ok(see_other(&opened(&asked, &id.to_string(), "view-saved")))
}

/// `POST /{object}/views/{id}`: writes over a view, or drops it.
pub async fn change(desk: Desk, Path((object, id)): Path<(String, String)>, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let id: RecordId = id.parse().map_err(|_| Fault::missing())?;
    if value(&sent, "drop").is_some() {
        let definition = desk.object(&object)?;
        desk.house().drop_view(&desk.ctx, id).await?;
        return Ok(see_other(&address(&list_path(&definition), [("done", "view-dropped")])));
    }
    let asked = of_form(&desk, &object, &sent).await?;
    let view = asked.views.iter().find(|view| view.id == id && view.mine).ok_or_else(Fault::missing)?;
    let draft = ViewDraft { name: view.draft.name.clone(), team: view.draft.team, ..held(&asked) };
    desk.house().change_view(&desk.ctx, id, &draft).await?;
    Ok(see_other(&opened(&asked, &id.to_string(), "view-saved")))
}

/// The list that a form came from.
pub async fn of_form(desk: &Desk, object: &str, sent: &Pairs) -> Result<Asked, Fault> {
    let query = pairs(value(sent, "query"))?;
    Asked::of(desk, object, &query).await
}

fn held(asked: &Asked) -> ViewDraft {
    ViewDraft { query: asked.settings(), kept: asked.kept.clone(), ..ViewDraft::default() }
}

fn opened(asked: &Asked, id: &str, done: &str) -> String {
    address(&list_path(&asked.definition), [("view", id), ("done", done)])
}

/// The menu of a list's views.
pub fn menu(desk: &Desk, asked: &Asked) -> ViewMenu {
    let lang = desk.lang();
    let path = list_path(&asked.definition);
    let objects = desk.inside(&asked.definition.plural);
    let item = |key: &str, label: String| SwitchItem {
        link: Link::new(label, asked.other(key)),
        current: asked.base.key == key,
    };
    let built_in = |key, text| item(key, lang.with(text, &[("objects", objects.as_str().into())]));
    let mut items = vec![built_in("", "list-all"), built_in("mine", "list-mine")];
    if desk.ctx.actor.team.is_some() {
        items.push(built_in("team", "list-team"));
    }
    items.extend(asked.views.iter().map(|view| {
        let name = view.draft.name.as_str();
        let label = match view.draft.team {
            Some(_) => lang.with("view-shared", &[("name", name.into())]),
            None => name.to_owned(),
        };
        item(&view.id.to_string(), label)
    }));
    let own = asked.base.saved.as_ref().filter(|view| view.mine);
    let action = |view: &domain::View| format!("{path}/views/{}", view.id);
    ViewMenu {
        current: asked.base.name.clone(),
        items,
        changes: asked.changes,
        undo: asked.undone(),
        save: own.filter(|_| asked.changes > 0).map(action),
        drop: own.filter(|_| asked.changes == 0).map(action),
        save_as: (asked.changes > 0).then(|| format!("{path}/views")),
        team: desk.ctx.actor.team.is_some(),
        query: asked.query(),
    }
}
