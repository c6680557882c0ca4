//! Emergency access, and the privacy officer's taking note of it.

use axum::{body::Bytes, extract::Path, response::IntoResponse};
use domain::{EMERGENCY, Error};
use seal::policy::SystemAct;

use super::{
    Answer, Desk, Fault,
    address::{see_other, value},
    sheet::typed,
    words,
};
use crate::{
    ui::Link,
    view::{Choice, Emergency, Trouble, emergency},
};

/// `GET /emergency`
pub async fn show(desk: Desk) -> Answer {
    desk.house().allow(&desk.ctx, SystemAct::EmergencyAccess).await?;
    Ok(emergency(&desk.shell(), &filled(&desk, String::new(), Vec::new())).into_response())
}

/// `POST /emergency`
pub async fn create(desk: Desk, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let reason = value(&sent, "reason").unwrap_or_default();
    match desk.house().open_emergency(&desk.ctx, reason).await {
        Ok(_) => Ok(see_other("/?done=emergency")),
        Err(Error::Invalid(_)) => {
            let text = desk.lang().t("invalid-reason-short").to_owned();
            let troubles = vec![Trouble { field: Some("reason".into()), text }];
            Ok(emergency(&desk.shell(), &filled(&desk, reason.to_owned(), troubles)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /emergency/{id}/note`
pub async fn note(desk: Desk, Path(id): Path<String>) -> Answer {
    let id = id.parse().map_err(|_| Fault::missing())?;
    desk.house().note_emergency(&desk.ctx, id).await?;
    Ok(see_other("/?done=noted"))
}

fn filled(desk: &Desk, reason: String, troubles: Vec<Trouble>) -> Emergency {
    let lang = desk.lang();
    let rules = desk.house().rules();
    let catalog = rules.catalog();
    let mut objects = Vec::new();
    let mut purposes = Vec::new();
    for object in catalog.objects() {
        let found = rules.policies().emergency_purposes(&desk.ctx.actor, &object.name);
        if !found.is_empty() {
            objects.push(desk.label(&object.plural).to_owned());
        }
        purposes.extend(found.into_iter().filter(|name| !purposes.contains(name)).collect::<Vec<_>>());
    }
    let minutes = EMERGENCY.as_mins();
    Emergency {
        back: Link::new(lang.t("home"), "/"),
        action: "/emergency".into(),
        scopes: vec![Choice { value: "*".into(), label: objects.join(lang.t("list-comma")), chosen: true }],
        purposes: purposes
            .iter()
            .enumerate()
            .map(|(at, name)| Choice {
                value: name.to_string(),
                label: words::purpose(lang, catalog, name),
                chosen: at == 0,
            })
            .collect(),
        minutes: vec![Choice {
            value: minutes.to_string(),
            label: lang.with("minutes", &[("n", minutes.into())]),
            chosen: true,
        }],
        reason,
        told: lang.t("emergency-told").to_owned(),
        troubles,
    }
}
