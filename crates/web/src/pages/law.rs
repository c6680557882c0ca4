//! What does the law ask? The engine's answer for a request, a law and a day.

use axum::response::IntoResponse;
use law::{Ask, DueAsk, Facts, PackLine};
use serde_json::Value;

use super::{Answer, Desk, Fault};
use crate::{
    api::law::library,
    view::{self, Law, LawAnswer, Reason},
};

/// The dates of an answer, in the order they are told.
const DATES: [(&str, &str); 5] = [
    ("due", "law-due"),
    ("extended_due", "law-extended-due"),
    ("confirm_by", "law-confirm-by"),
    ("extension_notice_by", "law-extension-notice-by"),
    ("earliest_internal", "law-earliest-internal"),
];

/// `GET /law`
pub async fn show(desk: Desk) -> Answer {
    let library = library().map_err(|_| Fault::missing())?;
    let lines = library.pack_lines();
    let asked = |key: &str, or: &str| desk.asked(key).unwrap_or(or).to_owned();
    let pack = asked("pack", "gdpr");
    let line = lines.iter().find(|line| line.pack == pack).or(lines.first()).ok_or_else(Fault::missing)?;
    let first = |all: &[String], wanted: &str| {
        all.iter().find(|one| *one == wanted).or(all.first()).cloned().unwrap_or_default()
    };
    let request = first(&line.requests, &asked("request", "access"));
    let region = first(&line.regions, &asked("region", "DE"));
    let mut page = Law { received: asked("received", ""), ..blank(&desk, &lines, line, &request, &region) };
    if !page.received.is_empty() {
        match page.received.parse() {
            Err(_) => page.trouble = Some(desk.lang().t("law-received-form").to_owned()),
            Ok(received) => {
                let ask = DueAsk {
                    pack: line.pack.clone(),
                    version: None,
                    request,
                    received,
                    region: (!region.is_empty()).then_some(region),
                    events: Vec::new(),
                    facts: Facts::default(),
                };
                match library.answer(&Ask::Due(ask)) {
                    Ok(answer) => page.answer = serde_json::to_value(&answer).ok().map(|told| read(&desk, &told)),
                    Err(error) => page.trouble = Some(error.to_string()),
                }
            }
        }
    }
    Ok(view::law(&desk.shell(), &page).into_response())
}

fn blank(desk: &Desk, lines: &[PackLine], line: &PackLine, request: &str, region: &str) -> Law {
    let zh = desk.lang().is_zh();
    let mut packs: Vec<(String, String, bool)> = Vec::new();
    for one in lines {
        if !packs.iter().any(|(name, ..)| *name == one.pack) {
            let label = if zh { &one.name_zh } else { &one.name };
            packs.push((one.pack.clone(), label.clone(), one.pack == line.pack));
        }
    }
    let marked = |all: &[String], chosen: &str| all.iter().map(|one| (one.clone(), one == chosen)).collect();
    Law {
        packs,
        requests: line
            .requests
            .iter()
            .map(|one| {
                // A pack that somebody adds may name kinds that no locale knows: its own word is told then.
                let label = desk.lang().find(&format!("law-kind-{one}")).unwrap_or(one);
                (one.clone(), label.to_owned(), one == request)
            })
            .collect(),
        regions: marked(&line.regions, region),
        ..Law::default()
    }
}

fn read(desk: &Desk, told: &Value) -> LawAnswer {
    let lang = desk.lang();
    let text = |value: &Value, key: &str| value[key].as_str().map(str::to_owned);
    let dates = DATES
        .iter()
        .filter_map(|(key, label)| Some((lang.t(label).to_owned(), told[*key].as_str()?.to_owned())))
        .collect();
    let why = told["why"].as_array().into_iter().flatten().map(|rule| {
        let chinese = lang.is_zh().then(|| text(rule, "text_zh")).flatten();
        Reason {
            article: text(rule, "article").unwrap_or_default(),
            lang: (lang.is_zh() && chinese.is_none()).then_some("en"),
            text: chinese.or_else(|| text(rule, "text")).unwrap_or_default(),
            open: rule["status"] == "to_be_confirmed",
        }
    });
    let said = if lang.is_zh() { text(&told["promptly"], "text_zh") } else { None };
    LawAnswer {
        dates,
        provisional: told["provisional"].as_bool().unwrap_or(false),
        said: said.or_else(|| text(&told["promptly"], "text")),
        why: why.collect(),
    }
}
