//! What must a notice tell, and when is it due?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Applies, Event, merge, needs};
use crate::{
    Library, Result,
    condition::{Facts, Truth},
    moment::{Moment, When},
    pack::Heard,
    period::Start,
    text::{Said, Why, unconfirmed},
};

/// What must the notice tell?
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeAsk {
    /// The pack.
    pub pack: String,
    /// The version the matter was opened with.
    #[serde(default)]
    pub version: Option<String>,
    /// The region.
    #[serde(default)]
    pub region: Option<String>,
    /// The day of the notice, or of the collection.
    pub on: Moment,
    /// Circumstances: `direct`, `abroad`, `sensitive`, …
    #[serde(default)]
    pub facts: Facts,
    /// What a draft tells already (items by name).
    #[serde(default)]
    pub told: Vec<String>,
    /// What happened: `obtained`, `first_contact`, `first_disclosure`.
    #[serde(default)]
    pub events: Vec<Event>,
}

/// One thing to tell.
#[derive(Debug, Clone, Serialize)]
pub struct NoticeItem {
    /// Its name.
    pub id: String,
    /// The citation.
    pub article: String,
    /// What must be told.
    pub text: Said,
    /// Whether it must be told here.
    pub applies: Applies,
    /// Facts that would tell.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// An unconfirmed item, and where it was heard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_be_confirmed: Option<Heard>,
}

/// One notice.
#[derive(Debug, Clone, Serialize)]
pub struct NoticeTold {
    /// When it is due, in words.
    pub at: String,
    /// When it is due by what happened: the earliest.
    pub due: Option<When>,
    /// What it must tell.
    pub items: Vec<NoticeItem>,
    /// What the draft lacks.
    pub missing: Vec<String>,
}

/// The notices owed.
#[derive(Debug, Clone, Serialize)]
pub struct NoticeAnswer {
    /// By rule.
    pub notices: BTreeMap<String, NoticeTold>,
    /// Whether the draft tells all.
    pub complete: bool,
    /// The rules.
    pub why: Vec<Why>,
    /// Rules that a lawyer has yet to confirm.
    pub to_be_confirmed: Vec<String>,
    /// The pack.
    pub pack: String,
    /// The region.
    pub region: String,
}

impl Library {
    /// What must the notice tell?
    pub fn notice(&self, ask: &NoticeAsk) -> Result<NoticeAnswer> {
        let ground = self.ground(&ask.pack, ask.version.as_deref(), ask.region.as_deref(), ask.on, &ask.facts)?;
        ground.check_events(&ask.events)?;
        let mut why = Vec::new();
        let mut notices = BTreeMap::new();
        let mut unsure = Vec::new();
        for (name, rule, _) in ground.live(&ground.pack.notice) {
            let mut reason = ground.why("notice", name, rule);
            let mut more = Vec::new();
            let mut due: Option<When> = None;
            for period in &rule.periods {
                let event = period.from.as_deref().unwrap_or("obtained");
                let Some(happened) = ask.events.iter().find(|e| e.kind == event) else { continue };
                let start = Start::of(happened.at, ground.calendar)?;
                let reckoned = ground.reckon(period, start, 0)?;
                if due.is_none_or(|d| reckoned.end < d) {
                    more.clear();
                    let said = ground.reasons(period, start.date, 0, &reckoned, &mut more);
                    reason = ground.why("notice", name, rule).here(said);
                    due = Some(reckoned.end);
                }
            }
            why.push(reason);
            merge(&mut why, more);
            let mut items = Vec::new();
            for item in &rule.items {
                let truth = item.when.of(|fact| ground.fact(fact));
                if truth == Truth::No {
                    continue;
                }
                if item.heard.is_some() {
                    unsure.push(format!("{}/notice.{name}.{}", ground.pack.pack, item.id));
                }
                items.push(NoticeItem {
                    id: item.id.clone(),
                    article: item.article.clone(),
                    text: Said::new(item.text.clone(), item.text_zh.clone().unwrap_or_else(|| item.text.clone())),
                    applies: Applies::of(&truth),
                    needs: needs(&truth),
                    to_be_confirmed: item.heard,
                });
            }
            let missing = items.iter().filter(|i| !ask.told.contains(&i.id)).map(|i| i.id.clone()).collect();
            notices.insert(name.to_owned(), NoticeTold { at: rule.at.clone(), due, items, missing });
        }
        let mut to_be_confirmed = unconfirmed(&why);
        to_be_confirmed.append(&mut unsure);
        Ok(NoticeAnswer {
            complete: notices.values().all(|n: &NoticeTold| n.missing.is_empty()),
            notices,
            to_be_confirmed,
            why,
            pack: ground.pack.pack.clone(),
            region: ground.calendar.id().to_owned(),
        })
    }
}
