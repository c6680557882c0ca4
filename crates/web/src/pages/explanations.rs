//! Why may I see this? Purpose, ground, rule and end, field by field.

use axum::{extract::Path, response::IntoResponse};
use domain::{Explained, Ground};
use kernel::{Level, RecordId};
use model::{Field, Object};

use super::{
    Answer, Desk, Fault,
    address::address,
    desk::{list_path, short},
    records::record_id,
    words,
};
use crate::{
    ui::{Cell, Link},
    view::{self, Explain, Rule, explain},
};

/// `GET /{object}/{id}/why`
pub async fn show(desk: Desk, Path((object, id)): Path<(String, String)>) -> Answer {
    let definition = desk.object(&object)?;
    let id = record_id(&definition, &id)?;
    let actor = desk.asked("actor").map(str::parse).transpose().map_err(|_| Fault::missing())?;
    let purpose = desk.asked("purpose").map(str::to_owned);
    let told = desk.house().explain(&desk.ctx, actor, &object, id, purpose.as_deref()).await?;
    Ok(explain(&desk.shell(), &filled(&desk, &definition, id, &told)).into_response())
}

fn filled(desk: &Desk, definition: &Object, id: RecordId, told: &Explained) -> Explain {
    let lang = desk.lang();
    let catalog = desk.house().catalog();
    let path = format!("{}/{id}", list_path(definition));
    let label = desk.label(&definition.label);
    let mut rows = rules(desk, &told.permitted_by, false);
    rows.extend(rules(desk, &told.forbidden_by, true));
    let others = desk.house().usable_purposes(&desk.ctx, definition);
    let others =
        others.iter().filter(|name| name.as_str() != told.purpose && told.live.iter().any(|l| l == name.as_str()));
    Explain {
        back: Link::new(label, address(&path, desk.purpose_pair())),
        title: Cell::clear(format!("{label} {}", short(&id))),
        purpose: words::purpose(lang, &catalog, &told.purpose),
        rows,
        fields: definition.fields().iter().map(|field| of_field(desk, field, told)).collect(),
        others: others
            .map(|name| {
                let label = words::purpose(lang, &catalog, name);
                Link::new(label, address(&format!("{path}/why"), [("purpose", name.as_str())]))
            })
            .collect(),
    }
}

fn of_field(desk: &Desk, field: &Field, told: &Explained) -> view::Explained {
    let lang = desk.lang();
    let catalog = desk.house().catalog();
    let purpose = catalog.purpose(&told.purpose);
    let serves = purpose.is_some_and(|purpose| field.purposes.has(purpose.purpose));
    let level = if serves { told.levels.get(&field.category).copied().unwrap_or(Level::None) } else { Level::None };
    let ground = told.grounds.iter().find(|ground| ground.live && ground.purpose.as_str() == told.purpose);
    let missing = if !serves {
        let needed = words::purposes(lang, &catalog, &catalog.names_of(field.purposes));
        Some(lang.with("explain-other-purpose", &[("purposes", needed.into())]))
    } else if level == Level::None {
        Some(lang.t("explain-no-rule").to_owned())
    } else {
        None
    };
    let shown = level > Level::None;
    let basis = |ground: &Ground| {
        let basis = words::basis(lang, &catalog, &ground.law, &ground.basis);
        format!("{} · {basis}", words::purpose(lang, &catalog, &told.purpose))
    };
    let category = catalog.category(&field.category);
    view::Explained {
        name: field.name.to_string(),
        label: desk.label(&field.label).to_owned(),
        level: level.word().to_owned(),
        category: category.map_or_else(String::new, |category| desk.label(&category.label).to_owned()),
        ground: ground.filter(|_| shown && field.is_personal()).map(basis),
        until: ground.filter(|_| shown && field.is_personal()).and_then(|g| g.until).map(|until| desk.day(until)),
        rules: told
            .given_by
            .get(&field.category)
            .filter(|_| shown)
            .map(|by| rules(desk, by, false))
            .unwrap_or_default(),
        missing,
    }
}

fn rules(desk: &Desk, told: &[String], forbids: bool) -> Vec<Rule> {
    let one = |told: &String| {
        let (text, id) = words::rule(&desk.app, desk.lang(), told);
        Rule { text, id, forbids }
    };
    told.iter().map(one).collect()
}
