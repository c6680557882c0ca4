//! The first page.

use axum::response::IntoResponse;
use domain::{Reason, Recent};
use ledger::Act as LedgerAct;
use seal::policy::{Act, SystemAct};

use super::{
    Answer, Desk, Fault, blocks, cells,
    desk::{civil, list_path, short},
    ledger::checkpoint,
    words,
};
use crate::{
    i18n::Ago,
    ui::{self, Cell, Icon, Link, Message, Tone},
    view::{self, Home, Seal, Tile, home},
};

/// How many records opened last are shown.
const RECENT: usize = 8;

/// `GET /`
pub async fn show(desk: Desk) -> Answer {
    let mut shell = desk.shell();
    shell.messages.extend(unseen(&desk).await?);
    Ok(home(&shell, &filled(&desk).await?).into_response())
}

async fn filled(desk: &Desk) -> Result<Home, Fault> {
    let lang = desk.lang();
    let now = desk.ctx.at;
    let verifies = desk.house().may_system(&desk.ctx, SystemAct::VerifyLedger);
    Ok(Home {
        today: lang.long_date(civil(now).date()),
        whose: blocks::whose(desk),
        blocks: blocks::all(desk).await?,
        arranging: desk.asked("arrange").is_some(),
        tiles: tiles(desk),
        notices: notices(desk).await?,
        recent: recent(desk).await?,
        access: access(desk),
        ledger: if verifies { checkpoint(desk, Seal::Unchecked).await? } else { None },
    })
}

/// The objects. They are not counted: opening the first page is no reading of them.
fn tiles(desk: &Desk) -> Vec<Tile> {
    let tile = |object: &std::sync::Arc<model::Object>| {
        let path = list_path(object);
        let may_create = desk.has_form(object) && desk.house().may(&desk.ctx, &object.name, Act::Create);
        Tile {
            label: desk.label(&object.plural).to_owned(),
            icon: Icon::named(&object.icon),
            count: None,
            new: may_create.then(|| Link::new(desk.new_label(object), format!("{path}/new"))),
            href: path,
        }
    };
    desk.objects().iter().map(tile).collect()
}

/// What the reader opened last. Their titles are one disclosure for each object.
async fn recent(desk: &Desk) -> Result<Vec<view::Recent>, Fault> {
    let lang = desk.lang();
    let found = desk.house().recent(&desk.ctx, RECENT).await?;
    let catalog = desk.house().catalog();
    let mut lines = Vec::new();
    let mut names = cells::Names::new();
    for object in catalog.objects() {
        let ids = found.iter().filter(|recent| recent.object == object.name).map(|recent| recent.record);
        names.extend(desk.house().titles(&desk.ctx, &object.name, ids).await?);
    }
    for Recent { object, record, act, at } in found {
        let (Some(object), Some(name)) = (catalog.object(&object), names.get(&record)) else { continue };
        let done = match act {
            LedgerAct::Created => lang.t("recent-created"),
            LedgerAct::Changed => lang.t("recent-changed"),
            _ => lang.t("recent-viewed"),
        };
        let title = cells::title(name);
        let title = if title.is_empty() { Cell::clear(short(&record)) } else { title };
        let ago = Ago { seconds: desk.ctx.at.as_second() - at.as_second(), on: civil(at).date() };
        lines.push(view::Recent {
            icon: Icon::named(&object.icon),
            title: title.to(format!("{}/{record}", list_path(object))),
            what: format!("{} · {done}", desk.label(&object.label)),
            when: lang.ago(ago),
        });
    }
    Ok(lines)
}

/// What colleagues would have the reader look at. Titles are read through the gate, one disclosure for each object.
async fn notices(desk: &Desk) -> Result<Vec<view::Noticed>, Fault> {
    let lang = desk.lang();
    let found = desk.house().notices(&desk.ctx).await?;
    let catalog = desk.house().catalog();
    let mut names = cells::Names::new();
    for object in catalog.objects() {
        let ids = found.iter().filter(|notice| notice.object == object.name).map(|notice| notice.record);
        names.extend(desk.house().titles(&desk.ctx, &object.name, ids).await?);
    }
    let told = found.into_iter().map(|notice| {
        let by = notice.by.map_or_else(|| lang.t("somebody").to_owned(), |by| desk.name(by));
        let key = match notice.reason {
            Reason::Mention => "notice-mention",
        };
        let ago = Ago { seconds: desk.ctx.at.as_second() - notice.at.as_second(), on: civil(notice.at).date() };
        let title = names.get(&notice.record).map_or_else(Cell::empty, |name| {
            let title = cells::title(name);
            let title = if title.is_empty() { Cell::clear(short(&notice.record)) } else { title };
            title.to(format!("/{}/{}", notice.object, notice.record))
        });
        view::Noticed {
            said: lang.with(key, &[("who", by.into())]),
            title,
            when: lang.ago(ago),
            aside: ui::Act {
                label: lang.t("notice-aside").to_owned(),
                action: format!("/notices/{}", notice.id),
                fields: Vec::new(),
            },
        }
    });
    Ok(told.collect())
}

/// Who the reader is here.
fn access(desk: &Desk) -> Vec<(String, String)> {
    let lang = desk.lang();
    let catalog = desk.house().catalog();
    let comma = lang.t("list-comma");
    let mut purposes = Vec::new();
    for object in catalog.objects() {
        for name in desk.house().usable_purposes(&desk.ctx, object) {
            let label = words::purpose(lang, &catalog, &name);
            if !purposes.contains(&label) {
                purposes.push(label);
            }
        }
    }
    let team = desk.ctx.actor.team.and_then(|team| desk.house().team_name(team));
    [
        (lang.t("role"), desk.roles().join(comma)),
        (lang.t("team"), team.unwrap_or_default()),
        (lang.t("purposes"), purposes.join(comma)),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .map(|(label, text)| (label.to_owned(), text))
    .collect()
}

/// Emergency accesses that the privacy officer has not taken note of.
async fn unseen(desk: &Desk) -> Result<Vec<Message>, Fault> {
    let house = desk.house();
    let officer = [SystemAct::ReadLedger, SystemAct::ReadBases].iter().all(|act| house.may_system(&desk.ctx, *act));
    if !officer {
        return Ok(Vec::new());
    }
    let lang = desk.lang();
    let told = house.emergencies(&desk.ctx).await?.into_iter().map(|unseen| Message {
        tone: Tone::Warn,
        text: lang.with(
            "emergency-was",
            &[
                ("who", desk.name(unseen.actor).into()),
                ("from", desk.moment(unseen.since).into()),
                ("to", desk.moment(unseen.until).into()),
            ],
        ),
        undo: Some(ui::Act {
            label: lang.t("emergency-note").to_owned(),
            action: format!("/emergency/{}/note", unseen.id),
            fields: Vec::new(),
        }),
    });
    Ok(told.collect())
}
