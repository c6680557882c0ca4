//! Tokens of the API: each acts in one role, for one purpose, until a day.

use axum::{body::Bytes, extract::Path};
use domain::{NewToken, TokenRow};
use jiff::SignedDuration;
use kernel::{PurposeName, RoleName};

use super::{back, done, drawn, line, one, role_choices, team_choices, team_sent, troubles};
use crate::{
    pages::{
        Answer, Desk, Fault,
        address::{Pairs, see_other, value},
        sheet::typed,
        words,
    },
    ui::{Act, State},
    view::{Choice, Grid, Office, Part, Sheet, Td, Trouble},
};

const PAGE: &str = "/admin/tokens";
/// How long a token may last, in days; the first is offered.
const DAYS: [i64; 4] = [90, 30, 180, 365];

/// `GET /admin/tokens`
pub async fn list(desk: Desk) -> Answer {
    let view = everything(&desk, &Pairs::new(), Vec::new()).await?;
    drawn(&desk, view)
}

/// `POST /admin/tokens`
pub async fn create(desk: Desk, body: Bytes) -> Answer {
    let lang = desk.lang();
    let sent = typed(&body)?;
    let text = |key: &str| value(&sent, key).unwrap_or_default();
    let days = text("days").parse::<i64>().ok().filter(|days| DAYS.contains(days)).unwrap_or(DAYS[0]);
    let names = (RoleName::new(text("role")), PurposeName::new(text("purpose")));
    let (Ok(role), Ok(purpose)) = names else { return Err(Fault::missing()) };
    let token = NewToken {
        name: text("name").to_owned(),
        role,
        purpose,
        team: team_sent(text("team"))?,
        expires: desk.ctx.at + SignedDuration::from_hours(24 * days),
    };
    match desk.house().add_token(&desk.ctx, &token).await {
        Ok((_, secret)) => {
            let mut view = everything(&desk, &Pairs::new(), Vec::new()).await?;
            let copy = Part::Copy {
                label: lang.t("token").to_owned(),
                lines: vec![secret],
                help: lang.t("token-once").to_owned(),
            };
            view.parts.insert(0, copy);
            done(&desk, lang.t("done-created").to_owned(), view)
        }
        Err(error) => {
            let wrong = troubles(&desk, error)?;
            let view = everything(&desk, &sent, wrong).await?;
            drawn(&desk, view)
        }
    }
}

/// `POST /admin/tokens/{id}/revocation`
pub async fn revoke(desk: Desk, Path(id): Path<String>) -> Answer {
    let id = id.parse().map_err(|_| Fault::missing())?;
    desk.house().revoke_token(&desk.ctx, id).await?;
    Ok(see_other(&format!("{PAGE}?done=changed")))
}

async fn everything(desk: &Desk, sent: &Pairs, wrong: Vec<Trouble>) -> Result<Office, Fault> {
    let lang = desk.lang();
    let text = |key: &str| value(sent, key).unwrap_or_default();
    let rules = desk.house().rules();
    let catalog = desk.house().catalog();
    let now = desk.ctx.at;
    let row = |token: &TokenRow| {
        let role = RoleName::new(&token.role).ok();
        let role = role.and_then(|role| rules.matrix().roles.get(&role).map(|r| desk.label(&r.label).to_owned()));
        let (state, word) = match token.revoked {
            Some(_) => (State::Erased, "token-revoked"),
            None if token.expires <= now => (State::Late, "token-ended"),
            None => (State::Done, "token-works"),
        };
        let revoke = Act {
            label: lang.t("revoke").to_owned(),
            action: format!("{PAGE}/{}/revocation", token.id),
            fields: Vec::new(),
        };
        let used = token.used.map_or_else(|| lang.t("never").to_owned(), |at| desk.moment(at));
        vec![
            Td::Text(token.name.clone()),
            Td::Text(role.unwrap_or_else(|| token.role.clone())),
            Td::Text(words::purpose(lang, &catalog, &token.purpose)),
            Td::Text(desk.day(token.expires)),
            Td::Text(used),
            Td::State(state, lang.t(word).to_owned()),
            if token.revoked.is_none() { Td::Act(revoke) } else { Td::Text(String::new()) },
        ]
    };
    let tokens = desk.house().tokens(&desk.ctx).await?;
    let columns = ["name", "role", "purpose", "good-until", "last-used", "state", "act"];
    let grid = Grid {
        heading: lang.t("tokens").to_owned(),
        columns: columns.map(|key| lang.t(key).to_owned()).into(),
        rows: tokens.iter().map(row).collect(),
        empty: lang.t("tokens-none").to_owned(),
    };
    let purposes = catalog.purposes().map(|purpose| Choice {
        value: purpose.name.to_string(),
        label: desk.label(&purpose.label).to_owned(),
        chosen: text("purpose") == purpose.name.as_str(),
    });
    let days = DAYS.iter().enumerate().map(|(at, days)| Choice {
        value: days.to_string(),
        label: lang.with("days-n", &[("n", (*days).into())]),
        chosen: at == 0,
    });
    let form = Sheet {
        heading: lang.t("token-new").to_owned(),
        help: Some(lang.t("token-help").to_owned()),
        action: PAGE.into(),
        fields: vec![
            line("name", lang.t("token-what-for"), "text", text("name")),
            one("role", lang.t("role"), true, role_choices(desk, &[text("role").to_owned()])),
            one("purpose", lang.t("purpose"), true, purposes.collect()),
            one("team", lang.t("team"), false, team_choices(desk, text("team").parse().ok(), None)),
            one("days", lang.t("good-for"), true, days.collect()),
        ],
        button: lang.t("add").to_owned(),
        ..Sheet::default()
    };
    Ok(Office {
        heading: lang.t("tokens").to_owned(),
        back: back(lang, None),
        under: Some(lang.t("tokens-about").to_owned()),
        troubles: wrong,
        parts: vec![Part::Grid(grid), Part::Desk(Box::new(form))],
        ..Office::default()
    })
}
