//! Changes of many records: ticked ones, or all that a list finds.

use axum::{
    body::Bytes,
    extract::Path,
    http::{HeaderValue, header},
    response::IntoResponse,
};
use domain::{BulkAct, BulkState, Error, MAX_PAGE, changes_many};
use kernel::RecordId;
use seal::policy::Act;

use super::{
    Answer, Desk, Fault,
    address::{address, see_other, value},
    asked::Asked,
    cells,
    desk::{list_path, short},
    sheet::{Sheet, typed},
    views, words,
};
use crate::{
    ui::{Link, Message, Tone},
    view::{Bulk, BulkChange, BulkDraft, BulkPage, BulkTold, Choice, bulk},
};

/// How soon a page that tells of progress asks again: in seconds. It tells numbers and nothing of anybody.
const AGAIN: &str = "2";

/// What a list offers to those who may change or delete some of its records.
pub fn offered(desk: &Desk, asked: &Asked) -> Option<Bulk> {
    let object = &asked.definition;
    let may = |act| desk.house().may(&desk.ctx, &object.name, act);
    (desk.has_form(object) && (may(Act::Edit) || may(Act::Delete)))
        .then(|| Bulk { action: format!("{}/bulk", list_path(object)), query: asked.query() })
}

/// `POST /{object}/bulk`: drafts a change of the ticked records, or of all that match.
pub async fn create(desk: Desk, Path(object): Path<String>, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let asked = views::of_form(&desk, &object, &sent).await?;
    let all = value(&sent, "all") == Some("1");
    let ids: Vec<RecordId> =
        sent.iter().filter(|(key, _)| key == "id").filter_map(|(_, id)| id.parse().ok()).take(200).collect();
    if !all && ids.is_empty() {
        return Ok(see_other(&asked.with(&[("done", Some("none-ticked".into()))])));
    }
    let some = (!all).then_some(&ids[..]);
    let id = desk.house().draft_bulk(&desk.ctx, &object, &asked.ask, some).await?;
    let list = ("in", asked.query());
    Ok(see_other(&address(&format!("{}/bulk/{id}", list_path(&asked.definition)), [list])))
}

/// `GET /{object}/bulk/{id}`
pub async fn show(desk: Desk, Path((object, id)): Path<(String, String)>) -> Answer {
    drawn(&desk, &object, &id, None).await
}

/// `POST /{object}/bulk/{id}`: does it.
pub async fn run(desk: Desk, Path((object, id)): Path<(String, String)>, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let record: RecordId = id.parse().map_err(|_| Fault::missing())?;
    let now = desk.house().bulk(&desk.ctx, record).await?;
    let act = match value(&sent, "act") {
        Some("change") => {
            let name = value(&sent, "field").unwrap_or_default();
            let at =
                now.object.fields().iter().position(|field| field.name.as_str() == name).ok_or_else(Fault::missing)?;
            let mut sheet = Sheet::blank(std::sync::Arc::clone(&now.object), &[at]);
            let taken = sheet.take(&desk, &sent).await?;
            taken.fields.into_iter().next().map(|(name, text)| BulkAct::Change(name, text))
        }
        Some("assign") => value(&sent, "owner").and_then(|id| id.parse().ok()).map(BulkAct::Assign),
        Some("delete") => {
            let n = desk.house().bulk_reach(&desk.ctx, &now, Act::Delete).await?;
            let typed: String =
                value(&sent, "confirm").unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
            if typed != n.to_string() {
                return drawn(&desk, &object, &id, Some(desk.lang().t("bulk-delete-wrong").to_owned())).await;
            }
            Some(BulkAct::Delete)
        }
        Some("resume") => now.act.clone(),
        _ => None,
    };
    let Some(act) = act else {
        return drawn(&desk, &object, &id, Some(desk.lang().t("invalid-required").to_owned())).await;
    };
    match desk.house().run_bulk(&desk.ctx, record, act).await {
        // What it comes to is told on its page.
        Ok(_) | Err(Error::Conflict { .. }) => Ok(see_other(&here(&desk, &object, &id))),
        Err(Error::Invalid(wrong)) => {
            let catalog = desk.house().catalog();
            let cure = wrong.first().map(|error| words::cure(desk.lang(), &catalog, &now.object, error, None));
            drawn(&desk, &object, &id, cure).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /{object}/bulk/{id}/undo`
pub async fn undo(desk: Desk, Path((object, id)): Path<(String, String)>) -> Answer {
    let record: RecordId = id.parse().map_err(|_| Fault::missing())?;
    match desk.house().undo_bulk(&desk.ctx, record).await {
        Ok(_) | Err(Error::Conflict { .. }) => Ok(see_other(&here(&desk, &object, &id))),
        Err(error) => Err(error.into()),
    }
}

fn here(desk: &Desk, object: &str, id: &str) -> String {
    address(&format!("/{object}/bulk/{id}"), desk.asked("in").map(|list| ("in", list)))
}

async fn drawn(desk: &Desk, object: &str, id: &str, wrong: Option<String>) -> Answer {
    let record: RecordId = id.parse().map_err(|_| Fault::missing())?;
    let now = desk.house().bulk(&desk.ctx, record).await?;
    if now.object.name.as_str() != object {
        return Err(Fault::missing());
    }
    let lang = desk.lang();
    let list = crate::api::records::pairs(desk.asked("in"))?;
    let objects = desk.inside(if now.total() == 1 { &now.object.label } else { &now.object.plural });
    let drafted = now.state == BulkState::Drafted;
    let running = matches!(now.state, BulkState::Running | BulkState::Undoing);
    let status =
        if wrong.is_some() { axum::http::StatusCode::UNPROCESSABLE_ENTITY } else { axum::http::StatusCode::OK };
    let view = BulkPage {
        heading: lang.with("bulk-heading", &[("n", now.total().into()), ("objects", objects.into())]),
        back: Link::new(desk.label(&now.object.plural), address(&list_path(&now.object), list)),
        draft: if drafted { Some(draft(desk, &now).await?) } else { None },
        told: if drafted { None } else { Some(told(desk, &now).await?) },
    };
    let mut shell = desk.shell();
    shell.messages.extend(wrong.map(|wrong| Message::new(Tone::Danger, wrong)));
    let mut response = bulk(&shell, &view).with_status(status).into_response();
    if running {
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static(AGAIN));
    }
    Ok(response)
}

async fn draft(desk: &Desk, now: &domain::Bulk) -> Result<BulkDraft, Fault> {
    let object = &now.object;
    let lang = desk.lang();
    let ctx = domain::Ctx { purpose: Some(now.purpose.clone()), ..desk.ctx.clone() };
    let reach = async |act, key| -> Result<Option<(u64, String)>, Fault> {
        if !desk.house().may(&ctx, &object.name, act) {
            return Ok(None);
        }
        let n = desk.house().bulk_reach(&desk.ctx, now, act).await?;
        let skipped = now.todo - n;
        Ok(Some((n, lang.with(key, &[("n", n.into()), ("skipped", skipped.into())]))))
    };
    let writable = desk.house().writable(&ctx, &object.name, Act::Edit);
    let offered = || writable.iter().copied().filter(|at| changes_many(object, &object.fields()[*at].name));
    let asked = desk.asked("field").unwrap_or_default();
    let chosen = offered().find(|at| object.fields()[*at].name.as_str() == asked);
    let change = chosen.and_then(|at| {
        let sheet = Sheet::blank(std::sync::Arc::clone(object), &[at]);
        let field = sheet.groups(desk).into_iter().flat_map(|group| group.fields).next()?;
        Some(BulkChange { name: object.fields()[at].name.to_string(), field })
    });
    let mut colleagues = desk.house().colleagues();
    colleagues.sort_by_key(|(id, _)| *id != desk.ctx.actor.id);
    let path = format!("{}/bulk/{}", list_path(object), now.id);
    Ok(BulkDraft {
        action: address(&path, desk.asked("in").map(|list| ("in", list))),
        here: path,
        fields: offered()
            .map(|at| Choice {
                value: object.fields()[at].name.to_string(),
                label: desk.label(&object.fields()[at].label).to_owned(),
                chosen: chosen == Some(at),
            })
            .collect(),
        change,
        owners: colleagues
            .into_iter()
            .map(|(id, label)| Choice { value: id.to_string(), label, chosen: false })
            .collect(),
        edits: reach(Act::Edit, "bulk-reach-edit").await?,
        deletes: reach(Act::Delete, "bulk-reach-delete").await?,
    })
}

async fn told(desk: &Desk, now: &domain::Bulk) -> Result<BulkTold, Fault> {
    let lang = desk.lang();
    let path = format!("{}/bulk/{}", list_path(&now.object), now.id);
    let running = matches!(now.state, BulkState::Running | BulkState::Undoing);
    let line = |key, n: u64| lang.with(key, &[("n", n.into())]);
    let mut lines = Vec::new();
    if now.state == BulkState::Undone || now.state == BulkState::Undoing {
        lines.push(line("bulk-undone", now.undone));
    } else {
        lines.push(line("bulk-done", now.done));
    }
    for (key, n) in [("bulk-skipped", now.skipped), ("bulk-not-done", now.failed)] {
        if n > 0 {
            lines.push(line(key, n));
        }
    }
    let failures =
        if now.failed > 0 && !running { desk.house().bulk_failures(&desk.ctx, now.id).await? } else { Vec::new() };
    let ids = failures.iter().map(|(id, _)| *id).take(usize::try_from(MAX_PAGE).unwrap_or(usize::MAX));
    let names = desk.house().titles(&desk.ctx, &now.object.name, ids).await?;
    let failed = failures.iter().map(|(id, word)| {
        // What is gone, or may no longer be seen, is not named.
        let title = names.get(id).map(cells::title).filter(|cell| !cell.is_empty());
        let label = title.map_or_else(|| short(id), |cell| cell.text().to_owned());
        (Link::new(label, format!("{}/{id}", list_path(&now.object))), why(desk, word))
    });
    Ok(BulkTold {
        total: now.total() - now.skipped,
        done: now.done + now.failed + now.undone,
        running,
        lines,
        failed: failed.collect(),
        undo: now.until.map(|until| (format!("{path}/undo"), desk.moment(until))),
        resume: (now.state == BulkState::Running && now.todo > 0).then_some(path),
    })
}

/// Why a record was not changed, in words.
fn why(desk: &Desk, word: &str) -> String {
    let lang = desk.lang();
    let key = match word {
        "gone" => "bulk-why-gone",
        "refused" => "bulk-why-refused",
        "conflict" => "bulk-why-conflict",
        "not_kept" => "bulk-why-not-kept",
        "taken" => "invalid-unique",
        "no_live_purpose" => "bulk-why-purpose",
        other => {
            return lang.invalid(other, None).unwrap_or_else(|| lang.t("invalid-other").to_owned());
        }
    };
    lang.t(key).to_owned()
}
