//! Several laws at once: all dates are kept, the strictest leads, and the answer says why.

use serde::{Deserialize, Serialize};

use super::{BreachAsk, DueAsk};
use crate::{
    Library, Result,
    moment::When,
    text::{Said, Why, unconfirmed},
};

/// The same matter under several laws.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeveralAsk {
    /// Requests.
    #[serde(default)]
    pub due: Vec<DueAsk>,
    /// Breaches.
    #[serde(default)]
    pub breach: Vec<BreachAsk>,
}

/// One date of one law.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// The pack.
    pub pack: String,
    /// The region.
    pub region: String,
    /// What is due.
    pub what: String,
    /// By when; none: at once or without undue delay.
    pub due: Option<When>,
    /// After an extension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_due: Option<When>,
    /// By when receipt is acknowledged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm_by: Option<When>,
    /// By when the notice of an extension must be out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension_notice_by: Option<When>,
    /// Whether it may still move.
    pub provisional: bool,
}

/// All dates of all laws.
#[derive(Debug, Clone, Serialize)]
pub struct SeveralAnswer {
    /// The strictest date.
    pub due: Option<When>,
    /// The law it comes from.
    pub leads: Option<String>,
    /// Why it leads.
    pub reason: Said,
    /// Every date, the earliest first; those without a number lead the list, because they mean at once.
    pub all: Vec<Entry>,
    /// The rules.
    pub why: Vec<Why>,
    /// Rules that a lawyer has yet to confirm.
    pub to_be_confirmed: Vec<String>,
}

impl Library {
    /// Several laws at once.
    pub fn several(&self, ask: &SeveralAsk) -> Result<SeveralAnswer> {
        let mut all = Vec::new();
        let mut why = Vec::new();
        for one in &ask.due {
            let answer = self.due(one)?;
            why.extend(answer.why);
            // A law that gives no such right yet sets no date.
            if answer.active {
                all.push(Entry {
                    pack: answer.pack,
                    region: answer.region,
                    what: answer.request,
                    due: answer.due,
                    extended_due: answer.extended_due,
                    confirm_by: answer.confirm_by,
                    extension_notice_by: answer.extension_notice_by,
                    provisional: answer.provisional,
                });
            }
        }
        for one in &ask.breach {
            let answer = self.breach(one)?;
            why.extend(answer.why);
            for (rule, duty) in answer.duties {
                // What waits for an event has no date yet.
                if duty.waits_for.is_none() {
                    all.push(Entry {
                        pack: answer.pack.clone(),
                        region: answer.region.clone(),
                        what: rule,
                        due: duty.due,
                        extended_due: None,
                        confirm_by: None,
                        extension_notice_by: None,
                        provisional: duty.provisional,
                    });
                }
            }
        }
        all.sort_by(|a, b| a.due.cmp(&b.due).then_with(|| a.pack.cmp(&b.pack)));
        let first = all.iter().find(|e| e.due.is_some());
        let second = all.iter().find(|e| e.due.is_some() && first.is_some_and(|f| f.pack != e.pack));
        let reason = match (first, second) {
            (Some(first), Some(second)) => Said::new(
                format!(
                    "{} leads: its {} is due {}, before {} ({} of {}).",
                    first.pack,
                    first.what,
                    shown(first),
                    shown(second),
                    second.what,
                    second.pack
                ),
                format!(
                    "以{}为准：{}期限为{}，早于{}的{}。",
                    first.pack,
                    first.what,
                    shown(first),
                    second.pack,
                    shown(second)
                ),
            ),
            (Some(first), None) => Said::new(
                format!("{} alone sets a date: {}.", first.pack, shown(first)),
                format!("仅{}规定了期限：{}。", first.pack, shown(first)),
            ),
            _ => Said::new("No law sets a number; act without delay.", "各法均未规定具体期限；应及时办理。"),
        };
        Ok(SeveralAnswer {
            due: first.and_then(|f| f.due),
            leads: first.map(|f| f.pack.clone()),
            reason,
            to_be_confirmed: unconfirmed(&why),
            all,
            why,
        })
    }
}

fn shown(entry: &Entry) -> String {
    entry.due.map_or_else(|| "at once".into(), |due| due.to_string())
}
